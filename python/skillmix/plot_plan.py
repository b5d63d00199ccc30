"""What does a plan look like? Staff in post and needed, and people a year from referral on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import PALETTE, WIDTH, data, finite, scale
from skillmix.wording import number, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["flow", "needed"]

_SHOWN = (
    *("referrals", "accepted", "assessed", "first_treatments", "course_starts"),
    *("finishers", "finishers_at_caseness", "recovered"),
)


def needed(result: Answer) -> Any:
    """Staff in post and needed by role, from a plan."""
    import altair as alt

    table = [r for r in rows(result.columns("staff")) if r["in_post"] or r["needed_wte"]]
    label = [f"{r['title']} (band {r['band']})" for r in table]
    points = data(
        {"role": name, "what": what, "wte": finite(r[column])}
        for name, r in zip(label, table, strict=True)
        for what, column in (("in post", "in_post"), ("needed", "needed_wte"))
    )
    names = ["in post", "needed"]
    y = alt.Y("role:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(points).encode(y=y)
    line = base.mark_line(color=look.LIGHT, strokeWidth=5).encode(x="wte:Q", detail="role:N")
    dots = base.mark_point(size=110, filled=True, opacity=1).encode(
        x=alt.X("wte:Q", title="WTE", axis=alt.Axis(tickCount=7)),
        color=alt.Color("what:N", scale=scale(names, PALETTE[::2]), title=None),
        shape=alt.Shape("what:N", scale=scale(names, look.SHAPES[:2]), title=None),
    )
    text = (
        alt.Chart(
            data(
                {
                    "role": name,
                    "at": max(float(r["in_post"]), finite(r["needed_wte"]) or 0.0),
                    "text": f"{number(float(r['in_post']))} → {number(float(r['needed_wte']))}",
                }
                for name, r in zip(label, table, strict=True)
            )
        )
        .mark_text(align="left", dx=12, fontSize=12)
        .encode(y=y, x="at:Q", text="text:N")
    )
    return look.finish(
        (line + dots + text).properties(width=WIDTH - 240, height=34 * len(table) + 10),
        title="Staff in post and needed for this demand",
        subtitle="Whole-time equivalents (37.5 hours a week), by role",
        description="Dots of staff in post and needed. "
        + " ".join(
            f"{name}: {number(float(r['in_post']))} in post, "
            f"{number(float(r['needed_wte']))} needed."
            for name, r in zip(label, table, strict=True)
        ),
    )


def flow(result: Answer) -> Any:
    """People a year at each denominator: if all are served, and with the staff in post."""
    import altair as alt

    table = [r for r in rows(result.columns("flow")) if r["denominator"] in _SHOWN]
    names = ["everybody served", "with the staff in post"]
    columns = ("demand_a_year", "delivered_a_year")
    bars = [
        {"name": str(r["denominator"]).replace("_", " "), "what": what, "people": finite(r[column])}
        for r in table
        for what, column in zip(names, columns, strict=True)
    ]
    for bar in bars:
        bar["text"] = "" if bar["people"] is None else number(float(bar["people"]), digits=0)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=200))
    base = alt.Chart(data(bars)).encode(
        y=y,
        yOffset=alt.YOffset("what:N", sort=names),
        x=alt.X("people:Q", title="People a year", axis=alt.Axis(tickCount=5)),
    )
    shapes = base.mark_bar().encode(
        color=alt.Color(
            "what:N", scale=scale(names, PALETTE), legend=alt.Legend(title=None, orient="top")
        )
    )
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(text="text:N")
    return look.finish(
        (shapes + text).properties(width=WIDTH - 170, height=38 * len(table)),
        title="From referral to recovery: people a year",
        subtitle="Upper bars: everybody served; lower bars: with the staff in post",
        description="Bars of people a year. "
        + " ".join(
            f"{str(r['denominator']).replace('_', ' ')}: {number(float(r[columns[0]]), digits=0)} "
            f"if all are served, {number(float(r[columns[1]]), digits=0)} with the staff in post."
            for r in table
        ),
    )
