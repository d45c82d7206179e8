"""What goes to the browser as HTML or Markdown: escaped, whatever the corpus holds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kb.types import Source
from ui import markup

ROOT = Path(__file__).parents[3]
HOSTILE = '<script>alert("x")</script> & <img src=x onerror=y>'


A_SOURCE = Source(
    source_id="S1",
    title="A report",
    publisher="A publisher",
    url="https://example.org/a?b=1&c=2",
    language="sv",
    year=2020,
)


def source(**changes) -> Source:
    return replace(A_SOURCE, **changes)


@pytest.mark.parametrize(
    "html",
    [
        markup.lead(HOSTILE),
        markup.statement(HOSTILE, [1], HOSTILE),
        markup.short_summary(HOSTILE),
        markup.asked_parts(HOSTILE, [(HOSTILE, [1]), (HOSTILE, [])], HOSTILE),
        markup.passage(HOSTILE, 3, 12),
        markup.marked_statement(HOSTILE, [HOSTILE]),
        markup.marked_statement("A fact.", ["S1"], HOSTILE),
        markup.quoted_statement(HOSTILE, ["S1"], [source(title=HOSTILE)]),
        markup.contents(HOSTILE, [(HOSTILE, HOSTILE)]),
        markup.case_line([HOSTILE]),
        markup.status(HOSTILE),
        markup.plain_list([HOSTILE]),
        markup.facts([(HOSTILE, HOSTILE)]),
        markup.table(HOSTILE, [HOSTILE], [[HOSTILE, HOSTILE]]),
        markup.sources([source(title=HOSTILE, publisher=HOSTILE, source_id=HOSTILE)]),
        markup.sources([source(source_id=HOSTILE)], with_ids=True),
        markup.sources([source(url='https://x.org/"onclick="y')]),
    ],
    ids=[
        *("lead", "statement", "short summary", "parts", "passage", "marked statement"),
        *("note", "quoted statement", "contents", "case line", "status"),
        *("list", "facts", "table"),
        *("sources", "source ids", "source address"),
    ],
)
def test_html_when_the_text_is_hostile(html):
    """No tag or attribute of the corpus's text survives."""
    assert "<script" not in html
    assert "<img" not in html
    assert 'onclick="y' not in html


def test_passage_when_a_statement_is_highlighted():
    """Exactly the statement's characters are marked, across lines too."""
    html = markup.passage("One fact.\nTwo facts.", 10, 20)
    assert re.findall("<mark>(.*?)</mark>", html) == ["Two facts."]
    html = markup.passage("One fact.\nTwo facts.", 4, 13)
    assert re.findall("<mark>(.*?)</mark>", html) == ["fact.", "Two"]


@pytest.mark.parametrize(
    "letters", ["İstanbul", "Straße", "e\u0301tude", "ﬁne", "שלום"], ids=ascii
)
def test_passage_when_letters_change_length_in_other_cases(letters):
    """Offsets count characters of the text as it is, not of a changed copy."""
    text = f"{letters} costs EUR 5."
    html = markup.passage(text, len(letters) + 1, len(text))
    assert re.findall("<mark>(.*?)</mark>", html) == ["costs EUR 5."]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.org", ""]
)
def test_sources_when_the_address_is_not_of_the_web(url):
    """Only http and https addresses become links."""
    assert "<a " not in markup.sources([source(url=url)])


def test_sources_when_the_year_is_not_stated():
    """A source without a year says so, and in which language it is."""
    html = markup.sources([source(year=None)])
    assert "A publisher, year unknown, in Swedish" in html


@pytest.mark.parametrize(
    "text", ["*a* _b_ `c`", "[a](b)", ":red[x] $x$", "# a", "<b>", "1. x", "a | b"]
)
def test_as_markdown_when_text_looks_like_markdown(text):
    """Every sign that Markdown or Streamlit reads is escaped."""
    escaped = markup.as_markdown(text)
    assert not re.search(r"(?<!\\)[*_`\[\]#<>$|:.]", escaped)
    assert escaped.replace("\\", "") == text


def test_as_markdown_when_text_has_lines():
    """Text becomes one line; a space at which no line may break stays one."""
    assert markup.as_markdown(" a \n\n# b\u2028c ") == r"a \# b c"
    assert markup.as_markdown("Pourquoi\u202f?") == "Pourquoi\u202f?"


# What browsers make links of: GitHub Flavored Markdown, section 6.9.
AUTOLINK = re.compile(r"https?://|www\.|[-.\w+]@[-\w]+\.", re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://evil.example/login",
            "See HTTP://evil.example.",
            "(www.evil.example)",
        ),
        *("wWw.evil.example", "a.b+c@evil.example", "xmpp:me@evil.example"),
    ],
)
def test_as_markdown_when_text_looks_like_an_address(text):
    """No address becomes a link, and a reader sees every letter of it."""
    assert AUTOLINK.search(text)
    read = markup.as_markdown(text).replace("\\", "")
    assert not AUTOLINK.search(read)
    assert read.replace("\u2060", "") == text


def test_html_when_pages_draw_it():
    """Pages hand only results of our markup or a style sheet to st.html."""
    calls = [
        (path.name, call)
        for path in [ROOT / "app.py", *(ROOT / "ui").rglob("*.py")]
        for call in re.findall(r"\.html\(\s*(\S+)", path.read_text(encoding="utf-8"))
    ]
    of = ("", "case_", "compare_", "curate_", "figure_", "prepare_")
    ours = (f"{part}markup." for part in of)
    allowed = (*ours, "STYLE")
    assert calls
    assert [call for call in calls if not call[1].startswith(allowed)] == []


def test_html_when_markdown_is_drawn():
    """No page allows raw HTML in Markdown, and none runs JavaScript."""
    for path in [ROOT / "app.py", *(ROOT / "ui").rglob("*.py")]:
        assert "unsafe_allow" not in path.read_text(encoding="utf-8"), path.name


def test_quoted_statement_leads_to_its_sources():
    """Marks lead to the public sources; one without a web address is no link."""
    listed = [source(), source(source_id="S2", url="javascript:alert(1)", year=None)]
    html = markup.quoted_statement("A fact.", ["S1", "S2", "S9"], listed)
    assert re.findall('href="(.*?)"', html) == ["https://example.org/a?b=1&amp;c=2"]
    assert re.findall(r"\[S\d\]", html) == ["[S1]", "[S2]"]
    assert "A report (A publisher, year unknown, in Swedish)" in html


def test_sources_with_ids_tell_the_kind_of_publisher():
    """A known kind of publisher stands beside a source, an unknown one is left out."""
    known = source(url="https://ec.europa.eu/a", publisher="European Commission")
    assert "in Swedish · public body<" in markup.sources([known], with_ids=True)
    assert "in Swedish<" in markup.sources([source()], with_ids=True)


def test_table_names_its_columns_and_rows():
    """The headings name the columns, the first cell its row; the keyboard moves it."""
    html = markup.table("Figures", ["City", "Cases"], [["Lund", "3"], ["Oslo", "5"]])
    assert re.findall('<th scope="col">(.*?)<', html) == ["City", "Cases"]
    assert re.findall('<th scope="row">(.*?)</th><td>(.*?)<', html) == [
        ("Lund", "3"),
        ("Oslo", "5"),
    ]
    assert 'aria-label="Figures" tabindex="0"' in html
