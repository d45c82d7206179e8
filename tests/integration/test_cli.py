"""The commands as scripts meet them: JSON, exit codes, and one sentence on an error."""

from __future__ import annotations

import csv
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from http import HTTPStatus
from pathlib import Path

import pytest

from kb.reader import calibration_of
from kb.reader.card import read_card
from tests.support.commands import PLAIN, run
from tests.support.tiny_corpus import BISCUIT_HEAT, write_pdf, write_tiny_corpus

MENTORKB = Path(sys.executable).with_name("mentorkb")
COST = "How much did the pipe and the heat pump cost?"
# In the order in which they are printed.
HIT_KEYS = [
    "rank",
    "score",
    "passage_id",
    "case_id",
    "title",
    "city",
    "themes",
    "section",
    "page",
    "text",
    "uncertain",
    "sources",
    "path",
]
SOURCE_KEYS = ["id", "title", "publisher", "url", "language", "year", "not_before"]
ANSWER_KEYS = {
    "question",
    "language",
    "abstained",
    "reason",
    "statements",
    "citations",
    "confidence",
    "timings_ms",
}
CITATION_KEYS = {
    "n",
    "case_id",
    "title",
    "city",
    "section",
    "page",
    "passage",
    "sources",
}
STATUS_KEYS = {
    "generation",
    "created_at",
    "model_id",
    "dimension",
    "passage_tokens",
    "corpus_digest",
    "cities",
    "cases",
    "passages",
    "statements",
    "open_questions",
    "rejected",
    "warnings",
}
INGEST_KEYS = {
    "generation",
    "unchanged",
    "files",
    "states",
    "outcomes",
    "rejected",
    "warnings",
    "to_confirm",
    "counts",
    "embedded",
    "from_cache",
    "model_id",
    "seconds",
    "seconds_by_step",
    "damage",
}
PREVIEW_KEYS = {
    "path",
    "case_id",
    "title",
    "format",
    "heading",
    "language",
    "pages",
    "sections",
    "passages",
    "open_questions",
    "figures",
    "problems",
}
COVERAGE_KEYS = [
    "city",
    "theme",
    "section",
    "cases",
    "statements",
    "sources",
    "non_english_share",
    "median_source_year",
    "dated_sources",
    "bounded_sources",
    "undated_sources",
    "checked_statements",
]


def run_process(*args: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, away from the project's folder."""
    return subprocess.run(
        [MENTORKB, *map(str, args)],
        cwd="/",
        env=os.environ | PLAIN | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def parsed(done: subprocess.CompletedProcess[str], code: int = 0):
    """Return the one JSON document on stdout, after checking the exit code."""
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def parsed_lines(done: subprocess.CompletedProcess[str]):
    """Return the JSON lines on stdout, after checking the exit code."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def index(tiny_index):
    """The option that names the tiny index."""
    return f"--index={tiny_index.index_dir}"


@pytest.fixture
def corpus(tmp_path):
    """A copy of the tiny corpus that a test may change."""
    return write_tiny_corpus(tmp_path / "corpus")


@pytest.fixture
def warm_index(tmp_path, tiny_index):
    """An index folder without an index, but with the vectors of the tiny corpus."""
    folder = tmp_path / "index"
    folder.mkdir()
    shutil.copy(tiny_index.index_dir / "cache.sqlite", folder)
    return folder


# search


@pytest.fixture(scope="module")
def found(index):
    return run_process("search", COST, "-k", 5, index, "--json")


def test_search_prints_hits(found):
    """A search prints a list of hits with exactly the keys of the contract."""
    hits = parsed(found)
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5]
    assert all(list(hit) == HIT_KEYS for hit in hits)
    assert all(list(source) == SOURCE_KEYS for hit in hits for source in hit["sources"])


def test_search_prints_the_values_of_the_contract(found):
    """The first hit has the types and values that scripts rely on."""
    first = parsed(found)[0]
    assert first["passage_id"] == "exampleton/biscuit-heat#costs"
    assert first["case_id"] == "exampleton/biscuit-heat"
    assert first["city"] == "exampleton"
    assert first["themes"] == ["district-heating"]
    assert first["section"] == "Costs"
    assert first["page"] is None
    assert first["path"] == "exampleton/biscuit-heat.md"
    assert "7 million crowns" in first["text"]
    assert isinstance(first["score"], float)
    assert first["sources"][0]["id"] == "S1"


def test_search_writes_nothing_else(found):
    """Nothing but the JSON is on stdout, and a quiet success leaves stderr empty."""
    assert found.stdout.startswith("[")
    assert found.stderr == ""


def test_search_with_filters(index):
    """Repeated options are alternatives; city and theme must both fit."""
    done = run(
        "search",
        COST,
        "--city=sampleby",
        "--city=exampleton",
        "--theme=financing",
        index,
        "--json",
    )
    assert {hit["case_id"] for hit in parsed(done)} == {"exampleton/sunday-bonds"}


def test_search_for_people(index):
    """Without --json, a hit shows rank, title and passage."""
    done = run("search", COST, "-k", 1, index)
    assert done.returncode == 0
    assert done.stdout.startswith("1. Waste heat from the biscuit factory")
    assert "cost 7 million crowns" in done.stdout


def test_search_takes_the_index_from_the_environment(tiny_index):
    """KB_INDEX_DIR names the index when no option does."""
    done = run(
        "search", COST, "-k", 1, "--json", KB_INDEX_DIR=str(tiny_index.index_dir)
    )
    assert parsed(done)[0]["section"] == "Costs"


# ask


@pytest.fixture(scope="module")
def answered(index):
    return run_process("ask", COST, index, "--json")


def test_ask_prints_an_answer(answered):
    """An answer has every key of the contract, down to the citations' sources."""
    answer = parsed(answered)
    assert answer.keys() >= ANSWER_KEYS
    assert answer["statements"]
    assert all({"text", "citations"} <= s.keys() for s in answer["statements"])
    assert all(c.keys() >= CITATION_KEYS for c in answer["citations"])
    assert all(
        list(source) == SOURCE_KEYS
        for c in answer["citations"]
        for source in c["sources"]
    )


def test_ask_prints_the_values_of_the_contract(answered):
    """The answer has the types that scripts rely on, and its citations resolve."""
    answer = parsed(answered)
    assert answer["question"] == COST
    assert answer["language"] == "en"
    assert answer["abstained"] is False
    assert answer["reason"] == ""
    line = calibration_of(read_card().reader_id).least_confidence
    assert line <= answer["confidence"] <= 1
    assert answer["timings_ms"]["total"] > 0
    passages = {c["n"]: c["passage"] for c in answer["citations"]}
    for statement in answer["statements"]:
        assert all(statement["text"] in passages[n] for n in statement["citations"])


def test_ask_writes_nothing_else(answered):
    """Nothing but the JSON is on stdout, and a quiet success leaves stderr empty."""
    assert answered.stdout.startswith("{")
    assert answered.stderr == ""


def test_ask_when_abstaining(index):
    """An abstention is an answer of its own: exit code 0, a reason, no statements."""
    answer = parsed(run("ask", "Who won the football match?", index, "--json"))
    assert answer["abstained"] is True
    assert answer["reason"].endswith(".")
    assert answer["statements"] == answer["citations"] == []


NOT_SAID = "What did the Sunday bonds cost in Sampleby?"


def test_ask_when_no_statement_answers(index):
    """What comes closest is cited apart, so that no script takes it for an answer."""
    answer = parsed(run("ask", NOT_SAID, index, "--json"))
    assert answer["abstained"] is True
    assert answer["reason_code"] == "no-direct-answer"
    assert answer["statements"] == []
    passages = {c["n"]: c["passage"] for c in answer["citations"]}
    assert 1 <= len(answer["closest"]) <= 3
    for statement in answer["closest"]:
        assert all(statement["text"] in passages[n] for n in statement["citations"])


def test_ask_for_people_when_no_statement_answers(index):
    """Without --json, the closest statements stand below the honest sentence."""
    done = run("ask", NOT_SAID, index)
    assert done.returncode == 0
    assert "\nNo statement answers this directly" in done.stdout
    assert "The closest statements" in done.stdout
    assert "https://" in done.stdout


def test_ask_for_people(index):
    """Without --json, statements carry numbers that a list of sources explains."""
    done = run("ask", COST, index)
    assert done.returncode == 0
    assert "cost 7 million crowns in 2019. [" in done.stdout
    assert "https://heat.exampleton.example/biscuits" in done.stdout
    assert "What the sources leave open" in done.stdout


def test_ask_keeps_every_letter(index):
    """Letters outside ASCII reach stdout as they are, whatever the locale."""
    done = run_process(
        "ask", "To which temperature is 45 °C lifted?", index, "--json", LC_ALL="C"
    )
    assert "°C" in done.stdout
    assert parsed(done)["question"] == "To which temperature is 45 °C lifted?"


# --queries


@pytest.fixture
def queries(tmp_path):
    """A file with a question, three that cannot be used, and another question."""
    lines = [
        {"qid": "cost", "text": COST},
        {"qid": "empty", "text": "  "},
        {"qid": "city", "text": "heat?", "cities": ["atlantis"]},
        {"qid": "long", "text": "heat " * 8_000},
        {"qid": "bricks", "text": "bricks?", "cities": ["sampleby"], "themes": None},
    ]
    path = tmp_path / "queries.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path


def test_search_with_a_file_of_queries(index, queries):
    """Every query gets a line with its id and time, in order; bad ones an error."""
    lines = parsed_lines(run("search", "--queries", queries, "-k", 2, index, "--json"))
    assert [line["qid"] for line in lines] == [
        "cost",
        "empty",
        "city",
        "long",
        "bricks",
    ]
    assert all(line["ms"] >= 0 for line in lines)
    assert [list(line) for line in (lines[0], lines[4])] == [["qid", "ms", "hits"]] * 2
    assert [hit["section"] for hit in lines[0]["hits"]][0] == "Costs"
    assert {hit["city"] for hit in lines[4]["hits"]} == {"sampleby"}
    assert list(lines[0]["hits"][0]) == HIT_KEYS


def test_search_with_bad_queries_among_good_ones(index, queries):
    """A query that cannot be used says why and does not stop the others."""
    lines = parsed_lines(run("search", "--queries", queries, index, "--json"))
    errors = {line["qid"]: line["error"] for line in lines if "error" in line}
    assert errors.keys() == {"empty", "city", "long"}
    assert "question is empty" in errors["empty"]
    assert "'atlantis'. Use one of exampleton, sampleby" in errors["city"]
    assert "40,000 characters" in errors["long"]
    assert not any("hits" in line for line in lines if "error" in line)


def test_ask_with_a_file_of_queries(index, queries):
    """Every query gets one answer a line, with its id and time added."""
    lines = parsed_lines(run("ask", "--queries", queries, index, "--json"))
    assert [line["qid"] for line in lines] == [
        "cost",
        "empty",
        "city",
        "long",
        "bricks",
    ]
    for line in (lines[0], lines[4]):
        assert line.keys() >= ANSWER_KEYS | {"qid", "ms"}
        assert line["ms"] >= line["timings_ms"]["total"]
    assert lines[0]["statements"]
    assert "error" in lines[1]


def test_ask_with_a_query_of_a_broken_character(index, tmp_path):
    """Half a character in one query, which JSON allows, does not stop the others."""
    path = tmp_path / "queries.jsonl"
    broken = '{"qid": "broken", "text": "\\ud800 heat?"}'
    path.write_text(f'{broken}\n{{"qid": "bricks", "text": "brick"}}\n')
    lines = parsed_lines(run("ask", "--queries", path, index, "--json"))
    assert [line["qid"] for line in lines] == ["broken", "bricks"]
    assert "statements" in lines[1]


def test_queries_when_a_line_does_not_parse(index, tmp_path):
    """A file that is not JSON lines is refused with its line before any answer."""
    path = tmp_path / "queries.jsonl"
    path.write_text('{"qid": "cost", "text": "heat?"}\nheat?\n', encoding="utf-8")
    done = run("search", "--queries", path, index, "--json")
    _assert_one_sentence(done, f"{path}:2: the line is not JSON")


# status


def test_status_prints_the_manifest(index):
    """The status has model, counts and time on its first level."""
    status = parsed(run("status", index, "--json"))
    assert status.keys() >= STATUS_KEYS
    assert status["model_id"] == "intfloat/multilingual-e5-small"
    counts = [status[k] for k in ("cities", "cases", "passages", "statements")]
    assert counts == [2, 4, 11, 18]
    assert status["rejected"] == status["warnings"] == []


def test_status_for_people(index):
    """Without --json, each value has a line of its own."""
    done = run("status", index)
    assert done.returncode == 0
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert lines["cases"] == "4"
    assert (lines["rejected"], lines["warnings"]) == ("0", "0")


# coverage


@pytest.fixture(scope="module")
def covered(index, tmp_path_factory):
    """What `coverage` printed, and the CSV file that it wrote."""
    path = tmp_path_factory.mktemp("coverage") / "Ü b.csv"
    return run("coverage", index, "--json", f"--out={path}"), path


def test_coverage_prints_a_row_for_everything(covered):
    """Every city, theme and kind of section has a row, also where there is nothing."""
    rows = parsed(covered[0])
    # 2 cities, 4 themes, 9 kinds of section.
    assert len(rows) == 72
    assert all(list(row) == COVERAGE_KEYS for row in rows)
    (costs,) = [
        row
        for row in rows
        if row["statements"]
        and (row["theme"], row["section"]) == ("district-heating", "Costs")
    ]
    assert list(costs.values()) == [
        "exampleton",
        "district-heating",
        "Costs",
        1,
        1,
        1,
        0.0,
        2021.0,
        *(1, 0, 0, 0),
    ]


def test_coverage_writes_the_same_as_csv(covered):
    """The file has the same rows and columns; what is unknown stays empty."""
    done, path = covered
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames == COVERAGE_KEYS
    expected = [
        {key: "" if value is None else str(value) for key, value in row.items()}
        for row in parsed(done)
    ]
    assert rows == expected
    assert done.stderr == f"Written: {path}\n"


def test_coverage_for_people(index):
    """Without --json, a table shows statements and cases, and marks each gap."""
    done = run("coverage", index)
    assert done.returncode == 0
    assert done.stderr == ""
    (heating,) = [line for line in done.stdout.splitlines() if "district-h" in line][:1]
    # What was done 2, costs 1, results 2, obstacles 1: each of one case.
    cells = " ".join(heating.split()[2:])
    assert cells == "2 (1) – – 1 (1) – 2 (1) 1 (1) – –"
    # Ten statements, none compared; of three sources one states no year.
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["exampleton", "10", "0", "3", "2", "0", "1"] in rows


def test_coverage_when_the_file_cannot_be_written(index, tmp_path):
    """A folder that is not there is told in one line."""
    path = tmp_path / "none" / "coverage.csv"
    _assert_one_sentence(run("coverage", index, f"--out={path}"), "none")


# new


def test_new_writes_a_template(corpus):
    """A new case is written under its city, and what to do next is told."""
    options = ("--corpus", corpus)
    done = run("new", "sampleby", "A shared ladder", *options)
    path = corpus / "sampleby" / "a-shared-ladder.md"
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{path}\n")
    assert "mentorkb check" in done.stdout
    assert "A shared ladder" in path.read_text(encoding="utf-8")
    # An empty template is no case yet.
    assert run("check", *options).returncode == 1


@pytest.mark.parametrize(
    ("city", "title", "parts"),
    [
        ("atlantis", "A ladder", ["'atlantis'", "Use one of exampleton, sampleby"]),
        (
            "sampleby",
            "Borrowed bricks",
            ["'sampleby/borrowed-bricks'", "another title"],
        ),
        ("sampleby", "?!", ["no letter or digit"]),
    ],
    ids=["unknown city", "taken", "no title"],
)
def test_new_when_refused(corpus, city, title, parts):
    """What cannot be a case is told in one line, and nothing is written."""
    before = sorted(corpus.rglob("*"))
    _assert_one_sentence(run("new", city, title, "--corpus", corpus), *parts)
    assert sorted(corpus.rglob("*")) == before


# preview


def test_preview_prints_how_a_file_is_read(corpus):
    """A preview has sections, passages and statements, and nothing else on stdout."""
    file = corpus / "sampleby" / "walking-diary.pdf"
    done = run("preview", file, f"--corpus={corpus}", "--json")
    record = parsed(done)
    assert record.keys() == PREVIEW_KEYS
    assert record["case_id"] == "sampleby/walking-diary"
    assert (record["format"], record["language"], record["pages"]) == ("pdf", "en", 2)
    statements = [s for p in record["passages"] for s in p["statements"]]
    assert len(statements) == 5
    assert statements[0]["sources"] == ["S1"]
    assert record["problems"] == []


def test_preview_of_a_file_with_an_error(corpus):
    """A file that would be left out is shown all the same, with exit code 1."""
    file = corpus / "exampleton" / "biscuit-heat.md"
    file.write_text(BISCUIT_HEAT.replace("period: 2018-2021\n", ""), encoding="utf-8")
    record = parsed(run("preview", file, f"--corpus={corpus}", "--json"), code=1)
    assert len(record["passages"]) == 4
    assert ["'period' is missing" in p["reason"] for p in record["problems"]] == [True]


def test_preview_of_a_file_outside_the_corpus(corpus, tmp_path):
    """A file is previewed before it is filed; nothing is written beside it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "report.txt").write_text("The diary cost 900 crowns.", encoding="utf-8")
    done = run("preview", folder / "report.txt", f"--corpus={corpus}", "--json")
    assert [p["text"] for p in json.loads(done.stdout)["passages"]] == [
        "The diary cost 900 crowns."
    ]
    assert [path.name for path in folder.iterdir()] == ["report.txt"]


def test_preview_for_people(corpus):
    """Without --json, the counts come first and then the text."""
    file = corpus / "exampleton" / "biscuit-heat.md"
    done = run("preview", file, f"--corpus={corpus}")
    assert done.returncode == 0
    assert done.stdout.startswith("Waste heat from the biscuit factory\n")
    assert "4 sections, 4 passages, 6 statements, 1 open questions" in done.stdout


def test_preview_when_there_is_no_file(corpus):
    """A file that is not there is a problem of that file, with exit code 1."""
    file = corpus / "exampleton" / "none.md"
    record = parsed(run("preview", file, f"--corpus={corpus}", "--json"), code=1)
    (problem,) = record["problems"]
    assert problem["path"] == str(file)
    assert "cannot be read" in problem["reason"]


# check


def test_check_when_the_corpus_is_sound(corpus):
    """A sound corpus has no errors and exit code 0."""
    assert parsed(run("check", f"--corpus={corpus}", "--json"))["errors"] == 0


def test_check_when_the_corpus_has_an_error(corpus):
    """An error gives exit code 1 and a record with file, line, reason and remedy."""
    path = corpus / "exampleton" / "biscuit-heat.md"
    text = path.read_text(encoding="utf-8").replace("[^S1][^S2]", "[^S7]", 1)
    path.write_text(text, encoding="utf-8")
    line = text.splitlines().index(
        "- The ovens of a biscuit factory heat 1,200 homes through a 3 km pipe. [^S7]"
    )
    record = parsed(run("check", f"--corpus={corpus}", "--json"), code=1)
    assert record["errors"] == 1
    (problem,) = [p for p in record["problems"] if p["severity"] == "error"]
    assert problem["path"] == "exampleton/biscuit-heat.md"
    assert problem["line"] == line + 1
    assert problem["rule"] == "mark-without-source"
    assert "S7" in problem["reason"]
    assert problem["remedy"]


def test_check_for_people(corpus):
    """Without --json, each problem is one line that an editor can jump to."""
    (corpus / "exampleton" / "notes.xyz").write_text("notes")
    done = run("check", f"--corpus={corpus}")
    assert done.returncode == 1
    *problems, counts = done.stdout.splitlines()
    (error,) = [line for line in problems if "error [" in line]
    assert error.startswith("exampleton/notes.xyz: error [")
    assert counts.startswith("1 errors, 0 warnings, ")


def _severities(record) -> dict[str, int]:
    return {name: record[name] for name in ("errors", "warnings", "hints")}


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 0), ("hint", 1)]
)
def test_check_fails_on_hints_when_asked(corpus, fail_on, code):
    """A hint fails the check only for those who ask for it."""
    args = ("check", f"--corpus={corpus}", f"--fail-on={fail_on}", "--json")
    record = parsed(run(*args), code=code)
    found = _severities(record)
    assert (found["errors"], found["warnings"]) == (0, 0)
    assert found["hints"] == len(record["problems"]) > 0


@pytest.mark.parametrize(
    ("fail_on", "code"), [(None, 0), ("error", 0), ("warning", 1), ("hint", 1)]
)
def test_check_fails_on_warnings_when_asked(corpus, fail_on, code):
    """A warning fails the check from `--fail-on warning` on, and not by default."""
    path = corpus / "exampleton" / "biscuit-heat.md"
    repeated = "- A heat pump lifts the waste heat from 45 to 80 °C. [^S1]\n"
    path.write_text(BISCUIT_HEAT.replace(repeated, repeated * 2), encoding="utf-8")
    options = [f"--fail-on={fail_on}"] if fail_on else []
    args = ("check", f"--corpus={corpus}", *options, "--json")
    found = _severities(parsed(run(*args), code=code))
    assert found["errors"] == 0
    assert found["warnings"] > 0


@pytest.mark.parametrize("fail_on", ["error", "warning", "hint"])
def test_check_always_fails_on_errors(corpus, fail_on):
    """An error fails the check whatever is asked."""
    (corpus / "exampleton" / "empty.md").touch()
    done = run("check", f"--corpus={corpus}", f"--fail-on={fail_on}")
    assert done.returncode == 1


def test_check_counts_every_severity(corpus):
    """The last line for people counts errors, warnings and hints."""
    record = parsed(run("check", f"--corpus={corpus}", "--json"))
    done = run("check", f"--corpus={corpus}")
    counts = ", ".join(f"{n} {name}" for name, n in _severities(record).items())
    assert done.stdout.splitlines()[-1] == f"{counts}."


def test_check_when_there_is_no_corpus(tmp_path):
    """A missing corpus is a problem like others, with exit code 1."""
    record = parsed(run("check", f"--corpus={tmp_path / 'none'}", "--json"), code=1)
    assert "does not exist" in record["problems"][0]["reason"]


def _repeating(corpus) -> None:
    """Let a case of another city say what the biscuit factory does, word for word."""
    path = corpus / "sampleby" / "borrowed-bricks.md"
    line = "- A heat pump lifts the waste heat from 45 to 80 °C. [^S1]\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("## Obstacles\n\n", f"## Obstacles\n\n{line}"), encoding="utf-8"
    )


@pytest.mark.parametrize(
    "name", ["sampleby/borrowed-bricks.md", "{corpus}/sampleby/borrowed-bricks.md"]
)
def test_check_of_a_file(corpus, name):
    """Only its findings are shown, those among them that compare it with others."""
    _repeating(corpus)
    (corpus / "exampleton" / "empty.md").touch()
    options = (f"--corpus={corpus}", "--json")
    record = parsed(run("check", name.format(corpus=corpus), *options))
    assert record["files"] == ["sampleby/borrowed-bricks.md"]
    assert {p["path"] for p in record["problems"]} == {"sampleby/borrowed-bricks.md"}
    assert "duplicate-statement" in {p["rule"] for p in record["problems"]}
    assert run("check", "exampleton/empty.md", options[0]).returncode == 1


def test_check_of_the_file_that_is_repeated(corpus):
    """A finding about two files is shown for either, wherever it stands."""
    _repeating(corpus)
    name = "exampleton/biscuit-heat.md"
    record = parsed(run("check", name, f"--corpus={corpus}", "--json"))
    (found,) = [p for p in record["problems"] if p["rule"] == "duplicate-statement"]
    assert (found["path"], found["other"]) == ("sampleby/borrowed-bricks.md", name)
    write_pdf(corpus / "exampleton" / "biscuit-heat.pdf", ["A second document."])
    for ending in ("md", "pdf"):
        named = f"exampleton/biscuit-heat.{ending}"
        done = run("check", named, f"--corpus={corpus}")
        assert (done.returncode, "[duplicate-id]" in done.stdout) == (1, True)


@pytest.mark.parametrize("folder", ["{corpus}", "{corpus}/.."])
def test_check_of_a_folder_that_holds_all(corpus, folder):
    """A folder stands for all that lies in it, also the corpus itself."""
    options = (f"--corpus={corpus}", "--json")
    record = parsed(run("check", folder.format(corpus=corpus), *options))
    assert len(record["files"]) == 4


def test_check_of_changed_files_when_the_cities_are_broken(corpus, warm_index):
    """That is the one finding, as of a check of all."""
    (corpus / "cities.yaml").write_text("{")
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    (problem,) = parsed(run("check", "--changed", *options), code=1)["problems"]
    assert problem["rule"] == "registry"


def test_check_of_a_front_matter_file(corpus):
    """A sidecar stands for its document."""
    sidecar = "sampleby/walking-diary.pdf.yaml"
    path = corpus / sidecar
    path.write_text(path.read_text().replace("year: 2023", "year: 'soon'"))
    done = run("check", sidecar, f"--corpus={corpus}")
    assert done.returncode == 1
    *_, error, counts = done.stdout.splitlines()
    assert error.startswith(f"{sidecar}:")
    assert counts == "1 errors, 0 warnings, 0 hints in 1 of the corpus's files."


def test_check_of_what_is_no_case(corpus):
    """A file that the corpus does not hold is named, with what to do."""
    done = run("check", "cities.yaml", f"--corpus={corpus}")
    _assert_one_sentence(done, "'cities.yaml' is no case file", "mentorkb preview FILE")


def test_check_when_the_index_cannot_be_reached(corpus):
    """The corpus is checked all the same, but nothing can be told to be changed."""
    nowhere = {"KB_CHROMA_URL": "http://127.0.0.1:9"}
    done = run("check", f"--corpus={corpus}", **nowhere)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("0 errors, 0 warnings")
    done = run("check", "--changed", f"--corpus={corpus}", **nowhere)
    assert (done.returncode, done.stdout) == (2, "")


def test_check_of_changed_files(corpus, warm_index):
    """After an ingestion only what was changed since is shown; before it, all."""
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    assert len(parsed(run("check", "--changed", *options))["files"]) == 4
    parsed(run("ingest", *options))
    assert parsed(run("check", "--changed", *options))["files"] == []
    _repeating(corpus)
    (corpus / "exampleton" / "notes.xyz").write_text("notes")
    record = parsed(run("check", "--changed", *options), code=1)
    assert record["files"] == ["exampleton/notes.xyz", "sampleby/borrowed-bricks.md"]
    assert record["errors"] == 1
    one = parsed(run("check", "sampleby", "--changed", *options))
    assert one["files"] == ["sampleby/borrowed-bricks.md"]


# ingest


def test_ingest_publishes(corpus, warm_index):
    """A first ingestion prints its report, exits with 0, and is what status shows."""
    options = (f"--corpus={corpus}", f"--index={warm_index}")
    done = run_process("ingest", *options, "--json")
    report = parsed(done)
    assert report.keys() == INGEST_KEYS
    assert report["states"] == {
        "added": 4,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert list(report["outcomes"][0]) == ["path", "state", "seconds"]
    assert "Verifying" in report["seconds_by_step"]
    assert report["unchanged"] is False
    assert report["rejected"] == []
    assert report["files"] == report["counts"]["cases"] == 4
    assert (report["embedded"], report["from_cache"] > 0) == (0, True)
    status = parsed(run("status", options[1], "--json"))
    assert status["generation"] == report["generation"]


def test_ingest_shows_progress_on_stderr(corpus, warm_index):
    """Progress goes to stderr as lines, so that stdout can be piped."""
    done = run_process(
        "ingest", f"--corpus={corpus}", f"--index={warm_index}", "--json"
    )
    told = done.stderr.splitlines()
    assert "Reading files: 0 of 4" in told
    assert "Nothing is to be computed anew." in told
    assert any(line.startswith("Computing vectors: 0 of ") for line in told)
    assert parsed(done)["unchanged"] is False


def test_ingest_when_nothing_changed(corpus, warm_index):
    """A second ingestion of the same corpus writes nothing and says so."""
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    first, second = parsed(run("ingest", *options)), parsed(run("ingest", *options))
    assert second["unchanged"] is True
    assert second["generation"] == first["generation"]
    assert (second["embedded"], second["from_cache"]) == (0, 0)


def test_ingest_when_a_file_is_rejected(corpus, warm_index):
    """A file that cannot be used is named; the rest is published with exit code 1."""
    (corpus / "sampleby" / "empty.md").write_text("")
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    report = parsed(run("ingest", *options), code=1)
    assert [p["path"] for p in report["rejected"]] == ["sampleby/empty.md"]
    assert report["rejected"][0]["severity"] == "error"
    assert report["counts"]["cases"] == 4


def test_ingest_when_no_file_can_be_used(corpus, warm_index):
    """Without a usable file nothing is published, and the old index stays."""
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    before = parsed(run("ingest", *options))["generation"]
    for path in corpus.glob("*/*"):
        path.unlink()
    (corpus / "sampleby" / "empty.md").write_text("")
    report = parsed(run("ingest", *options), code=2)
    assert report["generation"] is None
    assert [p["path"] for p in report["rejected"]] == ["sampleby/empty.md"]
    assert parsed(run("status", *options[1:]))["generation"] == before


def test_ingest_for_people(corpus, warm_index):
    """Without --json, the report names what is new, then the counts."""
    done = run("ingest", f"--corpus={corpus}", f"--index={warm_index}")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("added: exampleton/biscuit-heat.md (")
    assert (
        lines[4] == "4 files: 4 added, 0 changed, 0 removed, 0 unchanged, 0 rejected."
    )
    assert lines[5].startswith("Published: 4 cases of 2 cities, 11 passages")


def test_ingest_when_many_files_are_gone(corpus, warm_index):
    """A folder that lost most of its files stops, until that is said to be meant."""
    copies = [corpus / "exampleton" / f"heat-{number}.md" for number in range(10)]
    for path in copies:
        path.write_text(BISCUIT_HEAT, encoding="utf-8")
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    before = parsed(run("ingest", *options))
    for path in copies:
        path.unlink()
    done = run("ingest", *options)
    _assert_one_sentence(done, "10 of the 14 published files", "--allow-removals")
    assert parsed(run("status", *options[1:]))["generation"] == before["generation"]
    report = parsed(run("ingest", "--allow-removals", *options))
    assert (report["states"]["removed"], report["counts"]["cases"]) == (10, 4)


# rollback


def test_rollback_publishes_the_index_before(corpus, warm_index):
    """The index before is published again, and its manifest printed as JSON only."""
    options = (f"--corpus={corpus}", f"--index={warm_index}", "--json")
    first = parsed(run("ingest", *options))
    (corpus / "exampleton" / "sunday-bonds.md").unlink()
    second = parsed(run("ingest", *options))
    record = parsed(run("rollback", *options[1:]))
    assert (record["generation"], record["cases"]) == (first["generation"], 4)
    assert (record["left"], record["older"]) == (second["generation"], 0)
    status = parsed(run("status", *options[1:]))
    assert status["generation"] == first["generation"]
    # The one that was left is newer: there is nothing to go back to.
    _assert_one_sentence(run("rollback", options[1]), "no index older", "ingest")


def test_rollback_for_people(corpus, warm_index):
    """Without --json, what is published now and what to do next are told."""
    options = (f"--corpus={corpus}", f"--index={warm_index}")
    run("ingest", *options)
    (corpus / "exampleton" / "sunday-bonds.md").unlink()
    run("ingest", *options)
    done = run("rollback", options[1])
    assert done.returncode == 0
    assert done.stdout.startswith("Published again: the index of ")
    assert "with 4 cases" in done.stdout
    assert "correct it first" in done.stdout


# Errors


def _assert_one_sentence(done, *parts):
    """Check exit code 2, empty stdout, and one readable line on stderr."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    assert "Traceback" not in line
    for part in parts:
        assert part in line


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (["ask"], ["no question is given", "--queries"]),
        (["ask", ""], ["the question is empty", "Type a question"]),
        (["search", "?!"], ["'?!' holds no letters or digits", "in words"]),
        (["ask", "a" * 1_001], ["1,001 characters", "limit is 1,000"]),
        (
            ["search", "heat", "--city=atlantis"],
            ["no city 'atlantis'", "Use one of exampleton, sampleby"],
        ),
        (["ask", "heat", "--theme=x"], ["no theme 'x'", "Use one of district-heating"]),
        (["search", "--queries=/none", "--json"], ["/none", "JSON lines file"]),
        (["ask", "--queries=/none"], ["JSON lines only", "Add --json"]),
    ],
    ids=[
        "no question",
        "empty question",
        "punctuation",
        "long question",
        "unknown city",
        "unknown theme",
        "no file of queries",
        "queries without json",
    ],
)
def test_error_in_a_question(index, args, parts):
    """What cannot be asked is told in one line with the remedy, and exit code 2."""
    _assert_one_sentence(run(*args, index), *parts)


def test_error_when_a_question_is_not_text(index):
    """A question in the wrong encoding, as from an old terminal, is refused."""
    done = run_process("ask", os.fsdecode(b"\xff heat"), index, "--json")
    _assert_one_sentence(done, "question")


@pytest.mark.parametrize(
    "command",
    [["status"], ["ask", "heat"], ["search", "heat"], ["coverage"], ["rollback"]],
    ids=lambda command: command[0],
)
def test_error_when_there_is_no_index(tmp_path, command):
    """Before the first ingestion, every command names it."""
    done = run(*command, f"--index={tmp_path}", "--json")
    _assert_one_sentence(done, str(tmp_path), "Run `mentorkb ingest` first")


def test_error_when_the_index_is_a_file(tmp_path):
    """A file in the place of the index folder is told in one line."""
    path = tmp_path / "notes.txt"
    path.write_text("not an index")
    _assert_one_sentence(run("status", f"--index={path}"), "notes.txt")


def test_error_when_the_index_is_damaged(tmp_path):
    """A pointer to a generation that is gone names the repair."""
    (tmp_path / "current").write_text("gone\n")
    done = run("ask", "heat", f"--index={tmp_path}")
    _assert_one_sentence(done, "manifest cannot be read", "`mentorkb ingest`")


def test_error_when_there_is_no_corpus(tmp_path):
    """An ingestion without a corpus publishes nothing and names the option."""
    done = run(
        "ingest", f"--corpus={tmp_path / 'none'}", f"--index={tmp_path}", "--json"
    )
    _assert_one_sentence(done, "none' does not exist", "--corpus")


@pytest.mark.parametrize(
    ("variable", "parts"),
    [
        ({"KB_MODLE": "x"}, ["unknown setting KB_MODLE", "Did you mean KB_MODEL?"]),
        (
            {"KB_PASSAGE_TOKENS": "7"},
            ["KB_PASSAGE_TOKENS = '7' does not fit", "remove"],
        ),
        (
            {"KB_CHROMA_HEADER": "made-up-secret"},
            ["KB_CHROMA_HEADER does not fit", "Name: value"],
        ),
    ],
    ids=["unknown", "out of bounds", "secret"],
)
def test_error_in_the_settings(index, variable, parts):
    """A wrong KB_ variable stops every command with its name, and shows no secret."""
    done = run("status", index, **variable)
    _assert_one_sentence(done, *parts)
    assert "made-up-secret" not in done.stderr


def test_error_with_debug(tmp_path):
    """With --debug, the traceback is shown too."""
    done = run_process("--debug", "status", f"--index={tmp_path}")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "IndexNotFoundError" in done.stderr


def test_debug_when_headers_travel():
    """What it shows of a conversation with a server holds no header, of either side."""

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(HTTPStatus.INTERNAL_SERVER_ERROR)
            self.send_header("Set-Cookie", "session=made-up-answer")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run_process(
            *("--debug", "status"),
            KB_CHROMA_URL=f"http://127.0.0.1:{server.server_port}",
            KB_CHROMA_HEADER="Authorization: Bearer made-up-question",
        )
        server.shutdown()
    assert "Traceback" in done.stderr
    assert "500" in done.stderr
    assert "made-up" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["search", "heat", "-k", 0],
        ["search", "heat", "-k", 101],
        ["ask", "--bogus"],
        ["x"],
        ["check", "--fail-on=never"],
        ["new", "sampleby"],
        ["preview"],
    ],
    ids=[
        "k of 0",
        "k of 101",
        "unknown option",
        "unknown command",
        "unknown severity",
        "no title",
        "no file",
    ],
)
def test_usage_error(args):
    """A command that is typed wrongly exits with 2 and leaves stdout empty."""
    done = run(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_help_names_every_command():
    """The help lists the commands of the contract."""
    done = run_process("--help")
    assert done.returncode == 0
    for command in (
        "new",
        "preview",
        "check",
        "ingest",
        "rollback",
        "status",
        "coverage",
        "search",
        "ask",
        "serve",
        "feedback",
        "eval",
    ):
        assert f" {command} " in done.stdout
