"""What a generation holds of a case as a whole."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ingest.write import _whole_case_vectors


def test_whole_case_vectors():
    """A case lies between its title and its statements; without any, at its title."""
    content: Any = SimpleNamespace(
        cases=[SimpleNamespace(case_id=name) for name in ("silent", "telling")],
        statements=[SimpleNamespace(case_id="telling")] * 2,
    )
    east, north, up = np.eye(3, dtype=np.float32)
    vectors = _whole_case_vectors(
        np.stack([east, east]), np.stack([north, up]), content
    )
    assert vectors.dtype == np.float32
    assert vectors[0] == pytest.approx(east)
    # East and the middle of north and up weigh the same.
    assert vectors[1] == pytest.approx([0.5**0.5, 0.5, 0.5])
