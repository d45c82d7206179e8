"""The audit log: who has changed what, told before it is done."""

from __future__ import annotations

import hashlib
import json
import resource
from typing import Any

import pytest

from ingest import FileChange
from kb.settings import Settings
from ui.curate import audit
from ui.curate.audit import AuditError, audited

CHANGES = [
    FileChange("lund/a.md", old=b"before", new=b"after"),
    FileChange("lund/b.md", old=None, new=b"new"),
]


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    monkeypatch.setattr(audit, "who", lambda: "curator@city.example")
    return Settings(audit_file=tmp_path / "audit.jsonl")


def told(settings: Settings) -> list[dict[str, Any]]:
    text = settings.audit_file.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_change_is_told_before_it_is_made(settings):
    """A line says who, what, when, and what each file held before and after."""
    with audited("save", settings, CHANGES):
        (entry,) = told(settings)
    assert entry["who"] == "curator@city.example"
    assert entry["what"] == "save"
    assert entry["time"].endswith("+00:00")
    digest = hashlib.sha256
    assert entry["files"] == [
        {
            "path": "lund/a.md",
            "before": digest(b"before").hexdigest(),
            "after": digest(b"after").hexdigest(),
        },
        {"path": "lund/b.md", "before": None, "after": digest(b"new").hexdigest()},
    ]
    assert settings.audit_file.stat().st_mode & 0o777 == 0o600


def test_change_that_fails(settings):
    """A second line tells that nothing came of it."""
    with pytest.raises(OSError, match="full"), audited("save", settings, CHANGES):
        raise OSError("full")
    assert [entry["what"] for entry in told(settings)] == ["save", "save failed"]


def test_log_that_others_could_read(settings):
    """Only its owner reads it, whoever has made it."""
    settings.audit_file.touch(mode=0o644)
    with audited("save", settings):
        pass
    assert settings.audit_file.stat().st_mode & 0o777 == 0o600


def test_disk_that_takes_half_a_line(settings):
    """Half a line is none: nothing is changed, and the next line stands alone."""
    with audited("save", settings):
        pass
    room = settings.audit_file.stat().st_size + 10
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(AuditError), audited("save", settings, CHANGES):
            pytest.fail("it was changed all the same")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [entry["what"] for entry in told(settings)] == ["save"]


def test_change_that_cannot_be_told(settings):
    """Nothing is changed where the log cannot be written."""
    settings.audit_file.mkdir()
    with pytest.raises(AuditError, match="KB_AUDIT_FILE"), audited("save", settings):
        pytest.fail("it was changed all the same")
