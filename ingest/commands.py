"""The curators' commands of `mentorkb`: new, preview, check, move, ingest, rollback."""

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
from ingest.terminal import (
    findings_text,
    report_text,
    rollback_text,
)
from kb.errors import CorpusError
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
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...", help="Show the findings of these files only."
        ),
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", help="Exit with 1 from this severity upwards."),
    ] = FailOn.ERROR,
    *,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed", help="Only of files that differ from the published index."
        ),
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Check the corpus: every problem with file, line, and what to do."""
    from ingest.check import check_corpus, of_files
    from ingest.published import published_if_reachable

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    only = _asked_for(files, settings, changed=changed)
    problems = check_corpus(
        settings.corpus_dir,
        Limits.of(settings),
        today=date.today(),
        published=published_if_reachable(settings),
    )
    if only is not None:
        problems = of_files(problems, only)
    counts = {str(name): sum(p.severity == name for p in problems) for name in FailOn}
    if json_output:
        totals = {f"{name}s": count for name, count in counts.items()}
        narrowed = {} if only is None else {"files": only}
        _print_json({**totals, **narrowed, "problems": problem_records(problems)})
    else:
        print(findings_text(problems, counts, None if only is None else len(only)))
    failing = list(FailOn)[: list(FailOn).index(fail_on) + 1]
    raise typer.Exit(1 if any(counts[name] for name in failing) else 0)


@app.command()
def move(
    old: Annotated[Path, typer.Argument(help="A case file of the corpus.")],
    new: Annotated[Path, typer.Argument(help="Where to: <city>/<practice>.")],
    corpus: CorpusOption = None,
) -> None:
    """Move a case file with its front matter file; tell what its new id breaks."""
    from ingest.drafting.move import move_case, move_text

    print(move_text(move_case(old, new, load_settings(corpus_dir=corpus))))


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
    from ingest.background import give_way

    give_way()
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
                "to_confirm": problem_records(report.to_confirm),
                "counts": asdict(report.counts) if report.counts else None,
                "embedded": report.embedded,
                "from_cache": report.from_cache,
                "model_id": report.model_id,
                "seconds": round(report.seconds, 2),
                "seconds_by_step": report.seconds_by_step,
                "damage": report.damage,
            }
        )
    else:
        print(report_text(report))
    raise typer.Exit(report.exit_code)


@app.command()
def rollback(index: IndexOption = None, *, json_output: JsonOption = False) -> None:
    """Publish the previous index again; once more takes the one before that."""
    from ingest.publishing import rollback as go_back

    step = go_back(load_settings(index_dir=index))
    if json_output:
        further = {"left": step.left, "older": step.older, "passed": step.passed}
        _print_json({**manifest_record(step.taken), **further})
    else:
        print(rollback_text(step))


def ingest_with_progress(
    settings: Settings, *, allow_removals: bool = False
) -> IngestReport:
    """Run an ingestion and draw its progress on stderr."""
    from ingest.pipeline import ingest as run_ingest

    with progress_bar() as progress:
        return run_ingest(settings, progress, allow_removals=allow_removals)


def _asked_for(
    files: list[Path] | None, settings: Settings, *, changed: bool
) -> list[str] | None:
    """Return the paths of the files whose findings are shown, or None for all."""
    if not files and not changed:
        return None
    from ingest.check import named_files
    from ingest.published import changed_files

    named = named_files(files, settings.corpus_dir) if files else None
    if not changed:
        return named
    try:
        differ = changed_files(settings)
    except CorpusError:  # the check says so of the whole corpus
        differ = set()
    return sorted(differ if named is None else differ.intersection(named))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
