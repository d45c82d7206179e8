"""Where the names of cities stand on the map: none over another."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ui.library.city_map import spread

EUROPE = Path(__file__).parents[3] / "ui" / "library" / "europe.json"


def test_spread_when_places_are_far_apart():
    """Names that do not meet stay at the latitudes of their cities."""
    assert spread([(43.8, 11.2, "A"), (60.2, 24.9, "B"), (43.9, 25.0, "C")]) == [
        *(43.8, 60.2, 43.9)
    ]
    assert spread([]) == []


def test_spread_when_places_are_near():
    """Near names are moved apart evenly, in the order of their latitudes."""
    found = spread([(55.6, 13.0, "South"), (56.0, 12.7, "North"), (55.7, 13.2, "Mid")])
    south, north, middle = found
    assert north - middle == pytest.approx(1.9, abs=0.01)
    assert middle - south == pytest.approx(1.9, abs=0.01)
    # Their middle stays: (55.6 + 56.0 + 55.7) / 3
    assert sum(found) / 3 == pytest.approx(55.77, abs=0.01)


def test_spread_when_places_are_equal():
    """Two cities at one place are told apart, too."""
    one, other = spread([(50.0, 10.0, "A"), (50.0, 10.0, "B")])
    assert abs(one - other) == pytest.approx(1.9, abs=0.01)


def test_spread_when_a_long_name_reaches_the_next_city():
    """A name counts with its length, to the east only."""
    apart = [(45.2, 5.7, "Long-winded-on-Example"), (46.1, 18.2, "B")]
    assert spread(apart) != [45.2, 46.1]
    short = [(45.2, 5.7, "A"), (46.1, 18.2, "Long-winded-on-Example")]
    assert spread(short) == [45.2, 46.1]


def test_spread_when_there_are_many():
    """Thirty cities on one spot are spread in the end."""
    found = sorted(spread([(50 + i / 100, 10.0, "A") for i in range(30)]))
    assert min(b - a for a, b in pairwise(found)) > 1.85


def test_europe_turns_as_vega_wants():
    """Outer rings run clockwise: the other way round the whole globe is filled."""
    feature = json.loads(EUROPE.read_text(encoding="utf-8"))
    polygons = feature["geometry"]["coordinates"]

    def doubled_area(ring: list[list[float]]) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))

    assert EUROPE.stat().st_size < 80_000
    assert all(doubled_area(polygon[0]) < 0 for polygon in polygons)
    assert "Natural Earth" in feature["properties"]["source"]
