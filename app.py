"""The web door: the navigation, nothing else."""

import streamlit as st

from ui import frame, pages
from ui.texts import _

frame.show_page(
    st.navigation(
        [
            st.Page(pages.ASK, title=_("Ask"), default=True),
            st.Page(pages.COMPARE, title=_("Compare")),
            st.Page(pages.LIBRARY, title=_("Library")),
            st.Page(pages.PREPARE, title=_("Prepare")),
            st.Page(pages.CURATE, title=_("Curate")),
            st.Page(pages.QUALITY, title=_("Quality")),
            st.Page(pages.ABOUT, title=_("About")),
            st.Page(pages.CASE, title=_("Case"), visibility="hidden"),
        ],
        position="top",
    )
)
