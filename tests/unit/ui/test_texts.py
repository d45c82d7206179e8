"""Texts, numbers and names in the reader's language."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.support.spoken import spoken_as
from ui import formats, texts
from ui.texts import LANGUAGES, _, nearest_language, ngettext, spoken_language


@pytest.fixture
def spoken():
    """Return a function that sets the language, for one test."""
    with ExitStack() as spoken_before:
        yield lambda language: spoken_before.enter_context(spoken_as(language))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("sv-SE", "sv"),
        ("sv", "sv"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("PL_pl", "pl"),
        ("en-US", "en"),
        ("pt-BR", None),
        ("", None),
        (None, None),
        ("../../etc", None),
    ],
)
def test_nearest_language(wanted, found):
    """A tag of a browser or an address means one of our languages, or none."""
    assert nearest_language(wanted) == found


def test_text_when_nobody_says_who_reads():
    """Without a session, as in the terminal, everything is in English."""
    assert spoken_language() == "en"
    assert _("Your question") == "Your question"


def test_text_when_names_are_filled_in():
    """What stands in a text is filled in as it is, braces included."""
    assert _("Source {id}", id="{S1}") == "Source {S1}"
    assert ngettext("{n} case", "{n} cases", 1) == "1 case"
    assert ngettext("{n} case", "{n} cases", 0) == "0 cases"


def test_text_when_the_language_counts_in_three_forms(spoken):
    """Polish has one form for 1, one for 2 to 4, one for 5 and more."""
    spoken("pl")
    forms = {n: ngettext("{n} case", "{n} cases", n) for n in (1, 2, 5)}
    assert len({form.replace(str(n), "") for n, form in forms.items()}) == 3


def test_text_when_the_catalogue_lacks_it(spoken):
    """A text that nobody translated is shown in English, not left out."""
    spoken("sv")
    assert _("Never written anywhere, {n}", n=3) == "Never written anywhere, 3"


@pytest.mark.parametrize(
    ("language", "number", "day", "language_name", "country"),
    [
        ("en", "1,234.5", "23 November 2026", "Swedish", "Hungary"),
        ("de", "1.234,5", "23. November 2026", "Schwedisch", "Ungarn"),
        ("sv", "1\xa0234,5", "23 november 2026", "svenska", "Ungern"),
        ("fi", "1\xa0234,5", "23. marraskuuta 2026", "ruotsi", "Unkari"),
    ],
)
def test_formats(spoken, language, number, day, language_name, country):
    """Numbers, dates and names are written as the reader writes them."""
    spoken(language)
    assert formats.number(1234.5) == number
    assert formats.day("2026-11-23T10:15:00+00:00") == day
    assert formats.language_name("sv") == language_name
    assert formats.country_name("HU", "Hungary") == country


def test_formats_when_there_is_no_name():
    """What the registers do not know is shown as it was given."""
    assert formats.language_name("und-xx") == "und-xx"
    assert formats.country_name("??", "Nowhere") == "Nowhere"
    assert formats.day("unknown") == "unknown"


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_language_name(language):
    """Every language of the choice has a name that its speakers recognise."""
    name = formats.own_language_name(language)
    assert name != language
    assert name[0].isupper()


def test_catalogues_when_loaded():
    """English needs no file: its texts are those of the code."""
    assert texts._catalogue("en").gettext("Your question") == "Your question"
