"""How does a reader see the tables of a business case on a page? With quarters across.

The options and the trajectory are turned, so that a measure is a row; codes that only a program
needs are left out. The CSV files and the workbook hold everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.case_risks import amount
from skillmix.page import Html, table, table_of_columns
from skillmix.wording import cell, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["case_options", "case_table"]

_LEFT_OUT = {
    "staff": ("role", "month"),
    "intakes": ("name", "month"),
    "supervision": (
        *("rule", "severity", "first_month", "last_month", "supervisors", "supervisors_needed"),
        *("unit", "worst", "limit"),
    ),
    "risks": ("path", "target", "range", "owner", "finishers", "pounds", "trigger"),
}
"""Columns that a page leaves out."""
_HEADS = {
    "months_broken": "months",
    "supervisees": "people",
    "hours_owed": "h/week owed",
    "hours_offered": "h/week offered",
    "hours_unmet": "h/week missing",
    "value": "in the case",
    "wait_step3_weeks": "Step 3 wait [weeks]",
    "extra_weeks": "longer by [weeks]",
    "extra_finishers": "completed courses, more",
    "extra_pounds": "pounds, more",
    "says": "trigger",
}
"""What a page calls a column."""
_SIDES = {
    "target": "target",
    "reached": "reached",
    "do_minimum": "do\N{NO-BREAK SPACE}minimum",
    "do_nothing": "do\N{NO-BREAK SPACE}nothing",
}


def case_options(answer: Answer) -> Html:
    """The options across, their measures down."""
    columns, units = answer.columns("options"), answer.units("options")
    meanings = answer.descriptions("options")
    body = [
        [_with_unit(meanings[name], units[name]), *(cell(v, units[name]) for v in values)]
        for name, values in columns.items()
        if name not in ("option", "what", "preferred", "broken")
    ]
    heads = ["", *(str(label) for label in columns["option"])]
    return table(heads, body, caption="The options side by side", numeric=range(1, len(heads)))


def case_table(answer: Answer, name: str) -> Html:
    """One table of a business case."""
    if name == "trajectory":
        return _trajectory(answer)
    kept: dict[str, Any] = {
        column: values
        for column, values in answer.columns(name).items()
        if column not in _LEFT_OUT.get(name, ())
    }
    if name == "risks":  # each value beside its unit, without a column for it
        units = [str(unit) for unit in kept.pop("unit")]
        for column in ("value", "tested"):
            values = zip(kept[column], units, strict=True)
            kept[column] = ["–" if v != v else amount(float(v), unit) for v, unit in values]
    units_of = {
        column: unit
        for column, unit in answer.units(name).items()
        if column not in _HEADS or unit in ("pounds", "people")
    }
    return table_of_columns(kept, units_of, labels=_HEADS, unknown="–")


def _trajectory(answer: Answer) -> Html:
    """A table a measure, quarters across: target, what is reached, and what the others reach."""
    found = rows(answer.columns("trajectory"))
    quarters = list(dict.fromkeys(str(row["quarter"]) for row in found))
    places = range(1, len(quarters) + 1)
    parts = []
    for measure in dict.fromkeys(str(row["measure"]) for row in found):
        here = {str(row["quarter"]): row for row in found if row["measure"] == measure}
        first = here[quarters[0]]
        title = _with_unit(str(first["title"]), str(first["unit"]))
        missed = [quarter for quarter in quarters if here[quarter]["met"] == "no"]
        body: list[list[object]] = []
        for side, said in _SIDES.items():
            values = [here[quarter][side] for quarter in quarters]
            if all(value != value for value in values):
                continue
            if measure == "referrals" and side != "reached":  # the same for all options
                continue
            shown = ["–" if value != value else cell(value, first["unit"]) for value in values]
            if side == "reached":
                marks = [" ✗" if quarter in missed else "" for quarter in quarters]
                shown = [text + mark for text, mark in zip(shown, marks, strict=True)]
            body.append([said, *shown])
        caption = f"{title}; ✗ where the target is missed" if missed else title
        parts.append(table(["", *quarters], body, caption=caption, numeric=places))
    return Html("".join(parts))


def _with_unit(label: str, unit: str) -> str:
    """A label with its unit, where the values do not show it."""
    shown = unit and unit != "share" and not unit.startswith("pounds")
    return f"{label} [{unit}]" if shown and unit not in label else label
