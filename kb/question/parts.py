"""The parts of a question that asks several things at once, each readable alone.

A part begins where "and" or a comma stands before words that ask, so that lists of
things and clauses about one thing stay whole: the rules would rather miss a part.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from kb.question.language import detect_language
from kb.words import fold, words

GOES_ON = " \u2192 "
"""Between a question and the follow-up that is read in its context."""
_FILE = Path(__file__).with_name("question_words.txt")
_UNKNOWN_READ_AS = "en"
_MOST_PARTS = 4
# A part of fewer words says too little to be read without what the question is about.
_SHORTEST_ALONE = 6
# "Which act and which section of it" is one question: words of it before the "and".
_SHORTEST_FIRST = 2
# A question of fewer words that holds none that asks is an aside: "Loans, grants?"
_SHORTEST_QUESTION = 5
_LONGEST_LEAD = 15
# Greek asks with a semicolon.
_MARK = r"(?:\?|(?<=[\u0370-\u03ff]);)"
_END = re.compile(rf"({_MARK}+|(?<=\w\w[^\W\d])[.!])(?=\s+\S)")
_ENDS_ASKING = re.compile(rf"{_MARK}\s*$")
# "Tramways: which ..."; the colon of a time or an address has no space behind it, the
# hyphen of a word none around it, and a clause between dashes is no lead.
_LEAD = re.compile(
    r"[^:?]*\w\W?\s?:\s+(?=\S)|[^:?–—]*\w\W?\s[–—-]\s+(?!.*\s[–—-]\s)(?=\S)", re.DOTALL
)
_PARENTHESES = re.compile(r"\([^()]*\)")
_COMMA = r"\s*[,;]\s+"
_AROUND = " \t\r\n,;:.?!¿¡–—-"


@dataclass(frozen=True, slots=True)
class _AskingWords:
    """How one language asks."""

    joint: re.Pattern[str]
    """Where a part may begin: what joins it, named ``comma`` or ``and``, before what
    opens it, named ``open``."""
    opens: re.Pattern[str]
    """What opens a question: "how much", "by whom", "did" before "they"."""
    opening: re.Pattern[str]
    """The same, and the verb behind it."""
    relates: re.Pattern[str]
    """Words that open one, or go on about the word before them: "which"."""
    listed: re.Pattern[str]
    """Where a list of things goes on."""
    empty: re.Pattern[str]
    """Words that name nothing that could be asked about."""
    points: re.Pattern[str]
    """Words that point back at what was said."""


def question_parts(text: str) -> tuple[str, ...]:
    """Return what a question of two to four parts asks, in its own words and order.

    What stands before a colon is put before each part. A part that says too little by
    itself is given what the first part is about, or the sentence before the question.
    Of a follow-up only what it asks itself is parted, each part in the same context.

    Args:
        text: The question, in any language of the file of question words.

    Returns:
        The parts without the question mark; empty for a question of one part, and for
        one of so many that it is a list of wishes.
    """
    context, goes_on, asked = unicodedata.normalize("NFC", text).rpartition(GOES_ON)
    found = _parts(asked, _spoken_in(asked))
    if not 1 < len(found) <= _MOST_PARTS:
        return ()
    return tuple(f"{context}{goes_on}{part}" for part in found)


def opens_a_question(text: str) -> bool:
    """Say whether a text begins as a question does: "who", "how much", "did they"."""
    text = unicodedata.normalize("NFC", text)
    return _spoken_in(text).opens.match(text.lstrip(_AROUND)) is not None


def _spoken_in(text: str) -> _AskingWords:
    language = detect_language(text)
    return _spoken(language if language in _languages() else _UNKNOWN_READ_AS)


def _parts(text: str, spoken: _AskingWords) -> tuple[str, ...]:
    """Return the parts of a question in one language; a single one stands alone."""
    parts: list[str] = []
    topic = ""
    sentences = _sentences(text)
    for sentence in sentences:
        if not _asks(sentence, spoken, last=sentence is sentences[-1]):
            topic = topic or sentence.strip(_AROUND)
            continue
        lead = _LEAD.match(sentence)
        if lead and len(lead.group().split()) > _LONGEST_LEAD:
            lead = None
        body = sentence[lead.end() :] if lead else sentence
        split = _split(body, spoken, listing=lead is not None)
        if (
            lead
            and spoken.opens.match(sentence)
            and not any(map(spoken.opens.match, split))
        ):
            # Things that a question ends in ("how: taxes, contracts?") are guesses.
            split = [sentence.strip(_AROUND)]
            lead = None
        for part in split:
            if lead:
                parts.append(lead.group().lstrip() + part)
                topic = topic or lead.group().strip(_AROUND)
                continue
            alone = not topic or _stands_alone(part, spoken)
            parts.append(part if alone else f"{topic}: {part}")
            topic = topic or _topic(part, spoken)
    return tuple(parts)


def _sentences(text: str) -> list[str]:
    ends = [end.end() for end in _END.finditer(text)]
    return [text[s:e] for s, e in pairwise([0, *ends, len(text)])]


def _asks(sentence: str, spoken: _AskingWords, *, last: bool) -> bool:
    """Say whether a sentence is a question, or a list of what to tell."""
    if spoken.opens.match(sentence.lstrip(_AROUND)):
        return True
    if _ENDS_ASKING.search(sentence):
        return len(words(sentence)) >= _SHORTEST_QUESTION
    leads = _LEAD.match(sentence) or spoken.joint.search(sentence)
    return last and leads is not None


def _split(body: str, spoken: _AskingWords, *, listing: bool) -> list[str]:
    """Return the parts of one sentence; itself where it asks one thing.

    Args:
        body: The sentence, without its lead.
        spoken: How its language asks.
        listing: Whether it had a lead: then commas part, and things may be listed.
    """
    # Of the same length, so that places stay.
    open_text = _PARENTHESES.sub(lambda found: "_" * len(found.group()), body)
    asks_first = spoken.opens.match(open_text.lstrip(_AROUND)) is not None
    if listing and not asks_first and "," in open_text:
        joints = list(spoken.listed.finditer(open_text))
    else:
        joints = _joints(open_text, spoken, listing=listing)
        by_comma = listing or (asks_first and len(joints) > 1)
        joints = [joint for joint in joints if by_comma or joint["and"]]
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(body)]
    return [body[s:e].strip(_AROUND) for s, e in zip(starts, ends, strict=True)]


def _joints(text: str, spoken: _AskingWords, *, listing: bool) -> list[re.Match[str]]:
    """Return where one question ends and the next begins."""
    joints: list[re.Match[str]] = []
    start = 0
    for joint in spoken.joint.finditer(text):
        before = text[start : joint.start()].lstrip(_AROUND)
        opens = spoken.opens.match(before)
        rest = before[opens.end() :] if opens else before
        # "The firm, which ..." and "who builds it and who ..." go on about the firm.
        goes_on = spoken.relates.fullmatch(joint["open"]) and (
            joint["open"] in spoken.relates.findall(rest)
            or (joint["comma"] and not listing)
        )
        # "How and why" is one question, "Tramways: how long, how dear" are two.
        full = (listing and joint["comma"]) or (
            len(words(rest)) >= (1 if listing else _SHORTEST_FIRST)
            and _says_something(before, spoken)
            and _says_something(text[joint.end() :], spoken)
        )
        if full and not goes_on:
            joints.append(joint)
            start = joint.end()
    return joints


def _says_something(text: str, spoken: _AskingWords) -> bool:
    return re.search(r"\w", spoken.empty.sub(" ", text)) is not None


def _stands_alone(part: str, spoken: _AskingWords) -> bool:
    """Say whether a part names what it is about."""
    said = part.split()
    names = any(word[0].isupper() or word[0].isdigit() for word in said[1:])
    return names and len(said) >= _SHORTEST_ALONE and not spoken.points.search(part)


def _topic(part: str, spoken: _AskingWords) -> str:
    """Return what a part is about: it without the words that open the question."""
    opening = spoken.opening.match(part)
    topic = part[opening.end() :].strip(_AROUND) if opening else part
    return topic if _says_something(topic, spoken) else ""


@cache
def _languages() -> dict[str, dict[str, str]]:
    """Return the patterns of how each language asks, by its code and by their use."""
    listed: dict[str, dict[str, str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            languages, use, found = line.split("\t")
            listed.setdefault(languages, {})[use] = _any_of(found.split("|"))
    return {
        code: uses
        for languages, uses in listed.items()
        for code in languages.split(",")
    }


@cache
def _spoken(language: str) -> _AskingWords:
    """Compile how one language asks: all of them would hold up the first question."""
    uses = _languages()[language]
    never = r"(?!)"
    relates, before = uses.get("relates", never), uses.get("with", never)
    verbs, subject = uses.get("verbs", never), uses.get("subject", never)
    asks = rf"(?:{uses['asks']}|{relates})"
    opens = rf"(?:(?:{before}\s+)*{asks}|{verbs}(?=\s+{subject}))"
    joins = rf"(?:\s*[,;–—])?\s+{uses['and']}\s+"
    empty = "|".join(
        [asks, before, verbs, uses["and"], uses["points"], rf"\b{subject}"]
    )
    return _AskingWords(
        joint=_pattern(
            rf"(?:(?P<and>{joins})|(?P<comma>{_COMMA}))(?=[¿]?(?P<open>{opens}))"
        ),
        opens=_pattern(opens),
        opening=_pattern(rf"{opens}(?:\s+{verbs})?"),
        relates=_pattern(relates),
        listed=_pattern(rf"{joins}|{_COMMA}"),
        empty=_pattern(empty),
        points=_pattern(uses["points"]),
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _any_of(words: list[str]) -> str:
    """Return a pattern for words; longer ones first, as "how much" before "how"."""
    ordered = sorted(words, key=len, reverse=True)
    # A single letter is another word with an accent: "e" joins, "é" is.
    patterns = (
        "".join(map(_letter, word)) if len(word) > 1 else word for word in ordered
    )
    return rf"(?<![\w'’-])(?:{'|'.join(patterns)})(?![\w])"


def _letter(letter: str) -> str:
    """Return a pattern for a letter of the file: without accents it has any."""
    if letter == "*":
        return r"[\w'’-]*"
    return (
        f"[{_with_accents()[letter]}]"
        if letter in _with_accents()
        else re.escape(letter)
    )


@cache
def _with_accents() -> dict[str, str]:
    """Return the ways to write each letter that can have an accent."""
    ways: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x400)):
        letter = chr(code).lower()
        plain = fold(letter)
        if len(plain) == 1 and plain != letter:
            ways[plain] = ways.get(plain, plain) + letter
    return ways
