"""What an assistant gets through the Model Context Protocol, with its own client."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent

from doors.mcp_server import build_server
from kb.records import answer_record, comparison_record
from kb.settings import Settings
from kb.types import Query
from tests.support.commands import run as run_command
from tests.support.event_loop import awaited
from tests.support.processes import (
    MENTORKB,
    ROOT,
    environment,
    free_port,
    until_listening,
)

COST = "How much did the pipe and the heat pump cost?"
HEAT = "exampleton/biscuit-heat"
TOOLS = ["ask", "search", "compare", "list_cases", "get_case"]
OK, FORBIDDEN, MISDIRECTED = 200, 403, 421
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}

Call = Callable[..., CallToolResult]


@pytest.fixture(scope="module")
def call(kb) -> Call:
    """A function that calls a tool of a server in this process."""
    server = build_server(kb)

    def call_tool(name: str, **arguments: Any) -> CallToolResult:
        async def go() -> CallToolResult:
            async with Client(server) as client:
                return await client.call_tool(name, arguments)

        return awaited(go())

    return call_tool


def found(result: CallToolResult) -> dict[str, Any]:
    """Return what a tool found, the same as text and as data."""
    assert not result.is_error, result.content
    (content,) = result.content
    assert isinstance(content, TextContent)
    data: dict[str, Any] | None = result.structured_content
    assert data is not None
    assert json.loads(content.text) == data
    return data


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as JSON has it, without what differs each time."""
    plain: dict[str, Any] = json.loads(json.dumps({**record, "timings_ms": {}}))
    return plain


def test_tools_only_read(kb):
    """Every tool says what it does and that it changes nothing."""

    async def go() -> Any:
        async with Client(build_server(kb)) as client:
            return await client.list_tools(), client.instructions

    listed, instructions = awaited(go())
    assert [tool.name for tool in listed.tools] == TOOLS
    assert all(tool.description for tool in listed.tools)
    assert all(tool.annotations.read_only_hint for tool in listed.tools)
    assert "abstained" in instructions


def test_ask_gives_the_one_answer(call, kb):
    """The answer is that of the knowledge base, with citations and public sources."""
    answer = found(call("ask", question=COST))
    assert without_times(answer) == without_times(answer_record(kb.ask(Query(COST))))
    assert "7 million crowns" in answer["statements"][0]["text"]
    assert answer["citations"][0]["sources"][0]["url"].startswith("https://")


def test_ask_when_the_sources_do_not_answer(call):
    """An abstention is no error: it says that it abstains, and why."""
    answer = found(call("ask", question="Who won the football match?"))
    assert answer["abstained"] is True
    assert answer["reason"]
    assert answer["statements"] == []


def test_ask_with_a_filter_and_a_question_before(call):
    """Filters hold, and a follow-up is read after the question before it."""
    of_other = found(call("ask", question=COST, cities=["sampleby"]))
    cited = {citation["city"] for citation in of_other["citations"]}
    assert cited <= {"sampleby"}
    follow_up = found(call("ask", question="and who paid?", after=COST))
    assert follow_up["understood_as"]


def test_search_finds_passages(call):
    """Hits come with their passage and the sources behind it."""
    hits = found(call("search", question=COST, k=3))["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["case_id"] == HEAT
    assert hits[0]["sources"][0]["url"].startswith("https://")


def test_compare_lays_cities_side_by_side(call, kb):
    """A comparison has a column for each city, and its citations."""
    cities = ["exampleton", "sampleby"]
    compared = found(call("compare", question="bonds of residents", cities=cities))
    assert [column["city"] for column in compared["columns"]] == cities
    expected = comparison_record(kb.compare(Query("bonds of residents", tuple(cities))))
    assert without_times(compared) == without_times(expected)


def test_cases_are_listed_by_pages(call, kb):
    """Pages hold every case once, in order, with the addresses of its sources."""
    whole = found(call("list_cases"))
    assert whole["total"] == len(kb.cases()) == len(whole["cases"])
    second = found(call("list_cases", offset=1, limit=1))["cases"]
    assert second == whole["cases"][1:2]
    assert all(case["sources"] and case["summary"] for case in whole["cases"])
    assert whole["cases"][0]["sources"][0].startswith("https://")
    of_city = found(call("list_cases", cities=["sampleby"], themes=["financing"]))
    assert {case["city"] for case in of_city["cases"]} <= {"sampleby"}


def test_case_is_the_same_as_tool_and_as_resource(call, kb):
    """A whole case can be fetched by a tool and read by its address."""
    by_tool = found(call("get_case", case_id=HEAT))

    async def go() -> Any:
        async with Client(build_server(kb)) as client:
            return await client.read_resource(f"mentor-cities://cases/{HEAT}")

    (content,) = awaited(go()).contents
    assert json.loads(content.text) == by_tool
    marks = {mark for s in by_tool["statements"] for mark in s["sources"]}
    assert marks <= {source["id"] for source in by_tool["sources"]}


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "a" * 1_001}, "limit is 1,000"),
        ("ask", {"question": COST, "cities": ["atlantis"]}, "no city 'atlantis'"),
        ("search", {"question": COST, "k": 0}, "greater than or equal to 1"),
        ("compare", {"question": COST, "cities": ["sampleby"]}, "Choose two to four"),
        ("list_cases", {"cities": ["atlantis"]}, "no city 'atlantis'"),
        ("list_cases", {"themes": ["x"]}, "no theme 'x'"),
        ("list_cases", {"city": "sampleby"}, "city"),
        ("get_case", {"case_id": "../../etc/passwd"}, "no case '../../etc/passwd'"),
        ("ask", {}, "question"),
    ],
)
def test_tool_that_cannot_be_called_so(call, tool, arguments, told):
    """A wrong argument is an error that tells the assistant what is wrong."""
    result = call(tool, **arguments)
    assert result.is_error
    assert told in result.content[0].text


def test_resource_that_is_not_there(kb):
    """An address without a case is an error with the remedy."""

    async def go() -> None:
        async with Client(build_server(kb)) as client:
            with pytest.raises(
                MCPError, match=r"no case 'exampleton/none'.*list_cases"
            ):
                await client.read_resource("mentor-cities://cases/exampleton/none")

    awaited(go())


def test_command_over_stdin(tiny_index):
    """`mentorkb mcp` speaks the protocol on stdin and stdout, and nothing else."""
    server = StdioServerParameters(
        command=str(MENTORKB),
        args=["mcp", f"--index={tiny_index.index_dir}"],
        env=environment(),
    )

    async def go() -> CallToolResult:
        async with Client(stdio_client(server)) as client:
            return await client.call_tool("ask", {"question": COST})

    assert "7 million crowns" in found(awaited(go()))["statements"][0]["text"]


def test_command_over_http(tiny_index):
    """With --http it listens on an address, and refuses what names another host."""
    port = free_port()
    process = subprocess.Popen(
        [
            MENTORKB,
            "mcp",
            "--http",
            f"--port={port}",
            f"--index={tiny_index.index_dir}",
            "--own-name=kb.example.org",
        ],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until_listening(port, process)

        async def go() -> CallToolResult:
            async with Client(f"http://127.0.0.1:{port}/mcp") as client:
                return await client.call_tool("ask", {"question": COST})

        assert found(awaited(go()))["abstained"] is False
        assert _documented_example(port).returncode == 0
        codes = {
            (host, origin): _posted(port, host, origin)
            for host in ("kb.example.org", "evil.example")
            for origin in ("https://kb.example.org", "https://evil.example")
        }
        assert codes[("evil.example", "https://evil.example")] == MISDIRECTED
        assert codes[("kb.example.org", "https://evil.example")] == FORBIDDEN
        assert codes[("kb.example.org", "https://kb.example.org")] == OK
        taken = run_command("mcp", "--http", f"--port={port}", index_of(tiny_index))
        assert (taken.returncode, taken.stdout) == (2, "")
        assert taken.stderr.startswith("Error: ")
        assert "cannot be listened on" in taken.stderr
        assert "--port" in taken.stderr
    finally:
        process.terminate()
        _, told = process.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}/mcp" in told


def index_of(settings: Settings) -> str:
    """Return the option that names an index."""
    return f"--index={settings.index_dir}"


def _documented_example(port: int) -> subprocess.CompletedProcess[str]:
    """Run the example of the documentation against a server on another port."""
    text = (ROOT / "docs" / "assistants.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert ":8600/" in example
    program = example.replace(":8600/", f":{port}/")
    return subprocess.run([sys.executable, "-c", program], check=False, text=True)


def _posted(port: int, host: str, origin: str) -> int:
    """Return how a request with such headers is answered."""
    headers = {
        "Host": host,
        "Origin": origin,
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("POST", "/mcp", json.dumps(INITIALIZE), headers)
        return connection.getresponse().status


def test_own_name_without_an_address(tiny_index):
    """A name is of use only where something listens."""
    done = run_command("mcp", "--own-name=x", index_of(tiny_index))
    assert done.returncode == 2
    assert "Add --http" in done.stderr


def test_command_over_http_beside_a_login(tiny_index, monkeypatch):
    """Where readers have to log in, no assistant gets around that."""
    monkeypatch.setenv("KB_LOGIN", "on")
    done = run_command("mcp", "--http", index_of(tiny_index))
    assert done.returncode == 2
    assert "without --http" in done.stderr
