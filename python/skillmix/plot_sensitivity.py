"""What do findings about what matters look like: swings, shares of variance, effects, worth?"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import GREY, PALETTE, WIDTH, data, finite, scale
from skillmix.sensitivity_words import amount, spoken, stated
from skillmix.tables import unknown
from skillmix.wording import cell, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skillmix.tables import Answer

__all__ = ["morris", "sobol", "tornado", "value"]

_MOST = 12
"""Most numbers in one chart, the first ones."""
_LINE = 34
_NORMAL = 1.96
"""Standard errors to either side of a 95 % interval."""
_BREAK = "|"


def tornado(result: Answer, *, outcome: str | None = None) -> Any:
    """The outcome at the low and the high value of each unsure number, the largest swing on top.

    Args:
        result: A finding of ``sensitivity.tornado``.
        outcome: One of its outcomes; left out, the first.
    """
    import altair as alt

    name, table = _of(result, "tornado", "outcome", outcome)
    moved = [row for row in table if finite(row["swing"]) is not None]
    endless = len(table) - len(moved)
    shown = moved[:_MOST]
    unit = str(table[0]["unit"])
    middle = float(table[0]["at_mean"])
    order = [_label(row["title"]) for row in shown]
    bars: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    span = [middle]
    for row in shown:
        what, unit_of = _label(row["title"]), str(row["path_unit"])
        low, high = float(row["at_low"]), float(row["at_high"])
        span += [low, high]
        said = {
            "low value": stated(row["low"], unit_of),
            "high value": stated(row["high"], unit_of),
        }
        ends = [("low value", low), ("high value", high)]
        # The longer bar first, so that the shorter one stands on it where both point one way.
        for end, here in sorted(ends, key=lambda pair: -abs(pair[1] - middle)):
            bars.append({"what": what, "end": end, "from": middle, "to": here})
        if (low - middle) * (high - middle) > 0:
            far = max(low, high, key=lambda here: abs(here - middle))
            ends, said = [("both", far)], {"both": " and ".join(said.values())}
        for end, here in ends:
            left = here < middle or (here == middle and end == "low value" and high >= middle)
            side = "left" if left else "right"
            texts.append({"what": what, "at": here, "text": said[end], "side": side})
    domain = _room(min(span), max(span))
    y = alt.Y("what:N", sort=order, title=None, axis=_titles())
    x = alt.X(
        "from:Q",
        title=_axis_title(name, unit),
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(tickCount=5),
    )
    names = ["low value", "high value"]
    blocks = (
        alt.Chart(data(bars))
        .mark_bar(height=20)
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            color=alt.Color(
                "end:N",
                scale=scale(names, PALETTE),
                legend=alt.Legend(title="The unsure number at its", orient="top"),
            ),
        )
    )
    labels = []
    for side, shift in (("left", -5), ("right", 5)):
        base = alt.Chart(data(text for text in texts if text["side"] == side))
        mark = base.mark_text(align="right" if side == "left" else "left", dx=shift, fontSize=11.5)
        labels.append(mark.encode(x="at:Q", y=alt.Y("what:N", sort=order), text="text:N"))
    rule = alt.Chart(data([{"at": middle}])).mark_rule(color="#212b32").encode(x="at:Q")
    omitted = f" Not drawn, for they swing without end: {endless}." if endless else ""
    return look.finish(
        alt.layer(blocks, rule, *labels).properties(width=WIDTH - 180, height=_height(shown)),
        title=f"What moves {spoken(name)}, one number at a time",
        subtitle=[
            f"{amount(middle, unit)} with everything at its mean (line). At the ends: the value",
            f"of the unsure number there.{omitted} The axis does not start at nought.",
        ],
        description=f"Bars of {spoken(name)}. "
        + " ".join(
            f"{row['title']}: {amount(float(row['at_low']), unit)} to "
            f"{amount(float(row['at_high']), unit)}."
            for row in shown
        ),
    )


def sobol(result: Answer, *, outcome: str | None = None) -> Any:
    """First and total index of each unsure number, with their intervals.

    Args:
        result: A finding by Sobol.
        outcome: One of its outcomes; left out, the first.
    """
    import altair as alt

    name, table = _of(result, "sobol", "outcome", outcome)
    shown = [row for row in table if finite(row["total"]) is not None][:_MOST]
    order = [_label(row["title"]) for row in shown]
    kinds = {"first": "by itself", "total": "in all, with the others"}
    bars = data(
        {
            "what": _label(row["title"]),
            "kind": said,
            "value": max(0.0, float(row[index])),
            "low": min(max(float(row[f"{index}_low"]), 0.0), 1.0),
            "high": min(max(float(row[f"{index}_high"]), 0.0), 1.0),
        }
        for row in shown
        for index, said in kinds.items()
    )
    names = list(kinds.values())
    base = alt.Chart(bars).encode(
        y=alt.Y("what:N", sort=order, title=None, axis=_titles()),
        yOffset=alt.YOffset("kind:N", sort=names),
    )
    blocks = base.mark_bar(height=12).encode(
        x=alt.X(
            "value:Q",
            title="Share of the variance",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", tickCount=5),
        ),
        color=alt.Color(
            "kind:N", scale=scale(names, PALETTE), legend=alt.Legend(title=None, orient="top")
        ),
    )
    return look.finish(
        alt.layer(blocks, *_intervals(base, 7)).properties(
            width=WIDTH - 180, height=_height(shown, 44)
        ),
        title=f"Which unknown makes {spoken(name)} unsure",
        subtitle="Share of the variance that it brings; lines are 95 % intervals.",
        description=f"Bars of the Sobol indices for {spoken(name)}. "
        + " ".join(
            f"{row['title']}: {cell(row['first'], 'share')} by itself, "
            f"{cell(row['total'], 'share')} in all."
            for row in shown
        ),
    )


def morris(result: Answer, *, outcome: str | None = None) -> Any:
    """Mean effect of each unsure number, and how much it depends on the others.

    Args:
        result: A finding by Morris.
        outcome: One of its outcomes; left out, the first.
    """
    import altair as alt

    name, table = _of(result, "morris", "outcome", outcome)
    shown = table[:_MOST]
    unit = str(table[0]["unit"])
    top = look.nice(max(float(row["sigma"]) for row in shown))
    right = max(float(row["mu_star_high"]) for row in shown) or 1.0
    height, gap = 340, 17
    heights: list[float] = []
    points = []
    for row in sorted(shown, key=lambda row: float(row["sigma"])):
        at = float(row["sigma"])
        place = max([at, *(h + gap * top / height for h in heights[-1:])])
        heights.append(place)
        points.append(
            {
                "mu": float(row["mu_star"]),
                "sigma": at,
                "low": float(row["mu_star_low"]),
                "high": float(row["mu_star_high"]),
                "label": min(place, top),
                "title": str(row["title"]),
            }
        )
    base = alt.Chart(data(points)).encode(
        x=alt.X(
            "mu:Q",
            title=_axis_title("Mean change", unit),
            scale=alt.Scale(domain=[0, right * 1.75], nice=False),
            axis=alt.Axis(tickCount=6),
        ),
        y=alt.Y(
            "sigma:Q",
            title=_axis_title("Standard deviation of the change", unit),
            scale=alt.Scale(domain=[0, top * 1.05 or 1.0], nice=False),
        ),
    )
    spans = base.mark_rule(color=GREY, strokeWidth=1.2).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=110, color=PALETTE[0], opacity=1)
    text = base.mark_text(align="left", baseline="bottom", dx=8, dy=-1, fontSize=12).encode(
        x="high:Q", y=alt.Y("label:Q"), text="title:N"
    )
    return look.finish(
        (spans + dots + text).properties(width=WIDTH - 60, height=height),
        title=f"How much each number changes {spoken(name)}",
        subtitle=[
            "Change while the number crosses its whole range: further right matters more; further",
            "up it depends more on where it and the others stand. Lines are 95 % intervals.",
        ],
        description=f"Points of elementary effects on {spoken(name)}. "
        + " ".join(
            f"{row['title']}: {amount(float(row['mu_star']), unit)} on average, standard deviation "
            f"{amount(float(row['sigma']), unit)}."
            for row in shown
        ),
    )


def value(result: Answer, *, objective: str | None = None) -> Any:
    """What it is worth at most to find out each number or group, and everything.

    Args:
        result: A finding of ``sensitivity.value_of_information``.
        objective: One of its objectives; left out, the first.
    """
    import altair as alt

    name, table = _of(result, "value", "objective", objective)
    yearly = finite(table[0]["worth_a_year"]) is not None
    worth, error = ("worth_a_year", "se_a_year") if yearly else ("worth", "se")
    unit = str(table[0]["unit"])
    shown = table[: _MOST + 1]
    titles = dict(result.titles)  # type: ignore[attr-defined]
    named = {
        str(row["finding"]): _label(titles.get(row["finding"], row["finding"])) for row in shown
    }
    named["everything"] = "Everything that is unsure"
    kinds = ["all at once", "alone or in a group"]
    bars = []
    for row in shown:
        here, half = float(row[worth]), _NORMAL * float(row[error])
        bars.append(
            {
                "what": named[str(row["finding"])],
                "kind": kinds[row["finding"] != "everything"],
                "value": here,
                "low": max(0.0, here - half),
                "high": here + half,
                "text": amount(here, unit),
            }
        )
    top = max([bar["high"] for bar in bars] + [1e-9])
    axis = (
        look.pounds_axis(top, f"Pounds{' a year' if yearly else ''}")
        if unit == "pounds"
        else alt.Axis(title=_axis_title("Worth", unit), tickCount=5)
    )
    base = alt.Chart(data(bars)).encode(
        y=alt.Y("what:N", sort=[bar["what"] for bar in bars], title=None, axis=_titles())
    )
    blocks = base.mark_bar(height=20).encode(
        x=alt.X("value:Q", axis=axis, scale=alt.Scale(domain=[0, top * 1.25])),
        color=alt.Color("kind:N", scale=scale(kinds, (PALETTE[2], PALETTE[0])), legend=None),
    )
    text = base.mark_text(align="left", dx=8, fontSize=12).encode(x="high:Q", text="text:N")
    span = " a year" if yearly else ""
    return look.finish(
        alt.layer(blocks, *_intervals(base, 9), text).properties(
            width=WIDTH - 180, height=_height(shown)
        ),
        title="What it is worth to find out before choosing",
        subtitle=f"At most, {unit}{span}, by {spoken(name)}; lines are 95 % intervals.",
        description=f"Bars of the value of information by {spoken(name)}. "
        + " ".join(f"{bar['what'].replace(_BREAK, ' ')}: {bar['text']}{span}." for bar in bars),
    )


def _of(result: Answer, name: str, key: str, asked: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Rows of one outcome or objective, the first unless one is asked for."""
    table = rows(result.columns(name))
    offered = list(dict.fromkeys(str(row[key]) for row in table))
    if asked is not None and asked not in offered:
        raise unknown(key, asked, offered)
    chosen = offered[0] if asked is None else asked
    return chosen, [row for row in table if row[key] == chosen]


def _intervals(base: Any, size: int) -> list[Any]:
    """A line from ``low`` to ``high`` across each bar, with a tick at either end."""
    line = base.mark_rule(color="#212b32", strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    ticks = base.mark_tick(color="#212b32", size=size)
    return [line, *(ticks.encode(x=f"{end}:Q") for end in ("low", "high"))]


def _label(title: Any) -> str:
    """A title in lines that fit beside the bars."""
    return _BREAK.join(wrap(str(title).replace(_BREAK, "/"), _LINE)[:3])


def _titles() -> Any:
    import altair as alt

    return alt.Axis(
        labelExpr=f"split(datum.label, '{_BREAK}')",
        labelLimit=260,
        labelFontSize=12,
        ticks=False,
        domain=False,
        labelPadding=8,
    )


def _height(shown: Sequence[Any], each: int = 38) -> int:
    return each * max(1, len(shown)) + 8


def _room(low: float, high: float) -> list[float]:
    """Ends of an axis with room for labels, never below nought if no value is.

    >>> _room(100.0, 200.0)
    [82.0, 218.0]
    """
    room = 0.18 * (high - low) or 1.0
    return [low - room if low < 0 else max(0.0, low - room), high + room]


def _axis_title(name: str, unit: str) -> str:
    said = spoken(name)
    said = said[:1].upper() + said[1:]
    return f"{said} [{unit}]" if unit else said
