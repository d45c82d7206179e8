"""Ingestion: corpus files to documents to passages to a published index."""

from ingest.background import (
    BackgroundTask,
    TaskProgress,
    check_in_background,
    ingest_in_background,
)
from ingest.cache import VectorCache
from ingest.check import of_files
from ingest.commands import app, ingest_with_progress
from ingest.contacts import without_contacts
from ingest.drafting import (
    UPLOAD_ENDINGS,
    CaseDraft,
    CaseProposal,
    Choice,
    Conflict,
    DraftOutdatedError,
    FileChange,
    HeaderValues,
    check_proposal,
    corpus_files,
    free_source_id,
    is_outdated,
    is_there,
    merged,
    open_case,
    open_upload,
    propose,
    save_proposal,
    with_answer,
)
from ingest.figures import figure_entry, is_listed
from ingest.frontmatter import LISTED_FACTS
from ingest.pipeline import corpus_digest, ingest
from ingest.preview import Preview
from ingest.progress import Outlook, Progress, progress_bar
from ingest.published import changed_files
from ingest.publishing import only_writer
from ingest.registry import Registry, current_registry
from ingest.report import IngestReport
from ingest.terminal import report_text

__all__ = [
    "BackgroundTask",
    "CaseDraft",
    "CaseProposal",
    "Choice",
    "Conflict",
    "DraftOutdatedError",
    "FileChange",
    "HeaderValues",
    "IngestReport",
    "LISTED_FACTS",
    "Outlook",
    "Preview",
    "Progress",
    "Registry",
    "TaskProgress",
    "UPLOAD_ENDINGS",
    "VectorCache",
    "app",
    "changed_files",
    "check_in_background",
    "check_proposal",
    "corpus_digest",
    "corpus_files",
    "current_registry",
    "figure_entry",
    "free_source_id",
    "ingest",
    "ingest_in_background",
    "ingest_with_progress",
    "is_listed",
    "is_outdated",
    "is_there",
    "merged",
    "of_files",
    "only_writer",
    "open_case",
    "open_upload",
    "progress_bar",
    "propose",
    "report_text",
    "save_proposal",
    "with_answer",
    "without_contacts",
]
