"""What does a workbook hold of what is not known? A sheet that lists it, and native charts.

The charts are drawn from the cells of the workbook: bands over worlds by month, how surely each mix
is best, what matters, and what it is worth to find it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.excel_book import Column
from skillmix.excel_charts import cells, line_style, new_chart
from skillmix.not_known import not_known
from skillmix.sensitivity_words import spoken
from skillmix.wording import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.excel_book import Book, Sheet
    from skillmix.excel_tables import Shown
    from skillmix.scenario import Scenario
    from skillmix.tables import Answer

__all__ = ["doubts", "not_known_sheet"]

_BAND = {
    "p975": "97.5 % of the worlds below",
    "p90": "90 % below",
    "p50": "half below",
    "p10": "10 % below",
    "p025": "2.5 % below",
}
_LISTS = {
    "waiting_step3": ("People waiting for Step 3, end of the month", "people"),
    "wait_step3_weeks": ("Mean wait of those taken on for Step 3", "weeks"),
}
_MOST = 12
_GRID = {"major_gridlines": {"visible": True, "line": {"color": "#d5d8da"}}}
_OF_WORLDS = {"name": "of the worlds", "num_format": "0%", "min": 0, "max": 1, **_GRID}
_BARS: Mapping[str, tuple[str, str, str, Mapping[str, str]]] = {
    "tornado": ("outcome", "title", "Swing of the outcome, one number at a time", {"swing": ""}),
    "morris": ("outcome", "title", "Mean change of the outcome", {"mu_star": ""}),
    "sobol": (
        "outcome",
        "title",
        "Share of the variance",
        {"first": "by itself", "total": "in all, with the others"},
    ),
    "value": ("objective", "finding", "Worth of finding out before choosing, at most", {}),
}
"""Of each table: what it is about, what names a bar, the title, and the columns that are drawn."""


def doubts(sheet: Sheet, answer: Answer, shown: dict[str, Shown]) -> list[tuple[Any, str]]:
    """Charts of an answer about what is not known, each with a description."""
    if answer.kind == "ensemble" and "bands" in shown:
        return [_band(sheet, answer, shown["bands"], measure) for measure in _LISTS]
    if answer.kind == "mix_sweep" and "best" in shown:
        return [_best(sheet, answer, shown["best"])]
    if answer.kind == "mix_leaves" and "tried" in shown:
        return [_tried(sheet, shown["tried"])]
    if answer.kind in _BARS and answer.kind in shown:
        return [_bars(sheet, answer, shown[answer.kind])]
    return []


def not_known_sheet(book: Book, scenarios: Mapping[str, Scenario]) -> None:
    """The sheet that lists what is marked unsure, if anything is."""
    found = not_known(scenarios)
    if not found:
        return
    columns = [
        Column("What", [row["title"] for row in found], width=46),
        Column("Scenarios", [row["of"] for row in found], width=22),
        Column("Field", [row["path"] for row in found], width=34),
        Column("Family", [f"{row['family']}: {row['parameters']}" for row in found], width=34),
    ]
    kinds = ["share" if row["unit"] in ("share", "a year") else "two" for row in found]
    heads = {"mean": "Mean", "q05": "5 % below", "q50": "Half below", "q95": "95 % below"}
    for name, head in heads.items():
        values = [float(row[name]) for row in found]
        columns.append(Column(head, values, "two", kinds=kinds, width=11))
    columns.append(Column("Unit", [row["unit"] for row in found], width=14))
    columns.append(Column("Source", [row["source"] for row in found], width=34))
    sheet = book.sheet(
        "Not known",
        "What is marked as not known, and how far it may lie",
        "Each world takes another value of these; everything else is taken as certain.",
    )
    sheet.table(columns)


def _band(sheet: Sheet, answer: Answer, table: Shown, measure: str) -> tuple[Any, str]:
    """Quantiles over the worlds by whole month."""
    title, unit = _LISTS[measure]
    every = rows(answer.columns("bands"))
    places = [
        place
        for place, row in enumerate(every)
        if row["kind"] == "month" and row["measure"] == measure and row["complete"]
    ]
    places = places or [p for p, row in enumerate(every) if row["measure"] == measure]
    first, last = table.placed.first + places[0], table.placed.first + places[-1]
    chart = new_chart(sheet, {"type": "line"}, title, "", unit)
    for number, (name, said) in enumerate(_BAND.items()):
        middle = name == "p50"
        style = line_style(0 if middle else 1 + number % 2, len(places))
        style["line"] |= {"width": 2.5 if middle else 1.25}
        style["marker"] = {"type": "none"}
        chart.add_series(
            {
                "name": said,
                "categories": cells(table, "period", first, last),
                "values": cells(table, name, first, last),
                **style,
            }
        )
    return chart, f"Line chart, {title.lower()}, quantiles over the worlds, from the sheet Bands."


def _best(sheet: Sheet, answer: Answer, table: Shown) -> tuple[Any, str]:
    """How surely each share is best, a line a level of demand."""
    every = rows(answer.columns("best"))
    chart = new_chart(
        sheet, {"type": "line"}, "How likely it is that no mix is better", "PWP : HIT", "share"
    )
    chart.set_y_axis(_OF_WORLDS)
    for number, level in enumerate(dict.fromkeys(float(row["demand"]) for row in every)):
        places = [place for place, row in enumerate(every) if row["demand"] == level]
        first, last = table.placed.first + places[0], table.placed.first + places[-1]
        chart.add_series(
            {
                "name": "today's referrals" if level == 1 else f"{level:g} times the referrals",
                "categories": cells(table, "label", first, last),
                "values": cells(table, "probability_among_best", first, last),
                **line_style(number, len(places)),
            }
        )
    return chart, "Line chart, probability of being best by share of PWPs, from the sheet Best."


def _tried(sheet: Sheet, table: Shown) -> tuple[Any, str]:
    """How surely the share asked about is one of the best, as a field changes."""
    chart = new_chart(
        sheet,
        {"type": "scatter", "subtype": "straight_with_markers"},
        "How likely it is that no mix is better than the one asked about",
        "value of the field",
        "of the worlds",
    )
    chart.set_y_axis(_OF_WORLDS)
    chart.add_series(
        {
            "name": "probability",
            "categories": cells(table, "value"),
            "values": cells(table, "probability"),
            **line_style(0, 1),
        }
    )
    chart.set_legend({"none": True})
    return chart, "Line of the probability of being best by value, from the sheet Tried."


def _bars(sheet: Sheet, answer: Answer, table: Shown) -> tuple[Any, str]:
    """The first rows of a finding about its first outcome or objective, the largest on top."""
    about, name, title, columns = _BARS[answer.kind]
    every = rows(answer.columns(answer.kind))
    same = [row for row in every if row[about] == every[0][about]][:_MOST]
    first, last = table.placed.first, table.placed.first + len(same) - 1
    unit = str(every[0]["unit"])
    if answer.kind == "value":
        yearly = every[0]["worth_a_year"] == every[0]["worth_a_year"]
        columns = {"worth_a_year" if yearly else "worth": ""}
        unit = f"{unit} a year" if yearly else unit
    if answer.kind == "sobol":
        unit = "share"
    form = "0%" if unit == "share" else "£#,##0" if unit.startswith("pounds") else "#,##0"
    said = spoken(str(every[0][about]))
    chart = new_chart(sheet, {"type": "bar"}, f"{title}: {said}", "", unit)
    chart.set_x_axis({"name": unit, "num_format": form, "min": 0, **_GRID})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    for number, (column, series) in enumerate(columns.items()):
        colour = line_style(number, 1)["line"]["color"]
        chart.add_series(
            {
                "name": series or said,
                "categories": cells(table, name, first, last),
                "values": cells(table, column, first, last),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    if len(columns) < 2:
        chart.set_legend({"none": True})
    return chart, f"Bars, {title.lower()}, from the sheet {table.placed.sheet}."
