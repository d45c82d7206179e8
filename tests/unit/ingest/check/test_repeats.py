"""Repetitions: statements that stand in more than one case."""

from __future__ import annotations

from dataclasses import replace

from ingest.check.repeats import repeated_statements
from ingest.check.statements import PlacedStatement
from tests.unit.ingest.check.written import places

BRICK = "Every brick of the old brewery was cleaned by hand and tested for frost."
NEAR = "Every brick of the old brewery was cleaned by machine and tested for frost."
STATEMENT = PlacedStatement("a/one.md", 3, None, "Costs", BRICK, ("S1",))


def at(path: str, line: int, text: str) -> PlacedStatement:
    """Return a statement at a place."""
    return replace(STATEMENT, path=path, line=line, text=text)


def test_repeated_statements_when_one_stands_in_two_cases():
    """The later one is named with the place of the earlier one."""
    (problem,) = repeated_statements([STATEMENT, at("b/two.md", 7, BRICK)])
    assert places([problem]) == [("b/two.md", 7, "duplicate-statement")]
    assert problem.severity == "warning"
    assert problem.reason.endswith("stands also in a/one.md:3.")


def test_repeated_statements_when_only_the_writing_differs():
    """Capitals, accents and punctuation make no other statement."""
    other = at("b/two.md", 7, BRICK.upper().replace(".", " !").replace("E", "É"))
    (problem,) = repeated_statements([STATEMENT, other])
    assert problem.rule == "duplicate-statement"


def test_repeated_statements_when_one_word_differs():
    """A near repetition is a hint that shows both texts, once a pair."""
    (problem,) = repeated_statements([STATEMENT, at("b/two.md", 7, NEAR)])
    assert places([problem]) == [("b/two.md", 7, "near-duplicate-statement")]
    assert problem.severity == "hint"
    assert (
        "a/one.md:3: 'Every brick of the old brewery was cleaned by" in problem.reason
    )


def test_repeated_statements_when_the_order_of_words_differs():
    """The same words in another order are nearly the same statement."""
    words = BRICK.split()
    other = at("b/two.md", 7, " ".join(words[7:] + words[:7]))
    (problem,) = repeated_statements([STATEMENT, other])
    assert problem.rule == "near-duplicate-statement"


def test_repeated_statements_when_they_stand_in_one_case():
    """Repetition inside one file is not the question here."""
    same = [STATEMENT, at("a/one.md", 8, BRICK), at("a/one.md", 9, NEAR)]
    assert list(repeated_statements(same)) == []


def test_repeated_statements_when_they_are_too_short_to_tell():
    """Five words, such as a caption, may stand in every case."""
    short = "The city paid for it."
    assert (
        list(repeated_statements([at("a/one.md", 3, short), at("b/two.md", 7, short)]))
        == []
    )
    longer = "The city paid for it twice."
    assert (
        len(
            list(
                repeated_statements([at("a/o.md", 3, longer), at("b/t.md", 7, longer)])
            )
        )
        == 1
    )


def test_repeated_statements_when_they_share_half_of_their_words():
    """Statements of one kind about other things are no repetition."""
    other = "Every beam of the old station was sawn by hand and sold for firewood."
    assert list(repeated_statements([STATEMENT, at("b/two.md", 7, other)])) == []


def test_repeated_statements_when_three_cases_say_the_same():
    """Each later one names the first, so no pair is reported twice."""
    said = [STATEMENT, at("b/two.md", 7, BRICK), at("c/three.md", 9, NEAR)]
    assert places(list(repeated_statements(said))) == [
        ("b/two.md", 7, "duplicate-statement"),
        ("c/three.md", 9, "near-duplicate-statement"),
    ]


def test_repeated_statements_when_several_are_near():
    """The nearest of the earlier statements is named.

    Fifteen words are common. The first two share 15 of 27, the third shares 17 of 25
    with the first and 19 of 23 with the second.
    """
    common = (
        "Every brick of the old brewery was cleaned by hand and then tested for frost"
    )
    said = [
        at("a/one.md", 2, f"{common} before winter under cover near town."),
        at("b/two.md", 3, f"{common} twice against rain without much luck."),
        at("c/three.md", 4, f"{common} before winter twice against rain without."),
    ]
    (problem,) = repeated_statements(said)
    assert "nearly the same as b/two.md:3" in problem.reason


def test_repeated_statements_when_there_are_none():
    """No statements give no findings."""
    assert list(repeated_statements([])) == []
