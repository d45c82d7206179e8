"""The curators' commands of `mentorkb`: new, preview, check, ingest, rollback."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ingest.limits import Limits
from ingest.progress import progress_bar
from ingest.report import IngestReport
from ingest.terminal import problem_text, report_text
from kb.records import manifest_record, problem_records
from kb.settings import Settings, load_settings

app = typer.Typer()

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder with the case files.")
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder with the published index.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


class FailOn(StrEnum):
    """The least severe finding for which `check` fails."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@app.command()
def new(
    city: Annotated[str, typer.Argument(help="Slug of the city, as in cities.yaml.")],
    title: Annotated[str, typer.Argument(help="What was done, in a few words.")],
    corpus: CorpusOption = None,
) -> None:
    """Write a template for a new case."""
    from ingest.registry import read_registry
    from ingest.template import write_template

    folder = load_settings(corpus_dir=corpus).corpus_dir
    path = write_template(folder, read_registry(folder), city, title)
    print(f"{path}\nFill it in, then run `mentorkb check` and `mentorkb ingest`.")


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="Any file, in the corpus or not.")],
    corpus: CorpusOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Show how a file is read: sections, passages, statements, pages, problems."""
    from ingest.preview import preview as read_preview
    from ingest.preview import preview_record, preview_text
    from ingest.registry import read_registry

    settings = load_settings(corpus_dir=corpus)
    read = read_preview(
        file,
        settings.corpus_dir,
        read_registry(settings.corpus_dir),
        Limits.of(settings),
        settings.passage_tokens,
    )
    if json_output:
        _print_json(preview_record(read))
    else:
        print(preview_text(read))
    failed = any(problem.severity == "error" for problem in read.problems)
    raise typer.Exit(1 if failed else 0)


@app.command()
def check(
    corpus: CorpusOption = None,
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", help="Exit with 1 from this severity upwards."),
    ] = FailOn.ERROR,
    *,
    json_output: JsonOption = False,
) -> None:
    """Check the corpus: every problem with file, line, and what to do."""
    from ingest.check import check_corpus

    settings = load_settings(corpus_dir=corpus)
    problems = check_corpus(
        settings.corpus_dir, Limits.of(settings), today=date.today()
    )
    severities = list(FailOn)
    counts = {name: sum(p.severity == name for p in problems) for name in severities}
    if json_output:
        totals = {f"{name}s": count for name, count in counts.items()}
        _print_json({**totals, "problems": problem_records(problems)})
    else:
        for problem in problems:
            print(problem_text(problem))
        print(", ".join(f"{count} {name}s" for name, count in counts.items()) + ".")
    failing = severities[: severities.index(fail_on) + 1]
    raise typer.Exit(1 if any(counts[name] for name in failing) else 0)


@app.command()
def ingest(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    *,
    allow_removals: Annotated[
        bool,
        typer.Option(help="Publish even if many of the published files are gone."),
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Index the corpus: read, split, embed, and publish what has changed."""
    settings = load_settings(corpus_dir=corpus, index_dir=index)
    report = ingest_with_progress(settings, allow_removals=allow_removals)
    if json_output:
        _print_json(
            {
                "generation": report.generation,
                "unchanged": report.unchanged,
                "files": report.files,
                "states": report.states,
                "outcomes": [asdict(outcome) for outcome in report.outcomes],
                "rejected": problem_records(report.rejected),
                "warnings": problem_records(report.warnings),
                "counts": asdict(report.counts) if report.counts else None,
                "embedded": report.embedded,
                "from_cache": report.from_cache,
                "model_id": report.model_id,
                "seconds": round(report.seconds, 2),
                "seconds_by_step": report.seconds_by_step,
            }
        )
    else:
        print(report_text(report))
    raise typer.Exit(report.exit_code)


@app.command()
def rollback(index: IndexOption = None, *, json_output: JsonOption = False) -> None:
    """Publish the previous index again."""
    from ingest.publishing import rollback as go_back

    manifest = go_back(load_settings(index_dir=index))
    if json_output:
        _print_json(manifest_record(manifest))
    else:
        print(
            f"Published again: the index of {manifest.created_at} with "
            f"{manifest.counts.cases} cases. The next `mentorkb ingest` reads the "
            "corpus anew, so correct it first."
        )


def ingest_with_progress(
    settings: Settings, *, allow_removals: bool = False
) -> IngestReport:
    """Run an ingestion and draw its progress on stderr."""
    from ingest.pipeline import ingest as run_ingest

    with progress_bar() as progress:
        return run_ingest(settings, progress, allow_removals=allow_removals)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
