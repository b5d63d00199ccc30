"""Closed forms of queues as Python sees them: figures of textbooks, and calls that are mistaken."""

from __future__ import annotations

import doctest
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import refused

import skillmix as sm
from skillmix import queueing

if TYPE_CHECKING:
    from collections.abc import Callable

ERLANG: dict[str, Any] = {"arrivals": 18.0, "duration": 1.0, "slots": 20}
CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (queueing.erlang_b, {"offered": 10.0, "slots": 10}),
    (queueing.erlang_c, ERLANG),
    (queueing.waits_longer, ERLANG | {"time": 1.0}),
    (queueing.wait_of_share, ERLANG | {"share": 0.9}),
    (queueing.slots_for, {"arrivals": 18.0, "duration": 1.0, "time": 1.0, "share": 0.9}),
    (queueing.erlang_a, ERLANG | {"give_up": 0.1}),
    (queueing.one_slot, {"arrivals": 0.8, "duration": 1.0, "sd": 0.5}),
    (queueing.open_cases, {"starts": 5.0, "duration": 3.0, "time": 2.0}),
    (queueing.weekly_clinic, {"arrivals": 18.0, "slots": 20}),
    (queueing.list_after, {"opening": 5.0, "arrivals": 3.0, "capacity": 2.0, "time": 4.0}),
    (queueing.load, {"demand": 3.0, "capacity": 4.0}),
    (queueing.target_mean_wait, {"target_wait": 18.0, "factor": 4.0}),
    (queueing.target_list, {"demand": 3.0, "target_wait": 18.0, "factor": 4.0}),
    (
        queueing.relief_capacity,
        {"demand": 3.0, "waiting": 90.0, "target": 9.0, "time": 26.0},
    ),
    (queueing.target_capacity, {"demand": 3.0, "target_wait": 18.0}),
    (queueing.pressure, {"mean_wait": 3.0, "target_wait": 18.0}),
]
WRONG: list[Any] = [math.nan, math.inf, -math.inf, -1, 1e300, 10**400, 10**5000]
NO_NUMBERS: list[Any] = [None, True, "5", [5], {}, 5 + 0j, np.array([1.0, 2.0])]


def test_the_worked_example_of_the_page() -> None:
    page = Path(__file__).parents[2] / "docs" / "queueing.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert (failed, tried) == (0, 12)


def test_a_published_queue() -> None:
    """Bronson (1982), example 24.6: 300 a year, two days each, three servers."""
    queue = queueing.erlang_c(arrivals=300 / 365, duration=2, slots=3)
    assert queue["waiting"] == pytest.approx(0.352, abs=5e-4)
    assert queue["present"] == pytest.approx(1.996, abs=5e-4)
    assert queue["time"] == pytest.approx(2.429, abs=5e-4)
    assert queue["p_empty"] == pytest.approx(0.17754, abs=5e-6)


def test_the_three_numbers_of_littles_law() -> None:
    assert queueing.littles_law(arrivals=20, time=12) == 240
    assert queueing.littles_law(arrivals=20, people=240) == 12
    assert queueing.littles_law(time=12, people=240) == 20
    for wrong in ({}, {"arrivals": 1.0}, {"arrivals": 1.0, "time": 1.0, "people": 1.0}):
        with pytest.raises(sm.ScenarioError, match="two of"):
            queueing.littles_law(**wrong)
    for value in (0, *WRONG, *(wrong for wrong in NO_NUMBERS if wrong is not None)):
        with pytest.raises(sm.ScenarioError) as error:
            queueing.littles_law(time=value, people=1)
        refused(error.value, "time")


def test_numbers_of_numpy_are_numbers() -> None:
    ours = queueing.erlang_c(
        arrivals=np.float32(18),
        duration=np.int64(1),
        slots=np.int32(20),  # type: ignore[arg-type]
    )
    assert ours == queueing.erlang_c(**ERLANG)
    classes = queueing.priority(
        arrivals=np.array([0.2, 0.6]),  # type: ignore[arg-type]
        duration=1,
    )
    assert [round(one["wait"], 9) for one in classes] == [1, 5]


def test_priority_by_class_and_at_several_slots() -> None:
    """Cobham: W0 = (0.2 x 2 + 0.3 x 5) / 2 = 0.95; loads 0.2 and 0.8."""
    first, second = queueing.priority(arrivals=[0.2, 0.3], duration=[1, 2], sd=[1, 1])
    assert first["wait"] == pytest.approx(0.95 / 0.8)
    assert second["wait"] == pytest.approx(0.95 / (0.8 * 0.2))
    several = queueing.priority(arrivals=[8, 10], duration=1, slots=20)
    mean = (8 * several[0]["wait"] + 10 * several[1]["wait"]) / 18
    assert mean == pytest.approx(queueing.erlang_c(**ERLANG)["wait"])
    with pytest.raises(sm.ScenarioError) as error:
        queueing.priority(arrivals=[8, 10], duration=[1, 1], slots=20)
    refused(error.value, "slots")
    with pytest.raises(sm.ScenarioError) as error:
        queueing.priority(arrivals=[0.1, 0.2], duration=[1, 1, 1])
    refused(error.value, "duration")
    with pytest.raises(sm.ScenarioError) as error:
        queueing.priority(arrivals=[], duration=1)
    refused(error.value, "arrivals")


@pytest.mark.parametrize(("function", "right"), CALLS)
def test_every_argument_is_checked(function: Callable[..., Any], right: dict[str, Any]) -> None:
    function(**right)
    for name in right:
        for value in WRONG + NO_NUMBERS:
            with pytest.raises(sm.ScenarioError) as error:
                function(**right | {name: value})
            refused(error.value, name)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(sm.ScenarioError, match="3 problems") as error:
        queueing.erlang_c(arrivals="many", duration=None, slots=1.5)  # type: ignore[arg-type]
    assert [problem.path for problem in error.value.problems] == ["arrivals", "duration", "slots"]
    with pytest.raises(sm.ScenarioError) as error:
        queueing.erlang_c(arrivals=-1, duration=0, slots=0)
    assert len(error.value.problems) == 3


def test_a_load_of_one_says_what_to_do() -> None:
    for load in (queueing.erlang_c, queueing.erlang_a):
        extra: Any = {"give_up": 0} if load is queueing.erlang_a else {}
        with pytest.raises(sm.ScenarioError, match="more slots") as error:
            load(arrivals=20, duration=1, slots=20, **extra)
        refused(error.value, "arrivals")
    with pytest.raises(sm.ScenarioError, match="more slots"):
        queueing.weekly_clinic(arrivals=21, slots=20)
    with pytest.raises(sm.ScenarioError, match="more slots"):
        queueing.one_slot(arrivals=2, duration=0.5, sd=0)


def test_ceilings_are_limits() -> None:
    with pytest.raises(sm.LimitError):
        queueing.weekly_clinic(arrivals=1, slots=10**6)
    with pytest.raises(sm.LimitError):
        queueing.erlang_c(arrivals=1, duration=1, slots=10**9)


def test_steps_that_are_mistaken() -> None:
    right: dict[str, Any] = {"arrivals": 4, "duration": 2.5, "slots": 20}
    for step, path in [
        ({"durations": 1}, "a.durations"),
        ({"moves": {"c": 0.1}}, "a.moves.c"),
        ({"moves": {"b": 1.5}}, "a.moves.b"),
        ({"moves": {"a": 0.6, "b": 0.6}}, "a.moves"),
        ({"moves": 3}, "a.moves"),
        ({"slots": 0}, "a.slots"),
        ({"arrivals": 9}, "a.arrivals"),
        ({"duration": None}, "a.duration"),
    ]:
        with pytest.raises(sm.ScenarioError) as error:
            queueing.stepped_care({"a": right | step, "b": right})
        refused(error.value, path)
    for steps in ({}, [], {"a": 3}, {1: right}, {"a": right | {"arrivals": 0}}):
        with pytest.raises(sm.ScenarioError):
            queueing.stepped_care(steps)  # type: ignore[arg-type]
    with pytest.raises(sm.ScenarioError, match="did you mean duration"):
        queueing.stepped_care({"a": {"arrivals": 4, "durations": 2.5, "slots": 20}})


def test_families_of_lengths() -> None:
    for family, sd in [("gamma", 3.0), ("exponential", None)]:
        open_ = queueing.open_cases(starts=7, duration=3, time=4, family=family, sd=sd)
        assert open_["mean"] == pytest.approx(7 * 3 * (1 - math.exp(-4 / 3)))
        assert open_["settled"] == 21
    with pytest.raises(sm.ScenarioError, match="did you mean lognormal"):
        queueing.open_cases(starts=7, duration=3, time=4, family="lognorml")
    with pytest.raises(sm.ScenarioError, match="needs a standard deviation"):
        queueing.open_cases(starts=7, duration=3, time=4, family="gamma")
    with pytest.raises(sm.ScenarioError, match="no standard deviation"):
        queueing.open_cases(starts=7, duration=3, time=4, family="fixed", sd=1)
    with pytest.raises(sm.ScenarioError):
        queueing.open_cases(starts=7, duration=3, time=4, family=3)  # type: ignore[arg-type]
