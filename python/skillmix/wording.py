"""How is a number, a month or a spread written for a reader?

Pounds whole, shares in per cent, months by name; what is not known and what has no end are said in
words, never as ``nan`` or ``inf``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from skillmix import _core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "cell",
    "day",
    "financial_year",
    "intake_text",
    "listed",
    "middle",
    "month",
    "number",
    "plain",
    "pounds",
    "rows",
    "slug",
    "value_text",
]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


def number(value: float, *, digits: int = 1) -> str:
    """A number with commas and at most ``digits`` decimals.

    >>> number(1234.56), number(12.0), number(float("inf")), number(float("nan")), number(-0.04)
    ('1,234.6', '12', 'no end', 'not known', '0')
    """
    if math.isnan(value):
        return "not known"
    if math.isinf(value):
        return "no end"
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pounds(value: float) -> str:
    """Whole pounds.

    >>> pounds(412345.6), pounds(-20)
    ('£412,346', '-£20')
    """
    if not math.isfinite(value):
        return number(value)
    whole = f"£{abs(value):,.0f}"
    return f"-{whole}" if value < 0 and whole != "£0" else whole


def month(iso: str, *, short: bool = False) -> str:
    """A month by name from an ISO month or date.

    >>> month("2026-02"), month("2026-02-14", short=True)
    ('February 2026', 'Feb 2026')
    """
    name = _MONTHS[int(iso[5:7]) - 1]
    return f"{name[:3] if short else name} {iso[:4]}"


def day(iso: str) -> str:
    """A day by name from an ISO date.

    >>> day("2025-10-01")
    '1 October 2025'
    """
    return f"{int(iso[8:10])} {month(iso)}"


def financial_year(iso: str) -> str:
    """The financial year of an ISO month or date.

    >>> financial_year("2026-03"), financial_year("2026-04-01")
    ('2025/26', '2026/27')
    """
    first = int(iso[:4]) - (int(iso[5:7]) < 4)
    return f"{first}/{(first + 1) % 100:02d}"


def listed(items: Sequence[str]) -> str:
    """Items as in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def cell(value: Any, unit: str = "") -> str:
    """One value of a table as text; shares in per cent, pounds with their sign.

    >>> cell(0.25, "share"), cell(31.0, "hours a week"), cell(True), cell(1234.5, "pounds")
    ('25 %', '31', 'yes', '£1,234')
    """
    if value is None:
        return ""
    kind = type(value).__name__
    if kind in ("bool", "bool_"):
        return "yes" if value else "no"
    if kind in ("datetime64", "date", "datetime"):
        return str(value)[:10]
    if isinstance(value, int | float) or hasattr(value, "__float__"):
        plain = float(value)
        if unit == "share":
            return f"{number(plain * 100)} %" if math.isfinite(plain) else number(plain)
        if unit.startswith("pounds"):
            return pounds(plain)
        if unit.startswith("people") and abs(plain) >= 10:
            return number(plain, digits=0)
        return number(plain, digits=1 if abs(plain) >= 10 else 2)
    return str(value)


def value_text(value: Any, unit: str = "") -> str:
    """A value of a scenario as a planner would say it, spreads included.

    >>> value_text({"unsure": {"pert": [0.15, 0.25, 0.32]}}, "share")
    '25 %, between 15 % and 32 %'
    >>> value_text({"varies": {"family": "lognormal", "mean": 7.6, "sd": 4.2}})
    '7.6 on average, differing by 4.2 between people'
    >>> value_text({"unsure": {"normal": {"mean": 0.2, "sd": 0.01}}}, "share")
    '20 %, nine in ten between 18.4 % and 21.6 %'
    """
    if isinstance(value, dict):
        unsure, varies = value.get("unsure"), value.get("varies")
        if isinstance(unsure, dict) and unsure:
            points = next(iter(unsure.values()))
            by_ends = len(unsure) == 1 and isinstance(points, list) and "empirical" not in unsure
            if by_ends and points:
                ends = f"between {cell(points[0], unit)} and {cell(points[-1], unit)}"
                return f"{cell(points[1], unit)}, {ends}" if len(points) == 3 else ends
            mean, _, low, _, high = _core.spread_numbers(value)
            said = f"nine in ten between {cell(low, unit)} and {cell(high, unit)}"
            return f"{cell(mean, unit)}, {said}"
        if isinstance(varies, dict) and "mean" in varies:
            text = f"{value_text(varies['mean'], unit)} on average"
            sd = varies.get("sd")
            return f"{text}, differing by {cell(sd, unit)} between people" if sd else text
        return ", ".join(f"{key} {value_text(inner, unit)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(inner, unit) for inner in value)
    return cell(value, unit)


def middle(value: Any) -> float:
    """The number in the middle of a value that may be a spread; 0 if there is none.

    >>> middle(3), middle({"unsure": {"uniform": [1, 2]}})
    (3.0, 1.5)
    """
    if isinstance(value, dict):
        if isinstance(varies := value.get("varies"), dict):
            return middle(varies.get("mean", 0.0))
        if isinstance(unsure := value.get("unsure"), dict) and unsure:
            points = unsure.get("pert", unsure.get("triangular"))
            if isinstance(points, list) and len(points) == 3:
                return float(points[1])
            return _core.spread_numbers(value)[0]
        return 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def plain(text: object) -> str:
    """A value as TOML text, without the quotes around a word.

    >>> plain('"hit"'), plain("4.0"), plain("[1, 2]")
    ('hit', '4', '[1, 2]')
    """
    said = str(text)
    if len(said) > 1 and said[0] == said[-1] and said[0] in "\"'":
        return said[1:-1]
    return said.removesuffix(".0") if re.fullmatch(r"-?\d+\.0", said) else said


def intake_text(intake: Mapping[str, Any], courses: Mapping[str, Any]) -> str:
    """An intake in words.

    >>> intake_text({"course": "hit", "trainees": 4, "start": "2025-10-01"}, {})
    'hit: 4 trainees from 1 October 2025'
    """
    name = str(intake.get("course"))
    title = str(courses.get(name, {}).get("title", name))
    heads = value_text(intake.get("trainees"))
    noun = "trainee" if heads == "1" else "trainees"
    parts = [f"{title}: {heads} {noun} from {day(str(intake.get('start')))}"]
    if middle(intake.get("internal", 0)):
        parts.append(f"{value_text(intake['internal'])} of them from this service")
    if intake.get("at"):
        parts.append(f"at {intake['at']}")
    return ", ".join(parts)


def slug(text: str) -> str:
    """A name that is safe as the name of a file everywhere.

    >>> slug("Autumn intake: 4 + 4!"), slug("con"), slug("../..")
    ('autumn-intake-4-4', 'con-', 'table')
    """
    plain = re.sub(r"[^a-z0-9_]+", "-", text.casefold()).strip("-")[:80]
    if _KEPT_BY_WINDOWS.fullmatch(plain):
        return f"{plain}-"
    return plain or "table"


def rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table, each a dict."""
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
