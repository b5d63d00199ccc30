"""Many worlds from Python: tables that agree with each other, words, charts, pickles, bad calls."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import skillmix as sm
from skillmix import LimitError, ScenarioError, plot

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.comparison import Comparison
    from skillmix.result import Result

SPREADS = {
    "demand.rate.referrals": {"unsure": {"uniform": [10500.0, 13500.0]}},
    "staff.pwp.leavers_per_year": {"unsure": {"pert": [0.1, 0.22, 0.4]}},
}


@pytest.fixture(scope="module")
def unsure() -> sm.Scenario:
    return sm.preset("talking-therapies-2025").with_(SPREADS)


@pytest.fixture(scope="module")
def many(unsure: sm.Scenario) -> Result:
    return unsure.ensemble(draws=40, weeks=56, seed=3)


@pytest.fixture(scope="module")
def compared(unsure: sm.Scenario) -> Comparison:
    more = unsure.with_({"staff.pwp.posts": 40, "staff.pwp.in_post": 40, "staff.hit.posts": 40})
    return sm.compare({"as it is": unsure, "more": more}, weeks=56, draws=30, seed=3)


def test_bands_of_a_month_are_those_of_a_projection_with_draws(
    unsure: sm.Scenario, many: Result
) -> None:
    """Same worlds, same measure, the same figures in both."""
    theirs = unsure.project(weeks=56, draws=40, seed=3).columns("bands")
    ours = many.columns("bands")
    for measure in ("waiting_step3", "course_starts", "recovered"):
        here = (ours["kind"] == "month") & (ours["measure"] == measure)
        there = theirs["measure"] == measure
        assert list(ours["period"][here]) == list(theirs["month"][there])
        for column in ("mean", "p05", "p10", "p50", "p90", "p975"):
            assert ours[column][here] == pytest.approx(theirs[column][there], rel=1e-9)


def test_outcomes_summary_and_chances_agree(many: Result) -> None:
    outcomes, summary = many.columns("outcomes"), many.columns("summary")
    assert list(outcomes["world"]) == list(range(40))
    low, high = outcomes["demand.rate.referrals"].min(), outcomes["demand.rate.referrals"].max()
    assert 10500 < low < high < 13500
    for name, mean, median in zip(summary["outcome"], summary["mean"], summary["p50"], strict=True):
        assert mean == pytest.approx(outcomes[name].mean())
        assert median == pytest.approx(np.median(outcomes[name]))
    chances = many.columns("chances")
    assert ((chances["low"] <= chances["chance"]) & (chances["chance"] <= chances["high"])).all()
    assert set(chances["kind"]) == {"month", "year", "horizon"}


def test_nested_runs_tell_luck_apart(unsure: sm.Scenario) -> None:
    run = unsure.ensemble(draws=6, weeks=20, run="chance", replications=4, rules=False)
    assert run.meta["runs"] == 24
    assert "split" in run.tables()
    split = run.columns("split")
    share = split["share"][list(split["measure"]).index("recovered")]
    assert 0 <= share <= 1
    assert any("the rest is luck" in line for line in run.words())


def test_the_recipe_gives_the_same_figures(many: Result) -> None:
    again = pickle.loads(pickle.dumps(many))  # noqa: S301 - our own
    assert again == many
    assert again.kind == "ensemble"
    assert "Ensemble" in repr(again)
    for name in many.tables():
        for column, values in many.columns(name).items():
            np.testing.assert_array_equal(again.columns(name)[column], values)


def test_words_name_the_bands_and_what_they_leave_out(many: Result) -> None:
    words = many.words()
    assert words[0].startswith("In 8 of 10 worlds the Step 3 list is between ")
    assert "whether the model itself is right" in words[-1]


def test_charts_say_what_they_show(many: Result, compared: Comparison) -> None:
    assert many.charts() == ["fan", "chance"]
    fan = many.chart("fan", measure="share_within_6_weeks", limit=0.75).to_dict()
    assert "80 of 100 lie between" in fan["description"]
    assert many.chart("chance").to_dict()["description"].startswith("Chance by month")
    assert "differences" in compared.charts()
    differences = compared.chart("differences", measure="waiting_step2").to_dict()
    assert "in the same worlds" in differences["description"]
    with pytest.raises(ValueError, match="one of"):
        many.chart("fan", measure="waiting_step4")
    with pytest.raises(ValueError, match="there are chances of"):
        plot.draw(many, "chance", about="nothing")


def test_page_and_workbook(many: Result, compared: Comparison, tmp_path: Path) -> None:
    page = many.report(tmp_path / "many.html").read_text(encoding="utf-8")
    assert "How sure are we" in page
    assert "In 8 of 10 worlds" in page
    assert many.to_excel(tmp_path / "many.xlsx").stat().st_size > 10_000
    page = compared.report(tmp_path / "both.html").read_text(encoding="utf-8")
    assert "in the same worlds" in page
    assert compared.to_excel(tmp_path / "both.xlsx").stat().st_size > 10_000


def test_a_comparison_with_draws_is_paired(compared: Comparison) -> None:
    assert compared.tables()[:6] == [
        "summary",
        "differences",
        "best",
        "selection",
        "attribution",
        "outcomes",
    ]
    alone = {
        label: run.scenario.ensemble(draws=30, weeks=56, seed=3, rules=False).columns("outcomes")
        for label, run in compared.runs.items()
    }
    differences = compared.columns("differences")
    row = next(
        place
        for place, (kind, measure) in enumerate(
            zip(differences["kind"], differences["measure"], strict=True)
        )
        if kind == "horizon" and measure == "recovered"
    )
    by_hand = alone["more"]["recovered"] - alone["as it is"]["recovered"]
    assert differences["mean"][row] == pytest.approx(by_hand.mean(), rel=1e-9)
    assert differences["sd"][row] == pytest.approx(by_hand.std(ddof=1), rel=1e-6)
    assert differences["better"][row] == (by_hand > 0).mean()
    parts = compared.columns("attribution")
    here = parts["outcome"] == "recovered"
    assert parts["part"][here].sum() == pytest.approx(by_hand.mean(), rel=1e-9)
    assert compared.columns("best")["chance"].sum() == pytest.approx(1.0)
    again = pickle.loads(pickle.dumps(compared))  # noqa: S301 - our own
    for name in ("differences", "best", "selection", "attribution", "outcomes"):
        for column, values in compared.columns(name).items():
            np.testing.assert_array_equal(again.columns(name)[column], values)


def test_without_draws_a_comparison_is_what_it_was(unsure: sm.Scenario) -> None:
    found = sm.compare({"one": unsure, "other": unsure}, weeks=20)
    assert "differences" not in found.tables()
    assert "differences" not in found.charts()


def test_one_scenario_may_be_sure(unsure: sm.Scenario) -> None:
    sure = sm.preset("talking-therapies-2025")
    found = sm.compare({"unsure": unsure, "sure": sure}, weeks=20, draws=8, attribute=False)
    assert "differences" in found.tables()
    assert "attribution" not in found.tables()


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"draws": 0}, "draws"),
        ({"replications": 5}, "replications"),
        ({"design": "sobel"}, "design"),
        ({"run": "projected"}, "run"),
        ({"quantiles": "exactly"}, "quantiles"),
        ({"threads": 0}, "threads"),
        ({"weeks": 0}, "weeks"),
    ],
)
def test_bad_calls_name_what_is_wrong(
    unsure: sm.Scenario, asked: dict[str, Any], path: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        unsure.ensemble(**({"draws": 10, "weeks": 20} | asked))
    assert caught.value.problems[0].path == path


def test_ceilings_say_what_memory_it_would_take(unsure: sm.Scenario) -> None:
    with pytest.raises(LimitError, match=r"would need \d+ MB"):
        unsure.ensemble(draws=200_000, weeks=104, quantiles="exact")
    with pytest.raises(LimitError, match=r"would need \d+ MB"):
        sm.compare({"a": unsure, "b": unsure}, weeks=260, draws=50_000, attribute=False)


def test_nothing_unsure_and_bad_objectives_are_refused(unsure: sm.Scenario) -> None:
    sure = sm.preset("talking-therapies-2025")
    with pytest.raises(ScenarioError, match="no number of this scenario is unsure"):
        sure.ensemble(draws=10, weeks=20)
    assert sure.ensemble(draws=2, weeks=10, run="chance", rules=False).meta["runs"] == 2
    with pytest.raises(ScenarioError, match="recovered"):
        sm.compare({"a": unsure, "b": unsure}, weeks=10, draws=5, objective="recoverd")


def test_progress_and_what_it_raises(unsure: sm.Scenario) -> None:
    seen: list[tuple[int, int]] = []
    unsure.ensemble(draws=64, weeks=20, progress=lambda done, all_: seen.append((done, all_)))
    assert seen[-1] == (64, 64)

    def enough(done: int, _: int) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        unsure.ensemble(draws=100_000, weeks=52, progress=enough)
