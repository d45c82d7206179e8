"""The front matter of a case as a form edits it, and as YAML that people can read.

Own code instead of a library: ``ruamel.yaml`` 0.19 keeps comments and quotes, but wraps
texts anew and indents all lists and mappings alike, so that none of the 118 shipped
cases keeps its bytes when one field changes.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, TypeGuard, get_args

import yaml

from ingest.frontmatter import LISTED_FACTS, Header, read_header
from kb.types import ReviewStatus, Source

_WIDTH = 100
"""Of the lines of the shipped corpus, in characters."""


def free_source_id(taken: Collection[str]) -> str:
    """Return the first of S1, S2, … that no source has."""
    return next(name for n in count(1) if (name := f"S{n}") not in taken)


@dataclass(frozen=True, slots=True)
class HeaderValues:
    """A front matter as a form holds it: anything may still be empty or wrong."""

    title: str = ""
    city: str = ""
    themes: tuple[str, ...] = ()
    period: str = ""
    actors: tuple[str, ...] = ()
    summary: str = ""
    sources: tuple[Source, ...] = ()
    status: ReviewStatus = "draft"
    reviewed_by: str = ""
    reviewed_on: dt.date | None = None
    reviewed_text: str = ""
    """What the review names its text by, see `ingest.reviews`."""
    checked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Days with the marks of the statements that were compared with their sources."""
    figures: tuple[Mapping[str, Any], ...] = ()
    """Items as they stand in the file; so are the next two."""
    conditions: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> HeaderValues:
        """Return what of a front matter's values a form can show.

        Args:
            values: As they stand in a file, valid or not (`Header.values`); a value of
                the wrong kind is turned into text or left out.
        """
        sources, review = values.get("sources"), values.get("review")
        review = review if isinstance(review, dict) else {}
        status, checked = review.get("status"), review.get("checked")
        return cls(
            title=_text(values.get("title")),
            city=_text(values.get("city")),
            themes=_texts(values.get("themes")),
            period=_text(values.get("period")),
            actors=_texts(values.get("actors")),
            summary=_text(values.get("summary")),
            sources=tuple(
                _source(str(key), entry)
                for key, entry in (sources if isinstance(sources, dict) else {}).items()
            ),
            status=next((s for s in get_args(ReviewStatus) if s == status), "draft"),
            reviewed_by=_text(review.get("by")),
            reviewed_on=_day(review.get("on")),
            reviewed_text=_text(review.get("text")),
            checked=tuple(
                (str(day), _texts(marks))
                for day, marks in (checked if isinstance(checked, dict) else {}).items()
            ),
            figures=_items(values.get("figures")),
            conditions=_items(values.get("conditions")),
            steps=_items(values.get("steps")),
        )

    def missing(self) -> list[tuple[str, ...]]:
        """Return the keys that are needed and empty, for example ``("city",)``.

        A source's keys are like ``("sources", "S1", "url")``.
        """
        needed: dict[tuple[str, ...], str] = {
            ("title",): self.title,
            ("city",): self.city,
            ("themes",): "".join(self.themes),
            ("period",): self.period,
            ("summary",): self.summary,
            ("sources",): "yes" if self.sources else "",
        }
        for source in self.sources:
            place = ("sources", source.source_id.strip())
            needed[(*place, "title")] = source.title
            needed[(*place, "publisher")] = source.publisher
            needed[(*place, "url")] = source.url
            needed[(*place, "language")] = source.language
        return [key for key, value in needed.items() if not value.strip()]

    def as_mapping(self) -> dict[str, Any]:
        """Return the keys of a front matter in their order, texts without margins.

        Empty items of lists are left out; of sources with the same id the last is left.
        """
        return {
            "title": self.title.strip(),
            "city": self.city.strip(),
            "themes": _filled(self.themes),
            "period": self.period.strip(),
            "actors": _filled(self.actors),
            "summary": self.summary.strip(),
            "sources": {
                source.source_id.strip(): _source_mapping(source)
                for source in self.sources
            },
            "review": self._review(),
            **{key: list(map(_item, items)) for key, items in self.facts() if items},
        }

    def facts(self) -> tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]:
        """Return what it lists of its statements, by the key."""
        return tuple((key, getattr(self, key)) for key in LISTED_FACTS)

    def _review(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "status": self.status,
            "by": self.reviewed_by.strip() or None,
            "on": self.reviewed_on,
        }
        if self.reviewed_text:
            values["text"] = _Quoted(self.reviewed_text)
        if self.checked:
            values["checked"] = {
                _day(day) or day: _OnOneLine(marks) for day, marks in self.checked
            }
        return values


def _source_mapping(source: Source) -> dict[str, Any]:
    values = {
        "title": source.title.strip(),
        "publisher": source.publisher.strip(),
        "url": source.url.strip(),
        "language": source.language.strip(),
        "year": source.year,
    }
    if source.not_before is not None:
        values["not_before"] = source.not_before
    return values


class _Quoted(str):
    """A text in quotes, which some programs would else take for a number: 2210e094."""


class _OnOneLine(list[str]):
    """A list in brackets, which would else fill a front matter line by line."""


def _filled(texts: Sequence[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    marks = item.get("statements")
    if not isinstance(marks, list):
        return dict(item)
    return {**item, "statements": _OnOneLine(marks)}


def _items(value: object) -> tuple[Mapping[str, Any], ...]:
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, dict))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := _text(item)))


def _source(source_id: str, entry: object) -> Source:
    values = entry if isinstance(entry, dict) else {}
    return Source(
        source_id,
        title=_text(values.get("title")),
        publisher=_text(values.get("publisher")),
        url=_text(values.get("url")),
        language=_text(values.get("language")),
        year=_year(values.get("year")),
        not_before=_year(values.get("not_before")),
    )


def _year(value: object) -> int | None:
    try:
        return int(str(value))  # the schema takes one in quotes, too
    except ValueError:
        return None


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def header_of(block: str, path: str = "", first_line: int = 1) -> Header:
    """Return what `ingest.frontmatter.read_header` does, read once for the same block.

    A long front matter takes a tenth of a second, and a page asks whenever it is drawn.
    """
    return read_header(block, path, first_line)


def yaml_of(values: HeaderValues) -> str:
    """Return a front matter as YAML, one key a line, in the order of the schema.

    Texts that YAML would take for something else, such as the language ``no``, stand in
    double quotes. `ingest.frontmatter.read_header` reads the same values again.
    """
    return _dumped(values.as_mapping())


def rewritten(block: str, values: HeaderValues) -> str:
    """Return a front matter with new values, its unchanged parts as they stand.

    Keys and sources that keep their values keep their lines, with quotes, folds and
    comments. Where that cannot be done, as in ``{…}``, all of it is written anew.

    Args:
        block: The YAML as it stands; it need not be valid.
        values: What it shall say.
    """
    new = values.as_mapping()
    header = header_of(block)
    root = _composed(block)
    if not _is_block(root):
        return _dumped(new)
    lines = block.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    first, end = root.value[0][0].start_mark.line, _end(root)
    merged = _merged(root, lines, header.values, new)
    merged = "".join([*lines[:first], merged, *lines[end:]])
    fits = _plain(header_of(merged).values) == _plain(new)
    return merged if fits else _dumped(new)


@lru_cache(maxsize=64)
def _composed(block: str) -> yaml.Node | None:
    """Return a block's nodes; None where it does not parse."""
    try:
        return yaml.compose(block, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _merged(
    node: yaml.MappingNode,
    lines: list[str],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> str:
    """Return the lines of a mapping in block style with its new values.

    Comments and blank lines above a key stay with it, whatever becomes of the one
    before.

    Args:
        node: The mapping.
        lines: Of the whole block.
        old: The values that it has.
        new: Those that it shall have, in their order.
    """
    places, above = {}, node.value[0][0].start_mark.line
    for key, value in node.value:
        places[key.value] = (value, above, key.start_mark.line, _end(value))
        above = _end(value)
    indent = " " * node.value[0][0].start_mark.column
    parts = []
    for key, value in new.items():
        child, above, start, stop = places.get(key, (None, 0, 0, 0))
        parts += lines[above:start]
        if child and _plain(old.get(key)) == _plain(value):
            parts += lines[start:stop]
        elif child and _is_block(child) and isinstance(value, dict):
            parts.append("".join(lines[start : child.value[0][0].start_mark.line]))
            parts.append(_merged(child, lines, old[key], value))
        else:
            parts.append(textwrap.indent(_dumped({key: value}), indent))
    return "".join(parts)


def _end(node: yaml.Node) -> int:
    """Return the line behind a node's last one, not counting comments below it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]  # its own mark is where the next key begins
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    mark = node.end_mark
    return int(mark.line + (mark.column > 0))


def _is_block(node: yaml.Node | None) -> TypeGuard[yaml.MappingNode]:
    """Say whether a node is a mapping with one key a line."""
    return (
        isinstance(node, yaml.MappingNode) and not node.flow_style and bool(node.value)
    )


def _plain(value: object) -> object:
    """Return values as they compare: dates as text, keys in order, no margins."""
    if isinstance(value, dict):
        return [(str(key), _plain(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


class _Dumper(yaml.SafeDumper):
    """Quotes with double quotes, as corpus/README.md does, and never refers back."""

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if style == "'" else style

    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.add_representer(
    _OnOneLine,
    lambda dumper, items: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", items, flow_style=True
    ),
)


_Dumper.add_representer(
    _Quoted,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"'
    ),
)


def _dumped(values: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(values),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_WIDTH,
    )
