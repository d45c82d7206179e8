"""Cited answers and abstentions over the tiny corpus, with the real model."""

from __future__ import annotations

from itertools import groupby

import pytest

from kb.errors import QueryError
from kb.types import Query

COST = "How much did the pipe and the heat pump cost?"
ANSWERED = {
    "one case": Query(COST),
    "another language": Query("Wie viel haben das Rohr und die Wärmepumpe gekostet?"),
    "open": Query("Where do residents lend money to the city?"),
    "city": Query("What did Sampleby build from old bricks?"),
    "pdf": Query("How many pupils walked to school after the diary?"),
    "filter": Query("How were schools involved?", cities=("sampleby",)),
}
ABSTAINED = {
    "off-topic": Query("Who won the football championship last year?"),
    "elsewhere": Query("How much did the heat pumps cost in Tallinn?"),
    "weak-evidence": Query(COST, cities=("sampleby",), themes=("financing",)),
}
# Sampleby has cases, but none about bonds: those are Exampleton's.
NOT_SAID = Query("What did the Sunday bonds cost in Sampleby?")


@pytest.fixture(scope="module")
def corpus(kb):
    """Return what the index holds, by case id."""
    return {case.case_id: kb.full_case(case.case_id) for case in kb.cases()}


@pytest.fixture(scope="module", params=ANSWERED)
def answer(request, kb):
    """Each question that the tiny corpus answers."""
    return kb.ask(ANSWERED[request.param])


@pytest.fixture(scope="module", params=ABSTAINED)
def abstention(request, kb):
    """Each question that the tiny corpus cannot answer."""
    return kb.ask(ABSTAINED[request.param])


def _texts(answer):
    return " ".join(statement.text for statement in answer.statements)


def test_answer_has_statements_and_no_reason(answer):
    """An answered question has one to eight statements and no reason to abstain."""
    assert not answer.abstained
    assert (answer.reason, answer.reason_code) == ("", "")
    assert 1 <= len(answer.statements) <= 8
    assert 0 < answer.confidence <= 1


def test_statements_are_verbatim(answer, corpus):
    """Every statement stands word for word in the case that it is taken from."""
    for statement in answer.statements:
        known = [s.text for s in corpus[statement.case_id].statements]
        assert statement.text in known


def test_every_statement_is_cited(answer):
    """Every statement has a citation, every citation a statement, counted from 1."""
    used = [n for statement in answer.statements for n in statement.citations]
    assert all(statement.citations for statement in answer.statements)
    assert sorted(set(used)) == [citation.n for citation in answer.citations]
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_citation_slices_its_passage(answer):
    """The span of a citation cuts exactly the statement out of the passage."""
    citations = {citation.n: citation for citation in answer.citations}
    for statement in answer.statements:
        for n in statement.citations:
            cited = citations[n]
            assert cited.passage[cited.start : cited.end] == statement.text
            assert (cited.case_id, cited.city) == (statement.case_id, statement.city)


def test_citation_is_what_the_index_holds(answer, corpus):
    """Passage, section, page, title and review status are those of the case."""
    for citation in answer.citations:
        case = corpus[citation.case_id]
        passages = {p.passage_id: p for p in case.passages}
        passage = passages[citation.passage_id]
        assert citation.passage == passage.text
        assert (citation.section, citation.page) == (passage.section, passage.page)
        assert citation.title == case.case.title
        assert citation.review_status == case.case.review.status


def test_citation_names_the_marked_sources(answer, corpus):
    """A citation has the public sources that its statement marks, and at least one."""
    for citation in answer.citations:
        case = corpus[citation.case_id]
        (statement,) = [
            s for s in case.statements if s.statement_id == citation.statement_id
        ]
        assert [s.source_id for s in citation.sources] == sorted(statement.source_ids)
        assert citation.sources
        assert all(s in case.case.sources for s in citation.sources)


def test_statements_are_grouped_for_reading(answer):
    """No city and no case is left and come back to."""
    for part in ("city", "case_id"):
        order = [getattr(statement, part) for statement in answer.statements]
        groups = [name for name, _ in groupby(order)]
        assert len(groups) == len(set(groups))


def test_open_questions_belong_to_cited_cases(answer):
    """What is left open is shown for the cases that the answer rests on."""
    cited = {citation.case_id for citation in answer.citations}
    assert {question.case_id for question in answer.open_questions} <= cited


def test_nearest_cases_are_for_abstentions(answer):
    """Who answers cites; nearest cases and statements are for those who abstain."""
    assert answer.nearest_cases == answer.closest == ()


def test_timings_are_told(answer):
    """An answer tells how many milliseconds each step took, and all together."""
    timings = dict(answer.timings_ms)
    total = timings.pop("total")
    assert timings.keys() == {"understand", "embed", "dense", "rank", "read"}
    assert 0 < max(timings.values()) <= total


def test_answer_holds_the_figure_with_its_year(kb):
    """The statement that answers the question stands first."""
    first = kb.ask(Query(COST)).statements[0]
    assert "cost 7 million crowns in 2019" in first.text


def test_answer_is_not_padded(kb):
    """Where one statement says it, no others of the case stand around it."""
    shown = kb.ask(Query(COST)).statements
    assert len(shown) < len(kb.full_case("exampleton/biscuit-heat").statements)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viel haben das Rohr und die Wärmepumpe gekostet?", "de"),
        ("¿Cuánto costaron la tubería y la bomba de calor?", "es"),
        ("Πόσο κόστισαν ο σωλήνας και η αντλία θερμότητας;", "el"),
        ("Combien ont coûté le tuyau et la pompe à chaleur ?", "fr"),
    ],
    ids=["german", "spanish", "greek", "french"],
)
def test_answer_when_asked_in_another_language(kb, text, language):
    """A question in another language gets the statement with the same figure."""
    answer = kb.ask(Query(text))
    assert answer.language == language
    assert "cost 7 million crowns in 2019" in _texts(answer)


def test_answer_when_in_another_script(kb):
    """A question in a script that the corpus never uses is answered like others."""
    answer = kb.ask(Query("地方供热的管道花了多少钱？"))
    assert answer.language == "zh"
    assert answer.citations[0].case_id == "exampleton/biscuit-heat"


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("What did Sampleby build from old bricks?", "sampleby"),
        ("Was machte Beispielstadt mit der Abwärme der Fabrik?", "exampleton"),
    ],
    ids=["name", "alias in another language"],
)
def test_answer_when_a_city_is_named(kb, text, city):
    """A question that names a city is answered from that city first."""
    assert kb.ask(Query(text)).statements[0].city == city


@pytest.mark.parametrize(
    ("filters", "cities", "cases"),
    [
        ({"cities": ("sampleby",)}, {"sampleby"}, None),
        ({"themes": ("district-heating",)}, None, {"exampleton/biscuit-heat"}),
        (
            {"cities": ("exampleton",), "themes": ("financing",)},
            None,
            {"exampleton/sunday-bonds"},
        ),
    ],
    ids=["city", "theme", "both"],
)
def test_answer_with_filters(kb, filters, cities, cases):
    """Only what passes the filters is cited, noted as open, or offered as nearest."""
    answer = kb.ask(Query("How did residents pay for heat and schools?", **filters))
    shown = {
        *(citation.case_id for citation in answer.citations),
        *(question.case_id for question in answer.open_questions),
        *(case.case_id for case in answer.nearest_cases),
    }
    assert shown
    assert cities is None or {c.partition("/")[0] for c in shown} == cities
    assert cases is None or shown == cases


def test_answer_from_a_pdf_names_the_page(kb):
    """A statement from a PDF is cited with the page that it stands on."""
    answer = kb.ask(Query("How much did the walking diary cost the city of Sampleby?"))
    pages = {
        statement.text: citation.page
        for statement, citation in zip(answer.statements, answer.citations, strict=True)
    }
    assert pages["The diary cost the city 900 crowns for paper and prizes."] == 2


def test_answer_tells_whether_a_case_is_reviewed(kb):
    """A reader sees which citations an expert has read."""
    answer = kb.ask(Query("What interest do the Sunday bonds pay?"))
    status = {c.case_id: c.review_status for c in answer.citations}
    assert status["exampleton/sunday-bonds"] == "reviewed"


def test_answer_twice_is_the_same(kb):
    """The same question gets the same answer, the timings aside."""
    first, second = kb.ask(Query(COST)), kb.ask(Query(COST))
    assert first.statements == second.statements
    assert first.citations == second.citations
    assert first.confidence == second.confidence


@pytest.mark.parametrize("code", ABSTAINED)
def test_abstention_has_its_reason(kb, code):
    """Each kind of question that cannot be answered is told apart."""
    answer = kb.ask(ABSTAINED[code])
    assert answer.abstained
    assert answer.reason_code == code


def test_abstention_says_nothing(abstention):
    """Who abstains states nothing, cites nothing, and says why in a sentence."""
    assert abstention.statements == abstention.citations == ()
    assert abstention.reason.endswith(".")
    assert abstention.confidence < 0.5


@pytest.fixture(scope="module")
def nearly(kb):
    """Return what is said to a question whose case exists but does not say it."""
    return kb.ask(NOT_SAID)


def test_no_direct_answer(nearly, kb):
    """A named city whose cases do not say it gets no answer, and a sentence why."""
    assert (nearly.abstained, nearly.reason_code) == (True, "no-direct-answer")
    assert nearly.reason == "No statement answers this directly; these come closest."
    assert nearly.statements == nearly.nearest_cases == ()
    _, calibration = kb.reader
    assert nearly.confidence < calibration.least_confidence


def test_no_direct_answer_shows_the_closest(nearly, corpus):
    """Up to three statements that come closest are shown, word for word."""
    assert 1 <= len(nearly.closest) <= 3
    for statement in nearly.closest:
        known = [s.text for s in corpus[statement.case_id].statements]
        assert statement.text in known


def test_no_direct_answer_cites_the_closest(nearly):
    """Each of them is cited as in an answer: numbered from 1, with span and sources."""
    assert [s.citations for s in nearly.closest] == [
        (citation.n,) for citation in nearly.citations
    ]
    assert [c.n for c in nearly.citations] == list(range(1, len(nearly.closest) + 1))
    for statement, cited in zip(nearly.closest, nearly.citations, strict=True):
        assert cited.passage[cited.start : cited.end] == statement.text
        assert cited.case_id == statement.case_id
        assert cited.sources


def test_no_direct_answer_keeps_open_questions_to_its_cases(nearly):
    """What is left open is shown for the cases of the closest statements only."""
    cited = {citation.case_id for citation in nearly.citations}
    assert {question.case_id for question in nearly.open_questions} <= cited


def test_signals_are_told(kb):
    """An answer tells what the decision was made of; a refusal for the topic does not.

    They are what the reader's calibration weighs.
    """
    _, calibration = kb.reader
    weighed = calibration.decision.weights.keys()
    for query in (Query(COST), NOT_SAID):
        assert kb.ask(query).signals.keys() == weighed
    assert kb.ask(ABSTAINED["off-topic"]).signals == {}


def test_abstention_names_the_unknown_place(kb):
    """The reason names the place that no case mentions."""
    assert "Tallinn" in kb.ask(ABSTAINED["elsewhere"]).reason


@pytest.mark.parametrize("code", ["off-topic", "elsewhere"])
def test_abstention_offers_the_nearest_cases(kb, code):
    """Up to three cases are offered as the closest evidence, each once, best first."""
    nearest = kb.ask(ABSTAINED[code]).nearest_cases
    assert len({case.case_id for case in nearest}) == len(nearest) == 3
    scores = [case.score for case in nearest]
    assert scores == sorted(scores, reverse=True)


def test_abstention_when_no_case_passes(kb):
    """When the filters leave nothing, nothing is offered either."""
    answer = kb.ask(ABSTAINED["weak-evidence"])
    assert answer.reason == "No case passes the chosen filters."
    assert answer.nearest_cases == answer.open_questions == ()
    assert answer.confidence == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the question is empty.*Type a question"),
        ("?!…", r"holds no letters or digits.*in words"),
        ("a" * 1_001, "has 1,001 characters, the limit is 1,000"),
        ("heat " * 8_000, "has 40,000 characters, the limit is 1,000"),
        ("\udcff heat", "question"),
    ],
    ids=["empty", "punctuation", "1,001 characters", "40,000 characters", "half sign"],
)
def test_ask_when_the_question_cannot_be_used(kb, text, message):
    """An unusable question is refused with its fault; it is no abstention."""
    with pytest.raises(QueryError, match=message):
        kb.ask(Query(text))


def test_ask_when_typed_in_capitals(kb):
    """A question typed in capitals is answered like the same one in small letters."""
    question = "WHAT SURPRISING EXPENSES DID THE PIPE AND THE HEAT PUMP CAUSE?"
    capitals, small = kb.ask(Query(question)), kb.ask(Query(question.lower()))
    assert capitals.reason_code == small.reason_code
