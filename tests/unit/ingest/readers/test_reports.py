"""The committed reports, made with real programs: nothing of their text is lost."""

from __future__ import annotations

import json

import pytest
from pypdf import PdfReader, PdfWriter

from kb.errors import UnreadableDocumentError
from kb.sections import SUBSECTION
from tests.fixtures.reports.contents import FORM
from tests.support.tiny_corpus import write_pdf
from tests.unit.ingest.readers.files import (
    LIMITS,
    REPORTS,
    put,
    read_file,
    read_report,
    texts,
)

EXPECTED = json.loads((REPORTS / "expected.json").read_text(encoding="utf-8"))
WHOLE = [
    "heat-report.docx",
    "heat-report.pdf",
    "hungarian-memo.docx",
    "hungarian-memo.pdf",
    "finnish-newsletter.pdf",
    "two-column-article.pdf",
]


def said(name: str) -> dict[str, list[str]]:
    """Return what the report of a file name says."""
    found: dict[str, list[str]] = EXPECTED[name.partition(".")[0]]
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_report_keeps_every_sentence(tmp_path, name):
    """Every sentence stands in one block, whatever line, column or page it broke at."""
    found = texts(read_report(tmp_path, name))
    lost = [s for s in said(name)["sentences"] if not any(s in text for text in found)]
    assert lost == []


@pytest.mark.parametrize("name", WHOLE)
def test_report_keeps_every_heading(tmp_path, name):
    """Every heading below the title names a section."""
    document = read_report(tmp_path, name)
    found = {part for b in document.blocks for part in b.section.split(SUBSECTION)}
    assert set(said(name)["headings"][1:]) - found == set()


@pytest.mark.parametrize("name", WHOLE)
def test_report_keeps_every_cell(tmp_path, name):
    """Every table cell stands beside the name of its column."""
    found = texts(read_report(tmp_path, name))
    lost = [c for c in said(name)["cells"] if not any(c in text for text in found)]
    assert lost == []


@pytest.mark.parametrize("name", [name for name in WHOLE if "memo.pdf" not in name])
def test_report_loses_its_running_lines(tmp_path, name):
    """Headers and footers are no text where several pages show them."""
    found = " ".join(texts(read_report(tmp_path, name)))
    for running in ("Office of Invented Works", "Annals of Invented", "Page "):
        assert running not in found


def test_word_report_keeps_merged_cells_lists_and_notes(tmp_path):
    """A merged cell holds for both rows, items are blocks, notes follow their text."""
    found = texts(read_report(tmp_path, "heat-report.docx"))
    assert (
        "Heat source: Heat pump; Year: 2019; Output: 9 MW; Cost: 7 million crowns"
        in found
    )
    at = found.index("The boiler burns straw from twelve farms around Testby.")
    assert found[at + 1 : at + 6] == [
        "The farms lie within nine kilometres of the boiler house.",
        "The boiler house stands at Ferry Quay.",
        "Two stores hold the straw:",
        "the covered yard holds 400 tonnes",
        "the barn holds 150 tonnes",
    ]


def test_word_report_nests_its_sections(tmp_path):
    """A heading below a heading extends its name; the title is no section."""
    document = read_report(tmp_path, "heat-report.docx")
    sections = list(dict.fromkeys(block.section for block in document.blocks))
    assert sections == [
        "",
        "Background",
        "Background › The straw boiler",
        "Costs",
        "Results and lessons",
        "Results and lessons › What residents said",
    ]


def test_pdf_sentence_over_a_page_break_is_cited_with_its_first_page(tmp_path):
    """The sentence stays with the page it begins on, the next with its own."""
    blocks = read_report(tmp_path, "two-column-article.pdf").blocks
    sentences = said("two-column-article.pdf")["sentences"]
    pages = {
        number: [b.page for b in blocks if sentence in b.text]
        for sentence in sentences
        for number in ("348", "349", "388", "389")
        if f" {number} " in sentence
    }
    assert pages == {"348": [1], "349": [2], "388": [2], "389": [3]}


def test_pdf_without_bookmarks_has_headings_by_their_letters(tmp_path):
    """Larger or bold letters make a heading where the file names none."""
    writer = PdfWriter()
    for page in PdfReader(REPORTS / "heat-report.pdf").pages:
        writer.add_page(page)
    path = put(tmp_path, "plain.pdf", b"")
    writer.write(path)
    document = read_file(path, tmp_path, LIMITS)
    found = {part for b in document.blocks for part in b.section.split(SUBSECTION)}
    assert set(said("heat-report.pdf")["headings"][1:]) - found == set()


@pytest.mark.parametrize("name", ["hungarian-memo.docx", "hungarian-memo.pdf"])
def test_memo_with_marks_is_a_case(tmp_path, name):
    """A file whose statements carry marks is no report that cites itself."""
    document = read_report(tmp_path, name)
    assert not document.cites_itself
    assert "Az ősszel húsz épületet kötöttek be. [^S1][^S2]" in texts(document)


@pytest.mark.parametrize("name", ["heat-report.docx", "heat-report.pdf"])
def test_report_without_marks_cites_itself(tmp_path, name):
    """A report rests on itself."""
    assert read_report(tmp_path, name).cites_itself


def test_edited_memo_shows_its_final_text(tmp_path):
    """Deleted and hidden text and comments are gone; insertions and boxes stay."""
    assert texts(read_report(tmp_path, "edited-memo.docx")) == [
        "The pump of Testby stands by the river. The pump was repaired in May. "
        "It heats forty homes.",
        "Anyone may read this sentence.",
        "The council agreed without a vote.",
        "Here stands a box.",
        "The box says that straw is dry.",
    ]


def test_form_keeps_its_values(tmp_path):
    """What was filled in stands beside the name of its field, with the page."""
    document = read_report(tmp_path, "form.pdf")
    rows = [(block.text, block.page) for block in document.blocks[-len(FORM) :]]
    assert rows == [(f"{name}: {value}", 1) for name, value in FORM.items()]


def test_partly_scanned_report_names_the_pages_without_text(tmp_path):
    """Pages that are pictures are named in a warning; the others are read."""
    document = read_report(tmp_path, "partly-scanned.pdf")
    (problem,) = document.problems
    assert (problem.rule, problem.severity) == ("no-text-layer", "warning")
    assert problem.reason.startswith("page 2 has no text layer")
    assert {block.page for block in document.blocks} == {1, 3}


def test_scan_with_a_page_number_has_no_text_layer(tmp_path):
    """A picture of a page with only a stamp as text counts as a picture."""
    writer = PdfWriter(REPORTS / "partly-scanned.pdf")
    stamp = PdfWriter()
    stamp.add_page(PdfReader(write_pdf(tmp_path / "stamp.pdf", ["Page 7"])).pages[0])
    writer.pages[1].merge_page(stamp.pages[0])
    path = put(tmp_path, "stamped.pdf", b"")
    writer.write(path)
    (problem,) = read_file(path, tmp_path, LIMITS).problems
    assert problem.reason.startswith("page 2 has no text layer")


@pytest.mark.parametrize(
    ("name", "rule", "remedy"),
    [
        ("scanned.pdf", "no-text-layer", "ocrmypdf"),
        ("locked.pdf", "password", "without a password"),
    ],
)
def test_report_that_cannot_be_read(tmp_path, name, rule, remedy):
    """A scan or a locked file is refused with its rule and remedy."""
    with pytest.raises(UnreadableDocumentError, match=remedy) as error:
        read_report(tmp_path, name)
    assert error.value.rule == rule


def test_saved_page_keeps_the_article_only(tmp_path):
    """Menus, banners, scripts, hidden text and footers of a web page are dropped."""
    document = read_report(tmp_path, "saved-page.html")
    assert [(block.section, block.text) for block in document.blocks] == [
        ("", "Testby heats its old town with straw from twelve farms."),
        (
            "How it works",
            "The boiler gives 35 MW of heat and emits little CO2. "
            "It runs from October to May.",
        ),
        ("How it works", "The boiler house stands at Ferry Quay."),
        ("How it works", "Two stores hold the straw:"),
        ("How it works", "the covered yard holds 400 tonnes"),
        ("How it works", "the barn holds 150 tonnes"),
        ("What it cost", "Costs in crowns of the year of building"),
        (
            "What it cost",
            "Part: Boiler; Cost planned: 20 million; Cost real: 21 million",
        ),
        ("What it cost", "Part: Pipes; Cost planned: 10⁶; Cost real: 2 million"),
        ("What it cost", "All figures are without tax."),
        ("What it cost", "Residents pay 8 cents a kilowatt-hour."),
    ]


def test_old_page_is_read_in_its_declared_encoding(tmp_path):
    """A page in windows-1250, laid out with tables, keeps its Hungarian letters."""
    document = read_report(tmp_path, "old-page.htm")
    assert [(block.section, block.text) for block in document.blocks] == [
        ("", "A távhőszolgáltató szalmakazánt épített a folyó mellett."),
        ("", "Az ősszel húsz épületet kötöttek be."),
        ("Költségek", "Kazán: 2 millió tallér"),
        ("Költségek", "Csövek: 1 millió tallér"),
        ("Költségek", "A tőkét a falu adta."),
        ("Költségek", "A hitelt hűségesen törlesztik."),
    ]
