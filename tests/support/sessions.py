"""Sessions of the web app as a browser has them, without a browser."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

_DEADLINE_SECONDS = 120


@contextmanager
def page_session(
    port: int, behind: tuple[str, ssl.SSLContext] | None = None, /, **headers: str
) -> Iterator[ClientConnection]:
    """Open the connection that a page opens.

    Args:
        port: Of the app on this computer.
        behind: Name of a TLS proxy that listens there instead, and what it is trusted
            by.
        headers: Of the handshake, such as ``Origin``; further than a program's own.
            ``X-Xsrftoken`` travels where Streamlit looks for it.

    Raises:
        InvalidStatus: The handshake is refused.
    """
    origin = headers.pop("Origin", None)
    token = headers.pop("X-Xsrftoken", None)
    name, trust = behind or ("127.0.0.1", None)
    with connect(
        f"{'wss' if trust else 'ws'}://{name}:{port}/_stcore/stream",
        sock=socket.create_connection(("127.0.0.1", port)),
        ssl=trust,
        subprotocols=[Subprotocol(name) for name in ("streamlit", token) if name],
        origin=Origin(origin) if origin else None,
        additional_headers=headers,
        max_size=None,
        open_timeout=_DEADLINE_SECONDS,
        proxy=None,
    ) as page:
        yield page


def drawn(
    page: ClientConnection,
    query: str = "",
    name: str = "",
    click: str = "",
    typed: Mapping[str, str] | None = None,
) -> list[ForwardMsg]:
    """Return all that draws a page, from its beginning to its end; see `ask_for`."""
    ask_for(page, query, name, click, typed)
    return to_the_end(page)


def ask_for(
    page: ClientConnection,
    query: str = "",
    name: str = "",
    click: str = "",
    typed: Mapping[str, str] | None = None,
) -> None:
    """Have a page drawn.

    Args:
        page: The connection.
        query: What stands behind the question mark of the address.
        name: Of the page in the address; empty for the first.
        click: Streamlit's id of a button to click.
        typed: What stands in fields, by Streamlit's id.
    """
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = name
    if click:
        asked.rerun_script.widget_states.widgets.add(id=click, trigger_value=True)
    for field, text in (typed or {}).items():
        asked.rerun_script.widget_states.widgets.add(id=field, string_value=text)
    page.send(asked.SerializeToString())


def to_the_end(page: ClientConnection) -> list[ForwardMsg]:
    """Return what comes until a page is drawn."""
    messages: list[ForwardMsg] = []
    while not messages or not messages[-1].HasField("script_finished"):
        told = page.recv(timeout=_DEADLINE_SECONDS)
        assert isinstance(told, bytes)
        messages.append(ForwardMsg.FromString(told))
    return messages


def question_field(messages: Iterable[ForwardMsg]) -> str:
    """Return Streamlit's id of the field for questions in what draws a page."""
    elements = [message.delta.new_element for message in messages]
    fields = [e.text_area.id for e in elements if e.HasField("text_area")]
    (found,) = [field for field in fields if field.endswith("-q")]
    return found


def is_answered(messages: Iterable[ForwardMsg]) -> bool:
    """Whether a page is drawn that lists a question among those that were asked."""
    elements = [message.delta.new_element for message in messages]
    return any("-history-" in e.button.id for e in elements if e.HasField("button"))


def curate_drawn(page: ClientConnection) -> list[ForwardMsg]:
    """Return all that draws the part of Curate where files are added."""
    return drawn(page, query="part=add", name="curate")
