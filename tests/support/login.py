"""Logging in at a real OpenID Connect provider."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

import httpx
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.support.processes import environment, free_port, until_listening
from tests.support.sessions import curate_drawn, drawn

PEOPLE = {
    "reader": {"email": "reader@city.example", "email_verified": True},
    "by-address": {"email": "Curator@city.example", "email_verified": True},
    "by-role": {"email": "other@city.example", "groups": ["staff", "kb-curators"]},
    # Whoever can write any address into an account elsewhere.
    "pretender": {"email": "curator@city.example", "email_verified": False},
    "stranger": {"email": "stranger@city.example", "email_verified": True},
}
Opened = Callable[..., AbstractContextManager[ClientConnection]]
"""Opens a page's connection with headers, see `tests.support.sessions.page_session`."""


@contextmanager
def provider() -> Iterator[str]:
    """Run a provider that knows some people while the block runs; give its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        env=environment(),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until_listening(port, process)
        address = f"http://127.0.0.1:{port}"
        for name, claims in PEOPLE.items():
            httpx.put(f"{address}/users/{name}", json=claims).raise_for_status()
        yield address
    finally:
        process.kill()
        process.wait()


def login(folder: Path, own: str, provider: str) -> dict[str, str]:
    """Write what an app needs for a login; return the variables of its environment.

    Args:
        folder: Its home.
        own: How browsers name the app.
        provider: Its address.
    """
    secrets = folder / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(
        f'[auth]\nredirect_uri = "{own}/oauth2callback"\n'
        f'cookie_secret = "{"made-up-" * 8}"\n'
        'client_id = "mentor-cities"\nclient_secret = "made-up"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    return {
        "KB_LOGIN": "on",
        "KB_READERS": "reader@city.example, curator@city.example",
        "KB_CURATORS": "curator@city.example, kb-curators",
        "KB_ROLE_CLAIM": "groups",
        "HOME": str(folder),
    }


def logged_in(
    own: str, person: str, browser: httpx.Client, opened: Opened
) -> dict[str, str]:
    """Log in as a person does; return the headers of her browser's handshake.

    Args:
        own: How browsers name the app.
        person: One of `PEOPLE`.
        browser: With cookies of its own.
        opened: Opens a page.
    """
    with opened(Origin=own) as page:
        (button,) = re.findall(r'id: "([^"]*log-in[^"]*)"', _text_of(drawn(page)))
        told = drawn(page, click=button)
    (address,) = [m.auth_redirect.url for m in told if m.HasField("auth_redirect")]
    asked = browser.get(urljoin(f"{own}/", address))
    while asked.status_code == HTTPStatus.FOUND:
        asked = browser.get(urljoin(str(asked.url), asked.headers["location"]))
    answer = browser.post(asked.url, data={"sub": person})
    assert answer.status_code == HTTPStatus.FOUND, answer.text
    assert browser.get(answer.headers["location"]).status_code == HTTPStatus.FOUND
    browser.get(f"{own}/_stcore/health")
    cookies = {c.name: c.value or "" for c in browser.cookies.jar}
    return {
        "Origin": own,
        "X-Xsrftoken": cookies["_streamlit_xsrf"],
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }


def shown_to(headers: dict[str, str], opened: Opened) -> str:
    """Return what the Library and Curate show to whoever sends headers."""
    with opened(**headers) as page:
        return _text_of([*drawn(page, name="library"), *curate_drawn(page)])


def _text_of(messages: list[ForwardMsg]) -> str:
    return "\n".join(map(str, messages))
