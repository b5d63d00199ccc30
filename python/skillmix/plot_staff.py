"""What do the hours and the staff of a projection look like?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import PALETTE, WIDTH, data, scale
from skillmix.wording import cell, month, number, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skillmix.tables import Answer

__all__ = ["capacity", "staff"]

_MONTHS_SHOWN_SINGLY = 24
_USES = {
    "Assessment, screening": ("assessment", "screening"),
    "First sessions": ("first_sessions",),
    "Later sessions": ("later_sessions",),
    "Not booked": ("idle",),
}


def capacity(result: Answer) -> Any:
    """Hours that can be booked with patients, and what they are used for, by pool of staff."""
    import altair as alt

    table = result.columns("capacity")
    monthly = look.whole_months(result.columns("monthly"))
    labels = [str(m) for m in monthly["month"]]
    by = 3 if len(labels) > _MONTHS_SHOWN_SINGLY else 1
    period = {m: labels[i - i % by] for i, m in enumerate(labels)}
    days: dict[str, int] = defaultdict(int)
    for m, d in zip(labels, monthly["days"], strict=True):
        days[period[m]] += int(d)
    hours: dict[str, dict[str, dict[str, float]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(float))
    )
    for row in rows(table):
        if (when := period.get(str(row["month"]))) is not None:
            line = hours[str(row["role"])][when]
            line[str(row["line"])] += float(row["hours"]) * 7 / days[when]
    months = list(days)
    step = "quarter" if by == 3 else "month"
    titles = _titles(result)
    names = list(_USES)
    colours = (*PALETTE[:3], look.LIGHT)
    panels, said = [], []
    pools = [p for p in hours if any(v.get("bookable", 0) > 0 for v in hours[p].values())]
    width = {1: WIDTH, 2: 285}.get(len(pools), 180)
    for place, pool in enumerate(pools):
        by_month = hours[pool]
        used = data(
            {
                "when": look.middle_of(m),
                "use": use,
                "order": i,
                "hours": sum(line.get(part, 0.0) for part in parts),
            }
            for m, line in by_month.items()
            for i, (use, parts) in enumerate(_USES.items())
        )
        offered_of = {
            m: v.get("bookable", 0.0) - v.get("supervision_beyond_plan", 0.0)
            for m, v in by_month.items()
        }
        offered = data({"when": look.middle_of(m), "hours": h} for m, h in offered_of.items())
        legend = alt.Legend(title=None, orient="top", columns=4) if place == 0 else None
        areas = (
            alt.Chart(used)
            .mark_area(stroke="white", strokeWidth=0.7)
            .encode(
                x=alt.X("when:T", axis=look.month_axis(labels, small=len(pools) > 1)),
                y=alt.Y("hours:Q", title="Hours a week" if place % 3 == 0 else None),
                color=alt.Color("use:N", scale=scale(names, colours), legend=legend),
                order="order:O",
            )
        )
        line = alt.Chart(offered).mark_line(color="black", strokeDash=[5, 3], strokeWidth=2)
        panel = areas + line.encode(x="when:T", y="hours:Q")
        title = titles.get(pool, pool)
        panels.append(panel.properties(width=width, height=190, title=_small(title)))
        first, last = offered_of[months[0]], offered_of[months[-1]]
        idle = sum(v.get("idle", 0.0) for v in by_month.values()) / max(
            sum(offered_of.values()), 1e-9
        )
        said.append(
            f"{title}: {number(first, digits=0)} hours a week at first, "
            f"{number(last, digits=0)} at the end, {cell(idle, 'share')} not booked."
        )
    return look.finish(
        alt.concat(*panels, columns=3, spacing=18),
        title="Hours for patients, and what they are used for",
        subtitle=[
            f"Hours a week, mean of each {step}, by pool of staff, trainees in the pool they join.",
            "Dashed line: hours that can be booked. Layers from the bottom as named below.",
        ],
        description="Small charts of patient hours a week by pool of staff. " + " ".join(said),
    )


def staff(result: Answer) -> Any:
    """Staff in post at each month, by band, trainees included."""
    import altair as alt

    wte: dict[tuple[str, str], float] = defaultdict(float)
    months: dict[str, None] = {}
    known = sorted({str(b) for b in result.columns("staff")["band"]})
    groups = _band_groups(known)
    whole = set(look.whole_months(result.columns("monthly"))["month"])
    for row in rows(result.columns("staff")):
        if row["month"] not in whole:
            continue
        months[str(row["month"])] = None
        wte[groups[str(row["band"])], str(row["month"])] += float(row["in_post"])
    names = list(dict.fromkeys(groups[b] for b in known))
    span = list(months)
    values = data(
        {"when": look.middle_of(m), "band": b, "wte": wte[b, m], "order": names.index(b)}
        for b in names
        for m in span
    )
    total = max(sum(wte[b, m] for b in names) for m in span)
    ends, below = {}, 0.0
    for band in names:
        ends[band] = (look.middle_of(span[-1]), below + wte[band, span[-1]] / 2)
        below += wte[band, span[-1]]
    top = look.nice(total)
    areas = (
        alt.Chart(values)
        .mark_area(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("when:T", axis=look.month_axis(span)),
            y=alt.Y("wte:Q", title="WTE in post", scale=alt.Scale(domain=[0, top])),
            color=alt.Color("band:N", scale=scale(names, PALETTE), legend=None),
            order="order:O",
        )
        .properties(width=WIDTH - 90, height=300)
    )
    labels = look.end_labels(
        ends, top=top, height=300, colours=dict(zip(names, PALETTE, strict=False))
    )
    first, last = (sum(wte[b, m] for b in names) for m in (span[0], span[-1]))
    return look.finish(
        areas + labels,
        title="Staff in post, by band",
        subtitle=f"Whole-time equivalents, trainees included, {look.span_of(span)}",
        description=(
            f"Stacked areas of staff in post by band: {number(first)} WTE in {month(span[0])}, "
            f"{number(last)} in {month(span[-1])}. "
            + " ".join(
                f"{b}: {number(wte[b, span[0]])} to {number(wte[b, span[-1]])} WTE." for b in names
            )
        ),
    )


def _band_groups(bands_there: Sequence[str]) -> dict[str, str]:
    """Bands as they are if there are at most four, otherwise 4, 5, 6 and the others."""
    if len(bands_there) <= len(PALETTE):
        return {band: f"Band {band}" for band in bands_there}
    lowest = bands_there[: len(PALETTE) - 1]
    rest = f"Bands {bands_there[len(PALETTE) - 1]} up"
    return {band: f"Band {band}" if band in lowest else rest for band in bands_there}


def _titles(result: Answer) -> dict[str, str]:
    return dict(zip(*(map(str, c) for c in _pick(result, "staff", "role", "title")), strict=True))


def _pick(result: Answer, table: str, *names: str) -> list[Any]:
    columns = result.columns(table)
    return [columns[name] for name in names]


def _small(text: str) -> Any:
    import altair as alt

    return alt.TitleParams(text=text, anchor="start", fontSize=12.5, fontWeight="bold")
