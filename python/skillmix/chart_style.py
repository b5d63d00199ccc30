"""How do all charts look, and how are they read by those who do not see them?

One palette of four colours, told apart also by dash, shape or place; labels at the marks; months as
dates; pounds with their sign; a text description with every chart. Data are plain rows, so that no
frame library is needed.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from skillmix.wording import month as month_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "DASHES",
    "FONT",
    "GREY",
    "PALETTE",
    "SHAPES",
    "WIDTH",
    "data",
    "end_labels",
    "end_of",
    "finish",
    "finite",
    "lines_by_month",
    "month_axis",
    "pounds_axis",
    "scale",
    "whole_months",
]

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25")
"""Colours of the Government Analysis Function's guidance on charts, at most four in one chart."""
INK = {"#12436D": "#fff", "#28A197": "#000", "#801650": "#fff", "#F46A25": "#000"}
"""Colour of text upon each, with a contrast of 4.5 to 1 at least."""
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
GREY = "#595959"
LIGHT = "#d5d8da"
WIDTH = 640
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
_LABEL_GAP = 15
_OPENS_A_TAG = re.compile(r"<(?=[/!A-Za-z])")


def data(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as data inside the chart."""
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])


def finite(value: Any) -> float | None:
    """A number that can be drawn, or None where there is no end or nothing is known."""
    number = float(value)
    return number if math.isfinite(number) else None


def end_of(month: str) -> str:
    """The end of a month as a point in time; local, so that no time zone moves it.

    >>> end_of("2025-12")
    '2026-01-01T00:00:00'
    """
    year, number = int(month[:4]), int(month[5:7])
    after = date(year + number // 12, number % 12 + 1, 1)
    return f"{after.isoformat()}T00:00:00"


def middle_of(month: str) -> str:
    """The middle of a month as a point in time."""
    return f"{month[:7]}-15T12:00:00"


def month_axis(months: Sequence[str], *, small: bool = False, **options: Any) -> Any:
    """The axis of time: months by name, so far apart that they do not touch."""
    import altair as alt

    span = len(months)
    step = 3 if span <= 18 else 6 if span <= 40 else 12
    settings: dict[str, Any] = {
        "format": "%b %Y" if not small else "%Y",
        "tickCount": {"interval": "month", "step": 12 if small else step},
        "grid": False,
        "title": None,
        "labelOverlap": "greedy",
    }
    return alt.Axis(**(settings | options))


def pounds_axis(most: float, title: str) -> Any:
    """An axis of pounds, in thousands or millions where that is shorter."""
    import altair as alt

    size, mark, places = (
        (1e6, "m", 1) if most >= 2e6 else (1e3, "k", 0) if most >= 2e4 else (1, "", 0)
    )
    text = f"datum.value == 0 ? '£0' : '£' + format(datum.value / {size}, ',.{places}f') + '{mark}'"
    return alt.Axis(labelExpr=text, title=title, tickCount=5)


def short_pounds(value: float) -> str:
    """Pounds in millions or thousands.

    >>> short_pounds(2411000), short_pounds(38200), short_pounds(-512)
    ('£2.41m', '£38k', '-£512')
    """
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:.2f}m"
    return f"{sign}£{size / 1e3:.0f}k" if size >= 10_000 else f"{sign}£{size:,.0f}"


def scale(names: Sequence[str], values: Sequence[Any]) -> Any:
    """A scale that gives each name its colour, dash or shape."""
    import altair as alt

    return alt.Scale(domain=list(names), range=list(values[: len(names)]))


def end_labels(
    last: Mapping[str, tuple[str, float]], *, top: float, height: int, colours: Mapping[str, str]
) -> Any:
    """Names at the ends of lines, moved apart where they would touch.

    Args:
        last: Point in time and value of the last mark of each line.
        top: Value at the top of the chart.
        height: Height of the chart [pixels].
        colours: Colour of each line.
    """
    import altair as alt

    unit = top / height if top > 0 else 1.0
    places = sorted(last.items(), key=lambda item: item[1][1])
    rows: list[tuple[str, str, float]] = []
    below = -math.inf
    for name, (when, value) in places:
        below = max(value, below + _LABEL_GAP * unit)
        rows.append((name, when, below))
    over = max(0.0, below - top)
    layers = [
        alt.Chart(data([{"name": name, "when": when, "y": y - over}]))
        .mark_text(align="left", dx=6, fontSize=12, fontWeight="bold", color=_dark(colours[name]))
        .encode(x="when:T", y="y:Q", text="name:N")
        for name, when, y in rows
    ]
    return alt.layer(*layers)


def lines_by_month(
    months: Sequence[str],
    values: Mapping[str, Sequence[float]],
    top: float,
    title: str,
    *,
    end: bool = False,
    width: int = WIDTH - 60,
    height: int = 300,
) -> Any:
    """One line a name, told apart by colour, dash and a label at its end.

    Args:
        months: Months as text.
        values: One value a month, by the name of the line.
        top: Value at the top of the chart.
        title: What is shown, with its unit.
        end: Whether values are those at the end of a month; otherwise they stand for all of it.
        width: Width without the labels [pixels].
        height: Height [pixels].
    """
    import altair as alt

    place = end_of if end else middle_of
    names = list(values)
    points = data(
        {"when": place(m), "month": month_name(m), "name": name, "value": finite(v)}
        for name, list_ in values.items()
        for m, v in zip(months, list_, strict=True)
    )
    lines = (
        alt.Chart(points)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("when:T", axis=month_axis(months)),
            y=alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, top])),
            color=alt.Color("name:N", scale=scale(names, PALETTE), legend=None),
            strokeDash=alt.StrokeDash("name:N", scale=scale(names, DASHES), legend=None),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("month:N", title="month"),
                alt.Tooltip("value:Q", title=title, format=",.1f"),
            ],
        )
        .properties(width=width, height=height)
    )
    last: dict[str, tuple[str, float]] = {}
    for name, list_ in values.items():
        known = [(m, v) for m, v in zip(months, list_, strict=True) if finite(v) is not None]
        if known:
            last[name] = (place(known[-1][0]), known[-1][1])
    colours = dict(zip(names, PALETTE, strict=False))
    return lines + end_labels(last, top=top, height=height, colours=colours)


def _dark(colour: str) -> str:
    """The colour as text on white: the two light ones are darkened to a contrast of 4.5 to 1."""
    return {"#28A197": "#1B7A72", "#F46A25": "#B8420B"}.get(colour, colour)


def finish(chart: Any, *, title: str, subtitle: str | Sequence[str], description: str) -> Any:
    """The chart with its title, its text description and the common look."""
    import altair as alt

    heading = alt.TitleParams(
        text=title,
        subtitle=[subtitle] if isinstance(subtitle, str) else list(subtitle),
        anchor="start",
        frame="group",
        fontSize=16,
        subtitleFontSize=12.5,
        subtitleColor=GREY,
        offset=14,
        subtitlePadding=5,
    )
    return without_tags(
        chart.properties(title=heading, description=description, background="white", padding=8)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor="#212b32",
            titleColor="#212b32",
            gridColor="#e3e5e7",
            domainColor="#768692",
            tickColor="#768692",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=320, symbolStrokeWidth=2)
        .configure_header(labelFontSize=12, titleFontSize=12)
    )


def without_tags(chart: Any) -> Any:
    """The chart, with no text in it that could end or open the script of a page.

    Altair writes a chart into a ``<script>`` of a notebook or page as it is, so a service called
    ``</script>`` would end it. A word joiner after the ``<`` looks the same and means nothing.
    """
    written = json.dumps(chart.to_dict(validate=False))
    tame = _OPENS_A_TAG.sub(r"<\\u2060", written)
    return chart if tame == written else type(chart).from_dict(json.loads(tame), validate=False)


def whole_months(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of the complete months of a table by month; all if there is none."""
    complete = columns["complete"]
    return {k: v[complete] for k, v in columns.items()} if complete.any() else dict(columns)


def span_of(months: Sequence[str]) -> str:
    """First to last month by name."""
    if not len(months):
        return "no months"
    return f"{month_name(str(months[0]))} to {month_name(str(months[-1]))}"


def nice(most: float) -> float:
    """A little above the greatest value, so that labels fit."""
    return most * 1.08 if most > 0 else 1.0


def title_of(measure: str) -> str:
    """What a column of a table is called in a title."""
    known = {
        "waiting_step3": "People waiting for Step 3",
        "waiting_step2": "People waiting for Step 2",
        "waiting_assessment": "People waiting for an assessment",
        "wait_step3_weeks": "Mean weeks from assessment to Step 3",
        "wait_step2_weeks": "Mean weeks from assessment to Step 2",
    }
    return known.get(measure, measure.replace("_", " ").capitalize())
