"""What does a page show of a sweep over skill mixes?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skillmix.page import Html, table
from skillmix.wording import cell, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from skillmix.tables import Answer

__all__ = ["curves_table", "mix_rules", "range_table"]

_SEVERITIES = ("infeasible", "condition", "warning")


def curves_table(answer: Answer) -> Html:
    """Means of all measures by share, at the level of demand nearest to today's."""
    here = _nearest(rows(answer.columns("curves")))
    labels = list(dict.fromkeys(str(row["label"]) for row in here))
    units = {str(row["measure"]): str(row["unit"]) for row in here}
    found = {(str(row["measure"]), str(row["label"])): float(row["mean"]) for row in here}
    body = [
        [
            f"{name.replace('_', ' ')} [{unit}]",
            *(cell(found[name, label], unit) for label in labels),
        ]
        for name, unit in units.items()
    ]
    places = range(1, len(labels) + 1)
    return table(["PWP : HIT", *labels], body, caption="Means over the worlds", numeric=places)


def range_table(answer: Answer) -> Html:
    """The best mix at each level of demand, its rivals, and the one that is asked about."""
    columns, units = answer.columns("range"), answer.units("range")
    found = rows(columns)
    unit = units["best_mean"]
    shown = "" if unit in ("share", "") or unit.startswith("pounds") else f" [{unit}]"
    asked = str(found[0]["asked"])
    objective = str(found[0]["objective"]).replace("_", " ")
    body = [
        [
            cell(row["demand"]),
            row["best"] or "none",
            cell(row["best_mean"], unit),
            _span(row),
            cell(row["asked_probability"], "share"),
            cell(row["asked_difference"], unit),
            f"{cell(row['asked_difference_low'], unit)} to "
            f"{cell(row['asked_difference_high'], unit)}",
        ]
        for row in found
    ]
    heads = [
        "referrals, times today's",
        "best PWP : HIT",
        f"{objective} with it{shown}",
        "shares that cannot be told from it",
        f"{asked} is one of the best in",
        f"{asked} less the best, on average{shown}",
        "95 % interval of that",
    ]
    return table(heads, body, caption="The best mix by demand", numeric=(2, 4, 5, 6))


def _span(row: Mapping[str, Any]) -> str:
    """The range of shares in words."""
    low, high = (cell(row[name], "share") for name in ("low_share", "high_share"))
    if row["low_share"] != row["low_share"]:
        return "none"
    gaps = ", not all of them" if row["gaps"] else ""
    return low if low == high else f"{low} to {high} PWPs{gaps}"


def mix_rules(answer: Answer) -> Html | None:
    """What stands in the way of each share at the level of demand nearest to today's."""
    here = [
        row for row in _nearest(rows(answer.columns("rules"))) if row["severity"] in _SEVERITIES
    ]
    if not here:
        return None
    here.sort(key=lambda row: (_SEVERITIES.index(str(row["severity"])), float(row["share"])))
    body = [
        [
            str(row["label"]),
            str(row["severity"]),
            str(row["message"]),
            cell(row["months"], "months"),
        ]
        for row in here
    ]
    heads = ["PWP : HIT", "kind", "what is broken, with everything unsure at its mean", "months"]
    return table(heads, body, caption="Rules by share", numeric=(3,))


def _nearest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the level of demand nearest to today's."""
    levels = {float(row["demand"]) for row in found}
    level = min(levels, key=lambda one: abs(one - 1.0), default=1.0)
    return [row for row in found if float(row["demand"]) == level]
