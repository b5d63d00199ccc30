"""Calls that are mistaken: wrong numbers, arguments, names, arrays and frames.

The numbers of the tests (B025, ...) are those of the list of bad inputs in ``README.md`` beside
this file.
"""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from conftest import PACK, digest

import skillmix as sm
from skillmix import Scenario, public

if TYPE_CHECKING:
    from collections.abc import Callable

    from skillmix.tables import Answer

LOOSE: Any = sm  # called as no type checker would let it be called


# --- numbers of a run ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"years": 0}, sm.ScenarioError),
        ({"years": -1}, sm.ScenarioError),
        ({"years": 1000}, sm.LimitError),
        ({"years": 1.0}, sm.ScenarioError),
        ({"weeks": 0}, sm.ScenarioError),
        ({"weeks": 1.5}, sm.ScenarioError),
        ({"weeks": "52"}, sm.ScenarioError),
        ({"weeks": 10**30}, sm.LimitError),
        ({"weeks": float("nan")}, sm.ScenarioError),
        ({"draws": 0}, sm.ScenarioError),
        ({"draws": -5}, sm.ScenarioError),
        ({"draws": 10**9}, sm.LimitError),
        ({"draws": True}, sm.ScenarioError),
        ({"seed": -1}, sm.ScenarioError),
        ({"seed": 2**64}, sm.LimitError),
        ({"seed": True}, sm.ScenarioError),
        ({"seed": 1.5}, sm.ScenarioError),
        ({"seed": "abc"}, sm.ScenarioError),
        ({"seed": []}, sm.ScenarioError),
    ],
)
def test_b025_b026_a_wrong_number_of_a_run_is_named(
    ours: Scenario, wrong: dict[str, Any], kind: type[sm.ScenarioError]
) -> None:
    (argument, value) = next(iter(wrong.items()))
    for asked in (wrong, {"draws": 4} | wrong, {"seed": 1} | wrong):
        with pytest.raises(kind, match=argument) as caught:
            ours.project(**asked)
        (problem,) = caught.value.problems
        assert problem.path == argument
        assert str(value) in problem.value.replace("'", "")
        assert any(digit in problem.expected for digit in "0123456789")


def test_b025_the_seed_of_a_run_is_recorded(ours: Scenario) -> None:
    for seed in (0, 1, 2**64 - 1):
        assert ours.project(weeks=4, draws=3, seed=seed).meta["seed"] == seed
    left_out = ours.project(weeks=4, draws=3)
    again = ours.project(weeks=4, draws=3, seed=left_out.meta["seed"])
    assert digest(left_out) == digest(again)


def test_years_and_weeks_together_are_refused(ours: Scenario) -> None:
    with pytest.raises(sm.ScenarioError, match="at most one of them"):
        ours.project(years=1, weeks=52)


# --- arguments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda _: LOOSE.compare(None), "scenarios"),
        (lambda _: LOOSE.compare({"a": 123}), "scenarios"),
        (lambda _: LOOSE.compare({"a": {}}), "scenarios"),
        (lambda s: LOOSE.compare({"a": s}, year=3), "year"),
        (lambda s: LOOSE.compare({"a": s}, 3), "positional"),
        (lambda _: LOOSE.skill_mix(123), "scenario"),
        (lambda _: LOOSE.skill_mix({}), "scenario"),
        (lambda s: LOOSE.skill_mix(s, [0.4]), "positional"),
        (lambda s: LOOSE.skill_mix(s, shares=[0.4]), "shares"),
        (lambda s: LOOSE.skill_mix(s, pwp_share=[True]), "pwp_share"),
        (lambda s: LOOSE.skill_mix(s, pwp_share=[None]), "pwp_share"),
        (lambda s: s.project(5), "positional"),
        (lambda s: s.project(year=5), "year"),
        (lambda s: s.plan(5), "positional"),
        (lambda s: s.with_(1, 2), "positional"),
        (lambda s: s.with_({3: 1}), "path"),
        (lambda s: s.with_({None: 1}), "path"),
        (lambda s: s.with_staff(3), "positional"),
        (lambda s: s.to_dict(True), "positional"),
        (lambda s: s.diff({}), "other"),
        (lambda s: s.save(None), "path"),
        (lambda s: s.plan().report(3), "path"),
        (lambda s: s.plan().to_csv(None), "path"),
        (lambda s: s.plan().columns(None), "name"),
        (lambda s: s.plan().chart(3), "name"),
        (lambda s: LOOSE.compare({"a": s}, weeks=9).columns(None), "name"),
        (lambda s: LOOSE.compare({"a": s}, weeks=9).units([]), "name"),
        (lambda _: LOOSE.public.scenario(None), "code"),
        (lambda _: LOOSE.public.scenario("RXL", pack=3), "pack"),
        (lambda _: LOOSE.public.monthly(3), "code"),
        (lambda _: LOOSE.public.read_monthly(None), "path"),
    ],
)
def test_b070_a_wrong_argument_is_named(
    preset: Scenario, call: Callable[[Scenario], Any], named: str
) -> None:
    with pytest.raises(TypeError, match=named):
        call(preset)


def test_b070_empty_dicts_are_scenario_errors() -> None:
    with pytest.raises(sm.ScenarioError, match="schema"):
        Scenario.from_dict({})
    with pytest.raises(sm.ScenarioError, match="at least one"):
        sm.compare({})


@pytest.mark.parametrize("huge", [10**400, 1e300, float("inf"), float("nan"), -1, "1e3", True])
def test_absurd_staff_is_named(preset: Scenario, huge: Any) -> None:
    for role in ("pwp", "pwp_trainee", "step3_waiting"):
        path = {"pwp": r"staff\.pwp", "pwp_trainee": "training", "step3_waiting": "waiting"}[role]
        with pytest.raises(sm.ScenarioError, match=path):
            preset.with_staff(**{role: huge})
    with pytest.raises(sm.ScenarioError, match="start"):
        preset.with_staff(pwp_trainee=4, trainees_since="2025-02-30")


@pytest.mark.parametrize("share", [-0.1, 1.2, 40, float("nan"), float("inf"), 10**400])
def test_absurd_shares_are_named(preset: Scenario, share: Any) -> None:
    with pytest.raises(sm.ScenarioError, match="pwp_share"):
        sm.skill_mix(preset, pwp_share=[0.5, share], years=1)


# --- names that are not there -------------------------------------------------------------------

NEAREST: list[tuple[str, type[Exception], Callable[[Any], Any], str]] = [
    ("band", sm.ScenarioError, lambda s: s.with_({"staff.pwp.band": "8"}), "8a"),
    ("role", sm.ScenarioError, lambda s: s.with_staff(counselor=3.0), "counsellor"),
    ("role", sm.ScenarioError, lambda s: s.with_({"pathway.step3.cbt.roles": ["hot"]}), "hit"),
    ("field", sm.ScenarioError, lambda s: s.with_({"demand.seson": []}), "season"),
    ("pack", sm.ScenarioError, lambda _: sm.preset("iapt-2007"), "iapt-2008"),
    ("pack", sm.ScenarioError, lambda _: public.scenario("RXL", pack="iapt"), "iapt-2008"),
    ("service", sm.DataError, lambda _: public.scenario("blackpool"), "RXL"),
    ("service", sm.DataError, lambda _: public.monthly("RXX"), "RXX1Y"),
    ("hold", sm.ScenarioError, lambda s: sm.skill_mix(s, hold="budgt"), "budget"),
    (
        "course",
        sm.ScenarioError,
        lambda s: s.with_(
            {"training.intakes": [{"course": "hi", "start": "2025-10-01", "trainees": 1}]}
        ),
        "hit",
    ),
]


@pytest.mark.parametrize(("what", "kind", "call", "offered"), NEAREST)
def test_b080_a_name_that_is_not_there_offers_the_nearest(
    preset: Scenario, what: str, kind: type[Exception], call: Any, offered: str
) -> None:
    with pytest.raises(kind, match=offered):
        call(preset)
    assert what


@pytest.mark.parametrize("kind", ["plan", "project", "comparison", "mix", "targets", "region"])
def test_b080_tables_charts_and_columns_offer_the_nearest(
    answers: dict[str, Answer], kind: str
) -> None:
    answer = answers[kind]
    for name in answer.tables():
        wrong = f"{name[:2]}{name[3:]}"
        for ask in (answer.columns, answer.frame, answer.units, answer.descriptions):
            with pytest.raises(sm.UnknownNameError) as caught:
                ask(wrong)
            assert str(caught.value).split("there are ")[1].startswith(name)
        columns = answer.columns(name)
        longest = max(columns, key=len)
        with pytest.raises(KeyError) as missing:
            columns[f"{longest}x"]
        assert str(missing.value).split("there are ")[1].startswith(longest)
    for name in answer.charts():
        with pytest.raises(sm.UnknownNameError, match=f"there are {name}"):
            answer.chart(f"{name}x")
    assert not columns.get("none")


# --- arrays and frames --------------------------------------------------------------------------

SEASON = [1.1, 1.0, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9, 1.1, 1.0, 1.0, 1.0]
STRIDED = np.array([x for value in SEASON for x in (value, 99.0)])
READ_ONLY = np.array(SEASON)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    "season",
    [
        np.array(SEASON),
        STRIDED[::2],
        np.array(SEASON[::-1])[::-1],
        READ_ONLY,
        np.array(SEASON, dtype=">f8"),
        np.array(SEASON, dtype=object),
        pd.Series(SEASON, index=range(5, 17)),
        pd.Series(SEASON, dtype="Float64"),
        tuple(SEASON),
    ],
)
def test_b063_every_layout_of_an_array_is_the_same(preset: Scenario, season: Any) -> None:
    before = copy.deepcopy(season)
    assert preset.with_({"demand.season": season}) == preset.with_({"demand.season": SEASON})
    assert list(season) == list(before)


def test_b063_a_short_float_is_read_as_what_it_holds(preset: Scenario) -> None:
    # 1.1 in half precision is 1.099609375 exactly
    half = np.array([1.1, 1.0], dtype=np.float16)
    made = preset.with_({"staff.pwp.in_post": half[0]})
    assert made.to_dict()["staff"]["pwp"]["in_post"] == 1.099609375


@pytest.mark.parametrize(
    "season",
    [
        np.array(1.0),
        np.ones((12, 1)),
        np.ones((2, 3, 2)),
        np.array([*SEASON[:-1], "x"], dtype=object),
        np.array([*SEASON[:-1], np.nan]),
        pd.Series([*SEASON[:-1], pd.NA], dtype="Float64"),
        pd.Series(SEASON[:-1]),
        pd.Series(SEASON).astype("int8"),  # 0.9 is 0 there, so the mean is not 1
        pd.Series([str(value) for value in SEASON], dtype="category"),
        pd.DataFrame({"season": SEASON}),
        pd.MultiIndex.from_product([[1.0], range(12)]),
        pd.Series([], dtype=float),
    ],
)
def test_b062_b063_what_is_not_twelve_numbers_is_refused_by_path(
    preset: Scenario, season: Any
) -> None:
    with pytest.raises(sm.ScenarioError, match=r"demand\.season"):
        preset.with_({"demand.season": season})


@pytest.mark.parametrize(
    "value",
    [pd.NA, pd.NaT, np.array("x"), pd.Timestamp("2025-04-01", tz="UTC"), np.timedelta64(3, "D")],
)
def test_b062_odd_scalars_are_refused_by_path(preset: Scenario, value: Any) -> None:
    for path in ("staff.pwp.in_post", "calendar.start"):
        with pytest.raises(sm.ScenarioError, match=path):
            preset.with_({path: value})


@pytest.mark.parametrize("number", [np.int8(24), np.float32(24), np.uint64(24), np.array(24)])
def test_b063_numbers_of_numpy_are_exact(preset: Scenario, number: Any) -> None:
    path = "staff.pwp.in_post"
    assert preset.with_({path: number}).hash == preset.with_({path: 24}).hash


def test_b066_inputs_are_copied_at_the_call(preset: Scenario) -> None:
    season, months, going = np.array(SEASON), {"notes": ["a"]}, threading.Event()
    going.set()

    def change() -> None:
        while going.is_set():
            season[0], season[1] = 1.1, 1.0
            months["notes"].append("b")
            del months["notes"][1:]

    thread = threading.Thread(target=change)
    thread.start()
    try:
        made = preset.with_({"demand.season": season})
        run = digest(made.project(weeks=10))
        for _ in range(50):
            tree = Scenario.from_dict({"schema": 1, "pack": PACK, **months}).to_dict()
            assert set(tree["notes"]) <= {"a", "b"}
    finally:
        going.clear()
        thread.join()
    season[:] = 5.0
    months["notes"] += ["c"]
    assert digest(made.project(weeks=10)) == run
    assert "c" not in tree["notes"]
