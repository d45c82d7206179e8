"""A document to take home: its three files, and how they will read.

Streamlit's own download button hands out what the page held before the click, without
what was typed last: text is sent when its field is left, which the click itself does.
So a plain button makes the file, after everything has arrived, and a few lines in the
browser save it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import streamlit as st

from ui import markup
from ui.prepare import markup as prepare_markup
from ui.prepare.documents.deck import Deck
from ui.prepare.documents.document import Document, file_name
from ui.prepare.documents.markdown import to_markdown
from ui.prepare.documents.pdf import to_pdf
from ui.prepare.documents.powerpoint import to_powerpoint
from ui.prepare.documents.word import to_word
from ui.texts import _

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_POWERPOINT = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)
# The browser may call it again for the same file; the id tells.
_save = st.components.v2.component(
    "save_file",
    js="""
let saved = "";
export default ({data}) => {
  if (data.id === saved) return;
  saved = data.id;
  const bytes = Uint8Array.from(atob(data.content), (sign) => sign.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], {type: data.mime}));
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};
""",
)


@dataclass(frozen=True)
class File:
    """A file that can be saved; it is made when it is wanted."""

    label: str
    """Of its button, in the reader's language."""
    name: str
    mime: str
    make: Callable[[], bytes]
    icon: str = ":material/download:"


def document_files(document: Document) -> list[File]:
    """Return the files of a document: Word, PDF and Markdown."""

    def named(ending: str) -> str:
        return file_name(document.title, document.made_on, ending)

    return [
        File(_("Word (.docx)"), named("docx"), _WORD, lambda: to_word(document)),
        File(
            _("PDF (.pdf)"), named("pdf"), "application/pdf", lambda: to_pdf(document)
        ),
        File(
            _("Markdown (.md)"),
            named("md"),
            "text/markdown",
            lambda: to_markdown(document).encode(),
        ),
    ]


def deck_file(deck: Deck) -> File:
    """Return the file of some slides."""
    return File(
        _("PowerPoint (.pptx)"),
        file_name(deck.title, deck.made_on, "pptx"),
        _POWERPOINT,
        lambda: to_powerpoint(deck),
        icon=":material/slideshow:",
    )


def file_buttons(files: list[File], *, key: str) -> None:
    """Draw a button for each file; a click makes the file and saves it.

    Args:
        files: In the order of their buttons.
        key: Distinguishes them from other files on the page.
    """
    wanted = None
    with st.container(horizontal=True):
        for place, file in enumerate(files):
            if st.button(file.label, key=f"{key}-{place}", icon=file.icon):
                wanted = file
    if wanted:
        with st.spinner(_("Making the file …")):
            content = wanted.make()
        _hand_over(wanted, content, key)


def preview(document: Document) -> None:
    """Draw the document as its files will read, below a heading of the second level."""
    with st.container(border=True, key="preview"):
        st.html(prepare_markup.paper(document))


def _hand_over(file: File, content: bytes, key: str) -> None:
    """Save a file in the browser, with a button in case the browser refuses."""
    _save(
        data={
            "id": uuid4().hex,
            "name": file.name,
            "mime": file.mime,
            "content": b64encode(content).decode("ascii"),
        },
        key="save-file",
        height=0,
    )
    with st.container(horizontal=True, vertical_alignment="center", key="file-ready"):
        st.html(markup.status(_("{name} is ready.", name=file.name)))
        st.download_button(
            _("Save it again"),
            content,
            file.name,
            file.mime,
            key=f"{key}-again",
            type="tertiary",
            on_click="ignore",
        )
