"""Briefings and visit kits as files, opened and read back."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader

from tests.support.collected import collected, collected_case, source
from ui.briefing.collect import collect_case, collect_statement
from ui.briefing.model import Briefing, Note
from ui.briefing.saved import (
    MAX_FILE_BYTES,
    BriefingFileError,
    open_briefing,
    save_briefing,
)
from ui.prepare.documents.document import (
    Document,
    Heading,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Terms,
    Words,
    words_of,
)
from ui.prepare.documents.markdown import to_markdown
from ui.prepare.documents.memo import write_briefing
from ui.prepare.documents.pdf import to_pdf
from ui.prepare.documents.visit import write_visit_kit
from ui.prepare.documents.word import to_word

MADE_ON = date(2026, 3, 1)
BISCUITS = "exampleton/biscuit-heat"
BONDS = "exampleton/sunday-bonds"
QUESTION = "Vad kostade röret?"
HOSTILE = (
    '#eval("1+1") #import "@preview/x:1.0.0": * *bold* $x^2$ @label <tag> \\ // note',
    "\x00one\x0btwo\x1b[31m\ufffe\ud800 & <w:p/> ]]> &#x0;",
    "[a](javascript:alert(1)) ![b](c) <script>alert(1)</script> | `d` ~~e~~ [1][2]",
    "\ufeffמבחן 😀 e\u0301 Ђ Ω ő 1\u00a0200\u202fkWh",
)


@pytest.fixture(scope="module")
def briefing(kb):
    """Two statements, a note between them, and a whole case."""
    made = Briefing("Pipes and bonds", "Für meine Kollegen.\nBitte lesen.")
    found = kb.full_case(BISCUITS).statements[:2]
    for item in (
        *(collect_statement(kb, s.statement_id, QUESTION) for s in found),
        collect_case(kb, BONDS),
    ):
        assert item is not None
        made = made.add(item)
    return made.add_note("Ask the treasury.", 1)


@pytest.fixture(scope="module")
def document(kb, briefing):
    return write_briefing(briefing, made_on=MADE_ON, indexed_on=kb.manifest.created_at)


@pytest.fixture(scope="module")
def kit(kb):
    city = next(city for city in kb.cities if city.slug == "exampleton")
    return write_visit_kit(kb, city, made_on=MADE_ON)


@pytest.fixture(params=["document", "kit"])
def written(request):
    return request.getfixturevalue(request.param)


def _read_word(document):
    return open_word(BytesIO(to_word(document)))


def _word_text(document):
    """Return the text of paragraphs and tables, in reading order."""
    body = _read_word(document).element.body
    return "".join(element.text or "" for element in body.iter(qn("w:t")))


def _read_pdf(document):
    return PdfReader(BytesIO(to_pdf(document)))


def _pdf_text(reader):
    """Return the text of the pages, as one line, without what divides words."""
    return _squeezed("".join(page.extract_text() for page in reader.pages))


def _squeezed(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _markdown_text(document):
    tokens = MarkdownIt("commonmark").parse(to_markdown(document))
    parts = [child for token in tokens for child in token.children or []]
    return "".join(part.content for part in parts)


def _shown(entry):
    """Return the address of a source as Markdown has it; that of a case is no link."""
    return f"<{entry.link}>" if entry.link else entry.address


def _all_words(document):
    return [words for block in document.blocks for words in words_of(block)]


def _pdf_links(reader):
    """Return where the links of a PDF lead that leave it."""
    return [
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation.get_object()
    ]


def _structure(reader):
    """Return the kinds of the PDF's tags, in reading order, and their languages."""
    found = []

    def walk(node):
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if "/S" in node:
            found.append((node["/S"], node.get("/Lang")))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_every_text_is_in_every_file(written):
    """Each word of the document is in the Word file, the PDF and the Markdown."""
    word = _squeezed(_word_text(written))
    pdf = _pdf_text(_read_pdf(written))
    markdown = _squeezed(_markdown_text(written))
    for words in _all_words(written):
        text = _squeezed(words.text)
        assert text in word, words
        assert text in pdf, words
        assert text in markdown, words


def test_numbers_are_the_same_in_every_file(written):
    """A statement has the same source numbers, and a number the same address."""
    (listed,) = [block for block in written.blocks if isinstance(block, SourceList)]
    word = _squeezed(_word_text(written))
    pdf = _pdf_text(_read_pdf(written))
    markdown = to_markdown(written)
    for words in _all_words(written):
        if words.numbers:
            marked = words.text + "".join(f"[{n}]" for n in words.numbers)
            assert _squeezed(marked) in word
            assert _squeezed(marked) in pdf
    for entry in listed.sources:
        told = f"[{entry.number}]{entry.title}.{entry.details}.{entry.address}"
        assert _squeezed(told) in word
        assert _squeezed(told) in pdf
        assert re.search(
            rf"^{entry.number}\. .*{re.escape(_shown(entry))}$", markdown, re.M
        )


def test_word_is_accessible(document):
    """The Word file has title, language, heading styles, lists and marked parts."""
    word = _read_word(document)
    assert (word.core_properties.title, word.core_properties.language) == (
        "Pipes and bonds",
        "en",
    )
    styles = [(p.style.name, p.text) for p in word.paragraphs]
    assert styles[0] == ("Title", "Pipes and bonds")
    headings = [(name, text) for name, text in styles if name.startswith("Heading")]
    assert headings == [
        (f"Heading {block.level}", block.words.text)
        for block in document.blocks
        if isinstance(block, Heading)
    ]
    assert ("List Bullet", "Period: 2020-ongoing") in styles
    languages = word.element.body.iter(qn("w:lang"))
    assert {element.get(qn("w:val")) for element in languages} == {"en"}


def test_word_links(document):
    """Addresses are real links, and each number leads to its source."""
    word = _read_word(document)
    (listed,) = [block for block in document.blocks if isinstance(block, SourceList)]
    links = [link for p in word.paragraphs for link in p.hyperlinks]
    assert [link.address for link in links if link.address] == [
        entry.link for entry in listed.sources if entry.link
    ]
    targets = {
        e.get(qn("w:name")) for e in word.element.body.iter(qn("w:bookmarkStart"))
    }
    inside = {link.fragment for link in links if not link.address}
    assert inside <= targets
    sources = {f"source{n + 1}" for n in range(len(listed.sources))}
    assert {name for name in inside if name.startswith("source")} == sources
    listed_chapters = [p.text for p in word.paragraphs if p.style.name == "toc 1"]
    assert listed_chapters == _headings(document)
    assert len(inside) == len(sources) + len(listed_chapters)


def test_pdf_is_accessible(document):
    """The PDF is tagged, has a title, a language, an outline, and claims PDF/UA-1."""
    reader = _read_pdf(document)
    root = reader.trailer["/Root"]
    assert (root["/Lang"], reader.metadata.title) == ("en", "Pipes and bonds")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    outline = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [entry.title for entry in outline][:2] == _headings(document)[:2]
    kinds = [kind for kind, _ in _structure(reader)]
    quoted = sum(isinstance(block, Quotation) for block in document.blocks)
    headings = [b.level for b in document.blocks if isinstance(b, Heading)]
    assert kinds.count("/BlockQuote") == quoted
    assert [int(k[2]) for k in kinds if k in ("/H1", "/H2")] == [
        1,  # of the table of contents
        *headings,
    ]


def test_pdf_links(document):
    """Addresses in the PDF are links to the web; nothing else leaves the file."""
    (listed,) = [block for block in document.blocks if isinstance(block, SourceList)]
    assert set(_pdf_links(_read_pdf(document))) == {
        entry.link for entry in listed.sources if entry.link
    }


def test_files_in_another_language():
    """The file's language is the reader's; quoted parts are marked as English."""
    blocks = (Paragraph(Words("Egna ord.")), Quotation(Words("Quoted.", "en")))
    document = Document("Resa", "sv", MADE_ON, blocks)
    word = _read_word(document)
    assert word.core_properties.language == "sv"
    default = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert default.get(qn("w:val")) == "sv"
    run = word.paragraphs[2].runs[0]
    assert run._element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en"
    reader = _read_pdf(document)
    assert reader.trailer["/Root"]["/Lang"] == "sv"
    assert "en" in [language for _, language in _structure(reader)]


@pytest.mark.parametrize("text", HOSTILE, ids=["typst", "xml", "markdown", "signs"])
def test_hostile_text_comes_out_as_text(text):
    """Markup of any format is text in all files, wherever it stands."""
    case = collected_case(
        title=text, summary=text, actors=(text,), sources=(source(1, title=text),)
    )
    statement = collected(text, of=case, question=text, section=text)
    briefing = Briefing(text, text, (statement, case)).add_note(text, 1)
    document = write_briefing(briefing, made_on=MADE_ON, indexed_on=text)
    shown = Words(text).text
    assert document.title == shown
    word = _read_word(document)
    quoted = [p.text for p in word.paragraphs if p.style.name == "Quote"]
    assert quoted == [f"{shown} [1]", f"{shown} [2]"]
    assert _pdf_text(_read_pdf(document)).count(_squeezed(shown)) >= 5
    assert _markdown_text(document).count(shown) >= 5


def test_pdf_tells_what_no_font_has():
    """A symbol is named, a letter is a box that the end explains; others are drawn."""
    text = "中 🧿 👩\u200d💻 \ue000 x\U000e0041y مرحبا"
    document = Document("T 文", "en", MADE_ON, (Paragraph(Words(text)),))
    names = "▯[nazaramulet][woman][personalcomputer][U+E000]"
    read = _pdf_text(_read_pdf(document))
    assert f"{names}xyمرحبا" in read
    assert "▯standsforaletterthatthisfilecannotshow." in read


def test_pdf_draws_greek_and_cyrillic():
    """Letters of the European scripts are drawn, and nothing is said of boxes."""
    text = "Ελληνικά ὁ ᾆδω Українська їжак Ђорђе őű ăș ğİ þð ქართული Հայերեն"
    document = Document("T", "en", MADE_ON, (Paragraph(Words(text)),))
    read = _pdf_text(_read_pdf(document))
    assert _squeezed(text) in read
    assert "▯" not in read


def test_addresses_that_run_code_are_no_links():
    """An address with another scheme than http is shown, and leads nowhere."""
    bad = replace(source(1), url="javascript:alert(1)")
    briefing = Briefing(items=(collected_case(sources=(bad,)),))
    document = write_briefing(briefing, made_on=MADE_ON, indexed_on="")
    word = _read_word(document)
    assert {link.address for p in word.paragraphs for link in p.hyperlinks} == {""}
    reader = _read_pdf(document)
    assert _pdf_links(reader) == []
    assert "javascript:alert(1)" in _pdf_text(reader)
    tokens = MarkdownIt("commonmark").parse(to_markdown(document))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert "link_open" not in kinds
    assert "javascript:alert(1)" in _markdown_text(document)


def test_long_notes_keep_every_word():
    """Ten thousand characters without a space, and as many with, are all there."""
    long = "x" * 10_000 + " " + " ".join(f"word{n}" for n in range(1_000))
    document = write_briefing(Briefing("T", long), made_on=MADE_ON, indexed_on="")
    assert long in [p.text for p in _read_word(document).paragraphs]
    text = re.sub(r"T\d+/\d+", "", _pdf_text(_read_pdf(document)))  # without footers
    assert _squeezed(long) in text
    assert long in to_markdown(document)


def _headings(document, level=1):
    blocks = [b for b in document.blocks if isinstance(b, Heading)]
    return [block.words.text for block in blocks if block.level == level]


def test_kit_has_a_chapter_for_each_site(kit):
    """City, agenda, a chapter a site with the same parts, glossary, sources."""
    assert _headings(kit) == [
        "The city",
        "Agenda",
        "Waste heat from the biscuit factory",
        "Sunday bonds for solar roofs",
        "Glossary",
        "Sources",
    ]
    parts = ["What to see", "Key figures", "Who runs it", "What went wrong"]
    # The bonds leave nothing open.
    assert _headings(kit, 2) == [*parts, "Questions to ask here", *parts]


def _under(document, title):
    """Return the blocks between a heading of the first level and the next."""
    blocks = iter(document.blocks)
    for block in blocks:
        if isinstance(block, Heading) and block.words.text == title:
            break
    part = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            break
        part.append(block)
    return part


def test_kit_tells_the_mission_status_in_plain_words(kb, kit):
    """What the list of cities says is not shown as a quotation from the cases."""
    city = next(city for city in kb.cities if city.slug == "exampleton")
    part = _under(kit, "The city")
    assert not [block for block in part if isinstance(block, Quotation)]
    mission = part[-1]
    assert isinstance(mission, Paragraph)
    assert mission.words.text == city.mission_status
    assert mission.words.numbers


def test_kit_has_an_agenda_to_fill_in(kit):
    """A row for each site, whose times and names are left empty."""
    (table,) = [b for b in _under(kit, "Agenda") if isinstance(b, Table)]
    assert [row[0].text for row in table.rows] == [
        "Arrival and welcome",
        "Waste heat from the biscuit factory",
        "Sunday bonds for solar roofs",
        "What we take home",
    ]
    assert {cell.text for row in table.rows for cell in row[1:]} == {""}


def test_kit_without_sites(kb):
    """A theme on which the city has no case leaves no chapter for one."""
    city = next(city for city in kb.cities if city.slug == "exampleton")
    kit = write_visit_kit(kb, city, ["made-up"], made_on=MADE_ON)
    assert _headings(kit) == ["The city", "Agenda", "Sources"]


def test_kit_of_chosen_sites(kb):
    """Only the cases that were chosen have a chapter."""
    city = next(city for city in kb.cities if city.slug == "exampleton")
    kit = write_visit_kit(kb, city, cases=[BONDS], made_on=MADE_ON)
    assert "Sunday bonds for solar roofs" in _headings(kit)
    assert "Waste heat from the biscuit factory" not in _headings(kit)


def _part(document, site, title):
    """Return the texts of a part of a site's chapter."""
    blocks = iter(_under(document, site))
    for block in blocks:
        if isinstance(block, Heading) and block.words.text == title:
            break
    texts = []
    for block in blocks:
        if isinstance(block, Heading):
            break
        texts += [words.text for words in words_of(block)]
    return texts


def test_kit_quotes_key_figures(kit):
    """Figures with their unit come from costs, financing and results, word for word."""
    figures = _part(kit, "Waste heat from the biscuit factory", "Key figures")
    assert "The pipe and the heat pump cost 7 million crowns in 2019." in figures
    assert (
        "Emissions of the heating network fell by 40% between 2018 and 2021." in figures
    )


def test_kit_says_what_there_is_not(kb):
    """A part for which a case has nothing says so."""
    city = next(city for city in kb.cities if city.slug == "sampleby")
    kit = write_visit_kit(kb, city, made_on=MADE_ON)
    site = _headings(kit)[2]
    assert _part(kit, site, "Key figures") == ["Nothing under this heading."]
    assert _part(kit, site, "What went wrong") != ["Nothing under this heading."]


def test_kit_asks_the_open_questions(kit):
    """Open questions are taken as the corpus has them, in the chapter of their case."""
    site = "Waste heat from the biscuit factory"
    asked = _part(kit, site, "Questions to ask here")
    assert "What the factory is paid for its heat is not published." in asked


def test_kit_explains_only_terms_in_it(kit):
    """The glossary holds the terms of this kit and no others."""
    (terms,) = [block for block in kit.blocks if isinstance(block, Terms)]
    names = [name.text for name, _ in terms.entries]
    assert {"heat pump", "waste heat", "electric boiler"} <= set(names)
    assert "green bond" not in names


def test_kit_of_one_theme(kb):
    """With a theme, only cases of it are in the kit."""
    city = next(city for city in kb.cities if city.slug == "exampleton")
    kit = write_visit_kit(kb, city, ["financing"], made_on=MADE_ON)
    assert _headings(kit)[2] == "Sunday bonds for solar roofs"


def test_saved_briefing_is_the_same_when_opened(kb, briefing):
    """Title, notes, items, their order and their questions come back."""
    opened = open_briefing(save_briefing(briefing).encode(), kb)
    assert save_briefing(opened.briefing) == save_briefing(briefing)
    assert opened.briefing.items[2:] == briefing.items[2:]
    assert opened.left_out == ()


def test_file_of_an_earlier_version_opens(kb, briefing):
    """A file that knows neither length nor chapters opens; its notes stay in place."""
    record = json.loads(save_briefing(briefing))
    del record["length"], record["summaries_first"]
    for item in record["items"]:
        item.pop("case", None)
    opened = open_briefing(json.dumps(record).encode(), kb).briefing
    assert save_briefing(opened) == save_briefing(briefing)


def test_opened_briefing_has_the_words_of_the_index(kb, briefing):
    """Words that somebody changed in the file are not taken over."""
    record = json.loads(save_briefing(briefing))
    for item in record["items"]:
        if "text" in item and item["kind"] == "statement":
            item["text"] = "An invented claim."
    opened = open_briefing(json.dumps(record).encode(), kb)
    assert save_briefing(opened.briefing) == save_briefing(briefing)


def test_opened_briefing_names_what_is_gone(kb, briefing):
    """What the index does not have is left out and named; the rest is there."""
    record = json.loads(save_briefing(briefing))
    record["items"][0] |= {"id": f"{BISCUITS}#costs.gone", "text": "Old words.\x00"}
    record["items"][-1]["id"] = "exampleton/gone"
    record["items"].append({"kind": "statement", "id": "no-such"})
    opened = open_briefing(json.dumps(record).encode(), kb)
    assert opened.left_out == ("Old words.", "Sunday bonds for solar roofs", "no-such")
    note, statement = opened.briefing.items
    assert isinstance(note, Note)
    assert note.text == "Ask the treasury."
    assert statement == briefing.items[2]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b'{"format": "other"}',
        b'{"version": 2}',
        b'{"items": [{"kind": "page", "id": "x"}]}',
        b'{"items": [{"kind": "note"}]}',
        b'{"title": 7}',
        b'{"surprise": 1}',
        b'{"title": "' + b"x" * 201 + b'"}',
        b'{"items": [' + b",".join([b'{"kind":"note","text":""}'] * 201) + b"]}",
        b"[" * 100_000,
    ],
    ids=lambda raw: raw[:40].decode("latin-1"),
)
def test_open_briefing_when_it_is_none(kb, raw):
    """Any other file is refused with what to do."""
    with pytest.raises(BriefingFileError, match="not a saved briefing.* Choose"):
        open_briefing(raw, kb)


def test_open_briefing_when_too_large(kb):
    """A huge file is refused before it is read."""
    with pytest.raises(BriefingFileError, match="too large.* Choose"):
        open_briefing(b" " * (MAX_FILE_BYTES + 1), kb)


def _lowest(page):
    """Return how high above the page's foot its lowest text stands, in points."""
    heights = []

    def seen(text, matrix, place, _font, _size):
        if text.strip():
            heights.append(place[5] * matrix[3] + matrix[5])

    page.extract_text(visitor_text=seen)
    return min(height for height in heights if height > 60)  # the footer is below


@pytest.mark.parametrize(("length", "pages"), [("half", 1), ("two", 2)])
def test_length_is_kept_on_paper(length, pages):
    """A PDF is no longer than was chosen; half a page ends above the middle."""
    cases = [collected_case(f"city{n}/heat", title=f"Heat {n}") for n in range(5)]
    items = [
        collected(f"{'The pipe was laid through the old town. ' * k}{n}", of=case)
        for case in cases
        for n, k in enumerate((1, 3, 5, 2))
    ]
    briefing = Briefing(items=tuple(items), length=length)
    document = write_briefing(briefing, made_on=MADE_ON, indexed_on="2026-02-03")
    reader = _read_pdf(document)
    assert len(reader.pages) <= pages
    if length == "half":
        assert _lowest(reader.pages[0]) > 842 / 2


@pytest.mark.parametrize("city", ["exampleton", "sampleby"])
def test_site_of_a_kit_has_two_pages_at_most(kb, city):
    """The next chapter begins on the third page of a site at the latest."""
    found = next(c for c in kb.cities if c.slug == city)
    kit = write_visit_kit(kb, found, made_on=MADE_ON)
    reader = _read_pdf(kit)
    chapters = [entry for entry in reader.outline if not isinstance(entry, list)]
    starts = [reader.get_destination_page_number(entry) for entry in chapters[2:]]
    pages = [after - start for start, after in zip(starts, starts[1:], strict=False)]
    assert all(1 <= n <= 2 for n in pages[:-1])
