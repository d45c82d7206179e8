"""A preview shows how a file is read, wherever it lies and whatever it lacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket

from ingest.limits import Limits
from ingest.preview import Preview, preview, preview_record, preview_text
from ingest.registry import read_registry
from kb.review import mark_of
from kb.settings import Settings
from tests.support.tiny_corpus import BISCUIT_HEAT, write_pdf

LIMITS = Limits.of(Settings())


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Keep the network off; processes talk through sockets of the system's own."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Path:
    return tiny_corpus()


def seen(path: Path, corpus: Path) -> Preview:
    return preview(path, corpus, read_registry(corpus), LIMITS, 300)


def files(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_case_of_the_corpus(corpus):
    """Counts, marks and open questions of a case are those of its file."""
    result = seen(corpus / "exampleton" / "biscuit-heat.md", corpus)

    assert result.case_id == "exampleton/biscuit-heat"
    assert result.title == "Waste heat from the biscuit factory"
    assert (result.format, result.language, result.pages) == ("md", "en", None)
    assert [(s.section, s.passages, s.statements) for s in result.sections] == [
        ("What was done", 1, 2),
        ("Costs", 1, 1),
        ("Results", 1, 2),
        ("Obstacles", 1, 1),
    ]
    assert result.passages[0].statements[0].sources == ("S1", "S2")
    assert result.open_questions == (
        "What the factory is paid for its heat is not published.",
    )
    assert result.problems == ()


def test_pdf_of_the_corpus_has_pages(corpus):
    """Each passage of a PDF names its page, and the last page is the page count."""
    result = seen(corpus / "sampleby" / "walking-diary.pdf", corpus)

    assert result.pages == 2
    assert [passage.page for passage in result.passages] == [1, 2]
    assert result.passages[0].statements[0].sources == ("S1",)


def test_file_anywhere_without_front_matter(corpus, tmp_path):
    """A file that is not in the corpus yet is read; what it lacks is a problem."""
    before = files(corpus)
    path = write_pdf(tmp_path / "inbox" / "Ladder Report.pdf", ["A ladder is lent."])

    result = seen(path, corpus)

    assert [p.text for p in result.passages] == ["A ladder is lent."]
    assert [(p.path, p.rule) for p in result.problems] == [
        (str(path), "front-matter-missing")
    ]
    assert "Ladder Report.pdf.yaml" in result.problems[0].remedy
    assert files(corpus) == before
    assert list(path.parent.iterdir()) == [path]


def test_case_anywhere_keeps_its_front_matter(corpus, tmp_path):
    """A complete case outside the corpus is not blamed for its folder."""
    path = tmp_path / "inbox" / "biscuits.md"
    path.parent.mkdir()
    path.write_text(BISCUIT_HEAT, encoding="utf-8")

    result = seen(path, corpus)

    assert result.problems == ()
    assert result.title == "Waste heat from the biscuit factory"


def test_wrong_front_matter_does_not_hide_the_text(corpus):
    """A case that an ingestion would reject is shown, with what is wrong and where."""
    path = corpus / "exampleton" / "wrong.md"
    path.write_text(BISCUIT_HEAT.replace("title: Waste", "titel: Waste"))

    result = seen(path, corpus)

    assert {problem.rule for problem in result.problems} == {"front-matter-schema"}
    assert result.problems[0].path == str(path)
    assert len(result.passages) == 4
    assert result.title == ""


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7 torn"])
def test_unreadable_file(corpus, tmp_path, content):
    """A file that cannot be read at all gives its problem and no passages."""
    path = tmp_path / "torn.pdf"
    if content is not None:
        path.write_bytes(content)

    result = seen(path, corpus)

    (problem,) = result.problems
    assert (problem.path, problem.severity) == (str(path), "error")
    assert (result.passages, result.language, result.pages) == ((), "und", None)


def test_path_with_dots_is_not_in_the_corpus(corpus):
    """A path that leaves the corpus again does not count as part of it."""
    path = corpus / ".." / "outside.md"
    path.write_text(BISCUIT_HEAT)

    assert seen(path, corpus).problems == ()


def test_record_has_the_documented_keys(corpus):
    """The JSON has these keys, and only what JSON can hold."""
    path = corpus / "sampleby" / "walking-diary.pdf"

    record = json.loads(json.dumps(preview_record(seen(path, corpus))))

    assert list(record) == [
        *("path", "case_id", "title", "heading", "format", "language", "pages"),
        *("sections", "passages", "open_questions", "problems", "figures"),
    ]
    assert list(record["sections"][0]) == ["section", "passages", "statements"]
    assert list(record["passages"][0]) == [
        *("passage_id", "section", "page", "language", "text", "statements"),
        "uncertain",
    ]
    assert record["passages"][0]["statements"][0] == {
        "text": "Walking diary of Sampleby.",
        "sources": ["S1"],
        "mark": "p1.f96a0f2c",
    }


def test_text_begins_with_the_counts(corpus):
    """The terminal shows title, id, counts, and then every statement with its marks."""
    lines = preview_text(
        seen(corpus / "exampleton" / "biscuit-heat.md", corpus)
    ).splitlines()

    assert lines[:3] == [
        "Waste heat from the biscuit factory",
        "exampleton/biscuit-heat, format md, language en",
        "4 sections, 4 passages, 6 statements, 1 open questions, problems: 0",
    ]
    assert "       1           2  What was done" in lines
    assert (
        "  - The ovens of a biscuit factory heat 1,200 homes through a 3 km pipe. "
        "[S1] [S2] (what-was-done.2e83d1ac)"
    ) in lines
    assert any(line.startswith("  ? What the factory is paid") for line in lines)


def test_figures_that_were_read(corpus, tmp_path):
    """Figures are proposed by the marks of their statements, as unconfirmed ones."""
    path = tmp_path / "bygget.txt"
    path.write_text(
        "Bygget kostade 1,6 miljarder kronor. Kommunen sparar 4 300 MWh om året.\n",
        encoding="utf-8",
    )
    result = seen(path, corpus)
    marks = [s.mark for passage in result.passages for s in passage.statements]

    assert [(f.value, f.unit) for f in result.figures] == [
        (1.6e9, "SEK"),
        (4300, "MWh"),
    ]
    assert [mark_of(f.statement_id) for f in result.figures] == marks
    assert "nobody has confirmed" in preview_text(result)
