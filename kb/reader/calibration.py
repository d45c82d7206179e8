"""What a reader's log-odds are worth: chances, fitted on judged questions.

The figures are data, not code: `calibration.json` holds them for each reader, with what
they were fitted on. `mentorkb eval fit --write` writes those of the reader in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kb.errors import ReaderUnavailableError, shown

PACKAGED = "packaged-"
"""How the names of packaged readers begin; a digest of their weights follows."""
FILE = Path(__file__).with_name("calibration.json")


class Logistic(BaseModel):
    """A logistic regression over named values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: dict[str, float]
    intercept: float

    def chance(self, values: Mapping[str, float]) -> float:
        """Return the chance that it gives for the values, 0 to 1."""
        total = self.intercept + sum(w * values[n] for n, w in self.weights.items())
        return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))


class Provenance(BaseModel):
    """What a calibration was fitted on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fitted_on: str
    """The questions."""
    date: str
    command: str
    answerable: int
    unanswerable: int
    false_refusal_rate: float
    """Share of the answerable ones that the decision refuses."""


class Calibration(BaseModel):
    """From one reader's log-odds to chances and to what is shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers: Logistic
    """Chance that a statement gives what was asked, or a part of it."""
    helps: Logistic
    """Chance that it helps at least."""
    open_question: Logistic
    """Chance that an open question of a case is what was asked."""
    decision: Logistic
    """Chance that the statements found answer the question."""
    least_confidence: float
    """A question is refused below this chance."""
    least_answers: float
    """A statement below this chance to answer is not shown as one that does."""
    least_helps: float
    """A statement below this chance to help is not shown at all."""
    least_open: float
    """An open question below this chance is not what was asked."""
    provenance: Provenance


def calibration_of(reader_id: str) -> Calibration:
    """Return the calibration of a reader.

    Raises:
        ReaderUnavailableError: None was fitted for it, or the file cannot be read.
    """
    try:
        found = read_calibrations().get(reader_id)
    except (OSError, ValueError) as exc:
        raise ReaderUnavailableError(
            f"the readers' calibrations cannot be read ({type(exc).__name__}).",
            "Install the project again, or fit one with `mentorkb eval fit --write`.",
            path=str(FILE),
        ) from exc
    if found is None:
        raise ReaderUnavailableError(
            f"the reader {shown(reader_id)} has no calibration.",
            "Fit one with `mentorkb eval fit --write`, or set KB_READER=off.",
            path=str(FILE),
        )
    return found


@cache
def read_calibrations(path: Path = FILE) -> dict[str, Calibration]:
    """Return the calibrations by reader id."""
    return TypeAdapter(dict[str, Calibration]).validate_json(path.read_bytes())


def store_calibration(
    reader_id: str, calibration: Calibration, path: Path = FILE
) -> None:
    """Keep the calibration of a reader beside those of the others.

    A packaged reader takes the place of the packaged one before it.
    """
    stored = dict(read_calibrations(path)) if path.exists() else {}
    if reader_id.startswith(PACKAGED):
        stored = {n: c for n, c in stored.items() if not n.startswith(PACKAGED)}
    whole = {**stored, reader_id: calibration}
    text = TypeAdapter(dict[str, Calibration]).dump_json(whole, indent=1).decode()
    path.write_text(text + "\n", encoding="utf-8")
    read_calibrations.cache_clear()


# Beyond, a chance could not be told from 0 or 1.
_FARTHEST = 12.0
