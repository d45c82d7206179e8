"""A summary to the report: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals import report_tables as tables
from evals.plots import Dot, curve_plot, dot_plot, reliability_plot, speed_plot
from evals.questions import REPORTED
from evals.report_tables import ReportTable
from evals.summary import (
    MUST_HOLD,
    NDCG,
    RECALL,
    AnswerSummary,
    Estimate,
    Means,
    RunSummary,
    SystemSummary,
    WorstGroup,
)

_TEMPLATE = "report.html.j2"
_ENGLISH = "en"


@dataclass(frozen=True)
class MainFigure:
    """One of the main figures."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Plot:
    """A drawing and its caption; the numbers are in a table beside it."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Division:
    """One way of dividing the questions into groups."""

    title: str
    plot: Plot | None
    table: ReportTable
    worst: str
    """A sentence on the worst group; empty where none is sought."""


def write_report(summary: RunSummary, path: Path) -> None:
    """Write the report of a summary as one HTML file without scripts or references.

    Args:
        summary: What was measured.
        path: The file; it is written anew.

    Raises:
        OSError: The file cannot be written.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(_TEMPLATE).render(_content(summary))
    path.write_text(page, encoding="utf-8")


def _content(summary: RunSummary) -> dict[str, Any]:
    """Return what the template names."""
    name = next(iter(summary.answering or summary.systems))
    ours = summary.systems[name]
    of_systems = {system: s.all for system, s in summary.systems.items()}
    return {
        "summary": summary,
        "date": _date(summary.date),
        "languages": list(map(language_name, summary.questions.languages)),
        "ours": name,
        "answers": ours.answers,
        "figures": _main_figures(ours),
        "rankings": [tables.compare(summary, level) for level in ("case", "passage")],
        "compared": _dots("systems", "systems", of_systems, {}),
        "divisions": _divisions(name, ours),
        "curve": _curve_plot(name, ours.answers),
        "reliability": _reliability_plot(ours.answers),
        "speed": _speed_plot(summary.systems),
        "without_twins": ours.without_near_twins,
        "means": ours.all,
        "tables": tables,
        "reported": REPORTED,
        "language_names": {
            code: language_name(code) for code in summary.questions.languages
        },
        "language_name": language_name,
    }


def language_name(code: str) -> str:
    """Return the English name of a language, from Unicode's CLDR; else its code."""
    return Locale(_ENGLISH).languages.get(code, code) or "not given"


def _in_words(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]


def _date(at: datetime) -> str:
    """Return a moment as one reads it."""
    return f"{at.day} {at:%B %Y, %H:%M} {at.tzname() or ''}".strip()


def _main_figures(system: SystemSummary) -> list[MainFigure]:
    """Return the main figures of a system, as far as they were measured."""
    means = system.all
    figures = [_figure("Recall@5 of cases, all questions", means.get(RECALL))]
    if system.by_language:
        figures += _language_figures(system)
    figures.append(_figure("nDCG@10 of cases, all questions", means.get(NDCG)))
    if system.answers:
        refused = system.answers.refusals.refused
        share = tables.NOT_MEASURED if refused.rate is None else f"{refused.rate:.1%}"
        detail = f"{refused.part} of {refused.whole} questions"
        figures += [
            _figure("Must-hold recall of answers", means.get(MUST_HOLD)),
            MainFigure("False refusals", share, detail),
        ]
    return figures


def _figure(label: str, estimate: Estimate | None) -> MainFigure:
    if not estimate:
        return MainFigure(label, tables.NOT_MEASURED)
    detail = f"95% interval {tables.interval(estimate)}; {estimate.n} questions"
    return MainFigure(label, f"{estimate.mean:.3f}", detail)


def _language_figures(system: SystemSummary) -> list[MainFigure]:
    recall = {
        code: means[RECALL]
        for code, means in system.by_language.items()
        if RECALL in means
    }
    others = [found.mean for code, found in recall.items() if code != _ENGLISH]
    worst = system.worst_language.get(RECALL)
    return [
        _figure("Recall@5 in English", recall.get(_ENGLISH)),
        _figure(
            f"Recall@5 in the worst language: {language_name(worst.group)}",
            recall.get(worst.group),
        )
        if worst
        else MainFigure(
            "Recall@5 in the worst language",
            tables.NOT_MEASURED,
            "no language has five questions or more",
        ),
        MainFigure(
            "Recall@5, mean of the other languages",
            f"{fmean(others):.3f}" if others else tables.NOT_MEASURED,
            f"languages other than English: {len(others)}, each counted alike",
        ),
    ]


def _divisions(name: str, system: SystemSummary) -> list[Division]:
    """Return the divisions of the questions that the set knows."""
    divisions = []
    for key, all_groups, title, column, name_of in (
        ("by_language", system.by_language, "By language", "Language", language_name),
        ("by_theme", system.by_theme, "By theme", "Theme", _in_words),
        ("by_kind", system.by_kind, "By type of question", "Type", _in_words),
    ):
        groups = dict(sorted(all_groups.items(), key=_best_first))
        if not groups:
            continue
        names = {group: name_of(group) for group in groups}
        worst = system.worst_language if key == "by_language" else {}
        caption = f"{name}, {title[0].lower()}{title[1:]}: mean and 95% interval"
        divisions.append(
            Division(
                title,
                _dots(key, f"{column.lower()}s", groups, names),
                tables.by_group(caption, column, groups, names, worst),
                _worst_sentence(worst, groups) if key == "by_language" else "",
            )
        )
    return divisions


def _best_first(item: tuple[str, Means]) -> tuple[float, str]:
    name, means = item
    return -means[RECALL].mean if RECALL in means else 1.0, name


def _worst_sentence(
    worst: Mapping[str, WorstGroup], groups: Mapping[str, Means]
) -> str:
    if RECALL not in worst:
        return "No language has five measured questions, so none is named the worst."
    code = worst[RECALL].group
    return (
        f"The worst language by Recall@5 of cases is {language_name(code)} with "
        f"{worst[RECALL].mean:.3f} over {groups[code][RECALL].n} questions; languages "
        "with fewer than five questions were not considered."
    )


def _dots(
    name: str, things: str, groups: Mapping[str, Means], names: Mapping[str, str]
) -> Plot | None:
    """Return Recall@5 of cases by group or system; None where nothing has it."""
    dots = [
        Dot(names.get(key, key), found.mean, found.low, found.high)
        for key, means in groups.items()
        if (found := means.get(RECALL))
    ]
    if not dots:
        return None
    most = max(dots, key=lambda dot: dot.value)
    least = min(dots, key=lambda dot: dot.value)
    alternative = (
        f"Dot plot of Recall@5 of cases for {len(dots)} {things} with 95% intervals. "
        f"Highest: {most.label}, {most.value:.3f}. Lowest: {least.label}, "
        f"{least.value:.3f}. The table after the plot holds every number."
    )
    svg = dot_plot(name, dots, "Recall@5 of cases", alternative)
    return Plot(
        svg, "Recall@5 of cases: the dot is the mean, the line its 95% interval."
    )


def _curve_plot(name: str, answers: AnswerSummary | None) -> Plot | None:
    if not answers or not answers.curve:
        return None
    points = answers.curve
    rates = {"wrongly refused": [point.false_refusal_rate for point in points]}
    for kind in points[0].wrong_answer_rates:
        rates[kind] = [point.wrong_answer_rates[kind] for point in points]
    middle = len(points) // 2
    at_middle = ", ".join(f"{kind} {line[middle]:.0%}" for kind, line in rates.items())
    alternative = (
        "Line plot: as the threshold of confidence rises from 0 to 1, wrong refusals "
        "rise and wrong answers of every kind fall. At a threshold of "
        f"{points[middle].threshold:.2f}: {at_middle}. The table after the plot "
        "holds the numbers."
    )
    thresholds = [point.threshold for point in points]
    svg = curve_plot("refusals", thresholds, rates, alternative)
    return Plot(
        svg,
        f"{name}: questions wrongly refused, and questions without an answer that "
        "would be answered, by kind.",
    )


def _reliability_plot(answers: AnswerSummary | None) -> Plot | None:
    if not answers or not answers.calibration:
        return None
    bins = [(one.confidence, one.answerable) for one in answers.calibration.bins]
    in_words = ", ".join(f"{share:.0%} at {sure:.2f}" for sure, share in bins)
    alternative = (
        "Reliability plot: the share of questions with an answer, at the mean "
        f"confidence of each group of questions: {in_words}. The table after the plot "
        "holds the numbers."
    )
    return Plot(
        reliability_plot("reliability", bins, alternative),
        "Each dot is a group of questions of like confidence. On the dashed line, the "
        "confidence is right; below it, the system is too sure of itself.",
    )


def _speed_plot(systems: Mapping[str, SystemSummary]) -> Plot | None:
    """Return the time of one request; the first stage where no total is named."""
    times = {}
    for name, system in systems.items():
        if stages := system.speed_ms:
            whole = stages.get("total") or next(iter(stages.values()))
            times[name] = (whole.p50, whole.p95)
    if not times:
        return None
    fastest = min(times, key=lambda name: times[name])
    slowest = max(times, key=lambda name: times[name])
    alternative = (
        f"Plot of the total time of {len(times)} systems. Shortest median: {fastest}, "
        f"{times[fastest][0]:.1f} milliseconds. Longest: {slowest}, "
        f"{times[slowest][0]:.1f} milliseconds. The table after the plot holds every "
        "number."
    )
    return Plot(
        speed_plot("speed", times, alternative),
        "Total time of a question in milliseconds: p50 / p95.",
    )
