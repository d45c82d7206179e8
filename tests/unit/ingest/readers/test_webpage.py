"""Web pages: which elements are text, and which stand around it."""

from __future__ import annotations

import pytest

from ingest.readers.webpage import read_webpage
from tests.unit.ingest.readers.files import LIMITS, READINGS


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
        "<div class='related-articles'><h3>More</h3><p>The hall opens soon.</p></div>",
        "<div class='share'>Share this: <a href='/f'>Post</a></div>",
        "<div id='mainMenu'><p>Home</p></div>",
        "<ul>"
        + "<li><a href='/'>The news of last week, in full</a></li>" * 300
        + "</ul>",
        "<div>"
        + "<p><a href='/'>The news of last week, in full</a></p>" * 300
        + "</div>",
        "<p><del>Unseen</del><s>Unseen</s><strike>Unseen</strike></p>",
        "<p style='text-decoration: line-through'>Unseen</p>",
        "<input type=hidden value=Unseen><input type=submit value=Unseen>",
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


@pytest.mark.parametrize(
    "name",
    [
        "market-share",
        "cost-sharing",
        "related-costs",
        "social",
        "social-housing",
        "planning-consent",
        "share",
        "menu-of-measures",
        "skip-waste",
        "navigable-canal",
    ],
)
def test_read_webpage_when_a_name_only_sounds_like_a_menu(name):
    """What is named after its subject stays, whether class or id."""
    other = "<p>The pipes of Testby lead to ninety houses in the valley.</p>" * 3
    for kind in ("class", "id"):
        assert texts(f"<div {kind}='{name}'>{LONG}</div>{other}")[:1] == texts(LONG)


def test_read_webpage_when_a_menu_is_longer_than_the_text():
    """A menu of hundreds of entries does not pass for the page's text."""
    item = "<li><a href='/'>Offices of the town</a></li>"
    assert texts(f"<nav><ul>{item * 500}</ul></nav>{LONG}") == texts(LONG)
    assert texts(f"<div class=x><ul>{item * 500}</ul></div>{LONG}") == texts(LONG)


def test_read_webpage_when_it_is_nothing_but_a_menu():
    """Where there is no other text, that of the menu is read."""
    assert texts("<ul><li><a href='/'>Home</a><li><a href='/b'>News</a></ul>") == [
        "Home",
        "News",
    ]


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("", "<sup>1</sup>"),
        ("", "<span style='font-size:8px; vertical-align: super'>1</span>"),
        (".c1{font-size:8px;vertical-align:super}", "<span class='x c1'>1</span>"),
        ("p, span.c1 {vertical-align:super}", "<span class='c1'>1</span>"),
        (".c1{color:red} .c2{vertical-align:super}", "<b class='c2'>1</b>"),
    ],
)
def test_read_webpage_when_a_style_raises(head, mark):
    """A note's number is no digit of the figure before it."""
    page = f"<style>{head}</style>{LONG}<p>It gives 35{mark} MW of <b>heat</b>.</p>"
    assert texts(page)[-1] == "It gives 35¹ MW of heat."


@pytest.mark.parametrize(
    "head", [".c1{vertical-align:baseline}", "td.c1{vertical-align:super}", ".c1{", "}"]
)
def test_read_webpage_when_no_style_raises(head):
    """What a style sheet says of other things, or wrongly, changes nothing."""
    page = f"<style>{head}</style>{LONG}<p>It gives 3<b class='c1'>5</b> MW.</p>"
    assert texts(page)[-1] == "It gives 35 MW."


@pytest.mark.parametrize(
    ("head", "old"),
    [
        ("", "<span style='text-decoration: line-through'>40</span>"),
        (".c1{text-decoration:line-through}", "<span class='c1'>40</span>"),
    ],
)
def test_read_webpage_when_a_style_strikes(head, old):
    """What is struck out does not hold any more."""
    page = f"<style>{head}</style>{LONG}<p>It cost {old} 45 crowns.</p>"
    assert texts(page)[-1] == "It cost 45 crowns."


def test_read_webpage_when_it_has_fields():
    """Ticks and what was filled in are read beside their labels."""
    body = (
        "<p>Grant: <input type=checkbox checked> yes <input type=checkbox> no</p>"
        "<p><input type=radio>gas <input type=radio checked>straw</p>"
        "<p>Output: <input value='35 MW'></p>"
    )
    assert texts(body) == ["Grant: ☒ yes ☐ no", "○ gas ◉ straw", "Output: 35 MW"]


@pytest.mark.parametrize(
    ("pairs", "rows"),
    [
        (
            "<dt>Output<dd>35 MW<dt>Cost:<dd>EUR 24 m",
            ["Output: 35 MW", "Cost: EUR 24 m"],
        ),
        ("<dt>Output<dd>35 MW", ["Output: 35 MW"]),
        ("<dt>Partners<dd>City</dd><dd>Utility", ["Partners: City, Utility"]),
        ("<dt>Heat</dt><dt>Power</dt><dd>7 MW", ["Heat, Power: 7 MW"]),
        (
            "<div><dt>A<dd>1</div><div><dt>B<dd><ul><li>2<li>3</ul></div>",
            ["A: 1", "B: 2, 3"],
        ),
        ("<dt>Alone", ["Alone"]),
        ("<dt>A<dd><h3>B</h3><p>C", ["A", "C"]),
    ],
)
def test_read_webpage_when_it_holds_pairs(pairs, rows):
    """A name stays with its values; only what holds parts of a page is taken apart."""
    assert texts(f"<dl>{pairs}</dl>") == rows


@pytest.mark.parametrize(
    ("head", "encoding", "word", "read_as"),
    [
        ("<html>", "cp1252", "Malmö – 45 €", "cp1252"),
        ("<html lang='sv'>", "latin-1", "Malmö", "cp1252"),
        ("<html lang=pl>", "cp1250", "Łódź – ciepło", "cp1250"),
        ("<html lang=pl>", "iso8859-2", "Łódź ciepło", "iso8859-2"),
        ("<html lang='el-GR'>", "cp1253", "Η πόλη", "cp1253"),
    ],
)
def test_read_webpage_when_no_encoding_is_declared(head, encoding, word, read_as):
    """It is read as browsers read pages in its language, and a warning says so."""
    raw = f"{head}\n<p>{word}</p>".encode(encoding)
    found = read_webpage(raw, "sampleby/a.html", LIMITS)
    assert [block.text for block in found.blocks] == [word]
    (problem,) = found.problems
    assert (problem.rule, problem.severity, problem.line) == ("encoding", "warning", 2)
    assert read_as in problem.reason


def test_read_webpage_when_undeclared_utf_8():
    """UTF-8 needs no declaration and no warning."""
    found = read_webpage("<p>Malmö</p>".encode(), "sampleby/a.html", LIMITS)
    assert ([b.text for b in found.blocks], found.problems) == (["Malmö"], [])


def test_read_webpage_when_tables_and_names_are_awkward():
    """The page made for the purpose comes out whole, but for what is struck."""
    raw = (READINGS / "18-web-page-tables-and-names.html").read_bytes()
    assert [block.text for block in read_webpage(raw, "a.html", LIMITS).blocks] == [
        "The plan has three steps.",
        "Emissions (kt); 2020: 120; 2030: 60",
        "Cost (EUR m); 2020: 45; 2030: 80",
        "Second table with a list in one cell.",
        "Measure: Heat store; Cost: EUR 12 million; Who: City, Utility",
        "Measure: Deep well; Cost: EUR 30 million; Who: Utility",
        "The price was EUR 45 million in 2023, and 35¹ MW, 25 CO2-t, 10⁶ m³, 12 500 t, "
        "4,5 km.",
        "Grant received: ☒ yes ☐ no",
        "The heat market share is 62 percent in 2024.",
        "Households paid 12 percent of the cost.",
        "Related costs were EUR 3 million.",
        "Social rents rose by 4 percent after the retrofit.",
        "Heat output: 35 MW",
        "Investment: EUR 24 million",
    ]


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
        ("<tr><td><td>2020<td>2030<tr><td>t<td>1<td>2", ["t; 2020: 1; 2030: 2"]),
        ("<tr><td><th>2020<th>2030<tr><th>t<td>1<td>2", ["t; 2020: 1; 2030: 2"]),
        ("<tr><td><td>2020<tr><td>t<td>1", ["t; 2020: 1"]),
        (
            "<tr><td>A<td>9<td>9<td>8<tr><td>B<td>4<td>4<td>4",
            ["A; 9; 9; 8", "B; 4; 4; 4"],
        ),
        ("<tr><td>A<td>x<td>y<tr><td>B<td>u<td>v", ["A; x; y", "B; u; v"]),
        (
            "<tr><td rowspan=2>A<td colspan=2>B<tr><td>2020<td>2030<tr><td>x<td>1<td>2",
            ["A: x; B 2020: 1; B 2030: 2"],
        ),
        ("<tr><td>A<td colspan=2>B<tr><td>x<td>1<td>2", ["A; B", "x; 1; 2"]),
        ("<tr><td><b>A</b><td><b>B</b><tr><td>x<td>u", ["A: x; B: u"]),
        ("<tr><th>A<th>B", ["A; B"]),
        ("<tr><td>A<td>1<tr><td colspan=2>B<tr><td>C<td>2", ["A: 1", "B", "C: 2"]),
        (
            "<tr><th>A<th>B<tr><td>1<td>Who:<ul><li>x<li>y</ul>",
            ["A: 1; B: Who: x, y"],
        ),
        (
            "<tr><td>A<td>B<td>C<tr><td>1<td><ul><li>x<li>y</ul><td>3",
            ["A: 1; B: x, y; C: 3"],
        ),
        (
            "<tr><th>A<th>B<tr><td>1<td><table><tr><td>x<td>2<tr><td>y<td>3</table>",
            ["A: 1; B: x: 2, y: 3"],
        ),
        (
            "<tr><td><ul><li><a href=/>Home</a><li><a href=/b>News</a></ul><td>Text.",
            ["Text."],
        ),
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
        "empty corner",
        "empty corner beside marked names",
        "empty corner of two columns",
        "figures in every row",
        "words in every row",
        "names over several columns",
        "names over several columns alone",
        "names in bold letters",
        "names alone",
        "group among names and values",
        "list in a cell",
        "list in a cell without marked names",
        "table in a cell",
        "layout with a menu",
    ],
)
def test_read_webpage_when_it_holds_a_table(table, rows):
    """Each row is one text that can be read alone."""
    assert texts(f"<table>{table}</table>") == rows


def test_read_webpage_when_a_name_has_two_values():
    """Values that the page does not close are read once each."""
    assert texts("<dl><dt>Power<dd>35 MW<dd>12 MW<dt>Year<dd>1998</dl>") == [
        "Power: 35 MW, 12 MW",
        "Year: 1998",
    ]


def test_read_webpage_knows_the_lines():
    """A block knows the line of the file on which its element begins."""
    found = read_webpage(b"<html>\n<h1>T</h1>\n\n<p>One.</p>", "a.html", LIMITS).blocks
    assert [block.line for block in found] == [4]
