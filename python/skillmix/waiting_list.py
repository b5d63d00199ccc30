"""What does the arithmetic of a waiting list say? Fluid lists, targets and relief, Little's law.

``skillmix.queueing`` offers these functions beside its queues. The names of Fong et al. (2022) are
those of the R package NHSRwaitinglist.
"""

from __future__ import annotations

from skillmix import _core
from skillmix.given import Given

__all__ = [
    "list_after",
    "littles_law",
    "load",
    "pressure",
    "relief_capacity",
    "target_capacity",
    "target_list",
    "target_mean_wait",
]


def list_after(
    *, opening: float, arrivals: float, capacity: float, time: float, give_up: float = 0.0
) -> float:
    """People waiting after a time, when they flow in and out at constant rates.

    ``opening + (arrivals - capacity) time``, not below 0; with giving up
    ``q_end + (opening - q_end) exp(-give_up time)``, ``q_end = (arrivals - capacity) / give_up``.

    Args:
        opening: People waiting at first.
        arrivals: People who join in a unit of time.
        capacity: People who can start in a unit of time.
        time: Time that passes.
        give_up: Share of those waiting who leave in a unit of time.

    >>> list_after(opening=120, arrivals=300, capacity=270, time=6)
    300.0
    """
    return _core.list_after(
        *Given(
            opening=opening, arrivals=arrivals, capacity=capacity, time=time, give_up=give_up
        ).numbers()
    )


def load(*, demand: float, capacity: float) -> float:
    """Demand over capacity; above 1 the list grows for ever (Fong et al. 2022).

    >>> load(demand=27, capacity=30)
    0.9
    """
    return _core.list_load(*Given(demand=demand, capacity=capacity).numbers())


def target_mean_wait(*, target_wait: float, factor: float = 4.0) -> float:
    """Mean wait at which only one in e^factor waits beyond the target: target / factor.

    >>> target_mean_wait(target_wait=52)
    13.0
    """
    given = Given(target_wait=target_wait, factor=factor)
    return _core.list_at_target(0.0, *given.numbers())[1]


def target_list(*, demand: float, target_wait: float, factor: float = 4.0) -> float:
    """List at which the target is met: demand x target / factor (Fong et al. 2022).

    >>> target_list(demand=30, target_wait=52)
    390.0
    """
    given = Given(demand=demand, target_wait=target_wait, factor=factor)
    return _core.list_at_target(*given.numbers())[0]


def relief_capacity(*, demand: float, waiting: float, target: float, time: float) -> float:
    """Capacity that brings a list to its target in a time: demand + (waiting - target) / time.

    Args:
        demand: People who join in a unit of time.
        waiting: People waiting now.
        target: People waiting at the target, from `target_list`.
        time: Time in which it is to be reached.

    >>> round(relief_capacity(demand=30, waiting=1200, target=390, time=26), 2)
    61.15
    """
    given = Given(demand=demand, waiting=waiting, target=target, time=time)
    return _core.capacity_for_relief(*given.numbers())


def target_capacity(
    *,
    demand: float,
    target_wait: float,
    factor: float = 4.0,
    cv_demand: float = 1.0,
    cv_capacity: float = 1.0,
) -> float:
    """Capacity that keeps the mean wait at target / factor (Fong et al. 2022).

    ``demand + (cv_demand^2 + cv_capacity^2) / 2 x factor / target_wait``, where a ``cv`` is the
    standard deviation over the mean of the time between referrals, or between treatments.

    >>> round(target_capacity(demand=4, target_wait=52), 4)
    4.0769
    """
    given = Given(
        demand=demand,
        target_wait=target_wait,
        factor=factor,
        cv_demand=cv_demand,
        cv_capacity=cv_capacity,
    )
    return _core.capacity_for_target(*given.numbers())


def pressure(*, mean_wait: float, target_wait: float) -> float:
    """Twice the mean wait over the target wait, as the R package NHSRwaitinglist has it.

    >>> round(pressure(mean_wait=63, target_wait=52), 3)
    2.423
    """
    return _core.list_pressure(*Given(mean_wait=mean_wait, target_wait=target_wait).numbers())


def littles_law(
    *, arrivals: float | None = None, time: float | None = None, people: float | None = None
) -> float:
    """Little's law, people = arrivals x time (1961): the one that is left out, from the other two.

    It holds for a list (its wait), for open cases (length of a course) and for a whole service.

    Args:
        arrivals: People who come in a unit of time.
        time: Mean time that each stays.
        people: People there on average.

    >>> littles_law(arrivals=20, people=240)
    12.0
    """
    given = Given()
    for name, value in {"arrivals": arrivals, "time": time, "people": people}.items():
        if value is not None:
            given.one(name, value)
    given.numbers()
    return _core.littles_law(arrivals, time, people)
