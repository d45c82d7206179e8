"""What surrounds every page: style, banner, footer, and the last safety net."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from kb.embed import ENGLISH_ONLY_WARNING
from kb.errors import IndexNotFoundError, KnowledgeBaseError, QueryError
from ui.markup import as_markdown
from ui.state import knowledge_base

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
ICON = _HERE / "icon.svg"
LOGO = _HERE / "logo.svg"
STYLE = _HERE / "style.css"


def show_page(run: Callable[[], None]) -> None:
    """Draw the frame and a page in it; turn our errors into message and remedy."""
    st.html(STYLE)
    st.logo(str(LOGO), size="large")
    try:
        if not knowledge_base().manifest.multilingual:
            st.warning(ENGLISH_ONLY_WARNING, icon=":material/translate:")
        run()
    except QueryError as exc:
        st.warning(
            as_markdown(f"{exc.reason[:1].upper()}{exc.reason[1:]} {exc.remedy}")
        )
    except IndexNotFoundError:
        _show_no_index()
    except KnowledgeBaseError as exc:
        logger.exception("the page stopped")
        st.error(f"**The knowledge base cannot answer now.** {as_markdown(str(exc))}")
    _show_footer()


def _show_no_index() -> None:
    st.title("Almost there")
    st.info(
        "The cases are not indexed yet. Run `mentorkb ingest` in the project's folder "
        "(about two minutes the first time), then reload this page."
    )


def _show_footer() -> None:
    st.divider()
    st.caption(
        "Every statement shown is taken word for word from a case and names its public "
        "sources. Case texts: CC BY 4.0. No usage data is collected."
    )
