"""The web door: the navigation, nothing else."""

import streamlit as st

from ui import frame
from ui.texts import _

frame.show_page(
    st.navigation(
        [
            st.Page("ui/pages/ask.py", title=_("Ask"), url_path="ask", default=True),
            st.Page("ui/pages/compare.py", title=_("Compare"), url_path="compare"),
            st.Page("ui/pages/library.py", title=_("Library"), url_path="library"),
            st.Page("ui/pages/prepare.py", title=_("Prepare"), url_path="prepare"),
            st.Page("ui/pages/curate.py", title=_("Curate"), url_path="curate"),
            st.Page("ui/pages/quality.py", title=_("Quality"), url_path="quality"),
            st.Page("ui/pages/about.py", title=_("About"), url_path="about"),
            st.Page(
                "ui/pages/case.py",
                title=_("Case"),
                url_path="case",
                visibility="hidden",
            ),
        ],
        position="top",
    )
)
