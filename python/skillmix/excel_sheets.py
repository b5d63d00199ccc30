"""Which sheets does an answer become? Those that a finance director and a commissioner ask for.

Short sheets to be read stand on long ones that hold every row: what is added up in the short ones
is a live formula over the long ones, so that any pound and any WTE can be followed to its row.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from skillmix.excel_book import Column, cell_name
from skillmix.excel_tables import (
    RATES,
    Shown,
    column_of,
    cross,
    label,
    plain_table,
    source_of,
)
from skillmix.wording import listed, month, rows

if TYPE_CHECKING:
    from skillmix.excel_book import Book, Sheet
    from skillmix.tables import Answer

__all__ = ["anything", "capacity", "cost_crosses", "parts_of_years", "projection", "waiting"]

_WHOLE_YEAR = 360
_FLOWS = (
    *("referrals", "accepted", "assessed", "first_treatments", "course_starts"),
    *("course_starts_step2", "course_starts_step3", "finishers", "finishers_at_caseness"),
    *("recovered", "reliably_recovered"),
)
_TOO_LONG = frozenset(("weekly", "waiting", "log"))
"""Tables of thousands of rows, which the CSV files hold."""
_WAITS = ("wait_assessment_weeks", "wait_step2_weeks", "wait_step3_weeks")
_LISTS = ("waiting_assessment", "waiting_step2", "waiting_step3")
_PERIODS = frozenset(("monthly", "quarterly", "yearly"))
_PERIOD = frozenset(("month", "quarter", "year", "days", *_FLOWS, *_LISTS, *_WAITS))
_STAFF_AT_YEAR_END = {
    "in_post": "In post",
    "posts": "Posts",
    "vacancies": "Vacant",
    "over_establishment": "Over establishment",
    "heads": "People",
    "in_training": "In training",
}
_ADDED = {
    "cost": ("pounds_as_it_is", "pounds_with_plan", "pounds_added"),
    "places": (
        *("places", "internal", "replacing_leavers", "replacing_progression", "growth"),
        *("allocated", "left_over"),
    ),
    "allocation": ("places", "allocated"),
}
"""Columns of tables without a sheet of their own that are added up below."""


def anything(book: Book, answer: Answer) -> dict[str, Shown]:
    """The sheets of an answer of any kind: one a table, and the cost added up.

    Weeks, and lists by age, have thousands of rows and stay in the CSV files.

    Returns:
        What charts are drawn from, by name.
    """
    found: dict[str, Shown] = {}
    for name in answer.tables():
        if name in _TOO_LONG:
            continue
        there = answer.columns(name)
        adds_up = {"year", "payer", "pounds"} <= set(there) and name == "cost"
        if adds_up and len(there["pounds"]):
            sheet = book.sheet("Cost", "Cost by financial year", parts_of_years(answer))
            every = book.sheet("Cost lines", "Every row of the cost")
            source = plain_table(every, answer, name, totals=("pounds",), pence=True)
            if source is not None:
                found |= cost_crosses(sheet, source, answer)
            continue
        title = "Key figures" if name == "summary" else label(name)
        names = [n for n in there if n in _PERIOD] if name in _PERIODS else None
        totals = [n for n in there if n in _ADDED.get(name, ())]
        shown = plain_table(book.sheet(title, title), answer, name, names, totals=totals)
        if shown is not None:
            found[name] = shown
    return found


def projection(book: Book, answer: Answer) -> dict[str, Shown]:
    """The sheets of a projection, or of several side by side.

    Returns:
        What charts are drawn from, by name.
    """
    found = {
        "quarterly": _trajectory(book, answer),
        "monthly": waiting(book, answer),
    }
    staff = book.sheet("Staff", "Staff at the end of each financial year, by role")
    long_staff = book.sheet("Staff by month", "Staff by month and role: every row")
    if (source := plain_table(long_staff, answer, "staff")) is not None:
        _staff(staff, source, answer)
        found["staff"] = source
    cost = book.sheet("Cost", "Cost by financial year, line and payer", parts_of_years(answer))
    leaves = book.sheet("Cost lines", "Every pound once: year, role, line and payer")
    totals = ("pounds",)
    if (source := plain_table(leaves, answer, "cost", totals=totals, pence=True)) is not None:
        found |= cost_crosses(cost, source, answer)
    found["capacity"] = capacity(book, answer)
    supervision = book.sheet("Supervision", "Supervision: hours owed and offered, by month")
    plain_table(supervision, answer, "supervision")
    rules = book.sheet("Rules", "Rules and targets that are broken: when, and by how much")
    plain_table(rules, answer, "rules", empty="No rule is broken and no target is missed.")
    return {name: shown for name, shown in found.items() if shown is not None}


def _trajectory(book: Book, answer: Answer) -> Shown | None:
    sheet = book.sheet(
        "Trajectory",
        "Trajectory by quarter",
        "People in the quarter; waits are means over those who were taken on in it.",
    )
    one = "scenario" not in answer.columns("quarterly")
    flows = ("quarter", "days", *_FLOWS)
    totals = _FLOWS if one else ()
    shown = plain_table(sheet, answer, "quarterly", flows, totals=totals, known_unit="people")
    plain_table(sheet, answer, "quarterly", ("quarter", *RATES, *_WAITS), title="Shares and waits")
    _targets(sheet, answer)
    return shown


def _targets(sheet: Sheet, answer: Answer) -> None:
    targets = []
    for name, scenario in _scenarios(answer).items():
        for key, value in scenario.to_dict(complete=True).get("targets", {}).items():
            if isinstance(value, int | float):
                said = f"{value:.1%}" if value <= 1 else f"{value:g} weeks"
                targets.append((name, label(key), said))
    if targets:
        columns = [Column("Target", [t[1] for t in targets]), Column("At", [t[2] for t in targets])]
        if len({t[0] for t in targets}) > 1:
            columns.insert(0, Column("Scenario", [t[0] for t in targets]))
        sheet.table(columns, title="Targets to hold this against")


def _scenarios(answer: Answer) -> dict[str, Any]:
    runs = getattr(answer, "runs", None)
    return {k: run.scenario for k, run in runs.items()} if runs else {"": answer.scenario}  # type: ignore[attr-defined]


def waiting(book: Book, answer: Answer) -> Shown | None:
    """Lists at the end of each month, and waits of those taken on."""
    sheet = book.sheet(
        "Waiting",
        "Waiting lists at the end of each month, and waits of those taken on",
        "Lists in people; waits are means over those who were taken on in the month.",
    )
    source = source_of(answer, "monthly")
    there = source.columns
    names = [n for n in ("scenario", "month", *_LISTS) if n in there]
    columns = [column_of(source, n, known_unit="people") for n in names]
    start = len(columns) - len(_LISTS)
    first = sheet.next_row()
    count = len(there["month"])
    formulas = [
        f"=SUM({cell_name(first + i, start)}:{cell_name(first + i, len(columns) - 1)})"
        for i in range(count)
    ]
    total = [float(sum(row)) for row in zip(*(there[n] for n in _LISTS), strict=True)]
    columns.append(Column("All lists", total, "one", formulas=formulas))
    rest = [
        n
        for n in (*_WAITS, "share_within_6_weeks", "share_within_18_weeks", "over_28_days")
        if n in there
    ]
    columns += [column_of(source, n) for n in rest]
    placed = sheet.table(columns)
    if placed is None:
        return None
    heads = [c.head for c in columns]
    return Shown(placed, dict(zip([*names, "all_lists", *rest], heads, strict=True)))


def _staff(sheet: Sheet, source: Shown, answer: Answer) -> None:
    table = rows(answer.columns("staff"))
    months = list(dict.fromkeys(str(row["month"]) for row in table))
    ends = [m for m in months if m.endswith("-03")] or months[-1:]
    if months[0] not in ends:
        ends.insert(0, months[0])
    units = answer.units("staff")
    keys = {"scenario": "Scenario", "title": "Role", "band": "Band"}
    keys = {k: head for k, head in keys.items() if k in source.columns}
    for name, title in _STAFF_AT_YEAR_END.items():
        if name in source.columns:
            unit = units.get(name, "")
            cross(
                sheet,
                source,
                table,
                keys,
                "month",
                name,
                title=f"{title} at the end of the month ({unit})",
                kind="one",
                show=lambda m: month(str(m), short=True),
                only=ends,
                sum_across=False,
            )


def parts_of_years(answer: Answer) -> str:
    """Which financial years lie only in part inside the projection."""
    cost = answer.columns("cost")
    if "days" not in cost:
        return "Pounds. Each figure adds up the rows of the sheet Cost lines."
    days = {str(y): int(d) for y, d in zip(cost["year"], cost["days"], strict=True)}
    parts = [
        f"{year} ({count} {'day' if count == 1 else 'days'})"
        for year, count in days.items()
        if count < _WHOLE_YEAR
    ]
    said = "Pounds. Each figure adds up the rows of the sheet Cost lines."
    return f"{said} Only part of {listed(parts)} is inside the plan." if parts else said


def cost_crosses(sheet: Sheet, source: Shown, answer: Answer) -> dict[str, Shown]:
    """Cost by line, by payer and by role, added up from the rows of the long sheet."""
    table = rows(answer.columns("cost"))
    own = {"scenario": "Scenario"} if "scenario" in source.columns else {}
    blocks: dict[str, dict[str, str]] = {
        "By scenario": {},
        "By line and payer": {"line": "Line", "payer": "Payer", "recurrent": "Recurrent"},
        "By payer": {"payer": "Payer"},
        "By role": {"title": "Role", "band": "Band"},
    }
    found = {}
    for title, keys in blocks.items():
        own_keys = {k: v for k, v in keys.items() if k in source.columns}
        if not own_keys and (keys or not own):
            continue
        placed = cross(
            sheet,
            source,
            table,
            own | own_keys,
            "year",
            "pounds",
            title=f"{title} (pounds)",
            kind="pounds",
        )
        if placed is not None:
            found[title] = Shown(placed, {head: head for head in placed.columns})
    return found


def capacity(book: Book, answer: Answer) -> Shown | None:
    """Hours offered and used, by quarter and pool of staff."""
    table = rows(answer.columns("capacity"))
    if not table or "line" not in table[0]:
        return None
    uses = ("assessment", "screening", "first_sessions", "later_sessions")
    lines: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in table:
        said = str(row["month"])
        key = (str(row.get("scenario", "")), _quarter(said), str(row["role"]))
        line = lines.setdefault(key, {})
        name = str(row["line"])
        line[name] = line.get(name, 0.0) + float(row["hours"])
    # Those who belong together stand together, each in the order of time.
    lines = {
        key: lines[key]
        for key in sorted(lines, key=lambda key: (key[0], key[2]))
        if lines[key].get("bookable", 0.0) > 0
    }
    if not lines:
        return None
    titles = {
        str(role): str(title)
        for role, title in zip(
            *(answer.columns("staff")[n] for n in ("role", "title")), strict=True
        )
    }
    sheet = book.sheet(
        "Capacity",
        "Hours that can be booked with patients, and what they are used for, by quarter",
        "Hours. Offered = bookable less supervision beyond the job plans; hours not booked are "
        "free for more patients.",
    )
    columns = [
        Column("Quarter", [key[1] for key in lines]),
        Column(
            "Staff who see these patients", [titles.get(key[2], label(key[2])) for key in lines]
        ),
    ]
    if any(key[0] for key in lines):
        columns.insert(0, Column("Scenario", [key[0] for key in lines]))
    names = {
        "bookable": "Bookable (hours)",
        "supervision_beyond_plan": "Supervision beyond job plans (hours)",
    }
    for name, head in names.items():
        columns.append(Column(head, [line.get(name, 0.0) for line in lines.values()], "whole"))
    first, at = sheet.next_row(), len(columns)
    offered = [ln["bookable"] - ln.get("supervision_beyond_plan", 0.0) for ln in lines.values()]
    columns.append(
        Column(
            "Offered to patients (hours)",
            offered,
            "whole",
            formulas=[
                f"={cell_name(first + i, at - 2)}-{cell_name(first + i, at - 1)}"
                for i in range(len(lines))
            ],
        )
    )
    for name in uses:
        head = f"{label(name)} (hours)"
        columns.append(Column(head, [ln.get(name, 0.0) for ln in lines.values()], "whole"))
    used = [sum(line.get(name, 0.0) for name in uses) for line in lines.values()]
    ends = [(cell_name(first + i, at + 1), cell_name(first + i, at + 4)) for i in range(len(lines))]
    columns.append(
        Column(
            "Used (hours)", used, "whole", formulas=[f"=SUM({start}:{end})" for start, end in ends]
        )
    )
    columns.append(
        Column(
            "Used, of offered (share)",
            [u / o if o else 0.0 for u, o in zip(used, offered, strict=True)],
            "share",
            formulas=[
                f"=IF({cell_name(first + i, at)}=0,0,"
                f"{cell_name(first + i, at + 5)}/{cell_name(first + i, at)})"
                for i in range(len(lines))
            ],
        )
    )
    placed = sheet.table(columns)
    spans: dict[str, list[int]] = {}
    whole = _whole_quarters(answer)
    for place, key in enumerate(lines):
        if key[1] not in whole:
            continue
        spans.setdefault(titles.get(key[2], label(key[2])), []).append(place)
    ends_of = [(pool, places[0], places[-1]) for pool, places in spans.items()]
    return Shown(placed, {c.head: c.head for c in columns}, ends_of) if placed else None


def _whole_quarters(answer: Answer) -> set[str]:
    quarters = answer.columns("quarterly")
    pairs = zip(quarters["quarter"], quarters["complete"], strict=True)
    return {str(quarter) for quarter, complete in pairs if complete}


def _quarter(said: str) -> str:
    """Quarter of the financial year that a month lies in.

    >>> _quarter("2025-04"), _quarter("2026-03")
    ('2025/26 Q1', '2025/26 Q4')
    """
    when = date(int(said[:4]), int(said[5:7]), 1)
    year = when.year - (when.month < 4)
    return f"{year}/{(year + 1) % 100:02d} Q{(when.month - 4) % 12 // 3 + 1}"
