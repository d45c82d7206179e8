"""The terminal door: the `mentorkb` commands, thin over the packages."""

from __future__ import annotations

# First, because Ctrl+C is to be quiet while the others load, which takes a second.
from ui.terminal import ending

# isort: split
import json
import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from doors.commands import (
    IndexOption,
    OwnNamesOption,
    PortOption,
    open_index,
    prepare_api,
)
from doors.commands import app as doors_app
from doors.listening import address, require_free
from doors.workers import Workers, app_commands
from evals import app as eval_app
from ingest import app as ingest_app
from ingest import ingest_with_progress, report_text
from kb import log
from kb.errors import (
    IndexNotFoundError,
    KnowledgeBaseError,
    QueryError,
    SettingsError,
)
from kb.settings import Settings, load_settings
from kb.storage import published_manifest
from kb.types import Query
from ui.terminal.cases import app as case_app
from ui.terminal.figures import app as figures_app
from ui.terminal.output import (
    answer_text,
    coverage_table,
    evidence_table,
    hit_text,
    writing,
)

if TYPE_CHECKING:
    from kb import KnowledgeBase

NOTHING_DONE = 2
COVERAGE_WIDTH = 150

app = typer.Typer(
    help="How did another city do this, what did it cost, and what went wrong? "
    "Cited answers from the cases of nine mentor cities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(ingest_app)
app.add_typer(doors_app)
app.add_typer(case_app)
app.add_typer(eval_app, name="eval")
app.add_typer(figures_app)
console = Console(stderr=True, highlight=False, soft_wrap=True)
logger = logging.getLogger("mentorkb")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
QuestionArgument = Annotated[
    str | None, typer.Argument(help="The question, in any European language.")
]
QueriesOption = Annotated[
    Path | None,
    typer.Option("--queries", help="JSON lines file of questions, with --json."),
]
CityOption = Annotated[
    list[str] | None, typer.Option("--city", help="Only this city (slug); repeatable.")
]
ThemeOption = Annotated[
    list[str] | None,
    typer.Option("--theme", help="Only this theme (slug); repeatable."),
]
AfterOption = Annotated[
    str,
    typer.Option(
        "--after", help="The question asked just before, if this one goes on from it."
    ),
]


@app.callback()
def _main(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show log lines and tracebacks.")
    ] = False,
) -> None:
    settings = load_settings()
    level = settings.log_level.upper()
    log.set_up(sys.stderr, "DEBUG" if debug else level, settings.log_format)


@app.command()
def status(index: IndexOption = None, *, json_output: JsonOption = False) -> None:
    """Show what is published: model, counts, time."""
    from kb.records import manifest_record

    record = manifest_record(published_manifest(load_settings(index_dir=index)))
    if json_output:
        _print_json(record)
        return
    for name, value in record.items():
        summary = len(value) if isinstance(value, list) else value
        print(f"{name.replace('_', ' '):18} {summary}")


@app.command()
def doctor(
    index: IndexOption = None,
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="Folder with the case files.")
    ] = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Say what is wrong with this installation and what to do; changes nothing."""
    from ui.terminal.doctor import examine, finding_records, finding_text

    findings = []
    for finding in examine(load_settings(index_dir=index, corpus_dir=corpus)):
        findings.append(finding)
        if not json_output:
            print(finding_text(finding), flush=True)
    if json_output:
        _print_json(finding_records(findings))
    is_wrong = any(finding.verdict == "wrong" for finding in findings)
    raise typer.Exit(1 if is_wrong else 0)


@app.command()
def coverage(
    index: IndexOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write every column as CSV here.")
    ] = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Show what the cases cover: city by theme by kind of section, with the gaps."""
    from kb.coverage import coverage_records, evidence, write_coverage

    with _open(index) as kb:
        rows = kb.coverage()
        if out:
            with writing(out, "utf-8") as file:
                write_coverage(rows, file)
        if json_output:
            _print_json(coverage_records(rows))
        else:
            cities = [city.slug for city in kb.cities]
            compared = evidence(kb.cases(), kb.statements(), cities)
            tables = (coverage_table(rows), evidence_table(compared))
            Console(width=COVERAGE_WIDTH, soft_wrap=True).print(*tables)
        if out:
            console.print(f"Written: {out}", markup=False)


@app.command()
def feedback(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write the CSV here, so that Excel can open it."),
    ] = None,
    *,
    sent_only: Annotated[
        bool,
        typer.Option("--sent-only", help="Only what was sent to the discussion group."),
    ] = False,
) -> None:
    """Print users' feedback and unanswered questions as CSV, oldest first."""
    from ui.feedback import ENCODING, FeedbackStore, write_csv

    settings = load_settings()
    store = FeedbackStore(settings.feedback_dir, settings.feedback_days)
    entries = store.entries(sent_only=sent_only)
    if out is None:
        write_csv(entries, sys.stdout)
        return
    with writing(out, ENCODING) as file:
        write_csv(entries, file)
    console.print(f"Written: {out} (entries: {len(entries)})", markup=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, a ZIP file.")],
) -> None:
    """Copy corpus, index, feedback and audit log into one file; the app may run."""
    from ui.terminal.backup import back_up

    done = back_up(load_settings(), file)
    print(f"{file}: {done.files:,} files, {done.size / 1_000_000:,.0f} MB unpacked.")
    for left_out in done.left_out:
        print(f"Left out: {left_out}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `mentorkb backup` has written.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put aside what is there.")
    ] = False,
) -> None:
    """Bring back a backup, all of it or nothing; stop the app before."""
    from ui.terminal.restore import restore as bring_back

    done = bring_back(load_settings(), file, replace=replace)
    print(f"Restored: {done.files:,} files, backed up {done.made}.")
    for path in done.aside:
        print(f"Put aside: {path}")


@app.command()
def search(
    question: QuestionArgument = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many hits.")] = 10,
    city: CityOption = None,
    theme: ThemeOption = None,
    queries: QueriesOption = None,
    index: IndexOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Show the passages that are nearest to a question."""
    from kb.records import hit_record

    def run(kb: KnowledgeBase, query: Query) -> dict[str, Any]:
        return {"hits": [hit_record(hit) for hit in kb.search(query, k)]}

    with _open(index) as kb:
        if queries:
            _run_batch(kb, queries, run, json_output=json_output)
            return
        query = _single(question, city, theme)
        if json_output:
            _print_json(run(kb, query)["hits"])
        else:
            for hit in kb.search(query, k):
                print(hit_text(hit))


@app.command()
def ask(
    question: QuestionArgument = None,
    city: CityOption = None,
    theme: ThemeOption = None,
    after: AfterOption = "",
    queries: QueriesOption = None,
    index: IndexOption = None,
    *,
    json_output: JsonOption = False,
) -> None:
    """Answer a question with cited statements, or say that the sources do not."""
    from kb.records import answer_record

    def run(kb: KnowledgeBase, query: Query) -> dict[str, Any]:
        return answer_record(kb.ask(query))

    with _open(index) as kb:
        if queries:
            _run_batch(kb, queries, run, json_output=json_output)
            return
        query = _single(question, city, theme, after)
        if json_output:
            _print_json(run(kb, query))
        else:
            names = {city.slug: city.name for city in kb.cities}
            print(answer_text(kb.ask(query), names))


@app.command("serve")
def serve_app(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on.")
    ] = "localhost",
    port: PortOption = 8501,
    own_names: OwnNamesOption = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="Processes, each on a port, from --port on; see operations.md.",
        ),
    ] = 1,
    *,
    with_api: Annotated[
        bool, typer.Option("--api", help="Let programs ask, too: see `mentorkb api`.")
    ] = False,
) -> None:
    """Open the web app; indexes the corpus first if there is no index."""
    if own_names and not with_api:
        raise SettingsError("--own-name is for the API.", "Add --api.")
    settings = load_settings()
    names = prepare_api(settings, host, own_names) if with_api else []
    require_free(host, port)
    _index_if_needed(settings)
    if workers > 1:
        further = ["--api"] if with_api else []
        further += [f"--own-name={name}" for name in own_names or []]
        Workers(app_commands(host, port, workers, further, settings)).run()
        return
    from ui.serving.start import api_beside, build_app, serve, serve_figures

    beside = [api_beside(names, settings.api_key)] if with_api else []
    app = build_app(*beside)
    figures = serve_figures(settings.metrics) if settings.metrics else None
    console.print(f"The app opens at {address(host, port)} (stop it with Ctrl+C).")
    if with_api:
        console.print(f"Programs ask {address(host, port)}/v1.")
    if figures:
        console.print(f"Figures are read at {figures}.")
    serve(app, host, port, settings.file_mb)


def _index_if_needed(settings: Settings) -> None:
    try:
        published_manifest(settings)
    except IndexNotFoundError:
        if settings.chroma_url:
            raise  # the machine that has the corpus publishes there
        console.print(report_text(ingest_with_progress(settings)), markup=False)


def main() -> None:
    """Run a command; turn our errors into a message and exit code 2."""
    ending.write_what_can_be_written()
    try:
        with ending.written_out():
            app()
    except KnowledgeBaseError as exc:
        logger.debug("stopped", exc_info=exc)
        with suppress(OSError):  # nobody may be there to read it
            console.print(f"Error: {exc}", markup=False)
        sys.exit(NOTHING_DONE)


def _open(index: Path | None) -> KnowledgeBase:
    return open_index(load_settings(index_dir=index))


def _single(
    question: str | None,
    cities: list[str] | None,
    themes: list[str] | None,
    after: str = "",
) -> Query:
    if question is None:
        raise QueryError(
            "no question is given.", "Type it in quotes, or name a file with --queries."
        )
    return Query(question, tuple(cities or ()), tuple(themes or ()), after=after)


def _run_batch(
    kb: KnowledgeBase,
    path: Path,
    run: Callable[[KnowledgeBase, Query], dict[str, Any]],
    *,
    json_output: bool,
) -> None:
    """Print one JSON line a query; a query that cannot be used gets an ``error``."""
    from ui.terminal.query_file import read_queries

    if not json_output:
        raise QueryError("--queries prints JSON lines only.", "Add --json.")
    for query in list(read_queries(path)):
        started = time.perf_counter()
        try:
            result = run(kb, query)
        except QueryError as exc:
            result = {"error": str(exc)}
        ms = round((time.perf_counter() - started) * 1000, 2)
        print(json.dumps({"qid": query.query_id, "ms": ms, **result}), flush=True)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=not ending.knows_all_letters(), indent=2))
