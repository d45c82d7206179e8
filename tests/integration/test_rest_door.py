"""What a program gets from the REST API: the one answer, and errors that help."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr, TypeAdapter
from starlette.testclient import TestClient

from doors.listening import own_names
from doors.rest import Desk, build_api, shapes
from kb import KnowledgeBase
from kb.errors import BusyError
from kb.records import comparison_record, full_case_record
from kb.settings import Settings
from kb.types import Query
from tests.support.commands import run as run_command
from tests.support.event_loop import awaited

COST = "How much did the pipe and the heat pump cost?"
HEAT = "exampleton/biscuit-heat"
BOTH = ["exampleton", "sampleby"]
KEY = "a-key-of-20-letters_"
TYPES = "mentor-cities://problems/"
OK = HTTPStatus.OK


def client_of(
    knowledge_base: Callable[[], KnowledgeBase], key: str | None = None
) -> TestClient:
    """Return a client of an API in this process, which is also kb.example.org."""
    names = own_names("127.0.0.1", ["kb.example.org"])
    api = build_api(Desk(knowledge_base), names, SecretStr(key) if key else None)
    return TestClient(
        api, base_url="http://localhost:8503", raise_server_exceptions=False
    )


@pytest.fixture(scope="module")
def client(kb) -> TestClient:
    """A client of an API without a key."""
    return client_of(lambda: kb)


def told(response: Any, status: HTTPStatus) -> dict[str, Any]:
    """Return the problem that a response tells."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]
    assert problem["type"].startswith(TYPES)
    return problem


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as JSON has it, without what differs each time."""
    plain: dict[str, Any] = json.loads(json.dumps({**record, "timings_ms": {}}))
    return plain


def test_ask_and_search_give_the_json_of_the_terminal(client, tiny_index):
    """Both doors tell an answer, a follow-up, hits and the status in the same JSON."""
    index = f"--index={tiny_index.index_dir}"

    def printed(*args: str) -> Any:
        return json.loads(run_command(*args, "--json", index).stdout)

    asked = client.get("/v1/ask", params={"question": COST, "city": BOTH}).json()
    options = [f"--city={city}" for city in BOTH]
    assert without_times(asked) == without_times(printed("ask", COST, *options))
    assert "7 million crowns" in asked["statements"][0]["text"]

    follow_up = {"question": "and who paid?", "after": COST}
    asked = client.get("/v1/ask", params=follow_up).json()
    terminal = printed("ask", "and who paid?", f"--after={COST}")
    assert asked["understood_as"]
    assert without_times(asked) == without_times(terminal)

    found = client.get("/v1/search", params={"question": COST, "k": 3}).json()
    assert found == printed("search", COST, "-k", "3")
    assert client.get("/v1/status").json() == printed("status")


def test_compare_and_case_are_those_of_the_knowledge_base(client, kb):
    """A comparison and a whole case are the records that every door gives."""
    bonds = {"question": "bonds of residents", "city": BOTH}
    compared = client.get("/v1/compare", params=bonds).json()
    expected = comparison_record(kb.compare(Query("bonds of residents", tuple(BOTH))))
    assert without_times(compared) == without_times(expected)
    case = client.get(f"/v1/cases/{HEAT}").json()
    assert case == json.loads(json.dumps(full_case_record(kb.full_case(HEAT))))


def test_cases_are_listed_by_pages_and_filters(client, kb):
    """Pages hold every case once, in order; both filters hold and can be repeated."""
    whole = client.get("/v1/cases").json()
    assert whole["total"] == len(kb.cases()) == len(whole["cases"])
    second = client.get("/v1/cases", params={"offset": 1, "limit": 1}).json()
    assert second == {"total": whole["total"], "cases": whole["cases"][1:2]}
    chosen = {"city": "sampleby", "theme": ["financing", "citizen-engagement"]}
    of_city = client.get("/v1/cases", params=chosen).json()["cases"]
    assert of_city
    assert {case["city"] for case in of_city} == {"sampleby"}
    assert client.get("/v1/cases", params={"city": BOTH}).json() == whole


def test_cities_and_themes_name_the_filters(client, kb):
    """What can be filtered by is listed, with the sources of what is said of it."""
    cities = client.get("/v1/cities").json()
    assert [city["slug"] for city in cities] == [city.slug for city in kb.cities]
    assert cities[0]["population_source"]["url"].startswith("https://")
    themes = client.get("/v1/themes").json()
    assert [theme["slug"] for theme in themes] == [theme.slug for theme in kb.themes]


@pytest.mark.parametrize(
    ("example", "address", "shape"),
    [
        ("ask", f"/v1/ask?question={COST}", shapes.Answer),
        ("", "/v1/ask?question=Who won the football match?", shapes.Answer),
        ("search", f"/v1/search?question={COST}", list[shapes.Hit]),
        (
            "compare",
            "/v1/compare?question=heat&city=exampleton&city=sampleby",
            shapes.Comparison,
        ),
        ("cases", "/v1/cases", shapes.Cases),
        ("case", f"/v1/cases/{HEAT}", shapes.FullCase),
        ("cities", "/v1/cities", list[shapes.City]),
        ("themes", "/v1/themes", list[shapes.Theme]),
        ("status", "/v1/status", shapes.Status),
        ("health", "/health", shapes.Health),
        ("ready", "/ready", shapes.Health),
    ],
)
def test_json_has_the_keys_that_openapi_describes(client, example, address, shape):
    """Neither what is answered nor an example has a key too many or too few."""
    given = client.get(address.replace(" ", "%20"))
    assert given.status_code == OK, given.text
    described = client.get("/openapi.json").json()["paths"]
    by_name = {path["get"]["operationId"]: path["get"] for path in described.values()}
    bodies = [given.json()]
    if example:
        response = by_name[example]["responses"]["200"]
        bodies.append(response["content"]["application/json"]["example"])
    for body in bodies:
        TypeAdapter(shape).validate_json(json.dumps(body), strict=True, extra="forbid")


def test_openapi_describes_every_error_as_a_problem(client):
    """A generated client knows the type of errors, too, and nothing calls outside."""
    described = client.get("/openapi.json").json()
    for path in described["paths"].values():
        errors = {
            status: response
            for status, response in path["get"]["responses"].items()
            if status != "200"
        }
        assert {"422", "503"} <= set(errors)
        for response in errors.values():
            assert list(response["content"]) == ["application/problem+json"]
    assert client.get("/docs").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("address", "kind", "detail"),
    [
        ("/v1/ask?question=%20", "empty", "the question is empty"),
        ("/v1/ask?question=" + "a" * 1_001, "too-long", "limit is 1,000"),
        ("/v1/ask?question=%3F", "no-words", "no letters"),
        ("/v1/ask?question=heat&city=atlantis", "unknown-city", "no city 'atlantis'"),
        ("/v1/ask?question=heat&city=", "unknown-city", "no city ''"),
        ("/v1/cases?theme=x", "unknown-theme", "no theme 'x'"),
        ("/v1/compare?question=heat&city=sampleby", "number-of-cities", "cities is 1"),
        ("/v1/ask", "parameters", "question: it is needed"),
        ("/v1/ask?question=heat&cities=lund", "parameters", "no such parameter"),
        ("/v1/status?verbose=1", "parameters", "verbose: there is no such parameter"),
        ("/v1/search?question=heat&k=0", "parameters", "greater than or equal to 1"),
        ("/v1/search?question=heat&k=x", "parameters", "valid integer"),
        ("/v1/cases?offset=-1", "parameters", "greater than or equal to 0"),
        ("/v1/cases?offset=" + "9" * 5_000, "parameters", "offset: "),
        ("/v1/ask?question=a&question=b", "repeated-parameter", "given 2 times"),
        ("/v1/ask?question=%ff", "broken-character", "not UTF-8"),
        ("/v1/ask?question=%ed%a0%80", "broken-character", "not UTF-8"),
    ],
)
def test_question_or_parameter_that_cannot_be_used(client, address, kind, detail):
    """What is wrong is told with its value, as the other doors tell it."""
    problem = told(client.get(address), HTTPStatus.UNPROCESSABLE_ENTITY)
    assert problem["type"] == TYPES + kind
    assert detail in problem["detail"]


def test_every_wrong_parameter_is_named(client):
    """Who gets two parameters wrong hears of both at once."""
    response = client.get("/v1/cases?offset=-1&limit=51")
    errors = told(response, HTTPStatus.UNPROCESSABLE_ENTITY)["errors"]
    assert [error["parameter"] for error in errors] == ["offset", "limit"]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        (f"/v1/cases/{HEAT}x", f"no case '{HEAT}x'"),
        ("/v1/cases/..%2f..%2fetc/passwd", "not offered"),
        ("/v2/ask", "GET '/v2/ask' is not offered"),
        ("/v1/ask/", "not offered"),
        ("/", "not offered"),
    ],
)
def test_address_where_nothing_is(client, address, detail):
    """A case or an address that there is not is told, with where to look."""
    assert detail in told(client.get(address), HTTPStatus.NOT_FOUND)["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_is_offered(client, method):
    """Nothing can be changed, and no page of another site is let in (no CORS)."""
    headers = {"Origin": "https://evil.example"}
    response = client.request(method, "/v1/ask?question=heat", headers=headers)
    told(response, HTTPStatus.METHOD_NOT_ALLOWED)
    assert response.headers["allow"] == "GET, HEAD"
    answered = client.get("/v1/status", headers=headers)
    assert not any(name.startswith("access-control") for name in answered.headers)
    assert answered.headers["cache-control"] == "no-store"


def test_address_that_is_too_long(client):
    """An address beyond any question is refused before it is read."""
    response = client.get("/v1/ask?question=" + "a" * 20_000)
    assert "16,384" in told(response, HTTPStatus.REQUEST_URI_TOO_LONG)["detail"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", OK),
        ("127.0.0.1:1", OK),
        ("[::1]:8503", OK),
        ("KB.example.org", OK),
        ("evil.example", HTTPStatus.MISDIRECTED_REQUEST),
        ("localhost.evil.example", HTTPStatus.MISDIRECTED_REQUEST),
        ("evil.example@localhost", HTTPStatus.MISDIRECTED_REQUEST),
        ("[", HTTPStatus.MISDIRECTED_REQUEST),
        ("", HTTPStatus.MISDIRECTED_REQUEST),
    ],
)
def test_host_that_is_named(client, host, status):
    """Requests that name another host are refused, whatever they ask for."""
    for address in ("/v1/status", "/openapi.json", "/health", "/ready"):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == status
    if status != OK:
        assert told(response, status)["type"] == f"{TYPES}host"


def test_key_that_is_needed(kb):
    """With a key, who bears it is answered; others hear how to bear it."""
    client = client_of(lambda: kb, KEY)

    def status_with(header: str, value: str) -> tuple[int, str]:
        headers = {header.encode(): value.encode()}
        response = client.get("/v1/status", headers=headers)
        if response.status_code != OK:
            told(response, HTTPStatus.UNAUTHORIZED)
            assert KEY not in response.text
        return response.status_code, response.headers.get("www-authenticate", "")

    wrong = (HTTPStatus.UNAUTHORIZED, 'Bearer error="invalid_token"')
    missing = (HTTPStatus.UNAUTHORIZED, "Bearer")
    assert status_with("Authorization", f"Bearer {KEY}") == (OK, "")
    assert status_with("Authorization", f"Bearer {KEY}x") == wrong
    assert status_with("Authorization", "Bearer schlüssel") == wrong
    assert status_with("Authorization", f"Basic {KEY}") == missing
    assert status_with("X-API-Key", KEY) == missing
    # A wrong parameter is told only to who may ask; what is open tells no content.
    told(client.get("/v1/ask"), HTTPStatus.UNAUTHORIZED)
    assert client.get("/health").status_code == OK
    described = client.get("/openapi.json").json()
    assert "401" in described["paths"]["/v1/ask"]["get"]["responses"]
    assert described["paths"]["/v1/ask"]["get"]["security"]


def test_knowledge_base_that_cannot_be_opened(tmp_path, caplog):
    """Without an index it says so without a path; the log has the reason."""
    client = client_of(lambda: KnowledgeBase(Settings(index_dir=tmp_path / "none")))
    for address in ("/v1/ask?question=heat", "/health", "/ready"):
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            response = client.get(address)
        told(response, HTTPStatus.SERVICE_UNAVAILABLE)
        assert str(tmp_path) not in response.text
        assert str(tmp_path) in caplog.text


def test_fault_of_our_own():
    """A fault of the program shows nothing of it, beyond that it is one."""

    def broken() -> KnowledgeBase:
        raise RuntimeError("secret of this machine")

    response = client_of(broken).get("/v1/status")
    told(response, HTTPStatus.INTERNAL_SERVER_ERROR)
    assert "secret" not in response.text


def test_requests_take_their_turn(kb):
    """A bounded number is worked on, as many may wait, and the next is sent away."""
    gate = threading.Event()
    running: list[int] = []
    most = 0

    def waiting_kb() -> Any:
        nonlocal most
        running.append(1)
        most = max(most, len(running))
        assert gate.wait(20)
        running.pop()
        return kb

    desk = Desk(waiting_kb, at_once=2, most_waiting=3)
    api = build_api(desk, own_names("127.0.0.1", []))

    async def go() -> tuple[httpx.Response, list[httpx.Response]]:
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost"
        ) as client:
            asked = {
                asyncio.create_task(client.get("/v1/status"), name=str(n))
                for n in range(6)
            }
            (busy,), _ = await asyncio.wait(
                asked, return_when=asyncio.FIRST_COMPLETED, timeout=20
            )
            async with asyncio.timeout(20):  # refusing is quicker than beginning
                while len(running) < 2:
                    await asyncio.sleep(0.01)
            gate.set()
            return busy.result(), await asyncio.gather(*(asked - {busy}))

    busy, answered = awaited(go())
    problem = told(busy, HTTPStatus.SERVICE_UNAVAILABLE)
    assert problem["type"] == f"{TYPES}busy"
    assert int(busy.headers["retry-after"]) > 0
    assert [response.status_code for response in answered] == [OK] * 5
    assert most == 2


def test_question_when_the_line_is_full():
    """A question that finds no place in line is told when to come again."""

    def full() -> KnowledgeBase:
        raise BusyError("200 questions wait already.", "Ask again in a minute.")

    api = build_api(Desk(full), own_names("127.0.0.1", []))
    response = TestClient(api, "http://localhost").get("/v1/ask?question=heat")
    problem = told(response, HTTPStatus.SERVICE_UNAVAILABLE)
    assert problem["type"] == f"{TYPES}busy"
    assert problem["detail"] == "200 questions wait already."
    assert int(response.headers["retry-after"]) > 0


def test_head_tells_what_get_would(kb):
    """HEAD is GET without the body: the server leaves it out."""
    api: FastAPI = build_api(Desk(lambda: kb), own_names("127.0.0.1", []))
    client = TestClient(api, base_url="http://localhost")
    assert client.head("/v1/status").status_code == OK
    assert client.head("/v1/none").status_code == HTTPStatus.NOT_FOUND


def test_parameters_are_named_where_one_is_wrong(client):
    """Who misspells a parameter is told which ones there are."""
    problem = client.get("/v1/ask?q=heat").json()
    names = problem["remedy"].removeprefix("It takes ").partition(";")[0]
    assert set(names.split(", ")) == {"question", "city", "theme", "after"}
    assert client.get("/v1/themes?x=1").json()["remedy"] == (
        "This address takes no parameters."
    )
    assert client.get("/v1").headers["content-type"] == "application/problem+json"
