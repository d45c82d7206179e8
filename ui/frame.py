"""What surrounds every page: style, language, footer, and the last safety net."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import streamlit as st

from kb import load_settings, log
from kb.errors import BusyError, IndexNotFoundError, KnowledgeBaseError, QueryError
from kb.index.embed import ENGLISH_ONLY_WARNING
from ui import address, state
from ui.briefing.session import KEPT_BRIEFING, briefing_link
from ui.device import storage
from ui.device.questions import QUESTIONS
from ui.drawing import DRAWING
from ui.feedback.widgets import privacy_note
from ui.formats import own_language_name
from ui.login import login_view, logout_button
from ui.markup import as_markdown
from ui.parts.failure import failed
from ui.parts.messages import query_fault
from ui.parts.turns import too_many
from ui.permission import may_curate, may_read
from ui.profile.session import KEPT_PROFILE
from ui.texts import LANGUAGES, _, speak

_HERE = Path(__file__).parent
ICON = _HERE / "icon.svg"
LOGO = _HERE / "logo.svg"
STYLE = _HERE / "style.css"
WIDE = {"compare", "library", "figures", "curate", "quality"}
"""Addresses of the pages that hold tables and charts."""

KEPT = (KEPT_BRIEFING, QUESTIONS, KEPT_PROFILE)
"""What the reader's browser keeps."""

speak(state.language)
# Streamlit drops a chosen language from the address when a link is followed; put back
# here, it is no step of the browser's history.
_page_language = st.components.v2.component(
    "page_language",
    js="""
export default ({data}) => {
  document.documentElement.lang = data.shown;
  document.documentElement.style.setProperty('--menu', JSON.stringify(data.menu));
  const here = new URL(location.href);
  if (!data.kept || here.searchParams.get('lang') === data.kept) return;
  here.searchParams.set('lang', data.kept);
  history.replaceState(history.state, '', here);
};
""",
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
    settings = load_settings()
    st.set_page_config(
        page_title=f"{page.title} – Mentor Cities"
        if page.url_path
        else _("Mentor Cities: how did another city do this?"),
        page_icon=str(ICON),
        layout="centered",
    )
    kept = state.take_language_from_address()
    st.html(STYLE)
    st.logo(str(LOGO), size="large")
    # The address is part of it, so that the browser looks again when it changes.
    shown = {"shown": state.language(), "kept": kept, "menu": _("Menu")}
    place = [page.url_path, address.here()]
    _page_language(data={**shown, "at": place}, key="page-language", height=0)
    with st.container(
        key="top",
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        gap="small",
    ):
        briefing_link()
        logout_button(settings)
        _language_choice()
    readable = may_read(settings)
    with log.request():
        if readable:
            _show_content(page)
        else:
            login_view(settings)
    _show_footer()
    if readable:
        storage.device_note(settings)
        storage.sync(KEPT, settings)


def _show_content(page: Page) -> None:
    try:
        with DRAWING.page():
            with st.spinner(_("Opening the knowledge base …"), show_time=True):
                kb = state.knowledge_base()
            with kb.hold():
                if storage.begin().take_up(KEPT):
                    st.rerun()  # what is above the page shows it, too
                if not kb.manifest.multilingual:
                    st.warning(ENGLISH_ONLY_WARNING, icon=":material/translate:")
                # Streamlit's own wide layout has no limit: lines get too long to read.
                with st.container(key="wide" if page.url_path in WIDE else "narrow"):
                    storage.faults(KEPT)
                    page.run()
    except QueryError as exc:
        st.warning(as_markdown(query_fault(exc)))
    except BusyError:
        too_many()
    except IndexNotFoundError:
        _show_no_index()
    except KnowledgeBaseError as exc:
        failed(_("The knowledge base cannot answer now."), exc)


def _language_choice() -> None:
    """Let the reader choose a language; the address then names it."""
    address.follow("language", state.language())
    st.selectbox(
        _("Language"),
        LANGUAGES,
        format_func=own_language_name,
        key="language",
        label_visibility="collapsed",
        icon=":material/translate:",
        width=160,
        filter_mode=None,
        on_change=lambda: state.choose_language(st.session_state["language"]),
    )


def _show_no_index() -> None:
    st.title(_("Almost there"), anchor=False)
    if not may_curate(load_settings()):
        st.info(_("The cases are not ready yet. Please come back later."))
        return
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
