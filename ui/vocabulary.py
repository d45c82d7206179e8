"""What pages and files call the things of the corpus, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from kb.figures import years_named
from kb.sections import SUBSECTION
from kb.types import FigureKind, FigureState, Source, Theme
from ui.formats import joined, language_name
from ui.publishers import PublisherKind
from ui.texts import _, spoken_language

CORPUS_LANGUAGE = "en"
"""Statements and titles are in English whatever language their sources are in."""
_MOST_SPANS = 3
"""A statement that names more years is said to speak of all from first to last."""


def section_name(section: str) -> str:
    """Return the name of a section; one that is not of the fixed ones as it is."""
    heading, separator, rest = section.partition(SUBSECTION)
    return _section_names().get(heading, heading) + separator + rest


def theme_name(theme: Theme) -> str:
    """Return the name of a theme; a new one as the corpus names it."""
    return _theme_names().get(theme.slug, theme.name)


def publisher_kind_name(kind: PublisherKind) -> str:
    """Return what a kind of publisher is called."""
    return _publisher_kinds()[kind]


def figure_kind_name(kind: FigureKind) -> str:
    """Return what a kind of key figure is called."""
    return _figure_kinds()[kind]


def figure_state_name(state: FigureState) -> str:
    """Return whether a key figure is planned, real or only told, in a word."""
    return _figure_states()[state]


def uncertainty() -> str:
    """Return what is told of a page that was hard to read, as plain text."""
    return _("figures uncertain: check the page")


def place(section: str, page: int | None, *, uncertain: bool = False) -> str:
    """Return where a passage stands in its document, as plain text.

    Args:
        section: Its section, may be empty.
        page: Its page; None for formats without pages.
        uncertain: Whether its figures may not be as on the page.
    """
    parts = [section_name(section)] if section else []
    if page is not None:
        parts.append(_("page {page}", page=page))
    if uncertain:
        parts.append(uncertainty())
    return ", ".join(parts) or _("text")


def is_foreign(language: str) -> bool:
    """Whether a quotation is in another language than the page."""
    return language not in ("und", spoken_language())


def source_details(entry: Source) -> str:
    """Return who published a source, when and in which language, as plain text."""
    return _(
        "{publisher}, {year}, in {language}",
        publisher=entry.publisher,
        year=year_of(entry),
        language=language_name(entry.language),
    )


def year_of(entry: Source) -> str:
    """Return of which year a source is, as far as that is known."""
    if entry.year is not None:
        return str(entry.year)
    if entry.not_before is not None:
        return or_later(entry.not_before)
    return _("year unknown")


def or_later(year: int) -> str:
    """Return a year as the earliest of those that it may be."""
    return _("{year} or later", year=year)


def years_spoken_of(text: str, sources: Iterable[Source]) -> str:
    """Return the years that a statement names where its sources tell none; else none.

    They are the statement's own: nobody knows of which year such a source is.
    """
    if any(source.earliest_year is not None for source in sources):
        return ""
    spans = years_named(text)
    if len(spans) > _MOST_SPANS:
        spans = [(spans[0][0], max(last for _first, last in spans))]
    return joined(
        [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    )


def speaks_of(text: str, sources: Iterable[Source]) -> str:
    """Return in a few words what `years_spoken_of` does."""
    years = years_spoken_of(text, sources)
    return _("speaks of {years}", years=years) if years else ""


def _section_names() -> dict[str, str]:
    return {
        "What was done": _("What was done"),
        "Governance": _("Governance"),
        "Timeline": _("Timeline"),
        "Costs": _("Costs"),
        "Financing": _("Financing"),
        "Results": _("Results"),
        "Obstacles": _("What went wrong"),
        "Lessons": _("Lessons"),
        "What another city needs": _("What another city needs"),
        "Open questions": _("Open questions"),
    }


def _theme_names() -> dict[str, str]:
    return {
        "financing": _("Financing"),
        "district-heating": _("Energy and district heating"),
        "circular-construction": _("Built environment and circular construction"),
        "citizen-engagement": _("Citizen engagement and behavioural change"),
    }


def _publisher_kinds() -> dict[PublisherKind, str]:
    return {
        "city": _("city"),
        "public": _("public body"),
        "company": _("company"),
        "press": _("press"),
        "research": _("research"),
        "association": _("association or consortium"),
        "unknown": _("kind of publisher unknown"),
    }


def _figure_kinds() -> dict[FigureKind, str]:
    return {
        "investment": _("investment"),
        "grant": _("grant"),
        "loan": _("loan"),
        "bond": _("bond"),
        "saving": _("saving"),
        "revenue": _("revenue"),
        "running-cost": _("running cost"),
        "price": _("price"),
        "budget": _("budget"),
        "fee": _("fee"),
        "other-money": _("other money"),
        "area": _("area"),
        "buildings": _("buildings"),
        "count": _("number of things"),
        "duration": _("duration"),
        "emissions": _("emissions"),
        "energy": _("energy"),
        "heat-share": _("share of heat"),
        "homes": _("homes"),
        "length": _("length"),
        "material": _("material"),
        "people": _("people"),
        "power": _("power"),
        "share": _("share"),
        "temperature": _("temperature"),
        "other": _("other"),
    }


def _figure_states() -> dict[FigureState, str]:
    return {
        "planned": _("planned"),
        "expected": _("expected"),
        "realised": _("realised"),
        "reported": _("reported"),
        "limit": _("limit"),
        "unknown": _("not stated"),
    }
