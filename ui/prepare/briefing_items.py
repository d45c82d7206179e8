"""The items of the briefing: to read, to order, to write notes between, to remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui import markup
from ui.briefing.clean import one_line
from ui.briefing.model import (
    Briefing,
    CollectedCase,
    CollectedStatement,
    Item,
    Note,
)
from ui.briefing.saved import MAX_NOTE_CHARS
from ui.briefing.session import collected, keep
from ui.parts.cases import case_link
from ui.prepare.focus import focus_on, give_focus
from ui.texts import _
from ui.vocabulary import place

_EDITION = "briefing-edition"
_UNDO = "briefing-undo"
_START_CHARS = 40

Undo = tuple[str, Callable[[], None]]
"""What was done, and what undoes it in the session's briefing as it is then."""


def edition() -> int:
    """Return a number that changes when the whole briefing is another one.

    It is part of the keys of widgets, which otherwise kept what was typed before.
    """
    number: int = st.session_state.get(_EDITION, 0)
    return number


def replace_briefing(new: Briefing) -> None:
    """Make another briefing the session's own; what was there can be brought back."""
    old = collected()
    keep(new)
    st.session_state[_EDITION] = edition() + 1
    if old != Briefing():
        told = _("Your earlier briefing was replaced.")
        _offer_undo(told, partial(replace_briefing, old))


def items_view() -> None:
    """Draw the items in their order, each with its controls."""
    undo_offer()
    items = collected().items
    for position, item in enumerate(items):
        with st.container(border=True, key=f"item-{edition()}-{item.item_id}"):
            _item(item)
            _controls(item, position, len(items))
    st.button(
        _("Add a note"),
        key="add-note",
        icon=":material/add_comment:",
        disabled=collected().is_full,
        on_click=partial(_add_note, len(items)),
    )
    give_focus()


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
        return
    if isinstance(item, CollectedCase):
        st.html(markup.statement(item.case.summary, ()))
        st.caption(_("A whole case"))
    else:
        st.html(markup.statement(item.statement.text, ()))
        st.caption(markup.as_markdown(_told(item)))
    of = item.of if isinstance(item, CollectedStatement) else item
    case_link(of.item_id, _("{city}: {title}", city=of.city.name, title=of.case.title))


def _note_key(note_id: str) -> str:
    return f"note-{edition()}-{note_id}"


def _told(item: CollectedStatement) -> str:
    where = place(item.statement.section, item.page, uncertain=item.uncertain)
    if not item.question:
        return where
    return _("{place} · found with: {question}", place=where, question=item.question)


def _controls(item: Item, position: int, n_items: int) -> None:
    """Draw what can be done with an item; its first words tell screen readers which."""
    start = _start(item)
    moves = (
        ("up", _("Move up: {item}", item=start), "arrow_upward", position - 1),
        ("down", _("Move down: {item}", item=start), "arrow_downward", position + 1),
    )
    with st.container(horizontal=True, gap="small"):
        for name, label, icon, target in moves:
            _icon_button(
                label,
                f"icon-{name}-{item.item_id}",
                icon,
                partial(_move, item.item_id, target, name),
                is_disabled=not 0 <= target < n_items,
            )
        _icon_button(
            _("Add a note below: {item}", item=start),
            f"icon-note-{item.item_id}",
            "add_comment",
            partial(_add_note, position + 1),
            is_disabled=collected().is_full,
        )
        _icon_button(
            _("Remove: {item}", item=start),
            f"icon-remove-{item.item_id}",
            "delete",
            partial(_remove, item.item_id),
        )


def _icon_button(
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


def _move(item_id: str, position: int, arrow: str) -> None:
    keep(collected().move(item_id, position))
    other = "down" if arrow == "up" else "up"  # at an end, the arrow itself is off
    focus_on(f"icon-{arrow}-{item_id}", f"icon-{other}-{item_id}")


def _add_note(position: int) -> None:
    briefing = collected().add_note("", position)
    keep(briefing)
    focus_on(_note_key(briefing.items[position].item_id))


def _remove(item_id: str) -> None:
    briefing = collected()  # with what was typed into a note right before the click
    position = briefing.position_of(item_id)
    if position is not None:
        keep(briefing.remove(item_id))
        _offer_to_put_back(briefing.items[position], position)


def _offer_to_put_back(item: Item, position: int) -> None:
    told = _("Removed: {item}", item=_start(item))
    _offer_undo(told, partial(_put_back, item, position))


def _put_back(item: Item, position: int) -> None:
    briefing = collected().add(item)
    if not briefing.holds(item.item_id):
        st.toast(_("The briefing is full now. Remove something to add more."))
        _offer_to_put_back(item, position)
        return
    keep(briefing.move(item.item_id, position))
    st.session_state[_EDITION] = edition() + 1


def _offer_undo(told: str, undo: Callable[[], None]) -> None:
    st.session_state[_UNDO] = (told, undo)
    focus_on("undo")


def undo_offer() -> None:
    """Draw what was removed or replaced last, with a button to bring it back."""
    offer: Undo | None = st.session_state.get(_UNDO)
    if offer is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo-offer"):
        st.html(markup.status(offer[0]))
        st.button(
            _("Undo"),
            key="undo",
            icon=":material/undo:",
            on_click=_undo,
            args=offer[1:],
        )


def _undo(undo: Callable[[], None]) -> None:
    del st.session_state[_UNDO]
    focus_on("add-note")
    undo()  # what it does may be offered to be undone in its turn


def _start(item: Item) -> str:
    """Return the first words of an item, by which its buttons are told apart."""
    if isinstance(item, CollectedStatement):
        text = item.statement.text
    elif isinstance(item, CollectedCase):
        text = item.case.title
    else:
        text = item.text or _("empty note")
    text = one_line(text)
    return text if len(text) <= _START_CHARS else f"{text[:_START_CHARS].rstrip()}…"
