"""Which sheets does a business case become? The tables of a bid, as they go into it.

Trajectory by quarter against target and against the other options, staff at year end, intakes, cost
by line and payer, supervision, options, risks; then the queues and hours of the preferred option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.excel_book import Column, kind_of
from skillmix.excel_sheets import capacity, cost_crosses, parts_of_years, waiting
from skillmix.excel_tables import Shown, cross, heading, plain_table
from skillmix.wording import rows

if TYPE_CHECKING:
    from skillmix.case import BusinessCase
    from skillmix.excel_book import Book, Sheet

__all__ = ["case_sheets", "options_table"]

_FIGURE, _OPTION, _WORDS = 48, 17, 24

_LINES = {
    "target": "Target",
    "reached": "Reached",
    "met": "Target met",
    "do_minimum": "Do minimum",
    "do_nothing": "Do nothing",
}
_STAFF = {
    "in_post": "In post",
    "posts": "Posts",
    "vacant": "Vacant",
    "over_establishment": "Over establishment",
    "heads": "People in post",
    "in_training": "In training",
}


def case_sheets(book: Book, case: BusinessCase) -> dict[str, Shown]:
    """The sheets of a business case.

    Returns:
        What charts are drawn from, by name.
    """
    found: dict[str, Shown | None] = {}
    options_table(book.sheet("Options", "Options, with do nothing and do minimum"), case)
    found["trajectory"] = _trajectory(book, case)
    _staff(book, case)
    sheet = book.sheet(
        "Intakes", "Intakes, recruitment, and when trainees begin to see patients and qualify"
    )
    plain_table(sheet, case, "intakes", ("date", "kind", "title", "event", "trainees", "wte", "at"))
    found |= _cost(book, case)
    sheet = book.sheet(
        "Supervision", "Supervision: each rule, and the month in which it is tightest"
    )
    names = [n for n in case.columns("supervision") if n != "rule"]
    plain_table(sheet, case, "supervision", names)
    _risks(book.sheet("Risks", "Risks: what each would do by itself, and when it bites"), case)
    run = case.runs[case.preferred]
    found["monthly"] = waiting(book, run)
    found["capacity"] = capacity(book, run)
    sheet = book.sheet("Rules", "Rules and targets that the preferred option breaks")
    plain_table(sheet, run, "rules", empty="No rule is broken and no target is missed.")
    return {name: shown for name, shown in found.items() if shown is not None}


def options_table(sheet: Sheet, case: BusinessCase, title: str = "") -> None:
    """One row a figure, one column an option."""
    table, units = case.columns("options"), case.units("options")
    said = case.descriptions("options")
    names = [n for n in table if n != "option"]
    kinds = [kind_of(n, units[n], table[n].dtype.kind) for n in names]
    columns = [
        Column("Figure", [said[n] for n in names], width=_FIGURE),
        Column("Unit", [units[n] for n in names]),
    ]
    for place, option in enumerate(table["option"]):
        values = [table[n][place] for n in names]
        columns.append(Column(str(option).capitalize(), values, "one", width=_OPTION, kinds=kinds))
    sheet.table(columns, title=title)


def _trajectory(book: Book, case: BusinessCase) -> Shown | None:
    """One row a line of a measure, one column a quarter."""
    table = rows(case.columns("trajectory"))
    quarters = list(dict.fromkeys(str(row["quarter"]) for row in table))
    by = {(str(row["measure"]), str(row["quarter"])): row for row in table}
    lines: list[tuple[str, str, str, str, list[Any]]] = []
    for measure in dict.fromkeys(str(row["measure"]) for row in table):
        one = next(row for row in table if row["measure"] == measure)
        for name, line in _LINES.items():
            values = [by[measure, quarter][name] for quarter in quarters]
            if any(value == value and value != "" for value in values):
                lines.append((measure, str(one["title"]), str(one["unit"]), line, values))
    sheet = book.sheet(
        "Trajectory",
        f"Trajectory of “{case.preferred}” by quarter, against target and the other options",
        "Shares in per cent; waits are means over those who were taken on in the quarter.",
    )
    kinds = ["text" if ln[3] == "Target met" else kind_of(ln[0], ln[2]) for ln in lines]
    columns = [
        Column("Measure", [ln[1] for ln in lines]),
        Column("Unit", [ln[2] for ln in lines]),
        Column("Line", [ln[3] for ln in lines]),
    ]
    for place, quarter in enumerate(quarters):
        values = [line[4][place] for line in lines]
        columns.append(Column(quarter, values, "one", kinds=kinds, width=11))
    placed = sheet.table(columns)
    if placed is None:
        return None
    spans = [
        (f"{measure}|{line}", place, place) for place, (measure, _, _, line, _) in enumerate(lines)
    ]
    return Shown(placed, {c.head: c.head for c in columns}, spans)


def _staff(book: Book, case: BusinessCase) -> None:
    sheet = book.sheet("Staff", "Staff at the end of each financial year, by role")
    every = book.sheet("Staff by year", "Staff by year and role: every row")
    source = plain_table(every, case, "staff")
    if source is None:
        return
    units = case.units("staff")
    for name, title in _STAFF.items():
        cross(
            sheet,
            source,
            rows(case.columns("staff")),
            {"title": "Role", "band": "Band"},
            "year",
            name,
            title=f"{title} at the end of the year ({units[name]})",
            kind="one",
            sum_across=False,
        )


def _cost(book: Book, case: BusinessCase) -> dict[str, Shown]:
    sheet = book.sheet("Cost", "Cost by financial year, line and payer", parts_of_years(case))
    every = book.sheet("Cost lines", "Every pound once: year, line and payer")
    totals = ("pounds", "do_minimum", "extra")
    source = plain_table(every, case, "cost", totals=totals, pence=True)
    if source is None:
        return {}
    found = cost_crosses(sheet, source, case)
    cross(
        sheet,
        source,
        rows(case.columns("cost")),
        {"payer": "Payer", "recurrent": "Recurrent"},
        "year",
        "extra",
        title="Beyond do minimum, by payer (pounds)",
        kind="pounds",
    )
    return found


def _risks(sheet: Sheet, case: BusinessCase) -> None:
    table, units = case.columns("risks"), case.units("risks")
    own = [kind_of("", str(unit)) for unit in table["unit"]]
    columns = []
    for name, values in table.items():
        if name == "path":
            continue
        kind = kind_of(name, units[name], values.dtype.kind)
        kinds = own if name in ("value", "tested", "trigger") else None
        wide = _WORDS if kind == "text" and name not in ("unit", "owner") else None
        shown = Column(heading(name, units[name]), list(values), kind, kinds=kinds, width=wide)
        columns.append(shown)
    sheet.table(columns, empty="No assumption of this scenario has a range to test.")
