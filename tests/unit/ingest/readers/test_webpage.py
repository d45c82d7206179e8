"""Web pages: which elements are text, and which stand around it."""

from __future__ import annotations

import pytest

from ingest.readers.webpage import read_webpage
from tests.unit.ingest.readers.files import LIMITS


def blocks(body: str) -> list[tuple[str, str]]:
    """Return sections and texts of a page with a body."""
    page = f"<!DOCTYPE html>\n<html><body>\n{body}\n</body></html>"
    found = read_webpage(page.encode(), "sampleby/a.html", LIMITS).blocks
    return [(block.section, block.text) for block in found]


def texts(body: str) -> list[str]:
    """Return the texts of a page with a body."""
    return [text for _, text in blocks(body)]


LONG = "<p>The boiler of Testby burns straw from twelve farms in the valley.</p>"


@pytest.mark.parametrize(
    "around",
    [
        "<nav><a href='/'>Home</a></nav>",
        "<header><p>Town of Testby</p></header>",
        "<footer><p>Town Hall</p></footer>",
        "<aside><p>More news</p></aside>",
        "<div role='dialog'><p>Accept?</p></div>",
        "<div class='cookie-banner'><p>Accept?</p></div>",
        "<div id='site-footer'><p>Town Hall</p></div>",
        "<ul><li><a href='/'>Home</a></li><li><a href='/b'>News</a></li></ul>",
        "<p hidden>Unseen</p>",
        "<p style='color:red; display: none'>Unseen</p>",
        "<span aria-hidden='true'>Unseen</span>",
        "<script>unseen()</script><style>p {}</style><noscript>Unseen</noscript>",
        "<form><select><option>Unseen</option></select><button>Send</button></form>",
        "<!-- Unseen -->",
    ],
)
def test_read_webpage_when_something_stands_around_the_text(around):
    """Only the text of the page is left."""
    assert texts(around + LONG) == texts(LONG)


@pytest.mark.parametrize("name", ["has-sidebar", "newsletter", "social"])
def test_read_webpage_when_names_mislead(name):
    """A name that would drop nearly the whole page is not believed."""
    body = f"<div class='{name} menu'>{LONG}</div><p>Short.</p>"
    assert texts(body) == [*texts(LONG), "Short."]


def test_read_webpage_when_one_part_is_the_main_one():
    """The main part is taken where it holds enough of the text."""
    assert texts(f"<div><p>Before</p></div><main>{LONG}</main>") == texts(LONG)


def test_read_webpage_when_a_list_of_links_says_something():
    """Links inside sentences are text."""
    item = "<li>The report on <a href='/r'>straw</a> came out in May.</li>"
    assert texts(f"<ul>{item}{item}</ul>")[0] == "The report on straw came out in May."


def test_read_webpage_when_text_stands_between_blocks():
    """Loose text, line breaks and nested lists keep their order."""
    body = "One<br>two<ul><li>a <b>b</b><ul><li>c</li></ul>d</li></ul>three"
    assert texts(body) == ["One two", "a b", "c", "d", "three"]


def test_read_webpage_when_headings_are_nested():
    """Headings below the only title make the sections; markup in them is dropped."""
    body = "<h1>T</h1><p>0</p><h2><b>A</b> a</h2><p>1</p><h3>B</h3><p>2</p><h2>C</h2>3"
    assert blocks(body) == [("", "0"), ("A a", "1"), ("A a › B", "2"), ("C", "3")]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("<tr><th>A<th>B<tr><td>1<td>2", ["A: 1; B: 2"]),
        ("<tr><td>A<td>B<td>C<tr><td>1<td>2<td>3", ["A: 1; B: 2; C: 3"]),
        ("<tr><td>Length:<td>3 km<tr><td>Cost<td>7", ["Length: 3 km", "Cost: 7"]),
        ("<tr><th>A<th>B<tr><td colspan=2>both", ["both"]),
        (
            "<tr><th>A<th>B<tr><td rowspan=2>x<td>1<tr><td>2",
            ["A: x; B: 1", "A: x; B: 2"],
        ),
        ("<tr><th>A<th>B<tr><td>1 [^S1]<td>2 [^S2]", ["A: 1; B: 2 [^S1][^S2]"]),
        ("<tr><th>A<tr><td colspan=99999999>x", ["x"]),
        ("<tr><th>A<th>B<tr><td>1<td>", ["A: 1"]),
        ("<tr><th>A<th colspan=2>B<tr><td>1<td colspan=2>2", ["A: 1; B: 2"]),
    ],
    ids=[
        "header",
        "first row as header",
        "names and values",
        "merged over the width",
        "merged downwards",
        "marks behind the row",
        "merged over nothing",
        "empty cell",
        "merged below a merged name",
    ],
)
def test_read_webpage_when_it_holds_a_table(table, rows):
    """Each row is one text that can be read alone."""
    assert texts(f"<table>{table}</table>") == rows


def test_read_webpage_knows_the_lines():
    """A block knows the line of the file on which its element begins."""
    found = read_webpage(b"<html>\n<h1>T</h1>\n\n<p>One.</p>", "a.html", LIMITS).blocks
    assert [block.line for block in found] == [4]
