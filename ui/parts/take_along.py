"""Copy, share, print: what leaves a page by the browser's own means."""

from __future__ import annotations

import streamlit as st

from ui import markup
from ui.parts.excerpt import Excerpt, numbered_sources, plain, rich
from ui.texts import _

# The event of copying works without https, where browsers have no clipboard otherwise.
# What is copied comes as data; the labels are set as text.
_buttons = st.components.v2.component(
    "take_along",
    html='<div class="row"></div><span role="status"></span>',
    css="""
:host, .row { font-family: var(--st-font); color: var(--st-text-color); }
.row { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
button { font: inherit; font-size: 0.875rem; color: inherit; background: none;
  border: 0; padding: 0.35rem 0; min-height: 2.25rem; text-decoration: underline;
  cursor: pointer; }
button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
[role=status] { font-size: 0.9rem; }
""",
    js="""
const copy = (texts) => {
  let isTaken = false;
  const give = (event) => {
    for (const [type, text] of Object.entries(texts))
      event.clipboardData.setData(type, text);
    event.preventDefault();
    event.stopImmediatePropagation();
    isTaken = true;
  };
  document.addEventListener('copy', give, true);
  try { document.execCommand('copy'); } finally {
    document.removeEventListener('copy', give, true);
  }
  return isTaken;
};
const written = async (texts) => {
  if (copy(texts)) return true;
  try { await navigator.clipboard.writeText(texts['text/plain']); return true; }
  catch { return false; }
};
const escaped = (text) => {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
};
export default ({parentElement, data}) => {
  const row = parentElement.querySelector('.row');
  const told = parentElement.querySelector('[role=status]');
  const button = (label, act) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.textContent = label;
    element.onclick = act;
    return element;
  };
  const tell = async (success, done) => {
    told.textContent = '';
    told.textContent = (await success) ? done : data.failed;
  };
  const here = () => location.href;
  const actions = [button(data.copy, () => tell(written({
    'text/plain': `${data.plain}\\n\\n${here()}\\n`,
    'text/html': `${data.rich}<p>${escaped(here())}</p>`}), data.copied))];
  if (data.whole) {
    actions.push(button(data.link, () =>
      tell(written({'text/plain': here()}), data.linked)));
    actions.push(button(data.print, () => window.print()));
  }
  row.replaceChildren(...actions);
};
""",
)


def take_along(excerpt: Excerpt, copy: str, *, key: str, whole: bool = True) -> None:
    """Draw the buttons that copy an excerpt, and for a whole page share and print it.

    Args:
        excerpt: What is copied.
        copy: Label of the button that copies.
        key: Unique on the page.
        whole: Whether it is what the page is about: then its link can be copied, and it
            can be printed.
    """
    data = {
        "plain": plain(excerpt),
        "rich": rich(excerpt),
        "whole": whole,
        "copy": copy,
        "copied": _("Copied, with its sources."),
        "link": _("Copy the link"),
        "linked": _("The link is copied."),
        "print": _("Print"),
        "failed": _("The browser did not allow it: select the text and copy it."),
    }
    _buttons(data=data, key=key)


def printed_sources(excerpt: Excerpt) -> None:
    """Draw what the marks mean for the print, which does not open any citation."""
    st.html(markup.printed_only(_("Sources"), numbered_sources(excerpt)))
