"""The terminal door: the `mentorkb` commands, thin over the packages."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

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
from evals import app as eval_app
from ingest import app as ingest_app
from ingest import ingest_with_progress, report_text
from kb.errors import (
    IndexNotFoundError,
    KnowledgeBaseError,
    QueryError,
    SettingsError,
    shown,
)
from kb.settings import load_settings
from kb.storage import published_manifest
from kb.types import Query
from ui.terminal.output import answer_text, coverage_table, evidence_table, hit_text

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
app.add_typer(eval_app, name="eval")
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
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("chromadb", "httpx", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


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

    kb = _open(index)
    rows = kb.coverage()
    if out:
        with _writing(out, "utf-8") as file:
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
    with _writing(out, ENCODING) as file:
        write_csv(entries, file)
    console.print(f"Written: {out} (entries: {len(entries)})", markup=False)


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

    kb = _open(index)
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

    kb = _open(index)
    if queries:
        _run_batch(kb, queries, run, json_output=json_output)
        return
    query = _single(question, city, theme, after)
    if json_output:
        _print_json(run(kb, query))
    else:
        names = {city.slug: city.name for city in kb.cities}
        print(answer_text(kb.ask(query), names))


@app.command()
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on.")
    ] = "localhost",
    port: PortOption = 8501,
    own_names: OwnNamesOption = None,
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
    try:
        published_manifest(settings)
    except IndexNotFoundError:
        if settings.chroma_url:
            raise  # the machine that has the corpus publishes there
        console.print(report_text(ingest_with_progress(settings)), markup=False)
    script = Path(__file__).with_name("app.py")
    console.print(f"The app opens at {address(host, port)} (stop it with Ctrl+C).")
    if with_api:
        console.print(f"Programs ask {address(host, port)}/v1.")
        from ui.with_api import serve_with_api

        serve_with_api(script, host, port, names, settings.api_key)
        return
    from streamlit.web import cli as streamlit_cli

    streamlit_cli.main(
        [
            *("run", str(script), "--server.address", host),
            *("--server.port", str(port), "--server.fileWatcherType", "none"),
        ]
    )


def main() -> None:
    """Run a command; turn our errors into a message and exit code 2."""
    try:
        app()
    except KnowledgeBaseError as exc:
        logger.debug("stopped", exc_info=exc)
        console.print(f"Error: {exc}", markup=False)
        sys.exit(NOTHING_DONE)


@contextmanager
def _writing(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a CSV file; say plainly when it cannot be written."""
    try:
        with path.open("w", encoding=encoding, newline="") as file:
            yield file
    except OSError as exc:
        raise KnowledgeBaseError(
            f"{shown(str(path))} cannot be written ({exc.strerror}).",
            "Check the folder, its permissions and the free space.",
        ) from exc


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
    print(json.dumps(value, ensure_ascii=False, indent=2))
