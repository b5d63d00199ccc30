"""What looks odd in a staff list, and how is each such row counted?

Nothing here refuses a list: a person is counted as the row says unless the finding says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.staff_personal import plain_header
from skillmix.stated import last_usual_start
from skillmix.wording import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from skillmix.staff_list import Finding, Person

    Tree = Mapping[str, Any]

__all__ = ["course_of", "ended", "findings", "kinds_of", "points_of"]

_MOST_WTE = 1.0
_CLOSE = 1e-9


def findings(
    people: list[Person], tree: Tree, as_of: date | None, before: list[Finding]
) -> list[Finding]:
    """All findings, those of the whole list first, then by row."""
    found = [*before, *_whole(people, tree, as_of)]
    for person in people:
        found += _of_person(person, tree, as_of)
    return sorted(found, key=lambda one: one.row)


def _finding(row: int, column: str, finding: str, severity: str, done: str) -> Finding:
    from skillmix.staff_list import Finding

    return Finding(row, column, finding, severity, done)


def _whole(people: list[Person], tree: Tree, as_of: date | None) -> Iterator[Finding]:
    if as_of is None:
        said = "no day is given on which the list is true (as_of)"
        yield _finding(0, "", said, "note", "dates to come are not looked for")
    alike: dict[Person, list[int]] = defaultdict(list)
    for person in people:
        alike[replace(person, row=0)].append(person.row)
    for rows in alike.values():
        if len(rows) > 1:
            said = f"rows {', '.join(str(row) for row in rows)} are alike"
            yield _finding(rows[1], "", said, "check", "counted as different people")
    there = {person.role for person in people}
    trainees = {course["trainee_role"] for course in tree["training"]["courses"].values()}
    for role, fields in tree["staff"].items():
        if role not in there and role not in trainees:
            said = f"nobody in the list is a {fields['title']}"
            yield _finding(0, "role", said, "check", "nobody is in post, if the list is complete")


def _of_person(person: Person, tree: Tree, as_of: date | None) -> Iterator[Finding]:
    trainee = course_of(person, tree) is not None
    yield from _wte(person)
    yield from _band(person, tree)
    if trainee:
        yield from _trainee(person, tree, as_of)
    else:
        yield from _dates(person, as_of)
    yield from _supervision(person, tree)
    if person.employer is not None and plain_header(person.employer) != "nhs":
        done = "counted in the role; make it a role of its own for its own pay"
        yield _finding(person.row, "employer", "not employed by the NHS", "check", done)


def _wte(person: Person) -> Iterator[Finding]:
    if person.wte > _MOST_WTE + _CLOSE:
        said = f"WTE is {person.wte:g}, above 1"
        yield _finding(person.row, "wte", said, "error", "counted as 1")
    elif person.wte == 0:
        yield _finding(person.row, "wte", "WTE is 0", "error", "not counted")


def _band(person: Person, tree: Tree) -> Iterator[Finding]:
    role = tree["staff"][person.role]
    band = str(role["band"])
    if person.band is not None and person.band != band:
        same = [
            name
            for name, other in tree["staff"].items()
            if other["family"] == role["family"] and str(other["band"]) == person.band
        ]
        hint = f" (that of {', '.join(same)})" if same else ""
        said = f"band {person.band}{hint} does not go with {person.role}, band {band}"
        yield _finding(person.row, "band", said, "check", f"counted as {person.role}, paid so")
    if person.point is not None:
        points = points_of(person.band or band, tree)
        if isinstance(person.point, int) and person.point > points:
            said = f"point {person.point} is outside the band, which has {points}"
            yield _finding(person.row, "point", said, "error", f"counted on point {points}")


def _dates(person: Person, as_of: date | None) -> Iterator[Finding]:
    if person.start is None:
        done = "counted in post; time in post taken as that of the others"
        yield _finding(person.row, "start", "no first day in post", "check", done)
    elif as_of is not None and person.start > as_of:
        said = f"starts on {day(person.start.isoformat())}, after the day of the list"
        yield _finding(person.row, "start", said, "error", "not counted as in post")
    if person.qualified is not None and as_of is not None and person.qualified > as_of:
        said = f"qualifies on {day(person.qualified.isoformat())}, after the day of the list"
        yield _finding(person.row, "qualified", said, "check", "counted as qualified")
    if person.course is not None or person.course_start is not None:
        said = f"a course is named, and {person.role} is no role of trainees"
        yield _finding(person.row, "course", said, "check", "the course is passed over")
    if person.next_step is not None and as_of is not None and person.next_step <= as_of:
        said = "the next pay step lies before the day of the list"
        yield _finding(person.row, "next_step", said, "check", "taken as it stands")


def _trainee(person: Person, tree: Tree, as_of: date | None) -> Iterator[Finding]:
    course = course_of(person, tree)
    if person.course is None:
        yield _finding(person.row, "course", "a trainee without a course", "check", f"in {course}")
    elif plain_header(person.course) not in _course_words(str(course), tree):
        said = f"no course of {person.role} is called so"
        yield _finding(person.row, "course", said, "error", f"counted in {course}")
    if person.course_start is None:
        usual = f", {day(last_usual_start(as_of.isoformat()))}" if as_of else ""
        said = "a trainee without a first day of the course"
        done = f"taken as the last usual start{usual}"
        yield _finding(person.row, "course_start", said, "check", done)
    elif as_of is not None and person.course_start > as_of:
        said = f"the course starts on {day(person.course_start.isoformat())}, after the list"
        yield _finding(person.row, "course_start", said, "note", "an intake to come")
    elif as_of is not None and ended(person, tree, as_of):
        becomes = tree["training"]["courses"][course]["becomes"]
        said = "the course has ended by the day of the list"
        yield _finding(person.row, "course_start", said, "error", f"counted as {becomes}")


def _supervision(person: Person, tree: Tree) -> Iterator[Finding]:
    norms = tree["supervision"]["norms"]
    mine = [kind for kind, norm in norms.items() if person.role in norm.get("supervisors", ())]
    for said in person.supervises:
        kinds = kinds_of(said, tree)
        if not kinds:
            what = "is neither a kind of supervision nor a role"
            yield _finding(
                person.row, "supervises", f"“{said[:40]}” {what}", "error", "passed over"
            )
        elif not set(kinds) & set(mine):
            what = f"{person.role} does not supervise “{said[:40]}” in this service"
            yield _finding(person.row, "supervises", what, "check", "passed over")
    if person.supervises and person.supervisor_trained is None:
        done = "counted as not trained"
        what = "supervises somebody, and whether trained to is not said"
        yield _finding(person.row, "supervisor_trained", what, "check", done)
    elif person.supervises and person.supervisor_trained is False:
        what = "supervises somebody without the training"
        done = "counted as not trained"
        yield _finding(person.row, "supervisor_trained", what, "check", done)
    if person.supervisor_trained and not mine:
        what = f"trained to supervise, and {person.role} supervises nobody in this service"
        yield _finding(person.row, "supervisor_trained", what, "note", "passed over")


def course_of(person: Person, tree: Tree) -> str | None:
    """The course of a trainee: the one named, else the first of the role; None if no trainee."""
    courses = {
        name: course
        for name, course in tree["training"]["courses"].items()
        if course["trainee_role"] == person.role
    }
    if person.course is not None:
        for name in courses:
            if plain_header(person.course) in _course_words(name, tree):
                return str(name)
    return next(iter(courses), None)


def _course_words(name: str, tree: Tree) -> tuple[str, str]:
    title = str(tree["training"]["courses"][name]["title"])
    return plain_header(name), plain_header(title)


def ended(person: Person, tree: Tree, by: date) -> bool:
    """Whether the course of a trainee has ended on a day: months after its first day."""
    course, start = course_of(person, tree), person.course_start
    if course is None or start is None:
        return False
    months = start.year * 12 + start.month - 1 + int(tree["training"]["courses"][course]["months"])
    end = date(months // 12, months % 12 + 1, 1)
    return (end.year, end.month, start.day) <= (by.year, by.month, by.day)


def kinds_of(said: str, tree: Tree) -> list[str]:
    """Kinds of supervision that a text means: the kind itself, or all that a role receives."""
    plain = plain_header(said)
    norms, staff = tree["supervision"]["norms"], tree["staff"]
    by_kind = [k for k, n in norms.items() if plain in (plain_header(k), plain_header(n["title"]))]
    if by_kind:
        return by_kind
    roles = [r for r, f in staff.items() if plain in (plain_header(r), plain_header(f["title"]))]
    return [k for k, n in norms.items() if any(role in n["supervisees"] for role in roles)]


def points_of(band: str, tree: Tree) -> int:
    """How many points a band has in the year in which the plan starts."""
    return len(_core.pay_points(band, str(tree["calendar"]["start"])[:10]))
