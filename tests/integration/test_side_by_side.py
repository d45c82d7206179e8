"""Comparisons of invented cities, and of the shipped ones with judged questions."""

from __future__ import annotations

import pytest

from evals.qrels import RELEVANT, read_qrels
from evals.questions import Split, read_questions, split_file
from kb import KnowledgeBase, Settings
from kb.errors import QueryError
from kb.sections import STATED
from kb.types import Query
from tests.support.fakes import FakeEmbedder, FakeReader
from tests.support.kb_fixtures import ReadKnowledgeBase, Texts, write_generation

BOTH = ("sampleby", "exampleton")
HEAT = Query("What did the pipe and the heat pump cost?", BOTH)


@pytest.fixture(scope="module")
def heat(kb):
    """A comparison that only Exampleton has a case for."""
    return kb.compare(HEAT)


@pytest.fixture
def compare(tmp_path):
    """Return a function that compares cities in made-up texts, words as vectors.

    The reader finds that texts with one of the given words answer, or, where the words
    have log-odds to answer and to help, what these say; None: nothing reads.
    """
    opened: list[KnowledgeBase] = []

    def run(texts: Texts, query: Query, answering=None):
        write_generation(tmp_path, texts)
        if answering is None:
            settings = Settings(index_dir=tmp_path, reader="off")
            opened.append(KnowledgeBase(settings, FakeEmbedder()))
        else:
            if not isinstance(answering, dict):
                answering = dict.fromkeys(answering, (2.0, 2.0))
            opened.append(ReadKnowledgeBase(tmp_path, FakeReader(answering)))
        return opened[-1].compare(query)

    yield run
    for each in opened:
        each.close()


def _statements(column):
    return [s for statements in column.cells.values() for s in statements]


def test_columns_stand_as_chosen(heat):
    """The columns keep the order of the cities, whatever the question finds."""
    assert [column.city for column in heat.columns] == list(BOTH)
    assert (heat.reason, heat.reason_code) == ("", "")


def test_every_cell_is_there(heat):
    """Every column has a cell for every kind of section, filled or not."""
    assert heat.rows == STATED
    for column in heat.columns:
        assert tuple(column.cells) == STATED


def test_cells_hold_what_the_case_says(heat, kb):
    """A cell holds what answers of its section, word for word, each with a number."""
    exampleton = heat.columns[1]
    assert [case.case_id for case in exampleton.cases] == ["exampleton/biscuit-heat"]
    (cost,) = exampleton.cells["Costs"]
    assert cost.text == "The pipe and the heat pump cost 7 million crowns in 2019."
    known = {s.text for s in kb.full_case("exampleton/biscuit-heat").statements}
    assert {s.text for s in _statements(exampleton)} <= known


def test_numbers_count_through_the_table(heat):
    """Every statement has one number of its own, and each number its citation."""
    numbers = [n for c in heat.columns for s in _statements(c) for n in s.citations]
    citations = {c.n: c for c in heat.citations}
    assert sorted(numbers) == list(citations) == list(range(1, len(numbers) + 1))
    for statement in _statements(heat.columns[1]):
        cited = citations[statement.citations[0]]
        assert cited.passage[cited.start : cited.end].startswith(statement.text)
        assert cited.sources


def test_column_when_no_case_is_about_it(heat):
    """A city without a case on the question shows nothing but its nearest case."""
    sampleby = heat.columns[0]
    assert (sampleby.cases, _statements(sampleby)) == ((), [])
    assert sampleby.open_questions == ()
    assert sampleby.nearest.city == "sampleby"


def test_column_has_the_open_questions_of_its_cases(heat):
    """What the sources of the shown cases leave open is listed with the city."""
    (left_open,) = heat.columns[1].open_questions
    assert left_open.text == "What the factory is paid for its heat is not published."


def test_statements_of_reports_have_a_row_of_their_own(kb):
    """Statements of a PDF without the usual headings are shown, in the last row."""
    found = kb.compare(Query("How many pupils walked to school?", BOTH))
    assert found.rows == (*STATED, "")
    assert "half of the pupils walked" in " ".join(
        s.text for s in found.columns[0].cells[""]
    )


@pytest.mark.parametrize("name", ["Sampleby", "Exampleton"])
def test_a_named_city_is_not_favoured(kb, heat, name):
    """A city's name in the question changes neither columns nor their cells."""
    found = kb.compare(Query(f"{name}: {HEAT.text}", BOTH))
    assert [c.cells for c in found.columns] == [c.cells for c in heat.columns]
    assert not any(citation.why.names_city for citation in found.citations)


def test_compare_when_the_question_is_off_topic(kb):
    """A question about something else is refused as an answer would be."""
    found = kb.compare(Query("Who won the football championship last year?", BOTH))
    assert found.reason_code == "off-topic"
    assert found.reason.startswith("This question is not about")
    assert found.citations == ()
    assert [(c.cases, c.nearest) for c in found.columns] == [((), None)] * 2


def test_compare_when_the_question_is_about_another_place(kb):
    """A place that no case mentions is named as the reason."""
    found = kb.compare(Query("What did the heat pumps in Tallinn cost?", BOTH))
    assert (found.reason_code, found.unknown_names) == ("elsewhere", ("Tallinn",))
    assert found.citations == ()


def test_compare_when_no_case_passes_the_theme(kb):
    """A theme without any case says so instead of showing an empty table."""
    found = kb.compare(Query("walking to school", BOTH, ("financing",)))
    assert not any(_statements(column) for column in found.columns[:1])
    empty = kb.compare(Query(HEAT.text, BOTH, ("circular-construction",)))
    assert not empty.columns[1].cases


THREE_CASES = Texts(
    {
        "exampleton/heat": ["straw boiler", "straw boiler smoke"],
        "sampleby/walks": ["walking to school"],
        "mockton/bricks": ["bricks of a brewery"],
    }
)


@pytest.mark.parametrize("answering", [["straw"], None], ids=["read", "by likeness"])
def test_compare_when_only_other_cities_have_a_case(compare, answering):
    """The cities that do have a case are named, so that they can be chosen."""
    query = Query("straw boiler", ("sampleby", "mockton"))
    found = compare(THREE_CASES, query, answering)
    assert (found.reason_code, found.other_cities) == ("weak-evidence", ("exampleton",))
    assert found.reason == "No case of these cities is about this question."
    assert found.citations == ()
    assert [column.nearest.city for column in found.columns] == ["sampleby", "mockton"]


def test_compare_names_other_cities_only_if_they_answer(compare):
    """Another city that comes near without answering is not offered."""
    query = Query("straw boiler", ("sampleby", "mockton"))
    assert compare(THREE_CASES, query, ["walking"]).other_cities == ()


@pytest.mark.parametrize("answering", [["zebra"], None], ids=["read", "by likeness"])
def test_compare_reads_the_nearest_case_whole(compare, answering):
    """Of a city's nearest case, what the question did not find is shown as well."""
    better = [f"straw boiler {number}" for number in range(400)]
    texts = Texts(
        {"exampleton/heat": better, "sampleby/heat": ["straw boiler", "zebra"]},
        section="Results",
    )
    query = Query("straw boiler", ("sampleby", "exampleton"))
    found = compare(texts, query, answering)
    shown = [s.text for s in found.columns[0].cells["Results"]]
    by_likeness = ["straw boiler", "zebra"]
    assert shown == (["zebra", "straw boiler"] if answering else by_likeness)
    assert len(found.columns[1].cells["Results"]) == 3


# Walking is what the nearest case of Sampleby is about, not the question.
SILENT = Query("straw boiler", ("sampleby", "exampleton"))


def test_silent_where_all_was_read_and_nothing_answers(compare):
    """A kind of section is called silent only where every statement of it was read."""
    texts = Texts(
        {
            "exampleton/heat": ["straw boiler"],
            "sampleby/walks": ["walking to school"],
            "mockton/walks": [f"walking number {number}" for number in range(20)],
            "mockton/runs": [f"running number {number}" for number in range(20)],
        },
        section="Results",
    )
    query = Query("straw boiler", ("exampleton", "sampleby", "mockton"))
    found = compare(texts, query, ["straw"])
    assert ["Results" in c.silent for c in found.columns] == [False, True, False]
    # None of them has anything in other sections, so nothing there was left unread.
    assert all("Costs" in column.silent for column in found.columns)


@pytest.mark.parametrize(
    ("odds", "is_shown", "is_silent"),
    [
        ((-9.0, -9.0), False, True),
        # With the line at .5, a chance of .27 is more than half of it: near.
        ((-9.0, -1.0), False, False),
        ((-9.0, 1.0), True, False),
        ((1.0, -9.0), True, False),
    ],
    ids=["neither", "nearly helps", "helps", "answers"],
)
def test_silent_where_something_is_near(compare, odds, is_shown, is_silent):
    """What helps or answers is shown; where a statement nearly does, none is denied."""
    texts = Texts(
        {"exampleton/heat": ["straw boiler"], "sampleby/walks": ["walking to school"]},
        section="Results",
    )
    found = compare(texts, SILENT, {"straw": (2.0, 2.0), "walking": odds})
    column = found.columns[0]
    assert bool(column.cells["Results"]) == is_shown
    assert ("Results" in column.silent) == is_silent


def test_silent_where_nothing_reads(compare):
    """By likeness alone nothing is read, so no kind of section is called silent."""
    found = compare(THREE_CASES, SILENT)
    assert [column.silent for column in found.columns] == [frozenset()] * 2


def test_compare_refuses_a_wrong_choice(kb):
    """One city alone cannot be compared."""
    with pytest.raises(QueryError, match="cities is 1"):
        kb.compare(Query("heat", ("sampleby",)))


def test_columns_shown_are_those_judged_relevant(shipped_index, embedder):
    """Most columns shown hold a case that helps; half the answering cities are shown.

    Every eighth English question without a city's name, of the four likeliest cities.
    When the rule was chosen, 52 of 63 columns shown helped, of every fourth question.
    """
    path = split_file(Split.DEV)
    grades = read_qrels(path.with_suffix(".cases.qrels"))
    shown: list[int] = []
    answering: list[bool] = []
    kb = KnowledgeBase(Settings(index_dir=shipped_index), embedder)
    slugs = [city.slug for city in kb.cities]
    for question in read_questions(path)[::8]:
        judged = grades.get(question.judged_as, {})
        if question.lang != "en" or question.names_city or not question.is_answerable:
            continue
        best = {
            slug: max((g for c, g in judged.items() if c.startswith(slug)), default=-1)
            for slug in slugs
        }
        # The likeliest four, as somebody would choose them.
        chosen = sorted(slugs, key=lambda slug: -best[slug])[:4]
        for column in kb.compare(Query(question.text, tuple(chosen))).columns:
            if column.cases:
                shown.append(best[column.city])
            if best[column.city] >= RELEVANT:
                answering.append(bool(column.cases))
    kb.close()
    assert sum(grade > 0 for grade in shown) / len(shown) > 0.75
    assert sum(answering) / len(answering) > 0.5
