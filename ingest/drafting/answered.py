"""An open question of a case that a mentor city has answered: what its text then says.

The question leaves the open ones and becomes a heading of the third level, below which
the answer stands as a statement with its source. So the case says that it was answered.
"""

from __future__ import annotations

import re

from kb.errors import KnowledgeBaseError, shown
from kb.sections import OPEN_QUESTIONS, SECTIONS, STATED

_SECTION = re.compile(r"^## +(.+?) *$")
_BULLET = re.compile(r"^[-*+] +")


def with_answer(
    text: str, question: str, answer: str, section: str, source_id: str
) -> str:
    """Return the text of a Markdown case with an open question answered.

    Args:
        text: The case's text, without its front matter.
        question: One of its open questions, as it is read from it.
        answer: What the city said, in one paragraph.
        section: The heading that the answer belongs to, one of `STATED`.
        source_id: Of the source that the answer rests on.

    Raises:
        KnowledgeBaseError: The question is not there, or a value is empty or unknown.
    """
    said = " ".join(answer.split())
    if not said:
        raise KnowledgeBaseError("the answer is empty.", "Write what the city said.")
    if section not in STATED:
        raise KnowledgeBaseError(
            f"there is no section {shown(section)}.",
            f"Choose one of: {', '.join(STATED)}.",
        )
    parts = _parts(text)
    parts[OPEN_QUESTIONS] = _without(parts.get(OPEN_QUESTIONS, []), question)
    if not any(line.strip() for line in parts[OPEN_QUESTIONS]):
        del parts[OPEN_QUESTIONS]
    told = ["", f"### Answered: {question}", "", f"- {said} [^{source_id}]"]
    parts[section] = [*_trimmed(parts.get(section, [])), *told]
    return _joined(parts)


def _parts(text: str) -> dict[str, list[str]]:
    """Return the lines below each heading of level 2; those above all under none."""
    parts: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.split("\n"):
        if heading := _SECTION.match(line):
            name = heading[1]
            parts.setdefault(name, [])
        else:
            parts[name].append(line)
    return parts


def _without(lines: list[str], question: str) -> list[str]:
    """Return the lines of the open questions without one of these."""
    bullets: list[list[str]] = [[]]
    for line in lines:
        if _BULLET.match(line):
            bullets.append([])
        bullets[-1].append(line)
    kept = [b for b in bullets if _read(b) != " ".join(question.split())]
    if len(kept) != len(bullets) - 1:
        raise KnowledgeBaseError(
            f"the open question {shown(question)} is not in the case as it is now.",
            "Open the case again: somebody may have changed or answered it.",
        )
    return [line for bullet in kept for line in bullet]


def _read(bullet: list[str]) -> str:
    return " ".join(_BULLET.sub("", "\n".join(bullet)).split()) if bullet else ""


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _joined(parts: dict[str, list[str]]) -> str:
    """Return the parts as text; the fixed sections keep to their order."""
    order = {name: place for place, name in enumerate(("", *SECTIONS))}
    names = list(parts)
    if any(name not in order for name in names):
        fixed = names  # headings of its own: a new section goes last
    else:
        fixed = sorted(names, key=order.__getitem__)
    blocks = []
    for name in fixed:
        lines = "\n".join(parts[name]).strip("\n")
        blocks.append(f"## {name}\n\n{lines}" if name else lines)
    return "\n\n".join(filter(None, blocks)) + "\n"
