"""What do closed forms say of a waiting list? Erlang B, C and A, priority, a clinic, steps.

All times are in one unit, such as weeks, and all rates are per that unit. A *slot* is a place for
one person at a time, the *duration* the mean time that a person holds it. These formulas describe
the long run of a steady service; for one that changes, use ``scenario.project`` and
``scenario.simulate``. The page "Queues in closed form" of the documentation says which formula
applies when.

>>> from skillmix import queueing
>>> queue = queueing.erlang_c(arrivals=18, duration=1, slots=20)
>>> round(queue["wait"], 3), round(queue["p_wait"], 3)
(0.275, 0.551)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from skillmix import _core
from skillmix.given import Given
from skillmix.waiting_list import (
    list_after,
    littles_law,
    load,
    pressure,
    relief_capacity,
    target_capacity,
    target_list,
    target_mean_wait,
)

__all__ = [
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "list_after",
    "littles_law",
    "load",
    "one_slot",
    "open_cases",
    "pressure",
    "priority",
    "relief_capacity",
    "slots_for",
    "stepped_care",
    "target_capacity",
    "target_list",
    "target_mean_wait",
    "wait_of_share",
    "waits_longer",
    "weekly_clinic",
]


_OF_A_STEP = ("arrivals", "duration", "slots", "moves")


def erlang_b(*, offered: float, slots: int) -> float:
    """Share turned away where nobody may wait.

    ``B(n) = a B(n-1) / (n + a B(n-1))``, with ``a`` arrivals x duration (Erlang 1917). Durations
    may have any spread.

    Args:
        offered: Arrivals times mean duration [people at the same time].
        slots: Places.

    >>> erlang_b(offered=1, slots=2)
    0.2
    """
    given = Given(offered=offered)
    places = given.whole("slots", slots)
    (erlangs,) = given.numbers()
    return _core.erlang_b(places, erlangs)


def erlang_c(*, arrivals: float, duration: float, slots: int) -> dict[str, float]:
    """A queue with random arrivals, exponential durations and so many slots, in the long run.

    ``p_wait = B / (1 - load (1 - B))``, ``waiting = p_wait load / (1 - load)`` (Erlang 1917).

    Args:
        arrivals: People who come in a unit of time.
        duration: Mean time that a person holds a slot.
        slots: Places.

    Returns:
        ``load``; ``p_empty``, chance that nobody is there; ``p_wait``, share who wait;
        ``waiting`` and ``present``, people on the list, and on the list or in a slot;
        ``wait`` and ``time``, mean time until the start, and until the end.

    Raises:
        ScenarioError: if a number is out of its range, or the load is 1 or more.

    >>> round(erlang_c(arrivals=0.8, duration=1, slots=1)["present"], 9)
    4.0
    """
    given = Given(arrivals=arrivals, duration=duration)
    places = given.whole("slots", slots)
    rate, mean = given.numbers()
    return _core.erlang_c(rate, mean, places)


def waits_longer(*, arrivals: float, duration: float, slots: int, time: float) -> float:
    """Share who wait longer than `time`: ``p_wait exp(-(slots / duration - arrivals) time)``.

    The share who start within 6 weeks is 1 less this share at 6.

    >>> beyond = waits_longer(arrivals=5.9, duration=1, slots=6, time=6)
    >>> round(1 - beyond, 3)
    0.476
    """
    given = Given(arrivals=arrivals, duration=duration, time=time)
    places = given.whole("slots", slots)
    rate, mean, until = given.numbers()
    return _core.waits_longer(rate, mean, places, until)


def wait_of_share(*, arrivals: float, duration: float, slots: int, share: float) -> float:
    """Time within which a `share` of people start: a percentile of the wait of `erlang_c`.

    >>> round(wait_of_share(arrivals=5.9, duration=1, slots=6, share=0.75), 1)
    13.4
    """
    given = Given(arrivals=arrivals, duration=duration, share=share)
    places = given.whole("slots", slots)
    rate, mean, part = given.numbers()
    return _core.wait_of_share(rate, mean, places, part)


def slots_for(*, arrivals: float, duration: float, time: float, share: float) -> int:
    """Fewest slots with which a `share` of people wait no longer than `time`.

    Args:
        arrivals: People who come in a unit of time.
        duration: Mean time that a person holds a slot.
        time: The wait of the standard.
        share: The share of people who are to have it, below 1.

    >>> slots_for(arrivals=5.9, duration=1, time=6, share=0.75)
    7
    """
    return _core.slots_for(
        *Given(arrivals=arrivals, duration=duration, time=time, share=share).numbers()
    )


def erlang_a(*, arrivals: float, duration: float, slots: int, give_up: float) -> dict[str, float]:
    """The queue of `erlang_c` from which people give up; it has a long run at any load.

    Each of those waiting leaves at the rate `give_up`; the number present is a birth-death chain
    (Palm 1957, Mandelbaum and Zeltyn).

    Args:
        arrivals: People who come in a unit of time.
        duration: Mean time that a person holds a slot.
        slots: Places.
        give_up: Share of those waiting who leave in a unit of time, one over the mean patience.

    Returns:
        ``load`` (may be above 1); ``utilisation``, share of the slots in use; ``p_wait``;
        ``p_give_up``, share of those who come who leave without a start; ``waiting``; ``present``;
        ``wait``, of everybody, those who give up included; ``started``, people a unit of time.

    >>> queue = erlang_a(arrivals=12, duration=1, slots=10, give_up=0.1)
    >>> round(queue["waiting"], 1), round(queue["p_give_up"], 2)
    (20.4, 0.17)
    """
    given = Given(arrivals=arrivals, duration=duration, give_up=give_up)
    places = given.whole("slots", slots)
    rate, mean, leaving = given.numbers()
    return _core.erlang_a(rate, mean, places, leaving)


def one_slot(*, arrivals: float, duration: float, sd: float) -> dict[str, float]:
    """One slot and durations of any spread (M/G/1); with ``sd=0`` all last the same (M/D/1).

    ``wait = arrivals (duration^2 + sd^2) / (2 (1 - load))`` (Pollaczek and Khinchine).

    Args:
        arrivals: People who come in a unit of time.
        duration: Mean time that a person holds the slot.
        sd: Standard deviation of that time; equal to the mean it is exponential.

    Returns:
        As `erlang_c`.

    >>> round(one_slot(arrivals=0.8, duration=1, sd=0)["wait"], 9)
    2.0
    """
    return _core.one_slot(*Given(arrivals=arrivals, duration=duration, sd=sd).numbers())


def priority(
    *,
    arrivals: Sequence[float],
    duration: float | Sequence[float],
    sd: float | Sequence[float] | None = None,
    slots: int = 1,
) -> list[dict[str, float]]:
    """Waits of classes, the most urgent first; nobody in a slot is interrupted.

    ``wait(k) = W0 / ((1 - s(k-1)) (1 - s(k)))`` with ``s(k)`` the load of classes 1 to k
    (Cobham 1954). One slot takes durations of any spread, by class; several slots need one
    exponential duration for all.

    Args:
        arrivals: People of each class who come in a unit of time.
        duration: Mean time that a person holds a slot, of all or of each class.
        sd: Its standard deviation, of all or of each class; left out, exponential.
        slots: Places.

    Returns:
        ``waiting``, ``present``, ``wait`` and ``time`` of each class, in the order given.

    >>> urgent, routine = priority(arrivals=[0.2, 0.6], duration=1)
    >>> round(urgent["wait"], 9), round(routine["wait"], 9)
    (1.0, 5.0)
    """
    given = Given()
    rates = given.several("arrivals", arrivals)
    places = given.whole("slots", slots)
    if places == 1 or sd is not None or isinstance(duration, Sequence):
        if places != 1:
            what = "one exponential duration for all classes where there are several slots"
            given.refuse("slots", slots, what)
        means = given.each("duration", duration, len(rates))
        sds = means if sd is None else given.each("sd", sd, len(rates))
        given.numbers()
        return _core.priority(list(zip(rates, means, sds, strict=True)))
    (mean,) = given.and_also(duration=duration).numbers()
    return _core.priority_at_slots(rates, mean, places)


def open_cases(
    *,
    starts: float,
    duration: float,
    time: float,
    family: str = "exponential",
    sd: float | None = None,
) -> dict[str, float]:
    """Cases open after a time, from none, when there is a place for everybody (M/G/inf).

    ``mean = variance = starts E[min(S, time)]``; the number open is Poisson.

    Args:
        starts: People who start in a unit of time, at random.
        duration: Mean length of a course.
        time: Time since the first could start.
        family: ``exponential``, ``fixed``, ``gamma`` or ``lognormal``.
        sd: Standard deviation of the length, for gamma and lognormal.

    Returns:
        ``mean``, ``variance``, and ``settled``, the mean in the long run.

    >>> open_cases(starts=40, duration=6, time=2, family="fixed")["mean"]
    80.0
    """
    given = Given(starts=starts, duration=duration, time=time)
    if sd is not None:
        given.and_also(sd=sd)
    given.kind("family", family, str, "exponential, fixed, gamma, lognormal")
    numbers = given.numbers()
    spread = numbers[3] if sd is not None else None
    return _core.open_cases(numbers[0], numbers[1], numbers[2], family, spread)


def weekly_clinic(*, arrivals: float, slots: int, dispersion: float = 1.0) -> dict[str, float]:
    """The list of a clinic that is held once a week, in the long run (bulk service, Bailey 1954).

    After each clinic ``max(0, list + arrivals of the week - slots)`` people wait.

    Args:
        arrivals: People who come in a week, on average.
        slots: People who are seen at a clinic, at most 10,000.
        dispersion: Variance over mean of the arrivals of a week: 1 is Poisson, more a negative
            binomial.

    Returns:
        ``load``; ``before`` and ``after``, people waiting just before and just after a clinic, with
        ``before_sd`` and ``after_sd``; ``wait``, mean weeks until seen, if people come evenly over
        the week.

    >>> clinic = weekly_clinic(arrivals=18, slots=20)
    >>> round(clinic["before"], 2), round(clinic["after"], 2)
    (20.6, 2.6)
    """
    given = Given(arrivals=arrivals, dispersion=dispersion)
    places = given.whole("slots", slots)
    rate, spread = given.numbers()
    return _core.weekly_clinic(rate, places, spread)


def stepped_care(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Steps between which people move, each a queue of its own (a Jackson network, 1957).

    Args:
        steps: By name, ``{"arrivals": from outside in a unit of time, "duration": mean time in a
            slot, "slots": places, "moves": {name of a step: share of those who end here}}``;
            ``arrivals`` and ``moves`` may be left out.

    Returns:
        ``steps``, by name the results of `erlang_c` and ``arrivals`` from everywhere; ``present``,
        people in the service; ``time``, mean time in the service, all steps and waits together.

    >>> service = stepped_care({
    ...     "step2": {"arrivals": 24, "duration": 1, "slots": 27, "moves": {"step3": 0.12}},
    ...     "step3": {"arrivals": 4, "duration": 2.5, "slots": 20},
    ... })
    >>> round(service["steps"]["step3"]["arrivals"], 2), round(service["time"], 3)
    (6.88, 1.691)
    """
    given = Given()
    given.kind("steps", steps, Mapping, "a dict of steps by name")
    given.numbers()
    rows = []
    for name, step in steps.items():
        named = given.kind("steps", name, str, "names that are text")
        if not named or not given.kind(name, step, Mapping, f"a dict of {', '.join(_OF_A_STEP)}"):
            continue
        for key in step:
            given.known(name, key, _OF_A_STEP)
        moves = step.get("moves", {})
        if not given.kind(f"{name}.moves", moves, Mapping, "a dict of shares by name of a step"):
            continue
        for to in moves:
            given.known(f"{name}.moves", to, tuple(steps))
        shares = [given.one(f"{name}.moves.{to}", moves.get(to, 0.0)) for to in steps]
        rows.append(
            (
                name,
                given.one(f"{name}.arrivals", step.get("arrivals", 0.0)),
                given.one(f"{name}.duration", step.get("duration")),
                given.whole(f"{name}.slots", step.get("slots")),
                shares,
            )
        )
    given.numbers()
    return _core.stepped_care(rows)
