"""Items and cases of the briefing dragged by their grips, beside their arrows.

A grip is for who has a mouse; everything it does, the arrows do by keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import streamlit as st

from ui.prepare import markup as prepare_markup

_KEY = "dragging"
# The listeners are those of the page, because Streamlit draws the grips; they go when
# the component is drawn anew.
_drag = st.components.v2.component(
    "dragging",
    js="""
export default ({data, setTriggerValue}) => {
  let dragged = null;
  let over = null;
  const found = (node) => {
    for (let box = node; box instanceof Element; box = box.parentElement) {
      const name = [...box.classList].find((name) => name in data);
      if (name) return {box, id: data[name]};
    }
    return null;
  };
  const mark = (box) => {
    over?.classList.remove("drop-here");
    over = box;
    over?.classList.add("drop-here");
  };
  const listeners = {
    dragstart: (event) => {
      if (!event.target.classList?.contains("grip")) return;
      const from = found(event.target);
      if (!from) return;
      dragged = from.id;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(from.box, 0, 0);
    },
    dragover: (event) => {
      const to = dragged && found(event.target);
      if (!to) return;
      event.preventDefault();
      mark(to.box);
    },
    drop: (event) => {
      const to = dragged && found(event.target);
      if (!to) return;
      event.preventDefault();
      if (to.id !== dragged) setTriggerValue("moved", {from: dragged, to: to.id});
    },
    dragend: () => { dragged = null; mark(null); },
  };
  for (const name in listeners) document.addEventListener(name, listeners[name]);
  return () => {
    for (const name in listeners) document.removeEventListener(name, listeners[name]);
  };
}
""",
)


def grip() -> None:
    """Draw what a container is dragged by."""
    st.html(prepare_markup.grip(), width="content")


def let_drag(ids_by_key: Mapping[str, str], move: Callable[[str, str], None]) -> None:
    """Let containers be dragged; call it behind them.

    Args:
        ids_by_key: What each container holds, by its key.
        move: Called with the ids of what was dragged and of what it was dropped on.
    """

    def moved() -> None:
        dropped = st.session_state[_KEY].get("moved")
        if dropped:
            move(str(dropped["from"]), str(dropped["to"]))

    names = {
        f"st-key-{re.sub(r'[^a-zA-Z0-9_-]', '-', key)}": item_id
        for key, item_id in ids_by_key.items()
    }
    _drag(data=names, key=_KEY, height=0, on_moved_change=moved)
