"""SC-REF in numpy: counts of people alike, week by week, all replications at once.

Open courses are counted by sessions had. Waits follow from running totals of those who joined and
started, since every queue is first come, first served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from work import Answers, Step, Work

    Numbers = NDArray[np.int64]


class Course:
    """A step in all replications."""

    def __init__(
        self, work: Work, step: Step, replications: int, random: np.random.Generator
    ) -> None:
        """Empty."""
        self.work, self.step, self.random = work, step, random
        self.places = step.whole_places
        self.stock = np.zeros((step.sessions, replications), np.int64)
        self.queue = Queue(work.weeks, replications)
        zero = np.zeros(replications, np.int64)
        self.held, self.attended = zero.copy(), zero.copy()
        self.completed, self.dropped_out = zero.copy(), zero.copy()

    def hold(self, week: int) -> Numbers:
        """Starts and sessions of a week; who completed."""
        stock, random = self.stock, self.random
        room = self.places[week] - stock.sum(axis=0)
        stock[0] += self.queue.take(week, np.maximum(room, 0))
        attended = random.binomial(stock, self.step.attended)
        self.held += stock.sum(axis=0)
        self.attended += attended.sum(axis=0)
        dropped = random.binomial(attended[:-1], self.work.drop_out)
        self.dropped_out += dropped.sum(axis=0)
        stock -= attended
        stock[1:] += attended[:-1] - dropped
        self.completed += attended[-1]
        completed: Numbers = attended[-1]
        return completed


class Queue:
    """Who joined by when, and who was served by when, in all replications."""

    def __init__(self, weeks: int, replications: int) -> None:
        """Empty."""
        self.joined = np.zeros((weeks, replications), np.int64)
        self.weeks_of_service = np.zeros(replications, np.int64)
        self.served = np.zeros(replications, np.int64)
        self.waiting = np.zeros(replications, np.int64)

    def join(self, week: int, people: Numbers) -> None:
        """People join in a week."""
        self.joined[week] += people
        self.waiting += people

    def take(self, week: int, room: Numbers | int) -> Numbers:
        """As many as there is room for are served."""
        taken = np.minimum(self.waiting, room)
        self.waiting -= taken
        self.served += taken
        self.weeks_of_service += week * taken
        return taken

    def mean_wait(self, later: int) -> NDArray[np.float64]:
        """Mean weeks from joining, or so many weeks later, of those served."""
        before = np.minimum(np.cumsum(self.joined, axis=0), self.served)
        of_week = np.diff(before, axis=0, prepend=0)
        weeks = np.arange(len(self.joined)) @ of_week
        waited = self.weeks_of_service - weeks - later * self.served
        mean: NDArray[np.float64] = waited / np.maximum(self.served, 1)
        return mean


def run(work: Work, replications: int, seed: int) -> Answers:
    """Answers of so many replications."""
    random = np.random.Generator(np.random.PCG64(seed))
    two, three = (Course(work, step, replications, random) for step in (work.step2, work.step3))
    assessment = Queue(work.weeks, replications)
    referrals, accepted, discharged, stepped_up = (
        np.zeros(replications, np.int64) for _ in range(4)
    )
    of_rest = work.step3.routed / (1 - work.step2.routed)
    for week in range(work.weeks):
        referred = random.poisson(work.referrals_a_week, replications)
        joining = random.binomial(referred, work.accepted)
        referrals += referred
        accepted += joining
        assessment.join(week, joining)
        assessed = assessment.take(week, work.assessments)
        to2 = random.binomial(assessed, work.step2.routed)
        to3 = random.binomial(assessed - to2, of_rest)
        discharged += assessed - to2 - to3
        completed = two.hold(week)
        three.hold(week)
        stepping = random.binomial(completed, work.step_up)
        stepped_up += stepping
        two.queue.join(week, to2)
        three.queue.join(week, to3 + stepping)
    answers = {
        "wait_assessment": assessment.mean_wait(0),
        "wait_step2": two.queue.mean_wait(1),
        "wait_step3": three.queue.mean_wait(1),
        "attended": two.attended + three.attended,
        "completed": two.completed + three.completed,
        "dropped_out": two.dropped_out + three.dropped_out,
        "discharged": discharged,
        "stepped_up": stepped_up,
        "waiting_assessment": assessment.waiting,
        "waiting_step2": two.queue.waiting,
        "waiting_step3": three.queue.waiting,
        "referrals": referrals,
        "accepted": accepted,
        "assessed": assessment.served,
        "sessions": two.held + three.held,
    }
    return {name: [float(number) for number in numbers] for name, numbers in answers.items()}
