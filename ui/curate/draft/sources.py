"""The public sources of a draft, as fields that can be added and removed."""

from __future__ import annotations

import streamlit as st

from kb.types import Source
from ui.curate.draft.work import Work
from ui.formats import language_name
from ui.markup import as_markdown
from ui.texts import _

_LONGEST_YEAR = 9_999
"""A field cannot show any number; a wrong year of usual length is shown as it is."""
# Of Europe; others come with the files that name them.
_LANGUAGES = (
    *("bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi"),
    *("fr", "ga", "gl", "hr", "hu", "is", "it", "lb", "lt", "lv", "mk", "mt", "nl"),
    *("no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)


def sources_form(work: Work) -> tuple[Source, ...]:
    """Draw the fields of every source; return what they hold, in order."""
    st.subheader(_("Public sources"), anchor=False)
    sources = tuple(
        _source(work, row, given)
        for row, given in zip(list(work.rows), work.values.sources, strict=True)
    )
    st.button(
        _("Add a source"),
        key=work.key("add-source"),
        icon=":material/add:",
        on_click=work.add_source,
    )
    return sources


def _source(work: Work, row: int, given: Source) -> Source:
    def keep(name: str, value: object) -> str:
        return work.keep(f"source-{row}-{name}", value)

    is_new = not (given.title and given.publisher and given.url and given.language)
    label = f"{given.source_id}: {given.title}" if given.title else given.source_id
    with st.expander(
        as_markdown(label or _("Source")),
        expanded=is_new,
        key=work.key(f"source-{row}"),
    ):
        with st.container(horizontal=True):
            source_id = st.text_input(
                _("Id"),
                key=keep("id", given.source_id),
                help=_("The text names its sources by these ids."),
                width=100,
            )
            title = st.text_input(
                _("Title, in English"), key=keep("title", given.title), width=460
            )
        url = st.text_input(
            _("Address"), key=keep("url", given.url), placeholder="https://"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            publisher = st.text_input(
                _("Publisher"), key=keep("publisher", given.publisher), width=220
            )
            language = _language(keep("language", given.language or None), given)
            year = _year(_("Year"), keep("year", _shown(given.year)))
            not_before = _year(
                _("Or not before"),
                keep("not-before", _shown(given.not_before)),
                help_text=_(
                    "Where the source states no year: the earliest year that it can be "
                    "from."
                ),
            )
            st.button(
                _("Remove"),
                key=work.key(f"remove-{row}"),
                icon=":material/delete:",
                help=_("Remove the source {id}", id=as_markdown(given.source_id)),
                on_click=work.remove_source,
                args=(row,),
            )
    return Source(source_id, title, publisher, url, language, year, not_before)


def _year(label: str, key: str, *, help_text: str | None = None) -> int | None:
    return st.number_input(
        label,
        key=key,
        value=None,
        step=1,
        placeholder=_("not stated"),
        help=help_text,
        width=160,
    )


def _language(key: str, given: Source) -> str:
    codes = {*_LANGUAGES, *({given.language} if given.language else ())}
    chosen = st.selectbox(
        _("Language"),
        sorted(codes, key=language_name),
        format_func=language_name,
        index=None,
        key=key,
        placeholder=_("Choose"),
        width=170,
    )
    return chosen or ""


def _shown(year: int | None) -> int | None:
    """Return a year as the field can show it; whether it can be, the proposal says."""
    return year if year is None else max(-_LONGEST_YEAR, min(year, _LONGEST_YEAR))
