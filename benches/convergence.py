"""Does the service patient by patient approach expected flow as it grows?

One service whose Step 3 is short of staff is made larger and larger: referrals, staff and lists are
multiplied. For each size the runs with chance are repeated with other seeds, and their mean and its
standard error are compared with ``project``. Figures do not depend on the machine.

Run from the top of the repository: ``python benches/convergence.py``. It writes
``docs/_static/convergence.svg`` and prints the table of ``docs/simulate.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import skillmix as sm
from skillmix.chart_style import PALETTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from skillmix import Scenario
    from skillmix.result import Result

PICTURE = Path("docs/_static/convergence.svg")
WEEKS = 52
SIZES = {10: 400, 100: 200, 1_000: 60, 10_000: 24}
"""Referrals a week, and how often each size is run."""

ROLES = ("pwp", "pwp_senior", "hit", "hit_lead", "counsellor")
LIMITS = ("caseload_max", "new_starts_per_week")
MEASURES = {
    "course starts in a year": (("course_starts",), "sum"),
    "people waiting at its end": (("waiting_assessment", "waiting_step2", "waiting_step3"), "last"),
}
STAFF = {
    "pwp": 0.9,
    "pwp_senior": 0.05,
    "hit": 1.0,
    "hit_lead": 0.05,
    "counsellor": 0.2,
    "step2_waiting": 4,
    "step3_waiting": 30,
}
"""WTE and people for ten referrals a week: PWPs a tenth too few, HITs a fifth too few."""


def service(referrals_a_week: int) -> Scenario:
    """A service of so many referrals a week, otherwise the same."""
    times = referrals_a_week / 10
    staff = {name: number * times for name, number in STAFF.items()}
    return (
        sm.Scenario.preset("talking-therapies-2025")
        .with_(
            {
                "calendar.start": "2025-04-01",
                "demand.rate": {"referrals": referrals_a_week * 365.25 / 7, "per": "year"},
                # Closed groups lose the sessions that are missed, at any size.
                "pathway.step2.psychoeducational_groups.group.start": "rolling",
            }
        )
        .with_staff(**staff)
        # Limits that hold for each clinician leave some hours unused, at any size.
        .with_({f"staff.{role}.{limit}": 1000 for role in ROLES for limit in LIMITS})
    )


def figures(run: Result) -> list[float]:
    """The measures of one run."""
    weekly = run.columns("weekly")
    found = []
    for columns, how in MEASURES.values():
        values = np.sum([weekly[column] for column in columns], axis=0)
        found.append(float(values.sum() if how == "sum" else values[-1]))
    return found


@dataclass(frozen=True)
class Row:
    """How far one kind of run is from expected flow."""

    referrals: int
    """A week."""
    kind: str
    measure: str
    runs: int
    expected: float
    difference: float
    """Mean of the runs over what is expected, less 1."""
    se: float
    """Standard error of the difference."""
    sd: float
    """Standard deviation of a single run, as a share of what is expected."""


KINDS: dict[str, Callable[[Scenario, int], Result]] = {
    "simulate": lambda ours, seed: ours.simulate(weeks=WEEKS, replications=1, seed=seed),
    "project, chance": lambda ours, seed: ours.project(
        weeks=WEEKS, luck="chance", replications=1, seed=seed
    ),
}


def compare(size: int, runs: int) -> list[Row]:
    """Rows of one size, by kind of run and measure."""
    scenario = service(size)
    expected = figures(scenario.project(weeks=WEEKS))
    rows = []
    for kind, run in KINDS.items():
        sample = np.array([figures(run(scenario, seed)) for seed in range(1, runs + 1)])
        ratios = sample / expected
        means, sds = ratios.mean(axis=0) - 1, ratios.std(axis=0, ddof=1)
        for place, measure in enumerate(MEASURES):
            sd = float(sds[place])
            se = sd / runs**0.5
            given = (size, kind, measure, runs, expected[place], float(means[place]), se, sd)
            rows.append(Row(*given))
    return rows


def picture(rows: list[Row]) -> Any:
    """Difference of the mean and spread of single runs against size, both axes logarithmic."""
    import altair as alt

    least = 3e-4
    beside = {kind: 1.25**place for place, kind in enumerate(KINDS)}
    points = alt.Data(
        values=[
            {
                "referrals": row.referrals * beside[row.kind],
                "run": row.kind,
                "measure": row.measure,
                "difference": max(abs(row.difference), least),
                "low": max(abs(row.difference) - 2 * row.se, least),
                "high": max(abs(row.difference) + 2 * row.se, least),
                "sd": row.sd,
            }
            for row in rows
        ]
    )
    x = alt.X(
        "referrals:Q",
        title="Referrals a week",
        scale=alt.Scale(type="log", domain=[7, 18_000], nice=False),
        axis=alt.Axis(values=list(SIZES), format=",", grid=False),
    )
    y = alt.Y(
        "difference:Q",
        title="Share of expected flow",
        scale=alt.Scale(type="log", domain=[least, 2], nice=False),
        axis=alt.Axis(values=[0.001, 0.01, 0.1, 1], format="~%"),
    )
    names = list(KINDS)
    colour = alt.Color(
        "run:N",
        scale=alt.Scale(domain=names, range=list(PALETTE[: len(names)])),
        legend=alt.Legend(title=None, orient="top") if len(names) > 1 else None,
    )
    base = alt.Chart(points).encode(x=x, color=colour)
    layers = alt.layer(
        base.mark_line(strokeDash=[4, 4]).encode(y="sd:Q"),
        base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(y=y),
    ).properties(width=290, height=240)
    return layers.facet(
        facet=alt.Facet("measure:N", title=None, sort=list(MEASURES)), columns=2
    ).configure_view(stroke=None)


def table(rows: list[Row]) -> str:
    """The rows as the page has them."""
    lines = ["| referrals a week | run | measure | runs | mean, against expected | one run |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [
        f"| {row.referrals:,} | {row.kind} | {row.measure} | {row.runs} "
        f"| {100 * row.difference:+.2f} % (standard error {100 * row.se:.2f}) "
        f"| spread {100 * row.sd:.1f} % |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    found = [row for size, runs in SIZES.items() for row in compare(size, runs)]
    picture(found).save(PICTURE)
    print(table(found))
