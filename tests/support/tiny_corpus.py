"""A corpus of invented cities, small enough to read, and the PDFs that it needs.

Every name, figure and source in it is made up; addresses end in ``.example``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

CITIES = """\
- slug: exampleton
  name: Exampleton
  country: Fictonia
  country_code: XA
  aliases: [Beispielstadt]
  population: {value: 12345, year: 2020, source: S1}
  coordinates: {latitude: 1.5, longitude: 2.5, source: GEO}
  mentor_theme: district-heating
  mission_status: "Invented for tests [^S1]."
  sources:
    S1: {title: Made-up facts, publisher: Exampleton, \
url: https://exampleton.example/facts, language: en, year: 2021}
    GEO: {title: Made-up map, publisher: Nobody, \
url: https://map.example, language: en, year: null}
- slug: sampleby
  name: Sampleby
  country: Samplonia
  country_code: XB
  aliases: [Muestraby]
  population: {value: 54321, year: null, source: S1}
  coordinates: {latitude: -3.5, longitude: 4.5, source: S1}
  mentor_theme: circular-construction
  mission_status: "Invented for tests [^S1]."
  sources:
    S1: {title: Made-up facts, publisher: Sampleby, \
url: https://sampleby.example/facts, language: en, year: 2022}
"""

THEMES = """\
- slug: district-heating
  name: Energy and district heating
  description: How invented cities heat buildings.
- slug: financing
  name: Financing
  description: How invented cities pay.
- slug: circular-construction
  name: Circular construction
  description: How invented cities build with used parts.
- slug: citizen-engagement
  name: Citizen engagement
  description: How invented cities involve residents.
"""

BISCUIT_HEAT = """\
---
title: Waste heat from the biscuit factory
city: exampleton
themes: [district-heating]
period: 2018-2021
actors: [Crumbly Biscuits, Exampleton Heat]
summary: Exampleton warms 1,200 homes with the waste heat of a biscuit factory.
sources:
  S1:
    title: Warm biscuits, warm homes
    publisher: Exampleton Heat
    url: https://heat.exampleton.example/biscuits
    language: en
    year: 2021
  S2:
    title: The oven pipe
    publisher: Crumbly Biscuits
    url: https://crumbly.example/pipe
    language: sv
    year: null
review: {status: draft, by: null, 'on': null}
---

## What was done

- The ovens of a biscuit factory heat 1,200 homes through a 3 km pipe. [^S1][^S2]
- A heat pump lifts the waste heat from 45 to 80 °C. [^S1]

## Costs

- The pipe and the heat pump cost 7 million crowns in 2019. [^S1]

## Results

- Emissions of the heating network fell by 40% between 2018 and 2021. [^S1]
- In summer the factory gives more heat than the homes need. [^S2]

## Obstacles

- The factory stops for three weeks in July, so an electric boiler stands in. [^S2]

## Open questions

- What the factory is paid for its heat is not published.
"""

SUNDAY_BONDS = """\
---
title: Sunday bonds for solar roofs
city: exampleton
themes: [financing, citizen-engagement]
period: 2020-ongoing
actors: [Exampleton City Treasury]
summary: Residents lend the city money for solar roofs on its schools.
sources:
  S1:
    title: Sunday bonds explained
    publisher: Exampleton City Treasury
    url: https://treasury.exampleton.example/bonds
    language: en
    year: 2020
review: {status: reviewed, by: An Invented Expert, 'on': 2024-05-01}
---

## What was done

- Residents buy bonds of 50 crowns; the city builds solar roofs with them. [^S1]

## Financing

- The first bond issue raised 2 million crowns from 900 residents in 2020. [^S1]
- The bonds pay 1.5% interest a year for eight years. [^S1]

## Lessons

- Selling the bonds at the Sunday market brought in twice as many buyers. [^S1]
"""

BORROWED_BRICKS = """\
---
title: Borrowed bricks for the swimming hall
city: sampleby
themes: [circular-construction]
period: '2022'
actors: [Sampleby Building Office]
summary: Sampleby built its swimming hall from the bricks of an old brewery.
sources:
  S1:
    title: Bricks twice
    publisher: Sampleby Building Office
    url: https://build.sampleby.example/bricks
    language: en
    year: 2022
review: {status: draft, by: null, 'on': null}
---

## What was done

- The swimming hall was built from 80,000 bricks of a closed brewery. [^S1]
- Every brick was cleaned by hand and tested for frost. [^S1]

## Obstacles

- Insurers asked for a certificate that used bricks did not have. [^S1]

## Open questions

- Whether used bricks were cheaper than new ones is not known.
"""

WALKING_DIARY_PAGES = (
    "Walking diary of Sampleby.\n"
    "In 2023 three hundred pupils wrote down how they came to school.\n"
    "After four weeks half of the pupils walked.",
    "Parents kept the cars at home on Fridays.\n"
    "The diary cost the city 900 crowns for paper and prizes.",
)

WALKING_DIARY_SIDECAR = """\
title: A walking diary for schools
city: sampleby
themes: [citizen-engagement]
period: '2023'
actors: [Sampleby School Office]
summary: Pupils noted how they came to school, and more of them walked.
sources:
  S1:
    title: Walking diary of Sampleby
    publisher: Sampleby School Office
    url: https://school.sampleby.example/diary.pdf
    language: en
    year: 2023
review: {status: draft, by: null, 'on': null}
"""

CASE_FILES = {
    "exampleton/biscuit-heat.md": BISCUIT_HEAT,
    "exampleton/sunday-bonds.md": SUNDAY_BONDS,
    "sampleby/borrowed-bricks.md": BORROWED_BRICKS,
    "sampleby/walking-diary.pdf.yaml": WALKING_DIARY_SIDECAR,
}


def write_registry(folder: Path) -> None:
    """Write the cities and themes of the tiny corpus into a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cities.yaml").write_text(CITIES, encoding="utf-8")
    (folder / "themes.yaml").write_text(THEMES, encoding="utf-8")


def write_tiny_corpus(folder: Path, extra: Mapping[str, str] | None = None) -> Path:
    """Write the tiny corpus: two cities, three Markdown cases and a PDF.

    Args:
        folder: Where; created if it is not there.
        extra: Further text files by their path below ``folder``; a path of the corpus
            itself replaces that file.

    Returns:
        The folder.
    """
    write_registry(folder)
    for name, text in (CASE_FILES | dict(extra or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_pdf(folder / "sampleby" / "walking-diary.pdf", WALKING_DIARY_PAGES)
    return folder


def change_case(path: Path, *changes: tuple[str, str]) -> None:
    """Change a case as somebody else does, who saves it while it is in hand here.

    Args:
        path: Its file.
        changes: What stands there, and what takes its place.
    """
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def write_pdf(
    path: Path,
    pages: Sequence[str],
    *,
    user_password: str | None = None,
    owner_password: str | None = None,
) -> Path:
    """Write a PDF with one page a text; every character keeps its Unicode value.

    A page with the empty text has no text layer. With a password, the file is
    encrypted with AES-256.
    """
    writer = PdfWriter()
    codes = {char: code for code, char in enumerate(sorted(set("".join(pages))), 1)}
    font = writer._add_object(_font(writer, codes))
    for text in pages:
        page = writer.add_blank_page(width=595, height=842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        content.set_data(_drawn(text.split("\n") if text else [], codes))
        page[NameObject("/Contents")] = writer._add_object(content)
    if user_password is not None or owner_password is not None:
        writer.encrypt(user_password or "", owner_password, algorithm="AES-256")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write(path)
    return path


def _drawn(lines: Iterable[str], codes: Mapping[str, int]) -> bytes:
    """Return the page operators that draw lines from top to bottom."""
    shown = (
        f"<{''.join(f'{codes[char]:02x}' for char in line)}> Tj 0 -14 Td"
        for line in lines
    )
    return ("BT /F1 11 Tf 50 790 Td " + " ".join(shown) + " ET").encode("ascii")


def _font(writer: PdfWriter, codes: Mapping[str, int]) -> DictionaryObject:
    """Return a font of one-byte codes with a ToUnicode map, so any letter fits."""
    pairs = "".join(
        f"<{code:02x}> <{char.encode('utf-16-be').hex()}>\n"
        for char, code in codes.items()
    )
    to_unicode = DecodedStreamObject()
    to_unicode.set_data(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapName /Test def /CMapType 2 def\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(codes)} beginbfchar\n{pairs}endbfchar\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode("ascii")
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/FirstChar"): NumberObject(0),
            NameObject("/LastChar"): NumberObject(255),
            NameObject("/Widths"): ArrayObject([NumberObject(500)] * 256),
            NameObject("/ToUnicode"): writer._add_object(to_unicode),
        }
    )
