"""The `mentorkb eval` commands as people type them: files, exit codes, messages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from kb.reader.card import read_card
from tests.support import commands

MENTORKB = Path(sys.executable).with_name("mentorkb")
ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
BISCUITS = "exampleton/biscuit-heat"
QUESTIONS: list[dict[str, Any]] = [
    {
        "qid": "cost",
        "lang": "en",
        "kind": "specific",
        "text": "How much did the pipe and the heat pump cost?",
        "must_hold": ["7 million crowns"],
    },
    {
        "qid": "cost-de",
        "lang": "de",
        "kind": "specific",
        "text": "Wie viel kosteten das Rohr und die Wärmepumpe?",
        "need": "cost",
    },
    {
        "qid": "homes",
        "lang": "en",
        "text": "How many homes do the ovens of the biscuit factory heat?",
        "must_hold": ["1,200 homes"],
    },
    {
        "qid": "bonds",
        "lang": "en",
        "text": "Which interest do the bonds of the residents pay?",
        "must_hold": ["1.5% interest"],
    },
    {
        "qid": "raised",
        "lang": "en",
        "text": "How much did the first bond issue raise from residents?",
        "must_hold": ["2 million crowns"],
    },
    {
        "qid": "bricks",
        "lang": "en",
        "text": "How many bricks of the brewery are in the swimming hall?",
        "must_hold": ["80,000 bricks"],
    },
    {
        "qid": "insurers",
        "lang": "en",
        "text": "Which certificate did insurers ask for used bricks?",
        "must_hold": ["a certificate"],
    },
    {
        "qid": "football",
        "lang": "en",
        "kind": "off-topic",
        "text": "Who won the football match last night?",
    },
]
# Of each need, words of the statement that answers it.
RIGHT = {
    "cost": "cost 7 million crowns",
    "homes": "heat 1,200 homes",
    "bonds": "1.5% interest",
    "raised": "raised 2 million crowns",
    "bricks": "80,000 bricks",
    "insurers": "Insurers asked",
}


def run(*args: object, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the project's own package."""
    return commands.run("eval", *args, typed=typed)


def run_process(*args: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, without a hub to fetch models from."""
    quiet = commands.PLAIN | {"HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [MENTORKB, "eval", *map(str, args)],
        cwd="/",
        env=os.environ | quiet | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _write_questions(path: Path, questions: list[dict[str, Any]]) -> Path:
    lines = [json.dumps(question) + "\n" for question in questions]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _write_qrels(path: Path, grades: dict[tuple[str, str], int]) -> Path:
    lines = [f"{need} 0 {found} {grade}\n" for (need, found), grade in grades.items()]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _read_qrels(path: Path) -> dict[tuple[str, str], int]:
    lines = map(str.split, path.read_text(encoding="utf-8").splitlines())
    return {(need, found): int(grade) for need, _, found, grade in lines}


@pytest.fixture(scope="module")
def statement_ids(tiny_index) -> dict[str, str]:
    """The id of each statement of the tiny corpus by its text."""
    from kb import KnowledgeBase

    kb = KnowledgeBase(tiny_index)
    full = [kb.full_case(case.case_id) for case in kb.cases()]
    kb.close()
    return {s.text: s.statement_id for item in full if item for s in item.statements}


@pytest.fixture(scope="module")
def judged(statement_ids) -> dict[tuple[str, str], int]:
    """The right statement of every need, graded 2."""
    return {
        (need, statement_id): 2
        for need, words in RIGHT.items()
        for text, statement_id in statement_ids.items()
        if words in text
    }


@pytest.fixture(scope="module")
def tiny_set(tmp_path_factory, judged):
    """The options that name questions and judgements on the tiny corpus."""
    folder = tmp_path_factory.mktemp("set")
    queries = _write_questions(folder / "tiny.jsonl", QUESTIONS)
    statements = _write_qrels(folder / "statements.qrels", judged)
    cases = {(need, found.partition("#")[0]): 2 for need, found in judged}
    of_cases = _write_qrels(folder / "cases.qrels", cases)
    return f"--queries={queries}", f"--qrels={statements}", f"--qrels={of_cases}"


@pytest.fixture(scope="module")
def index(tiny_index):
    """The option that names the tiny index."""
    return f"--index={tiny_index.index_dir}"


# run


@pytest.fixture(scope="module")
def own_index(tmp_path_factory, tiny_index):
    """A folder for an index, with the vectors of the tiny corpus beside its own."""
    folder = tmp_path_factory.mktemp("own") / "index"
    beside = folder / "evals" / tiny_index.corpus_dir.name
    beside.mkdir(parents=True)
    shutil.copy(tiny_index.index_dir / "cache.sqlite", beside)
    return folder


@pytest.fixture(scope="module")
def done(tmp_path_factory, own_index, tiny_index, tiny_set):
    """Two systems run over the tiny corpus, and the folder with what they left."""
    out = tmp_path_factory.mktemp("results") / "tiny"
    done = run_process(
        "run",
        *("--system=ours", "--system=bm25", f"--out={out}"),
        *(*tiny_set, f"--corpus={tiny_index.corpus_dir}"),
        KB_INDEX_DIR=str(own_index),
    )
    assert done.returncode == 0, done.stderr
    return done, out


def test_run_leaves_files(done):
    """A run leaves rankings, judgements, results, the summary and two reports."""
    assert sorted(path.name for path in done[1].iterdir()) == [
        "bm25.case.run",
        "bm25.passage.run",
        "bm25.results.jsonl",
        "case.qrels",
        "ours.case.run",
        "ours.passage.run",
        "ours.results.jsonl",
        "passage.qrels",
        "report.html",
        "summary.json",
        "tables.md",
    ]


def test_run_prints_measures(done):
    """The terminal shows each system's measures and where the report is."""
    lines = done[0].stdout.splitlines()
    assert {"ours", "bm25"} <= set(lines)
    assert any(line.startswith("  case nDCG@10") for line in lines)
    assert "  false refusals           0 of 7" in lines
    assert any(re.fullmatch(r"  answered, off-topic +0 of 1", line) for line in lines)
    assert lines[-1] == f"Report: {done[1] / 'report.html'}"


def test_run_measures_what_other_tools_measure(done):
    """TREC tools get the same values from runs and qrels as the summary holds."""
    out = done[1]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    for system in ("ours", "bm25"):
        for level in ("case", "passage"):
            found = ir_measures.calc_aggregate(
                [ir_measures.nDCG @ 10],
                list(ir_measures.read_trec_qrels(str(out / f"{level}.qrels"))),
                list(ir_measures.read_trec_run(str(out / f"{system}.{level}.run"))),
            )
            ours = summary["systems"][system]["all"][f"{level} nDCG@10"]
            assert ours["mean"] == pytest.approx(found[ir_measures.nDCG @ 10])
            # Seven questions have an answer; the translation counts by its own id.
            assert ours["n"] == 7


def test_run_finds_what_it_should(done):
    """Over invented cases, the knowledge base finds and shows every right answer."""
    path = done[1] / "summary.json"
    measures = json.loads(path.read_text(encoding="utf-8"))["systems"]["ours"]["all"]
    assert measures["case Success(rel=2)@5"]["mean"] == 1
    assert measures["must-hold recall"]["mean"] == 1
    assert measures["citation support"]["mean"] == 1


def test_run_says_what_it_was_run_on(done):
    """The summary names set, command, settings and corpus."""
    text = (done[1] / "summary.json").read_text(encoding="utf-8")
    summary = json.loads(text)
    assert summary["set"] == "tiny"
    assert summary["command"].startswith("mentorkb eval run --system=ours")
    assert summary["questions"]["information_needs"] == 7
    assert all(summary[key] for key in ("settings_digest", "index", "corpus_digest"))


def test_run_records_every_question(done):
    """A line of results holds what was found, answered and measured."""
    lines = (done[1] / "ours.results.jsonl").read_text(encoding="utf-8").splitlines()
    records = {record["qid"]: record for record in map(json.loads, lines)}
    assert list(records) == [question["qid"] for question in QUESTIONS]
    assert records["cost-de"]["need"] == "cost"
    assert records["cost-de"]["cases"][0] == BISCUITS
    assert records["football"]["answer"]["abstained"]
    assert records["football"]["measures"] == {"decided rightly": 1.0}


def test_run_report_stands_alone(done):
    """The report is one page with every system, and fetches nothing."""
    page = (done[1] / "report.html").read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert "bm25" in page
    assert "ours" in page
    assert 'src="http' not in page
    assert "<link" not in page


def test_run_indexes_another_corpus_apart(done, own_index):
    """Another corpus gets an index beside the own one, which is not touched."""
    assert (own_index / "evals" / "corpus" / "current").is_file()
    assert not (own_index / "current").exists()


def test_run_with_json(index, tiny_set):
    """With --json, stdout is the summary and nothing else; unchanged files suffice."""
    done = run("run", "--system=bm25", *tiny_set, index, "--json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["systems"]) == ["bm25"]


def _assert_error(done, *parts):
    """Check exit code 2, empty stdout, and a last line that holds the parts."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    for part in parts:
        assert part in last


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cost 0 nothing\n", ["wrong.qrels:1: 'cost 0 nothing'", "document id and"]),
        ("cost 0 atlantis/heat 2\n", ["wrong.qrels: none of its ids", "search --json"]),
        (f"other 0 {BISCUITS} 2\n", ["tiny.jsonl: no judgement", "must be the same"]),
        (None, ["wrong.qrels: the qrels cannot be read", "Name a TREC qrels file"]),
    ],
    ids=["no judgement", "unknown ids", "other questions", "no file"],
)
def test_run_when_the_qrels_are_wrong(tmp_path, index, tiny_set, text, parts):
    """Judgements that cannot be used name their file and the remedy."""
    path = tmp_path / "wrong.qrels"
    if text is not None:
        path.write_text(text)
    done = run("run", "--system=bm25", tiny_set[0], f"--qrels={path}", index)
    _assert_error(done, *parts)


def test_run_when_there_are_no_queries(index, tiny_set):
    """A question file that is missing is named."""
    done = run("run", "--queries=/none.jsonl", tiny_set[1], index)
    _assert_error(done, "/none.jsonl: the question set cannot be read", "JSON lines")


@pytest.mark.parametrize("given", [0, 1], ids=["queries", "qrels"])
def test_run_when_only_half_of_a_set_is_given(index, tiny_set, given):
    """Questions without judgements, or the other way round, are refused."""
    done = run("run", tiny_set[given], index)
    _assert_error(done, "--queries and --qrels belong together", "Give both")


def test_run_when_the_system_is_unknown(index, tiny_set):
    """An unknown system is shown with those that there are."""
    done = run("run", "--system=bm52", *tiny_set, index)
    _assert_error(done, "no system 'bm52'", "bm25, minilm", "rerank:MODEL")


def test_run_when_the_model_is_unknown(index, tiny_set):
    """A model that is not there is shown with what to do."""
    done = run("run", "--system=dense:/no/such/folder", *tiny_set, index)
    _assert_error(done, "'/no/such/folder' cannot be loaded", "Check the name and the")


def test_run_when_there_is_no_corpus(tmp_path, tiny_set):
    """A corpus that is missing is named."""
    options = (f"--corpus={tmp_path / 'none'}", f"--index={tmp_path}")
    done = run("run", *tiny_set, *options)
    _assert_error(done, "none' does not exist", "--corpus")


def test_run_when_the_folder_cannot_be_written(tmp_path, index, tiny_set):
    """A file in the place of the results' folder is named."""
    path = tmp_path / "notes.txt"
    path.write_text("notes")
    done = run("run", "--system=bm25", *tiny_set, index, f"--out={path}")
    _assert_error(done, f"{path}: the results cannot be written", "with --out")


# compare


def test_compare_with_itself(done):
    """A run differs in nothing from itself."""
    compared = run("compare", done[1], done[1])
    assert compared.returncode == 0, compared.stderr
    lines = compared.stdout.splitlines()
    measures = [line for line in lines if " -> " in line]
    assert any(line.startswith("case nDCG@10") for line in measures)
    assert all("+0.000  p = 1.000" in line for line in measures)
    assert lines[-3:] == ["Won: 0", "", "Lost: 0"]


def test_compare_two_systems(done):
    """Of two systems, the questions are listed that the second finds and loses."""
    bm25, ours = (done[1] / f"{name}.results.jsonl" for name in ("bm25", "ours"))
    question = "\n  cost-de 'Wie viel kosteten"
    won = run("compare", bm25, ours).stdout.partition("Won:")[2]
    lost = run("compare", ours, bm25).stdout.partition("Lost:")[2]
    assert question in won.partition("Lost:")[0]
    assert question in lost


def test_compare_when_one_system_only_retrieves(done):
    """A question whose right case both rank first is neither won nor lost."""
    bm25, ours = (done[1] / f"{name}.results.jsonl" for name in ("bm25", "ours"))
    assert "\n  cost 'How much" not in run("compare", bm25, ours).stdout


def test_compare_when_there_are_no_results(tmp_path, done):
    """A folder without results is named, with what to name instead."""
    _assert_error(
        run("compare", done[1], tmp_path),
        f"{tmp_path / 'ours.results.jsonl'}: the results cannot be read",
        "eval run --out",
    )


def test_compare_when_no_question_is_shared(tmp_path, done):
    """Runs over different sets cannot be compared."""
    path = tmp_path / "other.jsonl"
    results = (done[1] / "ours.results.jsonl").read_text(encoding="utf-8")
    other = json.loads(results.splitlines()[0]) | {"qid": "other"}
    path.write_text(json.dumps(other) + "\n", encoding="utf-8")
    _assert_error(run("compare", done[1], path), "share no question", "the same set")


# These commands work on the files of the package: here on those of a copy


@pytest.fixture
def package(tmp_path, judged, statement_ids):
    """A copy of the evals package with tiny development sets."""
    folder = tmp_path / "copy" / "evals"
    ignore = shutil.ignore_patterns("__pycache__", "questions", "baseline.json")
    shutil.copytree(ROOT / "evals", folder, ignore=ignore)
    (folder / "questions").mkdir()
    cases = {(need, found.partition("#")[0]): 2 for need, found in judged}
    for name in ("dev", "broad-dev"):
        _write_questions(folder / "questions" / f"{name}.jsonl", QUESTIONS)
        _write_qrels(folder / "questions" / f"{name}.statements.qrels", judged)
        _write_qrels(folder / "questions" / f"{name}.cases.qrels", cases)
    _write_judged(folder / "questions", statement_ids)
    _keep_some_of_other_material(folder)
    return folder


def _write_judged(folder: Path, statement_ids: dict[str, str]) -> None:
    """Write what a reader learns from: one question on a case, one left open."""
    right = next(found for text, found in statement_ids.items() if "1,200" in text)
    (folder / "reader").mkdir()
    homes: dict[str, Any] = {
        "qid": "homes",
        "lang": "en",
        "kind": "fact",
        "case": BISCUITS,
    }
    homes |= {"text": "How many homes have oven heat?", "answers": {right: 2}}
    _write_questions(folder / "reader" / "exampleton.jsonl", [homes])
    (folder / "open").mkdir()
    asked: dict[str, Any] = {
        "qid": "open-1",
        "lang": "en",
        "kind": "open-question",
        "case": BISCUITS,
    }
    asked |= {"text": "Who repairs the pipe?", "open": [], "answers": {}}
    _write_questions(folder / "open" / "asked.jsonl", [asked])
    matched = {"qid": "homes", "open": []}
    _write_questions(folder / "open" / "matched.jsonl", [matched])


def _keep_some_of_other_material(folder: Path) -> None:
    """Keep the paragraphs on bees, and the questions on them."""
    for path in (folder / "elsewhere" / "elsewhere").iterdir():
        if not path.name.startswith("bees-"):
            path.unlink()
    for name in ("elsewhere.jsonl", "elsewhere.cases.qrels"):
        whole = (ROOT / "evals" / "questions" / name).read_text(encoding="utf-8")
        kept = [line for line in whole.splitlines(keepends=True) if "bees-" in line]
        (folder / "questions" / name).write_text("".join(kept), encoding="utf-8")


def _copy_first(package: Path) -> str:
    """Return the import path on which the copy stands before the rest of this tree."""
    return os.pathsep.join([str(package.parent), str(ROOT)])


@pytest.fixture
def run_copy(package, index):
    """A function that runs a command of the copy on the tiny index, as a process."""

    def go(*args: object):
        return run_process(*args, index, PYTHONPATH=_copy_first(package))

    return go


@pytest.fixture
def run_on_copy(package, index, monkeypatch):
    """A function that runs a command on the files of the copy and the tiny index."""
    questions = package / "questions"
    monkeypatch.setattr("evals.questions._FOLDER", questions)
    monkeypatch.setattr("evals.gate.BASELINE_FILE", package / "baseline.json")
    monkeypatch.setattr("evals.other_material.CORPUS", package / "elsewhere")
    monkeypatch.setattr("evals.other_material.QUESTIONS", questions / "elsewhere.jsonl")

    def go(*args: object, typed: str = ""):
        return run(*args, index, typed=typed)

    return go


def test_annotate_saves_each_passage(package, run_on_copy, judged):
    """Typed grades are in both files, and a passage that is stopped at is not."""
    path = package / "questions" / "dev.statements.qrels"
    # A passage of two statements, then one that is skipped, then the end.
    done = run_on_copy("annotate", "--depth=3", typed="1\nx\n\ns\nq\n")
    assert done.returncode == 0, done.stderr
    assert "2: states (a part of) what was asked." in done.stdout
    assert "'x' is none of 0, 1, 2, s, q." in done.stdout
    assert done.stdout.rstrip().endswith("1 passages judged.")
    after = _read_qrels(path)
    added = {key: grade for key, grade in after.items() if key not in judged}
    assert {key: after[key] for key in judged} == judged
    assert sorted(added.values()) == [0, 1]
    assert {need for need, _ in added} == {"cost"}
    assert len({found.rpartition(".")[0] for _, found in added}) == 1


def test_annotate_grades_the_case(package, run_on_copy):
    """A case gets its best statement's grade, and keeps a better one that it has."""
    path = package / "questions" / "dev.cases.qrels"
    before = _read_qrels(path)
    # The first passage of another case than the right one gets a 1.
    run_on_copy("annotate", "--depth=10", typed="1\n" * 12 + "q\n")
    after = _read_qrels(path)
    added = {key: grade for key, grade in after.items() if key not in before}
    assert {key: after[key] for key in before} == before
    assert added
    assert set(added.values()) == {1}


def test_annotate_when_the_terminal_is_closed(package, run_on_copy, judged):
    """What was judged before the terminal went away is kept."""
    path = package / "questions" / "dev.statements.qrels"
    done = run_on_copy("annotate", "--depth=3", typed="1\n0\n")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(_read_qrels(path)) == len(judged) + 2


def test_gate_against_its_own_baseline(package, run_on_copy):
    """The state that was stored passes; where one measure was better, it fails."""
    stored = run_on_copy("gate", "--update")
    assert stored.returncode == 0, stored.stderr
    path = package / "baseline.json"
    assert stored.stdout.splitlines() == [f"Stored in {path}."]
    done = run_on_copy("gate")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert {line[-1] for line in lines} == {"ok"}
    # Nine measures that may not fall (no question names a city) and the calibration.
    assert [line[0] for line in lines] == [
        *["dev"] * 10,
        *["broad-dev"] * 10,
        # Beside the baseline and beside likeness, in five languages.
        *["elsewhere"] * 10,
    ]

    baseline = json.loads(path.read_text(encoding="utf-8"))
    values = baseline["sets"]["dev"]["measures"]["must-hold recall"]
    # Six questions: chance explains six falls of six with 2 / 2**6 = 0.031.
    assert len(values) == 6
    better = {qid: value + 0.5 for qid, value in values.items()}
    baseline["sets"]["dev"]["measures"]["must-hold recall"] = better
    path.write_text(json.dumps(baseline), encoding="utf-8")
    done = run_on_copy("gate")
    assert done.returncode == 1, done.stderr
    (worse,) = [line for line in done.stdout.splitlines() if "WORSE" in line]
    assert worse.split()[:3] == ["dev", "must-hold", "recall"]
    assert "p = 0.031" in worse


def test_latest_stores_a_run(package, done, tmp_path):
    """The figures of a run of the test questions are stored in the package."""
    summary = json.loads((done[1] / "summary.json").read_text(encoding="utf-8"))
    text = json.dumps(summary | {"set": "test"})
    (tmp_path / "summary.json").write_text(text, encoding="utf-8")
    stored = run_process("latest", tmp_path, PYTHONPATH=_copy_first(package))
    assert stored.returncode == 0, stored.stderr
    path = package / "latest.json"
    day = summary["date"][:10]
    assert stored.stdout.splitlines() == [f"Stored the figures of {day} in {path}."]
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["corpus_digest"] == summary["corpus_digest"]
    assert kept["questions"] == summary["questions"]


def test_latest_when_other_questions_were_asked(package, done):
    """A run of another question set is refused, with the command that it needs."""
    before = (package / "latest.json").read_bytes()
    refused = run_process("latest", done[1], PYTHONPATH=_copy_first(package))
    _assert_error(refused, "of the set 'tiny'", "--split test")
    assert (package / "latest.json").read_bytes() == before


def test_fit_when_there_are_too_few_questions(run_copy, tmp_path):
    """Too few to fit on are an error, which says how many are needed."""
    done = run_copy("fit", f"--out={tmp_path / 'reader'}")
    _assert_error(done, "too few of the questions", "At least 50")


def test_train_reader_from_the_questions_to_the_weights(run_copy, tmp_path):
    """A training leaves weights, and what a stopped one would go on from."""
    out = tmp_path / "reader"
    options = f"--out={out}", "--epochs=0.1", "--leave-out=1", "--parts=2"
    done = run_copy("train-reader", *options)
    assert done.returncode == 0, done.stderr
    weights = out / "without-1-of-2.onnx"
    assert weights.stat().st_size > MEGABYTE
    assert (out / "without-1-of-2.checkpoint").is_file()


def test_train_reader_when_the_packaged_one_has_seen_the_part(run_copy, tmp_path):
    """What the packaged reader has learnt from cannot measure what goes on from it."""
    learnt = read_card().left_out + 1
    options = f"--out={tmp_path}", f"--leave-out={learnt}", "--go-on"
    done = run_copy("train-reader", *options)
    _assert_error(done, f"has learnt from part {learnt} of", "without --go-on")


@pytest.mark.parametrize("command", ["fit", "train-reader"])
def test_folder_that_cannot_be_made(index, tmp_path, command):
    """Before a long run begins, its folder is there or the error names another."""
    (tmp_path / "notes.txt").write_text("notes")
    done = run(command, f"--out={tmp_path / 'notes.txt' / 'reader'}", index)
    _assert_error(done, "cannot be made", "with --out")


def test_train_reader_when_there_is_no_such_part(run_copy, tmp_path):
    """A part that does not exist is an error, which says what there is."""
    done = run_copy("train-reader", f"--out={tmp_path}", "--parts=3", "--leave-out=3")
    _assert_error(done, "--leave-out 3: there are 3 parts", "Use 0 to 2")


def test_help_names_every_command():
    """The help lists the commands of an evaluation."""
    done = run("--help")
    assert done.returncode == 0
    for command in ("run", "compare", "latest", "gate", "annotate", "fit"):
        assert f" {command} " in done.stdout
