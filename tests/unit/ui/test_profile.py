"""A city's profile: its file, which is not trusted, and which cities are like it."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.unit.ui.test_transfer import CITY
from ui.profile.model import (
    MAX_FILE_BYTES,
    Profile,
    ProfileError,
    SizeClass,
    bounds,
    can_be_likened,
    is_alike,
    open_profile,
    save_profile,
    size_class,
)
from ui.profile.wording import SIZES, answer, choices

TOLD = Profile(country="PL", size="to-250", heat_network="yes", budget="Loans. Ünlü")


def test_file_of_a_profile():
    """What is saved can be opened again, word for word."""
    assert open_profile(save_profile(TOLD)) == TOLD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"version": 2}',
        '{"format": "mentor-cities-briefing"}',
        '{"size": "huge"}',
        '{"country": "Poland"}',
        '{"name": "Łódź"}',
        f'{{"budget": "{"x" * 301}"}}',
        " " * (MAX_FILE_BYTES + 1),
    ],
)
def test_file_that_is_no_profile(text: str):
    """Anything else is refused with what to do."""
    with pytest.raises(ProfileError) as caught:
        open_profile(text)
    assert "Choose the file" in str(caught.value)


@pytest.mark.parametrize("size", get_args(SizeClass))
def test_classes_of_size(size: SizeClass):
    """A class holds its first number of inhabitants, and not that of the next."""
    low, high = bounds(size)
    assert size_class(low) == size
    if high is not None:
        assert size_class(high) != size


def test_answers_have_words():
    """Every value that a file may hold is told in words, in the order of the form."""
    assert get_args(SizeClass) == SIZES
    for field, (_question, answers) in choices().items():
        for value, words in answers.items():
            assert answer(Profile().told(field, value), field) == words
            assert field == "country" or open_profile(
                save_profile(Profile().told(field, value))
            )


@pytest.mark.parametrize(
    ("told", "alike"),
    [
        (Profile(size="to-250"), True),
        (Profile(size="to-500"), False),
        (Profile(country="SE"), True),
        (Profile(country="NO", size="to-250"), True),
        (Profile(country="NO", size="to-500"), False),
        (Profile(), False),
    ],
)
def test_cities_like_mine(told: Profile, alike: bool):
    """A city is alike by its class of size or its country, whichever is told."""
    assert is_alike(CITY, told) is alike
    assert can_be_likened(told) is (told != Profile())
