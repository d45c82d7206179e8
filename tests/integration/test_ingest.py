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
from pathlib import Path

import pytest
from filelock import FileLock

from ingest import check_corpus, ingest
from ingest.readers import read_file
from ingest.registry import list_case_files
from ingest.split import SplitDocument, split_document
from ingest.write import everyday_topics
from kb import KnowledgeBase
from kb.embed import load_embedder
from kb.errors import (
    CorpusError,
    IndexDamagedError,
    IndexLockedError,
    KnowledgeBaseError,
)
from kb.generation import (
    current_name,
    generations_dir,
    open_published,
    published_manifest,
)
from kb.lexical import Concept, terms
from kb.settings import Settings
from kb.store import BARE_STATEMENTS, STATEMENTS
from kb.types import Query
from tests.fakes import RecordingProgress
from tests.tiny_corpus import (
    BISCUIT_HEAT,
    SUNDAY_BONDS,
    WALKING_DIARY_SIDECAR,
    write_pdf,
)

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "corpus"
WRITING = "Writing the index"


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
        """Act when ``done`` parts of ``step`` are done."""
        super().__init__()
        self._when = (step, done)
        self._act = act

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        super().advance(n)
        step = self.steps[-1][0]
        if (step, self.done[step]) == self._when:
            self._act()


def replace(settings: Settings, name: str, old: str, new: str) -> None:
    """Replace a text in a file of the corpus."""
    path = settings.corpus_dir / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(settings: Settings, progress: RecordingProgress | None = None):
    return ingest(settings, progress or RecordingProgress())


def generations(settings: Settings) -> list[str]:
    return sorted(p.name for p in generations_dir(settings.index_dir).iterdir())


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
                if cases.holds([Concept(((word,),))], position) == [True]
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
    before = published_manifest(settings.index_dir)
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
    # Twice 18 statements, 4 cases, 2 open questions and the everyday topics, less two.
    assert report.from_cache == 2 * 18 + 4 + 2 + len(everyday_topics()) - 2
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
    assert published_manifest(settings.index_dir).passage_tokens == 50


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
    for path in list_case_files(settings.corpus_dir):
        path.write_bytes(b"\xff")
    report = run(settings)
    assert (report.exit_code, report.generation, report.counts) == (2, None, None)
    assert len(report.rejected) == 4
    assert current_name(settings.index_dir) == before
    assert published_manifest(settings.index_dir).counts.cases == 4


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
    assert published_manifest(settings.index_dir).counts.cases == 4


def test_ingest_when_another_ingestion_holds_the_index(settings):
    """A second writer is turned away with the folder's name and the remedy."""
    held = FileLock(settings.index_dir / "ingest.lock")
    with (
        held,
        pytest.raises(
            IndexLockedError, match=r"another ingestion .*index'\. Wait until"
        ),
    ):
        run(settings)
    assert run(settings).unchanged


def test_ingest_when_the_index_folder_is_a_file(tiny_corpus, tmp_path):
    """An index folder that cannot be made is named with the remedy."""
    (tmp_path / "index").write_text("")
    settings = Settings(corpus_dir=tiny_corpus(), index_dir=tmp_path / "index")
    with pytest.raises(KnowledgeBaseError, match=r"index' cannot be written.*--index"):
        run(settings)


def test_ingest_when_the_verification_fails(settings):
    """A generation that fails its verification is removed and never published."""
    before = current_name(settings.index_dir)
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")

    def lose_a_statement() -> None:
        (new,) = set(generations(settings)) - {before}
        path = generations_dir(settings.index_dir) / new / "catalogue.sqlite"
        with sqlite3.connect(path) as db:
            db.execute("DELETE FROM statements WHERE position = 3")
        db.close()

    with pytest.raises(
        IndexDamagedError, match=r"17 statements in the catalogue instead of 18"
    ):
        run(settings, Sabotage(WRITING, 3, lose_a_statement))
    assert current_name(settings.index_dir) == before
    assert generations(settings) == [before]
    assert "cost 7 million crowns" in " ".join(texts_in(settings))


@pytest.mark.parametrize(
    ("step", "done"),
    [("Reading files", 2), (WRITING, 1), (WRITING, 3)],
    ids=["reading", "after Chroma", "before the manifest"],
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
            Sabotage(WRITING, 2, lambda: os.kill(os.getpid(), signal.SIGKILL)),
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
    """The published generation and the one before it are kept, older ones removed."""
    published = [current_name(settings.index_dir)]
    for year in (2020, 2019, 2018):
        replace(
            settings,
            "sampleby/walking-diary.pdf.yaml",
            f"year: {2023 if year == 2020 else year + 1}",
            f"year: {year}",
        )
        published.append(run(settings).generation)
    assert generations(settings) == published[-2:]


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
    folder = generations_dir(settings.index_dir) / str(current_name(settings.index_dir))
    target = folder / part
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
    with pytest.raises(IndexDamagedError, match=r"Run `mentorkb ingest`"):
        open_published(settings.index_dir)
    run(settings)
    assert len(texts_in(settings)) == 18


def test_ingest_when_the_pointer_names_no_generation(settings):
    """A pointer to a folder that is gone is mended by ingesting again."""
    shutil.rmtree(generations_dir(settings.index_dir))
    report = run(settings)
    assert (report.exit_code, report.embedded) == (0, 0)
    assert len(texts_in(settings)) == 18


def test_ingest_when_progress_is_watched(settings):
    """Every step tells its size first and is finished at its end."""
    replace(settings, "exampleton/biscuit-heat.md", "7 million", "8 million")
    progress = RecordingProgress()
    run(settings, progress)
    assert [step for step, _ in progress.steps] == [
        "Reading files",
        "Computing vectors",
        WRITING,
    ]
    assert progress.done == dict(progress.steps)


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
def shipped() -> list[SplitDocument]:
    """Return every case of the shipped corpus, read and split but not embedded."""
    split = []
    for path in list_case_files(SHIPPED):
        document = read_file(path, SHIPPED)
        assert document.case is not None, document.problems
        split.append(split_document(document, document.case, 300))
    return split


def test_shipped_corpus_when_checked():
    """The shipped corpus has no errors."""
    errors = [p for p in check_corpus(SHIPPED) if p.severity == "error"]
    assert errors == []


def test_shipped_corpus_when_counted(shipped):
    """The shipped corpus holds 118 cases of nine cities and 1,474 statements."""
    assert len({document.case.city for document in shipped}) == 9
    assert len(shipped) == 118
    assert sum(len(document.statements) for document in shipped) == 1_474


def test_shipped_corpus_when_ids_are_compared(shipped):
    """No two units of the shipped corpus share an id."""
    ids = Counter(
        unit_id
        for document in shipped
        for unit_id in (
            *(passage.passage_id for passage in document.passages),
            *(statement.statement_id for statement in document.statements),
            *(question.question_id for question in document.open_questions),
        )
    )
    assert [unit_id for unit_id, n in ids.items() if n > 1] == []


def test_shipped_corpus_when_sources_are_looked_up(shipped):
    """Every statement of the shipped corpus has a source that its case lists."""
    bare = [
        statement.statement_id
        for document in shipped
        for statement in document.statements
        if not statement.source_ids
        or not set(statement.source_ids)
        <= {source.source_id for source in document.case.sources}
    ]
    assert bare == []


def test_shipped_corpus_knows_the_words_of_the_glossary(shipped):
    """Every English word of the glossary, its reason to be there, is in a case."""
    known = {
        term
        for document in shipped
        for text in (
            document.case.title,
            document.case.summary,
            *(statement.text for statement in document.statements),
        )
        for term in terms(text)
    }
    with (ROOT / "kb" / "glossary.tsv").open(encoding="utf-8") as file:
        cells = [line.partition("\t")[0] for line in file][1:]
    unknown = {
        text
        for cell in cells
        for text in cell.split("|")
        if not known.issuperset(terms(text))
    }
    assert unknown == set()
