"""What came of a case: each engine in turn in a process of its own, round after round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from agreement import LARGEST, together, worst
from measure import Cost, Job
from work import events

if TYPE_CHECKING:
    from cases import Case, Side

HERE = Path(__file__).parent

Row = dict[str, Any]


def run(job: Job) -> Cost:
    """A job in a process of its own, on as many threads as it says."""
    threads = str(job.threads)
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": threads}
    done = subprocess.run(  # noqa: S603 - this interpreter and our own file
        [sys.executable, str(HERE / "measure.py"), json.dumps(asdict(job))],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | one_thread,
    )
    return Cost(**json.loads(done.stdout))


def meet(case: Case, rounds_of: dict[str, list[Cost]] | None = None) -> list[Row]:
    """Rows of a case: ours first, then each rival with its ratio and how far its answers are."""
    sides = (case.ours, *case.rivals)
    costs: dict[str, list[Cost]] = {side.engine: [] for side in sides}
    load = os.getloadavg()[0]
    for turn in range(max(side.rounds for side in sides)):
        for side in sides:
            if turn < side.rounds:
                # Every run has luck of its own, so that the answers of all of them count.
                seed = 1_000 * (1 + sides.index(side)) + turn
                answers = side.answers
                job = Job(side.engine, case.referrals, 260, side.replications, seed, 1, answers)
                costs[side.engine].append(run(job))
                tell(".")
    load = max(load, os.getloadavg()[0])
    if rounds_of is not None:
        rounds_of.update(costs)
    return [row(case, side, costs, load) for side in sides]


def row(case: Case, side: Side, costs: dict[str, list[Cost]], load: float) -> Row:
    """One engine in figures."""
    own, here = costs[case.ours.engine], costs[side.engine]
    answers = together([cost.answers for cost in here])
    cpu = median(cost.cpu_s for cost in here) / side.replications
    made = {
        "case": case.case,
        "what": case.what,
        "rival": side.name,
        "ratio": 1.0,
        "z": 0.0,
        "cpu_s": cpu,
        "wall_s": median(cost.wall_s for cost in here) / side.replications,
        "peak_mb": max(cost.peak_mb for cost in here),
        "events_per_s": fmean(events(answers)) / cpu,
        "runs": len(here),
        "replications": side.replications,
        "load": load,
    }
    if side is case.ours:
        return made
    each = zip(here, own, strict=False)  # by round, as far as both went
    per = case.ours.replications / side.replications
    made["ratio"] = median(theirs.cpu_s / ours.cpu_s * per for theirs, ours in each)
    name, made["z"] = worst(together([cost.answers for cost in own]), answers)
    made |= {"z_of": name, "agrees": abs(made["z"]) < LARGEST}
    if side.must:
        made |= {"must": side.must, "reached": made["ratio"] >= side.must}
    if side.excellent:
        made["excellent"] = side.excellent
    return made


def tell(text: str) -> None:
    """Progress, apart from the results."""
    sys.stderr.write(text)
    sys.stderr.flush()
