"""What a new file's front matter may say, as far as the file tells; never invented."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.drafting.header import HeaderValues
from ingest.drafting.textfile import TextFile
from ingest.registry import Registry
from kb.question.language import UNKNOWN
from kb.question.names import named_cities
from kb.types import Source

if TYPE_CHECKING:
    from ingest.preview import Preview

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_SEPARATORS = re.compile(r"[\s_-]+")


def guessed_values(
    name: str, preview: Preview, text: TextFile | None, registry: Registry
) -> HeaderValues:
    """Return a front matter with what a file itself tells; the rest stays empty.

    The title is that of the text, else the file's name in words. The city is the one
    that title or name mention, if it is only one. A file with source marks gets an
    empty source for each; any other is itself the source, in its own language. Years
    are never guessed: a wrong one would be quoted.

    Args:
        name: The file's name.
        preview: How the file is read.
        text: Its parts where it is Markdown or text.
        registry: The cities that it may be about.
    """
    stem = PurePosixPath(name).stem
    heading = _HEADING.search(text.text) if text else None
    title = heading.group(1) if heading else preview.heading
    cities = named_cities(f"{title} {stem}", registry.cities.values())
    marks = dict.fromkeys(
        mark
        for passage in preview.passages
        for statement in passage.statements
        for mark in statement.sources
    )
    language = "" if preview.language == UNKNOWN else preview.language
    words = _SEPARATORS.sub(" ", stem).strip()
    title = title or words[:1].upper() + words[1:]
    return HeaderValues(
        title=title,
        city=next(iter(cities)) if len(cities) == 1 else "",
        sources=tuple(Source(mark) for mark in marks)
        or (Source("S1", title=title, language=language),),
    )
