"""The curators' commands of `mentorkb`: check, ingest."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ingest.check import check_corpus
from ingest.pipeline import ingest as run_ingest
from ingest.progress import progress_bar
from ingest.report import IngestReport
from ingest.terminal import problem_text, report_text
from kb.records import problem_records
from kb.settings import Settings, load_settings

app = typer.Typer()

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder with the case files.")
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder with the published index.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@app.command()
def check(corpus: CorpusOption = None, *, json_output: JsonOption = False) -> None:
    """Check the corpus: every problem with file, line, and what to do."""
    settings = load_settings(corpus_dir=corpus)
    problems = check_corpus(settings.corpus_dir)
    n_errors = sum(problem.severity == "error" for problem in problems)
    if json_output:
        _print_json({"errors": n_errors, "problems": problem_records(problems)})
    else:
        for problem in problems:
            print(problem_text(problem))
        print(f"{n_errors} errors, {len(problems) - n_errors} warnings and hints.")
    raise typer.Exit(1 if n_errors else 0)


@app.command()
def ingest(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Index the corpus: read, split, embed, and publish."""
    settings = load_settings(corpus_dir=corpus, index_dir=index)
    report = ingest_with_progress(settings)
    if json_output:
        _print_json(
            {
                "generation": report.generation,
                "unchanged": report.unchanged,
                "files": report.files,
                "rejected": problem_records(report.rejected),
                "counts": asdict(report.counts) if report.counts else None,
                "embedded": report.embedded,
                "from_cache": report.from_cache,
                "model_id": report.model_id,
                "seconds": round(report.seconds, 2),
            }
        )
    else:
        print(report_text(report))
    raise typer.Exit(report.exit_code)


def ingest_with_progress(settings: Settings) -> IngestReport:
    """Run an ingestion and draw its progress on stderr."""
    with progress_bar() as progress:
        return run_ingest(settings, progress)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
