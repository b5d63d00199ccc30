"""Case B8: what a notebook feels. One ten-year run to a data frame, and the import of the package.

Prints a table and writes ``out/bench.json``: rows of case, what was measured, wall and CPU seconds
(medians), the most that is wanted, and the load of the machine meanwhile.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPEATS = 101
IMPORTS = 15
IMPORT = """
import time
from importlib import import_module
import numpy
begin = time.perf_counter(), time.process_time()
import_module("skillmix")
print(time.perf_counter() - begin[0], time.process_time() - begin[1])
"""


def median(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Median wall and CPU seconds."""
    wall, cpu = zip(*pairs, strict=True)
    return statistics.median(wall), statistics.median(cpu)


INTAKES = [
    {"course": "pwp", "start": f"{year}-10-01", "trainees": 4, "route": "graduate"}
    for year in range(2025, 2033)
] + [
    {"course": "hit", "start": f"{year}-10-01", "trainees": 3, "internal": 2}
    for year in range(2025, 2033)
]
WHOLE = {
    "calendar.weeks": 522,
    "training.intakes": INTAKES,
    "staff.pwp.leaving": {
        "counts": "gross",
        "by_tenure": [{"from_months": 0, "times": 1.3}, {"from_months": 24, "times": 0.8}],
        "reasons": {"clinical_psychology": 0.06, "retirement": 0.01},
        "senior_posts": {"role": "pwp_senior", "share": 0.2, "times": 0.85},
    },
    "staff.pwp.absences.maternity": {},
    "staff.hit.absences.maternity": {},
    "staff.pwp.recruitment.agency": {"share_of_vacancies": 0.3, "premium": 0.4},
    "staff.pwp.pay_point": "steps",
    "staff.pwp.steps": [{"wte": 1.0, "point": 1, "next_step": "2026-09-01"}],
    "money.lines.interpreters": {
        "title": "Interpreters",
        "per": "session",
        "share": 0.06,
        "pounds": 55,
    },
    "money.budget": {"2026/27": 4_000_000},
}
"""Made-up numbers: intakes every autumn, leaving by tenure, absence, agency, pay steps."""


def time_run(changes: dict[str, object] | None = None) -> tuple[float, float]:
    """One ten-year ``project`` from a Python scenario to a pandas frame of its months [s]."""
    import skillmix as sm

    scenario = sm.Scenario.preset("talking-therapies-2025").with_(changes or {})
    times = []
    for _ in range(REPEATS + 5):
        begin = time.perf_counter(), time.process_time()
        frame = scenario.project(years=10).frame("monthly")
        times.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
        assert len(frame) == 121
        assert frame["finishers"].iloc[:120].gt(0).all()
    return median(times[5:])


def time_import() -> tuple[float, float]:
    """Import of the package in a fresh interpreter that has numpy already [s]."""
    pairs = []
    for _ in range(IMPORTS + 1):
        done = subprocess.run(  # noqa: S603 - this interpreter and the text above
            [sys.executable, "-c", IMPORT], check=True, capture_output=True, text=True
        )
        wall, cpu = map(float, done.stdout.split())
        pairs.append((wall, cpu))
    return median(pairs[1:])


def main() -> None:
    """Measure, print and write."""
    rows = []
    for what, wanted, measure in (
        ("ten-year project to a data frame", 0.002, time_run),
        ("the same with intakes, leaving, steps", 0.002, lambda: time_run(WHOLE)),
        ("import of the package", 0.050, time_import),
    ):
        load = os.getloadavg()[0]
        wall, cpu = measure()
        rows.append(
            {
                "case": "B8",
                "what": what,
                "wall_s": wall,
                "cpu_s": cpu,
                "wanted_s": wanted,
                "load": load,
            }
        )
    out = Path("out")
    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    head = f"{'case':6}{'what':40}{'wall ms':>10}{'CPU ms':>10}{'wanted ms':>11}{'load':>7}"
    sys.stdout.write(f"{head}\n")
    for row in rows:
        sys.stdout.write(
            f"{row['case']:6}{row['what']:40}{row['wall_s'] * 1e3:10.2f}{row['cpu_s'] * 1e3:10.2f}"
            f"{row['wanted_s'] * 1e3:11.1f}{row['load']:7.2f}\n"
        )


if __name__ == "__main__":
    main()
