"""Terms and their explanations."""

from __future__ import annotations

import pytest

from ui.prepare.documents.glossary import _terms, terms_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("District heating warms homes.", ["district heating"]),
        ("Two heat pumps, one heat pump.", ["heat pump"]),
        ("A CHP plant.", ["combined heat and power"]),
        ("He said chp, and the lca of it.", []),
        ("Unzoning is no word.", []),
        ("An ESCO sold green bonds.", ["ESCO", "green bond"]),
        ("16 kg CO2e a year", ["CO2 equivalent"]),
    ],
)
def test_terms_in(text, names):
    """Terms are found in every number and form, abbreviations in capitals only."""
    assert sorted(term.name for term in terms_in([text])) == sorted(names)


def test_terms_in_is_ordered_by_name():
    """The list reads like one in a book."""
    names = [term.name for term in terms_in(["zoning, ESCO, biogas, tender"])]
    assert names == ["biogas", "ESCO", "tender", "zoning"]


def test_every_term_is_explained():
    """No term is listed twice, each finds itself, and each has a whole sentence."""
    terms = _terms()
    assert len({term.name.lower() for term in terms}) == len(terms) >= 60
    for term in terms:
        assert term.pattern.search(f"A {term.name}."), term.name
        assert term.meaning.endswith("."), term.name
        assert len(term.meaning.split()) >= 5, term.name
