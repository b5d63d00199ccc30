"""Cases B6 and B8: what somebody at a notebook waits for.

B6: a service of fifteen, one year patient by patient with its session log, read as data frames.
B8: a ten-year ``project`` from a Python scenario to a data frame, and the import of the package.
``python benches/latency.py [quick]`` prints the rows as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 101
IMPORTS = 15
WARM_UP = 5
IMPORT = """
import time
from importlib import import_module
import numpy
begin = time.perf_counter(), time.process_time()
import_module("skillmix")
print(time.perf_counter() - begin[0], time.process_time() - begin[1])
"""
FRAMES = ("weekly", "monthly", "waiting", "log")
"""Tables that are read as frames in B6."""

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

Times = list[tuple[float, float]]
"""Seconds by the clock and of CPU, run by run."""


def timed(run: Callable[[int], Any], repeats: int) -> Times:
    """Each of the runs after the first few."""
    times = []
    for number in range(repeats + WARM_UP):
        begin = time.perf_counter(), time.process_time()
        run(number)
        times.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    return times[WARM_UP:]


def service_year(repeats: int) -> Times:
    """B6."""
    import skillmix as sm

    scenario = sm.Scenario.load(Path(__file__).parent / "service_b6.toml")

    def run(number: int) -> None:
        result = scenario.simulate(replications=1, seed=number, threads=1, log=True)
        frames = {name: result.frame(name) for name in FRAMES}
        assert len(frames["weekly"]) == 52
        # About 11,000 appointments are booked in the year.
        assert len(frames["log"]) > 5_000

    return timed(run, repeats)


def ten_years(repeats: int, changes: dict[str, object] | None = None) -> Times:
    """B8: a run to the frame of its months, each of another scenario, as of a slider that moves."""
    import skillmix as sm

    scenario = sm.Scenario.preset("talking-therapies-2025").with_(changes or {})
    scenarios = [scenario.with_(name=f"Change {number}") for number in range(repeats + WARM_UP)]

    def run(number: int) -> None:
        frame = scenarios[number].project(years=10).frame("monthly")
        assert len(frame) == 121
        assert frame["finishers"].iloc[:120].gt(0).all()

    return timed(run, repeats)


def imports(repeats: int) -> Times:
    """B8: the import in a fresh interpreter that has numpy already."""
    pairs = []
    for _ in range(repeats + 1):
        done = subprocess.run(  # noqa: S603 - this interpreter and the text above
            [sys.executable, "-c", IMPORT], check=True, capture_output=True, text=True
        )
        wall, cpu = map(float, done.stdout.split())
        pairs.append((wall, cpu))
    return pairs[1:]


def measures(quick: bool) -> list[tuple[str, str, float, float, Callable[[], Times]]]:
    """Case, what, seconds at most, seconds that would be excellent, and how it is measured."""
    many, few = (5, 2) if quick else (REPEATS, IMPORTS)
    b8 = "ten-year project to a data frame"
    return [
        ("B6", "a year of a service, log and frames", 0.022, 0.007, lambda: service_year(many)),
        ("B8", b8, 0.002, 0.0005, lambda: ten_years(many)),
        ("B8", f"{b8}, much stated", 0.002, 0.0005, lambda: ten_years(many, WHOLE)),
        ("B8", "import of the package", 0.050, 0.030, lambda: imports(few)),
    ]


def rows(quick: bool) -> list[dict[str, Any]]:
    """Medians of each measure."""
    import os

    from measure import peak_mb

    import skillmix as sm

    sm.Scenario.preset("blank").with_({"calendar.weeks": 1}).project().frame("monthly")
    base = peak_mb()
    made = []
    for case, what, must, excellent, measure in measures(quick):
        times = measure()
        wall, cpu = (median(column) for column in zip(*times, strict=True))
        made.append(
            {
                "case": case,
                "what": what,
                "rival": "skillmix",
                "ratio": None,
                "z": None,
                "cpu_s": cpu,
                "wall_s": wall,
                "peak_mb": None if what.startswith("import") else peak_mb() - base,
                "events_per_s": None,
                "runs": len(times),
                "replications": 1,
                "load": os.getloadavg()[0],
                "must": f"{must * 1e3:g} ms",
                "excellent": f"{excellent * 1e3:g} ms",
                "reached": wall <= must,
            }
        )
    return made


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rows("quick" in sys.argv[1:])) + "\n")
