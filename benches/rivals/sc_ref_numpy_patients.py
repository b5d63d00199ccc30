"""SC-REF in numpy: the patients of one replication are arrays, each session of a course is drawn.

One uniform number a session tells whether it is missed, attended, or attended and the last before a
drop-out. Who waited how long follows from running totals, since queues are first come, first
served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from work import Answers, Step, Work

    Numbers = NDArray[np.int64]


class Course:
    """Who is in the queue of a step, and who in a course."""

    def __init__(self, work: Work, step: Step, random: np.random.Generator) -> None:
        """Empty."""
        self.step, self.random = step, random
        self.places = step.whole_places
        self.attends = np.float32(step.attended)
        self.drops = np.float32(step.attended * work.drop_out)
        self.had = np.zeros(0, np.uint8)
        self.waiting = 0
        self.joined, self.started, self.held, self.attended, self.completed, self.dropped_out = (
            np.zeros(work.weeks, np.int64) for _ in range(6)
        )

    def hold(self, week: int) -> int:
        """Starts and sessions of a week; how many completed."""
        going = max(min(self.waiting, self.places[week] - len(self.had)), 0)
        if going:
            self.waiting -= going
            self.started[week] = going
            self.had = np.concatenate((self.had, np.zeros(going, np.uint8)))
        had = self.had
        luck = self.random.random(len(had), dtype=np.float32)
        attended = luck < self.attends
        had += attended
        completed = had == self.step.sessions
        ends = luck < self.drops
        ends |= completed
        self.held[week] = len(had)
        self.attended[week] = np.count_nonzero(attended)
        self.completed[week] = done = np.count_nonzero(completed)
        self.had = had[~ends]
        self.dropped_out[week] = len(had) - len(self.had) - done
        return done

    def join(self, week: int, people: int) -> None:
        """People join at the end of a week."""
        self.joined[week] = people
        self.waiting += people

    def mean_wait(self) -> float:
        """Mean weeks in the queue of those who started."""
        return mean_wait(self.joined, self.started, 1)


def mean_wait(joined: Numbers, served: Numbers, later: int) -> float:
    """Mean weeks from joining, or so many weeks later, of those served."""
    weeks = np.arange(len(joined))
    came, went = np.repeat(weeks, joined), np.repeat(weeks, served)
    return float((went - came[: len(went)]).mean()) - later if len(went) else 0.0


def replication(work: Work, random: np.random.Generator) -> dict[str, float]:
    """Answers of one replication."""
    weeks = work.weeks
    referred = random.poisson(work.referrals_a_week, weeks)
    accepted = random.binomial(referred, work.accepted)
    # Running total of the assessed: so many a week, but never more than have been accepted.
    capacity = work.assessments * np.arange(1, weeks + 1)
    behind = np.minimum.accumulate(np.cumsum(accepted) - capacity)
    assessed = np.diff(np.minimum(behind, 0) + capacity, prepend=0)
    route = random.random(int(assessed.sum()), dtype=np.float32)
    edges = np.searchsorted([work.step2.routed, work.step2.routed + work.step3.routed], route)
    week_of = np.repeat(np.arange(weeks), assessed)
    to2, to3 = (np.bincount(week_of[edges == to], minlength=weeks).tolist() for to in (0, 1))
    two, three = Course(work, work.step2, random), Course(work, work.step3, random)
    stepped_up = 0
    for week in range(weeks):
        completed = two.hold(week)
        three.hold(week)
        stepping = int(random.binomial(completed, work.step_up))
        stepped_up += stepping
        two.join(week, to2[week])
        three.join(week, to3[week] + stepping)
    return {
        "wait_assessment": mean_wait(accepted, assessed, 0),
        "wait_step2": two.mean_wait(),
        "wait_step3": three.mean_wait(),
        "attended": (two.attended + three.attended).sum(),
        "completed": (two.completed + three.completed).sum(),
        "dropped_out": (two.dropped_out + three.dropped_out).sum(),
        "discharged": np.count_nonzero(edges == 2),
        "stepped_up": stepped_up,
        "waiting_assessment": (accepted - assessed).sum(),
        "waiting_step2": two.waiting,
        "waiting_step3": three.waiting,
        "referrals": referred.sum(),
        "accepted": accepted.sum(),
        "assessed": assessed.sum(),
        "sessions": (two.held + three.held).sum(),
    }


def run(work: Work, replications: int, seed: int) -> Answers:
    """Answers of so many replications."""
    streams = np.random.SeedSequence(seed).spawn(replications)
    runs = [replication(work, np.random.Generator(np.random.PCG64(s))) for s in streams]
    return {name: [float(run[name]) for run in runs] for name in runs[0]}
