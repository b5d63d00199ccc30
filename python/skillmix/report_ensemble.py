"""What does a page show of an ensemble? Outcomes, the bands of a list, and chances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skillmix.page import Html, table
from skillmix.wording import cell, month, number, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from skillmix.tables import Answer

__all__ = ["by_month", "chances_by_year", "chances_table", "outcomes_table"]

_CHANCE = ("chance", "low", "high")


def outcomes_table(answer: Answer) -> Html:
    """Outcomes of the whole run: mean, and how far the worlds lie apart."""
    columns = answer.columns("summary")
    body = [
        [
            f"{row['meaning']} [{row['unit']}]" if row["unit"] != "share" else row["meaning"],
            *(cell(row[name], str(row["unit"])) for name in ("mean", "p10", "p50", "p90")),
        ]
        for row in rows(columns)
    ]
    heads = ["outcome", "mean", "10 of 100 below", "half below", "90 of 100 below"]
    return table(heads, body, caption="Outcomes of the whole run", numeric=range(1, 5))


def by_month(answer: Answer) -> Html:
    """The list for Step 3 of an ensemble by complete month."""
    chosen = [
        row
        for row in rows(answer.columns("bands"))
        if row["kind"] == "month" and row["complete"] and row["measure"] == "waiting_step3"
    ]
    names = ("p025", "p10", "p25", "p50", "p75", "p90", "p975")
    body = [[month(str(row["period"])), *(cell(row[n], "people") for n in names)] for row in chosen]
    heads = ["month", *(f"{float(n[1:]) / (10 if len(n) > 3 else 1):g} % below" for n in names)]
    return table(heads, body, caption="People waiting for Step 3", numeric=range(1, 8))


def _known_chances(answer: Answer, *kinds: str) -> list[dict[str, Any]]:
    """Chances of these kinds of period, without those of nobody."""
    of_kind = (row for row in rows(answer.columns("chances")) if row["kind"] in kinds)
    return [row for row in of_kind if row["chance"] == row["chance"]]


def chances_by_year(answer: Answer) -> Html:
    """Chances by financial year and over the whole run."""
    chosen = _known_chances(answer, "year", "horizon")
    body = [
        [row["title"], row["period"] or "every month", *(cell(row[n], "share") for n in _CHANCE)]
        for row in chosen
    ]
    heads = ["standard or rule", "when", "chance", "95 % from", "to"]
    return table(heads, body, caption="Chance that it is met or kept", numeric=range(2, 5))


def chances_table(answer: Answer) -> Html:
    """Over the whole run: how likely each standard is met, and each rule kept, in every month."""
    chosen = _known_chances(answer, "horizon")
    body = [
        [
            row["title"],
            _limit(row),
            cell(row["chance"], "share"),
            f"{cell(row['low'], 'share')} to {cell(row['high'], 'share')}",
        ]
        for row in chosen
    ]
    heads = ["standard or rule", "asked for", "met or kept in every month in", "95 % interval"]
    return table(heads, body, numeric=(2, 3))


def _limit(row: Mapping[str, Any]) -> str:
    """What a standard asks for.

    >>> _limit({"about": "standard", "name": "recovery", "limit": 0.5})
    'at least 50 %'
    >>> _limit({"about": "standard", "name": "step3_wait_weeks", "limit": 12.0})
    'at most 12 weeks'
    """
    if row["about"] != "standard":
        return ""
    if str(row["name"]).endswith("wait_weeks"):
        return f"at most {number(float(row['limit']))} weeks"
    return f"at least {cell(row['limit'], 'share')}"
