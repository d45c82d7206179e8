"""The address of a page: it says what the page shows, and widgets follow it.

So a page can be shared, and the browser's Back and Forward lead from one question to
the other. A widget writes what a reader does into the address, all of it in one step of
the browser's history; before a widget is drawn it gets what the address says.
Streamlit's own binding replaces the address instead, so that there is nothing to go
back to.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

Value = str | Sequence[str] | None
"""Of a parameter: one text, several, or None for none."""


def go(**changes: Value) -> None:
    """Change parameters of the address, in one step of the history; others stay.

    Args:
        changes: New values by name; what is empty or None leaves the address.
    """
    now = here()
    wanted = {
        name: [value] if isinstance(value, str) and value else list(value or ())
        for name, value in changes.items()
    }
    if any(values != now.get(name, []) for name, values in wanted.items()):
        st.query_params.update(wanted)


def here() -> dict[str, list[str]]:
    """Return the parameters of the address by name, none of them empty."""
    held = {name: st.query_params.get_all(name) for name in st.query_params}
    return {name: values for name, values in held.items() if any(values)}


def follow(key: str, value: object) -> None:
    """Have a widget show what stands elsewhere, mostly in the address.

    Call it before the widget is drawn.

    Args:
        key: Of the widget.
        value: What it shows then.
    """
    # A value that is set again would take away what is being typed.
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
