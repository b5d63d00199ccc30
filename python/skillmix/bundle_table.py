"""How is a table kept in a bundle, and how far is another from it?

Kept as JSON: the numbers as the shortest text that gives the same bits again; what is no number as
a text. Compared by SHA-256; where that differs, cell by cell, relative to the larger of both.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillmix.errors import DataError
from skillmix.provenance import table_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.tables import Answer, Columns

__all__ = ["TOLERANCE", "Verdict", "not_there", "to_bytes", "verdict"]

TOLERANCE = 1e-12
"""Difference that another platform may make [relative to the larger of both, and to 1]."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a table is the one of the bundle.

    Attributes:
        table: Name of the table.
        equal: Every bit is equal.
        close: Every number is equal to 1e-12, everything else is equal.
        rows: Rows now.
        cells: Cells that differ.
        largest: Largest difference of two numbers [relative].
        message: What differs, in a sentence; empty if nothing does.
    """

    table: str
    equal: bool
    close: bool
    rows: int
    cells: int = 0
    largest: float = 0.0
    message: str = ""


def to_bytes(
    name: str, columns: Columns, units: Mapping[str, str], meanings: Mapping[str, str]
) -> bytes:
    """A table as JSON."""
    tree = {
        "table": name,
        "columns": [
            {
                "name": column,
                "unit": units.get(column, ""),
                "description": meanings.get(column, ""),
                "kind": values.dtype.kind,
                "values": _plain(values),
            }
            for column, values in columns.items()
        ],
    }
    return json.dumps(tree, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def verdict(told: Mapping[str, Any], part: bytes, answer: Answer, file: str) -> Verdict:
    """Compares a table of an answer with the one that a bundle holds.

    Raises:
        DataError: if the part is no table.
    """
    name = str(told["name"])
    if name not in answer.tables():
        return Verdict(name, False, False, 0, message=f"{name}: this version has no such table.")
    columns = answer.columns(name)
    rows = len(next(iter(columns.values()), ()))
    if table_hash(name, columns, answer.units(name)) == told["sha256"]:
        return Verdict(name, True, True, rows)
    try:
        kept = {str(one["name"]): one for one in json.loads(part)["columns"]}
        return _compared(name, kept, columns, rows)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: the table {name} cannot be read: {error}", file) from None


def not_there(name: str) -> Verdict:
    """The verdict on a table that the bundle does not have."""
    return Verdict(name, False, False, 0, message=f"{name}: the bundle has no such table.")


def _compared(name: str, kept: Mapping[str, Any], columns: Columns, rows: int) -> Verdict:
    if list(kept) != list(columns):
        other = sorted(set(kept) ^ set(columns)) or ["their order"]
        said = f"{name}: other columns: {', '.join(other[:5])}."
        return Verdict(name, False, False, rows, message=said)
    lengths = {len(one["values"]) for one in kept.values()}
    if lengths - {rows}:
        said = f"{name}: {rows} rows, and {max(lengths)} in the bundle."
        return Verdict(name, False, False, rows, message=said)
    cells, largest, texts, first = 0, 0.0, 0, ""
    for column, values in columns.items():
        for row, (now, then) in enumerate(zip(_plain(values), kept[column]["values"], strict=True)):
            if type(now) is type(then) and now == then and not _other_zero(now, then):
                continue
            cells += 1
            first = first or f"first {column}, row {row + 1}: {then} then, {now} now"
            both = _number(now), _number(then)
            if both[0] is None or both[1] is None:
                texts += 1
            else:
                largest = max(largest, _apart(both[0], both[1]))
    said = f"{name}: {cells} cells differ, by {largest:.2g} at most; {first}."
    if not cells:
        said = f"{name}: the values are equal, the units are not."
    return Verdict(name, False, not texts and largest <= TOLERANCE, rows, cells, largest, said)


def _other_zero(now: Any, then: Any) -> bool:
    return isinstance(now, float) and now == 0 and math.copysign(1, now) != math.copysign(1, then)


def _apart(now: float, then: float) -> float:
    if not (math.isfinite(now) and math.isfinite(then)):
        return math.inf
    return abs(now - then) / max(1.0, abs(now), abs(then))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _plain(values: Any) -> list[Any]:
    """Values as JSON can hold them."""
    kind = values.dtype.kind
    if kind == "f":
        return [value if math.isfinite(value) else repr(value) for value in values.tolist()]
    if kind in "iub":
        return list(values.tolist())
    return [str(value) for value in values]
