"""The knowledge base as its clients meet it: opening, moving on, errors, closing."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import ingest
from kb import KnowledgeBase, Settings
from kb.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexNotFoundError,
    KnowledgeBaseError,
)
from kb.index.lexical import LexicalIndex
from kb.index.manifest import FORMAT_VERSION, SPLITTER_VERSION
from kb.index.vectors import (
    BARE_STATEMENTS,
    CASES,
    OPEN_QUESTIONS,
    STATEMENTS,
    VectorStore,
)
from kb.storage import FolderStorage
from kb.types import Query
from tests.support.fakes import FakeEmbedder, RecordingProgress
from tests.support.kb_fixtures import (
    PausingEmbedder,
    Texts,
    sign_again,
    write_generation,
)

ROOT = Path(__file__).parents[2]
OLD = Texts({"exampleton/heat": ["heat from the old pipe"]})
NEW = Texts({"exampleton/heat": ["heat from the new pipe"]})
HEAT = Query("heat pipe")
linux_only = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="lists open files by /proc"
)


def _open(index_dir, embedder=None):
    return KnowledgeBase(Settings(index_dir=index_dir), embedder or FakeEmbedder())


def _text(hits):
    return hits[0].passage.text


def _open_files(folder):
    """Return the files below a folder that this process has open."""
    gc.collect()  # a handled exception keeps what its frames held until then
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = entry.readlink()
        except FileNotFoundError:
            continue
        if target.is_relative_to(folder):
            found.add(target)
    return found


def _assert_all_closed(folder):
    """Fail if a file below a folder stays open; Chroma closes a little later."""
    deadline = time.monotonic() + 5
    while _open_files(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _open_files(folder) == set()


@pytest.fixture
def index_dir(tmp_path):
    """An index of one made-up case, published as generation "one"."""
    write_generation(tmp_path / "index", OLD)
    return tmp_path / "index"


# What it holds


@pytest.fixture(scope="module")
def tiny_kb(tiny_index, embedder):
    opened = KnowledgeBase(tiny_index, embedder)
    yield opened
    opened.close()


def test_cities_and_themes_keep_their_order(tiny_kb):
    """Cities and themes come in the order of their files, for menus."""
    assert [city.name for city in tiny_kb.cities] == ["Exampleton", "Sampleby"]
    assert [theme.slug for theme in tiny_kb.themes] == [
        "district-heating",
        "financing",
        "circular-construction",
        "citizen-engagement",
    ]


def test_cases_come_in_the_order_of_their_ids(tiny_kb):
    """The list of cases is ordered by id."""
    assert [case.case_id for case in tiny_kb.cases()] == [
        "exampleton/biscuit-heat",
        "exampleton/sunday-bonds",
        "sampleby/borrowed-bricks",
        "sampleby/walking-diary",
    ]


def test_full_case_holds_everything(tiny_kb):
    """A case comes with its passages, statements and open questions, in order."""
    full = tiny_kb.full_case("exampleton/biscuit-heat")
    assert full is not None
    assert [p.section for p in full.passages] == [
        "What was done",
        "Costs",
        "Results",
        "Obstacles",
    ]
    assert len(full.statements) == 6
    assert [q.text for q in full.open_questions] == [
        "What the factory is paid for its heat is not published."
    ]


def test_full_case_when_unknown(tiny_kb):
    """An unknown id, such as from an old link, gives None."""
    assert tiny_kb.full_case("exampleton/nothing") is None


def test_languages_of_cases_and_passages(tiny_kb):
    """The language of every case and passage is known; the tiny corpus is English."""
    assert {case.language for case in tiny_kb.cases()} == {"en"}
    full = tiny_kb.full_case("sampleby/walking-diary")
    assert [passage.language for passage in full.passages] == ["en", "en"]


def test_coverage_has_a_row_for_everything_and_its_gaps(tiny_kb):
    """Coverage counts each city, theme and kind of section, also where nothing is."""
    rows = tiny_kb.coverage()
    # 2 cities, 4 themes, 9 kinds of section; open questions are no statements.
    assert len(rows) == 2 * 4 * 9
    assert rows[0].city == "exampleton"
    assert rows[-1].city == "sampleby"
    cells = {(row.city, row.theme, row.section): row for row in rows}
    done = cells["exampleton", "district-heating", "What was done"]
    # Two statements of one case, from S1 (English, 2021) and S2 (Swedish, no year).
    assert (done.cases, done.statements, done.sources) == (1, 2, 2)
    assert (done.non_english_share, done.median_source_year) == (0.5, 2021)
    gap = cells["sampleby", "financing", "Costs"]
    assert (gap.cases, gap.statements, gap.sources) == (0, 0, 0)
    assert (gap.non_english_share, gap.median_source_year) == (None, None)


def test_coverage_is_that_of_the_newest_generation(index_dir):
    """A case that was just published counts at once, without a restart."""
    kb = _open(index_dir)
    before = sum(row.cases for row in kb.coverage())
    heat = Texts({"exampleton/heat": ["heat one", "heat two"]}, section="Costs")
    write_generation(index_dir, heat, name="two")
    (row,) = [row for row in kb.coverage() if row.cases]
    assert before == 0  # "Part" is no heading of the corpus
    assert (row.city, row.section, row.statements) == ("exampleton", "Costs", 2)
    kb.close()


def test_library_counts_statements_of_the_newest_generation(index_dir):
    """The library is that of the newest generation, counted once for each."""
    kb = _open(index_dir)
    (old,) = [one for one in kb.library() if one.case.case_id == "exampleton/heat"]
    assert "Costs" not in old.statements
    assert kb.library()[0] is kb.library()[0]
    heat = Texts({"exampleton/heat": ["heat one", "heat two"]}, section="Costs")
    write_generation(index_dir, heat, name="two")
    (new,) = kb.library()
    assert new.statements == {"Costs": 2}
    assert [one.text for one in kb.statements_in("Costs")] == ["heat one", "heat two"]
    assert kb.statements_in("Obstacles") == []
    kb.close()


def test_manifest_tells_what_the_index_was_built_from(tiny_kb):
    """The manifest names model and counts."""
    manifest = tiny_kb.manifest
    assert manifest.model_id == "intfloat/multilingual-e5-small"
    assert (manifest.counts.cases, manifest.counts.open_questions) == (4, 2)


# Moving to a newer generation


def test_next_question_uses_the_newer_generation(index_dir):
    """What is published between two questions answers the second."""
    kb = _open(index_dir)
    assert _text(kb.search(HEAT)) == "heat from the old pipe"
    write_generation(index_dir, NEW, name="two")
    assert _text(kb.search(HEAT)) == "heat from the new pipe"
    assert kb.manifest.generation == "two"
    kb.close()


def test_a_question_that_has_begun_keeps_its_generation(index_dir):
    """A question in progress ends on the generation that it began with."""
    embedder = PausingEmbedder()
    kb = _open(index_dir, embedder)
    with ThreadPoolExecutor(1) as threads:
        begun = threads.submit(kb.search, Query("slowly heat pipe"))
        assert embedder.reached.wait(timeout=30)
        write_generation(index_dir, NEW, name="two")
        meanwhile = kb.search(HEAT)
        embedder.released.set()
        finished = begun.result(timeout=30)
    assert _text(meanwhile) == "heat from the new pipe"
    assert _text(finished) == "heat from the old pipe"
    kb.close()


def test_a_question_that_has_begun_outlives_the_removal_of_its_generation(index_dir):
    """A slow question is answered though three ingestions publish and tidy up.

    Its generation is kept for it, and removed when the next ingestion tidies up.
    """
    storage = FolderStorage(index_dir)
    embedder = PausingEmbedder()
    kb = _open(index_dir, embedder)
    try:
        with ThreadPoolExecutor(1) as threads:
            begun = threads.submit(kb.search, Query("slowly heat pipe"))
            assert embedder.reached.wait(timeout=30)
            for name in ("two", "two-and-a-half", "two-of-all"):
                write_generation(index_dir, NEW, name=name)
                storage.tidy()
            kept = storage.complete()
            embedder.released.set()
            assert _text(begun.result(timeout=30)) == "heat from the old pipe"
        assert _text(kb.search(HEAT)) == "heat from the new pipe"
    finally:
        kb.close()
    storage.tidy()
    assert (kept, storage.complete()) == (
        ["one", "two", "two-and-a-half", "two-of-all"],
        ["two", "two-and-a-half", "two-of-all"],
    )


@linux_only
def test_the_old_generation_is_released(index_dir):
    """After the move, and after its last question, no file of the old one is open."""
    embedder = PausingEmbedder()
    kb = _open(index_dir, embedder)
    old = index_dir / "generations" / "one"
    with ThreadPoolExecutor(1) as threads:
        begun = threads.submit(kb.search, Query("slowly heat pipe"))
        assert embedder.reached.wait(timeout=30)
        write_generation(index_dir, NEW, name="two")
        kb.search(HEAT)
        assert _open_files(old)
        embedder.released.set()
        begun.result(timeout=30)
    _assert_all_closed(old)
    kb.close()


def test_no_question_fails_while_generations_change(index_dir):
    """Threads that ask all the time never fail and never see two generations mixed."""
    kb = _open(index_dir)
    stop = threading.Event()

    def ask_until_stopped():
        seen = set()
        while not stop.is_set():
            marks = {hit.passage.text.split()[-1] for hit in kb.search(HEAT)}
            assert len(marks) == 1, "one answer came from two generations"
            seen |= marks
        return seen

    with ThreadPoolExecutor(6) as threads:
        asking = [threads.submit(ask_until_stopped) for _ in range(6)]
        try:
            for number in range(10, 18):
                texts = [f"heat pipe {part} of {number}" for part in "abc"]
                write_generation(
                    index_dir,
                    Texts({"exampleton/heat": texts}),
                    name=f"generation-{number}",
                )
        finally:
            stop.set()
        seen = set().union(*(future.result(timeout=60) for future in asking))
    assert len(seen) >= 3
    assert _text(kb.search(HEAT)).endswith("of 17")
    kb.close()


def test_no_question_fails_during_an_ingestion(tiny_index, embedder, tmp_path):
    """Answers go on while the real ingestion publishes, and then hold the new fact."""
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    shutil.copytree(tiny_index.corpus_dir, settings.corpus_dir)
    shutil.copytree(tiny_index.index_dir, settings.index_dir)
    kb = KnowledgeBase(settings, embedder)
    question = Query("What colour do the bricks of the swimming hall have?")
    stop = threading.Event()

    def ask_until_stopped():
        answers = 0
        while not stop.is_set():
            answers += bool(kb.ask(question).statements)
            time.sleep(0.01)
        return answers

    case = settings.corpus_dir / "sampleby" / "borrowed-bricks.md"
    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask_until_stopped) for _ in range(2)]
        try:
            text = case.read_text(encoding="utf-8")
            fact = "- The bricks of the swimming hall are green. [^S1]\n"
            case.write_text(
                text.replace("## Obstacles", f"{fact}\n## Obstacles"), encoding="utf-8"
            )
            report = ingest(settings, RecordingProgress())
        finally:
            stop.set()
        assert all(future.result(timeout=60) > 0 for future in asking)
    # The new statement, in its context and alone.
    assert (report.exit_code, report.embedded) == (0, 2)
    texts = [statement.text for statement in kb.ask(question).statements]
    assert "The bricks of the swimming hall are green." in texts
    kb.close()


@pytest.mark.parametrize("part", ["manifest.json", "catalogue.sqlite"])
def test_next_question_when_the_newer_generation_is_damaged(index_dir, caplog, part):
    """A damaged new generation is told in the log and the old one goes on answering.

    It is not tried again for every question, and a whole one is moved to at once.
    """
    kb = _open(index_dir)
    folder = write_generation(index_dir, NEW, name="two")
    (folder / part).unlink()
    for _ in range(2):
        assert _text(kb.search(HEAT)) == "heat from the old pipe"
    (warning,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warning.startswith("the newest index is not used: ")
    assert "Run `mentorkb ingest`" in warning
    assert kb.manifest.generation == "one"
    write_generation(index_dir, NEW, name="three")
    assert _text(kb.search(HEAT)) == "heat from the new pipe"
    kb.close()


@pytest.mark.parametrize(
    ("unlike", "message"),
    [
        ({"embedder": FakeEmbedder(model_id="other")}, "'other'"),
        ({"format_version": 99}, "format 99"),
        ({"splitter_version": 99}, "splitter 99"),
        ({"passage_tokens": 99}, "99 tokens"),
    ],
    ids=["model", "format", "splitter", "passage length"],
)
def test_next_question_when_the_newer_generation_does_not_fit(
    index_dir, caplog, unlike, message
):
    """A new generation that was built otherwise is told, and the old one answers."""
    kb = _open(index_dir)
    write_generation(index_dir, NEW, name="two", **unlike)
    assert _text(kb.search(HEAT)) == "heat from the old pipe"
    (warning,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warning.startswith("the newest index is not used: ")
    assert message in warning
    write_generation(index_dir, NEW, name="three")
    assert _text(kb.search(HEAT)) == "heat from the new pipe"
    kb.close()


def test_next_question_when_nothing_is_published_any_more(index_dir):
    """While the pointer to the index is missing, questions go on as before."""
    kb = _open(index_dir)
    (index_dir / "current").unlink()
    assert _text(kb.search(HEAT)) == "heat from the old pipe"
    kb.close()


# What cannot be opened


@pytest.mark.parametrize("kind", ["no folder", "empty folder", "empty pointer"])
def test_open_when_there_is_no_index(tmp_path, kind):
    """Without a published index the error names folder and first command."""
    folder = tmp_path / "index"
    if kind != "no folder":
        folder.mkdir()
    if kind == "empty pointer":
        (folder / "current").write_text("\n")
    with pytest.raises(
        IndexNotFoundError, match=r"no index in '.*index'\. Run `mentorkb ingest` first"
    ):
        _open(folder)


def test_open_when_there_is_no_index_loads_no_model(tmp_path):
    """A missing index is told before any model is looked for."""
    settings = Settings(index_dir=tmp_path, model="invented/none")
    with pytest.raises(IndexNotFoundError, match="`mentorkb ingest` first"):
        KnowledgeBase(settings)


def test_open_when_the_index_folder_is_a_file(tmp_path):
    """A file in the place of the index folder is an error that names it."""
    path = tmp_path / "notes.txt"
    path.write_text("not an index")
    with pytest.raises(KnowledgeBaseError, match=r"notes\.txt"):
        _open(path)


@pytest.mark.parametrize(
    "pointer", [b"\xff\xfe\x00", b"generation-that-is-gone\n"], ids=["garbled", "gone"]
)
def test_open_when_the_pointer_is_wrong(index_dir, pointer):
    """A pointer to nothing is a damaged index with its remedy."""
    (index_dir / "current").write_bytes(pointer)
    with pytest.raises(IndexDamagedError, match="`mentorkb ingest`"):
        _open(index_dir)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            FakeEmbedder(model_id="other"),
            r"model 'fake' \(64 dimensions\), the running one is 'other' \(64\)",
        ),
        (
            FakeEmbedder(32),
            r"model 'fake' \(64 dimensions\), the running one is 'fake' \(32\)",
        ),
    ],
    ids=["other model", "other dimension"],
)
def test_open_when_the_index_was_built_with_another_model(index_dir, other, message):
    """The error shows both models and the two ways out."""
    with pytest.raises(
        IndexMismatchError, match=f"{message}.*`mentorkb ingest`.*KB_MODEL back"
    ):
        _open(index_dir, other)


@pytest.mark.parametrize("version", [1, 99], ids=["earlier", "later"])
def test_open_when_the_index_has_another_format(tmp_path, version):
    """An index of another version of the program shows both formats and the remedy."""
    write_generation(tmp_path, OLD, format_version=version)
    with pytest.raises(
        IndexMismatchError,
        match=rf"format {version}, this program reads {FORMAT_VERSION}\..*"
        "`mentorkb ingest`",
    ):
        _open(tmp_path)


def test_open_when_the_index_was_split_by_another_version(tmp_path):
    """Statements that another version of the program cut are refused: both shown."""
    write_generation(tmp_path, OLD, splitter_version=99)
    with pytest.raises(
        IndexMismatchError,
        match=rf"splitter 99, the running one is {SPLITTER_VERSION}\).*"
        "`mentorkb ingest`",
    ):
        _open(tmp_path)


def test_open_when_the_passages_have_another_length(tmp_path):
    """Passages of another length are refused with both lengths and both remedies."""
    write_generation(tmp_path, OLD, passage_tokens=200)
    with pytest.raises(
        IndexMismatchError,
        match="up to 200 tokens, the settings ask for 300.*`mentorkb ingest`.*"
        "KB_PASSAGE_TOKENS back",
    ):
        _open(tmp_path)
    settings = Settings(index_dir=tmp_path, passage_tokens=200)
    KnowledgeBase(settings, FakeEmbedder()).close()


def test_open_when_the_parts_do_not_fit_together(tmp_path):
    """Counts that differ from the manifest are shown."""
    write_generation(tmp_path, OLD, extra_count=1)
    with pytest.raises(IndexDamagedError, match=r"1 statement vectors instead of 2"):
        _open(tmp_path)


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        (STATEMENTS, "statement"),
        (BARE_STATEMENTS, "bare statement"),
        (CASES, "case"),
        (OPEN_QUESTIONS, "open-question"),
    ],
)
def test_open_when_a_collection_is_not_whole(tmp_path, collection, name):
    """Whichever collection has lost a vector, the error names it."""
    texts = replace(OLD, open_questions={"exampleton/heat": ["who pays?"]})
    folder = write_generation(tmp_path, texts)
    store = VectorStore.open(folder / "chroma")
    # Nothing of ours removes a vector, so that Chroma itself must.
    everything = store._collection(collection).get()["ids"]
    store._collection(collection).delete(ids=everything[:1])
    store.close()
    sign_again(folder)
    with pytest.raises(
        IndexDamagedError,
        match=f"holds 0 {name} vectors instead of 1.*`mentorkb ingest`",
    ):
        _open(tmp_path)


@pytest.mark.parametrize(
    ("folder", "name"), [("lexical", "statements"), ("lexical-cases", "cases")]
)
def test_open_when_a_lexical_index_is_of_another_corpus(tmp_path, folder, name):
    """A lexical index with another number of texts does not fit, and is named."""
    generation = write_generation(tmp_path, OLD)
    shutil.rmtree(generation / folder)
    LexicalIndex.build(["heat", "pipe"]).save(generation / folder)
    sign_again(generation)
    with pytest.raises(
        IndexDamagedError, match=f"holds 2 {name} in the lexical index instead of 1"
    ):
        _open(tmp_path)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path):
    path.write_bytes(b"")


def _flip_a_bit(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _files_of_a_generation(folder):
    """Return the paths of its files; the parts of names that are drawn are left out."""
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return an index whose vectors lie in files of their own."""
    texts = [f"heat pipe {number}" for number in range(1_200)]
    folder = tmp_path_factory.mktemp("many")
    write_generation(folder, Texts({"exampleton/heat": texts}), FakeEmbedder(8))
    return folder


@pytest.mark.parametrize(
    "harm", [_remove, _empty, _cut, _flip_a_bit], ids=lambda harm: harm.__name__
)
def test_open_when_a_file_is_damaged(many, tmp_path, harm):
    """Whatever file is damaged in whatever way, the error names it and the remedy."""
    copy = tmp_path / "index"
    shutil.copytree(many, copy)
    files = _files_of_a_generation(copy / "generations" / "one")
    assert len(files) > 20
    for path in files:
        before = path.read_bytes()
        harm(path)
        with pytest.raises(IndexDamagedError, match="`mentorkb ingest`") as told:
            _open(copy, FakeEmbedder(8))
        assert path.name in str(told.value) or path.name == "manifest.json"
        path.write_bytes(before)
    _open(copy, FakeEmbedder(8)).close()


FILES_LOST_UNDER_IT = """
import sys
from pathlib import Path
from kb import KnowledgeBase, Settings
from kb.types import Query
from tests.support.fakes import FakeEmbedder
kb = KnowledgeBase(Settings(index_dir=sys.argv[1]), FakeEmbedder(8))
for path in (Path(sys.argv[1]) / "generations" / "one").rglob("*"):
    if path.is_file():
        path.open("r+b").truncate(path.stat().st_size // 3)
kb.search(Query("heat pipe 7"))
kb.full_case("exampleton/heat")
print("answered")
"""


def test_open_index_when_its_files_are_cut(many, tmp_path):
    """Who has opened an index is not ended, or misled, by what its files become."""
    copy = tmp_path / "index"
    shutil.copytree(many, copy)
    done = subprocess.run(
        [sys.executable, "-c", FILES_LOST_UNDER_IT, str(copy)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "answered\n"), done.stderr[-2_000:]


def test_opening_changes_no_file(many):
    """A generation stays as it was written, however often it is opened and asked."""
    folder = many / "generations" / "one"
    before = {
        p: (p.read_bytes(), p.stat().st_mtime_ns)
        for p in folder.rglob("*.*")
        if p.is_file()
    }
    for _ in range(2):
        kb = _open(many, FakeEmbedder(8))
        kb.search(HEAT)
        kb.close()
    assert before == {
        p: (p.read_bytes(), p.stat().st_mtime_ns)
        for p in folder.rglob("*.*")
        if p.is_file()
    }


@pytest.mark.parametrize("part", ["lexical", "lexical-cases", "chroma"])
def test_open_when_a_folder_is_missing(index_dir, part):
    """A missing part is a damaged index with its remedy."""
    _remove(index_dir / "generations" / "one" / part)
    with pytest.raises(IndexDamagedError, match="`mentorkb ingest`"):
        _open(index_dir)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: [manifest],
        lambda manifest: manifest | {"counts": None},
        lambda manifest: {k: v for k, v in manifest.items() if k != "model_id"},
        lambda manifest: manifest | {"surprise": 1},
    ],
    ids=["a list", "no counts", "key missing", "key too many"],
)
def test_open_when_the_manifest_is_wrong(index_dir, change):
    """A manifest that is not one of ours is a damaged index, with its folder."""
    path = index_dir / "generations" / "one" / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(IndexDamagedError, match=r"one: the index's manifest.*ingest"):
        _open(index_dir)


@linux_only
@pytest.mark.parametrize("fault", ["counts", "model", "collection"])
def test_failed_opening_leaves_no_file_open(tmp_path, fault):
    """An index that is refused again and again does not use up the open files."""
    folder = write_generation(tmp_path, OLD, extra_count=fault == "counts")
    if fault == "collection":
        _remove(folder / "chroma")
    embedder = FakeEmbedder(model_id="other") if fault == "model" else None
    for _ in range(2):
        with pytest.raises(KnowledgeBaseError, match="`mentorkb ingest`"):
            _open(tmp_path, embedder)
    _assert_all_closed(tmp_path)


# Closing


@linux_only
def test_close_releases_every_file(index_dir):
    """After closing, no file of the index is open."""
    kb = _open(index_dir)
    kb.search(HEAT)
    assert _open_files(index_dir)
    kb.close()
    del kb  # the lexical arrays stay mapped for as long as someone holds them
    _assert_all_closed(index_dir)


def test_close_twice(index_dir):
    """Closing again does nothing."""
    kb = _open(index_dir)
    kb.close()
    kb.close()


def test_close_waits_for_a_question_that_has_begun(index_dir):
    """A question in progress is answered though the knowledge base is closed."""
    embedder = PausingEmbedder()
    kb = _open(index_dir, embedder)
    with ThreadPoolExecutor(1) as threads:
        begun = threads.submit(kb.search, Query("slowly heat pipe"))
        assert embedder.reached.wait(timeout=30)
        kb.close()
        embedder.released.set()
        assert _text(begun.result(timeout=30)) == "heat from the old pipe"


def test_two_knowledge_bases_over_one_index(index_dir):
    """One reader's closing does not disturb another of the same process."""
    first, second = _open(index_dir), _open(index_dir)
    first.close()
    assert _text(second.search(HEAT)) == "heat from the old pipe"
    second.close()


def test_filters_know_the_cities_of_the_newest_generation(index_dir):
    """A city that an ingestion has just added can be filtered by at once."""
    kb = _open(index_dir)
    both = replace(NEW, by_case={**NEW.by_case, "sampleby/walks": ["walking"]})
    write_generation(index_dir, both, name="two")
    (hit,) = kb.search(replace(HEAT, cities=("sampleby",)))
    assert hit.case.case_id == "sampleby/walks"
    kb.close()


def test_ask_and_search_is_both(tiny_index, embedder):
    """One ranking gives the answer of `ask` and the hits of `search`."""
    query = Query("and the heat pump?", after="What did the pipe cost?")
    with KnowledgeBase(tiny_index, embedder) as kb:
        answered, found = kb.ask_and_search(query, 3)
        assert found == kb.search(query, 3)
        assert len(found) == 3
        assert replace(answered, timings_ms={}) == replace(kb.ask(query), timings_ms={})
