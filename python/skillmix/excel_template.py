"""What does a service fill in, so that a scenario becomes its own?

One row a field: what it is, its value now, a cell to fill, unit, what is allowed, meaning, source.
Only the cells to fill can be changed; each checks what is typed by the limits of the field. A
hidden sheet keeps the scenario, so that the file is enough to read it back.
"""

from __future__ import annotations

from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from skillmix._core import __version__
from skillmix.arguments import expect
from skillmix.excel_book import Book, shown_text
from skillmix.excel_fields import SHEETS, Asked, allowed, asked
from skillmix.files import path_of
from skillmix.scenario import Scenario
from skillmix.tables import unknown
from skillmix.wording import value_text

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from skillmix.excel_book import Sheet

__all__ = ["HEADS", "HIDDEN", "MARK", "template"]

HEADS = (
    *("Path", "Of", "What", "Now", "New value"),
    *("Unit", "Allowed", "What it is", "Source of the value now"),
)
HIDDEN = "Scenario"
"""The hidden sheet that keeps the scenario."""
MARK = "skillmix template 1"
CHUNK = 8_000
"""Characters of the scenario in one cell."""
_WIDTHS = (16, 28, 30, 22, 18, 15, 26, 48, 38)
_FILL = 4
_OFFERED = 8
_POINTS, _MOST_LINES = 13.5, 8
_TITLE, _MESSAGE = 32, 255
_BY_UNIT = {"share": "0.0#%", "WTE": "0.0#", "pounds": "£#,##0"}
_HOW = (
    "Fill in what is known of the service in the column “New value”: the cells with a thick "
    "border. Leave a cell empty where the value now shall stay.",
    "Each row says its unit and what is allowed. A share is typed as 12% or as 0.12. A day is "
    "typed as a date.",
    "Rows may be sorted and columns moved; the grey column “Path” says which field a row is for, "
    "and must stay as it is. All other cells are protected, without a password.",
    "Read it back in Python: skillmix.Scenario.from_excel(file), or scenario.with_excel(file). "
    "Every fault is named by its sheet and cell.",
    "No names of people, no NHS numbers, no dates of birth: none are needed, and such columns are "
    "refused.",
)


def template(
    path: str | os.PathLike[str],
    *,
    scenario: Scenario | None = None,
    fill: Mapping[str, Any] | None = None,
    dated: str | date | None = None,
) -> Path:
    """Writes a workbook to be filled in with the figures of a service.

    Args:
        path: File to write, ``.xlsx``.
        scenario: Scenario that it starts from; left out, the pack of today.
        fill: Values that are filled in already, by path; a new intake is
            ``training.intakes[new 1]``.
        dated: Day that the workbook says it was made on, ISO; left out, today.

    Returns:
        The path.

    Raises:
        UnknownNameError: if ``fill`` has a path that the template does not ask for.
        FileError: if the file cannot be written.
        ImportError: if XlsxWriter is not installed; the message says what to install.
    """
    to = Path(path_of(path))
    ours = Scenario.preset("talking-therapies-2025") if scenario is None else scenario
    expect("scenario", ours, Scenario, "a Scenario")
    filled = dict(fill or {})
    sheets = asked(ours)
    offered = [row.path for lines in sheets.values() for row in lines]
    for key in filled:
        if key not in offered:
            near = get_close_matches(str(key), offered, n=_OFFERED, cutoff=0.0)
            raise unknown("field of the template", key, near)
    when = date.fromisoformat(dated) if isinstance(dated, str) else dated
    subject = f"skillmix {__version__}, scenario {ours.hash[:12]}"
    book = Book(f"Template: {ours.name}", subject, when)
    front = book.sheet("Read me", "Template to be filled in")
    for said in (f"Starts from: {ours.name}", *_HOW):
        front.text(said, over=110)
    front.row += 1
    for name, (title, _) in SHEETS.items():
        if sheets[name]:
            _sheet(book.sheet(name, title), sheets[name], filled)
    for name in SHEETS:
        if sheets[name]:
            front.link(name, SHEETS[name][0])
    front.widths = {0: 26, 1: 26, 2: 26, 3: 26, 4: 26}
    front.xl.protect()
    _keep(book.sheet(HIDDEN, hidden=True), ours, [name for name in SHEETS if sheets[name]])
    return book.save(to)


def _sheet(sheet: Sheet, lines: list[Asked], filled: Mapping[str, Any]) -> None:
    sheet.row += 1
    head = sheet.row
    style = {"bold": True, "text_wrap": True, "bottom": 2}
    for place, said in enumerate(HEADS):
        more = {"font_color": "#7f7f7f"} if place == 0 else {}
        sheet.xl.write_string(head, place, said, sheet.book.format(**style, **more))
    before = ""
    for offset, row in enumerate(lines, start=1):
        _row(sheet, head + offset, row, filled, first=row.of != before)
        before = row.of
    for place, width in enumerate(_WIDTHS):
        sheet.widths[place] = width
    sheet.xl.freeze_panes(head + 1, _FILL + 1)
    sheet.xl.repeat_rows(head)
    sheet.xl.protect(
        "", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
    )
    sheet.row = head + len(lines) + 1


def _row(sheet: Sheet, at: int, row: Asked, filled: Mapping[str, Any], *, first: bool) -> None:
    rule: dict[str, Any] = {"top": 1} if first else {"top": 4, "top_color": "#bfbfbf"}
    plain = sheet.book.format(**rule, text_wrap=True)
    grey = sheet.book.format(**rule, font_color="#7f7f7f", font_size=8, shrink=True)
    number = _BY_UNIT.get(row.field.unit, "General")
    sheet.xl.write_string(at, 0, row.path, grey)
    texts = {1: row.of, 2: row.what, 5: row.field.unit, 6: allowed(row.field, row.choices)}
    texts |= {7: row.field.meaning, 8: row.source}
    for place, said in texts.items():
        sheet.xl.write_string(at, place, shown_text(said), plain)
    now = sheet.book.format(**rule, num_format=number, align="left", text_wrap=True)
    if isinstance(row.now, bool):
        sheet.xl.write_string(at, 3, "yes" if row.now else "no", now)
    elif isinstance(row.now, int | float):
        sheet.xl.write_number(at, 3, row.now, now)
    else:
        said = "not stated" if row.now is None else value_text(row.now, row.field.unit)
        sheet.xl.write_string(at, 3, shown_text(said), now)
    kind = row.field.type
    cell = sheet.book.format(
        locked=False,
        border=5,
        border_color="#12436d",
        bg_color="#fff9e5",
        num_format="d mmm yyyy" if kind == "date" else "@" if row.choices else number,
        align="left",
    )
    _fill(sheet, at, filled.get(row.path), cell)
    sheet.xl.data_validation(at, _FILL, at, _FILL, _validation(row))
    deep = max(len(wrap(said, _WIDTHS[place])) for place, said in texts.items())
    sheet.xl.set_row(at, _POINTS * min(_MOST_LINES, max(1, deep)) + 2)


def _fill(sheet: Sheet, at: int, value: Any, cell: Any) -> None:
    if value is None:
        sheet.xl.write_blank(at, _FILL, None, cell)
    elif isinstance(value, bool):
        sheet.xl.write_boolean(at, _FILL, value, cell)
    elif isinstance(value, int | float):
        sheet.xl.write_number(at, _FILL, value, cell)
    elif isinstance(value, date):
        shown = sheet.book.format(locked=False, num_format="d mmm yyyy", align="left")
        sheet.xl.write_datetime(at, _FILL, datetime(value.year, value.month, value.day), shown)
    else:
        sheet.xl.write_string(at, _FILL, str(value), cell)


def _validation(row: Asked) -> dict[str, Any]:
    """What Excel itself says and checks when the cell is filled in."""
    can = allowed(row.field, row.choices)
    said: dict[str, Any] = {
        "ignore_blank": True,
        "input_title": row.what[:_TITLE],
        "input_message": f"Allowed: {can}. {row.field.meaning}"[:_MESSAGE],
        "error_title": "Not allowed here",
        "error_message": f"Allowed: {can}."[:_MESSAGE],
    }
    kind = row.field.type
    if row.choices and len(",".join(row.choices)) <= _MESSAGE:
        return said | {"validate": "list", "source": list(row.choices)}
    if kind == "true or false":
        return said | {"validate": "list", "source": ["yes", "no"]}
    if kind == "date":
        first, last = datetime(1990, 1, 1), datetime(2100, 1, 1)
        return said | {
            "validate": "date",
            "criteria": "between",
            "minimum": first,
            "maximum": last,
        }
    if kind.startswith(("number", "whole")) and row.field.minimum == row.field.minimum:
        return said | {
            "validate": "integer" if kind.startswith("whole") else "decimal",
            "criteria": "between",
            "minimum": _neat(row.field.minimum),
            "maximum": _neat(row.field.maximum),
        }
    return said | {"validate": "any"}


def _neat(limit: float) -> int | float:
    return int(limit) if limit.is_integer() else limit


def _keep(sheet: Sheet, scenario: Scenario, names: list[str]) -> None:
    """The scenario itself, in pieces that a cell can hold, each after a bar to stay text."""
    text = scenario._inner.to_json()
    lines = [MARK, scenario.hash, *names, ""]
    lines += [f"|{text[start : start + CHUNK]}" for start in range(0, len(text), CHUNK)]
    for row, said in enumerate(lines):
        sheet.xl.write_string(row, 0, said)
    sheet.xl.protect()
