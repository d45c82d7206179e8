"""Text as typesetters left it: ligatures, hyphens at line ends, broken sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_HYPHENS = "-\u00ad\u2010"
_HYPHEN_END = re.compile(rf"([^\W_]+)[{_HYPHENS}]$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]⁰¹²³⁴-⁹]*$|\[\^[^\]\s]+\]$")
_RAISED = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
# "meno- ja paluuputki", "Heiz- und Kühlnetz": here the hyphen stands for a word part.
_CONJUNCTIONS = frozenset(
    [
        "and",
        "or",
        "to",
        "ja",
        "tai",
        "sekä",
        "eli",
        "und",
        "oder",
        "bis",
        "och",
        "eller",
        "samt",
        "og",
        "en",
        "of",
        "et",
        "ou",
        "y",
        "o",
        "e",
        "és",
        "vagy",
        "illetve",
        "i",
        "lub",
        "oraz",
        "a",
        "nebo",
        "ali",
        "ili",
        "și",
        "sau",
    ]
)


def superscript(text: str) -> str:
    """Return raised digits as raised characters, so that 10⁶ never becomes 106."""
    return text.translate(_RAISED)


def ends_sentence(text: str) -> bool:
    """Return whether a line's last characters may close a sentence."""
    return bool(_SENTENCE_END.search(text))


def first_sentence_end(text: str, position: int) -> int:
    """Return where the sentence around a position ends, in characters."""
    from ingest.sentences import cut_sentences
    from kb.question.language import detect_language

    end = 0
    for sentence in cut_sentences(text, detect_language(text)):
        end += len(sentence)
        if end > position:
            return end
    return len(text)


class Joiner:
    """Joins the lines of one document, whose other words settle doubtful hyphens."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Remember the words, and the words with a hyphen inside a line."""
        text = "\n".join(lines)
        self._words = set(_WORD.findall(text))
        self._hyphenated = set(_HYPHENATED.findall(text))

    def join(self, lines: Iterable[str]) -> str:
        """Return lines as one text, with ligatures and hyphenation undone."""
        joined = ""
        for line in lines:
            joined = (
                self._joined(joined, _repaired(line)) if joined else _repaired(line)
            )
        return " ".join(joined.replace("\u00ad", "").split())

    def _joined(self, text: str, line: str) -> str:
        # A longer look at all that was joined would take long.
        broken = _HYPHEN_END.search(text) if text.endswith(tuple(_HYPHENS)) else None
        following = _FIRST_WORD.match(line)
        if broken is None or following is None:
            return f"{text} {line}"
        head, tail = broken.group(1), following.group()
        if tail in _CONJUNCTIONS:
            return f"{text} {line}"
        is_name_or_range = not tail[0].islower() or head[-1].isdigit()
        # "s-au", "EU-támogatás", "kWh-ja": no word is broken behind such a piece.
        is_short_form = len(head) == 1 or any(char.isupper() for char in head[1:])
        is_compound = f"{head}-{tail}" in self._hyphenated
        if (
            is_name_or_range
            or is_short_form
            or (is_compound and head + tail not in self._words)
        ):
            return text + line
        return text[:-1] + line


def _repaired(line: str) -> str:
    # Ligatures only: normalising everything would turn 10⁶ into 106.
    return _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), line)
