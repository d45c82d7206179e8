"""The figures of the test questions beside those of other sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from ui import markup
from ui.formats import number, percent
from ui.quality.figures import calibration_label, measure_labels, share_refused
from ui.texts import _

if TYPE_CHECKING:
    from evals import Evaluation, LatestEvaluation


def set_names() -> Mapping[str, str]:
    """Return what readers call the other sets, in the order of reports."""
    return {"others": _("By other hands"), "broad-test": _("Broad questions")}


def beside(latest: LatestEvaluation) -> None:
    """Draw what the other sets are, and their figures beside the main ones."""
    meanings = {
        "others": _(
            "**By other hands**: questions on twelve cases of which no question was "
            "used to choose or to learn."
        ),
        "broad-test": _(
            "**Broad questions**: they ask about several cases, compare cities, ask "
            "several things at once, or follow up on the question before."
        ),
    }
    st.markdown(
        _(
            "One hand wrote the test questions and those with which weights and "
            "thresholds were chosen; that flatters the figures. These tell more:"
        )
    )
    st.markdown("\n".join(f"- {meanings[name]}" for name in latest.beside))
    sets: dict[str, Evaluation] = {_("Test questions"): latest}
    sets |= {set_names()[name]: found for name, found in latest.beside.items()}
    rows = [
        [_("Questions"), *(number(found.questions.all) for found in sets.values())],
        *_rows(list(sets.values())),
    ]
    label = _("Figures of all sets of questions")
    st.html(markup.table(label, [_("Figure"), *sets], rows))


def _rows(sets: list[Evaluation]) -> list[list[str]]:
    """Return a row for each figure that any of the sets has."""
    rows = [
        [label, *(_share(found, name) for found in sets)]
        for name, label in measure_labels().items()
        if any(name in found.measures for found in sets)
    ]
    rows.append([_("Wrongly refused"), *(percent(share_refused(s)) for s in sets)])
    errors = [found.calibration_error for found in sets]
    if any(error is not None for error in errors):
        rows.append(
            [
                calibration_label(),
                *(_("not measured") if e is None else percent(e) for e in errors),
            ]
        )
    return rows


def _share(found: Evaluation, name: str) -> str:
    figure = found.measures.get(name)
    return percent(figure.mean) if figure else _("not measured")
