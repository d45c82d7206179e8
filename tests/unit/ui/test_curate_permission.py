"""From where the corpus may be changed when no setting says so."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import StreamlitHeaders

from ui.curate.permission import is_from_here


def headers(**given: str) -> StreamlitHeaders:
    """Return headers as a page sees them."""
    return StreamlitHeaders([(k.replace("_", "-"), v) for k, v in given.items()])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_browser_on_this_computer(host):
    """A browser that shows an address of this computer may change the corpus."""
    assert is_from_here(headers(origin=f"http://{host}:8501"))


@pytest.mark.parametrize("origin", ["", "null", "https://kb.example", "localhost"])
def test_another_address(origin):
    """Under another address, or under none, nothing can be changed."""
    assert not is_from_here(headers(origin=origin))


@pytest.mark.parametrize(
    "name",
    [
        *("x-forwarded-for", "X-Forwarded-Host", "X-FORWARDED-PROTO"),
        *("forwarded", "Via", "x-real-ip"),
    ],
)
def test_forged_address_behind_a_proxy(name):
    """What a proxy has passed on is refused, whatever address it claims."""
    given = {"origin": "http://localhost:8501", name.replace("-", "_"): "x"}
    assert not is_from_here(headers(**given))
