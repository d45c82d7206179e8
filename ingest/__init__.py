"""Ingestion: corpus files to documents to passages to a published index."""

from ingest.cache import VectorCache
from ingest.check import check_corpus
from ingest.pipeline import ingest
from ingest.progress import Progress, progress_bar
from ingest.report import IngestReport

__all__ = [
    "IngestReport",
    "Progress",
    "VectorCache",
    "check_corpus",
    "ingest",
    "progress_bar",
]
