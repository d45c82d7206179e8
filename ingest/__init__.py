"""Ingestion: corpus files to documents to passages to a published index."""

from ingest.check import check_corpus
from ingest.pipeline import ingest
from ingest.progress import Progress
from ingest.report import IngestReport

__all__ = ["IngestReport", "Progress", "check_corpus", "ingest"]
