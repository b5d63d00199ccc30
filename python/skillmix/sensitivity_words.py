"""How are findings about what matters said to somebody who does not compute?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from skillmix.wording import cell, listed, number, pounds, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skillmix.scenario import Scenario
    from skillmix.tables import Columns

__all__ = [
    "amount",
    "morris_words",
    "sobol_words",
    "spoken",
    "stated",
    "title_of",
    "tornado_words",
    "value_words",
]

_CALLED = {"dna": "missed appointments", "in_post": "WTE in post", "wte": "WTE"}
_NAMED = 3
"""How many numbers the sentences name."""
_LITTLE = {"pounds": 100.0, "people": 0.5}
"""Worth, over a whole run, that is as good as none."""
_SOME = 0.005
"""A share of what everything is worth below which a finding is not worth a sentence."""


def title_of(path: str, scenario: Scenario) -> str:
    """A path in words: the title of the role, treatment or course, and the field.

    >>> from skillmix import preset
    >>> ours = preset("talking-therapies-2025")
    >>> title_of("staff.pwp.leavers_per_year", ours), title_of("pathway.opt_in.share", ours)
    ('Psychological Wellbeing Practitioner: leavers per year', 'opt in: share')
    """
    tree: Any = scenario.to_dict(complete=True)
    parts = path.split(".")
    title = ""
    rest = parts
    for place, part in enumerate(parts):
        tree = tree.get(part) if isinstance(tree, dict) else None
        if isinstance(tree, dict) and isinstance(tree.get("title"), str):
            title, rest = tree["title"], parts[place + 1 :]
    words = [
        _CALLED.get(word, word.replace("_", " "))
        for word in (rest if title else parts[parts[0] == "pathway" :])
        if word != "rate"
    ]
    return ": ".join([title, *words] if title else words)


def spoken(name: str) -> str:
    """An outcome in words.

    >>> spoken("wait_step3_weeks"), spoken("net_benefit")
    ('the wait for Step 3', 'net benefit')
    """
    known = {
        "waiting": "the number waiting at the end",
        "recovered": "recoveries",
        "finishers": "finished courses",
        "course_starts": "course starts",
        "value": "the value",
        "cost_to_meet": "cost to meet the standard",
    }
    if name in known:
        return known[name]
    words = name.replace("step2", "Step 2").replace("step3", "Step 3").replace("_", " ")
    if name.startswith("wait_"):
        end = ", highest month" if name.endswith("_peak") else ""
        return f"the wait for {words.split()[1]} {words.split()[2]}{end}"
    if name.startswith("waiting_"):
        return f"the list for {words.removeprefix('waiting ')}"
    return words


def amount(value: float, unit: str) -> str:
    """A figure with its unit, rounded as far as it is known.

    >>> amount(61234.5, "pounds"), amount(0.123, "share"), amount(12.34, "weeks")
    ('£61,000', '12.3 %', '12.3 weeks')
    """
    if unit == "pounds" and math.isfinite(value):
        return pounds(_rounded(value))
    text = cell(value, unit)
    return text if unit in ("share", "") or unit.startswith("pounds") else f"{text} {unit}"


def stated(value: float, unit: str) -> str:
    """A value of an unsure number; rates a year as per cent.

    >>> stated(0.153, "a year"), stated(0.07, "share"), stated(12.0, "sessions")
    ('15.3 %', '7 %', '12')
    """
    return cell(value, "share" if unit == "a year" else unit)


def _rounded(value: float) -> float:
    """A number to two digits: more of an estimate is noise.

    >>> _rounded(61234.5), _rounded(-987.0), _rounded(0.0)
    (61000.0, -990.0, 0.0)
    """
    if value == 0.0:
        return 0.0
    return round(value, 1 - math.floor(math.log10(abs(value))))


def tornado_words(
    table: Columns, titles: Mapping[str, str], shares: tuple[float, float]
) -> list[str]:
    """The largest swings of each outcome."""
    said = []
    for name, found in _by_outcome(table).items():
        unit, middle = str(found[0]["unit"]), float(found[0]["at_mean"])
        parts = [
            f"{titles[str(row['path'])]} from {stated(row['low'], str(row['path_unit']))} to "
            f"{stated(row['high'], str(row['path_unit']))} moves it from "
            f"{amount(float(row['at_low']), unit)} to {amount(float(row['at_high']), unit)}"
            for row in found[:_NAMED]
            if row["swing"] > 0
        ]
        what = spoken(name)
        start = f"{what[:1].upper()}{what[1:]}: {amount(middle, unit)} with everything at its mean"
        said.append(f"{start}; {'; '.join(parts)}." if parts else f"{start}; nothing moves it.")
    low, high = (number(share * 100) for share in shares)
    return [
        *said,
        f"Each number is moved alone, from the value with {low} % below it to the one with {high} %"
        ", all others at their means: what two do together is not seen.",
    ]


def morris_words(table: Columns, titles: Mapping[str, str]) -> list[str]:
    """The largest mean effects, and whose effect depends on the others."""
    said = []
    for name, found in _by_outcome(table).items():
        unit = str(found[0]["unit"])
        moving = [row for row in found if row["mu_star"] > 0]
        parts = [
            f"{amount(float(row['mu_star']), unit)} with {titles[str(row['path'])]}"
            for row in moving[:_NAMED]
        ]
        if not parts:
            said.append(f"Nothing that is unsure moves {spoken(name)}.")
            continue
        said.append(
            f"How far {spoken(name)} moves on average while one number crosses its whole range: "
            f"{'; '.join(parts)}."
        )
        uneven = [titles[str(r["path"])] for r in moving[:_NAMED] if r["sigma"] > r["mu_star"] / 2]
        if uneven:
            said.append(f"How much depends on where it and the others stand: {listed(uneven)}.")
    return [
        *said,
        "This ranks numbers with few runs; shares of the spread need the indices of Sobol.",
    ]


def sobol_words(table: Columns, titles: Mapping[str, str], level: float) -> list[str]:
    """Which unknown makes the outcome unsure, alone and with others."""
    said = []
    for name, found in _by_outcome(table).items():
        moving = [row for row in found if row["total"] > 0.01]
        parts = [
            f"{cell(row['first'], 'share')} ({cell(max(0.0, row['first_low']), 'share')} to "
            f"{cell(min(1.0, row['first_high']), 'share')}) from {titles[str(row['path'])]}"
            for row in moving[:_NAMED]
        ]
        if not parts:
            said.append(f"Nothing that is unsure moves {spoken(name)}.")
            continue
        said.append(f"Of how unsure {spoken(name)} is, by itself: {'; '.join(parts)}.")
        together = 1.0 - sum(float(row["first"]) for row in found)
        if together > 0.05:
            said.append(f"{cell(together, 'share')} comes from what numbers do together.")
        idle = [titles[str(r["path"])] for r in found if r["total_high"] < 0.01]
        if idle:
            said.append(f"These could be fixed without loss: {listed(idle)}.")
    return [*said, f"Intervals hold the index in {number(level * 100)} of 100 repeated analyses."]


def value_words(
    options: Columns,
    value: Columns,
    titles: Mapping[str, str],
    *,
    basis: Sequence[str],
    years: float,
    draws: int,
) -> list[str]:
    """Which option is best, and what it is worth to find out more."""
    said: list[str] = []
    chosen = rows(options)
    found = rows(value)
    for place, objective in enumerate(dict.fromkeys(str(row["objective"]) for row in found)):
        here = [row for row in chosen if row["objective"] == objective]
        best = next(row for row in here if row["best"])
        findings = [row for row in found if row["objective"] == objective]
        everything, parts = findings[0], findings[1:]
        sure = (
            f"in all of {draws:,} worlds"
            if best["chance_best"] >= 1
            else f"in {cell(best['chance_best'], 'share')} of {draws:,} worlds"
        )
        near = [
            f"“{r['option']}”" for r in here if not r["best"] and r["behind"] < 2 * r["behind_se"]
        ]
        also = f"; {listed(near)} cannot be told from it on average" if near else ""
        said.append(f"By {basis[place]}, “{best['option']}” is best on average, and {sure}{also}.")
        if everything["worth"] <= _LITTLE.get(str(everything["unit"]), 0.0):
            said.append("Finding out more could hardly change that choice: it is worth nothing.")
            continue
        said.append(
            f"Knowing everything before deciding is worth at most {_worth(everything, years)}."
        )
        least = _SOME * everything["worth"]
        worthy = [row for row in parts if row["worth"] > max(least, 2 * row["se"])]
        for row in worthy[: _NAMED if place else 5]:
            said.append(
                f"Finding out {titles.get(str(row['finding']), str(row['finding']))} is worth at "
                f"most {_worth(row, years)}: it would change the choice in "
                f"{cell(row['changes'], 'share')} of the worlds."
            )
        rest = [
            titles[str(r["finding"])] for r in parts if r not in worthy and r["finding"] in titles
        ]
        if rest:
            said.append(f"Alone, none of these can be told from worth nothing: {listed(rest)}.")
    said.append(
        "“At most”: an inquiry that leaves some doubt is worth less, and what it costs is not "
        "taken off. Estimates by regression lie a little too high; the column held_out errs the "
        "other way."
    )
    return said


def _worth(row: Mapping[str, Any], years: float) -> str:
    unit = str(row["unit"])
    if math.isnan(row["worth_a_year"]):
        more = f"standard error {amount(float(row['se']), unit)}"
        return f"{amount(float(row['worth']), unit)} ({more})"
    return (
        f"{amount(float(row['worth_a_year']), unit)} a year (standard error "
        f"{amount(float(row['se_a_year']), unit)}), {amount(float(row['worth']), unit)} over "
        f"{number(years)} years"
    )


def _by_outcome(table: Columns) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(table):
        found.setdefault(str(row["outcome"]), []).append(row)
    return found
