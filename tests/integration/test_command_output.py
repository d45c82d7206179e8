"""Commands whose words cannot be written, or that are stopped at once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import IO

import pytest

from kb.settings import Settings
from tests.support.processes import MENTORKB, ROOT, environment

QUESTION = "How much did the pipe and the heat pump cost?"
COMMANDS = {
    "ask": ["ask", QUESTION],
    "ask --json": ["ask", QUESTION, "--json"],
    "coverage": ["coverage"],
    "figures": ["figures"],
    "check": ["check"],
}
FULL = Path("/dev/full")

# Sends what Ctrl+C sends just before a module is loaded; see `sys.addaudithook`. One
# that Python itself has loaded is made to be loaded again.
STOPPED_AT = textwrap.dedent(
    """
    import os, signal, sys

    # Whoever began this in the background may have left it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    name = sys.argv.pop(1)
    sys.modules.pop(name, None)

    def watch(event, args):
        if event == "import" and args[0] == name:
            os.kill(os.getpid(), signal.SIGINT)

    sys.addaudithook(watch)
    import cli

    cli.main()
    """
)


def begun(
    settings: Settings,
    folder: Path,
    command: list[str],
    *,
    program: list[str] | None = None,
    output: IO[str] | int = subprocess.PIPE,
    **variables: str,
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*(program or [str(MENTORKB)]), *command],
        env=environment()
        | {
            "KB_INDEX_DIR": str(settings.index_dir),
            "KB_CORPUS_DIR": str(settings.corpus_dir),
            "KB_FEEDBACK_DIR": str(folder / "feedback"),
        }
        | variables,
        cwd=ROOT,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


@pytest.mark.parametrize(
    ("command", "encoding"),
    [("ask", "cp1252"), ("ask --json", "ascii"), ("figures", "ascii")],
)
def test_letters_that_the_terminal_does_not_know(
    tiny_index, tmp_path, command, encoding
):
    """They become question marks, or escapes in JSON; the command ends as always."""
    process = begun(tiny_index, tmp_path, COMMANDS[command], PYTHONIOENCODING=encoding)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in err) == (0, False), err
    assert out.strip()


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["ask", "coverage", "figures"])
def test_output_that_has_no_room(tiny_index, tmp_path, command):
    """A full disk is told in a sentence, with exit code 2."""
    with FULL.open("w") as full:
        process = begun(tiny_index, tmp_path, COMMANDS[command], output=full)
        _out, err = process.communicate(timeout=120)
    assert "cannot be written" in err
    assert ("Traceback" in err, process.returncode) == (False, 2)


@pytest.mark.parametrize("command", ["ask --json", "coverage", "check"])
def test_reader_that_has_gone(tiny_index, tmp_path, command):
    """A pipe that is closed, as `head` does, ends a command without a word."""
    reading, writing = os.pipe()
    process = begun(tiny_index, tmp_path, COMMANDS[command], output=writing)
    os.close(writing)
    os.close(reading)
    _out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    assert "Broken pipe" not in err
    assert process.returncode in (0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("module", ["json", "typer", "numpy"])
def test_stopped_in_the_first_second(tiny_index, tmp_path, module):
    """Ctrl+C while libraries are loaded leaves no traceback behind."""
    program = [sys.executable, "-c", STOPPED_AT, module]
    process = begun(tiny_index, tmp_path, ["ask", QUESTION], program=program)
    _out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    assert process.returncode not in (0, 2)
