"""What does the money of a projection look like: what for, who pays, what stays, what one costs?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import LIGHT, PALETTE, WIDTH, data, scale
from skillmix.wording import listed, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skillmix.tables import Answer

__all__ = ["cost", "payers", "recurrent", "unit_costs"]

_COSTS = {
    "Pay": ("salary", "high_cost_area", "agency", "overtime"),
    "On-costs": ("employer_ni", "pension", "pension_central", "levy", "own_on_costs"),
    "Training, recruiting": ("course_fee", "short_courses", "clause_repayment", "recruitment"),
    "Non-pay, overheads": ("non_pay", "overhead"),
}
_PAYERS = {
    "service": "Service",
    "national": "National",
    "commissioner": "Commissioner",
    "regional": "Regional",
    "other": "Others",
}
_STANDING = {
    (True, "funded"): "Comes again, funded",
    (True, "pressure"): "Comes again, above posts",
    (False, "funded"): "Once only",
    (False, "pressure"): "Once only",
}


def cost(result: Answer) -> Any:
    """Pounds by complete financial year and kind of cost, all payers."""
    kind_of = {line: kind for kind, lines in _COSTS.items() for line in lines}
    return _years(
        result,
        lambda row: kind_of.get(str(row["line"]), "Non-pay, overheads"),
        list(_COSTS),
        title="Cost by financial year",
        subtitle="Pounds a year, all payers, layers as named from the bottom.",
    )


def payers(result: Answer) -> Any:
    """Pounds by complete financial year and payer."""
    return _years(
        result,
        lambda row: _PAYERS[str(row["payer"])],
        list(_PAYERS.values()),
        title="Who pays",
        subtitle="Pounds a year, layers as named from the bottom.",
    )


def recurrent(result: Answer) -> Any:
    """Pounds by complete financial year: what comes again, within posts or above, and what not."""
    return _years(
        result,
        lambda row: _STANDING[bool(row["recurrent"]), str(row["funding"])],
        list(dict.fromkeys(_STANDING.values())),
        title="What comes again every year, and what does not",
        subtitle="Pounds a year, all payers, layers as named from the bottom.",
    )


def _years(
    result: Answer,
    kind_of: Callable[[Mapping[str, Any]], str],
    kinds: list[str],
    *,
    title: str,
    subtitle: str,
) -> Any:
    """Stacked bars of pounds by complete financial year."""
    import altair as alt

    days: dict[str, int] = {}
    complete: dict[str, bool] = {}
    pounds: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows(result.columns("cost")):
        year = str(row["year"])
        days[year], complete[year] = int(row["days"]), bool(row["complete"])
        pounds[year, kind_of(row)] += float(row["pounds"])
    whole = [year for year in days if complete[year]]
    years = whole or list(days)
    left = [f"{y} ({d} days)" for y, d in days.items() if y not in years and d > 7]
    partly = "" if whole else " No year is complete."
    names = [k for k in kinds if any(pounds[y, k] for y in years)]
    colours = dict(zip(kinds, (*PALETTE, LIGHT), strict=False))
    total = {y: sum(pounds[y, k] for k in names) for y in years}
    top = max([*total.values(), 1.0])
    label = {y: y if complete[y] else f"{y} ({days[y]} days)" for y in years}
    x = alt.X("year:N", title="Financial year", sort=None, axis=alt.Axis(labelAngle=0))
    bars, inks = [], []
    for y in years:
        below = 0.0
        for k in names:
            above = below + pounds[y, k]
            bars.append({"year": label[y], "kind": k, "from": below, "to": above})
            if abs(pounds[y, k]) > 0.05 * top:
                inks.append(
                    {
                        "year": label[y],
                        "at": (below + above) / 2,
                        "text": look.short_pounds(pounds[y, k]),
                        "ink": look.INK.get(colours[k], "#000"),
                    }
                )
            below = above
    pounds_y = alt.Y("from:Q", axis=look.pounds_axis(top, "Pounds a year"))
    blocks = (
        alt.Chart(data(bars))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=pounds_y,
            y2="to:Q",
            color=alt.Color(
                "kind:N",
                scale=scale(names, [colours[k] for k in names]),
                legend=alt.Legend(title=None, orient="top", columns=5),
            ),
        )
    )
    inside = (
        alt.Chart(data(inks))
        .mark_text(fontSize=12)
        .encode(x=x, y="at:Q", text="text:N", color=alt.Color("ink:N", scale=None))
    )
    above_bars = (
        alt.Chart(
            data(
                {"year": label[y], "at": total[y], "text": look.short_pounds(total[y])}
                for y in years
            )
        )
        .mark_text(dy=-9, fontSize=13, fontWeight="bold", color="#212b32")
        .encode(x=x, y="at:Q", text="text:N")
    )
    omitted = f" Left out as incomplete: {listed(left)}." if left else ""
    parts = {y: [f"{k} {look.short_pounds(pounds[y, k])}" for k in names] for y in years}
    return look.finish(
        (blocks + inside + above_bars).properties(width=WIDTH - 40, height=320),
        title=title,
        subtitle=f"{subtitle}{omitted}{partly}",
        description=f"Stacked bars: {title.lower()}. "
        + " ".join(
            f"{label[y]}: {look.short_pounds(total[y])}, of it {listed(parts[y])}." for y in years
        )
        + omitted,
    )


_EACH = {
    "assessed": "One assessed",
    "course_starts": "One course start",
    "finishers": "One finisher",
    "recovered": "One recovery",
}


def unit_costs(result: Answer) -> Any:
    """Pounds of one assessed, course start, finisher and recovery: everything the service costs."""
    import altair as alt

    table = [r for r in rows(result.columns("unit_costs")) if r["activity"] == "all"]
    every = list(dict.fromkeys(str(r["year"]) for r in table))
    whole = [y for y in every if any(r["year"] == y and r["complete"] for r in table)]
    years = whole or every
    each = {
        (str(r["year"]), _EACH[str(r["denominator"])]): value
        for r in table
        if str(r["denominator"]) in _EACH and (value := look.finite(r["pounds_each"])) is not None
    }
    panels, said = [], []
    for place, (of, colour) in enumerate(zip(_EACH.values(), PALETTE, strict=True)):
        bars = [{"year": y, "pounds": each[y, of]} for y in years if (y, of) in each]
        for bar in bars:
            bar["text"] = look.short_pounds(each[str(bar["year"]), of])
        top = max([*(each[str(bar["year"]), of] for bar in bars), 1.0])
        base = alt.Chart(data(bars)).encode(
            x=alt.X("year:N", title=None, sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("pounds:Q", axis=look.pounds_axis(top, "Pounds" if place % 2 == 0 else "")),
        )
        panel = base.mark_bar(color=colour) + base.mark_text(dy=-7, fontSize=11).encode(
            text="text:N"
        )
        title = alt.TitleParams(text=of, anchor="start", fontSize=12.5, fontWeight="bold")
        panels.append(panel.properties(width=285, height=150, title=title))
        said.append(f"{of}: " + listed([f"{b['year']} {b['text']}" for b in bars]) + ".")
    note = "" if whole else " No year is complete."
    return look.finish(
        alt.concat(*panels, columns=2, spacing=18),
        title="What one person costs",
        subtitle=(
            "Whole cost of the service, all payers, idle hours and training included, "
            f"by the count named.{note}"
        ),
        description="Bars of unit costs by financial year. " + " ".join(said),
    )
