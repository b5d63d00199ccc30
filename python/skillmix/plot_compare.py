"""What do scenarios, or skill mixes, look like side by side?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import DASHES, GREY, PALETTE, WIDTH, data, finite, scale
from skillmix.wording import listed, number, rows
from skillmix.wording import month as month_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skillmix.comparison import Comparison, SkillMix

__all__ = ["compare", "cost", "frontier", "mix", "queues_a_year_later"]

_PANELS = (
    ("waiting_assessment", "Waiting for an assessment, at the end", "people", PALETTE[0]),
    ("wait_step2_weeks", "Weeks waited for Step 2", "weeks", PALETTE[0]),
    ("wait_step3_weeks", "Weeks waited for Step 3", "weeks", PALETTE[0]),
    ("recoveries", "Recoveries", "people", PALETTE[1]),
    ("cost_per_recovery", "Pounds a recovery", "pounds", PALETTE[2]),
    ("recurrent_pounds", "Full-year pay of the therapists", "pounds", PALETTE[2]),
)
"""Column, title, unit and colour. The list for an assessment comes first: a mix with too few for
assessments shows short waits behind it, for nobody gets that far."""
_QUEUES = {
    "waiting_assessment": "An assessment",
    "waiting_step2": "Step 2",
    "waiting_step3": "Step 3",
}
_SOME_STAFF = 0.25
"""A difference of staff from which two runs have parted [WTE]."""
_HOLDS = {
    "budget": "the same full-year pay of therapists and supervisors",
    "wte": "the same WTE of therapists",
    "demand": "the smallest staff that serves the same demand",
}


def compare(comparison: Comparison, *, measure: str = "waiting_step3") -> Any:
    """One measure by month, a line a scenario; the list for Step 3 unless another is asked for.

    Args:
        comparison: Up to four scenarios are drawn, the first ones.
        measure: A column of the table ``monthly``.
    """
    import altair as alt

    table = look.whole_months(comparison.columns("monthly"))
    if measure not in table:
        raise ValueError(f"measure = {measure!r}: a column of the table monthly is expected")
    labels = list(comparison.runs)
    shown = labels[: len(PALETTE)]
    series: dict[str, list[tuple[str, float]]] = {label: [] for label in shown}
    for label, month, value in zip(table["scenario"], table["month"], table[measure], strict=True):
        if label in series and finite(value) is not None:
            series[str(label)].append((str(month), float(value)))
    months = sorted({m for points in series.values() for m, _ in points})
    top = max((v for points in series.values() for _, v in points), default=1.0) * 1.08 or 1.0
    stock = measure.startswith(("waiting_", "open_"))
    place = look.end_of if stock else look.middle_of
    unit = "weeks" if measure.endswith("_weeks") else "people"
    title = look.title_of(measure)
    lines = (
        alt.Chart(
            data(
                {"when": place(m), "name": label, "value": v}
                for label, points in series.items()
                for m, v in points
            )
        )
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("when:T", axis=look.month_axis(months)),
            y=alt.Y("value:Q", title=unit.capitalize(), scale=alt.Scale(domain=[0, top])),
            color=alt.Color("name:N", scale=scale(shown, PALETTE), legend=None),
            strokeDash=alt.StrokeDash("name:N", scale=scale(shown, DASHES), legend=None),
        )
        .properties(width=WIDTH - 110, height=300)
    )
    last = {k: (place(points[-1][0]), points[-1][1]) for k, points in series.items() if points}
    names = look.end_labels(
        last, top=top, height=300, colours=dict(zip(shown, PALETTE, strict=False))
    )
    rest = (
        f" The first {len(shown)} of {len(labels)} scenarios." if len(labels) > len(shown) else ""
    )
    when = "at the end of each month" if stock else "by month"
    return look.finish(
        lines + names,
        title=title,
        subtitle=f"{unit.capitalize()} {when}, by scenario, {look.span_of(months)}.{rest}",
        description=f"Line chart: {title}, {when}. "
        + " ".join(
            f"{label}: {number(points[0][1])} at first, {number(points[-1][1])} at the end, "
            f"at most {number(max(v for _, v in points))}."
            for label, points in series.items()
            if points
        ),
    )


def queues_a_year_later(comparison: Comparison, *, since: str | None = None) -> Any:
    """People in each queue a year after the staff of the scenarios part, a bar a scenario.

    Args:
        comparison: Up to four scenarios are drawn, the first ones.
        since: Month from which the year is counted [ISO month]; by default the first one at whose
            end staff in post differ by a quarter of a WTE in any role.
    """
    import altair as alt

    table = look.whole_months(comparison.columns("monthly"))
    months = sorted({str(month) for month in table["month"]})
    if since is not None and since not in months:
        raise ValueError(f"since = {since!r}: one of {months[0]} to {months[-1]} is expected")
    parted = since or _parted(comparison) or months[0]
    shown = months[min(months.index(parted) + 12, len(months) - 1)] if parted in months else ""
    shown = shown or months[-1]
    labels = list(comparison.runs)[: len(PALETTE)]
    bars: list[dict[str, Any]] = [
        {"queue": title, "name": str(row["scenario"]), "people": float(row[queue])}
        for row in rows(table)
        if str(row["month"]) == shown and str(row["scenario"]) in labels
        for queue, title in _QUEUES.items()
    ]
    top = max((bar["people"] for bar in bars), default=1.0) * 1.1 or 1.0
    base = alt.Chart(data({**bar, "text": number(bar["people"], digits=0)} for bar in bars)).encode(
        x=alt.X(
            "people:Q",
            title="People waiting",
            scale=alt.Scale(domain=[0, top]),
            axis=alt.Axis(tickCount=6),
        ),
        y=alt.Y("name:N", sort=labels, title=None, axis=alt.Axis(labelLimit=190)),
    )
    shapes = base.mark_bar().encode(
        color=alt.Color("name:N", scale=scale(labels, PALETTE), legend=None)
    )
    text = base.mark_text(align="left", dx=5, fontSize=12).encode(text="text:N")
    panel = (shapes + text).properties(width=WIDTH - 260, height=26 * len(labels))
    row = alt.Row(
        "queue:N",
        sort=list(_QUEUES.values()),
        title=None,
        header=alt.Header(labelAngle=0, labelAlign="left", labelFontWeight="bold"),
    )
    said = "; ".join(f"{b['queue']}, {b['name']}: {number(b['people'], digits=0)}" for b in bars)
    return look.finish(
        panel.facet(row=row),
        title="Who waits a year later",
        subtitle=f"People waiting at the end of {month_name(shown)}, by queue; the staff of the "
        f"scenarios part in {month_name(parted)}.",
        description=f"Bars of people waiting at the end of {shown}. {said}.",
    )


def _parted(comparison: Comparison) -> str | None:
    """First month at whose end staff in post differ between scenarios; none if they never do."""
    staff: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows(comparison.columns("staff")):
        staff[str(row["month"]), str(row["role"])].append(float(row["in_post"]))
    differ = (key[0] for key, wte in staff.items() if max(wte) - min(wte) > _SOME_STAFF)
    return min(differ, default=None)


def cost(comparison: Comparison) -> Any:
    """Pounds by complete financial year, all payers, a bar a scenario."""
    import altair as alt

    pounds: dict[tuple[str, str], float] = defaultdict(float)
    complete: dict[str, bool] = {}
    for row in rows(comparison.columns("cost")):
        pounds[str(row["scenario"]), str(row["year"])] += float(row["pounds"])
        complete[str(row["year"])] = bool(row["complete"])
    labels = list(comparison.runs)[: len(PALETTE)]
    years = [y for y in complete if complete[y]] or list(complete)
    top = max([*pounds.values(), 1.0])
    bars = data(
        {
            "year": y,
            "name": label,
            "pounds": pounds[label, y],
            "text": look.short_pounds(pounds[label, y]),
        }
        for y in years
        for label in labels
    )
    base = alt.Chart(bars).encode(
        x=alt.X("year:N", title="Financial year", sort=None, axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("name:N", sort=labels),
        y=alt.Y("pounds:Q", axis=look.pounds_axis(top, "Pounds a year")),
    )
    shapes = base.mark_bar().encode(
        color=alt.Color(
            "name:N", scale=scale(labels, PALETTE), legend=alt.Legend(title=None, orient="top")
        )
    )
    if len(years) * len(labels) > 10:  # upright, inside the bars, where names would touch
        inks = [look.INK[colour] for colour in PALETTE]
        text = base.mark_text(angle=270, align="right", dx=-6, fontSize=11).encode(
            text="text:N", color=alt.Color("name:N", scale=scale(labels, inks), legend=None)
        )
    else:
        text = base.mark_text(dy=-8, fontSize=12).encode(text="text:N")
    partly = "" if complete[years[0]] else " No year is complete."
    return look.finish(
        (shapes + text).resolve_scale(color="independent").properties(width=WIDTH - 40, height=280),
        title="Cost by financial year",
        subtitle=f"Pounds a year, all payers, bars from the left: {listed(labels)}.{partly}",
        description="Bars of cost by financial year. "
        + " ".join(
            f"{y}: "
            + ", ".join(f"{label} {look.short_pounds(pounds[label, y])}" for label in labels)
            + "."
            for y in years
        ),
    )


def mix(result: SkillMix) -> Any:
    """What each mix gives: the list for an assessment, waits, recoveries, and what they cost."""
    import altair as alt

    table = rows(result.columns("summary"))
    labels = [str(row["mix"]) for row in table]
    panels, said = [], []
    for place, (column, title, unit, colour) in enumerate(_PANELS):
        values = [finite(row[column]) for row in table]
        texts = [_shown(row[column], unit) for row in table]
        top = max([v for v in values if v is not None], default=1.0) or 1.0
        bars = data(
            {"mix": label, "value": value or 0.0, "text": text}
            for label, value, text in zip(labels, values, texts, strict=True)
        )
        y = alt.Y(
            "mix:N",
            sort=labels,
            title="PWP : HIT" if place % 2 == 0 else None,
            axis=alt.Axis(labels=place % 2 == 0, ticks=False, domain=False, labelFontSize=13),
        )
        x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.3]))
        base = alt.Chart(bars).encode(x=x, y=y)
        shapes = base.mark_bar(color=colour, size=20)
        words = base.mark_text(align="left", dx=5, fontSize=13).encode(text="text:N")
        heading = alt.TitleParams(text=title, anchor="start", fontSize=13, fontWeight="bold")
        panels.append(
            (shapes + words).properties(width=270, height=32 * len(table) + 8, title=heading)
        )
        pairs = ", ".join(f"{m} {t}" for m, t in zip(labels, texts, strict=True))
        said.append(f"{title}: {pairs}.")
    return look.finish(
        alt.concat(*panels, columns=2, spacing=24),
        title="Skill mixes side by side",
        subtitle=[
            f"PWP : HIT by WTE of therapists, at {_hold(table)}.",
            "Means and sums of the last whole year of the run; each bar starts at nought.",
        ],
        description="Bars for each mix. " + " ".join(said),
    )


def frontier(result: SkillMix) -> Any:
    """Cost of a recovery against the wait for Step 3, a point a mix; best is at the lower left."""
    import altair as alt

    table = rows(result.columns("summary"))
    points: list[tuple[str, float, float]] = []
    before: dict[str, str] = {}
    left = []
    for row in table:
        wait, cost_of_one = finite(row["wait_step3_weeks"]), finite(row["cost_per_recovery"])
        if wait is None or cost_of_one is None:
            left.append(str(row["mix"]))
        else:
            points.append((str(row["mix"]), wait, cost_of_one))
            before[str(row["mix"])] = number(float(row["waiting_assessment"]), digits=0)
    most = max((pounds for _, _, pounds in points), default=1.0)
    zero = alt.Scale(zero=False, padding=30, nice=True)
    rows_of = (
        {"mix": m, "wait": w, "pounds": p, "before": f"{before[m]} wait for an assessment"}
        for m, w, p in points
    )
    base = alt.Chart(data(rows_of)).encode(
        x=alt.X(
            "wait:Q",
            title="Mean weeks from assessment to Step 3",
            scale=alt.Scale(domain=_room([w for _, w, _ in points]), nice=False),
            axis=alt.Axis(tickCount=6),
        ),
        y=alt.Y("pounds:Q", axis=look.pounds_axis(most, "Pounds a recovery"), scale=zero),
    )
    trail = base.mark_line(color=GREY, strokeWidth=1, strokeDash=[3, 3]).encode(order="mix:N")
    dots = base.mark_point(filled=True, size=140, color=PALETTE[0], opacity=1)
    text = base.mark_text(align="left", dx=11, dy=-9, fontSize=13, fontWeight="bold").encode(
        text="mix:N"
    )
    queue = base.mark_text(align="left", dx=11, dy=6, fontSize=11, color=GREY).encode(
        text="before:N"
    )
    omitted = f" Left out, for their wait has no end: {listed(left)}." if left else ""
    return look.finish(
        (trail + dots + text + queue).properties(width=WIDTH - 60, height=320),
        title="What a recovery costs, and how long people wait",
        subtitle=[
            f"PWP : HIT by WTE of therapists, at {_hold(table)}.",
            "A mix is only as good as its list for an assessment, named at its point, is short.",
            f"Axes do not start at nought.{omitted}",
        ],
        description="Points for each mix: weeks waited for Step 3 and pounds a recovery. "
        + " ".join(
            f"{m}: {number(w)} weeks, {look.short_pounds(p)}, {before[m]} wait for an assessment."
            for m, w, p in points
        )
        + omitted,
    )


def _room(weeks: Sequence[float]) -> list[float]:
    """Ends of an axis of weeks: never below nought, and with room at the right for the labels.

    >>> _room([0.4, 60.4])
    [0.0, 81.4]
    """
    low, high = min(weeks, default=0.0), max(weeks, default=1.0)
    span = max(high - low, 1.0)
    return [max(0.0, low - 0.1 * span), high + 0.35 * span]


def _hold(table: Sequence[dict[str, Any]]) -> str:
    hold = str(table[0].get("hold", "")) if table else ""
    return _HOLDS.get(hold, hold)


def _shown(value: float, unit: str) -> str:
    if finite(value) is None:
        return number(float(value))
    if unit == "pounds":
        return look.short_pounds(float(value))
    return f"{number(float(value), digits=0 if unit == 'people' else 1)} {unit}"
