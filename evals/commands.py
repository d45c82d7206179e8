"""The `mentorkb eval` commands, thin over this package."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.judging import app as judging_app
from evals.printing import print_checks, print_comparison, print_summary
from evals.questions import Split, read_questions, split_file
from evals.reader.cli import app as reader_app
from kb.errors import CorpusError, SettingsError
from kb.settings import load_settings

if TYPE_CHECKING:
    from evals.experiment import QuestionSet
    from evals.systems import Workbench

app = typer.Typer(
    help="Measure retrieval, answers and refusals, and compare systems.",
    no_args_is_help=True,
)
app.add_typer(reader_app)
app.add_typer(judging_app)


IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder with the published index.")
]
SplitOption = Annotated[
    Split,
    typer.Option(
        "--split",
        help="dev, broad-dev: for choosing; test, others, broad-test: for reporting.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@app.command()
def run(
    system: Annotated[
        list[str] | None,
        typer.Option(
            "--system",
            help="ours, bm25, minilm, e5, rrf, starter, ours-no-PART, dense:MODEL or "
            "rerank:MODEL; repeatable. All standard systems without it.",
        ),
    ] = None,
    split: SplitOption = Split.DEV,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for runs, results and the HTML report."),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="Another question set (JSON lines)."),
    ] = None,
    qrels: Annotated[
        list[Path] | None,
        typer.Option("--qrels", help="Its judgements (TREC qrels); repeatable."),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", help="Its corpus; indexed apart from the own one."),
    ] = None,
    index: IndexOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Run systems over a question set; print, and write, what they are worth."""
    from evals.experiment import run_systems, summarise_runs, write_files
    from evals.summary import summary_json

    names = _checked_names(system)
    _require_both(queries, qrels)
    with _workbench(index, corpus) as bench:
        question_set = _question_set(split, queries, qrels, bench)
        measured = run_systems(names, question_set, bench)
        command = shlex.join(["mentorkb", *sys.argv[1:]])
        summary = summarise_runs(measured, question_set, bench, command)
        if out:
            write_files(measured, question_set.judgements, summary, out)
    if json_output:
        typer.echo(summary_json(summary))
        return
    print_summary(summary)
    if out:
        typer.echo(f"Report: {out / 'report.html'}")


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="Folder of results, or one results file.")],
    b: Annotated[Path, typer.Argument(help="The same, of the run to compare.")],
) -> None:
    """Show what the second run does better and worse than the first."""
    from evals.compare import compare as compare_results
    from evals.results import read_results

    print_comparison(compare_results(read_results(a), read_results(b)))


@app.command()
def latest(
    results: Annotated[
        list[Path],
        typer.Argument(
            help="Folders that `run --out` wrote, of --split test and, beside it, of "
            "others and broad-test."
        ),
    ],
) -> None:
    """Store what runs found as the latest figures, which the Quality page shows."""
    from evals.latest import LATEST_FILE, store_latest

    stored = store_latest(results)
    typer.echo(f"Stored the figures of {stored.date:%Y-%m-%d} in {LATEST_FILE}.")


@app.command()
def gate(
    index: IndexOption = None,
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Store this state as the baseline.")
    ] = False,
) -> None:
    """Fail (exit 1) when the stored baseline is undercut beyond noise.

    On other material, finding must not fall below its similarities alone either.
    """
    from evals.experiment import read_split, run_systems
    from evals.gate import (
        BASELINE_FILE,
        Gated,
        check_against,
        check_likeness,
        gate_questions,
        store_baseline,
    )
    from evals.other_material import CORPUS, NAME, find_elsewhere
    from evals.systems import OURS

    with _workbench(index) as bench:
        sets = {}
        for split in (Split.DEV, Split.BROAD_DEV):
            question_set = gate_questions(read_split(split, bench))
            (measured,) = run_systems([OURS], question_set, bench)
            sets[question_set.name] = Gated.of(measured)
        about = {
            "settings_digest": bench.settings.digest(),
            "corpus_digest": bench.kb.manifest.corpus_digest,
            "command": "mentorkb eval gate --update",
        }
    with _workbench(index, CORPUS, below=True) as bench:
        elsewhere = find_elsewhere(bench)
        sets[NAME] = Gated(elsewhere.ours)
    if update:
        store_baseline(sets, BASELINE_FILE, about)
        typer.echo(f"Stored in {BASELINE_FILE}.")
        return
    checks = [*check_against(sets, BASELINE_FILE), *check_likeness(elsewhere)]
    print_checks(checks)
    raise typer.Exit(1 if any(check.is_worse for check in checks) else 0)


@app.command()
def figures(
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="Whose cases list figures.")
    ] = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Measure how well figures are read by rules, against those that cases list."""
    from evals.figure_reading import measure_figures
    from evals.printing import figure_reading_record, print_figure_reading

    reading = measure_figures(load_settings(corpus_dir=corpus))
    if json_output:
        typer.echo(json.dumps(figure_reading_record(reading), indent=1))
    else:
        print_figure_reading(reading)


@app.command()
def scale(
    at: Annotated[Path, typer.Argument(help="An empty folder for the large index.")],
    passages: Annotated[
        int, typer.Option("--passages", min=1_000, help="How many passages to make.")
    ] = 100_000,
    n_questions: Annotated[
        int, typer.Option("--questions", min=1, help="How many questions to ask.")
    ] = 100,
    index: IndexOption = None,
) -> None:
    """Measure storage with many passages, recombined from the published index.

    The passages of the published index folder are the raw material. With KB_CHROMA_URL
    the large index goes to that server; give it a database of its own.
    """
    from evals.storage_benchmark import benchmark_storage
    from ingest import progress_bar
    from kb import KnowledgeBase
    from kb.storage import FolderStorage, published

    if at.exists() and (not at.is_dir() or any(at.iterdir())):
        raise SettingsError(f"{str(at)!r} is no empty folder.", "Name a new one.")
    settings = load_settings(index_dir=index)
    large = settings.model_copy(update={"index_dir": at})
    storage = FolderStorage(settings.index_dir)
    texts = [q.text for q in read_questions(split_file(Split.DEV))]
    texts = texts[:: max(1, len(texts) // n_questions)][:n_questions]
    with (
        closing(KnowledgeBase(settings.model_copy(update={"chroma_url": None}))) as kb,
        closing(storage.open(published(storage))) as source,
        progress_bar() as progress,
    ):
        measured = benchmark_storage(
            kb.embedder, source, large, passages, texts, progress
        )
    typer.echo(json.dumps(asdict(measured), indent=1))


@app.command()
def annotate(
    split: SplitOption = Split.DEV,
    system: Annotated[
        str, typer.Option("--system", help="Whose hits to judge.")
    ] = "ours",
    depth: Annotated[
        int, typer.Option("--depth", min=1, max=100, help="First hits of a question.")
    ] = 10,
    index: IndexOption = None,
) -> None:
    """Judge hits that nobody has judged, one passage at a time."""
    from evals.annotate import Recorder, annotate, unjudged_passages
    from evals.experiment import read_split
    from evals.runs import run_system
    from evals.systems import build

    with _workbench(index) as bench:
        question_set = read_split(split, bench)
        path = split_file(split)
        recorder = Recorder(
            path.with_suffix(".statements.qrels"), path.with_suffix(".cases.qrels")
        )
        entries = run_system(build(system, bench), question_set.questions)
        unjudged = unjudged_passages(
            entries, recorder.statements, bench.collection, depth
        )
        n_judged = annotate(
            unjudged,
            recorder,
            bench.collection,
            ask=lambda text: typer.prompt(text, default="0", show_default=False),
            show=typer.echo,
        )
    typer.echo(f"{n_judged} passages judged.")


def _checked_names(system: list[str] | None) -> list[str]:
    from evals.systems import STANDARD, check_names

    names = system or list(STANDARD)
    check_names(names)
    return names


def _require_both(queries: Path | None, qrels: list[Path] | None) -> None:
    if bool(queries) != bool(qrels):
        raise SettingsError(
            "--queries and --qrels belong together.", "Give both, or neither."
        )


@contextmanager
def _workbench(
    index: Path | None, corpus: Path | None = None, *, below: bool = False
) -> Iterator[Workbench]:
    """Open the published index, or one of another corpus, with progress on stderr.

    Another corpus is indexed below the own index, or at ``index`` unless ``below``.
    """
    from evals.systems import Workbench
    from ingest import ingest, progress_bar

    settings = load_settings(index_dir=index, corpus_dir=corpus)
    with progress_bar() as progress:
        if corpus and (below or index is None):
            # Beside the own index, so that it is built once and disturbs nobody.
            folder = settings.index_dir / "evals" / corpus.resolve().name
            apart = {"index_dir": folder, "chroma_url": None}
            settings = settings.model_copy(update=apart)
        if corpus and ingest(settings, progress).generation is None:
            raise CorpusError(
                "none of its files can be used.",
                f"Run `mentorkb check --corpus {corpus}` to see why.",
                path=str(corpus),
            )
        bench = Workbench(settings, progress)
        try:
            yield bench
        finally:
            bench.kb.close()


def _question_set(
    split: Split,
    queries: Path | None,
    qrels: list[Path] | None,
    bench: Workbench,
) -> QuestionSet:
    from evals.experiment import read_set, read_split

    if queries and qrels:
        return read_set(queries.stem, queries, qrels, bench)
    return read_split(split, bench)


@app.command()
def variants(
    split: SplitOption = Split.DEV,
    index: IndexOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Count what the name check alone refuses, however a question is typed."""
    from evals.experiment import read_split
    from evals.variants import refused_for_names
    from kb.question.names import Vocabulary
    from kb.storage import published, storage_of

    with _workbench(index) as bench:
        question_set = read_split(split, bench)
        storage = storage_of(bench.settings)
        with closing(storage.open(published(storage))) as generation:
            counted = refused_for_names(
                question_set.questions,
                question_set.judgements,
                bench.collection,
                generation.catalogue.cities.values(),
                Vocabulary(generation.catalogue.vocabulary),
            )
    if json_output:
        typer.echo(json.dumps([asdict(item) for item in counted], indent=1))
        return
    for item in counted:
        numbers = ", ".join(f"{name} {n}" for name, n in item.by_variant.items())
        typer.echo(f"{item.kind:16} of {item.n}: {numbers}")
