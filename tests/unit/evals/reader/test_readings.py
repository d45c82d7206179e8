"""Readings of judged questions, and the file that a stopped reading goes on from."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from evals.reader.commands import readings_of
from evals.reader.judged import ReadQuestion
from evals.reader.readings import (
    QuestionReading,
    ReadingFile,
    ReadText,
    read_questions,
)
from kb import KnowledgeBase
from kb.types import OpenQuestion
from tests.support.fakes import FakeReader, RecordingProgress
from tests.support.made_up import case, city, ranking, scored

HEAT, WALKS = "exampleton/heat", "sampleby/walks"
ASKED = OpenQuestion(f"{HEAT}#open-questions.1", HEAT, "What heat costs is unknown.")
OTHER = OpenQuestion(f"{HEAT}#open-questions.2", HEAT, "Who owns it is unknown.")
FAR = OpenQuestion(f"{WALKS}#open-questions.1", WALKS, "Who walks is unknown.")
PIPE = scored(HEAT, 0.75, "The pipe cost 7 crowns.", bare_similarity=0.5, number=1)
WALK = scored(WALKS, 0.5, "Pupils walk.", bare_similarity=0.25, number=2)


class CannedKnowledgeBase(KnowledgeBase):
    """Finds the same for each question."""

    def __init__(self, statements=(PIPE, WALK), open_questions=(FAR, OTHER, ASKED)):
        """Choose what is found, nearest first."""
        self._statements = statements
        self._noted = {q.question_id: q for q in open_questions}
        self.asked: list[str] = []

    @property
    def manifest(self):
        """See `KnowledgeBase.manifest`."""
        return SimpleNamespace(generation="canned")

    @property
    def cities(self):
        """See `KnowledgeBase.cities`."""
        return [city("Exampleton"), city("Sampleby")]

    def cases(self):
        """See `KnowledgeBase.cases`."""
        return [case(HEAT), case(WALKS)]

    def ranking(self, query):
        """See `KnowledgeBase.ranking`."""
        self.asked.append(query.text)
        return ranking(
            self._statements,
            question=query.text,
            open_questions=dict.fromkeys(self._noted, 0.5),
        )

    def open_questions(self, ids):
        """See `KnowledgeBase.open_questions`."""
        return [self._noted[name] for name in ids]


def _question(qid="q1", **changes):
    made = {
        "qid": qid,
        "text": f"What did pipe {qid} cost?",
        "language": "en",
        "kind": "fact",
        "case": HEAT,
        "need": qid,
        "grades": {PIPE.statement.statement_id: 2},
    }
    return ReadQuestion(**{**made, **changes})


def _read(kb=None, reader=None, **changes):
    progress = RecordingProgress()
    progress.start("Reading", 1)
    (found,) = read_questions(
        kb or CannedKnowledgeBase(),
        reader or FakeReader({"pipe": (2.0, 3.0)}),
        [_question(**changes)],
        progress,
    )
    return found


def test_reading_holds_log_odds_and_grades():
    """Each statement found has its log-odds, distance to the best, and grade."""
    unknown = frozenset({WALKS})
    assert _read(unknown_cases=unknown).statements == [
        ReadText(PIPE.statement.statement_id, 2.0, 3.0, 0.0, 2),
        ReadText(WALK.statement.statement_id, -12.0, -12.0, -0.25, None),
    ]


@pytest.mark.parametrize(
    ("asks_open", "grades"),
    [
        (None, [None, None, None]),
        ((), [None, 0, 0]),
        ((ASKED.question_id,), [None, 0, 2]),
    ],
    ids=["nobody looked", "asks none", "asks one"],
)
def test_reading_grades_open_questions_of_the_case(asks_open, grades):
    """Open questions of its case are graded where somebody looked, others never."""
    found = _read(asks_open=asks_open).open_questions
    assert [text.text_id for text in found] == [
        FAR.question_id,
        OTHER.question_id,
        ASKED.question_id,
    ]
    assert [text.grade for text in found] == grades


def test_reading_gets_texts_as_an_answer_would():
    """Statements and open questions are read in context, amounts as in the corpus."""
    reader = FakeReader()
    _read(reader=reader, text="Wofür gab die Stadt 8,5 Mio. Euro aus?")
    (asked, statements), (_, open_questions) = reader.asked
    title = "Waste heat from the biscuit factory"
    assert asked == "Wofür gab die Stadt EUR 8.5 million aus?"
    assert statements[1] == f"Sampleby. {title}. Costs: Pupils walk."
    assert open_questions[0] == f"Sampleby. {title}. Open questions: {FAR.text}"


def test_reading_keeps_what_the_question_is():
    """Kind, language, case and whether it has an answer come from the question."""
    found = _read(kind="absent", grades={}, language="de")
    assert (found.qid, found.kind, found.language) == ("q1", "absent", "de")
    assert (found.case, found.is_answerable) == (HEAT, False)
    assert found.topic == 0.5


def test_reading_when_nothing_is_found():
    """A question that finds nothing has an empty reading."""
    found = _read(CannedKnowledgeBase((), ()))
    assert (found.statements, found.open_questions) == ([], [])


def test_reading_tells_its_progress():
    """Each question counts once it is read."""
    progress = RecordingProgress()
    progress.start("Reading", 2)
    questions = [_question("q1"), _question("q2")]
    for n, _ in enumerate(
        read_questions(CannedKnowledgeBase(), FakeReader(), questions, progress)
    ):
        assert progress.done["Reading"] == n


# The file


@pytest.fixture
def path(tmp_path):
    """Where readings are kept: in a folder that is not there yet."""
    return tmp_path / "new" / "fake.jsonl"


def test_file_gives_back_what_it_was_given(path):
    """Readings come back as they were, in their order."""
    readings = [_read(), _read(asks_open=(ASKED.question_id,), qid="q2")]
    file = ReadingFile.at(path)
    assert file.read() == []
    for reading in readings:
        file.append(reading)
    assert ReadingFile.at(path).read() == file.read() == readings


def test_file_after_a_stop_in_the_middle_of_a_line(path):
    """A line that was not finished is given up; the ones before and after stay."""
    file = ReadingFile.at(path)
    file.append(_read())
    path.write_bytes(path.read_bytes() + path.read_bytes()[:40])
    again = ReadingFile.at(path)
    again.append(_read(qid="q2"))
    assert [reading.qid for reading in again.read()] == ["q1", "q2"]


def test_file_when_its_only_line_is_unfinished(path):
    """Where nothing was finished, everything is read again."""
    ReadingFile.at(path).append(_read())
    path.write_bytes(path.read_bytes()[:40])
    assert ReadingFile.at(path).read() == []


def test_file_of_something_else(path):
    """A whole line that is no reading is an error, not passed over."""
    ReadingFile.at(path)
    path.write_text('{"qid": "q1"}\n', encoding="utf-8")
    with pytest.raises(ValidationError, match="statements"):
        ReadingFile.at(path).read()


QUESTIONS = [_question(f"q{n}") for n in range(6)]


def _readings(kb, folder, questions=QUESTIONS) -> list[QuestionReading]:
    progress = RecordingProgress()
    found = readings_of(kb, FakeReader(), questions, folder, progress)
    assert progress.done == {"Reading": len(questions)}
    return found


def test_readings_of_goes_on_where_it_stopped(tmp_path):
    """What the file holds is not read again; all wanted readings come back."""
    kb = CannedKnowledgeBase()
    _readings(kb, tmp_path)
    (path,) = tmp_path.iterdir()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:2]), encoding="utf-8")
    kb.asked.clear()
    found = _readings(kb, tmp_path)
    assert sorted(reading.qid for reading in found) == [q.qid for q in QUESTIONS]
    assert len(kb.asked) == 4


def test_readings_of_other_judgements_are_read_anew(tmp_path):
    """Readings hold judgements: when these change, earlier readings are not used."""
    kb = CannedKnowledgeBase()
    _readings(kb, tmp_path)
    changed = [replace(q, grades={**q.grades, f"{HEAT}#new": 2}) for q in QUESTIONS]
    _readings(kb, tmp_path, changed)
    assert len(kb.asked) == 2 * len(QUESTIONS)
    assert len(list(tmp_path.iterdir())) == 2
