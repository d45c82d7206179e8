"""The files below docs/deploy: what they name is there, and they are closed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.settings import Settings
from tests.support.processes import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = ["mentorkb.service", "mentorkb-ingest.service", "mentorkb-ingest.timer"]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    read = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["services"]
    return found


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_takes_the_units(tmp_path: Path):
    """A word that systemd does not know is only a line on stderr."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # Where nothing is installed, the program is missing.
        text = text.replace("/opt/mentorkb/.venv/bin/mentorkb", sys.executable)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "mentorkb" in line]
    assert (told.returncode, ours) == (0, [])


def test_settings_are_known():
    """Each KB_ name of every file is a setting: an unknown one stops the start."""
    known = {f"KB_{name.upper()}" for name in Settings.model_fields}
    for path in DEPLOY.iterdir():
        named = set(re.findall(r"\bKB_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def test_image_has_the_whole_program():
    """Each package is copied, and nothing that the context leaves out."""
    built = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", built, re.MULTILINE)
    sources = {source for line in lines for source in line.split()}
    assert {"app.py", "cli.py", "doors", "evals", "ingest", "kb", "ui"} <= sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}\n" in kept


def test_containers_are_closed(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    assert services["app"]["read_only"]
    assert services["proxy"]["read_only"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert services["chroma"]["networks"] == ["inside"]
    assert re.search(r"^USER [1-9]\d*:", (DEPLOY / "Dockerfile").read_text(), re.M)


def test_server_is_of_the_pinned_version(services):
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    version = services["chroma"]["image"].partition(":")[2]
    assert f"chromadb=={version}\n" in pinned
