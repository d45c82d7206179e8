"""The page of the reader's own city: a few questions, all of which may stay open."""

from __future__ import annotations

import streamlit as st

from ui import markup
from ui.device.storage import is_kept
from ui.profile.model import (
    MAX_FILE_BYTES,
    MAX_NOTE_CHARS,
    Profile,
    ProfileError,
    open_profile,
    save_profile,
)
from ui.profile.session import (
    keep_profile,
    profile,
    profile_edition,
    replace_profile,
)
from ui.profile.wording import choices, not_known, notes
from ui.serving.uploads import allow_uploads
from ui.texts import _

_FILE = "city-profile.json"
_MEGABYTE = 1_000_000


def show() -> None:
    """Draw the page."""
    st.title(_("Your city"), anchor=False)
    st.html(
        markup.lead(
            _(
                "Tell as much as you know. Each case then shows which of its "
                "conditions are the same in your city, which differ, and what to ask; "
                "Library and Compare find cities like yours."
            )
        )
    )
    st.info(_how_kept(), icon=":material/info:")
    _form()
    _file()


def _how_kept() -> str:
    if is_kept():
        return _(
            "The profile is kept in this browser. It is never put into addresses, logs "
            "or statistics."
        )
    return _(
        "The profile is gone when you close or reload the page: save it as a file. It "
        "is never put into addresses, logs or statistics."
    )


def _form() -> None:
    told = profile()
    for field, (question, answers) in choices().items():
        values = ["", *answers]
        now = str(getattr(told, field))
        key = f"profile-{field}-{profile_edition()}"
        st.selectbox(
            question,
            values,
            index=values.index(now) if now in values else 0,
            format_func={"": not_known(), **answers}.__getitem__,
            key=key,
            on_change=_remember,
            args=(field, key),
        )
    st.caption(_("In your own words; these are shown beside a case, not compared."))
    for field, question in notes().items():
        key = f"profile-{field}-{profile_edition()}"
        st.text_area(
            question,
            getattr(told, field),
            key=key,
            height=80,
            max_chars=MAX_NOTE_CHARS,
            on_change=_remember,
            args=(field, key),
        )


def _remember(field: str, key: str) -> None:
    keep_profile(profile().told(field, st.session_state[key] or ""))


def _file() -> None:
    st.header(_("Take it along"), anchor=False)
    if profile() != Profile():
        with st.container(horizontal=True):
            st.download_button(
                _("Save as a file"),
                save_profile(profile()).encode(),
                _FILE,
                "application/json",
                key="save-profile",
                icon=":material/save:",
                on_click="ignore",
            )
            st.button(
                _("Empty the profile"),
                key="empty-profile",
                icon=":material/delete:",
                on_click=replace_profile,
                args=(Profile(),),
            )
    allow_uploads(MAX_FILE_BYTES)
    file = st.file_uploader(
        _("Open a saved profile"),
        type=["json"],
        key=f"open-profile-{profile_edition()}",
        max_upload_size=max(1, MAX_FILE_BYTES // _MEGABYTE),
    )
    if file is None:
        return
    try:
        opened = open_profile(file.getvalue())
    except ProfileError as exc:
        st.error(markup.as_markdown(str(exc)))
        return
    replace_profile(opened)
    st.rerun()


show()
