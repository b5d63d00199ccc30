"""What stands in the cells of a staff list, as CSV or as an Excel workbook?

The first row that is not empty is the header; rows count as lines of the file, or as rows of the
sheet, from 1. Empty rows are passed over, a row longer or shorter than the header is refused, and a
header that stands twice is no person. Formulas are text: nothing is worked out here.
"""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.errors import DataError, FileError
from skillmix.files import path_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

__all__ = ["Cells", "Fault", "Line", "cells_of", "raise_faults"]

_MOST_BYTES = 16_000_000
_MOST_ROWS = 50_000
_MOST_FAULTS = 200
_SHEETS = ("staff", "staff list", "staff_list")
_WORKBOOKS = (".xlsx", ".xlsm")


class Fault(NamedTuple):
    """One thing that is wrong with a cell: row from 1, column as its header calls it."""

    row: int | None
    column: str
    said: str


class Line(NamedTuple):
    """One row: where it stands, and its cells in the order of the header."""

    row: int
    cells: tuple[Any, ...]


class Cells(NamedTuple):
    """A file that was read.

    Attributes:
        file: Its name, without the folder.
        sha256: SHA-256 of the file.
        header: The header.
        lines: The rows below it that are not empty.
        faults: Rows of the wrong length, and cells that show an error.
    """

    file: str
    sha256: str
    header: Line
    lines: list[Line]
    faults: list[Fault]


def cells_of(path: str | os.PathLike[str]) -> Cells:
    """Reads a ``.csv`` file or a workbook, by its ending.

    Raises:
        FileError: if there is no such regular file, or it is not UTF-8.
        DataError: if it is no CSV or no workbook, or has no row.
        ImportError: if it is a workbook and python-calamine is not installed.
    """
    at = Path(path_of(path))
    if at.suffix.casefold() in _WORKBOOKS:
        return _of_workbook(at)
    content = _bytes(at)
    if content[:2] == b"PK":
        raise DataError(f"{at.name}: an Excel workbook by its content; call it .xlsx", at.name)
    digest = hashlib.sha256(content).hexdigest()
    return _table(at.name, digest, _records(at.name, content), [])


def raise_faults(file: str, faults: Sequence[Fault]) -> None:
    """Refuses a file with all its faults, the first of which gives the place of the error.

    Raises:
        DataError: if there is one.
    """
    if not faults:
        return
    order = sorted(faults, key=lambda fault: (fault.row is not None, fault.row or 0))
    lines = [
        ", ".join(
            part
            for part in (
                "" if fault.row is None else f"row {fault.row}",
                f"column {fault.column}: {fault.said}" if fault.column else fault.said,
            )
            if part
        )
        for fault in order[:_MOST_FAULTS]
    ]
    if len(order) > _MOST_FAULTS:
        lines.append(f"and {len(order) - _MOST_FAULTS} more")
    first = order[0]
    raise DataError(f"{file}, " + "\n".join(lines), file, first.row, first.column or None)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise FileError(f"{path}: not a regular file; only regular files are read")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > _MOST_BYTES:
        raise DataError(f"{path.name}: got more than {_MOST_BYTES:,} bytes", path.name)
    return content


def _records(file: str, content: bytes) -> Iterator[Line]:
    """The records of a CSV file, each with the line that it begins in."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"{file}: not UTF-8 text at byte {error.start}; save it as CSV UTF-8"
        raise FileError(said) from None
    if "\0" in text:
        raise DataError(f"{file}: NUL byte at {text.index(chr(0))}; save it as CSV UTF-8", file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for cells in reader:
            yield Line(before + 1, tuple(cell.strip() for cell in cells))
            before = reader.line_num
    except csv.Error as error:
        row = before + 1
        raise DataError(f"{file}, row {row}: not CSV: {error}", file, row) from None


def _of_workbook(path: Path) -> Cells:
    from skillmix.excel_open import open_workbook

    opened = open_workbook(path)
    filled = {
        name: grid
        for name, grid in opened.sheets.items()
        if any(_said(value) for row in grid.rows for value in row)
    }
    named = [name for name in filled if name.strip().casefold() in _SHEETS]
    if len(filled) > 1 and len(named) != 1:
        said = "several sheets are filled in; call the one with the staff list “staff”"
        raise DataError(f"{opened.file}: {said}", opened.file)
    chosen = next(iter(named or filled), None)
    grid = filled[chosen] if chosen is not None else None
    lines = (
        Line(place + 1, tuple(_plain(value) for value in row))
        for place, row in enumerate(grid.rows if grid else [])
    )
    errors = grid.errors if grid else {}
    shown = [(row + 1, column, said) for (row, column), said in sorted(errors.items())]
    return _table(opened.file, opened.sha256, lines, shown)


def _plain(value: Any) -> Any:
    """A date and time at midnight is a date; texts without blanks around them."""
    if isinstance(value, datetime):
        return value.date()
    return value.strip() if isinstance(value, str) else value


def _said(value: Any) -> bool:
    return not (value is None or (isinstance(value, str) and not value.strip()))


def _table(
    file: str, digest: str, records: Iterator[Line], errors: list[tuple[int, int, str]]
) -> Cells:
    lines = []
    for line in records:
        if any(_said(cell) for cell in line.cells):
            lines.append(line)
        if len(lines) > _MOST_ROWS:
            raise DataError(f"{file}: got more than {_MOST_ROWS:,} rows", file)
    if not lines:
        raise DataError(f"{file}: the file is empty; a header with role and wte is needed", file)
    first = lines[0]
    used = max(place + 1 for place, cell in enumerate(first.cells) if _said(cell))
    skipped = next(place for place, cell in enumerate(first.cells) if _said(cell))
    header = Line(first.row, tuple(str(cell) for cell in first.cells[skipped:used]))
    faults, body = [], []
    for line in lines[1:]:
        cells = line.cells[skipped:]
        beyond = line.cells[:skipped] + cells[len(header.cells) :]
        if any(_said(cell) for cell in beyond):
            got = sum(1 for _ in line.cells)
            said = f"{got} cells where the header has {len(header.cells)}"
            faults.append(Fault(line.row, "", said))
        elif len(cells) < len(header.cells):
            said = f"{len(cells)} cells where the header has {len(header.cells)}"
            faults.append(Fault(line.row, "", said))
        body.append(Line(line.row, (*cells, *[""] * len(header.cells))[: len(header.cells)]))
    for row, column, said in errors:
        place = column - skipped
        name = header.cells[place] if 0 <= place < len(header.cells) else ""
        faults.append(Fault(row, name, f"the cell shows {said}"))
    return Cells(file, digest, header, body, faults)
