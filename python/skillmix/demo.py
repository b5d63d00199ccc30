"""What does skillmix do for a real service? The main job, from published months to a page.

``python -m skillmix.demo --out out`` plans one service, projects it for five years, compares an
autumn intake and three skill mixes, prints what comes out, and writes charts, pages and tables.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import skillmix as sm
from skillmix import excel, plot
from skillmix.wording import cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skillmix.scenario import Scenario
    from skillmix.tables import Answer

SERVICE = "RXL"
"""Blackpool Teaching Hospitals; a complete published year."""

RULE_COLUMNS = ("severity", "message")
MIX_COLUMNS = (
    *("mix", "pwp_wte", "hit_wte", "recurrent_pounds", "recoveries"),
    *("wait_step2_weeks", "wait_step3_weeks", "cost_per_recovery"),
)
YEARS = 5
WIDTH = 100
WIDEST = 62


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demonstration; returns the exit code."""
    options = argparse.ArgumentParser(description="Plan one real service.")
    options.add_argument("--service", default=SERVICE, help="code of a service, such as RXL")
    options.add_argument("--out", type=Path, default=Path("out"), help="folder to write into")
    chosen = options.parse_args(arguments)
    try:
        run(chosen.service, chosen.out)
    except (sm.SkillmixError, ImportError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(service: str, out: Path) -> None:
    """The main job for one service, from published months to files."""
    ours = sm.public.scenario(service).with_staff(
        pwp=18.4,
        hit=24.1,
        counsellor=3.0,
        pwp_trainee=4,
        step3_waiting=310,
        source="made up for the demonstration",
    )
    head(ours.name)
    for note in ours.notes:
        say(note)
    say(
        "MADE UP for this demonstration, since nobody publishes them: 18.4 PWPs, 24.1 high "
        "intensity therapists and 3 counsellors (WTE), 4 PWP trainees, 310 waiting for Step 3."
    )

    head("The plan: who is needed for this demand")
    plan = ours.plan()
    words(plan)
    show(plan, "staff", ("title", "band", "in_post", "needed_wte", "gap", "places_a_year"))
    show(plan, "flow", ("denominator", "demand_a_year", "delivered_a_year"))

    head(f"The next {YEARS} years as now")
    run = ours.project(years=YEARS)
    words(run)
    show(run, "summary", ("meaning", "value", "unit", "when"))
    for severity, message in zip(*(run.columns("rules")[c] for c in RULE_COLUMNS), strict=True):
        say(f"{severity}: {message}")

    head("The same with trainees in the autumn")
    comparison = sm.compare({"as now": run, "autumn intake": autumn(ours)}, years=YEARS)
    words(comparison)

    holds = ("budget", "wte", "demand")
    mixes = {hold: sm.skill_mix(ours, hold=hold, years=YEARS) for hold in holds}
    for hold, answer in mixes.items():
        head(f"40:60, 50:50 and 60:40 (PWP : HIT by WTE) at the same {hold}")
        words(answer)
        show(answer, "summary", MIX_COLUMNS)

    head(f"Written into {out}")
    answers = {"plan": plan, "projection": run, "comparison": comparison}
    answers |= {f"mix-{hold}": answer for hold, answer in mixes.items()}
    write(answers, out)
    book = excel.workbook(out / "summary.xlsx", plan, run, comparison)
    excel.template(out / "template.xlsx", scenario=ours)
    asked = "What do trainees in the autumn change?"
    page = comparison.report(out / "summary.html", question=asked)
    say(f"{page.name}: one page; charts/: PNG and SVG; and one folder of CSV tables per answer")
    say(f"{book.name}: the same as a workbook; template.xlsx: to be filled in with other figures")


def autumn(ours: Scenario) -> Scenario:
    """The same service with four trainees of each course in the first autumn."""
    year = ours.start[:4] if ours.start[5:7] < "10" else str(int(ours.start[:4]) + 1)
    intakes = [
        {"course": course, "start": f"{year}-10-01", "trainees": 4} for course in ("hit", "pwp")
    ]
    return ours.with_({"name": f"{ours.name}, autumn intake", "training.intakes": intakes})


def write(answers: Mapping[str, Answer], out: Path) -> None:
    """Charts as PNG and SVG, and all tables as CSV."""
    charts = out / "charts"
    charts.mkdir(parents=True, exist_ok=True)
    for label, answer in answers.items():
        answer.to_csv(out / label)
        for name in answer.charts():
            chart = answer.chart(name)
            plot.save(chart, charts / f"{label}-{name}.png")
            plot.save(chart, charts / f"{label}-{name}.svg")


def say(text: str = "") -> None:
    """A paragraph."""
    sys.stdout.write(fill(text, WIDTH, subsequent_indent="  ") + "\n")


def head(text: str) -> None:
    """A heading."""
    sys.stdout.write(f"\n{text}\n{'=' * min(len(text), WIDTH)}\n")


def words(answer: Answer) -> None:
    """The answer in sentences."""
    for sentence in answer.words():
        say(f"* {sentence}")


def show(answer: Answer, name: str, columns: Sequence[str]) -> None:
    """Some columns of a table, aligned."""
    table, units = answer.columns(name), answer.units(name)
    if not len(table[columns[0]]):
        say(f"{name}: none")
        return
    lines = [[column.replace("_", " ") for column in columns]]
    for i in range(len(table[columns[0]])):
        unit = str(table["unit"][i]) if "unit" in table else ""
        lines.append(
            [cell(table[c][i], units.get(c, "") or (unit if c == "value" else "")) for c in columns]
        )
    right = [table[column].dtype.kind in "fi" for column in columns]
    widths = [min(WIDEST, max(len(line[i]) for line in lines)) for i in range(len(columns))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        cells = [
            text[:width].rjust(width) if to_the_right else text[:width].ljust(width)
            for text, width, to_the_right in zip(line, widths, right, strict=True)
        ]
        sys.stdout.write(f"  {'  '.join(cells).rstrip()}\n")
    say()


if __name__ == "__main__":
    sys.exit(main())
