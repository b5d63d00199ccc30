"""How does a table of an answer stand on a sheet? Every row, or two of its columns crossed.

Columns have their unit in the head and their format from it; what is crossed is a live formula over
the rows, so that it can be followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.excel_book import Column, cell_name, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from skillmix.excel_book import Placed, Sheet
    from skillmix.tables import Answer

__all__ = ["RATES", "Shown", "column_of", "cross", "heading", "label", "plain_table", "source_of"]

_TITLE, _MANY = 34, 8
RATES = (
    *("recovery", "reliable_recovery", "reliable_improvement", "share_within_6_weeks"),
    *("share_within_18_weeks", "share_over_28_days", "share_over_90_days"),
)
"""Shares of people, which are shown as per cent."""
_SHARES = frozenset(RATES)
_WORDS = frozenset(
    ("line", "payer", "severity", "stage", "denominator", "measure", "norm", "funding")
)
"""Columns of names that are shown in words."""
_PATH = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
"""The path of a field, which stays as it is."""
_CAPITAL = {
    "Cpd": "CPD",
    "Dna": "DNA",
    "Employer ni": "Employer National Insurance",
    "Wte": "WTE",
    "Pension central": "Pension, paid centrally",
    "Band": "Band",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table on a sheet that charts and other sheets point to."""

    placed: Placed
    columns: Mapping[str, str]
    spans: Sequence[tuple[str, int, int]] = ()
    """Label, first and last row of what belongs together, counted from 0."""


def label(name: str) -> str:
    """A name of a table as a reader would write it.

    >>> label("employer_ni"), label("wait_step3_weeks"), label("staff.pwp.posts")
    ('Employer National Insurance', 'Wait step 3 weeks', 'staff.pwp.posts')
    """
    if _PATH.fullmatch(name):
        return name
    said = name.replace("_", " ").replace("step2", "step 2").replace("step3", "step 3")
    said = said[:1].upper() + said[1:]
    return _CAPITAL.get(said, said)


def heading(name: str, unit: str) -> str:
    """A name with its unit, for the head of a column.

    >>> heading("in_post", "WTE"), heading("recovery", ""), heading("wait_step3_weeks", "weeks")
    ('In post (WTE)', 'Recovery', 'Wait step 3 (weeks)')
    """
    said = label(name)
    if said.casefold() == unit.casefold():
        return said
    if unit and said.casefold().endswith(f" {unit.casefold()}"):
        said = said[: -len(unit) - 1]
    return f"{said} ({unit})" if unit else said


class Source(NamedTuple):
    """One table of an answer, asked for once."""

    name: str
    columns: Mapping[str, Any]
    units: Mapping[str, str]


def source_of(answer: Answer, table: str) -> Source:
    """A table of an answer."""
    return Source(table, answer.columns(table), answer.units(table))


def column_of(
    source: Source, name: str, *, total: bool = False, pence: bool = False, known_unit: str = ""
) -> Column:
    """One column of a table; ``known_unit`` is said above the table already."""
    values = source.columns[name]
    unit = source.units.get(name, "")
    kind = kind_of(name, unit, values.dtype.kind)
    if name == "wte":
        kind = "two"
    if name in _SHARES:
        kind, unit = "share", "share"
    if name == "recurrent":
        said = ["recurrent" if value else "non-recurrent" for value in values]
        return Column("Recurrent", said)
    if name in _WORDS:
        return Column(heading(name, unit), [label(str(value)) for value in values])
    if pence and kind == "pounds":
        kind = "pence"
    if name == "title":
        own = "Kind" if "kind" in source.columns and source.name == "supervision" else "What"
        head = "Role" if "role" in source.columns else own
        wide = _TITLE if len(source.columns) > _MANY else None
        return Column(head, list(values), kind, width=wide)
    return Column(
        heading(name, unit if unit != known_unit else ""), list(values), kind, total=total
    )


def plain_table(
    sheet: Sheet,
    answer: Answer,
    table: str,
    names: Sequence[str] | None = None,
    *,
    totals: Sequence[str] = (),
    title: str = "",
    empty: str = "None.",
    pence: bool = False,
    known_unit: str = "",
) -> Shown | None:
    """Columns of a table of an answer, each row as it is."""
    source = source_of(answer, table)
    there = source.columns
    said_twice = {"role", "kind"} if "title" in there and names is None else set()
    chosen = [n for n in (names if names is not None else there) if n in there]
    chosen = [n for n in chosen if n not in said_twice and n != "complete"]
    chosen = [n for n in chosen if n in totals or _says(there[n])]
    if names is not None and "scenario" in there:
        chosen.insert(0, "scenario")
    shown = [
        column_of(source, n, total=n in totals, pence=pence, known_unit=known_unit) for n in chosen
    ]
    placed = sheet.table(shown, title=title, empty=empty)
    if placed is None:
        return None
    return Shown(placed, {n: c.head for n, c in zip(chosen, shown, strict=True)})


def _says(values: Any) -> bool:
    """Whether anything is known in a column, or it has no rows at all."""
    return not len(values) or any(value == value and value != "" for value in values)


def cross(
    sheet: Sheet,
    source: Shown,
    table: Sequence[Mapping[str, Any]],
    keys: Mapping[str, str],
    across: str,
    value: str,
    *,
    title: str,
    kind: str,
    show: Callable[[Any], str] = str,
    only: Sequence[Any] | None = None,
    sum_across: bool = True,
    unit: str = "",
) -> Placed | None:
    """A cross table whose every figure is a live sum over the rows of a long one.

    Args:
        sheet: Where it is put.
        source: The long table, as it stands on its sheet.
        table: Its rows.
        keys: Head by name of each column that a row of the cross table is for.
        across: The column whose values become columns.
        value: The column that is added up.
        title: Line above it.
        kind: How its figures are shown.
        show: How a value of ``across`` is written at the head of its column.
        only: Values of ``across`` that are shown; left out, all.
        sum_across: Whether a last column adds up each row.
        unit: Unit, for the heads.
    """
    points = list(dict.fromkeys(row[across] for row in table)) if only is None else list(only)
    found: dict[tuple[str, ...], dict[Any, float]] = {}
    for row in table:
        key = tuple(_as_written(name, row[name]) for name in keys)
        line = found.setdefault(key, {})
        line[row[across]] = line.get(row[across], 0.0) + float(row[value])
    lines = {key: [line.get(p, 0.0) for p in points] for key, line in found.items()}
    lines = {key: line for key, line in lines.items() if any(abs(v) > 1e-9 for v in line)}
    if not lines:
        return None
    first = sheet.next_row(titled=True)
    wide = len(keys)
    columns = [
        Column(head, [key[place] for key in lines]) for place, head in enumerate(keys.values())
    ]
    heads = [show(point) for point in points]
    for place, point in enumerate(points):
        formulas = [
            _summed(source, keys, value, across, point, first + offset)
            for offset in range(len(lines))
        ]
        values = [line[place] for line in lines.values()]
        head = f"{heads[place]} ({unit})" if unit else heads[place]
        columns.append(Column(head, values, kind, total=True, formulas=formulas))
    if sum_across and len(points) > 1:
        ends = [
            (cell_name(first + i, wide), cell_name(first + i, wide + len(points) - 1))
            for i in range(len(lines))
        ]
        columns.append(
            Column(
                f"All years ({unit})" if unit else "All years",
                [sum(line) for line in lines.values()],
                kind,
                total=True,
                formulas=[f"=SUM({start}:{end})" for start, end in ends],
            )
        )
    return sheet.table(columns, title=title)


def _as_written(name: str, value: Any) -> str:
    if name == "recurrent":
        return "recurrent" if value else "non-recurrent"
    return label(str(value)) if name in ("line", "payer") else str(value)


def _summed(
    source: Shown, keys: Mapping[str, str], value: str, across: str, point: Any, row: int
) -> str:
    """The sum over the rows of the long table that have these keys."""
    parts = [
        f"EXACT({source.placed.range(source.columns[name])},${cell_name(row, place)})"
        for place, name in enumerate(keys)
    ]
    said = str(point)
    where = source.placed.range(source.columns[across])
    if across == "month":
        parts.append(f"({where}=DATE({int(said[:4])},{int(said[5:7])},1))")
    else:
        parts.append(f'({where}="{said}")')
    return f"=SUMPRODUCT({'*'.join(parts)}*{source.placed.range(source.columns[value])})"
