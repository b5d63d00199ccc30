"""What does one run of one engine cost? Measured in a process of its own.

``python benches/measure.py '{"engine": "simulate", "referrals": 5200, ...}'`` prints one line of
JSON: seconds of CPU (all threads) and of the clock, the most memory beyond that after import, and
the answers. A small run goes before, so that nothing is loaded for the first time while the clock
runs.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Answers

RIVALS = ("simpy", "ciw", "numpy_patients", "numpy_cohort", "numpy_expected")
SMALL = 520
"""Referrals a year of the small run."""


@dataclass(frozen=True)
class Job:
    """What to run."""

    engine: str
    """A rival; ``simulate``, ``chance``, ``project``; ``call`` is ``simulate``, no table read."""
    referrals: float = 5200
    weeks: int = 260
    replications: int = 1
    seed: int = 1
    threads: int = 1
    answers: int = 0
    """Runs of one replication after the measured one, for answers of engines that give means."""


@dataclass(frozen=True)
class Cost:
    """What it cost."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    base_mb: float
    answers: dict[str, list[float]]
    digest: str


def peak_mb() -> float:
    """The most memory so far [MB]."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def rival(job: Job) -> tuple[Callable[[], Answers], Callable[[], Answers]]:
    """A rival at its work, and at a small one."""
    from work import sized

    module = importlib.import_module(f"rivals.sc_ref_{job.engine}")
    work = sized(job.referrals, job.weeks)[0]
    small = sized(SMALL, 52)[0]
    return (
        lambda: module.run(work, job.replications, job.seed),
        lambda: module.run(small, 2, 1),
    )


def ours(job: Job) -> tuple[Callable[[], Any], Callable[[], Any], Callable[[int], Any]]:
    """Our engine at its work, at a small one, and for one replication of a seed."""
    import sc_ref

    scenario = sc_ref.scenario(job.referrals, job.weeks)
    small = sc_ref.scenario(SMALL, 52)

    def go(service: Any, replications: int, seed: int) -> Any:
        if job.engine == "chance":
            return service.project(luck="chance", replications=replications, seed=seed)
        if job.engine == "project":
            return [service.project() for _ in range(replications)][-1]
        return service.simulate(replications=replications, seed=seed, threads=job.threads)

    def read(result: Any) -> Any:
        if job.engine != "call":
            result.columns("weekly")
        return result

    return (
        lambda: read(go(scenario, job.replications, job.seed)),
        lambda: read(go(small, 2, 1)),
        lambda seed: go(scenario, 1, seed),
    )


def digest_of(result: Any) -> str:
    """Of every bit of the table by week."""
    hashed = hashlib.sha256()
    for name, column in result.columns("weekly").items():
        hashed.update(name.encode())
        hashed.update(column.astype(str).tobytes() if column.dtype == object else column.tobytes())
    return hashed.hexdigest()


def measure(job: Job) -> Cost:
    """Runs it once."""
    is_rival = job.engine in RIVALS
    one = None
    if is_rival:
        run, warm_up = rival(job)
    else:
        run, warm_up, one = ours(job)
    base = peak_mb()
    warm_up()
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = peak_mb() - base
    if is_rival:
        return Cost(cpu, wall, peak, base, result, "")
    import sc_ref
    from agreement import together

    singles = [sc_ref.answers_of(one(job.seed * 1_000_003 + i)) for i in range(job.answers)]
    answers = together(singles) if singles else sc_ref.answers_of(result)
    return Cost(cpu, wall, peak, base, answers, digest_of(result))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(Job(**json.loads(sys.argv[1]))))) + "\n")
