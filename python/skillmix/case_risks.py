"""What may go wrong, what would it do, and at which value would a target be missed?

Each risk is one field of the scenario at the bad end of its plausible range, and one run. The
trigger is the value between the one in the case and as far again beyond the bad end at which a
target that the case meets in its last quarter is first missed, found by halving the distance with
a run at each step; it is the first such value if more of the same never helps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix import _core
from skillmix.case_options import totals
from skillmix.case_tables import quarters
from skillmix.case_targets import MEASURES, met
from skillmix.errors import ScenarioError
from skillmix.wording import cell, middle, plain, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from skillmix.case_targets import Targets
    from skillmix.result import Result
    from skillmix.scenario import Scenario

    Tree = Mapping[str, Any]

__all__ = ["Risk", "amount", "risks", "risks_of"]

_HALVINGS = 12
"""Steps of the search: the trigger is known to 1 / 4,096 of the distance."""
_INSIDE = "inside its plausible range"
_BEYOND = "beyond its plausible range"
_ROUTE = "standard"
"""The route of an intake that names none."""
_WHOLE = ("lead_weeks",)
"""Ends of the paths of whole numbers."""


class Risk(NamedTuple):
    """One field at the bad end of its range.

    Attributes:
        title: What may go wrong.
        path: The field.
        value: Its value in the case.
        bad: The bad end of its range, or ``nan`` if no range is known.
        unit: Unit of both.
        origin: Where the range comes from.
    """

    title: str
    path: str
    value: float
    bad: float
    unit: str
    origin: str


def risks_of(scenario: Scenario) -> list[Risk]:
    """The risks that a scenario has: turnover, recruitment, training, demand and treatment."""
    from skillmix.scenario import Scenario as Scenarios

    tree = scenario.to_dict(complete=True)
    ours = {str(row["path"]): row for row in rows(scenario._inner.assumptions().columns())}
    packs = Scenarios.preset(scenario.pack)._inner.assumptions().columns()
    pack = {str(row["path"]): row for row in rows(packs)}
    found = []
    for path, title, upwards in _candidates(tree):
        stated = _at(tree, path)
        if stated is None or path not in ours:
            continue
        low, high, origin = _range(stated, ours[path], pack.get(path))
        value = middle(stated)
        bad = high if upwards else low
        known = bad > value if upwards else bad < value
        unit = str(ours[path]["unit"])
        found.append(Risk(title, path, value, bad if known else math.nan, unit, origin))
    return found


def _candidates(tree: Tree) -> Iterator[tuple[str, str, bool]]:
    """Path, title and whether more is worse."""
    staff, training = tree["staff"], tree["training"]
    trainees = {course["trainee_role"] for course in training["courses"].values()}
    for role, fields in staff.items():
        if role in trainees or not middle(fields.get("posts", fields["in_post"])):
            continue
        title = str(fields["title"])
        yield f"staff.{role}.leavers_per_year", f"More leave: {title}", True
        if fields["recruitment"]["policy"] != "frozen":
            here = f"staff.{role}.recruitment"
            yield f"{here}.fill_share", f"Fewer posts are filled: {title}", False
            yield f"{here}.lead_weeks", f"Recruiting takes longer: {title}", True
    intakes = training.get("intakes", [])
    for name in dict.fromkeys(intake["course"] for intake in intakes):
        course = training["courses"][name]
        here, title = f"training.courses.{name}", str(course["title"])
        yield f"{here}.leavers_per_year", f"More trainees leave: {title}", True
        taken = {intake.get("route") or _ROUTE for intake in intakes if intake["course"] == name}
        for route, fields in course.get("routes", {}).items():
            if route not in taken:
                continue
            said = f"{title}, {fields['title']}"
            yield f"{here}.routes.{route}.pass_first", f"Fewer pass at first: {said}", False
            yield f"{here}.routes.{route}.resit_pass", f"Fewer pass the resit: {said}", False
    yield "demand.growth_per_year", "Referrals grow faster", True
    yield "pathway.opt_in.share", "More of those referred opt in", True
    for step in ("step2", "step3"):
        for name, fields in tree["pathway"].get(step, {}).items():
            title = str(fields["title"])
            yield f"pathway.{step}.{name}.sessions", f"Courses are longer: {title}", True
    yield "money.award_default", "Pay awards are higher", True


def _at(tree: Any, path: str) -> Any:
    for step in path.split("."):
        if not isinstance(tree, dict) or step not in tree:
            return None
        tree = tree[step]
    return tree


def _range(stated: Any, ours: Tree, pack: Tree | None) -> tuple[float, float, str]:
    """Low, high and their origin: the spread that is stated, else the range of value or pack."""
    spread = stated.get("unsure") if isinstance(stated, dict) else None
    if isinstance(spread, dict):
        points = next(iter(spread.values()))
        if isinstance(points, list) and len(spread) == 1 and "empirical" not in spread:
            return float(points[0]), float(points[-1]), "stated as unsure"
        _, _, low, _, high = _core.spread_numbers(dict(stated))
        return low, high, "stated as unsure: nine in ten draws lie between"
    for row, origin in ((ours, str(ours["source"])), (pack, "range of the reference pack")):
        if row is not None:
            low, high = (_number(row[end]) for end in ("low", "high"))
            if not (math.isnan(low) or math.isnan(high)):
                return low, high, origin
    return math.nan, math.nan, "no range is known: state the value as unsure"


def _number(text: object) -> float:
    try:
        return float(plain(text))
    except ValueError:
        return math.nan


def risks(
    scenario: Scenario, base: Result, targets: Targets, weeks: int
) -> Iterator[dict[str, Any]]:
    """Each risk with its effect and its trigger, the most pressing first."""
    before, sums = quarters(base)[-1], totals(base)
    kept = _met(before, targets)
    all_met = not _met(before, targets, "no")
    found = []
    for risk in risks_of(scenario):
        row: dict[str, Any] = {
            "risk": risk.title,
            "path": risk.path,
            "value": risk.value,
            "unit": risk.unit,
            "range": risk.origin,
        }
        if math.isnan(risk.bad):
            said = "not tested: no range is known on the bad side of the value"
            found.append({**row, "says": said})
            continue
        run = _run(scenario, risk, risk.bad, weeks)
        if run is None:
            found.append({**row, "says": "not tested: the bad end does not fit the scenario"})
            continue
        end, then = quarters(run)[-1], totals(run)
        found.append(
            {
                **row,
                "tested": risk.bad,
                "wait_step3_weeks": float(end["wait_step3_weeks"]),
                "extra_weeks": _more(end["wait_step3_weeks"], before["wait_step3_weeks"]),
                "finishers": then["finishers"],
                "extra_finishers": then["finishers"] - sums["finishers"],
                "pounds": then["pounds"],
                "extra_pounds": then["pounds"] - sums["pounds"],
                **_trigger(scenario, risk, targets, kept, weeks, all_met=all_met),
            }
        )
    yield from sorted(found, key=_rank)


def _rank(row: Mapping[str, Any]) -> tuple[bool, bool, float, float]:
    """Those that miss a target inside their range first, then by what they add to the wait."""
    weeks = row.get("extra_weeks", 0.0)
    inside = str(row["says"]).endswith(_INSIDE)
    return ("tested" not in row, not inside, -weeks, row.get("extra_finishers", 0.0))


def _more(then: Any, before: Any) -> float:
    """A difference of two waits; a wait without end is longer by no end."""
    return 0.0 if then == before else float(then) - float(before)


def _met(quarter: Mapping[str, Any], targets: Targets, answer: str = "yes") -> list[str]:
    """The measures whose targets are met in a quarter, or with ``"no"`` those that are missed."""
    name = str(quarter["quarter"])
    return [m for m in MEASURES if met(m, float(quarter[m]), targets.of(m, name)) == answer]


def _run(scenario: Scenario, risk: Risk, value: float, weeks: int) -> Result | None:
    """The run with the field at a value, or None if the scenario cannot have it."""
    try:
        changed = scenario.with_({risk.path: round(value) if _whole(risk) else value})
        return changed.project(weeks=weeks)
    except ScenarioError:
        return None


def _whole(risk: Risk) -> bool:
    return risk.path.endswith(_WHOLE)


def _trigger(
    scenario: Scenario,
    risk: Risk,
    targets: Targets,
    kept: list[str],
    weeks: int,
    *,
    all_met: bool,
) -> dict[str, Any]:
    """The value at which one of the targets that are kept is first missed."""
    if not kept:
        return {"says": "no target of the last quarter is met in the case itself"}
    good, far = risk.value, 2 * risk.bad - risk.value
    missed = _missed(scenario, risk, far, targets, kept, weeks)
    if missed is None:  # beyond what the field may be: as far as the range goes
        far = risk.bad
        missed = _missed(scenario, risk, far, targets, kept, weeks)
    if not missed:
        more = "no target" if all_met else "none of the targets that are met"
        return {"says": f"{more} is missed up to {amount(far, risk.unit)}"}
    bad = far
    for _ in range(_HALVINGS):
        half = (good + bad) / 2
        if _whole(risk):
            half = math.floor(half)
            if half in (good, bad):
                break
        here = _missed(scenario, risk, half, targets, kept, weeks)
        if here:
            bad, missed = half, here
        else:
            good = half
    inside = abs(bad - risk.value) <= abs(risk.bad - risk.value)
    way = "at or above" if risk.bad > risk.value else "at or below"
    where = _INSIDE if inside else _BEYOND
    return {
        "trigger": bad,
        "target": MEASURES[missed[0]].title,
        "says": f"missed {way} {amount(bad, risk.unit)}, {where}",
    }


def amount(value: float, unit: str) -> str:
    """A value of a risk in words, to three figures.

    >>> amount(0.00499, "a year"), amount(0.25, "share")
    ('0.00499 a year', '25 %')
    """
    return cell(value, unit) if unit == "share" else f"{value:.3g} {unit}".rstrip()


def _missed(
    scenario: Scenario, risk: Risk, value: float, targets: Targets, kept: list[str], weeks: int
) -> list[str] | None:
    """Of the targets that are kept, those missed at a value; None if it cannot be had."""
    run = _run(scenario, risk, value, weeks)
    if run is None:
        return None
    still = _met(quarters(run)[-1], targets)
    return [name for name in kept if name not in still]
