"""Cases written to disk and read again, for the rules of the check."""

from __future__ import annotations

from pathlib import Path

from ingest.check.statements import PlacedStatement, marked_statements
from ingest.documents import Document
from ingest.limits import Limits
from kb.settings import Settings
from kb.types import Problem
from tests.support.tiny_corpus import BISCUIT_HEAT
from tests.unit.ingest.readers.files import read_file

CASE = "exampleton/biscuit-heat.md"
HEADER = BISCUIT_HEAT.partition("## What was done")[0]
BODY_LINE = HEADER.count("\n") + 1
"""Line on which the body of a written case begins."""


def read_case(
    corpus: Path, body: str, *, header: str = HEADER, name: str = CASE
) -> Document:
    """Write a Markdown case below a folder and read it."""
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body, encoding="utf-8")
    return read_file(path, corpus, Limits.of(Settings()))


def read_statements(corpus: Path, body: str, name: str = CASE) -> list[PlacedStatement]:
    """Write a case and return its statements."""
    return marked_statements(read_case(corpus, body, name=name))


def places(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    """Return where each problem lies and its rule."""
    return [(problem.path, problem.line, problem.rule) for problem in problems]
