"""How many wait, how long, and how sure is it? Charts of the queues of a projection.

Queues with the steps of the trainees' ramps, waits against targets, and the spread over draws.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import GREY, PALETTE, WIDTH, data, finite
from skillmix.wording import listed, month, number, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skillmix.tables import Answer

__all__ = ["bands", "waiting", "waits"]

_HEAD, _LINE = 20, 13
"""Heights of a heading and a line in the strip of the trainees' steps [pixels]."""
STAGES = {"assessment": "Assessment", "step2": "Step 2", "step3": "Step 3"}


def waiting(result: Answer) -> Any:
    """People waiting at the end of each month, by stage, with the steps of the trainees' ramps."""
    import altair as alt

    monthly = look.whole_months(result.columns("monthly"))
    months = [str(m) for m in monthly["month"]]
    values = {t: [float(v) for v in monthly[f"waiting_{s}"]] for s, t in STAGES.items()}
    top = look.nice(max(max(v) for v in values.values()))
    main = look.lines_by_month(months, values, top, "People waiting", end=True)
    marks, strip, said = _training(result, months)
    chart = main
    if strip is not None:
        main = alt.layer(marks, main)
        chart = alt.vconcat(main, strip, spacing=6).resolve_scale(x="shared")
    peak = max(values["Step 3"])
    when = month(months[values["Step 3"].index(peak)])
    return look.finish(
        chart,
        title="People waiting, by what they wait for",
        subtitle=f"People at the end of each month, {look.span_of(months)}",
        description=(
            f"Line chart of people waiting at the end of each month, {look.span_of(months)}. "
            + " ".join(
                f"{name}: from {number(v[0], digits=0)} to {number(v[-1], digits=0)}."
                for name, v in values.items()
            )
            + f" The list for Step 3 is longest in {when}, {number(peak, digits=0)} people.{said}"
        ),
    )


def waits(result: Answer) -> Any:
    """Mean weeks waited of those taken on in each month, by stage, against the targets."""
    import altair as alt

    monthly = look.whole_months(result.columns("monthly"))
    months = [str(m) for m in monthly["month"]]
    values = {t: [float(v) for v in monthly[f"wait_{s}_weeks"]] for s, t in STAGES.items()}
    scenario = getattr(result, "scenario", None)
    targets = scenario.to_dict(complete=True).get("targets", {}) if scenario is not None else {}
    promised = {
        title: float(targets[f"{stage}_wait_weeks"])
        for stage, title in STAGES.items()
        if isinstance(targets.get(f"{stage}_wait_weeks"), int | float)
    }
    known = [v for list_ in values.values() for v in list_ if finite(v) is not None]
    top = look.nice(max([*known, *promised.values(), 1.0]))
    chart = look.lines_by_month(months, values, top, "Weeks waited (mean)")
    if promised:
        lines = data(
            {
                "weeks": weeks,
                "text": f"target for {title}: {number(weeks)} weeks",
                "when": look.middle_of(months[_free(weeks, list(values.values()))]),
            }
            for title, weeks in promised.items()
        )
        rule = alt.Chart(lines).mark_rule(color=GREY, strokeDash=[4, 4], strokeWidth=1.5)
        text = alt.Chart(lines).mark_text(align="left", dx=4, dy=-7, color=GREY, fontSize=12)
        chart = alt.layer(
            rule.encode(y="weeks:Q"),
            text.encode(x="when:T", y="weeks:Q", text="text:N"),
            chart,
        )
    endless = [t for t, v in values.items() if any(w == float("inf") for w in v)]
    gap = f" Gaps: nobody is taken on for {listed(endless)}." if endless else ""
    return look.finish(
        chart,
        title="Weeks waited before each stage",
        subtitle=f"Mean of the people taken on in each month, {look.span_of(months)}.{gap}",
        description=(
            "Line chart of the mean weeks waited by the people taken on in each month. "
            + " ".join(
                f"{t}: {number(v[0])} weeks at first, {number(v[-1])} at the end."
                for t, v in values.items()
            )
            + "".join(f" Target for {t}: {number(w)} weeks." for t, w in promised.items())
            + gap
        ),
    )


def bands(result: Answer, *, measure: str = "waiting_step3") -> Any:
    """The spread of one measure over the draws, month by month.

    Args:
        result: A projection with draws.
        measure: One of the measures of the table ``bands``.
    """
    import altair as alt

    every = rows(result.columns("bands"))
    known = list(dict.fromkeys(str(r["measure"]) for r in every))
    whole = set(look.whole_months(result.columns("monthly"))["month"])
    chosen = [r for r in every if r["measure"] == measure and r["month"] in whole]
    if not chosen:
        raise ValueError(f"measure = {measure!r}: one of {', '.join(known)} is expected")
    months = [str(r["month"]) for r in chosen]
    keys = ("p05", "p25", "p50", "p75", "p95")
    points = data(
        {"when": look.end_of(str(r["month"])), **{k: finite(r[k]) for k in keys}} for r in chosen
    )
    base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)))
    name = look.title_of(measure)
    outer = base.mark_area(color=PALETTE[0], opacity=0.2).encode(
        y=alt.Y("p05:Q", title=name), y2="p95:Q"
    )
    inner = base.mark_area(color=PALETTE[0], opacity=0.4).encode(y="p25:Q", y2="p75:Q")
    line = base.mark_line(color=PALETTE[0], strokeWidth=2.5).encode(y="p50:Q")
    last = chosen[-1]
    draws = result.meta.get("draws")
    return look.finish(
        (outer + inner + line).properties(width=WIDTH, height=300),
        title=f"How sure is it? {name}",
        subtitle=f"Line: middle of {draws} draws; dark: half of them; light: nine in ten",
        description=(
            f"Fan chart of {name}, {look.span_of(months)}. Half of the draws end between "
            f"{number(float(last['p25']))} and {number(float(last['p75']))}, nine in ten between "
            f"{number(float(last['p05']))} and {number(float(last['p95']))}."
        ),
    )


def _free(level: float, lines: Sequence[Sequence[float]]) -> int:
    """Where along a level a text is farthest from all lines: the month at which it begins."""
    length = len(lines[0])
    span = max(length * 2 // 5, 1)

    def room(start: int) -> float:
        near = (abs(v - level) for line in lines for v in line[start : start + span])
        return min((gap for gap in near if finite(gap) is not None), default=0.0)

    return max((0, length // 3, length * 11 // 20), key=room)


def _training(result: Answer, months: Sequence[str]) -> tuple[Any, Any, str]:
    """Rules at the dates of the trainees' steps, a strip that names them, and them in words."""
    import altair as alt

    if "events" not in result.tables():
        return None, None, ""
    titles = _courses(result)
    first, after = date.fromisoformat(f"{months[0]}-01"), look.end_of(months[-1])[:10]
    days = max((date.fromisoformat(after) - first).days, 1)
    events = [row for row in rows(result.columns("events")) if row["course"]]
    seen = [r for r in events if str(first) <= str(r["date"])[:10] < after]
    if not seen:
        return None, None, ""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in seen:
        course = titles.get(str(row["course"]), str(row["course"]))
        event = str(row["event"]).removesuffix(" of bookable hours")
        if event.startswith(("start", "qualify")):
            event = f"{number(float(row['trainees']))} {event}"
        texts = grouped.setdefault((course, str(row["date"])[:10]), [])
        if event not in texts:
            texts.append(event)
    courses = list(dict.fromkeys(course for course, _ in grouped))
    room: dict[tuple[str, int], float] = {}
    levels: dict[tuple[str, str], int | None] = {}
    for key in sorted(grouped, key=lambda key: key[1]):
        x = (date.fromisoformat(key[1]) - first).days / days * (WIDTH - 60)
        free = (i for i in range(4) if room.get((key[0], i), -1.0) <= x)
        levels[key] = next(free, None)
        if (level := levels[key]) is not None:
            room[key[0], level] = x + 5.9 * len(", ".join(grouped[key])) + 9
    tops, height = {}, 0
    for course in courses:
        tops[course] = height
        deepest = max(level or 0 for (of, _), level in levels.items() if of == course)
        height += _HEAD + _LINE * (deepest + 1) + 6
    marks = [
        {
            "when": f"{key[1]}T00:00:00",
            "course": key[0],
            "text": "" if level is None else ", ".join(grouped[key]),
            "y": tops[key[0]] + _HEAD + _LINE * (level or 0),
        }
        for key, level in levels.items()
    ]
    points = data(marks)
    rules = (
        alt.Chart(points)
        .mark_rule(color="#768692", strokeDash=[2, 3], strokeWidth=1, opacity=0.8)
        .encode(x=alt.X("when:T", axis=look.month_axis(months)))
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0]))
    x_of = alt.X("when:T", axis=None)
    strip = alt.layer(
        alt.Chart(points).mark_rule(color="#768692", strokeDash=[2, 3], opacity=0.8).encode(x=x_of),
        alt.Chart(points)
        .mark_text(align="left", baseline="middle", dx=3, fontSize=11, color="#212b32")
        .encode(x=x_of, y=y, text="text:N"),
        alt.Chart(
            data(
                {"when": f"{first}T00:00:00", "y": tops[c] + 4, "text": f"Trainees: {c}"}
                for c in courses
            )
        )
        .mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", color="#212b32")
        .encode(x=x_of, y=y, text="text:N"),
    ).properties(width=WIDTH - 60, height=height)
    said = "; ".join(
        f"{course}, {month(when)}: {', '.join(texts)}" for (course, when), texts in grouped.items()
    )
    return (
        rules,
        strip,
        f" Steps of the trainees: {said}. Shares are of the bookable hours of qualified staff.",
    )


def _courses(result: Answer) -> dict[str, str]:
    scenario = getattr(result, "scenario", None)
    tree = scenario.to_dict(complete=True) if scenario is not None else {}
    courses = tree.get("training", {}).get("courses", {})
    return {name: str(fields.get("title", name)) for name, fields in courses.items()}
