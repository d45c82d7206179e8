"""The web door: the navigation, and how `streamlit run app.py` serves it."""

import sys

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.starlette import App

from kb import load_settings, log
from ui import frame, pages
from ui.parts.failure import page_failed
from ui.serving import finishing, guards
from ui.texts import _

if get_script_run_ctx(suppress_warning=True) is None:
    # Imported by the server, before anybody opens a page.
    settings = load_settings()
    log.set_up(sys.stderr, settings.log_level.upper(), settings.log_format)
    app = App(
        __file__,
        middleware=guards(),
        lifespan=finishing,
        on_script_error=page_failed,
    )
else:
    frame.show_page(
        st.navigation(
            [
                st.Page(pages.ASK, title=_("Ask"), default=True),
                st.Page(pages.COMPARE, title=_("Compare")),
                st.Page(pages.LIBRARY, title=_("Library")),
                st.Page(pages.FIGURES, title=_("Figures")),
                st.Page(pages.PREPARE, title=_("Prepare")),
                st.Page(pages.CURATE, title=_("Curate")),
                st.Page(pages.QUALITY, title=_("Quality")),
                st.Page(pages.ABOUT, title=_("About")),
                st.Page(pages.CASE, title=_("Case"), visibility="hidden"),
                st.Page(pages.CITY, title=_("Your city"), visibility="hidden"),
            ],
            position="top",
        )
    )
