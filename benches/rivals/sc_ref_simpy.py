"""SC-REF in SimPy: one process a patient, one that opens the clinic each week."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import TYPE_CHECKING

import simpy

from .poisson import poisson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from work import Answers, Step, Work


class Queue:
    """Places of one step, who waits for them and what came of it."""

    def __init__(self, step: Step) -> None:
        """An empty one."""
        self.step = step
        self.places = step.whole_places
        self.waiting: deque[simpy.Event] = deque()
        self.open = 0
        self.started = 0
        self.waited = 0.0
        self.held = 0
        self.attended = 0
        self.completed = 0
        self.dropped_out = 0


class Service:
    """One replication."""

    def __init__(self, work: Work, seed: int) -> None:
        """Empty, with its clinic about to open."""
        self.work = work
        self.random = Random(seed)
        self.env = simpy.Environment()
        self.assessment: deque[simpy.Event] = deque()
        self.step2, self.step3 = Queue(work.step2), Queue(work.step3)
        self.referred = self.accepted = self.assessed = self.discharged = self.stepped_up = 0
        self.waited = 0.0
        self.env.process(self.clinic())

    def clinic(self) -> Iterator[simpy.Event]:
        """Each Monday: referrals come, patients are called; those called act after it."""
        env, work, random = self.env, self.work, self.random.random
        for week in range(work.weeks):
            for queue in (self.step2, self.step3):
                room = queue.places[week] - queue.open
                for _ in range(min(len(queue.waiting), room)):
                    queue.waiting.popleft().succeed()
                    queue.open += 1
            referred = poisson(self.random, work.referrals_a_week)
            self.referred += referred
            for _ in range(referred):
                if random() < work.accepted:
                    self.accepted += 1
                    turn = env.event()
                    self.assessment.append(turn)
                    env.process(self.patient(turn))
            for _ in range(min(len(self.assessment), work.assessments)):
                self.assessment.popleft().succeed()
            yield env.timeout(1)

    def patient(self, turn: simpy.Event) -> Iterator[simpy.Event]:
        """From referral to the end."""
        env, work = self.env, self.work
        referred = env.now
        yield turn
        self.assessed += 1
        self.waited += env.now - referred
        route = self.random.random()
        if route < work.step2.routed:
            completed = yield from self.course(self.step2)
            if completed and self.random.random() < work.step_up:
                self.stepped_up += 1
                yield from self.course(self.step3)
        elif route < work.step2.routed + work.step3.routed:
            yield from self.course(self.step3)
        else:
            self.discharged += 1

    def course(self, queue: Queue) -> Iterator[simpy.Event]:
        """Waits for a place, then comes once a week."""
        env, random, drop_out = self.env, self.random.random, self.work.drop_out
        attends, planned = queue.step.attended, queue.step.sessions
        joined = env.now
        turn = env.event()
        queue.waiting.append(turn)
        yield turn
        queue.started += 1
        queue.waited += env.now - joined - 1
        had = 0
        while True:
            queue.held += 1
            if random() < attends:
                queue.attended += 1
                had += 1
                if had == planned:
                    queue.completed += 1
                    queue.open -= 1
                    return True
                if random() < drop_out:
                    queue.dropped_out += 1
                    queue.open -= 1
                    return False
            yield env.timeout(1)

    def run(self) -> dict[str, float]:
        """All weeks."""
        self.env.run(until=self.work.weeks)
        two, three = self.step2, self.step3
        return {
            "wait_assessment": self.waited / max(self.assessed, 1),
            "wait_step2": two.waited / max(two.started, 1),
            "wait_step3": three.waited / max(three.started, 1),
            "attended": two.attended + three.attended,
            "completed": two.completed + three.completed,
            "dropped_out": two.dropped_out + three.dropped_out,
            "discharged": self.discharged,
            "stepped_up": self.stepped_up,
            "waiting_assessment": len(self.assessment),
            "waiting_step2": len(two.waiting),
            "waiting_step3": len(three.waiting),
            "referrals": self.referred,
            "accepted": self.accepted,
            "assessed": self.assessed,
            "sessions": two.held + three.held,
        }


def run(work: Work, replications: int, seed: int) -> Answers:
    """Answers of so many replications."""
    runs = [Service(work, seed * 1_000_003 + number).run() for number in range(replications)]
    return {name: [float(run[name]) for run in runs] for name in runs[0]}
