"""Word files: what stands in their XML, part by part."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.unit.ingest.readers.files import read

OFFICE = "http://schemas.openxmlformats.org"
MICROSOFT = "http://schemas.microsoft.com/office/word/2010"
W = (
    f'xmlns:w="{OFFICE}/wordprocessingml/2006/main" '
    f'xmlns:m="{OFFICE}/officeDocument/2006/math" '
    f'xmlns:mc="{OFFICE}/markup-compatibility/2006" '
    f'xmlns:w14="{MICROSOFT}/wordml" xmlns:wps="{MICROSOFT}/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="C1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="X"><w:name w:val="Secret"/>
<w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="D"><w:name w:val="Dropped"/>
<w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="P"><w:name w:val="Withdrawn"/>
<w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="N"><w:name w:val="Note mark"/>
<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="N2"><w:name w:val="Small note mark"/>
<w:basedOn w:val="N"/></w:style>
<w:style w:type="character" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
</w:styles>"""


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def word(*paragraphs: str) -> bytes:
    """Return a Word file of paragraphs."""
    raw = io.BytesIO()
    body = f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"
    with zipfile.ZipFile(raw, "w") as package:
        package.writestr("word/styles.xml", STYLES)
        package.writestr("word/document.xml", body)
    return raw.getvalue()


def blocks(tmp_path, *paragraphs: str) -> list[tuple[str, str]]:
    """Return sections and texts of a Word file."""
    found = read(tmp_path, "a.docx", word(*paragraphs)).blocks
    return [(block.section, block.text) for block in found]


def test_read_word_when_it_has_a_title(tmp_path):
    """A paragraph in the style Title stands above all headings and is no section."""
    assert blocks(
        tmp_path,
        paragraph(run("Straw heat"), style="T"),
        paragraph(run("Costs"), style="H1"),
        paragraph(run("It cost 7 crowns.")),
        paragraph(run("Results"), style="H1"),
        paragraph(run("It is warm.")),
    ) == [("Costs", "It cost 7 crowns."), ("Results", "It is warm.")]


def table(*rows: tuple[str, ...], header: bool = False) -> str:
    """Return a table of cells, which are texts or the XML of their paragraphs."""
    first = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
    parts = []
    for number, row in enumerate(rows):
        cells = [c if c.startswith("<w:") else paragraph(run(c)) for c in row]
        joined = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
        parts.append(f"<w:tr>{'' if number else first}{joined}</w:tr>")
    return f"<w:tbl>{''.join(parts)}</w:tbl>"


def equation(inside: str) -> str:
    """Return an equation; its elements without prefix, its texts in curly brackets."""
    prefixed = re.sub(r"<(/?)(?=\w)", r"<\1m:", inside)
    runs = re.sub(r"\{(.*?)\}", r"<m:r><m:t>\1</m:t></m:r>", prefixed)
    return f"<m:oMath>{runs}</m:oMath>"


def tick(*, is_checked: bool) -> str:
    """Return a check box, as a content control."""
    value, sign = ("1", "☒") if is_checked else ("0", "☐")
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{value}"/>'
        f"</w14:checkbox></w:sdtPr><w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>"
    )


def field_tick(*, is_checked: bool) -> str:
    """Return a check box, as a form field of older files."""
    box = f'<w:checkBox><w:checked w:val="{int(is_checked)}"/></w:checkBox>'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{box}</w:ffData></w:fldChar>'
        "</w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(text: str) -> str:
    """Return a text box as newer programs write it, without a form for older ones."""
    box = f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent>"
    return f"<w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing>"


def test_read_word_when_a_value_is_a_simple_field(tmp_path):
    """What a field shows is text."""
    field = (
        f'<w:fldSimple w:instr=" DOCPROPERTY Cost ">{run("45 million")}</w:fldSimple>'
    )
    found = blocks(tmp_path, paragraph(run("It cost "), field, run(" crowns.")))
    assert found == [("", "It cost 45 million crowns.")]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("{E = 12}", "E = 12"),
        ("<sSup><e>{10}</e><sup>{6}</sup></sSup>", "10⁶"),
        ("<sSup><e>{x}</e><sup>{ab}</sup></sSup>", "x^ab"),
        ("<sSub><e>{CO}</e><sub>{2}</sub></sSub>", "CO₂"),
        ("<sSubSup><e>{T}</e><sub>{out}</sub><sup>{2}</sup></sSubSup>", "T_out²"),
        ("{η = }<f><num>{Q}</num><den>{a + b}</den></f>", "η = Q/(a + b)"),
        ("<rad><deg/><e>{x + 1}</e></rad>", "√(x + 1)"),
        ("<d><e>{a}</e></d>", "(a)"),
        (
            '<nary><naryPr><chr m:val="∑"/></naryPr><sub>{i=1}</sub><sup>{n}</sup>'
            "<e>{x}</e></nary>",
            "∑_(i=1)ⁿ x",
        ),
        ("<func><fName>{sin}</fName><e>{x}</e></func>", "sin x"),
        ("<eqArr><e>{a = 1}</e><e>{b = 2}</e></eqArr>", "a = 1; b = 2"),
    ],
)
def test_read_word_when_it_has_equations(tmp_path, inside, text):
    """An equation is one line of text: in a sentence, on its own, and in a cell."""
    found = equation(inside)
    display = f"<m:oMathPara>{found}</m:oMathPara>"
    cells = table(("Name", "Value"), ("Heat", paragraph(found)))
    assert blocks(
        tmp_path,
        paragraph(run("It is "), found, run(".")),
        paragraph(display),
        display,
        cells,
    ) == [
        ("", f"It is {text}."),
        ("", text),
        ("", text),
        ("", "Name: Value"),
        ("", f"Heat: {text}"),
    ]


@pytest.mark.parametrize("make", [tick, field_tick])
def test_read_word_when_it_has_check_boxes(tmp_path, make):
    """The state of a check box stands before its label, in cells too."""
    yes, no = make(is_checked=True), make(is_checked=False)
    line = paragraph(yes, run(" yes "), no, run(" no"))
    cells = table(("Measure", "Done", "Paid"), ("Pipe", paragraph(yes), paragraph(no)))
    assert blocks(tmp_path, line, cells) == [
        ("", "☒ yes ☐ no"),
        ("", "Measure: Pipe; Done: ☒; Paid: ☐"),
    ]


@pytest.mark.parametrize(
    "struck",
    ["<w:strike/>", "<w:dstrike/>", '<w:rStyle w:val="D"/>', '<w:strike w:val="1"/>'],
)
def test_read_word_when_text_is_struck(tmp_path, struck):
    """What is struck out does not hold any more; neither does what was deleted."""
    deleted = "<w:del><w:r><w:delText>50 </w:delText></w:r></w:del>"
    inserted = f"<w:ins>{run('45')}</w:ins>"
    line = paragraph(run("It cost "), run("40 ", struck), deleted, inserted, run("."))
    assert blocks(tmp_path, line) == [("", "It cost 45.")]


@pytest.mark.parametrize(
    "raised",
    [
        '<w:vertAlign w:val="superscript"/>',
        '<w:position w:val="7"/><w:sz w:val="16"/>',
        '<w:rStyle w:val="N"/>',
        '<w:rStyle w:val="N2"/>',
    ],
)
def test_read_word_when_a_mark_is_raised(tmp_path, raised):
    """A note's number is no digit of the figure before it."""
    line = paragraph(run("It gives 35"), run("1", raised), run(" MW."))
    cells = table(("Plant", "Power"), ("A", paragraph(run("35"), run("1", raised))))
    found = [text for _, text in blocks(tmp_path, line, cells)]
    assert found == ["It gives 35¹ MW.", "Plant: Power", "A: 35¹"]


@pytest.mark.parametrize(
    "moved",
    [
        '<w:position w:val="0"/>',
        '<w:position w:val="2"/>',
        '<w:position w:val="-6"/>',
        '<w:position w:val="x"/>',
        '<w:rStyle w:val="N"/><w:vertAlign w:val="baseline"/>',
        '<w:rStyle w:val="Loop"/>',
    ],
)
def test_read_word_when_a_figure_is_not_raised(tmp_path, moved):
    """What is lowered, moved by a hair, or put back on the line stays as it is."""
    line = paragraph(run("CO"), run("2", moved), run(" fell."))
    assert blocks(tmp_path, line) == [("", "CO2 fell.")]


def test_read_word_when_a_whole_line_is_raised(tmp_path):
    """Nothing is raised that has nothing on the line beside it."""
    assert blocks(tmp_path, paragraph(run("35 MW", '<w:position w:val="6"/>'))) == [
        ("", "35 MW")
    ]


def test_read_word_when_a_style_strikes_a_paragraph(tmp_path):
    """Only the runs that take the stroke back are left."""
    kept = run("Kept.", '<w:strike w:val="0"/>')
    struck = paragraph(run("Struck. "), kept, style="P")
    assert blocks(tmp_path, struck) == [("", "Kept.")]


def test_read_word_when_a_control_was_not_filled_in(tmp_path):
    """The hint what to fill in is no text."""
    hint = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    control = f"{hint}{run('Click to enter text.')}</w:sdtContent></w:sdt>"
    assert blocks(tmp_path, paragraph(run("Cost: 7"), control)) == [("", "Cost: 7")]


def test_read_word_when_a_paragraph_has_a_drop_cap(tmp_path):
    """The large letter stands in a paragraph of its own and belongs to the next one."""
    frame = '<w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>'
    cap = f"<w:p>{frame}{run('D')}</w:p>"
    assert blocks(
        tmp_path, cap, paragraph(run("istrict heat.")), paragraph(run("Next."))
    ) == [("", "District heat."), ("", "Next.")]


def test_read_word_when_it_has_text_boxes(tmp_path):
    """A text box is read once, whether older programs can show it or not."""
    fallback = (
        "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{paragraph(run('In a box.'))}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback>"
    )
    for box in (
        text_box("In a box."),
        f"<mc:AlternateContent><mc:Choice>{text_box('In a box.')}</mc:Choice>"
        "</mc:AlternateContent>",
        f"<mc:AlternateContent><mc:Choice>{text_box('In a box.')}</mc:Choice>"
        f"{fallback}</mc:AlternateContent>",
    ):
        found = blocks(tmp_path, paragraph(run("Beside it."), f"<w:r>{box}</w:r>"))
        assert found == [("", "Beside it."), ("", "In a box.")]


@pytest.mark.parametrize("header", [True, False])
def test_read_word_when_a_header_has_an_empty_corner(tmp_path, header):
    """The columns keep their names, whether the row is marked as header or not."""
    rows = (("", "2020", "2030"), ("Emissions", "120", "60"), ("Cost", "45", ""))
    assert blocks(tmp_path, table(*rows, header=header)) == [
        ("", "Emissions; 2020: 120; 2030: 60"),
        ("", "Cost; 2020: 45"),
    ]


def test_read_word_when_a_cell_holds_a_table(tmp_path):
    """A table in a cell stays in its row."""
    inner = table(("Pipes", "3"), ("Pumps", "4")) + paragraph()
    rows = (("Measure", "Parts", "Year"), ("Heat store", inner, "2024"))
    for header in (True, False):
        assert blocks(tmp_path, table(*rows, header=header)) == [
            ("", "Measure: Heat store; Parts: Pipes: 3, Pumps: 4; Year: 2024")
        ]


@pytest.mark.parametrize(
    "hidden", ["<w:vanish/>", '<w:vanish w:val="1"/>', '<w:rStyle w:val="X"/>']
)
def test_read_word_when_text_is_hidden(tmp_path, hidden):
    """Hidden runs are dropped, whether hidden themselves or by their style."""
    found = blocks(tmp_path, paragraph(run("Seen."), run(" Unseen.", hidden)))
    assert found == [("", "Seen.")]


def test_read_word_when_hiding_is_switched_off(tmp_path):
    """A run that its properties show again is kept."""
    shown = '<w:vanish w:val="0"/>'
    assert blocks(tmp_path, paragraph(run("Seen.", shown))) == [("", "Seen.")]


def test_read_word_when_it_has_a_table_of_contents(tmp_path):
    """The entries of a table of contents are no statements."""
    found = blocks(
        tmp_path, paragraph(run("Costs 3"), style="C1"), paragraph(run("Text."))
    )
    assert found == [("", "Text.")]
