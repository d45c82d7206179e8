"""Folding and words: what the lexical side and the name check compare."""

from __future__ import annotations

import pytest

from kb.words import fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("PÉCS", "pecs"),
        ("Brunnshög", "brunnshog"),
        ("Brunnsho\u0308g", "brunnshog"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("ﬁnance", "finance"),
        ("Φλωρεντίας", "φλωρεντιασ"),
        ("CO₂", "co2"),
        ("２０３０", "2030"),
        ("שלום", "שלום"),
        ("", ""),
    ],
    ids=[
        "accent",
        "umlaut",
        "combining mark",
        "dotted capital I",
        "sharp s",
        "ligature",
        "final sigma",
        "subscript digit",
        "full-width digits",
        "right to left",
        "empty",
    ],
)
def test_fold(text, folded):
    """Case, accents and compatibility forms make no difference."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("sign", "spelt"),
    [("10 ㎿", "10 MW"), ("№ 5", "No 5"), ("Heat™", "HeatTM")],
    ids=["megawatt", "number", "trade mark"],
)
def test_fold_when_a_sign_stands_for_capitals(sign, spelt):
    """A sign that stands for capital letters folds like the letters themselves."""
    assert fold(sign) == fold(spelt)


def test_fold_when_a_word_holds_a_soft_hyphen():
    """An invisible soft hyphen does not cut a word in two."""
    assert words("Fern\u00adwärme") == ["fernwarme"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pipe cost 7 million.", ["the", "pipe", "cost", "7", "million"]),
        ("1,200 homes", ["1", "200", "homes"]),
        ("l'énergie citoyenne", ["l", "energie", "citoyenne"]),
        ("Füzes-dűlő 1", ["fuzes", "dulo", "1"]),
        ("地方 供热", ["地方", "供热"]),
        ("?!… 🙂", []),
        ("", []),
    ],
    ids=["sentence", "number", "elision", "hyphen", "chinese", "no word", "empty"],
)
def test_words(text, expected):
    """Words and numbers come folded and in order; other characters part them."""
    assert words(text) == expected
