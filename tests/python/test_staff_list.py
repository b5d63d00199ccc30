"""A staff list becomes the opening staff: six people counted by hand, and what looks odd.

role        WTE          start          so, as of 1 April 2025
pwp         1.0, 0.6     2023-04-01, 2024-10-01     1.6 in post, 0.8 a head; 24 and 6 months
hit         0.5          2020-01-15                 0.5 in post; 62 months
hit_lead    1.0          2015-09-01                 1.0 in post; 115 months
pwp trainee 1.0          course from 2025-01-06     an intake of one
hit trainee 1.0          course from 2024-10-01     an intake of one
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PACK

from skillmix import Scenario, staff_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from skillmix.staff_list import StaffList

    Read = Callable[..., StaffList]

SIX = """role,band,point,wte,start,supervisor_trained,supervises,course,course_start
pwp,5,2,1.0,2023-04-01,no,,,
PWP,5,1,0.6,2024-10-01,no,,,
High Intensity Therapist,7,3,0.5,2020-01-15,yes,hit,,
hit_lead,8a,3,1.0,2015-09-01,yes,,,
Trainee PWP,4,1,1.0,,no,,pwp,2025-01-06
hit trainee,6,1,1.0,,no,,High-intensity training,2024-10-01
"""


@pytest.fixture
def ours() -> Scenario:
    return Scenario.preset(PACK).with_({"calendar.start": "2025-04-01"})


@pytest.fixture
def read(tmp_path: Path, ours: Scenario) -> Read:
    def _read(text: str, as_of: str | None = "2025-04-01") -> StaffList:
        path = tmp_path / "staff.csv"
        path.write_text(text, encoding="utf-8")
        return staff_list.read(path, scenario=ours, as_of=as_of)

    return _read


@pytest.fixture
def six(tmp_path: Path, ours: Scenario) -> Scenario:
    path = tmp_path / "staff.csv"
    path.write_text(SIX, encoding="utf-8")
    return ours.with_staff_list(path)


def person(row: str, head: str = "role,band,wte,start") -> str:
    return f"{head}\n{row}\n"


def report(listed: StaffList, **where: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = listed.report("pandas").to_dict("records")
    return [row for row in found if all(row[name] == value for name, value in where.items())]


# --- what a list says ---------------------------------------------------------------------------


def test_in_post_is_the_sum_of_those_there(six: Scenario) -> None:
    staff = six.to_dict(complete=True)["staff"]
    in_post = {role: fields["in_post"] for role, fields in staff.items()}
    assert in_post == {
        "pwp": 1.6,  # 1.0 + 0.6
        "pwp_senior": 0,
        "pwp_trainee": 0,
        "hit": 0.5,
        "hit_lead": 1,
        "hit_trainee": 0,
        "counsellor": 0,
    }
    assert staff["pwp"]["wte_per_head"] == 0.8  # 1.6 / 2
    assert staff["hit"]["wte_per_head"] == 0.5
    assert staff["pwp"]["posts"] == 1.6
    run = six.project(years=1).columns("staff")
    heads = run["heads"][(run["role"] == "pwp") & (run["month"] == "2025-04")][0]
    assert 1.8 < heads <= 2  # two people, less a month's leavers


def test_posts_that_are_stated_stay(tmp_path: Path, ours: Scenario) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(SIX, encoding="utf-8")
    more = ours.with_({"staff.pwp.posts": 5}).with_staff_list(path)
    assert more.to_dict()["staff"]["pwp"] == {
        **more.to_dict()["staff"]["pwp"],
        "posts": 5,
        "in_post": 1.6,
    }


def test_trainees_are_intakes_that_have_begun(six: Scenario) -> None:
    intakes = six.to_dict()["training"]["intakes"]
    assert [(i["course"], str(i["start"]), i["trainees"]) for i in intakes] == [
        ("hit", "2024-10-01", 1),
        ("pwp", "2025-01-06", 1),
    ]
    planned = six.with_(
        {"training.intakes": [{"course": "hit", "start": "2025-10-01", "trainees": 2}]}
    )
    assert [i["trainees"] for i in planned.to_dict()["training"]["intakes"]] == [1, 1, 2]
    # other trainees stated later take the place of those of the list
    again = six.with_staff(pwp_trainee=3, trainees_since="2024-10-01")
    assert sorted(i["trainees"] for i in again.to_dict()["training"]["intakes"]) == [1, 3]


def test_a_planned_intake_stays(tmp_path: Path, ours: Scenario) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(SIX, encoding="utf-8")
    planned = [{"course": "pwp", "start": "2025-10-01", "trainees": 4}]
    found = ours.with_({"training.intakes": planned}).with_staff_list(path)
    assert [i["trainees"] for i in found.to_dict()["training"]["intakes"]] == [1, 1, 4]


def test_pay_points_and_their_next_steps(six: Scenario) -> None:
    staff = six.to_dict()["staff"]
    # band 5 has points after 0, 2 and 4 years: who started in April 2023 and is on point 2 reaches
    # the top in April 2027; who started in October 2024 on point 1 reaches point 2 in October 2026
    assert staff["pwp"]["pay_point"] == "steps"
    steps = [(s["wte"], s["point"], str(s.get("next_step", ""))) for s in staff["pwp"]["steps"]]
    assert steps == [(0.6, 1, "2026-10-01"), (1.0, 2, "2027-04-01")]
    assert [(s["wte"], s["point"]) for s in staff["hit"]["steps"]] == [(0.5, 3)]  # at the top


def test_a_next_step_that_is_not_known_leaves_the_pay_as_it_is(read: Read, ours: Scenario) -> None:
    head = "role,band,point,wte,start"
    for row in (
        "pwp,5,1,1,",  # nobody knows since when
        "pwp,5,1,1,2019-04-01",  # on point 1 after six years
        "pwp,5,,1,2024-04-01",  # no point
        "pwp,6,1,1,2024-04-01",  # a point of another band
    ):
        assert "staff.pwp.steps" not in read(f"{head}\n{row}\n").changes(ours), row
    said = read(f"{head},next_step\npwp,5,1,1,2019-04-01,2025-09-01\n").changes(ours)
    assert said["staff.pwp.steps"] == [{"wte": 1.0, "point": 1, "next_step": "2025-09-01"}]


def test_time_in_post(read: Read, ours: Scenario) -> None:
    # 1.0 of 1.6 for 24 months, 0.6 of 1.6 for 6 months
    tenure = read(SIX).changes(ours)["staff.pwp.leaving.opening_tenure"]
    assert tenure == [{"months": 6, "share": 0.375}, {"months": 24, "share": 0.625}]
    hit = read(SIX).changes(ours)["staff.hit.leaving.opening_tenure"]
    assert hit == [{"months": 62, "share": 1}]  # 15 January 2020 to 1 April 2025


def test_many_times_in_post_are_put_into_years(read: Read, ours: Scenario) -> None:
    first = date(2015, 4, 1)
    starts = [date(first.year + i // 12, i % 12 + 1, 1).isoformat() for i in range(100)]
    rows = "".join(f"pwp,5,1,{day}\n" for day in starts)
    tenure = read(f"role,band,wte,start\n{rows}").changes(ours)["staff.pwp.leaving.opening_tenure"]
    assert len(tenure) <= 60
    assert sum(step["share"] for step in tenure) == pytest.approx(1, abs=1e-9)
    assert {step["months"] % 12 for step in tenure} == {6}


def test_who_is_trained_to_supervise(read: Read, ours: Scenario) -> None:
    head = "role,wte,accredited,supervisor_trained,supervises"
    rows = [
        "hit,1,yes,yes,high_intensity_clinical",
        "hit,1,no,yes,",  # trained, but not accredited: not for therapists
        "hit,1,yes,no,",
        "hit,1,yes,yes,pwp",  # for low intensity alone
        "pwp_senior,1,,yes,",
        "pwp_senior,1,,no,",
    ]
    found = read("\n".join([head, *rows]) + "\n").changes(ours)
    kinds = ("high_intensity_clinical", "case_management")
    trained = {kind: found[f"supervision.norms.{kind}.trained"] for kind in kinds}
    # one of four therapists for high intensity, another for low; one of two seniors
    assert trained["high_intensity_clinical"]["hit"] == 0.25
    assert trained["case_management"]["hit"] == 0.25
    assert trained["case_management"]["pwp_senior"] == 0.5


def test_the_source_stands_with_each_value(six: Scenario) -> None:
    facts = six.assumptions().set_index("path")
    here = facts.loc["staff.pwp.in_post"]
    assert here["status"] == "stated"
    assert here["source"].startswith("staff list staff.csv, as of 2025-04-01, sha256 ")
    assert facts.loc["staff.pwp.posts", "status"] == "inferred"


def test_an_incomplete_list_leaves_the_others(tmp_path: Path, ours: Scenario) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("role,wte\npwp,1\n", encoding="utf-8")
    before = ours.to_dict(complete=True)["staff"]["hit"]["in_post"]
    after = ours.with_staff_list(path, complete=False).to_dict(complete=True)["staff"]
    assert (after["pwp"]["in_post"], after["hit"]["in_post"]) == (1, before)


def test_frames_and_totals(read: Read) -> None:
    listed = read(SIX)
    assert len(listed) == 6
    assert listed.frame("pandas")["wte"].sum() == 5.1  # 1 + 0.6 + 0.5 + 1 + 1 + 1
    totals = listed.totals("pandas").set_index("role")
    assert (totals.loc["pwp", "heads"], totals.loc["pwp", "wte"]) == (2, 1.6)
    assert listed.frame("polars").shape == listed.frame("pandas").shape
    assert "6 people" in listed._repr_html_()
    with pytest.raises(AttributeError):
        listed.file = "other"  # type: ignore[misc]


def test_the_example_and_the_template_agree() -> None:
    listed = staff_list.read(staff_list.example(), as_of="2025-04-01")
    assert len(listed) == 12
    template = staff_list.template("pandas")
    assert {"role", "wte"} == set(template["column"][template["needed"] == "yes"])
    assert set(listed.columns) < set(template["column"])
    assert not [row for row in report(listed) if row["severity"] == "error"]


# --- what looks odd -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "said", "done"),
    [
        (person("pwp,5,1,"), "start", "no first day", "counted in post"),
        (person("pwp,6,1,2024-01-01"), "band", "band 6 (that of pwp_senior)", "counted as pwp"),
        (person("pwp,5,1.2,2024-01-01"), "wte", "WTE is 1.2, above 1", "counted as 1"),
        (person("pwp,5,37.5,2024-01-01"), "wte", "WTE is 37.5, above 1", "counted as 1"),
        (person("pwp,5,0,2024-01-01"), "wte", "WTE is 0", "not counted"),
        (person("pwp,5,1,2025-04-02"), "start", "after the day of the list", "not counted"),
        (person("pwp_trainee,4,1,"), "course", "without a course", "in pwp"),
        (
            person("pwp_trainee,4,1,"),
            "course_start",
            "without a first day",
            "the last usual start, 1 October 2024",
        ),
        (
            person("pwp_trainee,1,hit", "role,wte,course"),
            "course",
            "no course of pwp_trainee",
            "counted in pwp",
        ),
        (
            person("pwp_trainee,1,2024-04-01", "role,wte,course_start"),
            "course_start",
            "has ended",
            "counted as pwp",
        ),
        (
            person("pwp_trainee,1,2025-10-01", "role,wte,course_start"),
            "course_start",
            "starts on 1 October 2025",
            "to come",
        ),
        (person("pwp,5,1,4", "role,band,wte,point"), "point", "which has 3", "on point 3"),
        (person("pwp,1,2025-06-01", "role,wte,qualified"), "qualified", "after the day", "counted"),
        (person("pwp,1,charity", "role,wte,employer"), "employer", "not employed", "of its own"),
        (
            person("hit,1,yes,jazz", "role,wte,supervisor_trained,supervises"),
            "supervises",
            "neither a kind of supervision nor a role",
            "passed over",
        ),
        (
            person("hit,1,no,hit", "role,wte,supervisor_trained,supervises"),
            "supervisor_trained",
            "without the training",
            "not trained",
        ),
        (person("pwp,1,pwp", "role,wte,course"), "course", "no role of trainees", "passed over"),
    ],
)
def test_what_looks_odd_is_reported(
    read: Read, text: str, column: str, said: str, done: str
) -> None:
    found = [row for row in report(read(text), row=2, column=column) if said in row["finding"]]
    assert len(found) == 1, report(read(text))
    assert done in found[0]["done"]


def test_odd_people_are_counted_as_the_report_says(read: Read, ours: Scenario) -> None:
    rows = "pwp,5,1.2,2024-01-01\npwp,5,0,2024-01-01\npwp,5,1,2025-04-02\npwp,5,0.5,\n"
    changes = read(f"role,band,wte,start\n{rows}").changes(ours)
    assert changes["staff.pwp.in_post"] == 1.5  # 1 for 1.2, nothing, nothing yet, 0.5
    ended = read("role,wte,course_start\npwp_trainee,1,2024-04-01\n").changes(ours)
    assert ended["staff.pwp.in_post"] == 1
    assert ended["training.intakes"] == []


def test_rows_that_are_alike_are_named(read: Read) -> None:
    listed = read("role,wte,start\npwp,1,2024-01-01\nhit,1,2024-01-01\npwp,1,2024-01-01\n")
    assert [row["finding"] for row in report(listed, severity="check", column="")] == [
        "rows 2, 4 are alike"
    ]
    assert listed.changes(Scenario.preset(PACK))["staff.pwp.in_post"] == 2


def test_a_role_that_nobody_has_is_said(read: Read) -> None:
    said = [row["finding"] for row in report(read("role,wte\npwp,1\n"), row=0, column="role")]
    assert "nobody in the list is a Counsellor" in said
    assert len(said) == 4  # senior, therapist, lead, counsellor; trainees are none


def test_other_names_of_columns_are_matched_and_said(read: Read) -> None:
    listed = read("Job title,AfC Band,FTE,Date in post,Team\nPWP,Band 5,1,2024-01-01,North\n")
    assert listed.rows[0].band == "5"
    said = {row["column"]: row["finding"] for row in report(listed, severity="note")}
    assert said["role"] == "the column is called “Job title”"
    assert said["wte"] == "the column is called “FTE”"
    assert any("number 5" in row["finding"] for row in report(listed, severity="note", column=""))


def test_without_a_day_dates_to_come_are_not_looked_for(read: Read) -> None:
    listed = read(person("pwp,5,1,2100-01-01"), None)
    assert not report(listed, column="start")
    assert any("as_of" in row["finding"] for row in report(listed, row=0))
