"""Reading statements and open questions for one question."""

from __future__ import annotations

from math import exp

import pytest

from kb.reader.calibration import Logistic
from kb.types import OpenQuestion
from tests.support.fakes import FakeReader
from tests.support.made_up import CALIBRATION
from tests.support.made_up_readings import Finding, reading

HEAT, WALKS = "exampleton/heat", "sampleby/walks"


@pytest.fixture
def finding():
    """Three statements; the one that ranks last answers best."""
    made = Finding()
    made.add(HEAT, -1.0, 0.5, text="It heats.")
    made.add(HEAT, 0.0, text="It cools.")
    made.add(WALKS, 2.0, text="It walks.")
    return made


def _texts(read):
    return [r.item.statement.text for r in read]


def test_of_puts_the_best_answer_first(finding):
    """Statements come by their chance to answer, whatever their rank."""
    read = finding.read_by().of(finding.items)
    assert _texts(read) == ["It walks.", "It cools.", "It heats."]


def test_of_orders_equal_ones_by_id(finding):
    """Statements with the same chance come by id, whatever the order they came in."""
    made = finding.read_by(FakeReader({"It": (1.0, 1.0)}))
    read = made.of(reversed(finding.items))
    ids = [r.item.statement.statement_id for r in read]
    assert ids == sorted(ids)


def test_of_gives_calibrated_chances(finding):
    """Log-odds become chances, 1 / (1 + e^-x), for answering and helping apart."""
    worst = finding.read_by().of(finding.items)[-1]
    assert worst.answers == pytest.approx(1 / (1 + exp(1.0)))
    assert worst.helps == pytest.approx(1 / (1 + exp(-0.5)))
    assert (worst.case_id, worst.city) == (HEAT, "exampleton")


def test_of_tells_how_far_a_statement_is_behind(finding):
    """A chance may count the distance to the best score, which is 0 for the best."""
    read = finding.read_by().of(finding.items)
    behind = {r.item.statement.text: r.values["behind"] for r in read}
    assert behind == pytest.approx(
        {"It heats.": 0, "It cools.": -0.01, "It walks.": -0.02}
    )


def test_of_weighs_the_distance(finding):
    """With a calibration that weighs it, a better rank makes an answer likelier."""
    weighs = CALIBRATION.model_copy(
        update={"answers": Logistic(weights={"behind": 100.0}, intercept=0.0)}
    )
    read = finding.read_by(calibration=weighs).of(finding.items)
    assert _texts(read) == ["It heats.", "It cools.", "It walks."]


def test_of_reads_statements_in_their_context(finding):
    """The reader gets the question, and city, title and section before each text."""
    reader = FakeReader(finding.given)
    finding.read_by(reader, question="does it heat?").of(finding.items[:1])
    title = "Waste heat from the biscuit factory"
    assert reader.asked == [
        ("does it heat?", (f"Exampleton. {title}. Costs: It heats.",))
    ]


def test_amounts_are_read_as_the_corpus_writes_them(finding):
    """The reader gets amounts as statements have them, in parts of questions too."""
    reader = FakeReader(finding.given)
    made = finding.read_by(reader, question="Wofür gab Exampleton 8,5 Mio. Euro aus?")
    made.of(finding.items)
    made.open_questions(1)
    made.for_part("Wofür gab Exampleton 8,5 Mio. Euro aus?", finding.items)
    assert [asked for asked, _ in reader.asked] == [
        "Wofür gab Exampleton EUR 8.5 million aus?"
    ] * 3


def test_of_reads_no_text_twice(finding):
    """What was read before is remembered; only new statements are read."""
    reader = FakeReader(finding.given)
    made = finding.read_by(reader)
    assert len(made.of([*finding.items[:2], finding.items[0]])) == 2
    assert len(made.of(finding.items)) == len(made.of(finding.items)) == 3
    assert [len(texts) for _, texts in reader.asked] == [2, 1]


def test_of_nothing(finding):
    """Without statements nothing is read."""
    reader = FakeReader(finding.given)
    assert reading([], reader).of([]) == []
    assert reader.asked == []


def test_for_part_reads_for_the_part(finding):
    """A part has chances of its own; those of the whole question stay as they are."""
    reader = FakeReader()
    made = finding.read_by(reader, question="what does it do, and does it ever walk?")
    whole = made.of(finding.items)
    part = made.for_part("It walks", finding.items)
    assert reader.asked[-1][0] == "It walks"
    assert _texts(part)[0] == "It walks."
    assert part[0].answers > max(r.answers for r in whole)
    assert made.of(finding.items) == whole


def _left_open(number, text):
    return OpenQuestion(f"{HEAT}#open-questions.{number}", HEAT, text)


WAGES = _left_open(1, "What wages were paid is not published.")
NOISE = _left_open(2, "Whether the neighbours hear it is not known.")
SMELL = _left_open(3, "Whether it smells is not known.")


def test_open_questions_come_likeliest_first():
    """Each comes with its chance to be what was asked, the likeliest first."""
    reader = FakeReader({"wages": (-1.0, 0.0), "neighbours": (3.0, 0.0)})
    found = reading([], reader, left_open=[WAGES, NOISE, SMELL]).open_questions(3)
    assert [question for question, _ in found] == [NOISE, WAGES, SMELL]
    assert found[0][1] == pytest.approx(1 / (1 + exp(-3.0)))


def test_open_questions_reads_the_nearest_only():
    """Of many open questions the nearest few are read, as of their section."""
    reader = FakeReader()
    found = reading([], reader, left_open=[WAGES, NOISE, SMELL]).open_questions(2)
    assert {question.question_id for question, _ in found} == {
        WAGES.question_id,
        NOISE.question_id,
    }
    ((_, texts),) = reader.asked
    assert [text.partition(". Open questions: ")[2] for text in texts] == [
        WAGES.text,
        NOISE.text,
    ]


def test_open_questions_when_there_are_none():
    """A corpus without open questions has none to offer."""
    assert reading([], FakeReader()).open_questions(4) == []
