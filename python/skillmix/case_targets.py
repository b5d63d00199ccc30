"""Which target has each measure of a business case in each quarter, and is it met?

The targets are those of the scenario (``targets.*``), in every quarter, and those that are asked
for with the words of ``plan(to=...)``, from the first whole quarter on or after their month ``by``;
where both stand, the one asked for holds. What should be high is met at the target or above it,
waits and lists at the target or below.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from skillmix.scenario import Scenario

__all__ = ["MEASURES", "Measure", "Targets", "first_month", "gap", "targets_of"]

_CLOSE = 1e-9
_QUARTER = re.compile(r"\d{4}/\d\d Q[1-4]")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-\d\d)?")


class Measure(NamedTuple):
    """A measure in words, its unit, whether high is good and whether it always stands there."""

    title: str
    unit: str
    high_is_good: bool
    always: bool


MEASURES: dict[str, Measure] = {
    "referrals": Measure("People referred", "people", True, True),
    "first_treatments": Measure("First treatments (access)", "people", True, True),
    "first_treatments_12_months": Measure(
        "First treatments of the last four quarters", "people", True, False
    ),
    "finishers": Measure("Completed courses of treatment", "people", True, True),
    "share_within_6_weeks": Measure("First treated within 6 weeks", "share", True, True),
    "share_within_18_weeks": Measure("First treated within 18 weeks", "share", True, True),
    "wait_assessment_weeks": Measure("Mean wait for an assessment", "weeks", False, False),
    "wait_step2_weeks": Measure("Mean wait for Step 2", "weeks", False, False),
    "wait_step3_weeks": Measure("Mean wait for Step 3", "weeks", False, True),
    "waiting_assessment": Measure("Waiting for an assessment", "people", False, False),
    "waiting_step2": Measure("Waiting for Step 2", "people", False, False),
    "waiting_step3": Measure("Waiting for Step 3", "people", False, True),
    "recovery": Measure("Recovery", "share", True, False),
    "reliable_recovery": Measure("Reliable recovery", "share", True, True),
}
"""Measures by name, as the table ``quarterly`` calls them, in the order in which they are shown."""

_ASKED = {
    "completed_courses": "finishers",
    "first_treatments": "first_treatments_12_months",
    "assessment_wait_weeks": "wait_assessment_weeks",
    "step2_wait_weeks": "wait_step2_weeks",
    "step3_wait_weeks": "wait_step3_weeks",
    "waiting_assessment": "waiting_assessment",
    "waiting_step2": "waiting_step2",
    "waiting_step3": "waiting_step3",
    "within_6_weeks": "share_within_6_weeks",
    "within_18_weeks": "share_within_18_weeks",
    "recovery": "recovery",
    "reliable_recovery": "reliable_recovery",
}
_NOT_BY_QUARTER = ("access_rate", "hold", "clear")
_HOW = (
    *("levers", "autumns", "course_start", "internal_share", "most_places", "budget"),
    *("conditions", "most_recruits"),
)
"""Words of ``plan(to=...)`` that say how a target may be met, not what it is."""


class Targets(NamedTuple):
    """Targets by measure.

    Attributes:
        always: Of the scenario, in every quarter.
        asked: Asked for from the month ``by`` on.
        in_quarter: Asked for in one quarter, by measure and quarter.
        by: Month from which those asked for hold [ISO month], empty for all.
        unseen: What was asked for and has no figure by quarter.
    """

    always: dict[str, float]
    asked: dict[str, float]
    in_quarter: dict[str, dict[str, float]]
    by: str
    unseen: tuple[str, ...]

    def of(self, measure: str, quarter: str) -> float:
        """The target of a measure in a quarter, or ``nan``."""
        here = self.in_quarter.get(measure, {}).get(quarter)
        if here is not None:
            return here
        since = self.by
        if measure == "first_treatments_12_months" and since:  # the year that begins then
            since = f"{int(since[:4]) + (int(since[5:7]) > 3)}-{(int(since[5:7]) + 8) % 12 + 1:02d}"
        if measure in self.asked and first_month(quarter) >= since:
            return self.asked[measure]
        return self.always.get(measure, math.nan)

    def shown(self, measure: str) -> bool:
        """Whether a measure stands in the table: it always does, or it has a target."""
        known = (self.always, self.asked, self.in_quarter)
        return MEASURES[measure].always or any(measure in one for one in known)


def gap(measure: str, reached: float, target: float) -> float:
    """How far on the right side of the target: below 0 it is missed.

    >>> gap("wait_step3_weeks", 14.0, 12.0), gap("finishers", 950.0, 900.0)
    (-2.0, 50.0)
    """
    return reached - target if MEASURES[measure].high_is_good else target - reached


def met(measure: str, reached: float, target: float) -> str:
    """``yes``, ``no``, or an empty text where there is no target or nothing was reached.

    >>> met("finishers", 900.0, 900.0), met("finishers", 899.0, 900.0)
    ('yes', 'no')
    """
    distance = gap(measure, reached, target)
    return "" if math.isnan(distance) else "yes" if distance >= -_CLOSE else "no"


def first_month(quarter: str) -> str:
    """The first month of a quarter of a financial year.

    >>> first_month("2026/27 Q3"), first_month("2026/27 Q4")
    ('2026-10', '2027-01')
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year + (number == 4)}-{(3 * number) % 12 + 1:02d}"


def targets_of(scenario: Scenario, to: Mapping[str, Any] | None) -> Targets:
    """The targets of a scenario, and those that are asked for.

    Raises:
        ScenarioError: with all problems of ``to``.
    """
    stated = scenario.to_dict(complete=True).get("targets", {})
    always = {_ASKED[name]: float(value) for name, value in stated.items() if name in _ASKED}
    asked: dict[str, float] = {}
    in_quarter: dict[str, dict[str, float]] = {}
    by = ""
    problems: list[Problem] = []
    for name, value in (to or {}).items():
        if name in _ASKED:
            try:
                if name == "completed_courses" and isinstance(value, Mapping):
                    in_quarter[_ASKED[name]] = _by_quarter(value)
                else:
                    asked[_ASKED[name]] = _amount(f"to.{name}", value, _ASKED[name])
            except ScenarioError as error:
                problems += error.problems
        elif name == "by":
            by = str(value)[:10]
            if not _MONTH.fullmatch(by):
                problems.append(_problem("to.by", value, 'a month, as "2026-10"'))
        elif name not in (*_NOT_BY_QUARTER, *_HOW):
            known = [*_ASKED, "by", *_NOT_BY_QUARTER, *_HOW]
            problems.append(_unknown(str(name), known))
    if problems:
        raise ScenarioError("\n".join(p.message for p in problems), tuple(problems))
    unseen = tuple(name for name in _NOT_BY_QUARTER if name in (to or {}))
    return Targets(always, asked, in_quarter, by[:7], unseen)


def _by_quarter(value: Mapping[str, Any]) -> dict[str, float]:
    found, problems = {}, []
    for quarter, number in value.items():
        path = f"to.completed_courses.{quarter}"
        if not _QUARTER.fullmatch(str(quarter)):
            problems.append(_problem(path, quarter, 'a quarter, as "2026/27 Q4"'))
            continue
        try:
            found[str(quarter)] = _amount(path, number, "finishers")
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError("\n".join(p.message for p in problems), tuple(problems))
    return found


def _amount(path: str, value: object, measure: str) -> float:
    most = 1.0 if MEASURES[measure].unit == "share" else math.inf
    expected = "0 to 1" if most == 1.0 else "0 or more"
    if isinstance(value, bool) or not isinstance(value, Real):
        problem = _problem(path, value, f"a number, {expected}")
        raise ScenarioError(problem.message, (problem,))
    number = float(value)
    if not (0 <= number <= most and math.isfinite(number)):
        problem = _problem(path, value, expected)
        raise ScenarioError(problem.message, (problem,))
    return number


def _problem(path: str, value: object, expected: str) -> Problem:
    shown = repr(value)[:80]
    return Problem(path, shown, expected, f"{path}: got {shown}, allowed: {expected}")


def _unknown(name: str, known: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1)
    guess = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
    path = f"to.{name[:80]}"
    expected = ", ".join(known)
    return Problem(path, name[:80], expected, f"{path}: no such target{guess}", *near[:1])
