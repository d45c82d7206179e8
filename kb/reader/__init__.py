"""The reader: a cross-encoder that reads a question against each statement found."""

from __future__ import annotations

from kb.reader.base import ANSWERS, HELPS, Reader
from kb.reader.calibration import Calibration, calibration_of
from kb.reader.load import load_reader

__all__ = [
    "ANSWERS",
    "HELPS",
    "Calibration",
    "Reader",
    "calibration_of",
    "load_reader",
]
