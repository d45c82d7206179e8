"""Which statements hold a figure that says what it is a figure of."""

from __future__ import annotations

import pytest

from kb.figures import states_figure_with_unit


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
