"""Kinds of PDF pages, each with what stands on the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.documents import Document
from tests.support.drawn_pdf import Drawn, drawn_pdf, ending_at
from tests.unit.ingest.readers.files import read, texts

READINGS = Path(__file__).parents[3] / "fixtures" / "readings"
SENTENCE = "The city built a heat store below the station and paid for it alone."


@pytest.fixture
def drawn(tmp_path):
    """Return a function that draws pages and reads them."""

    def read_drawn(*pages: Sequence[Drawn]) -> Document:
        return read(tmp_path, "drawn.pdf", drawn_pdf(*pages))

    return read_drawn


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads one of the committed files."""

    def read_committed(name: str) -> Document:
        return read(tmp_path, name, (READINGS / name).read_bytes())

    return read_committed


def table(
    rows: Sequence[Sequence[str]], xs: Sequence[float], y: float = 700
) -> list[Drawn]:
    """Return rows 14 points apart, row by row; figures end at their place."""
    return [
        ending_at(cell, x, y - 14 * n)
        if number and not cell.strip("0123456789., ")
        else Drawn(cell, x - 30 if number else x, y - 14 * n)
        for n, row in enumerate(rows)
        for number, (cell, x) in enumerate(zip(row, xs, strict=True))
        if cell
    ]


def lines(*rows: str, x: float = 60, y: float = 760, step: float = 13) -> list[Drawn]:
    """Return lines of running text below each other."""
    return [Drawn(row, x, y - step * n) for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "header-of-two-lines.pdf",
            [
                "Building type: Schools; Floor area (m²): 120,300; Use (MWh): 14,200; "
                "Share: 38%",
                "Building type: Offices; Floor area (m²): 80,100; Use (MWh): 9,100; "
                "Share: 24%",
                "Building type: Pools; Floor area (m²): 12,000; Use (MWh): 7,400; "
                "Share: 20%",
                "Building type: Other; Floor area (m²): 55,000; Use (MWh): 6,700; "
                "Share: 18%",
            ],
        ),
        (
            "dot-leaders.pdf",
            [
                "Pipes: 1200",
                "Heat pumps: 450",
                "Planning and permits: 80",
                "Total: 1730",
            ],
        ),
        (
            "table-before-next-page.pdf",
            [
                "Homes: 1186; Megawatts: 35; Jobs: 412",
                "Homes: 1290; Megawatts: 40; Jobs: 430",
            ],
        ),
        (
            "minus.pdf",
            [
                "– 12 % of emissions were reached compared with 2010.",
                "5 degrees was the lowest outdoor temperature.",
                "− 40 kt CO2 by 2030 is the target, that is 2.5 t/m² and 10⁶ kWh³⁾.",
            ],
        ),
        (
            "wrapped.pdf",
            [
                "Measure: Planning and permits of the new heat store under the "
                "station; Owner: City of Lund, office of works; Cost (EUR): 80,000; "
                "Status: done",
                "Measure: Pipes; Owner: Kraftringen; Cost (EUR): 1,200,000; Status: "
                "planned for 2026",
                "Measure: Heat pumps of the second stage; Owner: Kraftringen; Cost "
                "(EUR): 450,000; Status: open",
            ],
        ),
        (
            "rotated.pdf",
            [
                "Type: District heat; Homes: 1186; Offices: 35; Schools: 412",
                "Type: Heat pump; Homes: 220; Offices: 48; Schools: 17",
                "Type: Direct power; Homes: 90; Offices: 3; Schools: 1",
            ],
        ),
        (
            "footnotes.pdf",
            [
                "The boiler gives 35¹ MW and saves 40 kt of CO2 a year. It cost 2.5 "
                "million² over 120 m² and 10⁶ kWh in 2019³."
            ],
        ),
        (
            "raised-by-shape.pdf",
            [
                "CO2 fell by 12¹ % to 35²⁾ kt, 120 m², 45 m³, 10⁶ kWh, 10⁻³ g, NOx and "
                "PM2.5, 1 200† t in 2019.³ x²."
            ],
        ),
        (
            "spaced-out.pdf",
            ["Total 1 234 homes in 2024 and HEAT STORE 35 MW."],
        ),
        (
            "footnotes-in-table.pdf",
            [
                "Source: Straw; Heat (GWh)¹: 1 186²; Cost (EUR): −12,5",
                "Source: Biogas³; Heat (GWh)¹: 35; Cost (EUR): € 4 500",
                "Source: Sea water; Heat (GWh)¹: –; Cost (EUR): n/a",
            ],
        ),
    ],
)
def test_reading_holds_its_rows(reading, name, rows):
    """Every row is one text, in order, with its own figures under their names."""
    document = reading(name)
    assert [text for text in texts(document) if text in rows] == rows
    assert document.problems == []


def test_pages_do_not_run_into_each_other(reading):
    """The sentence behind a table stands on the next page, with all its words."""
    pages = [
        (b.page, b.text[:20]) for b in reading("table-before-next-page.pdf").blocks
    ]
    assert pages == [
        (1, "The city of Lund bui"),
        (1, "Homes: 1186; Megawat"),
        (2, "The city of Lund bui"),
        (2, "Homes: 1290; Megawat"),
        (3, "The city of Lund bui"),
    ]


def test_groups_of_columns_in_doubt_give_plain_rows(reading):
    """Years that stand twice name nothing: each row keeps its label and figures."""
    found = texts(reading("grouped.pdf"))
    assert [text for text in found if "Traffic" in text] == [
        "Traffic; 200; 180; 52; 47"
    ]
    assert not any(": 200" in text for text in found)


def test_right_aligned_figures_keep_their_blanks(drawn):
    """A table without lines is found; cells are neither glued nor cut."""
    rows = [
        ["Item", "2022", "2023", "2024"],
        ["Pipes", "1 186", "12 350", "4 120"],
        ["Heat pumps", "100", "4", "96"],
        ["Permits", "0,5", "1 200,75", "80"],
    ]
    document = drawn([*lines(SENTENCE), *table(rows, [60, 300, 400, 500])])
    assert texts(document) == [
        SENTENCE,
        "Item: Pipes; 2022: 1 186; 2023: 12 350; 2024: 4 120",
        "Item: Heat pumps; 2022: 100; 2023: 4; 2024: 96",
        "Item: Permits; 2022: 0,5; 2023: 1 200,75; 2024: 80",
    ]


def test_table_with_an_empty_corner_and_empty_cells(drawn):
    """A figure stands under the name above it, not under the next free one."""
    rows = [
        ["", "Biomass", "Gas", "Oil"],
        ["2019", "12,5", "", "3,1"],
        ["2020", "", "4,4", ""],
        ["2021", "15,0", "5,2", "1,0"],
    ]
    assert texts(drawn(table(rows, [60, 200, 300, 400]))) == [
        "2019; Biomass: 12,5; Oil: 3,1",
        "2020; Gas: 4,4",
        "2021; Biomass: 15,0; Gas: 5,2; Oil: 1,0",
    ]


@pytest.mark.parametrize(
    "first",
    [["Solar", "4,5", "12,6", "1 607,3"], ["Size", "0 to 10", "10 to 50", "50 to 90"]],
    ids=["no header", "figures as header"],
)
def test_table_without_sure_names_is_plain(drawn, first):
    """A row is never named by the figures of another."""
    rows = [first, ["Wind", "11,0", "0,6", "11 062,6"], ["Gas", "3,2", "8,1", "904,0"]]
    xs = [60, 200, 300, 420]
    assert texts(drawn(table(rows, xs))) == ["; ".join(row) for row in rows]


def test_table_that_follows_another_has_names_of_its_own_or_none(drawn):
    """The first table's names do not reach into the second."""
    rows = [
        ["Pipe", "Length", "Loss"],
        ["Steel", "310", "24"],
        ["Plastic", "95", "15"],
        ["House", "Rooms", "Flats"],
        ["North", "1998", "24"],
    ]
    assert texts(drawn(table(rows, [60, 200, 300]))) == [
        "Pipe: Steel; Length: 310; Loss: 24",
        "Pipe: Plastic; Length: 95; Loss: 15",
        "House; Rooms; Flats",
        "North; 1998; 24",
    ]


def test_units_below_names_are_part_of_them(drawn):
    """A second line with an empty corner belongs to the header."""
    rows = [["Sector", "Use", "Share"], ["", "(MWh)", "(%)"]]
    rows += [["Homes", "1 200", "40"], ["Offices", "800", "27"]]
    assert texts(drawn(table(rows, [60, 300, 400]))) == [
        "Sector: Homes; Use (MWh): 1 200; Share (%): 40",
        "Sector: Offices; Use (MWh): 800; Share (%): 27",
    ]


def test_table_drawn_column_by_column(drawn):
    """The order of drawing does not matter where figures stand side by side."""
    rows = [["Item", "2022", "2023"], ["Pipes", "1 186", "12 350"]]
    rows += [["Pumps", "100", "96"], ["Permits", "0,5", "80"]]
    cells = sorted(table(rows, [60, 300, 400]), key=lambda cell: cell.x > 200)
    by_column = sorted(cells, key=lambda cell: (cell.x > 200) + (cell.x > 330))
    assert texts(drawn(by_column)) == [
        "Item: Pipes; 2022: 1 186; 2023: 12 350",
        "Item: Pumps; 2022: 100; 2023: 96",
        "Item: Permits; 2022: 0,5; 2023: 80",
    ]


def test_text_above_and_below_a_table_is_no_part_of_it(drawn):
    """Lines as near as the rows are to each other stay apart from them."""
    rows = [["Pipe", "Length", "Loss"], ["Steel", "310", "24"], ["Twin", "95", "15"]]
    page = [
        *lines("These are the pipes that the city laid in the year", y=714),
        *table(rows, [60, 200, 300]),
        *lines("and those that the company laid below the market.", y=658),
    ]
    assert texts(drawn(page)) == [
        "These are the pipes that the city laid in the year",
        "Pipe: Steel; Length: 310; Loss: 24",
        "Pipe: Twin; Length: 95; Loss: 15",
        "and those that the company laid below the market.",
    ]


def test_page_of_figures_only_is_read(drawn):
    """Two columns of figures are a text layer; the first names nothing."""
    rows = [[f"{1000 + 37 * n}", f"{3 * n},{n}"] for n in range(9)]
    page = [
        ending_at(c, 200 + 90 * k, 700 - 14 * n)
        for n, row in enumerate(rows)
        for k, c in enumerate(row)
    ]
    assert texts(drawn(page)) == ["; ".join(row) for row in rows]


def test_key_figures_stand_with_their_words(drawn):
    """A large figure is no heading, and lies with the words below it."""
    page = [Drawn("Key figures 2024", 60, 780, 20, bold=True)]
    for n, (figure, words) in enumerate(
        [("1 186", "homes connected"), ("35 MW", "of heat"), ("–12 %", "emissions")]
    ):
        page += [Drawn(figure, 60 + 170 * n, 680, 36), Drawn(words, 60 + 170 * n, 660)]
    document = drawn([*page, *lines(SENTENCE, y=560)])
    assert [(block.section, block.text) for block in document.blocks] == [
        ("Key figures 2024", "1 186 homes connected"),
        ("Key figures 2024", "35 MW of heat"),
        ("Key figures 2024", "–12 % emissions"),
        ("Key figures 2024", SENTENCE),
    ]


def test_figure_drawn_in_pieces_is_one(drawn):
    """Pieces that touch are one word, wherever the file cuts them."""
    pieces = [("made 1,6", 60), ("07.3", 101.7), (" MWh", 121.2), ("for 11,062", 150)]
    page = [Drawn(text, x, 700) for text, x in pieces]
    page.append(Drawn(".6 homes", 195, 700))
    assert texts(drawn(page)) == ["made 1,607.3 MWh for 11,062.6 homes"]


def test_raised_digits_stay_raised(drawn):
    """A footnote mark is no digit of the figure before it, whenever it is drawn."""
    page = [Drawn("gives 35", 60, 700), Drawn("MW on 80 m", 104, 700)]
    page += [Drawn("1", 97.3, 704, 6), Drawn("2", 160.7, 704, 6)]
    assert texts(drawn(page)) == ["gives 35¹ MW on 80 m²"]


def test_overprinted_bold_is_there_once(drawn):
    """Letters drawn several times to look bold are one text, and no doubt."""
    page = [Drawn("Total 11,062.6 MWh in 2024", 60 + 0.3 * n, 700) for n in range(3)]
    document = drawn(page)
    assert texts(document) == ["Total 11,062.6 MWh in 2024"]
    assert document.problems == []


def test_title_drawn_last_names_its_page(drawn):
    """Where a heading stands counts, not when it is drawn."""
    pages = [
        [
            *lines(f"The first sentence on {title} tells what they were.", y=700),
            Drawn(title, 60, 760, 18, bold=True),
        ]
        for title in ("Costs", "Results")
    ]
    assert [(block.section, block.page) for block in drawn(*pages).blocks] == [
        ("Costs", 1),
        ("Results", 2),
    ]


def test_sidebar_names_no_section(drawn):
    """The heading of a narrow column beside the text is a text."""
    main = [
        f"The main text tells in line {n} how the plan is paid for" for n in range(12)
    ]
    side = [Drawn("Did you know?", 420, 757, 12, bold=True)]
    side += lines("A box holds 7,5", "tonnes of straw", "and stands dry.", x=420, y=738)
    page = [Drawn("Plan", 60, 790, 18, bold=True), *lines(*main), *side]
    document = drawn(
        [*page, *lines("The text goes on here below the box, too.", y=560)]
    )
    assert {block.section for block in document.blocks} == {"Plan"}
    assert "A box holds 7,5 tonnes of straw and stands dry." in texts(document)


def test_running_heads_name_no_section(drawn):
    """What stands above every page is no text, also where a part of it changes."""
    pages = [
        [
            Drawn("City of Lund", 60, 815, 8, bold=True),
            Drawn(chapter, 480, 815, 8, bold=True),
            *lines(f"The page tells of the year 202{n} and what it cost.", y=760),
            Drawn(f"Report | {n + 1} of 3", 60, 30, 8),
        ]
        for n, chapter in enumerate(["Background", "Costs", "Results"])
    ]
    assert [(block.section, block.text) for block in drawn(*pages).blocks] == [
        ("", f"The page tells of the year 202{n} and what it cost.") for n in range(3)
    ]


def test_rows_at_the_edges_of_pages_are_kept(drawn):
    """Rows of a register differ in their figures only and are no running heads."""
    pages = [
        lines(*(f"House {n} of street {k} has {n * 7 + k} flats." for n in range(9)))
        for k in range(4)
    ]
    found = " ".join(texts(drawn(*pages)))
    assert all(
        f"House {n} of street {k} has {n * 7 + k} flats." in found
        for n in range(9)
        for k in range(4)
    )


def test_heading_without_text_is_kept(drawn):
    """A heading with nothing below it is a text, whatever follows."""
    page = [Drawn(f"We save {n} tonnes", 60, 780 - 60 * n, 18) for n in (1, 2)]
    page += [Drawn("Costs", 60, 600, 18), *lines(SENTENCE, y=570)]
    assert [(block.section, block.text) for block in drawn(page).blocks] == [
        ("", "We save 1 tonnes"),
        ("", "We save 2 tonnes"),
        ("Costs", SENTENCE),
    ]


def test_contents_are_dropped_where_their_titles_follow(drawn):
    """Dots that lead from titles to pages are a table of contents."""
    titles = ["Background", "Costs", "Results"]
    contents = [
        Drawn(f"{title} {'.' * 40} {n + 2}", 60, 700 - 14 * n)
        for n, title in enumerate(titles)
    ]
    pages = [
        [Drawn(title, 60, 760, 18, bold=True), *lines(f"The {title} cost much.", y=720)]
        for title in titles
    ]
    assert {b.section for b in drawn(contents, *pages).blocks} == set(titles)


def test_columns_are_read_one_after_the_other(drawn):
    """Two columns of text with a table across keep their lines and rows."""
    left = [f"the left column tells {n} that straw is dry and" for n in range(6)]
    right = [f"the right column tells {n} that wood is wet and" for n in range(6)]
    rows = [["Pipe", "Length", "Loss"], ["Steel", "310", "24"], ["Twin", "95", "15"]]
    page = [*lines(*left), *lines(*right, x=320), *table(rows, [60, 300, 450], 640)]
    assert texts(drawn(page)) == [
        " ".join([*left, *right]),
        "Pipe: Steel; Length: 310; Loss: 24",
        "Pipe: Twin; Length: 95; Loss: 15",
    ]


def test_narrow_columns_are_parted_where_others_begin(drawn):
    """Where only a space is left between two cells, the rows around part them."""
    rows = [["Item", "Homes", "Share"], ["Area 1", "100", "4 %"]]
    rows += [["Area 2", "120", "5 %"], ["Old Town 10", "130", "96 %"]]
    page = [
        Drawn(cell, x, 700 - 14 * n)
        for n, row in enumerate(rows)
        for cell, x in zip(row, [60, 120, 180], strict=True)
    ]
    assert texts(drawn(page))[-1] == "Item: Old Town 10; Homes: 130; Share: 96 %"


def test_cells_that_cannot_be_parted_have_no_names(drawn):
    """Two figures in one cell are two cells, whose names are not known."""
    rows = [["Area", "Homes Jobs", "Share"], ["North", "1296 64", "4"]]
    rows += [["South", "1369 63", "5"]]
    page = [
        Drawn(c, 60 + 100 * k, 700 - 14 * n)
        for n, r in enumerate(rows)
        for k, c in enumerate(r)
    ]
    assert texts(drawn(page)) == ["; ".join(row) for row in rows]


def test_lines_that_end_early_are_texts_of_their_own(drawn):
    """Names and values below each other are not joined to one sentence."""
    rows = ["Power 35 MW", "Cost EUR 4", "Owner is the City of Lund and its company"]
    assert texts(drawn(lines(*rows))) == rows


def cells(
    *cells: tuple[str, float, float], xs: Sequence[float] = (60, 250, 400)
) -> list[Drawn]:
    """Return cells, each with its column and height."""
    return [Drawn(text, xs[int(column)], y) for text, column, y in cells]


def test_narrow_columns_of_thousands_are_parted(drawn):
    """Blanks between thousands part nothing, blanks as wide between columns do."""
    rows = [["Sector", "2018", "2019", "2020"], ["Housing", "1 200", "1 180", "1 150"]]
    rows += [["Traffic", "900", "80", "870,5"], ["Trade", "75", "70", "66"]]
    page = [Drawn(row[0], 60, 700 - 14 * n) for n, row in enumerate(rows)]
    page += [
        ending_at(cell, 150 + 28 * k, 700 - 14 * n)
        for n, row in enumerate(rows)
        for k, cell in enumerate(row[1:])
    ]
    assert texts(drawn(page)) == [
        "Sector: Housing; 2018: 1 200; 2019: 1 180; 2020: 1 150",
        "Sector: Traffic; 2018: 900; 2019: 80; 2020: 870,5",
        "Sector: Trade; 2018: 75; 2019: 70; 2020: 66",
    ]


def test_label_of_two_lines_has_its_figures_beside_the_last(drawn):
    """A line that goes on in small letters is no row of its own."""
    page = cells(
        *[("Measure", 0, 700), ("Owner", 1, 700), ("Cost", 2, 700)],
        *[("Pipes", 0, 680), ("Lund", 1, 680), ("120", 2, 680)],
        *[("Heat pumps of the second", 0, 660), ("stage", 0, 648)],
        *[("Lund", 1, 648), ("450", 2, 648)],
    )
    assert texts(drawn(page)) == [
        "Measure: Pipes; Owner: Lund; Cost: 120",
        "Measure: Heat pumps of the second stage; Owner: Lund; Cost: 450",
    ]


def test_label_whose_words_are_spaced_out_is_whole(drawn):
    """What fills its column with equal gaps, and goes on below, is one cell."""
    spaced = [Drawn("Northern ", 60, 700), Drawn("towns ", 115.9, 700)]
    label = [*spaced, Drawn("and", 159, 700), Drawn("islands", 60, 687)]
    figures = [ending_at("66.5", 300, 693.5), ending_at("17.7", 380, 693.5)]
    rows = table(
        [("Harbour", "6.8", "1.0"), ("City", "0.3", "2.2")], (60, 300, 380), 660
    )
    found = texts(drawn([*lines(SENTENCE), *label, *figures, *rows]))
    assert found[1:] == [
        "Northern towns and islands; 66.5; 17.7",
        "Harbour; 6.8; 1.0",
        "City; 0.3; 2.2",
    ]


@pytest.mark.parametrize(
    ("drawn_as", "read_as"),
    [
        (("123,887.", "3"), "123,887.3"),
        (("-", "405281.4"), "-405281.4"),
        (("EUR 12,", "500"), "EUR 12,500"),
        (("€1.", "234.", "567"), "€1.234.567"),
        (("about 5,", "6 of 8"), "about 5, 6 of 8"),
    ],
)
def test_figure_that_its_cell_breaks_is_one(drawn, drawn_as, read_as):
    """A cell may be too narrow for its figure, which goes on in the next line."""
    cell = lines(*drawn_as, x=300, y=700)
    label = Drawn("Sports halls", 60, 700 - 6.5 * (len(drawn_as) - 1))
    found = texts(drawn([*lines(SENTENCE), label, *cell, *lines(SENTENCE, y=600)]))
    assert found[1].replace(":", "") == f"Sports halls {read_as}"


def test_label_that_stands_between_two_rows_is_that_of_both(drawn):
    """A merged cell is said in every row that it reaches over."""
    page = cells(
        *[("Source", 0, 700), ("Plant", 1, 700), ("Heat", 2, 700)],
        *[("Gas", 0, 673), ("North", 1, 680), ("40", 2, 680)],
        *[("South", 1, 666), ("22", 2, 666)],
    )
    assert texts(drawn(page)) == [
        "Source: Gas; Plant: North; Heat: 40",
        "Source: Gas; Plant: South; Heat: 22",
    ]


def test_tables_side_by_side_keep_their_rows(drawn):
    """Of two tables on one height each row is read alone."""
    costs = [["Item", "2022", "2023"], ["Pipes", "1 186", "350"], ["Pumps", "7", "4"]]
    towns = [["Town", "Homes", "Jobs"], ["Lund", "220", "12"], ["Espoo", "90", "7"]]
    page = [*table(costs, [60, 170, 230]), *table(towns, [330, 440, 500])]
    assert texts(drawn(page)) == [
        "Item: Pipes; 2022: 1 186; 2023: 350",
        "Item: Pumps; 2022: 7; 2023: 4",
        "Town; Homes; Jobs",
        "Lund; 220; 12",
        "Espoo; 90; 7",
    ]


def test_header_whose_names_stand_low(drawn):
    """Names of one line beside the last line of longer ones are one header."""
    page = cells(
        *[("Type", 0, 688), ("Floor area", 1, 700), ("(m2)", 1, 688), ("Use", 2, 688)],
        *[("Schools", 0, 670), ("120,300", 1, 670), ("14,200", 2, 670)],
        *[("Pools", 0, 656), ("12,000", 1, 656), ("7,400", 2, 656)],
    )
    assert texts(drawn(page)) == [
        "Type: Schools; Floor area (m2): 120,300; Use: 14,200",
        "Type: Pools; Floor area (m2): 12,000; Use: 7,400",
    ]


def test_facts_of_several_kinds_name_no_columns(drawn):
    """Where each row has another unit, the first row is a fact, too."""
    rows = [["Owner", "City of Lund", "public"], ["Cost", "1 200 EUR", "1 300 EUR"]]
    rows.append(["Length", "310 m", "315 m"])
    page = cells(
        *((t, k, 700 - 14 * n) for n, r in enumerate(rows) for k, t in enumerate(r))
    )
    assert texts(drawn(page)) == ["; ".join(row) for row in rows]


def test_equal_figures_side_by_side_are_all_there(drawn):
    """No figure is left out because the one before it is the same."""
    rows = [["Solar", "4,5", "4,5", "1 607"], ["Wind", "11", "0,6", "0,6"]]
    assert texts(drawn(table(rows, [60, 200, 300, 420]))) == [
        "; ".join(row) for row in rows
    ]


@pytest.mark.parametrize(
    ("item", "after", "read_as"),
    [
        (
            "• The grant is paid as it says in art. 9",
            "(6) of the act.",
            "{0} (6) of the act.",
        ),
        ("3. Many firms replied,", "p. ex. Bergheat.", "3. {0} p. ex. Bergheat."),
        (
            "2. It opened with music and speeches on",
            "17. mai 2024.",
            "2. {0} 17. mai 2024.",
        ),
    ],
)
def test_item_goes_on_behind_what_looks_like_a_mark(drawn, item, after, read_as):
    """In a sentence of one item, another mark begins no other item; none is lost."""
    first = lines(f"{item[:2]} The first one ends here.", x=60, y=700)
    page = [*first, *lines(item, x=60, y=687), *lines(after, x=72, y=674)]
    rest = item.removeprefix("• ").removeprefix("2. ").removeprefix("3. ")
    assert texts(drawn(page))[1] == read_as.format(rest)


def test_items_that_end_without_a_stop_are_parted(drawn):
    """Marks that go on counting, or begin to, begin items."""
    page = [
        *lines("1. Pipes", "2. Heat pumps of two kinds", x=60, y=700),
        *lines("a) large", "b) small", x=75, y=674),
        *lines("3. Planning", x=60, y=648),
    ]
    assert texts(drawn(page)) == [
        "1. Pipes",
        "2. Heat pumps of two kinds",
        "a) large",
        "b) small",
        "3. Planning",
    ]


def test_items_without_marks_are_texts_of_their_own(drawn):
    """Short lines below each other are not joined to one figure after another."""
    items = ["–12 % of emissions by 2030", "35 homes", "4 jobs"]
    page = [*lines(SENTENCE, SENTENCE), *lines(*items, x=90, y=720)]
    assert texts(drawn(page))[-3:] == items


def test_key_figure_between_words(drawn):
    """Small words may stand above and below a large figure."""
    cards = [("Homes", "1 186", "+12 % since 2020"), ("Heat", "35 MW", "–3 %")]
    page = [
        Drawn(text, 60 + 180 * k, 700 - y, size)
        for k, card in enumerate(cards)
        for text, y, size in zip(card, (0, 32, 46), (10, 28, 8), strict=True)
    ]
    assert texts(drawn(page)) == [" ".join(card) for card in cards]
