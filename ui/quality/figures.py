"""The latest evaluation in plain words: figures, languages, refusals, gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from kb.index.manifest import Manifest
from ui.formats import joined, number, percent
from ui.markup import as_markdown
from ui.texts import _, ngettext

if TYPE_CHECKING:
    from evals import Evaluation, LatestEvaluation

FOUND = "case Success(rel=2)@5"
RECALL = "case R(rel=2)@5"
MUST_HOLD = "must-hold recall"
_MUST_HOLD_IN_PASSAGES = "must-hold in passages"
_FIRST = "first statement answers"
_PRECISION = "statement precision"
_RECALL_OF_STATEMENTS = "statement recall"
_SUPPORT = "citation support"
_A_ROW = 3
REFRESH = """\
mentorkb eval run --system ours --split test --out build/eval-test
mentorkb eval run --system ours --split others --out build/eval-others
mentorkb eval run --system ours --split broad-test --out build/eval-broad
mentorkb eval latest build/eval-test build/eval-others build/eval-broad"""


def measured_index(
    latest: LatestEvaluation, manifest: Manifest, settings_digest: str
) -> None:
    """Say whether the index in use is the one that was measured.

    Args:
        latest: The figures.
        manifest: What the index in use was built from.
        settings_digest: Of the settings in use.
    """
    different = []
    if manifest.corpus_digest != latest.corpus_digest:
        different.append(_("the cases"))
    if f"{manifest.model_id} ({manifest.backend})" != latest.model:
        different.append(_("the embedding model"))
    if settings_digest != latest.settings_digest:
        different.append(_("the settings of the search"))
    if not different:
        st.success(
            _(
                "The figures are about the cases, the model and the settings in use "
                "now."
            ),
            icon=":material/check_circle:",
        )
        return
    st.warning(
        _(
            "Not what was measured: {things} differ. The figures may not hold for the "
            "answers that you get here.",
            things=joined(different),
        ),
        icon=":material/warning:",
    )


@dataclass(frozen=True)
class _FigureCard:
    """One figure as a reader gets it."""

    label: str
    value: str
    meaning: str
    basis: str


def figures(latest: LatestEvaluation) -> None:
    """Draw the main figures, each with its meaning, its basis and its interval."""
    cards = [*_measures(latest), _refused(latest), *_calibration(latest)]
    for start in range(0, len(cards), _A_ROW):
        for column, card in zip(
            st.columns(_A_ROW), cards[start : start + _A_ROW], strict=False
        ):
            with column, st.container(border=True, height="stretch"):
                st.metric(card.label, card.value)
                st.markdown(card.meaning)
                st.caption(card.basis)


def _measures(latest: LatestEvaluation) -> list[_FigureCard]:
    labels = measure_labels()
    return [
        _FigureCard(
            labels[name],
            percent(found.mean),
            meaning,
            _basis(found.n, found.low, found.high),
        )
        for name, meaning in _meanings().items()
        if (found := latest.measures.get(name))
    ]


def _meanings() -> dict[str, str]:
    """Return what each of the main measures means, in the order of the page."""
    return {
        FOUND: _(
            "Of the questions with an answer, a case that answers is among the first "
            "five."
        ),
        RECALL: _(
            "Of all cases that answer a question, this share is among the first five. "
            "Questions that compare cities often have more than five."
        ),
        MUST_HOLD: _(
            "Of the figures and phrases that a right answer must hold, this share "
            "stands in the answer. A refused question counts as 0."
        ),
        _FIRST: _("Of the answers, this share begins with a statement that answers."),
        _PRECISION: _(
            "Of the statements shown, this share answers or helps. The others are "
            "about the topic only."
        ),
        _RECALL_OF_STATEMENTS: _(
            "Of all statements that answer a question, this share is shown. A refused "
            "question counts as 0."
        ),
        _SUPPORT: _(
            "Of the statements shown, this share stands word for word at the place "
            "named, with a public source."
        ),
    }


def measure_labels() -> dict[str, str]:
    """Return what readers call each measure that sets are compared by."""
    return {
        FOUND: _("Right case found"),
        RECALL: _("All right cases found"),
        _FIRST: _("First statement answers"),
        _PRECISION: _("Statements that help"),
        _RECALL_OF_STATEMENTS: _("Answering statements shown"),
        "citation recall": _("Answering cases shown"),
        "named cities answered": _("Named cities answered"),
        "parts answered": _("Parts of the question answered"),
        MUST_HOLD: _("Figures and phrases shown"),
        _SUPPORT: _("Word for word"),
    }


def calibration_label() -> str:
    """Return what readers call the calibration error."""
    return _("Error of the estimated chance")


def _basis(n: int, low: float, high: float) -> str:
    return ngettext(
        "{n} question; 95% interval {low} to {high}.",
        "{n} questions; 95% interval {low} to {high}.",
        n,
        low=percent(low),
        high=percent(high),
    )


def _refused(latest: LatestEvaluation) -> _FigureCard:
    refused = latest.refusals.refused
    return _FigureCard(
        _("Wrongly refused"),
        percent(share_refused(latest)),
        _("Of the questions with an answer, this share gets none."),
        ngettext(
            "{n} of {all} questions.",
            "{n} of {all} questions.",
            refused.part,
            all=number(refused.whole),
        ),
    )


def share_refused(found: Evaluation) -> float:
    """Return the share of the questions with an answer that get none."""
    return found.refusals.refused.rate or 0.0


def _calibration(latest: LatestEvaluation) -> list[_FigureCard]:
    if latest.calibration_error is None:
        return []
    return [
        _FigureCard(
            calibration_label(),
            percent(latest.calibration_error),
            _(
                "Each answer has an estimated chance that the cases answer the "
                "question. So far is it, on average, from the share that they answer."
            ),
            ngettext("{n} question.", "{n} questions.", latest.questions.all),
        )
    ]


def refusals(found: Evaluation) -> None:
    """Say in words how many questions of each kind were answered all the same."""
    _bullets(
        ngettext(
            "{kind} Of {all} such questions, {n} was answered all the same ({share}).",
            "{kind} Of {all} such questions, {n} were answered all the same ({share}).",
            answered.part,
            kind=text,
            all=number(answered.whole),
            share=percent(answered.rate),
        )
        for kind, text in _unanswerable().items()
        if (answered := found.refusals.answered_of(kind)).rate is not None
    )


def warn_of_answers() -> None:
    """Say what an answer to a question without an answer is."""
    st.markdown(
        _(
            "An answer to such a question is not invented: it quotes what comes "
            "closest. Read the statements before you take them for an answer."
        )
    )


def _bullets(items: Iterable[str]) -> None:
    st.markdown("\n".join(f"- {item}" for item in items))


def _unanswerable() -> dict[str, str]:
    return {
        "off-topic": _(
            "**Off topic**: the question has nothing to do with the themes."
        ),
        "other-city": _("**Other city**: it asks about a city without cases."),
        "not-in-sources": _(
            "**Not in the sources**: it asks a mentor city about a topic that its "
            "cases do not cover."
        ),
        "false-premise": _(
            "**False premise**: it takes for granted what the cases do not say."
        ),
        "near-miss": _(
            "**Near miss**: a case is about it, but lacks the detail asked for."
        ),
        "not-stated": _(
            "**Not stated**: it asks, often in the words of a case, for a detail that "
            "the case does not give."
        ),
        "other-attribute": _(
            "**Neighbouring detail**: the case gives another one, such as another year "
            "or what was planned instead of what was done."
        ),
        "swapped": _(
            "**Swapped**: the city, the project or the technology is not that of the "
            "case."
        ),
        "absent": _("**Absent**: it asks broadly for what no case deals with."),
    }


def known_gaps(latest: LatestEvaluation) -> None:
    """List what goes wrong and what was not measured."""
    near_misses = latest.refusals.answered_of("near-miss")
    _bullets(
        [
            _(
                "Many questions that a case comes close to are answered although it "
                "lacks the detail: {share} of the near misses.",
                share=percent(near_misses.rate or 0),
            ),
            _(
                "An answer can leave out what its passages hold: {shown} of the "
                "figures and phrases stand in the statements, {passages} in the "
                "passages that open below them.",
                shown=percent(latest.measures[MUST_HOLD].mean),
                passages=percent(latest.measures[_MUST_HOLD_IN_PASSAGES].mean),
            ),
            _(
                "*No direct answer found* is sometimes said where there is one. The "
                "closest statements are shown then; the right one is often among them."
            ),
            _(
                "The name of a bank, a street or a project can be taken for a place "
                "without cases, and the question is refused. Ask again without it."
            ),
            _(
                "Questions and judgements were written by single readers of the cases, "
                "not by city officers, who may ask differently."
            ),
            _(
                "Whether a source is right was not measured, and drafts count as "
                "reviewed cases do."
            ),
        ]
    )


def how_measured(latest: LatestEvaluation) -> None:
    """Draw model, command, and how to measure again."""
    st.markdown(
        _(
            "Weights and thresholds were chosen with other questions. These ask for "
            "{n} different things; the rest are translations. A 95% interval shows how "
            "far chance in the choice of the questions may move a figure.",
            n=number(latest.questions.information_needs),
        )
    )
    st.markdown(_("Model: {model}.", model=as_markdown(latest.model)))
    runs = (latest, *latest.beside.values())
    st.markdown(_("Run with:"))
    st.code("\n".join(run.command for run in runs), language=None, wrap_lines=True)
    with st.expander(_("Measure again")):
        st.markdown(
            _(
                "These commands measure the index in use and store the figures for "
                "this page. All measures are explained in `evals/README.md`."
            )
        )
        st.code(REFRESH, language=None, wrap_lines=True)
