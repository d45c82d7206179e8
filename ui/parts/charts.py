"""Charts of the Library: numbers written beside every mark; a click sets a filter.

They are plain Vega-Lite: Altair takes 200 ms to build and check the same map, and the
page is drawn anew with every filter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.texts import _, ngettext

Row = dict[str, str | int | float | bool]
_LAST_CLICKS = "chart-clicks"
_EDITIONS = "chart-editions"
_FONT = "Inter, 'Segoe UI', 'Noto Sans', system-ui, sans-serif"
_CLICKED = "clicked"
_FONT_SIZE = 12
# Heights in pixels.
_BAR_ROW = 26
_GRID_ROW = 54
_HEADINGS = 120
_BELOW_NAME = {"height": {"band": 0.52}, "yOffset": 10}
_ROOM_FOR_NUMBER = 1.15
_ROOM_FOR_VALUE = 1.6
# The text on the fullest cell has a contrast of 4.5 still, in both colour schemes.
_MOST_SHADE = 0.5


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart; marks and texts have a contrast of 4.5 or more."""

    text: str
    mark: str
    on_mark: str
    """For text that is written on a mark."""
    pale: str
    """For areas that are only ground."""
    background: str


LIGHT = Palette("#1b2a2f", "#0a5c63", "#ffffff", "#dce7e5", "#ffffff")
DARK = Palette("#e6eeec", "#5fc7bd", "#10191c", "#263a40", "#10191c")


def palette() -> Palette:
    """Return the colours for the reader's colour scheme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


@dataclass(frozen=True, slots=True)
class Clicks:
    """What a click on a mark of a chart does."""

    name: str
    """Key of the chart."""
    chosen: Mapping[str, str]
    """The mark that the filters stand for now, by its fields; empty for none."""
    set_filters: Callable[[Mapping[str, str]], None]
    """Called with the fields of the clicked mark, before the next run."""


def clickable(spec: dict[str, Any], clicks: Clicks, *, alt: str) -> None:
    """Draw a chart whose marks can be clicked.

    Args:
        spec: In Vega-Lite, with the parameter that `click_on` returns.
        clicks: What a click does.
        alt: What the chart shows, for readers who cannot see it.
    """
    key = f"{clicks.name}-{_edition(clicks)}"
    last: dict[str, Mapping[str, str]] = st.session_state[_LAST_CLICKS]

    def clicked() -> None:
        if points := st.session_state[key]["selection"].get(_CLICKED):
            last[clicks.name] = points[0]
            clicks.set_filters(points[0])

    st.vega_lite_chart(
        {"config": {"view": {"stroke": None}, "font": _FONT}, **spec},
        key=key,
        on_select=clicked,
        width="stretch",
        alt=alt,
    )


def _edition(clicks: Clicks) -> int:
    """Return a number that changes when the chart must forget its last click.

    The browser tells of a click only when another mark is hit than before. So once the
    filters were changed by other means, the chart begins anew.
    """
    last = st.session_state.setdefault(_LAST_CLICKS, {})
    editions: dict[str, int] = st.session_state.setdefault(_EDITIONS, {})
    if clicks.name in last and last[clicks.name] != clicks.chosen:
        del last[clicks.name]
        editions[clicks.name] = editions.get(clicks.name, 0) + 1
    return editions.get(clicks.name, 0)


def click_on(*fields: str) -> dict[str, Any]:
    """Return the parameter of a chart whose marks can be clicked."""
    return {
        "name": _CLICKED,
        "select": {"type": "point", "fields": list(fields), "toggle": False},
    }


def named_by(field: str) -> dict[str, Any]:
    """Return how marks are called under the mouse and by screen readers."""
    return {"tooltip": {"field": field}, "description": {"field": field}}


def told_count(name: str, n: int) -> str:
    """Return a name with its number of cases."""
    return _("{name}: {cases}", name=name, cases=ngettext("{n} case", "{n} cases", n))


def count_grid(rows: Sequence[Row], clicks: Clicks, *, alt: str) -> None:
    """Draw a grid of numbers whose cells are the darker the higher the number.

    The names of the rows stand above their cells, so that it fits a phone.

    Args:
        rows: One a cell, in reading order: ``row``, ``column``, their names
            ``row_name`` and ``column_name``, the number ``n``, and ``told``, which
            says all of it.
        clicks: What a click on a cell does, told by ``row`` and ``column``.
        alt: What the chart shows, for readers who cannot see it.
    """
    colours = palette()
    most = _most(rows)
    cells = [
        {
            **row,
            "shade": _MOST_SHADE * int(row["n"]) / most,
        }
        for row in rows
    ]
    columns = _names(
        "column_name", colours, orient="top", labelAngle=40, labelAlign="right"
    )
    spec = {
        "data": {"values": cells},
        "height": _GRID_ROW * len({row["row"] for row in rows}) + _HEADINGS,
        "encoding": {"y": {**_names("row_name", colours), "axis": None}},
        "layer": [
            {
                "transform": [{"filter": f"datum.column == '{rows[0]['column']}'"}],
                **_text("row_name", colours.text, align="left", dy=-14),
                "encoding": {
                    "text": {"field": "row_name"},
                    "color": {"value": colours.text},
                    "x": {"value": 0},
                },
            },
            {
                "encoding": {"x": columns},
                "layer": [_cell(colours), _text("n", colours.text, dy=10)],
            },
        ],
    }
    clickable(spec, clicks, alt=alt)


def count_bars(rows: Sequence[Row], clicks: Clicks, *, alt: str) -> None:
    """Draw a bar with its number for each row.

    Args:
        rows: One a bar, from top to bottom: ``row``, its name ``row_name``, the number
            ``n``, ``told``, which says both, and ``chosen``: a chosen bar is outlined.
        clicks: What a click on a bar does, told by ``row``.
        alt: What the chart shows, for readers who cannot see it.
    """
    colours = palette()
    outline = {"condition": {"test": "datum.chosen", "value": colours.text}}
    length = {
        "field": "n",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, _most(rows) * _ROOM_FOR_NUMBER]},
    }
    bar = {
        "mark": {
            "type": "bar",
            "color": colours.mark,
            "strokeWidth": 3,
            "height": {"band": 0.7},
            "cursor": "pointer",
        },
        "params": [click_on("row")],
        "encoding": {"stroke": {**outline, "value": None}, **named_by("told")},
    }
    spec = {
        "data": {"values": list(rows)},
        "height": _BAR_ROW * len(rows),
        "encoding": {"y": _names("row_name", colours), "x": length},
        "layer": [bar, _text("n", colours.text, align="left", dx=6)],
    }
    clickable(spec, clicks, alt=alt)


def value_bars(rows: Sequence[Row], *, alt: str) -> None:
    """Draw a bar for each value, its name above it and the value written beside it.

    Args:
        rows: One a bar, from top to bottom: ``row``, its name ``row_name``, the value
            ``n`` and ``shown``, which is how it is written.
        alt: What the chart shows, for readers who cannot see it.
    """
    colours = palette()
    most = max(float(row["n"]) for row in rows) or 1.0
    told = [{**r, "told": f"{r['row_name']}: {r['shown']}"} for r in rows]
    name = _text("row_name", colours.text, align="left", dy=-14, limit=330)
    name["encoding"]["x"] = {"value": 0}
    spec = {
        "data": {"values": told},
        "height": _GRID_ROW * len(rows),
        "encoding": {
            "y": {"field": "row", "type": "nominal", "sort": None, "axis": None},
            "x": {
                "field": "n",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [0, most * _ROOM_FOR_VALUE]},
            },
        },
        "layer": [
            {
                "mark": {"type": "bar", "color": colours.mark, **_BELOW_NAME},
                "encoding": named_by("told"),
            },
            name,
            _text("shown", colours.text, align="left", dx=6, dy=10),
        ],
    }
    st.vega_lite_chart(
        {"config": {"view": {"stroke": None}, "font": _FONT}, **spec},
        width="stretch",
        alt=alt,
    )


def _cell(colours: Palette) -> dict[str, Any]:
    shade = {"field": "shade", "type": "quantitative", "scale": None}
    return {
        "mark": {
            "type": "rect",
            "fill": colours.mark,
            "stroke": colours.mark,
            "strokeWidth": 0.5,
            "cursor": "pointer",
            **_BELOW_NAME,
        },
        "params": [click_on("row", "column")],
        "encoding": {"fillOpacity": shade, **named_by("told")},
    }


def _text(field: str, colour: str, **mark: str | float) -> dict[str, Any]:
    return {
        "mark": {"type": "text", "fontSize": _FONT_SIZE, "aria": False, **mark},
        "encoding": {"text": {"field": field}, "color": {"value": colour}},
    }


def _names(field: str, colours: Palette, **axis: str | float) -> dict[str, Any]:
    """Return an axis that shows nothing but the names, in the order of the rows."""
    return {
        "field": field,
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelColor": colours.text,
            "labelFontSize": _FONT_SIZE,
            "labelLimit": 200,
            "labelOverlap": False,
            **axis,
        },
    }


def _most(rows: Sequence[Row]) -> int:
    return max((int(row["n"]) for row in rows), default=0) or 1
