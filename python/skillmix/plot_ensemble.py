"""How sure are we, and which option is better? Fans, chances by month, paired differences.

Bands are over worlds (and the luck inside them): 10 % to 90 % is the 80 % band.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import DASHES, GREY, PALETTE, WIDTH, data, finite, scale
from skillmix.wording import listed, month, number, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["chance", "differences", "fan"]

_BANDS = (("p025", "p975", 0.16), ("p10", "p90", 0.24), ("p25", "p75", 0.4))
_MOST_LINES = 4


def _monthly(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Complete months; all months if none is complete."""
    months = [row for row in table if row["kind"] == "month"]
    return [row for row in months if row.get("complete", True)] or months


def _of(every: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    known = list(dict.fromkeys(str(row["measure"]) for row in every))
    chosen = [row for row in every if row["measure"] == measure]
    if not chosen:
        raise ValueError(f"measure = {measure!r}: one of {', '.join(known)} is expected")
    return chosen


def fan(result: Answer, *, measure: str = "waiting_step3", limit: float | None = None) -> Any:
    """One measure by month: the middle of the worlds, and the 50, 80 and 95 % bands.

    Args:
        result: An ensemble.
        measure: One of the measures of the table ``bands``.
        limit: A value to draw a line at, such as a list that is aimed at.
    """
    import altair as alt

    chosen = _of(_monthly(rows(result.columns("bands"))), measure)
    share = 100 if chosen[0]["unit"] == "share" else 1
    months = [str(row["period"]) for row in chosen]
    place = look.end_of if measure.startswith("waiting") else look.middle_of
    keys = ("p025", "p10", "p25", "p50", "p75", "p90", "p975")
    points = data(
        {"when": place(str(row["period"]))}
        | {k: None if finite(row[k]) is None else share * float(row[k]) for k in keys}
        for row in chosen
    )
    base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)))
    name = look.title_of(measure) + (" [%]" if share > 1 else "")
    layers = [
        base.mark_area(color=PALETTE[0], opacity=opacity).encode(
            y=alt.Y(f"{low}:Q", title=name, scale=alt.Scale(zero=share == 1)), y2=f"{high}:Q"
        )
        for low, high, opacity in _BANDS
    ]
    layers.append(base.mark_line(color=PALETTE[0], strokeWidth=2.5).encode(y="p50:Q"))
    if limit is not None:
        rule = alt.Chart(data([{"limit": share * limit, "text": number(share * limit)}]))
        layers.append(rule.mark_rule(color=GREY, strokeDash=[4, 4]).encode(y="limit:Q"))
        layers.append(
            rule.mark_text(align="left", dx=4, dy=-7, color=GREY, fontSize=12).encode(
                x=alt.value(0), y="limit:Q", text="text:N"
            )
        )
    last = {k: number(share * float(chosen[-1][k])) for k in keys}
    runs = number(float(result.meta["runs"]), digits=0)
    what = "runs" if result.meta["replications"] > 1 else "worlds"
    return look.finish(
        alt.layer(*layers).properties(width=WIDTH, height=320),
        title=f"How sure is it? {look.title_of(measure)}",
        subtitle=f"Line: middle of {runs} {what}. Bands, dark to light: 50, 80 and 95 of 100 lie "
        "inside",
        description=(
            f"Fan chart of {look.title_of(measure)}, {look.span_of(months)}. In {month(months[-1])}"
            f" the middle of the {what} is {last['p50']}; 80 of 100 lie between {last['p10']} and "
            f"{last['p90']}, 95 between {last['p025']} and {last['p975']}."
        ),
    )


def chance(result: Answer, *, about: str | None = None) -> Any:
    """The chance that each standard is met, or each rule kept, by month, with 95 % intervals.

    Args:
        result: An ensemble.
        about: ``"standard"``, ``"warning"`` or ``"condition"``; left out, standards if any is
            asked for, else rules. Shown are the four whose chance moves or is lowest.
    """
    import altair as alt

    every = _monthly(rows(result.columns("chances")))
    every = [row for row in every if finite(row["chance"]) is not None]
    standards = [row for row in every if row["about"] == "standard"]
    wanted = [row for row in every if row["about"] == about] if about else standards or every
    if not wanted:
        known = listed(sorted({str(row["about"]) for row in every}) or ["nothing"])
        raise ValueError(f"about = {about!r}: there are chances of {known}")
    lowest: dict[str, float] = {}
    for row in wanted:
        name = str(row["title"])
        lowest[name] = min(lowest.get(name, 1.0), float(row["chance"]))
    chosen = sorted(lowest, key=lambda name: lowest[name])[:_MOST_LINES]
    shown = [row for row in wanted if row["title"] in chosen]
    called = {str(row["title"]): _with_limit(row) for row in shown}
    names = [called[title] for title in chosen]
    what = "runs" if result.meta["replications"] > 1 else "worlds"
    rest = len(lowest) - len(chosen)
    least = f" Shown: the {len(chosen)} least likely of {len(lowest)}." if rest else ""
    months = list(dict.fromkeys(str(row["period"]) for row in shown))
    points = data(
        {
            "when": look.middle_of(str(row["period"])),
            "month": month(str(row["period"])),
            "name": called[str(row["title"])],
            **{k: 100 * float(row[k]) for k in ("chance", "low", "high")},
        }
        for row in shown
    )
    colour = alt.Color("name:N", scale=scale(names, PALETTE), legend=None)
    base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)), color=colour)
    axis = alt.Y("chance:Q", title=f"{what.capitalize()} in 100", scale=alt.Scale(domain=[0, 100]))
    lines = base.mark_line(strokeWidth=2.5).encode(
        y=axis,
        strokeDash=alt.StrokeDash("name:N", scale=scale(names, DASHES), legend=None),
        tooltip=["name:N", "month:N", alt.Tooltip("chance:Q", format=".0f")],
    )
    band = base.mark_area(opacity=0.15).encode(y="low:Q", y2="high:Q")
    ends = {
        name: (look.middle_of(str(mine[-1]["period"])), 100 * float(mine[-1]["chance"]))
        for name in names
        if (mine := [row for row in shown if called[str(row["title"])] == name])
    }
    colours = dict(zip(names, PALETTE, strict=False))
    labels = look.end_labels(ends, top=100, height=320, colours=colours)
    said = [f"{name} {number(value, digits=0)} of 100" for name, (_, value) in ends.items()]
    return look.finish(
        alt.layer(band, lines, labels).properties(width=WIDTH - 190, height=320),
        title="How likely is each standard to be met?"
        if shown[0]["about"] == "standard"
        else "How likely is each rule to be kept?",
        subtitle=f"Share of the {what} by month; light: 95 % interval of that share.{least}",
        description=(
            f"Chance by month, {look.span_of(months)}. In the last month: {listed(said)}."
        ),
    )


def _with_limit(row: dict[str, Any]) -> str:
    """A standard with what it asks for, short enough for the end of a line.

    >>> _with_limit({"about": "standard", "name": "recovery", "title": "Recovery", "limit": 0.5})
    'Recovery: 50 % or more'
    """
    title, limit = str(row["title"]), float(row["limit"])
    if row["about"] != "standard":
        return title
    if str(row["name"]).endswith("wait_weeks"):
        return f"{title}: {number(limit)} weeks or less"
    return f"{title}: {number(100 * limit)} % or more"


def differences(result: Answer, *, measure: str = "waiting_step3") -> Any:
    """How far each option is from the first in the same worlds, by month.

    Args:
        result: A comparison with draws.
        measure: One of the measures of the table ``differences``.
    """
    import altair as alt

    whole = set(look.whole_months(result.columns("monthly"))["month"])
    every = [row for row in rows(result.columns("differences")) if row["kind"] == "month"]
    every = [row for row in every if row["period"] in whole]
    chosen = [row for row in _of(every, measure) if finite(row["mean"]) is not None]
    names = list(dict.fromkeys(str(row["scenario"]) for row in chosen))[:_MOST_LINES]
    months = list(dict.fromkeys(str(row["period"]) for row in chosen))
    place = look.end_of if measure.startswith("waiting") else look.middle_of
    share = 100 if chosen[0]["unit"] == "share" else 1
    first = next(label for label in result.meta if label not in names)
    panels, said = [], []
    for spot, name in enumerate(names):
        mine = [row for row in chosen if row["scenario"] == name]
        keys = ("mean", "p10", "p25", "p75", "p90", "low", "high")
        points = data(
            {"when": place(str(row["period"]))}
            | {k: None if finite(row[k]) is None else share * float(row[k]) for k in keys}
            for row in mine
        )
        base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)))
        unit = "percentage points" if share > 1 else str(mine[0]["unit"])
        axis = alt.Y("p10:Q", title=f"Difference [{unit}]")
        colour = PALETTE[spot]
        zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=GREY, strokeDash=[4, 4])
        panels.append(
            alt.layer(
                base.mark_area(color=colour, opacity=0.2).encode(y=axis, y2="p90:Q"),
                base.mark_area(color=colour, opacity=0.35).encode(y="p25:Q", y2="p75:Q"),
                base.mark_line(color=colour, strokeWidth=2.5).encode(y="mean:Q"),
                zero.encode(y="zero:Q"),
            ).properties(
                width=WIDTH,
                height=260 if len(names) == 1 else 180,
                title=alt.TitleParams(
                    f"“{name}” minus “{first}”", anchor="start", frame="group", fontSize=13
                ),
            )
        )
        last = {k: number(share * float(mine[-1][k])) for k in ("mean", "p10", "p90")}
        better = number(100 * float(mine[-1]["better"]), digits=0)
        said.append(
            f"{name}: {last['mean']} in {month(months[-1])}, in 80 of 100 worlds {last['p10']} to "
            f"{last['p90']}, better in {better} of 100."
        )
    return look.finish(
        alt.vconcat(*panels).resolve_scale(x="shared", y="shared"),
        title=f"Difference from “{first}”: {look.title_of(measure)}",
        subtitle="In the same worlds with the same luck. Line: mean; dark: half of the worlds; "
        "light: 80 of 100",
        description=(
            f"Differences by month, {look.span_of(months)}, in the same worlds. {' '.join(said)}"
        ),
    )
