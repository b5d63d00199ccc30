"""Which figures stand behind each chart of a page, in a table that a person can read?

Months, bands and years instead of thousands of rows; the CSV files hold everything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix.page import Html, table, table_of_columns
from skillmix.report_case import case_options
from skillmix.report_ensemble import by_month, chances_by_year, outcomes_table
from skillmix.report_mix import curves_table, mix_rules, range_table
from skillmix.wording import cell, day, financial_year, middle, month, number, plain, pounds, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skillmix.scenario import Scenario
    from skillmix.tables import Answer

__all__ = [
    "behind",
    "diff_table",
    "rules_table",
    "summary_table",
    "trainees_table",
]

_LINES = {
    "offered": "can be booked",
    "assessment": "assessment, screening",
    "first_sessions": "first sessions",
    "later_sessions": "later sessions",
    "idle": "not booked",
}
_FEW_SERVICES = 5
_USED = ("screening", "assessment", "first_sessions", "later_sessions", "idle")
_STAGES = {"assessment": "assessment", "step2": "Step 2", "step3": "Step 3"}


def behind(answer: Answer, chart: str) -> Html:
    """The table behind a chart."""
    makers: dict[tuple[str, str], Callable[[Answer], Html]] = {
        ("project", "waiting"): lambda a: _monthly(a, "waiting_{}", "People waiting, end of month"),
        ("project", "waits"): lambda a: _monthly(
            a, "wait_{}_weeks", "Mean weeks waited of those taken on in the month"
        ),
        ("project", "capacity"): _capacity,
        ("project", "staff"): _staff,
        ("project", "supervision"): _supervision,
        ("project", "cost"): _cost,
        ("project", "spread"): _spread,
        ("project", "standards"): lambda a: _whole(a, "standards"),
        ("simulate", "waiting"): _spread,
        ("simulate", "standards"): lambda a: _whole(a, "standards"),
        ("simulate", "waits"): _first_treatments,
        ("simulate", "caseload"): lambda a: _whole(a, "caseloads"),
        ("comparison", "waiting"): _by_scenario,
        ("comparison", "cost"): _cost_by_scenario,
        ("case", "waiting"): lambda a: _by_scenario(a.comparison),  # type: ignore[attr-defined]
        ("case", "queues_a_year_later"): lambda a: behind(
            a.comparison,  # type: ignore[attr-defined]
            "queues_a_year_later",
        ),
        ("case", "cost"): lambda a: _cost_by_scenario(a.comparison),  # type: ignore[attr-defined]
        ("comparison", "differences"): lambda a: _whole(a, "best"),
        ("ensemble", "fan"): by_month,
        ("ensemble", "chance"): chances_by_year,
        ("targets", "places"): lambda a: _whole(a, "places"),
        ("targets", "path"): lambda a: _whole(a, "path"),
        ("targets", "waiting"): lambda a: behind(a.run, "waiting"),  # type: ignore[attr-defined]
        ("mix_sweep", "curves"): curves_table,
        ("mix_sweep", "best"): lambda a: _whole(a, "best"),
        ("mix_leaves", "leaves"): lambda a: _whole(a, "tried"),
        ("plan", "staff"): lambda a: _whole(a, "staff"),
        ("region", "staff"): lambda a: _whole(a, "staff"),
        ("region", "services"): lambda a: _whole(a, "services"),
        ("region", "places"): lambda a: _whole(a, "places"),
        ("region", "budget"): lambda a: _whole(a, "budget"),
        ("region_plan", "places"): lambda a: _whole(a, "places"),
        ("plan", "flow"): lambda a: _whole(a, "flow"),
        ("tornado", "tornado"): lambda a: _whole(a, "tornado"),
        ("morris", "morris"): lambda a: _whole(a, "morris"),
        ("sobol", "sobol"): lambda a: _whole(a, "sobol"),
        ("value", "value"): lambda a: _whole(a, "value"),
    }
    kind = "project" if answer.kind == "simulate" else answer.kind
    maker = makers.get((answer.kind, chart)) or makers.get((kind, chart))
    if maker is not None:
        return maker(answer)
    return _whole(answer, "bands" if chart == "bands" else "summary")


def summary_table(answer: Answer) -> Html:
    """The figures to look at first; of several options, options across and measures down."""
    if answer.kind == "case":
        return case_options(answer)
    if answer.kind == "mix_sweep":
        return range_table(answer)
    if answer.kind == "mix_leaves":
        name = answer.main_table
        return table_of_columns(answer.columns(name), answer.units(name), caption="The answer")
    columns, units = answer.columns("summary"), answer.units("summary")
    if answer.kind == "region":
        return _years_across(answer)
    if answer.kind == "region_plan":
        return table_of_columns(columns, units, caption="Services")
    if answer.kind == "targets":
        # The whole meaning: which target, which course and autumn stand behind its colon.
        body = [
            [
                row["meaning"],
                cell(row["value"], str(row["unit"])),
                "" if str(row["unit"]).startswith("pounds") else row["unit"],
            ]
            for row in rows(columns)
        ]
        return table(["what", "value", "unit"], body, caption="Summary", numeric=(1,))
    if answer.kind in ("tornado", "morris", "sobol", "value"):
        body = [
            [row["meaning"], cell(row["value"], str(row["unit"])), _said_unit(str(row["unit"]))]
            for row in rows(columns)
        ]
        return table(["what", "value", "unit"], body, caption="Summary", numeric=(1,))
    if answer.kind in ("plan", "project", "simulate"):
        body = [
            [
                str(row["meaning"]).split(": ")[0],
                cell(row["value"], str(row["unit"])),
                "" if str(row["unit"]).startswith("pounds") else row["unit"],
                _month(str(row.get("when", ""))),
            ]
            for row in rows(columns)
        ]
        return table(["what", "value", "unit", "when"], body, caption="Summary", numeric=(1,))
    if answer.kind == "ensemble":
        return outcomes_table(answer)
    if answer.kind == "mix":
        meanings = answer.descriptions("summary")
        body = [
            [_with_unit(meanings[name], units[name]), *(cell(v, units[name]) for v in values)]
            for name, values in columns.items()
            if name not in ("mix", "hold")
        ]
        labels = [str(label) for label in columns["mix"]]
        places = range(1, len(labels) + 1)
        return table(["PWP : HIT", *labels], body, caption="The mixes side by side", numeric=places)
    meanings = answer.descriptions("summary")
    labels = [str(label) for label in columns["scenario"]]
    body = []
    for name, values in columns.items():
        if name in ("scenario", "broken", "missed") or name.endswith("_month"):
            continue
        shown = [cell(value, units.get(name, "")) for value in values]
        if f"{name}_month" in columns:
            when = columns[f"{name}_month"]
            shown = [
                f"{text} ({month(str(m), short=True)})" if m else text
                for text, m in zip(shown, when, strict=True)
            ]
        unit = units.get(name, "")
        head = meanings.get(name, name)
        if name.startswith("pounds_"):
            head = f"{head}, {name.split('_part')[0][-7:].replace('_', '/')}"
        elif unit not in ("rules", "targets"):
            head = _with_unit(head, unit)
        body.append([head, *(text or "none" for text in shown)])
    places = range(1, len(labels) + 1)
    return table(["", *labels], body, caption="The options side by side", numeric=places)


def _said_unit(unit: str) -> str:
    """A unit, where the value does not show it.

    >>> _said_unit("people"), _said_unit("pounds a year"), _said_unit("share")
    ('people', 'a year', '')
    """
    return "" if unit == "share" else unit.removeprefix("pounds").strip()


def _years_across(answer: Answer) -> Html:
    """A row a measure, a column a financial year; a part of a year says so."""
    columns, units = answer.columns("summary"), answer.units("summary")
    meanings = answer.descriptions("summary")
    years = [
        f"{year}{'' if whole else ' (part)'}"
        for year, whole in zip(columns["year"], columns["complete"], strict=True)
    ]
    body = [
        [_with_unit(meanings[name], units[name]), *(cell(v, units[name]) for v in values)]
        for name, values in columns.items()
        if name not in ("year", "days", "complete")
    ]
    heads = ["all services", *years]
    return table(heads, body, caption="The region by year", numeric=range(1, len(heads)))


def _with_unit(label: str, unit: str) -> str:
    """A label with its unit, where the values do not show it."""
    shown = unit and unit not in ("share", "rules") and not unit.startswith("pounds")
    return f"{label} [{unit}]" if shown else label


def rules_table(answer: Answer) -> Html | None:
    """Rules and targets that are broken, or None."""
    if answer.kind == "mix_sweep":
        return mix_rules(answer)
    found = rows(answer.columns("rules"))
    if not found:
        return None
    names = {
        "scenario": "option",
        "service": "service",
        "title": "rule",
        "severity": "kind",
        "first_month": "from",
        "last_month": "to",
        "months": "months",
        "message": "what happens",
    }
    there = [name for name in names if name in found[0]]
    if "service" in there:
        found = _together(found, [name for name in there if name != "service"])
    body = [[_month(cell(row[name])) for name in there] for row in found]
    return table([names[name] for name in there], body)


def _together(found: list[dict[str, Any]], same: list[str]) -> list[dict[str, Any]]:
    """A row for all services of which the same is said."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in found:
        alike.setdefault(tuple(cell(row[name]) for name in same), []).append(str(row["service"]))
    return [
        {**dict(zip(same, said, strict=True)), "service": _some(services)}
        for said, services in alike.items()
    ]


def _some(services: list[str]) -> str:
    few = services[:_FEW_SERVICES]
    more = len(services) - len(few)
    return f"{', '.join(few)} and {more} more" if more else ", ".join(few)


def trainees_table(sides: Mapping[str, Scenario]) -> Html:
    """Trainees of each service by course and start, those of all universities together."""
    starts: dict[tuple[str, str], None] = {}
    heads: dict[tuple[str, str, str], float] = {}
    for service, one in sides.items():
        training = one.to_dict(complete=True).get("training", {})
        for intake in training.get("intakes", []):
            course = str(intake["course"])
            title = str(training.get("courses", {}).get(course, {}).get("title", course))
            place = (str(intake["start"]), title)
            starts[place] = None
            key = (service, *place)
            heads[key] = heads.get(key, 0.0) + middle(intake["trainees"])
    places = sorted(starts)
    body = [
        [service, *(number(heads.get((service, *place), 0.0)) for place in places)]
        for service in sides
    ]
    names = [f"{title}, {day(start)}" for start, title in places]
    numeric = range(1, len(names) + 1)
    return table(["service", *names], body, caption="Trainees who start [heads]", numeric=numeric)


def diff_table(here: str, there: str, columns: dict[str, Any]) -> Html | None:
    """Fields in which two options differ, but for names, sources and intakes."""
    body = [
        [row["path"], plain(row["here"]) or "–", plain(row["there"]) or "–"]
        for row in rows(columns)
        if not str(row["path"]).startswith(("sources.", "training.intakes", "name"))
    ]
    caption = f"“{there}” against “{here}”"
    return table(["field", here, there], body, caption=caption) if body else None


def _month(text: str) -> str:
    """A month by name; any other text as it is."""
    return month(text, short=True) if re.fullmatch(r"\d{4}-\d\d", text) else text


def _monthly(answer: Answer, pattern: str, caption: str) -> Html:
    columns = answer.columns("monthly")
    body = [
        [
            month(str(when), short=True),
            *(number(float(columns[pattern.format(s)][i])) for s in _STAGES),
        ]
        for i, when in enumerate(columns["month"])
    ]
    return table(["month", *_STAGES.values()], body, caption=caption, numeric=(1, 2, 3))


def _supervision(answer: Answer) -> Html:
    """Hours of supervision at the end of each quarter, by kind."""
    body = [
        [
            _month(str(row["month"])),
            row["title"],
            *(cell(row[name], "heads") for name in ("supervisees", "supervisors_free")),
            *(cell(row[f"hours_{name}"], "hours") for name in ("owed", "left", "unmet")),
        ]
        for row in rows(answer.columns("supervision"))
        if row["given_by"] == "service" and str(row["month"])[5:] in ("03", "06", "09", "12")
    ]
    heads = ["month", "kind", "supervisees", "supervisors free"]
    hours = ["hours a week owed", "hours left for it", "hours short"]
    caption = "Supervision at the end of each quarter"
    return table([*heads, *hours], body, caption=caption, numeric=(2, 3, 4, 5, 6))


def _capacity(answer: Answer) -> Html:
    monthly = answer.columns("monthly")
    weeks: dict[str, float] = defaultdict(float)
    for when, days in zip(monthly["month"], monthly["days"], strict=True):
        weeks[financial_year(str(when))] += float(days) / 7
    hours: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows(answer.columns("capacity")):
        into = hours[str(row["role"]), financial_year(str(row["month"]))]
        line, value = str(row["line"]), float(row["hours"])
        if line == "bookable":
            into["offered"] += value
        elif line == "supervision_beyond_plan":
            into["offered"] -= value
        elif line in _USED:
            into["assessment" if line == "screening" else line] += value
    titles = {str(r["role"]): str(r["title"]) for r in rows(answer.columns("staff"))}
    body = [
        [titles.get(pool, pool), year, *(number(line[k] / weeks[year]) for k in _LINES)]
        for (pool, year), line in hours.items()
        if line["offered"] > 0
    ]
    heads = ["pool of staff", "financial year", *_LINES.values()]
    return table(heads, body, caption="Hours a week, mean of the year", numeric=range(2, 7))


def _staff(answer: Answer) -> Html:
    wte: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows(answer.columns("staff")):
        wte[str(row["month"])][str(row["band"])] += float(row["in_post"])
    bands = sorted({band for months in wte.values() for band in months})
    body = [
        [month(when, short=True), *(number(of[b]) for b in bands), number(sum(of.values()))]
        for when, of in wte.items()
    ]
    heads = ["month", *(f"band {band}" for band in bands), "all"]
    caption = "Staff in post, trainees included [WTE]"
    return table(heads, body, caption=caption, numeric=range(1, len(heads)))


def _cost(answer: Answer) -> Html:
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    years: dict[str, str] = {}
    for row in rows(answer.columns("cost")):
        days = "" if row["complete"] else f" ({row['days']} days)"
        years[str(row["year"])] = f"{row['year']}{days}"
        sums[str(row["line"]), str(row["payer"])][str(row["year"])] += float(row["pounds"])
    body = [
        [line.replace("_", " "), payer, *(pounds(of[year]) for year in years)]
        for (line, payer), of in sums.items()
        if any(of.values())
    ]
    total = {year: sum(of[year] for of in sums.values()) for year in years}
    body.append(["total", "all", *(pounds(total[year]) for year in years)])
    heads = ["line", "payer", *years.values()]
    return table(heads, body, caption="Pounds a year", numeric=range(2, len(heads)))


def _by_scenario(answer: Answer) -> Html:
    columns = answer.columns("monthly")
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows({k: columns[k] for k in ("scenario", "month", "waiting_step3")}):
        values[str(row["month"])][str(row["scenario"])] = number(float(row["waiting_step3"]))
    labels = list(dict.fromkeys(str(label) for label in columns["scenario"]))
    body = [[month(m, short=True), *(of.get(k, "") for k in labels)] for m, of in values.items()]
    caption = "People waiting for Step 3, end of month"
    return table(["month", *labels], body, caption=caption, numeric=range(1, len(labels) + 1))


def _cost_by_scenario(answer: Answer) -> Html:
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    labels: dict[str, None] = {}
    for row in rows(answer.columns("cost")):
        labels[str(row["scenario"])] = None
        days = "" if row["complete"] else f" ({row['days']} days)"
        key = f"{row['year']}{days}"
        sums[key, str(row["payer"])][str(row["scenario"])] += float(row["pounds"])
    body = [[year, payer, *(pounds(of[k]) for k in labels)] for (year, payer), of in sums.items()]
    heads = ["financial year", "payer", *labels]
    return table(heads, body, caption="Pounds a year", numeric=range(2, len(heads)))


def _spread(answer: Answer) -> Html:
    """Mean and nine in ten replications of each list, months down."""
    by_month: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(answer.columns("spread")):
        measure = str(row["measure"])
        if measure.startswith("waiting_"):
            mean, low, high = (number(float(row[k]), digits=0) for k in ("mean", "p05", "p95"))
            by_month[str(row["month"])][measure] = f"{mean} ({low} to {high})"
    body = [
        [month(when), *(lists[f"waiting_{stage}"] for stage in _STAGES)]
        for when, lists in by_month.items()
    ]
    caption = "People waiting, end of month: mean, and nine in ten replications"
    return table(["month", *_STAGES.values()], body, caption=caption)


def _first_treatments(answer: Answer) -> Html:
    """Days from referral to first treatment by percentile, months down."""
    names = ("people", "mean_days", "p50", "p75", "p90", "p95", "within_42_days", "within_126_days")
    columns, units = answer.columns("waits"), answer.units("waits")
    here = columns["wait"] == "first_treatment"
    shown = {name: columns[name][here] for name in ("month", *names)}
    return table_of_columns(shown, units, caption="Days from referral to first treatment")


def _whole(answer: Answer, name: str) -> Html:
    return table_of_columns(answer.columns(name), answer.units(name), caption=name)
