"""What the Compare page does with a question and cities, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kb import KnowledgeBase, Settings
from kb.sections import STATED
from kb.types import Query
from ui.compare.start import examples

HEAT = "What did the pipe and the heat pump cost?"
BOTH = ["exampleton", "sampleby"]


def shown(app) -> str:
    """Return the HTML of the page."""
    return "".join(element.proto.body for element in app.get("html"))


def cells(app) -> list[str]:
    """Return the text of the table's cells, row by row."""
    found = re.findall(r"<td.*?</td>", shown(app), re.DOTALL)
    return [re.sub("<.*?>", " ", cell) for cell in found]


@pytest.fixture
def comparisons(monkeypatch) -> list[Query]:
    """Return what is compared, as it comes."""
    asked: list[Query] = []
    compare = KnowledgeBase.compare

    def counted(kb, query):
        asked.append(query)
        return compare(kb, query)

    monkeypatch.setattr(KnowledgeBase, "compare", counted)
    return asked


def test_table_when_the_address_is_shared(open_page):
    """An address with a question and two cities shows the whole table at once."""
    app = open_page("compare", q=HEAT, city=BOTH)
    table = shown(app)
    assert table.count('role="rowheader"') == len(STATED) + 2
    assert "7 million crowns in 2019" in table
    assert app.text_area(key="q").value == HEAT


def test_question_when_it_is_long(open_page):
    """The page says which beginning was read."""
    app = open_page("compare", q=f"{HEAT} {'heat ' * 190}".strip(), city=BOTH)
    (told,) = app.info
    assert HEAT.rstrip("?") in told.value


@pytest.mark.parametrize(
    ("is_silent", "told"), [(False, "Nothing found"), (True, "Not in our sources")]
)
def test_cell_when_a_city_says_nothing(open_page, monkeypatch, is_silent, told):
    """Only where all of a city was read, the sources are said to lack something.

    What the words of the empty cells mean is told, and of no others.
    """
    compare = KnowledgeBase.compare

    def read(kb, query):
        found = compare(kb, query)
        silent = frozenset(found.rows if is_silent else ())
        columns = [replace(column, silent=silent) for column in found.columns]
        return replace(found, columns=tuple(columns))

    monkeypatch.setattr(KnowledgeBase, "compare", read)
    app = open_page("compare", q=HEAT, city=BOTH)
    of_sampleby = cells(app)[1::2]
    assert all(told in cell for cell in of_sampleby[1:-1])
    (explained,) = (c.value for c in app.caption if c.value.startswith("*No"))
    assert explained.startswith(f"*{told}*:")
    assert "The nearest:" in of_sampleby[0]
    assert all(re.search(r"\w", cell.replace("Exampleton", "")) for cell in cells(app))


def test_numbers_when_opened(open_page):
    """Each number in the table is a button that names what it opens."""
    table = shown(open_page("compare", q=HEAT, city=BOTH))
    numbers = re.findall(r'data-click="(\d+)" aria-label="Number (\d+):', table)
    assert numbers
    assert numbers == [(str(n), str(n)) for n in range(1, len(numbers) + 1)]


def test_comparison_when_the_page_is_run_again(open_page, comparisons):
    """A rerun of the same comparison costs no search."""
    app = open_page("compare", q=HEAT, city=BOTH)
    app.run()
    assert [query.text for query in comparisons] == [HEAT]


def test_briefing_when_all_is_collected(open_page):
    """One click adds every statement of the table to the briefing, once."""
    app = open_page("compare", q=HEAT, city=BOTH)
    button = app.button(key="collect-all")
    n = len(set(re.findall(r'data-click="(\d+)"', shown(app))))
    assert n > 1
    assert button.label == f"Add all {n} statements to the briefing"
    button.click().run()
    assert not app.exception
    items = app.session_state["briefing"].items
    assert [item.question for item in items] == [HEAT] * n
    assert "collect-all" not in [b.key for b in app.button]


def test_suggestion_when_no_city_is_chosen(open_page):
    """A question alone is asked for cities; one that is chosen already stays."""
    app = open_page("compare", q=HEAT, city="sampleby")
    assert app.info[0].value == "Choose two to four cities."
    suggestion = app.button(key="suggested-cities")
    assert suggestion.label == "Compare Sampleby and Exampleton"
    suggestion.click().run()
    assert app.multiselect[0].value == ["sampleby", "exampleton"]
    assert "7 million crowns" in shown(app)


def test_theme_when_chosen(open_page):
    """A theme in the address leaves out the cases of others."""
    app = open_page("compare", q=HEAT, city=BOTH, theme="district-heating")
    assert app.multiselect[1].value == ["district-heating"]
    assert "7 million crowns" in shown(app)
    app = open_page("compare", q=HEAT, city=BOTH, theme="circular-construction")
    assert "7 million crowns" not in shown(app)


def test_message_when_the_question_is_off_topic(open_page):
    """A question about something else is refused in the words of the Ask page."""
    app = open_page("compare", q="Who won the football championship?", city=BOTH)
    assert "The sources do not answer this" in [h.value for h in app.header]
    assert "<table" not in shown(app)


def test_message_when_only_cities_are_named(open_page):
    """Names of cities alone are answered with what to type."""
    app = open_page("compare", q="Exampleton, Sampleby", city=BOTH)
    (warning,) = app.warning
    assert "names nothing but cities" in warning.value


def test_start_when_nothing_is_asked(open_page):
    """Without a question the page says what it does; examples need their own cities."""
    app = open_page("compare")
    assert "Put one question to two to four cities" in shown(app)
    assert not [b for b in app.button if (b.key or "").startswith("comparison-")]


def test_examples_have_something_in_every_column(shipped_index, embedder):
    """Every example finds a case for each of its cities in the shipped corpus."""
    kb = KnowledgeBase(Settings(index_dir=shipped_index), embedder)
    for question, cities in examples():
        found = kb.compare(Query(question, cities))
        assert all(column.cases for column in found.columns), question
    kb.close()
