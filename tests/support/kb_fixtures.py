"""Small indexes of invented cases, written without the ingestion and its model."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb import KnowledgeBase
from kb.index.catalogue_writing import write_catalogue
from kb.index.digests import digests_of
from kb.index.embed import Embedder
from kb.index.generation import Generation
from kb.index.lexical import LexicalIndex
from kb.index.manifest import (
    FORMAT_VERSION,
    SPLITTER_VERSION,
    Counts,
    Manifest,
    dump_manifest,
    parse_manifest,
)
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    EVERYDAY_TOPICS,
    OPEN_QUESTIONS,
    STATEMENTS,
    MetadataValue,
    VectorStore,
)
from kb.reader import Calibration, Reader
from kb.settings import Settings
from kb.storage import FolderStorage, GenerationDraft, published
from kb.types import Case, OpenQuestion, Passage, Statement, Theme
from kb.words import words
from tests.support.fakes import FakeEmbedder
from tests.support.made_up import CALIBRATION, case, city, statement

THEMES = [
    Theme("district-heating", "Heating", "How to heat."),
    Theme("financing", "Financing", "How to pay."),
]
TOPICS = ["cooking, recipe, restaurant", "football, sports"]


@dataclass
class Texts:
    """What a made-up index holds: texts by case id, each a passage of its own."""

    by_case: Mapping[str, Sequence[str]]
    themes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_questions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    section: str = "Part"
    """Heading of the section that every text stands in."""

    def cases(self) -> list[Case]:
        """Return a case for each id; its theme is heating unless said otherwise."""
        return [
            case(case_id, themes=self.themes.get(case_id, ("district-heating",)))
            for case_id in self.by_case
        ]

    def statements(self) -> list[Statement]:
        """Return every text as a statement."""
        return [
            statement(f"{case_id}#part-{number:03}.1", text, section=self.section)
            for case_id, texts in self.by_case.items()
            for number, text in enumerate(texts, start=1)
        ]

    def whole_cases(self) -> list[str]:
        """Return all that each case says, in the order of their ids."""
        return [" ".join(self.by_case[case_id]) for case_id in sorted(self.by_case)]

    def questions(self) -> list[OpenQuestion]:
        """Return every open question."""
        return [
            OpenQuestion(f"{case_id}#open.{number}", case_id, text)
            for case_id, texts in self.open_questions.items()
            for number, text in enumerate(texts, start=1)
        ]


def write_generation(
    index_dir: Path,
    texts: Texts,
    embedder: Embedder | None = None,
    *,
    name: str = "one",
    format_version: int = FORMAT_VERSION,
    splitter_version: int = SPLITTER_VERSION,
    passage_tokens: int = 300,
    extra_count: int = 0,
) -> Path:
    """Write and publish a generation as the ingestion would lay it out.

    Args:
        index_dir: The index folder, created if it is not there.
        texts: What it holds.
        embedder: What computes the vectors and stands in the manifest.
        name: Name of the generation.
        format_version: What the manifest says about the format.
        splitter_version: What the manifest says about the splitter.
        passage_tokens: What the manifest says about the longest passage.
        extra_count: How many statements the manifest claims beyond the true number.

    Returns:
        The folder of the generation.
    """
    embedder = embedder or FakeEmbedder()
    storage = FolderStorage(index_dir)
    statements = texts.statements()
    cities = {c.city for c in texts.cases()}
    manifest = Manifest(
        generation=name,
        format_version=format_version,
        created_at="2026-03-01T12:00:00+00:00",
        seconds=0.1,
        model_id=embedder.model_id,
        backend=embedder.backend,
        multilingual=embedder.multilingual,
        dimension=embedder.dimension,
        splitter_version=splitter_version,
        passage_tokens=passage_tokens,
        corpus_digest="0123456789abcdef",
        counts=Counts(
            cities=len(cities),
            cases=len(texts.cases()),
            passages=len(statements),
            statements=len(statements) + extra_count,
            open_questions=len(texts.questions()),
        ),
        rejected=(),
        warnings=(),
        previous=storage.current(),
    )
    with storage.draft(name) as draft:
        _write_vectors(draft.store, texts, embedder)
        _write_files(draft, texts)
        storage.finish(draft, manifest)
    storage.publish(name)
    return storage.folder(name)


def sign_again(folder: Path) -> None:
    """Let a generation's manifest stand for its files as they are now."""
    path = folder / "manifest.json"
    manifest = parse_manifest(path.read_text(encoding="utf-8"), str(folder))
    path.unlink()
    signed = replace(manifest, files=digests_of(folder))
    path.write_text(dump_manifest(signed), encoding="utf-8")


def open_published(index_dir: Path) -> Generation:
    """Open the published generation of an index folder."""
    storage = FolderStorage(index_dir)
    return storage.open(published(storage))


def current_name(index_dir: Path) -> str | None:
    """Return the name of the published generation of an index folder."""
    return FolderStorage(index_dir).current()


def _write_files(draft: GenerationDraft, texts: Texts) -> None:
    statements = texts.statements()
    LexicalIndex.build([s.text for s in statements]).save(draft.folder / "lexical")
    cases = texts.cases()
    LexicalIndex.build(texts.whole_cases()).save(draft.folder / "lexical-cases")
    city_names = dict.fromkeys(c.city.capitalize() for c in cases)
    write_catalogue(
        draft.folder / "catalogue.sqlite",
        cities=[city(city_name) for city_name in city_names],
        themes=THEMES,
        cases=cases,
        passages=[_passage(s) for s in statements],
        statements=statements,
        open_questions=texts.questions(),
        vocabulary=[word for s in statements for word in words(s.text)],
        files={c.path: "0123456789abcdef" for c in cases},
    )


def _passage(of: Statement) -> Passage:
    return Passage(
        passage_id=of.passage_id,
        case_id=of.case_id,
        section=of.section,
        page=None,
        start=0,
        end=len(of.text),
        text=of.text,
    )


def _write_vectors(store: VectorStore, texts: Texts, embedder: Embedder) -> None:
    tags: dict[str, dict[str, MetadataValue]] = {
        c.case_id: {"city": c.city, "themes": list(c.themes)} for c in texts.cases()
    }
    statements = [(s.statement_id, s.text, s.case_id) for s in texts.statements()]
    for collection, units in (
        (STATEMENTS, [(i, f"Part. {text}", c) for i, text, c in statements]),
        (BARE_STATEMENTS, statements),
        (CASES, [(c.case_id, c.title, c.case_id) for c in texts.cases()]),
        (
            OPEN_QUESTIONS,
            [(q.question_id, q.text, q.case_id) for q in texts.questions()],
        ),
    ):
        store.write(
            collection,
            [unit_id for unit_id, _, _ in units],
            embedder.embed_passages([text for _, text, _ in units]),
            [tags[case_id] for _, _, case_id in units],
        )
    store.write(
        EVERYDAY_TOPICS,
        TOPICS,
        embedder.embed_passages(TOPICS),
        [{"topic": topic} for topic in TOPICS],
    )


class ReadKnowledgeBase(KnowledgeBase):
    """A knowledge base with a reader of the test's own, words as vectors."""

    def __init__(self, index_dir: Path, reader: Reader) -> None:
        """Open the published index of a folder."""
        super().__init__(Settings(index_dir=index_dir), FakeEmbedder())
        self._reader = reader

    @property
    def reader(self) -> tuple[Reader, Calibration]:
        """See `KnowledgeBase.reader`."""
        return self._reader, CALIBRATION


class PausingEmbedder(FakeEmbedder):
    """Holds a question that contains "slowly" until it is released."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        super().__init__()
        self.reached = threading.Event()
        self.released = threading.Event()

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `kb.index.embed.Embedder.embed_query`."""
        if "slowly" in text:
            self.reached.set()
            assert self.released.wait(timeout=30), "nobody released the question"
        return super().embed_query(text)
