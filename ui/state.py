"""What pages share: the open knowledge base, and the names of URL parameters."""

from __future__ import annotations

import streamlit as st

from kb import KnowledgeBase, load_settings

# Keys of widgets whose values stand in the URL, so that a page can be shared.
QUESTION = "q"
CITY = "city"
THEME = "theme"
CASE = "case"


@st.cache_resource(
    show_spinner="Opening the knowledge base …", on_release=KnowledgeBase.close
)
def knowledge_base() -> KnowledgeBase:
    """Return the process's one open knowledge base; it is safe between threads.

    Raises:
        KnowledgeBaseError: Nothing is published, or it cannot be opened.
    """
    return KnowledgeBase(load_settings())
