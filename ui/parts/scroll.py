"""Scrolls to a part of a page that a link led to."""

from __future__ import annotations

import streamlit as st

# The part may be drawn after this script runs, and what stands above it may still grow:
# it is held in view for three seconds, or until the reader acts.
_scroll = st.components.v2.component(
    "scroll_to",
    js="""
export default ({data, parentElement}) => {
  if (parentElement.visit === data.visit) return;
  parentElement.visit = data.visit;
  const anchor = data.anchor || decodeURIComponent(location.hash.slice(1));
  if (!anchor) return;
  let tries = 30;
  const stop = () => { tries = 0; };
  for (const act of ["wheel", "touchstart", "keydown", "mousedown"])
    addEventListener(act, stop, {once: true, passive: true});
  const step = () => {
    if (tries-- <= 0) return;
    document.getElementById(anchor)?.scrollIntoView();
    setTimeout(step, 100);
  };
  step();
}
""",
)


def scroll_to(anchor: str, *, visit: str) -> None:
    """Bring a part of the page into view, once a visit.

    Args:
        anchor: Id of the part; empty for the part that the address names behind a
            ``#``, which Streamlit scrolls to before the page has its full height.
        visit: What leads there; another one scrolls again.
    """
    _scroll(data={"anchor": anchor, "visit": visit}, key="scroll-to", height=0)
