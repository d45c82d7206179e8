"""The packaged reader's card: what it was made from, and how well it read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kb.errors import ReaderUnavailableError
from kb.reader.calibration import PACKAGED

CARD_FILE = Path(__file__).with_name("reader.json")
REINSTALL = "Install the project again: its file is missing or was changed."


class ReaderCard(BaseModel):
    """What the packaged weights are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    """Digest of the weights' file."""
    base: str
    """The model that training began with."""
    begins_with: str = ""
    """Digest of the reader's weights that it went on from; empty for the model's."""
    layers: int
    trained_layers: int
    """The upper ones that training changed."""
    epochs: float
    seed: int
    questions: int
    """Judged questions that it was trained on."""
    pairs: int
    """Pairs of a question and a statement or open question."""
    folds: int
    """Into how many parts the questions were divided, case by case."""
    left_out: int
    """The part that it was not trained on: it calibrates and measures the reader."""
    data_digest: str
    """Over the questions that it was trained on, and their judgements."""
    date: str
    command: str

    @property
    def reader_id(self) -> str:
        """Name under which its calibration is filed."""
        return f"{PACKAGED}{self.sha256[:12]}"


@cache
def read_card(path: Path = CARD_FILE) -> ReaderCard:
    """Read the card.

    Raises:
        ReaderUnavailableError: It is missing or was changed.
    """
    try:
        return ReaderCard.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as exc:
        raise ReaderUnavailableError(
            f"the reader's card cannot be read ({type(exc).__name__}).",
            REINSTALL,
            path=str(path),
        ) from exc


def digest(texts: Iterable[str]) -> str:
    """Return 16 hex digits over texts in their order."""
    whole = hashlib.sha256()
    for text in texts:
        whole.update(text.encode() + b"\0")
    return whole.hexdigest()[:16]
