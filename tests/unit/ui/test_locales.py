"""The catalogues: no text missing, none unused, and nothing lost on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from ui.texts import DOMAIN, ENGLISH, LANGUAGES, LOCALES

ROOT = Path(__file__).parents[3]
TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"\{\w*\}")
REMEDY = "run `make texts`, then translate what is empty in ui/locales"

Key = str | tuple[str, str]


@cache
def in_code() -> frozenset[Key]:
    """Return every text that the pages show, those of `kb.reasons` too."""
    method_map = [("**.py", "python")]
    found = [text for _, _, text, _, _ in _extracted(method_map)]
    return frozenset(tuple(text) if isinstance(text, list) else text for text in found)


def _extracted(method_map: list[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    for folder in ("kb", "ui"):
        yield from extract_from_dir(ROOT / folder, method_map, keywords=KEYWORDS)
    for line, text, *rest in extract_from_file("python", ROOT / "app.py", KEYWORDS):
        yield ("app.py", line, text, *rest)


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def test_languages_when_folders_are_listed():
    """Each language of the choice has a catalogue, and no other one lies there."""
    folders = {path.name for path in LOCALES.iterdir() if path.is_dir()}
    assert folders == set(TRANSLATED)


def test_texts_when_extracted():
    """The code's texts are found: those of pages, parts, exports and counting ones."""
    assert len(in_code()) > 150
    assert "Your question" in in_code()
    assert ("{n} case", "{n} cases") in in_code()


def _written_in(path: Path) -> Iterator[Key]:
    """Yield the texts that a module asks for; "?" for one that is no literal."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = {"_": 1, "N_": 1, "ngettext": 2}.get(node.func.id)
            if wanted:
                texts = [getattr(arg, "value", "?") for arg in node.args[:wanted]]
                yield texts[0] if wanted == 1 else (texts[0], texts[1])


def test_texts_when_extraction_is_checked():
    """Extraction sees every text: none is put together, none hides in an f-string."""
    paths = [
        ROOT / "app.py",
        *(ROOT / "kb").rglob("*.py"),
        *(ROOT / "ui").rglob("*.py"),
    ]
    written = {text for path in paths for text in _written_in(path)}
    assert written - in_code() == set(), "write it as one literal outside an f-string"


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_when_compared_with_the_code(language):
    """No text lacks a place in the catalogue, and none is left over."""
    held = {
        tuple(m.id) if isinstance(m.id, list | tuple) else m.id
        for m in messages(language)
    }
    assert sorted(map(str, in_code() - held)) == [], f"missing: {REMEDY}"
    assert sorted(map(str, held - in_code())) == [], f"unused: {REMEDY}"
    assert not catalogue(language).obsolete, f"obsolete: {REMEDY}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_when_looked_through(language):
    """Every text is translated, in every form that the language counts with."""
    untranslated = [
        message.id
        for message in messages(language)
        if message.fuzzy or not all(part.strip() for part in _forms(message.string))
    ]
    assert untranslated == [], REMEDY
    n_forms = catalogue(language).num_plurals
    counting = [m for m in messages(language) if not isinstance(m.id, str)]
    assert {len(_forms(m.string)) for m in counting} == {n_forms}


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(
    "pattern", [PLACEHOLDER, re.compile(r"\*\*|`")], ids=["placeholders", "Markdown"]
)
def test_translation_when_compared_with_the_english(language, pattern):
    """A translation fills in the same names and keeps bold type and code."""
    differing = {
        str(message.id): form
        for message in messages(language)
        for place, form in enumerate(_forms(message.string))
        if sorted(pattern.findall(form)) not in _wanted(message, pattern, place)
    }
    assert differing == {}


def _wanted(message: Message, pattern: re.Pattern[str], place: int) -> list[list[str]]:
    """Return what a form may hold; only the first, for one, may lack the number."""
    english = _forms(message.id)
    allowed = english if place == 0 else english[-1:]
    return [sorted(pattern.findall(form)) for form in allowed]
