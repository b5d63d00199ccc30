"""What do trainees do for patients, and what supervision do they need meanwhile?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import PALETTE, WIDTH, data, scale
from skillmix.wording import month, number, rows

if TYPE_CHECKING:
    from skillmix.tables import Answer

__all__ = ["training"]

_OWED = "Supervision that they are owed"


def training(result: Answer) -> Any:
    """Hours of trainees for patients by month and course, beside the supervision they need."""
    import altair as alt

    whole = look.whole_months(result.columns("monthly"))
    days = dict(zip(map(str, whole["month"]), whole["days"], strict=True))
    hours: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    owed: dict[str, float] = defaultdict(float)
    for row in rows(result.columns("training")):
        if (when := str(row["month"])) in days:
            course = str(row["title"])
            hours[course][when] += float(row["bookable_hours"]) * 7 / int(days[when])
            owed[when] += float(row["supervision_hours"])
    months = list(days)
    courses = sorted(hours)
    busy = [m for m in months if owed[m] > 0 or any(hours[c][m] > 0 for c in courses)]
    if busy:  # the months with trainees, and one on either side
        first, last = months.index(busy[0]), months.index(busy[-1])
        months = months[max(first - 1, 0) : last + 2]
    wide = max(4, min(30, int(0.7 * (WIDTH - 90) / len(months))))
    # Half a bar on either side, or the first one hides the numbers of the axis.
    across = alt.X("when:T", axis=look.month_axis(months), scale=alt.Scale(padding=wide))
    booked = (
        alt.Chart(
            data(
                {"when": look.middle_of(m), "what": c, "order": i, "hours": hours[c][m]}
                for i, c in enumerate(courses)
                for m in months
            )
        )
        .mark_bar(size=wide)
        .encode(
            x=across,
            y=alt.Y("hours:Q", title="Hours a week"),
            color=alt.Color(
                "what:N",
                scale=scale([*courses, _OWED], [*PALETTE[: len(courses)], "black"]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            order="order:O",
        )
        .properties(width=WIDTH - 90, height=280)
    )
    line = (
        alt.Chart(
            data({"when": look.middle_of(m), "what": _OWED, "hours": owed[m]} for m in months)
        )
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=28))
        .encode(x=across, y="hours:Q", color="what:N")
    )
    most = max(months, key=lambda m: sum(hours[c][m] for c in courses))
    top = sum(hours[c][most] for c in courses)
    owes = number(max(owed.values(), default=0.0), digits=0)
    return look.finish(
        booked + line,
        title="What trainees do for patients, and the supervision they need",
        subtitle=[
            "Bars: hours a week that can be booked with trainees until the award, mean of months.",
            "Line: hours that supervisors of the service owe them in a full week, at its end.",
        ],
        description=(
            "Bars of hours a week that can be booked with trainees, by month and course: "
            f"most in {month(most)}, {number(top, digits=0)}. A line of the hours of supervision"
            f" a week that they are owed: at most {owes}."
        ),
    )
