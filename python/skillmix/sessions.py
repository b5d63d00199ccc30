"""How long are the courses of a service, and which of its contacts are no sessions of a course?

The service publishes the mean sessions of its finishers by step and all appointments attended. The
plan of the pack is kept, and the drop-out h solved so that a start attends the published mean:

    (1 - (1 - h)^plan) / h = mean

A mean that needs less drop-out than ``LEAST_DROP_OUT`` makes the plan longer instead. Attended
appointments that are neither assessments nor such sessions (assessments for Step 3, people seen
once, calls between sessions) take staff time but open no course: their minutes are charged to the
start of Step 3, and of Step 2 if they do not fit there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import DataError

if TYPE_CHECKING:
    Tree = Mapping[str, Any]

LEAST_DROP_OUT = 0.04
"""Least drop-out after a session that a plan is kept with [share] (judgement, 0.02 to 0.06).

The least of the packs is that of counselling, 0.042.
"""
MOST_SESSIONS = 60
"""Longest plan of a scenario [sessions]."""
MOST_CONTACTS = 30.0
"""Most other contacts of one start in a scenario [contacts]."""


def number(value: Any) -> float:
    """A plain number, or the mean of a spread.

    >>> number(3), number({"unsure": {"pert": [0.1, 0.2, 0.6]}}), number({"varies": {"mean": 7.6}})
    (3.0, 0.25, 7.6)
    """
    if isinstance(value, Mapping):
        if "varies" in value:
            return number(value["varies"]["mean"])
        if value.get("unsure"):
            return _core.spread_numbers(dict(value))[0]
        raise DataError(f"{value!r}: a number or a spread is expected")
    return float(value)


def attended_of(planned: float, drop_out: float) -> float:
    """Attended sessions a start: (1 - (1 - h)^n) / h, or n without drop-out.

    >>> attended_of(3, 0.5)
    1.75
    """
    return planned if drop_out <= 0 else (1 - (1 - drop_out) ** planned) / drop_out


def sessions_per_start(treatment: Tree) -> float:
    """Attended sessions of a start, by plan and drop-out.

    >>> sessions_per_start({"sessions": 3, "drop_out": 0.5})
    1.75
    """
    return attended_of(number(treatment["sessions"]), number(treatment["drop_out"]))


def drop_out_for(planned: float, held: float) -> float:
    """Drop-out after each session with which a plan gives so many attended sessions a start.

    Solves (1 - (1 - h)^planned) / h = held; 0 if as many or more are wanted than are planned, 1
    if only the first is.

    >>> round(drop_out_for(3, 1.75), 6)
    0.5
    """
    low, high = 0.0, 1.0
    if held >= planned:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if attended_of(planned, middle) > held else (low, middle)
    return (low + high) / 2


def course_for(treatment: Tree, held: float) -> tuple[Any, float]:
    """Plan and drop-out of a treatment with which a start attends ``held`` sessions.

    The plan stays as it is; if it would need less drop-out than the least, the shortest longer
    plan in whole sessions is taken that does not.

    >>> course_for({"sessions": 6, "drop_out": 0.2}, 3.55)[0]
    6
    >>> plan, drop_out = course_for({"sessions": 6, "drop_out": 0.2}, 6.0)
    >>> plan, round(attended_of(plan, drop_out), 6)
    (7, 6.0)
    """
    plan, held = treatment["sessions"], max(1.0, held)
    planned, least = number(plan), min(LEAST_DROP_OUT, number(treatment["drop_out"]))
    if drop_out_for(planned, held) >= least:
        return plan, drop_out_for(planned, held)
    longer = math.floor(planned) + 1
    while longer < MOST_SESSIONS and drop_out_for(longer, held) < least:
        longer += 1
    return _as_long_as(plan, longer), drop_out_for(longer, held)


def _as_long_as(plan: Any, sessions: int) -> Any:
    """A plan with this mean; a spread keeps its ratio of standard deviation to mean."""
    if not (isinstance(plan, Mapping) and "varies" in plan):
        return sessions
    between = dict(plan["varies"], mean=float(sessions))
    if between.get("sd") is not None:
        between["sd"] = round(min(between["sd"] * sessions / number(plan), MOST_SESSIONS), 2)
    return {"varies": between}


def held_by_treatment(pathway: Tree, step: str, mean: float) -> dict[str, float]:
    """Attended sessions of each one-to-one treatment of a step, whose mean over routes is ``mean``.

    The proportions between the treatments are those of the pathway given.

    >>> two = {"a": {"sessions": 4, "drop_out": 0.0}, "b": {"sessions": 8, "drop_out": 0.0}}
    >>> held_by_treatment({"step3": two, "routes": {"step3": {"a": 0.2, "b": 0.2}}}, "step3", 9.0)
    {'a': 6.0, 'b': 12.0}
    """
    single = one_to_one(pathway, step)
    routes = pathway["routes"].get(step, {})
    weights = {name: number(routes.get(name, 0.0)) for name in single}
    if sum(weights.values()) <= 0:
        weights = dict.fromkeys(single, 1.0)
    held = {name: sessions_per_start(fields) for name, fields in single.items()}
    now = sum(weights[name] * held[name] for name in single) / (sum(weights.values()) or 1.0)
    return {name: round(held[name] * mean / now, 10) for name in single}


def one_to_one(pathway: Tree, step: str) -> dict[str, Tree]:
    """The treatments of a step that are no groups.

    A group has its fixed course, and a place in it that stays empty is not given away.
    """
    return {name: fields for name, fields in pathway[step].items() if not fields.get("group")}


def starts_of(pathway: Tree, assessments: float) -> dict[tuple[str, str], float]:
    """Starts of each treatment, those stepped up or down into it once included."""
    starts = {
        (step, name): assessments * number(pathway["routes"].get(step, {}).get(name, 0.0))
        for step in ("step2", "step3")
        for name in pathway[step]
    }
    moved = dict.fromkeys(starts, 0.0)
    for (step, name), count in starts.items():
        fields = pathway[step][name]
        last = max(0.0, number(fields["sessions"]) - 1)
        completers = count * (1 - number(fields["drop_out"])) ** last
        for way in ("step_up", "step_down"):
            to = tuple(str(fields.get(f"{way}_to", "")).split(".", 1))
            if to in moved:
                moved[to] += completers * number(fields[way])
    return {key: starts[key] + moved[key] for key in starts}


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Contacts of a year that are neither assessments nor sessions of a course.

    Attributes:
        contacts: How many; below 0 if sessions give more than were attended.
        per_start: Step -> contacts charged to each start of it.
        other_contacts: (step, treatment) -> contacts a start, ``other_contacts`` of the pathway.
        not_charged: Contacts that fit nowhere.
    """

    contacts: float
    per_start: dict[str, float]
    other_contacts: dict[tuple[str, str], float]
    not_charged: float


def left_over(pathway: Tree, assessments: float, attended: float) -> LeftOver:
    """Contacts that are no sessions, by start of Step 3, then of Step 2.

    Contacts = attended - assessments - sum of starts x attended sessions a start; at most
    ``MOST_CONTACTS`` for each start.

    Args:
        pathway: Pathway with the sessions of the service.
        assessments: Assessments held in the year.
        attended: Appointments attended in the year, assessments included.
    """
    starts = starts_of(pathway, assessments)
    sessions = sum(
        count * sessions_per_start(pathway[step][name]) for (step, name), count in starts.items()
    )
    contacts = attended - assessments - sessions
    rest = max(0.0, contacts)
    per_start: dict[str, float] = {}
    others: dict[tuple[str, str], float] = {}
    for step in ("step3", "step2"):
        single = one_to_one(pathway, step)
        total = sum(starts[step, name] for name in single)
        if rest <= 0 or total <= 0:
            continue
        per_start[step] = min(rest / total, MOST_CONTACTS)
        others |= {(step, name): per_start[step] for name in single}
        rest = max(0.0, rest - per_start[step] * total)
        if rest < 1e-6 * attended:
            rest = 0.0
    return LeftOver(contacts, per_start, others, rest)
