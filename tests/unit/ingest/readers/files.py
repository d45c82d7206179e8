"""Reading files of every format in tests."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from ingest.documents import Document
from ingest.limits import Limits
from ingest.readers import CaseFile, with_text
from kb.settings import Settings
from tests.support.tiny_corpus import WALKING_DIARY_SIDECAR

FIXTURES = Path(__file__).parents[3] / "fixtures"
REPORTS = FIXTURES / "reports"
READINGS = FIXTURES / "readings"
LIMITS = Limits.of(Settings())


def read_file(path: Path, corpus_dir: Path, limits: Limits = LIMITS) -> Document:
    """Read one case file: its head, then its text."""
    file = CaseFile(path, corpus_dir, limits)
    return with_text(file.head(), file.text())


def put(folder: Path, name: str, raw: bytes, sidecar: str | None = None) -> Path:
    """Write a file and its sidecar into the city folder ``sampleby``."""
    path = folder / "sampleby" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)
    side = WALKING_DIARY_SIDECAR if sidecar is None else sidecar
    if side:
        path.with_name(f"{name}.yaml").write_text(side, encoding="utf-8")
    return path


def read(folder: Path, name: str, raw: bytes, **limits: int) -> Document:
    """Read bytes as a file of a name, with a sidecar beside it."""
    return read_file(put(folder, name, raw), folder, replace(LIMITS, **limits))


def read_report(folder: Path, name: str, **limits: int) -> Document:
    """Read one of the committed reports."""
    return read(folder, name, (REPORTS / name).read_bytes(), **limits)


def texts(document: Document) -> list[str]:
    """Return the texts of a document's blocks."""
    return [block.text for block in document.blocks]


def package(**parts: bytes) -> bytes:
    """Return a packed file; an underscore stands for the slash in a part's name."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("_", "/").replace("/xml", ".xml"), content)
    return raw.getvalue()
