"""The briefing as the Prepare page shows it: write, order, preview, take along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from kb import KnowledgeBase
from ui import markup, pages
from ui.briefing.model import Briefing
from ui.briefing.saved import (
    MAX_FILE_BYTES,
    MAX_NOTE_CHARS,
    MAX_TITLE_CHARS,
    BriefingFileError,
    open_briefing,
    read_again,
    save_briefing,
)
from ui.briefing.session import collected, keep
from ui.prepare.briefing_items import (
    edition,
    items_view,
    replace_briefing,
    undo_offer,
)
from ui.prepare.documents.document import file_name
from ui.prepare.documents.memo import write_briefing
from ui.prepare.downloads import File, document_files, file_buttons, preview
from ui.prepare.focus import give_focus
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
    items_view()
    st.header(_("Take it along"), anchor=False)
    document = write_briefing(collected(), made_on=date.today(), indexed_on=indexed_on)
    file_buttons(document_files(document), key="briefing-file")
    if st.toggle(_("Show how it will read"), key="show-preview"):
        preview(document)


def _title_and_notes() -> None:
    briefing = collected()
    title_key, notes_key = f"title-{edition()}", f"notes-{edition()}"
    st.text_input(
        _("Title"),
        briefing.title,
        key=title_key,
        max_chars=MAX_TITLE_CHARS,
        placeholder=_("Briefing"),
        on_change=lambda: keep(
            replace(collected(), title=st.session_state[title_key] or "")
        ),
    )
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
            file_name(briefing.title, date.today(), "json"),
            "application/json",
            lambda: save_briefing(briefing).encode(),
            icon=":material/save:",
        )
        file_buttons([saved], key="saved-file")
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
