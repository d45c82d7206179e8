"""Judgements follow their statements when experts edit the cases.

The id of a statement holds a digest of its text, so that a judgement never moves to
another text by itself. Whoever edits the texts says once which statement took the
place of which: `find_successions` proposes it, somebody looks at what is doubtful, and
`carry` returns the files of judgements with the new ids.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from evals.errors import QuestionSetError
from evals.lines import read_lines, write_whole
from evals.qrels import Grades, as_text, read_qrels
from evals.questions import read_questions
from ingest.corpus import read_corpus_state
from ingest.limits import Limits
from ingest.worker import read_files
from kb.errors import CorpusError, shown
from kb.settings import load_settings
from kb.types import case_id_of
from kb.words import words

How = Literal["same", "cut", "doubtful", "gone"]
HOWS: tuple[How, ...] = ("same", "cut", "doubtful", "gone")
_COLUMNS = ["before", "after", "how"]
_GRADE_COLUMNS = ["file", "question", "statement", "whole", "grade", "text"]
_LIKE = 0.6
"""Share of the words of one text that stand in the other, from which on it is likely
the same statement, longer or cut."""
_SAME_SECTION = 0.1
_IDS = re.compile(r"[\w-]+/[\w-]+#[\w.-]+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
Texts = Mapping[str, str]
"""Text by id: of statements, or of open questions."""


@dataclass(frozen=True)
class Succession:
    """What took the place of a statement."""

    before: str
    """Id of the statement that is no more."""
    after: tuple[str, ...]
    """Ids of what stands for it now, in reading order; empty where nothing does."""
    how: How
    """Whether one statement says the same in other words, several share it, a figure
    differs so that somebody has to read both, or nothing is left of it."""


@dataclass(frozen=True)
class OpenGrade:
    """A question, and a part of a statement that was judged as a whole."""

    file: str
    """Where the judgement stands, below the folder of the question sets."""
    qid: str
    statement_id: str
    whole: int
    """The grade of the whole statement: a part has at most this."""


@dataclass
class Carried:
    """Files of judgements as they are with the new ids."""

    texts: dict[Path, str] = field(default_factory=dict)
    """The whole new text of each file that changes."""
    n_grades: int = 0
    """Judgements under a new id."""
    open_grades: list[OpenGrade] = field(default_factory=list)
    """Judgements that somebody has to make first: a part may say less."""


def read_texts(corpus_dir: Path) -> dict[str, str]:
    """Return every statement and open question of a corpus by id, in reading order.

    Raises:
        CorpusError: The folder, its cities or its themes cannot be used, or a file
            cannot be read: its judgements would seem to have lost their statements.
    """
    settings = load_settings(corpus_dir=corpus_dir)
    corpus = read_corpus_state(settings)
    found: dict[str, str] = {}
    for file in read_files(
        list(corpus.paths.values()),
        corpus.folder,
        corpus.registry,
        Limits.of(settings),
        settings.passage_tokens,
    ):
        if file.split is None:
            raise CorpusError(
                "the file cannot be read.",
                "Run `mentorkb check` and correct it first.",
                path=str(corpus_dir / file.path),
            )
        found |= {unit.statement_id: unit.text for unit in file.split.statements}
        found |= {unit.question_id: unit.text for unit in file.split.open_questions}
    return found


def find_successions(before: Texts, after: Texts) -> list[Succession]:
    """Say what took the place of each text whose id is no more.

    A new text is taken for (a part of) the one of its case that shares most words with
    it. A succession is doubtful where a figure is lost, or is new to the whole case: a
    name may bring others with it ("Skur 38").

    Args:
        before: The texts that were judged.
        after: The texts as they are now, in reading order.
    """
    gone = {name: text for name, text in before.items() if name not in after}
    new = {name: text for name, text in after.items() if name not in before}
    of_case: dict[str, list[str]] = defaultdict(list)
    for name in gone:
        of_case[case_id_of(name)].append(name)
    successors: dict[str, list[str]] = {name: [] for name in gone}
    for name, text in new.items():
        candidates = of_case[case_id_of(name)]
        likeness = {c: _likeness(c, gone[c], name, text) for c in candidates}
        best = max(candidates, key=lambda c: likeness[c], default="")
        if best and likeness[best] >= _LIKE:
            successors[best].append(name)
    known: dict[str, set[str]] = defaultdict(set)
    for name, text in before.items():
        case_id = case_id_of(name)
        known[case_id].update(_FIGURE.findall(f"{case_id} {text}"))
    return [
        Succession(
            name,
            tuple(found),
            _how(gone[name], [new[n] for n in found], known[case_id_of(name)]),
        )
        for name, found in successors.items()
    ]


def _likeness(old_name: str, old: str, new_name: str, new: str) -> float:
    old_words, new_words = set(words(old)), set(words(new))
    common = len(old_words & new_words)
    shares = common / max(1, len(old_words)), common / max(1, len(new_words))
    is_same_section = _section(old_name) == _section(new_name)
    # Where one text is all in the other, the lesser share still tells which fits best.
    return max(shares) + min(shares) / 100 + _SAME_SECTION * is_same_section


def _section(name: str) -> str:
    return name.rpartition(".")[0]


def _how(old: str, new: Sequence[str], known: set[str]) -> How:
    """Say how a statement lives on.

    Args:
        old: Its text.
        new: The texts that took its place.
        known: Every figure that the case and its id had.
    """
    if not new:
        return "gone"
    figures = set().union(*(_FIGURE.findall(text) for text in new))
    if not set(_FIGURE.findall(old)) <= figures <= known:
        return "doubtful"
    return "same" if len(new) == 1 else "cut"


def write_successions(
    successions: Iterable[Succession], path: Path, texts: Texts | None = None
) -> None:
    """Write successions as a table with tabs.

    Args:
        successions: What took the place of what.
        path: The file.
        texts: Of old and new ids, to be read beside; None to leave them out.
    """
    heads = [*_COLUMNS, *(["text before", "text after"] if texts else [])]
    rows = []
    for item in sorted(successions, key=lambda s: s.before):
        rows.append([item.before, " ".join(item.after), item.how])
        if texts:
            told = " | ".join(texts[name] for name in item.after)
            rows[-1] += [texts[item.before], told]
    write_whole(path, _table([heads, *rows]))


def _table(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


def read_successions(path: Path) -> list[Succession]:
    """Read what `write_successions` wrote, and somebody may have corrected.

    Raises:
        QuestionSetError: The file cannot be read, or a line is none.
    """
    lines = read_lines(path, "the table of successors", "one that this command wrote")
    found = []
    for number, row in enumerate(csv.reader(lines, delimiter="\t"), start=1):
        if not row or row[: len(_COLUMNS)] == _COLUMNS:
            continue
        before, after, how = (*row, "", "", "")[:3]
        known = next((h for h in HOWS if h == how), None)
        if known is None or bool(after) == (known == "gone"):
            raise QuestionSetError(
                f"{shown(' '.join(row[:3]))} is no succession.",
                "Write the old id, the new ids with blanks between, and how: "
                f"{', '.join(HOWS)}.",
                path=str(path),
                line=number,
            )
        found.append(Succession(before, tuple(after.split()), known))
    return found


def carry(
    successions: Iterable[Succession],
    folder: Path,
    texts: Texts,
    given: Mapping[OpenGrade, int] = MappingProxyType({}),
) -> Carried:
    """Return every file of judgements below a folder with the new ids; writes nothing.

    A grade goes with a statement that says the same. Of one that was cut, a part that
    holds what an answer must hold gets the grade of the whole; what is without use as a
    whole has no useful part; every other part is to be judged.

    Args:
        successions: What took the place of what; none of them doubtful.
        folder: Where qrels and judged questions lie, `evals/questions`.
        texts: Of the statements as they are now.
        given: The grades of parts that somebody has judged.

    Raises:
        QuestionSetError: A succession is doubtful still, or a file cannot be read.
    """
    by_id = {item.before: item for item in successions}
    doubtful = [name for name, item in by_id.items() if item.how == "doubtful"]
    if doubtful:
        raise QuestionSetError(
            f"{len(doubtful)} successions are doubtful, the first of {doubtful[0]}.",
            "Read both texts; write same or cut when they say the same, or take the "
            "new id out and write gone.",
        )
    mover = _Mover(folder, by_id, texts, given)
    for path in sorted(folder.rglob("*.qrels")):
        mover.carry_qrels(path)
    for path in sorted(folder.rglob("*.jsonl")):
        mover.carry_questions(path)
    return mover.carried


@dataclass
class _Mover:
    """Moves the judgements of one file after the other."""

    folder: Path
    by_id: Mapping[str, Succession]
    texts: Texts
    given: Mapping[OpenGrade, int]
    carried: Carried = field(default_factory=Carried)

    def carry_qrels(self, path: Path) -> None:
        """Move what a qrels file holds."""
        qrels = read_qrels(path)
        if self.by_id.keys().isdisjoint(n for grades in qrels.values() for n in grades):
            return
        asked = read_questions(path.with_name(f"{path.name.partition('.')[0]}.jsonl"))
        musts = {question.qid: question.must_hold for question in asked}
        moved = {
            qid: self._moved(path, qid, grades, musts.get(qid, []))
            for qid, grades in qrels.items()
        }
        self.carried.texts[path] = as_text(moved)

    def carry_questions(self, path: Path) -> None:
        """Move what stands in judged questions and questions that are left open."""
        lines = read_lines(path, "the questions", "a JSON lines file in UTF-8")
        before = list(lines)
        for number, line in enumerate(lines):
            if self.by_id.keys().isdisjoint(_IDS.findall(line)):
                continue
            record = json.loads(line)
            if grades := record.get("answers"):
                musts = record.get("must", [])
                moved = self._moved(path, record["qid"], grades, musts)
                # What is not listed here counts as without use.
                record["answers"] = {n: grade for n, grade in moved.items() if grade}
            if names := record.get("open"):
                record["open"] = [after for n in names for after in self._after(n)]
            lines[number] = json.dumps(record, ensure_ascii=False)
        if lines != before:
            self.carried.texts[path] = "\n".join(lines)

    def _after(self, name: str) -> tuple[str, ...]:
        return self.by_id[name].after if name in self.by_id else (name,)

    def _moved(
        self, path: Path, qid: str, grades: Grades, musts: Sequence[str]
    ) -> Grades:
        """Return grades under the ids of today, and note those that are open."""
        file = path.relative_to(self.folder).as_posix()
        moved: Grades = {}
        for name, grade in grades.items():
            is_cut = name in self.by_id and self.by_id[name].how == "cut"
            self.carried.n_grades += name in self.by_id and bool(self._after(name))
            for after in self._after(name):
                part = OpenGrade(file, qid, after, grade)
                if part in self.given:
                    found = self.given[part]
                elif not is_cut or not grade or self._holds(after, musts):
                    found = grade
                else:
                    self.carried.open_grades.append(part)
                    continue
                moved[after] = max(found, moved.get(after, 0))
        return moved

    def _holds(self, name: str, musts: Sequence[str]) -> bool:
        return any(must in self.texts[name] for must in musts)


def write_open_grades(
    grades: Mapping[OpenGrade, int | None], path: Path, texts: Texts
) -> None:
    """Write what is to be judged as a table with tabs.

    Args:
        grades: Of parts; None where somebody has to fill it in.
        path: The file.
        texts: Of the statements as they are now.
    """
    rows: list[list[object]] = []
    for part, grade in grades.items():
        told = "" if grade is None else grade
        name = part.statement_id
        rows.append([part.file, part.qid, name, part.whole, told, texts[name]])
    write_whole(path, _table([_GRADE_COLUMNS, *rows]))


def read_open_grades(path: Path) -> dict[OpenGrade, int]:
    """Read what was filled in.

    Raises:
        QuestionSetError: The file cannot be read, or a grade is none.
    """
    lines = read_lines(path, "the table of grades", "one that this command wrote")
    given = {}
    for number, row in enumerate(csv.reader(lines, delimiter="\t"), start=1):
        if not row or row[: len(_GRADE_COLUMNS)] == _GRADE_COLUMNS:
            continue
        try:
            file, qid, name, whole, grade = row[:5]
            given[OpenGrade(file, qid, name, int(whole))] = int(grade)
        except ValueError as exc:
            raise QuestionSetError(
                f"{shown(' '.join(row[:5]))} has no grade.",
                "Write 0, 1 or 2 into the column grade.",
                path=str(path),
                line=number,
            ) from exc
    return given
