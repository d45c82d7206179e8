"""Settings: defaults, KB_ variables, overrides, bounds, digest."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kb.errors import SettingsError
from kb.settings import Settings, load_settings

# Another allowed value for every setting that says where things are, what reading a
# file may cost, how feedback is kept, or what is logged.
NOT_SHAPING = {
    "at_once": 3,
    "corpus_dir": Path("a"),
    "index_dir": Path("b"),
    "chroma_url": "https://chroma.example:8443",
    "chroma_header": "Authorization: Bearer made-up-secret",
    "chroma_tenant": "made-up-tenant",
    "chroma_database": "made-up-database",
    "file_mb": 1,
    "file_expanded_mb": 2,
    "file_pages": 3,
    "file_seconds": 4,
    "file_memory_mb": 512,
    "feedback": False,
    "feedback_dir": Path("c"),
    "feedback_days": 30,
    "curate": True,
    "login": True,
    "login_hours": 1,
    "readers": "a@b.example",
    "curators": "a@b.example",
    "role_claim": "groups",
    "audit_file": Path("d"),
    "api_key": "made-up-key-0123456789",
    "log_format": "json",
    "log_level": "info",
    "log_questions": True,
    "metrics": "127.0.0.1:9464",
}
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
    "reader": "off",
    "answer_margin": 0.02,
    "city_penalty": 0.02,
    "open_question_margin": 0.01,
}


def test_defaults_when_nothing_is_set():
    """Without variables the folders are those that the README names."""
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
        ("KB_CHROMA_URL", "chroma.example"),
        ("KB_CHROMA_URL", "ftp://chroma.example"),
        ("KB_CHROMA_TENANT", ""),
        ("KB_CHROMA_DATABASE", ""),
        ("KB_FILE_MB", "0"),
        ("KB_FILE_EXPANDED_MB", "0"),
        ("KB_FILE_PAGES", "0"),
        ("KB_FILE_SECONDS", "0"),
        ("KB_FILE_MEMORY_MB", "255"),
        ("KB_FEEDBACK", "perhaps"),
        ("KB_FEEDBACK_DAYS", "0"),
        ("KB_FEEDBACK_DAYS", "3651"),
        ("KB_LOGIN_HOURS", "0"),
        ("KB_LOGIN_HOURS", "721"),
        ("KB_METRICS", "9464"),
        ("KB_METRICS", "127.0.0.1:65536"),
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
    """The tables of this module know every setting, each in one of the two."""
    assert sorted([*OTHER_VALUES, *NOT_SHAPING]) == sorted(Settings.model_fields)


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_digest_when_a_shaping_setting_differs(name):
    """Every setting that shapes results changes the digest."""
    changed = load_settings(**{name: OTHER_VALUES[name]})
    assert changed.digest() != Settings().digest()


@pytest.mark.parametrize("name", NOT_SHAPING)
def test_digest_when_a_place_or_a_limit_differs(name):
    """Where things lie and what reading may cost leave the digest alone."""
    changed = load_settings(**{name: NOT_SHAPING[name]})
    assert changed != Settings()
    assert changed.digest() == Settings().digest()


def test_chroma_settings_when_nothing_is_set():
    """Without an address the index lies in the folder, and no header is sent."""
    settings = load_settings()
    assert (settings.chroma_url, settings.chroma_header) == (None, None)
    assert settings.chroma_tenant == "default_tenant"
    assert settings.chroma_database == "default_database"


def test_chroma_url_with_a_password(monkeypatch):
    """An address would show its password in messages: it is refused, and not shown."""
    monkeypatch.setenv("KB_CHROMA_URL", "https://name:secret@chroma.example")
    with pytest.raises(SettingsError, match="KB_CHROMA_HEADER") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_chroma_settings_from_variables(monkeypatch):
    """Address, header, tenant and database are read from the environment."""
    monkeypatch.setenv("KB_CHROMA_URL", "https://chroma.example:8443")
    monkeypatch.setenv("KB_CHROMA_HEADER", "X-Made-Up: secret: with colon")
    monkeypatch.setenv("KB_CHROMA_TENANT", "towns")
    monkeypatch.setenv("KB_CHROMA_DATABASE", "cases")
    settings = load_settings()
    url, header = settings.chroma_url, settings.chroma_header
    assert url is not None
    assert header is not None
    assert (url.scheme, url.host, url.port) == ("https", "chroma.example", 8443)
    assert header.get_secret_value() == "X-Made-Up: secret: with colon"
    assert (settings.chroma_tenant, settings.chroma_database) == ("towns", "cases")


@pytest.mark.parametrize(
    ("url", "port"),
    [("http://localhost", 80), ("https://chroma.example", 443)],
    ids=["http", "https"],
)
def test_chroma_url_without_a_port(url, port):
    """An address without a port means that of its scheme."""
    settings = load_settings(chroma_url=url)
    assert settings.chroma_url is not None
    assert settings.chroma_url.port == port


@pytest.mark.parametrize(
    "header",
    [
        *("made-up-secret", "made-up secret: x", ": made-up-secret", "made-up-secret:"),
        *("Name: made-up\x7f", "Name: made-\tup\x01", "Name: made-up-é"),
    ],
    ids=[
        *("no name", "space in the name", "empty name", "no value"),
        *("delete", "control", "not ASCII"),
    ],
)
def test_chroma_header_that_is_none(monkeypatch, header):
    """A header that is not "Name: value" is refused without being shown."""
    monkeypatch.setenv("KB_CHROMA_HEADER", header)
    with pytest.raises(
        SettingsError, match="KB_CHROMA_HEADER does not fit: write it as `Name: value`"
    ) as caught:
        load_settings()
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize("text", [repr, str, Settings.model_dump_json])
def test_chroma_header_is_never_shown(text):
    """The secret in the header is in no text that a log or a message could hold."""
    settings = load_settings(chroma_header="Authorization: Bearer made-up-secret")
    assert "made-up-secret" not in text(settings)


@pytest.mark.parametrize("name", ["url", "tenant"])
def test_chroma_header_is_not_shown_beside_another_fault(monkeypatch, name):
    """A wrong address or tenant is told without the header that is right."""
    monkeypatch.setenv("KB_CHROMA_HEADER", "Authorization: Bearer made-up-secret")
    monkeypatch.setenv(f"KB_CHROMA_{name.upper()}", "")
    with pytest.raises(SettingsError, match=f"KB_CHROMA_{name.upper()}") as caught:
        load_settings()
    assert "made-up-secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "short", "with spaces in the key", "é" * 20])
def test_api_key_that_protects_nothing(monkeypatch, key):
    """A key that is empty, short or cannot be sent is refused, and not shown."""
    monkeypatch.setenv("KB_API_KEY", key)
    with pytest.raises(SettingsError, match="KB_API_KEY does not fit: use 16") as told:
        load_settings()
    assert not key or key not in str(told.value)
