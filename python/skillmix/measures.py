"""Which figures sum up a projection, so that projections can be compared?

Flows a year = sum of the weeks / weeks x 365.25 / 7. Queues and waits: at the end of the last month
and at their peak, with its month. Pounds: by financial year, by all payers and by the service.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skillmix.tables import Answer, Columns

__all__ = ["SUMMARY_COLUMNS", "Measure", "broken_rules", "measures", "project_summary"]

WEEKS_A_YEAR = 365.25 / 7
_REST_OF_A_WEEK = 7
"""Days of a year that are only there because the last week ends in it [days]."""

SUMMARY_COLUMNS = {
    "measure": "What is measured",
    "value": "Its value, in the unit of the row",
    "unit": "Unit of the value",
    "when": "Month of a peak or of an end, financial year of a cost",
    "meaning": "What it is",
}

_FLOWS = {
    "referrals": "People referred",
    "course_starts": "People who start a course of Step 2 or Step 3",
    "finishers": "Referrals ended after two or more treatment contacts",
    "recovered": "Finishers at caseness who recover",
}
_STAGES = {"assessment": "an assessment", "step2": "Step 2", "step3": "Step 3"}


class Measure(NamedTuple):
    """One figure of a summary."""

    measure: str
    value: float
    unit: str
    when: str
    meaning: str


def measures(result: Answer) -> list[Measure]:
    """The figures that sum up a projection, in the order in which they are shown."""
    return [*_flows(result), *_queues(result), *_cost(result), *_rules(result)]


def project_summary(result: Answer) -> Columns:
    """The figures as a table, one row each."""
    import numpy as np

    found = measures(result)
    return {
        name: np.array(
            [row[place] for row in found], dtype=np.float64 if name == "value" else object
        )
        for place, name in enumerate(SUMMARY_COLUMNS)
    }


def broken_rules(result: Answer, *severities: str) -> list[str]:
    """Titles of the rules that are broken, each once."""
    rules = result.columns("rules")
    pairs = zip(rules["title"], rules["severity"], strict=True)
    return list(dict.fromkeys(str(t) for t, s in pairs if not severities or s in severities))


def _flows(result: Answer) -> Iterator[Measure]:
    weekly = result.columns("weekly")
    years = len(weekly["week"]) / WEEKS_A_YEAR
    for name, meaning in _FLOWS.items():
        total = float(weekly[name].sum())
        label = "recoveries" if name == "recovered" else name
        yield Measure(f"{label}_a_year", total / years, "people a year", "", f"{meaning}, mean")


def _queues(result: Answer) -> Iterator[Measure]:
    monthly = result.columns("monthly")
    if monthly["complete"].any():  # the rest of a last week says little of its month
        monthly = {name: column[monthly["complete"]] for name, column in monthly.items()}
    months = [str(month) for month in monthly["month"]]
    for stage, title in _STAGES.items():
        for column, unit, what in (
            (f"waiting_{stage}", "people", f"People waiting for {title}"),
            (f"wait_{stage}_weeks", "weeks", f"Mean wait of those taken on for {title}"),
        ):
            values = [float(value) for value in monthly[column]]
            known = [(value, -place) for place, value in enumerate(values) if value == value]
            peak, place = max(known) if known else (math.nan, 0)
            last = -min(place for _, place in known) if known else -1
            yield Measure(
                f"{column}_peak",
                peak,
                unit,
                months[-place] if known else "",
                f"{what}, highest month",
            )
            yield Measure(f"{column}_end", values[last], unit, months[last], f"{what}, last month")


def _cost(result: Answer) -> Iterator[Measure]:
    cost = result.columns("cost")
    years: dict[str, list[Any]] = {}
    columns = ("year", "days", "complete", "payer", "pounds")
    for year, days, complete, payer, pounds in zip(*(cost[c] for c in columns), strict=True):
        if days <= _REST_OF_A_WEEK and not complete:
            continue
        part = "" if complete else f", {int(days)} day{'' if days == 1 else 's'} of the year"
        entry = years.setdefault(str(year), [part, 0.0, 0.0])
        entry[1] += float(pounds)
        entry[2] += float(pounds) if payer == "service" else 0.0
    for year, (part, total, service) in years.items():
        key = year.replace("/", "_") + ("_part" if part else "")
        yield Measure(f"pounds_{key}", total, "pounds", year, f"Cost to all payers{part}")
        yield Measure(
            f"pounds_of_the_service_{key}", service, "pounds", year, f"Cost to the service{part}"
        )


def _rules(result: Answer) -> Iterator[Measure]:
    for name, unit, severities in (
        ("rules_broken", "rules", ("condition", "warning")),
        ("targets_missed", "targets", ("target",)),
    ):
        titles = broken_rules(result, *severities)
        said = f"{unit.capitalize()} {name.split('_')[1]}: {'; '.join(titles) or 'none'}"
        yield Measure(name, len(titles), unit, "", said)
