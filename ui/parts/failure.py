"""What readers get to know of a failure: that it happened, and where its reason stands.

The reason may name folders, addresses and commands, which are the operator's business.
"""

from __future__ import annotations

import logging

import streamlit as st

from kb import load_settings, log
from kb.errors import KnowledgeBaseError
from ui.markup import as_markdown
from ui.permission import may_curate
from ui.texts import _

logger = logging.getLogger(__name__)


def failed(what: str, error: Exception) -> None:
    """Tell that something failed, and under which number the log has the reason.

    Who may curate sees the reason, too.

    Args:
        what: A sentence in the reader's language.
        error: Why.
    """
    with log.request() as number:  # which the line bears
        logger.error("%s", error, exc_info=error)
    st.error(
        f"**{what}** {as_markdown(_reason(error, number))}", icon=":material/error:"
    )


def page_failed(error: Exception) -> bool:
    """Tell that a page stopped; Streamlit, which calls this, then tells no more.

    Returns:
        True: it is told.
    """
    failed(_("This page cannot be shown now."), error)
    return True


def _reason(error: Exception, number: str) -> str:
    own = isinstance(error, KnowledgeBaseError)
    if own and may_curate(load_settings()):
        return str(error)
    return _(
        "Whoever runs this website finds the reason in the log, under {number}.",
        number=number,
    )
