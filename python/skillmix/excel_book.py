"""How does a table become a sheet that can be read, printed, filtered and recomputed?

A real Excel table with its units in the heads, number formats by unit, totals as live formulas
beside the values that they give, A4 landscape. A text is only ever a text: nothing typed into a
label can run as a formula or become a link.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from skillmix._core import __version__
from skillmix.chart_style import PALETTE
from skillmix.errors import LimitError, Problem
from skillmix.files import write_bytes
from skillmix.frame import need
from skillmix.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Book", "Column", "Placed", "Sheet", "cell_name", "kind_of", "sheet_name"]

MOST_ROWS = 1_000_000
"""Rows of one sheet, a little fewer than the format has."""
_LONGEST_TEXT = 32_000
_LONGEST_NAME = 31
_FORMATS = {
    "pounds": "£#,##0;-£#,##0",
    "pence": "£#,##0.00;-£#,##0.00",
    "share": "0.0%",
    "one": "#,##0.0",
    "two": "#,##0.00",
    "whole": "#,##0",
    "date": "d mmm yyyy",
    "month": "mmm yyyy",
}
_BY_UNIT = {
    "pounds": "pounds",
    "share": "share",
    "WTE": "one",
    "heads": "one",
    "hours": "one",
    "weeks": "one",
    "people": "one",
    "days": "whole",
    "months": "whole",
}
_TO_THE_LEFT = frozenset({"text", "date", "month"})
_MOST_LINES = 30
_WIDE = 230
"""Width above which a sheet is printed on two pages side by side."""
_LETTERS = 1.12
"""Letters of Arial that fit into one unit of width, which is that of a digit."""
_WIDTHS = {"month": 10, "date": 12, "share": 9, "pounds": 13, "pence": 15}
_WIDEST = 46
_POINTS_A_LINE = 13.5
_INK = PALETTE[0]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        head: What stands above it, its unit included.
        values: What stands in it; with formulas, what they give.
        kind: How it is shown: ``text``, ``pounds``, ``share``, ``one``, ``month``, ...
        total: Whether the row below adds it up.
        formulas: A live formula for each value.
        width: Width in characters; left out, as wide as it needs.
        kinds: How each value is shown, where they differ.
    """

    head: str
    values: Sequence[Any]
    kind: str = "text"
    total: bool = False
    formulas: Sequence[str] | None = None
    width: float | None = None
    kinds: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands: its sheet, first and last row of values, and columns by head."""

    sheet: str
    first: int
    last: int
    columns: Mapping[str, int]
    total: int | None = None

    def range(self, head: str) -> str:
        """The values of a column as a formula of any sheet names them."""
        letter = letters(self.columns[head])
        return f"{quoted(self.sheet)}!${letter}${self.first + 1}:${letter}${self.last + 1}"


def kind_of(name: str, unit: str, dtype: str = "f") -> str:
    """How a column of a table is shown.

    >>> kind_of("in_post", "WTE"), kind_of("recovery", ""), kind_of("month", "", "O")
    ('one', 'two', 'month')
    """
    if dtype == "O":
        return "month" if name == "month" or name.endswith("_month") else "text"
    if dtype in "bM":
        return "text" if dtype == "b" else "date"
    if name.startswith("share_"):
        return "share"
    return _BY_UNIT.get(unit.split(" ", 1)[0], "whole" if dtype in "iu" else "two")


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    r"""A name that Excel allows: 31 characters at most, none of ``[]:*?/\``, no two alike.

    >>> sheet_name("Cost: 2025/26"), sheet_name("staff", ["Staff"]), sheet_name("History")
    ('Cost 2025 26', 'staff (2)', 'History (2)')
    """
    plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", wanted).split()).strip("' ") or "Sheet"
    known = {name.casefold() for name in taken} | {"history"}
    name, turn = plain[:_LONGEST_NAME].strip("' "), 1
    while name.casefold() in known:
        turn += 1
        ending = f" ({turn})"
        name = f"{plain[: _LONGEST_NAME - len(ending)].rstrip()}{ending}"
    return name


def letters(column: int) -> str:
    """Letters of a column counted from 0.

    >>> letters(0), letters(25), letters(26), letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    name, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Name of a cell, row and column counted from 0.

    >>> cell_name(6, 4)
    'E7'
    """
    return f"{letters(column)}{row + 1}"


def quoted(sheet: str) -> str:
    """Name of a sheet as a formula writes it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


class Book:
    """A workbook in the making; nothing is on the disk before ``save``."""

    def __init__(self, title: str, subject: str = "", dated: date | None = None) -> None:
        """Starts an empty workbook.

        Args:
            title: What it is, for the properties of the file and the head of each page.
            subject: Line at the foot of each page.
            dated: Day that it says it was made on; left out, today.

        Raises:
            ImportError: if XlsxWriter is not installed; the message says what to install.
        """
        need("xlsxwriter", "a workbook")
        import xlsxwriter

        self.title, self.subject = title, subject
        self.dated = dated or datetime.now(tz=UTC).date()
        self._bytes = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties(
            {
                "title": title[:255],
                "comments": f"Made by skillmix {__version__}",
                "created": datetime(self.dated.year, self.dated.month, self.dated.day, tzinfo=UTC),
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._sheets: list[Sheet] = []
        self._tables = 0

    @property
    def names(self) -> list[str]:
        """Names of the sheets so far."""
        return [sheet.name for sheet in self._sheets]

    def format(self, **wanted: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self._formats[key] = self._book.add_format(base | wanted)
        return self._formats[key]

    def sheet(self, name: str, title: str = "", note: str = "", *, hidden: bool = False) -> Sheet:
        """A new sheet with its title and a note below it."""
        made = Sheet(self, sheet_name(name, self.names), title, note, hidden=hidden)
        self._sheets.append(made)
        return made

    def table_name(self) -> str:
        """The next name of a table."""
        self._tables += 1
        return f"Table{self._tables}"

    def save(self, path: Path) -> Path:
        """Writes the workbook, whole or not at all.

        Raises:
            FileError: if it cannot be written, or is a directory.
        """
        for sheet in self._sheets:
            sheet.finish()
        self._book.close()
        return write_bytes(path, self._bytes.getvalue())


@dataclass(slots=True)
class Sheet:
    """One sheet: texts and tables below each other, from the top down."""

    book: Book
    name: str
    title: str
    note: str
    hidden: bool = False
    row: int = 0
    charts: int = 0
    held: bool = False
    """Whether the head of a table stays in view already, or none shall."""
    xl: Any = field(init=False)
    widths: dict[int, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Title, note and page."""
        self.xl = self.book._book.add_worksheet(self.name)
        self.xl.hide_gridlines(2)
        self.xl.set_landscape()
        self.xl.set_paper(9)  # A4
        self.xl.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        self.xl.fit_to_pages(1, 0)
        # A space keeps a leading digit of the text out of the size of the type.
        self.xl.set_header(f"&L&9 {_page_text(self.book.title, 100)}&R&9 &A")
        foot = f"&L&9 {_page_text(self.book.subject, 90)}&C&9 Page &P of &N"
        self.xl.set_footer(f"{foot}&R&9 {self.book.dated.isoformat()}")
        if self.hidden:
            self.xl.hide()
        if self.title:
            self.text(self.title, bold=True, font_size=14, font_color=_INK)
        if self.note:
            self.text(self.note, italic=True, font_color="#404040")

    def text(self, said: str, *, over: int = 0, **style: Any) -> None:
        """A line of text; over ``over`` characters it is wrapped across the first columns."""
        if over:
            form = self.book.format(text_wrap=True, **style)
            self.xl.merge_range(self.row, 0, self.row, 4, "", form)
            lines = sum(len(wrap(part, over)) or 1 for part in said.split("\n"))
            self.xl.set_row(self.row, _POINTS_A_LINE * lines + 1.5)
            self.xl.write_string(self.row, 0, shown_text(said), form)
        else:
            self.xl.write_string(self.row, 0, shown_text(said), self.book.format(**style))
        self.row += 1

    def link(self, to: str, said: str) -> None:
        """A link to another sheet, with a sentence on what stands there."""
        form = self.book.format(font_color=_INK, underline=1)
        self.xl.write_url(self.row, 0, f"internal:{quoted(to)}!A1", form, string=to)
        self.xl.write_string(self.row, 1, shown_text(said), self.book.format())
        self.row += 1

    def next_row(self, *, titled: bool = False) -> int:
        """Row of the first values of the next table, counted from 0."""
        return self.row + bool(self.row) + titled + 1

    def table(
        self, columns: Sequence[Column], *, title: str = "", empty: str = "None."
    ) -> Placed | None:
        """A table below what is there, and a row of totals if a column has one.

        Returns:
            Where it stands; nothing if it has no rows, which the sheet then says.

        Raises:
            LimitError: if it has more rows than a sheet.
        """
        if self.row:
            self.row += 1
        if title:
            self.text(title, bold=True, font_size=11)
        rows = max((len(column.values) for column in columns), default=0)
        if not rows:
            self.text(empty)
            return None
        if self.row + rows > MOST_ROWS:
            said = f"{self.name}: got {rows} rows, allowed: up to {MOST_ROWS} on a sheet"
            raise LimitError(said, (Problem(self.name, str(rows), f"up to {MOST_ROWS}", said),))
        head, first = self.row, self.row + 1
        last = first + rows - 1
        heads = _unique([" ".join(shown_text(column.head).split()) or "-" for column in columns])
        totals = any(column.total for column in columns)
        heights = [1] * rows
        for place, column in enumerate(columns):
            self._column(first, place, column, heads[place], heights)
        for offset, lines in enumerate(heights):
            if lines > 1:
                self.xl.set_row(first + offset, _POINTS_A_LINE * lines)
        sums = [
            self._total(column, place, first, last) if totals else {}
            for place, column in enumerate(columns)
        ]
        self.xl.add_table(
            head,
            0,
            last + totals,
            len(columns) - 1,
            {
                "name": self.book.table_name(),
                "style": "Table Style Light 1",
                "banded_rows": rows > 1,
                "total_row": totals,
                "columns": [
                    self._head(column, heads[place], place) | sums[place]
                    for place, column in enumerate(columns)
                ],
            },
        )
        if totals:
            rule = self.book.format(bold=True, top=1)
            for place, column in enumerate(columns[1:], start=1):
                if not column.total:
                    self.xl.write_blank(last + 1, place, None, rule)
        deep = [len(wrap(name, max(6, int(self.widths[i]) - 2))) for i, name in enumerate(heads)]
        self.xl.set_row(head, _POINTS_A_LINE * max(deep) + 3)
        if not self.held:
            self.xl.freeze_panes(first, 1)
            self.xl.repeat_rows(head)
            self.held = True
        self.row = last + totals + 1
        placed = {column.head: place for place, column in enumerate(columns)}
        return Placed(self.name, first, last, placed, last + 1 if totals else None)

    def _column(
        self, first: int, place: int, column: Column, head: str, heights: list[int]
    ) -> None:
        longest = max((len(word) for word in head.split()), default=0) + 3
        own = column.width or _WIDTHS.get(column.kind) or self._needed(column)
        width = self.widths[place] = max(self.widths.get(place, 0.0), own, longest)
        kinds = column.kinds or [column.kind] * len(column.values)
        pairs = zip(kinds, column.values, strict=True)
        texts = [str(value) if kind == "text" else "" for kind, value in pairs]
        wrapped = any(len(said) > width or "\n" in said for said in texts)
        right = {"align": "right"} if column.kind not in _TO_THE_LEFT else {}
        for offset, value in enumerate(column.values):
            row = first + offset
            kind = kinds[offset]
            form = self._form(kind, wrapped=wrapped, inside=place > 0 and not right, **right)
            if column.formulas is not None:
                self.xl.write_formula(row, place, column.formulas[offset], form, plain_value(value))
                continue
            self.write(row, place, value, form, kind)
            if wrapped:
                lines = sum(
                    len(wrap(part, int(width * _LETTERS))) or 1
                    for part in texts[offset].split("\n")
                )
                heights[offset] = max(heights[offset], min(lines, _MOST_LINES))

    def _needed(self, column: Column) -> float:
        if column.kind != "text":
            return 11
        longest = max((len(str(value)) for value in column.values), default=0)
        return min(_WIDEST, max(8, longest * 1.05 + 2))

    def _form(self, kind: str, *, wrapped: bool = False, inside: bool = False, **more: Any) -> Any:
        style: dict[str, Any] = {"num_format": _FORMATS[kind]} if kind in _FORMATS else {}
        if kind == "text" and wrapped:
            style["text_wrap"] = True
        if kind in _TO_THE_LEFT:
            style |= {"align": "left"} | ({"indent": 1} if inside else {})
        return self.book.format(**(style | more))

    def _head(self, column: Column, head: str, place: int) -> dict[str, Any]:
        style = {"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"}
        left = {"align": "left", "indent": 1} if place else {}
        align = left if column.kind in _TO_THE_LEFT else {"align": "right"}
        return {"header": head, "header_format": self.book.format(**style, **align)}

    def _total(self, column: Column, place: int, first: int, last: int) -> dict[str, Any]:
        """The sum of all rows, filtered or not, which every spreadsheet understands."""
        form = self._form(column.kind, bold=True, top=1)
        if column.total:
            found = math.fsum(float(v) for v in column.values if _finite(v))
            cells = f"{cell_name(first, place)}:{cell_name(last, place)}"
            return {"total_function": f"SUM({cells})", "total_value": found, "format": form}
        return {"total_string": "Total", "format": form} if place == 0 else {}

    def write(self, row: int, place: int, value: Any, form: Any, kind: str = "text") -> None:
        """One value: a number, a day or a text; what is not known stays empty."""
        found = plain_value(value)
        if found is None or found == "":
            self.xl.write_blank(row, place, None, form)
        elif isinstance(found, bool):
            self.xl.write_string(row, place, "yes" if found else "no", form)
        elif isinstance(found, int | float):
            self.xl.write_number(row, place, found, form)
        elif isinstance(found, date):
            self.xl.write_datetime(row, place, datetime(found.year, found.month, found.day), form)
        elif kind == "month" and re.fullmatch(r"\d{4}-\d{2}", found):
            day = datetime(int(found[:4]), int(found[5:]), 1)
            self.xl.write_datetime(row, place, day, form)
        else:
            self.xl.write_string(row, place, shown_text(found), form)

    def finish(self) -> None:
        """Widths of the columns; what is too wide for one page to be read goes on two."""
        for place, width in self.widths.items():
            self.xl.set_column(place, place, width)
        if sum(self.widths.values()) > _WIDE and not self.charts:
            self.xl.fit_to_pages(2, 0)
            self.xl.repeat_columns(0)


def shown_text(text: str) -> str:
    """A text that a cell can hold and no spreadsheet runs."""
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} ..."
    return str(harmless(cut))


def plain_value(value: Any) -> Any:
    """A value as Python has it: no end in words, nothing where nothing is known."""
    if type(value).__name__ == "datetime64":
        return value.astype("datetime64[D]").item()
    found = value.item() if hasattr(value, "item") else value
    if isinstance(found, float) and not math.isfinite(found):
        return None if math.isnan(found) else "no end"
    return found


def _finite(value: Any) -> bool:
    found = plain_value(value)
    return isinstance(found, int | float)


def _unique(heads: Sequence[str]) -> list[str]:
    """Heads of which no two are alike to Excel."""
    seen: dict[str, int] = {}
    found = []
    for head in heads:
        said = head[:250]
        seen[said.casefold()] = turn = seen.get(said.casefold(), 0) + 1
        found.append(said if turn == 1 else f"{said} ({turn})")
    return found


def _page_text(text: str, most: int) -> str:
    """A text for the head or foot of a page, where an ampersand begins a code."""
    cut = text if len(text) <= most else f"{text[:most]}..."
    return cut.replace("&", "&&")
