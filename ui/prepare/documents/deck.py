"""Writes a briefing as five slides: question, deeds, figures, obstacles, next steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from math import ceil

from kb.figures import states_figure_with_unit
from kb.types import Case, Source
from ui.briefing.model import Briefing, Chapter, CollectedStatement
from ui.briefing.title import title_of
from ui.formats import joined
from ui.prepare.documents.document import NumberedSource, Words
from ui.prepare.documents.figures import figures_of
from ui.prepare.documents.sources import Numbering
from ui.prepare.documents.wording import corpus_words, how_to_read, made_with
from ui.texts import _, spoken_language
from ui.vocabulary import section_name

_NEEDS = "What another city needs"
_OBSTACLES = "Obstacles"
_WITH_FIGURES = ("Costs", "Financing", "Results")
_LINES = 14
"""Of a slide's text, besides its title and sources."""
_SIGNS = 96
"""On a line."""
_OWN_LINES = 2
_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide; its numbers lead to the sources of the deck."""

    title: Words
    points: tuple[Words, ...]
    remark: str = ""
    """What is told below in smaller letters, in the reader's language."""
    own_lines: int = 0
    """Empty points for what the reader writes herself."""


@dataclass(frozen=True, slots=True)
class Deck:
    """Five slides with the sources that their numbers lead to."""

    title: str
    language: str
    """ISO 639-1 code of titles and remarks."""
    made_on: date
    slides: tuple[Slide, ...]
    sources: tuple[NumberedSource, ...]
    limits: tuple[str, ...]
    """How to read it, for the speaker's notes."""


@dataclass(frozen=True, slots=True)
class _Point:
    """What a case says, before it has numbers: those on a slide alone get some."""

    text: str
    rests_on: Case | tuple[Source, ...]


def write_deck(briefing: Briefing, *, made_on: date, indexed_on: str) -> Deck:
    """Return a briefing as slides in the reader's language.

    A slide holds whole statements only, in turn from each case, as many as have room;
    how many have none is told on it.

    Args:
        briefing: What was collected.
        made_on: The date that the deck bears.
        indexed_on: When the index was made that its items are from, ISO 8601.
    """
    numbering = Numbering()
    chapters = briefing.chapters
    slides = (
        _question(briefing, made_with(made_on, indexed_on).words.text),
        _slide(_("What cities did"), map(_deeds, chapters), numbering),
        _slide(_("Figures"), map(_figures, chapters), numbering),
        _slide(section_name(_OBSTACLES), map(_obstacles, chapters), numbering),
        _slide(_("Next steps"), map(_next, chapters), numbering, _OWN_LINES),
    )
    return Deck(
        title_of(briefing),
        spoken_language(),
        made_on,
        slides,
        numbering.listed(),
        tuple(how_to_read()),
    )


def _question(briefing: Briefing, made: str) -> Slide:
    chapters = briefing.chapters
    asked = dict.fromkeys(s.question for c in chapters for s in c.statements)
    title = title_of(briefing)
    others = [question for question in asked if question and question != title]
    points = [Words(question) for question in others[:_QUESTIONS]]
    if cities := dict.fromkeys(c.of.city.name for c in chapters):
        points.append(Words(joined(list(cities))))
    return Slide(Words(title), tuple(points), made)


def _slide(
    title: str,
    by_case: Iterable[Sequence[_Point]],
    numbering: Numbering,
    own_lines: int = 0,
) -> Slide:
    """Return a slide with a point of each case in turn, until there is no room."""
    in_turn = [p for p in chain(*zip_longest(*by_case)) if p is not None]
    room = _LINES - 1.5 * own_lines
    points = []
    for point in in_turn:
        height = ceil(len(point.text) / _SIGNS) + 0.3
        if height <= room:  # a shorter one may have room behind a longer one
            room -= height
            points.append(corpus_words(point.text, _numbers(point, numbering)))
    remark = ""
    if left_out := len(in_turn) - len(points):
        remark = _("There is no room here for {n} more.", n=left_out)
    if not in_turn:
        points = [Words(_("Nothing under this heading."))]
    return Slide(Words(title), tuple(points), remark, own_lines)


def _numbers(point: _Point, numbering: Numbering) -> tuple[int, ...]:
    if isinstance(point.rests_on, Case):
        return numbering.of_case(point.rests_on)
    return numbering.of(point.rests_on)


def _deeds(chapter: Chapter) -> list[_Point]:
    """Return the summary, then what was chosen of what was done."""
    case = chapter.of.case
    done = _chosen_first(chapter, "What was done", only_chosen=True)
    return [_Point(_of_city(chapter, case.summary), case), *_points(chapter, done)]


def _figures(chapter: Chapter) -> list[_Point]:
    """Return the key figures; where nobody has listed any, statements with figures."""
    of = chapter.of
    chosen = [statement.item_id for statement in chapter.statements]
    if figures := figures_of(of, chosen):
        by_id = {s.statement_id: of.quoted(s) for s in of.full.statements}
        return [
            _Point(
                _of_city(chapter, f"{figure.what}: {figure.quote}"),
                by_id[figure.statement_id].sources,
            )
            for figure in figures
        ]
    found = chain(*(_chosen_first(chapter, section) for section in _WITH_FIGURES))
    told = [s for s in found if states_figure_with_unit(s.statement.text)]
    told.sort(key=lambda s: s.item_id not in chosen)
    return _points(chapter, told)


def _obstacles(chapter: Chapter) -> list[_Point]:
    return _points(chapter, _chosen_first(chapter, _OBSTACLES))


def _next(chapter: Chapter) -> list[_Point]:
    """Return what another city needs first, and what has to be asked."""
    needs = _points(chapter, _chosen_first(chapter, _NEEDS))
    case = chapter.of.case
    asked = [
        _Point(_of_city(chapter, _("To ask: {question}", question=q.text)), case)
        for q in chapter.of.open_questions
    ]
    return [p for p in chain(*zip_longest(needs, asked)) if p is not None]


def _chosen_first(
    chapter: Chapter, section: str, *, only_chosen: bool = False
) -> list[CollectedStatement]:
    """Return the statements of a section, those that were chosen first."""
    told = chapter.of.of_section(section)
    chosen = {statement.item_id for statement in chapter.statements}
    first = [s for s in told if s.item_id in chosen]
    others = [s for s in told if s.item_id not in chosen]
    return first if only_chosen else [*first, *others]


def _points(chapter: Chapter, statements: Iterable[CollectedStatement]) -> list[_Point]:
    return [_Point(_of_city(chapter, s.statement.text), s.sources) for s in statements]


def _of_city(chapter: Chapter, text: str) -> str:
    return _("{city}: {title}", city=chapter.of.city.name, title=text)
