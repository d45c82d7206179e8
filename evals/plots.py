"""Plots of the evaluation report: inline SVG that takes its colours from the page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 4.8
"""Inches; narrow, so that letters stay readable when a phone shrinks the plot."""
_ROW = 0.29
_AROUND = 0.85
_LETTER = 11

# matplotlib wants colours, the page has a light and a dark set of them: each of these
# stands for one of the page's and is replaced by it.
_INK, _LINE, _MARK = "#010101", "#020202", "#030303"
_SERIES = tuple(f"#04040{number}" for number in range(1, 7))
_COLOURS = {
    _INK: "currentColor",
    _LINE: "var(--line)",
    _MARK: "var(--mark)",
    **{colour: f"var(--series-{n})" for n, colour in enumerate(_SERIES, start=1)},
}
_SHAPES = ("o", "s", "^", "D", "v", "P")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
_STYLE: dict[Any, Any] = {
    # Letters stay text: a third of the size of outlines, and they can be searched.
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": _LETTER,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _LINE,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.major.size": 0,
}


@dataclass(frozen=True)
class Dot:
    """A labelled value with its interval."""

    label: str
    value: float
    low: float
    high: float


def dot_plot(name: str, dots: Sequence[Dot], axis: str, alternative: str) -> str:
    """Return shares between 0 and 1 as dots with their intervals, the first on top.

    Args:
        name: Unique on the page; ids inside the SVG begin with it.
        dots: At least one.
        axis: What the values are.
        alternative: What the plot shows, for those who do not see it.
    """

    def draw(axes: Axes) -> None:
        _label_rows(axes, [(dot.label, f"{dot.value:.2f}") for dot in dots])
        for row, dot in enumerate(dots):
            axes.plot([dot.low, dot.high], [row, row], color=_INK, linewidth=1.6)
            axes.plot([dot.value], [row], "o", color=_MARK, markersize=8)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(axis)

    return _render(name, alternative, _AROUND + _ROW * len(dots), draw)


def curve_plot(
    name: str,
    thresholds: Sequence[float],
    rates: Mapping[str, Sequence[float]],
    alternative: str,
) -> str:
    """Return rates over thresholds as lines that differ in dash, shape and colour.

    Args:
        name: Unique on the page; ids inside the SVG begin with it.
        thresholds: In rising order.
        rates: By the name of the line, one for each threshold; six lines at most look
            different.
        alternative: What the plot shows, for those who do not see it.
    """

    def draw(axes: Axes) -> None:
        for number, (label, values) in enumerate(rates.items()):
            look = number % len(_SERIES)
            axes.plot(
                thresholds,
                values,
                label=label,
                color=_SERIES[look],
                linestyle=_DASHES[look],
                marker=_SHAPES[look],
                markersize=5,
                # Shifted, so that lines which lie on each other can be told apart.
                markevery=(2 * look, 12),
                linewidth=2.4 if number == 0 else 1.6,
            )
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("threshold of confidence")
        axes.set_ylabel("share of questions")
        axes.figure.legend(
            loc="outside lower left", ncols=2, frameon=False, handlelength=3.6
        )

    return _render(name, alternative, 4.2, draw)


def reliability_plot(
    name: str, bins: Sequence[tuple[float, float]], alternative: str
) -> str:
    """Return confidence against the share of answerable questions, beside the diagonal.

    Args:
        name: Unique on the page; ids inside the SVG begin with it.
        bins: Mean confidence and share of answerable questions; at least one.
        alternative: What the plot shows, for those who do not see it.
    """

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], "--", color=_INK, linewidth=1.2)
        axes.plot(*zip(*bins, strict=True), "o-", color=_MARK, markersize=8)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("mean confidence")
        axes.set_ylabel("share with an answer")

    return _render(name, alternative, 3.8, draw)


def speed_plot(
    name: str, times: Mapping[str, tuple[float, float]], alternative: str
) -> str:
    """Return p50 (dot) and p95 (bar) in milliseconds, the first on top.

    Args:
        name: Unique on the page; ids inside the SVG begin with it.
        times: p50 and p95 by the label of the row; at least one.
        alternative: What the plot shows, for those who do not see it.
    """

    def draw(axes: Axes) -> None:
        _label_rows(
            axes, [(label, f"{a:.0f} / {b:.0f}") for label, (a, b) in times.items()]
        )
        for row, (half, most) in enumerate(times.values()):
            axes.plot([half, most], [row, row], color=_INK, linewidth=1.6)
            axes.plot([half], [row], "o", color=_MARK, markersize=8)
            axes.plot([most], [row], "|", color=_INK, markersize=12, markeredgewidth=2)
        axes.set_xlim(left=0)
        axes.set_xlabel("milliseconds: dot p50, bar p95")

    return _render(name, alternative, _AROUND + _ROW * len(times), draw)


def _label_rows(axes: Axes, labels: Sequence[tuple[str, str]]) -> None:
    """Write a name to the left and a number to the right of each row."""
    axes.set_yticks(range(len(labels)), [name for name, _ in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    for row, (_, number) in enumerate(labels):
        axes.text(1.03, row, number, transform=axes.get_yaxis_transform(), va="center")


def _render(
    name: str, alternative: str, height: float, draw: Callable[[Axes], None]
) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    svg = io.StringIO()
    # The salt of ids can be set in no other way; the context puts everything back.
    with rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.subplots())
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(svg, format="svg", transparent=True, metadata=nothing)
    return _inline(svg.getvalue(), name, alternative)


def _inline(svg: str, name: str, alternative: str) -> str:
    """Return an SVG file as an element of a page: own ids, no namespaces, no size."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    # It would hold for the whole page; the page has the same rule for its drawings.
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r' id="', f' id="{name}-', body)
    body = re.sub(r'(?:xlink:)?href="#', f'href="#{name}-', body)
    body = body.replace("url(#", f"url(#{name}-")
    for colour, of_page in _COLOURS.items():
        body = body.replace(colour, of_page)
    label = f'role="img" aria-label="{escape(alternative)}"'
    return re.sub(
        r'<svg [^>]*?(viewBox="[^"]*")[^>]*>',
        lambda found: f"<svg {label} {found[1]}>",
        body,
        count=1,
    )
