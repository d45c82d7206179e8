"""What the Library and the Case page show and keep, without a browser."""

from __future__ import annotations

import pytest

HEAT = "exampleton/biscuit-heat"
BONDS = "exampleton/sunday-bonds"
BRICKS = "sampleby/borrowed-bricks"
DIARY = "sampleby/walking-diary"


def html(app) -> str:
    """Return all that goes to the page as HTML."""
    return "".join(str(element.proto.body) for element in app.html)


def found(app) -> str:
    """Return what the Library says it found."""
    (line,) = [e.proto.body for e in app.html if 'class="found"' in e.proto.body]
    return str(line).partition(">")[2].partition("<")[0]


def listed(app) -> list[str]:
    """Return the ids of the cases that the page links to, in their order."""
    links = [e.proto.query_string for e in app.get("page_link")]
    return [
        query.partition("case=")[2].partition("&")[0].replace("%2F", "/")
        for query in links
        if "case=" in query
    ]


def test_library_when_opened(open_page):
    """Every case is listed under its city, with what the line tells about it."""
    app = open_page("library")
    assert found(app) == "4 cases"
    names = [h.value.partition(",")[0] for h in app.header]
    assert names == ["Exampleton", "Sampleby", "Where they are", "What they are about"]
    assert listed(app) == [HEAT, BONDS, BRICKS, DIARY]
    assert "2018-2021 · Energy and district heating · Draft · 6 statements" in html(app)
    assert "Citizen engagement and behavioural change · Reviewed by an expert" in html(
        app
    )


@pytest.mark.parametrize(
    ("address", "cases"),
    [
        ({"city": "sampleby"}, [BRICKS, DIARY]),
        ({"theme": ["financing", "district-heating"]}, [HEAT, BONDS]),
        ({"section": "Obstacles"}, [HEAT, BRICKS]),
        ({"from": "2022"}, [BONDS, BRICKS, DIARY]),
        ({"from": "2021", "to": "2018"}, [HEAT, BONDS]),  # the wrong way round
        ({"review": "reviewed"}, [BONDS]),
        ({"sort": "newest"}, [DIARY, BRICKS, BONDS, HEAT]),
        (
            {"city": "atlantis", "section": "x", "from": "x"},
            [HEAT, BONDS, BRICKS, DIARY],
        ),
    ],
    ids=str,
)
def test_library_when_the_address_holds_filters(open_page, address, cases):
    """An address brings its filters; what it names that is not there does nothing."""
    assert listed(open_page("library", **address)) == cases


def test_library_when_what_went_wrong_is_clicked(open_page):
    """One click lists the obstacles themselves, with links to their sources."""
    app = open_page("library")
    app.pills(key="section").set_value("Obstacles").run()
    assert found(app) == "What went wrong: 2 statements in 2 cases"
    assert "Insurers asked for a certificate" in html(app)
    assert 'href="https://crumbly.example/pipe"' in html(app)
    assert "The bonds pay" not in html(app)
    assert app.query_params["section"] == "Obstacles"


def test_library_when_filters_are_reset(open_page):
    """One button empties every filter and the address."""
    app = open_page("library", city="exampleton", section="Obstacles", to="2020")
    assert listed(app) == [HEAT]
    app.button(key="reset-filters").click().run()
    assert found(app) == "4 cases"
    assert app.query_params == {}
    assert "reset-filters" not in [button.key for button in app.button]


def test_library_when_nothing_fits(open_page):
    """It says so, and names the filters whose removal brings cases, most first."""
    app = open_page("library", city="sampleby", theme="financing", to="2021")
    assert found(app) == "0 cases"
    keys = [b.key for b in app.button if (b.key or "").startswith("remove-")]
    assert keys == ["remove-cities"]
    assert app.button(key="remove-cities").label.endswith("(1 case fits then)")
    app.button(key="remove-cities").click().run()
    assert listed(app) == [BONDS]


def test_city_buttons_when_one_is_chosen(open_page):
    """The buttons beside the map count under the other filters, and filter."""
    app = open_page("library", section="Obstacles", theme="circular-construction")
    buttons = app.pills(key="map-cities")
    assert buttons.options == ["Exampleton (0)", "Sampleby (1)"]
    buttons.set_value(["sampleby"]).run()
    assert app.multiselect(key="city").value == ["sampleby"]
    assert app.query_params["city"] == "sampleby"
    assert app.pills(key="map-cities").value == ["sampleby"]


def test_charts_when_shown_as_tables(open_page):
    """Every number of the charts can be read in a table."""
    app = open_page("library")
    app.toggle(key="charts-as-tables").set_value(True).run()
    assert '<th scope="row">Exampleton</th><td>1</td><td>1</td>' in html(app)
    # 2 of the heat, 1 of the bonds, 2 of the bricks
    assert '<th scope="row">What was done</th><td>5</td>' in html(app)
    assert len(app.get("vega_lite_chart")) == 1  # the map; the buttons tell its numbers


def test_case_when_opened(open_page):
    """A case shows its facts, statements with source marks, open questions, sources."""
    app = open_page("case", case=HEAT)
    assert app.title[0].value == "Waste heat from the biscuit factory"
    sections = ["What was done", "Costs", "Results", "What went wrong"]
    headings = [h.value for h in app.header]
    assert headings == [*sections, "Open questions", "Sources", "Read on"]
    page = html(app)
    assert 'href="#what-was-done"' in page
    assert 'href="#source-S2"' in page
    assert "What the factory is paid for its heat is not published." in page
    assert "Crumbly Biscuits, year unknown, in Swedish" in page
    assert listed(app) == [BONDS]  # there is none before it


def test_case_when_it_comes_from_a_report(open_page):
    """Statements without a section stand under their pages."""
    app = open_page("case", case=DIARY)
    assert [h.value for h in app.header][0] == "Text"
    captions = [caption.value for caption in app.caption]
    assert captions[:2] == ["Page 1", "Page 2"]


def test_case_when_it_does_not_exist(open_page):
    """An address of a case that is gone says so and leads to the Library."""
    app = open_page("case", case="atlantis/*heat*")
    assert app.title[0].value == "This case is not here"
    assert r"There is no case atlantis/\*heat\*" in app.info[0].value


def test_case_when_the_address_names_none(open_page):
    """An address without a case says what is missing."""
    app = open_page("case", case="")
    assert "The address names no case" in app.info[0].value


def test_case_when_its_statements_are_collected(open_page):
    """Buttons for single statements come when they are asked for."""
    app = open_page("case", case=HEAT)
    keys = [button.key for button in app.button]
    assert "collect-case" in keys
    assert f"collect-{HEAT}#costs.1" not in keys
    app.toggle(key="statement-details").set_value(True).run()
    buttons = [b for b in app.button if (b.key or "").startswith(f"collect-{HEAT}#")]
    assert len(buttons) == 6
    buttons[0].click().run()
    assert app.button(key=buttons[0].key).label == "Remove from the briefing"


def test_case_when_left_for_the_library(open_page):
    """The way back leads to the list as it was filtered."""
    app = open_page("library", city="exampleton", section="Obstacles")
    app.query_params.clear()
    app.query_params["case"] = HEAT
    app.switch_page("ui/case/case.py").run()
    back = [e.proto for e in app.get("page_link") if "Back to" in e.proto.label]
    assert back[0].query_string == "city=exampleton&section=Obstacles"
