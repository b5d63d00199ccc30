"""Results, comparisons and skill mixes as Python sees them. Hand sums in the comments."""

from __future__ import annotations

import csv
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import skillmix as sm
from skillmix import Scenario
from skillmix.result import Comparison, Result, SkillMix
from skillmix.tables import csv_text, stacked

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = {
    *("weekly", "monthly", "quarterly", "yearly", "staff", "leavers", "capacity", "supervision"),
    *("rules", "cost", "finance", "budget", "unit_costs", "value", "waiting", "events"),
    "training",
}
PLAN = {
    *("summary", "staff", "flow", "capacity", "supervision", "intakes", "norms", "cost", "rules"),
    *("unit_costs", "trace"),
}


@pytest.fixture(scope="module")
def ours() -> Scenario:
    preset = Scenario.preset("talking-therapies-2025").with_({"calendar.start": "2025-04-01"})
    return preset.with_staff(pwp=18.4, hit=24.1, counsellor=3.0, pwp_trainee=4, step3_waiting=310)


@pytest.fixture(scope="module")
def autumn(ours: Scenario) -> Scenario:
    intakes = [{"course": "hit", "start": "2025-10-01", "trainees": 4}]
    return ours.with_({"training.intakes": intakes})


@pytest.fixture(scope="module")
def run(ours: Scenario) -> Result:
    return ours.project(years=2)


@pytest.fixture(scope="module")
def both(ours: Scenario, autumn: Scenario) -> Comparison:
    return sm.compare({"as now": ours, "autumn intake": autumn}, years=2)


@pytest.fixture(scope="module")
def mixes(ours: Scenario) -> SkillMix:
    return sm.skill_mix(ours, pwp_share=[0.4, 0.6], hold="wte", years=2)


# --- tables -------------------------------------------------------------------------------------


def test_a_projection_and_a_plan_have_their_tables(ours: Scenario, run: Result) -> None:
    assert set(run.tables()) >= PROJECT
    assert set(ours.plan().tables()) >= PLAN


@pytest.mark.parametrize("kind", ["plan", "project", "compare", "mix"])
def test_every_column_has_one_length_and_a_meaning(
    kind: str, ours: Scenario, run: Result, both: Comparison, mixes: SkillMix
) -> None:
    answer = {"plan": ours.plan(), "project": run, "compare": both, "mix": mixes}[kind]
    for name in answer.tables():
        columns = answer.columns(name)
        assert len({len(column) for column in columns.values()}) == 1, name
        meanings = answer.descriptions(name)
        assert [c for c in columns if not meanings.get(c)] == [], name
        assert answer.frame(name).shape == (len(next(iter(columns.values()))), len(columns))


def test_frames_come_with_units_in_pandas_and_also_in_polars(run: Result) -> None:
    assert run.frame("cost").attrs["units"]["pounds"] == "pounds"
    assert run.frame("cost", "polars").shape == run.frame("cost", "pandas").shape


def test_an_unknown_table_or_chart_is_refused_with_the_nearest(
    run: Result, both: Comparison
) -> None:
    with pytest.raises(sm.UnknownNameError, match="monthly"):
        run.frame("montly")
    with pytest.raises(KeyError):
        run.trace()
    with pytest.raises(sm.UnknownNameError, match="no table 'montly'; there are monthly"):
        both.columns("montly")
    with pytest.raises(sm.UnknownNameError, match="no chart 'wating'; there are waiting"):
        run.chart("wating")
    with pytest.raises(TypeError, match="name: the name of a table is expected, not int"):
        run.columns(3)  # type: ignore[arg-type]


def test_a_result_cannot_be_made_or_changed(run: Result) -> None:
    with pytest.raises(TypeError, match="comes from"):
        Result()
    with pytest.raises(AttributeError, match="cannot be changed"):
        run.kind = "x"  # type: ignore[misc]


def test_a_result_knows_how_it_was_made(ours: Scenario, run: Result) -> None:
    assert run.meta["hash"] == ours.hash
    assert run.meta["version"] == sm.__version__
    assert run.scenario == ours
    assert run.kind == "project"


def test_a_result_pickles(run: Result) -> None:
    again = pickle.loads(pickle.dumps(run))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(
        again.columns("weekly")["course_starts"], run.columns("weekly")["course_starts"]
    )


# --- the figures of a summary -------------------------------------------------------------------


def measures(answer: Result) -> dict[str, Any]:
    table = answer.columns("summary")
    return dict(zip(table["measure"], zip(table["value"], table["when"], strict=True), strict=True))


def test_flows_a_year_are_those_of_the_weeks(run: Result) -> None:
    # sum of the weeks / (weeks x 7 days) x 365.25 days
    weekly = run.columns("weekly")
    days = 7 * len(weekly["week"])
    for name, column in {
        "course_starts_a_year": "course_starts",
        "finishers_a_year": "finishers",
        "recoveries_a_year": "recovered",
    }.items():
        by_hand = sum(float(v) for v in weekly[column]) / days * 365.25
        assert measures(run)[name][0] == pytest.approx(by_hand)


def test_the_peak_is_the_highest_month_and_names_it(run: Result) -> None:
    table = run.frame("monthly", "pandas").set_index("month")
    monthly = table[table["complete"]]["waiting_step3"]
    value, when = measures(run)["waiting_step3_peak"]
    assert value == monthly.max()
    assert monthly[when] == value
    assert measures(run)["waiting_step3_end"][0] == monthly.iloc[-1]


def test_the_cost_of_a_year_is_the_sum_of_its_leaves(run: Result) -> None:
    cost = run.frame("cost", "pandas")
    first = cost[cost["year"] == "2025/26"]
    assert measures(run)["pounds_2025_26"][0] == pytest.approx(first["pounds"].sum())
    own = first[first["payer"] == "service"]["pounds"].sum()
    assert measures(run)["pounds_of_the_service_2025_26"][0] == pytest.approx(own)


# --- side by side -------------------------------------------------------------------------------


def test_tables_of_a_comparison_begin_with_the_scenario(both: Comparison) -> None:
    monthly = both.columns("monthly")
    assert next(iter(monthly)) == "scenario"
    labels, counts = np.unique(monthly["scenario"].astype(str), return_counts=True)
    assert list(labels) == ["as now", "autumn intake"]
    assert counts[0] == counts[1]
    assert list(both.columns("summary")["scenario"]) == ["as now", "autumn intake"]


def test_a_scenario_against_itself_differs_in_nothing(ours: Scenario) -> None:
    twins = sm.compare({"one": ours, "two": ours}, weeks=60)
    summary = twins.summary("pandas").drop(columns="scenario")
    assert summary.iloc[0].equals(summary.iloc[1])
    assert "0 more course starts a year" in " ".join(twins.words())


def test_an_intake_costs_more_and_the_words_say_so(both: Comparison) -> None:
    table = both.frame("summary", "pandas").set_index("scenario")
    more = table["pounds_2025_26"]["autumn intake"] - table["pounds_2025_26"]["as now"]
    assert more > 0  # four trainees are paid, and nothing is saved
    assert f"£{more:,.0f} more in 2025/26" in " ".join(both.words())


def test_projections_that_are_there_are_not_run_again(ours: Scenario, run: Result) -> None:
    both = sm.compare({"there": run, "new": ours})
    assert both.runs["there"] is run
    assert both.runs["new"].meta["weeks"] == run.meta["weeks"]
    assert "Take care" not in " ".join(both.words())
    assert "do not cover the same time" in sm.compare({"a": run, "b": ours}, weeks=9).words()[-1]
    with pytest.raises(TypeError, match="a Scenario is expected, not a plan"):
        sm.compare({"plan": ours.plan()})


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda s: sm.compare([s]),
            "scenarios: a dict of label and Scenario is expected, not list",
        ),
        (lambda _: sm.compare({"a": 1}), r"scenarios\['a'\]: a Scenario is expected, not int"),
        (lambda s: sm.compare({1: s}), "a label of scenarios: text is expected, not int"),
        (lambda _: sm.skill_mix(None), "scenario: a Scenario is expected, not nothing"),
        (lambda s: sm.skill_mix(s, pwp_share=None), "pwp_share: a list of numbers is expected"),
        (lambda s: sm.skill_mix(s, pwp_share="40"), "pwp_share: a list of numbers is expected"),
        (lambda s: sm.skill_mix(s, hold=3), "hold: one of budget, wte, demand is expected"),
    ],
)
def test_a_wrong_kind_of_argument_is_named(ours: Scenario, call: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call(ours)


def test_an_empty_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sm.compare({})


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_shares_outside_nought_to_one_are_refused(ours: Scenario, share: float) -> None:
    with pytest.raises(sm.ScenarioError):
        sm.skill_mix(ours, pwp_share=[share], years=1)


def test_an_unknown_thing_to_hold_is_refused(ours: Scenario) -> None:
    with pytest.raises(sm.SkillmixError, match="budget"):
        sm.skill_mix(ours, hold="budgets", years=1)


def test_one_share_is_one_mix(ours: Scenario) -> None:
    one = sm.skill_mix(ours, pwp_share=0.4, years=1)
    alike = sm.skill_mix(ours, pwp_share=[0.4], years=1)
    assert one.columns("summary") == alike.columns("summary")
    # 40:60 has both the most recoveries and the cheapest: nothing to say twice.
    assert one.words()[0].count("40:60") == 1


def test_mixes_have_labels_scenarios_and_runs(mixes: SkillMix) -> None:
    assert list(mixes.columns("summary")["mix"]) == ["40:60", "60:40"]
    assert list(mixes.runs) == list(mixes.scenarios) == ["40:60", "60:40"]
    # held by WTE: the therapists of both mixes add up to the same
    table = mixes.summary("pandas")
    total = table["pwp_wte"] + table["hit_wte"]
    assert total.iloc[0] == pytest.approx(total.iloc[1])
    assert mixes.words()


# --- files --------------------------------------------------------------------------------------


def test_csv_files_hold_the_tables(run: Result, tmp_path: Path) -> None:
    files = {file.name: file for file in run.to_csv(tmp_path / "tables")}
    assert set(files) == {f"{name}.csv" for name in run.tables()} | {"columns.csv", "made.csv"}
    with files["weekly.csv"].open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    starts = run.columns("weekly")["course_starts"]
    assert [float(line["course_starts"]) for line in lines] == list(starts)
    with files["columns.csv"].open(encoding="utf-8", newline="") as file:
        units = {(r["table"], r["column"]): r["unit"] for r in csv.DictReader(file)}
    assert units["cost", "pounds"] == "pounds"
    with files["made.csv"].open(encoding="utf-8", newline="") as file:
        made = {row["what"]: row["value"] for row in csv.DictReader(file)}
    assert made["skillmix"] == sm.__version__
    assert made["hash of the scenario"] == run.scenario.hash
    assert run.meta["data"][0]["sha256"] in made["pack talking-therapies-2025"]


def test_no_text_can_run_as_a_formula() -> None:
    starts = ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "plain"]
    text = csv_text(["t"], [[value] for value in starts])
    cells = [row[0] for row in csv.reader(text.splitlines(keepends=True))][1:]
    assert cells[:4] == ["'=1+1", "'+1", "'-1", "'@a"]
    assert text.endswith("plain\n")
    assert csv_text(["n"], [[-1.5]]) == "n\n-1.5\n"  # numbers stay numbers


def test_evil_names_are_harmless_in_files(ours: Scenario, tmp_path: Path) -> None:
    both = sm.compare({"=cmd|'/c calc'!A1": ours, "../../x": ours}, weeks=10)
    both.to_csv(tmp_path)
    text = (tmp_path / "summary.csv").read_text(encoding="utf-8")
    assert "\n'=cmd" in text
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*"))


def test_a_file_in_the_place_of_a_folder_is_a_file_error(run: Result, tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(sm.FileError, match="taken"):
        run.to_csv(path)


def test_stacking_fills_what_a_part_does_not_have() -> None:
    parts = {
        "a": {"x": np.array([1.0]), "t": np.array(["p"], dtype=object)},
        "b": {"x": np.array([2.0, 3.0])},
    }
    table = stacked(parts)
    assert list(table["scenario"]) == ["a", "b", "b"]
    assert list(table["x"]) == [1.0, 2.0, 3.0]
    assert list(table["t"]) == ["p", "", ""]


# --- in a notebook ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "project", "compare", "mix"])
def test_the_notebook_shows_words_then_a_chart_then_a_table(
    kind: str, ours: Scenario, run: Result, both: Comparison, mixes: SkillMix
) -> None:
    answer = {"plan": ours.plan(), "project": run, "compare": both, "mix": mixes}[kind]
    page = answer._repr_html_()
    places = [page.index(mark) for mark in ('class="lead"', "<svg", "<table")]
    assert places == sorted(places)
    assert "<script" not in page
    assert repr(answer).startswith("<")


def test_without_altair_the_notebook_shows_words_and_a_table(
    run: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skillmix.tables.find_spec", lambda _: None)
    page = run._repr_html_()
    assert "<svg" not in page
    assert "<table" in page
