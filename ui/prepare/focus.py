"""Brings the keyboard back to a control that a click has moved, made or removed."""

from __future__ import annotations

import re
from uuid import uuid4

import streamlit as st

_WANTED = "focus-wanted"
# The browser takes the focus from what is put elsewhere in the page, up to a second
# after the click; somebody who has gone on by then is left in peace.
_focus = st.components.v2.component(
    "focus",
    js="""
export default ({data, parentElement}) => {
  if (parentElement.visit === data.visit) return;
  parentElement.visit = data.visit;
  let tries = 10;
  const step = () => {
    if (document.activeElement === document.body) {
      for (const key of data.keys) {
        const inside = ":is(button, textarea):not([disabled])";
        const control = document.querySelector(`.st-key-${key} ${inside}`);
        if (control) { control.focus(); break; }
      }
    }
    if (tries-- > 0) setTimeout(step, 100);
  };
  step();
}
""",
)


def focus_on(*keys: str) -> None:
    """Let the first of some widgets that can be used have the focus after this click.

    Args:
        keys: Of the widgets.
    """
    # As Streamlit makes names of classes of them.
    names = [re.sub(r"[^a-zA-Z0-9_-]", "-", key) for key in keys]
    st.session_state[_WANTED] = {"visit": uuid4().hex, "keys": names}


def give_focus() -> None:
    """Do what `focus_on` asked for; call it behind the widgets."""
    if wanted := st.session_state.pop(_WANTED, None):
        _focus(data=wanted, key="focus", height=0)
