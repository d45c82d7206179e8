"""A new case is complete in form, and its check names what is still to be filled in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.check import check_corpus
from ingest.limits import Limits
from ingest.registry import read_registry
from ingest.schema import FrontMatter, ReviewEntry, SourceEntry
from ingest.template import write_template
from kb.errors import KnowledgeBaseError
from kb.sections import SECTIONS
from kb.settings import Settings
from tests.unit.ingest.readers.files import read_file

LIMITS = Limits.of(Settings())


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Path:
    return tiny_corpus()


def new_case(corpus: Path, title: str, city: str = "sampleby") -> Path:
    return write_template(corpus, read_registry(corpus), city, title)


def header(path: Path) -> dict[str, Any]:
    block = path.read_text(encoding="utf-8").split("---")[1]
    loaded = yaml.load(block, yaml.BaseLoader)  # leaves "on" a word
    assert isinstance(loaded, dict)
    return loaded


def test_template_holds_every_key_and_section(corpus):
    """Every key that a new case needs and every fixed heading is there, in order."""
    path = new_case(corpus, "A shared ladder")
    text = path.read_text(encoding="utf-8")
    values = header(path)

    assert path == corpus / "sampleby" / "a-shared-ladder.md"
    found_later = ("figures", "conditions", "steps")  # once there are statements
    assert list(values) == [
        key for key in FrontMatter.model_fields if key not in found_later
    ]
    assert list(values["sources"]["S1"]) == [
        key for key in SourceEntry.model_fields if key != "not_before"
    ]
    assert list(values["review"]) == [
        key for key in ReviewEntry.model_fields if key not in ("checked", "text")
    ]
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    assert "district-heating, financing" in text


def test_guidance_never_becomes_a_statement(corpus):
    """The lines of guidance are comments, which the reader drops."""
    path = new_case(corpus, "A shared ladder")

    assert read_file(path, corpus, LIMITS).blocks == []


def test_check_names_only_what_is_to_be_filled_in(corpus):
    """The check asks for each empty value at its line, and for nothing else."""
    path = new_case(corpus, "A shared ladder")
    lines = path.read_text(encoding="utf-8").splitlines()

    problems = [
        (problem.rule, lines[problem.line - 1].split(":")[0].strip())
        for problem in check_corpus(corpus, LIMITS, today=dt.date(2026, 1, 1))
        if problem.path == "sampleby/a-shared-ladder.md" and problem.line
    ]

    assert {key for rule, key in problems if rule == "front-matter-schema"} == {
        *("themes", "period", "summary", "title", "publisher", "language")
    }
    assert ("malformed-url", "url") in problems
    assert {rule for rule, _ in problems} <= {
        *("front-matter-schema", "malformed-url", "unused-source"),
        "source-without-year",
    }


def test_filled_in_template_has_no_errors(corpus):
    """With its values filled in and one statement, the new case passes the check."""
    path = new_case(corpus, "A shared ladder")
    text = path.read_text(encoding="utf-8")
    for old, new in {
        "themes: []": "themes: [financing]",
        'period: ""': 'period: "2024"',
        'summary: ""': 'summary: "Sampleby lends a ladder."',
        'title: ""': 'title: "The ladder"',
        'publisher: ""': 'publisher: "Sampleby"',
        'url: ""': 'url: "https://ladder.sampleby.example"',
        'language: ""': 'language: "en"',
        "## Costs\n": "## Costs\n\n- The ladder cost 90 crowns. [^S1]\n",
    }.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")

    problems = check_corpus(corpus, LIMITS, today=dt.date(2026, 1, 1))

    assert [p for p in problems if p.severity == "error"] == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Löwen: “heat” & straße", "lowen-heat-strasse"),
        ("  two\nlines\tof  title ", "two-lines-of-title"),
        ("Ζεστά μπισκότα", "zesta-mpiskota"),
        ("../../etc/passwd", "etc-passwd"),
        ('a "quoted" \\ title: # {x} $city', "a-quoted-title-x-city"),
        ("word " * 100, "-".join(["word"] * 12)),
        ("x" * 500, "x" * 60),
    ],
    ids=["letters", "lines", "greek", "path", "yaml", "long", "one-word"],
)
def test_any_title_gives_a_slug_and_comes_back(corpus, title, name):
    """The file's name is a slug, and the title in the file is the title given."""
    path = new_case(corpus, title)

    assert path == corpus / "sampleby" / f"{name}.md"
    assert header(path)["title"] == " ".join(title.split())


@pytest.mark.parametrize("title", ["", "   ", "!?", "🔥"])
def test_title_without_letters_is_refused(corpus, title):
    """A title that cannot name a file is refused."""
    with pytest.raises(KnowledgeBaseError, match="holds no letter or digit.*few words"):
        new_case(corpus, title)


def test_unknown_city_is_refused(corpus):
    """A city outside the registry is refused, and the known ones are listed."""
    with pytest.raises(KnowledgeBaseError, match="'nowhere'.*exampleton, sampleby"):
        new_case(corpus, "A shared ladder", city="nowhere")


@pytest.mark.parametrize(
    ("title", "owner"),
    [
        ("Borrowed bricks", "sampleby/borrowed-bricks.md"),
        ("Walking diary", "sampleby/walking-diary.pdf"),
    ],
)
def test_taken_case_id_is_refused(corpus, title, owner):
    """A case id that a file of any format has is refused, and nothing is changed."""
    before = (corpus / owner).read_bytes()

    with pytest.raises(KnowledgeBaseError, match=f"already that of {owner}.*another"):
        new_case(corpus, title)
    assert (corpus / owner).read_bytes() == before


def test_city_without_a_folder_gets_one(corpus):
    """The first case of a city makes its folder."""
    folder = corpus / "exampleton"
    folder.rename(corpus.parent / "elsewhere")

    assert new_case(corpus, "A ladder", city="exampleton").parent == folder


def test_folder_that_cannot_be_written_is_named(corpus):
    """A file in the place of the city's folder is reported with the path."""
    (corpus / "exampleton").rename(corpus.parent / "elsewhere")
    (corpus / "exampleton").write_text("no folder")

    with pytest.raises(
        KnowledgeBaseError, match="exampleton/a-ladder.md cannot be written"
    ):
        new_case(corpus, "A ladder", city="exampleton")
