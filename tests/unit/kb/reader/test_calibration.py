"""From log-odds to chances, and the file that keeps what was fitted."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kb.errors import ReaderUnavailableError
from kb.reader import calibration
from kb.reader.calibration import (
    Calibration,
    Logistic,
    calibration_of,
    read_calibrations,
    store_calibration,
)
from kb.reader.card import read_card
from tests.support.made_up import CALIBRATION

LINE = Logistic(weights={"answers": 2.0, "behind": 1.0}, intercept=-1.0)


def _certain(line: float) -> Calibration:
    return CALIBRATION.model_copy(update={"least_confidence": line})


@pytest.mark.parametrize(
    ("values", "chance"),
    [
        ({"answers": 0.5, "behind": 0.0}, 0.5),
        ({"answers": 1.0, "behind": 0.0}, 0.731059),
        ({"answers": 1.0, "behind": -2.0}, 0.268941),
    ],
    ids=["even", "likely", "behind"],
)
def test_chance(values, chance):
    """A chance is 1 / (1 + e^-x) of the weighted sum and the intercept."""
    assert LINE.chance(values) == pytest.approx(chance, abs=1e-6)


def test_chance_passes_over_other_values():
    """Values that the regression does not weigh change nothing."""
    values = {"answers": 1.0, "behind": 0.0}
    assert LINE.chance({**values, "helps": 9.0}) == LINE.chance(values)


@pytest.mark.parametrize("odds", [-1e9, -100.0, 100.0, 1e9], ids=str)
def test_chance_stays_off_the_ends(odds):
    """However sure a reader is, a chance lies between 0 and 1 and has log-odds."""
    chance = LINE.chance({"answers": odds, "behind": 0.0})
    assert 0 < chance < 1
    assert (chance > 0.5) == (odds > 0)


def test_calibration_of_an_unknown_reader():
    """A reader that nobody calibrated is refused, with its name and the remedy."""
    with pytest.raises(
        ReaderUnavailableError,
        match=r"'invented/reader' has no calibration.*eval fit --write.*KB_READER=off",
    ):
        calibration_of("invented/reader")


def test_calibration_when_the_file_is_damaged(tmp_path, monkeypatch):
    """A damaged file of calibrations is told with the remedy."""
    path = tmp_path / "calibration.json"
    path.write_text('{"invented/one": {}}', encoding="utf-8")
    monkeypatch.setattr(
        calibration, "read_calibrations", lambda: read_calibrations(path)
    )
    with pytest.raises(ReaderUnavailableError, match=r"cannot be read.*Install"):
        calibration_of("invented/one")


def test_calibration_of_the_packaged_reader():
    """The shipped reader has a calibration, with lines that are chances."""
    found = calibration_of(read_card().reader_id)
    lines = (
        found.least_confidence,
        found.least_answers,
        found.least_helps,
        found.least_open,
    )
    assert all(0 < line < 1 for line in lines)


def test_store_keeps_what_was_stored(tmp_path):
    """What is stored comes back as it was, also after the file was read before."""
    path = tmp_path / "calibration.json"
    store_calibration("invented/one", _certain(0.25), path)
    assert read_calibrations(path) == {"invented/one": _certain(0.25)}
    store_calibration("invented/one", _certain(0.75), path)
    assert read_calibrations(path) == {"invented/one": _certain(0.75)}


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ("packaged-new", {"invented/one", "packaged-new"}),
        ("invented/two", {"invented/one", "packaged-old", "invented/two"}),
    ],
    ids=["packaged", "other"],
)
def test_store_drops_the_packaged_reader_before(tmp_path, new, kept):
    """A new packaged reader replaces the old one; any other stands beside it."""
    path = tmp_path / "calibration.json"
    for name in ("invented/one", "packaged-old", new):
        store_calibration(name, CALIBRATION, path)
    assert read_calibrations(path).keys() == kept


def test_read_when_a_figure_is_missing(tmp_path):
    """A calibration without one of its lines is refused, and the line is named."""
    path = tmp_path / "calibration.json"
    store_calibration("invented/one", CALIBRATION, path)
    text = path.read_text(encoding="utf-8").replace("least_open", "least_closed")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError, match="least_open"):
        read_calibrations(path)
