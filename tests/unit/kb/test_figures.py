"""Which statements hold a figure that says what it is a figure of."""

from __future__ import annotations

import pytest

from kb.figures import states_figure_with_unit, years_named


@pytest.mark.parametrize(
    "text",
    [
        "The pipe cost 7 million crowns.",
        "The pipe cost EUR 7,000.",
        "Emissions fell by 40% in 2019.",
        "Emissions fell by 40 percent.",
        "Water leaves at 80 °C.",
        "The pipe warms 1,200 homes.",
        "Heat output was 350-380 GWh a year.",
        "Between 2018 and 2021 it saved 12 tonnes.",
    ],
)
def test_states_figure_with_unit(text):
    """Money, shares, measured and counted things are figures with a unit."""
    assert states_figure_with_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The pipe was laid in 2019.",
        "The plan for 2019-2030 was renewed on 6 May.",
        "The pipe follows line 2 to Biscuit Lane 106.",
        "Signatories grew from 25 to 55.",
        "CO2 fell, as chapters 2-4 of the plan say.",
        "The call closed in the 2021-2027 period.",
    ],
)
def test_states_figure_with_unit_when_there_is_none(text):
    """Years, dates, names and bare figures are not."""
    assert not states_figure_with_unit(text)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("In 2023 the pipe was laid.", [(2023, 2023)]),
        (
            "It fell from 2018 to 2021, in 2018 most.",
            [(2018, 2018), (2021, 2021)],
        ),
        ("The plan of 2019-2023 was renewed.", [(2019, 2023)]),
        ("The plan of 2019–2023 (2021 prices).", [(2019, 2023)]),
        ("Goals for 2030 stand in the plan of 2012.", [(2012, 2012), (2030, 2030)]),
        ("Blocks of the 1960s, funded by Horizon 2020, near Natura 2000 land.", []),
        ("A pipe of 2,019 m, 20190 mm or 2019.5 m.", []),
        ("Rule FOR-2025-04 of 12 May 2025.", [(2025, 2025)]),
    ],
)
def test_years_named(text, spans):
    """Years come in order, each once, those in a row as one span."""
    assert years_named(text) == spans
