"""What is shown of what was read: an answer, an overview, or city by city."""

from __future__ import annotations

import pytest

from kb.answer.composing import (
    by_case,
    compose,
    first_candidates,
    read_first,
    with_statements,
    without_repetition,
)
from tests.support.made_up_readings import Finding, word

HEAT, BONDS, WALKS = "exampleton/heat", "exampleton/bonds", "sampleby/walks"
MANY_CASES = [f"{city}/case-{n}" for n in range(5) for city in ("exampleton", "testow")]
YES, NO = 2.0, -4.0


def _texts(read):
    return [r.item.statement.text for r in read]


def _shown(finding, about=(), **found):
    return compose(finding.read_by(**found), about)


# A narrow question


def test_narrow_shows_what_answers_or_helps():
    """What neither answers nor helps is not shown, however well it ranks."""
    finding = Finding()
    finding.add(HEAT, NO, text="It smells.")
    finding.add(HEAT, NO, 1.0, text="It needs a pump.")
    finding.add(HEAT, YES, text="It costs 7 crowns.")
    shown = _shown(finding)
    assert _texts(shown.statements) == ["It costs 7 crowns.", "It needs a pump."]
    assert (shown.blocks, shown.more, shown.silent_cities) == ([], [], ())


def test_narrow_shows_the_best_when_nothing_reaches_the_line():
    """A question that is answered at all gets one statement at least: the best."""
    finding = Finding()
    finding.add(WALKS, -5.0, text="It walks.")
    finding.add(HEAT, -6.0, text="It smells.")
    assert _texts(_shown(finding).statements) == ["It walks."]


def test_narrow_shows_the_cases_when_no_statement_is_likely():
    """Where the best may miss the point, its case is shown, and the nearest case."""
    finding = Finding()
    finding.add(BONDS, -5.0, text="They sing.")
    finding.add(HEAT, -4.0, text="It smells.")
    finding.add(HEAT, -6.0, text="It hums.")
    shown = _shown(finding)
    assert [(b.case_id, _texts(b.statements)) for b in shown.blocks] == [
        (HEAT, ["It smells."]),
        (BONDS, ["They sing."]),
    ]
    assert _texts(shown.statements) == ["It smells.", "They sing."]


def test_narrow_does_not_say_the_same_twice():
    """Of two statements in nearly the same words the better one is shown."""
    finding = Finding()
    finding.add(HEAT, 1.0, text="The pipe cost seven million crowns.")
    finding.add(BONDS, 2.0, text="The pipe cost seven million crowns then.")
    finding.add(HEAT, 1.5, text="Residents paid half.")
    assert _texts(_shown(finding).statements) == [
        "The pipe cost seven million crowns then.",
        "Residents paid half.",
    ]


def test_narrow_shows_eight_at_most():
    """Where one case has much to say, the best eight statements are shown."""
    finding = Finding()
    for n in range(12):
        finding.add(HEAT, 1.0 + n / 10)
    assert _texts(_shown(finding).statements) == [word(n) for n in range(11, 3, -1)]


@pytest.mark.parametrize(
    ("answering", "n_blocks"),
    [([HEAT], 0), ([HEAT, BONDS], 2), ([HEAT, BONDS, WALKS], 3)],
    ids=["one case", "two cases", "three cases"],
)
def test_broad_begins_with_two_cases(answering, n_blocks):
    """As soon as two cases answer about as well, the question is a broad one."""
    finding = Finding()
    for case_id in answering:
        finding.add(case_id, YES)
    shown = _shown(finding)
    assert len(shown.blocks) == n_blocks
    assert len(shown.statements) == len(answering)


def test_case_that_only_helps_does_not_make_a_question_broad():
    """Cases count that answer; those that help stand beside."""
    finding = Finding()
    for case_id, answers in ((HEAT, YES), (BONDS, NO), (WALKS, NO)):
        finding.add(case_id, answers, YES)
    shown = _shown(finding)
    assert shown.blocks == []
    assert len(shown.statements) == 3


# A broad question


def test_overview_has_a_block_for_each_case():
    """Each answering case has one block, the best first, and nothing else is shown."""
    finding = Finding()
    finding.add(HEAT, 1.0)
    finding.add(BONDS, 3.0)
    finding.add("testow/noise", NO)
    finding.add(WALKS, 2.0)
    shown = _shown(finding)
    assert [(b.case_id, b.city) for b in shown.blocks] == [
        (BONDS, "exampleton"),
        (WALKS, "sampleby"),
        (HEAT, "exampleton"),
    ]
    assert _texts(shown.statements) == [word(1), word(3), word(0)]
    assert shown.more == []


def test_overview_shows_what_its_blocks_hold():
    """The statements are those of the blocks, in their order."""
    finding = Finding()
    for case_id in (HEAT, BONDS, WALKS):
        for answers in (1.0, 2.0):
            finding.add(case_id, answers)
    shown = _shown(finding)
    assert shown.statements == [r for b in shown.blocks for r in b.statements]
    assert len(shown.statements) == 6


@pytest.mark.parametrize(
    ("n_cases", "n_each"), [(4, 3), (5, 2)], ids=["few cases", "many cases"]
)
def test_overview_gives_a_case_few_statements(n_cases, n_each):
    """A case has three statements at most, and two where more than four answer."""
    finding = Finding()
    for case_id in MANY_CASES[:n_cases]:
        for _ in range(4 if case_id == MANY_CASES[0] else 1):
            finding.add(case_id, YES)
    shown = _shown(finding)
    sizes = {b.case_id: len(b.statements) for b in shown.blocks}
    assert sizes == dict.fromkeys(MANY_CASES[1:n_cases], 1) | {MANY_CASES[0]: n_each}


def test_overview_has_eight_blocks_at_most():
    """The best eight cases are shown; no other is lost, the rest is named."""
    finding = Finding()
    for n, case_id in enumerate(MANY_CASES):
        finding.add(case_id, 1.0 + n / 10)
    shown = _shown(finding)
    assert [b.case_id for b in shown.blocks] == MANY_CASES[:1:-1]
    assert [b.case_id for b in shown.more] == MANY_CASES[1::-1]


def test_overview_hears_cases_that_rank_low():
    """When a question turns out broad, cases are read that the first look missed."""
    finding = Finding()
    for n in range(20):
        finding.add((HEAT, BONDS, WALKS)[n % 3], YES)
    low = finding.add("testow/late", 3.0)
    first = first_candidates(finding.read_by().ranking)
    assert low not in first
    assert _shown(finding).blocks[0].case_id == "testow/late"


def test_overview_does_not_say_the_same_twice():
    """What two cases say in the same words is shown for the better one only."""
    finding = Finding()
    finding.add(HEAT, 3.0, text="The pipe cost seven million crowns.")
    for case_id in (BONDS, WALKS):
        finding.add(case_id, YES)
    finding.add("testow/copy", 2.5, text="The pipe cost seven million crowns.")
    assert {b.case_id for b in _shown(finding).blocks} == {HEAT, BONDS, WALKS}


def test_question_that_asks_for_several_cities_is_broad():
    """Who speaks of cities in the plural gets an overview, also of two cases."""
    finding = Finding()
    for case_id in (HEAT, WALKS):
        finding.add(case_id, YES)
    shown = _shown(finding, question="Which cities heat with biscuits?")
    assert len(shown.blocks) == 2
    assert shown.silent_cities == ()


@pytest.mark.parametrize(
    ("question", "n_blocks"),
    [("straw boilers", 2), ("what did the straw boiler cost?", 0)],
    ids=["topic", "question"],
)
def test_topic_that_is_only_named_is_broad(question, n_blocks):
    """Who types a few words without a city hears of a case that answers less well."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add(WALKS, -1.5)
    shown = _shown(finding, question=question)
    assert len(shown.blocks) == n_blocks


def test_topic_is_answered_by_the_cases_that_are_about_it():
    """Of a topic a case about it needs less than others, but not nothing."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add(WALKS, -3.5)
    finding.add(BONDS, -3.5)
    finding.add("testow/far", -9.0)
    about = [HEAT, WALKS, "testow/far"]
    shown = _shown(finding, about, question="straw boilers")
    assert [b.case_id for b in shown.blocks] == [HEAT, WALKS]


def test_city_that_is_asked_for_all_shows_each_case_on_it():
    """What a city has done on a topic is what its cases on it are, answers or not."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add("exampleton/pipes", -5.0)
    finding.add("exampleton/far", -5.0)
    shown = _shown(
        finding,
        [HEAT, "exampleton/pipes"],
        question="What has Exampleton done on heating?",
        named_cities=["exampleton"],
    )
    assert [b.case_id for b in shown.blocks] == [HEAT, "exampleton/pipes"]


@pytest.mark.parametrize(
    "question",
    [
        "what did straw boilers cost?",
        "who paid?",
        "who decides",
        "green roofs \u2192 and why",
    ],
    ids=["long", "short", "no mark", "follow-up"],
)
def test_question_is_no_topic(question):
    """What asks something is answered by what answers, however short it is."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add(WALKS, -3.5)
    assert _shown(finding, [HEAT, WALKS], question=question).blocks == []


# Cities that are named


def test_named_cities_are_all_read():
    """Of each named city the best statements are read, however low they rank."""
    finding = Finding()
    for n in range(30):
        finding.add(f"exampleton/case-{n % 3}", YES)
    low = [finding.add(WALKS, YES) for _ in range(6)]
    both = finding.read_by(named_cities=["exampleton", "sampleby"])
    read = [r.item for r in read_first(both)]
    assert [item in read for item in low] == [True] * 5 + [False]


def test_no_case_alone_is_read():
    """Ten of one case leave room for others, and are filled up where there are none."""
    finding = Finding()
    many = [finding.add(HEAT, YES) for _ in range(20)]
    few = [finding.add(BONDS, YES) for _ in range(4)]
    read = first_candidates(finding.read_by().ranking)
    assert read == [*many[:10], *few, *many[10:12]]


@pytest.mark.parametrize(
    ("about", "silent"),
    [([HEAT, WALKS], ()), ([HEAT], ("sampleby",))],
    ids=["a case about it", "none"],
)
def test_named_city_with_a_case_about_it_is_not_silent(about, silent):
    """No city is called silent that has a case on what is asked.

    That holds for a case behind a better one on something else, too.
    """
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add("sampleby/other", -6.0)
    finding.add(WALKS, -7.0)
    named = ["exampleton", "sampleby"]
    shown = _shown(finding, about, question="How do they heat?", named_cities=named)
    assert shown.silent_cities == silent


def test_named_city_that_hardly_answers_is_heard():
    """Beside another named city, one is silent only where nearly nothing answers."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add(WALKS, -3.5)
    finding.add(WALKS, -6.0)
    both = {"named_cities": ["exampleton", "sampleby"]}
    assert _shown(finding, **both).silent_cities == ()
    finding.items.pop(1)
    assert _shown(finding, **both).silent_cities == ("sampleby",)


def test_named_city_alone_is_read():
    """Who asks about one city hears what was found of it, and of no other."""
    finding = Finding()
    for _ in range(30):
        finding.add(HEAT, 3.0)
    own = finding.add(WALKS, YES)
    read = read_first(finding.read_by(named_cities=["sampleby"]))
    assert [r.item for r in read] == [own]
    (shown,) = _shown(finding, named_cities=["sampleby"]).statements
    assert shown.item == own


def test_named_city_without_statements():
    """Where a filter leaves nothing of the named city, the rest is read; it is told."""
    finding = Finding()
    finding.add(HEAT, YES)
    assert len(read_first(finding.read_by(named_cities=["sampleby"]))) == 1
    shown = _shown(finding, named_cities=["sampleby"])
    assert shown.silent_cities == ("sampleby",)


def test_named_city_in_the_words_of_another():
    """A statement that names the city is on it, whichever city's case it stands in."""
    finding = Finding()
    other = finding.add(HEAT, YES, text="A study in Sampleby counted walks.")
    finding.add(HEAT, YES, text="It smells.")
    own = finding.add(WALKS, YES)
    read = read_first(finding.read_by(named_cities=["sampleby"]))
    assert {id(r.item) for r in read} == {id(other), id(own)}


def test_named_city_that_others_are_compared_with():
    """Who asks for other cities than the one that is named hears from those."""
    finding = Finding()
    for case_id in (HEAT, WALKS):
        finding.add(case_id, YES)
    question = "Which cities besides Sampleby heat with biscuits?"
    asked = finding.read_by(named_cities=["sampleby"], question=question)
    assert len(read_first(asked)) == 2


def test_city_that_another_case_speaks_of_is_not_silent():
    """Nothing is denied of a city that only other cities' cases speak of."""
    finding = Finding()
    for case_id in (HEAT, BONDS):
        finding.add(case_id, YES, text=f"Sampleby taught us {case_id}.")
    shown = _shown(finding, named_cities=["sampleby"])
    assert len(shown.blocks) == 2
    assert shown.silent_cities == ()


def test_more_statements_find_their_block():
    """A statement that is added to an overview stands with its case, once."""
    finding = Finding()
    for case_id in (HEAT, WALKS):
        finding.add(case_id, YES)
    for case_id in (HEAT, BONDS):
        finding.add(case_id, -6.0)
    made = finding.read_by()
    shown = compose(made, [])
    extra = made.of(finding.items)
    whole = with_statements(shown, extra)
    assert [(b.case_id, len(b.statements)) for b in whole.blocks] == [
        (HEAT, 2),
        (WALKS, 1),
        (BONDS, 1),
    ]
    assert len(whole.statements) == 4
    assert with_statements(whole, extra) == whole


def test_named_cities_are_all_heard():
    """A named city is heard once before another is heard again."""
    finding = Finding()
    for n in range(10):
        finding.add(f"exampleton/case-{n}", 3.0)
    finding.add(WALKS, 1.0)
    shown = _shown(finding, named_cities=["exampleton", "sampleby"])
    assert [b.city for b in shown.blocks[:2]] == ["exampleton", "sampleby"]
    assert len(shown.blocks) == 8
    assert len(shown.blocks) + len(shown.more) == 11
    assert shown.silent_cities == ()


def test_named_cities_only():
    """Nothing is shown of a city that was not named, however good it is."""
    finding = Finding()
    finding.add("testow/best", 5.0)
    for case_id in (HEAT, WALKS):
        finding.add(case_id, YES)
    shown = _shown(finding, named_cities=["exampleton", "sampleby"])
    assert {r.city for r in shown.statements} == {"exampleton", "sampleby"}


def test_named_city_that_is_silent():
    """A named city of which nothing answers is told, and no other takes its place."""
    finding = Finding()
    finding.add(HEAT, YES)
    finding.add(WALKS, NO)
    shown = _shown(finding, named_cities=["exampleton", "mockton", "sampleby"])
    assert {r.city for r in shown.statements} == {"exampleton"}
    assert shown.silent_cities == ("mockton", "sampleby")
    assert shown.blocks == []


def test_named_cities_when_nothing_reaches_the_line():
    """What is answered at all has one statement at least, here as well: the best."""
    finding = Finding()
    finding.add(HEAT, -6.0, text="It smells.")
    finding.add(WALKS, -5.0, text="It walks.")
    shown = _shown(finding, named_cities=["exampleton", "sampleby"])
    assert _texts(shown.statements) == ["It walks."]


# Order and repetition


def test_by_case_keeps_cities_and_cases_together():
    """Cities and their cases follow their best statement; none is come back to."""
    finding = Finding()
    for case_id, answers in (
        (HEAT, 5.0),
        (WALKS, 4.0),
        (BONDS, 3.0),
        (HEAT, 2.0),
        (WALKS, 1.0),
    ):
        finding.add(case_id, answers)
    ordered = by_case(finding.read_by().of(finding.items))
    assert _texts(ordered) == [word(n) for n in (0, 3, 2, 1, 4)]


def test_without_repetition_keeps_the_best():
    """The better of two that say the same is kept, also when it comes second."""
    finding = Finding()
    finding.add(HEAT, 1.0, text="Seven million crowns were paid for pipes.")
    finding.add(BONDS, 2.0, text="Seven million crowns were paid for the pipes.")
    read = finding.read_by().of(finding.items)
    assert _texts(without_repetition(reversed(read))) == [
        "Seven million crowns were paid for the pipes."
    ]


def test_first_candidates_when_nothing_was_found():
    """Nothing found, nothing to read, also where cities are named."""
    both = Finding().read_by(named_cities=["exampleton", "sampleby"])
    assert first_candidates(both.ranking) == []
