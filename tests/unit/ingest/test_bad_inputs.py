"""Each bad input is named with its rule, and none costs a good file anything."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_socket import disable_socket, enable_socket

from ingest.limits import MB, Limits
from ingest.listing import list_corpus
from ingest.registry import read_registry
from ingest.worker import ReadFile, read_files
from kb.types import Problem
from tests.support.bad_inputs import (
    BAD_INPUTS,
    HIDDEN,
    LIMIT_PAGES,
    LIMITS_MB,
    BadInput,
    write_bad_inputs,
)
from tests.support.tiny_corpus import CASE_FILES, write_tiny_corpus

LIMITS = Limits(
    file_bytes=LIMITS_MB * MB,
    expanded_bytes=LIMITS_MB * MB,
    pages=LIMIT_PAGES,
    seconds=60,
    memory_bytes=1024 * MB,
)


@pytest.fixture(autouse=True, scope="module")
def _no_network() -> Iterator[None]:
    """Keep the network off; processes talk through sockets of the system's own."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@dataclass
class Outcome:
    """What became of all the bad inputs, by their paths."""

    problems: dict[str, list[Problem]]
    results: dict[str, ReadFile]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    corpus = write_tiny_corpus(tmp_path_factory.mktemp("bad") / "corpus")
    write_bad_inputs(corpus)
    listing = list_corpus(corpus)
    results = read_files(listing.files, corpus, read_registry(corpus), LIMITS, 300)
    found = Outcome(defaultdict(list), {result.path: result for result in results})
    for problem in listing.problems:
        found.problems[problem.path].append(problem)
    for result in found.results.values():
        found.problems[result.path] += result.problems
    return found


def shown_name(bad: BadInput) -> str:
    return bad.name if bad.name.isprintable() else ascii(bad.name)[1:-1]


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=shown_name)
def test_bad_input(outcome, bad):
    """It is rejected under its rule, naming what matters, or read without harm."""
    problems = outcome.problems[shown_name(bad)]
    result = outcome.results.get(bad.name)

    if not bad.rule or bad.rule.startswith("~"):
        assert [p.rule for p in problems] == [r for r in [bad.rule[1:]] if r]
        assert result
        assert result.split
        assert result.split.statements
        words = " ".join(passage.text for passage in result.split.passages)
        assert HIDDEN not in words
        words.encode()  # nothing that UTF-8 cannot write
    else:
        assert {p.rule for p in problems if p.severity == "error"} == {bad.rule}
        assert not (result and result.split)
    message = " ".join(f"{p.reason} {p.remedy}" for p in problems)
    for part in bad.says:
        assert part in message
    for problem in problems:
        assert len(problem.reason) < 300
        assert problem.remedy.endswith((".", "…"))
        message.encode()
        assert message.isprintable()


def test_good_files_are_read_all_the_same(outcome):
    """The cases among the bad inputs are read without a problem."""
    for name in CASE_FILES:
        result = outcome.results[name.removesuffix(".yaml")]
        assert result.split
        assert result.problems == ()


def test_every_file_is_answered_for(outcome):
    """What is neither listed nor a problem is only what is passed over on purpose."""
    expected = {shown_name(bad) for bad in BAD_INPUTS}
    expected |= {name.removesuffix(".yaml") for name in CASE_FILES}

    assert {name for name, found in outcome.problems.items()} <= expected
    assert set(outcome.results) <= {*expected, *(bad.name for bad in BAD_INPUTS)}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path):
    """A file that may not be read is named, with what to look at."""
    corpus = write_tiny_corpus(tmp_path / "corpus")
    path = corpus / "sampleby" / "borrowed-bricks.md"
    path.chmod(0)

    (result,) = read_files([path], corpus, read_registry(corpus), LIMITS, 300)

    assert "Permission denied" in result.problems[0].reason
