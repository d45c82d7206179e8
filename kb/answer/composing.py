"""What is shown of what was read: the few statements that answer, in a fitting shape.

A narrow question gets the statement that says it, first, and little else. A broad one
gets an overview: a block for each case that answers, with its best statements. A
question that names cities hears from each of them, or is told that it is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kb.answer.reading import Reading, ReadStatement, best_first
from kb.answer.select import repeats
from kb.question.comparing import (
    asks_for_comparison,
    asks_for_overview,
    speaks_of_several,
)
from kb.question.parts import opens_a_question
from kb.search import Ranking, ScoredStatement
from kb.types import city_of
from kb.words import words

_SEVERAL = 2
"""As many named cities are to be heard one beside the other."""
_READ, _MOST_OF_CASE = 16, 10
"""Best-ranked statements that are read first, and how many of them may be of one case:
where one repeats the question's words in each of its statements, another may hold the
answer. Of 1,400 judged questions 87.9% have an answer among these, 87.2% among the best
16 of all. 24 of them (90.9%) take half as long again to read, and on 256 unseen
questions the first statement was right for 152 instead of 151."""
_READ_OF_CITY = 5
"""Of each of several named cities, at least."""
_BROAD_CASES = 2
_LEAST_OF_BROAD, _SHARE_OF_BEST = 0.15, 0.3
"""So many cases with a statement of this chance, and of this share of the best one's,
make a question a broad one. Chosen on `broad-dev` and on unseen questions on single
cases: 15 of 17 broad questions get an overview, of those that ask for a fact 8%, of
those that ask how or why 37%."""
_LEAST_OF_OVERVIEW = 0.05
"""The chance from which a case belongs into an overview."""
_LEAST_OF_NAMED = 0.02
"""The chance from which the best statement of one of several named cities does, or that
of a case that is about the topic named."""
_TOPIC_WORDS = 4
"""A text of so few words that names no city, and asks nothing, names a topic."""
_LIKELY = 0.5
"""A statement of a smaller chance may miss the point, which its case's summary tells.
On `dev`, 38 of 99 answers to narrow questions rest on such a one; with them 29 first
statements answer or help (76%), with the others 59 of 61."""
_MARKS_OF_ASKING = ("?", ";", "\u037e", "\u2192")
"""Of a question, Greek included, and of a follow-up as it is understood."""
_OVERVIEW_CASES = 14
_READ_OF_CASE = 2
"""For an overview, of each of the best-ranked cases, at least."""
_MAX_STATEMENTS = 8
_MAX_BLOCKS = 8
_MAX_OF_BLOCK = 2
_MAX_OF_FEW = 3
"""Of a case, where only a few cases answer."""
_FEW_BLOCKS = 4


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """A case and its statements that answer, best first."""

    case_id: str
    statements: list[ReadStatement]

    @property
    def city(self) -> str:
        """Slug of the case's city."""
        return city_of(self.case_id)


@dataclass(frozen=True, slots=True)
class Composed:
    """What is shown."""

    statements: list[ReadStatement]
    """In reading order: what answers best comes first."""
    blocks: list[CaseBlock] = field(default_factory=list)
    """Of an overview, best first; their statements are those shown."""
    more: list[CaseBlock] = field(default_factory=list)
    """Further cases that answer."""
    silent_cities: tuple[str, ...] = ()
    """Named cities of which nothing that was read answers."""


def read_first(reading: Reading) -> list[ReadStatement]:
    """Return the statements that decide whether there is an answer, as read."""
    return reading.of(first_candidates(reading.ranking))


def first_candidates(ranking: Ranking) -> list[ScoredStatement]:
    """Return the statements that are worth reading, best first.

    They are the best of all, or those on the cities that the question names; of each
    of these where it names several. (Of 625 judged questions that name a mentor city
    and have an answer, one is answered by a case of another city.) Where nothing on
    them was found, or one is named to ask for others, they are the best of all.
    """
    chosen = _best_of_all(_asked_of(ranking))
    if len(ranking.named_cities) >= _SEVERAL:
        for city in sorted(ranking.named_cities):
            of_city = [s for s in ranking.statements if s.statement.city == city]
            chosen += of_city[:_READ_OF_CITY]
    return list({item.statement.statement_id: item for item in chosen}.values())


def _best_of_all(items: Sequence[ScoredStatement]) -> list[ScoredStatement]:
    """Return the best of some statements, few of each case where there are others."""
    of_case: Counter[str] = Counter()
    chosen: list[ScoredStatement] = []
    further: list[ScoredStatement] = []
    for item in items:
        case_id = item.statement.case_id
        of_case[case_id] += 1
        (chosen if of_case[case_id] <= _MOST_OF_CASE else further).append(item)
        if len(chosen) == _READ:
            return chosen
    return [*chosen, *further][:_READ]


def _asked_of(ranking: Ranking) -> list[ScoredStatement]:
    """Return what was found on the cities that the question names, else everything."""
    named = ranking.named_cities
    if len(named) < _SEVERAL and speaks_of_several(ranking.query.text):
        return ranking.statements
    return [s for s in ranking.statements if _is_on(s, named)] or ranking.statements


def _is_on(item: ScoredStatement, cities: Collection[str]) -> bool:
    """Say whether a statement is of one of some cities, or speaks of it."""
    # A slug begins with the name as the corpus writes it, without accents.
    names = {slug.partition("-")[0] for slug in cities}
    return item.statement.city in cities or not names.isdisjoint(
        _words_of(item.statement.text)
    )


@lru_cache(maxsize=4096)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of a statement: the same ones are asked for each question."""
    return frozenset(words(text))


def compose(reading: Reading, about: Collection[str]) -> Composed:
    """Choose what is shown of a question that is answered.

    Args:
        reading: Of the question; more is read where it turns out to be broad.
        about: Ids of the cases that are about the question as a whole. Where it only
            names a topic, or asks for all on one or for several cities, each of them
            belongs into the answer.
    """
    read = read_first(reading)
    ranking = reading.ranking
    wants_all = _is_on_a_topic(ranking) or len(ranking.named_cities) >= _SEVERAL
    if wants_all or _compares_cities(ranking) or _is_broad(read):
        return _overview(reading, about if wants_all else [])
    kept = [r for r in read if _helps(r, reading)] or read[:1]
    shown = without_repetition(kept)[:_MAX_STATEMENTS]
    found = {item.statement.city for item in ranking.statements}
    blocks = [] if read[0].answers >= _LIKELY else _cases_of(shown, read, ranking)
    return Composed(
        [item for block in blocks for item in block.statements] or by_case(shown),
        blocks,
        # A filter may leave nothing of a city that is asked about.
        silent_cities=tuple(sorted(ranking.named_cities - found)),
    )


def _cases_of(
    shown: Sequence[ReadStatement], read: Sequence[ReadStatement], ranking: Ranking
) -> list[CaseBlock]:
    """Return the cases of statements that may miss the point, and the nearest case.

    Which case is asked about the ranking knows when no statement says what was asked.
    """
    nearest = ranking.statements[0].statement.case_id
    of_nearest = [item for item in read if item.case_id == nearest]
    return _blocks([*shown, *of_nearest[:1]])


def with_statements(composed: Composed, extra: Iterable[ReadStatement]) -> Composed:
    """Return an overview that shows some more statements, each with its case."""
    blocks = list(composed.blocks)
    for item in extra:
        own = next((b for b in blocks if b.case_id == item.case_id), None)
        if own is None:
            blocks.append(CaseBlock(item.case_id, [item]))
        elif item.item not in [read.item for read in own.statements]:
            place = blocks.index(own)
            blocks[place] = replace(own, statements=[*own.statements, item])
    added = {block.case_id for block in blocks}
    return replace(
        composed,
        statements=[read for block in blocks for read in block.statements],
        blocks=blocks,
        more=[block for block in composed.more if block.case_id not in added],
    )


def _is_on_a_topic(ranking: Ranking) -> bool:
    """Say whether a text names a topic and asks nothing, or asks for all on one."""
    text = ranking.query.text
    if asks_for_overview(text, ranking.named_cities):
        return True
    is_asked = any(mark in text for mark in _MARKS_OF_ASKING) or opens_a_question(text)
    return (
        not ranking.named_cities and not is_asked and len(words(text)) <= _TOPIC_WORDS
    )


def _compares_cities(ranking: Ranking) -> bool:
    return asks_for_comparison(ranking.query.text, ranking.named_cities)


def _is_broad(read: Sequence[ReadStatement]) -> bool:
    """Say whether several cases answer, none of them far better than the others."""
    top = read[0].answers if read else 0.0
    least = max(_LEAST_OF_BROAD, _SHARE_OF_BEST * top)
    return sum(best.answers >= least for best in _best_of_cases(read)) >= _BROAD_CASES


def _best_of_cases(read: Sequence[ReadStatement]) -> list[ReadStatement]:
    """Return the best statement of each case.

    Args:
        read: Best first.
    """
    best: dict[str, ReadStatement] = {}
    for item in read:
        best.setdefault(item.case_id, item)
    return list(best.values())


def _overview(reading: Reading, about: Collection[str]) -> Composed:
    """Return blocks of cases: of the named cities if there are any, else of all.

    Args:
        reading: Of the question.
        about: Ids of cases that are about the topic; they need less than others.
    """
    ranking = reading.ranking
    # One alone may be named to ask for others, or be told of in another city's case.
    named = ranking.named_cities
    named = named if len(named) >= _SEVERAL else frozenset()
    further = _of_further_cases(ranking, about)
    read = reading.of([*first_candidates(ranking), *further])
    answering = _blocks(_fit_for_overview(read, reading, about))
    # Each named city is heard before any is heard twice.
    first = [next((b for b in answering if b.city == city), None) for city in named]
    heard = [block for block in first if block]
    ordered = sorted(
        answering, key=lambda b: (b not in heard, -b.statements[0].answers, b.case_id)
    )
    shown, more = ordered[:_MAX_BLOCKS], ordered[_MAX_BLOCKS:]
    most = _MAX_OF_FEW if len(shown) <= _FEW_BLOCKS else _MAX_OF_BLOCK
    shown = [replace(b, statements=b.statements[:most]) for b in shown]
    return Composed(
        [r for block in shown for r in block.statements],
        shown if len(shown) > 1 or about else [],
        more,
        tuple(city for city in sorted(named) if city not in {b.city for b in shown}),
    )


def _fit_for_overview(
    read: Sequence[ReadStatement], reading: Reading, about: Collection[str]
) -> list[ReadStatement]:
    """Return the best statement of each answering case, and those that help, too."""
    least = min(_LEAST_OF_OVERVIEW, read[0].answers if read else 0.0)
    named = reading.ranking.named_cities
    heard = _best_of_named(read, named, about)
    # Of what a city did, its cases' titles and summaries tell; a topic alone is vague.
    least_about = 0.0 if named else min(_LEAST_OF_NAMED, least)
    on_topic = about if len(named) < _SEVERAL else ()
    best = [
        item
        for item in _best_of_cases(read)
        if item.answers >= least
        or item in heard
        or (item.case_id in on_topic and item.answers >= least_about)
    ]
    cases = {item.case_id for item in best}
    helping = [r for r in read if r.case_id in cases and _helps(r, reading)]
    return best_first({id(r): r for r in (*best, *helping)}.values())


def _best_of_named(
    read: Sequence[ReadStatement], named: Collection[str], about: Collection[str]
) -> list[ReadStatement]:
    """Return the best statement of each of several named cities, if it may answer.

    Of a case that is about the question, none has to: no city is called silent that
    has a case on what is asked.
    """
    if len(named) < _SEVERAL:
        return []
    best: dict[str, ReadStatement] = {}
    for item in read:
        if item.case_id in about or item.answers >= _LEAST_OF_NAMED:
            best.setdefault(item.city, item)
    return list(best.values())


def _of_further_cases(
    ranking: Ranking, about: Collection[str]
) -> list[ScoredStatement]:
    """Return the best statements of the best-ranked cases, and of those on a topic."""
    of_case: dict[str, list[ScoredStatement]] = {}
    for item in _asked_of(ranking):
        of_case.setdefault(item.statement.case_id, []).append(item)
    cases = enumerate(of_case.items())
    best = [items for n, (i, items) in cases if n < _OVERVIEW_CASES or i in about]
    return [item for items in best for item in items[:_READ_OF_CASE]]


def _blocks(read: Sequence[ReadStatement]) -> list[CaseBlock]:
    """Return statements by case, both best first, nothing said twice."""
    of_case: dict[str, list[ReadStatement]] = {}
    for item in without_repetition(read):
        of_case.setdefault(item.case_id, []).append(item)
    return [CaseBlock(case_id, items) for case_id, items in of_case.items()]


def by_case(read: Sequence[ReadStatement]) -> list[ReadStatement]:
    """Order statements for reading: cities and cases follow their best statement.

    Args:
        read: In the order of their weight; inside a case it stays.
    """
    first: dict[str, int] = {}
    for position, item in enumerate(read):
        first.setdefault(item.city, position)
        first.setdefault(item.case_id, position)
    return sorted(read, key=lambda r: (first[r.city], first[r.case_id]))


def without_repetition(read: Iterable[ReadStatement]) -> list[ReadStatement]:
    """Return statements, best first, without those that say the same again."""
    kept: list[ReadStatement] = []
    for item in best_first(read):
        if not repeats(item.item, [other.item for other in kept]):
            kept.append(item)
    return kept


def _helps(read: ReadStatement, reading: Reading) -> bool:
    return read.helps >= reading.calibration.least_helps
