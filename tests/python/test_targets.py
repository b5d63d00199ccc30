"""``scenario.plan(to={...})``: a real service meets what is asked; bad targets are refused."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

import skillmix as sm

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.result import Result

MONTHS = ("2027-03", "2028-12")
"""First month of the target, and the last of the window: the third cohort qualifies in October."""


@pytest.fixture(scope="module")
def service() -> sm.Scenario:
    """A real service with a list, whose HITs leave and are not replaced."""
    ours = sm.public.scenario("RXL", as_of="2025-03")
    ours = ours.with_staff(pwp=18.4, hit=27.1, counsellor=6.5, pwp_trainee=4, step3_waiting=310)
    return ours.with_({"staff.hit.recruitment.policy": "frozen"})


@pytest.fixture(scope="module")
def need(service: sm.Scenario) -> Result:
    """Its plan to a wait of twelve weeks."""
    return service.plan(to={"step3_wait_weeks": 12, "by": MONTHS[0]})


def between(result: Any, column: str) -> Any:
    monthly = result.columns("monthly")
    chosen = (monthly["month"] >= MONTHS[0]) & (monthly["month"] <= MONTHS[1])
    return monthly[column][chosen]


def test_a_real_service_meets_its_target_when_it_is_run_again(
    service: sm.Scenario, need: Result
) -> None:
    assert need.met
    again = sm.Scenario.from_dict(need.scenario.to_dict()).project()
    assert between(again, "wait_step3_weeks").max() <= 12 + 1e-9
    assert between(service.project(), "wait_step3_weeks").max() > 12
    assert need.columns("places")["places"].sum() >= 1


def test_the_scenario_of_the_plan_differs_in_what_the_plan_changes(
    service: sm.Scenario, need: Result
) -> None:
    paths = {str(path) for path in need.columns("changes")["path"]}
    assert paths == set(service.diff(need.scenario)["path"])
    assert any(path.startswith("training.intakes") for path in paths)
    # The trainees who are there already stay.
    assert need.scenario.to_dict()["training"]["intakes"][0]["trainees"] == 4
    assert need.before.scenario == service


def test_one_cell_answers_places_supervision_cost_and_lists(need: Result) -> None:
    said = " ".join(need.words())
    for part in ("High-intensity training", "h a week", "Added cost", "The list for Step 3"):
        assert part in said
    assert need._repr_html_().count("<svg") == 1
    assert need.charts() == ["places", "path", "waiting"]
    assert "Places" in need.chart("places").to_json()


def test_the_page_needs_no_script(need: Result, tmp_path: Path) -> None:
    page = need.report(tmp_path / "need.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "Training places to be commissioned" in page
    assert "What does it take to meet the targets" in page
    # Each row of the summary says which target, or which course and autumn.
    for said in ("Target: the mean wait for Step 3 at most 12 weeks", "Reached: the mean wait"):
        assert said in page
    for autumn in (2025, 2026, 2027):
        assert f"High-intensity training: places in October {autumn}" in page


def test_added_pounds_are_those_of_the_two_runs(need: Result) -> None:
    added = need.columns("cost")["pounds_added"].sum()
    with_plan = need.run.columns("cost")["pounds"].sum()
    as_it_is = need.before.columns("cost")["pounds"].sum()
    assert added == pytest.approx(with_plan - as_it_is, abs=0.01)


def test_a_plan_to_targets_pickles(need: Result) -> None:
    again = pickle.loads(pickle.dumps(need))  # noqa: S301 - our own
    assert again.words() == need.words()
    assert again.scenario == need.scenario


def test_what_cannot_be_had_holds_the_best_plan(service: sm.Scenario) -> None:
    asked = {"step3_wait_weeks": 3, "by": "2027-03", "most_places": 1, "levers": "training"}
    with pytest.raises(sm.InfeasibleError) as caught:
        service.plan(to=asked)
    error = caught.value
    assert error.rule == "at most 1 place of High-intensity training in an autumn"
    assert "3 weeks" in error.asked
    assert error.best in str(error)
    assert error.rule in str(error)
    best = error.best_plan
    assert not best.met
    assert best.columns("places")["places"].max() == 1
    assert not pickle.loads(pickle.dumps(best)).met  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("to", "path", "said"),
    [
        ({"step3_waits_weeks": 12, "by": "2027-03"}, "to.step3_waits_weeks", "step3_wait_weeks"),
        ({"step3_wait_weeks": 12}, "to.by", "missing"),
        ({"step3_wait_weeks": 12, "by": "1999-01"}, "to.by", "inside the calendar"),
        ({"step3_wait_weeks": float("nan"), "by": "2027-03"}, "to.step3_wait_weeks", "0 to 520"),
        ({"step3_wait_weeks": True, "by": "2027-03"}, "to.step3_wait_weeks", "0 to 520"),
        ({"step3_wait_weeks": "12", "by": "2027-03"}, "to.step3_wait_weeks", "0 to 520"),
        ({"waiting_step3": 10**12, "by": "2027-03"}, "to.waiting_step3", "0 to 100000000"),
        ({"access_rate": 0.3, "by": "2027-03"}, "to.access_rate", "demand.need"),
        ({"hold": "step2 ", "by": "2027-03"}, "to.hold", "did you mean step2"),
        ({}, "to", "no target"),
    ],
)
def test_bad_targets_name_their_path(
    service: sm.Scenario, to: dict[str, Any], path: str, said: str
) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        service.plan(to=to)
    found = [problem for problem in caught.value.problems if problem.path == path]
    assert found, caught.value.problems
    assert said in str(found[0].message)


def test_targets_are_a_dict(service: sm.Scenario) -> None:
    with pytest.raises(TypeError, match="to: a dict of targets"):
        service.plan(to="step3_wait_weeks")  # type: ignore[arg-type]


def test_other_results_have_no_projection_of_a_plan(service: sm.Scenario) -> None:
    plan = service.plan()
    assert plan.met
    with pytest.raises(sm.UnknownNameError):
        _ = plan.run
    with pytest.raises(sm.UnknownNameError):
        _ = service.project(weeks=20).before


def test_the_words_name_years_without_places_and_a_list_that_nobody_asked_about() -> None:
    # Too few PWPs: assessments pile up, and no target is about them.
    few = sm.public.scenario("R1A", as_of="2025-03").with_staff(
        pwp=26, hit=25, counsellor=4, pwp_trainee=4, step3_waiting=600, source="made up"
    )
    need = few.plan(to={"step3_wait_weeks": 10, "by": "2028-03"})
    said = need.words()
    places = need.columns("places")
    by_year = {
        str(start)[:4]: number
        for start, number in zip(places["start"], places["places"], strict=True)
    }
    assert by_year["2025"] > 0
    assert by_year["2026"] == by_year["2027"] == 0
    assert "in 2025 and none in 2026 and 2027" in said[0]
    monthly = need.run.columns("monthly")
    lists = dict(zip(monthly["month"], monthly["waiting_assessment"], strict=True))
    assert lists["2028-12"] > 2 * lists["2025-04"]
    beware = [sentence for sentence in said if "beware" in sentence]
    assert len(beware) == 1
    assert beware[0].startswith("The list for an assessment")
    # The second month after the last cohort, of October 2027, qualifies.
    assert "The plan ends in December 2028" in said[-1]

    both = few.plan(to={"step3_wait_weeks": 10, "waiting_assessment": 9000, "by": "2028-03"})
    assert not any("beware" in sentence for sentence in both.words())
