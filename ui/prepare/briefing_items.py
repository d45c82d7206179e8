"""One item of the briefing: to read, to choose, to move, to write a note below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui import markup
from ui.briefing.clean import one_line
from ui.briefing.model import CollectedCase, CollectedStatement, Item, Note
from ui.briefing.saved import MAX_NOTE_CHARS
from ui.briefing.session import collected, edition, keep
from ui.prepare.dragging import grip
from ui.prepare.focus import focus_on
from ui.prepare.undo import remove
from ui.texts import _
from ui.vocabulary import place

_START_CHARS = 40


def item_key(item: Item) -> str:
    """Return the key of an item's container."""
    return f"item-{edition()}-{item.item_id}"


def pick_key(item: Item) -> str:
    """Return the key of the box that chooses an item."""
    return f"pick-{edition()}-{item.item_id}"


def item_view(item: Item, position: int) -> None:
    """Draw an item with its controls.

    Args:
        item: The item.
        position: Among all items of the briefing, from 0.
    """
    with st.container(border=True, key=item_key(item)):
        _item(item)
        _controls(item, position)


def add_note(position: int, case_id: str | None = None) -> None:
    """Add an empty note and let the keyboard go on in it.

    Args:
        position: Among all items.
        case_id: As `Briefing.add_note` has it.
    """
    before = collected()
    briefing = before.add_note("", position, case_id)
    keep(briefing)
    known = {item.item_id for item in before.items}
    for item in briefing.items:
        if item.item_id not in known:
            focus_on(_note_key(item.item_id))


def icon_button(
    label: str,
    key: str,
    icon: str,
    on_click: Callable[[], None],
    *,
    is_disabled: bool = False,
) -> None:
    """Draw a button that shows its icon; the style sheet hides its label from sight."""
    st.button(
        markup.as_markdown(label),
        key=key,
        icon=f":material/{icon}:",
        on_click=on_click,
        disabled=is_disabled,
    )


def start_of(text: str) -> str:
    """Return the first words of a text, by which buttons are told apart."""
    text = one_line(text)
    return text if len(text) <= _START_CHARS else f"{text[:_START_CHARS].rstrip()}…"


def _item(item: Item) -> None:
    if isinstance(item, Note):
        key = _note_key(item.item_id)
        st.text_area(
            _("Your note"),
            item.text,
            key=key,
            height=80,
            max_chars=MAX_NOTE_CHARS,
            on_change=lambda: keep(
                collected().write_note(item.item_id, st.session_state[key] or "")
            ),
        )
    elif isinstance(item, CollectedCase):
        st.html(markup.statement(item.case.summary, ()))
        st.caption(_("A whole case"))
    else:
        st.html(markup.statement(item.statement.text, ()))
        st.caption(markup.as_markdown(_told(item)))


def _note_key(note_id: str) -> str:
    return f"note-{edition()}-{note_id}"


def _told(item: CollectedStatement) -> str:
    where = place(item.statement.section, item.page, uncertain=item.uncertain)
    if not item.question:
        return where
    return _("{place} · found with: {question}", place=where, question=item.question)


def _controls(item: Item, position: int) -> None:
    """Draw what can be done with an item; its first words tell screen readers which."""
    start = _start(item)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not isinstance(item, CollectedCase):  # which always stands first
            grip()
        st.checkbox(
            _("Choose: {item}", item=start),  # not shown, so that nothing is escaped
            key=pick_key(item),
            label_visibility="collapsed",
            width="content",
        )
        if not isinstance(item, CollectedCase):
            _arrows(item, position, start)
        icon_button(
            _("Add a note below: {item}", item=start),
            f"icon-note-{item.item_id}",
            "add_comment",
            partial(add_note, position + 1),
            is_disabled=collected().is_full,
        )
        icon_button(
            _("Remove: {item}", item=start),
            f"icon-remove-{item.item_id}",
            "delete",
            partial(remove, (item.item_id,), _("Removed: {item}", item=start)),
        )


def _arrows(item: Item, position: int, start: str) -> None:
    up, down = collected().neighbours(item.item_id)
    moves = (
        ("up", _("Move up: {item}", item=start), "arrow_upward", up),
        ("down", _("Move down: {item}", item=start), "arrow_downward", down),
    )
    for name, label, icon, target in moves:
        icon_button(
            label,
            f"icon-{name}-{item.item_id}",
            icon,
            partial(_move, item.item_id, position if target is None else target, name),
            is_disabled=target is None,
        )


def _move(item_id: str, position: int, arrow: str) -> None:
    keep(collected().move(item_id, position))
    other = "down" if arrow == "up" else "up"  # at an end, the arrow itself is off
    focus_on(f"icon-{arrow}-{item_id}", f"icon-{other}-{item_id}")


def _start(item: Item) -> str:
    if isinstance(item, CollectedStatement):
        return start_of(item.statement.text)
    if isinstance(item, CollectedCase):
        return start_of(item.case.title)
    return start_of(item.text or _("empty note"))
