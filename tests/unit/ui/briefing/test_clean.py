"""Text made fit for every file, without losing a word."""

from __future__ import annotations

import re
import sys

import pytest

from ui.briefing.clean import one_line, paragraphs, web_address

# What XML 1.0 allows, section 2.2, without the line ends that `paragraphs` splits at.
_XML = re.compile("[\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def test_paragraphs_splits_at_every_kind_of_line_end():
    """Each line is a paragraph; empty lines are none."""
    text = "one\ntwo\r\nthree\rfour\x0bfive\x0csix\u2028seven\n\n  \n eight \x85"
    assert paragraphs(text) == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#eval(1+1) *bold* $x^2$ \\ @label <tag>",
        "[a](javascript:alert(1)) | `code` ~ & &amp;",
        "مرحبا بالعالم",
        "😀 👩\u200d💻 e\u0301 İ ß ﬁ",
        "1\u00a0200\u202fkWh",
    ],
    ids=["typst", "markdown", "right to left", "emoji", "spaces in figures"],
)
def test_one_line_keeps_what_can_be_read(text):
    """Signs of other languages and formats stay as they are."""
    assert one_line(text) == text


def test_one_line_drops_what_xml_does_not_know():
    """Of all characters, only those that XML allows are left."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    cleaned = one_line(everything)
    assert _XML.fullmatch(cleaned)
    assert "a" in cleaned
    assert len(cleaned) > sys.maxunicode - 4_000  # 2,048 of them are surrogates


def test_one_line_replaces_half_characters():
    """A half of a character that its file has lost leaves a visible sign."""
    assert one_line("a\ud83db") == "a\ufffdb"


def test_one_line_does_not_turn_text_round():
    """A hidden sign cannot make a figure read backwards."""
    assert one_line("cost \u202e0021\u202c SEK") == "cost 0021\u202c SEK"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (" http://made-up.example", "http://made-up.example"),
        (
            "https://made-up.example/a?b=c%20d&d=(e)#f~",
            "https://made-up.example/a?b=c%20d&d=(e)#f~",
        ),
        ("https://made-up.example/ü中", "https://made-up.example/%C3%BC%E4%B8%AD"),
    ],
)
def test_web_address_of_the_web(address, link):
    """Addresses of web pages may become links."""
    assert web_address(address) == link


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://made-up.example",
        "data:text/html,x",
        "file:///etc/passwd",
        "//made-up.example",
        "https://",
        "https://made-up.example/a b",
        "https://made-up.example/<b>",
        "https://[made-up.example",
        "made-up.example",
    ],
)
def test_web_address_of_anything_else(address):
    """Nothing else becomes a link."""
    assert web_address(address) == ""
