"""Unit tests run without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Make every attempt to reach the network fail; processes may still talk."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
