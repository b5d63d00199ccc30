"""How do figures go to people who work in Excel, and how do theirs come back?

``workbook`` writes answers as a workbook: what was found, charts, tables that recompute,
assumptions with their sources. ``template`` writes a workbook to be filled in with the figures of a
service; ``Scenario.from_excel`` and ``scenario.with_excel`` read it back and name every fault by
its cell.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from skillmix._core import __version__
from skillmix.case import BusinessCase
from skillmix.excel_book import Book, Column, cell_name, kind_of, shown_text
from skillmix.excel_case import case_sheets, options_table
from skillmix.excel_charts import draw
from skillmix.excel_doubt import not_known_sheet
from skillmix.excel_sheets import anything, projection
from skillmix.excel_tables import Shown, heading, label, plain_table
from skillmix.excel_template import template
from skillmix.files import path_of
from skillmix.provenance import length_of, replications_of
from skillmix.tables import Answer
from skillmix.wording import day, rows

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from skillmix.excel_book import Sheet
    from skillmix.scenario import Scenario

__all__ = ["template", "workbook"]

_PLAN = {
    "staff": ("Plan staff", "Staff needed and in post, by role", ("in_post", "needed_wte", "gap")),
    "flow": ("Plan flow", "People a year: if everybody is served, and by the staff in post", ()),
    "cost": ("Plan cost", "Full-year cost, in post and as needed", ("pounds_",)),
    "capacity": ("Plan hours", "Hours of the job plans and of the pools of staff", ()),
    "supervision": ("Plan supervision", "Supervision: hours owed and offered", ("hours_owed",)),
    "norms": ("Plan norms", "People a year for one WTE: by hours, and as published", ()),
    "rules": ("Plan rules", "What to look at", ()),
    "trace": ("Plan steps", "Every step of the plan: formula, inputs, result, source", ()),
}
_CHANCE = {
    "standards": ("Standards", "The chance that each standard is met, by month"),
    "waits": ("Waits", "Waits that ended in each month, by percentile"),
    "caseloads": ("Caseloads", "Open courses of a clinician at the end of each month"),
    "spread": ("Spread", "How far apart the replications are, by month and measure"),
    "advice": ("Replications", "How many replications are needed, and how long the start shows"),
}
"""Sheets that a simulation has beside those of a projection."""
_WRAPPED = 135
_FIGURE = 58
_SMALL = 100
_NAMED_HERE = 5
_OWN_SHEETS = {"plan", "project", "comparison", "mix"}


def workbook(
    path: str | os.PathLike[str],
    *answers: Answer,
    title: str = "",
    dated: str | date | None = None,
) -> Path:
    """Writes answers as one workbook for those who decide.

    Args:
        path: File to write, ``.xlsx``.
        *answers: Plans, projections, comparisons, skill mixes and business cases, in the order of
            their sheets.
        title: Heading; left out, the name of the scenario.
        dated: Day that the workbook says it was made on, ISO; left out, today.

    Returns:
        The path.

    Raises:
        TypeError: if there is no answer, or one is none.
        FileError: if the file cannot be written.
        ImportError: if XlsxWriter is not installed; the message says what to install.
    """
    to = Path(path_of(path))
    for answer in answers:
        if not isinstance(answer, Answer):
            raise TypeError(f"a plan, projection or comparison is expected, not {answer!r:.80}")
    if not answers:
        raise TypeError("a plan, projection or comparison is expected")
    when = date.fromisoformat(dated) if isinstance(dated, str) else dated
    scenarios = _scenarios(answers)
    region = getattr(answers[0], "region", None)
    name = title or str(getattr(region, "name", "")) or next(iter(scenarios.values())).name
    hashes = ", ".join(scenario.hash[:12] for scenario in scenarios.values())
    book = Book(name, f"skillmix {__version__}, scenario {hashes}", when)
    summary = book.sheet("Summary", name)
    summary.held = True  # it is read as a page, from the top
    charts = book.sheet("Charts", "Charts", "Drawn from the sheets of this workbook.")
    for answer in answers:
        draw(charts, answer, _sheets(book, answer))
    charts.xl.fit_to_pages(1, 1)
    if not charts.charts:
        charts.text("No chart for this answer.")
    _every_scenario(book, scenarios)
    not_known_sheet(book, scenarios)
    _assumptions(book, scenarios)
    _meanings(book, answers)
    _summary(book, summary, answers, scenarios)
    return book.save(to)


_PAIRS = {
    "differences": ("Paired differences", "Differences from the first in the same worlds"),
    "best": ("Best", "How likely each is to be the best"),
    "selection": ("Selection", "Which is chosen, with a stated chance of a wrong choice"),
    "attribution": ("Attribution", "Which change brings how much"),
    "outcomes": ("Outcomes", "Outcomes of the whole run over all worlds"),
}


def _scenarios(answers: Sequence[Answer]) -> dict[str, Scenario]:
    """The scenarios behind the answers, each once, by a label."""
    found: dict[str, Scenario] = {}
    for answer in answers:
        runs = getattr(answer, "runs", None)
        own = getattr(answer, "scenario", None)
        some = {k: run.scenario for k, run in runs.items()} if runs else {}
        some = some or getattr(answer, "options", {})
        if isinstance(answer, BusinessCase):
            some = {answer.preferred: answer.scenario} | some
        if own is not None and not some:
            some = {own.name: own}
        for key, scenario in some.items():
            if all(scenario.hash != other.hash for other in found.values()):
                found[key if key not in found else f"{key} ({len(found) + 1})"] = scenario
    return found


def _sheets(book: Book, answer: Answer) -> dict[str, Shown]:
    """The sheets of one answer."""
    if answer.kind == "plan":
        return _plan(book, answer)
    if answer.kind == "project":
        return projection(book, answer)
    if answer.kind == "simulate":
        found = projection(book, answer)
        for name, (tab, title) in _CHANCE.items():
            plain_table(book.sheet(tab, title), answer, name)
        return found
    if isinstance(answer, BusinessCase):
        return case_sheets(book, answer)
    if answer.kind in _OWN_SHEETS:
        found = _side_by_side(book, answer)
        for name, (tab, title) in _PAIRS.items():
            if name in answer.tables():
                plain_table(book.sheet(tab, title), answer, name)
        return found | projection(book, answer)
    return anything(book, answer)


def _plan(book: Book, answer: Answer) -> dict[str, Shown]:
    found = {}
    for table, (name, title, totals) in _PLAN.items():
        if table not in answer.tables():
            continue
        columns = list(answer.columns(table))
        added = [column for column in columns if totals and column.startswith(totals)]
        sheet = book.sheet(name, title)
        shown = plain_table(sheet, answer, table, columns, totals=added)
        if shown is not None:
            found[f"plan_{table}"] = shown
    return found


def _side_by_side(book: Book, answer: Answer) -> dict[str, Shown]:
    """The summary of scenarios, one row a measure and one column a scenario, with differences."""
    if answer.kind == "mix":
        sheet = book.sheet("Mixes", "Skill mixes side by side")
        shown = plain_table(sheet, answer, "summary")
        return {"mix": shown} if shown else {}
    summary, units = answer.columns("summary"), answer.units("summary")
    said = answer.descriptions("summary")
    labels = [str(name) for name in summary["scenario"]]
    measures = [n for n in summary if n != "scenario" and summary[n].dtype.kind in "fi"]
    sheet = book.sheet("Comparison", "Scenarios side by side")
    columns = [
        Column("Measure", [said.get(n, label(n)) for n in measures], width=_FIGURE),
        Column("Year or month", [_when(n, summary) for n in measures]),
        Column("Unit", [units.get(n, "") for n in measures]),
    ]
    first = sheet.next_row()
    kinds = [kind_of(n, units.get(n, ""), summary[n].dtype.kind) for n in measures]
    for place, name in enumerate(labels):
        values = [float(summary[n][place]) for n in measures]
        columns.append(Column(name, values, "one", kinds=kinds))
    for place, name in enumerate(labels[1:], start=1):
        base = [float(summary[n][0]) for n in measures]
        values = [float(summary[n][place]) - b for n, b in zip(measures, base, strict=True)]
        formulas = [
            f"={cell_name(first + i, 3 + place)}-{cell_name(first + i, 3)}"
            for i in range(len(measures))
        ]
        head = f"{name} less {labels[0]}"
        columns.append(Column(head, values, "one", formulas=formulas, kinds=kinds))
    placed = sheet.table(columns)
    return {"comparison": Shown(placed, {c.head: c.head for c in columns})} if placed else {}


def _when(name: str, summary: Mapping[str, Any]) -> str:
    """Financial year of a cost, months of a peak."""
    if f"{name}_month" in summary:
        return " / ".join(dict.fromkeys(str(m) for m in summary[f"{name}_month"]))
    years = name.removeprefix("pounds_of_the_service_").removeprefix("pounds_")
    return years.replace("_", "/") if years != name else ""


def _assumptions(book: Book, scenarios: Mapping[str, Scenario]) -> None:
    """Every value of the first scenario, and where the others differ from it."""
    first = next(iter(scenarios.values()))
    table = first._inner.assumptions().columns()
    sheet = book.sheet(
        "Assumptions",
        "Every assumption, with its source",
        f"Of “{first.name}”. Value, plausible range, unit, source and status. "
        "Owner: to be named by those who sign.",
    )
    widths = {"path": 42, "value": 22, "low": 11, "high": 11, "source": 36, "note": 46}
    columns = []
    for name in ("path", "value", "low", "high", "unit", "status", "source", "date", "note"):
        values = [_number(v) if name in ("value", "low", "high") else str(v) for v in table[name]]
        columns.append(Column(label(name), values, "text", width=widths.get(name, 12)))
    columns.append(Column("Owner", [""] * len(table["path"]), width=14))
    sheet.table(columns)
    others = [(k, s) for k, s in scenarios.items() if s is not first]
    if others:
        sheet = book.sheet("Differences", f"Where the others differ from “{first.name}”")
        found = [
            (key, row)
            for key, other in others
            for row in rows(first._inner.diff(other._inner).columns())
        ]
        heads = {"path": "Field", "here": "In the first", "there": "In this one"}
        columns = [Column("Scenario", [key for key, _ in found], width=28)]
        columns += [
            Column(head, [_number(row[name]) for _, row in found], width=44)
            for name, head in heads.items()
        ]
        sheet.table(columns, empty="They state the same.")


def _every_scenario(book: Book, scenarios: Mapping[str, Scenario]) -> None:
    """The scenarios by name and hash, if they are too many for the summary."""
    if len(scenarios) <= _NAMED_HERE:
        return
    all_of = list(scenarios.values())
    columns = [
        Column("Scenario", list(scenarios), width=_FIGURE),
        Column("Name", [scenario.name for scenario in all_of]),
        Column("Reference pack", [scenario.pack for scenario in all_of]),
        Column("From", [scenario.start for scenario in all_of]),
        Column("Weeks", [scenario.weeks for scenario in all_of], "whole"),
        Column("Hash", [scenario.hash for scenario in all_of], width=68),
    ]
    book.sheet("Scenarios", "The scenarios, by name and hash").table(columns)


def _number(value: Any) -> Any:
    """A number where the text of a value is one."""
    said = str(value)
    try:
        return float(said) if said[:1].isdigit() or said[:1] == "-" else said
    except ValueError:
        return said


def _meanings(book: Book, answers: Sequence[Answer]) -> None:
    """What each column is."""
    seen: dict[tuple[str, str], tuple[str, str, str]] = {}
    for answer in answers:
        for table in answer.tables():
            units, said = answer.units(table), answer.descriptions(table)
            for name in answer.columns(table):
                unit = units.get(name, "")
                seen.setdefault((table, name), (heading(name, unit), unit, said.get(name, "")))
    sheet = book.sheet("Meanings", "What the columns of the tables mean")
    sheet.table(
        [
            Column("Table", [label(table) for table, _ in seen], width=16),
            Column("Column", [head for head, _, _ in seen.values()], width=44),
            Column("Unit", [unit for _, unit, _ in seen.values()], width=18),
            Column("What it is", [said for _, _, said in seen.values()], width=90),
        ]
    )


def _summary(
    book: Book, sheet: Sheet, answers: Sequence[Answer], scenarios: Mapping[str, Scenario]
) -> None:
    """The answer in words, the figures to look at first, and how they were made."""
    kinds = {
        "plan": "The plan",
        "project": "The projection",
        "simulate": "The simulation",
        "ensemble": "The worlds",
        "comparison": "The comparison",
        "mix": "The skill mixes",
        "mix_sweep": "The skill mixes in many worlds",
        "mix_leaves": "Where a mix leaves the best ones",
        "case": "The business case",
        "targets": "The plan to targets",
        "region": "The region",
        "region_plan": "The plan of the region",
        "tornado": "What matters, one number at a time",
        "morris": "What matters, by elementary effects",
        "sobol": "What matters, by shares of the variance",
        "value": "What finding out is worth",
    }
    for answer in answers:
        sheet.row += 1
        sheet.text(kinds.get(answer.kind, label(answer.kind)), bold=True, font_size=11)
        for place, said in enumerate(answer.words()):
            sheet.text(said, over=_WRAPPED, bold=place == 0)
    for answer in answers:
        if _has_figures(answer):
            _key_figures(sheet, answer, kinds.get(answer.kind, label(answer.kind)))
        elif isinstance(answer, BusinessCase):
            options_table(sheet, answer, "The options")
    sheet.row += 1
    sheet.text("How it was made", bold=True, font_size=11)
    noted: set[str] = set()
    metas = [m for answer in answers for m in _metas(answer)]
    length = {str(m["hash"]): length_of(m) for m in metas if m.get("hash")}
    for key, scenario in list(scenarios.items())[:_NAMED_HERE]:
        _fact(
            sheet, "Scenario", scenario.name if key == scenario.name else f"{key}: {scenario.name}"
        )
        _fact(sheet, "Hash of the scenario", scenario.hash)
        _fact(sheet, "Reference pack", scenario.pack)
        said = length.get(scenario.hash) or f"{scenario.weeks} weeks"
        _fact(sheet, "From", f"{day(scenario.start)}, {said}")
        for note in scenario.notes:
            if note not in noted:
                _fact(sheet, "Note", note)
        noted |= set(scenario.notes)
    if len(scenarios) > _NAMED_HERE:
        _fact(sheet, "Scenarios", f"{len(scenarios)}; all on the sheet Scenarios")
    vintages = dict.fromkeys(str(m["vintage"]) for m in metas if m.get("vintage"))
    _fact(sheet, "Data vintage", ", ".join(vintages) or "as the pack")
    seeds = dict.fromkeys(f"{m['draws']}, seed {m['seed']}" for m in metas if m.get("draws"))
    if seeds:
        _fact(sheet, "Draws", "; ".join(seeds))
    for one in {one["sha256"]: one for m in metas for one in m.get("data", ())}.values():
        _fact(sheet, "Data", f"{one['name']}, {one['date'] or 'no date'}, SHA-256 {one['sha256']}")
    runs = dict.fromkeys(
        f"{m['replications']}, seed {m['seed']}" for m in metas if replications_of(m)
    )
    if runs:
        _fact(sheet, "Replications", "; ".join(runs))
    where = dict.fromkeys(str(m["platform"]) for m in metas if m.get("platform"))
    _fact(sheet, "Run on", ", ".join(where))
    _fact(sheet, "skillmix", __version__)
    _fact(sheet, "Date", day(book.dated.isoformat()))
    sheet.row += 1
    sheet.text("Sheets", bold=True, font_size=11)
    for other in book._sheets:
        if other is not sheet:
            sheet.link(other.name, other.title)
    sheet.widths = {0: _FIGURE, 1: 17, 2: 17, 3: 16, 4: 20}


def _metas(answer: Answer) -> list[Mapping[str, Any]]:
    meta = answer.meta
    return [meta] if "version" in meta else [m for m in meta.values() if isinstance(m, dict)]


def _has_figures(answer: Answer) -> bool:
    """Whether its summary has one row a figure, each with its own unit."""
    there = answer.columns("summary") if "summary" in answer.tables() else {}
    return {"meaning", "value", "unit"} <= set(there)


def _key_figures(sheet: Sheet, answer: Answer, title: str) -> None:
    summary = rows(answer.columns("summary"))
    units = [str(row["unit"]) for row in summary]
    kinds = [
        "pounds" if unit.startswith("pounds") else "one" if abs(row["value"]) < _SMALL else "whole"
        for unit, row in zip(units, summary, strict=True)
    ]
    columns = [
        Column("Figure", [str(row["meaning"]) for row in summary], width=_FIGURE),
        Column("Value", [row["value"] for row in summary], "one", kinds=kinds),
        Column("Unit", units),
    ]
    if summary and "when" in summary[0]:
        columns.append(Column("When", [str(row["when"]) for row in summary]))
    sheet.table(columns, title=f"{title}: key figures")


def _fact(sheet: Sheet, head: str, said: str) -> None:
    sheet.xl.write_string(sheet.row, 0, head, sheet.book.format())
    form = sheet.book.format(text_wrap=True)
    sheet.xl.merge_range(sheet.row, 1, sheet.row, 4, "", form)
    sheet.xl.write_string(sheet.row, 1, shown_text(said), form)
    lines = len(wrap(said, 78))
    if lines > 1:
        sheet.xl.set_row(sheet.row, 13.5 * lines + 1.5)
    sheet.row += 1
