"""Ingestion: corpus files to documents to passages to a published index."""

from ingest.cache import VectorCache
from ingest.commands import app, ingest_with_progress
from ingest.pipeline import ingest
from ingest.progress import Progress, progress_bar
from ingest.report import IngestReport
from ingest.terminal import report_text

__all__ = [
    "IngestReport",
    "Progress",
    "VectorCache",
    "app",
    "ingest",
    "ingest_with_progress",
    "progress_bar",
    "report_text",
]
