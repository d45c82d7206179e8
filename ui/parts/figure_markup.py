"""Key figures as HTML: a table whose rows open the statements that give them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kb.conversion import InEuros, in_euros
from kb.types import KeyFigure
from ui.formats import number, per_time, quantity, unit_sign
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE, figure_kind_name, figure_state_name

Entry = tuple[KeyFigure, str, str]
"""A figure, the address of its statement, and where it is from; may be empty."""
_LEAST_SCALED = 1_000_000
"""Below a million, a sum is given in whole euros."""


def amount(figure: KeyFigure) -> str:
    """Return a figure's value with its unit; where it has none, the words quoted."""
    if figure.value is None:
        return figure.quote
    told = quantity(figure.value, figure.value_to, figure.unit)
    if not figure.per:
        return told
    return per_time(told, figure.per) or _(
        "{amount} per {unit}", amount=told, unit=unit_sign(figure.per)
    )


def conversion_text(found: InEuros) -> str:
    """Return a sum in euros with the rate and the year, which make it no figure."""
    ends = [v for v in (found.value, found.value_to) if v is not None]
    rate = found.rate
    if min(ends) < _LEAST_SCALED:
        amount = "–".join(number(round(v)) for v in ends)
        text = _("about {amount} EUR", amount=amount)
    else:
        amount = "–".join(number(v / _LEAST_SCALED, 1) for v in ends)
        text = _("about {amount} million EUR", amount=amount)
    return _(
        "{sum} at the ECB's average of {year}, 1 EUR = {rate} {currency}",
        sum=text,
        year=rate.year,
        rate=number(rate.rate, 4),
        currency=rate.currency,
    )


def year_told(figure: KeyFigure) -> str:
    """Return the year that a figure is of, or that its statement tells none."""
    return str(figure.year) if figure.year else _("not stated")


def table(label: str, entries: Iterable[Entry]) -> str:
    """Return the HTML of such a table; links to cases are followed by `clicks`."""
    listed = list(entries)
    has_places = any(where for _figure, _address, where in listed)
    headings = [_("What"), _("Figure"), _("Year"), _("Kind")]
    headings += [_("Case")] if has_places else []
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "".join(_row(*entry, has_places=has_places) for entry in listed)
    return (
        f'<div class="table figures" role="region" aria-label="{escape(label)}" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(figure: KeyFigure, address: str, where: str, *, has_places: bool) -> str:
    statement = escape(figure.statement_id)
    click = "" if address.startswith("#") else f' data-click="{statement}"'
    kind, state = figure_kind_name(figure.kind), figure_state_name(figure.state)
    told = [kind, *([state] if figure.state != "unknown" else [])]
    converted = in_euros(figure)
    cells = [
        escape(amount(figure))
        + (_small(conversion_text(converted)) if converted else ""),
        escape(year_told(figure)),
        escape(", ".join(told)),
    ]
    who = _small(figure.who) if figure.who else ""
    rest = "".join(f"<td>{cell}</td>" for cell in cells)
    if has_places:
        rest += f'<td class="where" lang="{CORPUS_LANGUAGE}">{escape(where)}</td>'
    return (
        f'<tr><th scope="row" lang="{CORPUS_LANGUAGE}"><a href="{escape(address)}" '
        f'target="_self"{click} title="{escape(figure.quote)}">'
        f"{escape(figure.what)}</a>{who}</th>{rest}</tr>"
    )


def _small(text: str) -> str:
    return f"<br><small>{escape(text)}</small>"
