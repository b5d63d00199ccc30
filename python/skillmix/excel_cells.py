"""What does one cell that was filled in say, by the type of its field?

Strict: a text in the cell of a number is a fault with a suggestion, never a guess.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from skillmix.errors import Problem
from skillmix.excel_fields import allowed
from skillmix.wording import day

if TYPE_CHECKING:
    from skillmix.excel_fields import Field

__all__ = ["Fault", "value_of"]

_SHOWN = 80
_PER_CENT = 100
_A_RATE = 10
"""Upper limit of a field that is a rate, and could be typed in per cent."""
_ISO = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*")
_BRITISH = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*")


class Fault(Exception):  # noqa: N818 - it carries a problem to the list, and is never shown
    """A cell that cannot be read."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.message)
        self.problem = problem


def value_of(value: Any, field: Field, path: str, where: str) -> Any:
    """The value that a cell gives to a field.

    Args:
        value: What stands in the cell.
        field: The field of the schema.
        path: Path of the field.
        where: Sheet and cell.

    Raises:
        Fault: if it is not allowed there.
    """
    can = allowed(field)

    def fault(said: str = "", near: str | None = None) -> Fault:
        shown = _shown(value)
        message = f"{where}: got {shown}, allowed: {can}"
        message += f" ({said})" if said else ""
        message += f"; did you mean {near}?" if near else ""
        return Fault(Problem(path, shown, can, message, near, where))

    if field.type.startswith(("number", "whole")):
        return _number(value, field, fault)
    if field.type == "date":
        return _date(value, fault)
    if field.type == "true or false":
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().casefold() in ("yes", "no"):
            return value.strip().casefold() == "yes"
        raise fault()
    if isinstance(value, float) and value.is_integer():
        value = str(int(value))
    if not isinstance(value, str):
        raise fault("a text is expected")
    said = value.strip()
    if field.type.startswith("one of "):
        choices = field.type.removeprefix("one of ").split(", ")
        if said.casefold() not in choices:
            near = get_close_matches(said.casefold(), choices, n=1, cutoff=0.4)
            raise fault("", near[0] if near else None)
        return said.casefold()
    return said


def _number(value: Any, field: Field, fault: Any) -> int | float:
    if isinstance(value, bool):
        raise fault("yes or no is no number")
    if isinstance(value, datetime | date):
        raise fault("Excel has made a date of what was typed")
    if isinstance(value, time | timedelta):
        raise fault("Excel has made a time of what was typed")
    if isinstance(value, str):
        raise fault("a text, not a number", _guess(value, field))
    number = float(value)
    if not math.isfinite(number):
        raise fault()
    if number < field.minimum or number > field.maximum:
        per_cent = field.maximum <= _A_RATE < number <= _PER_CENT or (
            field.maximum <= 1 < number <= _PER_CENT
        )
        near = f"{number / _PER_CENT:g}, which is {number:g} %" if per_cent else None
        raise fault("", near)
    if field.type.startswith("whole"):
        if not number.is_integer():
            raise fault("a whole number is expected", f"{round(number)}")
        return int(number)
    return number


def _date(value: Any, fault: Any) -> str:
    if isinstance(value, datetime):
        if value.time() != time(0):
            raise fault("a day without a time is expected")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        near = _day_in(value)
        raise fault("a text, not a date", f"{day(near)}, typed as a date" if near else None)
    raise fault("a number, not a date" if isinstance(value, int | float) else "")


def _day_in(text: str) -> str | None:
    """The day that a text means, if it can only mean one in Britain.

    >>> _day_in("2025-10-01"), _day_in("1/10/2025"), _day_in("in October")
    ('2025-10-01', '2025-10-01', None)
    """
    if found := _ISO.fullmatch(text):
        parts = found[1], found[2], found[3]
    elif found := _BRITISH.fullmatch(text):
        parts = found[3], found[2], found[1]
    else:
        return None
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return None


def _guess(text: str, field: Field) -> str | None:
    """The number that a text means, if it is one with a sign beside it."""
    plain = text.strip().replace(",", "").replace("£", "").strip()
    share = plain.endswith("%")
    plain = re.sub(r"\s*(%|wte|hours?|weeks?|people|pounds)$", "", plain, flags=re.IGNORECASE)
    try:
        number = float(plain) / (_PER_CENT if share else 1)
    except ValueError:
        return None
    inside = math.isfinite(number) and not (number < field.minimum or number > field.maximum)
    return f"{number:g}" if inside else None


def _shown(value: Any) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        return f"the date {day(value.date().isoformat())}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"the date {day(value.isoformat())}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.10g}"
    return (repr(value) if isinstance(value, str) else str(value))[:_SHOWN]
