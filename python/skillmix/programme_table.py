"""How do plan, model and outturn of the programme of 2008 to 2011 compare, row by row?

Nothing is adjusted to fit: where the model differs from the plan, the comment says by how much and
why, and ``steps`` takes the difference in money apart by running the programme without its parts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from skillmix.programme import COURSES, ROLES, outturn, plan, region, source_of
from skillmix.wording import number, pounds, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.region import RegionResult

__all__ = ["reconciled", "steps"]

YEARS = ("2008/09", "2009/10", "2010/11")
_WHOLE = "2008-2011"
_RATE = 0.035
"""Discount rate of the Green Book; the first year is not discounted."""
_HIGH_REFERRALS = 5854.0
"""Referrals a year of a trust at the high end of the assumption, those of 2012-13."""
_NORMS = {"pwp": 250.0, "hit": 80.0}
"""People a year of a trained therapist: PWP Best Practice Guide (2010) and Layard (2006)."""
_NOT_KNOWN = math.nan


class _Table:
    """Rows on their way to columns."""

    def __init__(self) -> None:
        names = "measure year unit plan modelled outturn difference source comment"
        self.columns: dict[str, list[Any]] = {name: [] for name in names.split()}

    def add(
        self,
        measure: str,
        year: str,
        unit: str,
        *,
        planned: float = _NOT_KNOWN,
        modelled: float = _NOT_KNOWN,
        came: float = _NOT_KNOWN,
        source: str = "",
        comment: str = "",
    ) -> None:
        """One more row."""
        row = (measure, year, unit, planned, modelled, came, modelled - planned, source, comment)
        for column, value in zip(self.columns.values(), row, strict=True):
            column.append(value)


def reconciled() -> dict[str, list[Any]]:
    """The columns of the reconciliation."""
    run = _Run(region().project())
    table = _Table()
    _trained(table, run)
    _in_post(table, run)
    _money(table, run)
    _people(table, run)
    _trusts(table)
    return table.columns


class _Run:
    """A run whose tables are read once."""

    def __init__(self, run: RegionResult) -> None:
        self._tables = {
            name: run.columns(name) for name in ("cost", "places", "staff", "yearly", "monthly")
        }

    def columns(self, name: str) -> Mapping[str, Any]:
        """One table as a dict of columns."""
        return self._tables[name]


def steps() -> dict[str, list[Any]]:
    """From the money of each year to the modelled cost, step by step."""
    runs = {
        "paid": region(course_start="04-01", leaving=False).project(),
        "autumn": region(leaving=False).project(),
        "modelled": region().project(),
    }
    cost = {name: cost_by_year(run) for name, run in runs.items()}
    columns: dict[str, list[Any]] = {name: [] for name in ("year", "step", "pounds", "comment")}
    for year, money in plan("funding").items():
        paid, autumn, modelled = (cost[name][year] for name in runs)
        for step, value, comment in (
            ("money", money, "published"),
            (
                "pay, fees and overheads of the pack",
                round(paid - money, 2),
                "what the planned therapists would cost if all were paid the whole year and none "
                "left, less the money",
            ),
            (
                "courses start in October",
                round(autumn - paid, 2),
                "the year's trainees are paid for half of it, and earlier ones qualify later",
            ),
            (
                "people leave",
                round(modelled - autumn, 2),
                "trainees and therapists who leave are not replaced but by the next trainees",
            ),
            ("modelled cost", modelled, "therapists in training and trained, all payers"),
        ):
            row = (year, step, value, comment)
            for column, cell in zip(columns.values(), row, strict=True):
                column.append(cell)
    return columns


def cost_by_year(run: RegionResult | _Run, line: str = "") -> dict[str, float]:
    """Pounds of the programme's roles by financial year; of one line, or of all."""
    sums: dict[str, float] = {}
    for row in rows(run.columns("cost")):
        if row["role"] in ROLES and line in ("", row["line"]):
            sums[str(row["year"])] = sums.get(str(row["year"]), 0.0) + float(row["pounds"])
    return {year: round(value, 2) for year, value in sums.items()}


def started(run: RegionResult | _Run) -> dict[tuple[str, str], float]:
    """Trainees who were given places, by financial year and course."""
    found: dict[tuple[str, str], float] = {}
    for row in rows(run.columns("places")):
        start = str(row["start"])
        first = int(start[:4]) - (start[5:7] < "04")
        key = (f"{first}/{(first + 1) % 100:02d}", str(row["course"]))
        found[key] = found.get(key, 0.0) + float(row["allocated"])
    return found


def staff_at(run: RegionResult | _Run, month: str) -> dict[str, float]:
    """Therapists of the programme at the end of a month: trained, and in training [heads]."""
    found = {"trained": 0.0, "training": 0.0, "qualified": 0.0}
    for row in rows(run.columns("staff")):
        if row["role"] in ROLES and row["month"] <= month:
            found["qualified"] += float(row["qualified"])
        if row["role"] in ROLES and row["month"] == month:
            training = float(row["in_training"])
            found["training"] += training
            found["trained"] += 0.0 if "trainee" in row["role"] else float(row["in_post"])
    return found


def therapist_years(run: RegionResult | _Run, year: str) -> float:
    """Therapists in training or trained over a financial year: mean of its month ends."""
    first = int(year[:4])
    months = [f"{first + (4 + i) // 13}-{(3 + i) % 12 + 1:02d}" for i in range(12)]
    at = [staff_at(run, month) for month in months]
    return sum(one["trained"] + one["training"] for one in at) / len(at)


def _trained(table: _Table, run: RegionResult | _Run) -> None:
    planned, done = plan("therapists"), outturn("trained")
    given = started(run)
    source = f"{source_of('therapists', 'plan')}; {source_of('trained', 'outturn')}"
    before = 0.0
    for year in YEARS:
        new = planned[year] - before
        before = planned[year]
        modelled = sum(given.get((year, course), 0.0) for course in COURSES)
        comment = {
            "2008/09": "Modelled are those who start a course. Hansard counts as trained in "
            "2008/09 people who cannot have ended a one-year course begun in October 2008: the "
            "year may be that of the start, or short conversion courses are counted.",
            "2009/10": "The plan's 2,150 of this year is half way from 700 to 3,600, as the money "
            "rises by 70 million twice: derived.",
            "2010/11": "The outturn falls short here: 822 against 1,450.",
        }[year]
        table.add(
            "trainees who start",
            year,
            "heads",
            planned=new,
            modelled=modelled,
            came=done[year],
            source=source,
            comment=comment,
        )
    total = sum(given.get((year, course), 0.0) for year in YEARS for course in COURSES)
    hansard, confederation = sum(done.values()), outturn("trained_by_2011")[_WHOLE]
    table.add(
        "therapists trained",
        _WHOLE,
        "heads",
        planned=planned["2010/11"],
        modelled=total,
        came=hansard,
        source=source,
        comment=f"By Hansard {number(planned['2010/11'] - hansard)} fewer than planned: "
        f"{' + '.join(number(value) for value in done.values())}.",
    )
    table.add(
        "therapists trained",
        _WHOLE,
        "heads",
        planned=planned["2010/11"],
        modelled=total,
        came=confederation,
        source=f"{source_of('therapists', 'plan')}; {source_of('trained_by_2011', 'outturn')}",
        comment=f"By the NHS Confederation {number(confederation - planned['2010/11'])} more than "
        f"planned, and {number(confederation - hansard)} more than by Hansard; the two published "
        "figures do not agree, and nothing says which is right.",
    )
    for course, share in COURSES.items():
        table.add(
            f"of them {'high' if course == 'hit' else 'low'} intensity",
            _WHOLE,
            "heads",
            planned=planned["2010/11"] * share,
            modelled=sum(given.get((year, course), 0.0) for year in YEARS),
            source=source_of("high_intensity_share", "plan"),
            comment="60:40",
        )


def _in_post(table: _Table, run: RegionResult | _Run) -> None:
    planned = plan("therapists")
    for year in YEARS:
        at = staff_at(run, f"{int(year[:4]) + 1}-03")
        modelled = at["trained"] + at["training"]
        table.add(
            "therapists in training or trained, end of March",
            year,
            "heads",
            planned=planned[year],
            modelled=modelled,
            source=source_of("therapists", "plan"),
            comment=f"Modelled {number(at['training'], digits=0)} in training and "
            f"{number(at['trained'], digits=0)} trained and in post. The difference are those who "
            "left: the plan counts people trained, the model people there.",
        )
    for year, month in (("2010/11", "2011-03"), ("2011/12", "2012-03")):
        table.add(
            "trainees who have qualified, end of March",
            year,
            "heads",
            modelled=staff_at(run, month)["qualified"],
            source="modelled",
            comment="A one-year course of October 2010 ends in autumn 2011, after the programme's "
            "three years; trainees who leave the course do not qualify.",
        )


def _money(table: _Table, run: RegionResult | _Run) -> None:
    money, cost = plan("funding"), cost_by_year(run)
    source = source_of("funding", "plan")
    for year in YEARS:
        left = money[year] - cost[year]
        table.add(
            "money and cost",
            year,
            "pounds",
            planned=money[year],
            modelled=cost[year],
            source=source,
            comment=f"Modelled cost is {pounds(abs(left))} {'below' if left >= 0 else 'above'} the "
            "money; skillmix.programme.bridge() takes the difference apart.",
        )
    total, modelled = sum(money[year] for year in YEARS), sum(cost[year] for year in YEARS)
    table.add("money and cost", _WHOLE, "pounds", planned=total, modelled=modelled, source=source)
    table.add(
        "present value",
        _WHOLE,
        "pounds",
        planned=present_value(money),
        modelled=present_value(cost),
        source="3.5 % a year, HM Treasury Green Book; the first year is not discounted",
    )
    for line in sorted({str(line) for line in run.columns("cost")["line"]}):
        of_line = cost_by_year(run, line)
        if any(of_line.get(year) for year in YEARS):
            table.add(
                f"modelled cost: {line.replace('_', ' ')}",
                _WHOLE,
                "pounds",
                modelled=sum(of_line.get(year, 0.0) for year in YEARS),
                source="modelled; the plan is not published by line",
            )
    heads = plan("therapists")["2010/11"]
    worked = therapist_years(run, "2010/11")
    table.add(
        "pounds for each therapist",
        "2010/11",
        "pounds",
        planned=money["2010/11"] / heads,
        modelled=cost["2010/11"] / worked,
        source=source,
        comment="Plan: the year's money over 3,600. Modelled: the year's cost over "
        f"{number(worked, digits=0)} therapists in training or trained, mean of the month ends.",
    )
    table.add(
        "pounds for each therapist",
        _WHOLE,
        "pounds",
        planned=total / heads,
        modelled=modelled / heads,
        source=source,
        comment="Three years together over the 3,600 who are trained.",
    )


def _people(table: _Table, run: RegionResult | _Run) -> None:
    planned = plan("people")[_WHOLE]
    entered = outturn("entered")
    yearly = {str(row["year"]): row for row in rows(run.columns("yearly"))}
    treated = {year: float(yearly[year]["first_treatments"]) for year in YEARS}
    source = f"{source_of('people', 'plan')}; {source_of('entered', 'outturn')}"
    for year in YEARS:
        table.add(
            "people who enter treatment",
            year,
            "people",
            modelled=treated[year],
            came=entered[year],
            source=source_of("entered", "outturn"),
            comment="Planned for the three years together only.",
        )
    came = sum(entered.values())
    table.add(
        "people who enter treatment",
        _WHOLE,
        "people",
        planned=planned,
        modelled=sum(treated.values()),
        came=came,
        source=source,
        comment=f"Outturn {number(came / planned * 100, digits=0)} % of the plan. Modelled at the "
        "3,922 referrals a trust of the year-one audit, of whom a third enter treatment: by the "
        "third year it is they who limit the model, not the staff.",
    )
    more = rows(region(referrals=_HIGH_REFERRALS).project().columns("yearly"))
    high = {str(row["year"]): float(row["first_treatments"]) for row in more}
    waiting = next(row["waiting_assessment"] for row in more if row["year"] == YEARS[-1])
    table.add(
        "the same at 5,854 referrals a trust",
        _WHOLE,
        "people",
        planned=planned,
        modelled=sum(high[year] for year in YEARS),
        came=came,
        source="PWP Best Practice Guide (IAPT, 2010); NHS England, IAPT annual statistics 2012-13",
        comment="The high end of the assumption. More are referred and no more are treated: in "
        "the model everybody is screened and assessed by PWPs first, for whom "
        f"{number(waiting, digits=0)} people wait in March 2011.",
    )
    heads = sum(plan("therapists").values())
    norm = sum(share * _NORMS[course] for course, share in COURSES.items())
    table.add(
        "people by the published norms",
        _WHOLE,
        "people",
        planned=planned,
        modelled=heads * norm,
        source="PWP Best Practice Guide (IAPT, 2010): 250 a year; Layard (2006): 80 a year",
        comment=f"{number(heads)} therapist-years of the plan (700 + 2,150 + 3,600) x "
        f"{number(norm)} people, as if trainees worked as trained staff from the first day: this "
        "is how the plan's 900,000 can be had.",
    )
    _until_december(table, run)
    money = sum(plan("funding").values())
    cost = cost_by_year(run)
    modelled = sum(cost[year] for year in YEARS)
    table.add(
        "pounds for each person",
        _WHOLE,
        "pounds",
        planned=money / planned,
        modelled=modelled / sum(treated.values()),
        came=money / came,
        source=source,
        comment="Outturn: the planned money over the people by Hansard; what was spent is not "
        "published.",
    )


def _until_december(table: _Table, run: RegionResult | _Run) -> None:
    """October 2008 to December 2010, the time that the NHS Confederation counts."""
    when = "2008-10..2010-12"
    source = source_of("started", "outturn")
    columns = run.columns("monthly")
    inside = [bool("2008-10" <= month <= "2010-12") for month in columns["month"]]
    modelled = {
        name: float(sum(columns[column][inside]))
        for name, column in (
            ("started", "first_treatments"),
            ("completed", "finishers"),
            ("recovered", "recovered"),
        )
    }
    came = {name: outturn(name)[when] for name in (*modelled, "off_benefits")}
    for name, text, parent in (
        ("started", "people who started", ""),
        ("completed", "people who completed", "started"),
        ("recovered", "people who recovered", "completed"),
    ):
        comment = "October 2008 to December 2010."
        if parent:
            comment += (
                f" Of those who {parent}: modelled {_percent(modelled, name, parent)}, outturn "
                f"{_percent(came, name, parent)}."
            )
        if name == "recovered":
            comment += " Planned: half. Modelled at the rates of the pack for people at caseness."
        table.add(
            text,
            when,
            "people",
            modelled=modelled[name],
            came=came[name],
            source=source,
            comment=comment,
        )
    yearly = rows(run.columns("yearly"))
    table.add(
        "people off sick pay and benefits",
        _WHOLE,
        "people",
        planned=plan("off_benefits")[_WHOLE],
        modelled=sum(float(row["off_benefits"]) for row in yearly if row["year"] in YEARS),
        came=came["off_benefits"],
        source=f"{source_of('off_benefits', 'plan')}; {source}",
        comment="Modelled as the plan's share of those who enter treatment, 25,000 of 900,000, so "
        "it is as short as they are. The outturn is that of the first 27 months.",
    )


def _trusts(table: _Table) -> None:
    planned, came = plan("trusts"), outturn("trusts")
    for year in YEARS:
        table.add(
            "trusts with a service",
            year,
            "trusts",
            planned=planned.get(year, _NOT_KNOWN),
            modelled=_open_trusts(year),
            came=came.get(year, _NOT_KNOWN),
            source=f"{source_of('trusts', 'plan')}; {source_of('trusts', 'outturn')}",
            comment="Modelled as the plan, or where it says nothing as the outturn.",
        )


def _open_trusts(year: str) -> float:
    """Trusts that are open in the model at the end of a year."""
    from skillmix.programme import _waves

    last = YEARS.index(year) + 1
    return float(sum(sum(wave.trusts[:last]) for wave in _waves().values()))


def present_value(by_year: Mapping[str, float]) -> float:
    """Pounds of the three years at their value in the first [pounds].

    >>> round(present_value({"2008/09": 33.0, "2009/10": 103.0, "2010/11": 173.0}), 6)
    294.014259
    """
    return sum(by_year[year] / (1 + _RATE) ** later for later, year in enumerate(YEARS))


def _percent(counts: Mapping[str, float], part: str, whole: str) -> str:
    return f"{number(100 * counts[part] / counts[whole])} %"
