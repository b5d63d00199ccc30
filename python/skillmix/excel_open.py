"""What stands in the cells of a workbook that somebody else filled in?

The values as calamine reads them, and what it does not tell: cells with an error such as #REF!,
formulas that were never worked out, merged cells. Looked at before anything is unpacked as a whole,
so that a file made to fill the memory is refused.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix.errors import DataError, FileError
from skillmix.excel_book import cell_name
from skillmix.files import path_of
from skillmix.frame import need

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["Grid", "Opened", "open_workbook"]

MOST_BYTES = 32 * 1024 * 1024
"""Size of a file that is read."""
_MOST_UNPACKED = 256 * 1024 * 1024
_MOST_CELLS = 2_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br\s*=\s*["\']([A-Za-z]{1,3})([0-9]{1,7})["\']')
_KIND = re.compile(rb'\bt\s*=\s*["\'](\w+)["\']')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)/?>")


@dataclass(slots=True)
class Grid:
    """The cells of one sheet; rows and columns are counted from 0.

    Attributes:
        name: Name of the sheet.
        rows: Values, an empty text where there is none.
        errors: What a cell without a value shows instead, such as ``#REF!``.
        merged: First and last cell of each range of merged cells.
    """

    name: str
    rows: list[list[Any]]
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)

    def at(self, row: int, column: int) -> Any:
        """The value of a cell."""
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else ""

    def where(self, row: int, column: int) -> str:
        """Sheet and cell as a reader names them."""
        return f"{self.name}!{cell_name(row, column)}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that was read.

    Attributes:
        file: Name of the file, without its folder.
        sha256: SHA-256 of the file.
        sheets: Its sheets by name.
    """

    file: str
    sha256: str
    sheets: dict[str, Grid]


def open_workbook(path: str | os.PathLike[str]) -> Opened:
    """Reads the cells of an ``.xlsx`` workbook.

    Raises:
        FileError: if it cannot be read.
        DataError: if it is no workbook, or larger than any that is filled in by hand.
        ImportError: if python-calamine is not installed; the message says what to install.
    """
    need("python_calamine", "reading a workbook")
    at = Path(path_of(path))
    content = _bytes(at)
    unreadable = "not a workbook that can be read; save it as .xlsx, without a password"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            scanned = dict(_scan(packed, at.name))
    except DataError:
        raise
    # zipfile says NotImplementedError of packing it does not know, RuntimeError of a password.
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise DataError(f"{at.name}: {unreadable}", at.name) from None
    except ValueError as error:
        raise DataError(f"{at.name}: {unreadable} ({error})", at.name) from None
    sheets = {}
    for name, rows, merged in _values(content, at.name, unreadable):
        sheets[name] = Grid(name, rows, scanned.get(name, {}), merged)
    return Opened(at.name, hashlib.sha256(content).hexdigest(), sheets)


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise FileNotFoundError("no such file" if not path.exists() else "not a file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MOST_BYTES:
        said = f"{path.name}: got more than {MOST_BYTES:,} bytes, allowed: up to that"
        raise DataError(said, path.name)
    return content


def _values(content: bytes, file: str, unreadable: str) -> Iterator[tuple[str, Any, Any]]:
    """Name, rows and merged ranges of each sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                yield name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{file}: {unreadable} ({error})", file) from None
    except BaseException as error:
        # A panic of the reader is no Exception, so that nobody else would catch it.
        if type(error).__name__ != "PanicException":
            raise
        raise DataError(f"{file}: {unreadable}", file) from None


def _scan(packed: zipfile.ZipFile, file: str) -> Iterator[tuple[str, dict[tuple[int, int], str]]]:
    """Cells of each sheet that have no value though something stands in them.

    Raises:
        DataError: if a sheet is larger than any that is filled in by hand.
    """
    if sum(entry.file_size for entry in packed.infolist()) > _MOST_UNPACKED:
        said = f"{file}: got more than {_MOST_UNPACKED:,} bytes when unpacked"
        raise DataError(said, file)
    relations = {}
    for found in _RELATION.finditer(packed.read("xl/_rels/workbook.xml.rels")):
        target = _attribute(found[1], rb"Target").lstrip("/")
        relations[_attribute(found[1], rb"Id")] = target if "xl/" in target else f"xl/{target}"
    there = set(packed.namelist())
    for found in _SHEET.finditer(packed.read("xl/workbook.xml")):
        name = _attribute(found[1], rb"name")
        part = relations.get(_attribute(found[1], rb"\w+:id"), "")
        if part in there:
            yield name, _cells(packed.read(part), name, file)


def _attribute(text: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb'\s*=\s*"([^"]*)"', text) or re.search(
        rb"(?:^|\s)" + name + rb"\s*=\s*'([^']*)'", text
    )
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _cells(xml: bytes, sheet: str, file: str) -> dict[tuple[int, int], str]:
    faults: dict[tuple[int, int], str] = {}
    rows = columns = 0
    for found in _CELL.finditer(xml):
        place = _PLACE.search(found[1])
        if place is None:
            continue
        row, column = int(place[2]) - 1, _number(place[1])
        rows, columns = max(rows, row + 1), max(columns, column + 1)
        if rows * columns > _MOST_CELLS:
            said = f"{file}, {sheet}: got {rows:,} rows and {columns:,} columns of cells"
            raise DataError(f"{said}, allowed: up to {_MOST_CELLS:,} cells", file, row + 1)
        kind, value = _KIND.search(found[1]), _VALUE.search(found[2] or b"")
        if kind is not None and kind[1] == b"e":
            faults[row, column] = unescape(value[1].decode("utf-8", "replace")) if value else "#N/A"
        elif value is None and _FORMULA.search(found[2] or b""):
            faults[row, column] = "a formula that was never worked out"
    return faults


def _number(letters: bytes) -> int:
    """Column of its letters, counted from 0.

    >>> _number(b"A"), _number(b"AA")
    (0, 26)
    """
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - ord("A") + 1
    return found - 1
