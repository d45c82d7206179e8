"""The web door: page configuration and navigation, nothing else."""

import streamlit as st

from ui import frame

st.set_page_config(
    page_title="Mentor Cities: how did another city do this?",
    page_icon=str(frame.ICON),
    layout="centered",
)
page = st.navigation(
    [
        st.Page("ui/ask.py", title="Ask", url_path="ask", default=True),
        st.Page("ui/cases.py", title="Cases", url_path="cases"),
        st.Page("ui/case.py", title="Case", url_path="case", visibility="hidden"),
        st.Page("ui/about.py", title="About", url_path="about"),
    ],
    position="top",
)
frame.show_page(page.run)
