"""The front matter of a case as it stands in a file, and the line of each key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.schema import FrontMatter
from kb.errors import UnreadableDocumentError, shown
from kb.types import Problem

MAX_CHARS = 50_000
"""Of a block: five times the longest of the corpus; parsing it takes two seconds."""


@dataclass(frozen=True)
class Header:
    """A validated front matter, or the problems that keep it from being one.

    ``front_matter`` is None exactly when ``problems`` holds an error.
    """

    front_matter: FrontMatter | None
    problems: list[Problem]
    lines: dict[tuple[str, ...], int]
    """Line of each key, by its path, for example ``("sources", "S1", "url")``."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the block holds, valid or not; empty when it does not parse."""


@dataclass(frozen=True)
class SplitFile:
    """A text file's two parts and the line on which each begins, 1-based."""

    block: str | None
    """None in a file without front matter."""
    block_line: int
    body: str
    body_line: int


def has_front_matter(text: str) -> bool:
    """Return whether a text file begins with a front matter block of its own."""
    return bool(YAMLHandler().detect(text))


def split_markdown(text: str, path: str) -> SplitFile:
    """Split a text that may begin with front matter into the YAML block and the body.

    Raises:
        UnreadableDocumentError: The block is not closed.
    """
    if not has_front_matter(text):
        return SplitFile(block=None, block_line=1, body=text, body_line=1)
    try:
        block, body = YAMLHandler().split(text)
    except ValueError as exc:
        raise UnreadableDocumentError(
            "the front matter block is not closed.",
            'Put a line "---" after the last key.',
            path=path,
            line=1,
            rule="front-matter-syntax",
        ) from exc
    return SplitFile(
        block=block,
        block_line=text[: text.index(block)].count("\n") + 1,
        body=body,
        body_line=text[: len(text) - len(body)].count("\n") + 1,
    )


def sidecar_block(text: str, path: str) -> tuple[str, int]:
    """Return the YAML of a front matter file, and the line on which it begins.

    Lines of dashes around it, with which it may have been copied, are left out.
    """
    file = split_markdown(f"{text}\n---\n", path) if has_front_matter(text) else None
    return (file.block or "", file.block_line) if file else (text, 1)


def with_value(text: str, key: str, value: str) -> str | None:
    """Return a text whose front matter gives another value; all else stays as it is.

    Args:
        text: Of a front matter file, or of a file that begins with front matter.
        key: One of the first level.
        value: As it stands in YAML.

    Returns:
        None where there is no such key with one value, or no YAML.
    """
    try:
        # Only the first document of the two: behind it is no YAML.
        root = next(yaml.compose_all(text, Loader=yaml.SafeLoader), None)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    for name, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key and isinstance(node, yaml.ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            return f"{text[:start]}{value}{text[end:]}"
    return None


def read_header(block: str, path: str, first_line: int = 1) -> Header:
    """Validate a YAML block against the schema.

    Args:
        block: The YAML text.
        path: The file's path, for the problems.
        first_line: Line of the file on which ``block`` begins, 1-based.
    """
    lines: dict[tuple[str, ...], int] = {}
    try:
        values, problems = _load(block, lines, path, first_line)
    except _NotReadError as exc:
        return Header(None, [exc.problem], {})
    values = values or {}
    try:
        front_matter = FrontMatter.model_validate(values)
    except ValidationError as exc:
        for error in exc.errors():
            where = tuple(str(part) for part in error["loc"])
            problems.append(_schema_problem(path, where, error, lines, first_line))
        return Header(None, problems, lines, values)
    failed = any(problem.severity == "error" for problem in problems)
    return Header(None if failed else front_matter, problems, lines, values)


class _NotReadError(Exception):
    """The block is not what front matter looks like."""

    def __init__(self, path: str, line: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.problem = Problem(
            path, line, "front-matter-syntax", "error", reason, remedy
        )


def _load(
    block: str, lines: dict[tuple[str, ...], int], path: str, first_line: int
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the block's values and the keys given twice; fill in the keys' lines.

    Raises:
        _NotReadError: It is too long, does not parse, or holds no keys.
    """
    if len(block) > MAX_CHARS:
        reason = f"the front matter has {len(block)} characters, {MAX_CHARS} at most."
        remedy = "Shorten it; what tells about the practice belongs below it."
        raise _NotReadError(path, first_line, reason, remedy)
    try:
        tree = yaml.compose(block, Loader=yaml.SafeLoader)
        _refuse_references(block, path, first_line)
        values: Any = yaml.load(block, Loader=_Loader)
        problems = list(_walk(tree, (), lines, path, first_line)) if tree else []
    except RecursionError as exc:
        reason = "the front matter is nested too deeply."
        remedy = "Write the keys of corpus/README.md only."
        raise _NotReadError(path, first_line, reason, remedy) from exc
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = first_line + mark.line if mark else first_line
        reason = getattr(exc, "problem", None) or "it is not YAML"
        raise _NotReadError(
            path,
            line,
            f"the front matter does not parse: {reason}.",
            "Check indentation and quotes; put text with a colon in double quotes.",
        ) from exc
    except ValueError as exc:
        reason = f"a value of the front matter cannot be read: {exc}."
        remedy = "Put the value in quotes, or correct it."
        raise _NotReadError(path, first_line, reason, remedy) from exc
    if values is not None and not isinstance(values, dict):
        reason = f"the front matter holds no keys, only {shown(values)}."
        remedy = "Write one key a line, as in `title: …`."
        raise _NotReadError(path, first_line, reason, remedy)
    return values, problems


def _refuse_references(block: str, path: str, first_line: int) -> None:
    """Refuse values that refer to others: a few lines of them can fill the memory."""
    for event in yaml.parse(block, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            raise _NotReadError(
                path,
                first_line + (mark.line if mark else 0),
                "the front matter refers to another of its values (& and *).",
                "Write the value out, without & and *.",
            )


class _Loader(yaml.SafeLoader):
    """Reads text as people write it: ``on`` is a word here, and dates stay text.

    YAML 1.1 takes ``on`` for true, and an impossible date stops it without a line.
    """

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp" and first not in ("o", "O")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _walk(
    node: yaml.Node,
    where: tuple[str, ...],
    lines: dict[tuple[str, ...], int],
    path: str,
    first_line: int,
) -> Iterator[Problem]:
    """Record the line of every key; yield a problem for each key given twice."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*where, str(key.value))
            line = key.start_mark.line + first_line
            if here in lines:
                yield Problem(
                    path,
                    line,
                    "duplicate-key",
                    "error",
                    f"{shown('.'.join(here))} is given twice "
                    f"(first on line {lines[here]}).",
                    "Keep one of the two, or give the second another id.",
                )
            lines.setdefault(here, line)
            yield from _walk(value, here, lines, path, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            here = (*where, str(index))
            lines[here] = item.start_mark.line + first_line
            yield from _walk(item, here, lines, path, first_line)


def _schema_problem(
    path: str,
    where: tuple[str, ...],
    error: ErrorDetails,
    lines: dict[tuple[str, ...], int],
    first_line: int,
) -> Problem:
    nearest = where
    while nearest and nearest not in lines:
        nearest = nearest[:-1]
    name = ".".join(part for part in where if part != "[key]")
    if error["type"] == "missing":
        reason = f"the key {name!r} is missing."
        remedy = "Add it (corpus/README.md shows every key)."
    elif error["type"] == "extra_forbidden":
        reason = f"the key {name!r} is not one of ours."
        remedy = "Remove it or correct its spelling (corpus/README.md shows every key)."
    elif error["type"] in ("string_too_short", "too_short"):
        reason = f"{name!r} is empty."
        remedy = "Fill it in (corpus/README.md says what belongs there)."
    else:
        message = error["msg"].removeprefix("Value error, ")
        reason = f"{name!r} = {shown(error['input'])} does not fit: {message}."
        remedy = _remedy(where)
    is_of_item = where[0] in LISTED_FACTS
    rule = "" if is_of_item else _RULES.get(where[-1], "")
    rule = rule or "front-matter-schema"
    return Problem(path, lines.get(nearest, first_line), rule, "error", reason, remedy)


def _remedy(where: tuple[str, ...]) -> str:
    """Return how to mend a value that does not fit."""
    if where[0] in LISTED_FACTS:
        known = _OF_FACTS.get(where[2]) if len(where) > 2 else None
        return known or "Correct it (corpus/README.md shows an item of each list)."
    key = "checked" if where[:2] == ("review", "checked") else where[-1]
    return _REMEDIES.get(key, "Correct the value.")


LISTED_FACTS = ("figures", "conditions", "steps")
"""Keys of lists whose items name statements by their marks."""
_OF_FACTS = {
    "statement": "Write the statement's mark as `mentorkb preview` shows it: "
    "costs.1a2b3c4d.",
    "statements": "List the statements' marks as `mentorkb preview` shows them: "
    "[costs.1a2b3c4d].",
    "value": "Write the number in single units, without blanks or commas: 81000000.",
    "value_to": "Write the end of the range as a number, or remove the key.",
    "year": "Give the year that the figure is of as a number, or remove the key.",
}
_RULES = {"url": "malformed-url", "on": "date", "year": "date", "not_before": "date"}
_REMEDIES = {
    "url": "Give the full address, beginning with https:// or http://.",
    "on": "Write the date as YYYY-MM-DD.",
    "year": "Give the year of publication as a number, or null if it states none.",
    "not_before": "Give the earliest year that it can be from as a number, not one in "
    "the future, and only where `year` is null; otherwise remove the key.",
    "text": 'Write the eight digits in quotes, as the check gives them: "386c8c36".',
    "checked": "Write a day as YYYY-MM-DD, not one to come, and behind it a list of "
    "statements as `mentorkb preview` names them: [costs.1a2b3c4d].",
    "language": 'Give the two-letter code in quotes, for example "sv" or "no".',
}
