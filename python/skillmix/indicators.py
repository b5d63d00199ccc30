"""What do the published months of one service say about it: pure functions, one formula each.

Every function takes a ``Series`` already cut to the month asked for (``Series.until``), and gives
numbers with ``nan`` or None where nothing was published. Nothing is read, drawn or guessed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from skillmix.published import month_range, next_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skillmix.published import Series

    Floats = NDArray[np.float64]

NATIONAL_SEASON = (1.10, 1.12, 1.06, 0.94, 0.95, 0.97, 0.98, 0.93, 1.02, 1.06, 1.07, 0.80)
"""Referrals per working day, January to December, mean 1 [index]; England 2021-2025."""

SEASON_WORTH = 12.0
"""Years of a service's own months that the national season is worth [years].

Variance of one service's month around its own season (0.0084) over the variance between services
(0.00068), from the 87 services with 40 or more published months and 100 or more referrals a month.
"""

LEAST_MONTHS = 3
"""Published months that a year needs at least before the others are filled (judgement, 3 to 9)."""


class WorkingDays(Protocol):
    """Working days from one ISO date to before another [days]."""

    def __call__(self, start: str, end: str, /) -> int:
        """Working days from ``start`` to before ``end``."""
        ...


def working_days(months: Sequence[str], count: WorkingDays | None = None) -> Floats:
    """Working days of each month: Monday to Friday less England's bank holidays [days].

    Args:
        months: ISO months.
        count: What counts them; the core's own calendar by default.
    """
    if count is None:
        from skillmix._core import working_days as count_in_core

        count = count_in_core
    return np.array([count(f"{m}-01", f"{next_month(m)}-01") for m in months], dtype=np.float64)


def season_index(
    months: Sequence[str],
    referrals: Floats,
    days: Floats,
    *,
    national: Sequence[float] = NATIONAL_SEASON,
    worth: float = SEASON_WORTH,
) -> Floats:
    """Season index per working day, January to December, mean 1 [index].

    With rate r(t) = referrals / working days and its centred level
    L(t) = (r(t-6)/2 + r(t-5) + ... + r(t+5) + r(t+6)/2) / 12, a month's own index is the mean over
    its n years of r(t) / L(t). It is shrunk to the national one, and the twelve scaled to mean 1:

        index = (n x own + worth x national) / (n + worth)

    Months without a full window of published months around them do not count, so a service with
    less than thirteen published months in a row has the national season.
    """
    rate = referrals / days
    own: list[list[float]] = [[] for _ in range(12)]
    for t in range(6, len(rate) - 6):
        level = (rate[t - 6] / 2 + rate[t - 5 : t + 6].sum() + rate[t + 6] / 2) / 12
        if np.isfinite(level) and level > 0:
            own[int(months[t][5:]) - 1].append(float(rate[t] / level))
    index = [
        (sum(seen) + worth * expected) / (len(seen) + worth)
        for seen, expected in zip(own, national, strict=True)
    ]
    return np.array(index, dtype=np.float64) / float(np.mean(index))


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months of one measure.

    Attributes:
        months: The twelve ISO months.
        values: Figures, missing ones filled.
        filled: The months that were filled.
    """

    months: tuple[str, ...]
    values: Floats
    filled: tuple[str, ...]

    @property
    def total(self) -> float:
        """Sum of the twelve months."""
        return float(self.values.sum())


def window(
    series: Series, measure: str, end: str, length: int = 12
) -> tuple[tuple[str, ...], Floats]:
    """The ``length`` months to ``end`` of one measure, ``nan`` where nothing was published."""
    months = month_range(next_month(end, 1 - length), end)
    known = dict(zip(series.months, series.values[measure], strict=True))
    return months, np.array([known.get(month, np.nan) for month in months], dtype=np.float64)


def last_published(series: Series, *measures: str) -> str | None:
    """The last month in which all of the measures were published, or None."""
    known = np.all([np.isfinite(series.values[m]) for m in measures], axis=0)
    at = np.flatnonzero(known)
    return series.months[at[-1]] if at.size else None


def year_to(series: Series, measure: str, end: str, expected: Floats) -> Year | None:
    """Twelve months to ``end``; a missing month is filled from its neighbours' level.

    Level = figure / expected shape of the month (season x working days); levels are interpolated
    linearly between the nearest published months, held at the ends, and multiplied back.

    Args:
        series: Months of one service.
        measure: Which measure.
        end: Last month of the year.
        expected: Shape of the twelve months, any scale, above 0.

    Returns:
        The year, or None with fewer than ``LEAST_MONTHS`` published months.
    """
    months, values = window(series, measure, end)
    known = np.isfinite(values)
    if known.sum() < LEAST_MONTHS:
        return None
    at = np.arange(12)
    level = np.interp(at, at[known], (values / expected)[known])
    filled = tuple(m for m, published in zip(months, known, strict=True) if not published)
    return Year(months, np.where(known, values, level * expected), filled)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a whole over some months.

    Attributes:
        value: Sum of the part / sum of the whole [share].
        months: Months in which both were published.
    """

    value: float
    months: int


def share_of(series: Series, part: str, whole: str, end: str) -> Share | None:
    """Sum of ``part`` / sum of ``whole`` over those of the last 12 months that have both.

    A month in which one of the two is missing counts for neither, so that a suppressed cell does
    not pull the share towards zero. None with fewer than ``LEAST_MONTHS`` such months.
    """
    top, bottom = window(series, part, end)[1], window(series, whole, end)[1]
    both = np.isfinite(top) & np.isfinite(bottom)
    if both.sum() < LEAST_MONTHS or bottom[both].sum() <= 0:
        return None
    return Share(float(top[both].sum() / bottom[both].sum()), int(both.sum()))


def mean_over(series: Series, measure: str, weight: str, end: str) -> Share | None:
    """Mean of a published monthly mean over the last 12 months, weighted by another measure.

    Mean = sum(mean x weight) / sum(weight) over months that have both; None with fewer than
    ``LEAST_MONTHS`` of them.
    """
    means, by = window(series, measure, end)[1], window(series, weight, end)[1]
    both = np.isfinite(means) & np.isfinite(by)
    if both.sum() < LEAST_MONTHS:
        return None
    return Share(float((means[both] * by[both]).sum() / by[both].sum()), int(both.sum()))


@dataclass(frozen=True, slots=True)
class ListSize:
    """A published list at the end of a month [people]."""

    month: str
    people: float


def published_lists(series: Series) -> tuple[ListSize | None, ListSize | None]:
    """The last published ``waiting_for_assessment`` and ``waiting_for_treatment``.

    The two hold mostly the same people (an assessment counts as first treatment): never add them.
    """
    found: list[ListSize | None] = []
    for measure in ("waiting_for_assessment", "waiting_for_treatment"):
        month = last_published(series, measure)
        if month is None:
            found.append(None)
        else:
            people = series.values[measure][series.months.index(month)]
            found.append(ListSize(month, float(people)))
    return found[0], found[1]


def share_missing(series: Series, end: str, length: int = 12) -> dict[str, float]:
    """Share of the last ``length`` months in which each measure is suppressed or not reported."""
    return {
        measure: float(np.isnan(window(series, measure, end, length)[1]).mean())
        for measure in series.values
    }
