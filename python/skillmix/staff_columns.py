"""Which columns does a staff list have, what may they be called, and what may stand in them?

A header is matched by its words, so that ``Start date`` and ``start_date`` are one; what it was
taken for stands in the report. A value is read as it stands or refused with its cell: nothing is
guessed, least of all the day of ``01/02/2025``.
"""

from __future__ import annotations

import math
import re
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix.staff_cells import Fault
from skillmix.staff_personal import plain_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.staff_cells import Cells

__all__ = ["COLUMNS", "KNOWN_HEADERS", "Matched", "UnreadableError", "columns_of", "value_of"]

_NUMBER = re.compile(r"\d+(\.\d+)?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
_BANDS = ("4", "5", "6", "7", "8a", "8b", "8c", "8d", "9")
_MARKERS = ("*", "-", "..", "z", "n/a", "na", "?", "tbc")
_YES = ("yes", "y", "true", "1")
_NO = ("no", "n", "false", "0")
_FIRST_YEAR = 1950
_LAST_YEAR = 2100
_MOST_WTE = 40.0


class About(NamedTuple):
    """One column: what it holds, what else it may be called, what it is, an example."""

    kind: str
    called: tuple[str, ...]
    meaning: str
    example: str


COLUMNS: dict[str, About] = {
    "role": About(
        "role",
        ("job", "job role", "job title", "role title", "post", "staff role", "role name"),
        "Role, as the scenario calls it or shows it, such as pwp or Senior PWP",
        "pwp",
    ),
    "band": About("band", ("afc band", "pay band", "grade", "agenda for change band"), "Band", "5"),
    "point": About(
        "point",
        ("pay point", "step", "pay step", "step point", "spine point", "pay step point"),
        "Point of the band from 1 at its entry, or entry, middle or top",
        "2",
    ),
    "wte": About(
        "number",
        ("fte", "whole time equivalent", "full time equivalent", "contracted wte", "wte worked"),
        "Whole-time equivalent, 1 for full time",
        "0.8",
    ),
    "start": About(
        "date",
        ("start date", "date in post", "in post since", "started", "date started", "post start"),
        "First day in this post",
        "2023-09-04",
    ),
    "qualified": About(
        "date",
        ("qualified on", "date qualified", "qualification date", "qualified since"),
        "Day of qualifying",
        "2022-10-01",
    ),
    "accredited": About(
        "yes",
        ("is accredited", "accreditation", "babcp accredited"),
        "Accredited, yes or no",
        "yes",
    ),
    "supervisor_trained": About(
        "yes",
        (
            "supervision trained",
            "trained supervisor",
            "supervisor training",
            "trained to supervise",
        ),
        "Trained to supervise, yes or no",
        "no",
    ),
    "supervises": About(
        "list",
        ("supervisor of", "supervises whom", "supervises roles", "supervision of"),
        "Kinds of supervision, or roles, that this person may supervise; several with ;",
        "",
    ),
    "employer": About("text", ("employed by", "employer name"), "Employer, nhs if left out", "nhs"),
    "course": About(
        "text",
        ("trainee course", "training course", "course name", "training"),
        "Course of a trainee, such as pwp or hit",
        "",
    ),
    "course_start": About(
        "date",
        ("course started", "training start", "training started", "course start date"),
        "First day of the course of a trainee",
        "",
    ),
    "next_step": About(
        "date",
        ("next increment", "increment date", "incremental date", "next pay step", "step date"),
        "Day on which the next point of the band is reached",
        "",
    ),
}
"""Columns of a staff list; ``role`` and ``wte`` are needed."""

KNOWN_HEADERS = frozenset(
    plain_header(header) for name, about in COLUMNS.items() for header in (name, *about.called)
)
NEEDED = ("role", "wte")


class Matched(NamedTuple):
    """Which column of the file stands for which: places by name, and headers not read."""

    places: dict[str, int]
    renamed: dict[str, str]
    not_read: list[int]


class UnreadableError(ValueError):
    """A cell that cannot be read; the message says why and what to write."""


def columns_of(cells: Cells) -> tuple[Matched, list[Fault]]:
    """The columns by name, and what is wrong with the header."""
    by_header = {
        plain_header(header): name
        for name, about in COLUMNS.items()
        for header in (name, *about.called)
    }
    row, faults = cells.header.row, []
    places: dict[str, int] = {}
    renamed: dict[str, str] = {}
    not_read: list[int] = []
    for place, header in enumerate(cells.header.cells):
        plain = plain_header(header)
        name = by_header.get(plain)
        if name is None:
            near = get_close_matches(plain, list(by_header), n=1, cutoff=0.8) if plain else []
            if near:
                said = f'no such column: is it "{by_header[near[0]]}"?'
                faults.append(Fault(row, header[:40], said))
            else:
                not_read.append(place)
        elif name in places:
            faults.append(Fault(row, name, "the column stands twice"))
        else:
            places[name] = place
            if header.casefold() != name:
                renamed[name] = header[:40]
    for name in NEEDED:
        if name not in places:
            faults.append(Fault(row, name, _missing(name, cells)))
    return Matched(places, renamed, not_read), faults


def _missing(name: str, cells: Cells) -> str:
    """What to say of a needed column that is not there; no header that may be somebody's name."""
    header = cells.header.cells
    for mark in (";", "\t", "|"):
        if len(header) == 1 and mark in header[0]:
            return f'no column "{name}": the cells are separated by {mark!r}, save with commas'
    said = ", ".join(COLUMNS)
    return f'no column "{name}" in the first row; a staff list has the columns {said}'


def value_of(name: str, value: Any, roles: Mapping[str, str]) -> Any:
    """What a cell says, or None if it is empty.

    Args:
        name: Name of the column.
        value: What stands in the cell.
        roles: Role by each way to write it, in plain words.

    Raises:
        UnreadableError: if it says nothing that the column may hold.

    >>> value_of("wte", "0.8", {}), value_of("start", "2025-02-01", {}), value_of("band", 7.0, {})
    (0.8, datetime.date(2025, 2, 1), '7')
    """
    text = str(value).strip() if not isinstance(value, float) else _whole(value)
    if value is None or not text:
        return None
    match COLUMNS[name].kind:
        case "role":
            return _role(text, roles)
        case "band":
            return _band(text)
        case "point":
            return _point(text)
        case "number":
            return _number(value, text)
        case "date":
            return _date(value, text)
        case "yes":
            return _yes(value, text)
        case "list":
            return tuple(part.strip() for part in re.split(r"[;,+]", text) if part.strip())
        case _:
            return text[:80]


def _whole(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _shown(text: str) -> str:
    return f'"{text[:40]}"'


def _role(text: str, roles: Mapping[str, str]) -> str:
    plain = plain_header(text)
    found = roles.get(plain) or roles.get(" ".join(sorted(plain.split())))
    if found is None:
        near = get_close_matches(plain, list(roles), n=1)
        known = ", ".join(dict.fromkeys(roles.values()))
        guess = f"did you mean {roles[near[0]]}?" if near else f"there are {known}"
        raise UnreadableError(f"no such role {_shown(text)}; {guess}")
    return found


def _band(text: str) -> str:
    plain = re.sub(r"^(afc)?\s*(band)?\s*", "", text.casefold()).replace(" ", "")
    if plain not in _BANDS:
        near = get_close_matches(plain, _BANDS, n=1, cutoff=0.4)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise UnreadableError(f"no such band {_shown(text)}; there are {', '.join(_BANDS)}{guess}")
    return plain


def _point(text: str) -> str | int:
    plain = text.casefold()
    if plain in ("entry", "middle", "top"):
        return plain
    if re.fullmatch(r"[1-9]\d?", plain):
        return int(plain)
    raise UnreadableError(f"{_shown(text)} is no point; write 1, 2, ..., or entry, middle or top")


def _number(value: Any, text: str) -> float:
    if isinstance(value, bool):
        raise UnreadableError(f"{_shown(text)} is not a number")
    if isinstance(value, int | float):
        number = float(value)
    elif text.casefold() in _MARKERS or re.fullmatch(r"<\s*\d+", text):
        raise UnreadableError(f"{_shown(text)} is a marker and not zero; write the number")
    elif re.fullmatch(r"\d{1,3}([, \u00a0]\d{3})+(\.\d+)?", text):
        raise UnreadableError(f"{_shown(text)} has a thousands separator; write a plain number")
    elif re.fullmatch(r"\d+,\d+", text):
        raise UnreadableError(f"{_shown(text)} has a decimal comma; write {text.replace(',', '.')}")
    elif not (_NUMBER.fullmatch(text) and text.isascii()):
        raise UnreadableError(f"{_shown(text)} is not a plain number such as 0.8")
    else:
        number = float(text)
    if not (math.isfinite(number) and 0 <= number <= _MOST_WTE):
        raise UnreadableError(f"got {_shown(text)}, allowed: 0 to 1")
    return number


def _date(value: Any, text: str) -> date:
    if isinstance(value, date):
        found = value
    elif isinstance(value, int | float):
        raise UnreadableError(
            f"{_shown(text)} is a number; format the cell as a date, or 2025-02-01"
        )
    elif _ISO.fullmatch(text) and text.isascii():
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise UnreadableError(f"{_shown(text)} is no day of the calendar") from None
    else:
        raise UnreadableError(_no_date(text))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise UnreadableError(f"{_shown(text)} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return found


def _no_date(text: str) -> str:
    parts = _DAY_FIRST.fullmatch(text)
    if parts is None:
        return f"{_shown(text)} is no date; write it as 2025-02-01"
    one, two, year = int(parts[1]), int(parts[2]), parts[3]
    if one > 12 or two > 12 or len(year) == 2 or one == two:
        return f"{_shown(text)} is not written as 2025-02-01; dates are never guessed"
    here = f"{year}-{two:02d}-{one:02d} or {year}-{one:02d}-{two:02d}"
    return f"{_shown(text)} may be two days; write {here}"


def _yes(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return value
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise UnreadableError(f"{_shown(text)} is neither yes nor no")
