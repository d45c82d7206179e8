"""The corpus as a whole: its cities and themes, and where a case's parts lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ingest.schema import SourceEntry
from kb.errors import CorpusError, shown
from kb.types import City, Theme

CITIES_FILE = "cities.yaml"
THEMES_FILE = "themes.yaml"
SIDECAR_SUFFIX = ".yaml"
_MARK = re.compile(r"\s*\[\^([^\]\s]+)\]")
_T = TypeVar("_T")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Population(_Model):
    value: Annotated[int, Field(gt=0)]
    year: int | None
    source: str


class _Coordinates(_Model):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    source: str


class _CityEntry(_Model):
    slug: str
    name: str
    country: str
    country_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    aliases: list[str]
    population: _Population
    coordinates: _Coordinates
    mentor_theme: str
    mission_status: str
    sources: dict[str, SourceEntry]

    def as_city(self) -> City:
        """Return the record that the knowledge base keeps.

        Raises:
            KeyError: A source mark has no source.
        """
        sources = {sid: entry.as_source(sid) for sid, entry in self.sources.items()}
        if self.coordinates.source not in sources:
            raise KeyError(self.coordinates.source)
        return City(
            slug=self.slug,
            name=self.name,
            country=self.country,
            country_code=self.country_code,
            aliases=tuple(self.aliases),
            population=self.population.value,
            population_year=self.population.year,
            population_source=sources[self.population.source],
            latitude=self.coordinates.latitude,
            longitude=self.coordinates.longitude,
            mentor_theme=self.mentor_theme,
            mission_status=_MARK.sub("", self.mission_status),
            mission_sources=tuple(
                sources[mark] for mark in _MARK.findall(self.mission_status)
            ),
        )


class _ThemeEntry(_Model):
    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class Registry:
    """The cities and themes that cases may name, in the order of their files."""

    cities: dict[str, City]
    themes: dict[str, Theme]


def require_folder(corpus_dir: Path) -> None:
    """Refuse a corpus folder that is not there.

    Raises:
        CorpusError: It is not.
    """
    if not corpus_dir.is_dir():
        raise CorpusError(
            f"the corpus folder {shown(str(corpus_dir))} does not exist.",
            "Name it with --corpus or KB_CORPUS_DIR.",
        )


def read_registry(corpus_dir: Path) -> Registry:
    """Read ``cities.yaml`` and ``themes.yaml``.

    Raises:
        CorpusError: The folder or one of the files is missing or does not fit.
    """
    require_folder(corpus_dir)
    cities = _read_entries(corpus_dir / CITIES_FILE, TypeAdapter(list[_CityEntry]))
    themes = _read_entries(corpus_dir / THEMES_FILE, TypeAdapter(list[_ThemeEntry]))
    for file, entries in ((CITIES_FILE, cities), (THEMES_FILE, themes)):
        _require_unique([entry.slug for entry in entries], file)
    try:
        return Registry(
            cities={entry.slug: entry.as_city() for entry in cities},
            themes={
                entry.slug: Theme(entry.slug, entry.name, entry.description)
                for entry in themes
            },
        )
    except KeyError as exc:
        raise CorpusError(
            f"the source {exc} is used but not listed.",
            'Add it under "sources" of the same city.',
            path=CITIES_FILE,
        ) from exc


def current_registry(corpus_dir: Path) -> Registry:
    """Return the cities and themes, read again only when their files have changed.

    Raises:
        CorpusError: See `read_registry`.
    """
    files = [corpus_dir / name for name in (CITIES_FILE, THEMES_FILE)]
    stamps = [
        (status.st_mtime_ns, status.st_size)
        for status in (file.stat() for file in files if file.is_file())
    ]
    return _registry_at(corpus_dir, tuple(stamps))


@lru_cache(maxsize=4)
def _registry_at(corpus_dir: Path, stamps: tuple[tuple[int, int], ...]) -> Registry:
    return read_registry(corpus_dir)


def _read_entries(path: Path, adapter: TypeAdapter[list[_T]]) -> list[_T]:
    if not path.is_file():  # opening a pipe would wait for ever
        raise CorpusError(
            f"{path.name} is missing in the corpus folder.",
            "Copy it from the shipped corpus.",
            path=str(path),
        )
    try:
        values: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return adapter.validate_python(values)
    except OSError as exc:
        raise CorpusError(
            f"the file cannot be read ({exc.strerror}).",
            "Check its permissions.",
            path=str(path),
        ) from exc
    except ValidationError as exc:
        error = exc.errors()[0]
        where = ".".join(str(part) for part in error["loc"]) or "the whole file"
        raise CorpusError(
            f"{where} = {shown(error['input'])} does not fit: {error['msg']}.",
            "Compare it with the other entries, or copy the file from the shipped "
            "corpus.",
            path=str(path),
        ) from exc
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        raise CorpusError(
            f"the file does not parse as YAML in UTF-8: {exc}.",
            "Correct it or copy it from the shipped corpus.",
            path=str(path),
            line=mark.line + 1 if mark else None,
        ) from exc


def _require_unique(slugs: list[str], file: str) -> None:
    for slug, count in Counter(slugs).items():
        if count > 1:
            raise CorpusError(
                f"the slug {shown(slug)} is given {count} times.",
                "Keep one of the entries, or give the other its own slug.",
                path=file,
            )


def is_sidecar(path: Path, present: Container[Path]) -> bool:
    """Say whether a file holds the front matter of another that is present."""
    return path.suffix == SIDECAR_SUFFIX and path.with_suffix("") in present


def sidecar_of(path: Path) -> Path:
    """Return where a file's front matter lies when the file cannot carry it."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def case_id_of(path: Path, corpus_dir: Path) -> str:
    """Return ``<city-slug>/<practice-slug>`` for a case file."""
    relative = path.relative_to(corpus_dir)
    return f"{relative.parts[0]}/{relative.stem}"
