"""The conditions of a case as the terminal shows them, for a city elsewhere."""

from __future__ import annotations

from kb.types import Source
from ui.transfer.card import TransferCard

_ROLES = {
    "required": "It needed",
    "hindered": "In the way",
    "helped": "It helped",
    "context": "Besides",
}


def transfer_text(card: TransferCard) -> str:
    """Return the card with numbered sources, one condition a paragraph."""
    numbers: dict[str, int] = {}
    city = card.city
    year = city.population_year or "year unknown"
    lines = [
        f"Would it work elsewhere? {card.case.title} ({card.case.case_id})",
        f"{city.name}, {city.country}: {city.population:,} inhabitants ({year}; "
        f"{city.population_source.publisher}).",
    ]
    if not card.conditions:
        lines.append("No conditions have been read from this case yet.")
    for row in card.conditions:
        source_ids = dict.fromkeys(s for one in row.statements for s in one.source_ids)
        marks = "".join(
            f"[{numbers.setdefault(source_id, len(numbers) + 1)}]"
            for source_id in source_ids
        )
        lines += [
            "",
            f"{_ROLES[row.condition.role]}: {row.condition.says} {marks}".rstrip(),
            *(f'  "{one.text}"' for one in row.statements),
            f"  Ask: {row.condition.ask}",
        ]
    by_id = {source.source_id: source for source in card.case.sources}
    if numbers:
        lines += ["", "Sources"]
        lines += [f"[{n}] {_source(by_id[sid])}" for sid, n in numbers.items()]
    return "\n".join(lines)


def _source(source: Source) -> str:
    year = source.year or "year unknown"
    told = f"{source.publisher}, {year} ({source.language}): {source.title}"
    return f"{told} {source.url}".rstrip()
