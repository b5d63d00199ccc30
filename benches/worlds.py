"""Cases B4 and B9: what somebody waits for who runs thousands of drawn worlds, on two threads.

B4: forty-two services of differing size, ten years, 10,000 draws of three unsure numbers, and bands
by month; and SC-REF in draws of its referrals beside the numpy flow of expectations, which gets the
same levels. B9: a grid of 21 skill mixes at 11 levels of demand, 1,000 draws, five years.
``python benches/worlds.py B4 [quick]`` prints the rows as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import skillmix as sm

BOARDS = 42
REFERRALS = (5_580.0, 15_991.0)
"""Of the smallest and the largest board [a year]: low and high of the pack."""
OF_PACK = 11_736.0
STAFF = {"pwp": 23.0, "pwp_senior": 3.0, "hit": 28.0, "hit_lead": 2.0, "counsellor": 5.5}
"""Of the pack, for so many referrals [WTE]."""
DRAWS = 10_000
MOST_MB = 300.0
GRID_DRAWS = 1_000
DEMAND = [0.75 + 0.05 * step for step in range(11)]
SC_REF_DRAWS = 1_000
SPREAD = 0.1
"""Standard deviation of the logarithm of the level of referrals of SC-REF."""
BANDS = {"p05", "p50", "p95"}


def unsure(referrals: float) -> dict[str, Any]:
    """Three numbers that are not known: the level of referrals, turnover of PWPs, CBT sessions."""
    around = [0.9 * referrals, referrals, 1.1 * referrals]
    return {
        "demand.rate.referrals": {"unsure": {"pert": around}},
        "staff.pwp.leavers_per_year": {"unsure": {"pert": [0.10, 0.15, 0.25]}},
        "pathway.step3.cbt.sessions": {"unsure": {"pert": [8, 12, 20]}},
    }


def board(number: int) -> sm.Scenario:
    """One of the boards: staff as many as its referrals are."""
    import skillmix as sm

    low, high = REFERRALS
    referrals = low + (high - low) * number / (BOARDS - 1)
    pack = sm.Scenario.preset("talking-therapies-2025")
    staff = {
        f"staff.{role}.in_post": round(wte * referrals / OF_PACK, 2) for role, wte in STAFF.items()
    }
    return pack.with_(staff | unsure(referrals))


def boards(number: int, draws: int) -> None:
    """B4: bands by month of each board, one board after the other."""
    for place in range(number):
        frame = board(place).project(years=10, draws=draws, seed=place + 1).frame("bands")
        assert set(frame.columns) >= BANDS
        assert frame["month"].nunique() == 121


def grid(draws: int) -> None:
    """B9."""
    import skillmix as sm

    scenario = sm.Scenario.preset("talking-therapies-2025").with_(unsure(OF_PACK))
    levels = DEMAND if draws == GRID_DRAWS else DEMAND[:2]
    sweep = sm.mix_sweep(scenario, demand=levels, draws=draws, years=5)
    assert len(sweep.frame("curves")) > 0


def timed(run: Callable[[], None]) -> tuple[float, float, float]:
    """Seconds of CPU and of the clock, and the most memory beyond that before [MB]."""
    from measure import peak_mb

    base = peak_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu, wall, peak_mb() - base


def row(case: str, what: str, cost: tuple[float, float, float], must: float, most: float) -> Any:
    """One run in figures; what takes most seconds or memory than it must says so."""
    cpu, wall, peak = cost
    memory = f", {MOST_MB:g} MB" if case == "B4" else ""
    return {
        "case": case,
        "what": what,
        "rival": "skillmix",
        "ratio": None,
        "z": None,
        "cpu_s": cpu,
        "wall_s": wall,
        "peak_mb": peak,
        "events_per_s": None,
        "runs": 1,
        "replications": 1,
        "load": os.getloadavg()[0],
        "must": f"{must:g} s{memory}",
        "excellent": f"{most:g} s",
        "reached": wall <= must and (case != "B4" or peak <= MOST_MB),
    }


def beside_numpy(draws: int) -> list[dict[str, Any]]:
    """SC-REF in draws of its referrals: ours and numpy's at the same levels, one thread's work."""
    import numpy as np
    import sc_ref
    from agreement import LARGEST, deviate
    from rivals import sc_ref_numpy_expected
    from work import sized

    from skillmix import _core

    work = sized(5_200, 260)[0]
    levels = np.random.Generator(np.random.PCG64(1)).standard_normal(draws)
    rows = (work.referrals_a_year * np.exp(SPREAD * levels))[:, np.newaxis]
    ends = [float(rows.min()) * 0.99, float(rows.max()) * 1.01]
    path = "demand.rate.referrals"
    scenario = sc_ref.scenario(5_200).with_({path: {"unsure": {"uniform": ends}}})
    names = [str(name) for name in _core.outcomes().columns()["outcome"]]
    lists = [
        name for name in names if name.startswith("waiting_step") or name == "waiting_assessment"
    ]
    kept: dict[str, Any] = {}

    def ours() -> None:
        kept["ours"] = _core.evaluate(scenario._inner, [path], rows, 260, None)

    def theirs() -> None:
        kept["numpy"] = sc_ref_numpy_expected.run(work, draws, 1, SPREAD)

    costs = {"skillmix": timed(ours), "numpy-expected": timed(theirs)}
    z = {
        name: deviate(kept["ours"][:, names.index(name)].tolist(), kept["numpy"][name])
        for name in lists
    }
    of = max(z, key=lambda name: abs(z[name]))
    made = []
    for rival, (cpu, wall, peak) in costs.items():
        made.append(
            {
                "case": "B4",
                "what": "SC-REF in draws of its referrals, a draw",
                "rival": rival,
                "ratio": cpu / costs["skillmix"][0],
                "z": z[of] if rival != "skillmix" else 0.0,
                "cpu_s": cpu / draws,
                "wall_s": wall / draws,
                "peak_mb": peak,
                "events_per_s": None,
                "runs": 1,
                "replications": draws,
                "load": os.getloadavg()[0],
            }
        )
    made[1] |= {"z_of": of, "agrees": abs(z[of]) < LARGEST}
    return made


def rows(case: str, quick: bool) -> list[dict[str, Any]]:
    """Rows of a case."""
    import skillmix as sm

    sm.Scenario.preset("blank").with_({"calendar.weeks": 1}).project().frame("monthly")
    if case == "B9":
        draws = 4 if quick else GRID_DRAWS
        what = f"21 mixes x 11 levels x {draws:,} draws x 5 years"
        return [row("B9", what, timed(lambda: grid(draws)), 5, 1)]
    number, draws = (1, 40) if quick else (BOARDS, DRAWS)
    what = f"{number} boards x 10 years x {draws:,} draws, bands by month"
    made = [row("B4", what, timed(lambda: boards(number, draws)), 12, 3)]
    return made + beside_numpy(40 if quick else SC_REF_DRAWS)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rows(sys.argv[1], "quick" in sys.argv[2:])) + "\n")
