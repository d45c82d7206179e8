"""The door for assistants: a server of the Model Context Protocol that only reads.

Every result is JSON in the shapes of `kb.records`, with its public sources; an answer
is that of `mentorkb ask --json`, and one that abstains says why.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from kb.errors import KnowledgeBaseError, QueryError, SettingsError, shown
from kb.question.prepare import require_known
from kb.records import (
    answer_record,
    case_record,
    comparison_record,
    full_case_record,
    hit_record,
)
from kb.types import Case, Query

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.tools import Tool

    from kb import KnowledgeBase

NAME = "mentor-cities"
CASE_URI = "mentor-cities://cases/{city}/{practice}"
INSTRUCTIONS = (
    "Cited answers from public practice cases of nine European mentor cities on "
    "financing, energy and district heating, circular construction and citizen "
    "engagement. Quote statements word for word and name their public sources with "
    "their years. Where `abstained` is true, say that the sources do not answer, and "
    "give the `reason`; `closest` is then no answer. Cases are drafts until their "
    "`review` or `review_status` says otherwise."
)
_MOST_CASES = 50
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Question = Annotated[str, Field(description="In any European language.")]
Cities = Annotated[
    list[str] | None,
    Field(description="Only these cities, by slug: `lund`, `grenoble-alpes-metropole`"),
]
Themes = Annotated[
    list[str] | None,
    Field(description="Only these themes, by slug: `district-heating`, `financing`"),
]


def build_server(kb: KnowledgeBase) -> MCPServer[None]:
    """Return a server over an open knowledge base; it starts with `run`.

    Args:
        kb: It stays open as long as the server runs.
    """
    from mcp.server.mcpserver import MCPServer

    tools = Tools(kb)
    calls = (tools.ask, tools.search, tools.compare, tools.list_cases, tools.get_case)
    server: MCPServer[None] = MCPServer(
        NAME,
        title="Mentor cities knowledge base",
        instructions=INSTRUCTIONS,
        version=version("mentor-cities-kb"),
        tools=[_tool(call) for call in calls],
        log_level="WARNING",
    )
    server.resource(
        CASE_URI,
        name="case",
        title="A practice case",
        description="A case as JSON, with its statements and public sources.",
        mime_type="application/json",
    )(tools.case)
    return server


def _tool(call: Callable[..., dict[str, Any]]) -> Tool:
    """Return a tool that only reads and refuses arguments that it does not have.

    An assistant that misspells a filter would else get everything, and not notice.
    """
    from mcp.server.mcpserver.tools import Tool
    from mcp_types import ToolAnnotations

    tool = Tool.from_function(
        call,
        annotations=ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = {**tool.parameters, "additionalProperties": False}
    return tool


def serve_http(
    server: MCPServer[None], host: str, port: int, own_names: Sequence[str]
) -> None:
    """Run a server on an address until it is stopped.

    Requests that name another host are refused: a page of some website, opened in a
    browser on this computer, could else ask (DNS rebinding).

    Args:
        server: From `build_server`.
        host: Address to listen on.
        port: Of it.
        own_names: Further names under which others reach it, as through a proxy.

    """
    from mcp.server.transport_security import TransportSecuritySettings

    names = [*_LOOPBACK, _in_address(host), *own_names]
    origins = [f"{scheme}://{name}" for scheme in ("http", "https") for name in names]
    server.run(
        "streamable-http",
        host=host,
        port=port,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[*names, *(f"{name}:*" for name in names)],
            allowed_origins=[*origins, *(f"{origin}:*" for origin in origins)],
        ),
    )


def address(host: str, port: int) -> str:
    """Return the address that assistants connect to."""
    return f"http://{_in_address(host)}:{port}/mcp"


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is promised.

    Raises:
        SettingsError: It is taken, or is none of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as exc:
        raise SettingsError(
            f"{address(host, port)} cannot be listened on ({exc.strerror}).",
            "Choose another with --host or --port.",
        ) from exc


class Tools:
    """What an assistant can call; the descriptions are what it reads."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base that is asked."""
        self._kb = kb

    def ask(
        self,
        question: Question,
        cities: Cities = None,
        themes: Themes = None,
        after: Annotated[
            str | None,
            Field(description="The question asked just before, for a follow-up."),
        ] = None,
    ) -> dict[str, Any]:
        """Answer a question with statements quoted from the cases, each cited."""
        with _told():
            query = _query(question, cities, themes, after or "")
            return answer_record(self._kb.ask(query))

    def search(
        self,
        question: Question,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 8,
        cities: Cities = None,
        themes: Themes = None,
    ) -> dict[str, Any]:
        """Find the passages that are nearest to a question, with their sources.

        They are near, which does not mean that they answer.
        """
        with _told():
            hits = self._kb.search(_query(question, cities, themes), k)
            return {"hits": [hit_record(hit) for hit in hits]}

    def compare(
        self,
        question: Question,
        cities: Annotated[list[str], Field(description="Two to four, by slug.")],
        themes: Themes = None,
    ) -> dict[str, Any]:
        """Lay side by side what the cases of two to four cities say on a question."""
        with _told():
            query = _query(question, cities, themes)
            return comparison_record(self._kb.compare(query))

    def list_cases(
        self,
        cities: Cities = None,
        themes: Themes = None,
        offset: Annotated[int, Field(ge=0)] = 0,
        limit: Annotated[int, Field(ge=1, le=_MOST_CASES)] = 20,
    ) -> dict[str, Any]:
        """List the cases with summaries and addresses of their sources, in order."""
        with _told():
            known = self._kb
            require_known("city", cities or (), [city.slug for city in known.cities])
            require_known("theme", themes or (), [theme.slug for theme in known.themes])
            found = [
                case
                for case in self._kb.cases()
                if (not cities or case.city in cities)
                and (not themes or set(themes) & set(case.themes))
            ]
            page = found[offset : offset + limit]
            return {"total": len(found), "cases": [_listed(case) for case in page]}

    def get_case(
        self,
        case_id: Annotated[str, Field(description="`lund/return-temperature-tariff`")],
    ) -> dict[str, Any]:
        """Return a whole case: every statement with its sources, and what is open."""
        with _told():
            return self._case(case_id)

    def case(self, city: str, practice: str) -> dict[str, Any]:
        """Return what stands at a case's address."""
        from mcp.server.mcpserver.exceptions import ResourceNotFoundError

        try:
            return self._case(f"{city}/{practice}")
        except KnowledgeBaseError as exc:
            raise ResourceNotFoundError(str(exc)) from exc

    def _case(self, case_id: str) -> dict[str, Any]:
        found = self._kb.full_case(case_id)
        if found is None:
            raise QueryError(f"no case {shown(case_id)}.", "`list_cases` names them.")
        return full_case_record(found)


def _query(
    question: str,
    cities: Sequence[str] | None,
    themes: Sequence[str] | None,
    after: str = "",
) -> Query:
    return Query(question, tuple(cities or ()), tuple(themes or ()), after=after)


def _listed(case: Case) -> dict[str, Any]:
    """Return a case as a line of a list: of its sources only the addresses."""
    record = case_record(case)
    record["sources"] = [source.url for source in case.sources]
    for name in ("actors", "path", "language"):
        del record[name]
    return record


@contextmanager
def _told() -> Iterator[None]:
    """Turn our errors into one whose words the assistant gets to read."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except KnowledgeBaseError as exc:
        raise ToolError(str(exc)) from exc
