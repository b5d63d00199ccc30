"""Where does 40:60 stop being right? The sweep over skill mixes as Python sees it."""

from __future__ import annotations

import copy
import itertools
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

import skillmix as sm

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.mixes import MixSweep

SHARES = [0.0, 0.3, 0.4, 0.5, 0.6, 1.0]
QUANTILES = ["p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"]


@pytest.fixture(scope="module")
def service() -> sm.Scenario:
    """A pack in which turnover and referrals are not known."""
    return sm.preset("talking-therapies-2025").with_(
        {
            "demand.rate.referrals": {"unsure": {"pert": [9500, 11736, 14500]}},
            "staff.pwp.leavers_per_year": {"unsure": {"pert": [0.10, 0.22, 0.35]}},
        }
    )


@pytest.fixture(scope="module")
def sweep(service: sm.Scenario) -> MixSweep:
    return sm.mix_sweep(service, shares=SHARES, demand=[0.8, 1.0], draws=16, weeks=40, seed=3)


def test_tables_have_a_row_a_share_and_level(sweep: MixSweep) -> None:
    assert sweep.tables() == ["range", "best", "curves", "mixes", "rules"]
    assert sweep.main_table == "range"
    assert list(sweep.columns("range")["demand"]) == [0.8, 1.0]
    for name in ("best", "mixes"):
        table = sweep.columns(name)
        assert list(table["share"]) == SHARES * 2
        assert list(table["demand"]) == [0.8] * 6 + [1.0] * 6
    curves = sweep.columns("curves")
    assert list(curves)[-9:] == QUANTILES
    measures = set(curves["measure"])
    assert {"course_starts", "finishers", "recovered", "cost", "cost_per_recovery"} <= measures
    assert {"wait_assessment_weeks", "wait_step2_weeks", "wait_step3_weeks"} <= measures
    assert {"supervisors_needed", "trainees_needed"} <= measures
    assert len(curves["mean"]) == 2 * 6 * len(measures)
    for name in sweep.tables():
        assert all(sweep.descriptions(name).values())


def test_quantiles_are_in_order_and_hold_the_mean(sweep: MixSweep) -> None:
    curves = sweep.columns("curves")
    finite = np.isfinite(curves["p975"])
    for low, high in itertools.pairwise(QUANTILES):
        assert (curves[low][finite] <= curves[high][finite] + 1e-9).all()
    assert (curves["mean"][finite] <= curves["p975"][finite] * (1 + 1e-9)).any()


def test_probabilities_of_being_best_add_up_to_one(sweep: MixSweep) -> None:
    best = sweep.columns("best")
    for level in (0.8, 1.0):
        here = (best["demand"] == level) & (best["same_as"] == "")
        assert best["probability_best"][here].sum() == pytest.approx(1.0)
        assert best["best"][best["demand"] == level].sum() == 1
    # sqrt(p (1 - p) / 16)
    p = best["probability_best"]
    error = np.sqrt(p * (1 - p) / 16)
    assert best["standard_error"][best["feasible"]] == pytest.approx(error[best["feasible"]])


def test_shares_without_a_family_are_rows_with_a_reason(sweep: MixSweep) -> None:
    mixes = sweep.columns("mixes")
    here = mixes["demand"] == 1.0
    assert list(mixes["feasible"][here]) == [False, True, True, True, True, False]
    assert mixes["message"][here][0].startswith("nobody assesses")
    assert mixes["message"][here][5].startswith("nobody treats at Step 3")
    rules = sweep.columns("rules")
    assert "infeasible" in set(rules["severity"])


def test_means_are_those_of_skill_mix_where_nothing_is_unsure() -> None:
    pack = sm.preset("talking-therapies-2025")
    shares = [0.4, 0.5]
    swept = sm.mix_sweep(pack, shares=shares, draws=1, years=1)
    mixes = sm.skill_mix(pack, pwp_share=shares, years=1)
    for name in ("pwp_wte", "hit_wte", "supervisors_wte", "trainees_a_year", "recurrent_pounds"):
        assert list(swept.columns("mixes")[name]) == list(mixes.columns("summary")[name])
    curves = swept.columns("curves")
    for measure in ("course_starts", "finishers", "recovered"):
        ours = curves["mean"][curves["measure"] == measure]
        theirs = [run.columns("monthly")[measure].sum() for run in mixes.runs.values()]
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert "Nothing in this scenario is unsure" in swept.words()[-1]


def test_words_say_what_cannot_be_told_apart(sweep: MixSweep) -> None:
    said = sweep.words()
    assert said[0].startswith("At this budget and this demand")
    assert any("40:60" in sentence for sentence in said)
    assert any(sentence.startswith("0:100 cannot go ahead: nobody assesses") for sentence in said)
    assert "16 worlds with seed 3" in said[-1]


def test_the_same_call_gives_the_same_figures(service: sm.Scenario, sweep: MixSweep) -> None:
    again = sm.mix_sweep(
        service, shares=SHARES, demand=[0.8, 1.0], draws=16, weeks=40, seed=3, threads=2
    )
    assert again == sweep
    assert hash(again) == hash(sweep)
    for name in sweep.tables():
        ours, theirs = sweep.columns(name), again.columns(name)
        for column in ours:
            np.testing.assert_array_equal(ours[column], theirs[column])
    assert copy.deepcopy(sweep) is sweep
    other = sm.mix_sweep(service, shares=[0.4], draws=2, weeks=8, seed=4)
    assert other != sweep


def test_a_pickle_is_the_recipe(service: sm.Scenario) -> None:
    small = sm.mix_sweep(service, shares=[0.4, 0.6], draws=4, weeks=8, objective="finishers")
    again = pickle.loads(pickle.dumps(small))  # noqa: S301
    assert again == small
    assert again.words() == small.words()
    assert small.meta["objective"] == "finishers"
    found = small.leaves("staff.pwp.leavers_per_year", 0.1, 0.3, steps=2)
    searched = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert searched == found
    assert searched.words() == found.words()


def test_a_bundle_gives_the_same_bits_again(service: sm.Scenario, tmp_path: Path) -> None:
    small = sm.mix_sweep(service, shares=[0.4, 0.6], draws=4, weeks=8)
    for answer in (small, small.leaves("demand", 0.9, 1.1, steps=1)):
        again = sm.reproduce(answer.bundle(tmp_path / "mix.skillmix"))
        assert again.answer == answer
        assert again.equal


def test_a_search_answers_with_its_uncertainty(service: sm.Scenario) -> None:
    swept = sm.mix_sweep(service, shares=[0.3, 0.4, 0.5, 0.6], draws=8, weeks=52)
    found = swept.leaves("demand", 0.3, 1.3, steps=4)
    tried = found.columns("tried")
    assert tried["value"][0] == 0.3
    assert tried["value"][-1] == 1.3
    changes = found.columns("leaves")
    inside = tried["in_range"]
    assert len(changes["before"]) == (inside[1:] != inside[:-1]).sum()
    for row in range(len(changes["before"])):
        assert changes["surely_before"][row] <= changes["before"][row]
        assert changes["surely_after"][row] >= changes["after"][row]
    assert "40:60" in found.words()[0]
    never = swept.leaves("staff.hit.leavers_per_year", 0.11, 0.12, steps=1)
    assert "never" in never.words()[0]
    assert len(never.columns("leaves")["before"]) == 0


def test_progress_is_told_and_ends_it(service: sm.Scenario) -> None:
    told: list[tuple[int, int]] = []
    sm.mix_sweep(
        service,
        shares=[0.0, 0.4],
        draws=8,
        weeks=26,
        progress=lambda done, of: told.append((done, of)),
    )
    assert told[-1] == (16, 16)

    def enough(_done: int, _of: int) -> None:
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        sm.mix_sweep(service, draws=2000, progress=enough)


@pytest.mark.parametrize(
    ("asked", "path", "said"),
    [
        ({"shares": [40]}, "shares[0]", "did you mean 0.4?"),
        ({"shares": [0.5, 0.4]}, "shares[1]", "more than the one before it"),
        ({"shares": []}, "shares", "1 to 201"),
        ({"shares": [float("nan")]}, "shares[0]", "0 to 1"),
        ({"shares": ["a"]}, "shares[0]", "a number"),
        ({"demand": []}, "demand", "1 to 101"),
        ({"demand": [0.0]}, "demand[0]", "above 0"),
        ({"objective": "recoverd"}, "objective", "did you mean recovered?"),
        ({"hold": "budgets"}, "hold", "did you mean budget?"),
        ({"design": "randm"}, "design", "did you mean random?"),
        ({"draws": 0}, "draws", "1 to"),
        ({"at_least": 5}, "at_least", "did you mean 0.05?"),
        ({"reference": 40}, "reference", "did you mean 0.4?"),
        ({"threads": 0}, "threads", "1 to"),
        ({"years": 0}, "years", "1 to"),
    ],
)
def test_what_is_not_possible_is_refused(
    service: sm.Scenario, asked: dict[str, Any], path: str, said: str
) -> None:
    with pytest.raises(sm.ScenarioError) as raised:
        sm.mix_sweep(service, **asked)
    assert raised.value.problems[0].path == path
    assert said in str(raised.value)


def test_ceilings_say_what_they_would_take(service: sm.Scenario) -> None:
    # 21 shares x 1,000,000 worlds x 20 measures x 8 bytes
    with pytest.raises(sm.LimitError, match=r"would take 3\.4 GB"):
        sm.mix_sweep(service, draws=1_000_000)
    with pytest.raises(sm.LimitError):
        sm.mix_sweep(service, shares=np.linspace(0, 1, 300))


def test_an_objective_that_needs_a_target_says_so(service: sm.Scenario) -> None:
    bare = sm.preset("iapt-2008")  # the pack of 2008 promises no wait
    with pytest.raises(sm.ScenarioError, match=r"targets\.step3_wait_weeks"):
        sm.mix_sweep(bare, objective="cost_to_meet_wait", draws=1, weeks=4)
    swept = sm.mix_sweep(
        service.with_({"targets.step3_wait_weeks": 10}),
        shares=[0.4, 0.6],
        hold="wte",
        objective="cost_to_meet_wait",
        draws=4,
        weeks=26,
    )
    assert "the least cost" in swept.words()[0]


def test_a_field_that_is_none_is_refused(sweep: MixSweep) -> None:
    with pytest.raises(sm.ScenarioError, match="did you mean"):
        sweep.leaves("staff.pwp.leaver_per_year", 0.1, 0.2)
    with pytest.raises(sm.ScenarioError, match="the first below the second"):
        sweep.leaves("demand", 1.0, 0.5)
    with pytest.raises(sm.ScenarioError, match=r"low: .*0 to 10"):
        sweep.leaves("staff.pwp.leavers_per_year", -1.0, 0.5)
    with pytest.raises(TypeError, match="path"):
        sweep.leaves(3, 0.0, 1.0)  # type: ignore[arg-type]


def test_charts_say_what_they_show(sweep: MixSweep) -> None:
    assert sweep.charts() == ["curves", "best"]
    curves = sweep.chart("curves").to_dict()
    assert "40:60" in curves["description"]
    assert "Cannot be told from the best" in curves["description"]
    assert "cross" in str(curves)
    one = sweep.chart("curves", measures=["finishers"], demand=0.8).to_dict()
    assert "Finishers" in one["description"]
    with pytest.raises(sm.UnknownNameError, match="finishers"):
        sweep.chart("curves", measures=["finisher"])
    with pytest.raises(ValueError, match="demand"):
        sweep.chart("curves", demand=3.0)
    assert "today’s: best" in sweep.chart("best").to_dict()["description"]
    found = sweep.leaves("demand", 0.9, 1.0, steps=1)
    assert "40:60" in found.chart("leaves").to_dict()["description"]


def test_pages_and_workbooks_are_written(sweep: MixSweep, tmp_path: Path) -> None:
    page = sweep.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Which share of PWPs is best" in page
    assert "nobody assesses" in page
    book = CalamineWorkbook.from_path(str(sweep.to_excel(tmp_path / "book.xlsx")))
    assert {"Range", "Best", "Curves", "Mixes", "Rules"} <= set(book.sheet_names)
    files = [file.name for file in sweep.to_csv(tmp_path / "csv")]
    assert "curves.csv" in files
    assert "cannot be told apart" in sweep._repr_html_() or "is best by" in sweep._repr_html_()
