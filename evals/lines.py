"""Text files whose lines are records."""

from __future__ import annotations

from pathlib import Path

from evals.errors import QuestionSetError


def read_lines(path: Path, what: str, expected: str) -> list[str]:
    """Return the lines of a UTF-8 file, blank ones included.

    A line ends at a line feed only: questions may hold Unicode's other separators.

    Args:
        path: The file.
        what: What it holds, for the message.
        expected: What to name instead, for the remedy.

    Raises:
        QuestionSetError: The file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise QuestionSetError(
            f"{what} cannot be read ({exc}).", f"Name {expected}.", path=str(path)
        ) from exc


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step: who reads it meanwhile finds the old or the new one."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
