"""Plainly invented drafts, made without reading a file in another process."""

from __future__ import annotations

from dataclasses import replace

from ingest.drafting.comparisons import GivenReview
from ingest.drafting.draft import CaseDraft, StagingFolder, digest_of
from ingest.drafting.header import HeaderValues
from ingest.drafting.textfile import TextFile
from ingest.frontmatter import read_header
from ingest.preview import Preview
from ingest.readers import digest_of_text
from kb.settings import Settings
from kb.types import Source

SOURCE = Source(
    "S1",
    title="The ladder: a report",
    publisher="Sampleby",
    url="https://ladder.sampleby.example",
    language="no",
    year=2024,
)
VALUES = HeaderValues(
    title="A shared ladder",
    city="sampleby",
    themes=("financing",),
    period="2024",
    actors=("Sampleby Ladder Office",),
    summary="Sampleby lends a ladder.",
    sources=(SOURCE,),
)
PREVIEW = Preview("x", "x", "", "", "md", "sv", None, (), (), (), ())


def upload(name: str, raw: bytes) -> CaseDraft:
    """Return a draft of a file that came from outside, without reading it."""
    folder = StagingFolder({name: raw})
    is_text = name.endswith((".md", ".txt"))
    return CaseDraft(
        name=name,
        folder=folder,
        copy=folder.path / name,
        preview=PREVIEW,
        values=VALUES,
        stem=name.partition(".")[0],
        text=TextFile.of(raw, name) if is_text else None,
        sidecar=None,
    )


def edited(path: str, corpus: Settings) -> CaseDraft:
    """Return a draft of a case of the corpus, without reading it anew."""
    raw, beside = content(corpus, path), content(corpus, f"{path}.yaml")
    draft = upload(path, raw or b"")
    block = beside.decode() if beside else draft.text.block if draft.text else ""
    values = HeaderValues.of(read_header(block or "", path).values)
    return replace(
        draft,
        values=values,
        review=GivenReview.of(values, digest_of_text(raw or b"", path)),
        sidecar=beside.decode() if beside else None,
        replaces=path,
        opened={path: digest_of(raw), f"{path}.yaml": digest_of(beside)},
    )


def content(corpus: Settings, path: str) -> bytes | None:
    file = corpus.corpus_dir / path
    return file.read_bytes() if file.is_file() else None
