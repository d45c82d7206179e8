"""What surrounds every page: style, language, footer, and the last safety net."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Protocol

import streamlit as st

from kb.errors import IndexNotFoundError, KnowledgeBaseError, QueryError
from kb.index.embed import ENGLISH_ONLY_WARNING
from ui import state
from ui.briefing.session import briefing_link
from ui.feedback.widgets import privacy_note
from ui.formats import own_language_name
from ui.markup import as_markdown
from ui.parts.messages import query_fault
from ui.texts import LANGUAGES, _, speak

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
ICON = _HERE / "icon.svg"
LOGO = _HERE / "logo.svg"
STYLE = _HERE / "style.css"
WIDE = {"compare", "library", "curate", "quality"}
"""Addresses of the pages that hold tables and charts."""

speak(state.language)
_page_language = st.components.v2.component(
    "page_language",
    js="export default ({data}) => { document.documentElement.lang = data; }",
)


class Page(Protocol):
    """What `st.navigation` returns."""

    @property
    def title(self) -> str:
        """Its name in the menu."""

    @property
    def url_path(self) -> str:
        """Where the page is in the address; empty for the first."""

    def run(self) -> None:
        """Draw the page."""


def show_page(page: Page) -> None:
    """Draw the frame and a page in it; turn our errors into message and remedy."""
    st.set_page_config(
        page_title=f"{page.title} – Mentor Cities"
        if page.url_path
        else _("Mentor Cities: how did another city do this?"),
        page_icon=str(ICON),
        layout="centered",
    )
    state.keep_language_in_address()
    st.html(STYLE)
    st.logo(str(LOGO), size="large")
    _page_language(data=state.language(), key="page-language", height=0)
    with st.container(
        key="top",
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        gap="small",
    ):
        briefing_link()
        _language_choice()
    try:
        with st.spinner(_("Opening the knowledge base …"), show_time=True):
            kb = state.knowledge_base()
        if not kb.manifest.multilingual:
            st.warning(ENGLISH_ONLY_WARNING, icon=":material/translate:")
        # Streamlit's own wide layout has no limit, and lines get too long to read.
        with st.container(key="wide" if page.url_path in WIDE else "narrow"):
            page.run()
    except QueryError as exc:
        st.warning(as_markdown(query_fault(exc)))
    except IndexNotFoundError:
        _show_no_index()
    except KnowledgeBaseError as exc:
        logger.exception("the page stopped")
        stopped = _("The knowledge base cannot answer now.")
        st.error(f"**{stopped}** {as_markdown(str(exc))}")
    _show_footer()


def _language_choice() -> None:
    """Let the reader choose a language; the address then names it."""
    st.selectbox(
        _("Language"),
        LANGUAGES,
        index=LANGUAGES.index(state.language()),
        format_func=own_language_name,
        key="language",
        label_visibility="collapsed",
        icon=":material/translate:",
        width=180,
        filter_mode=None,
        on_change=lambda: state.choose_language(st.session_state["language"]),
    )


def _show_no_index() -> None:
    st.title(_("Almost there"), anchor=False)
    st.info(
        _(
            "The cases are not indexed yet. Run `mentorkb ingest` in the project's "
            "folder (about two minutes the first time), then reload this page."
        )
    )


def _show_footer() -> None:
    st.divider()
    st.caption(
        _(
            "Every statement shown is taken word for word from a case and names its "
            "public sources. Case texts: CC BY 4.0."
        )
    )
    privacy_note()
