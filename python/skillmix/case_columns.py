"""Which tables does a business case have, and what stands in each column?

One place for names, kinds, units and meanings: frames, CSV files and the workbook follow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from skillmix.tables import Columns

__all__ = ["TABLES", "Column", "columns_of"]

Kind = Literal["text", "number", "whole", "yes", "day"]


class Column(NamedTuple):
    """One column: what it holds, its unit and what it is."""

    kind: Kind
    unit: str
    meaning: str


_QUARTER = Column("text", "", "Quarter of the financial year")
_YEAR = Column("text", "", "Financial year")
_ROLE = Column("text", "", "Role")
_ROLE_TITLE = Column("text", "", "Role as shown")
_UNIT = Column("text", "", "Unit of the figures of the row")
_OPTION = "the option do minimum"

TABLES: dict[str, dict[str, Column]] = {
    "trajectory": {
        "quarter": _QUARTER,
        "days": Column("whole", "days", "Days of the quarter inside the years of the case"),
        "measure": Column("text", "", "What is measured, as the tables of a projection call it"),
        "title": Column("text", "", "What is measured, in words"),
        "target": Column("number", "", "Target of the quarter; empty where there is none"),
        "reached": Column("number", "", "What the preferred option reaches"),
        "gap": Column(
            "number", "", "Distance on the right side of the target; below 0 it is missed"
        ),
        "met": Column("text", "", "Whether the target is met: yes, no, or empty without a target"),
        "do_minimum": Column("number", "", f"What {_OPTION} reaches"),
        "do_nothing": Column("number", "", "What the option do nothing reaches"),
        "unit": _UNIT,
    },
    "staff": {
        "year": _YEAR,
        "month": Column("text", "", "Month at whose end the staff are counted"),
        "role": _ROLE,
        "title": _ROLE_TITLE,
        "band": Column("text", "", "Agenda for Change band"),
        "posts": Column("number", "WTE", "Funded establishment"),
        "in_post": Column("number", "WTE", "In post; trainees in training"),
        "vacant": Column("number", "WTE", "Posts not filled"),
        "over_establishment": Column("number", "WTE", "Staff beyond the posts"),
        "heads": Column("number", "heads", "People in post"),
        "in_training": Column("number", "heads", "Trainees in training"),
        "joined": Column("number", "WTE", "Joined in the year; trainees who started"),
        "left": Column("number", "WTE", "Left the service or the role in the year"),
        "moved_to_training": Column("number", "WTE", "Moved to training inside the service"),
        "qualified": Column("number", "WTE", "Qualified into the role in the year"),
        "ramped_wte": Column("number", "WTE", "Staff by the share of bookable hours they work"),
    },
    "intakes": {
        "date": Column("day", "", "Day; of recruitment, the first of the quarter"),
        "month": Column("text", "", "Month of that day"),
        "kind": Column(
            "text",
            "",
            "training, recruitment, or posts: changes of posts and times without adverts",
        ),
        "name": Column("text", "", "Course, or role that is recruited"),
        "title": Column("text", "", "The same as shown"),
        "event": Column("text", "", "What happens"),
        "trainees": Column("number", "heads", "Trainees; empty for recruitment"),
        "wte": Column("number", "WTE", "Recruited or promoted in the quarter; empty for training"),
        "at": Column("text", "", "University, if the intake names it"),
    },
    "cost": {
        "year": _YEAR,
        "days": Column("whole", "days", "Days of the year inside the years of the case"),
        "complete": Column("yes", "", "Whether the whole year lies inside"),
        "line": Column("text", "", "Line of the budget"),
        "payer": Column("text", "", "Who pays"),
        "recurrent": Column("yes", "", "Whether it comes again every year"),
        "funding": Column("text", "", "funded: within posts; pressure: staff above posts"),
        "pounds": Column("number", "pounds", "Cost of the preferred option in these days"),
        "pounds_full_year": Column(
            "number", "pounds", "Full-year effect: what the year's last day costs in a whole year"
        ),
        "do_minimum": Column("number", "pounds", f"Cost of {_OPTION} in these days"),
        "extra": Column("number", "pounds", f"What the preferred option costs beyond {_OPTION}"),
    },
    "supervision": {
        "rule": Column("text", "", "Name of the rule"),
        "title": Column("text", "", "The rule in words"),
        "severity": Column("text", "", "What it means to break it: condition or warning"),
        "kept": Column("yes", "", "Whether it is kept in every month"),
        "months_broken": Column("whole", "months", "Months in which it is broken"),
        "first_month": Column("text", "", "First month in which it is broken"),
        "last_month": Column("text", "", "Last month in which it is broken"),
        "worst_month": Column("text", "", "Month in which most is missing, or else most is owed"),
        "supervisees": Column("number", "heads", "People who receive it in that month"),
        "supervisors": Column("number", "heads", "People who may give it"),
        "supervisors_needed": Column("number", "heads", "Supervisors that so many people need"),
        "hours_owed": Column("number", "hours a week", "Hours owed in that month"),
        "hours_offered": Column("number", "hours a week", "Hours that its supervisors could give"),
        "hours_unmet": Column("number", "hours a week", "Hours that nobody can give"),
        "worst": Column("number", "", "Worst value of what is broken, in the unit of the row"),
        "limit": Column("number", "", "Its limit, in the unit of the row"),
        "unit": _UNIT,
        "message": Column("text", "", "What is broken; empty if it is kept"),
    },
    "options": {
        "option": Column("text", "", "Name of the option"),
        "preferred": Column("yes", "", "Whether it is the preferred option"),
        "what": Column("text", "", "What it means"),
        "pounds": Column("number", "pounds", "Cost to all payers in the years of the case"),
        "service_pounds": Column("number", "pounds", "Of this, paid by the service"),
        "recurrent_pounds": Column("number", "pounds", "Of this, what comes again every year"),
        "pressure_pounds": Column("number", "pounds", "Of this, of staff above posts"),
        "pounds_full_year": Column(
            "number", "pounds", "Full-year effect at the end: what the last day costs in a year"
        ),
        "extra_pounds": Column("number", "pounds", f"Cost beyond {_OPTION}"),
        "first_treatments": Column("number", "people", "First treatments in these years"),
        "finishers": Column("number", "people", "Completed courses of treatment in these years"),
        "extra_finishers": Column("number", "people", f"Completed courses beyond {_OPTION}"),
        "reliably_recovered": Column("number", "people", "Finishers who recover reliably"),
        "wait_step3_weeks_peak": Column("number", "weeks", "Longest mean Step 3 wait of a quarter"),
        "wait_step3_weeks_end": Column("number", "weeks", "Mean wait for Step 3, last quarter"),
        "waiting_step3_end": Column("number", "people", "Waiting for Step 3, last quarter's end"),
        "wait_step2_weeks_end": Column("number", "weeks", "Mean wait for Step 2, last quarter"),
        "waiting_assessment_end": Column(
            "number", "people", "Waiting for an assessment, last quarter's end"
        ),
        "in_post_end": Column("number", "WTE", "In post at the end, trainees among them"),
        "targets_missed_end": Column("whole", "targets", "Targets missed in the last quarter"),
        "rules_broken": Column("whole", "rules", "Conditions and warnings broken"),
        "broken": Column("text", "", "Which rules"),
    },
    "risks": {
        "risk": Column("text", "", "What may go wrong"),
        "path": Column("text", "", "Field of the scenario that is changed"),
        "value": Column("number", "", "Value in the case, in the unit of the row"),
        "tested": Column("number", "", "Value at the bad end of its range"),
        "unit": _UNIT,
        "wait_step3_weeks": Column("number", "weeks", "Mean Step 3 wait in the last quarter, then"),
        "extra_weeks": Column("number", "weeks", "Longer than in the case"),
        "finishers": Column("number", "people", "Completed courses in the years of the case, then"),
        "extra_finishers": Column("number", "people", "More (or, below 0, fewer) than in the case"),
        "pounds": Column("number", "pounds", "Cost to all payers in the years of the case, then"),
        "extra_pounds": Column("number", "pounds", "More than in the case"),
        "trigger": Column("number", "", "Value at which a target is first missed"),
        "target": Column("text", "", "The target that is missed there"),
        "says": Column("text", "", "What the trigger means, in words"),
        "range": Column("text", "", "Where the range comes from"),
        "owner": Column("text", "", "Who watches it: for the planner to fill in"),
    },
    "assumptions": {
        "path": Column("text", "", "Field of the scenario"),
        "value": Column("text", "", "Value"),
        "low": Column("text", "", "Low end of its plausible range"),
        "high": Column("text", "", "High end of its plausible range"),
        "unit": _UNIT,
        "source": Column("text", "", "Where it comes from"),
        "date": Column("text", "", "Date of the source"),
        "status": Column("text", "", "How well it is known"),
        "owner": Column("text", "", "Who answers for it: for the planner to fill in"),
    },
}
"""Columns by table, keys first; every table stands in every case, if need be without rows."""


def columns_of(table: str, found: Iterable[Mapping[str, Any]]) -> Columns:
    """Rows as the columns of a table; what a row does not have is unknown there."""
    import numpy as np

    empty: dict[str, Any] = {"text": "", "number": np.nan, "whole": 0, "yes": False, "day": "NaT"}
    types: dict[str, Any] = {
        "text": object,
        "number": np.float64,
        "whole": np.int64,
        "yes": np.bool_,
        "day": "datetime64[D]",
    }
    lines = list(found)
    return {
        name: np.array([row.get(name, empty[column.kind]) for row in lines], types[column.kind])
        for name, column in TABLES[table].items()
    }
