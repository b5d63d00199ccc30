"""How surely, and for whom? Charts of a simulation: lists, waits, standards, caseloads.

Bands are over replications of the same service; percentiles are over people or clinicians.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import chart_style as look
from skillmix.chart_style import GREY, PALETTE, WIDTH, data, finite
from skillmix.wording import listed, month, number, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from skillmix.tables import Answer

__all__ = ["caseload", "standards", "waiting", "waits"]

_STAGES = {"assessment": "an assessment", "step2": "Step 2", "step3": "Step 3"}
_PERCENTILES = {"p50": "half", "p75": "75 %", "p90": "90 %", "p95": "95 %"}
_LIMITS = (6, 18)
"""Weeks of the two waiting time standards, from referral to first treatment."""
_STANDARDS = {
    "within_6_weeks": "{:g} % of finishers first treated within 6 weeks",
    "within_18_weeks": "{:g} % of finishers first treated within 18 weeks",
    "recovery": "{:g} % of finishers at caseness recover",
    "reliable_recovery": "{:g} % of finishers at caseness recover reliably",
    "step2_wait_weeks": "a mean wait for Step 2 of at most {:g} weeks",
    "step3_wait_weeks": "a mean wait for Step 3 of at most {:g} weeks",
}
_MOST_PANELS = 4


def waiting(result: Answer) -> Any:
    """People waiting at the end of each month, by stage, with half and nine in ten replications."""
    months = _months(result)
    spread = [row for row in rows(result.columns("spread")) if row["month"] in months]
    panels, said = [], []
    for place, (stage, title) in enumerate(_STAGES.items()):
        here = [row for row in spread if row["measure"] == f"waiting_{stage}"]
        band = {"mean": "mean", "inner": ("p25", "p75"), "outer": ("p05", "p95")}
        panels.append(_panel(here, months, band, PALETTE[place], f"Waiting for {title}", "people"))
        last = here[-1]
        said.append(
            f"For {title}: {number(float(last['mean']), digits=0)} people at the end, in nine "
            f"replications out of ten {number(float(last['p05']), digits=0)} to "
            f"{number(float(last['p95']), digits=0)}."
        )
    runs = number(float(result.meta["replications"]), digits=0)
    return look.finish(
        _stacked(panels),
        title="People waiting, and how far chance moves the lists",
        subtitle=f"End of each month. Line: mean of {runs} replications; dark: half of them; "
        "light: nine in ten",
        description=(
            f"Fan charts of people waiting, {look.span_of(months)}, over {runs} replications. "
            + " ".join(said)
        ),
    )


def waits(result: Answer, *, wait: str = "first_treatment") -> Any:
    """Weeks that people waited whose wait ended in each month, by percentile.

    Args:
        result: A simulation.
        wait: One of the waits of the table ``waits``.
    """
    import altair as alt

    months = _months(result)
    every = rows(result.columns("waits"))
    here = _chosen(every, "wait", wait, months)
    meaning = str(here[0]["meaning"])
    values = {
        f"{text} within": [float(row[name]) / 7 for row in here]
        for name, text in _PERCENTILES.items()
    }
    known = [v for list_ in values.values() for v in list_ if finite(v) is not None]
    limits = [w for w in _LIMITS if wait == "first_treatment" and w <= 1.6 * max([*known, 1.0])]
    top = look.nice(max([*known, *limits, 1.0]))
    chart = look.lines_by_month(months, values, top, "Weeks waited", width=WIDTH - 90)
    if limits:
        rule = alt.Chart(data({"weeks": w, "text": f"{w} weeks"} for w in limits))
        chart = alt.layer(
            rule.mark_rule(color=GREY, strokeDash=[4, 4], strokeWidth=1.5).encode(y="weeks:Q"),
            rule.mark_text(align="left", dx=4, dy=-7, color=GREY, fontSize=12).encode(
                x=alt.value(0), y="weeks:Q", text="text:N"
            ),
            chart,
        )
    return look.finish(
        chart,
        title=f"How long do people wait? {meaning}",
        subtitle=f"Share of the people whose wait ended in the month, {look.span_of(months)}",
        description=(
            f"Line chart of waits by percentile, {meaning.lower()}, {look.span_of(months)}. "
            + " ".join(
                f"{name} {number(list_[place])} weeks in {month(months[place])}."
                for name, list_ in values.items()
                if (place := _last_known(list_)) is not None
            )
        ),
    )


def standards(result: Answer, *, standard: str | None = None) -> Any:
    """The chance that a standard is met, month by month, with its 95 % interval.

    Args:
        result: A simulation.
        standard: One of the standards of the table ``standards``; left out, the first.
    """
    import altair as alt

    months = _months(result)
    every = rows(result.columns("standards"))
    name = str(every[0]["standard"]) if standard is None else standard
    here = _chosen(every, "standard", name, months)
    limit = float(here[0]["limit"])
    asked = _STANDARDS[name].format(limit if "_wait_" in name else 100 * limit)
    points = data(
        {
            "when": look.middle_of(str(row["month"])),
            "month": month(str(row["month"])),
            **{key: finite(row[key]) for key in ("chance", "low", "high")},
        }
        for row in here
    )
    base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)))
    y = alt.Y(
        "chance:Q",
        title="Chance of meeting it",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(labelExpr="format(100 * datum.value, '.0f') + ' %'"),
    )
    bars = base.mark_rule(color=PALETTE[0], strokeWidth=2, opacity=0.6).encode(
        y=alt.Y("low:Q"), y2="high:Q"
    )
    line = base.mark_line(color=PALETTE[0], strokeWidth=1.5, opacity=0.6).encode(y=y)
    dots = base.mark_point(color=PALETTE[0], filled=True, size=45, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("month:N", title="month"),
            alt.Tooltip("chance:Q", title="chance", format=".0%"),
            alt.Tooltip("low:Q", title="from", format=".0%"),
            alt.Tooltip("high:Q", title="to", format=".0%"),
        ],
    )
    sure = [row for row in here if finite(row["chance"]) is not None]
    runs = number(float(result.meta["replications"]), digits=0)
    if sure:
        least = min(sure, key=lambda row: float(row["chance"]))
        last = sure[-1]
        told = (
            f"In {month(str(last['month']))} it is met in {_percent(last['chance'])} of the "
            f"replications, interval {_percent(last['low'])} to {_percent(last['high'])}; least "
            f"often in {month(str(least['month']))}, in {_percent(least['chance'])}."
        )
    else:
        told = "Nobody finishes in these months, so nothing is known."
    return look.finish(
        (bars + line + dots).properties(width=WIDTH, height=300),
        title=f"How likely is it? {asked[0].upper()}{asked[1:]}",
        subtitle=f"Share of {runs} replications that meet it in the month; bars: 95 % interval",
        description=(
            f"Chart of the chance of meeting a standard by month, {look.span_of(months)}: {asked}. "
            + told
        ),
    )


def caseload(result: Answer) -> Any:
    """Open courses of a clinician at the end of each month, by role: the middle and nine in ten."""
    months = _months(result)
    every = [row for row in rows(result.columns("caseloads")) if row["month"] in months]
    size: dict[str, float] = {}
    for row in every:
        size[str(row["role"])] = size.get(str(row["role"]), 0.0) + float(row["clinicians"])
    most = sorted(size, key=lambda role: -size[role])[:_MOST_PANELS]
    roles = [role for role in size if role in most]
    titles = _titles(result)
    panels, said = [], []
    for place, role in enumerate(roles):
        here = [row for row in every if row["role"] == role]
        title = titles.get(role, role)
        band = {"mean": "p50", "outer": ("p10", "p90")}
        panels.append(_panel(here, months, band, PALETTE[place], title, "open cases"))
        last = here[-1]
        said.append(
            f"{title}: half have at most {number(float(last['p50']), digits=0)}, one in ten more "
            f"than {number(float(last['p90']), digits=0)}."
        )
    left = [titles.get(role, role) for role in size if role not in roles]
    rest = f"; not shown: {listed(left)}" if left else ""
    return look.finish(
        _stacked(panels),
        title="Open courses of one clinician",
        subtitle=f"End of each month. Line: the middle clinician; light: eight in ten{rest}",
        description=(
            f"Charts of the open courses of a clinician by role, {look.span_of(months)}; in the "
            f"last month: {' '.join(said)}"
        ),
    )


def _months(result: Answer) -> list[str]:
    return [str(m) for m in look.whole_months(result.columns("monthly"))["month"]]


def _chosen(
    every: Sequence[Mapping[str, Any]], key: str, name: str, months: Sequence[str]
) -> list[Mapping[str, Any]]:
    """The rows of one name in the months that are shown."""
    known = list(dict.fromkeys(str(row[key]) for row in every))
    if name not in known:
        raise ValueError(f"{key} = {name!r}: one of {', '.join(known)} is expected")
    return [row for row in every if row[key] == name and row["month"] in months]


def _last_known(values: Sequence[float]) -> int | None:
    places = [place for place, value in enumerate(values) if finite(value) is not None]
    return places[-1] if places else None


def _percent(share: Any) -> str:
    return f"{100 * float(share):.0f} %"


def _titles(result: Answer) -> dict[str, str]:
    scenario = getattr(result, "scenario", None)
    tree = scenario.to_dict(complete=True) if scenario is not None else {}
    return {name: str(fields.get("title", name)) for name, fields in tree.get("staff", {}).items()}


def _panel(
    here: Sequence[Mapping[str, Any]],
    months: Sequence[str],
    band: Mapping[str, Any],
    colour: str,
    title: str,
    unit: str,
) -> Any:
    """One line with its bands, at the end of each month."""
    import altair as alt

    keys = {band["mean"], *(k for name in ("inner", "outer") for k in band.get(name, ()))}
    points = data(
        {
            "when": look.end_of(str(row["month"])),
            "month": month(str(row["month"])),
            **{key: finite(row[key]) for key in keys},
        }
        for row in here
    )
    base = alt.Chart(points).encode(x=alt.X("when:T", axis=look.month_axis(months)))
    line = base.mark_line(color=colour, strokeWidth=2.5).encode(
        y=alt.Y(f"{band['mean']}:Q", title=unit, axis=alt.Axis(tickCount=4)),
        tooltip=[
            alt.Tooltip("month:N", title="month"),
            *(alt.Tooltip(f"{key}:Q", format=",.1f") for key in sorted(keys)),
        ],
    )
    heading = alt.TitleParams(text=title, anchor="start", fontSize=13, offset=6)
    panel = alt.layer(*_bands(base, band, colour), line)
    return panel.properties(width=WIDTH - 20, height=120, title=heading)


def _bands(base: Any, band: Mapping[str, Any], colour: str) -> Iterator[Any]:
    for name, opacity in (("outer", 0.2), ("inner", 0.35)):
        if name in band:
            low, high = band[name]
            yield base.mark_area(color=colour, opacity=opacity).encode(y=f"{low}:Q", y2=f"{high}:Q")


def _stacked(panels: Sequence[Any]) -> Any:
    import altair as alt

    return alt.vconcat(*panels, spacing=14).resolve_scale(x="shared", y="independent")
