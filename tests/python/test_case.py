"""The business case: its tables agree with the runs they come from, and with hand-made services.

Figures are held against the tables of ``project`` summed here in another way, or against services
so simple that the answer is known beforehand.
"""

from __future__ import annotations

import math
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PACK

import skillmix as sm
from skillmix import Scenario, case_risks
from skillmix.case_columns import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.case import BusinessCase

TO = {"step3_wait_weeks": 10, "by": "2026-10", "completed_courses": {"2027/28 Q4": 1_000_000}}


@pytest.fixture(scope="module")
def now() -> Scenario:
    preset = Scenario.preset(PACK).with_({"calendar.start": "2025-04-01"})
    return preset.with_staff(pwp=20, hit=24, counsellor=5.5, pwp_trainee=2, step3_waiting=400)


@pytest.fixture(scope="module")
def autumn(now: Scenario) -> Scenario:
    intakes = [
        {"course": "hit", "start": "2025-10-01", "trainees": 6, "at": "the university"},
        {"course": "pwp", "start": "2025-10-01", "trainees": 4},
    ]
    return now.with_({"name": "autumn", "training.intakes": intakes, "staff.hit.posts": 30})


@pytest.fixture(scope="module")
def case(now: Scenario, autumn: Scenario) -> BusinessCase:
    return sm.business_case({"autumn": autumn}, now=now, to=TO, years=3)


def rows(case: BusinessCase, table: str, **where: Any) -> list[dict[str, Any]]:
    columns = case.columns(table)
    found = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [row for row in found if all(row[name] == value for name, value in where.items())]


# --- the set ------------------------------------------------------------------------------------


def test_every_table_has_the_columns_it_promises(case: BusinessCase) -> None:
    assert case.tables() == list(TABLES)
    for name, promised in TABLES.items():
        columns = case.columns(name)
        assert list(columns) == list(promised) == list(case.units(name))
        assert len({len(values) for values in columns.values()}) == 1
        assert all(case.descriptions(name).values())
        assert len(case.frame(name)) == len(next(iter(columns.values())))
        kinds = {
            "text": "O",
            "number": "f",
            "whole": "i",
            "yes": "b",
            "day": "M",
        }
        for column, about in promised.items():
            assert columns[column].dtype.kind == kinds[about.kind], (name, column)


def test_polars_frames_have_the_same_shape(case: BusinessCase) -> None:
    for name in case.tables():
        assert case.frame(name, "polars").shape == case.frame(name, "pandas").shape


def test_what_is_done_to_a_column_does_not_change_the_case(case: BusinessCase) -> None:
    before = case.columns("options")["pounds"][0]
    case.columns("options")["pounds"][0] = 0.0
    assert case.columns("options")["pounds"][0] == before > 0


def test_a_pickle_gives_the_same_case(case: BusinessCase) -> None:
    again = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own
    for name in case.tables():
        for column, values in case.columns(name).items():
            there = again.columns(name)[column]
            assert repr(values.tolist()) == repr(there.tolist()), (name, column)


# --- trajectory ---------------------------------------------------------------------------------


def test_the_trajectory_is_that_of_the_runs(case: BusinessCase, autumn: Scenario) -> None:
    quarterly = autumn.project(years=3).columns("quarterly")
    for measure in ("referrals", "finishers", "wait_step3_weeks", "reliable_recovery"):
        here = rows(case, "trajectory", measure=measure)
        # three years have twelve quarters; the three days of the thirteenth are left out
        assert [row["quarter"] for row in here] == list(quarterly["quarter"][:12])
        assert [row["reached"] for row in here] == list(quarterly[measure][:12])


def test_an_asked_target_holds_from_its_month(case: BusinessCase) -> None:
    # the pack asks for 12.86 weeks (90 days); 10 weeks are asked for from October 2026
    targets = {r["quarter"]: r for r in rows(case, "trajectory", measure="wait_step3_weeks")}
    assert targets["2026/27 Q2"]["target"] == 12.86
    assert targets["2026/27 Q3"]["target"] == 10
    for row in targets.values():
        assert row["gap"] == row["target"] - row["reached"]
        assert row["met"] == ("yes" if row["reached"] <= row["target"] else "no")


def test_a_target_of_one_quarter_stands_in_it_alone(case: BusinessCase) -> None:
    here = rows(case, "trajectory", measure="finishers")
    assert [row["target"] for row in here if not math.isnan(row["target"])] == [1_000_000]
    last = here[-1]
    assert (last["quarter"], last["met"]) == ("2027/28 Q4", "no")
    assert last["gap"] == last["reached"] - 1_000_000
    assert {row["met"] for row in here[:-1]} == {""}


def test_twelve_months_of_first_treatments(now: Scenario) -> None:
    case = sm.business_case(now, to={"first_treatments": 1, "by": "2026-04"}, years=2)
    here = {r["quarter"]: r for r in rows(case, "trajectory", measure="first_treatments_12_months")}
    plain = [r["reached"] for r in rows(case, "trajectory", measure="first_treatments")]
    # the twelve months from April 2026 end with the quarter January to March 2027
    assert [q for q, r in here.items() if r["target"] == 1] == ["2026/27 Q4"]
    assert here["2026/27 Q4"]["reached"] == pytest.approx(sum(plain[4:8]), rel=1e-12)
    assert math.isnan(here["2025/26 Q3"]["reached"])
    assert here["2025/26 Q4"]["reached"] == pytest.approx(sum(plain[:4]), rel=1e-12)


# --- staff, intakes, cost, supervision ----------------------------------------------------------


def test_staff_add_up_from_year_to_year(case: BusinessCase) -> None:
    # in post at the year's end = before + joined + qualified into the role - left - moved - those
    # who qualified out of training: for roles that nobody trains in, the first four
    for role, opening in (("hit", 24.0), ("counsellor", 5.5), ("pwp", 20.0)):
        before = opening
        for row in rows(case, "staff", role=role):
            flows = row["joined"] + row["qualified"] - row["left"] - row["moved_to_training"]
            # the year ends inside a week: leavers of that week leave at its end
            assert row["in_post"] == pytest.approx(before + flows, abs=0.2)
            assert row["vacant"] == pytest.approx(max(row["posts"] - row["in_post"], 0), abs=1e-9)
            before = row["in_post"]


def test_intakes_and_their_ramps_stand_by_date(case: BusinessCase) -> None:
    training = rows(case, "intakes", kind="training", name="hit")
    assert [(str(r["date"]), r["trainees"], r["at"]) for r in training] == [
        ("2025-10-01", 6, "the university"),
        ("2025-11-01", 6, ""),
        ("2025-12-01", 6, ""),
        ("2026-04-01", 6, ""),
        ("2026-10-01", 6, ""),
    ]
    assert training[0]["event"].startswith("start")
    assert training[-1]["event"] == "qualify"
    days = [str(row["date"]) for row in rows(case, "intakes")]
    assert days == sorted(days)


def test_changes_of_posts_and_freezes_stand_by_date(autumn: Scenario) -> None:
    """Posts 30 to 32 on 1 June; a freeze to 30 September ends on the day after."""
    changed = autumn.with_(
        {
            "staff.hit.posts_changes": [{"from": "2025-06-01", "posts": 32}],
            "staff.pwp.recruitment.freezes": [{"from": "2025-07-01", "to": "2025-09-30"}],
        }
    )
    here = rows(sm.business_case(changed, years=1), "intakes", kind="posts")
    assert [(str(row["date"])[:10], row["name"], row["event"]) for row in here] == [
        ("2025-06-01", "hit", "posts from 30 to 32 WTE"),
        ("2025-07-01", "pwp", "nothing is advertised from here"),
        ("2025-10-01", "pwp", "posts are advertised again"),
    ]
    assert here[0]["title"] == "High Intensity Therapist"
    events = changed.project(years=1).columns("events")
    assert {r for r, c in zip(events["role"], events["course"], strict=True) if not c} == {
        "hit",
        "pwp",
    }


def test_recruitment_is_what_joined_by_quarter(case: BusinessCase, autumn: Scenario) -> None:
    staff = autumn.project(years=3).columns("staff")
    joined = sum(
        wte
        for wte, role, month in zip(staff["joined"], staff["role"], staff["month"], strict=True)
        if role == "hit" and month in ("2025-07", "2025-08", "2025-09")
    )
    here = rows(case, "intakes", kind="recruitment", name="hit", month="2025-07")
    assert [row["wte"] for row in here] == [pytest.approx(joined, rel=1e-12)]


def test_every_pound_stands_in_one_row(case: BusinessCase, autumn: Scenario) -> None:
    yearly = autumn.project(years=3).columns("cost")
    for year in ("2025/26", "2026/27", "2027/28"):
        here = rows(case, "cost", year=year)
        keys = [(r["line"], r["payer"], r["recurrent"], r["funding"]) for r in here]
        assert len(set(keys)) == len(keys)
        total = yearly["pounds"][yearly["year"] == year].sum()
        assert sum(row["pounds"] for row in here) == pytest.approx(total, abs=0.005)
        later = yearly["pounds_full_year"][yearly["year"] == year].sum()
        assert sum(row["pounds_full_year"] for row in here) == pytest.approx(later, abs=0.005)
        for row in here:
            assert row["extra"] == pytest.approx(row["pounds"] - row["do_minimum"], abs=1e-6)
            for name in ("pounds", "pounds_full_year", "do_minimum", "extra"):
                assert row[name] == round(row[name], 2)  # whole pence
    # six high-intensity and four PWP courses at the pack's 10,000 and 5,000 pounds
    fees = sum(row["pounds"] for row in rows(case, "cost", line="course_fee"))
    assert fees == 6 * 10_000 + 4 * 5_000
    assert sum(row["do_minimum"] for row in rows(case, "cost", line="course_fee")) == 0


def test_supervision_names_kept_and_broken_rules(now: Scenario) -> None:
    kept = rows(sm.business_case(now, years=1), "supervision")
    assert {row["kept"] for row in kept} == {True}
    # 5.5 counsellors, none of whom is trained to supervise the others
    nobody = {"supervision.norms.counselling_clinical.trained": {"counsellor": 0}}
    rule = "supervision_hours.counselling_clinical"
    broken = rows(sm.business_case(now.with_(nobody), years=1), "supervision", rule=rule)
    assert [(row["kept"], row["first_month"]) for row in broken] == [(False, "2025-04")]
    assert broken[0]["months_broken"] >= 12
    assert broken[0]["hours_unmet"] == pytest.approx(5.5, abs=0.1)  # an hour a week each
    assert "counselling" in broken[0]["message"]


# --- options ------------------------------------------------------------------------------------


def test_doing_nothing_recruits_and_trains_nobody(case: BusinessCase) -> None:
    run = case.runs["do nothing"]
    staff = run.columns("staff")
    assert staff["joined"].sum() == 0
    # the two who are in training already qualify: nobody else starts
    assert set(run.columns("events")["course"]) == {"pwp"}
    nothing, least, ours = rows(case, "options")
    assert [row["option"] for row in (nothing, least, ours)] == [
        "do nothing",
        "do minimum",
        "autumn",
    ]
    assert nothing["in_post_end"] < least["in_post_end"] < ours["in_post_end"]
    assert nothing["pounds"] < least["pounds"] < ours["pounds"]
    assert least["extra_pounds"] == least["extra_finishers"] == 0
    assert ours["extra_pounds"] == pytest.approx(ours["pounds"] - least["pounds"])


def test_do_minimum_fills_posts_that_are_frozen(now: Scenario) -> None:
    frozen = now.with_({"staff.hit.recruitment.policy": "frozen"})
    case = sm.business_case(frozen, years=1)
    joined = case.runs["do minimum"].columns("staff")
    assert joined["joined"][joined["role"] == "hit"].sum() > 0
    ours = case.runs["preferred"].columns("staff")
    assert ours["joined"][ours["role"] == "hit"].sum() == 0


def test_agency_and_freezes(now: Scenario) -> None:
    here = "staff.hit.recruitment"
    agency = {"share_of_vacancies": 1.0, "premium": 0.4}
    freeze = {"from": "2025-04-01", "to": "2026-03-31"}
    later = [{"from": "2025-10-01", "posts": 40}]
    changes = {
        f"{here}.agency": agency,
        f"{here}.freezes": [freeze],
        "staff.hit.posts_changes": later,
    }
    case = sm.business_case(now.with_(changes), years=1)
    nothing = case.runs["do nothing"].scenario.to_dict(complete=True)["staff"]["hit"]
    assert nothing["recruitment"]["agency"]["share_of_vacancies"] == 0
    least = case.runs["do minimum"].scenario.to_dict(complete=True)["staff"]["hit"]
    assert not least["recruitment"].get("freezes")
    assert not least.get("posts_changes")
    assert least["recruitment"]["agency"]["share_of_vacancies"] == 1
    joined = case.runs["do minimum"].columns("staff")
    assert joined["joined"][joined["role"] == "hit"].sum() > 0


def test_a_plan_to_targets_is_a_proposal(now: Scenario) -> None:
    plan = now.plan(to={"step3_wait_weeks": 6, "by": "2027-10"})
    case = sm.business_case(plan, years=3)
    assert case.scenario == plan.scenario
    here = {r["quarter"]: r for r in rows(case, "trajectory", measure="wait_step3_weeks")}
    assert here["2027/28 Q3"]["target"] == 6
    assert here["2027/28 Q3"]["met"] == here["2027/28 Q4"]["met"] == "yes"
    # do minimum is the service without the plan: at least one quarter would miss the target
    assert max(here[f"2027/28 Q{n}"]["do_minimum"] for n in (3, 4)) > 6
    with pytest.raises(TypeError, match="not a project"):
        sm.business_case(now.project(years=1))


def test_intakes_of_the_service_as_it_is_are_planned(now: Scenario, autumn: Scenario) -> None:
    with_plan = sm.business_case(autumn, now=autumn, years=1).runs["do minimum"]
    assert set(with_plan.columns("events")["course"]) == {"hit", "pwp"}
    without = sm.business_case(autumn, years=1).runs["do minimum"]
    assert set(without.columns("events")["course"]) == {"pwp"}
    assert now.to_dict()["training"]["intakes"][0]["start"] == "2024-10-01"


def test_options_agree_with_the_other_tables(case: BusinessCase) -> None:
    ours = rows(case, "options", preferred=True)[0]
    cost = rows(case, "cost")
    assert ours["pounds"] == pytest.approx(sum(row["pounds"] for row in cost), abs=0.01)
    paid = sum(row["pounds"] for row in cost if row["payer"] == "service")
    assert ours["service_pounds"] == pytest.approx(paid, abs=0.01)
    later = [row["pounds_full_year"] for row in cost if row["year"] == "2027/28"]
    assert ours["pounds_full_year"] == pytest.approx(sum(later), abs=0.01)
    above = [row["pounds"] for row in cost if row["funding"] == "pressure"]
    assert ours["pressure_pounds"] == pytest.approx(sum(above), abs=0.01)
    finishers = sum(row["reached"] for row in rows(case, "trajectory", measure="finishers"))
    assert ours["finishers"] == pytest.approx(finishers, rel=1e-9)
    waits = [row["reached"] for row in rows(case, "trajectory", measure="wait_step3_weeks")]
    assert (ours["wait_step3_weeks_peak"], ours["wait_step3_weeks_end"]) == (max(waits), waits[-1])
    missed = rows(case, "trajectory", quarter="2027/28 Q4", met="no")
    assert ours["targets_missed_end"] == len(missed)
    last = rows(case, "staff", year="2027/28")
    assert ours["in_post_end"] == pytest.approx(sum(row["in_post"] for row in last))


# --- risks --------------------------------------------------------------------------------------


def test_a_risk_is_a_run_with_the_field_at_its_bad_end(
    case: BusinessCase, autumn: Scenario
) -> None:
    path = "staff.pwp.leavers_per_year"
    risk = rows(case, "risks", path=path)[0]
    pack = sm.reference.assumptions(PACK).set_index("path").loc[path]
    assert risk["tested"] == float(pack["high"])
    run = autumn.with_({path: risk["tested"]}).project(years=3)
    quarterly, cost = run.columns("quarterly"), run.columns("cost")
    assert risk["wait_step3_weeks"] == quarterly["wait_step3_weeks"][11]
    assert risk["finishers"] == pytest.approx(quarterly["finishers"][:12].sum(), rel=1e-9)
    kept = cost["pounds"][cost["year"] < "2028/29"].sum()
    assert risk["pounds"] == pytest.approx(kept, abs=0.01)
    ours = rows(case, "options", preferred=True)[0]
    assert risk["extra_pounds"] == pytest.approx(risk["pounds"] - ours["pounds"], abs=0.01)


def test_a_trigger_is_where_the_target_is_first_missed(now: Scenario, autumn: Scenario) -> None:
    to = {"step3_wait_weeks": 5, "by": "2027-04"}
    case = sm.business_case(autumn, now=now, to=to, years=3)
    found = [r for r in rows(case, "risks") if r["target"] == "Mean wait for Step 3"]
    assert found
    for risk in found:
        wait = [
            autumn.with_({risk["path"]: value})
            .project(years=3)
            .columns("quarterly")["wait_step3_weeks"][11]
            for value in (
                risk["trigger"],
                # a little before it: 1 / 2,048 of twice the way to the bad end
                risk["trigger"] - (risk["tested"] - risk["value"]) / 1024,
            )
        ]
        assert wait[0] > 5 >= wait[1], risk["risk"]


def test_only_routes_that_somebody_takes_are_risks(case: BusinessCase, autumn: Scenario) -> None:
    """Nobody of the case names a route, so that all take the standard one; then one is named."""
    routes = [row["path"] for row in rows(case, "risks") if ".routes." in row["path"]]
    assert len(routes) == 4  # two courses: the first modules, the resit
    assert all(".routes.standard." in path for path in routes)
    one = {"course": "pwp", "start": "2025-10-01", "trainees": 4, "route": "graduate"}
    named = autumn.with_({"training.intakes": [one]})
    found = {
        risk.path.split(".")[4] for risk in case_risks.risks_of(named) if ".routes." in risk.path
    }
    assert found == {"standard", "graduate"}  # those who are in training already took the standard


def test_a_target_missed_already_is_not_said_to_be_safe(case: BusinessCase) -> None:
    """A million completed courses are missed whatever happens: only the others can be kept."""
    said = {str(row["says"]) for row in rows(case, "risks") if "up to" in str(row["says"])}
    assert said
    assert all(text.startswith("none of the targets that are met is missed") for text in said)
    missed = next(text for text in case.words() if "missed:" in text)
    assert " instead of 1,000,000 people" in missed
    assert "mean wait for step" not in missed


def test_risks_leave_the_owner_to_the_planner(case: BusinessCase) -> None:
    assert set(case.columns("risks")["owner"]) == {""}
    assert set(case.columns("assumptions")["owner"]) == {"to be named"}


def test_a_stated_spread_is_the_range(now: Scenario) -> None:
    path = "staff.hit.leavers_per_year"
    case = sm.business_case(now.with_({path: {"unsure": {"pert": [0.1, 0.12, 0.4]}}}), years=1)
    risk = rows(case, "risks", path=path)[0]
    assert (risk["tested"], risk["range"]) == (0.4, "stated as unsure")


def test_a_value_beyond_every_range_is_not_tested(now: Scenario) -> None:
    path = "staff.hit.leavers_per_year"
    risk = rows(sm.business_case(now.with_({path: 0.9}), years=1), "risks", path=path)[0]
    assert math.isnan(risk["tested"])
    assert "not tested" in risk["says"]


# --- the example of docs/business_case.md --------------------------------------------------------


def test_doing_nothing_in_the_worked_example(case: BusinessCase) -> None:
    # 12 % leave a year, at the end of each week; 52 weeks end in 2025/26 and 156 in the three years
    staff = case.runs["do nothing"].columns("staff")
    for month, weeks, said in (("2026-03", 52, 21.29), ("2028-03", 156, 16.76)):
        here = staff["in_post"][(staff["role"] == "hit") & (staff["month"] == month)][0]
        assert here == pytest.approx(24 * math.exp(-0.12 * weeks * 7 / 365.25), rel=1e-9)
        assert round(here, 2) == said


def test_fees_in_the_worked_example(case: BusinessCase) -> None:
    fees = rows(case, "cost", line="course_fee", year="2025/26")
    assert [(r["pounds"], r["extra"], r["payer"], r["recurrent"]) for r in fees] == [
        (80_000, 80_000, "national", False)
    ]


def test_a_gap_in_the_worked_example(case: BusinessCase) -> None:
    first = rows(case, "trajectory", measure="wait_step3_weeks", quarter="2025/26 Q1")[0]
    assert (round(first["reached"], 1), round(first["gap"], 1), first["met"]) == (13.5, -0.6, "no")


def test_a_trigger_in_the_worked_example(now: Scenario, autumn: Scenario) -> None:
    to = {"step3_wait_weeks": 10, "by": "2026-10"}
    case = sm.business_case({"autumn": autumn}, now=now, to=to)
    path = "pathway.step3.cbt.sessions"
    risk = rows(case, "risks", path=path)[0]
    assert (risk["value"], risk["tested"]) == (12, 20)
    assert risk["target"] == "Mean wait for Step 3"
    waits = [
        autumn.with_({path: sessions}).project(years=3).columns("quarterly")["wait_step3_weeks"][11]
        for sessions in (risk["trigger"], risk["trigger"] - 16 / 4096)
    ]
    assert waits[0] > 10 >= waits[1]


# --- words, page, files -------------------------------------------------------------------------


def test_words_say_the_figures_of_the_tables(case: BusinessCase) -> None:
    ours = rows(case, "options", preferred=True)[0]
    words = case.words()
    assert f"£{ours['extra_pounds']:,.0f} more" in words[0]
    assert any("no segments" in sentence for sentence in words)
    assert "autumn" in repr(case)


def test_what_has_no_figure_by_quarter_is_said(now: Scenario) -> None:
    words = sm.business_case(now, to={"hold": "step3"}, years=1).words()
    assert any("hold" in sentence for sentence in words)


def test_a_page_and_files(case: BusinessCase, tmp_path: Path) -> None:
    page = case.report(tmp_path / "case.html").read_text(encoding="utf-8")
    for name in ("Trajectory", "Staff", "Intakes", "Cost", "Supervision", "Risks"):
        assert f"<h2>{name}</h2>" in page
    assert "<script" not in page
    files = {path.name for path in case.to_csv(tmp_path)}
    assert {f"{name}.csv" for name in TABLES} < files
    assert "skillmix" in case._repr_html_()
    assert case.chart("waiting").to_dict()


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "path", "said"),
    [
        ({"step3_wait_week": 12}, "to.step3_wait_week", "did you mean step3_wait_weeks?"),
        ({"step3_wait_weeks": "12"}, "to.step3_wait_weeks", "a number"),
        ({"step3_wait_weeks": -1}, "to.step3_wait_weeks", "0 or more"),
        ({"step3_wait_weeks": math.nan}, "to.step3_wait_weeks", "0 or more"),
        ({"within_6_weeks": 75}, "to.within_6_weeks", "0 to 1"),
        ({"recovery": True}, "to.recovery", "a number"),
        ({"by": "October"}, "to.by", '"2026-10"'),
        ({"completed_courses": {"2026 Q4": 1}}, "to.completed_courses.2026 Q4", "2026/27 Q4"),
        ({"completed_courses": {"2026/27 Q4": -1}}, "to.completed_courses.2026/27 Q4", "0 or"),
    ],
)
def test_a_wrong_target_is_named(now: Scenario, to: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        sm.business_case(now, to=to)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert said in str(caught.value)


def test_every_wrong_target_is_named_at_once(now: Scenario) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        sm.business_case(now, to={"recovery": 50, "by": 3, "waits": 1})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("years", [0, -1, 11, True])
def test_a_wrong_length_is_refused(now: Scenario, years: int) -> None:
    with pytest.raises(sm.ScenarioError, match="years: got"):
        sm.business_case(now, years=years)


def test_wrong_options_are_refused(now: Scenario) -> None:
    loose: Any = sm
    for wrong in (None, 3, {"a": 3}, {3: now}, [now]):
        with pytest.raises(TypeError):
            loose.business_case(wrong)
    with pytest.raises(TypeError):
        loose.business_case(now, years=1.5)
    with pytest.raises(TypeError):
        loose.business_case(now, now="ours")
    with pytest.raises(sm.ScenarioError, match="one or more"):
        sm.business_case({})
    with pytest.raises(sm.ScenarioError, match="another name"):
        sm.business_case({"do minimum": now})
    with pytest.raises(sm.UnknownNameError, match="there are a"):
        sm.business_case({"a": now}, preferred="b")
    later = now.with_({"calendar.start": "2025-05-05"})
    with pytest.raises(sm.ScenarioError, match="start on one day"):
        sm.business_case({"a": now, "b": later})


def test_a_case_cannot_be_changed(case: BusinessCase) -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        case._preferred = "other"
    with pytest.raises(sm.UnknownNameError, match="there are"):
        case.columns("trajectories")
