"""How does a planner's own CSV of monthly referrals become numbers, without a guess?

The core reads the file, the same way as one that a scenario names in ``demand.series.file``:

* UTF-8, with or without a byte order mark; line ends of any kind; commas; quoted cells. The columns
  ``month`` and ``referrals`` are read, others are passed over. A trailing comma and blank lines are
  ignored, any other row of the wrong length is refused.
* A number is digits, with an optional decimal point and exponent (``1e3`` is 1000). Thousands
  separators are refused unless ``thousands=","``; ``1.234`` is refused, because it is 1.234 to one
  reader and 1234 to another. Full-width digits, hexadecimal and the typographic minus are refused.
* A marker is never zero. ``*`` and ``<n`` are suppressed counts of 1 to 4, or of 1 to n - 1; ``-``,
  ``..``, ``z``, ``[c]``, ``[x]``, ``[z]`` and a blank are absent: nothing is known of them.
* Months are ISO (``2025-03``, or the first day ``2025-03-01``) in any order; the result is sorted.
  Gaps and duplicates are refused with the months named.

All faults of a file are collected and reported together. Rows are lines, the header is row 1.
"""

from __future__ import annotations

import os
from typing import Literal

from skillmix.errors import Problem, ScenarioError

Suppressed = Literal["error", "midpoint", "drop"]


def read_monthly(
    path: str | os.PathLike[str],
    *,
    suppressed: Suppressed = "error",
    thousands: Literal[","] | None = None,
) -> dict[str, float]:
    """Reads a CSV of monthly referrals with the columns ``month`` and ``referrals``.

    Args:
        path: A regular file of at most 16 MB.
        suppressed: What to do with markers such as ``*``, ``<5``, ``-`` or a blank. ``"error"``
            refuses and lists the cells; ``"midpoint"`` takes the middle of the interval that a
            suppressed count can have (2.5 for ``*``) and refuses cells of which nothing is known;
            ``"drop"`` leaves those months out, which only the first and the last may be.
        thousands: ``","`` if numbers are written as ``1,234``.

    Returns:
        ISO month -> referrals [people], ascending; as ``demand.series.months`` of a scenario.

    Raises:
        FileError: if there is no such regular file, or it is not UTF-8.
        DataError: naming file, row and column of every fault in it.
        ScenarioError: if ``suppressed`` or ``thousands`` is none of its choices.
    """
    from skillmix import _core

    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path = {path!r}: the name of a CSV file is expected")
    for name, value, choices in (
        ("suppressed", suppressed, ("error", "midpoint", "drop")),
        ("thousands", thousands, (None, ",")),
    ):
        if value not in choices:
            expected = " or ".join(repr(choice) for choice in choices)
            message = f"{name} = {value!r}: {expected} is expected"
            problem = Problem(name, repr(value)[:80], expected, message)
            raise ScenarioError(message, (problem,))
    return _core.read_months(os.fsdecode(path), suppressed, thousands)
