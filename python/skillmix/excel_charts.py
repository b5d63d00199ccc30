"""Which charts does a workbook hold? Native ones, drawn from its own cells.

Queues, waits, cost by year and payer, capacity against demand. Series differ by dash, marker or
pattern as well as by colour, and each chart has a description for those who do not see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.chart_style import PALETTE
from skillmix.excel_book import quoted

if TYPE_CHECKING:
    from skillmix.excel_book import Sheet
    from skillmix.excel_tables import Shown
    from skillmix.tables import Answer

__all__ = ["cells", "draw", "line_style", "new_chart"]

_DASHES = ("solid", "dash", "round_dot", "long_dash_dot")
_MARKERS = ("circle", "square", "triangle", "diamond")
_PATTERNS = ("", "wide_upward_diagonal", "dotted_grid", "narrow_horizontal", "small_checker")
_COLOURS = (*PALETTE, "#595959")
_WIDTH, _HEIGHT = 640, 340
_FIRST_ROW, _ROWS, _COLUMNS = 3, 18, 10
_LONG = 24
_LONGEST = 60
_REST_OF_A_WEEK = 7
"""Days of a year that are only there because the last week ends in it [days]."""


def draw(sheet: Sheet, answer: Answer, shown: dict[str, Shown]) -> None:
    """Draws the charts of one answer, two beside each other, after those that are there."""
    from skillmix.excel_doubt import doubts

    charts = [
        *_options(sheet, shown),
        *_queues(sheet, answer, shown),
        *doubts(sheet, answer, shown),
    ]
    several = (
        _to_target(sheet, shown),
        _cost(sheet, answer, shown),
        _capacity(sheet, shown),
        _needed(sheet, shown),
    )
    charts += [chart for chart in several if chart is not None]
    for chart, said in charts:
        row = _FIRST_ROW + sheet.charts // 2 * _ROWS
        options = {"description": said[:250], "object_position": 2}
        sheet.xl.insert_chart(row, sheet.charts % 2 * _COLUMNS, chart, options)
        sheet.charts += 1


def new_chart(sheet: Sheet, kind: dict[str, str], title: str, of: str, unit: str) -> Any:
    """A chart with its title, axes and legend below."""
    chart = sheet.book._book.add_chart(kind)
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True}})
    chart.set_x_axis({"name": of, "num_font": {"size": 9}})
    form = "£#,##0" if unit == "pounds" else "#,##0"
    chart.set_y_axis(
        {
            "name": unit,
            "num_format": form,
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": "#d5d8da"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart


def cells(
    shown: Shown, column: str, first: int | None = None, last: int | None = None
) -> list[Any]:
    """Cells of a column of a table, from a first row to a last; left out, all."""
    placed = shown.placed
    at = placed.columns[shown.columns[column]]
    return [
        placed.sheet,
        placed.first if first is None else first,
        at,
        placed.last if last is None else last,
        at,
    ]


def line_style(number: int, count: int) -> dict[str, Any]:
    """Colour, dash and marker of a line; no markers where there are many points."""
    colour = _COLOURS[number % len(_COLOURS)]
    marker: dict[str, Any] = {"type": _MARKERS[number % 4], "size": 5}
    marker |= {"fill": {"color": colour}, "border": {"color": colour}}
    return {
        "line": {"color": colour, "width": 2, "dash_type": _DASHES[number % 4]},
        "marker": marker if count <= _LONG else {"type": "none"},
    }


def _area(number: int) -> dict[str, Any]:
    colour = _COLOURS[number % len(_COLOURS)]
    pattern = _PATTERNS[number % len(_PATTERNS)]
    if not pattern:
        return {"fill": {"color": colour}, "border": {"color": colour}}
    return {
        "pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#ffffff"},
        "border": {"color": colour},
    }


def _whole_months(answer: Answer) -> list[tuple[str, int, int]]:
    """Label, first and last row of each scenario in the months that are there as a whole."""
    columns = _run_of(answer).columns("monthly")
    count = len(columns["month"])
    labels = [str(label) for label in columns.get("scenario", [""] * count)]
    whole = [bool(value) for value in columns.get("complete", [True] * count)]
    found = []
    for label in dict.fromkeys(labels):
        places = [i for i in range(count) if labels[i] == label and whole[i]]
        if places:
            found.append((label, places[0], places[-1]))
    return found


def _run_of(answer: Answer) -> Answer:
    """The projection that the queues are of: of a business case, the preferred option."""
    preferred = getattr(answer, "preferred", None)
    return answer if preferred is None else answer.runs[preferred]  # type: ignore[attr-defined]


def _options(sheet: Sheet, shown: dict[str, Shown]) -> list[tuple[Any, str]]:
    """What a business case reaches by quarter, against its target and the other options."""
    table = shown.get("trajectory")
    if table is None:
        return []
    placed = table.placed
    quarters = [place for head, place in placed.columns.items() if head[:2] == "20"]
    rows = {label: placed.first + start for label, start, _ in table.spans}
    names = ("Reached", "Target", "Do minimum", "Do nothing")
    charts = []
    for measure, title, unit in (
        ("wait_step3_weeks", "Mean wait for Step 3", "weeks"),
        ("finishers", "Completed courses of treatment", "people a quarter"),
    ):
        chart = new_chart(sheet, {"type": "line"}, title, "", unit)
        lines = [(n, rows[f"{measure}|{n}"]) for n in names if f"{measure}|{n}" in rows]
        for number, (name, row) in enumerate(lines):
            chart.add_series(
                {
                    "name": name,
                    "categories": [
                        placed.sheet,
                        placed.first - 1,
                        quarters[0],
                        placed.first - 1,
                        quarters[-1],
                    ],
                    "values": [placed.sheet, row, quarters[0], row, quarters[-1]],
                    **line_style(number, len(quarters)),
                }
            )
        if lines:
            about = f"Line chart, {title.lower()} in {unit}, each option and the target."
            charts.append((chart, about))
    return charts


def _queues(sheet: Sheet, answer: Answer, shown: dict[str, Shown]) -> list[tuple[Any, str]]:
    table = shown.get("monthly")
    if table is None:
        return []
    spans = _whole_months(answer)
    names = {
        "waiting_assessment": "Assessment",
        "waiting_step2": "Step 2",
        "waiting_step3": "Step 3",
    }
    waits = {
        "wait_assessment_weeks": "Assessment",
        "wait_step2_weeks": "Step 2",
        "wait_step3_weeks": "Step 3",
    }
    if len(spans) > 1:
        names, waits = {"waiting_step3": "Step 3"}, {"wait_step3_weeks": "Step 3"}
    charts = []
    for title, unit, columns in (
        ("Waiting lists at the end of the month", "people", names),
        ("Mean wait of those taken on", "weeks", waits),
    ):
        own = {n: s for n, s in columns.items() if n in table.columns}
        head = f"{title}: Step 3" if len(spans) > 1 else title
        chart = new_chart(sheet, {"type": "line"}, head, "", unit)
        series = [(span, n, s) for span in spans for n, s in own.items()]
        for number, ((label, start, end), name, said) in enumerate(series):
            first, last = table.placed.first + start, table.placed.first + end
            chart.add_series(
                {
                    "name": _name(label) if label else said,
                    "categories": cells(table, "month", first, last),
                    "values": cells(table, name, first, last),
                    **line_style(number, end - start + 1),
                }
            )
        chart.set_x_axis(
            {
                "date_axis": True,
                "num_format": "mmm yy",
                "major_unit": 6,
                "major_unit_type": "months",
            }
        )
        about = (
            f"Line chart, {title.lower()} in {unit}, by month, from the sheet {table.placed.sheet}."
        )
        charts.append((chart, about))
    return charts


def _name(label: str) -> str:
    """A label as the name of a series, where what looks like a cell would be a formula."""
    plain = " ".join(label.replace("=", " ").replace("!", " ").split())
    return plain.lstrip("+-@ ")[:_LONGEST] or "Scenario"


def _cost(sheet: Sheet, answer: Answer, shown: dict[str, Shown]) -> tuple[Any, str] | None:
    """Cost by year: of one scenario by payer, of several beside each other."""
    several = "By scenario" in shown
    table = shown.get("By scenario" if several else "By payer")
    if table is None:
        return None
    placed = table.placed
    cost = answer.columns("cost")
    days = dict(zip((str(year) for year in cost["year"]), cost["days"], strict=True))
    years = [head for head in placed.columns if days.get(head, 0) > _REST_OF_A_WEEK]
    if not years:
        return None
    kind = {"type": "column"} | ({} if several else {"subtype": "stacked"})
    by = "scenario" if several else "payer"
    chart = new_chart(sheet, kind, f"Cost by financial year and {by}", "", "pounds")
    first, last = placed.columns[years[0]], placed.columns[years[-1]]
    for number, row in enumerate(range(placed.first, placed.last + 1)):
        chart.add_series(
            {
                "name": f"={quoted(placed.sheet)}!$A${row + 1}",
                "categories": [placed.sheet, placed.first - 1, first, placed.first - 1, last],
                "values": [placed.sheet, row, first, row, last],
                "gap": 60,
                **_area(number),
            }
        )
    return chart, f"Columns, cost in pounds by financial year and {by}, from the sheet Cost."


def _capacity(sheet: Sheet, shown: dict[str, Shown]) -> tuple[Any, str] | None:
    """Hours offered to patients and used, by quarter and staff."""
    table = shown.get("capacity")
    if table is None or "Scenario" in table.columns:
        return None
    chart = new_chart(
        sheet, {"type": "line"}, "Hours offered to patients, and used", "", "hours a quarter"
    )
    for number, (pool, start, end) in enumerate(table.spans):
        first, last = table.placed.first + start, table.placed.first + end
        colour = {"color": _COLOURS[number % len(_COLOURS)], "width": 2}
        for column, said, dash in (
            ("Offered to patients (hours)", "offered", "solid"),
            ("Used (hours)", "used", "square_dot"),
        ):
            chart.add_series(
                {
                    "name": f"{_name(pool)}: {said}",
                    "categories": cells(table, "Quarter", first, last),
                    "values": cells(table, column, first, last),
                    "line": colour | {"dash_type": dash},
                    "marker": {"type": "none"},
                }
            )
    return (
        chart,
        "Line chart, hours offered to patients and used by quarter, from the sheet Capacity.",
    )


def _to_target(sheet: Sheet, shown: dict[str, Shown]) -> tuple[Any, str] | None:
    """The list for Step 3 with a plan to targets, and without."""
    table = shown.get("trajectory")
    names = {"waiting_step3": "With the plan", "waiting_step3_as_it_is": "As it is"}
    if table is None or not set(names) <= set(table.columns):
        return None
    chart = new_chart(sheet, {"type": "line"}, "Waiting for Step 3, end of quarter", "", "people")
    for number, (name, said) in enumerate(names.items()):
        chart.add_series(
            {
                "name": said,
                "categories": cells(table, "quarter"),
                "values": cells(table, name),
                **line_style(number, table.placed.last - table.placed.first + 1),
            }
        )
    return chart, "Line chart, people waiting for Step 3 by quarter, with the plan and as it is."


def _needed(sheet: Sheet, shown: dict[str, Shown]) -> tuple[Any, str] | None:
    """Staff in post against staff needed for the demand."""
    table = shown.get("plan_staff")
    if table is None:
        return None
    chart = new_chart(
        sheet, {"type": "column"}, "Staff in post against staff needed for the demand", "", "WTE"
    )
    for number, (name, said) in enumerate((("in_post", "In post"), ("needed_wte", "Needed"))):
        chart.add_series(
            {
                "name": said,
                "categories": cells(table, "title"),
                "values": cells(table, name),
                "data_labels": {"value": True, "num_format": "0.0"},
                **_area(number),
            }
        )
    return chart, "Columns, staff in post and needed in WTE by role, from the sheet Plan staff."
