"""Markdown cases: decoding, blocks with their sections and lines, whole files."""

from __future__ import annotations

import pytest

from ingest.documents import Document
from ingest.limits import Limits
from ingest.readers.markdown import parse_blocks, parse_plain_text
from ingest.readers.text import decode
from kb.errors import UnreadableDocumentError
from kb.settings import Settings
from tests.support.tiny_corpus import BISCUIT_HEAT
from tests.unit.ingest.readers.files import READINGS, read_file


def read(tmp_path, text: str) -> Document:
    """Read a text as ``exampleton/biscuit-heat.md``."""
    path = tmp_path / "exampleton" / "biscuit-heat.md"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return read_file(path, tmp_path, Limits.of(Settings()))


def blocks(body: str) -> list[tuple[str, str]]:
    return [(block.section, block.text) for block in parse_blocks(body)]


def line_of(text: str, part: str) -> int:
    """Return the line of a text, from 1, on which a part of it first stands."""
    return text[: text.index(part)].count("\n") + 1


def test_decode_when_the_file_comes_from_windows():
    """A byte order mark goes and line ends become plain."""
    assert decode("\ufeffå\r\nb\rc\n".encode(), "x.md") == "å\nb\nc\n"


def test_decode_when_the_file_is_utf_16():
    """UTF-16 is read where a byte order mark announces it."""
    assert decode("Łódź\n".encode("utf-16"), "x.txt") == "Łódź\n"


def test_decode_when_the_bytes_are_latin_1():
    """Bytes that are not UTF-8 are refused with their line and the remedy."""
    raw = "one\ntwo\nMalmö".encode("latin-1")
    with pytest.raises(
        UnreadableDocumentError,
        match=r"^exampleton/x\.md:3: byte 12 is not UTF-8\. Save the file again",
    ):
        decode(raw, "exampleton/x.md")


def test_decode_when_the_file_is_binary():
    """NUL characters are refused with their line and the remedy."""
    with pytest.raises(
        UnreadableDocumentError, match=r"^exampleton/x\.md:2: .*NUL.*Save it again"
    ):
        decode(b"one\ntw\0o", "exampleton/x.md")


def test_parse_blocks_when_sections_follow_each_other():
    """Bullets and paragraphs carry the heading above them, in order."""
    body = "## Costs\n\n- One. [^S1]\n- Two. [^S2]\n\nThree.\n\n## Results\n\nFour.\n"
    assert blocks(body) == [
        ("Costs", "One. [^S1]"),
        ("Costs", "Two. [^S2]"),
        ("Costs", "Three."),
        ("Results", "Four."),
    ]


def test_parse_blocks_when_headings_are_nested():
    """Deeper headings extend the section's name until a higher one closes them."""
    body = (
        "# Title\n\n## A\n\n1\n\n### B\n\n2\n\n#### C\n\n3\n\n### D\n\n4\n\n## E\n\n5"
    )
    assert blocks(body) == [
        ("A", "1"),
        ("A › B", "2"),
        ("A › B › C", "3"),
        ("A › D", "4"),
        ("E", "5"),
    ]


def test_parse_blocks_when_text_precedes_every_heading():
    """Text above the first section has an empty section name."""
    assert blocks("# Title\n\nLost words.\n") == [("", "Lost words.")]


def test_parse_blocks_when_lists_are_nested():
    """Every item of a nested list is a block of its own."""
    body = "- Outer\n  - Inner\n\n    More of inner\n1. Numbered\n\n> Quoted\n"
    assert [text for _, text in blocks(body)] == [
        "Outer",
        "Inner",
        "More of inner",
        "Numbered",
        "Quoted",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("**Bold** and _thin_ and `code`", "Bold and thin and code"),
        ("one\ntwo  \nthree", "one two three"),
        ("[a link](https://x.example) here", "a link here"),
        ("![a picture](https://x.example/track.png) here", "a picture here"),
        ("<https://x.example>", "https://x.example"),
        ("R&amp;D \\* 5 &lt; 6", "R&D * 5 < 6"),
        ("so <b onclick='x()'>bold</b>", "so bold"),
        ("[^S1] marks [^S2][^S3]", "[^S1] marks [^S2][^S3]"),
        ("İstanbul, straße, ﬁne, co\u00adop", "İstanbul, straße, ﬁne, co\u00adop"),
    ],
    ids=[
        "emphasis",
        "line breaks",
        "link",
        "remote image",
        "bare address",
        "entities and escapes",
        "inline HTML",
        "source marks",
        "letters outside ASCII",
    ],
)
def test_parse_blocks_when_text_is_formatted(body, text):
    """Formatting goes, the words stay."""
    assert [found for _, found in blocks(body)] == [text]


def test_parse_blocks_when_a_block_is_html():
    """Raw HTML is dropped together with what it holds."""
    body = "<script>\nalert(1)\n</script>\n\nKept.\n"
    assert [text for _, text in blocks(body)] == ["Kept."]


@pytest.mark.parametrize(
    "body",
    ["    The pipe is long. [^S1]\n", "```\nThe pipe is long. [^S1]\n```\n"],
    ids=["indented", "fenced"],
)
def test_parse_blocks_when_a_statement_stands_in_a_code_block(body):
    """Four spaces too many do not make a statement vanish."""
    assert blocks(f"## Costs\n\n{body}") == [("Costs", "The pipe is long. [^S1]")]


def test_parse_blocks_when_a_body_defines_its_footnotes():
    """Footnote definitions in the body leave the marks of the statements alone."""
    body = "The pipe is long. [^S1]\n\n[^S1]: https://x.example\n"
    assert ("", "The pipe is long. [^S1]") in blocks(body)


def test_parse_blocks_when_blocks_stand_far_down():
    """Each block knows the line of the file on which it begins."""
    body = "## Costs\n\n- One\n  goes on\n- Two\n\nThree\n"
    assert [block.line for block in parse_blocks(body, first_line=20)] == [22, 24, 26]


@pytest.mark.parametrize(
    "body", ["", "\n\n", "## Costs\n"], ids=["empty", "blank", "heading"]
)
def test_parse_blocks_when_there_is_no_text(body):
    """A body without text has no blocks."""
    assert blocks(body) == []


def test_parse_blocks_when_a_table_stands_in_the_text():
    """Each row is one block with the names of its columns, on its own line."""
    body = "## Costs\n\n| Part | Cost |\n|---|---|\n| Pipe [^S1] | 7 |\n| Pump | |\n"
    assert [(block.text, block.line) for block in parse_blocks(body)] == [
        ("Part: Pipe; Cost: 7 [^S1]", 5),
        ("Part: Pump", 6),
    ]


def test_parse_blocks_when_a_paragraph_begins_with_a_year():
    """A year with a full stop is no item number."""
    assert blocks("2019. évben épült.\n") == [("", "2019. évben épült.")]


LINE = "The straw-fired boiler of the town of Testby was lit again on"


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("31. Dezember 2024 endet sie.", ["31. Dezember 2024 endet sie."]),
        ("85. Sitzung des Rats.", ["85. Sitzung des Rats."]),
        ("1. kerület: 12 MW", ["1. kerület: 12 MW"]),
        ("12. mai: A\n13. mai: B", ["12. mai: A", "13. mai: B"]),
        ("1. etapp: A\n2. etapp: B", ["1. etapp: A", "2. etapp: B"]),
        ("31. Mai\n\n12. Juni\n\n85. Sitzung", ["31. Mai", "12. Juni", "85. Sitzung"]),
        (f"{LINE}\n1. mai 2024.", [f"{LINE} 1. mai 2024."]),
        (f"{LINE}\n+ 4.5 MW.", [f"{LINE} + 4.5 MW."]),
        ("+ 4,5 MW came.", ["+ 4,5 MW came."]),
        ("- 12 % since 2010", ["- 12 % since 2010"]),
        ("– 12 % since 2010", ["– 12 % since 2010"]),
        ("1. Pipes\n2. Pumps", ["Pipes", "Pumps"]),
        ("1. Pipes\n1. Pumps", ["Pipes", "Pumps"]),
        ("1. Pipes\n\nText.\n\n2. Pumps", ["Pipes", "Text.", "Pumps"]),
        ("3) Pipes", ["Pipes"]),
        ("- 12 homes\n- 3 schools", ["12 homes", "3 schools"]),
        ("- 12 % less [^S1]", ["12 % less [^S1]"]),
        ("- 12 % less\n- Schools", ["12 % less", "Schools"]),
        ("+ Homes\n+ 4 schools", ["Homes", "4 schools"]),
        ("* 12 % less", ["12 % less"]),
    ],
)
def test_parse_blocks_when_a_line_begins_like_a_list(body, texts):
    """Days, ordinals and signs belong to the text; numbers and bullets of lists go."""
    assert [text for _, text in blocks(body)] == texts
    assert [block.text for block in parse_plain_text(body)] == texts


def test_parse_plain_text_when_day_numbers_look_like_a_list():
    """Lines of minutes come out as they were written."""
    text = (READINGS / "17-day-numbers-taken-as-list.txt").read_text("utf-8")
    written = [line for line in text.splitlines() if line]
    written[-1] = written[-1].removeprefix("* ")
    assert [block.text for block in parse_plain_text(text)] == written


def test_parse_blocks_when_lists_are_nested_deeply():
    """Nesting that no person writes is refused: the parser would drop what follows."""
    with pytest.raises(RecursionError):
        blocks("> " * 5000 + "deep\n\nLost.\n")
    with pytest.raises(RecursionError):
        list(parse_plain_text("- " * 5000 + "deep\n\nLost.\n"))


def test_parse_plain_text_when_signs_mean_nothing():
    """Plain text keeps its stars, angle brackets and indented lines."""
    body = "# Title\n\n## Costs\n\nfive * six <MW>\n    goes on\n\n- one\n- two\n"
    assert [(block.section, block.text) for block in parse_plain_text(body)] == [
        ("Costs", "five * six <MW> goes on"),
        ("Costs", "one"),
        ("Costs", "two"),
    ]


def test_read_file_when_a_markdown_case_is_complete(tmp_path):
    """A case file becomes a document with its case, blocks and true line numbers."""
    document = read(tmp_path, BISCUIT_HEAT)
    assert document.problems == []
    assert document.case is not None
    assert document.case.case_id == "exampleton/biscuit-heat"
    assert document.case.path == "exampleton/biscuit-heat.md"
    assert document.front_matter_path == "exampleton/biscuit-heat.md"
    assert not document.cites_itself
    block = document.blocks[1]
    assert block.section == "What was done"
    assert block.text == "A heat pump lifts the waste heat from 45 to 80 °C. [^S1]"
    assert (block.line, block.page) == (line_of(BISCUIT_HEAT, "- A heat pump"), None)


@pytest.mark.parametrize(
    "text",
    [BISCUIT_HEAT, BISCUIT_HEAT.replace("---\n", "---\n\n\n", 1)],
    ids=["as usual", "blank lines after the first dashes"],
)
def test_read_file_when_asked_for_the_lines_of_keys(tmp_path, text):
    """The line of a front matter key is its line in the file."""
    lines = read(tmp_path, text).lines
    assert lines[("title",)] == line_of(text, "title: Waste heat")
    assert lines[("sources", "S2")] == line_of(text, "  S2:")


def test_read_file_when_the_front_matter_is_wrong(tmp_path):
    """A fault in the front matter keeps the case away but not its blocks."""
    document = read(tmp_path, BISCUIT_HEAT.replace("period: 2018-2021\n", ""))
    assert document.case is None
    assert [p.reason for p in document.problems] == ["the key 'period' is missing."]
    assert document.blocks != []
