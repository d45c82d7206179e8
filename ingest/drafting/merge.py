"""What two experts have changed in one case, put together: nothing of either is lost.

The front matter is merged key by key, the text line by line. What both have changed in
different ways is a conflict, which somebody has to decide. Two new sources that have
the same id are both kept: the one that is not saved yet gets another.

Own code on ``difflib`` instead of a library: ``merge3`` may be used under the GPL only.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from ingest.drafting.comparisons import GivenReview, with_review_named
from ingest.drafting.draft import CaseDraft
from ingest.drafting.header import HeaderValues, free_source_id
from ingest.marks import with_other_marks
from ingest.registry import SIDECAR_SUFFIX
from kb.errors import KnowledgeBaseError

Choice = Literal["mine", "theirs", "both"]
Key = tuple[str, ...]
TEXT = "text"
"""First part of the key of a conflict in the text; the second is its number from 1."""
_LISTS = (("themes",), ("actors",))
_TOLD_APART_BY = {
    "figures": ("statement", "quote"),
    "conditions": ("key", "says"),
    "steps": ("when", "what"),
}
"""The keys that say which item of a list it is, whoever changes the others."""
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_GONE = object()
"""Stands for a key that one version does not have."""


@dataclass(frozen=True)
class Conflict:
    """A place that both have changed, each in another way."""

    key: Key
    """For example ``("sources", "S1", "url")`` or ``("text", "1")``."""
    mine: str
    """What it says here, for people; empty where it was removed."""
    theirs: str
    section: str = ""
    """The heading above it in the text; empty where there is none."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided: of lines and lists, both can be kept."""
        has_both = self.key[0] == TEXT or self.key in _LISTS
        return ("mine", "theirs", "both") if has_both else ("mine", "theirs")


@dataclass(frozen=True)
class _Clash:
    """Two values for one place."""

    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """Both versions in one, with conflicts where they do not agree."""

    _current: CaseDraft
    _front_matter: dict[str, Any]
    _lines: tuple[str | _Clash, ...] | None
    conflicts: tuple[Conflict, ...]
    """In the order of front matter and text; empty when they agree."""

    def resolved(
        self, choices: Mapping[Key, Choice]
    ) -> tuple[CaseDraft, HeaderValues, str | None]:
        """Return the case as it is now, and front matter and text as were decided.

        Args:
            choices: One for each conflict, by its key.
        """
        tree = _decided(self._front_matter, choices, ())
        tree["review"] |= {"checked": tree.pop("checked")}
        tree |= {name: list(tree[name].values()) for name in _TOLD_APART_BY}
        values = HeaderValues.of(tree)
        current = self._current
        if values.reviewed_text:  # which the text need not be that it stands beside now
            given = GivenReview(values.reviewed_on, values.reviewed_text)
            current = replace(current, review=given)
        return current, values, self._text(choices)

    def _text(self, choices: Mapping[Key, Choice]) -> str | None:
        if self._lines is None:
            return None
        parts, n = [], 0
        for part in self._lines:
            if isinstance(part, _Clash):
                n += 1
                choice = choices[TEXT, str(n)]
                parts.append(part.mine if choice in ("mine", "both") else "")
                parts.append(part.theirs if choice in ("theirs", "both") else "")
            else:
                parts.append(part)
        return "".join(parts)


def merged(
    draft: CaseDraft, values: HeaderValues, text: str | None, current: CaseDraft
) -> Merge:
    """Return what somebody has filled in, and what the case says by now, as one.

    Args:
        draft: The case as it was opened.
        values: Its front matter as it was filled in since.
        text: Its text as it was changed since; None where it cannot be.
        current: The case as it is now.

    Raises:
        KnowledgeBaseError: The text was changed, but cannot be any more.
    """
    if values.status == "reviewed":
        mark = draft.mark(text)
        values = with_review_named(values, draft.values, draft.review, mark)
    names = _other_ids(draft.values, values, current.values)
    values = _with_other_ids(values, names)
    front_matter = _merged_tree(
        _tree(draft.values), _tree(values), _tree(current.values), ()
    )
    lines = _merged_text(draft, text, current, names)
    conflicts = (*_conflicts(front_matter, ()), *_text_conflicts(lines or ()))
    return Merge(current, front_matter, lines, conflicts)


def _other_ids(
    base: HeaderValues, mine: HeaderValues, theirs: HeaderValues
) -> dict[str, str]:
    """Return a free id for each of my new sources whose id another new one has."""
    ids = [{s.source_id.strip(): s for s in v.sources} for v in (base, mine, theirs)]
    before, own, other = ids
    taken = {*before, *own, *other}
    names: dict[str, str] = {}
    for name in sorted(own.keys() & other.keys() - before.keys()):
        if own[name].url.strip() != other[name].url.strip():
            names[name] = free_source_id(taken)
            taken.add(names[name])
    return names


def _with_other_ids(values: HeaderValues, names: Mapping[str, str]) -> HeaderValues:
    def named(source_id: str) -> str:
        return names.get(source_id.strip(), source_id)

    sources = [replace(s, source_id=named(s.source_id)) for s in values.sources]
    return replace(values, sources=tuple(sources))


def _merged_text(
    draft: CaseDraft, text: str | None, current: CaseDraft, names: Mapping[str, str]
) -> tuple[str | _Clash, ...] | None:
    """Return the text with the changes of both; None where it cannot be edited."""
    if current.body is None:
        if text == draft.body:
            return None
        raise KnowledgeBaseError(
            "your changes of the text cannot be put in: somebody else has moved the "
            f"front matter to {current.name}{SIDECAR_SUFFIX}, so that the text can be "
            "changed in the file alone.",
            "Copy your text, close the case without saving, and change the file.",
            path=current.name,
        )
    if text is None or draft.body is None:
        return (current.body,)
    mine = with_other_marks(text, names)
    return tuple(merged_lines(draft.body, mine, current.body))


def _text_conflicts(parts: Sequence[str | _Clash]) -> list[Conflict]:
    """Return what is to be decided in a text, with the heading above it."""
    found: list[Conflict] = []
    section = ""
    for part in parts:
        if isinstance(part, _Clash):
            key = (TEXT, str(len(found) + 1))
            found.append(Conflict(key, part.mine, part.theirs, section))
        headings = _HEADING.findall(part.theirs if isinstance(part, _Clash) else part)
        section = headings[-1] if headings else section
    return found


def merged_lines(base: str, mine: str, theirs: str) -> list[str | _Clash]:
    """Return a text with the changes of two others, line by line.

    Changes that touch no common line are both made. Where two do, and differ, both
    versions of the lines that they concern are returned as a clash.

    Source: the three-way merge of Khanna, Kunal and Pierce, "A Formal Investigation of
    Diff3" (2007), on the matching blocks of ``difflib``.
    """
    lines, *others = ([*_lines(text)] for text in (base, mine, theirs))
    changes = sorted(
        (start, end, side, new)
        for side, other in enumerate(others)
        for start, end, new in _changes(lines, other)
    )
    parts: list[str | _Clash] = []
    done = 0
    while changes:
        group = [changes.pop(0)]
        while changes and _is_common(group, changes[0]):
            group.append(changes.pop(0))
        start, end = group[0][0], max(change[1] for change in group)
        versions = [_applied(lines, start, end, group, side) for side in (0, 1)]
        parts.append("".join(lines[done:start]))
        before = "".join(lines[start:end])
        if before in versions:
            versions.remove(before)
        is_agreed = len({*versions}) == 1
        parts.append(versions[0] if is_agreed else _Clash(*versions))
        done = end
    return [part for part in [*parts, "".join(lines[done:])] if part]


_Change = tuple[int, int, int, tuple[str, ...]]
"""First line, the line behind the last, whose change it is, the new lines."""


def _lines(text: str) -> list[str]:
    return (text if text.endswith("\n") or not text else f"{text}\n").splitlines(True)


def _changes(
    before: Sequence[str], after: Sequence[str]
) -> list[tuple[int, int, tuple[str, ...]]]:
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        (start, end, tuple(after[first:last]))
        for tag, start, end, first, last in codes
        if tag != "equal"
    ]


def _is_common(group: Sequence[_Change], change: _Change) -> bool:
    """Say whether a change concerns a line, or a place, of those before it."""
    end = max(other[1] for other in group)
    return change[0] < end or any(change[0] == other[0] for other in group)


def _applied(
    lines: Sequence[str], start: int, end: int, group: Sequence[_Change], side: int
) -> str:
    """Return some lines as one side has changed them."""
    parts: list[str] = []
    for first, last, whose, new in group:
        if whose == side:
            parts += [*lines[start:first], *new]
            start = last
    return "".join([*parts, *lines[start:end]])


def _tree(values: HeaderValues) -> dict[str, Any]:
    """Return a front matter by keys; who reviewed it and when is one value."""
    tree = values.as_mapping()
    tree["checked"] = tree["review"].pop("checked", {})
    for name, keys in _TOLD_APART_BY.items():
        tree[name] = _by_name(tree.get(name, ()), keys)
    return tree


def _by_name(
    items: Sequence[dict[str, Any]], keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return the items of a list under what they are told apart by."""
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        name = " ".join(str(item.get(key, "")) for key in keys)
        n = sum(other == name or other.startswith(f"{name} #") for other in found)
        found[f"{name} #{n + 1}" if n else name] = item
    return found


def _is_same(one: object, other: object) -> bool:
    """Say whether two values agree, with the order of their keys."""
    both = isinstance(one, dict) and isinstance(other, dict)
    return one == other and (not both or [*one] == [*other])  # type: ignore[misc]


def _merged_tree(base: Any, mine: Any, theirs: Any, key: Key) -> Any:  # noqa: ANN401
    if _is_same(mine, theirs) or _is_same(mine, base):
        return theirs
    if _is_same(theirs, base):
        return mine
    has_keys = all(isinstance(value, dict) for value in (base, mine, theirs))
    if not has_keys or key == ("review",):
        return _Clash(mine, theirs)
    tree = {
        name: _merged_tree(
            base.get(name, _GONE),
            mine.get(name, _GONE),
            theirs.get(name, _GONE),
            (*key, name),
        )
        for name in dict.fromkeys([*theirs, *mine])
    }
    return {name: value for name, value in tree.items() if value is not _GONE}


def _conflicts(tree: Mapping[str, Any], key: Key) -> list[Conflict]:
    found: list[Conflict] = []
    for name, value in tree.items():
        place = (*key, str(name))
        if isinstance(value, _Clash):
            found.append(Conflict(place, _told(value.mine), _told(value.theirs)))
        elif isinstance(value, dict):
            found += _conflicts(value, place)
    return found


def _decided(
    tree: Mapping[str, Any], choices: Mapping[Key, Choice], key: Key
) -> dict[str, Any]:
    decided: dict[str, Any] = {}
    for name, value in tree.items():
        place = (*key, str(name))
        if isinstance(value, _Clash):
            value = _chosen(value, choices[place])
        elif isinstance(value, dict):
            value = _decided(value, choices, place)
        if value is not _GONE:
            decided[name] = value
    return decided


def _chosen(clash: _Clash, choice: Choice) -> Any:  # noqa: ANN401
    if choice == "both":
        return list(dict.fromkeys([*clash.theirs, *clash.mine]))
    return clash.mine if choice == "mine" else clash.theirs


def _told(value: object) -> str:
    """Return a value as people read it, one entry a line."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        return "\n".join(f"{name}: {_told(entry)}" for name, entry in entries.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None or value is _GONE else str(value)
