"""Clicks in HTML that was made here: they reach the page without reloading it."""

from __future__ import annotations

import streamlit as st

# A link opened in a new tab is the browser's own business. One that is followed leads
# through Streamlit's own link, which is one step of the browser's history, not two.
_clicks = st.components.v2.component(
    "clicks",
    js="""
export default ({parentElement, data, setTriggerValue}) => {
  parentElement.forget?.();
  const onClick = (event) => {
    const target = event.target.closest('[data-click]');
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const link = [...document.querySelectorAll(`.st-key-${data} a`)].find(
      (each) => each.href === target.href);
    if (link) link.click();
    else setTriggerValue('clicked', target.dataset.click);
  };
  document.addEventListener('click', onClick);
  parentElement.forget = () => document.removeEventListener('click', onClick);
  return parentElement.forget;
};
""",
)


def clicked(*, key: str, links: str) -> str:
    """Return the ``data-click`` of what was just clicked, once; otherwise nothing.

    Args:
        key: Of the listener on the page.
        links: Key of a container with page links: a click on a link to one of their
            addresses is a click on that one.
    """
    result = _clicks(data=links, key=key, height=0, on_clicked_change=lambda: None)
    return str(result.clicked or "")
