"""What does a plan to targets look like? Places by autumn, staff needed and there, the lists.

Charts of ``scenario.plan(to=...)``: the places to be commissioned and what they are for, the need
against the staff with and without the plan, and the lists with the steps of the trainees' ramps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import DASHES, PALETTE, WIDTH, data, scale
from skillmix.wording import listed, month, number, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["lists", "path", "places"]

_FOR = {
    "growth": "adds to the staff",
    "replacing_leavers": "replaces leavers",
    "replacing_progression": "replaces those who move to training",
}
_LINES = {"needed": "needed", "working": "with the plan", "as_it_is": "without the plan"}


def places(result: Answer) -> Any:
    """Training places of each autumn, by course, and what they are for."""
    import altair as alt

    table = rows(result.columns("places"))
    titles = list(dict.fromkeys(str(r["title"]) for r in table))
    top = look.nice(max([float(r["places"]) for r in table] + [1.0]))
    panels, said = [], []
    for title in titles:
        here = [r for r in table if r["title"] == title]
        bars, sums = [], []
        for r in here:
            autumn, below = str(r["start"])[:10], 0.0
            label = month(autumn)
            for column, name in _FOR.items():
                above = below + float(r[column])
                bars.append({"autumn": label, "for": name, "from": below, "to": above})
                below = above
            sums.append({"autumn": label, "at": below, "text": number(float(r["places"]))})
            said.append(f"{title} from {label}: {number(float(r['places']))} places.")
        x = alt.X("autumn:N", sort=None, title=None, axis=alt.Axis(labelAngle=0))
        y = alt.Y(
            "from:Q",
            title="Places",
            scale=alt.Scale(domain=[0, top]),
            axis=alt.Axis(tickMinStep=1, format="d"),
        )
        blocks = (
            alt.Chart(data(bars))
            .mark_bar(stroke="white", strokeWidth=1)
            .encode(
                x=x,
                y=y,
                y2="to:Q",
                color=alt.Color(
                    "for:N",
                    scale=scale(list(_FOR.values()), PALETTE),
                    legend=alt.Legend(title=None, orient="bottom", columns=3),
                ),
            )
        )
        text = (
            alt.Chart(data(sums))
            .mark_text(dy=-9, fontSize=13, fontWeight="bold", color="#212b32")
            .encode(x=x, y="at:Q", text="text:N")
        )
        width = (WIDTH - 60) // max(len(titles), 1)
        heading = alt.TitleParams(text=title, anchor="start", fontSize=12.5, fontWeight="bold")
        panels.append((blocks + text).properties(width=width, height=240, title=heading))
    if not panels:
        empty = alt.Chart(data([{"x": 0, "text": "No course leads to the roles concerned"}]))
        panels = [empty.mark_text(fontSize=13).encode(text="text:N").properties(width=WIDTH)]
    recruits = [r for r in rows(result.columns("summary")) if str(r["unit"]) == "WTE"]
    beside = [f"{number(float(r['value']))} posts advertised at once" for r in recruits]
    subtitle = "Trainees who start, and whom they replace"
    return look.finish(
        alt.concat(*panels, spacing=18),
        title="Training places to be commissioned",
        subtitle=f"{subtitle}; beside them {listed(beside)}" if beside else subtitle,
        description="Bars of training places by autumn and course. " + " ".join(said),
    )


def path(result: Answer) -> Any:
    """Staff needed, and working with and without the plan, by pool of staff."""
    import altair as alt

    table = rows(result.columns("path"))
    names = list(_LINES.values())
    titles = list(dict.fromkeys(str(r["title"]) for r in table if _matters(r)))
    titles = titles or list(dict.fromkeys(str(r["title"]) for r in table))
    width = {1: WIDTH - 60, 2: 285}.get(len(titles), 190)
    panels, said = [], []
    for place, title in enumerate(titles):
        here = [r for r in table if r["title"] == title]
        months = [str(r["month"]) for r in here]
        values = [float(r[c]) for r in here for c in _LINES]
        low, high = min(values), max(values)
        room = max(0.1 * (high - low), 0.5)
        points = data(
            {"when": look.end_of(m), "what": name, "wte": float(r[column])}
            for r, m in zip(here, months, strict=True)
            for column, name in _LINES.items()
        )
        lines = (
            alt.Chart(points)
            .mark_line(strokeWidth=2.5)
            .encode(
                x=alt.X("when:T", axis=look.month_axis(months, small=len(titles) > 1)),
                y=alt.Y(
                    "wte:Q",
                    title="WTE" if place == 0 else None,
                    scale=alt.Scale(domain=[max(0.0, low - room), high + room], zero=False),
                ),
                color=alt.Color(
                    "what:N",
                    scale=scale(names, PALETTE),
                    legend=alt.Legend(title=None, orient="bottom", columns=3),
                ),
                strokeDash=alt.StrokeDash("what:N", scale=scale(names, DASHES), legend=None),
            )
        )
        chart = alt.layer(_steps(result, months), lines)
        heading = alt.TitleParams(text=title, anchor="start", fontSize=12.5, fontWeight="bold")
        panels.append(chart.properties(width=width, height=260, title=heading))
        last = here[-1]
        said.append(
            f"{title}: {number(float(last['needed']))} WTE needed in {month(months[-1])}, "
            f"{number(float(last['working']))} with the plan, "
            f"{number(float(last['as_it_is']))} without."
        )
    return look.finish(
        alt.concat(*panels, columns=3, spacing=18),
        title="Staff needed, and working with and without the plan",
        subtitle=[
            "Whole-time equivalents at work, trainees by the share of hours that they work.",
            "Vertical lines: days on which trainees start, reach a step of their ramp or qualify.",
        ],
        description="Line charts of staff needed and working. " + " ".join(said),
    )


def lists(result: Answer) -> Any:
    """People waiting with the plan, as the chart ``waiting`` of its projection."""
    from skillmix.plot_project import waiting

    return waiting(result.run)  # type: ignore[attr-defined]


def _matters(row: dict[str, Any]) -> bool:
    """Whether the plan changes anything for a pool of staff, or too few work in it."""
    changed = abs(float(row["working"]) - float(row["as_it_is"])) > 0.01
    return changed or float(row["shortfall"]) > 0.01


def _steps(result: Answer, months: list[str]) -> Any:
    """Vertical rules at the days on which trainees start, reach a step of their ramp or qualify."""
    import altair as alt

    every = rows(result.run.columns("events"))  # type: ignore[attr-defined]
    events = [row for row in every if row["course"]]
    first, last = f"{months[0]}-01", look.end_of(months[-1])[:10]
    days = dict.fromkeys(str(r["date"])[:10] for r in events)
    return (
        alt.Chart(data({"when": f"{d}T00:00:00"} for d in days if first <= d < last))
        .mark_rule(color="#768692", strokeDash=[2, 3], strokeWidth=1, opacity=0.8)
        .encode(x="when:T")
    )
