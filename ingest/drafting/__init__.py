"""How a case comes into the corpus or is corrected: draft, proposal, save.

A *draft* is a file outside the corpus, read as an ingestion would read it (`draft`),
with its front matter as values that a form can edit (`header`). A *proposal* says which
files of the corpus would change and what speaks against it (`proposal`); `save` writes
it. `merge` puts it together with what somebody else has saved meanwhile.
"""

from ingest.drafting.answered import with_answer
from ingest.drafting.draft import (
    UPLOAD_ENDINGS,
    CaseDraft,
    is_outdated,
    is_there,
    open_case,
    open_upload,
)
from ingest.drafting.header import HeaderValues, free_source_id
from ingest.drafting.merge import Choice, Conflict, merged
from ingest.drafting.proposal import (
    CaseProposal,
    FileChange,
    check_proposal,
    propose,
)
from ingest.drafting.save import DraftOutdatedError, save_proposal
from ingest.drafting.stored import corpus_files

__all__ = [
    "CaseDraft",
    "Choice",
    "Conflict",
    "is_outdated",
    "is_there",
    "merged",
    "FileChange",
    "DraftOutdatedError",
    "HeaderValues",
    "CaseProposal",
    "UPLOAD_ENDINGS",
    "check_proposal",
    "corpus_files",
    "free_source_id",
    "open_case",
    "open_upload",
    "propose",
    "save_proposal",
    "with_answer",
]
