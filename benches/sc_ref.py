"""How is SC-REF said in a scenario? The file at 5,200 referrals a year, and what a size changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from work import WEEKS_A_YEAR, sized

import skillmix as sm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from work import Answers, Staff, Work

FILE = Path(__file__).parent / "sc_ref.toml"
FIRST_DAY = date(2025, 1, 4)
"""A Saturday, as in the file."""


def scenario(referrals_a_year: float, weeks: int = 260) -> sm.Scenario:
    """SC-REF at a size."""
    return sm.Scenario.load(FILE).with_(changes(*sized(referrals_a_year, weeks)))


def changes(work: Work, staff: Staff) -> dict[str, Any]:
    """What a size changes."""
    return {
        "calendar.weeks": work.weeks,
        "demand.rate.referrals": work.referrals_a_year,
        "pathway.assessment.slots_per_week": work.assessments,
        "staff.pwp.in_post": round(staff.qualified * staff.wte_per_head, 4),
        "staff.pwp.wte_per_head": staff.wte_per_head,
        "staff.pwp_trainee.wte_per_head": staff.wte_per_head,
        "staff.hit_trainee.wte_per_head": staff.wte_per_head,
        "staff.hit.slots": work.step3.places[0],
        "training.intakes": list(intakes(work, staff)),
    }


def intakes(work: Work, staff: Staff) -> Iterator[dict[str, Any]]:
    """Each autumn trainees join, and as many of the qualified leave for high-intensity training."""
    people = staff.trainees
    for week in range(staff.JOIN - WEEKS_A_YEAR, work.weeks, WEEKS_A_YEAR):
        start = FIRST_DAY + timedelta(weeks=week)
        yield {"course": "pwp", "start": start.isoformat(), "trainees": people}
        if week >= 0:
            yield {
                "course": "hit",
                "start": start.isoformat(),
                "trainees": people,
                "internal": people,
            }


def answers_of(result: sm.Result) -> Answers:
    """The answers of one run, from its table by week."""
    weekly = result.columns("weekly")

    def total(name: str) -> float:
        return float(weekly[name].sum())

    def mean_wait(wait: str, people: str) -> float:
        # A week in which nobody was served has no wait.
        waits = weekly[wait]
        served = weekly[people]
        some = served > 0
        return float((waits[some] * served[some]).sum() / max(served.sum(), 1e-300))

    answers = {
        "wait_assessment": mean_wait("wait_assessment_weeks", "assessed"),
        "wait_step2": mean_wait("wait_step2_weeks", "course_starts_step2"),
        "wait_step3": mean_wait("wait_step3_weeks", "course_starts_step3"),
        "attended": total("attended_guided_self_help") + total("attended_cbt"),
        "completed": total("completed"),
        "dropped_out": total("dropped_out"),
        "discharged": total("not_suitable"),
        "stepped_up": total("stepped_up"),
        "waiting_assessment": float(weekly["waiting_assessment"][-1]),
        "waiting_step2": float(weekly["waiting_step2"][-1]),
        "waiting_step3": float(weekly["waiting_step3"][-1]),
        "referrals": total("referrals"),
        "accepted": total("accepted"),
        "assessed": total("assessed"),
        "sessions": total("booked") - total("assessed"),
    }
    return {name: [value] for name, value in answers.items()}
