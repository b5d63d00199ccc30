"""Which engines meet at which work, and by how much must ours be faster?

B4 (draws of many boards) and B9 (a grid of skill mixes) are in `worlds.py`, B6 and B8 in
`latency.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

ROUNDS = 5
"""Runs of which the median counts, where an engine is not too slow for so many."""


@dataclass(frozen=True)
class Side:
    """One engine at one piece of work."""

    engine: str
    replications: int
    """Replications of one run; costs are told for one of them."""
    rounds: int = ROUNDS
    answers: int = 0
    """Replications of ours that are run again one by one for their answers, which are not timed."""
    must: float = 0.0
    """How many times as fast ours must be."""
    excellent: float = 0.0
    """How many times as fast would be excellent."""

    @property
    def name(self) -> str:
        """As shown."""
        return {"simulate": "skillmix", "chance": "skillmix", "project": "skillmix"}.get(
            self.engine, self.engine.replace("_", "-")
        )


@dataclass(frozen=True)
class Case:
    """Ours and its rivals at the same work."""

    case: str
    what: str
    referrals: float
    ours: Side
    rivals: tuple[Side, ...]

    def quick(self) -> Case:
        """The same with as little work as shows that everything runs."""
        few = replace(self.ours, rounds=1, replications=min(self.ours.replications, 40), answers=10)
        rivals = tuple(
            replace(rival, rounds=1, replications=min(rival.replications, 40))
            for rival in self.rivals
            if self.referrals <= LARGEST_QUICK or rival.engine != "simpy"
        )
        return replace(self, ours=few, rivals=rivals)


LARGEST_QUICK = 5_200

CASES = (
    Case(
        "B1",
        "simulate, 5,200 a year",
        5_200,
        Side("simulate", 100, answers=40),
        (
            Side("simpy", 6, must=100, excellent=300),
            Side("ciw", 3, rounds=3),
            Side("numpy_patients", 100, must=3.5, excellent=10),
        ),
    ),
    Case(
        "B2",
        "simulate, 500,000 a year",
        500_000,
        Side("simulate", 10, answers=6),
        (Side("numpy_patients", 10, must=0.5, excellent=1),),
    ),
    Case(
        "B2",
        "simulate, 50,000 a year",
        50_000,
        Side("simulate", 20, rounds=3, answers=20),
        (
            Side("simpy", 2, rounds=3, must=100),
            Side("numpy_patients", 20, rounds=3),
        ),
    ),
    Case(
        "B3",
        "project with luck chance, 5,200 a year",
        5_200,
        Side("chance", 2_000, answers=100),
        (Side("numpy_cohort", 2_000, must=3, excellent=10),),
    ),
)
