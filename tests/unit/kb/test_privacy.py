"""What libraries would report to their makers is switched off."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

from kb.privacy import NO_ORT_TELEMETRY, report_nothing

READ = """
from kb.reader.packaged import PackagedReader
PackagedReader.load().read("heat?", ["The pipe carries heat."])
"""
# Where one of these is set, onnxruntime reports nothing by itself.
SILENCING = {NO_ORT_TELEMETRY, "CI", "ORT_RUNNING_UNIT_TESTS"}


def test_onnxruntime_prepares_no_report(tmp_path):
    """Reading leaves no file of a session that is to be reported."""
    outside = {name: v for name, v in os.environ.items() if name not in SILENCING}
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env=outside | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_importing_switches_reports_off():
    """Whoever uses any part of `kb` has switched them off, and so have its workers."""
    assert os.environ[NO_ORT_TELEMETRY] == "1"


def test_onnxruntime_that_is_loaded_already_is_told(monkeypatch):
    """Who imports onnxruntime first has it told to stop when `kb` comes."""
    told = []
    loaded = SimpleNamespace(disable_telemetry_events=lambda: told.append("stop"))
    monkeypatch.setitem(sys.modules, "onnxruntime", loaded)
    report_nothing()
    assert told == ["stop"]
