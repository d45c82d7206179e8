"""From where the corpus may be changed when no setting says so."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from streamlit.runtime.context import StreamlitHeaders

from kb.settings import Settings
from ui import permission
from ui.permission import is_from_here, names_of
from ui.serving import uploads

PORT = 8501
# What Chromium and Firefox send to open a websocket.
OF_A_BROWSER = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "sv,en;q=0.5",
    "Cache-Control": "no-cache",
    "Connection": "keep-alive, Upgrade",
    "Cookie": "_streamlit_xsrf=x",
    "DNT": "1",
    "Host": f"localhost:{PORT}",
    "Origin": f"http://localhost:{PORT}",
    "Pragma": "no-cache",
    "Sec-Fetch-Dest": "empty",
    "Sec-GPC": "1",
    "Sec-WebSocket-Extensions": "permessage-deflate",
    "Sec-WebSocket-Key": "x",
    "Sec-WebSocket-Protocol": "streamlit, x",
    "Sec-WebSocket-Version": "13",
    "Upgrade": "websocket",
    "User-Agent": "Mozilla/5.0",
}


def headers(*more: tuple[str, str], **other: str) -> StreamlitHeaders:
    """Return a browser's headers as a page sees them, some of them others."""
    given = {**OF_A_BROWSER, **other}
    return StreamlitHeaders([*((k, v) for k, v in given.items() if v), *more])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_browser_on_this_computer(host):
    """A browser that shows an address of this computer may change the corpus."""
    own = f"{host}:{PORT}"
    assert is_from_here(headers(Host=own, Origin=f"http://{own}"), PORT)
    assert is_from_here(headers(Host=host, Origin=f"http://{host}"), 80)


@pytest.mark.parametrize(
    "origin",
    [
        *("", "null", "localhost", "https://kb.example", "http://localhost"),
        *("http://localhost:9000", "http://127.0.0.1:8501", "http://localhost:8501.x"),
    ],
)
def test_page_of_another_origin(origin):
    """A page from elsewhere, or from another port of this computer, changes nothing."""
    assert not is_from_here(headers(Origin=origin), PORT)


@pytest.mark.parametrize(
    "host", ["", "kb.example", "kb.example:8501", "localhost:9000", "192.168.0.7:8501"]
)
def test_app_under_another_name(host):
    """Where the browser shows another name or port, nothing can be changed."""
    assert not is_from_here(headers(Host=host, Origin=f"http://{host}"), PORT)


@pytest.mark.parametrize(
    "name",
    [
        *("x-forwarded-for", "X-Forwarded-Host", "X-FORWARDED-PROTO", "Via"),
        *("forwarded", "x-real-ip", "CF-Connecting-IP", "True-Client-IP"),
        *("X-Amzn-Trace-Id", "X-Original-Host", "Remote-User", "Authorization"),
    ],
)
def test_header_that_no_browser_sends(name):
    """What somebody has passed on is refused, whatever address it claims."""
    assert not is_from_here(headers((name, "x")), PORT)


@pytest.mark.parametrize("name", ["Host", "Origin"])
def test_name_that_is_told_twice(name):
    """A second name or origin is refused, for who knows which one is true."""
    assert not is_from_here(headers((name, OF_A_BROWSER[name])), PORT)


@pytest.mark.parametrize(
    ("claims", "names"),
    [
        ({"email": "A@b.example", "email_verified": True}, {"a@b.example"}),
        ({"email": "a@b.example", "email_verified": "true"}, set()),
        ({"email": "a@b.example"}, set()),
        ({"groups": ["Staff", 7, None]}, {"staff"}),
        ({"groups": "staff"}, {"staff"}),
        ({"groups": ["a@b.example"]}, set()),
        ({"groups": None, "roles": ["staff"]}, set()),
        ({"groups": {"staff": False}}, set()),
        ({"groups": 5}, set()),
    ],
)
def test_names_of_a_person(claims, names):
    """Roles count, and addresses that the provider vouches for; nothing else does."""
    assert names_of(claims, "groups") == names


@pytest.fixture
def told(monkeypatch) -> dict[str, Any]:
    """What the provider has told of whoever looks at the page, for a test to change."""
    claims: dict[str, Any] = {"is_logged_in": True, "iat": time.time(), "sub": "7"}
    user = SimpleNamespace(to_dict=lambda: claims)
    monkeypatch.setattr("streamlit.user", user)
    return claims


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "a@b.example", "email_verified": True}, "a@b.example"),
        ({"email": "boss@b.example"}, "7"),
    ],
)
def test_name_in_the_audit_log(claims, name, told):
    """Nobody signs with an address that the provider does not vouch for."""
    told.update(claims)
    assert permission.who() == name


@pytest.mark.parametrize("ago", [3_700, None, "0"])
def test_login_of_yesterday(ago, told):
    """A role that the provider has told of too long ago, or nobody knows when, ends."""
    settings = Settings(
        login=True, login_hours=1, role_claim="groups", curators="staff", readers="x"
    )
    told["groups"] = ["staff"]
    assert permission.may_curate(settings)
    assert permission.may_read(settings)
    told["iat"] = time.time() - ago if isinstance(ago, int) else ago
    assert not permission.may_curate(settings)
    assert not permission.may_read(settings)


def test_files_of_a_login_of_yesterday(told, monkeypatch):
    """A page that was asked for a file sends none when its login has ended."""
    monkeypatch.setattr(
        uploads, "load_settings", lambda: Settings(login=True, login_hours=1)
    )
    session = SimpleNamespace(session_id=uuid4().hex)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: session)

    async def taken(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("taken")(scope, receive, send)

    monkeypatch.setattr(uploads, "_here", list)  # no web app runs
    client = TestClient(uploads.OnlyWanted(taken))
    address = f"/_stcore/upload_file/{session.session_id}/a"
    answers = []
    for ago in (3_500, 3_700):
        told["iat"] = time.time() - ago
        uploads.allow_uploads(1_000)
        answers.append(client.put(address, content=b"x").status_code)
    assert answers == [200, 403]


def test_roles_that_are_not_looked_at():
    """Without the name of a claim no role counts."""
    assert names_of({"": ["staff"], "groups": ["staff"]}, "") == set()
