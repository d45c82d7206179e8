"""Replacing e-mail addresses and telephone numbers; finding them: test_personal.py."""

from __future__ import annotations

import pytest

from ingest import without_contacts


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ask crumb@crumbly.example!", "Ask [e-mail address]!"),
        ("<info@crumbly.example>", "<[e-mail address]>"),
        (
            "b@crumbly.example, ab@crumbly.example",
            "[e-mail address], [e-mail address]",
        ),
        ("Call +46 40 34 10 00 now", "Call [telephone number] now"),
        ("Ring 070-123 45 67.", "Ring [telephone number]."),
        ("Appelez le 06 12 34 56 78", "Appelez le [telephone number]"),
        ("Chiama 055 276 8222 oggi", "Chiama [telephone number] oggi"),
        ("Soita 050 123 4567", "Soita [telephone number]"),
        ("22 34 56 78, 612 345 678", "[telephone number], [telephone number]"),
    ],
)
def test_without_contacts_when_there_are_some(text, kept):
    """Addresses and numbers of any European plan go, the words around them stay."""
    assert without_contacts(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What did the pipe cost from 2014-2020, or (2021-2027)?",
        "Who got SEK 9,082,570 or 12 345 678 euro in 2019?",
        "Is 24.11.2009 the day of FOR-2025-04-03-594?",
        "5 buns @ 3 crowns, and @crumbly",
        "1 2 3 4 5 6 7 8",
    ],
)
def test_without_contacts_when_there_are_none(text):
    """Years, amounts and dates are what experts need: they stay."""
    assert without_contacts(text) == text
