"""Answers over made-up indexes by a fake reader whose opinion is known."""

from __future__ import annotations

import pytest

from kb.types import Query
from tests.support.fakes import FakeReader
from tests.support.kb_fixtures import ReadKnowledgeBase, Texts, write_generation

HEAT, BONDS, WALKS = "exampleton/heat", "exampleton/bonds", "sampleby/walks"
YES, NO = (2.0, 2.0), (-2.0, -2.0)
TEXTS = Texts(
    {
        HEAT: ["straw boiler zebra", "straw boiler smoke", "straw boiler noise"],
        BONDS: ["straw boiler bonds", "straw boiler loans"],
        WALKS: ["straw boiler walks"],
    },
    open_questions={HEAT: ["straw boiler wages"], WALKS: ["walking shoes"]},
)
ASKED = Query("straw boiler")


class Asking:
    """Asks a made-up index, written at the first question."""

    def __init__(self, folder):
        """Name the folder of the index."""
        self._folder = folder
        self.kb = None
        self.reader = FakeReader({})

    def __call__(self, query=ASKED, answering=None, texts=TEXTS):
        """Ask; ``answering`` gives log-odds to answer and to help by a word."""
        write_generation(self._folder, texts)
        self.reader = FakeReader(answering or {})
        self.kb = ReadKnowledgeBase(self._folder, self.reader)
        return self.kb.ask(query)


@pytest.fixture
def ask(tmp_path):
    """Return a function that asks a made-up index, and keeps what was read."""
    asking = Asking(tmp_path)
    yield asking
    if asking.kb:
        asking.kb.close()


def _texts(statements):
    return [statement.text for statement in statements]


def test_answer_shows_what_the_reader_finds(ask):
    """What answers comes first, then what helps; nothing else is shown."""
    question = Query("how much does the straw boiler smoke?")
    answer = ask(question, {"smoke": YES, "loans": (-2.0, 1.0)})
    assert _texts(answer.statements) == ["straw boiler smoke", "straw boiler loans"]
    assert [s.citations for s in answer.statements] == [(1,), (2,)]
    assert answer.confidence == pytest.approx(0.881)
    assert answer.signals == pytest.approx({"best": 2.0})
    assert answer.blocks == answer.more_cases == answer.parts == ()


@pytest.mark.parametrize(("odds", "n_texts"), [(YES, 6), (NO, 8)], ids=["yes", "no"])
def test_answer_is_read_once(ask, odds, n_texts):
    """Each statement is read once; open questions only where no statement answers."""
    ask(answering={"smoke": odds})
    texts = [text for _, texts in ask.reader.asked for text in texts]
    assert len(texts) == len(set(texts)) == n_texts


def test_overview_numbers_its_statements(ask):
    """A block for each answering case, with the numbers of its statements."""
    answer = ask(answering={"zebra": (3.0, 3.0), "noise": YES, "bonds": YES, "ks": YES})
    statements = {n: s for s in answer.statements for n in s.citations}
    assert [block.case_id for block in answer.blocks] == [HEAT, BONDS, WALKS]
    for block in answer.blocks:
        assert {statements[n].case_id for n in block.citations} == {block.case_id}
        assert (block.title, block.city) != ("", "")
    assert [len(block.citations) for block in answer.blocks] == [2, 1, 1]
    assert sorted(statements) == [n for b in answer.blocks for n in b.citations]
    assert _texts(answer.statements)[0] == "straw boiler zebra"


def test_overview_names_the_cases_that_have_no_room(ask):
    """Of eleven answering cases eight are shown, and the others named."""
    case_ids = [f"exampleton/case-{number:02}" for number in range(11)]
    texts = Texts({case_id: [f"straw boiler {case_id[-2:]}"] for case_id in case_ids})
    answer = ask(answering={"straw": YES}, texts=texts)
    shown = [block.case_id for block in answer.blocks]
    more = [case.case_id for case in answer.more_cases]
    assert (len(shown), len(more)) == (8, 3)
    assert sorted(shown + more) == case_ids
    assert {citation.case_id for citation in answer.citations} == set(shown)


def test_answer_names_the_cities_that_are_silent(ask):
    """A named city without a case on the question is told; the others are heard."""
    query = Query("straw boiler in Exampleton and Sampleby")
    texts = Texts({HEAT: ["straw boiler smoke"], WALKS: ["granite kerbs"]})
    answer = ask(query, {"smoke": YES}, texts)
    assert not answer.abstained
    assert {statement.city for statement in answer.statements} == {"exampleton"}
    assert answer.silent_cities == ("sampleby",)


def test_answer_hears_a_named_city_with_a_case_on_it(ask):
    """A named city that has a case on the question is not called silent."""
    query = Query("straw boiler in Exampleton and Sampleby")
    answer = ask(query, {"smoke": YES})
    assert {s.city for s in answer.statements} == {"exampleton", "sampleby"}
    assert answer.silent_cities == ()


def test_no_direct_answer_comes_with_the_closest(ask):
    """Three statements at most are shown as closest, the best first, and cited."""
    answer = ask(answering={"smoke": (-1.0, 3.0), "walks": (-2.0, 3.0)})
    assert (answer.abstained, answer.reason_code) == (True, "no-direct-answer")
    assert answer.statements == answer.blocks == answer.parts == ()
    assert _texts(answer.closest)[:2] == ["straw boiler smoke", "straw boiler walks"]
    assert len(answer.closest) == len(answer.citations) == 3
    assert answer.confidence == pytest.approx(0.269)


def test_open_question_that_was_asked(ask):
    """What the sources leave open is told, with the open question itself."""
    answer = ask(answering={"smoke": (-1.0, 0.0), "wages": YES})
    assert (answer.abstained, answer.reason_code) == (True, "open-question")
    assert answer.left_open is not None
    assert answer.left_open.text == "straw boiler wages"
    assert answer.left_open.case_id == HEAT


def test_open_question_beside_an_answer(ask):
    """A question that is answered is not called open."""
    answer = ask(answering={"smoke": YES, "wages": (3.0, 3.0)})
    assert (answer.reason_code, answer.left_open) == ("", None)


def test_nothing_is_read_where_the_topic_decides(ask):
    """A question about something else is refused before anything is read."""
    answer = ask(Query("football sports"), {"straw": YES})
    assert answer.reason_code == "off-topic"
    assert ask.reader.asked == []
    assert answer.signals == {}


def test_nothing_is_read_where_nothing_passes_the_filters(ask):
    """Without any statement there is nothing to read, and no error."""
    answer = ask(Query("straw boiler", themes=("financing",)), {"straw": YES})
    assert answer.reason_code == "weak-evidence"
    assert ask.reader.asked == []
