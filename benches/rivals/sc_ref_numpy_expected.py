"""SC-REF in numpy as a flow of expectations, many draws of the level of referrals at once.

Nothing is whole here, places neither: the flow that ``project`` computes with luck ``expected``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from work import Answers, Step, Work

    Numbers = NDArray[np.float64]


class Queue:
    """First come, first served: running totals tell who waited how long."""

    def __init__(self, weeks: int, draws: int) -> None:
        """Empty."""
        self.joined = np.zeros((weeks, draws))
        self.served = np.zeros((weeks, draws))
        self.waiting = np.zeros(draws)

    def join(self, week: int, people: Numbers) -> None:
        """People join in a week."""
        self.joined[week] += people
        self.waiting += people

    def take(self, week: int, room: Numbers | float) -> Numbers:
        """As many as there is room for are served."""
        taken: Numbers = np.minimum(self.waiting, room)
        self.waiting -= taken
        self.served[week] = taken
        return taken

    def mean_wait(self, later: int) -> Numbers:
        """Mean weeks from joining, or so many weeks later, of those served."""
        weeks = np.arange(len(self.joined))
        total = self.served.sum(axis=0)
        before = np.minimum(np.cumsum(self.joined, axis=0), total)
        of_week = np.diff(before, axis=0, prepend=0.0)
        waited = weeks @ self.served - weeks @ of_week - later * total
        mean: Numbers = waited / np.maximum(total, 1e-300)
        return mean


class Course:
    """A step in all draws."""

    def __init__(self, work: Work, step: Step, draws: int) -> None:
        """Empty."""
        self.work, self.step = work, step
        self.stock = np.zeros((step.sessions, draws))
        self.queue = Queue(work.weeks, draws)
        self.held, self.attended, self.completed, self.dropped_out = (
            np.zeros(draws) for _ in range(4)
        )

    def hold(self, week: int) -> Numbers:
        """Starts and sessions of a week; who completed."""
        stock = self.stock
        room = self.step.places[week] - stock.sum(axis=0)
        stock[0] += self.queue.take(week, np.maximum(room, 0.0))
        attended = stock * self.step.attended
        self.held += stock.sum(axis=0)
        self.attended += attended.sum(axis=0)
        stock -= attended
        stock[1:] += attended[:-1] * (1 - self.work.drop_out)
        self.dropped_out += attended[:-1].sum(axis=0) * self.work.drop_out
        completed: Numbers = attended[-1]
        self.completed += completed
        return completed


def run(work: Work, draws: int, seed: int, spread: float = 0.0) -> Answers:
    """Answers of so many draws; with a spread their level of referrals differs (lognormal)."""
    random = np.random.Generator(np.random.PCG64(seed))
    referred = work.referrals_a_week * np.exp(spread * random.standard_normal(draws))
    two, three = (Course(work, step, draws) for step in (work.step2, work.step3))
    assessment = Queue(work.weeks, draws)
    stepped_up, assessed_all = np.zeros(draws), np.zeros(draws)
    for week in range(work.weeks):
        assessment.join(week, referred * work.accepted)
        assessed = assessment.take(week, work.assessments)
        assessed_all += assessed
        completed = two.hold(week)
        three.hold(week)
        stepped_up += completed * work.step_up
        two.queue.join(week, assessed * work.step2.routed)
        three.queue.join(week, assessed * work.step3.routed + completed * work.step_up)
    answers = {
        "wait_assessment": assessment.mean_wait(0),
        "wait_step2": two.queue.mean_wait(1),
        "wait_step3": three.queue.mean_wait(1),
        "attended": two.attended + three.attended,
        "completed": two.completed + three.completed,
        "dropped_out": two.dropped_out + three.dropped_out,
        "discharged": assessed_all * (1 - work.step2.routed - work.step3.routed),
        "stepped_up": stepped_up,
        "waiting_assessment": assessment.waiting,
        "waiting_step2": two.queue.waiting,
        "waiting_step3": three.queue.waiting,
        "referrals": referred * work.weeks,
        "accepted": referred * work.accepted * work.weeks,
        "assessed": assessed_all,
        "sessions": two.held + three.held,
    }
    return {name: [float(number) for number in numbers] for name, numbers in answers.items()}
