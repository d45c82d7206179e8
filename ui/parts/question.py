"""The field for a question, which the pages Ask and Compare share."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui import address
from ui.state import QUESTION
from ui.texts import _

# A field of several lines shows a long question whole, but sends with Ctrl+Enter only:
# Enter is made to mean the same there, Shift+Enter begins a line.
_enter_sends = st.components.v2.component(
    "enter_sends",
    js="""
export default ({parentElement, data}) => {
  const field = `.st-key-${data} textarea`;
  const isField = (element) => element.matches?.(field);
  const send = (element) => element.dispatchEvent(new KeyboardEvent('keydown',
    {key: 'Enter', code: 'Enter', ctrlKey: true, bubbles: true, cancelable: true}));
  const onKey = (event) => {
    const {target, key, shiftKey, ctrlKey, metaKey, altKey, isComposing} = event;
    if (key !== 'Enter' || shiftKey || ctrlKey || metaKey || altKey || isComposing)
      return;
    if (!isField(target)) return;
    event.preventDefault();
    event.stopPropagation();
    send(target);
  };
  const onFocus = ({target}) => {
    if (isField(target)) target.enterKeyHint = 'search';
  };
  // Who was quicker than this script has begun a line with Enter.
  const typed = document.querySelector(field);
  if (!parentElement.forget && typed?.value.endsWith('\\n')) send(typed);
  parentElement.forget?.();
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('focusin', onFocus);
  parentElement.forget = () => {
    document.removeEventListener('keydown', onKey, true);
    document.removeEventListener('focusin', onFocus);
  };
  return parentElement.forget;
};
""",
)


def question_field(placeholder: str, ask: Callable[[str], None]) -> str:
    """Draw the field with the question of the address; return what it says.

    What is longer than a question can be is kept, so that it can be shortened.

    Args:
        placeholder: Shown while nothing is typed.
        ask: Puts a typed question into the address.
    """
    address.follow(QUESTION, st.query_params.get(QUESTION, ""))
    text = st.text_area(
        _("Your question"),
        key=QUESTION,
        height="content",
        placeholder=placeholder,
        on_change=lambda: ask(st.session_state[QUESTION].strip()),
    )
    _enter_sends(data=QUESTION, key="enter-sends", height=0)
    return text.strip()
