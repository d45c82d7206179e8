"""Texts in the reader's language: gettext catalogues below `ui/locales`.

Texts are written in English where they are used, `_("{n} cases", n=3)`; a catalogue
holds their translation. A text that a catalogue lacks is shown in English.
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
LANGUAGES = ("en", "de", "es", "fi", "fr", "hu", "it", "nb", "pl", "sv")
"""ISO 639-1 codes of the languages that the pages can be read in, English first."""
LOCALES = Path(__file__).with_name("locales")
DOMAIN = "ui"
# Browsers may say "no" for either written standard of Norwegian.
_SPOKEN_AS = {"no": "nb", "nn": "nb"}


class _Reader:
    """Whose language is spoken: English, until somebody says how to find out."""

    language: Callable[[], str] = staticmethod(lambda: ENGLISH)


def speak(language: Callable[[], str]) -> None:
    """Say how to find out the reader's language.

    Args:
        language: Returns one of `LANGUAGES`; called for every text.
    """
    _Reader.language = staticmethod(language)


def spoken_language() -> str:
    """Return the reader's language, one of `LANGUAGES`."""
    return _Reader.language()


def nearest_language(wanted: str | None) -> str | None:
    """Return the one of `LANGUAGES` that a language tag means, or None.

    Args:
        wanted: For example ``sv-SE``, ``pt_BR`` or ``no``.
    """
    code = (wanted or "").replace("_", "-").partition("-")[0].lower()
    code = _SPOKEN_AS.get(code, code)
    return code if code in LANGUAGES else None


def _(message: str, **values: object) -> str:
    """Return a text in the reader's language, its ``{names}`` filled in.

    Args:
        message: The English text.
        values: What stands in for each name.
    """
    text = translated(message)
    return text.format(**values) if values else text


def translated(message: str) -> str:
    """Return a text that is marked for the catalogues elsewhere, names left open."""
    return _catalogue(spoken_language()).gettext(message)


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """Return a text that counts, in the form for ``n``, with ``{n}`` filled in.

    Args:
        one: The English text for one.
        many: The English text for any other number.
        n: The number; it stands in for ``{n}`` unless ``values`` hold another ``n``.
        values: What stands in for other names.
    """
    text = _catalogue(spoken_language()).ngettext(one, many, n)
    return text.format(**{"n": n, **values})


@cache
def _catalogue(language: str) -> gettext_module.NullTranslations:
    """Return a language's catalogue, compiled in memory when it is first used.

    So the repository holds only what translators edit, and no build step is needed.
    """
    if language == ENGLISH:
        return gettext_module.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)
