"""One settings object, read once at the door: defaults, then ``KB_*`` variables."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import SettingsError, shown

ENV_PREFIX = "KB_"
# What else cannot be sent, and libraries would show it as they refuse it.
_HEADER = re.compile(r"[A-Za-z0-9-]+:[ \t]*[!-~][ -~\t]*")
_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{16,200}")
_ADDRESS = re.compile(r"[A-Za-z0-9.:-]+:([0-9]{1,5})")
_LAST_PORT = 65_535
_SECRET = {"chroma_header", "api_key"}
_NOT_SHAPING = {
    "corpus_dir",
    "index_dir",
    "chroma_url",
    "chroma_header",
    "chroma_tenant",
    "chroma_database",
    "file_mb",
    "file_expanded_mb",
    "file_pages",
    "file_seconds",
    "file_memory_mb",
    "feedback",
    "feedback_dir",
    "feedback_days",
    "curate",
    "login",
    "login_hours",
    "readers",
    "curators",
    "role_claim",
    "audit_file",
    "api_key",
    "log_format",
    "log_level",
    "log_questions",
    "at_once",
    "metrics",
}


class Settings(BaseSettings):
    """Where things are and how retrieval weighs; each field can be set as KB_NAME."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="forbid", protected_namespaces=()
    )

    corpus_dir: Path = Field(
        default=Path("corpus"), description="Folder with the case files."
    )
    index_dir: Path = Field(
        default=Path(".index"), description="Folder with the published index."
    )
    chroma_url: AnyHttpUrl | None = Field(
        default=None,
        description="Address of a Chroma server that keeps the index instead of the "
        "index folder, for example https://chroma.example.org:8443.",
    )
    chroma_header: SecretStr | None = Field(
        default=None,
        description="HTTP header sent to the Chroma server with every request, for "
        "example `Authorization: Bearer …`.",
    )
    chroma_tenant: str = Field(
        default="default_tenant", min_length=1, description="Tenant on that server."
    )
    chroma_database: str = Field(
        default="default_database", min_length=1, description="Database of that tenant."
    )
    model: str = Field(
        default="auto",
        min_length=1,
        description="Embedding model: `auto` (multilingual-e5-small, else the packaged "
        "English-only model), or a sentence-transformers model name or local path.",
    )
    reader: str = Field(
        default="auto",
        min_length=1,
        description="What reads a question against the statements found: `auto` (the "
        "packaged reader), `off`, or the sentence-transformers name or local path of "
        "another cross-encoder.",
    )
    passage_tokens: int = Field(
        default=300,
        ge=50,
        le=450,
        description="Longest passage, in tokens of the splitter's tokenizer.",
    )
    file_mb: int = Field(
        default=200, ge=1, description="Largest corpus file that is read, in MB."
    )
    file_expanded_mb: int = Field(
        default=400,
        ge=1,
        description="Largest size of a packed file (.docx, PDF) unpacked, in MB.",
    )
    file_pages: int = Field(
        default=2_000, ge=1, description="Most pages of a corpus file that is read."
    )
    file_seconds: int = Field(
        default=120, ge=1, description="Longest time that reading one file may take."
    )
    file_memory_mb: int = Field(
        default=1_024,
        ge=256,
        description="Most memory that reading one file may take, in MB.",
    )
    feedback: bool = Field(
        default=True,
        description="Whether feedback and unanswered questions are kept; `off` keeps "
        "nothing and hides the buttons.",
    )
    feedback_dir: Path = Field(
        default=Path(".feedback"),
        description="Folder with the feedback, on a local disk.",
    )
    feedback_days: int = Field(
        default=365,
        ge=1,
        le=3_650,
        description="How many days feedback is kept before it is deleted.",
    )
    curate: bool | None = Field(
        default=None,
        description="Whether the app may write into the corpus folder and index it. "
        "Unset: only for a browser on the same computer, when the app listens there "
        "alone, as `mentorkb serve` does. Behind a proxy set it to `off` (a proxy that "
        "adds no header cannot be noticed). `on` lets everybody who reaches the app "
        "change the cases, unless KB_LOGIN is on: then only curators can.",
    )
    login: bool = Field(
        default=False,
        description="Whether readers have to log in at the OpenID Connect provider of "
        "`.streamlit/secrets.toml`; changing the cases then needs a curator.",
    )
    login_hours: int = Field(
        default=12,
        ge=1,
        le=720,
        description="How long a login is good for; then the provider is asked again.",
    )
    readers: str = Field(
        default="",
        description="Who may read when logged in: verified e-mail addresses, or "
        "values of the role claim, separated by commas. Empty: all who can log in.",
    )
    curators: str = Field(
        default="",
        description="Who may change the cases when logged in, written alike. Empty: "
        "nobody.",
    )
    role_claim: str = Field(
        default="",
        description="Claim of the provider that names a person's roles, for example "
        "`groups`. Empty: roles are not looked at.",
    )
    audit_file: Path = Field(
        default=Path(".audit.jsonl"),
        description="File that tells who has changed what in the app, and when.",
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="Key that every request to the API has to bear, as "
        "`Authorization: Bearer …`. Unset: none is needed.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How log lines look: `text`, or `json` with an object a line.",
    )
    log_level: Literal["warning", "info"] = Field(
        default="warning",
        description="The least that is logged; `info` has a line for each question.",
    )
    log_questions: bool = Field(
        default=False,
        description="Whether these lines hold the text of the questions.",
    )
    at_once: int = Field(
        default=0,
        ge=0,
        le=1_000,
        description="How many questions are read at once; 0 for one a processor.",
    )
    metrics: str | None = Field(
        default=None,
        description="Address on which figures for Prometheus are served, for example "
        "`127.0.0.1:9464`. There is no login, so do not let everybody reach it.",
    )
    context_weight: float = Field(
        default=1.0,
        ge=0,
        le=2,
        description="Weight of the similarity to the statement with its city, case and "
        "section.",
    )
    bare_weight: float = Field(
        default=0.4,
        ge=0,
        le=2,
        description="Weight of the similarity to the statement alone, for the question "
        "without the city that it names.",
    )
    case_weight: float = Field(
        default=0.7,
        ge=0,
        le=2,
        description="Weight of the similarity to the whole case.",
    )
    coverage_weight: float = Field(
        default=0.08,
        ge=0,
        le=2,
        description="Weight of lexical coverage (0 to 1) by the statement.",
    )
    case_coverage_weight: float = Field(
        default=0.2,
        ge=0,
        le=2,
        description="Weight of lexical coverage (0 to 1) by the whole case.",
    )
    city_weight: float = Field(
        default=0.08,
        ge=0,
        le=2,
        description="Bonus for cases of a city that the question names.",
    )
    answer_margin: float = Field(
        default=0.06,
        ge=0,
        le=1,
        description="How far behind the best score a statement may stay in an answer.",
    )
    city_penalty: float = Field(
        default=0.03,
        ge=0,
        le=1,
        description="What each further statement of one city loses in an answer to a "
        "question about several cities.",
    )
    open_question_margin: float = Field(
        default=0.03,
        ge=0,
        le=1,
        description="How much nearer than any statement an open question must be for "
        "the answer to be that the sources leave it open.",
    )

    @field_validator("chroma_url")
    @classmethod
    def _holds_no_secret(cls, value: AnyHttpUrl | None) -> AnyHttpUrl | None:
        if value and (value.username or value.password):
            raise ValueError("put name and password into KB_CHROMA_HEADER")
        return value

    @field_validator("chroma_header")
    @classmethod
    def _is_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _HEADER.fullmatch(value.get_secret_value()):
            raise ValueError("write it as `Name: value`")
        return value

    @field_validator("api_key")
    @classmethod
    def _can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _KEY.fullmatch(value.get_secret_value()):
            raise ValueError("use 16 to 200 letters, digits and ._~+/=-")
        return value

    @field_validator("metrics")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        found = _ADDRESS.fullmatch(value) if value else None
        if value and not (found and 0 < int(found[1]) <= _LAST_PORT):
            raise ValueError(f"write it as `host:port`, the port up to {_LAST_PORT}")
        return value

    def digest(self) -> str:
        """Return 12 hex digits over the settings that shape results."""
        shaping = self.model_dump_json(exclude=_NOT_SHAPING)
        return hashlib.sha256(shaping.encode()).hexdigest()[:12]


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment, with ``overrides`` on top.

    An override of None leaves the environment or the default in place.

    Raises:
        SettingsError: A KB_ variable is unknown, or a value is out of bounds.
    """
    _reject_unknown_variables()
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        # An address can hold a password.
        hidden = name in _SECRET or "@" in str(first["input"])
        value = "" if hidden else f" = {shown(first['input'])}"
        raise SettingsError(
            f"setting {ENV_PREFIX}{name.upper()}{value} "
            f"does not fit: {first['msg'].removeprefix('Value error, ')}.",
            "Correct the value or remove it to use the default.",
        ) from exc


def _reject_unknown_variables() -> None:
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    for variable in sorted(os.environ):
        if variable.startswith(ENV_PREFIX) and variable not in known:
            nearest = difflib.get_close_matches(variable, known, n=1)
            hint = f"Did you mean {nearest[0]}?" if nearest else ""
            raise SettingsError(
                f"unknown setting {variable}.",
                f"{hint} Known settings: {', '.join(sorted(known))}.".strip(),
            )
