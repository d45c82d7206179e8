"""Whether this session may change the corpus, and how that is turned on."""

from __future__ import annotations

import streamlit as st

from kb import load_settings
from ui.permission import may_curate
from ui.texts import _

__all__ = ["how_to_curate", "may_curate"]


def how_to_curate() -> None:
    """Say who may, or in one sentence how the operator turns it on."""
    if load_settings().login:
        st.info(
            _(
                "Only curators can change the cases. Please ask whoever runs this "
                "website."
            ),
            icon=":material/lock:",
        )
        return
    st.info(
        _(
            "Changing the cases is turned off here. Whoever runs this app turns it on "
            "with the setting `KB_CURATE=on`; everybody who can open the app can then "
            "change the cases, so it should be reachable for experts only."
        ),
        icon=":material/lock:",
    )
