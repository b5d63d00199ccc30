"""What does a page show of a sweep over skill mixes?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skillmix.page import Html, table
from skillmix.wording import cell, rows

if TYPE_CHECKING:
    from typing import Any

    from skillmix.tables import Answer

__all__ = ["curves_table", "mix_rules"]

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
