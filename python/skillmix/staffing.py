"""How many staff do the attended appointments of a year stand for?

Nobody publishes staff numbers. The plan of the core works out the hours that a year of assessments
and courses asks of each pool of roles: minutes of every booking, missed ones included, screening,
and supervision beyond job plans. A pool is staffed in the proportions of its pack so that its
bookable hours are just these:

    WTE x bookable hours = screening + assessments + courses + supervision beyond plans

Posts are what keeps these staff in post: leavers a year x lead time / share filled are vacant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillmix.sessions import number, sessions_per_start, starts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tree = Mapping[str, Any]

HIGHEST_COURSE_SHARE = 0.95
"""Most of those assessed who start a course [share] (judgement, 0.8 to 1)."""
SLACK = 1.25
"""Room for uneven weeks in a limit that the published year breaks (judgement, 1.1 to 1.5)."""
WEEKS = 365.25 / 7
"""Weeks of a year [weeks]."""
_ROUNDS = 30
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Inferred:
    """Staff inferred from a year's flow.

    Attributes:
        wte: Role -> WTE in post.
        posts: Role -> WTE of posts that keep them in post.
        ring_fence: Assessments / (assessments + courses) in hours of the assessing pool.
    """

    wte: dict[str, float]
    posts: dict[str, float]
    ring_fence: float


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


def attended(stage: Tree) -> float:
    """Attended share of booked = 1 - DNA - patient cancelled - provider cancelled."""
    return 1 - sum(number(stage[name]) for name in ("dna", "patient_cancel", "provider_cancel"))


def share_assessed_of_opted_in(pathway: Tree, weeks: float) -> float:
    """Share of those in the assessment queue who are assessed in the end.

    Of each booking a share a is attended, and of those missed by patients a share x is discharged,
    so a / (a + missed x) come to an assessment; (1 - giving up a week) ^ weeks wait until then.
    """
    stage = pathway["assessment"]
    came = attended(stage)
    missed = number(stage["dna"]) + number(stage["patient_cancel"])
    lost = missed * number(stage["discharged_after_missed"])
    stayed = (1 - number(stage["renege_per_week"])) ** weeks
    return stayed * came / (came + lost) if came > 0 else 0.0


def pools(complete: Tree) -> dict[str, list[str]]:
    """Role that others deliver for -> the qualified roles of its pool, itself first."""
    trainees = {c["trainee_role"] for c in complete.get("training", {}).get("courses", {}).values()}
    found: dict[str, list[str]] = {}
    for name, role in complete["staff"].items():
        if name in trainees:
            continue
        if role.get("delivers_as", name) == name:
            found.setdefault(name, []).insert(0, name)
        else:
            found.setdefault(role["delivers_as"], []).append(name)
    return found


def posts_for(role: Tree, wte: float, promoted: float) -> float:
    """Posts that keep so many in post: a post is vacant for lead time / share filled.

    >>> recruitment = {"policy": "to_posts", "lead_weeks": 26.0892857, "fill_share": 0.5}
    >>> round(posts_for({"leavers_per_year": 0.1, "recruitment": recruitment}, 20.0, 0.0), 4)
    22.0

    Args:
        role: Fields of the role.
        wte: WTE that stay in post.
        promoted: WTE a year who are promoted out of the role.
    """
    recruitment = role["recruitment"]
    filled = number(recruitment["fill_share"])
    if recruitment["policy"] != "to_posts" or filled <= 0:
        return wte
    gone = number(role["leavers_per_year"]) * wte + promoted
    return wte + gone * number(recruitment["lead_weeks"]) * 7 / 365.25 / filled


def infer(complete: Tree, assessments: float) -> Inferred:
    """Staff whose bookable hours are just what so many assessments and their courses take.

    Args:
        complete: Tree of a complete scenario; its roles in post only say how a pool is composed.
        assessments: Assessments held a year.

    Returns:
        WTE in post and posts by role, and the ring-fence that serves assessments and courses alike.
    """
    pathway, staff = complete["pathway"], complete["staff"]
    joining = (1 - number(pathway["screening"]["rejected"])) * number(pathway["opt_in"]["share"])
    referrals = assessments / (joining * share_assessed_of_opted_in(pathway, 0.0))
    members = pools(complete)
    mix = {
        pool: {role: number(staff[role]["in_post"]) for role in roles}
        for pool, roles in members.items()
    }
    for pool, here in mix.items():
        if sum(here.values()) <= 0:
            here[pool] = 1.0
    factor = dict.fromkeys(members, 1.0)
    hours: dict[tuple[str, str], float] = {}
    for _ in range(_ROUNDS):
        wte = {r: n * factor[pool] for pool, here in mix.items() for r, n in here.items()}
        hours = _hours(complete, referrals, wte)
        found = {
            pool: factor[pool] * _asked(hours, pool) / in_post
            for pool in members
            if (in_post := hours[pool, "in post"]) > 0
        }
        change = max((abs(found[p] - factor[p]) / max(found[p], 1e-9) for p in found), default=0.0)
        factor.update(found)
        if change < _CLOSE:
            break
    wte = {r: n * factor[pool] for pool, here in mix.items() for r, n in here.items()}
    promoted = dict.fromkeys(wte, 0.0)
    for role, count in wte.items():
        source = staff[role]["recruitment"].get("from")
        if source in promoted:
            promoted[source] += count * number(staff[role]["leavers_per_year"])
    pool = next(p for p, roles in members.items() if pathway["assessment"]["role"] in roles)
    kept = hours[pool, "assessments"]
    both = kept + hours[pool, "courses"]
    return Inferred(
        wte,
        {role: posts_for(staff[role], count, promoted[role]) for role, count in wte.items()},
        kept / both if both > 0 else 1.0,
    )


def limits(complete: Tree, wte: Mapping[str, float], assessments: float) -> dict[str, float]:
    """Limits of new starts and open cases that the published year breaks, by path, lifted.

    A year's starts a week, and its open cases = starts a week x booked sessions a start x weeks
    between them, for each WTE of the pool that has the limit; with ``SLACK`` for uneven weeks.
    """
    pathway, staff = complete["pathway"], complete["staff"]
    starts = starts_of(pathway, assessments)
    found = {}
    for members in pools(complete).values():
        here = [
            (count / WEEKS, pathway[step][name])
            for (step, name), count in starts.items()
            if pathway[step][name]["roles"][0] in members
        ]
        a_week = sum(count for count, _ in here)
        cases = sum(
            count * (sessions_per_start(fields) / attended(fields) - 1) * fields["interval_weeks"]
            for count, fields in here
            if attended(fields) > 0
        )
        for limit, needed in (("new_starts_per_week", a_week), ("caseload_max", cases)):
            carrying = [role for role in members if staff[role].get(limit) is not None]
            able = sum(wte.get(role, 0.0) for role in carrying)
            for role in carrying:
                if able > 0 and SLACK * needed / able > number(staff[role][limit]):
                    found[f"staff.{role}.{limit}"] = SLACK * needed / able
    return found


def _asked(hours: Mapping[tuple[str, str], float], pool: str) -> float:
    lines = ("screening", "assessments", "courses", "supervision")
    return sum(hours[pool, line] for line in lines)


def _hours(
    complete: Tree, referrals: float, wte: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Hours a year by pool and line, as the plan of the core has them.

    Nobody leaves in this plan, so that it holds no trainees who replace leavers: their supervision
    would be counted, though the published year says nothing of them.
    """
    from skillmix import _core

    staff = {
        role: {**fields, "leavers_per_year": 0.0, "in_post": wte.get(role, 0.0)}
        for role, fields in complete["staff"].items()
    }
    for fields in staff.values():
        fields.pop("posts", None)
    tree = {
        **complete,
        "demand": {"rate": {"referrals": referrals, "per": "year"}},
        "staff": staff,
        "training": {**complete.get("training", {}), "intakes": []},
        "sources": {},
    }
    table = _core.Scenario.from_dict(tree).plan().table("capacity").columns()
    names = {
        "pool: screening": "screening",
        "pool: assessments": "assessments",
        "pool: courses": "courses",
        "pool: supervision beyond job plans": "supervision",
        "pool: bookable hours in post": "in post",
    }
    return {
        (str(role), names[line]): float(hours)
        for role, line, hours in zip(
            table["role"], table["line"], table["hours_a_year"], strict=True
        )
        if line in names
    }
