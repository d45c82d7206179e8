"""The map of the mentor cities; a click on one shows its cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any

from kb.types import City
from ui.parts.charts import (
    Clicks,
    Palette,
    Row,
    click_on,
    clickable,
    named_by,
    palette,
    told_count,
)
from ui.texts import _

# Natural Earth, public domain; the file says how it was made.
_EUROPE = Path(__file__).with_name("europe.json")
_HEIGHT = 500
# In degrees of latitude, on a map that is 440 pixels wide and has 14 to a degree: the
# height of a label, what its circle takes, and the width of a letter.
_LINE = 1.9
_CIRCLE = 1.0
_LETTER = 0.52
# How far east a circle that had to move stands, in degrees of longitude: beside the dot
# that marks the city's place, not on it.
_ASIDE = 3.5
# Of circles, in square pixels, from no case to the most of a city.
_AREAS = (260, 800)
_MANY_CASES = 12
_DOT = 35
_PROJECTION = {"type": "azimuthalEqualArea", "rotate": [-10, -52, 0]}


def city_map(
    cities: Sequence[City],
    counts: Mapping[str, int],
    chosen: Collection[str],
    set_filters: Callable[[Mapping[str, str]], None],
) -> None:
    """Draw the cities on a map of Europe, each with its name and number of cases.

    Args:
        cities: The cities.
        counts: Number of cases by slug.
        chosen: Slugs of the chosen cities; their names are bold.
        set_filters: Called with the ``slug`` of the city that is clicked.
    """
    latitudes = spread([(c.latitude, c.longitude, c.name) for c in cities])
    rows: list[Row] = [
        {
            "slug": city.slug,
            "name": city.name,
            "n": counts.get(city.slug, 0),
            "told": told_count(city.name, counts.get(city.slug, 0)),
            "latitude": city.latitude,
            "longitude": city.longitude,
            "label_latitude": latitude,
            "label_longitude": city.longitude
            + (_ASIDE if latitude != city.latitude else 0),
            "chosen": city.slug in chosen,
            "quiet": not counts.get(city.slug)
            or bool(chosen and city.slug not in chosen),
        }
        for city, latitude in zip(cities, latitudes, strict=True)
    ]
    spec = {
        "height": _HEIGHT,
        "projection": _PROJECTION,
        "layer": _layers(rows, palette()),
    }
    (only,) = chosen if len(chosen) == 1 else ("",)
    marked = {"slug": only} if only else {}
    alt = _("Map of Europe with the number of cases of each city")
    clickable(spec, Clicks("city-map", marked, set_filters), alt=alt)


def spread(places: Sequence[tuple[float, float, str]]) -> list[float]:
    """Return a latitude for each place's label, so that no two labels overlap.

    Labels of places far from others stay where they are. Near ones are moved north and
    south as little as it takes, in the order of their latitudes.

    Args:
        places: Latitude and longitude in degrees, and the name that is written to the
            right of them.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[int]] = []
    for i in order:
        near = [g for g in groups if any(_is_near(places[i], places[j]) for j in g)]
        merged = sorted([i, *(j for g in near for j in g)], key=lambda j: places[j])
        groups = [g for g in groups if g not in near] + [merged]
    found = [place[0] for place in places]
    for group in groups:
        heights = [places[i][0] for i in group]
        while any(b - a < _LINE - 0.001 for a, b in pairwise(heights)):
            for k in range(len(heights) - 1):
                short = _LINE - (heights[k + 1] - heights[k])
                if short > 0:
                    heights[k] -= short / 2
                    heights[k + 1] += short / 2
        for i, height in zip(group, heights, strict=True):
            found[i] = height
    return found


def _is_near(one: tuple[float, float, str], other: tuple[float, float, str]) -> bool:
    west, east = sorted((one, other), key=lambda place: place[1])
    apart = (east[1] - west[1]) * cos(radians((one[0] + other[0]) / 2))
    label = 2 * _CIRCLE + _LETTER * len(west[2])
    return abs(one[0] - other[0]) < _LINE and apart < label


def _layers(rows: list[Row], colours: Palette) -> list[dict[str, Any]]:
    return [
        {
            "data": {"values": [_europe()]},
            "mark": {"type": "geoshape", "fill": colours.pale, "aria": False},
        },
        {
            "data": {"values": rows},
            "layer": [*_places(colours), _labels(rows, colours)],
        },
    ]


def _places(colours: Palette) -> list[dict[str, Any]]:
    """Return a dot where each city is, and a line to where its circle stands."""
    at_place = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    to_label = {
        "longitude2": {"field": "label_longitude"},
        "latitude2": {"field": "label_latitude"},
    }
    plain = {"color": colours.text, "opacity": 1, "aria": False}
    return [
        {"mark": {"type": "rule", **plain}, "encoding": at_place | to_label},
        {"mark": {"type": "circle", "size": _DOT, **plain}, "encoding": at_place},
    ]


def _labels(rows: list[Row], colours: Palette) -> dict[str, Any]:
    """Return the circles with their numbers, and the names beside them."""
    on_circle = {
        "condition": {"test": "datum.quiet", "value": colours.text},
        "value": colours.on_mark,
    }
    most = max(_MANY_CASES, *(int(row["n"]) for row in rows))
    bold = {"expr": "datum.chosen ? 'bold' : 'normal'"}
    name_colour = {"value": colours.text}
    return {
        "encoding": {
            "longitude": {"field": "label_longitude", "type": "quantitative"},
            "latitude": {"field": "label_latitude", "type": "quantitative"},
        },
        "layer": [
            _circles(colours, most),
            _text("n", on_circle),
            _text("name", name_colour, align="left", dx=20, fontWeight=bold),
        ],
    }


def _circles(colours: Palette, most: int) -> dict[str, Any]:
    return {
        "params": [click_on("slug")],
        "mark": {
            "type": "circle",
            "opacity": 1,
            "cursor": "pointer",
            "stroke": colours.mark,
            "strokeWidth": 2,
        },
        "encoding": {
            "size": {
                "field": "n",
                "type": "quantitative",
                "legend": None,
                "scale": {"domain": [0, most], "range": _AREAS},
            },
            "fill": {
                "condition": {"test": "datum.quiet", "value": colours.background},
                "value": colours.mark,
            },
            **named_by("told"),
        },
    }


def _text(field: str, colour: dict[str, Any], **mark: object) -> dict[str, Any]:
    return {
        "mark": {"type": "text", "fontSize": 13, "aria": False, **mark},
        "encoding": {"text": {"field": field}, "color": colour},
    }


@cache
def _europe() -> dict[str, Any]:
    feature: dict[str, Any] = json.loads(_EUROPE.read_text(encoding="utf-8"))
    return {"type": feature["type"], "geometry": feature["geometry"]}
