"""`mentorkb` commands in the tests' own process: models are loaded once, not each time.

What only a process shows stays in processes: bytes on the command line and on stdout,
log lines, nothing but the result on a quiet success, signals, exit codes.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from subprocess import CompletedProcess
from unittest import mock

from cli import main

PLAIN = {"NO_COLOR": "1", "COLUMNS": "200"}


def run(*args: object, typed: str = "", **variables: str) -> CompletedProcess[str]:
    """Run a command away from the project's folder, as if in a process of its own.

    Args:
        args: What stands behind `mentorkb`.
        typed: What comes from the keyboard before it is closed.
        variables: Further environment variables.
    """
    argv = ["mentorkb", *map(str, args)]
    stdout, stderr = io.StringIO(), io.StringIO()
    code = 0
    with (
        contextlib.chdir("/"),
        mock.patch.dict(os.environ, PLAIN | variables),
        # An ingestion gives way to others, for as long as its process lives.
        mock.patch("ingest.background.give_way"),
        mock.patch.multiple(
            sys, argv=argv, stdin=io.StringIO(typed), stdout=stdout, stderr=stderr
        ),
    ):
        try:
            main()
        except SystemExit as exc:
            code = int(exc.code or 0)
    return CompletedProcess(argv, code, stdout.getvalue(), stderr.getvalue())
