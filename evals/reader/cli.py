"""The `mentorkb eval` commands that train, measure and calibrate a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.questions import Split
from kb.errors import SettingsError, shown
from kb.settings import load_settings

if TYPE_CHECKING:
    from ingest import Progress
    from kb import KnowledgeBase

app = typer.Typer()
IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder with the published index.")
]
OutOption = Annotated[
    Path,
    typer.Option("--out", help="Folder for what a stopped run goes on from."),
]
_OUT = Path("build/reader")
_PARTS = 9


LeaveOutOption = Annotated[
    int,
    typer.Option(
        "--leave-out",
        min=0,
        help="Which part of the cases to train without: it measures and calibrates "
        "the reader. All in turn make a cross-validation.",
    ),
]
GoOnOption = Annotated[
    bool,
    typer.Option(
        "--go-on",
        help="Begin with the packaged reader, as after questions were added; it must "
        "not have learnt from the part that is left out.",
    ),
]


@app.command("train-reader")
def train_reader(
    out: OutOption = _OUT,
    leave_out: LeaveOutOption = 0,
    parts: Annotated[
        int,
        typer.Option("--parts", min=2, help="Into how many the cases are divided."),
    ] = _PARTS,
    epochs: Annotated[
        float, typer.Option("--epochs", min=0.01, help="How often to read a question.")
    ] = 4.0,
    index: IndexOption = None,
    *,
    go_on: GoOnOption = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Replace the packaged reader; `eval fit` is next."
        ),
    ] = False,
) -> None:
    """Train a reader on the judged questions; go on where it was stopped.

    Prints how well it reads the questions on the cases that it was trained without.
    """
    from evals.reader import commands
    from evals.reader.figures import figures_table, reading_figures
    from evals.reader.lists import Part

    if leave_out >= parts:
        raise SettingsError(
            f"--leave-out {leave_out}: there are {parts} parts.",
            f"Use 0 to {parts - 1}.",
        )
    _make(out)
    with _knowledge_base(index) as (kb, progress):
        part = Part(leave_out, parts)
        reader, card = commands.train_reader(
            kb, out, part, epochs, progress, go_on=go_on, write=write
        )
        unseen = commands.unseen_questions(kb, card)
        readings = commands.readings_of(kb, reader, unseen, out, progress)
    _print(figures_table(reading_figures(readings)))
    typer.echo(f"Weights: {commands.weights_file(out, part)}")


@app.command()
def fit(
    out: OutOption = _OUT,
    index: IndexOption = None,
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the stored calibration.")
    ] = False,
) -> None:
    """Fit what the reader's log-odds are worth, and where off topic begins.

    On judged questions that the reader was not trained on, never on those for reports.
    """
    from evals.reader.commands import readings_of, unseen_questions
    from evals.reader.figures import figures_table, reading_figures
    from evals.reader.fit import fit as fit_calibration
    from evals.reader.fit import fit_topic
    from kb.answer.topic import FILE
    from kb.reader import load_reader
    from kb.reader.calibration import store_calibration
    from kb.reader.card import read_card

    _make(out)
    with _knowledge_base(index) as (kb, progress):
        reader = load_reader(load_settings(index_dir=index).reader)
        if reader is None:
            raise SettingsError(
                "no reader is in use.", "Remove KB_READER=off, or name one."
            )
        card = read_card()
        own = card if card.reader_id == reader.reader_id else None
        unseen = unseen_questions(kb, own)
        readings = readings_of(kb, reader, unseen, out, progress)
        model_id = kb.manifest.model_id
    fitted_on = f"{len(readings)} judged questions of {Split.DEV}, {Split.BROAD_DEV} "
    fitted_on += "and questions/reader, unseen in training"
    calibration = fit_calibration(readings, fitted_on)
    limit = fit_topic(readings, fitted_on, model_id)
    _print(figures_table(reading_figures(readings)))
    typer.echo(calibration.model_dump_json(indent=1))
    typer.echo(limit.model_dump_json(indent=1))
    if write:
        store_calibration(reader.reader_id, calibration)
        FILE.write_text(limit.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _make(folder: Path) -> None:
    """Make the folder of a long run before the run begins."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise SettingsError(
            f"the folder {shown(str(folder))} cannot be made ({exc.strerror}).",
            "Name another with --out.",
        ) from exc


def _print(table: object) -> None:
    from rich.console import Console

    Console(width=110).print(table)


@contextmanager
def _knowledge_base(index: Path | None) -> Iterator[tuple[KnowledgeBase, Progress]]:
    from ingest import progress_bar
    from kb import KnowledgeBase

    with progress_bar() as progress:
        kb = KnowledgeBase(load_settings(index_dir=index))
        try:
            yield kb, progress
        finally:
            kb.close()
