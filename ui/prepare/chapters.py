"""What is collected, case by case: to order, to thin out, to write notes between."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui.briefing.model import Chapter, CollectedCase, Item, Note
from ui.briefing.session import collected, edition, keep
from ui.parts.cases import case_link
from ui.prepare.briefing_items import (
    add_note,
    icon_button,
    item_key,
    item_view,
    pick_key,
    start_of,
)
from ui.prepare.dragging import grip, let_drag
from ui.prepare.focus import focus_on, give_focus
from ui.prepare.undo import remove, undo_offer
from ui.texts import _, ngettext


def chapters_view() -> None:
    """Draw the cases in their order, each with its items and controls."""
    undo_offer()
    briefing = collected()
    if len(briefing.items) > 1:
        _choosing(briefing.items)
    positions = {item.item_id: n for n, item in enumerate(briefing.items)}
    containers: dict[str, str] = {}

    def draw(item: Item) -> None:
        item_view(item, positions[item.item_id])
        containers[item_key(item)] = item.item_id

    for note in briefing.opening_notes:
        draw(note)
    chapters = briefing.chapters
    for n, chapter in enumerate(chapters):
        key = f"chapter-{edition()}-{chapter.of.item_id}"
        with st.container(border=True, key=key):
            _head(chapter, n, len(chapters))
            for item in chapter.items:
                draw(item)
        containers[key] = chapter.of.item_id
    st.button(
        _("Add a note"),
        key="add-note",
        icon=":material/add_comment:",
        disabled=briefing.is_full,
        on_click=partial(add_note, len(briefing.items)),
    )
    let_drag(containers, _drop)
    give_focus()


def _choosing(items: tuple[Item, ...]) -> None:
    """Draw what is done with the items that are chosen."""
    keys = [pick_key(item) for item in items]
    n = sum(bool(st.session_state.get(key)) for key in keys)
    with st.container(horizontal=True, vertical_alignment="center", key="choosing"):
        st.button(
            ngettext("Remove {n} chosen item", "Remove {n} chosen items", n),
            key="remove-chosen",
            icon=":material/delete_sweep:",
            disabled=not n,
            on_click=_remove_chosen,
        )
        st.button(
            _("Choose none") if n == len(items) else _("Choose all"),
            key="choose-all",
            icon=":material/select_all:",
            type="tertiary",
            on_click=_choose,
            args=(keys, n < len(items)),
        )


def _choose(keys: list[str], is_chosen: bool) -> None:
    for key in keys:
        st.session_state[key] = is_chosen


def _remove_chosen() -> None:
    chosen = [i for i in collected().items if st.session_state.get(pick_key(i))]
    told = ngettext("{n} item removed.", "{n} items removed.", len(chosen))
    remove([item.item_id for item in chosen], told)


def _head(chapter: Chapter, n: int, n_chapters: int) -> None:
    """Draw the name of a case, and what can be done with all of it."""
    of = chapter.of
    name = _("{city}: {title}", city=of.city.name, title=of.case.title)
    start = start_of(name)
    case_link(of.item_id, name)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        grip()
        for arrow, label, icon, target in (
            ("up", _("Move up: {item}", item=start), "arrow_upward", n - 1),
            ("down", _("Move down: {item}", item=start), "arrow_downward", n + 1),
        ):
            icon_button(
                label,
                f"icon-case-{arrow}-{of.item_id}",
                icon,
                partial(_move_case, of.item_id, target, arrow),
                is_disabled=not 0 <= target < n_chapters,
            )
        icon_button(
            _("Add a note below: {item}", item=start),
            f"icon-case-note-{of.item_id}",
            "add_comment",
            partial(_add_note_at_head, of.item_id),
            is_disabled=collected().is_full,
        )
        icon_button(
            _("Remove the whole case: {item}", item=start),
            f"icon-case-remove-{of.item_id}",
            "delete_sweep",
            partial(
                remove,
                [item.item_id for item in chapter.items],
                _("Removed: {item}", item=start),
            ),
        )


def _move_case(case_id: str, position: int, arrow: str) -> None:
    keep(collected().move_case(case_id, position))
    other = "down" if arrow == "up" else "up"
    focus_on(f"icon-case-{arrow}-{case_id}", f"icon-case-{other}-{case_id}")


def _add_note_at_head(case_id: str) -> None:
    briefing = collected()
    for chapter in briefing.chapters:
        if chapter.of.item_id == case_id:
            first = briefing.position_of(chapter.items[0].item_id) or 0
            is_card = isinstance(chapter.items[0], CollectedCase)
            add_note(first + is_card, case_id)


def _drop(dragged: str, target: str) -> None:
    """Put what was dragged in the place of what it was dropped on."""
    briefing = collected()
    cases = [chapter.of.item_id for chapter in briefing.chapters]
    position = briefing.position_of(target)
    item = next((i for i in briefing.items if i.item_id == dragged), None)
    if dragged in cases:
        case_id = briefing.case_of(target)
        if case_id in cases:
            keep(briefing.move_case(dragged, cases.index(case_id)))
    elif isinstance(item, Note) and target in cases and position is None:
        _add_to(item, target)
    elif position is not None:
        keep(briefing.move(dragged, position))


def _add_to(note: Note, case_id: str) -> None:
    """Put a note that was dropped on a case behind everything in it."""
    briefing = collected().remove(note.item_id)
    keep(briefing.add(Note(note.item_id, note.text, case_id)))
