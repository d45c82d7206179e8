"""What stands before the pages: foreign origins, files not asked for, headers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from kb.settings import Settings
from tests.support.processes import MENTORKB, environment, free_port, until_listening
from tests.support.sessions import curate_drawn, drawn, page_session
from ui.serving.uploads import MOST_FILES, MOST_FILES_IN_ALL

FORBIDDEN, LENGTH_REQUIRED, TOO_LARGE, DONE = 403, 411, 413, 204


@pytest.fixture(scope="module")
def app(
    tiny_index: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """Start the app as on an expert's own computer; return its port."""
    port = free_port()
    process = subprocess.Popen(
        [MENTORKB, "serve", f"--port={port}"],
        env=environment()
        | {
            "KB_INDEX_DIR": str(tiny_index.index_dir),
            "KB_CORPUS_DIR": str(tiny_index.corpus_dir),
            "KB_FILE_MB": "50",
            "KB_FEEDBACK_DIR": str(tmp_path_factory.mktemp("feedback")),
        },
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until_listening(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def own(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def sent(
    port: int, session: str, name: str, content: bytes = b"# A", **headers: str
) -> int:
    """Send a file as a page does; return the status of the answer."""
    with httpx.Client(base_url=own(port), timeout=60) as browser:
        browser.get("/_stcore/health")
        token = browser.cookies["_streamlit_xsrf"]
        answer = browser.put(
            f"/_stcore/upload_file/{session}/{name}",
            files={"file": ("a.md", content, "text/markdown")},
            headers={"X-Xsrftoken": token, "Origin": own(port), **headers},
        )
        return answer.status_code


def session_of(messages: list[ForwardMsg]) -> str:
    (session,) = [m.new_session for m in messages if m.HasField("new_session")]
    found: str = session.initialize.session_id
    return found


def is_asked_for_a_file(messages: list[ForwardMsg]) -> bool:
    return any(m.delta.new_element.HasField("file_uploader") for m in messages)


def status_of_length_beside_chunks(port: int, session: str) -> int:
    """Send a file in chunks that is said to have one byte; return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request(
            "PUT",
            f"/_stcore/upload_file/{session}/chunks",
            body=iter([b"x" * 1000]),
            headers={"Content-Length": "1", "Transfer-Encoding": "chunked"},
            encode_chunked=True,
        )
        return connection.getresponse().status


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "http://[::1"]
)
def test_page_of_another_origin(app, origin):
    """A foreign page opens no session, and writes nothing."""
    with pytest.raises(InvalidStatus) as refused, page_session(app, Origin=origin):
        pass
    assert refused.value.response.status_code == FORBIDDEN
    assert sent(app, "any", "a", Origin=origin) == FORBIDDEN


def test_curating_behind_a_proxy(app):
    """Who comes through a proxy is asked for no file, and none is taken."""
    with page_session(app, Origin=own(app), **{"X-Forwarded-For": "::1"}) as page:
        messages = curate_drawn(page)
        assert not is_asked_for_a_file(messages)
        assert sent(app, session_of(messages), "a") == FORBIDDEN


def test_files_of_a_session(app):
    """Files are taken from the session that is asked for one, so many and so large."""
    with page_session(app, Origin=own(app)) as page:
        session = session_of(drawn(page))
        assert sent(app, session, "early") == FORBIDDEN
        assert is_asked_for_a_file(curate_drawn(page))
        for n in range(MOST_FILES):
            assert sent(app, session, f"f{n}") == DONE
        assert sent(app, session, "one-more") == TOO_LARGE
    with page_session(app, Origin=own(app)) as page:
        session = session_of(curate_drawn(page))
        large = b"x" * (49 * 1024 * 1024)
        answers = [sent(app, session, f"l{n}", large) for n in range(3)]
        assert answers == [DONE, DONE, TOO_LARGE]
        unsized = httpx.put(
            f"{own(app)}/_stcore/upload_file/{session}/x", content=iter([b"x"])
        )
        assert unsized.status_code == LENGTH_REQUIRED
        assert status_of_length_beside_chunks(app, session) in (400, LENGTH_REQUIRED)


def test_files_of_many_readers(app):
    """Readers, however many they send, take no room from those who curate."""
    through = {"Origin": own(app), "X-Forwarded-For": "192.0.2.1"}
    with ExitStack() as open_pages:
        for _ in range(MOST_FILES_IN_ALL // MOST_FILES):
            reader = open_pages.enter_context(page_session(app, **through))
            session = session_of(drawn(reader, name="prepare"))
            for n in range(MOST_FILES):
                assert sent(app, session, f"r{n}") == DONE
        late = open_pages.enter_context(page_session(app, **through))
        assert sent(app, session_of(drawn(late, name="prepare")), "a") == TOO_LARGE
        curator = open_pages.enter_context(page_session(app, Origin=own(app)))
        assert sent(app, session_of(curate_drawn(curator)), "a") == DONE


@pytest.mark.parametrize("address", ["/", "/case", "/_stcore/health", "/no/such.js"])
def test_headers_of_every_answer(app, address):
    """No other site frames a page or learns its address; scripts are the app's own."""
    told = httpx.get(own(app) + address).headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert told["referrer-policy"] == "same-origin"
    policy = dict(
        part.strip().split(" ", 1)
        for part in told["content-security-policy"].split(";")
    )
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in told["content-security-policy"]


def test_settings_travel_with_the_script():
    """The script that draws the pages lies beside Streamlit's settings."""
    from ui.serving import SCRIPT

    assert (Path(SCRIPT).parent / ".streamlit" / "config.toml").is_file()
