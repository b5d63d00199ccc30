"""What does a region look like: its services, its staff over time, its places and its money?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import GREY, PALETTE, WIDTH, data, finite, scale
from skillmix.wording import cell, listed, number, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.region import RegionResult

__all__ = ["budget", "needed", "places", "services", "staff"]

_MOST_BARS = 15
_TITLES = {
    "in_post": "Qualified staff in post at the end of the year",
    "in_training": "Trainees at the end of the year",
    "pounds": "Cost of the year, all payers",
    "waiting_step3": "People waiting for Step 3 at the end of the year",
    "wait_step3_weeks": "Mean weeks from assessment to Step 3",
    "course_starts": "Course starts in the year",
    "finishers": "Finishers in the year",
}


def services(result: RegionResult, *, measure: str = "course_starts", year: str = "") -> Any:
    """One measure by service, a bar each; by group where there are more than fifteen services.

    Args:
        result: A run of a region.
        measure: A column of the table ``services``.
        year: Financial year; left out, the last complete one.
    """
    import altair as alt

    table = "services"
    names = [str(name) for name in dict.fromkeys(result.columns(table)["service"])]
    what = "service"
    if len(names) > _MOST_BARS and "groups" in result.tables():
        table = what = "group"
        table = "groups"
    columns = result.columns(table)
    if measure not in columns or columns[measure].dtype.kind != "f":
        raise ValueError(f"measure = {measure!r}: a number of the table services is expected")
    shown = year or _last_complete(columns)
    here = [row for row in rows(columns) if row["year"] == shown]
    unit = result.units(table)[measure]
    bars: list[dict[str, Any]] = [
        {
            "name": str(row[what]),
            "value": finite(row[measure]) or 0.0,
            "text": cell(row[measure], unit),
        }
        for row in here
    ]
    left = len(bars) - 3 * _MOST_BARS
    bars = bars[: 3 * _MOST_BARS]
    top = max([float(bar["value"]) for bar in bars], default=1.0) or 1.0
    base = alt.Chart(data(bars)).encode(
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.2])),
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
    )
    shapes = base.mark_bar(color=PALETTE[0], size=16)
    texts = base.mark_text(align="left", dx=5, fontSize=12).encode(text="text:N")
    title = _TITLES.get(measure, look.title_of(measure))
    rest = f" The first {len(bars)} of {len(here)}." if left > 0 else ""
    of_unit = "" if unit.startswith("pounds") else f" [{unit}]"
    return look.finish(
        (shapes + texts).properties(width=WIDTH - 220, height=24 * max(len(bars), 1) + 8),
        title=title,
        subtitle=f"By {what}, {shown}{of_unit}; bars start at nought.{rest}",
        description=f"Bars by {what}, {title}, {shown}. "
        + " ".join(f"{bar['name']}: {bar['text']}." for bar in bars),
    )


def staff(result: RegionResult) -> Any:
    """Qualified staff in post and trainees at the end of each month, all services together."""
    import altair as alt

    qualified: dict[str, float] = defaultdict(float)
    trainees: dict[str, float] = defaultdict(float)
    columns = result.columns("staff")
    roles = _trainee_roles(columns)
    for row in rows(columns):
        month = str(row["month"])
        trainees[month] += float(row["in_training"])
        qualified[month] += 0.0 if row["role"] in roles else float(row["in_post"])
    monthly = look.whole_months(result.columns("monthly"))
    months = [str(month) for month in monthly["month"]]
    names = ("Qualified [WTE]", "In training [heads]")
    areas = data(
        {"when": look.end_of(month), "name": name, "value": values[month], "order": order}
        for month in months
        for order, (name, values) in enumerate(zip(names, (qualified, trainees), strict=True))
    )
    chart = (
        alt.Chart(areas)
        .mark_area()
        .encode(
            x=alt.X("when:T", axis=look.month_axis(months)),
            y=alt.Y("value:Q", stack="zero", title="Staff", axis=alt.Axis(tickCount=5)),
            color=alt.Color(
                "name:N",
                scale=scale(names, PALETTE),
                legend=alt.Legend(title=None, orient="top"),
            ),
            order="order:Q",
        )
        .properties(width=WIDTH - 40, height=280)
    )
    first, last = months[0], months[-1]
    return look.finish(
        chart,
        title="Qualified staff and trainees",
        subtitle=f"At the end of each month, all services together, {look.span_of(months)}.",
        description="Areas of staff. "
        + " ".join(
            f"{name}: {number(values[first], digits=0)} at first, "
            f"{number(values[last], digits=0)} at the end."
            for name, values in zip(names, (qualified, trainees), strict=True)
        ),
    )


def places(result: RegionResult) -> Any:
    """Places by university, a layer a course, over all starts; what is left over stands beside."""
    import altair as alt

    given: dict[tuple[str, str], float] = defaultdict(float)
    over: dict[str, float] = defaultdict(float)
    for row in rows(result.columns("places")):
        university = str(row["at"]) or "no university named"
        given[university, str(row["course"])] += float(row["allocated"])
        over[university] += float(row["left_over"])
    courses = list(dict.fromkeys(course for _, course in given))
    if len(courses) > len(PALETTE) - 1:
        courses = courses[: len(PALETTE) - 1]
    layers = [*courses, "left over"] if any(over.values()) else courses
    total = {u: sum(v for (w, _), v in given.items() if w == u) + over[u] for u in over}
    order = sorted(total, key=lambda name: -total[name])
    bars = []
    for name in order:
        at = 0.0
        for layer in layers:
            value = over[name] if layer == "left over" else given.get((name, layer), 0.0)
            bars.append({"name": name, "layer": layer, "from": at, "to": at + value})
            at += value
    colours = [*PALETTE[: len(courses)], "#b1b4b6"]
    base = alt.Chart(data(bars)).encode(
        y=alt.Y(
            "name:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=330),
        )
    )
    shapes = base.mark_bar(size=16).encode(
        x=alt.X("from:Q", title="Places", axis=alt.Axis(tickCount=5)),
        x2="to:Q",
        color=alt.Color(
            "layer:N", scale=scale(layers, colours), legend=alt.Legend(title=None, orient="top")
        ),
    )
    ends = alt.Chart(
        data({"name": name, "at": total[name], "text": number(total[name])} for name in order)
    )
    texts = ends.mark_text(align="left", dx=5, fontSize=12).encode(
        y=alt.Y("name:N", sort=order), x="at:Q", text="text:N"
    )
    return look.finish(
        (shapes + texts).properties(width=WIDTH - 300, height=24 * max(len(order), 1) + 8),
        title="Training places by university",
        subtitle=f"All starts together; layers from the left: {listed(layers)}.",
        description="Bars of places by university. "
        + " ".join(f"{name}: {number(total[name])}." for name in order),
    )


def budget(result: RegionResult) -> Any:
    """Money and cost by financial year, two bars a year."""
    import altair as alt

    table = [row for row in rows(result.columns("budget")) if finite(row["cost"]) is not None]
    payers = list(dict.fromkeys(str(row["payer"]) for row in table))
    names = ("Money", "Cost")
    bars: list[dict[str, Any]] = []
    for row in table:
        whose = "" if len(payers) == 1 else f" {row['payer']}"
        part = "" if row["complete"] else " (part)"
        for name, column in zip(names, ("budget", "cost"), strict=True):
            pounds = float(row[column])
            year = f"{row['year']}{whose}{part}"
            text = look.short_pounds(pounds)
            bars.append({"year": year, "name": name, "pounds": pounds, "text": text})
    top = max([float(bar["pounds"]) for bar in bars], default=1.0) or 1.0
    base = alt.Chart(data(bars)).encode(
        x=alt.X("year:N", sort=None, title="Financial year", axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("name:N", sort=list(names)),
        y=alt.Y("pounds:Q", axis=look.pounds_axis(top, "Pounds a year")),
    )
    shapes = base.mark_bar().encode(
        color=alt.Color(
            "name:N", scale=scale(names, PALETTE), legend=alt.Legend(title=None, orient="top")
        )
    )
    texts = base.mark_text(dy=-8, fontSize=12).encode(text="text:N")
    roles = list(dict.fromkeys(str(row["roles"]) for row in table if row["roles"]))
    meant = f", for {listed(roles)}" if roles else ""
    whose = "all payers" if payers == ["all"] else f"payers: {listed(payers)}"
    return look.finish(
        (shapes + texts).properties(width=WIDTH - 40, height=280),
        title="Money and cost",
        subtitle=[
            f"Pounds by financial year, {whose}{meant}; a part is a year not wholly covered."
        ],
        description="Bars of money and cost. "
        + " ".join(f"{bar['year']}, {bar['name']}: {bar['text']}." for bar in bars),
    )


def needed(result: RegionResult) -> Any:
    """Qualified staff needed for the demand and in post, two bars a service.

    By group where there are more than fifteen services.
    """
    import altair as alt

    table = rows(result.columns("summary"))
    what = "service"
    if len(table) > _MOST_BARS and any(row["group"] for row in table):
        table, what = _by_group(table), "group"
    left = len(table) - 2 * _MOST_BARS
    table = table[: 2 * _MOST_BARS]
    names = ("In post", "Needed")
    bars: list[dict[str, Any]] = [
        {"whose": str(row[what]), "name": name, "wte": finite(row[column]) or 0.0}
        | {"text": number(float(row[column]))}
        for row in table
        for name, column in zip(names, ("in_post", "needed"), strict=True)
    ]
    top = max([float(bar["wte"]) for bar in bars], default=1.0) or 1.0
    base = alt.Chart(data(bars)).encode(
        x=alt.X("wte:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.2])),
        y=alt.Y("whose:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        yOffset=alt.YOffset("name:N", sort=list(names)),
    )
    shapes = base.mark_bar().encode(
        color=alt.Color(
            "name:N", scale=scale(names, PALETTE), legend=alt.Legend(title=None, orient="top")
        )
    )
    texts = base.mark_text(align="left", dx=5, fontSize=12, color=GREY).encode(text="text:N")
    return look.finish(
        (shapes + texts).properties(width=WIDTH - 220, height=44 * max(len(table), 1)),
        title="Qualified staff needed and in post",
        subtitle=f"WTE by {what}; bars start at nought."
        + (f" The first {len(table)} of {len(table) + left}." if left > 0 else ""),
        description=f"Bars by {what}. "
        + " ".join(f"{bar['whose']}, {bar['name']}: {bar['text']} WTE." for bar in bars),
    )


def _by_group(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sums of the services of each group; services in no group stand for themselves."""
    sums: dict[str, dict[str, Any]] = {}
    for row in table:
        group = str(row["group"] or row["service"])
        one = sums.setdefault(group, {"group": group, "in_post": 0.0, "needed": 0.0})
        for column in ("in_post", "needed"):
            one[column] += float(row[column])
    return [sums[group] for group in sorted(sums)]


def _last_complete(columns: Mapping[str, Any]) -> str:
    """The last complete year, or the last of all."""
    years = [str(year) for year in columns["year"]]
    whole = [year for year, full in zip(years, columns["complete"], strict=True) if full]
    return (whole or years or [""])[-1]


def _trainee_roles(columns: Mapping[str, Any]) -> set[Any]:
    """Roles that anybody trains in."""
    pairs = zip(columns["role"], columns["in_training"], strict=True)
    return {role for role, heads in pairs if heads > 0}
