"""What do the hours of supervision of a projection look like: owed, given and missing?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import PALETTE, WIDTH, data, scale
from skillmix.wording import number, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["supervision"]

_PARTS = ("From job plans", "Out of hours for patients", "Nobody can give")
_COLOURS = (PALETTE[0], PALETTE[1], PALETTE[3])
_HEADROOM = 1.3
_COLUMNS = 3


def supervision(result: Answer) -> Any:
    """Hours of supervision owed by month and kind, who gives them, and what could be given."""
    import altair as alt

    whole = set(map(str, look.whole_months(result.columns("monthly"))["month"]))
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(result.columns("supervision")):
        if str(row["month"]) in whole:
            kinds[str(row["title"])].append(row)
    owed = {title: max(float(r["hours_owed"]) for r in of) for title, of in kinds.items()}
    shown = [title for title in kinds if owed[title] > 0.0]
    columns = min(len(shown), _COLUMNS)
    width = {1: WIDTH, 2: 285}.get(columns, 180)
    panels, said = [], []
    for place, title in enumerate(shown):
        of = kinds[title]
        months = [str(row["month"]) for row in of]
        top = owed[title] * _HEADROOM
        areas = (
            alt.Chart(data(part for row in of for part in _parts(row)))
            .mark_area(stroke="white", strokeWidth=0.7)
            .encode(
                x=alt.X("when:T", axis=look.month_axis(months, small=columns > 1)),
                y=alt.Y(
                    "hours:Q",
                    title="Hours a week" if place % _COLUMNS == 0 else None,
                    scale=alt.Scale(domain=[0, top], nice=False),
                ),
                color=alt.Color(
                    "part:N",
                    scale=scale(_PARTS, _COLOURS),
                    legend=alt.Legend(title=None, orient="top", columns=3) if place == 0 else None,
                ),
                order="order:O",
            )
        )
        left = data(
            {"when": look.middle_of(str(row["month"])), "hours": float(row["hours_left"])}
            for row in of
        )
        line = alt.Chart(left).mark_line(color="black", strokeDash=[5, 3], strokeWidth=2, clip=True)
        name = alt.TitleParams(text=title, anchor="start", fontSize=12.5, fontWeight="bold")
        panel = areas + line.encode(x="when:T", y="hours:Q")
        panels.append(panel.properties(width=width, height=170, title=name))
        said.append(_said(title, of))
    return look.finish(
        alt.concat(*panels, columns=_COLUMNS, spacing=18),
        title="Supervision that is owed, and who gives it",
        subtitle=[
            "Hours of a full week at the end of each month; the top of the layers is owed.",
            "Dashed line: hours left for this kind; above the panel where there are many to spare.",
        ],
        description="Small charts of supervision hours a week by kind. " + " ".join(said),
    )


def _parts(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The hours owed in a month by who gives them."""
    beyond, unmet = float(row["hours_beyond_plan"]), float(row["hours_unmet"])
    hours = (float(row["hours_owed"]) - beyond - unmet, beyond, unmet)
    when = look.middle_of(str(row["month"]))
    return [
        {"when": when, "part": part, "order": place, "hours": max(hours[place], 0.0)}
        for place, part in enumerate(_PARTS)
    ]


def _said(title: str, of: list[dict[str, Any]]) -> str:
    most = max(of, key=lambda row: float(row["hours_owed"]))
    short = [str(row["month"]) for row in of if float(row["hours_unmet"]) > 1e-9]
    text = f"{title}: up to {number(float(most['hours_owed']))} hours a week are owed"
    return f"{text}, short in {len(short)} months." if short else f"{text}, never short."
