"""Run every case and law, print one table, write ``out/bench.json``: what ``make bench`` does.

A row is one engine at one piece of work: how many times as fast ours is (``ratio``, by CPU time),
how far the answers lie apart (``z``, the largest of all), seconds of CPU and of the clock, the most
memory of a run, patient-events a second. It fails if answers differ, whatever the times.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from cases import CASES
from contest import HERE, Row, meet, run, tell
from laws import all_laws, law
from measure import Job
from page import table_text, write_pages

OUT = Path(os.environ.get("OUT", "out"))
MOST_OVER_RUST = 1.01
"""Most that a call from Python may cost, the same call from Rust being 1."""


def machine() -> dict[str, Any]:
    """Where it was measured, and when."""
    cpu = Path("/proc/cpuinfo")
    model = ""
    if cpu.exists():
        lines = cpu.read_text(encoding="utf-8").splitlines()
        model = next(
            (ln.split(":", 1)[1].strip() for ln in lines if ln.startswith("model name")), ""
        )
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def latency(quick: bool) -> list[Row]:
    """Rows of B6 and B8."""
    done = subprocess.run(  # noqa: S603 - this interpreter and our own file
        [sys.executable, str(HERE / "latency.py"), *(["quick"] if quick else [])],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rows: list[Row] = json.loads(done.stdout)
    return rows


def sweeps(quick: bool) -> list[Row]:
    """What a sweep adds to its runs."""
    done = subprocess.run(  # noqa: S603 - this interpreter and our own file
        [sys.executable, str(HERE / "sweeps.py"), *(["quick"] if quick else [])],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rows: list[Row] = json.loads(done.stdout)
    return rows


def worlds(case: str, quick: bool) -> list[Row]:
    """Rows of B4 or B9, on two threads."""
    done = subprocess.run(  # noqa: S603 - this interpreter and our own file
        [sys.executable, str(HERE / "worlds.py"), case, *(["quick"] if quick else [])],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"RAYON_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"},
    )
    rows: list[Row] = json.loads(done.stdout)
    return rows


def binding(quick: bool) -> Row:
    """B10: the same call from Python and from Rust, in turn."""
    replications, rounds = (10, 1) if quick else (100, 9)
    program = ["cargo", "bench", "--locked", "--quiet", "--bench", "sc_ref", "--"]
    python, rust = [], []
    for turn in range(rounds):
        python.append(run(Job("call", 5_200, 260, replications, turn)))
        done = subprocess.run(  # noqa: S603 - our own program
            [*program, str(replications), str(turn)], check=True, stdout=subprocess.PIPE, text=True
        )
        rust.append(float(done.stdout))
        tell(".")
    ratio = median(p.cpu_s / r for p, r in zip(python, rust, strict=True))
    what = "the call of B1 from Python, over the same from Rust"
    made = law(what, ratio, f"{MOST_OVER_RUST:g} at most", ratio <= MOST_OVER_RUST, python)
    return made | {"case": "B10", "rival": "rust", "rust_cpu_s": median(rust)}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="as little work as shows that all runs"
    )
    parser.add_argument("--only", help="names of cases, as in B1,B10,law")
    parser.add_argument(
        "--write-docs", action="store_true", help="write the tables of the documentation"
    )
    asked = parser.parse_args()

    def wanted(case: str) -> bool:
        return not asked.only or case in asked.only.split(",")

    here = machine()
    rows: list[Row] = []
    for case in CASES:
        if wanted(case.case):
            tell(f"\n{case.case} {case.what} ")
            rows += meet(case.quick() if asked.quick else case)
    for worlds_case in ("B4", "B9"):
        if wanted(worlds_case):
            tell(f"\n{worlds_case} ")
            rows += worlds(worlds_case, asked.quick)
    if wanted("B6") or wanted("B8"):
        tell("\nB6, B8 ")
        rows += [row for row in latency(asked.quick) if wanted(row["case"])]
    if wanted("B10"):
        tell("\nB10 ")
        rows.append(binding(asked.quick))
    if wanted("sweep"):
        tell("\nsweep ")
        rows += sweeps(asked.quick)
    if wanted("law"):
        tell("\nlaws ")
        rows += all_laws(asked.quick)
    tell("\n")
    OUT.mkdir(parents=True, exist_ok=True)
    rows = [row | {"machine": here} for row in rows]
    (OUT / "bench.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table_text(rows))
    if asked.write_docs:
        write_pages(rows, here)
    apart = [row for row in rows if row.get("agrees") is False]
    for row in apart:
        sys.stdout.write(
            f"{row['case']}: {row['rival']} differs in {row['z_of']}, z = {row['z']:.1f}\n"
        )
    if apart:
        sys.exit(1)


if __name__ == "__main__":
    main()
