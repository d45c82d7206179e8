"""Ingestion end to end: real embedder, real Chroma, real files."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from ingest import ingest, report_text
from ingest.check import check_corpus
from ingest.corpus import read_corpus_state
from ingest.documents import Units
from ingest.limits import Limits
from ingest.listing import UNREADABLE_FOLDER, list_corpus
from ingest.pipeline import _refuse_mass_removal
from ingest.publishing import rollback
from ingest.reading import UNSETTLED
from ingest.split import split_document
from ingest.write import everyday_topics
from kb import KnowledgeBase
from kb.errors import (
    CorpusError,
    IndexDamagedError,
    IndexLockedError,
    IndexNotWritableError,
)
from kb.index.embed import load_embedder
from kb.index.lexical import Concept, terms
from kb.index.vectors import BARE_STATEMENTS, STATEMENTS
from kb.settings import Settings
from kb.storage import FolderStorage, lineage, published_manifest
from kb.storage.base import KEPT_GENERATIONS
from kb.types import Problem, Query
from tests.support.bad_files import partly_scanned_pdf
from tests.support.fakes import RecordingProgress
from tests.support.kb_fixtures import current_name, open_published
from tests.support.tiny_corpus import (
    BISCUIT_HEAT,
    SUNDAY_BONDS,
    WALKING_DIARY_SIDECAR,
    write_pdf,
)
from tests.unit.ingest.readers.files import read_file

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "corpus"
READING = "Reading files"
WRITING = "Writing the index"
VERIFYING = "Verifying"
N_STATEMENTS = 18
# Each statement in its context and alone, 4 cases, 2 open questions, everyday topics.
N_VECTORS = 2 * N_STATEMENTS + 4 + 2 + len(everyday_topics())


@pytest.fixture
def settings(tiny_index: Settings, tmp_path: Path) -> Settings:
    """Return the tiny corpus and its index, copied so that a test may change them."""
    corpus_dir, index_dir = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(tiny_index.corpus_dir, corpus_dir)
    shutil.copytree(tiny_index.index_dir, index_dir)
    return Settings(corpus_dir=corpus_dir, index_dir=index_dir)


class Sabotage(RecordingProgress):
    """Does something in the middle of an ingestion, once a step is done so far."""

    def __init__(self, step: str, done: int, act: Callable[[], None]) -> None:
        """Act when ``done`` parts of ``step`` are done, 0 when it begins."""
        super().__init__()
        self._when = (step, done)
        self._act = act

    def start(self, step: str, total: int) -> None:
        """See `ingest.Progress.start`."""
        super().start(step, total)
        self._act_if_due()

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        super().advance(n)
        if n:
            self._act_if_due()

    def _act_if_due(self) -> None:
        step = self.steps[-1][0]
        if (step, self.done[step]) == self._when:
            self._act()


def replace(settings: Settings, name: str, old: str, new: str) -> None:
    """Replace a text in a file of the corpus."""
    path = settings.corpus_dir / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(settings: Settings, progress: RecordingProgress | None = None, **options):
    return ingest(settings, progress or RecordingProgress(), **options)


def generations(settings: Settings) -> list[str]:
    return sorted(p.name for p in (settings.index_dir / "generations").iterdir())


def folder_of(settings: Settings, name: str | None) -> Path:
    """Return where a generation lies."""
    return settings.index_dir / "generations" / str(name)


def texts_in(settings: Settings) -> set[str]:
    """Return the text of every statement of the published generation."""
    generation = open_published(settings.index_dir)
    try:
        n = generation.manifest.counts.statements
        return {s.text for s in generation.catalogue.statements_at(range(n))}
    finally:
        generation.close()


def test_ingest_when_nothing_is_published(tmp_path, tiny_index, tiny_corpus):
    """A first ingestion publishes every case, and the report counts what it holds."""
    settings = Settings(corpus_dir=tiny_corpus(), index_dir=tmp_path / "a" / "index")
    # The vectors are those of the session's index, to save two seconds.
    settings.index_dir.mkdir(parents=True)
    shutil.copy(tiny_index.index_dir / "cache.sqlite", settings.index_dir)
    report = run(settings)
    assert (report.exit_code, report.rejected, report.unchanged) == (0, [], False)
    assert report.generation == current_name(settings.index_dir)
    assert report.files == 4
    assert report.counts is not None
    # Statements: 6 of the heat, 4 of the bonds, 3 of the bricks, 5 of the diary.
    assert (report.counts.cities, report.counts.cases) == (2, 4)
    assert (report.counts.statements, report.counts.open_questions) == (18, 2)


def test_ingest_when_a_question_is_asked_afterwards(tiny_index, embedder):
    """What was ingested is found: Markdown by section, PDF by page."""
    kb = KnowledgeBase(tiny_index, embedder)
    try:
        (heat, *_) = kb.search(Query("Which factory warms homes with its ovens?"))
        (diary, *_) = kb.search(Query("How much did the walking diary cost?"))
    finally:
        kb.close()
    assert heat.case.case_id == "exampleton/biscuit-heat"
    assert heat.passage.section == "What was done"
    assert (diary.case.case_id, diary.passage.page) == ("sampleby/walking-diary", 2)
    assert [s.source_id for s in diary.sources] == ["S1"]


def test_ingest_when_passages_are_compared_with_statements(tiny_index):
    """Every published statement is the slice of its passage that its span names."""
    generation = open_published(tiny_index.index_dir)
    try:
        catalogue = generation.catalogue
        for case in catalogue.cases():
            passages = {p.passage_id: p for p in catalogue.passages_of(case.case_id)}
            for s in catalogue.statements_of(case.case_id):
                assert passages[s.passage_id].text[s.start : s.end] == s.text
    finally:
        generation.close()


def test_ingest_when_statements_are_taken_alone(tiny_index):
    """Each statement has a vector in its context and one of its own words."""
    generation = open_published(tiny_index.index_dir)
    embedder = load_embedder()
    try:
        catalogue = generation.catalogue
        (statement, *_) = catalogue.statements_of("exampleton/biscuit-heat")
        wanted = statement.statement_id
        in_context = generation.store.vectors(STATEMENTS, [wanted])[wanted]
        alone = generation.store.vectors(BARE_STATEMENTS, [wanted])[wanted]
    finally:
        generation.close()
    (own,) = embedder.embed_passages([statement.text])
    assert float(alone @ own) == pytest.approx(1, abs=1e-4)
    assert float(in_context @ own) < 0.999


def test_ingest_when_whole_cases_are_covered(tiny_index):
    """The lexical index of cases holds title, summary and statements, by their ids."""
    generation = open_published(tiny_index.index_dir)
    try:
        cases = generation.lexical_cases
        ids = generation.catalogue.case_ids
        holds = {
            word: [
                case_id
                for position, case_id in enumerate(ids)
                if cases.coverage([Concept(((word,),))])[position] > 0
            ]
            for word in ("breweri", "borrow", "buyer", "friday")
        }
    finally:
        generation.close()
    assert ids == tuple(sorted(ids))
    assert holds == {
        "breweri": ["sampleby/borrowed-bricks"],  # summary and statement
        "borrow": ["sampleby/borrowed-bricks"],  # title only
        "buyer": ["exampleton/sunday-bonds"],  # statement only
        "friday": ["sampleby/walking-diary"],  # statement of a PDF
    }


def test_ingest_when_the_corpus_is_unchanged(settings):
    """A second run embeds nothing, writes nothing and keeps the generation."""
    before = published_manifest(settings)
    report = run(settings)
    assert report.unchanged
    assert (report.embedded, report.exit_code) == (0, 0)
    assert report.generation == before.generation
    assert report.counts == before.counts
    assert generations(settings) == [before.generation]


def test_ingest_when_only_a_readme_changes(settings):
    """A file that is no case makes no new generation."""
    (settings.corpus_dir / "exampleton" / "README.md").write_text("Hello")
    (settings.corpus_dir / "exampleton" / ".notes.md").write_text("Hello")
    assert run(settings).unchanged


def test_ingest_when_one_statement_changes(settings):
    """Only the changed statement is embedded; the rest comes from the cache."""
    before = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    report = run(settings)
    # In its context and alone.
    assert report.embedded == 2
    assert report.from_cache == N_VECTORS - 2
    assert report.generation not in (None, before)
    texts = texts_in(settings)
    assert "The pipe and the heat pump cost 8 million crowns in 2019." in texts
    assert "The pipe and the heat pump cost 7 million crowns in 2019." not in texts


def test_ingest_when_only_a_source_changes(settings):
    """New metadata alone makes a new generation without computing any vector."""
    before = current_name(settings.index_dir)
    replace(settings, "sampleby/walking-diary.pdf.yaml", "year: 2023", "year: 2022")
    report = run(settings)
    assert report.embedded == 0
    assert report.generation != before


def test_ingest_when_a_case_is_removed(settings):
    """A case that left the corpus leaves the index."""
    (settings.corpus_dir / "exampleton" / "sunday-bonds.md").unlink()
    report = run(settings)
    assert report.counts is not None
    assert (report.counts.cases, report.embedded) == (3, 0)
    assert not any("bonds" in text for text in texts_in(settings))


def test_ingest_when_passages_are_to_be_shorter(settings):
    """Another passage length makes a new generation from the same corpus."""
    shorter = settings.model_copy(update={"passage_tokens": 50})
    report = run(shorter)
    assert not report.unchanged
    assert published_manifest(settings).passage_tokens == 50


def test_ingest_when_a_file_is_broken(settings):
    """A broken file is named and left out, and the rest is published."""
    replace(settings, "exampleton/sunday-bonds.md", "period: 2020-ongoing\n", "")
    report = run(settings)
    assert report.exit_code == 1
    (problem,) = report.rejected
    assert problem.path == "exampleton/sunday-bonds.md"
    assert "'period' is missing" in problem.reason
    assert report.counts is not None
    assert report.counts.cases == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("exampleton/latin.md", "Malmö".encode("latin-1")),
        ("exampleton/report.xyz", b"PK"),
        ("exampleton/report.docx", b"PK"),
        ("exampleton/alone.pdf", b"%PDF-1.7"),
        ("exampleton/list.md", b"---\n- a\n- b\n---\n"),
        (
            "exampleton/date.md",
            SUNDAY_BONDS.replace("2024-05-01", "2024-13-45").encode(),
        ),
        ("exampleton/deep.md", b"---\nperiod: " + b"[" * 5_000 + b"\n---\n"),
        ("exampleton/atlantis.md", SUNDAY_BONDS.replace("y: ex", "y: at").encode()),
        ("exampleton/Not a slug.md", SUNDAY_BONDS.encode()),
        ("exampleton/very-old/sunday-bonds.md", SUNDAY_BONDS.encode()),
    ],
    ids=[
        "not UTF-8",
        "unknown format",
        "Word file without its end",
        "no sidecar",
        "front matter is a list",
        "impossible date",
        "nested without end",
        "unknown city",
        "file name",
        "case id taken",
    ],
)
def test_ingest_when_a_broken_file_is_added(settings, name, content):
    """Whatever is wrong with one file, it is named and all others are published."""
    path = settings.corpus_dir / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    report = run(settings)
    assert {problem.path for problem in report.rejected} == {name}
    assert all(problem.remedy for problem in report.rejected)
    assert report.counts is not None
    assert (report.counts.cases, report.exit_code) == (4, 1)


def states(report) -> dict[str, str]:
    """Return what became of each file; each has exactly one state."""
    found = {outcome.path: outcome.state for outcome in report.outcomes}
    assert len(found) == len(report.outcomes)
    assert sum(report.states.values()) == len(found)
    assert list(found) == sorted(found)
    return found


def copies(settings: Settings, n: int) -> list[Path]:
    """Add copies of a case: all have the same texts, so that none is embedded."""
    folder = settings.corpus_dir / "exampleton"
    paths = [folder / f"heat-{number:02}.md" for number in range(n)]
    for path in paths:
        path.write_text(BISCUIT_HEAT, encoding="utf-8")
    return paths


def test_outcomes_when_files_come_change_and_go(settings):
    """Every file that is or was there has one state; only what is new takes time."""
    corpus = settings.corpus_dir
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    (corpus / "exampleton" / "sunday-bonds.md").rename(corpus / "exampleton" / "b.md")
    (corpus / "sampleby" / "empty.md").write_text("")
    (corpus / "notes.md").write_text("Hello")
    report = run(settings)
    assert states(report) == {
        "exampleton/b.md": "added",
        "exampleton/biscuit-heat.md": "changed",
        "exampleton/sunday-bonds.md": "removed",
        "notes.md": "rejected",
        "sampleby/borrowed-bricks.md": "unchanged",
        "sampleby/empty.md": "rejected",
        "sampleby/walking-diary.pdf": "unchanged",
    }
    assert report.files == 6
    read = {outcome.path for outcome in report.outcomes if outcome.seconds > 0}
    assert read == {
        "exampleton/b.md",
        "exampleton/biscuit-heat.md",
        "sampleby/empty.md",
    }
    assert [problem.path for problem in report.rejected] == [
        "notes.md",
        "sampleby/empty.md",
    ]
    assert published_manifest(settings).rejected == tuple(report.rejected)


def test_outcomes_when_nothing_is_published_yet(settings):
    """All files of a first ingestion are added, though the cache knows them."""
    (settings.index_dir / "current").unlink()
    report = run(settings)
    assert set(states(report).values()) == {"added"}
    assert len(report.outcomes) == report.files == 4


def test_outcomes_when_the_corpus_is_unchanged(settings):
    """An unchanged corpus has a state for every file, with what was left out before."""
    (settings.corpus_dir / "sampleby" / "empty.md").write_text("")
    (settings.corpus_dir / "notes.md").write_text("Hello")
    first, second = run(settings), run(settings)
    assert second.unchanged
    assert states(second) == {
        "exampleton/biscuit-heat.md": "unchanged",
        "exampleton/sunday-bonds.md": "unchanged",
        "notes.md": "rejected",
        "sampleby/borrowed-bricks.md": "unchanged",
        "sampleby/empty.md": "rejected",
        "sampleby/walking-diary.pdf": "unchanged",
    }
    assert all(outcome.seconds == 0 for outcome in second.outcomes)
    assert (second.rejected, second.files) == (first.rejected, first.files)


def test_outcomes_when_a_published_file_cannot_be_used_any_more(settings):
    """A case that was published and is a broken link now is rejected, not removed."""
    path = settings.corpus_dir / "exampleton" / "sunday-bonds.md"
    path.unlink()
    path.symlink_to("nowhere.md")
    report = run(settings)
    assert states(report)["exampleton/sunday-bonds.md"] == "rejected"
    assert report.states["removed"] == 0
    assert report.counts is not None
    assert report.counts.cases == 3


def test_warnings_when_a_page_is_scanned(settings):
    """What could not be read of a file is told, kept, and told again; 0 is the code."""
    partly_scanned_pdf(settings.corpus_dir / "sampleby" / "walking-diary.pdf")
    first, second = run(settings), run(settings)
    (warning,) = first.warnings
    assert (warning.path, warning.severity) == ("sampleby/walking-diary.pdf", "warning")
    assert "2" in warning.reason
    assert (first.rejected, first.exit_code) == ([], 0)
    assert second.unchanged
    assert first.warnings == second.warnings
    assert published_manifest(settings).warnings == (warning,)
    # From the cache, beside a file that is read.
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    assert run(settings).warnings == [warning]


def test_ingest_when_the_text_of_a_reviewed_case_changes(settings):
    """The case is published as a draft, and the report asks for a new review."""
    replace(settings, "exampleton/sunday-bonds.md", "2 million", "3 million")
    assert [p.rule for p in run(settings).to_confirm] == ["outdated-review"]
    again = run(settings)
    assert again.unchanged
    assert [p.rule for p in again.to_confirm] == ["outdated-review"]
    replace(settings, "sampleby/borrowed-bricks.md", "80,000 bricks", "90,000 bricks")
    assert [p.rule for p in run(settings).to_confirm] == ["outdated-review"]
    with closing(open_published(settings.index_dir)) as generation:
        bonds = generation.catalogue.case("exampleton/sunday-bonds")
    assert bonds is not None
    assert (bonds.review.status, bonds.review.on) == ("draft", None)

    replace(settings, "exampleton/sunday-bonds.md", "3 million", "2 million")
    assert run(settings).to_confirm == []
    with closing(open_published(settings.index_dir)) as generation:
        bonds = generation.catalogue.case("exampleton/sunday-bonds")
    assert bonds is not None
    assert bonds.review.status == "reviewed"


@pytest.fixture
def long_work(monkeypatch) -> None:
    """Let every ingestion that computes something count as one of many minutes."""
    monkeypatch.setattr("ingest.outlook.STAGE_SECONDS", -1)
    monkeypatch.setattr("ingest.outlook._FIRST_SECONDS", 0)
    monkeypatch.setattr("ingest.outlook._SAMPLE", 1)


def test_ingest_in_two_stages(settings, long_work):
    """The first new file can be found while the others are computed."""
    before = current_name(settings.index_dir)
    for n in range(1, 4):
        text = BISCUIT_HEAT.replace("biscuit", f"waffle{n}")
        (settings.corpus_dir / "exampleton" / f"waffle-{n}.md").write_text(text)
    seen: list[tuple[str | None, int, bool, str]] = []

    def look() -> None:
        manifest = published_manifest(settings)
        cases = manifest.counts.cases
        digest = manifest.corpus_digest
        seen.append((manifest.previous, cases, manifest.is_partial, digest))

    progress = Sabotage(VERIFYING, 0, look)
    report = run(settings, progress)
    look()

    steps = [step for step, _total in progress.steps]
    assert steps.count(WRITING) == 2
    assert progress.outlooks[0].first_files == 5
    # Published before, the first stage, and all: each leads back to the first.
    assert [cases for _previous, cases, *_ in seen] == [4, 5, 7]
    assert [partial for *_, partial, _digest in seen] == [False, True, False]
    assert seen[1][0] == seen[2][0] == before
    assert seen[1][3] == UNSETTLED
    assert (report.states["added"], report.counts and report.counts.cases) == (3, 7)
    assert generations(settings) == [before, report.generation]
    assert run(settings).unchanged


def test_ingest_in_two_stages_when_nothing_was_published(
    tmp_path, tiny_index, tiny_corpus, long_work
):
    """There is nothing to go back to: the first stage is removed."""
    settings = Settings(corpus_dir=tiny_corpus(), index_dir=tmp_path / "index")
    settings.index_dir.mkdir()
    shutil.copy(tiny_index.index_dir / "cache.sqlite", settings.index_dir)
    new = BISCUIT_HEAT.replace("biscuit", "waffle")
    (settings.corpus_dir / "exampleton" / "waffle.md").write_text(new)
    progress = RecordingProgress()
    report = run(settings, progress)
    assert progress.outlooks[0].first_files == 4
    assert published_manifest(settings).previous is None
    assert generations(settings) == [report.generation]


def test_ingest_when_it_is_stopped_between_the_stages(settings, long_work):
    """The first stage stays published; the next run tells what the first would have."""
    before = current_name(settings.index_dir)
    for n in range(1, 4):
        text = BISCUIT_HEAT.replace("biscuit", f"waffle{n}")
        (settings.corpus_dir / "exampleton" / f"waffle-{n}.md").write_text(text)
    bonds = settings.corpus_dir / "exampleton" / "sunday-bonds.md"
    bonds.rename(bonds.with_name("bonds.md"))
    diary = settings.corpus_dir / "sampleby" / "walking-diary.pdf"
    write_pdf(diary, ["Another diary. Nobody walked to school in the year 2024."])
    writes = 0

    class Stopped(RecordingProgress):
        def start(self, step: str, total: int) -> None:
            nonlocal writes
            super().start(step, total)
            writes += step == WRITING
            if writes == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(settings, Stopped())
    first = published_manifest(settings)
    # Those of before, one of them under its new name.
    assert (first.is_partial, first.counts.cases) == (True, 4)
    assert {p.rule for p in first.to_confirm} == {"renamed-file", "replaced-document"}
    report = run(settings)
    assert (report.states["added"], report.states["removed"]) == (4, 1)
    assert report.to_confirm == list(first.to_confirm)
    last = published_manifest(settings)
    assert (last.is_partial, last.previous, last.counts.cases) == (False, before, 7)


def test_ingest_when_old_generations_cannot_be_removed(settings, monkeypatch, caplog):
    """What was published counts as published though tidying up fails after it."""
    before = run(settings).generation

    def refuse(*_: object) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(FolderStorage, "tidy", refuse)
    copies(settings, 1)
    report = run(settings)
    assert (report.exit_code, report.states["added"]) == (0, 1)
    assert current_name(settings.index_dir) == report.generation != before
    assert "not yours" in caplog.text


def test_ingest_when_there_is_no_corpus_folder(tmp_path):
    """A mistyped corpus is told before an index folder is made for it."""
    mistyped = Settings(corpus_dir=tmp_path / "corpse", index_dir=tmp_path / "index")
    with pytest.raises(CorpusError, match="does not exist"):
        run(mistyped)
    assert not mistyped.index_dir.exists()


def test_ingest_when_publishing_fails(settings, monkeypatch):
    """Nobody knows whether it took place, so the new generation is not removed."""
    before = current_name(settings.index_dir)

    def fail(*_: object) -> None:
        raise PermissionError("no more")

    copies(settings, 1)
    monkeypatch.setattr(FolderStorage, "publish", fail)
    with pytest.raises(IndexNotWritableError, match="no more"):
        run(settings)
    assert current_name(settings.index_dir) == before
    storage = FolderStorage(settings.index_dir)
    (new,) = [name for name in storage.complete() if name > str(before)]
    storage.open(new).close()


def test_outcomes_when_a_report_is_rejected_again(settings):
    """A report whose sidecar is wrong stays one rejected file."""
    folder = settings.corpus_dir / "exampleton"
    (folder / "report.txt").write_text("Some text.", encoding="utf-8")
    (folder / "report.txt.yaml").write_text("title: T\n", encoding="utf-8")
    first, second = run(settings), run(settings)
    assert second.unchanged
    assert states(first)["exampleton/report.txt"] == "rejected"
    assert states(second).keys() == states(first).keys()
    assert states(second)["exampleton/report.txt"] == "rejected"
    assert second.states["rejected"] == first.states["rejected"] == 1


def test_refuse_when_a_folder_cannot_be_listed(settings):
    """Files that nobody can see are not taken for removed ones."""
    corpus = read_corpus_state(settings)
    unseen = Problem("elsewhere", None, UNREADABLE_FOLDER, "error", "R.", "R.")
    corpus.unusable.append(unseen)
    with pytest.raises(CorpusError, match=r"1 published files.*elsewhere/a\.md"):
        _refuse_mass_removal({"elsewhere/a.md": "1"}, corpus)
    _refuse_mass_removal({"elsewhere-too/a.md": "1"}, corpus)


@pytest.mark.parametrize(
    ("n", "removed"),
    [(16, 9), (40, 11)],
    ids=["nine", "less than 30 percent"],
)
def test_ingest_when_some_files_are_gone(settings, n, removed):
    """Up to nine files may go at once, and less than 30 percent of many."""
    paths = copies(settings, n - 4)
    run(settings)
    for path in paths[:removed]:
        path.unlink()
    report = run(settings)
    assert report.states["removed"] == removed
    assert published_manifest(settings).counts.cases == n - removed


@pytest.mark.parametrize(
    ("n", "removed"), [(16, 10), (40, 12)], ids=["ten", "30 percent of many"]
)
def test_ingest_when_many_files_are_gone(settings, n, removed):
    """A folder that is not mounted must not empty the index: that takes an option."""
    paths = copies(settings, n - 4)
    run(settings)
    before = current_name(settings.index_dir)
    for path in paths[:removed]:
        path.unlink()
    with pytest.raises(
        CorpusError,
        match=f"{removed} of the {n} published files are gone.*exampleton/heat-00.md.*"
        "Nothing was changed.*--allow-removals",
    ):
        run(settings)
    assert current_name(settings.index_dir) == before
    assert published_manifest(settings).counts.cases == n
    report = run(settings, allow_removals=True)
    assert report.states["removed"] == removed
    assert published_manifest(settings).counts.cases == n - removed


def test_ingest_when_many_files_have_other_names(settings):
    """Files that were only renamed are not taken for lost ones."""
    paths = copies(settings, 12)
    run(settings)
    for path in paths:
        path.rename(path.with_name(f"renamed-{path.name}"))
    report = run(settings)
    assert (report.states["removed"], report.states["added"]) == (12, 12)
    assert published_manifest(settings).counts.cases == 16


def test_ingest_when_every_file_is_gone_and_that_is_meant(settings):
    """Even with the option an empty corpus publishes nothing."""
    for path in settings.corpus_dir.glob("*/*"):
        path.unlink()
    before = current_name(settings.index_dir)
    assert run(settings, allow_removals=True).exit_code == 2
    assert current_name(settings.index_dir) == before


def test_ingest_when_a_limit_was_raised(settings):
    """A file that was over a limit is tried again when the limit is another."""
    strict = settings.model_copy(update={"file_pages": 1})
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    (settings.index_dir / "cache.sqlite").unlink()
    refused = run(strict)
    assert [problem.path for problem in refused.rejected] == [
        "sampleby/walking-diary.pdf"
    ]
    assert run(strict).unchanged
    report = run(settings)
    assert not report.unchanged
    assert states(report)["sampleby/walking-diary.pdf"] == "added"
    assert (report.rejected, report.exit_code) == ([], 0)


def test_ingest_when_a_file_is_saved_while_it_is_read(settings):
    """What was read of a file under change is not taken for its earlier text later."""
    heat = "exampleton/biscuit-heat.md"
    replace(settings, heat, "7 million", "8 million")

    def save() -> None:
        replace(settings, heat, "8 million", "9 million")

    run(settings, Sabotage(READING, 0, save))
    replace(settings, heat, "9 million", "8 million")
    replace(settings, "exampleton/sunday-bonds.md", "1.5%", "2.5%")
    run(settings)
    assert "cost 8 million crowns" in " ".join(texts_in(settings))


def test_ingest_when_a_file_is_restored_after_it_was_read(settings):
    """The next ingestion never calls an index current that holds another text."""
    heat = "exampleton/biscuit-heat.md"
    replace(settings, heat, "7 million", "8 million")

    def save() -> None:
        replace(settings, heat, "8 million", "9 million")

    run(settings, Sabotage(READING, 0, save))
    replace(settings, heat, "9 million", "8 million")
    run(settings)
    assert "cost 8 million crowns" in " ".join(texts_in(settings))


def test_ingest_when_the_cache_is_damaged_inside(settings):
    """A cache that opens but cannot be read costs time, and stops nothing."""
    path = settings.index_dir / "cache.sqlite"
    raw = bytearray(path.read_bytes())
    third = len(raw) // 3
    raw[third : 2 * third] = b"\xff" * third
    path.write_bytes(raw)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    assert run(settings).exit_code == 0
    assert "cost 8 million crowns" in " ".join(texts_in(settings))


def test_ingest_when_a_case_is_written_in_another_language(settings):
    """The language of a case and of its passages is published with them."""
    text = (
        BISCUIT_HEAT.replace("The ovens of a biscuit factory heat", "Ugnarna värmer")
        .replace("through a 3 km pipe", "bostäder genom ett tre kilometer långt rör")
        .replace("A heat pump lifts the waste heat from", "Värmepumpen lyfter från")
        .replace("## Costs", "## Open questions\n\n## Costs")
    )
    (settings.corpus_dir / "exampleton" / "svenska.md").write_text(
        text.partition("## Open questions")[0], encoding="utf-8"
    )
    run(settings)
    generation = open_published(settings.index_dir)
    try:
        languages = {c.case_id: c.language for c in generation.catalogue.cases()}
        passages = generation.catalogue.passages_of("exampleton/svenska")
    finally:
        generation.close()
    assert languages.pop("exampleton/svenska") == "sv"
    assert set(languages.values()) == {"en"}
    assert [passage.language for passage in passages] == ["sv"]


def test_ingest_when_headings_of_a_case_collide(settings):
    """A case whose headings read like numbered parts does not stop the others."""
    text = BISCUIT_HEAT.replace("## Results", "## Costs 2").replace(
        "## Obstacles", "## Costs"
    )
    path = settings.corpus_dir / "exampleton" / "more-heat.md"
    path.write_text(text, encoding="utf-8")
    report = run(settings)
    assert report.generation is not None
    assert report.counts is not None
    assert report.counts.cases >= 4


def test_ingest_when_a_broken_file_stays_broken(settings):
    """The unchanged report still names the file that is left out."""
    replace(settings, "exampleton/sunday-bonds.md", "period: 2020-ongoing\n", "")
    first = run(settings)
    second = run(settings)
    assert second.unchanged
    assert second.rejected == first.rejected
    assert second.exit_code == 1


def test_ingest_when_a_broken_file_is_mended(settings):
    """A mended file is back without computing its vectors again."""
    name = "exampleton/sunday-bonds.md"
    replace(settings, name, "period: 2020-ongoing\n", "")
    run(settings)
    replace(settings, name, "actors:", "period: 2020-ongoing\nactors:")
    report = run(settings)
    assert (report.exit_code, report.embedded) == (0, 0)
    assert report.counts is not None
    assert report.counts.cases == 4


def test_ingest_when_no_file_can_be_used(settings):
    """With nothing usable nothing is published, and the old generation stays."""
    before = current_name(settings.index_dir)
    for path in list_corpus(settings.corpus_dir).files:
        path.write_bytes(b"\xff")
    report = run(settings)
    assert (report.exit_code, report.generation, report.counts) == (2, None, None)
    assert len(report.rejected) == 4
    assert current_name(settings.index_dir) == before
    assert published_manifest(settings).counts.cases == 4


def test_ingest_when_every_case_is_gone(settings):
    """A corpus without cases publishes nothing, and the old generation stays."""
    before = current_name(settings.index_dir)
    for folder in ("exampleton", "sampleby"):
        shutil.rmtree(settings.corpus_dir / folder)
    assert run(settings).exit_code == 2
    assert current_name(settings.index_dir) == before


def test_ingest_when_the_corpus_is_missing(settings):
    """A missing corpus folder is an error that names it, and the index stays."""
    shutil.rmtree(settings.corpus_dir)
    with pytest.raises(CorpusError, match=r"corpus' does not exist\. .*--corpus"):
        run(settings)
    assert published_manifest(settings).counts.cases == 4


def test_ingest_when_another_ingestion_holds_the_index(settings):
    """A second writer is turned away with the folder's name and the remedy."""
    held = FileLock(settings.index_dir / "ingest.lock")
    with (
        held,
        pytest.raises(
            IndexLockedError, match=r"is writing to '.*index'\. Wait until it has"
        ),
    ):
        run(settings)
    assert run(settings).unchanged


def test_ingest_when_the_index_folder_is_a_file(tiny_corpus, tmp_path):
    """An index folder that cannot be made is named with the remedy."""
    (tmp_path / "index").write_text("")
    settings = Settings(corpus_dir=tiny_corpus(), index_dir=tmp_path / "index")
    with pytest.raises(
        IndexNotWritableError, match=r"index cannot be written.*index'\).*--index"
    ):
        run(settings)


def test_ingest_when_the_verification_fails(settings):
    """A generation that fails its verification is removed and never published."""
    before = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")

    def lose_a_statement() -> None:
        (new,) = set(generations(settings)) - {before}
        path = folder_of(settings, new) / "catalogue.sqlite"
        with sqlite3.connect(path) as db:
            db.execute("DELETE FROM statements WHERE position = 3")
        db.close()

    with pytest.raises(
        IndexDamagedError, match=r"17 statements in the catalogue instead of 18"
    ):
        run(settings, Sabotage(VERIFYING, 0, lose_a_statement))
    assert current_name(settings.index_dir) == before
    assert generations(settings) == [before]
    assert "cost 7 million crowns" in " ".join(texts_in(settings))


@pytest.mark.parametrize(
    ("step", "done"),
    [
        (READING, 0),
        (READING, 3),
        (READING, 4),
        ("Computing vectors", 0),
        (WRITING, 0),
        (WRITING, N_STATEMENTS),
        (WRITING, N_VECTORS),
        (VERIFYING, 0),
    ],
    ids=[
        "before reading",
        "known files",
        "all files",
        "vectors",
        "before Chroma",
        "first collection",
        "all collections",
        "before the manifest",
    ],
)
def test_ingest_when_it_is_interrupted(settings, step, done):
    """Ctrl+C before publishing leaves the published generation and no rest."""
    before = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(settings, Sabotage(step, done, interrupt))
    assert current_name(settings.index_dir) == before
    assert generations(settings) == [before]
    assert run(settings).embedded <= 2


def test_ingest_when_the_process_is_killed(settings):
    """A killed ingestion leaves the published generation; the next run cleans up."""
    before = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    script = f"""
        import os, signal
        from ingest import ingest
        from kb.settings import Settings
        from tests.integration.test_ingest import WRITING, Sabotage

        ingest(
            Settings(
                corpus_dir={str(settings.corpus_dir)!r},
                index_dir={str(settings.index_dir)!r},
            ),
            Sabotage(WRITING, 18, lambda: os.kill(os.getpid(), signal.SIGKILL)),
        )
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert current_name(settings.index_dir) == before
    assert "cost 7 million crowns" in " ".join(texts_in(settings))
    report = run(settings)
    # The vector that the killed run had computed is in the cache.
    assert (report.exit_code, report.embedded) == (0, 0)
    assert generations(settings) == [before, report.generation]


def test_ingest_when_it_has_run_often(settings):
    """The published generation and the two before it are kept, older ones removed."""
    published = [current_name(settings.index_dir)]
    for year in (2020, 2019, 2018):
        replace(
            settings,
            "sampleby/walking-diary.pdf.yaml",
            f"year: {2023 if year == 2020 else year + 1}",
            f"year: {year}",
        )
        published.append(run(settings).generation)
    assert generations(settings) == published[-KEPT_GENERATIONS:]


def test_ingest_when_a_reader_holds_the_old_generation(settings, embedder):
    """A knowledge base that is open moves to the new generation by itself."""
    kb = KnowledgeBase(settings, embedder)
    try:
        replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
        run(settings)
        hits = kb.search(Query("What did the pipe and the heat pump cost?"))
    finally:
        kb.close()
    assert "8 million crowns" in hits[0].passage.text


@pytest.mark.parametrize(
    "part",
    ["catalogue.sqlite", "chroma", "lexical", "lexical-cases", "manifest.json"],
)
def test_ingest_when_the_published_generation_is_damaged(settings, part):
    """Ingesting again repairs a damaged index, as every damage message says it does."""
    target = folder_of(settings, current_name(settings.index_dir)) / part
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
    with pytest.raises(IndexDamagedError, match=r"Run `mentorkb ingest`"):
        open_published(settings.index_dir)
    run(settings)
    assert len(texts_in(settings)) == 18


def test_ingest_when_a_bit_of_the_published_generation_has_changed(settings):
    """It is built again, told, and removed; one goes back to what was before it."""
    older = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    damaged = run(settings).generation
    path = folder_of(settings, damaged) / "catalogue.sqlite"
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"8 million")] ^= 1
    path.write_bytes(raw)
    report = run(settings)
    assert (report.exit_code, report.unchanged, report.embedded) == (0, False, 0)
    assert "catalogue.sqlite has changed" in report.damage
    assert report.damage in report_text(report)
    assert generations(settings) == [older, report.generation]
    assert rollback(settings).taken.generation == older


def test_ingest_when_the_clock_was_set_back(settings, monkeypatch):
    """What is published later is still newer, and the one before is kept before it."""

    class LastYear(datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz).replace(year=2020)

    older = current_name(settings.index_dir)
    monkeypatch.setattr("ingest.building.datetime", LastYear)
    for amount in ("8 million", "9 million"):
        last = f"{int(amount[0]) - 1} million"
        replace(settings, "exampleton/biscuit-heat.md", last, amount)
        newer = run(settings).generation
        assert newer > older
        assert list(lineage(FolderStorage(settings.index_dir)))[:2] == [newer, older]
        older = newer


def test_ingest_when_the_pointer_names_no_generation(settings):
    """A pointer to a folder that is gone is mended by ingesting again."""
    shutil.rmtree(settings.index_dir / "generations")
    report = run(settings)
    assert (report.exit_code, report.embedded) == (0, 0)
    assert len(texts_in(settings)) == 18


def test_ingest_when_progress_is_watched(settings):
    """Every step tells its size first and is finished at its end."""
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    progress = RecordingProgress()
    report = run(settings, progress)
    assert [step for step, _ in progress.steps] == [
        READING,
        "Estimating",
        "Computing vectors",
        WRITING,
        VERIFYING,
    ]
    assert progress.done == dict(progress.steps)
    assert dict(progress.steps) == {
        READING: 4,
        "Estimating": 1,
        "Computing vectors": N_VECTORS,
        WRITING: N_VECTORS,
        VERIFYING: 1,
    }
    (outlook,) = progress.outlooks
    assert (outlook.files, outlook.texts, outlook.first_files) == (1, 2, 0)
    assert list(report.seconds_by_step) == list(progress.done)
    assert sum(report.seconds_by_step.values()) <= report.seconds + 0.05


def test_ingest_when_a_report_is_long(settings):
    """A PDF whose pages repeat their words is published whole, page by page."""
    page = "The diary was kept again and nothing had changed since the last week. "
    corpus = settings.corpus_dir / "sampleby"
    write_pdf(corpus / "weeks.pdf", [page * 12])
    (corpus / "weeks.pdf.yaml").write_text(WALKING_DIARY_SIDECAR, encoding="utf-8")
    run(settings.model_copy(update={"passage_tokens": 50}))
    generation = open_published(settings.index_dir)
    try:
        passages = generation.catalogue.passages_of("sampleby/weeks")
    finally:
        generation.close()
    # Twelve sentences with a space between each two.
    assert passages[-1].end == 12 * len(page) - 1


@pytest.fixture(scope="module")
def shipped() -> Units:
    """Return every case of the shipped corpus, read and split but not embedded."""
    units = Units()
    for path in list_corpus(SHIPPED).files:
        document = read_file(path, SHIPPED, Limits.of(Settings()))
        assert document.case is not None, document.problems
        units.add(split_document(document, document.case, 300))
    return units


def test_shipped_corpus_when_checked():
    """The shipped corpus has no errors."""
    found = check_corpus(SHIPPED, Limits.of(Settings()), today=date.today())
    assert [problem for problem in found if problem.severity == "error"] == []


def test_shipped_corpus_when_counted(shipped):
    """The shipped corpus holds 148 cases of nine cities and 2,118 statements."""
    counts = shipped.counts()
    assert (counts.cities, counts.cases, counts.statements) == (9, 148, 2_118)


def test_shipped_corpus_when_ids_are_compared(shipped):
    """No two units of the shipped corpus share an id."""
    ids = Counter(
        (
            *(passage.passage_id for passage in shipped.passages),
            *(statement.statement_id for statement in shipped.statements),
            *(question.question_id for question in shipped.open_questions),
        )
    )
    assert [unit_id for unit_id, n in ids.items() if n > 1] == []


def test_shipped_corpus_when_sources_are_looked_up(shipped):
    """Every statement of the shipped corpus has a source that its case lists."""
    listed = {
        case.case_id: {source.source_id for source in case.sources}
        for case in shipped.cases
    }
    bare = [
        statement.statement_id
        for statement in shipped.statements
        if not statement.source_ids
        or not set(statement.source_ids) <= listed[statement.case_id]
    ]
    assert bare == []


def test_shipped_corpus_knows_the_words_of_the_glossary(shipped):
    """Every English word of the glossary, its reason to be there, is in a case."""
    texts = [text for case in shipped.cases for text in (case.title, case.summary)]
    texts += [statement.text for statement in shipped.statements]
    known = {term for text in texts for term in terms(text)}
    with (ROOT / "kb" / "question" / "glossary.tsv").open(encoding="utf-8") as file:
        cells = [line.partition("\t")[0] for line in file][1:]
    unknown = {
        text
        for cell in cells
        for text in cell.split("|")
        if not known.issuperset(terms(text))
    }
    assert unknown == set()
