"""Which fields change when a planner states the numbers that nobody publishes, and on whose word?

The functions are pure: trees of a scenario in, changes by path out. People waiting for a step are
shared between its treatments by their routes. If the list was inferred from flow and wait before,
the same flow gives the wait (Little's law): longest wait = old longest wait x people / old people;
otherwise it is a national figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from numbers import Real
from typing import TYPE_CHECKING, Any

from skillmix.errors import Problem, ScenarioError
from skillmix.wording import day, middle, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    Tree = Mapping[str, Any]
    Sources = dict[str, dict[str, str]]

__all__ = ["keep_trainees", "marked", "staff_changes", "without_sources"]

ALREADY = "already in training: "
"""How the ids of intakes begin that stand for trainees who are in post at the start."""

USUAL_START = (10, 1)
"""Month and day on which courses usually start: 1 October (judgement, September to January)."""

NATIONAL_WAIT_DAYS = {"step2": 7.6, "step3": 72.3}
"""Mean wait from assessment to the first session of a step, England, 2025-26 [days].

NHS Talking Therapies monthly statistics, tidied by bennettoxford/nhstt (Open Government Licence).
"""

_ASKED = "Five numbers are asked for"
_FIVE = ("pwp", "hit", "counsellor")


def staff_changes(
    stated: Tree,
    complete: Tree,
    *,
    start: str,
    in_post: Mapping[str, float],
    trainees: Mapping[str, float],
    waiting: Mapping[str, float],
    since: str | None,
    source: str,
) -> dict[str, Any]:
    """The changes, by path, that state staff, trainees and lists, each with its source.

    Args:
        stated: Tree of what the scenario states.
        complete: Tree of all that it says.
        start: First day of its calendar [ISO date].
        in_post: WTE by role.
        trainees: Heads by role of trainees.
        waiting: People by step, ``"step2"`` or ``"step3"``.
        since: First day of the trainees' course [ISO date], or None.
        source: Where the numbers come from.

    Raises:
        ScenarioError: if there is no such role, or no course for such trainees.
    """
    _refuse_unknown([*in_post, *trainees], complete)
    sources: Sources = dict(stated.get("sources", {}))
    told = {"source": source, "status": "stated"}
    changes: dict[str, Any] = {}
    for role, wte in in_post.items():
        changes[f"staff.{role}.in_post"] = wte
        sources[f"staff.{role}.in_post"] = told
        posts = f"staff.{role}.posts"
        ours = "posts" in stated.get("staff", {}).get(role, {})
        if not ours or sources.get(posts, {}).get("status") == "inferred":
            changes[posts] = wte
            sources[posts] = {**told, "status": "inferred", "note": "as many posts as are in post"}
    if trainees:
        intakes = _with_trainees(complete, trainees, start, since)
        changes["training.intakes"] = intakes
        for index, intake in enumerate(intakes):
            if str(intake.get("id", "")).startswith(ALREADY):
                here = f"training.intakes[{index}]"
                sources[here] = told
                if since is None:
                    note = f"the last usual start of courses, {day(intake['start'])}"
                    sources[f"{here}.start"] = {**told, "status": "inferred", "note": note}
        if sources.get("training.intakes", {}).get("status") == "inferred":
            sources["training.intakes"] = told
    for step, people in waiting.items():
        lists, said = _lists(complete, sources, step, people, source)
        changes |= lists
        sources |= said
    notes = _notes(stated, sources, {*in_post, *trainees, *waiting})
    if notes is not None:
        changes["notes"] = notes
    return {**changes, "sources": sources} if changes else {}


def _refuse_unknown(roles: list[str], complete: Tree) -> None:
    known = list(complete["staff"])
    problems = []
    for role in roles:
        if role not in known:
            near = get_close_matches(role, known, n=1)
            guess = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            path = f"staff.{role}"
            said = f"{path}: no such role{guess}"
            suggestion = near[0] if near else None
            problems.append(Problem(path, role[:80], ", ".join(known), said, suggestion))
    if problems:
        raise ScenarioError("\n".join(p.message for p in problems), tuple(problems))


def _with_trainees(
    complete: Tree, trainees: Mapping[str, float], start: str, since: str | None
) -> list[dict[str, Any]]:
    """Those already in training first, then the intakes that were there."""
    training = complete.get("training", {})
    course_of = {c.get("trainee_role"): name for name, c in training.get("courses", {}).items()}
    others = [
        dict(intake)
        for intake in training.get("intakes", [])
        if str(intake.get("id", "")).removeprefix(ALREADY).split(",")[0] not in trainees
    ]
    here = [
        {
            "id": f"{ALREADY}{role}",
            "course": course_of.get(role, role),
            "start": since or last_usual_start(start),
            "trainees": heads,
        }
        for role, heads in trainees.items()
        if heads != 0
    ]
    kept = [i for i in others if str(i.get("id", "")).startswith(ALREADY)]
    return here + kept + [i for i in others if i not in kept]


def last_usual_start(start: str) -> str:
    """The last usual start of courses on or before a day.

    >>> last_usual_start("2025-04-01"), last_usual_start("2025-10-01")
    ('2024-10-01', '2025-10-01')
    """
    first = date.fromisoformat(start[:10])
    month, first_day = USUAL_START
    this_year = date(first.year, month, first_day)
    return (this_year if this_year <= first else date(first.year - 1, month, first_day)).isoformat()


def _lists(
    complete: Tree, sources: Sources, step: str, people: float, source: str
) -> tuple[dict[str, Any], Sources]:
    """People of a step by treatment, and where the figures come from."""
    treatments = list(complete.get("pathway", {}).get(step, {}))
    routes = complete.get("pathway", {}).get("routes", {}).get(step, {})
    shares = {name: middle(routes.get(name, 0)) for name in treatments}
    total = sum(shares.values())
    old = complete.get("waiting", {}).get(step, {})
    before = sum(middle(old.get(name, {}).get("people", 0)) for name in treatments)
    from_flow = before > 0 and all(
        sources.get(f"waiting.{step}.{name}", {}).get("status") == "inferred" for name in treatments
    )
    changes: dict[str, Any] = {}
    said: Sources = {}
    if not _is_amount(people):  # refused by the core, with path and range
        return {f"waiting.{step}.{treatments[0]}.people": people}, {}
    left = float(people)
    split = f"{number(float(people))} people in all, shared between treatments by their routes"
    for name in treatments:
        path = f"waiting.{step}.{name}"
        share = shares[name] / total if total > 0 else 1 / len(treatments)
        if from_flow:
            longest = min(520.0, middle(old[name].get("longest_weeks", 0)) * float(people) / before)
            note = "people waiting / starts a day, as inferred from the published year"
            note_source = sources[path]["source"]
        else:
            longest = float(int(2 * NATIONAL_WAIT_DAYS[step] / 7))
            note = (
                "twice the national mean wait from assessment to the first session, "
                f"{NATIONAL_WAIT_DAYS[step]} days"
            )
            note_source = "NHS Talking Therapies monthly statistics, England, 2025-26"
        here = left if name == treatments[-1] else round(float(people) * share, 1)
        left = round(left - here, 6)
        changes[path] = {"people": here, "longest_weeks": round(longest, 1)}
        said[path] = {"source": source, "status": "stated", "note": split}
        said[f"{path}.longest_weeks"] = {
            "source": note_source,
            "status": "inferred",
            "note": note,
        }
    return changes, said


def _notes(stated: Tree, sources: Sources, told: set[str]) -> list[str] | None:
    """The notes without the one that asks for five numbers, once they are there."""
    notes = list(stated.get("notes", []))
    known = {
        path.split(".")[1]
        for path, said in sources.items()
        if path.startswith("staff.") and path.endswith(".in_post") and said["status"] == "stated"
    } | told
    complete = all(role in known for role in _FIVE) and "step3" in known
    trainees = any(i in known for i in ("pwp_trainee", "hit_trainee"))
    if not (complete and trainees) or not any(_ASKED in note for note in notes):
        return None
    return [note for note in notes if _ASKED not in note]


def keep_trainees(stated: Tree, changes: dict[str, Any]) -> dict[str, Any]:
    """New intakes beside the trainees who are in training already, who come first."""
    new = changes.get("training.intakes")
    if not isinstance(new, list | tuple):
        return changes
    said = {intake.get("id") for intake in new if isinstance(intake, Mapping)}
    there = [
        dict(intake)
        for intake in stated.get("training", {}).get("intakes", [])
        if str(intake.get("id", "")).startswith(ALREADY) and intake.get("id") not in said
    ]
    return {**changes, "training.intakes": there + list(new)}


def marked(stated: Tree, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, with changed fields marked as stated where something else was said of them."""
    sources: Sources = dict(stated.get("sources", {}))
    if not sources or any(path == "sources" or path.startswith("sources.") for path in changes):
        return changes
    before = dict(sources)
    sources = without_sources(stated, changes)
    for path in changes:
        if any(_covers(known, path) for known in before):
            sources[path] = {"source": "this scenario", "status": "stated"}
    return changes if sources == before else {**changes, "sources": sources}


def without_sources(stated: Tree, changes: Iterable[str]) -> Sources:
    """The sources that still hold when the values at some paths are new."""
    sources: Sources = dict(stated.get("sources", {}))
    for path in changes:
        for known in [k for k in sources if _covers(path, k)]:
            if path != "training.intakes" or known == path:
                del sources[known]
    return sources


def _is_amount(value: object) -> bool:
    """True for a number that can be counted with: finite and not negative."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return 0 <= float(value) < math.inf
    except OverflowError:  # a whole number beyond any float
        return False


def _covers(above: str, path: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))
