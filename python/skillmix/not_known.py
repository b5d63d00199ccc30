"""What is marked as not known behind an answer, and how is that said to a reader?

Intervals hold what somebody marked as unsure, and nothing else, so that whoever reads them has to
see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.page import Html, table
from skillmix.sensitivity_words import stated, title_of
from skillmix.wording import listed, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.scenario import Scenario

__all__ = ["not_known", "not_known_table"]


def not_known(scenarios: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """Rows of what is unsure in any of the scenarios, each spread once.

    ``title`` is the field in words, ``of`` the labels of the scenarios that have it, or "all".
    """
    from skillmix import _core

    found: dict[tuple[str, ...], dict[str, Any]] = {}
    labels: dict[tuple[str, ...], list[str]] = {}
    for label, one in scenarios.items():
        for row in rows(_core.unsure_table(one._inner).columns()):
            key = tuple(str(row[name]) for name in ("path", "family", "parameters", "within"))
            found.setdefault(key, row | {"title": title_of(str(row["path"]), one)})
            labels.setdefault(key, []).append(label)
    return [
        row | {"of": "all" if len(labels[key]) == len(scenarios) else listed(labels[key])}
        for key, row in found.items()
    ]


def not_known_table(scenarios: Mapping[str, Scenario]) -> Html | None:
    """The table of a page, or None if nothing is unsure."""
    found = not_known(scenarios)
    if not found:
        return None
    several = any(row["of"] != "all" for row in found)
    body = [
        [
            row["title"],
            *([row["of"]] if several else []),
            stated(float(row["mean"]), str(row["unit"])),
            f"{stated(float(row['q05']), str(row['unit']))} to "
            f"{stated(float(row['q95']), str(row['unit']))}",
            row["family"],
            row["source"],
        ]
        for row in found
    ]
    heads = ["what", *(["in"] if several else []), "mean", "nine in ten lie in", "family", "source"]
    return table(heads, body)
