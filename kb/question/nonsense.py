"""What is typed and is no question: a test, a slip of the hand, code, an instruction.

Meaning is not looked at: who asks about cooking asks a question.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kb.question.names import Vocabulary
from kb.words import fold, words

_PATTERNS_FILE = Path(__file__).with_name("nonsense_patterns.txt")
_TRIALS_FILE = Path(__file__).with_name("nonsense_words.txt")
_FEWEST_LETTERS = 2
# Letters that lie side by side on keyboards, both ways.
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertz",
    "yxcvbnm",
    "azerty",
    "qsdfghjklm",
)
_RUNS = " ".join((*_ROWS, *(row[::-1] for row in _ROWS)))
_SHORTEST_RUN = 3
_VOWELS = frozenset("aeiouyæøœαεηιουω")
_LATIN = re.compile(r"[a-z]+")
_FEWEST_CONSONANTS = 5


def is_nonsense(text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a text is no question at all.

    It is not when it holds fewer than two letters, a piece of code or an instruction to
    a model, or nothing but words of a trial ("test") and beaten keys ("asdf"). A word
    that the corpus uses is never taken for beaten keys.

    Args:
        text: What was typed.
        vocabulary: Every word of the corpus.
    """
    if sum(char.isalpha() for char in text) < _FEWEST_LETTERS:
        return not any(
            _is_code(word) and vocabulary.knows(word) for word in words(text)
        )
    folded = fold(text)
    if any(pattern.search(folded) for pattern in _patterns()):
        return True
    return all(_says_nothing(word, vocabulary) for word in words(text))


def _says_nothing(word: str, vocabulary: Vocabulary) -> bool:
    if len(word) < _FEWEST_LETTERS or word.isdigit() or word in _trials():
        return True
    return _is_beaten(word) and not vocabulary.knows(word)


def _is_code(word: str) -> bool:
    """Say whether a word mixes letters and digits, as projects are called ("H22")."""
    return word.isalnum() and not word.isdigit() and not word.isalpha()


def _is_beaten(word: str) -> bool:
    """Say whether keys were hit without a word in mind."""
    if len(set(word)) == 1 or _is_run(word):
        return True
    is_latin = _LATIN.fullmatch(word) is not None
    return is_latin and len(word) >= _FEWEST_CONSONANTS and not _VOWELS & set(word)


def _is_run(word: str) -> bool:
    """Say whether a word is made of neighbouring keys: "asdf", "qweqwe", "jkl"."""
    if len(word) == _SHORTEST_RUN:
        return word in _RUNS and not _VOWELS & set(word)
    if word in _RUNS:
        return len(word) > _SHORTEST_RUN
    return any(
        len(word) % n == 0
        and all(word[start : start + n] in _RUNS for start in range(0, len(word), n))
        for n in (_SHORTEST_RUN, _SHORTEST_RUN + 1)
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _lines(_PATTERNS_FILE)))


@cache
def _trials() -> frozenset[str]:
    return frozenset(word for line in _lines(_TRIALS_FILE) for word in line.split())


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
