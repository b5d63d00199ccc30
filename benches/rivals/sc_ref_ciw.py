"""SC-REF in Ciw: three nodes, a slotted one for assessments and two whose servers are places.

What differs from the description: a course is one service, its sessions are drawn when it starts.
Ciw has no weekly clinic for courses, so moments stand for it: week w's referrals come at w + 1/2
and are assessed at w + 1, those assessed reach their queue at w + 3/2, the first moment of week w
+ 1 for courses, and courses take whole weeks. Ciw's own change of shift lets servers go off duty
and brings as many new ones as the new shift has, so courses would for a while have more than
their places; the node here keeps the servers it has.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import ciw

from .poisson import poisson

if TYPE_CHECKING:
    from work import Answers, Step, Work

FIRST = 0.5
"""Moment at which week 0 begins for referrals and courses."""


class Places(ciw.Node):
    """Servers are places; where they shrink below the open courses all of these keep theirs."""

    def change_shift(self) -> None:
        """The next number of places."""
        self.schedule.get_next_shift()
        self.next_shift_change = self.schedule.next_shift_change_date
        self.c = self.schedule.c
        for idle in [server for server in self.servers if not server.busy]:
            if len(self.servers) <= self.c:
                break
            idle.shift_end = self.next_event_date
            self.kill_server(idle)
        self.add_new_servers(max(0, self.c - len(self.servers)))
        self.begin_service_if_possible_change_shift()

    def detatch_server(self, server: ciw.Server, individual: ciw.Individual) -> None:
        """A place that comes free goes if there are too many."""
        server.offduty = len(self.servers) > self.c
        server.shift_end = self.now
        super().detatch_server(server, individual)


class Batch(ciw.dists.Distribution):
    """Referrals of a week that are accepted; the others are counted."""

    def __init__(self, work: Work, tally: dict[str, float]) -> None:
        """Of that size."""
        self.work, self.tally = work, tally

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> int:
        """How many; when and for whom makes no difference."""
        del t, ind
        referred = poisson(random, self.work.referrals_a_week)  # type: ignore[arg-type]
        accepted = sum(random.random() < self.work.accepted for _ in range(referred))
        self.tally["referrals"] += referred
        self.tally["accepted"] += accepted
        return accepted

    def __deepcopy__(self, memo: dict[int, object]) -> Batch:
        """Ciw copies distributions; the tally is to stay one."""
        return self


class Assessing(ciw.dists.Distribution):
    """An assessment takes half a week; it decides where the person goes."""

    def __init__(self, work: Work, tally: dict[str, float]) -> None:
        """Of that size."""
        self.work, self.tally = work, tally

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> float:
        """Counts the person."""
        work, tally = self.work, self.tally
        tally["assessed"] += 1
        tally["waited"] += t - ind.arrival_date - 0.5
        route = random.random()
        if route < work.step2.routed:
            ind.next_step = 2
        elif route < work.step2.routed + work.step3.routed:
            ind.next_step = 3
        else:
            ind.next_step = -1
            tally["discharged"] += 1
        if t == work.weeks and ind.next_step > 0:
            tally[f"late{ind.next_step}"] += 1
        return 0.5

    __deepcopy__ = Batch.__deepcopy__


class Course(ciw.dists.Distribution):
    """A course takes as many weeks as it needs sessions, one a week."""

    def __init__(self, work: Work, step: Step, number: int, tally: dict[str, float]) -> None:
        """Of that step."""
        self.work, self.step, self.number, self.tally = work, step, number, tally

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> float:
        """Draws the sessions; those after the run are not counted."""
        work, tally, attends = self.work, self.tally, self.step.attended
        week = begun = int(t - FIRST)
        tally[f"started{self.number}"] += 1
        tally[f"waited{self.number}"] += t - ind.arrival_date
        ind.next_step = -1
        had = 0
        while True:
            inside = week < work.weeks
            week += 1
            tally["sessions"] += inside
            if random.random() >= attends:
                continue
            tally["attended"] += inside
            had += 1
            if had == self.step.sessions:
                tally["completed"] += inside
                if self.number == 2 and random.random() < work.step_up:
                    ind.next_step = 3
                    tally["stepped_up"] += inside
                    tally["late3"] += week == work.weeks
                break
            if random.random() < work.drop_out:
                tally["dropped_out"] += inside
                break
        return float(week - begun)

    __deepcopy__ = Batch.__deepcopy__


class Onwards(ciw.routing.NodeRouting):
    """Where the distributions said."""

    def next_node(self, ind: ciw.Individual) -> object:
        """The node."""
        return self.simulation.nodes[ind.next_step]


def schedule(step: Step) -> ciw.Schedule:
    """Places by week, changed a quarter before each week in which they change."""
    places = step.whole_places
    numbers, ends = [places[0]], []
    for week in range(1, len(places)):
        if places[week] != places[week - 1]:
            numbers.append(places[week])
            ends.append(week + FIRST - 0.25)
    return ciw.Schedule(numbers, [*ends, len(places) + 100.0])


def replication(work: Work, seed: int) -> dict[str, float]:
    """Answers of one replication."""
    ciw.seed(seed)
    names = ("referrals", "accepted", "assessed", "waited", "discharged", "sessions", "attended")
    tally = dict.fromkeys((*names, "completed", "dropped_out", "stepped_up"), 0.0)
    for number in (2, 3):
        tally |= dict.fromkeys((f"started{number}", f"waited{number}", f"late{number}"), 0.0)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([FIRST] + [1.0] * work.weeks), None, None],
        batching_distributions=[Batch(work, tally), None, None],
        service_distributions=[
            Assessing(work, tally),
            Course(work, work.step2, 2, tally),
            Course(work, work.step3, 3, tally),
        ],
        number_of_servers=[
            ciw.Slotted(slots=[1.0], slot_sizes=[work.assessments]),
            schedule(work.step2),
            schedule(work.step3),
        ],
        routing=ciw.routing.NetworkRouting(routers=[Onwards(), Onwards(), Onwards()]),
    )
    run = ciw.Simulation(network, node_class=[ciw.Node, Places, Places])
    # Ends before the week after the last: who was routed last is under way to a queue.
    run.simulate_until_max_time(work.weeks + FIRST - 0.125)
    waiting = [sum(not ind.server for ind in node.all_individuals) for node in run.transitive_nodes]
    return {
        "wait_assessment": tally["waited"] / max(tally["assessed"], 1),
        "wait_step2": tally["waited2"] / max(tally["started2"], 1),
        "wait_step3": tally["waited3"] / max(tally["started3"], 1),
        "attended": tally["attended"],
        "completed": tally["completed"],
        "dropped_out": tally["dropped_out"],
        "discharged": tally["discharged"],
        "stepped_up": tally["stepped_up"],
        "waiting_assessment": waiting[0],
        "waiting_step2": waiting[1] + tally["late2"],
        "waiting_step3": waiting[2] + tally["late3"],
        "referrals": tally["referrals"],
        "accepted": tally["accepted"],
        "assessed": tally["assessed"],
        "sessions": tally["sessions"],
    }


def run(work: Work, replications: int, seed: int) -> Answers:
    """Answers of so many replications."""
    runs = [replication(work, seed * 1_000_003 + number) for number in range(replications)]
    return {name: [float(run[name]) for run in runs] for name in runs[0]}
