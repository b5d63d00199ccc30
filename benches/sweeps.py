"""What does a sweep add to the runs themselves? CPU of the sweep over CPU of the runs one by one.

Tasks of about a second, all tables to Parquet, one worker; and a thousand tasks of a millisecond.
``python benches/sweeps.py [quick]`` prints the rows as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import skillmix as sm

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_OVER_RUNS = 1.05
"""Most that a sweep may take, the runs alone being 1."""
MOST_OF_MANY = 4.0
"""Most seconds that a sweep may add to a thousand tiny tasks."""
TINY = 1_000


def services(number: int) -> dict[str, sm.Scenario]:
    """Services of growing size."""
    ours = sm.preset("talking-therapies-2025").with_staff(pwp=18, hit=24)
    return {f"s{i:04d}": ours.with_({"staff.pwp.posts": 18 + i / 100}) for i in range(number)}


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU and of the clock."""
    begin = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - begin[0], time.perf_counter() - begin[1]


def alone(many: dict[str, sm.Scenario], tables: list[str] | None, **options: Any) -> None:
    """The runs one by one, each with the tables that the sweep keeps."""
    verb = "simulate" if "replications" in options else "project"
    for scenario in many.values():
        run = getattr(scenario, verb)(**options)
        for name in tables or run.tables():
            run.columns(name)


def swept(many: dict[str, sm.Scenario], tables: list[str] | None, **options: Any) -> None:
    """The same as a sweep into a folder, by one worker."""
    verb = "simulate" if "replications" in options else "project"
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as one:
        found = sm.sweep(
            many, run=verb, executor=one, to=Path(folder) / "sweep", tables=tables, **options
        )
        assert found.left == []
        assert len(found.failed) == 0


def row(what: str, value: float, must: str, reached: bool, costs: list[tuple[float, float]]) -> Any:
    """A row of the table; the costs are those of the sweep."""
    return {
        "case": "sweep",
        "what": what,
        "rival": "skillmix",
        "ratio": value,
        "z": None,
        "cpu_s": median(cpu for cpu, _ in costs),
        "wall_s": median(wall for _, wall in costs),
        "peak_mb": None,
        "events_per_s": None,
        "runs": len(costs),
        "replications": None,
        "load": os.getloadavg()[0],
        "must": must,
        "reached": reached,
    }


def rows(quick: bool) -> list[Any]:
    """Both rows."""
    tasks, replications, rounds = (2, 2, 1) if quick else (6, 20, 5)
    few = services(tasks)
    options = {"years": 3, "replications": replications, "seed": 1, "threads": 1}
    swept(services(1), None, **options)  # loads what writes Parquet
    if not quick:  # as many replications as take a second
        once = timed(lambda: alone(services(1), None, **options))[0]
        options["replications"] = max(replications, round(replications / once))
    pairs = []
    for _ in range(rounds):
        pairs.append(
            (timed(lambda: alone(few, None, **options)), timed(lambda: swept(few, None, **options)))
        )
    ratio = median(sweep[0] / runs[0] for runs, sweep in pairs)
    seconds = median(runs[0] for runs, _ in pairs) / tasks
    what = f"a sweep of {tasks} simulations of {seconds:.1f} s, over the same one by one"
    costs = [sweep for _, sweep in pairs]
    found = [row(what, ratio, f"{MOST_OVER_RUNS:g} at most", ratio <= MOST_OVER_RUNS, costs)]
    many = services(TINY // 50 if quick else TINY)
    tables = ["yearly"]
    pairs = []
    for _ in range(rounds):
        pairs.append(
            (
                timed(lambda: alone(many, tables, weeks=60)),
                timed(lambda: swept(many, tables, weeks=60)),
            )
        )
    added = median(sweep[0] - runs[0] for runs, sweep in pairs)
    ratio = median(sweep[0] / runs[0] for runs, sweep in pairs)
    what = f"a sweep of {len(many):,} projections, over the same one by one; {added:.2f} s added"
    costs = [sweep for _, sweep in pairs]
    most = f"{MOST_OF_MANY:g} s added at most"
    return [*found, row(what, ratio, most, added <= MOST_OF_MANY, costs)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rows("quick" in sys.argv[1:])) + "\n")
