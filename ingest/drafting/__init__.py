"""How a case comes into the corpus or is corrected: draft, proposal, save.

A *draft* is a file outside the corpus, read as an ingestion would read it (`draft`),
with its front matter as values that a form can edit (`header`). A *proposal* says which
files of the corpus would change and what speaks against it (`proposal`); `save` writes
it.
"""

from ingest.drafting.draft import (
    UPLOAD_ENDINGS,
    CaseDraft,
    corpus_files,
    open_case,
    open_upload,
)
from ingest.drafting.header import HeaderValues, SourceValues
from ingest.drafting.proposal import (
    CaseProposal,
    FileChange,
    check_proposal,
    propose,
)
from ingest.drafting.save import DraftOutdatedError, save_proposal

__all__ = [
    "CaseDraft",
    "FileChange",
    "DraftOutdatedError",
    "HeaderValues",
    "CaseProposal",
    "SourceValues",
    "UPLOAD_ENDINGS",
    "check_proposal",
    "corpus_files",
    "open_case",
    "open_upload",
    "propose",
    "save_proposal",
]
