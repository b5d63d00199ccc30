"""Would a staff list tell who somebody is? Then it is refused, before anything else is read of it.

A plan needs no names. Refused are columns that look like names, numbers of the NHS, of national
insurance or of the payroll, dates of birth, postcodes, addresses, e-mail, telephones, and personal
characteristics; and cells that look like an NHS number (ten digits whose last is the check digit:
11 - (10 a + 9 b + ... + 2 i) mod 11), a postcode, a national insurance number, an e-mail address or
a telephone number. The value itself is never repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from skillmix.staff_cells import Fault

if TYPE_CHECKING:
    from collections.abc import Collection

    from skillmix.staff_cells import Cells

__all__ = ["header_looks_like", "looks_like", "personal_faults", "plain_header"]

_WORDS = {
    "a name": (
        *("name", "names", "surname", "surnames", "forename", "forenames", "firstname"),
        *("lastname", "fullname", "initials", "initial", "maiden", "known as"),
    ),
    "an NHS number": ("nhs number", "nhs no", "nhs num", "nhsnumber", "nhsno"),
    "a date of birth": ("birth", "dob", "d o b", "birthday", "birthdate"),
    "an age": ("age",),
    "a postcode": ("postcode", "post code", "postal", "zip"),
    "an address": ("address", "addresses", "street", "town"),
    "an e-mail address": ("email", "e mail", "mail"),
    "a telephone number": ("phone", "telephone", "mobile", "tel", "bleep"),
    "a national insurance number": ("national insurance", "ni", "nino", "ni number", "ni no"),
    "a number of the payroll": (
        *("payroll", "esr", "assignment", "employee number", "employee no", "employee id"),
        *("staff number", "staff no", "staff id", "personnel", "pin"),
    ),
    "a personal characteristic": (
        *("gender", "sex", "ethnicity", "ethnic", "disability", "disabled", "religion"),
        *("nationality", "marital", "orientation"),
    ),
}
"""What a column looks like, by the words in its header."""

_NHS_NUMBER = re.compile(r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_PATTERNS = {
    "an e-mail address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "a national insurance number": re.compile(
        r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?(?:\d\d\s?){3}[A-D]\b",
        re.IGNORECASE,
    ),
    "a postcode": re.compile(
        r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:[A-HK-Y]?\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
        r"\s?\d[ABD-HJLNP-UW-Z]{2})\b",
        re.IGNORECASE,
    ),
    "a telephone number": re.compile(
        r"(?<![\d.])(?:\+44\s?(?:\(0\)\s?)?|0)[1-9](?:[\s-]?\d){8,9}\b"
    ),
}


def personal_faults(cells: Cells, known: Collection[str]) -> list[Fault]:
    """Every column and cell that could tell who somebody is.

    Args:
        cells: The file.
        known: Headers that a staff list may have, in plain words.
    """
    faults = []
    told = set()
    for place, header in enumerate(cells.header.cells):
        kind = "" if plain_header(header) in known else header_looks_like(header)
        inside = looks_like(header)
        if kind or inside:
            told.add(place)
            what = f"the column looks like {kind}" if kind else f"looks like {inside}"
            # A header that is somebody's own is not repeated either.
            faults.append(Fault(cells.header.row, _name(cells, place, known), f"{what}; {_DO}"))
    for line in cells.lines:
        for place, value in enumerate(line.cells):
            kind = "" if place in told else looks_like(value)
            if kind:
                column = _name(cells, place, known)
                faults.append(Fault(line.row, column, f"looks like {kind}; {_DO}"))
    return faults


_DO = "a staff list holds nothing personal: take it out and read the file again"


def header_looks_like(header: str) -> str:
    """What a column would hold of a person, by its header, or an empty text.

    >>> header_looks_like("First Name"), header_looks_like("Post code"), header_looks_like("WTE")
    ('a name', 'a postcode', '')
    """
    words = f" {plain_header(header)} "
    for kind, names in _WORDS.items():
        if any(f" {name} " in words for name in names):
            return kind
    return ""


def looks_like(value: Any) -> str:
    """What a cell would tell of a person, or an empty text.

    >>> looks_like("943 476 5919"), looks_like(9434765919.0), looks_like("9434765918")
    ('an NHS number', 'an NHS number', '')
    >>> looks_like("SW1A 1AA"), looks_like("band 6"), looks_like("2025-04-01")
    ('a postcode', '', '')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    for found in _NHS_NUMBER.finditer(text):
        if _is_nhs_number(re.sub(r"\D", "", found[0])):
            return "an NHS number"
    for kind, pattern in _PATTERNS.items():
        if pattern.search(text):
            return kind
    return ""


def _is_nhs_number(digits: str) -> bool:
    """The check digit: 11 less the weighted sum of the first nine, modulo 11."""
    weighted = sum((10 - place) * int(digit) for place, digit in enumerate(digits[:9]))
    check = (11 - weighted % 11) % 11
    return check == int(digits[9])


def plain_header(header: str) -> str:
    """A header in small letters, with single blanks for all that is no letter or digit."""
    spaced = re.sub(r"(?<=[a-z]{2})(?=[A-Z][a-z])", " ", header)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.casefold()))


def _name(cells: Cells, place: int, known: Collection[str]) -> str:
    """The header of a column if it is a common one, otherwise its number: it may be somebody's."""
    header = cells.header.cells[place]
    common = plain_header(header) in known or header_looks_like(header)
    return header[:40] if common and not looks_like(header) else str(place + 1)
