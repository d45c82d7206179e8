"""A city's profile, as a reader tells it, and its file; what is empty is not known."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.errors import KnowledgeBaseError
from kb.types import City
from ui.texts import _

MAX_FILE_BYTES = 20_000
MAX_NOTE_CHARS = 300

SizeClass = Literal["to-50", "to-100", "to-250", "to-500", "to-1000", "above-1000"]
Climate = Literal["cold", "mild", "warm"]
YesNo = Literal["yes", "no"]
NetworkOwner = Literal["city", "shared", "other"]
BuildingOwner = Literal["city", "flat-owners", "other"]
LandOwner = Literal["city", "other"]
_Note = Annotated[str, Field(max_length=MAX_NOTE_CHARS)]
# Inhabitants below which a class ends; those of the European Union's degree of
# urbanisation begin at 50,000 and double or more.
_ENDS: tuple[tuple[SizeClass, int], ...] = (
    ("to-50", 50_000),
    ("to-100", 100_000),
    ("to-250", 250_000),
    ("to-500", 500_000),
    ("to-1000", 1_000_000),
)


class ProfileError(KnowledgeBaseError):
    """A text is no profile of this version: choose another."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reader tells of her city."""

    country: str = ""
    """ISO 3166 code."""
    size: SizeClass | Literal[""] = ""
    climate: Climate | Literal[""] = ""
    heat_network: YesNo | Literal[""] = ""
    network_owner: NetworkOwner | Literal[""] = ""
    building_owner: BuildingOwner | Literal[""] = ""
    land_owner: LandOwner | Literal[""] = ""
    outside_money: YesNo | Literal[""] = ""
    """Whether she can count on money of the state or the EU."""
    powers: str = ""
    """What her city may demand of others, in her own words; so the next two."""
    budget: str = ""
    start: str = ""

    def told(self, field: str, value: str) -> Profile:
        """Return the profile with another answer to one of its questions."""
        return Profile(**{**asdict(self), field: value})


class _Saved(BaseModel):
    model_config = ConfigDict(extra="forbid")
    format: Literal["mentor-cities-profile"] = "mentor-cities-profile"
    version: Literal[1] = 1
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    size: SizeClass | Literal[""] = ""
    climate: Climate | Literal[""] = ""
    heat_network: YesNo | Literal[""] = ""
    network_owner: NetworkOwner | Literal[""] = ""
    building_owner: BuildingOwner | Literal[""] = ""
    land_owner: LandOwner | Literal[""] = ""
    outside_money: YesNo | Literal[""] = ""
    powers: _Note = ""
    budget: _Note = ""
    start: _Note = ""


def save_profile(profile: Profile) -> str:
    """Return a profile as the text of a JSON file."""
    return _Saved(**asdict(profile)).model_dump_json(indent=2) + "\n"


def open_profile(raw: bytes | str) -> Profile:
    """Return the profile of a file, which may be anything.

    Raises:
        ProfileError: It is too large or no profile.
    """
    remedy = _("Choose the file that you saved on this page.")
    if len(raw) > MAX_FILE_BYTES:
        raise ProfileError(_("The file is too large for a city's profile."), remedy)
    try:
        saved = _Saved.model_validate_json(raw)
    except ValidationError as exc:
        raise ProfileError(
            _("The file is no city's profile of this version."), remedy
        ) from exc
    return Profile(**saved.model_dump(exclude={"format", "version"}))


def size_class(population: int) -> SizeClass:
    """Return the class of size of a city by its inhabitants."""
    return next((name for name, end in _ENDS if population < end), "above-1000")


def bounds(size: SizeClass) -> tuple[int, int | None]:
    """Return the inhabitants from which a class begins and below which it ends."""
    ends = [0, *(end for _name, end in _ENDS)]
    place = [*(name for name, _end in _ENDS), "above-1000"].index(size)
    return ends[place], ends[place + 1] if place + 1 < len(ends) else None


def can_be_likened(profile: Profile) -> bool:
    """Return whether a profile tells enough to look for cities like it."""
    return bool(profile.size or profile.country)


def is_alike(city: City, profile: Profile) -> bool:
    """Return whether a city has the profile's class of size, or lies in its country."""
    return (profile.size != "" and size_class(city.population) == profile.size) or (
        profile.country != "" and city.country_code == profile.country
    )
