"""How much evidence a statement rests on: level, figures, and the rule in one click."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from kb.types import Source
from ui.formats import joined
from ui.strength.rule import MAX_AGE_YEARS, YES, Level, Reason, Strength, strength
from ui.texts import _, ngettext
from ui.vocabulary import or_later, publisher_kind_name, speaks_of

# Bars like those of a signal: they can be told apart without colour.
_ICONS: dict[Level, str] = {
    "wider": ":material/signal_cellular_alt:",
    "narrow": ":material/signal_cellular_alt_2_bar:",
    "thin": ":material/signal_cellular_alt_1_bar:",
}
_ICON_YES, _ICON_NO = ":material/check:", ":material/remove:"


def strength_label(sources: Sequence[Source], text: str) -> str:
    """Return in a few words how much evidence there is, and why, as plain text.

    Args:
        sources: The sources that the statement names.
        text: The statement, whose own years are told where no source states one.
    """
    found = _strength(sources)
    level = _levels()[found.level]
    if not found.kinds:
        return level
    publishers = ngettext(
        "one publisher", "{n} separate publishers", found.n_publishers
    )
    if found.newest is not None:
        dated = _("newest {year}", year=_newest(found))
    else:
        dated = speaks_of(text, sources) or _("year unknown")
    why = ", ".join((publishers, dated))
    return _("{strength}: {why}", strength=level, why=why)


def strength_view(sources: Sequence[Source], *, key: str) -> None:
    """Draw level and figures of a statement's sources, and what the rule looks at.

    Args:
        sources: The sources that the statement names.
        key: Unique on the page.
    """
    found = _strength(sources)
    level = _levels()[found.level]
    with st.container(
        key=key, horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(
            f"{_ICONS[found.level]} **{level[:1].upper()}{level[1:]}.** "
            f"{_figures(found)}",
            width="content",
        )
    label = _("What does this mean?")
    with st.expander(label, type="compact", key=f"{key}-rule"):
        _explain(found)


def _strength(sources: Sequence[Source]) -> Strength:
    return strength(sources, date.today().year)


def _figures(found: Strength) -> str:
    """Return how many sources of which publishers there are, and from when."""
    n_sources = ngettext("{n} source", "{n} sources", found.n_sources)
    if not found.kinds:
        return n_sources + "."
    count = _(
        "{sources}, {publishers}: {kinds}.",
        sources=n_sources,
        publishers=ngettext("{n} publisher", "{n} publishers", found.n_publishers),
        kinds=joined(
            [
                kind if n == 1 else _("{kind} ({n})", kind=kind, n=n)
                for kind, n in Counter(
                    publisher_kind_name(kind) for kind in found.kinds
                ).items()
            ]
        ),
    )
    newest = (
        _("Newest source: {year}.", year=_newest(found))
        if found.newest is not None
        else _("Year unknown: no source states one.")
    )
    return f"{count} {newest}"


def _newest(found: Strength) -> str:
    """Return the year of the newest source, where one is known."""
    if found.newest is not None and found.newest_may_be_later:
        return or_later(found.newest)
    return str(found.newest)


def _explain(found: Strength) -> None:
    """Draw the three questions with their answers, and what the rule cannot tell."""
    heading = _("How much evidence this statement rests on")
    st.markdown(f"**{heading}**")
    texts = _reasons()
    for reason in found.reasons:
        st.markdown(f"{_ICON_YES if reason in YES else _ICON_NO} {texts[reason]}")
    st.markdown(
        _(
            "Three times yes is good evidence, three times no is little evidence, "
            "anything else is limited evidence."
        )
    )
    st.caption(
        _(
            "The rule only counts. It does not know whether a source is right, whether "
            "two of them repeat the same press release, or whether a publisher takes "
            "sides. Read the sources before you quote."
        )
    )


def _levels() -> dict[Level, str]:
    return {
        "wider": _("good evidence"),
        "narrow": _("limited evidence"),
        "thin": _("little evidence"),
    }


def _reasons() -> dict[Reason, str]:
    return {
        "several-publishers": _("Yes: at least two different publishers say it."),
        "one-publisher": _("No: only one publisher says it."),
        "no-source": _("No: the statement names no source."),
        "outsider": _(
            "Yes: a public body, the press or a research institution is among them. "
            "These usually are no part of the projects they write about."
        ),
        "no-outsider": _(
            "No: no public body, press or research institution is among them. Cities, "
            "companies and associations are often part of the project."
        ),
        "publishers-unknown": _(
            "No: no public body, press or research institution is known to be among "
            "them. What kind of publisher it is, is not in our list."
        ),
        "recent": _(
            "Yes: the newest source is not older than {n} years.", n=MAX_AGE_YEARS
        ),
        "old": _("No: the newest source is older than {n} years.", n=MAX_AGE_YEARS),
        "maybe-old": _(
            "No: no source is known to be from the last {n} years; the newest one may "
            "be.",
            n=MAX_AGE_YEARS,
        ),
        "year-unknown": _("No: the year is unknown, because no source states one."),
    }
