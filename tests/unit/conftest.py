"""Unit tests run without a network."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """Make every attempt to open a socket fail."""
