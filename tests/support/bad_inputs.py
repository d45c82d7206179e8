"""Files that a corpus may be given by mistake or malice, and what is said of each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.support import bad_files as make
from tests.support.bad_files import SENTENCE, Maker
from tests.support.tiny_corpus import CASE_FILES

CITY = "sampleby"
HIDDEN = "hidden-"
"""Begins each word that must never become part of the corpus."""
LIMITS_MB, LIMIT_PAGES = 50, 400
"""Limits for which the table is made: size before and after unpacking, and pages."""

SIDECAR = CASE_FILES["sampleby/walking-diary.pdf.yaml"]
HEAD = f"---\n{SIDECAR}---\n"
BODY = f"\n## Costs\n\n- {SENTENCE} [^S1]\n"


@dataclass(frozen=True)
class BadInput:
    """A file, the rule under which it is reported, and what the message names.

    With the rule "" the file is merely odd: it is read, but for the words in it that
    begin with ``hidden-``. A rule with "~" in front is a warning; the file is read.
    """

    name: str
    make: Maker
    rule: str
    says: tuple[str, ...] = ()
    sidecar: str | None = ""
    """Front matter beside the file; "" for a good one where the format needs it."""


def _in_city(
    name: str,
    maker: Maker,
    rule: str,
    *says: str,
    sidecar: str | None = "",
) -> BadInput:
    return BadInput(f"{CITY}/{name}", maker, rule, says, sidecar)


def _case(head: str) -> Maker:
    return make.text(f"---\n{head}---\n{BODY}")


def _costs(name: str, section: str, rule: str, *says: str) -> BadInput:
    return _in_city(name, make.text(f"{HEAD}\n## Costs\n\n{section}"), rule, *says)


def _changed(old: str, new: str) -> Maker:
    assert old in SIDECAR
    return _case(SIDECAR.replace(old, new))


_PDF = (
    _in_city("locked-aes.pdf", make.locked_pdf("AES-256"), "password", "password"),
    _in_city("locked-rc4.pdf", make.locked_pdf("RC4-128"), "password", "password"),
    _in_city("cut.pdf", make.cut_pdf, "damaged", "save it again"),
    _in_city("header-only.pdf", make.raw(b"%PDF-1.7\n"), "damaged", "save it again"),
    _in_city("empty-pdf.pdf", make.raw(b""), "empty", "empty"),
    _in_city("scanned.pdf", make.image_pdf, "no-text-layer", "ocrmypdf"),
    _in_city("blank.pdf", make.pdf("", ""), "no-text-layer", "ocrmypdf"),
    _in_city("partly-scanned.pdf", make.partly_scanned_pdf, "~no-text-layer", "page 2"),
    _in_city(
        "long.pdf",
        make.pdf(*[SENTENCE] * 501),
        "too-many-pages",
        "501",
        "KB_FILE_PAGES",
    ),
    _in_city("bomb.pdf", make.bomb_pdf, "too-large", "unpacked"),
    _in_city("deep-pages.pdf", make.deep_pdf, "damaged", "save it again"),
    _in_city("looping-pages.pdf", make.looping_pdf, "damaged", "save it again"),
    _in_city("looping-outline.pdf", make.looping_outline_pdf, ""),
    _in_city("looping-form.pdf", make.crowded_form_pdf, ""),
    _in_city("scripted.pdf", make.scripted_pdf, ""),
    _in_city("half-characters.pdf", make.surrogate_pdf, ""),
    _in_city("picture.pdf", make.png, "wrong-format", "png"),
    _in_city("text.pdf", make.text(SENTENCE * 9), "damaged", "save it again"),
    _in_city(
        "no-sidecar.pdf",
        make.pdf(),
        "front-matter-missing",
        "no-sidecar.pdf.yaml",
        sidecar=None,
    ),
    _in_city(
        "list-sidecar.pdf",
        make.pdf(),
        "front-matter-syntax",
        "no keys",
        sidecar="- title\n",
    ),
    _in_city(
        "other-sidecar.pdf",
        make.pdf(),
        "front-matter-schema",
        "'name'",
        sidecar="name: Somebody\n",
    ),
)
_WORD = (
    _in_city("pdf.docx", make.pdf(), "wrong-format", "PDF", ".pdf"),
    _in_city("empty-word.docx", make.raw(b""), "empty", "empty"),
    _in_city("cut-word.docx", make.cut_word, "damaged", "save it again"),
    _in_city("archive.docx", make.archive, "damaged", "save it again"),
    _in_city("excel.docx", make.excel, "wrong-format", "Excel"),
    _in_city("locked.docx", make.locked_word, "password", "password"),
    _in_city(
        "no-text.docx",
        make.changed_word({"word/document.xml": None}),
        "damaged",
        "save it again",
    ),
    _in_city(
        "zip-bomb.docx",
        make.word_text(make.word_paragraph("a" * 80_000_000)),
        "too-large",
        "KB_FILE_EXPANDED_MB",
    ),
    _in_city(
        "picture-bomb.docx",
        make.changed_word({"word/media/image1.png": b"\0" * 80_000_000}),
        "too-large",
        "KB_FILE_EXPANDED_MB",
    ),
    _in_city("lying-size.docx", make.lying_word, "damaged", "save it again"),
    _in_city(
        "outside-entity.docx",
        make.word_text(
            make.word_paragraph(f"&outside; {SENTENCE}"),
            '<!DOCTYPE d [<!ENTITY outside SYSTEM "file:///etc/passwd">]>',
        ),
        "damaged",
        "save it again",
    ),
    _in_city(
        "laughs.docx",
        make.word_text(make.word_paragraph("&l9;"), f"<!DOCTYPE d [{make.LAUGHS}]>"),
        "damaged",
        "save it again",
    ),
    _in_city(
        "deep.docx",
        make.word_text(f"{'<w:p>' * 50_000}{SENTENCE}{'</w:p>' * 50_000}"),
        "damaged",
        "save it again",
    ),
    _in_city(
        "macro.docx",
        make.changed_word({"word/vbaProject.bin": b"hidden-macro"}),
        "",
    ),
)
_WEB = (
    _in_city("empty-page.html", make.raw(b""), "empty", "empty"),
    _in_city(
        "scripts.html",
        make.html(
            f"<h2>Costs</h2><p onclick='hidden-click()'>{SENTENCE}</p>"
            "<script>hidden-script()</script><style>p::after{content:'hidden-'}</style>"
            "<iframe src='http://127.0.0.1:9/' srcdoc='hidden-frame'></iframe>"
            "<img src='data:image/png;base64,aGlkZGVuLQ==' onerror='hidden-error()'>"
            "<object data='http://127.0.0.1:9/'>hidden-object</object>"
            "<p hidden>hidden-text</p><!-- hidden-comment -->"
            "<template><p>hidden-template</p></template>",
            "<meta http-equiv='refresh' content='0;url=http://127.0.0.1:9/'>"
            "<base href='http://127.0.0.1:9/'><link rel=stylesheet href='/x.css'>",
        ),
        "",
    ),
    _in_city(
        "only-scripts.html", make.html("<script>hidden-()</script>"), "empty", "no text"
    ),
    _in_city(
        "nested.html",
        make.html(f"{'<div>' * 10_000}<p>{SENTENCE}</p>{'</div>' * 10_000}"),
        "damaged",
    ),
    _in_city(
        "unclosed.html",
        make.html(f"<h2>Costs</h2><table><td><p><b>{SENTENCE}<ul><li>" * 9),
        "",
    ),
    _in_city(
        "attribute.html",
        make.html(f"<p title='{'hidden-' * 700_000}'>{SENTENCE}</p>"),
        "",
    ),
    _in_city(
        "laughs-page.html",
        make.text(
            f"<!DOCTYPE html [{make.LAUGHS}]><html><p>&l9; {SENTENCE}</p></html>"
        ),
        "",
    ),
    _in_city(
        "latin-1.html",
        make.html_bytes(b"", f"<p>W\xe4rme. {SENTENCE}</p>".encode("latin-1")),
        "~encoding",
        "cp1252",
    ),
    _in_city(
        "declared-latin-1.html",
        make.html_bytes(
            b'<meta charset="iso-8859-1">',
            f"<p>W\xe4rme. {SENTENCE}</p>".encode("latin-1"),
        ),
        "",
    ),
    _in_city(
        "wrong-charset.html",
        make.html_bytes(
            b'<meta charset="utf-8">', f"<p>W\xe4rme. {SENTENCE}</p>".encode("latin-1")
        ),
        "encoding",
        "UTF-8",
    ),
    _in_city(
        "unknown-charset.html",
        make.html_bytes(b'<meta charset="klingon">', b"<p>W\xe4rme</p>"),
        "encoding",
        "UTF-8",
    ),
    _in_city(
        "utf-16.html",
        make.text(f"<html><body><p>{SENTENCE}</p></body></html>", "utf-16"),
        "",
    ),
    _in_city("nul.html", make.html(f"<p>\0{SENTENCE}</p>"), "encoding", "NUL"),
)
_TEXT = (
    _in_city("empty-case.md", make.raw(b""), "empty", "empty"),
    _in_city("empty-text.txt", make.raw(b"  \n"), "empty", "empty"),
    _in_city("page.md", make.html(f"<p>{SENTENCE}</p>"), "wrong-format", ".html"),
    _in_city("picture-case.md", make.png, "wrong-format", "png"),
    _in_city(
        "latin-1-case.md",
        make.text(f"{HEAD}W\xe4rme.{BODY}", "latin-1"),
        "encoding",
        "UTF-8",
    ),
    _in_city("utf-16-case.md", make.text(HEAD + BODY, "utf-16"), ""),
    _in_city("nul-case.md", make.text(f"{HEAD}\0{BODY}"), "encoding", "NUL"),
    _in_city(
        "mixed.txt", make.raw("Wärme. ".encode() + b"W\xe4rme."), "encoding", "UTF-8"
    ),
    _in_city("noise.txt", make.raw(bytes(range(255, -1, -1)) * 9), "encoding"),
    _costs("one-line.md", f"- {'pipe ' * 1_000_000}[^S1]", ""),
    _costs("brackets.md", "[" * 50_000 + BODY, ""),
    _costs("stars.md", "*a_" * 30_000 + BODY, ""),
    _costs("quotes.md", f"{'>' * 50_000} x{BODY}", "damaged", "nested"),
    _costs("lists.md", f"{'- ' * 5_000}x{BODY}", "damaged", "nested"),
)
_FRONT_MATTER = (
    _in_city("bare.md", make.text(BODY), "front-matter-missing", "bare.md.yaml", "---"),
    _in_city(
        "unclosed-head.md",
        make.text(f"---\n{SIDECAR}"),
        "front-matter-syntax",
        "not closed",
        "---",
    ),
    _in_city(
        "tabs.md",
        _changed("  S1:\n", "\tS1:\n"),
        "front-matter-syntax",
        "indentation",
    ),
    _in_city("aliases.md", _case(make.ALIASES), "front-matter-syntax", "&"),
    _in_city(
        "aliases-in-title.md",
        _case(make.ALIASES + SIDECAR.replace("A walking diary for schools", "*a11")),
        "front-matter-syntax",
        "&",
    ),
    _in_city("itself.md", _case("title: &a [*a]\n"), "front-matter-syntax", "&"),
    _in_city(
        "deep-yaml.md",
        _case(f"title: {'[' * 9_000}\n"),
        "front-matter-syntax",
        "nested",
    ),
    _in_city(
        "object.md",
        _changed("A walking diary for schools", "!!python/object/apply:os.getcwd []"),
        "front-matter-syntax",
    ),
    _in_city(
        "long-number.md",
        _changed("2023\nreview", f"{'9' * 5_000}\nreview"),
        "front-matter-syntax",
    ),
    _in_city(
        "half-character.md",
        _changed("A walking diary for schools", '"\\ud800 diary"'),
        "front-matter-schema",
        "'title'",
    ),
    _in_city(
        "control-characters.md",
        _changed("A walking diary for schools", '"\\e[31mdiary\\0"'),
        "front-matter-schema",
        "'title'",
    ),
    _in_city("twice.md", _case(SIDECAR + "city: sampleby\n"), "duplicate-key", "city"),
    _in_city(
        "types.md",
        _changed("[citizen-engagement]", "{a: 1}"),
        "front-matter-schema",
        "'themes'",
    ),
    _in_city("list.md", _case("- title\n"), "front-matter-syntax", "no keys"),
    _in_city(
        "both.md",
        make.text(HEAD + BODY),
        "front-matter-twice",
        "both.md.yaml",
        sidecar=SIDECAR,
    ),
    _in_city(
        "no-city.md", _changed("city: sampleby", "city: x"), "unknown-city", "'x'"
    ),
    _in_city(
        "wrong-folder.md",
        _changed("city: sampleby", "city: exampleton"),
        "city-folder",
        "exampleton",
    ),
)


def _unknown(name: str, *says: str) -> BadInput:
    return _in_city(
        name, make.text(SENTENCE), "unsupported-format", *says, sidecar=None
    )


_NAMES = (
    _unknown("old.doc", ".doc", "save it as .docx"),
    _unknown("table.xlsx", ".xlsx", "PDF"),
    _unknown("packed.zip", ".zip", "Convert it"),
    _unknown("ending", "without an ending"),
    _in_city("With Spaces.md", make.text(HEAD + BODY), "file-name", "With Spaces"),
    _in_city("wärme.md", make.text(HEAD + BODY), "file-name", "wärme"),
    _in_city("UPPER.MD", make.text(HEAD + BODY), "file-name", "UPPER"),
    _in_city("line\nend.md", make.text(HEAD + BODY), "file-name", "\\n"),
    _in_city(
        os.fsdecode(b"not-utf-8-\xff.md"), make.text(HEAD + BODY), "file-name", "udcff"
    ),
    _in_city(f"{'a' * 240}.md", make.text(HEAD + BODY), ""),
    _in_city("link-out.md", make.link("/etc/hostname"), "outside-corpus", "link"),
    _in_city("link-loop.md", make.link("link-loop.md"), "broken-link", "link"),
    _in_city("link-broken.md", make.link("nowhere.md"), "broken-link", "link"),
    _in_city("folder.pdf", make.folder, "not-a-file", "folder", sidecar=None),
    _in_city("pipe.md", make.pipe, "not-a-file", "pipe"),
    _in_city("twin.md", make.text(HEAD + BODY), ""),
    _in_city("twin.txt", make.text(HEAD + BODY), "duplicate-id", "twin.md"),
    _in_city(
        "orphan.pdf.yaml",
        make.text(SIDECAR),
        "sidecar-without-file",
        "orphan.pdf",
        sidecar=None,
    ),
    BadInput("top.md", make.text(HEAD + BODY), "city-folder", ("folder of its city",)),
)

BAD_INPUTS = (*_PDF, *_WORD, *_WEB, *_TEXT, *_FRONT_MATTER, *_NAMES)
HIDDEN_FILES = ("sampleby/.hidden.md", "sampleby/~$open.docx", "sampleby/README.md")
"""Passed over without a word."""

_CARRIES_FRONT_MATTER = (".md", ".yaml")


def write_bad_inputs(corpus: Path) -> None:
    """Write the bad inputs into a corpus that has the city of Sampleby."""
    for name in HIDDEN_FILES:
        (corpus / name).write_text("hidden-file")
    for bad in BAD_INPUTS:
        path = corpus / bad.name
        bad.make(path)
        needs_one = path.suffix.lower() not in _CARRIES_FRONT_MATTER
        sidecar = SIDECAR if bad.sidecar == "" and needs_one else bad.sidecar
        if sidecar:
            path.with_name(f"{path.name}.yaml").write_text(sidecar, encoding="utf-8")
