"""PDF documents: pages, repaired text, sidecars, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.documents import Block, Document
from ingest.limits import Limits
from kb.errors import UnreadableDocumentError
from kb.settings import Settings
from tests.support.tiny_corpus import (
    WALKING_DIARY_PAGES,
    WALKING_DIARY_SIDECAR,
    write_pdf,
)
from tests.unit.ingest.readers.files import read_file


def read(path: Path) -> Document:
    """Read a PDF in a city folder of its own."""
    return read_file(path, path.parents[1], Limits.of(Settings()))


def with_sidecar(path: Path, sidecar: str = WALKING_DIARY_SIDECAR) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.with_name(path.name + ".yaml").write_text(sidecar, encoding="utf-8")
    return path


@pytest.fixture
def report(tmp_path):
    """Return a function that writes a PDF with its sidecar and gives its path."""

    def write(*pages: str, **passwords: str) -> Path:
        return with_sidecar(
            write_pdf(tmp_path / "sampleby" / "report.pdf", pages, **passwords)
        )

    return write


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_read_pdf_when_the_report_has_two_pages(report):
    """Each page gives blocks with its number, counted from 1."""
    document = read(report(*WALKING_DIARY_PAGES))
    assert document.blocks == [
        Block(
            section="",
            text="Walking diary of Sampleby. In 2023 three hundred pupils wrote down "
            "how they came to school. After four weeks half of the pupils walked.",
            page=1,
        ),
        Block(
            section="",
            text="Parents kept the cars at home on Fridays. "
            "The diary cost the city 900 crowns for paper and prizes.",
            page=2,
        ),
    ]


def test_read_pdf_when_the_sidecar_fits(report):
    """The sidecar gives the case; the report is itself the source."""
    document = read(report("One."))
    assert document.problems == []
    assert document.case is not None
    assert document.case.case_id == "sampleby/report"
    assert document.case.path == "sampleby/report.pdf"
    assert document.cites_itself


def test_read_pdf_when_a_page_is_empty_in_between(report):
    """A page without text keeps its number for those after it."""
    document = read(report("One.", "", "Three."))
    assert [(block.text, block.page) for block in document.blocks] == [
        ("One.", 1),
        ("Three.", 3),
    ]


def test_read_pdf_when_blank_lines_part_paragraphs(report):
    """A blank line ends a paragraph; other line ends become spaces."""
    assert texts(read(report("One\ntwo.\n \nThree."))) == ["One two.", "Three."]


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("e\ufb03cient \ufb02ow", "efficient flow"),
        ("heat-\ning", "heating"),
        ("co\u00ad\noperation", "cooperation"),
        ("Straße, İstanbul", "Straße, İstanbul"),
        ("Ελλάδα, Pécs, Malmö, Łódź", "Ελλάδα, Pécs, Malmö, Łódź"),
    ],
    ids=[
        "ligatures",
        "hyphen at the line end",
        "soft hyphen at the line end",
        "letters whose case changes their length",
        "other alphabets",
    ],
)
def test_read_pdf_when_type_was_set(report, drawn, text):
    """Ligatures and hyphenation are undone, everything else stays."""
    assert texts(read(report(drawn))) == [text]


@pytest.mark.parametrize("drawn", ["10-\n20 homes", "North-\nSouth"])
def test_read_pdf_when_the_hyphen_belongs_to_the_text(report, drawn):
    """The hyphen of a range or a double name stays where the line ends."""
    (text,) = texts(read(report(drawn)))
    assert text.replace(" ", "") == drawn.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("θέρ-\nμανση", "θέρμανση"),
        ("во-\nда", "вода"),
        ("idő-\nűző", "időűző"),
        ("heat\u2010\ning", "heating"),
    ],
    ids=["Greek", "Cyrillic", "Hungarian letter", "typographic hyphen"],
)
def test_read_pdf_when_a_line_ends_inside_a_word_of_another_script(report, drawn, text):
    """Hyphenation is undone in every alphabet of the sources."""
    assert texts(read(report(drawn))) == [text]


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [("10⁶ kWh", "106"), ("in 2019³", "20193"), ("3½ years", "31")],
    ids=["power of ten", "footnote number", "fraction"],
)
def test_read_pdf_when_digits_are_raised(report, drawn, wrong):
    """A raised digit never becomes part of the number before it."""
    (text,) = texts(read(report(drawn)))
    assert wrong not in text


def test_read_pdf_when_the_sidecar_is_missing(tmp_path):
    """A PDF alone is refused; the message names the file to create."""
    path = write_pdf(tmp_path / "sampleby" / "report.pdf", ["One."])
    with pytest.raises(
        UnreadableDocumentError,
        match=r"^sampleby/report\.pdf: .*no front matter\. Create 'report\.pdf\.yaml'",
    ):
        read(path)


def test_read_pdf_when_the_sidecar_is_wrong(tmp_path):
    """A fault in the sidecar is reported with the sidecar's name and line."""
    path = with_sidecar(
        write_pdf(tmp_path / "sampleby" / "report.pdf", ["One."]),
        WALKING_DIARY_SIDECAR.replace("year: 2023", "year: 1850"),
    )
    document = read(path)
    assert document.case is None
    (problem,) = document.problems
    assert (problem.path, problem.line) == ("sampleby/report.pdf.yaml", 13)


def test_read_pdf_when_only_editing_is_locked(report):
    """A PDF that opens without a password is read, although it is encrypted."""
    path = report("One.", owner_password="editor")
    assert texts(read(path)) == ["One."]


def test_read_pdf_when_a_password_is_needed(report):
    """A locked PDF is refused with the remedy."""
    path = report("One.", user_password="secret")
    with pytest.raises(
        UnreadableDocumentError,
        match=r"^sampleby/report\.pdf: .*needs a password\. Save a copy without",
    ):
        read(path)


def test_read_pdf_when_pages_are_images(report):
    """A PDF without any text is refused with the remedy."""
    with pytest.raises(
        UnreadableDocumentError, match=r"no page has a text layer.*ocrmypdf"
    ):
        read(report("", ""))


@pytest.mark.parametrize(
    "content",
    [b"This is no PDF.", b"%PDF-1.7\n%%EOF\n"],
    ids=["text", "header only"],
)
def test_read_pdf_when_the_file_is_no_pdf(tmp_path, content):
    """Bytes that are not a PDF are refused with the remedy."""
    path = with_sidecar(tmp_path / "sampleby" / "report.pdf")
    path.write_bytes(content)
    with pytest.raises(
        UnreadableDocumentError,
        match=r"^sampleby/report\.pdf: .*cannot be read.*save it again",
    ):
        read(path)


def test_read_pdf_when_the_file_is_cut_short(report):
    """A half-transferred PDF is refused and does not crash the reader."""
    path = report("One.")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnreadableDocumentError, match=r"save it again"):
        read(path)


def test_read_pdf_when_its_index_is_garbled(report):
    """Damage that pypdf meets with a plain TypeError is still one unreadable file."""
    path = report("One.")
    path.write_bytes(path.read_bytes().replace(b"xref\n0 ", b"xref\n(0) ", 1))
    with pytest.raises(UnreadableDocumentError, match=r"save it again"):
        read(path)


def test_read_file_when_the_ending_is_in_capitals(tmp_path):
    """``.PDF`` is a PDF too."""
    path = with_sidecar(write_pdf(tmp_path / "sampleby" / "report.PDF", ["One."]))
    document = read(path)
    assert document.path == "sampleby/report.PDF"
    assert texts(document) == ["One."]
