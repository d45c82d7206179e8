"""The pinned libraries, and the digests under which pip takes them."""

from __future__ import annotations

import re

import pytest

from tests.support.processes import ROOT

_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s\\;]+)")
_DIGEST = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(text: str) -> dict[str, str]:
    found = [_PIN.match(line) for line in text.splitlines()]
    return {
        re.sub(r"[._-]+", "-", pin[1]).lower(): pin[2]
        for pin in found
        if pin is not None
    }


@pytest.fixture(scope="module")
def hashed() -> str:
    return (ROOT / "constraints-hashed.txt").read_text(encoding="utf-8")


def test_both_files_pin_the_same(hashed):
    """Whoever changes one runs `make hashes`."""
    assert pins(hashed) == pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))


def test_every_library_has_digests_and_nothing_else(hashed):
    """An address would tie the file to the registry that it was made with."""
    libraries = re.split(r"^(?=\S)", hashed, flags=re.MULTILINE)[1:]
    for library in libraries:
        first, *digests = (part.strip(" \\") for part in library.splitlines())
        assert _PIN.fullmatch(first), first
        assert digests, first
        assert all(_DIGEST.fullmatch(digest) for digest in digests), first
