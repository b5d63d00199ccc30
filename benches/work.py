"""What is the shared work SC-REF, and which answers must every model of it give?

One service on the plain calendar, a clock of weeks, everything empty at first. Each week:

1. referrals ~ Poisson(a year's / 52); each is accepted with 0.75 and joins the assessment queue;
2. up to A are assessed, oldest first, and routed: Step 2, Step 3, or discharged; they join their
   queue at the end of the week;
3. starts = min(queue as it stood at the start of the week, places - open courses), oldest first;
4. every open course, new ones included, holds one session. DNA uses the slot and does not count.
   The last planned session that is attended completes the course; after an earlier one some drop
   out;
5. places of courses that ended are free next week; some who completed Step 2 join the Step 3 queue.

Where places fall below the open courses all of them keep theirs. Waits are whole weeks: for an
assessment since referral, for a course since the first week in which it could have started.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

WEEKS = 260
WEEKS_A_YEAR = 52
LOAD = 0.97
ALMOST = 1e-9
"""Places are whole; what is a whole number but for the last digits is that number."""

COMPARED = (
    "wait_assessment",
    "wait_step2",
    "wait_step3",
    "attended",
    "completed",
    "dropped_out",
    "discharged",
    "stepped_up",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
)
"""Answers that must agree: mean waits in weeks of those assessed or started; course sessions
attended; people; and who waits at the end."""

COUNTED = ("referrals", "accepted", "assessed", "sessions")
"""Answers from which patient-events are counted; ``sessions`` are those held, attended or not."""

Answers = dict[str, list[float]]
"""For each name one number a replication."""


@dataclass(frozen=True)
class Step:
    """A step of the pathway."""

    routed: float
    """Share of the assessed."""
    sessions: int
    """Planned sessions."""
    attended: float
    """Share of sessions held that are attended."""
    places: tuple[float, ...]
    """Places by week."""

    @property
    def whole_places(self) -> list[int]:
        """Whole places by week."""
        return [math.floor(places + ALMOST) for places in self.places]

    def weeks_of_a_place(self, drop_out: float) -> float:
        """Mean weeks for which a course keeps its place."""
        return (1 - (1 - drop_out) ** self.sessions) / drop_out / self.attended


@dataclass(frozen=True)
class Work:
    """SC-REF at one size."""

    referrals_a_year: float
    weeks: int
    assessments: int
    """Assessments a week."""
    step2: Step
    step3: Step
    accepted: float = 0.75
    drop_out: float = 0.04
    step_up: float = 0.10

    @property
    def referrals_a_week(self) -> float:
        """Mean referrals of a week."""
        return self.referrals_a_year / WEEKS_A_YEAR


@dataclass(frozen=True)
class Staff:
    """PWPs who fill the Step 2 places: of five people one is a trainee."""

    trainees: int
    """Trainees of each year's intake [heads]; the qualified are four times as many."""
    wte_per_head: float
    """Hours of one of them, so that the load is what it should be."""

    PLACES_A_WTE = 20
    JOIN = 39
    """Week of the year in which trainees join and as many of the qualified leave."""
    RAMP = ((0, 0.0), (13, 0.8), (39, 1.0))
    """From which week since they joined they fill which share of their places."""

    @property
    def qualified(self) -> int:
        """PWPs beside the trainees [heads]."""
        return 4 * self.trainees

    def share(self, week: int) -> float:
        """Share of its places that the whole group fills in a week of the run."""
        since = (week - self.JOIN) % WEEKS_A_YEAR
        return 0.8 + 0.2 * [share for start, share in self.RAMP if start <= since][-1]

    def places(self, week: int) -> float:
        """Step 2 places in a week of the run."""
        heads = self.trainees + self.qualified
        return self.PLACES_A_WTE * self.wte_per_head * heads * self.share(week)

    @classmethod
    def mean_share(cls) -> float:
        """The share over a year: (13 x 0.8 + 26 x 0.96 + 13 x 1) / 52."""
        return sum(cls(1, 1.0).share(week) for week in range(WEEKS_A_YEAR)) / WEEKS_A_YEAR

    @classmethod
    def for_places(cls, places: float) -> Staff:
        """The fewest whole people whose places average that many; the mean loss is put back."""
        wte = places / (cls.PLACES_A_WTE * cls.mean_share())
        trainees = math.ceil(wte / 5)
        return cls(trainees, round(wte / (5 * trainees), 4))


def sized(referrals_a_year: float, weeks: int = WEEKS) -> tuple[Work, Staff]:
    """SC-REF at a size: capacity such that demand / capacity is 0.97 at each stage."""
    empty = Work(
        referrals_a_year,
        weeks,
        0,
        Step(0.55, 6, 0.88, ()),
        Step(0.30, 12, 0.85, ()),
    )
    accepted = empty.accepted * empty.referrals_a_week
    assessments = math.ceil(accepted / LOAD - ALMOST)
    starts2 = accepted * empty.step2.routed
    completing = (1 - empty.drop_out) ** (empty.step2.sessions - 1)
    starts3 = accepted * empty.step3.routed + starts2 * completing * empty.step_up
    staff = Staff.for_places(starts2 * empty.step2.weeks_of_a_place(empty.drop_out) / LOAD)
    places3 = math.ceil(starts3 * empty.step3.weeks_of_a_place(empty.drop_out) / LOAD)
    by_week = tuple(staff.places(week) for week in range(weeks))
    return replace(
        empty,
        assessments=assessments,
        step2=replace(empty.step2, places=by_week),
        step3=replace(empty.step3, places=(float(places3),) * weeks),
    ), staff


def events(answers: Answers) -> list[float]:
    """Patient-events of each replication: referrals, assessments, sessions held, exits."""
    names = (*COUNTED, "discharged", "completed", "stepped_up", "dropped_out")
    rows = zip(*(answers[name] for name in names), strict=True)
    return [
        referred + assessed + held + (referred - accepted) + discharged + (done - up) + dropped
        for referred, accepted, assessed, held, discharged, done, up, dropped in rows
    ]
