"""How do time and memory grow? With patients, weeks and replications; and what do threads change?

An exponent is the slope of log(CPU seconds) over log(amount) through all amounts, by least squares.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from statistics import fmean, median

from contest import Row, run, tell
from measure import Cost, Job

SIZES = (5_200, 50_000, 500_000)
REPLICATIONS = {5_200: 60, 50_000: 6, 500_000: 1}
"""As much work at each size."""
WEEKS = (130, 260, 520, 1_040)
MANY = (25, 100, 400)
FEW_AND_MOST = (100, 20_000)
THREADS = (1, 2, 7, 64)
LINEAR = (0.95, 1.05)


def slope(amounts: list[float], seconds: list[float]) -> float:
    """Exponent of a power law through the points."""
    x, y = [math.log(a) for a in amounts], [math.log(s) for s in seconds]
    middle, level = fmean(x), fmean(y)
    along = sum((a - middle) ** 2 for a in x)
    return sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True)) / along


def interleaved(jobs: list[Job], rounds: int) -> list[list[Cost]]:
    """Costs of each job, in turn, round after round."""
    costs: list[list[Cost]] = [[] for _ in jobs]
    for turn in range(rounds):
        for place, job in enumerate(jobs):
            costs[place].append(run(replace(job, seed=job.seed + turn)))
            tell(".")
    return costs


def law(what: str, value: float, must: str, reached: bool, costs: list[Cost]) -> Row:
    """A row of the table; the costs are those of the largest job."""
    return {
        "case": "law",
        "what": what,
        "rival": "skillmix",
        "ratio": value,
        "z": None,
        "cpu_s": median(cost.cpu_s for cost in costs),
        "wall_s": median(cost.wall_s for cost in costs),
        "peak_mb": max(cost.peak_mb for cost in costs),
        "events_per_s": None,
        "runs": len(costs),
        "replications": None,
        "load": os.getloadavg()[0],
        "must": must,
        "reached": reached,
    }


def exponent(what: str, jobs: list[Job], amounts: list[float], rounds: int) -> Row:
    """Whether time is linear in an amount."""
    costs = interleaved(jobs, rounds)
    each = zip(costs, jobs, strict=True)
    seconds = [median(c.cpu_s for c in found) / job.replications for found, job in each]
    if amounts == [job.replications for job in jobs]:
        seconds = [s * job.replications for s, job in zip(seconds, jobs, strict=True)]
    value = slope(amounts, seconds)
    low, high = LINEAR
    return law(what, value, f"exponent {low} to {high}", low <= value <= high, costs[-1])


def sizes(engine: str, replications: int, rounds: int) -> Row:
    """Whether the time of cohorts depends on how many people are in them."""
    costs = interleaved([Job(engine, size, 260, replications) for size in SIZES], rounds)
    seconds = [median(c.cpu_s for c in found) for found in costs]
    value = max(seconds) / min(seconds)
    name = {"project": "expected", "chance": "chance"}[engine]
    what = f"project, luck {name}: slowest over fastest of 5,200 to 500,000 a year"
    return law(what, value, "2.5 at most", value <= 2.5, costs[-1])


def memory(rounds: int, most: int) -> Row:
    """Peak memory of many replications over that of few."""
    few, many = interleaved(
        [Job("simulate", 5_200, 52, n) for n in (FEW_AND_MOST[0], most)], rounds
    )
    value = max(c.peak_mb + c.base_mb for c in many) / max(c.peak_mb + c.base_mb for c in few)
    what = f"peak memory at {most:,} replications of a year over that at {FEW_AND_MOST[0]}"
    return law(what, value, "1.05 at most", value <= 1.05, many)


def threads(rounds: int, replications: int) -> list[Row]:
    """Two threads against one, and the same bits on any number."""
    jobs = [Job("simulate", 5_200, 260, replications, 1, number) for number in THREADS]
    one, two = interleaved(jobs[:2], rounds)
    value = median(a.wall_s / b.wall_s for a, b in zip(one, two, strict=True))
    faster = law("two threads: times as fast as one", value, "1.8", value >= 1.8, two)
    others = [[run(job)] for job in jobs[2:]]
    digests = {costs[0].digest for costs in (one, two, *others)}
    same = law(
        f"different results on {', '.join(map(str, THREADS))} threads",
        len(digests) - 1,
        "none, to the bit",
        len(digests) == 1,
        others[-1],
    )
    return [faster, same]


def all_laws(quick: bool) -> list[Row]:
    """Rows of all laws."""
    rounds = 1 if quick else 5
    scale = 10 if quick else 1
    by_size = [Job("simulate", size, 260, REPLICATIONS[size]) for size in SIZES]
    by_weeks = [Job("simulate", 5_200, weeks, 60 // scale) for weeks in WEEKS]
    by_number = [Job("simulate", 5_200, 260, number // scale) for number in MANY]
    return [
        exponent("simulate: time by patients", by_size, list(map(float, SIZES)), rounds),
        exponent("simulate: time by weeks", by_weeks, list(map(float, WEEKS)), rounds),
        exponent(
            "simulate: time by replications",
            by_number,
            [float(job.replications) for job in by_number],
            rounds,
        ),
        sizes("project", 1, rounds),
        sizes("chance", 400 // scale, rounds),
        memory(1, FEW_AND_MOST[1] // scale),
        *threads(rounds, 400 // scale),
    ]
