"""The REST API under requests made up from its own description, good and bad."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import SecretStr
from schemathesis.checks import CHECKS, load_all_checks

from doors.listening import own_names
from doors.rest import Desk, build_api
from kb import KnowledgeBase

REQUESTS_AN_ADDRESS = 20
KEY = "fuzz-key-0123456789"

load_all_checks()
# The description cannot tell which cities there are, so a made-up one is refused.
SEMANTIC = CHECKS.get_by_names(["positive_data_acceptance"])

opened: list[KnowledgeBase] = []
api = build_api(Desk(lambda: opened[-1]), own_names("testserver", []), SecretStr(KEY))
described = schemathesis.openapi.from_dict(
    json.loads(
        json.dumps(api.openapi())
        .replace('"lund"', '"exampleton"')
        .replace('"pecs"', '"sampleby"')
        .replace('"stangby-local-energy-hub"', '"biscuit-heat"')
    )
)
described.app = api


@pytest.fixture(autouse=True, scope="module")
def _kb(tiny_index) -> Iterator[None]:
    """Put the tiny corpus behind the API, whose description names the tests."""
    with KnowledgeBase(tiny_index) as kb:
        opened.append(kb)
        yield


@described.parametrize()
@settings(
    max_examples=REQUESTS_AN_ADDRESS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case):
    """Whatever is asked, status, type, headers and JSON are among those described."""
    case.call_and_validate(
        headers={"Authorization": f"Bearer {KEY}"}, excluded_checks=SEMANTIC
    )
