"""What has been published about a named service, and what can be planned from it?

The statistics of NHS Talking Therapies hold, for each service and month, what came in, what was
done, how long people waited and how it ended. They hold no staff numbers and no list for Step 2 or
Step 3: ``scenario`` says so at the top of what it makes and asks for five numbers.

In this module a *provider* is what the NHS calls one: a service that treats.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from skillmix import published
from skillmix.errors import DataError
from skillmix.monthly_csv import read_monthly
from skillmix.published import LICENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skillmix.frame import Library
    from skillmix.published import Series, Service
    from skillmix.scenario import Scenario

    Columns = dict[str, list[str] | NDArray[np.float64]]

__all__ = [
    "LICENCE",
    "england",
    "monthly",
    "providers",
    "read_monthly",
    "scenario",
]

_MONTHS_OF_A_YEAR = 12
_OFFERED = 5


def providers(
    search: str | None = None, *, as_frame: bool = True, library: Library | None = None
) -> Any:
    """The services that publish, one row each, by name.

    Args:
        search: Words that must all occur in code, name, town, board or region; case does not
            matter. Left out: every service.
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

    Returns:
        Columns ``code``, ``name``, ``town``, ``board`` (integrated care board of the registered
        address), ``region``; ``referrals_per_month`` [people], the mean of the last twelve
        published months; ``waiting`` [people], the larger of the two published lists (they hold
        mostly the same people and are never added), each also on its own as
        ``waiting_for_assessment`` and ``waiting_for_treatment``, from the last month published;
        ``last_month``. ``nan`` is suppressed or not reported.

    Raises:
        TypeError: if ``search`` is not text.
    """
    if search is not None and not isinstance(search, str):
        raise TypeError(f"search = {search!r}: words to look for are expected")
    words = (search or "").casefold().split()
    found = [
        service
        for service in sorted(published.services().values(), key=lambda s: (s.name, s.code))
        if service.code in published.all_series() and all(w in _searched(service) for w in words)
    ]
    series = [published.all_series()[service.code] for service in found]
    assessment = np.array([_last(s, "waiting_for_assessment") for s in series], dtype=np.float64)
    treatment = np.array([_last(s, "waiting_for_treatment") for s in series], dtype=np.float64)
    columns: Columns = {
        "code": [service.code for service in found],
        "name": [service.name for service in found],
        "town": [service.town for service in found],
        "board": [service.board for service in found],
        "region": [service.region for service in found],
        "referrals_per_month": np.array(
            [_recent_mean(s, "referrals") for s in series], dtype=np.float64
        ),
        "waiting": np.fmax(assessment, treatment),
        "waiting_for_assessment": assessment,
        "waiting_for_treatment": treatment,
        "last_month": [s.months[-1] for s in series],
    }
    return _table(columns, as_frame=as_frame, library=library)


def monthly(code: str, *, as_frame: bool = True, library: Library | None = None) -> Any:
    """All published months of one service, one row a month without a gap.

    Args:
        code: Code of the service, as in ``providers()``.
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

    Returns:
        Column ``month`` (ISO), then one column a measure: counts [people or appointments, rounded
        to 5 at source], ``mean_*`` [sessions, appointments or days], ``pct_*`` [per cent]. ``nan``
        is suppressed, not reported, or a month without a row; never zero.

    Raises:
        DataError: if there is no such service, with the nearest codes and names.
    """
    return _table(_columns(series_of(code)[1]), as_frame=as_frame, library=library)


def england(*, as_frame: bool = True, library: Library | None = None) -> Any:
    """The published months of England, unrounded, one row a month; columns as in ``monthly``."""
    return _table(_columns(published.england_series()), as_frame=as_frame, library=library)


def series_of(code: str) -> tuple[Service, Series]:
    """The look-up row and the series of a service; case and outer blanks do not matter.

    Raises:
        DataError: if there is no such service, or it published nothing in the months shipped.
    """
    if not isinstance(code, str):
        raise TypeError(f"code = {code!r}: the code of a service is expected, such as 'RW4'")
    known, key = published.services(), code.strip().upper()
    if key in published.all_series():
        return known[key], published.all_series()[key]
    months = published.england_series().months
    span = f"{months[0]} to {months[-1]}"
    if key in known:
        raise DataError(
            f"{key} ({known[key].name}) published nothing in the months shipped, {span}"
        )
    near = "; ".join(f"{s.code} {s.name}" for s in _nearest(code))
    raise DataError(
        f"no service has the code {code[:80]!r} in the months shipped, {span}; nearest: {near}. "
        "public.providers('part of a name') looks for one"
    )


def scenario(
    code: str, *, as_of: str = "2025-03", pack: str = "talking-therapies-2025"
) -> Scenario:
    """A starting scenario of one service from its published year; see ``skillmix.starting``.

    Args:
        code: Code of the service, as in ``providers()``.
        as_of: Last month of the published year used [ISO month].
        pack: Reference pack that everything unpublished comes from.

    Returns:
        A ``Scenario`` whose ``notes`` say what is not published and which five numbers are asked
        for, and whose ``sources`` mark each path as published, inferred or national.

    Raises:
        DataError: if there is no such service or month, or too little was published.
    """
    from skillmix import _core
    from skillmix.arguments import expect_text
    from skillmix.scenario import Scenario
    from skillmix.starting import document

    expect_text("pack", pack, "the name of a reference pack")
    service, series = series_of(code)
    complete = _core.Scenario.preset(pack).to_dict(True)
    return Scenario.from_dict(document(service, series, as_of=as_of, pack=pack, complete=complete))


def unit_of(measure: str) -> str:
    """The unit of a published measure; empty for names and months.

    >>> unit_of("mean_wait_first_treatment_days"), unit_of("appts_dna"), unit_of("referrals")
    ('days', 'appointments', 'people')
    """
    if measure in ("code", "name", "town", "board", "region", "month", "last_month"):
        return ""
    if measure.endswith("_days") or measure == "mean_days_between_treatments":
        return "days"
    if measure.startswith("pct_"):
        return "per cent"
    if "appts" in measure or measure == "appointments":
        return "appointments"
    return "sessions" if measure.endswith("_sessions") else "people"


def _searched(service: Service) -> str:
    fields = (service.code, service.name, service.town, service.board, service.region)
    return " ".join(fields).casefold()


def _nearest(asked: str) -> list[Service]:
    """The services whose code or name is most like what was asked, best first."""
    key = asked.strip().casefold()[:80]

    def likeness(service: Service) -> float:
        name = service.name.casefold()
        inside = 0.9 if len(key) > 2 and key in f"{name} {service.town.casefold()}" else 0.0
        by_code = SequenceMatcher(None, key, service.code.casefold()).ratio()
        return max(inside, by_code, SequenceMatcher(None, key, name).ratio())

    with_months = (s for c, s in published.services().items() if c in published.all_series())
    return sorted(with_months, key=lambda s: (-likeness(s), s.code))[:_OFFERED]


def _last(series: Series, measure: str) -> float:
    """The figure of the last month in which anything was published."""
    return float(series.values[measure][-1])


def _recent_mean(series: Series, measure: str) -> float:
    """Mean of the last twelve published figures."""
    known = series.values[measure][np.isfinite(series.values[measure])]
    return float(known[-_MONTHS_OF_A_YEAR:].mean()) if known.size else float("nan")


def _columns(series: Series) -> Columns:
    return {"month": list(series.months), **{m: v.copy() for m, v in series.values.items()}}


def _table(columns: Columns, *, as_frame: bool, library: Library | None) -> Any:
    if not as_frame:
        return columns
    from skillmix.frame import from_columns

    units = {name: unit for name in columns if (unit := unit_of(name))}
    return from_columns(columns, library, units=units)
