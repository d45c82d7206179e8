"""Settings: defaults, KB_ variables, overrides, bounds, digest."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kb.errors import SettingsError
from kb.settings import Settings, load_settings

FOLDERS = {"corpus_dir", "index_dir"}
# Another allowed value for every setting that shapes results.
OTHER_VALUES = {
    "model": "invented/model",
    "passage_tokens": 200,
    "context_weight": 0.9,
    "bare_weight": 0.5,
    "case_weight": 0.5,
    "coverage_weight": 0.3,
    "case_coverage_weight": 0.3,
    "city_weight": 0.1,
    "answer_margin": 0.02,
    "city_penalty": 0.02,
    "open_question_margin": 0.01,
}


def test_defaults_when_nothing_is_set():
    """Without variables the folders are those that DESIGN.md promises."""
    settings = load_settings()
    assert settings.corpus_dir == Path("corpus")
    assert settings.index_dir == Path(".index")
    assert settings.model == "auto"


def test_variable_replaces_default(monkeypatch):
    """A KB_ variable replaces the default of its setting."""
    monkeypatch.setenv("KB_PASSAGE_TOKENS", "200")
    monkeypatch.setenv("KB_INDEX_DIR", "elsewhere")
    settings = load_settings()
    assert settings.passage_tokens == 200
    assert settings.index_dir == Path("elsewhere")


def test_override_wins_over_variable(monkeypatch):
    """A value given at the door, such as --index, wins over the variable."""
    monkeypatch.setenv("KB_INDEX_DIR", "from-variable")
    assert load_settings(index_dir=Path("given")).index_dir == Path("given")


def test_override_of_none_keeps_variable(monkeypatch):
    """An option that was not given leaves the variable in place."""
    monkeypatch.setenv("KB_INDEX_DIR", "from-variable")
    assert load_settings(index_dir=None).index_dir == Path("from-variable")


def test_unknown_variable_names_the_nearest(monkeypatch):
    """A misspelt variable is an error that names the nearest setting."""
    monkeypatch.setenv("KB_MODLE", "x")
    with pytest.raises(
        SettingsError, match=r"unknown setting KB_MODLE\. Did you mean KB_MODEL\?"
    ):
        load_settings()


def test_unknown_variable_lists_the_known(monkeypatch):
    """A variable that resembles nothing is an error that lists every setting."""
    monkeypatch.setenv("KB_ZZZZZZ", "x")
    with pytest.raises(SettingsError, match="KB_ZZZZZZ") as caught:
        load_settings()
    for name in Settings.model_fields:
        assert f"KB_{name.upper()}" in caught.value.remedy


def test_variable_of_an_earlier_version(monkeypatch):
    """A setting that has become data is refused like any other unknown one."""
    monkeypatch.setenv("KB_TOPIC_MARGIN", "0.1")
    with pytest.raises(
        SettingsError, match=r"unknown setting KB_TOPIC_MARGIN\..*Known settings: "
    ):
        load_settings()


def test_foreign_variable_is_left_alone(monkeypatch):
    """Variables of other programs that do not begin with KB_ are no concern of ours."""
    monkeypatch.setenv("KBD_LAYOUT", "x")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KB_PASSAGE_TOKENS", "49"),
        ("KB_PASSAGE_TOKENS", "451"),
        ("KB_PASSAGE_TOKENS", "many"),
        ("KB_CONTEXT_WEIGHT", "-0.1"),
        ("KB_BARE_WEIGHT", "2.1"),
        ("KB_CASE_WEIGHT", "-0.1"),
        ("KB_CASE_WEIGHT", "nan"),
        ("KB_COVERAGE_WEIGHT", "2.1"),
        ("KB_CASE_COVERAGE_WEIGHT", "-1"),
        ("KB_CITY_WEIGHT", "inf"),
        ("KB_ANSWER_MARGIN", "1.1"),
        ("KB_CITY_PENALTY", "-1"),
        ("KB_OPEN_QUESTION_MARGIN", "1.5"),
        ("KB_MODEL", ""),
    ],
    ids=lambda text: text or "empty",
)
def test_value_out_of_bounds(monkeypatch, variable, value):
    """A value out of bounds is an error with the variable, the value and a remedy."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(
        SettingsError,
        match=f"setting {variable} = '{value}' does not fit: .*remove it",
    ):
        load_settings()


def test_long_value_is_cut_in_the_message(monkeypatch):
    """A value of thousands of characters does not fill the screen."""
    monkeypatch.setenv("KB_PASSAGE_TOKENS", "9" * 4_000)
    with pytest.raises(SettingsError, match="…") as caught:
        load_settings()
    assert len(str(caught.value)) < 400


def test_settings_cannot_be_changed():
    """Settings are read once: a field cannot be assigned afterwards."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().case_weight = 1.0


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name):
    """Every setting has a sentence that a settings page can show."""
    description = Settings.model_fields[name].description or ""
    assert description.endswith(".")
    assert description[0].isupper()


def test_digest_is_the_same_for_equal_settings():
    """Equal settings have the same digest of 12 hex digits."""
    assert Settings().digest() == Settings().digest()
    assert len(Settings().digest()) == 12
    int(Settings().digest(), 16)


def test_other_values_cover_every_shaping_setting():
    """The table of this module knows every setting but the two folders."""
    assert set(OTHER_VALUES) == set(Settings.model_fields) - FOLDERS


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_digest_when_a_shaping_setting_differs(name):
    """Every setting that shapes results changes the digest."""
    changed = load_settings(**{name: OTHER_VALUES[name]})
    assert changed.digest() != Settings().digest()


def test_digest_when_only_folders_differ():
    """Where things lie does not shape results and leaves the digest alone."""
    moved = load_settings(corpus_dir=Path("a"), index_dir=Path("b"))
    assert moved.digest() == Settings().digest()
