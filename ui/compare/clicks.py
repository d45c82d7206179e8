"""Clicks in HTML that was made here: they reach the page without reloading it."""

from __future__ import annotations

import streamlit as st

# A link opened in a new tab is the browser's own business.
_clicks = st.components.v2.component(
    "clicks",
    js="""
export default ({parentElement, setTriggerValue}) => {
  parentElement.forget?.();
  const onClick = (event) => {
    const target = event.target.closest('[data-click]');
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue('clicked', target.dataset.click);
  };
  document.addEventListener('click', onClick);
  parentElement.forget = () => document.removeEventListener('click', onClick);
  return parentElement.forget;
};
""",
)


def clicked(*, key: str) -> str:
    """Return the ``data-click`` of what was just clicked, once; otherwise nothing.

    Args:
        key: Of the listener on the page.
    """
    result = _clicks(key=key, height=0, on_clicked_change=lambda: None)
    return str(result.clicked or "")
