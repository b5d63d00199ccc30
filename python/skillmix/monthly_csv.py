"""How does a planner's own CSV of monthly referrals become numbers, without a guess?

A file has the columns ``month`` and ``referrals`` (other columns are kept as text). Rules:

* UTF-8, with or without a byte order mark; line ends of any kind; commas; quotes as in RFC 4180.
  A trailing delimiter is ignored, any other row of the wrong length is refused.
* A number is digits, with an optional decimal point and exponent (``1e3`` is 1000). Thousands
  separators are refused unless ``thousands=","``; ``1.234`` is refused, because it is 1.234 to one
  reader and 1234 to another. Full-width digits, hexadecimal and the typographic minus are refused.
* A marker is a typed missing value, never zero. ``*`` and ``<n`` are suppressed small counts: 1 to
  4, or 1 to n - 1. ``[c]`` is suppressed without a bound; ``-``, ``..``, ``z``, ``[x]``, ``[z]``
  and a blank were not reported: nothing is known of any of them.
* Months are ISO (``2025-03``, or the first day ``2025-03-01``). Gaps and duplicates are refused
  with the months named. Months out of order are sorted, and a note says so.

All faults of a file are collected and reported together. Rows count from 1, the header.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from skillmix.published import month_range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Suppressed = Literal["error", "midpoint", "drop"]

LARGEST_FILE = 16 * 1024 * 1024
"""Largest file read [bytes]; a century of months is 20 kB."""
LARGEST_COUNT = 1e7
"""Largest number of referrals a month; England has 150,000."""
_SHOWN = 20

_MONTH = re.compile(r"(19[0-9]{2}|20[0-9]{2})-(0[1-9]|1[0-2])(?:-01)?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?", re.ASCII)
_LIKE_THOUSANDS = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f'.,][0-9]{3})+(?:[.,][0-9]+)?", re.ASCII
)
_BELOW = re.compile(r"<\s?([0-9]{1,3})", re.ASCII)
_NOT_REPORTED = ("", "-", "..", ".", ":", "z", "[c]", "[x]", "[z]")


class Fault(NamedTuple):
    """One thing wrong with a file: row (from 1, the header), column name, sentence."""

    row: int | None
    column: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A typed missing value: the marker in the file and what is known of the count.

    Attributes:
        marker: The cell as it stands in the file.
        low: Least count that it can stand for [people], or None where nothing is known.
        high: Greatest count [people], likewise.
    """

    marker: str
    low: int | None = None
    high: int | None = None

    @property
    def words(self) -> str:
        """What the marker says, for a message."""
        if self.marker.casefold() == "[c]":
            return f"{self.marker!r} is suppressed, and how large it can be is not said"
        if self.low is None:
            return (
                f"{self.marker!r} was not reported" if self.marker else "a blank was not reported"
            )
        return f"{self.marker!r} is a suppressed count of {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class MonthlyReferrals:
    """Monthly referrals as read from a file.

    Attributes:
        months: ISO months, ascending; a dropped month is not among them.
        referrals: Referrals a month [people], same length.
        missing: Month -> the typed missing value that was filled or dropped.
        notes: What was done to the file, in sentences.
        other: Further columns as text, in the order of ``months``.
        file: Path as given.
    """

    months: tuple[str, ...]
    referrals: NDArray[np.float64]
    missing: Mapping[str, Missing] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    other: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""


def refuse(message: str, *, file: str = "", row: int | None = None, column: str = "") -> Exception:
    """A ``DataError`` with the place of the fault in ``file``, ``row`` and ``column``."""
    from skillmix._core import DataError

    error = DataError(message)
    error.file, error.row, error.column = file, row, column
    return error


def parse_cell(cell: str, *, thousands: str | None = None) -> float | Missing | str:
    """One cell of referrals: the number, a typed missing value, or why it is refused (a sentence).

    >>> parse_cell("1e3"), parse_cell("<5"), parse_cell("1,234", thousands=",")
    (1000.0, Missing(marker='<5', low=1, high=4), 1234.0)
    """
    text = cell.strip(" \t")
    if text.casefold() in _NOT_REPORTED:
        return Missing(text)
    if text == "*":
        return Missing(text, 1, 4)
    if (below := _BELOW.fullmatch(text)) and int(below[1]) >= 2:
        return Missing(text, 1, int(below[1]) - 1)
    if thousands == "," and _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _LIKE_THOUSANDS.fullmatch(text):
        digits = re.sub(r"[^0-9]", "", text)
        hint = " or give thousands=','" if "," in text and thousands is None else ""
        return f"{cell!r} may have a thousands separator; write {digits} if that is meant{hint}"
    if _NUMBER.fullmatch(text):
        number = float(text)
        if number <= LARGEST_COUNT:
            return number
        return f"{cell!r} is above the largest number read, {LARGEST_COUNT:,.0f} a month"
    if text.startswith(("-", "\u2212", "\u2013")):
        return f"{cell!r} is not a count: referrals are 0 or more"
    if any(c.isdigit() and not c.isascii() for c in text):
        return f"{cell!r} has digits that are not 0 to 9; write it in plain digits"
    return f"{_short(cell)} is not a number; digits with an optional decimal point are read"


def read_monthly(
    path: str | os.PathLike[str],
    *,
    suppressed: Suppressed = "error",
    thousands: Literal[","] | None = None,
) -> MonthlyReferrals:
    """Reads a CSV of monthly referrals with the columns ``month`` and ``referrals``.

    Args:
        path: A regular file of at most 16 MB.
        suppressed: What to do with markers such as ``*``, ``<5``, ``-`` or a blank. ``"error"``
            refuses and lists the cells; ``"midpoint"`` takes the middle of the interval that a
            suppressed count can have (2.5 for ``*``) and refuses cells of which nothing is known;
            ``"drop"`` leaves those months out.
        thousands: ``","`` if numbers are written as ``1,234``.

    Returns:
        The months, the referrals, and what was done to the file.

    Raises:
        DataError: naming file, row and column of every fault.
    """
    if suppressed not in ("error", "midpoint", "drop"):
        raise refuse(f"suppressed = {suppressed!r}: one of 'error', 'midpoint', 'drop' is expected")
    if thousands not in (None, ","):
        raise refuse(f"thousands = {thousands!r}: None or ',' is expected")
    name, text = _read_text(path)
    table = _table(name, text)
    cells, faults, other = _cells(table, thousands)
    _raise(name, faults)

    notes: list[str] = []
    order = sorted(range(len(cells)), key=lambda i: cells[i][0])
    if order != list(range(len(cells))):
        notes.append("the months were not in ascending order and were sorted")
        cells = [cells[i] for i in order]
        other = {column: tuple(texts[i] for i in order) for column, texts in other.items()}
    _raise(name, _gaps_and_duplicates(cells))

    missing = {m: (row, value) for m, row, value in cells if isinstance(value, Missing)}
    _raise(name, _unfilled(missing, suppressed))
    for month, (row, value) in missing.items():
        what = "left out" if suppressed == "drop" else f"taken as {_middle(value):g}"
        notes.append(f"{month} (row {row}): {value.words}; {what}")
    if not cells:
        notes.append("the file has a header and no rows")

    keep = [i for i, (m, _, _) in enumerate(cells) if not (suppressed == "drop" and m in missing)]
    figures = [_middle(v) if isinstance(v, Missing) else v for _, _, v in (cells[i] for i in keep)]
    return MonthlyReferrals(
        months=tuple(cells[i][0] for i in keep),
        referrals=np.array(figures, dtype=np.float64),
        missing={month: value for month, (_, value) in missing.items()},
        notes=tuple(notes),
        other={column: tuple(texts[i] for i in keep) for column, texts in other.items()},
        file=name,
    )


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= 80 else cell[:77] + "...")


def _middle(value: Missing) -> float:
    return (
        (value.low + value.high) / 2 if value.low is not None and value.high is not None else np.nan
    )


def _raise(file: str, faults: list[Fault]) -> None:
    if not faults:
        return
    lines = []
    for row, column, text in faults[:_SHOWN]:
        place = [f"row {row}"] if row is not None else []
        place += [f"column {column!r}"] if column is not None else []
        lines.append(f"{file}, {', '.join(place)}: {text}" if place else f"{file}: {text}")
    if len(faults) > _SHOWN:
        lines.append(f"and {len(faults) - _SHOWN} more")
    raise refuse("\n".join(lines), file=file, row=faults[0].row, column=faults[0].column or "")


def _read_text(path: object) -> tuple[str, str]:
    """The text of a regular file; opened without waiting, so a pipe cannot hang the caller."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path = {path!r}: the name of a CSV file is expected")
    if not os.fspath(path):
        raise refuse("the path is empty: the name of a CSV file is expected")
    name = os.fsdecode(path)
    try:
        handle = os.open(
            name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"{name!r} cannot be read: {reason}", file=name) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        message = f"{name!r} is not a regular file (a folder, pipe or device is not read)"
        raise refuse(message, file=name)
    with os.fdopen(handle, "rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise refuse(f"{name} is larger than {LARGEST_FILE // 2**20} MB", file=name)
    return name, _decode(name, raw)


def _decode(name: str, raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"\0" in raw[:4] and len(raw) > 1):
        raise refuse(f"{name} is UTF-16 or UTF-32: save as UTF-8", file=name)
    if (at := raw.find(b"\0")) >= 0:
        raise refuse(f"{name} has a NUL byte at offset {at}: this is not a text file", file=name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        raise refuse(
            f"{name}: the byte at offset {at} is not UTF-8; save as UTF-8", file=name
        ) from None


class _Table(NamedTuple):
    header: list[str]
    rows: list[tuple[int, list[str]]]


def _table(name: str, text: str) -> _Table:
    """Header and rows of equal length; a trailing delimiter and blank lines are ignored."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise refuse(f"{name} is not a CSV file: {error}", file=name) from None
    numbered = [(i, cells) for i, cells in enumerate(records, 1) if any(c.strip() for c in cells)]
    if not numbered:
        raise refuse(
            f"{name} is empty: a header with 'month' and 'referrals' is expected", file=name
        )
    header_row, first = numbered[0]
    header = [_known(cell.strip()) for cell in first]
    if header[-1] == "" and len(header) > 1:
        header.pop()
    faults = []
    for column in ("month", "referrals"):
        if header.count(column) > 1:
            faults.append(Fault(header_row, column, "the column stands twice in the header"))
        elif column not in header:
            faults.append(Fault(header_row, column, _no_column(column, header)))
    for column in dict.fromkeys(c for c in header if c not in ("month", "referrals")):
        if header.count(column) > 1:
            faults.append(Fault(header_row, column, "the column stands twice in the header"))
    rows = []
    for row, record in numbered[1:]:
        trailing = len(record) == len(header) + 1 and not record[-1].strip()
        cells = record[:-1] if trailing else record
        if len(cells) != len(header):
            text = f"{len(cells)} cells where the header has {len(header)}"
            if len(cells) > len(header):
                text += " (a number with commas must be in quotes)"
            faults.append(Fault(row, header[min(len(cells), len(header)) - 1], text))
        rows.append((row, cells))
    _raise(name, faults)
    return _Table(header, rows)


def _known(column: str) -> str:
    """``Month`` and ``REFERRALS`` are the known columns too; other names stay as they are."""
    return column.casefold() if column.casefold() in ("month", "referrals") else column


def _no_column(column: str, header: list[str]) -> str:
    from difflib import get_close_matches

    if len(header) == 1 and (found := next((d for d in ";\t|" if d in header[0]), None)):
        return f"no such column: the file is separated by {found!r}; save it with commas"
    near = get_close_matches(column, [h.casefold() for h in header], 1)
    hint = (
        f"; did you mean {header[[h.casefold() for h in header].index(near[0])]!r}?" if near else ""
    )
    return f"no such column; the header has {', '.join(map(repr, header))}{hint}"


_Cell = tuple[str, int, "float | Missing"]


def _cells(
    table: _Table, thousands: str | None
) -> tuple[list[_Cell], list[Fault], dict[str, tuple[str, ...]]]:
    month_at, referrals_at = table.header.index("month"), table.header.index("referrals")
    cells: list[_Cell] = []
    faults: list[Fault] = []
    for row, texts in table.rows:
        written = texts[month_at].strip()
        month = _MONTH.fullmatch(written)
        if month is None:
            again = " (the header again)" if written == "month" else ""
            text = f"{_short(written)} is not a month such as 2025-03{again}"
            faults.append(Fault(row, "month", text))
            if again:
                continue
        value = parse_cell(texts[referrals_at], thousands=thousands)
        if isinstance(value, str):
            faults.append(Fault(row, "referrals", value))
        elif month is not None:
            cells.append((f"{month[1]}-{month[2]}", row, value))
    other = {
        column: tuple(texts[at] for _, texts in table.rows)
        for at, column in enumerate(table.header)
        if at not in (month_at, referrals_at)
    }
    return cells, faults, other


def _gaps_and_duplicates(cells: list[_Cell]) -> list[Fault]:
    rows: dict[str, list[int]] = {}
    for month, row, _ in cells:
        rows.setdefault(month, []).append(row)
    faults = [
        Fault(of[1], "month", f"{month} stands in rows {', '.join(map(str, of))}")
        for month, of in rows.items()
        if len(of) > 1
    ]
    if rows:
        absent = [m for m in month_range(min(rows), max(rows)) if m not in rows]
        if absent:
            after = max(m for m in rows if m < absent[0])
            more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
            text = f"no row for {', '.join(absent[:_SHOWN])}{more} (after {after})"
            faults.append(Fault(rows[after][0], "month", text))
    return faults


def _unfilled(missing: Mapping[str, tuple[int, Missing]], suppressed: Suppressed) -> list[Fault]:
    if suppressed == "drop":
        return []
    faults = []
    for month, (row, value) in missing.items():
        if suppressed == "midpoint" and value.low is not None:
            continue
        ways = "'midpoint' or 'drop'" if value.low is not None else "'drop'"
        text = f"{month}: {value.words}, which is not zero; correct it or give suppressed={ways}"
        faults.append(Fault(row, "referrals", text))
    return faults
