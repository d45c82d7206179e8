"""The error family: one root, complete messages, drawn in its own docstring."""

from __future__ import annotations

import inspect
import re

import pytest

from kb import errors
from kb.errors import KnowledgeBaseError, shown

FAMILY = {
    name: member
    for name, member in vars(errors).items()
    if inspect.isclass(member) and member.__module__ == errors.__name__
}


@pytest.mark.parametrize(
    ("path", "line", "message"),
    [
        ("pecs/heat.md", 14, "pecs/heat.md:14: mark S7 is unknown. Remove it."),
        ("pecs/heat.md", None, "pecs/heat.md: mark S7 is unknown. Remove it."),
        (None, None, "mark S7 is unknown. Remove it."),
    ],
    ids=["file and line", "file", "nowhere"],
)
def test_message_when_place_is_known(path, line, message):
    """A message says where, what and the remedy, in this order."""
    error = KnowledgeBaseError(
        "mark S7 is unknown.", "Remove it.", path=path, line=line
    )
    assert str(error) == message


def test_message_without_remedy():
    """A message without a remedy ends with the reason."""
    assert str(KnowledgeBaseError("mark S7 is unknown.")) == "mark S7 is unknown."


def test_parts_are_kept():
    """Reason, remedy, path and line travel in the error, for reports and pages."""
    error = KnowledgeBaseError("no.", "Try.", path="a.md", line=3)
    assert (error.reason, error.remedy) == ("no.", "Try.")
    assert (error.path, error.line) == ("a.md", 3)


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_every_class_belongs_to_the_family(name):
    """Every class ends in Error, has a sentence of its own and the one root."""
    member = FAMILY[name]
    assert name.endswith("Error")
    assert issubclass(member, KnowledgeBaseError)
    assert (member.__doc__ or "").strip().endswith(".")


def test_docstring_draws_the_family():
    """The tree in the module's docstring holds each class below its base class."""
    drawn: dict[str, str] = {}
    parents: list[tuple[int, str]] = [(-1, "Exception")]
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"([│├└─ ]*)(\w+Error)\b", line):
            depth, name = len(found[1]), found[2]
            while parents[-1][0] >= depth:
                parents.pop()
            drawn[name] = parents[-1][1]
            parents.append((depth, name))
    assert drawn == {name: cls.__bases__[0].__name__ for name, cls in FAMILY.items()}


def test_shown_when_value_is_short():
    """A short value is shown whole, quoted so that spaces are seen."""
    assert shown(" lund") == "' lund'"


@pytest.mark.parametrize(
    ("length", "is_cut"), [(78, False), (79, True), (40_000, True)], ids=str
)
def test_shown_when_value_is_long(length, is_cut):
    """A value is cut at 80 characters, with a mark that something is missing."""
    text = shown("x" * length)
    assert len(text) == 80
    assert text.endswith("…") == is_cut
