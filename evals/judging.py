"""The `mentorkb eval` command that moves judgements to edited statements."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from evals.questions import Split, split_file
from kb.settings import load_settings

app = typer.Typer()


@app.command()
def carry(
    before: Annotated[
        Path,
        typer.Argument(help="The corpus folder as it was when it was judged."),
    ],
    table: Annotated[
        Path, typer.Option("--table", help="What took the place of what: to be read.")
    ] = Path("successors.tsv"),
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="The corpus folder as it is now.")
    ] = None,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Move the judgements as the table says.")
    ] = False,
) -> None:
    """Let judgements follow statements whose texts were edited.

    Without --apply, it writes the table for reading. Correct what it has wrong, decide
    what is doubtful, and run it again with --apply.
    """
    from evals.carrying import find_successions, read_texts, write_successions

    texts = read_texts(corpus or load_settings().corpus_dir)
    if apply:
        _apply(table, texts)
        return
    texts_before = read_texts(before)
    successions = find_successions(texts_before, texts)
    write_successions(successions, table, texts_before | texts)
    counts = Counter(item.how for item in successions)
    told = ", ".join(f"{n} {how}" for how, n in counts.most_common())
    typer.echo(f"{table}: {told or 'no statement has changed'}.")


def _apply(table: Path, texts: dict[str, str]) -> None:
    """Move the judgements, or write down what somebody has to judge before."""
    from evals.carrying import (
        carry,
        read_open_grades,
        read_successions,
        write_open_grades,
    )
    from evals.lines import write_whole

    to_judge = table.with_name(f"{table.stem}-to-judge.tsv")
    given = read_open_grades(to_judge) if to_judge.exists() else {}
    folder = split_file(Split.DEV).parent
    carried = carry(read_successions(table), folder, texts, given)
    if carried.open_grades:
        grades = {**given, **dict.fromkeys(carried.open_grades)}
        write_open_grades(grades, to_judge, texts)
        typer.echo(
            f"{len(carried.open_grades)} parts of statements have to be judged first: "
            f"fill in the column grade of {to_judge}, and run this again. "
            "Nothing was changed."
        )
        raise typer.Exit(1)
    for path, text in carried.texts.items():
        write_whole(path, text)
    typer.echo(f"{carried.n_grades} judgements carried in {len(carried.texts)} files.")
