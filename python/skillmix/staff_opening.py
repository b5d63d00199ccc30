"""How does a staff list become the opening staff of a scenario, field by field with its source?

staff.X.in_post        sum of WTE of those who have started, each at most 1
staff.X.wte_per_head   that sum / people
staff.X.steps          WTE by pay point and day of the next step, where both are known of all
staff.X.leaving.opening_tenure    shares of WTE by whole months in the post
training.intakes       trainees by course and first day of the course
supervision.norms.K.trained       people trained for kind K / people of the role
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.staff_findings import course_of, ended, kinds_of
from skillmix.stated import ALREADY, last_usual_start, staff_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skillmix.scenario import Scenario
    from skillmix.staff_list import Person, StaffList

    Tree = Mapping[str, Any]
    Sources = dict[str, dict[str, str]]

__all__ = ["Opening", "opening"]

_MOST_TENURES = 60
_THERAPISTS = ("high_intensity", "counselling")
"""Families whose supervisors must be accredited themselves."""
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Opening:
    """What a list says of a scenario.

    Attributes:
        changes: Values by path, the sources among them.
        left: What the list could not say, in sentences.
    """

    changes: dict[str, Any]
    left: tuple[str, ...]


def opening(listed: StaffList, scenario: Scenario, *, complete: bool) -> Opening:
    """The changes that make a staff list the opening staff of a scenario."""
    tree = scenario.to_dict(complete=True)
    as_of = listed.as_of or date.fromisoformat(scenario.start)
    here, trainees = _sorted(listed.rows, tree, as_of)
    told = {"source": listed.source, "status": "stated"}
    roles = {course["trainee_role"] for course in tree["training"]["courses"].values()}
    others = [role for role in tree["staff"] if role not in roles and (complete or role in here)]
    changes = staff_changes(
        scenario.to_dict(),
        tree,
        start=scenario.start,
        in_post={role: _wte(here.get(role, ())) for role in others},
        trainees={role: len(trainees.get(role, ())) for role in sorted(roles)},
        waiting={},
        since=None,
        source=listed.source,
    )
    sources: Sources = changes["sources"]
    left: list[str] = []
    for role, people in [*here.items(), *trainees.items()]:
        path = f"staff.{role}.wte_per_head"
        changes[path] = round(_wte(people) / len(people), _PLACES)
        sources[path] = told
    _intakes(changes, sources, tree, trainees, as_of, told)
    if "point" in listed.columns:
        _pay_steps(changes, sources, scenario, here, told, left)
    if "start" in listed.columns:
        _tenure(changes, sources, here, as_of, told)
    if "supervisor_trained" in listed.columns:
        _trained(changes, sources, tree, here, told)
    return Opening(changes, tuple(left))


def _wte(people: Sequence[Person]) -> float:
    return round(sum(min(1.0, person.wte) for person in people), _PLACES)


def _sorted(
    people: Sequence[Person], tree: Tree, as_of: date
) -> tuple[dict[str, list[Person]], dict[str, list[Person]]]:
    """Those in post by role, and trainees by theirs; who has ended the course is qualified."""
    here: dict[str, list[Person]] = defaultdict(list)
    trainees: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        course = course_of(person, tree)
        if person.wte == 0:
            continue
        if course is None:
            if person.start is None or person.start <= as_of:
                here[person.role].append(person)
        elif ended(person, tree, as_of):
            here[str(tree["training"]["courses"][course]["becomes"])].append(person)
        else:
            trainees[person.role].append(person)
    return here, trainees


def _intakes(
    changes: dict[str, Any],
    sources: Sources,
    tree: Tree,
    trainees: Mapping[str, Sequence[Person]],
    as_of: date,
    told: dict[str, str],
) -> None:
    """Trainees by course and first day, before the intakes that are planned."""
    groups: dict[tuple[str, str, str], list[Person]] = defaultdict(list)
    guessed: set[tuple[str, str, str]] = set()
    for role, people in trainees.items():
        for person in people:
            start = person.course_start or date.fromisoformat(last_usual_start(as_of.isoformat()))
            key = (start.isoformat(), role, str(course_of(person, tree)))
            groups[key].append(person)
            if person.course_start is None:
                guessed.add(key)
    made = [
        {
            "id": f"{ALREADY}{role}, {start}",
            "course": course,
            "start": start,
            "trainees": len(group),
        }
        for (start, role, course), group in sorted(groups.items())
    ]
    planned = [
        dict(intake)
        for intake in tree["training"].get("intakes", [])
        if not str(intake.get("id", "")).startswith(ALREADY)
    ]
    changes["training.intakes"] = made + planned
    for path in [path for path in sources if path.startswith("training.intakes")]:
        del sources[path]
    for place, key in enumerate(sorted(groups)):
        here = f"training.intakes[{place}]"
        sources[here] = told
        if key in guessed:
            note = "no first day of the course in the list: the last usual start of courses"
            sources[f"{here}.start"] = {**told, "status": "inferred", "note": note}


def _pay_steps(
    changes: dict[str, Any],
    sources: Sources,
    scenario: Scenario,
    here: Mapping[str, Sequence[Person]],
    told: dict[str, str],
    left: list[str],
) -> None:
    """WTE by pay point and next step, for roles of which both are known of everybody."""
    staff = scenario.to_dict(complete=True)["staff"]
    for role, people in here.items():
        band = str(staff[role]["band"])
        years = _core.pay_points(band, scenario.start)
        sums: dict[tuple[int, str], float] = defaultdict(float)
        for person in people:
            same_band = person.band is None or person.band == band
            step = _step(person, years, scenario.start) if same_band else None
            if step is None:
                left.append(f"staff.{role}: pay by points needs the point and next step of all")
                break
            sums[step] += min(1.0, person.wte)
        else:
            changes[f"staff.{role}.pay_point"] = "steps"
            changes[f"staff.{role}.steps"] = [
                {"wte": round(wte, _PLACES), "point": point, **({"next_step": day} if day else {})}
                for (point, day), wte in sorted(sums.items())
            ]
            sources[f"staff.{role}.pay_point"] = sources[f"staff.{role}.steps"] = told


def _step(person: Person, years: Sequence[int], start: str) -> tuple[int, str] | None:
    """Point and day of the next one (empty at the top), or None if it is not known."""
    most = len(years)
    words = {"entry": 1, "middle": (most + 1) // 2, "top": most}
    if person.point is None:
        return None
    point = words[person.point] if isinstance(person.point, str) else min(person.point, most)
    if point == most:
        return point, ""
    first = date.fromisoformat(start)
    found = person.next_step
    if found is None and person.start is not None:
        found = _years_on(person.start, years[point])
    latest = _years_on(first, years[point] - years[point - 1])
    if found is None or not first < found <= latest:
        return None
    return point, found.isoformat()


def _years_on(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last)


def _tenure(
    changes: dict[str, Any],
    sources: Sources,
    here: Mapping[str, Sequence[Person]],
    as_of: date,
    told: dict[str, str],
) -> None:
    """Shares of WTE by whole months in the post, of those whose first day is known."""
    for role, people in here.items():
        sums: dict[int, float] = defaultdict(float)
        for person in people:
            if person.start is not None:
                sums[_months(person.start, as_of)] += min(1.0, person.wte)
        if len(sums) > _MOST_TENURES:  # by whole years then, each at its middle
            years: dict[int, float] = defaultdict(float)
            for months, wte in sums.items():
                years[months // 12 * 12 + 6] += wte
            sums = years
        total = sum(sums.values())
        if total <= 0:
            continue
        shares = [(months, round(wte / total, _PLACES)) for months, wte in sorted(sums.items())]
        rest = round(1 - sum(share for _, share in shares[1:]), _PLACES)
        shares[0] = (shares[0][0], rest)
        path = f"staff.{role}.leaving.opening_tenure"
        changes[path] = [{"months": months, "share": share} for months, share in shares]
        sources[path] = told


def _months(since: date, until: date) -> int:
    """Whole months from one day to another.

    >>> _months(date(2024, 1, 31), date(2024, 2, 29)), _months(date(2023, 4, 1), date(2025, 4, 1))
    (0, 24)
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (until.day < since.day)


def _trained(
    changes: dict[str, Any],
    sources: Sources,
    tree: Tree,
    here: Mapping[str, Sequence[Person]],
    told: dict[str, str],
) -> None:
    """By kind of supervision and supervising role: people trained for it / people of the role."""
    for kind, norm in tree["supervision"]["norms"].items():
        shares = {
            role: round(sum(_may(person, kind, role, tree) for person in people) / len(people), 6)
            for role, people in here.items()
            if role in norm.get("supervisors", ()) and people
        }
        if shares:
            path = f"supervision.norms.{kind}.trained"
            changes[path] = {**dict(norm.get("trained", {})), **shares}
            sources[path] = told


def _may(person: Person, kind: str, role: str, tree: Tree) -> bool:
    """Whether a person may give a kind of supervision."""
    if not person.supervisor_trained:
        return False
    if person.accredited is False and tree["staff"][role]["family"] in _THERAPISTS:
        return False
    return not person.supervises or any(kind in kinds_of(s, tree) for s in person.supervises)
