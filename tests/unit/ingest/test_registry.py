"""The corpus as a whole: its cities and themes, and where a case's parts lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.registry import case_id_of, is_sidecar, read_registry, sidecar_of
from kb.errors import CorpusError
from kb.types import Source, Theme
from tests.support.fakes import within_seconds
from tests.support.tiny_corpus import CITIES, write_registry


@pytest.fixture
def corpus(tmp_path):
    """Return a folder with the cities and themes of the tiny corpus."""
    write_registry(tmp_path)
    return tmp_path


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
    ("content", "line"),
    [(b"- slug: a\n- slug: [", 2), ("- name: Malmö".encode("latin-1"), None)],
    ids=["not YAML", "not UTF-8"],
)
def test_read_registry_when_a_file_does_not_parse(corpus, content, line):
    """A file that is not YAML in UTF-8 is named, with its line and the remedy."""
    (corpus / "cities.yaml").write_bytes(content)
    with pytest.raises(
        CorpusError, match=r"(?s)cities\.yaml.*Correct it or c"
    ) as error:
        read_registry(corpus)
    assert error.value.line == line


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
        CorpusError, match=rf"cities\.yaml: {message}.*the shipped corpus"
    ):
        read_registry(corpus)


@pytest.mark.parametrize("name", ["cities.yaml", "themes.yaml"])
def test_read_registry_when_a_file_is_empty(corpus, name):
    """An empty file is an error and not a corpus without cities or themes."""
    (corpus / name).write_text("", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"{name}: .*None.*the shipped corpus"):
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


@pytest.mark.parametrize("name", ["cities.yaml", "themes.yaml"])
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_read_registry_when_a_file_is_none(corpus, name, kind):
    """A pipe or a folder in the place of a file is an error; nothing waits for it."""
    (corpus / name).unlink()
    if kind == "folder":
        (corpus / name).mkdir()
    else:
        os.mkfifo(corpus / name)
    with within_seconds(5), pytest.raises(CorpusError, match=rf"{name}"):
        read_registry(corpus)


@pytest.mark.parametrize(
    ("path", "present", "expected"),
    [
        ("a/x.pdf.yaml", ["a/x.pdf"], True),
        ("a/x.md.yaml", ["a/x.md"], True),
        ("a/x.pdf.yaml", ["b/x.pdf"], False),
        ("a/x.yaml", ["a/x.pdf"], False),
        ("a/x.pdf", ["a/x.pdf"], False),
    ],
    ids=["of a PDF", "of Markdown", "in another folder", "half the name", "no sidecar"],
)
def test_is_sidecar(path, present, expected):
    """A sidecar has the whole name of a file that is there, and ``.yaml`` behind it."""
    assert is_sidecar(Path(path), {Path(name) for name in present}) is expected


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
