"""A review that names its text in the file, so that it holds wherever the file goes."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace

from ingest.drafting.header import header_of, rewritten
from ingest.drafting.save import overwrite
from ingest.drafting.stored import StoredCase
from ingest.registry import SIDECAR_SUFFIX
from kb.errors import KnowledgeBaseError
from kb.settings import Settings


def name_its_text(path: str, settings: Settings, undo: ExitStack) -> None:
    """Write into the front matter of a reviewed case which text the review is of.

    The index knows that text by the path of the file: without its name, who moves and
    changes a file has it reviewed again. Nothing is written where the case is not
    reviewed or names its text already, or cannot be read, which an ingestion tells.

    Args:
        path: Of the case file, below the corpus folder.
        settings: The corpus and the index.
        undo: Told how to bring back what was there.

    Raises:
        OSError: The file cannot be written; then it is as it was.
    """
    with suppress(KnowledgeBaseError):
        case = StoredCase.read(path, settings)
        review, values, block = case.review(settings), case.values, case.block
        if not (review and values and block) or values.reviewed_text:
            return
        if header_of(block).front_matter is None:
            return
        named = rewritten(block, replace(values, reviewed_text=review.mark))
        if case.text and case.sidecar is None:
            name, new = path, case.text.with_block(named)
        else:
            name, new = f"{path}{SIDECAR_SUFFIX}", named.encode()
        overwrite(settings.corpus_dir / name, new, undo)
