"""The corpus as a whole: its cities, its themes, and the list of its case files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.registry import (
    case_id_of,
    list_case_files,
    read_registry,
    sidecar_of,
)
from kb.errors import CorpusError
from kb.types import Source, Theme
from tests.tiny_corpus import CITIES, write_registry


@pytest.fixture
def corpus(tmp_path):
    """Return a folder with the cities and themes of the tiny corpus."""
    write_registry(tmp_path)
    return tmp_path


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def listed(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in list_case_files(folder)]


def test_read_registry_when_both_files_fit(corpus):
    """Cities and themes come by slug, in the order of their files."""
    registry = read_registry(corpus)
    assert list(registry.cities) == ["exampleton", "sampleby"]
    assert list(registry.themes) == [
        "district-heating",
        "financing",
        "circular-construction",
        "citizen-engagement",
    ]
    assert registry.themes["financing"] == Theme(
        "financing", "Financing", "How invented cities pay."
    )


def test_read_registry_when_a_city_names_its_sources(corpus):
    """Population and mission status point at the city's own sources."""
    city = read_registry(corpus).cities["exampleton"]
    facts = Source(
        "S1",
        "Made-up facts",
        "Exampleton",
        "https://exampleton.example/facts",
        "en",
        2021,
    )
    assert (city.population, city.population_year) == (12345, 2020)
    assert city.population_source == facts
    assert city.mission_sources == (facts,)


def test_read_registry_when_the_mission_status_holds_marks(corpus):
    """The marks and the spaces before them go from the mission status."""
    assert read_registry(corpus).cities["sampleby"].mission_status == (
        "Invented for tests."
    )


def test_read_registry_when_the_folder_is_missing(tmp_path):
    """A corpus folder that does not exist is named, with the option that sets it."""
    with pytest.raises(CorpusError, match=r"nowhere' does not exist\. .*--corpus"):
        read_registry(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["cities.yaml", "themes.yaml"])
def test_read_registry_when_a_file_is_missing(corpus, name):
    """The missing file is named, with the remedy."""
    (corpus / name).unlink()
    with pytest.raises(CorpusError, match=rf"{name} is missing.*Copy it from the ship"):
        read_registry(corpus)


@pytest.mark.parametrize(
    "content",
    [b"- slug: [", "- name: Malmö".encode("latin-1")],
    ids=["not YAML", "not UTF-8"],
)
def test_read_registry_when_a_file_does_not_parse(corpus, content):
    """A file that is not YAML in UTF-8 is named, with the remedy."""
    (corpus / "cities.yaml").write_bytes(content)
    with pytest.raises(CorpusError, match=r"(?s)cities\.yaml: .*Correct it or copy"):
        read_registry(corpus)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 12345", "value: -1", r"0\.population\.value = -1 does not fit"),
        ("latitude: -3.5", "latitude: 91", r"1\.coordinates\.latitude = 91"),
        ("country_code: XA", "country_code: xa", r"0\.country_code = 'xa'"),
        ("  name: Sampleby\n", "", r"1\.name = .*Field required"),
        ("  name: Sampleby\n", "  nmae: Sampleby\n", r"1\.nmae|1\.name"),
        (
            "url: https://map.example",
            "url: map.example",
            r"0\.sources\.GEO\.url = 'map\.example'",
        ),
    ],
    ids=[
        "population",
        "latitude",
        "country code",
        "key missing",
        "key misspelt",
        "address",
    ],
)
def test_read_registry_when_a_city_does_not_fit(corpus, old, new, message):
    """The first entry that does not fit is named with place, value and remedy."""
    assert old in CITIES
    (corpus / "cities.yaml").write_text(CITIES.replace(old, new), encoding="utf-8")
    with pytest.raises(
        CorpusError, match=rf"cities\.yaml: {message}.*corpus/README\.md"
    ):
        read_registry(corpus)


@pytest.mark.parametrize("name", ["cities.yaml", "themes.yaml"])
def test_read_registry_when_a_file_is_empty(corpus, name):
    """An empty file is an error and not a corpus without cities or themes."""
    (corpus / name).write_text("", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"{name}: .*None.*corpus/README\.md"):
        read_registry(corpus)


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        ("source: GEO}", "source: MAP}", None),
        ("year: 2020, source: S1}", "year: 2020, source: S7}", "S7"),
        ("Invented for tests [^S1].", "Invented for tests [^S8].", "S8"),
    ],
    ids=["coordinates", "population", "mission status"],
)
def test_read_registry_when_a_city_uses_an_unlisted_source(corpus, old, new, mark):
    """A source mark of a city that has no entry is named with the remedy."""
    assert old in CITIES
    text = CITIES.replace(old, new, 1)
    (corpus / "cities.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(
        CorpusError,
        match=rf"^cities\.yaml: the source '{mark or 'MAP'}' is used but not listed\. "
        'Add it under "sources"',
    ):
        read_registry(corpus)


def test_read_registry_when_two_cities_share_a_slug(corpus):
    """A slug given twice is an error; no city silently replaces another."""
    text = CITIES.replace("slug: sampleby", "slug: exampleton")
    (corpus / "cities.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"cities\.yaml.*exampleton"):
        read_registry(corpus)


def test_list_case_files_when_folders_hold_cases(corpus):
    """Case files of all city folders are listed by path; the registry is not."""
    touch(corpus, "sampleby/b.md", "exampleton/z.md", "exampleton/a.pdf", "notes.md")
    assert listed(corpus) == ["exampleton/a.pdf", "exampleton/z.md", "sampleby/b.md"]


def test_list_case_files_when_files_are_no_cases(corpus):
    """Sidecars, hidden files and READMEs are left out."""
    touch(
        corpus,
        "exampleton/a.pdf",
        "exampleton/a.pdf.yaml",
        "exampleton/README.md",
        "exampleton/.a.md.swp",
        "exampleton/.git/b.md",
        ".obsidian/c.md",
    )
    assert listed(corpus) == ["exampleton/a.pdf"]


def test_list_case_files_when_a_format_is_unknown(corpus):
    """A file that no reader knows is listed, so that it is reported."""
    touch(corpus, "exampleton/a.docx", "exampleton/orphan.pdf.yaml")
    assert listed(corpus) == ["exampleton/a.docx", "exampleton/orphan.pdf.yaml"]


def test_list_case_files_when_there_are_none(corpus):
    """A corpus without city folders has no case files."""
    assert listed(corpus) == []


@pytest.mark.parametrize(
    ("name", "case_id"),
    [
        ("exampleton/a.md", "exampleton/a"),
        ("exampleton/a.pdf", "exampleton/a"),
        ("exampleton/drafts/a.md", "exampleton/a"),
        ("exampleton/a.b.md", "exampleton/a.b"),
    ],
    ids=["Markdown", "PDF", "subfolder", "dot in the name"],
)
def test_case_id_of_when_given_a_path(name, case_id):
    """A case id is the city folder and the file's name without its ending."""
    assert case_id_of(Path("corpus") / name, Path("corpus")) == case_id


def test_sidecar_of_when_given_a_pdf():
    """The sidecar is the file's whole name with ``.yaml`` behind it."""
    assert sidecar_of(Path("sampleby/a.pdf")) == Path("sampleby/a.pdf.yaml")
