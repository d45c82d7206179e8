"""The shipped configuration of nginx, before `mentorkb serve --workers 2`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from kb.settings import Settings
from tests.support.login import logged_in, login, provider, shown_to
from tests.support.nginx import MOST_CONNECTIONS, NAME, PROGRAM, Nginx, nginx
from tests.support.processes import free_port
from tests.support.sessions import curate_drawn, drawn
from tests.support.workers import serving

if PROGRAM is None and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip("needs nginx", allow_module_level=True)

OUTSIDE = "127.0.0.2"
"""A client whose address the configuration does not name."""
KEY = "mentorkb_process"
QUESTION = "whowillreadthis"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def ports(
    tiny_index: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[int]]:
    """Start the app in two processes."""
    folder = tmp_path_factory.mktemp("workers")
    # The guard of the app itself has its own test.
    with serving(tiny_index, folder, KB_CURATE="on") as (_, ports):
        yield ports


@pytest.fixture(scope="module")
def proxy(
    ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nginx]:
    """Run nginx before them."""
    with nginx(tmp_path_factory.mktemp("nginx"), ports) as running:
        yield running


def sent(proxy: Nginx, session: str, size: int, address: str = "127.0.0.1") -> int:
    """Send a file as a page does; return the status."""
    with proxy.browser(address) as client:
        first = client.get("/_stcore/health", headers={"Cookie": f"{KEY}={'a' * 32}"})
        token = first.cookies["_streamlit_xsrf"]
        return client.put(
            f"/_stcore/upload_file/{session}/a",
            files={"file": ("a.md", b"x" * size, "text/markdown")},
            headers={
                "Cookie": f"{KEY}={'a' * 32}; _streamlit_xsrf={token}",
                "X-Xsrftoken": token,
                "Origin": proxy.origin,
            },
        ).status_code


def test_plain_http_goes_to_tls(proxy):
    answer = httpx.get(
        f"http://127.0.0.1:{proxy.plain}/case?case=a/b", headers={"Host": NAME}
    )
    assert answer.status_code == 301
    assert answer.headers["location"] == f"https://{NAME}/case?case=a/b"


def test_another_name_is_not_answered(proxy):
    with proxy.browser() as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("/", headers={"Host": "evil.example"})


@pytest.mark.parametrize(
    ("address", "status"), [("/", 200), ("/_stcore/metrics", 404), ("/metrics", 404)]
)
def test_headers_are_sent_once(proxy, address, status):
    """Each stands once: a second policy would be added to the app's."""
    with proxy.browser() as client:
        answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    for name in (
        "content-security-policy",
        "x-frame-options",
        "x-content-type-options",
        "referrer-policy",
    ):
        assert len(answer.headers.get_list(name)) == 1, name


def test_page_through_the_proxy(proxy):
    """A session opens and is drawn; one of another origin is refused by the app."""
    with proxy.page() as opened:
        assert drawn(opened)
    evil = proxy.page(Origin="https://evil.example")
    with pytest.raises(InvalidStatus) as refused, evil:
        pass
    assert refused.value.response.status_code == 403


def test_login_through_the_proxy(tiny_index, tmp_path):
    """Whoever logs in at one process is known to both, and to nobody without it."""
    secure = free_port()
    own = f"https://{NAME}:{secure}"
    (home := tmp_path / "home").mkdir()
    with (
        provider() as address,
        serving(tiny_index, home, **login(home, own, address)) as (_, ports),
        nginx(tmp_path, ports, secure) as proxy,
        proxy.browser() as browser,
    ):
        assert "Please log in" in shown_to({}, proxy.page)
        headers = logged_in(own, "by-address", browser, proxy.page)
        kept = re.sub(rf"{KEY}=\w+", KEY + "={}", headers["Cookie"])
        for n in range(2 * len(ports)):  # a key decides which of them it is
            told = shown_to(headers | {"Cookie": kept.format(f"{n:032x}")}, proxy.page)
            assert "Exampleton" in told
            assert "file_uploader" in told
        met = [line for line in proxy.logs().splitlines() if "/_stcore/stream" in line]
        assert all(any(f":{port} " in line for line in met) for port in ports)


def test_only_watchers_inside_are_told(proxy):
    for address in ("/health", "/ready"):
        with proxy.browser() as client:
            assert client.get(address).status_code == 200
        with proxy.browser(OUTSIDE) as client:
            assert client.get(address).status_code == 403


def test_uploads(proxy):
    """Who is not named may send what a briefing needs; who is, a file of a case."""
    with proxy.page(Cookie=f"{KEY}={'a' * 32}") as opened:
        messages = curate_drawn(opened)
        (session,) = [
            m.new_session.initialize.session_id
            for m in messages
            if m.HasField("new_session")
        ]
        assert sent(proxy, session, MEGABYTE, OUTSIDE) == 204
        assert sent(proxy, session, 12 * MEGABYTE, OUTSIDE) == 403
        assert sent(proxy, session, 12 * MEGABYTE) == 204
        assert sent(proxy, session, 202 * MEGABYTE) == 413
    with proxy.browser() as client:
        unsized = client.put("/_stcore/upload_file/a/b", content=iter([b"x"]))
        assert unsized.status_code == 403
        assert client.post("/", content=b"x").status_code == 403


def test_browsers_stay_with_a_process(proxy, ports):
    """The cookie is drawn once, decides alone, and leads to every process."""
    with proxy.browser() as client:
        cookies = client.get("/").headers.get_list("set-cookie")
        (told,) = [cookie for cookie in cookies if cookie.startswith(KEY)]
        assert "Secure" in told
        assert "HttpOnly" in told
        key = told.partition("=")[2].partition(";")[0]
        kept = {"Cookie": f"{KEY}={key}"}
        again = [client.get(f"/?n={n}", headers=kept) for n in range(5)]
        assert not any(KEY in str(a.headers.get_list("set-cookie")) for a in again)
        for n in range(20):
            client.get(f"/known/{n}", headers={"Cookie": f"{KEY}={n:032x}"})
            client.get(f"/known/{n}", headers={"Cookie": f"{KEY}={n:032x}"})
    met = [
        {
            line.split()[-2]
            for line in proxy.logs().splitlines()
            if f'/known/{n}"' in line
        }
        for n in range(20)
    ]
    assert all(len(of_one) == 1 for of_one in met)
    assert set().union(*met) == {f"127.0.0.1:{port}" for port in ports}


def test_connections_of_a_client_are_bounded(proxy):
    with ExitStack() as opened:
        for _ in range(MOST_CONNECTIONS):
            opened.enter_context(proxy.page())
        with pytest.raises(InvalidStatus) as refused, proxy.page():
            pass
        assert refused.value.response.status_code == 429


def test_new_sessions_of_a_client_are_bounded(proxy):
    with proxy.browser("127.0.0.3") as client:
        told = [client.get("/_stcore/stream").status_code for _ in range(300)]
    assert 429 in told
    assert 429 not in told[:100]


def asked(client: httpx.Client, address: str) -> int:
    """Ask as a page does whose own address holds the question; return the status."""
    headers = {"Referer": f"/?q={QUESTION}"}
    return client.get(address, params={"q": QUESTION}, headers=headers).status_code


def test_logs_hold_no_question(proxy, tmp_path: Path):
    """Also not that of a request which is refused, limited or meets no process."""
    with proxy.browser("127.0.0.4") as client:
        assert asked(client, "/") == 200
        assert asked(client, "/ready") == 403
        while asked(client, "/_stcore/stream") != 429:
            pass
    assert '"GET /" 200' in proxy.logs()
    with nginx(tmp_path, [free_port()]) as alone, alone.browser() as client:
        assert asked(client, "/") == 502
        assert " 502" in alone.logs()
        assert QUESTION not in alone.logs()
    assert QUESTION not in proxy.logs()
