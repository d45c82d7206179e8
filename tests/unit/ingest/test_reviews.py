"""A review, a title and a year stand for one text: what a change of it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.check import check_corpus
from ingest.corpus import file_digests
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.published import Published
from ingest.readers import digest_of_text
from ingest.reviews import Confirmations, compare_texts
from ingest.texts import MARK_DIGITS
from kb.settings import Settings
from kb.types import Problem
from tests.support.tiny_corpus import SUNDAY_BONDS, write_pdf
from tests.unit.ingest.readers.files import read_file

BONDS, DIARY = "exampleton/sunday-bonds.md", "sampleby/walking-diary.pdf"
LIMITS = Limits.of(Settings())
CHANGED = SUNDAY_BONDS.replace("2 million crowns", "3 million crowns")
MARK = digest_of_text(SUNDAY_BONDS.encode(), BONDS)[:MARK_DIGITS]


def reject(corpus: Path) -> None:
    write(corpus, SUNDAY_BONDS.replace("period: 2020-ongoing", "period:"))


def take_away(corpus: Path) -> None:
    (corpus / BONDS).unlink()


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Path:
    return tiny_corpus()


def compared(corpus: Path, published: Published | None = None) -> Confirmations:
    """Compare a corpus with what is published, which is nothing by default."""
    files = list_corpus(corpus).files
    documents = [read_file(file, corpus) for file in files]
    return compare_texts(
        [document.case for document in documents if document.case],
        [document.text for document in documents if document.text],
        [document.path for document in documents],
        (published or Published()).texts,
    )


def publish(corpus: Path, published: Published | None = None) -> Published:
    """Return what an index of the corpus remembers of it."""
    digests = file_digests(list_corpus(corpus).files, corpus, LIMITS)
    return Published(None, digests, compared(corpus, published).texts)


def write(corpus: Path, text: str, path: str = BONDS) -> None:
    (corpus / path).write_text(text, encoding="utf-8")


def rules(found: Confirmations) -> list[str]:
    return [problem.rule for problem in found.problems]


def test_review_of_an_unchanged_text(corpus):
    """What is not changed, or only in its margins and front matter, stays reviewed."""
    published = publish(corpus)
    assert compared(corpus, published) == Confirmations(dict(published.texts))
    text = SUNDAY_BONDS.replace("Sunday bonds for", "Bonds for") + "\n\n"
    write(corpus, text.replace("[^S1]\n", "[^S1]  \r\n"))
    found = compared(corpus, published)
    assert (found.problems, found.outdated) == ([], set())


def test_review_when_a_heading_joins_the_line_before(corpus):
    """A line break makes a heading: without it the text says something else."""
    published = publish(corpus)
    joined = SUNDAY_BONDS.replace(
        "\n\n## Lessons\n\n- Selling", " ## Lessons - Selling"
    )
    write(corpus, joined)
    assert rules(compared(corpus, published)) == ["outdated-review"]


def test_review_of_a_changed_text(corpus):
    """It is outdated, told with line and remedy, and the case counts as a draft."""
    published = publish(corpus)
    write(corpus, CHANGED)
    found = compared(corpus, published)
    (problem,) = found.problems
    line = SUNDAY_BONDS[: SUNDAY_BONDS.index("review:")].count("\n") + 1
    assert (problem.path, problem.line, problem.severity) == (BONDS, line, "warning")
    assert "An Invented Expert, 2024-05-01" in problem.reason
    case = read_file(corpus / BONDS, corpus).case
    assert case is not None
    (draft,) = found.as_they_stand([case])
    assert (draft.review.status, draft.review.by) == ("draft", None)


def test_review_stays_outdated_until_it_is_renewed(corpus):
    """The index remembers the reviewed text: the old one, a new day or draft settle."""
    first = publish(corpus)
    write(corpus, CHANGED)
    second = publish(corpus, first)
    assert rules(compared(corpus, second)) == ["outdated-review"]
    write(corpus, CHANGED.replace("8 eight", "8 years") + "- More. [^S1]\n")
    assert rules(compared(corpus, second)) == ["outdated-review"]
    for settled in (
        SUNDAY_BONDS,
        CHANGED.replace("2024-05-01", "2024-05-02"),
        CHANGED.replace("An Invented", "Another"),
        CHANGED.replace("status: reviewed", "status: draft"),
    ):
        write(corpus, settled)
        assert rules(compared(corpus, second)) == []


@pytest.mark.parametrize("between", [reject, take_away])
def test_review_when_the_file_was_out_of_the_index(corpus, between):
    """What comes back with another text is remembered, however it was away."""
    first = publish(corpus)
    between(corpus)
    second = publish(corpus, first)
    assert BONDS not in compared(corpus, second).outdated
    write(corpus, CHANGED)
    assert rules(compared(corpus, second)) == ["outdated-review"]


def test_review_when_the_file_is_renamed(corpus):
    """An outdated review stays so under another name."""
    first = publish(corpus)
    write(corpus, CHANGED)
    second = publish(corpus, first)
    (corpus / BONDS).rename(corpus / "exampleton" / "bonds.md")
    found = compared(corpus, second)
    assert found.outdated == {"exampleton/bonds.md"}
    assert rules(found) == ["outdated-review", "renamed-file"]


def test_review_that_names_its_text(corpus):
    """The digest in the front matter counts, also where no index remembers anything."""
    named = f"'on': 2024-05-01, text: \"{MARK}\""
    text = SUNDAY_BONDS.replace("'on': 2024-05-01", named)
    write(corpus, text)
    assert rules(compared(corpus)) == []
    write(corpus, text.replace("2 million", "3 million"))
    (problem,) = compared(corpus).problems
    new = problem.remedy.partition('text: "')[2][:8]
    write(corpus, text.replace("2 million", "3 million").replace(MARK, new))
    assert rules(compared(corpus, publish(corpus))) == []


def test_document_that_was_replaced(corpus):
    """Title and years are asked for again, each unless it was changed with it."""
    published = publish(corpus)
    write_pdf(corpus / DIARY, ["Another diary.\nNobody walked to school in 2024."])
    (problem,) = compared(corpus, published).problems
    assert (problem.path, problem.line) == (f"{DIARY}.yaml", 1)
    assert problem.rule == "replaced-document"
    assert "title and years are as" in problem.reason
    sidecar = corpus / f"{DIARY}.yaml"
    sidecar.write_text(sidecar.read_text().replace("year: 2023", "year: 2024"))
    (problem,) = compared(corpus, published).problems
    assert "but title is as" in problem.reason
    sidecar.write_text(sidecar.read_text().replace("title: A walking", "title: A new"))
    assert rules(compared(corpus, published)) == []


def test_file_that_was_renamed(corpus):
    """The old id, what it breaks and the command that keeps it are told."""
    published = publish(corpus)
    (corpus / BONDS).rename(corpus / "exampleton" / "bonds.md")
    (problem,) = compared(corpus, published).problems
    assert (problem.path, problem.rule) == ("exampleton/bonds.md", "renamed-file")
    assert "from exampleton/sunday-bonds to exampleton/bonds" in problem.reason
    assert f"`mentorkb move exampleton/bonds.md {BONDS}`" in problem.remedy


def test_copy_of_a_file_is_no_renamed_one(corpus):
    """A file whose text also stands in one that is still there is a new case."""
    published = publish(corpus)
    write(corpus, SUNDAY_BONDS, "exampleton/more-bonds.md")
    assert rules(compared(corpus, published)) == []


def test_check_tells_what_is_to_be_confirmed(corpus):
    """The check of the corpus reports it with the rest."""

    def check(published: Published | None) -> list[Problem]:
        day = date(2024, 6, 1)
        return check_corpus(corpus, LIMITS, today=day, published=published)

    published = publish(corpus)
    write(corpus, CHANGED)
    assert "outdated-review" in {problem.rule for problem in check(published)}
    assert "outdated-review" not in {problem.rule for problem in check(None)}
