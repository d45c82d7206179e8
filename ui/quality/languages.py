"""The latest evaluation by language of the question: words, chart and table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import markup
from ui.formats import joined, language_name, number, percent
from ui.parts.charts import Palette, palette
from ui.quality.figures import FOUND, MUST_HOLD, RECALL
from ui.texts import _

if TYPE_CHECKING:
    from evals import Estimate, LatestEvaluation, Refusals

_WORST = 3
_ROW = 27
"""Height of a language in the chart, in pixels."""
_LEAST = 0.5
"""Where the chart begins, unless an interval begins lower."""


def languages(latest: LatestEvaluation) -> None:
    """Draw the languages, worst first: in words, as a chart, as a table."""
    st.markdown(
        _(
            "The right cases are found least in {cases}. Answers hold the fewest of "
            "the figures and phrases in {answers}. With so few questions a language, "
            "small differences can be chance: look at the intervals.",
            cases=_worst(latest, RECALL),
            answers=_worst(latest, MUST_HOLD),
        )
    )
    chart, table = st.columns([1, 2])
    with chart:
        st.vega_lite_chart(_chart(latest), alt=_chart_text(latest), width="stretch")
    with table:
        st.html(
            markup.table(_("Figures by language"), _headings(latest), _rows(latest))
        )


def _worst(latest: LatestEvaluation, measure: str) -> str:
    """Return the languages with the lowest means, with them, as part of a sentence."""
    return joined(
        [
            _language_with_share(code, found)
            for code, found in latest.worst_languages(measure)[:_WORST]
        ]
    )


def _language_with_share(code: str, found: Estimate) -> str:
    return _(
        "{language} ({share})", language=language_name(code), share=percent(found.mean)
    )


def _headings(latest: LatestEvaluation) -> list[str]:
    by_refusal = [_("Wrongly refused"), _("Answered without an answer")]
    return [
        _("Language"),
        _("Questions"),
        _("All right cases found"),
        _("95% interval"),
        _("Right case found"),
        _("Figures and phrases shown"),
        *(by_refusal if latest.refusals_by_language else []),
    ]


def _rows(latest: LatestEvaluation) -> list[list[str]]:
    """Return the cells below the headings, worst language first."""
    return [
        [
            language_name(code),
            number(recall.n),
            percent(recall.mean),
            _("{low} to {high}", low=percent(recall.low), high=percent(recall.high)),
            _share_of(latest, code, FOUND),
            _share_of(latest, code, MUST_HOLD),
            *_errors(latest.refusals_by_language.get(code)),
        ]
        for code, recall in latest.worst_languages(RECALL)
    ]


def _errors(counted: Refusals | None) -> list[str]:
    """Return both errors of a language; nothing where they were not kept."""
    if not counted:
        return []
    rates = counted.refused.rate, counted.answered.rate
    return [_("not measured") if rate is None else percent(rate) for rate in rates]


def _share_of(latest: LatestEvaluation, language: str, measure: str) -> str:
    found = latest.by_language[language].get(measure)
    return percent(found.mean) if found else _("not measured")


def _chart(latest: LatestEvaluation) -> dict[str, Any]:
    """Return, in Vega-Lite, a dot with its interval for each language, worst on top."""
    worst = latest.worst_languages(RECALL)
    colours = palette()
    share = {
        "type": "quantitative",
        "scale": {"domain": [min([_LEAST, *(f.low for _code, f in worst)]), 1]},
        "axis": {
            "format": ".0%",
            "title": _("All right cases found"),
            "labelColor": colours.text,
            "titleColor": colours.text,
        },
    }
    rule = {"type": "rule", "strokeWidth": 3, "color": colours.mark}
    dot = {"type": "point", "filled": True, "size": 110, "opacity": 1}
    return {
        "data": {"values": [_in_chart(code, found) for code, found in worst]},
        "height": {"step": _ROW},
        "encoding": {
            "y": _names(colours),
            "tooltip": {"field": "text"},
            "description": {"field": "text"},
        },
        "layer": [
            {
                "mark": rule,
                "encoding": {"x": {"field": "low", **share}, "x2": {"field": "high"}},
            },
            {
                "mark": {**dot, "color": colours.mark},
                "encoding": {"x": {"field": "mean", **share}},
            },
        ],
    }


def _in_chart(code: str, found: Estimate) -> dict[str, str | float]:
    return {
        "language": language_name(code),
        "text": _language_with_share(code, found),
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
    }


def _names(colours: Palette) -> dict[str, Any]:
    """Return an axis with the names of the languages in the order of the rows."""
    return {
        "field": "language",
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "labelLimit": 0,
            "labelFlush": False,
            "labelColor": colours.text,
        },
    }


def _chart_text(latest: LatestEvaluation) -> str:
    """Return what the chart shows, for those who do not see it."""
    worst = latest.worst_languages(RECALL)
    return _(
        "Share of the right cases found, by language, with 95% intervals: from "
        "{lowest} in {worst} to {highest} in {best}. The table holds all values.",
        lowest=percent(worst[0][1].mean),
        worst=language_name(worst[0][0]),
        highest=percent(worst[-1][1].mean),
        best=language_name(worst[-1][0]),
    )
