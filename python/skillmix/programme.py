"""What was the national programme of 2008 to 2011, and does the model come to its plan?

The plan: 33, 103 and 173 million pounds, 3,600 therapists by 2010/11, 60 high to 40 low intensity,
900,000 people. ``region`` lays it out as ten health authorities with their 35 first trusts, the
trusts that followed as one service an authority, and their universities. ``reconciliation`` sets
plan, model and outturn beside each other; ``bridge`` says, in pounds, what lies between the money
and the modelled cost. ``facts`` and ``assumptions`` say where everything comes from.
"""

from __future__ import annotations

import csv
import io
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from skillmix.frame import from_columns
from skillmix.region import Region
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skillmix.frame import Library

__all__ = ["assumptions", "bridge", "facts", "outturn", "plan", "reconciliation", "region"]

PACK = "iapt-2008"
ROLES = ("hit", "pwp", "hit_trainee", "pwp_trainee")
"""Roles of the therapists whom the programme's money is for, in training and trained."""
COURSES = {"hit": 0.6, "pwp": 0.4}
"""Share of each course among the trainees: the plan's 60:40."""
START, WEEKS = "2008-04-01", 209
"""Four financial years: the three of the programme, and the one in which its last trainees
qualify."""
_FIRST_AUTUMN = 2008


def facts(*, library: Library | None = None) -> Any:
    """What was planned and what came of it: published figures, one a row, each with its source."""
    return _frame("programme_2008_facts.csv", ("value",), library)


def assumptions(*, library: Library | None = None) -> Any:
    """What the model of the programme takes for granted, with its range and status."""
    return _frame("programme_2008_assumptions.csv", (), library)


def region(
    *, course_start: str = "10-01", leaving: bool = True, referrals: float | None = None
) -> Region:
    """The programme as a region of 45 services in ten authorities.

    Args:
        course_start: Month and day on which the courses of each financial year start.
        leaving: Whether trainees and therapists leave; ``False`` shows what leaving costs.
        referrals: Referrals a year of a trust that is open [people]; left out, those of the
            year-one audit.
    """
    if referrals is None:
        referrals = float(_assumed("referrals_a_trust"))
    waves = _waves()
    services: dict[str, Scenario] = {}
    groups: dict[str, list[str]] = {}
    places: list[dict[str, Any]] = []
    for authority, (first, universities) in _sites().items():
        later = f"{authority}, later trusts"
        wave = waves[authority]
        groups[authority] = [*first, later]
        for trust in first:
            services[trust] = _trust(trust, wave, len(first), referrals, leaving=leaving)
        services[later] = _later(later, wave, referrals, leaving=leaving)
        for year, whose, course, heads in wave.places:
            senders = first if whose == "first" else [later]
            places += _at_universities(
                universities, course, heads, f"{year}-{course_start}", senders
            )
    return Region(
        services,
        name="National programme 2008 to 2011",
        notes=[
            "35 first trusts and, for each authority, the trusts that followed as one service. "
            "How places and people divided between trusts was not published: equal shares, a "
            "judgement. skillmix.programme.assumptions() lists it with the rest.",
        ],
        groups=groups,
        places=places,
        allocation={"rule": "by_share", "weights": dict.fromkeys(services, 1 / len(services))},
        budget=[
            {"year": year, "payer": "all", "pounds": pounds, "roles": list(ROLES)}
            for year, pounds in plan("funding").items()
        ],
    )


def reconciliation(*, library: Library | None = None) -> Any:
    """Plan, model and outturn beside each other, one measure and year a row.

    Returns:
        Columns ``measure``, ``year``, ``unit``, ``plan``, ``modelled``, ``outturn``, ``difference``
        (modelled less plan), ``source`` of plan and outturn, ``comment``.
    """
    from skillmix.programme_table import reconciled

    return from_columns(reconciled(), library)


def bridge(*, library: Library | None = None) -> Any:
    """What lies between the money and the modelled cost of each year, in pounds.

    Returns:
        Columns ``year``, ``step``, ``pounds``, ``comment``; the steps of a year add up to its
        last, the modelled cost.
    """
    from skillmix.programme_table import steps

    return from_columns(steps(), library, units={"pounds": "pounds"})


def plan(measure: str) -> dict[str, float]:
    """Planned figures of a measure by year."""
    return _published(measure, "plan")


def outturn(measure: str) -> dict[str, float]:
    """Published outturn of a measure by year."""
    return _published(measure, "outturn")


class _Wave:
    """How many trainees and trusts an authority has, year by year."""

    def __init__(self, first: int, second: int, third: int) -> None:
        self.trusts = (first, second, third)
        self.places: list[tuple[int, str, str, int]] = []

    def heads(self, whose: str, course: str, years: int = 3) -> int:
        """Trainees of a course in the first so many years."""
        return sum(
            heads
            for year, who, name, heads in self.places
            if who == whose and name == course and year < _FIRST_AUTUMN + years
        )


def _waves() -> dict[str, _Wave]:
    """Trainees of each authority by year, first or later trusts, and course.

    Every trust that is open has as nearly as may be the same number of therapists; whole numbers by
    largest remainder over all authorities.
    """
    sites = _sites()
    first = {name: len(trusts) for name, (trusts, _) in sites.items()}
    later = {
        row["authority"]: int(row["trusts"]) for row in _rows("programme_2008_authorities.csv")
    }
    rest = [later[name] - first[name] for name in sites]
    seconds = shared(int(_assumed("opening_second")), rest)
    left = [total - opened for total, opened in zip(rest, seconds, strict=True)]
    thirds = shared(int(_assumed("opening_third")), left)
    waves = {
        name: _Wave(first[name], second, third)
        for name, second, third in zip(sites, seconds, thirds, strict=True)
    }
    totals = [round(heads) for heads in plan("therapists").values()]
    for course, share in COURSES.items():
        before = 0
        for place, total in enumerate(totals):
            now = round(total * share)
            open_trusts = [
                (name, whose, _open(wave, whose, place))
                for name, wave in waves.items()
                for whose in ("first", "later")
            ]
            fair = _level(
                [(trusts, waves[name].heads(whose, course)) for name, whose, trusts in open_trusts],
                now - before,
            )
            for (name, whose, _), heads in zip(open_trusts, fair, strict=True):
                if heads:
                    year = _FIRST_AUTUMN + place
                    waves[name].places.append((year, whose, course, heads))
            before = now
    return waves


def _open(wave: _Wave, whose: str, place: int) -> int:
    """Trusts of an authority that are open in a year."""
    if whose == "first":
        return wave.trusts[0]
    return sum(wave.trusts[1 : 1 + place])


def _level(trusts_and_heads: Sequence[tuple[int, int]], new: int) -> list[int]:
    """Gives new heads to those who have fewest for each trust, until all have the same.

    >>> _level([(1, 20), (1, 0)], 10), _level([(1, 4), (1, 0)], 10)
    ([0, 10], [3, 7])
    """
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        given = sum(max(0.0, t * middle - h) for t, h in trusts_and_heads)
        low, high = (middle, high) if given < new else (low, middle)
    return shared(new, [max(0.0, t * low - h) for t, h in trusts_and_heads])


def shared(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights: largest remainders round up, ties to the first.

    >>> shared(10, [3.2, 1.1, 2.0])
    [5, 2, 3]
    """
    whole = sum(weights)
    exact = [total * weight / whole if whole > 0 else 0.0 for weight in weights]
    given = [int(value + 1e-9) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (-round(exact[i] - given[i], 9), i))
    for i in order[: total - sum(given)]:
        given[i] += 1
    return given


def _at_universities(
    universities: Sequence[tuple[str, str]],
    course: str,
    heads: int,
    start: str,
    services: Sequence[str],
) -> list[dict[str, Any]]:
    """Places of a course divided equally between the universities that teach it."""
    intensity = "HI" if course == "hit" else "LI"
    teach = [name for name, kinds in universities if not kinds or intensity in kinds.split("+")]
    each = shared(heads, [1.0] * len(teach))
    return [
        {"course": course, "start": start, "places": n, "at": at, "services": list(services)}
        for at, n in zip(teach, each, strict=True)
        if n
    ]


def _trust(name: str, wave: _Wave, trusts: int, referrals: float, *, leaving: bool) -> Scenario:
    """A first trust: open from October 2008."""
    heads = {course: wave.heads("first", course) / trusts for course in COURSES}
    before = {course: wave.heads("first", course, 1) / trusts for course in COURSES}
    return _scenario(name, heads, before, 1.0, {_FIRST_AUTUMN: referrals}, leaving=leaving)


def _later(name: str, wave: _Wave, referrals: float, *, leaving: bool) -> Scenario:
    """The later trusts of an authority as one service: open from October 2009 and 2010."""
    _, second, third = wave.trusts
    heads = {course: float(wave.heads("later", course)) for course in COURSES}
    before = {course: float(wave.heads("later", course, 2)) for course in COURSES}
    opened = {
        _FIRST_AUTUMN + 1: second * referrals,
        _FIRST_AUTUMN + 2: (second + third) * referrals,
    }
    return _scenario(name, heads, before, second + third, opened, leaving=leaving)


def _scenario(
    name: str,
    heads: Mapping[str, float],
    first_trainees: Mapping[str, float],
    trusts: float,
    opened: Mapping[int, float],
    *,
    leaving: bool,
) -> Scenario:
    """A service of the programme on the pack; ``opened`` are referrals a year from each October."""
    months = {}
    for number in range(48):
        year, month = divmod(2008 * 12 + 3 + number, 12)
        since = [o for o in opened if (year, month + 1) >= (o, 10)]
        months[f"{year}-{month + 1:02d}"] = opened[max(since)] / 12 if since else 0.0
    months["2012-04"] = months["2012-03"]
    ratio = float(_assumed("qualified_before"))
    changes: dict[str, Any] = {
        "name": name,
        "service.title": name,
        "notes": ["A service of the national programme; its size is a judgement."],
        "calendar.start": START,
        "calendar.weeks": WEEKS,
        "demand.series": {"months": months, "source": "year-one audit, PWP Best Practice Guide"},
        "open_courses.otherwise": "empty",
        "staff.hit_lead.in_post": math.ceil(ratio * first_trainees["hit"] - 1e-9),
        "staff.pwp_senior.in_post": math.ceil(ratio * first_trainees["pwp"] - 1e-9),
        "staff.hit_lead.leavers_per_year": 0.0,
        "staff.pwp_senior.leavers_per_year": 0.0,
        "staff.counsellor.in_post": trusts * float(_assumed("counsellors")),
    }
    for role in ("hit", "pwp"):
        changes[f"staff.{role}.in_post"] = 0
        changes[f"staff.{role}.posts"] = heads[role]
        changes[f"staff.{role}.recruitment.policy"] = _assumed("recruitment")
        if not leaving:
            changes[f"staff.{role}.leavers_per_year"] = 0.0
            changes[f"training.courses.{role}.leavers_per_year"] = 0.0
    return Scenario.preset(PACK).with_(changes)


def _sites() -> dict[str, tuple[list[str], list[tuple[str, str]]]]:
    """First trusts, and universities with what they teach, by authority."""
    found: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    for row in _rows("programme_2008_sites.csv"):
        trusts, universities = found.setdefault(row["authority"], ([], []))
        if row["kind"] == "trust":
            trusts.append(row["name"])
        else:
            universities.append((row["name"], row["intensity"]))
    return found


def _published(measure: str, kind: str) -> dict[str, float]:
    rows = _rows("programme_2008_facts.csv")
    here = [row for row in rows if row["id"] == measure and row["kind"] == kind]
    return {row["year"]: float(row["value"]) for row in here}


def source_of(measure: str, kind: str) -> str:
    """Where a published figure comes from."""
    rows = _rows("programme_2008_facts.csv")
    found = (row["source"] for row in rows if row["id"] == measure and row["kind"] == kind)
    return next(found, "")


def _assumed(name: str) -> str:
    return next(
        row["value"] for row in _rows("programme_2008_assumptions.csv") if row["id"] == name
    )


@cache
def _rows(name: str) -> list[dict[str, str]]:
    text = (files("skillmix") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _frame(name: str, numbers: Sequence[str], library: Library | None) -> Any:
    rows = _rows(name)
    columns: dict[str, list[Any]] = {
        key: [float(row[key]) if key in numbers else row[key] for row in rows] for key in rows[0]
    }
    return from_columns(columns, library)
