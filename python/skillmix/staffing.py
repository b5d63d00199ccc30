"""How many staff do the attended appointments of a year stand for?

Nobody publishes staff numbers. For each treatment m with starts c(m) and E(m) attended sessions a
start, contacts after the assessment are shared in proportion to c(m) x E(m) and scaled to what was
attended. Minutes = contacts / attended share x minutes x (1 - provider cancelled - patient
cancelled x reused). WTE of a pool of roles = minutes / (60 x bookable hours x weeks available).

Every function works on the tree of a complete scenario, so it can be used again when a planner
states other staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillmix.monthly_csv import refuse

if TYPE_CHECKING:
    Tree = Mapping[str, Any]

WEEKS_LESS_BANK_HOLIDAYS = 365.25 / 7 - 8 / 5
"""Weeks of a year without its eight bank holidays [weeks]."""
HIGHEST_RING_FENCE = 0.95
"""Most of a role's minutes that is kept for assessments [share] (judgement, 0.8 to 1)."""
HIGHEST_COURSE_SHARE = 0.95
"""Most of those assessed who start a course [share] (judgement, 0.8 to 1)."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """Staff inferred from attended appointments.

    Attributes:
        wte: Role -> WTE in post.
        ring_fence: Share of the assessing pool's bookable minutes that assessments take.
        fit: Contacts after the assessment as published / as routes and sessions give them; 1 is
            a perfect fit.
    """

    wte: dict[str, float]
    ring_fence: float
    fit: float


def number(value: Any) -> float:
    """A plain number, or the mean of a spread.

    >>> number(3), number({"unsure": {"pert": [0.1, 0.2, 0.6]}}), number({"varies": {"mean": 7.6}})
    (3.0, 0.25, 7.6)
    """
    if isinstance(value, Mapping):
        if "varies" in value:
            return float(value["varies"]["mean"])
        for family, of in value.get("unsure", {}).items():
            if family == "pert":
                return float((of[0] + 4 * of[1] + of[2]) / 6)
            return float(sum(of) / len(of))
        raise refuse(f"{value!r}: a number or a spread is expected")
    return float(value)


def scaled_sessions(sessions: Any, ratio: float) -> Any:
    """A plan of sessions with its mean (and spread) times ``ratio``, kept within 1 to 60.

    >>> scaled_sessions({"varies": {"family": "lognormal", "mean": 8.0, "sd": 4.0}}, 0.5)
    {'varies': {'family': 'lognormal', 'mean': 4.0, 'sd': 2.0}}
    """
    mean = number(sessions)
    wanted = min(max(mean * ratio, 1.0), 60.0)
    if isinstance(sessions, Mapping) and "varies" in sessions:
        between = dict(sessions["varies"], mean=round(wanted, 2))
        if between.get("sd") is not None:
            between["sd"] = round(min(between["sd"] * wanted / mean, 60.0), 2)
        return {"varies": between}
    return round(wanted, 2)


def scaled_routes(routes: Tree, ratio: float) -> tuple[dict[str, Any], float]:
    """Routes with the courses times ``ratio`` and the exits filling up to 1; the ratio used.

    >>> routes = {"step2": {"a": 0.3}, "step3": {"b": 0.2}, "signposted": 0.4, "declined": 0.1}
    >>> scaled_routes(routes, 1.5)[0]
    {'step2': {'a': 0.45}, 'step3': {'b': 0.3}, 'signposted': 0.2, 'declined': 0.05}
    """
    steps = {s: {n: number(v) for n, v in routes.get(s, {}).items()} for s in ("step2", "step3")}
    exits = {name: number(v) for name, v in routes.items() if name not in steps}
    courses, rest = sum(sum(step.values()) for step in steps.values()), sum(exits.values())
    if courses <= 0 or rest <= 0:
        return {**steps, **exits}, 1.0
    ratio = min(ratio, HIGHEST_COURSE_SHARE / courses)
    found: dict[str, Any] = {
        step: {name: round(share * ratio, 5) for name, share in shares.items()}
        for step, shares in steps.items()
    }
    left = 1 - sum(sum(step.values()) for step in found.values())
    scaled = {name: round(share * left / rest, 5) for name, share in exits.items()}
    largest = max(scaled, key=lambda name: scaled[name])
    others = sum(share for name, share in scaled.items() if name != largest)
    scaled[largest] = round(left - others, 5)
    return {**found, **scaled}, ratio


def drop_out_for(planned: float, held: float) -> float:
    """Drop-out after each session with which a plan gives so many attended sessions a start.

    Solves (1 - (1 - d)^planned) / d = held; 0 if as many or more are wanted than are planned.

    >>> round(drop_out_for(3, 1.75), 6)
    0.5
    """
    low, high = 0.0, 1.0
    if held >= planned:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        given = (1 - (1 - middle) ** planned) / middle
        low, high = (middle, high) if given > held else (low, middle)
    return (low + high) / 2


def attended(stage: Tree) -> float:
    """Attended share of booked = 1 - DNA - patient cancelled - provider cancelled."""
    return 1 - sum(number(stage[name]) for name in ("dna", "patient_cancel", "provider_cancel"))


def minutes_per_booking(stage: Tree, minutes: float) -> float:
    """Staff minutes that a booking takes = minutes x (1 - provider - patient x reused)."""
    reused = number(stage["patient_cancel"]) * number(stage["reuse"])
    return minutes * (1 - number(stage["provider_cancel"]) - reused)


def sessions_per_start(treatment: Tree) -> float:
    """Attended sessions a start: plan n, drop-out d after each: (1 - (1 - d)^n) / d, or n if d = 0.

    >>> sessions_per_start({"sessions": 3, "drop_out": 0.5})
    1.75
    """
    planned, drop_out = number(treatment["sessions"]), number(treatment["drop_out"])
    return planned if drop_out <= 0 else (1 - (1 - drop_out) ** planned) / drop_out


def share_assessed_of_opted_in(pathway: Tree, weeks: float) -> float:
    """Share of those in the assessment queue who are assessed in the end.

    Of each booking a share a is attended and a share x of the others is discharged, so
    a / (a + (1 - a) x) come to an assessment; (1 - giving up a week) ^ weeks wait until then.
    """
    stage = pathway["assessment"]
    came = attended(stage)
    lost = (1 - came) * number(stage["discharged_after_missed"])
    stayed = (1 - number(stage["renege_per_week"])) ** weeks
    return stayed * came / (came + lost) if came > 0 else 0.0


def hours_a_year(role: Tree) -> float:
    """Bookable hours of one WTE a year = hours a week x weeks available."""
    weeks = role.get("weeks_available")
    if weeks is None:
        available = number(role.get("availability", 0.0))
        return number(role["job_plan"]["patients"]) * available * WEEKS_LESS_BANK_HOLIDAYS
    return number(role["job_plan"]["patients"]) * number(weeks)


def pools(complete: Tree) -> dict[str, list[str]]:
    """Role that others deliver for -> the qualified roles of its pool, itself first."""
    trainees = {c["trainee_role"] for c in complete.get("training", {}).get("courses", {}).values()}
    found: dict[str, list[str]] = {}
    for name, role in complete["staff"].items():
        if role.get("delivers_as", name) == name:
            found.setdefault(name, []).insert(0, name)
        elif name not in trainees:
            found.setdefault(role["delivers_as"], []).append(name)
    return found


def assessment_minutes(complete: Tree, assessments: float) -> float:
    """Staff minutes that so many held assessments take, missed bookings included."""
    stage = complete["pathway"]["assessment"]
    came = attended(stage)
    if came <= 0:
        return 0.0
    return assessments / came * minutes_per_booking(stage, number(stage["minutes"]))


def ring_fence(complete: Tree, assessments: float) -> float:
    """Share of the assessing pool's bookable minutes that so many assessments a year take.

    With the staff in post as the tree states them; at most ``HIGHEST_RING_FENCE``.
    """
    pool = pools(complete).get(complete["pathway"]["assessment"]["role"], [])
    staff = complete["staff"]
    hours = sum(number(staff[role]["in_post"]) * hours_a_year(staff[role]) for role in pool)
    if hours <= 0:
        return HIGHEST_RING_FENCE
    return min(HIGHEST_RING_FENCE, assessment_minutes(complete, assessments) / (60 * hours))


def infer(complete: Tree, referrals: float, assessments: float, contacts: float) -> Inferred:
    """Staff that deliver a year's attended contacts.

    Args:
        complete: Tree of a complete scenario; its roles in post only say how a pool is composed.
        referrals: Referrals a year.
        assessments: Assessments held a year.
        contacts: Attended appointments a year, assessments among them.

    Returns:
        WTE by role, the ring fence for assessments, and how well contacts fit.
    """
    pathway, staff = complete["pathway"], complete["staff"]
    treatments = _starts(pathway, assessments)
    expected = sum(starts * sessions_per_start(fields) for _, starts, fields in treatments)
    rest = max(0.0, contacts - assessments)
    fit = rest / expected if expected > 0 else 1.0
    minutes = dict.fromkeys(pools(complete), 0.0)
    screening = pathway["screening"]
    _add(minutes, screening["role"], referrals * number(screening["minutes"]))
    for_assessments = assessment_minutes(complete, assessments)
    _add(minutes, pathway["assessment"]["role"], for_assessments)
    for _, starts, fields in treatments:
        a_start = minutes_per_start(fields)
        _add(minutes, fields["roles"][0], starts * fit * a_start)

    wte: dict[str, float] = {}
    for pool, roles in pools(complete).items():
        now = {role: number(staff[role]["in_post"]) for role in roles}
        if sum(now.values()) <= 0:
            now[pool] = 1.0
        supplied = sum(60 * wte_now * hours_a_year(staff[role]) for role, wte_now in now.items())
        factor = minutes[pool] / supplied if supplied > 0 else 0.0
        wte.update({role: wte_now * factor for role, wte_now in now.items()})
    total = minutes.get(pathway["assessment"]["role"], 0.0)
    share = min(HIGHEST_RING_FENCE, for_assessments / total) if total > 0 else HIGHEST_RING_FENCE
    return Inferred(wte, share, fit)


def fit_of_contacts(
    complete: Tree, assessments: float, contacts: float, ratios: Mapping[str, float]
) -> float:
    """Factor on one-to-one sessions with which starts x sessions give the contacts of a year.

    fit = (contacts - those of groups) / sum of starts x attended sessions x ratio of the step.

    Args:
        complete: Tree of a complete scenario.
        assessments: Assessments held a year.
        contacts: Attended appointments a year, assessments left out.
        ratios: Factor on sessions already known, by step.
    """
    one_to_one = groups = 0.0
    for key, starts, fields in _starts(complete["pathway"], assessments):
        held = starts * sessions_per_start(fields)
        if fields.get("group"):
            groups += held
        else:
            one_to_one += held * ratios[key.split(".")[0]]
    return max(0.0, contacts - groups) / one_to_one if one_to_one > 0 else 1.0


def minutes_per_start(treatment: Tree) -> float:
    """Staff minutes of one start: a first session and the later ones, missed bookings included."""
    came = attended(treatment)
    if came <= 0:
        return 0.0
    first, later = number(treatment["first_minutes"]), number(treatment["followup_minutes"])
    group = treatment.get("group")
    if group:
        each = number(group["facilitators"]) / number(group["size"])
        first, later = first * each, later * each
    held = sessions_per_start(treatment)
    of_attended = min(1.0, held) * first + max(0.0, held - 1) * later
    if group:  # minutes are used whoever comes
        return of_attended / came
    return minutes_per_booking(treatment, of_attended) / came


def _starts(pathway: Tree, assessments: float) -> list[tuple[str, float, Tree]]:
    """Path, starts a year (steps into it included) and fields of each treatment."""
    starts = {
        f"{step}.{name}": assessments * number(pathway["routes"].get(step, {}).get(name, 0.0))
        for step in ("step2", "step3")
        for name in pathway[step]
    }
    moved = dict.fromkeys(starts, 0.0)
    for key, count in starts.items():
        step, name = key.split(".", 1)
        fields = pathway[step][name]
        completers = count * (1 - number(fields["drop_out"])) ** max(
            0.0, number(fields["sessions"]) - 1
        )
        for way in ("step_up", "step_down"):
            to = fields.get(f"{way}_to")
            if to in moved:
                moved[to] += completers * number(fields[way])
    return [
        (key, starts[key] + moved[key], pathway[key.split(".", 1)[0]][key.split(".", 1)[1]])
        for key in starts
    ]


def _add(minutes: dict[str, float], role: str, more: float) -> None:
    if role in minutes:
        minutes[role] += more
