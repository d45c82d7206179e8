"""Whatever a file holds, its reader gives a document or a problem."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz_readers import read_fuzzed
from tests.support.fuzzed_files import FuzzedFile, fuzzed_files


@pytest.mark.filterwarnings("ignore")  # libraries complain about damaged files
@settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(file=fuzzed_files)
def test_readers_survive_any_file(tmp_path_factory, file: FuzzedFile):
    """Files changed at random and invented ones are read or rejected, never more."""
    assert read_fuzzed(tmp_path_factory.getbasetemp(), file)
