"""File formats: which endings are known, and what a file holds whatever its name."""

from __future__ import annotations

import io
import re
import zipfile

from kb.errors import UnreadableDocumentError, UnsupportedFormatError, shown

_READABLE = (".md", ".pdf", ".docx", ".html", ".txt")
_HTML = (".html", ".htm")
_HEAD_BYTES = 4096
_HTML_START = re.compile(
    rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I
)
_HTML_START_16 = re.compile(r"\s*<(!doctype\s+html|html)\b", re.I)
_TAG = re.compile(rb"<\x00?[a-zA-Z!/]")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ADVICE = {
    ".doc": "Open it in Word or LibreOffice and save it as .docx or PDF.",
    ".odt": "Open it in LibreOffice or Word and save it as .docx or PDF.",
    ".rtf": "Open it in Word or LibreOffice and save it as .docx or PDF.",
    ".pages": "Open it in Pages and export it as .docx or PDF.",
    ".ppt": "Open it in PowerPoint or LibreOffice and export it as PDF.",
    ".pptx": "Open it in PowerPoint or LibreOffice and export it as PDF.",
    ".odp": "Open it in LibreOffice and export it as PDF.",
    ".xls": "Export the sheet as PDF, or copy its table into a .docx file.",
    ".xlsx": "Export the sheet as PDF, or copy its table into a .docx file.",
    ".ods": "Export the sheet as PDF, or copy its table into a .docx file.",
    ".csv": "Copy its table into a .docx or .md file.",
    ".mht": "Save the page in the browser again as “web page, HTML only”.",
    ".mhtml": "Save the page in the browser again as “web page, HTML only”.",
    ".epub": "Export it as PDF or .docx.",
    ".png": "Make a PDF of it and add a text layer, for example with ocrmypdf.",
    ".jpg": "Make a PDF of it and add a text layer, for example with ocrmypdf.",
    ".jpeg": "Make a PDF of it and add a text layer, for example with ocrmypdf.",
    ".tif": "Make a PDF of it and add a text layer, for example with ocrmypdf.",
    ".tiff": "Make a PDF of it and add a text layer, for example with ocrmypdf.",
    ".markdown": "Rename it so that it ends in .md.",
    ".xhtml": "Rename it so that it ends in .html.",
}


def unsupported(
    suffix: str, known: tuple[str, ...], path: str
) -> UnsupportedFormatError:
    """Return the error for a file of an unknown format, with how to convert it.

    Args:
        suffix: The file's ending in lower case, with its dot; may be empty.
        known: The endings that can be read.
        path: The file's path below the corpus folder.
    """
    reason = (
        f"files ending in {shown(suffix)} cannot be read."
        if suffix
        else "a file without an ending cannot be read."
    )
    advice = _ADVICE.get(suffix, f"Convert it to one of {', '.join(known)}.")
    return UnsupportedFormatError(
        reason,
        f"{advice} Or move it out of the corpus.",
        path=path,
        rule="unsupported-format",
    )


def require_format(raw: bytes, suffix: str, path: str) -> None:
    """Compare what a file holds with what its name says.

    Only certain mismatches count; what is merely damaged is left to the reader.

    Args:
        raw: The file's bytes.
        suffix: The ending of its name in lower case.
        path: The file's path below the corpus folder.

    Raises:
        UnreadableDocumentError: It is empty, locked, or in another format.
    """
    if not raw.strip(b"\0\t\n\r\f \xef\xbb\xbf\xfe\xff"):
        raise UnreadableDocumentError(
            "the file is empty.",
            "Save it again in its program, or remove it.",
            path=path,
            rule="empty",
        )
    if raw.startswith(_OLD_OFFICE) and suffix == ".docx" and _ENCRYPTED in raw:
        raise UnreadableDocumentError(
            "the Word file needs a password.",
            "Save a copy without a password.",
            path=path,
            rule="password",
        )
    found = _format_of(raw, suffix)
    if found is None:
        return
    name, right = found
    if suffix in right:
        return
    if right[0] in _READABLE:
        advice = f"Rename it so that it ends in {right[0]}."
    else:
        advice = _ADVICE.get(right[0], "Remove it, or save its text as .docx or PDF.")
    raise UnreadableDocumentError(
        f"the file is {name} although its name ends in {suffix}.",
        advice,
        path=path,
        rule="wrong-format",
    )


def _format_of(raw: bytes, suffix: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what a file is and the endings for it; None where that is uncertain."""
    head = raw[:_HEAD_BYTES]
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Some programs write a few bytes before the PDF; the standard allows a kilobyte.
    if b"%PDF-" in head[:1024] and (suffix == ".pdf" or head.startswith(b"%PDF-")):
        return "a PDF", (".pdf",)
    if head.startswith(_OLD_OFFICE):
        return "an old Office file", (".doc",)
    if head.startswith(b"{\\rtf"):
        return "an RTF file", (".rtf",)
    if head.startswith(b"PK\x03\x04"):
        return _zip_format(raw)
    is_html = _HTML_START.match(head) or (
        is_utf_16 and _HTML_START_16.match(head.decode("utf-16", "ignore"))
    )
    if is_html:
        return "a web page", _HTML
    if suffix in _HTML and not _TAG.search(raw):
        return "plain text", (".txt", ".md")
    return None if is_utf_16 else _by_signature(head)


def _zip_format(raw: bytes) -> tuple[str, tuple[str, ...]] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = set(package.namelist())
            kind = package.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception:  # a damaged package, which its reader reports
        return None
    if "word/document.xml" in names:
        return "a Word file", (".docx",)
    if "xl/workbook.xml" in names:
        return "an Excel file", (".xlsx",)
    if "ppt/presentation.xml" in names:
        return "a PowerPoint file", (".pptx",)
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "an OpenDocument text", (".odt",)
    if kind == b"application/epub+zip":
        return "an e-book", (".epub",)
    return None


def _by_signature(head: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Return the format of other binary files: pictures, sound, archives."""
    import puremagic

    if head[:512].isascii() or b"\0" not in head[:512]:
        return None  # text, whose first words say nothing certain
    try:
        ending = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return f"in the format {ending}", (ending,)
