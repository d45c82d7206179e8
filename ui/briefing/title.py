"""The title that a briefing has until its officer gives it another."""

from __future__ import annotations

from collections import Counter

from ui.briefing.clean import one_line
from ui.briefing.model import Briefing
from ui.formats import joined
from ui.texts import _
from ui.vocabulary import theme_name


def title_of(briefing: Briefing) -> str:
    """Return the officer's title, or one that says what the briefing is about."""
    return one_line(briefing.title) or suggested_title(briefing)


def suggested_title(briefing: Briefing) -> str:
    """Return the case, the question that all was found with, or theme and cities."""
    chapters = briefing.chapters
    if not chapters:
        return _("Briefing")
    first = chapters[0].of
    if len(chapters) == 1:
        return one_line(
            _("{city}: {title}", city=first.city.name, title=first.case.title)
        )
    asked = [{s.question for s in chapter.statements} for chapter in chapters]
    if len(asked[0]) == 1 and all(asked[0] == other for other in asked):
        (question,) = asked[0]
        if question:
            return one_line(question)
    themes = Counter(theme for chapter in chapters for theme in chapter.of.themes)
    cities = dict.fromkeys(chapter.of.city.name for chapter in chapters)
    named = joined(list(cities))
    if not themes:
        return named
    ((theme, _n),) = themes.most_common(1)
    return one_line(_("{theme}: {cities}", theme=theme_name(theme), cities=named))
