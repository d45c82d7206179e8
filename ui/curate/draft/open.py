"""How a draft begins: a file is sent, or a case of the corpus is chosen."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ingest import UPLOAD_ENDINGS, CaseDraft, corpus_files, open_case, open_upload
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from ui.curate.draft.work import take_in_hand, work_in_hand
from ui.curate.problems import refused
from ui.markup import as_markdown
from ui.serving.uploads import allow_uploads
from ui.state import FILE
from ui.texts import _

_UPLOADS = "upload-number"
_CHOSEN = "chosen-case"
_MEGABYTE = 1024 * 1024


def open_named_case(settings: Settings) -> None:
    """Open the case that the address names, unless something else is in hand."""
    path = st.query_params.get(FILE)
    work = work_in_hand()
    if path and work is None:
        _open_case(path, settings)
    elif path and work and work.draft.replaces != path:
        message = _(
            "First save or close {name}, then open {path}.",
            name=work.draft.name,
            path=path,
        )
        st.info(as_markdown(message), icon=":material/info:")
        del st.query_params[FILE]


def open_view(settings: Settings) -> None:
    """Draw the two ways to begin."""
    new, present = st.columns(2, gap="large")
    with new:
        st.header(_("A new file"), anchor=False)
        _upload(settings)
    with present:
        st.header(_("A case that is here"), anchor=False)
        path = st.selectbox(
            _("Case file"),
            corpus_files(settings),
            index=None,
            key=_CHOSEN,
            placeholder=_("Choose a file"),
        )
        if st.button(_("Open"), disabled=path is None, key="open-case") and path:
            st.query_params[FILE] = path
            _open_case(path, settings)


def _upload(settings: Settings) -> None:
    most = min(int(st.get_option("server.maxUploadSize")), settings.file_mb)
    number = st.session_state.setdefault(_UPLOADS, 0)
    allow_uploads(most * _MEGABYTE)
    sent = st.file_uploader(
        _(
            "Markdown, PDF, Word (.docx), a saved web page or plain text, up to {n} MB",
            n=most,
        ),
        type=UPLOAD_ENDINGS,
        key=f"upload-{number}",
        max_upload_size=most,
    )
    st.caption(
        _(
            "Nothing changes in the corpus until you have seen the difference and "
            "save it."
        )
    )
    if sent is None:
        return
    draft = _read(lambda: open_upload(sent.name, sent.getvalue(), settings))
    if draft:
        # A widget of another name: the one before would hold the file in memory.
        st.session_state[_UPLOADS] = number + 1
        take_in_hand(draft)
        st.rerun()


def _open_case(path: str, settings: Settings) -> None:
    draft = _read(lambda: open_case(path, settings))
    if draft:
        take_in_hand(draft)
        st.rerun()
    del st.query_params[FILE]


def _read(open_it: Callable[[], CaseDraft]) -> CaseDraft | None:
    """Return a draft, or draw why there is none."""
    try:
        with st.spinner(_("Reading the file …"), show_time=True):
            return open_it()
    except KnowledgeBaseError as exc:
        refused(_("The file cannot be used."), exc)
        return None
