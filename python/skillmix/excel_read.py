"""What was filled in on a template, and what is wrong with it, cell by cell?

Rows are known by their path and columns by their heads, so that neither has to stay in its place.
All faults are reported together; a scenario comes out whole or not at all.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.errors import DataError, Problem, ScenarioError
from skillmix.excel_cells import Fault, value_of
from skillmix.excel_fields import SHEETS, asked, field_of
from skillmix.excel_open import Grid, Opened, open_workbook
from skillmix.excel_template import HEADS, HIDDEN, MARK
from skillmix.scenario import Scenario
from skillmix.staff_personal import header_looks_like, looks_like
from skillmix.stated import without_sources

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

__all__ = ["read"]

_PATH, _NEW = HEADS[0], HEADS[4]
_HEAD_WITHIN = 20
_SHOWN = 80
_INTAKE = re.compile(r"training\.intakes\[(new )?(\d+)\]\.(\w+)")


class _Cell(NamedTuple):
    """A cell that was filled in."""

    path: str
    value: Any
    where: str


def read(path: str | os.PathLike[str], base: Scenario | None = None) -> Scenario:
    """The scenario that a filled template says.

    Args:
        path: A workbook written by ``skillmix.excel.template``.
        base: Scenario that the cells change; left out, the one that the template was written from.

    Raises:
        FileError: if the workbook cannot be read.
        DataError: with all problems, each with its sheet and cell.
        ImportError: if python-calamine is not installed; the message says what to install.
    """
    opened = open_workbook(path)
    names, kept, faults = _kept(opened, needed=base is None)
    start = base if base is not None else kept
    if start is None:
        raise _refused(opened, faults)
    offered = [row.path for lines in asked(start).values() for row in lines]
    cells: list[_Cell] = []
    for name in names:
        grid = opened.sheets.get(name)
        if grid is None:
            near = _nearest(name, list(opened.sheets))
            faults.append(_fault(name, "", "", f"the sheet {name!r}", "no such sheet", near))
        else:
            found, wrong = _sheet(grid, offered)
            cells += found
            faults += wrong
    faults += _twice(opened, names)
    made, wrong = _changed(start, cells, opened, faults)
    if made is None or faults or wrong:
        raise _refused(opened, [*faults, *wrong])
    return made


def _kept(opened: Opened, *, needed: bool) -> tuple[list[str], Scenario | None, list[Problem]]:
    """Names of the sheets, the scenario that the template keeps, and what is wrong with it."""
    grid = opened.sheets.get(HIDDEN)
    lines = [str(row[0]) for row in grid.rows if row] if grid is not None else []
    if not lines or lines[0] != MARK:
        there = ", ".join(opened.sheets)
        said = f"no template of skillmix: no sheet {HIDDEN!r} that begins with {MARK!r}"
        fault = _fault(HIDDEN, "", there, f"the hidden sheet {HIDDEN!r}", said)
        return list(SHEETS), None, [fault]
    end = lines.index("") if "" in lines else len(lines)
    names = [name for name in lines[2:end] if name in SHEETS]
    if not needed:
        return names, None, []
    text = "".join(line[1:] for line in lines[end + 1 :] if line.startswith("|"))
    try:
        from skillmix import _core

        kept = Scenario._of(_core.Scenario.from_json(text))
    except ScenarioError as error:
        kept, reason = None, str(error).splitlines()[0][:_SHOWN]
    else:
        reason = "another scenario than the one that it was written from"
    if kept is None or (len(lines) > 1 and kept.hash != lines[1]):
        said = f"the hidden sheet was changed, or another version wrote it ({reason})"
        what = "what the template wrote; scenario.with_excel(file) does not need it"
        return names, kept, [_fault(f"{HIDDEN}!A{end + 2}", "", "", what, said)]
    return names, kept, []


def _sheet(grid: Grid, offered: list[str]) -> tuple[list[_Cell], list[Problem]]:
    """The filled cells of one sheet, and its faults."""
    head = next((i for i in range(min(_HEAD_WITHIN, len(grid.rows))) if _heads(grid, i)), None)
    if head is None:
        what = f"a row with the heads {_PATH!r} and {_NEW!r}"
        return [], [_fault(grid.name, "", "", what, f"no column {_PATH!r} in the first rows")]
    heads = [str(cell).strip() for cell in grid.rows[head]]
    if personal := list(_personal(grid, head, heads)):
        return [], personal
    path_at, wrong = _column(grid, head, heads, _PATH)
    new_at, more = _column(grid, head, heads, _NEW)
    if path_at is None or new_at is None:
        return [], wrong + more
    faults = [
        _fault(grid.where(*first), "", "merged cells", "each cell by itself", "cells are merged")
        for first, last in grid.merged
        if last[0] > head and any(first[1] <= at <= last[1] for at in (path_at, new_at))
    ]
    cells = []
    for row in range(head + 1, len(grid.rows)):
        try:
            cell = _row(grid, row, path_at, new_at, offered)
        except Fault as fault:
            faults.append(fault.problem)
        else:
            cells += [cell] if cell is not None else []
    return cells, faults


def _personal(grid: Grid, head: int, heads: list[str]) -> Iterator[Problem]:
    """Columns, and cells that were filled in, that could tell who somebody is."""
    said = "nothing was read of this sheet; a template holds nothing personal"
    for place, name in enumerate(heads):
        kind = "" if name in HEADS else header_looks_like(name) or looks_like(name)
        if kind:
            where = grid.where(head, place)
            yield _fault(where, "", "", "", f"the column looks like {kind}; {said}")
    new = [place for place, name in enumerate(heads) if name.casefold() == _NEW.casefold()]
    for row in range(head + 1, len(grid.rows)):
        for place in new:
            value = grid.at(row, place)
            kind = looks_like(value) if isinstance(value, str) else ""
            if kind:  # the value itself is not repeated
                yield _fault(grid.where(row, place), "", "", "", f"looks like {kind}; {said}")


def _heads(grid: Grid, row: int) -> bool:
    said = {str(cell).strip().casefold() for cell in grid.rows[row]}
    return bool(said & {_PATH.casefold(), _NEW.casefold()})


def _column(grid: Grid, head: int, heads: list[str], name: str) -> tuple[int | None, list[Problem]]:
    """Where a column stands, by its head."""
    at = [i for i, said in enumerate(heads) if said.casefold() == name.casefold()]
    if len(at) == 1:
        return at[0], []
    if at:
        where = ", ".join(grid.where(head, i) for i in at)
        said = f"the column {name!r} is there {len(at)} times: {where}"
        return None, [_fault(grid.where(head, at[1]), "", name, "one such column", said)]
    there = ", ".join(said for said in heads if said)
    near = _nearest(name, [said for said in heads if said])
    said = f"no column {name!r} in row {head + 1}"
    return None, [_fault(grid.name, "", there, f"a column {name!r}", said, near)]


def _row(grid: Grid, row: int, path_at: int, new_at: int, offered: list[str]) -> _Cell | None:
    """The filled cell of one row.

    Raises:
        Fault: if what stands in the row cannot be read.
    """
    where = grid.where(row, new_at)
    for place in (path_at, new_at):
        if (row, place) in grid.errors:
            shown = grid.errors[row, place]
            said = "the cell has no value to read"
            raise Fault(_fault(grid.where(row, place), "", shown, "a value", said))
    path, value = str(grid.at(row, path_at)).strip(), grid.at(row, new_at)
    if isinstance(value, str) and not value.strip():
        value = None
    if not path:
        if value is None:
            return None
        raise Fault(
            _fault(where, "", _shown(value), "an empty cell, or a path", "a value without a path")
        )
    field = field_of(path)
    if field is None or field.type == "list":
        at = grid.where(row, path_at)
        near = _nearest(path, offered)
        raise Fault(_fault(at, path, path, "a path of the template", "no such field", near))
    if value is None:
        return None
    return _Cell(path, value_of(value, field, path, where), where)


def _twice(opened: Opened, names: list[str]) -> Iterator[Problem]:
    """Paths that stand on more than one row."""
    seen: dict[str, str] = {}
    for name in names:
        grid = opened.sheets.get(name)
        if grid is None:
            continue
        head = next((i for i in range(min(_HEAD_WITHIN, len(grid.rows))) if _heads(grid, i)), None)
        heads = (
            [str(cell).strip().casefold() for cell in grid.rows[head]] if head is not None else []
        )
        if _PATH.casefold() not in heads or head is None:
            continue
        at = heads.index(_PATH.casefold())
        for row in range(head + 1, len(grid.rows)):
            path = str(grid.at(row, at)).strip()
            where = grid.where(row, at)
            if path and path in seen:
                said = f"the same path as {seen[path]}"
                yield _fault(where, path, path, "each path once", said)
            elif path:
                seen[path] = where


def _changed(
    base: Scenario, cells: list[_Cell], opened: Opened, faults: list[Problem]
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario with the cells, and what it says against them."""
    if faults:
        # What stands beside a faulty cell would be blamed for what that cell lacks.
        blamed = {_above(fault.path) for fault in faults if fault.path}
        cells = [cell for cell in cells if _above(cell.path) not in blamed]
    changes, places = _as_changes(base, cells)
    if not changes:
        return (None if faults else base), []
    said = {
        path: {
            "source": f"template {opened.file}, {where}, sha256 {opened.sha256}",
            "status": "stated",
        }
        for path, where in places.items()
    }
    sources = without_sources(base.to_dict(), places) | said
    try:
        return base.with_({**changes, "sources": sources}), []
    except ScenarioError as error:
        return None, [_placed(problem, places) for problem in error.problems] or [
            _fault("", "", "", "", str(error))
        ]


def _as_changes(base: Scenario, cells: list[_Cell]) -> tuple[dict[str, Any], dict[str, str]]:
    """New values by path, and the cell of each; intakes go together as one list."""
    changes: dict[str, Any] = {}
    places: dict[str, str] = {}
    intakes = [dict(i) for i in base.to_dict(complete=True).get("training", {}).get("intakes", [])]
    there, added = len(intakes), {}
    touched = False
    for cell in cells:
        found = _INTAKE.fullmatch(cell.path)
        if found is None:
            changes[cell.path] = cell.value
            places[cell.path] = cell.where
            continue
        touched = True
        number = int(found[2])
        if found[1]:
            if number not in added:
                added[number] = len(intakes)
                intakes.append({})
            number = added[number]
        elif number >= there:
            changes[cell.path] = cell.value  # the core says that there is no such intake
            places[cell.path] = cell.where
            continue
        intakes[number][found[3]] = cell.value
        places[f"training.intakes[{number}].{found[3]}"] = cell.where
    if touched:
        changes["training.intakes"] = intakes
    return changes, places


def _placed(problem: Problem, places: Mapping[str, str]) -> Problem:
    """A problem of the scenario with the cells that it is about."""
    path = problem.path
    near = [w for p, w in places.items() if path == p or path.startswith((f"{p}.", f"{p}["))]
    near = near or [w for p, w in places.items() if p.startswith((f"{path}.", f"{path}["))]
    near = near or [w for p, w in places.items() if _above(p) == _above(path)]
    where = near[0] if near else ""
    more = f" (with {', '.join(near[1:6])})" if len(near) > 1 else ""
    message = f"{where}{more}: {problem.message}" if where else problem.message
    return Problem(path, problem.value, problem.expected, message, problem.suggestion, where)


def _above(path: str) -> str:
    return path.rpartition(".")[0]


def _nearest(name: str, offered: list[str]) -> str | None:
    near = get_close_matches(name, offered, n=1, cutoff=0.5)
    return near[0] if near else None


def _shown(value: Any) -> str:
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return repr(value)[:_SHOWN]


def _fault(
    where: str, path: str, value: str, expected: str, said: str, near: str | None = None
) -> Problem:
    """One fault with its cell in front."""
    parts = [said]
    if value and value != path:
        parts.append(f"got {value[:_SHOWN]}")
    if expected:
        parts.append(f"allowed: {expected}")
    message = f"{where}: {', '.join(parts)}" if where else ", ".join(parts)
    if near:
        message += f"; did you mean {near}?"
    return Problem(path, value[:_SHOWN], expected, message, near, where)


def _refused(opened: Opened, problems: list[Problem]) -> DataError:
    """The error with all problems; row and column are those of the first."""
    first = problems[0].where if problems else ""
    place = re.search(r"!([A-Z]+)(\d+)$", first)
    lines = "\n".join(problem.message for problem in problems)
    return DataError(
        f"{opened.file}: {lines}" if len(problems) == 1 else f"{opened.file}:\n{lines}",
        opened.file,
        int(place[2]) if place else None,
        place[1] if place else None,
        tuple(problems),
    )
