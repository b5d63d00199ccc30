"""Which public figures ship with skillmix, and how are they read?

Three files in ``data/`` (see its README): services by month, England by month, the look-up of
services. They are read once, on first use, with the standard library. A blank cell is missing
(``nan``), never zero; a month without a row is a row of missing values, so that every series is
unbroken from its first to its last month.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LICENCE = (
    "Contains NHS England data (NHS Talking Therapies monthly and annual statistics), tidied from "
    "bennettoxford/nhstt, and NHS Digital's \"IAPT monthly time series for key measures, February "
    '2019 to February 2020", licensed under the Open Government Licence v3.0; ONS and PHE '
    "estimates likewise."
)
"""The line that the Open Government Licence asks to be carried wherever the data are shown."""

SOURCE = "NHS England, NHS Talking Therapies monthly statistics"
"""Short name of the publication, for the source of a single figure."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the look-up (the NHS calls it a provider)."""

    code: str
    name: str
    town: str
    board_code: str
    board: str
    region: str


@dataclass(frozen=True, slots=True)
class Series:
    """Months of one service, or of England, without a gap.

    Attributes:
        name: Code of the service, or ``England``.
        months: ISO months (``2025-03``), ascending.
        values: Measure -> figures by month; ``nan`` is suppressed or not reported.
    """

    name: str
    months: tuple[str, ...]
    values: Mapping[str, Floats]

    def until(self, as_of: str) -> Series:
        """The same series without the months after ``as_of``."""
        keep = sum(month <= as_of for month in self.months)
        cut = {measure: figures[:keep] for measure, figures in self.values.items()}
        return Series(self.name, self.months[:keep], cut)


def next_month(month: str, step: int = 1) -> str:
    """The ISO month ``step`` months after ``month``.

    >>> next_month("2024-12"), next_month("2024-12", -12)
    ('2025-01', '2023-12')
    """
    year, index = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + step, 12)
    return f"{year:04d}-{index + 1:02d}"


def month_range(first: str, last: str) -> tuple[str, ...]:
    """All ISO months from ``first`` to ``last``, both included.

    >>> month_range("2024-11", "2025-01")
    ('2024-11', '2024-12', '2025-01')
    """
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return tuple(months)


def _text(name: str) -> str:
    raw = (files("skillmix") / "data" / name).read_bytes()
    return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")


def _series(name: str, rows: Iterable[Mapping[str, str]], measures: Iterable[str]) -> Series:
    by_month = {row["month"]: row for row in rows}
    months = month_range(min(by_month), max(by_month))
    values = {}
    for measure in measures:
        cells = [by_month.get(month, {}).get(measure, "") for month in months]
        figures = np.array([float(cell) if cell else np.nan for cell in cells], dtype=np.float64)
        figures.flags.writeable = False
        values[measure] = figures
    return Series(name, months, values)


@cache
def services() -> Mapping[str, Service]:
    """The look-up of services by code."""
    rows = csv.DictReader(io.StringIO(_text("services.csv")))
    return {row["code"]: Service(**row) for row in rows}


@cache
def all_series() -> Mapping[str, Series]:
    """The monthly series of each service that published in the months shipped, by code."""
    reader = csv.DictReader(io.StringIO(_text("services_monthly.csv.gz")))
    measures = [c for c in reader.fieldnames or () if c not in ("provider_code", "month")]
    rows: dict[str, list[dict[str, str]]] = {}
    for row in reader:
        rows.setdefault(row["provider_code"], []).append(row)
    return {code: _series(code, of_service, measures) for code, of_service in rows.items()}


@cache
def england_series() -> Series:
    """The monthly series of England."""
    reader = csv.DictReader(io.StringIO(_text("england_monthly.csv")))
    measures = [c for c in reader.fieldnames or () if c != "month"]
    return _series("England", list(reader), measures)
