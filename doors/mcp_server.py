"""The door for assistants: a server of the Model Context Protocol that only reads.

Every result is JSON in the shapes of `kb.records`, with its public sources; an answer
is that of `mentorkb ask --json`, and one that abstains says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from doors.listing import MOST_CASES, SOME_CASES, listed_cases
from kb.errors import KnowledgeBaseError, QueryError, shown
from kb.records import (
    answer_record,
    comparison_record,
    full_case_record,
    hit_record,
)
from kb.review import MEANING
from kb.types import Query

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
    f"give the `reason`; `closest` is then no answer. {MEANING}"
)

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

    Otherwise an assistant that misspells a filter would get everything, unnoticed.
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
    server: MCPServer[None], host: str, port: int, names: Sequence[str]
) -> None:
    """Run a server on an address until it is stopped; other hosts' names are refused.

    Args:
        server: From `build_server`.
        host: Address to listen on.
        port: Of it.
        names: What it may be called, from `own_names`.
    """
    from mcp.server.transport_security import TransportSecuritySettings

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
        limit: Annotated[int, Field(ge=1, le=MOST_CASES)] = SOME_CASES,
    ) -> dict[str, Any]:
        """List the cases with summaries and addresses of their sources, in order."""
        with _told():
            return listed_cases(self._kb, cities or (), themes or (), offset, limit)

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


@contextmanager
def _told() -> Iterator[None]:
    """Turn our errors into one whose words the assistant gets to read."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except KnowledgeBaseError as exc:
        raise ToolError(str(exc)) from exc
