"""The language that the pages' texts are in, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ui.texts import _Reader, speak


@contextmanager
def spoken_as(language: str) -> Iterator[None]:
    """Speak a language, and afterwards what was spoken before.

    Pages that run in the same process later go on with their session's language.

    Args:
        language: One of ``LANGUAGES``.
    """
    before = _Reader.language
    speak(lambda: language)
    try:
        yield
    finally:
        speak(before)
