"""The numbers of sources, one for each address in a whole document."""

from __future__ import annotations

from dataclasses import replace

from tests.support.collected import PIPE, source
from tests.support.made_up import SOURCE
from ui.prepare.documents.sources import Numbering


def test_numbers_follow_first_use():
    """A source gets its number when it is first named, and keeps it."""
    numbering = Numbering()
    assert numbering.of([source(3)]) == (1,)
    assert numbering.of([source(1), source(3)]) == (1, 2)
    assert [s.number for s in numbering.listed()] == [1, 2]


def test_one_number_for_one_address():
    """The address tells what is the same page; the first name of it stays."""
    numbering = Numbering()
    again = replace(SOURCE, source_id="S9", title="Another name")
    assert numbering.of([SOURCE]) == numbering.of([again, SOURCE]) == (1,)
    assert [s.title for s in numbering.listed()] == [SOURCE.title]


def test_sources_without_address():
    """Where no address is given, title and publisher tell sources apart."""
    numbering = Numbering()
    one, other = replace(SOURCE, url=""), replace(PIPE, url="")
    assert numbering.of([one, other, one]) == (1, 2)


def test_listed_says_who_when_and_in_which_language():
    """Publisher, year or that it is unknown, and language stand beside the title."""
    numbering = Numbering()
    numbering.of([SOURCE, PIPE])
    assert [s.details for s in numbering.listed()] == [
        "Exampleton Heat, 2021, in English",
        "Exampleton Heat, year unknown, in Swedish",
    ]


def test_listed_shows_an_address_that_is_no_link():
    """An address that must not be followed is shown and not linked."""
    numbering = Numbering()
    numbering.of([replace(SOURCE, url="javascript:alert(1)")])
    (listed,) = numbering.listed()
    assert (listed.address, listed.link) == ("javascript:alert(1)", "")
