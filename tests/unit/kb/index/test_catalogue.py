"""The catalogue: what was written is read back, by id, by position, by filter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from kb.errors import IndexDamagedError
from kb.index.catalogue import Catalogue
from kb.index.catalogue_writing import write_catalogue
from kb.sections import SUBSECTION
from kb.types import OpenQuestion, Review, Theme
from tests.support.made_up import (
    CITY,
    CONDITION,
    FIGURE,
    OPEN_QUESTION,
    PASSAGE,
    SOURCE,
    STEP,
    case,
    city,
    statement,
)

HEAT = "exampleton/biscuit-heat"
BONDS = "exampleton/sunday-bonds"
BRICKS = "sampleby/borrowed-bricks"
CASES = [
    case(HEAT, themes=("district-heating",)),
    case(
        BONDS,
        themes=("financing", "citizen-engagement"),
        review=Review("reviewed", "An Invented Expert", "2024-05-01"),
        sources=(SOURCE, replace(SOURCE, source_id="S2", year=None, not_before=2022)),
    ),
    case(BRICKS, themes=("circular-construction",), actors=()),
]
PASSAGES = [
    replace(PASSAGE, passage_id=f"{HEAT}#results", start=100, end=131),
    replace(PASSAGE, passage_id=f"{HEAT}#costs", start=0),
    replace(PASSAGE, passage_id=f"{BRICKS}#p2", case_id=BRICKS, section="", page=2),
]
STATEMENTS = [
    statement(f"{HEAT}#costs.1", "The pipe cost 7 million crowns."),
    statement(f"{HEAT}#results.1", "Emissions fell by 40%.", source_ids=("S1", "S2")),
    statement(
        f"{BONDS}#financing.1",
        "“Residents” lent money – ½ of it.\n\tÜ 🧱",
        checked_on="2026-11-30",
    ),
    statement(f"{BRICKS}#p2.1", "Bricks were tested.", source_ids=()),
]
QUESTIONS = [
    OPEN_QUESTION,
    OpenQuestion(f"{BRICKS}#open.1", BRICKS, "Were they cheap?"),
]
CITIES = [CITY, city("Sampleby")]
THEMES = [
    Theme("financing", "Financing", "How to pay."),
    Theme("district-heating", "Heating", "How to heat."),
]
FIGURES = [
    replace(FIGURE, quote="7"),
    FIGURE,
    replace(FIGURE, statement_id=f"{BONDS}#financing.1", value=None, year=None),
]
FILES = {f"{HEAT}.md": "0123456789abcdef", f"{BRICKS}.pdf": "fedcba9876543210"}


def _write(path, **changes):
    parts: dict[str, Any] = {
        "cities": CITIES,
        "themes": THEMES,
        "cases": CASES,
        "passages": PASSAGES,
        "statements": STATEMENTS,
        "open_questions": QUESTIONS,
        "vocabulary": ["pipe", "brick", "pipe"],
        "files": FILES,
        "figures": FIGURES,
        "conditions": [CONDITION],
        "steps": [STEP, replace(STEP, what="Fire the ovens")],
    }
    write_catalogue(path, **(parts | changes))
    return path


@pytest.fixture
def catalogue(tmp_path):
    opened = Catalogue(_write(tmp_path / "catalogue.sqlite"))
    yield opened
    opened.close()


def test_cities_and_themes_come_back_in_their_order(catalogue):
    """Cities and themes keep every field and the order of their files."""
    assert list(catalogue.cities.values()) == CITIES
    assert list(catalogue.themes.values()) == THEMES


def test_case_comes_back_whole(catalogue):
    """A case keeps every field: sources, review, and tuples as tuples."""
    assert catalogue.case(BONDS) == CASES[1]


def test_case_when_unknown(catalogue):
    """An unknown case id gives None."""
    assert catalogue.case("exampleton/nothing") is None


def test_cases_come_in_the_order_of_their_ids(tmp_path):
    """The list of cases does not depend on the order in which they were written."""
    path = _write(tmp_path / "catalogue.sqlite", cases=list(reversed(CASES)))
    catalogue = Catalogue(path)
    assert [found.case_id for found in catalogue.cases()] == [HEAT, BONDS, BRICKS]
    catalogue.close()


def test_cases_by_id_leaves_out_unknown_ids(catalogue):
    """Known ids are found, unknown ones are left out."""
    assert catalogue.cases_by_id([BRICKS, "x/y", HEAT]) == {
        HEAT: CASES[0],
        BRICKS: CASES[2],
    }


def test_passages_by_id(catalogue):
    """A passage keeps every field; unknown ids are left out."""
    wanted = f"{BRICKS}#p2"
    assert catalogue.passages_by_id([wanted, "x/y#z"]) == {wanted: PASSAGES[2]}


def test_passages_of_a_case_come_in_reading_order(catalogue):
    """A case's passages are ordered by where they begin in the document."""
    assert [p.start for p in catalogue.passages_of(HEAT)] == [0, 100]
    assert catalogue.passages_of("x/y") == []


def test_statements_of_a_case(catalogue):
    """A case's statements come back whole, in the order in which they were written."""
    assert catalogue.statements_of(HEAT) == STATEMENTS[:2]
    assert catalogue.statements_of("x/y") == []


def test_statement_text_is_kept_to_the_letter(catalogue):
    """Quotes, signs, line ends and emoji of a statement survive."""
    wanted = STATEMENTS[2]
    found = catalogue.statements_by_id([wanted.statement_id, "x/y#z.1"])
    assert found == {wanted.statement_id: wanted}


def test_statements_at_come_by_position(catalogue):
    """Positions count from 0; the answer is ordered by position, not as asked."""
    assert catalogue.statements_at([3, 0]) == [STATEMENTS[0], STATEMENTS[3]]
    assert catalogue.statements_at([]) == []


def test_positions_of(catalogue):
    """The position of a statement is its place among the written ones."""
    ids = [STATEMENTS[3].statement_id, STATEMENTS[1].statement_id, "x/y#z.1"]
    assert catalogue.positions_of(ids) == {ids[0]: 3, ids[1]: 1}


@pytest.mark.parametrize(
    ("cities", "themes", "positions"),
    [
        ([], [], None),
        (["exampleton"], [], [0, 1, 2]),
        (["exampleton", "sampleby"], [], [0, 1, 2, 3]),
        ([], ["financing"], [2]),
        ([], ["financing", "citizen-engagement"], [2]),
        ([], ["financing", "circular-construction"], [2, 3]),
        (["exampleton"], ["district-heating"], [0, 1]),
        (["sampleby"], ["financing"], []),
        (["nowhere"], [], []),
    ],
    ids=[
        "no filter",
        "city",
        "any of two cities",
        "theme",
        "two themes of one case",
        "any of two themes",
        "city and theme",
        "no case has both",
        "unknown city",
    ],
)
def test_positions_within(catalogue, cities, themes, positions):
    """Filters of one kind widen each other; city and theme must both fit."""
    found = catalogue.positions_within(cities, themes)
    assert (sorted(found) if found is not None else None) == positions


def test_open_questions(catalogue):
    """Open questions are found by case and by id; unknown ids are left out."""
    assert catalogue.open_questions_of(HEAT) == [OPEN_QUESTION]
    assert catalogue.open_questions_of(BONDS) == []
    found = catalogue.open_questions_by_id([QUESTIONS[1].question_id, "x"])
    assert found == {QUESTIONS[1].question_id: QUESTIONS[1]}


def test_vocabulary_holds_each_word_once(catalogue):
    """A word that was written twice is there once."""
    assert catalogue.vocabulary == {"pipe", "brick"}


@pytest.mark.parametrize(
    ("table", "count"),
    [("cities", 2), ("cases", 3), ("passages", 3), ("statements", 4)],
)
def test_count(catalogue, table, count):
    """A table's rows can be counted, to compare them with the manifest."""
    assert catalogue.count(table) == count


def test_files_come_back_with_their_digests(catalogue):
    """The digest of every file is kept, so that an ingestion knows what changed."""
    assert catalogue.files() == FILES


def test_statements_come_by_position(catalogue):
    """All statements come in the order in which they were written."""
    assert catalogue.statements() == STATEMENTS


def test_statements_in_a_section(tmp_path):
    """A heading brings its sub-headings, and no other that begins with its words."""
    sections = ["Costs", f"Costs{SUBSECTION}Pipes", "Costs of others", "Results"]
    placed = [
        replace(one, section=section)
        for one, section in zip(STATEMENTS, sections, strict=True)
    ]
    catalogue = Catalogue(_write(tmp_path / "catalogue.sqlite", statements=placed))
    assert catalogue.statements_in("Costs") == placed[:2]
    assert catalogue.statements_in("%") == []
    assert sorted(catalogue.statement_counts()) == [
        (HEAT, "Costs", 1, 0),
        (HEAT, f"Costs{SUBSECTION}Pipes", 1, 0),
        (BONDS, "Costs of others", 1, 1),
        (BRICKS, "Results", 1, 0),
    ]
    catalogue.close()


def test_languages_come_back(tmp_path):
    """The languages of cases and passages are kept."""
    path = _write(
        tmp_path / "catalogue.sqlite",
        cases=[case(HEAT, language="sv")],
        passages=[replace(PASSAGE, language="fi")],
    )
    catalogue = Catalogue(path)
    (passage,) = catalogue.passages_of(HEAT)
    assert (catalogue.cases()[0].language, passage.language) == ("sv", "fi")
    catalogue.close()


def test_catalogue_when_empty(tmp_path):
    """A catalogue without records opens and finds nothing."""
    nothing: dict[str, list[object]] = dict.fromkeys(
        ["cities", "themes", "cases", "passages", "statements"], []
    )
    path = _write(
        tmp_path / "catalogue.sqlite",
        **nothing,
        open_questions=[],
        vocabulary=[],
        files={},
    )
    catalogue = Catalogue(path)
    assert catalogue.cases() == []
    assert catalogue.positions_within(["exampleton"], []) == []
    catalogue.close()


def test_ids_when_there_are_very_many(catalogue):
    """More ids than SQLite takes in one statement are looked up all the same."""
    ids = [f"x/y#z.{number}" for number in range(260_000)]
    ids.insert(130_000, STATEMENTS[1].statement_id)
    assert catalogue.statements_by_id(ids) == {ids[130_000]: STATEMENTS[1]}
    assert catalogue.positions_of(ids) == {ids[130_000]: 1}


def test_folder_when_its_name_holds_signs(tmp_path):
    """Signs that mean something in an address are plain letters in a folder's name."""
    folder = tmp_path / "Ü bung #1?mode=rw 100%"
    folder.mkdir()
    catalogue = Catalogue(_write(folder / "catalogue.sqlite"))
    assert catalogue.count("cases") == 3
    catalogue.close()


def test_reading_leaves_the_file_alone(tmp_path):
    """Reading neither changes the file nor puts another beside it."""
    path = _write(tmp_path / "catalogue.sqlite")
    before = path.read_bytes()
    catalogue = Catalogue(path)
    catalogue.cases()
    catalogue.close()
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_reading_from_threads(catalogue):
    """Threads that read at the same time all see whole records."""

    def read(number):
        wanted = STATEMENTS[number % len(STATEMENTS)]
        return catalogue.statements_by_id([wanted.statement_id]) == {
            wanted.statement_id: wanted
        }

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, range(400)))


@pytest.mark.parametrize(
    "content",
    [None, b"", b"SQLite format 3\0 and then nothing", b"not a database" * 100],
    ids=["missing", "empty", "header only", "another format"],
)
def test_open_when_damaged(tmp_path, content):
    """A file that is not a catalogue is an error with its path and the remedy."""
    path = tmp_path / "catalogue.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(
        IndexDamagedError,
        match=r"catalogue\.sqlite: the catalogue cannot be read.*`mentorkb ingest`",
    ):
        Catalogue(path)


def test_open_does_not_create_a_missing_file(tmp_path):
    """Opening what is not there leaves nothing behind."""
    path = tmp_path / "catalogue.sqlite"
    with pytest.raises(IndexDamagedError, match="No such file"):
        Catalogue(path)
    assert not path.exists()


def test_what_is_read_from_statements_comes_back_in_its_order(catalogue):
    """Figures are found by case and by statement, conditions and steps by case."""
    assert catalogue.figures() == FIGURES
    assert catalogue.figures_of(HEAT) == FIGURES[:2]
    one, other = FIGURES[0].statement_id, FIGURES[2].statement_id
    found = catalogue.figures_by_statement([other, f"{HEAT}#results.1", one])
    assert found == {one: FIGURES[:2], other: FIGURES[2:]}
    assert catalogue.conditions_of(HEAT) == [CONDITION]
    assert [step.what for step in catalogue.steps_of(HEAT)] == [
        "Lay the pipe",
        "Fire the ovens",
    ]
    assert catalogue.steps_of(BONDS) == catalogue.conditions_of(BONDS) == []
