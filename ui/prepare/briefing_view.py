"""The briefing as the Prepare page shows it: write, order, preview, take along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from kb import KnowledgeBase
from ui import address, markup, pages
from ui.briefing.model import Briefing, Length
from ui.briefing.saved import (
    MAX_FILE_BYTES,
    MAX_NOTE_CHARS,
    MAX_TITLE_CHARS,
    BriefingFileError,
    open_briefing,
    read_again,
    save_briefing,
)
from ui.briefing.session import collected, edition, keep
from ui.briefing.title import suggested_title, title_of
from ui.device.storage import is_kept
from ui.prepare.chapters import chapters_view
from ui.prepare.documents.deck import write_deck
from ui.prepare.documents.document import file_name
from ui.prepare.documents.memo import write_briefing
from ui.prepare.downloads import File, deck_file, document_files, file_buttons, preview
from ui.prepare.focus import give_focus
from ui.prepare.undo import replace_briefing, undo_offer
from ui.serving.uploads import allow_uploads
from ui.texts import _, ngettext

_LEFT_OUT = "briefing-left-out"
_MEGABYTE = 1_000_000


def briefing_view(kb: KnowledgeBase) -> None:
    """Draw the session's briefing, or how to begin one."""
    index = kb.manifest
    if not collected().is_from(index.generation):
        _read_again(kb)
    _left_out_report()
    if collected() == Briefing():
        undo_offer()  # what was removed may have been the last item
        give_focus()
        _how_to_begin()
    else:
        _editor(index.created_at)
    _saving(kb)


def _how_to_begin() -> None:
    st.html(
        markup.lead(
            _(
                "Collect statements and cases for a memo, put them in order, add your "
                "own notes, and take them along as Word, PDF or Markdown."
            )
        )
    )
    st.markdown(
        _(
            "1. Ask a question, or open a case in the Library.\n"
            "2. Click **Add to the briefing** below a statement or a case.\n"
            "3. Come back here to put it in order and download it."
        )
    )
    with st.container(horizontal=True):
        st.page_link(pages.ASK, label=_("Ask a question"), icon=":material/search:")
        st.page_link(
            pages.LIBRARY,
            label=_("Open the Library"),
            icon=":material/local_library:",
        )


def _how_long_kept() -> str:
    if is_kept():
        return _(
            "The briefing is kept in this browser, on this device. To go on elsewhere, "
            "save it as a file, and open the file there."
        )
    return _(
        "The briefing is kept only as long as this page is open: it is gone after "
        "a reload. Save it as a file, and open the file here to go on."
    )


def _read_again(kb: KnowledgeBase) -> None:
    """Bring the items to the index in use, whose date the files bear."""
    now = read_again(collected(), kb)
    keep(now.briefing)
    if now.left_out:
        st.session_state[_LEFT_OUT] = (edition(), now.left_out)


def _editor(indexed_on: str) -> None:
    st.info(_how_long_kept(), icon=":material/info:")
    _title_and_notes()
    st.header(_("What you collected"), anchor=False)
    chapters_view()
    st.header(_("Take it along"), anchor=False)
    _shape()
    briefing, today = collected(), date.today()
    document = write_briefing(briefing, made_on=today, indexed_on=indexed_on)
    deck = write_deck(briefing, made_on=today, indexed_on=indexed_on)
    file_buttons([*document_files(document), deck_file(deck)], key="briefing-file")
    if st.toggle(_("Show how it will read"), key="show-preview"):
        preview(document)


def _shape() -> None:
    """Draw the choice of how long the paper is, and how it begins."""
    briefing = collected()
    length_key, summaries_key = f"length-{edition()}", f"summaries-{edition()}"
    names: dict[Length, str] = {
        "half": _("Half a page"),
        "two": _("Two pages"),
        "all": _("Everything"),
    }
    st.segmented_control(
        _("How long"),
        list(names),
        format_func=names.__getitem__,
        default=briefing.length,
        key=length_key,
        required=True,
        on_change=lambda: keep(
            replace(collected(), length=st.session_state[length_key])
        ),
    )
    st.checkbox(
        _("Begin with the summaries of the cases, word for word"),
        briefing.opens_with_summaries,
        key=summaries_key,
        on_change=lambda: keep(
            replace(collected(), opens_with_summaries=st.session_state[summaries_key])
        ),
    )


def _title() -> None:
    """Draw the title, which follows the content until somebody changes it."""
    briefing = collected()
    key = f"title-{edition()}"
    suggested = suggested_title(briefing)[:MAX_TITLE_CHARS]
    if not briefing.title:
        address.follow(key, suggested)

    def changed() -> None:
        typed = st.session_state[key] or ""
        own = "" if typed == suggested else typed
        keep(replace(collected(), title=own))

    st.text_input(
        _("Title"),
        None if key in st.session_state else briefing.title,
        key=key,
        max_chars=MAX_TITLE_CHARS,
        on_change=changed,
    )


def _title_and_notes() -> None:
    briefing = collected()
    notes_key = f"notes-{edition()}"
    _title()
    st.text_area(
        _("Your notes, above everything else"),
        briefing.notes,
        key=notes_key,
        max_chars=MAX_NOTE_CHARS,
        on_change=lambda: keep(
            replace(collected(), notes=st.session_state[notes_key] or "")
        ),
    )


def _saving(kb: KnowledgeBase) -> None:
    st.header(_("Go on later"), anchor=False)
    briefing = collected()
    if briefing == Briefing():
        st.write(_how_long_kept())
    else:
        saved = File(
            _("Save as a file"),
            file_name(title_of(briefing), date.today(), "json"),
            "application/json",
            lambda: save_briefing(briefing).encode(),
            icon=":material/save:",
        )
        file_buttons([saved], key="saved-file")
    allow_uploads(MAX_FILE_BYTES)
    file = st.file_uploader(
        _("Open a saved briefing"),
        type=["json"],
        key=f"open-briefing-{edition()}",
        max_upload_size=MAX_FILE_BYTES // _MEGABYTE,
    )
    if file is not None:
        _open(file.getvalue(), kb)


def _open(raw: bytes, kb: KnowledgeBase) -> None:
    try:
        opened = open_briefing(raw, kb)
    except BriefingFileError as exc:
        st.error(markup.as_markdown(str(exc)))
        return
    replace_briefing(opened.briefing)
    st.session_state[_LEFT_OUT] = (edition(), opened.left_out)
    st.rerun()


def _left_out_report() -> None:
    """Say what of the briefing is gone, until another one is opened."""
    opened, left_out = st.session_state.get(_LEFT_OUT, (0, ()))
    if opened != edition() or not left_out:
        return
    st.warning(
        ngettext(
            "{n} item is not in the cases any more and was left out:",
            "{n} items are not in the cases any more and were left out:",
            len(left_out),
        )
        + "".join(f"\n- {markup.as_markdown(text)}" for text in left_out)
    )
