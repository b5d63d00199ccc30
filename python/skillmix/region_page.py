"""What does a planner see who looks at a region in a notebook? Its services, places and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.page import block, table, text
from skillmix.wording import day, listed, number, pounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.region import Region

__all__ = ["region_html"]

_MOST_PLACES = 40


def region_html(region: Region) -> str:
    """The summary as HTML: escaped, without a script, readable without its style."""
    tree = region.to_dict()
    group_of = {
        service: group for group, members in tree.get("groups", {}).items() for service in members
    }
    services = [
        [name, group_of.get(name, ""), one.name, one.pack, _referrals(one.to_dict(complete=True))]
        for name, one in region.services.items()
    ]
    rule = str(tree.get("allocation", {}).get("rule", "by_need")).replace("_", " ")
    parts = [
        f"<h2>{text(region.name)}</h2>",
        *(f'<p class="note">{text(note)}</p>' for note in region.notes),
        table(["service", "group", "scenario", "pack", "referrals"], services, caption="Services"),
    ]
    places = tree.get("places", [])
    if places:
        body = [
            [one["course"], day(str(one["start"])), one.get("at", ""), number(one["places"])]
            for one in places[:_MOST_PLACES]
        ]
        heads = ["course", "start", "university", "places"]
        parts.append(table(heads, body, caption=f"Places, shared {rule}", numeric=(3,)))
        if len(places) > _MOST_PLACES:
            parts.append(f'<p class="small">And {len(places) - _MOST_PLACES} more.</p>')
    money = [[one["year"], one["payer"], pounds(one["pounds"])] for one in tree.get("budget", [])]
    if money:
        parts.append(table(["year", "payer", "pounds"], money, caption="Money", numeric=(2,)))
    verbs = listed(["plan()", "project(years=...)", "with_trainees()", "to_toml()"])
    parts.append(f'<p class="small">Next: {text(verbs)}.</p>')
    return block(parts)


def _referrals(tree: Mapping[str, Any]) -> str:
    """How many are referred, as the scenario says it."""
    demand = tree.get("demand", {})
    rate = demand.get("rate")
    if isinstance(rate, dict) and isinstance(rate.get("referrals"), int | float):
        return f"{number(rate['referrals'], digits=0)} a {rate['per'].replace('_', ' ')}"
    if isinstance(demand.get("series"), dict):
        return f"{len(demand['series'].get('months', {}))} months"
    return "need" if "need" in demand else "a spread"
