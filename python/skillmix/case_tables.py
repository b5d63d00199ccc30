"""How do the runs of a business case become its tables?

Nothing is computed but sums, differences and the choice of a month: every figure is one of a run.
Of the last week of a projection the days that lie in another year are left out, so that a case of
three years has three.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.case_targets import MEASURES, first_month, gap, met
from skillmix.wording import financial_year, number, plain, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from skillmix.case_targets import Targets
    from skillmix.result import Result
    from skillmix.scenario import Scenario

    Row = dict[str, Any]

__all__ = [
    "assumptions",
    "cost",
    "intakes",
    "quarters",
    "staff",
    "supervision",
    "trajectory",
    "years",
]

_REST_OF_A_WEEK = 7
"""Days that are only there because the last week ends in them [days]."""
_OF_SUPERVISION = (
    *("supervision_hours", "supervision_received", "supervisees_per_supervisor"),
    *("qualified_per_trainee", "case_review"),
)
"""First words of the rules of supervision."""
_FIRST = ("stated", "judgement", "unverified", "inferred", "national", "derived", "published")
"""Order of the assumptions: those that somebody must answer for come first."""


def quarters(run: Result) -> list[Row]:
    """The quarters of a run, each with the first treatments of the four that end with it."""
    found = [row for row in rows(run.columns("quarterly")) if _counts(row)]
    for place, row in enumerate(found):
        four = found[place - 3 : place + 1] if place >= 3 else []
        whole = bool(four) and all(one["complete"] for one in four)
        row["first_treatments_12_months"] = (
            sum(float(one["first_treatments"]) for one in four) if whole else math.nan
        )
    return found


def years(run: Result) -> list[Row]:
    """The financial years of a run."""
    return [row for row in rows(run.columns("yearly")) if _counts(row)]


def _counts(row: Row) -> bool:
    """Whether a period is more than the rest of the last week."""
    return bool(row["complete"]) or int(row["days"]) > _REST_OF_A_WEEK


def trajectory(runs: Mapping[str, Result], preferred: str, targets: Targets) -> Iterator[Row]:
    """By quarter and measure: target, what is reached, and what the two lesser options reach."""
    names = {"reached": preferred, "do_minimum": "do minimum", "do_nothing": "do nothing"}
    sides = {name: quarters(runs[option]) for name, option in names.items()}
    for place, row in enumerate(sides["reached"]):
        quarter = str(row["quarter"])
        for name, measure in MEASURES.items():
            if not targets.shown(name):
                continue
            # Sums of a part of a quarter are not held against the target of a whole one.
            part = measure.unit == "people" and not row["complete"]
            target = math.nan if part else targets.of(name, quarter)
            reached = float(row[name])
            yield {
                "quarter": quarter,
                "days": int(row["days"]),
                "measure": name,
                "title": measure.title,
                "unit": measure.unit,
                "target": target,
                "gap": gap(name, reached, target),
                "met": met(name, reached, target),
                **{side: float(found[place][name]) for side, found in sides.items()},
            }


def staff(run: Result) -> Iterator[Row]:
    """By year end and role: posts, in post, vacant; who joined and left in the year."""
    kept = {str(row["year"]) for row in years(run)}
    of_year: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows(run.columns("staff")):
        year = financial_year(str(row["month"]))
        if year in kept:
            of_year[year, str(row["role"])].append(row)
    flows = ("joined", "left", "moved_to_training", "qualified")
    for (year, _), months in sorted(of_year.items(), key=lambda item: item[0][0]):
        last = months[-1]
        sums = {name: sum(float(month[name]) for month in months) for name in flows}
        if not any(float(last[name]) for name in ("posts", "in_post")) and not any(sums.values()):
            continue
        yield {**last, **sums, "year": year, "vacant": float(last["vacancies"])}


def intakes(run: Result) -> Iterator[Row]:
    """Starts and ramps of trainees, changes of posts, and who is recruited by quarter, by date."""
    every = run.scenario.to_dict(complete=True)
    tree, staff = every["training"], every["staff"]
    at = {
        (str(one["course"]), str(one["start"])[:10]): str(one["at"])
        for one in tree.get("intakes", [])
        if one.get("at")
    }
    found: list[Row] = []
    for row in rows(run.columns("events")):
        course, day = str(row["course"]), str(row["date"])[:10]
        if not course:
            role = str(row["role"])
            about = {name: row[name] for name in ("date", "month", "event")}
            found.append({**about, "kind": "posts", "name": role, "title": staff[role]["title"]})
            continue
        title = str(tree["courses"].get(course, {}).get("title", course))
        found.append(
            {
                **{name: row[name] for name in ("date", "month", "event", "trainees")},
                "kind": "training",
                "name": course,
                "title": title,
                "at": at.get((course, day), ""),
            }
        )
    trainee_roles = {str(one["trainee_role"]) for one in tree["courses"].values()}
    found += _recruited(run, trainee_roles)
    yield from sorted(found, key=lambda row: (str(row["date"]), str(row["kind"]), row["name"]))


def _recruited(run: Result, trainee_roles: set[str]) -> Iterator[Row]:
    """Who joined other than as a trainee, by quarter and role."""
    joined: dict[tuple[str, str], float] = defaultdict(float)
    titles: dict[str, str] = {}
    for row in rows(run.columns("staff")):
        role, month = str(row["role"]), str(row["month"])
        if role not in trainee_roles:
            titles[role] = str(row["title"])
            joined[_quarter(month), role] += float(row["joined"])
    for quarter in (str(row["quarter"]) for row in quarters(run)):
        for role, title in titles.items():
            if joined[quarter, role] > 0:
                yield {
                    "date": max(f"{first_month(quarter)}-01", run.scenario.start),
                    "month": first_month(quarter),
                    "kind": "recruitment",
                    "name": role,
                    "title": title,
                    "event": f"join in {quarter}",
                    "wte": joined[quarter, role],
                }


def _quarter(month: str) -> str:
    return f"{financial_year(month)} Q{((int(month[5:7]) - 4) % 12) // 3 + 1}"


def cost(preferred: Result, minimum: Result) -> Iterator[Row]:
    """By year, line, payer, recurrence and funding: pounds, and those beyond do minimum."""
    about: dict[str, Row] = {}
    ours, least = _spent(preferred, about), _spent(minimum, about)
    keys = sorted(
        dict.fromkeys([*ours, *least]),
        key=lambda key: (key.year, key.payer != "service", key.payer, not key.recurrent),
    )
    for key in keys:
        pounds, full_year = ours.get(key, (0.0, 0.0))
        other, _ = least.get(key, (0.0, 0.0))
        if pounds or other or full_year:
            yield {
                **key._asdict(),
                "days": int(about[key.year]["days"]),
                "complete": bool(about[key.year]["complete"]),
                "pounds": round(pounds, 2),
                "pounds_full_year": round(full_year, 2),
                "do_minimum": round(other, 2),
                "extra": round(pounds - other, 2),
            }


class _Leaf(NamedTuple):
    """What a row of cost is about."""

    year: str
    line: str
    payer: str
    recurrent: bool
    funding: str


def _spent(run: Result, about: dict[str, Row]) -> dict[_Leaf, tuple[float, float]]:
    """Pounds, and their full-year effect, by leaf."""
    sums: dict[_Leaf, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for row in rows(run.columns("cost")):
        if _counts(row):
            about[str(row["year"])] = row
            texts = {name: str(row[name]) for name in ("year", "line", "payer", "funding")}
            leaf = _Leaf(recurrent=bool(row["recurrent"]), **texts)
            pounds, full_year = sums[leaf]
            sums[leaf] = (
                pounds + float(row["pounds"]),
                full_year + float(row["pounds_full_year"]),
            )
    return sums


def supervision(run: Result) -> Iterator[Row]:
    """Each rule of supervision: kept or broken, when, and its worst month."""
    broken = {str(row["rule"]): row for row in rows(run.columns("rules"))}
    said = run.scenario.to_dict(complete=True)["supervision"]
    ratio = said["supervisees_per_supervisor"]
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows(run.columns("supervision")):
        kinds[str(row["kind"])].append(row)
    told: set[str] = set()
    for kind, months in kinds.items():
        if not any(float(row["hours_owed"]) for row in months):
            continue
        rule, title = f"supervision_hours.{kind}", str(months[0]["title"])
        norm = said["norms"][kind]
        severity = str(norm.get("severity", "condition"))
        told.add(rule)
        if severity != "off":
            yield {
                "title": f"{title}: supervisors have the hours that are owed",
                "severity": severity,
                **_at_worst(months, "hours_unmet", "hours_owed"),
                **_kept(rule, broken.get(rule)),
            }
        if str(ratio["severity"]) != "off" and norm.get("counts_for_ratio", True):
            rule = f"supervisees_per_supervisor.{kind}"
            told.add(rule)
            yield {
                "title": f"{title}: at most {number(float(ratio['ratio']))} people a supervisor",
                "severity": str(ratio["severity"]),
                **_at_worst(months, "supervisors_needed"),
                **_kept(rule, broken.get(rule)),
            }
    rule, share = "qualified_per_trainee", said["qualified_per_trainee"]
    if str(share["severity"]) != "off" and not any(one.startswith(rule) for one in broken):
        title = f"At least {number(float(share['ratio']))} qualified staff for each trainee"
        yield {"title": title, "severity": str(share["severity"]), **_kept(rule, None)}
    for rule, row in broken.items():
        if rule not in told and rule.split(".")[0] in _OF_SUPERVISION:
            yield _kept(rule, row)


def _at_worst(months: list[Row], *order: str) -> Row:
    """The figures of the month in which most is missing, or else most is owed."""
    worst = max(months, key=lambda row: tuple(float(row[name]) for name in order))
    numbers = ("supervisees", "supervisors", "supervisors_needed")
    hours = ("hours_owed", "hours_offered", "hours_unmet")
    shown = {name: float(worst[name]) for name in (*numbers, *hours)}
    return {"worst_month": str(worst["month"]), **shown}


def _kept(rule: str, row: Row | None) -> Row:
    if row is None:
        return {"rule": rule, "kept": True}
    same = ("title", "severity", "first_month", "last_month", "worst", "limit", "unit", "message")
    return {
        "rule": rule,
        "kept": False,
        "months_broken": int(row["months"]),
        **{name: row[name] for name in same},
    }


def assumptions(scenario: Scenario) -> Iterator[Row]:
    """Every value that is not a mere convention, those that rest on somebody's word first."""
    found = [
        row
        for row in rows(scenario._inner.assumptions().columns())
        if row["status"] != "convention"
    ]
    order = {status: place for place, status in enumerate(_FIRST)}
    for row in sorted(found, key=lambda row: order.get(str(row["status"]), len(order))):
        ends = {name: plain(row[name]) for name in ("value", "low", "high")}
        yield {**row, **ends, "owner": "to be named"}
