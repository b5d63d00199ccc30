"""What does each mix give, and which cannot be told from the best one?

Charts of ``skillmix.mix_sweep``: curves over the share of PWPs with their bands, the probability of
being best by share and level of demand, and where a share leaves the range of the best ones.
"""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import GREY, PALETTE, WIDTH, data, finite, scale
from skillmix.tables import unknown
from skillmix.wording import listed, number, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skillmix.mixes import MixLeaves, MixSweep

__all__ = ["best", "curves", "leaves"]

_PANELS = (
    "recovered",
    "cost_per_recovery",
    "wait_to_step2_weeks",
    "wait_to_step3_weeks",
    "supervisors_needed",
    "trainees_needed",
)
_TITLES = {
    "recovered": "Recoveries",
    "course_starts": "Course starts",
    "finishers": "Finishers",
    "cost": "Cost, all payers",
    "cost_per_recovery": "Cost of a recovery",
    "wait_assessment_weeks": "Wait for an assessment",
    "wait_step2_weeks": "Wait behind it for Step 2",
    "wait_step3_weeks": "Wait behind it for Step 3",
    "wait_to_step2_weeks": "Wait from referral to Step 2",
    "wait_to_step3_weeks": "Wait from referral to Step 3",
    "supervisors_needed": "Supervisors needed",
    "trainees_needed": "Trainees needed",
    "within_6_weeks": "First treated within 6 weeks",
    "within_18_weeks": "First treated within 18 weeks",
}
_IN, _OUT, _NOT = "cannot be told from the best", "can be told from it", "cannot go ahead"
_MARKS: dict[str, dict[str, Any]] = {
    _OUT: {"shape": "circle", "size": 16, "fill": "white", "color": PALETTE[0], "opacity": 1},
    _IN: {"shape": "circle", "size": 75, "filled": True, "color": PALETTE[3], "opacity": 1},
    _NOT: {"shape": "cross", "size": 34, "filled": True, "color": GREY, "angle": 45, "opacity": 1},
}
_CUT = 4.0
"""A measure of which less is better is drawn up to so many times its value at the best mix."""
_HOLDS = {
    "budget": "the same full-year pay of therapists and supervisors",
    "wte": "the same WTE of therapists",
    "demand": "the smallest staff that serves the demand",
}


def curves(
    result: MixSweep, *, measures: Sequence[str] = _PANELS, demand: float | None = None
) -> Any:
    """What each share of PWPs gives: mean and 95 % band over the worlds, a panel a measure.

    Filled circles are shares that cannot be told from the best one, small hollow ones those that
    can; crosses cannot go ahead, and are drawn where they can be run at all.

    Args:
        result: A sweep.
        measures: Measures of the table ``curves``.
        demand: Level of demand that is drawn; left out, the one nearest to today's.
    """
    import altair as alt

    level = _level(result, demand)
    table = [row for row in rows(result.columns("curves")) if row["demand"] == level]
    known = list(dict.fromkeys(str(row["measure"]) for row in table))
    standing = _standing(result, level)
    asked = float(result.meta["reference"])
    best_share = next((share for share, one in standing.items() if one["best"]), None)
    panels, said, cut = [], [], False
    for place, measure in enumerate(measures):
        if measure not in known:
            raise unknown("measure", measure, known)
        here = [row for row in table if row["measure"] == measure]
        unit = str(here[0]["unit"])
        points = [_point(row, standing[float(row["share"])]) for row in here]
        shown = [point for point in points if finite(point["mean"]) is not None]
        top, over = _top(shown, best_share)
        cut = cut or over
        panel = _panel(shown, top, unit, asked, last_row=place >= len(measures) - 2)
        heading = alt.TitleParams(
            text=_TITLES.get(measure, look.title_of(measure)),
            anchor="start",
            fontSize=13,
            fontWeight="bold",
        )
        panels.append(panel.properties(width=252, height=150, title=heading))
        at_best = next((p for p in shown if p["share"] == best_share), None)
        at_asked = next((p for p in shown if abs(p["share"] - asked) < 1e-9), None)
        said.append(_said(_TITLES.get(measure, measure), unit, at_best, at_asked))
    inside = [one["label"] for one in standing.values() if one["in_range"]]
    apart = f"Cannot be told from the best: {listed(inside)}." if inside else "None can go ahead."
    rest = (
        f" Values above {number(_CUT, digits=0)} times the best mix's are cut off." if cut else ""
    )
    return look.finish(
        alt.concat(*panels, columns=2, spacing=20),
        title="What each share of PWPs gives",
        subtitle=_lines(
            f"At {_hold(result)}{_times(level)}. Line: mean; band: 95 % of the worlds. Filled "
            f"circle: cannot be told from the best by {_objective(result)}; hollow: not as good; "
            f"cross: cannot go ahead.{rest}"
        ),
        description=f"Curves over the share of PWPs. {apart} " + " ".join(said),
    )


def best(result: MixSweep) -> Any:
    """How surely each share is best, by level of demand: the outlined ones cannot be told apart."""
    import altair as alt

    cells, marks, said = [], [], []
    table = rows(result.columns("best"))
    levels = sorted({float(row["demand"]) for row in table})
    for row in table:
        chance = float(row["probability_among_best"])
        kind = _IN if row["in_range"] else _OUT if row["feasible"] else _NOT
        text = "×" if kind == _NOT else f"{100 * chance:.0f}" if row["in_range"] else ""
        cell = {
            "share": _percent(float(row["share"])),
            "demand": _level_name(float(row["demand"])),
            "chance": 100.0 * chance,
            "kind": kind,
            "text": text,
            "ink": "light" if chance > 0.45 else "dark",
        }
        cells.append(cell)
        if row["best"]:
            marks.append(cell)
    for row in rows(result.columns("range")):
        said.append(
            f"{_level_name(float(row['demand']))}: best {row['best'] or 'none'}, range "
            f"{_percent(float(row['low_share']))} to {_percent(float(row['high_share']))} %, "
            f"{row['asked']} {'inside' if row['asked_in_range'] else 'outside'}."
        )
    shares = [_percent(share) for share in sorted({float(row["share"]) for row in table})]
    names = [_level_name(level) for level in reversed(levels)]
    x = alt.X(
        "share:N",
        sort=shares,
        title="PWPs among therapists [% of WTE]",
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", ticks=False),
    )
    y = alt.Y("demand:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False))
    base = alt.Chart(data(cells)).encode(x=x, y=y)
    heat = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color(
            "chance:Q",
            scale=alt.Scale(domain=[0, 100], range=["#f0f4f8", PALETTE[0]]),
            legend=alt.Legend(title="Best in % of the worlds", orient="top", gradientLength=180),
        )
    )
    outline = (
        alt.Chart(data([cell for cell in cells if cell["kind"] == _IN] or cells[:0]))
        .mark_rect(fillOpacity=0, stroke=PALETTE[3], strokeWidth=2.5)
        .encode(x=x, y=y)
    )
    words = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.Color("ink:N", scale=scale(("light", "dark"), ("#fff", "#212b32")), legend=None),
    )
    stars = (
        alt.Chart(data(marks))
        .mark_text(text="◆", dy=12, fontSize=9)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "ink:N", scale=scale(("light", "dark"), ("#fff", "#212b32")), legend=None
            ),
        )
    )
    asked = _percent(float(result.meta["reference"]))
    pointer = (
        alt.Chart(data([{"share": asked}]))
        .mark_text(text="▼", dy=-7, fontSize=11, color=GREY)
        .encode(x=alt.X("share:N", sort=shares), y=alt.value(0))
    )
    layers = [heat, *([pointer] if asked in shares else []), outline, words, stars]
    low = 100.0 * float(result.meta["at_least"])
    return look.finish(
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .properties(width=WIDTH - 90, height=max(38 * len(levels), 60)),
        title=f"Which share of PWPs is best by {_objective(result)}",
        subtitle=_lines(
            f"At {_hold(result)}. Outlined, with the per cent: best in at least {number(low)} % of "
            "the worlds. Diamond: best mean. ×: cannot go ahead. ▼: the share asked about."
        ),
        description="Probability of being best by share of PWPs and demand. " + " ".join(said),
    )


def leaves(result: MixLeaves) -> Any:
    """Probability that the share asked about is best, as a field changes; the limit is dashed."""
    import altair as alt

    meta = result.meta
    limit = 100.0 * float(meta["at_least"])
    table = rows(result.columns("tried"))
    points: list[dict[str, Any]] = [
        {
            "value": float(row["value"]),
            "chance": 100.0 * float(row["probability"]),
            "low": 100.0 * max(0.0, float(row["probability"] - 1.96 * row["standard_error"])),
            "high": 100.0 * min(1.0, float(row["probability"] + 1.96 * row["standard_error"])),
            "kind": "in the range" if row["in_range"] else "outside it",
        }
        for row in table
    ]
    path = str(meta["path"])
    title = "Referrals, times today's" if path == "demand" else path
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(tickCount=8),
    )
    y = alt.Y(
        "chance:Q",
        title="Best in % of the worlds, alone or with others",
        scale=alt.Scale(domain=[0, 100]),
    )
    base = alt.Chart(data(points))
    band = base.mark_rule(color=PALETTE[0], strokeWidth=1.5).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q"
    )
    line = base.mark_line(color=PALETTE[0], strokeWidth=2).encode(x=x, y=y)
    dots = base.mark_point(size=80, opacity=1, strokeWidth=2).encode(
        x=x,
        y=y,
        shape=alt.Shape(
            "kind:N",
            scale=scale(("in the range", "outside it"), ("circle", "cross")),
            legend=alt.Legend(title=None, orient="top"),
        ),
        color=alt.Color(
            "kind:N", scale=scale(("in the range", "outside it"), (PALETTE[0], PALETTE[2]))
        ),
    )
    rule = (
        alt.Chart(data([{"limit": limit}]))
        .mark_rule(strokeDash=[5, 3], color=GREY)
        .encode(y="limit:Q")
    )
    name = _label(float(meta["reference"]))
    said = " ".join(
        f"{number(p['value'], digits=2)}: {number(p['chance'], digits=0)} %, {p['kind']}."
        for p in points
    )
    return look.finish(
        (rule + band + line + dots).properties(width=WIDTH - 90, height=280),
        title=f"Where {name} stops being one of the best",
        subtitle=_lines(
            f"Probability that no mix does better, with its 95 % interval; it is outside below "
            f"{number(limit)} % (dashed).",
            *result.words()[:-1][:2],
        ),
        description=f"Probability that {name} is best along {path}. {said}",
    )


def _panel(
    points: Sequence[Mapping[str, Any]], top: float, unit: str, asked: float, *, last_row: bool
) -> Any:
    """One measure: band, line, marks of three shapes, and the share asked about."""
    import altair as alt

    clipped = [
        {
            **point,
            "percent": 100.0 * point["share"],
            "mean": point["mean"] if point["mean"] <= top else None,
            "low": min(point["low"], top),
            "high": min(point["high"], top),
        }
        for point in points
    ]
    x = alt.X(
        "percent:Q",
        title="PWPs among therapists [% of WTE]" if last_row else None,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100], grid=False),
    )
    axis = (
        look.pounds_axis(top, "Pounds")
        if unit == "pounds"
        else alt.Axis(title=unit[:1].upper() + unit[1:], tickCount=5)
    )
    domain = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(data(clipped))
    band = base.mark_area(color=PALETTE[0], opacity=0.2).encode(
        x=x, y=alt.Y("low:Q", scale=domain, axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=PALETTE[0], strokeWidth=2).encode(
        x=x, y=alt.Y("mean:Q", scale=domain)
    )
    marks = []
    for kind, style in _MARKS.items():
        here = [p for p in clipped if p["kind"] == kind and p["mean"] is not None]
        if here:
            shapes = alt.Chart(data(here)).mark_point(**style)
            marks.append(shapes.encode(x=x, y=alt.Y("mean:Q", scale=domain)))
    rule = (
        alt.Chart(data([{"percent": 100.0 * asked, "text": _label(asked)}]))
        .mark_rule(color=GREY, strokeDash=[4, 3])
        .encode(x="percent:Q")
    )
    text = (
        alt.Chart(data([{"percent": 100.0 * asked, "text": _label(asked)}]))
        .mark_text(align="left", baseline="top", dx=3, dy=2, fontSize=11, color=GREY)
        .encode(x="percent:Q", y=alt.value(0), text="text:N")
    )
    return alt.layer(band, rule, text, line, *marks)


def _point(row: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    kind = _IN if one["in_range"] else _OUT if one["feasible"] else _NOT
    return {
        "share": float(row["share"]),
        "label": str(row["label"]),
        "mean": float(row["mean"]),
        "low": float(row["p025"]),
        "high": float(row["p975"]),
        "kind": kind,
    }


def _top(points: Sequence[Mapping[str, Any]], best_share: float | None) -> tuple[float, bool]:
    """Top of an axis, and whether something lies above it.

    >>> _top([{"share": 0.4, "mean": 1.0, "high": 2.0}, {"share": 0, "mean": 9, "high": 99}], 0.4)
    (8.0, True)
    """
    finite_highs = [p["high"] for p in points if math.isfinite(p["high"])]
    most = max(finite_highs, default=1.0) or 1.0
    at_best = next((p["high"] for p in points if p["share"] == best_share), math.inf)
    limit = _CUT * at_best if at_best > 0 else math.inf
    over = most > limit or len(finite_highs) < len(points)
    return (limit if most > limit else most * 1.05), over


def _said(title: str, unit: str, at_best: Any, at_asked: Any) -> str:
    def value(point: Any) -> str:
        if point is None:
            return "none"
        mean = point["mean"]
        shown = look.short_pounds(mean) if unit == "pounds" else f"{number(mean)} {unit}"
        return f"{shown} at {point['label']}"

    return f"{title}: {value(at_best)}, {value(at_asked)}."


def _standing(result: MixSweep, level: float) -> dict[float, dict[str, Any]]:
    """How each share stands at a level."""
    table = rows(result.columns("best"))
    return {float(row["share"]): row for row in table if row["demand"] == level}


def _level(result: MixSweep, demand: float | None) -> float:
    levels = [float(level) for level in result.meta["demand"]]
    if demand is None:
        return min(levels, key=lambda level: abs(level - 1.0))
    found = [level for level in levels if math.isclose(level, demand)]
    if not found:
        raise ValueError(f"demand = {demand!r}: one of {listed([number(v) for v in levels])}")
    return found[0]


def _hold(result: MixSweep) -> str:
    return _HOLDS[str(result.meta["hold"])]


def _objective(result: MixSweep) -> str:
    name = str(result.meta["objective"])
    if name == "cost_to_meet_wait":
        return "least cost within the wait"
    return _TITLES.get(name, name.replace("_", " ")).lower().replace("step ", "Step ")


def _times(level: float) -> str:
    return "" if math.isclose(level, 1.0) else f" and {_level_name(level)} the referrals"


def _level_name(level: float) -> str:
    """A level in words.

    >>> _level_name(1.1), _level_name(1.0)
    ('1.1 times', 'today’s')
    """
    return "today’s" if math.isclose(level, 1.0) else f"{number(level, digits=2)} times"


def _lines(*sentences: str) -> list[str]:
    """Sentences in lines that are no wider than a chart."""
    return [line for sentence in sentences for line in wrap(sentence, 92)]


def _percent(share: float) -> str:
    """A share as a number of per cent.

    >>> _percent(0.4), _percent(0.425)
    ('40', '42.5')
    """
    return f"{100.0 * share:.1f}".removesuffix(".0") if math.isfinite(share) else "none"


def _label(share: float) -> str:
    """A share as planners say it.

    >>> _label(0.4)
    '40:60'
    """
    return f"{_percent(share)}:{_percent(1.0 - share)}"
