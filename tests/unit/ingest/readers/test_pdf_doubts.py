"""Pages that were read badly are named, and their statements carry the doubt."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.readers.pdf_doubts import doubt_of
from ingest.readers.pdf_words import Word
from ingest.split import split_document
from tests.support.tiny_corpus import WALKING_DIARY_PAGES, write_pdf
from tests.unit.ingest.readers.files import read

_CODE = re.compile(r"(<[0-9a-f]{2}> <)([0-9a-f]{4})>")


def words(text: str, *, is_mapped: bool = True) -> list[Word]:
    """Return the words of a text, wherever they stand."""
    return [
        Word(part, 0, 1, 0, 10, False, is_apart=True, is_mapped=is_mapped)
        for part in text.split()
    ]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("It cost 1,607.3 million", "It cost 1,607.3 million"),
        ("100 4 96", "100496"),
        ("1186 homes", "1 186 homes"),
        ("gives 35 1 MW", "gives 351 MW"),
        ("gives 10⁶ kWh", "gives 106 kWh"),
        ("Total 11,062.6", "Total 11,062.6 Total 11,062.6"),
        ("no figure", "none at all"),
    ],
    ids=[
        "same",
        "glued cells",
        "thin space",
        "mark",
        "raised",
        "printed twice",
        "no figures",
    ],
)
def test_doubt_of_when_the_readings_agree(text, second):
    """Where a figure ends is no matter, nor how often it is printed."""
    assert doubt_of(words(text), second) == ""


@pytest.mark.parametrize(
    ("text", "second", "told"),
    [
        ("It cost 12 crowns", "It cost 13 crowns", "read here: 12; read otherwise: 13"),
        ("It cost crowns", "It cost 13 crowns", "read otherwise: 13"),
        ("made 1,6 07.3 MWh", "made 1,607.3 MWh", "read here: 07.3"),
        ("It cost 12 crowns", None, "only one of two readings succeeded"),
    ],
    ids=["other figure", "lost figure", "cut figure", "no second reading"],
)
def test_doubt_of_when_the_readings_differ(text, second, told):
    """The figures that differ are named."""
    assert doubt_of(words(text), second) == told


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("It cost twelve crowns", {"is_mapped": False}, "does not say which letters"),
        ("/g12/g7/g33 12", {}, "names of glyphs"),
        ("(cid:12)(cid:7)", {}, "names of glyphs"),
        (" ".join(["eeeee eeee eee"] * 20), {}, "one letter stands for many"),
        (" ".join(["uif djuz cvjmu b ifbu tupsf"] * 9), {}, "no known language"),
    ],
)
def test_doubt_of_when_a_page_was_read_badly(text, more, told):
    """Letters at random are noticed, also where both readings agree on them."""
    assert told in doubt_of(words(text, **more), text)


@pytest.mark.parametrize(
    "text",
    [
        "Grad je izgradio novo skladište topline ispod kolodvora i platio ga sam.",
        "A távhőszolgáltató szalmakazánt épített a folyó mellett, a hídnál.",
        "Kaupunki rakensi lämpövaraston aseman alle ja maksoi sen kokonaan itse.",
        "Schools Offices Pools Other Building type Floor area Use Share Jobs Homes",
    ],
)
def test_doubt_of_when_a_page_has_words(text):
    """Real words of any language, and those of a table, raise no doubt."""
    assert doubt_of(words(text * 3), text) == ""


def garbled(path: Path, garble: Callable[[str], str | None]) -> bytes:
    """Return a PDF of two pages whose letters have other Unicode values, or none."""
    writer = PdfWriter(clone_from=write_pdf(path, WALKING_DIARY_PAGES))
    for page in writer.pages[:1]:
        resources: Any = page["/Resources"]
        font: Any = DictionaryObject(resources["/Font"]["/F1"].get_object())
        mapped = garble(font["/ToUnicode"].get_object().get_data().decode())
        if mapped is None:
            del font["/ToUnicode"]
        else:
            stream = DecodedStreamObject()
            stream.set_data(mapped.encode())
            font[NameObject("/ToUnicode")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {NameObject("/F1"): writer._add_object(font)}
                )
            }
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def shifted(mapping: str) -> str:
    """Return a map to letters of which each is the next one."""
    return _CODE.sub(lambda m: f"{m[1]}{int(m[2], 16) + 1:04x}>", mapping)


def same(mapping: str) -> str:
    """Return a map to one letter alone."""
    return _CODE.sub(r"\g<1>0065>", mapping)


@pytest.mark.parametrize(
    "garble", [shifted, same, lambda _: None], ids=["shifted", "same", "no map"]
)
def test_page_with_a_garbled_font_is_named(tmp_path, garble):
    """The page is named, its statements carry the doubt, the other page has none."""
    document = read(tmp_path, "a.pdf", garbled(tmp_path / "made.pdf", garble))
    (problem,) = document.problems
    assert (problem.rule, problem.severity) == ("figures-uncertain", "warning")
    assert problem.reason.startswith("page 1: figures uncertain (")
    assert document.case is not None
    passages = split_document(document, document.case, 300).passages
    assert {p.uncertain for p in passages if p.page == 1} <= {True}
    assert {p.uncertain for p in passages if p.page == 2} == {False}
