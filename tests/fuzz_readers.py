"""Feeds the readers with files that were changed at random, and with invented ones.

``python -m tests.fuzz_readers 10`` runs for ten minutes and prints what it finds: each
new kind of failure once, with a file that shows it, which it keeps in the folder
``fuzz-findings``.

A reader may give a document or a `DocumentError`, within `SLOWEST_SECONDS`; anything
else is a finding.
"""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from ingest.limits import MB, Limits
from ingest.split import split_document
from kb.errors import DocumentError
from tests.support.fuzzed_files import SIDECAR, FuzzedFile, fuzzed_files
from tests.unit.ingest.readers.files import read_file

SLOWEST_SECONDS = 10
_BATCH = 200
_LIMITS = Limits(
    file_bytes=5 * MB,
    expanded_bytes=20 * MB,
    pages=100,
    seconds=SLOWEST_SECONDS,
    memory_bytes=1024 * MB,
)


class TooSlowError(Exception):
    """A file took longer than `SLOWEST_SECONDS`."""


def read_fuzzed(folder: Path, file: FuzzedFile) -> str:
    """Read and split a file.

    Returns:
        "read", "rejected", or the rule under which its reader gave it up.

    Raises:
        Exception: Whatever a reader should not have raised.
    """
    suffix, content = file
    path = folder / "sampleby" / f"fuzzed{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    sidecar = path.with_name(f"{path.name}.yaml")
    sidecar.unlink(missing_ok=True)
    if suffix not in (".md", ".txt"):
        sidecar.write_text(SIDECAR, encoding="utf-8")
    try:
        with _time_limit():
            document = read_file(path, folder, _LIMITS)
            if document.case is None:
                assert any(p.severity == "error" for p in document.problems)
                return "rejected"
            split = split_document(document, document.case, 300)
    except DocumentError as exc:
        assert exc.reason
        assert exc.remedy
        return exc.rule
    for passage in split.passages:
        passage.text.encode()
    return "read"


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlowError(f"longer than {SLOWEST_SECONDS} s")

    # The processor's time, so that a busy computer finds nothing; again each second,
    # because an exception that falls into a callback is lost.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class _Fuzzing:
    """A long run: outcomes counted, each kind of failure kept once."""

    def __init__(self, findings: Path) -> None:
        self.outcomes: Counter[str] = Counter()
        self.seen: set[str] = set()
        self._findings = findings
        self._folder = Path(tempfile.mkdtemp())
        findings.mkdir(exist_ok=True)

    def batch(self, number: int) -> None:
        """Read a batch of files; stop at its first new kind of failure."""
        last: list[FuzzedFile] = []

        @seed(number)
        @settings(
            max_examples=_BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # making a finding smaller takes minutes
            suppress_health_check=list(HealthCheck),
        )
        @given(fuzzed_files)
        def read(file: FuzzedFile) -> None:
            # A library in C that hangs cannot be interrupted: say where, and end.
            faulthandler.dump_traceback_later(6 * SLOWEST_SECONDS, exit=True)
            (self._findings / "running").write_bytes(file[0].encode() + b"\n" + file[1])
            try:
                self.outcomes[f"{file[0]} {read_fuzzed(self._folder, file)}"] += 1
            except Exception as exc:
                kind = _kind(exc)
                if kind not in self.seen:
                    last[:] = [file]
                    raise
                self.outcomes[f"{file[0]} known failure"] += 1

        try:
            read()
        except Exception as exc:
            if not last:
                raise
            self._keep(exc, last[0])

    def _keep(self, error: Exception, file: FuzzedFile) -> None:
        kind = _kind(error)
        self.seen.add(kind)
        path = self._findings / f"finding-{len(self.seen)}{file[0]}"
        path.write_bytes(file[1])
        report = "".join(traceback.format_exception(error)[-8:])
        path.with_suffix(".log").write_text(f"{kind}\n{report}", encoding="utf-8")
        sys.stdout.write(f"{path.name}: {kind}\n")
        sys.stdout.flush()


def _kind(error: BaseException) -> str:
    """Return an error's type and the last place in our own code that it passed."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/ingest/" in frame.filename or "/kb/" in frame.filename
    ]
    return f"{type(error).__name__} at {places[-1] if places else '?'}"


def main() -> None:
    """Fuzz for the minutes given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument(
        "--seed", type=int, default=0, help="Number of the first batch."
    )
    arguments = parser.parse_args()
    fuzzing = _Fuzzing(Path("fuzz-findings"))
    end = time.monotonic() + 60 * arguments.minutes
    number = arguments.seed
    while time.monotonic() < end:
        fuzzing.batch(number)
        number += 1
    for outcome, count in sorted(fuzzing.outcomes.items()):
        sys.stdout.write(f"{count:8} {outcome}\n")
    total = fuzzing.outcomes.total()
    sys.stdout.write(f"{total:8} files, {len(fuzzing.seen)} kinds of failure\n")


if __name__ == "__main__":
    main()
