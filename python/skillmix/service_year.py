"""What does the published year of one service say, beside England's?

The year is the twelve months to the last one published. Ratios to England use England's figures of
the same months, so that a national change is not taken for a local one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skillmix import indicators, published
from skillmix.errors import DataError
from skillmix.published import month_range, next_month

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skillmix.indicators import WorkingDays, Year
    from skillmix.published import Series, Service

    Floats = NDArray[np.float64]

LATEST_GAP = 3
"""Months that a service may be silent before ``as_of`` [months] (judgement, 1 to 6)."""
RECENT = 3
"""Months that the published wait is averaged over [months] (judgement, 1 to 12)."""


@dataclass(frozen=True, slots=True)
class ServiceYear:
    """The published year of a service, and England's.

    Attributes:
        service: Look-up row of the service.
        series: Its months to ``end``.
        england: England's months to ``end``.
        end: Last month of the year [ISO month].
        days: Working days of the months to ``end`` [days], twelve or more.
        season: Index of referrals per working day, January to December.
    """

    service: Service
    series: Series
    england: Series
    end: str
    days: Floats
    season: Floats

    @classmethod
    def of(
        cls, service: Service, series: Series, as_of: str, days: WorkingDays | None = None
    ) -> ServiceYear:
        """The year to ``as_of``, or to the last month published shortly before it.

        Raises:
            DataError: if ``as_of`` is no published month or the service was silent by then.
        """
        england = published.england_series()
        if as_of not in england.months:
            span = f"{england.months[0]} to {england.months[-1]}"
            raise DataError(
                f"as_of = {as_of!r}: a published month is expected, {span}, such as '2025-03'"
            )
        cut = series.until(as_of)
        end = indicators.last_published(cut, "referrals") if cut.months else None
        if end is None:
            raise DataError(f"{service.code} published no referrals up to {as_of}")
        if end < next_month(as_of, 1 - LATEST_GAP):
            raise DataError(
                f"{service.code} {service.name} last published referrals for {end}, long before "
                f"as_of = {as_of!r}; it may have closed or changed its code. Give as_of={end!r} to "
                "use its last year"
            )
        months = month_range(min(cut.months[0], next_month(end, -11)), end)
        counted = indicators.working_days(months, days)
        known = dict(zip(cut.months, cut.values["referrals"], strict=True))
        referrals = np.array([known.get(month, np.nan) for month in months])
        season = indicators.season_index(months, referrals, counted)
        return cls(service, cut, england.until(end), end, counted, season)

    def year(self, measure: str, *, seasonal: bool = False) -> Year | None:
        """Twelve months of a measure; gaps are filled by working days, referrals also by season."""
        months = month_range(next_month(self.end, -11), self.end)
        shape = self.days[-12:]
        if seasonal:
            shape = shape * self.season[[int(month[5:]) - 1 for month in months]]
        return indicators.year_to(self.series, measure, self.end, shape)

    def share(self, part: str, whole: str, *, of_england: bool = False) -> float | None:
        """Share of the year, of the service or of England."""
        series = self.england if of_england else self.series
        share = indicators.share_of(series, part, whole, self.end)
        return None if share is None else share.value

    def mean(self, measure: str, *, of_england: bool = False) -> float | None:
        """Mean of the year over finishers, of the service or of England."""
        series = self.england if of_england else self.series
        mean = indicators.mean_over(series, measure, "finished_course", self.end)
        return None if mean is None else mean.value

    def ratio(self, part: str, whole: str, *, seasonal: bool = False) -> float | None:
        """One year's total over another's, filled months included.

        ``share`` takes the months that have both, so its parts do not add up to the flow of a year
        in which months are missing.
        """
        top, bottom = self.year(part), self.year(whole, seasonal=seasonal)
        if top is None or bottom is None or bottom.total <= 0:
            return None
        return top.total / bottom.total

    def recovery(self) -> tuple[float | None, float]:
        """Recovery of finishers at caseness [share], and its ratio to England's."""
        found = []
        for of_england in (False, True):
            recovered = self.share("recovery", "finished_course", of_england=of_england)
            below = self.share("not_at_caseness", "finished_course", of_england=of_england)
            found.append(None if recovered is None else recovered / (1 - (below or 0.0)))
        own, england = found
        return (own, own / england) if own is not None and england else (None, 1.0)

    def assessment_wait(self) -> tuple[float, str]:
        """Mean wait to first treatment in the last months [days]; inferred, or national."""
        for series, status in ((self.series, "inferred"), (self.england, "national")):
            waits = indicators.window(series, "mean_wait_first_treatment_days", self.end, RECENT)[1]
            people = indicators.window(series, "first_treatment", self.end, RECENT)[1]
            both = np.isfinite(waits) & np.isfinite(people)
            if both.any():
                return float((waits[both] * people[both]).sum() / people[both].sum()), status
        return 0.0, "national"

    def assessments_a_day(self) -> float | None:
        """First assessments a calendar day over the last months [people]."""
        flow = indicators.window(self.series, "first_assessment", self.end, RECENT)[1]
        return float(np.nanmean(flow)) / (365.25 / 12) if np.isfinite(flow).any() else None

    def national_wait(self, measure: str) -> tuple[float, str]:
        """England's mean wait [days] and the month it is of: ``end``, or the nearest published."""
        england = published.england_series()
        figures = england.values[measure]
        known = [i for i in range(len(figures)) if np.isfinite(figures[i])]
        before = [i for i in known if england.months[i] <= self.end]
        at = before[-1] if before else known[0]
        return float(figures[at]), england.months[at]
