"""How large may an intake be, and what does supervision look like?"""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from skillmix import Scenario, ScenarioError

START = "2026-10-01"


@pytest.fixture(scope="module")
def preset() -> Scenario:
    return Scenario.preset("talking-therapies-2025")


def test_one_more_trainee_than_the_largest_intake_breaks_its_rule(preset: Scenario) -> None:
    largest = preset.largest_intake("pwp", start=START)
    assert largest == preset.largest_intake("pwp", start=datetime.date(2026, 10, 1))
    assert (largest.course, largest.start) == ("pwp", datetime.date(2026, 10, 1))
    limit = largest.limits[0]

    def broken(trainees: int) -> dict[str, str]:
        intake = {"course": "pwp", "start": START, "trainees": trainees}
        run = preset.with_({"training.intakes": [intake]}).project(years=3)
        rules = run.columns("rules")
        return dict(zip(rules["rule"], rules["first_month"], strict=True))

    assert limit.rule not in broken(largest.trainees)
    assert broken(largest.trainees + 1)[limit.rule] == limit.month
    assert largest.rule == limit.rule
    assert limit.worst > limit.limit
    # The tightest rule first; conditions alone let more in than warnings do.
    trainees = [limit.trainees for limit in largest.limits]
    assert trainees == sorted(trainees)
    conditions = [limit.trainees for limit in largest.limits if limit.severity == "condition"]
    assert largest.trainees_by_conditions == min(conditions) > largest.trainees
    assert str(largest) == largest.sentence


def test_a_largest_intake_cannot_be_changed(preset: Scenario) -> None:
    largest = preset.largest_intake("hit", start=START)
    with pytest.raises(dataclasses.FrozenInstanceError):
        largest.trainees = 99  # type: ignore[misc]


def test_without_supervision_nothing_limits_an_intake(preset: Scenario) -> None:
    none = {"ratio": 0.5, "severity": "off"}
    free = preset.with_({"supervision.qualified_per_trainee": none})
    for norm in free.to_dict(complete=True)["supervision"]["norms"]:
        free = free.with_({f"supervision.norms.{norm}.severity": "off"})
    free = free.with_({"supervision.supervisees_per_supervisor.severity": "off"})
    largest = free.largest_intake("pwp", start=START)
    assert (largest.trainees, largest.rule, largest.limits) == (1000, None, ())


def test_a_plan_has_the_next_three_autumns(preset: Scenario) -> None:
    table = preset.with_({"calendar.start": "2025-10-02"}).plan().columns("intakes")
    starts = sorted({str(day) for day in table["start"]})
    assert starts == ["2026-10-01", "2027-10-01", "2028-10-01"]
    largest = preset.with_({"calendar.start": "2025-10-02"}).largest_intake("pwp", start=START)
    row = [
        c == "pwp" and str(d) == START for c, d in zip(table["course"], table["start"], strict=True)
    ]
    assert table["trainees"][row].tolist() == [largest.trainees]
    assert table["rule"][row].tolist() == [largest.rule]


@pytest.mark.parametrize(
    ("course", "start", "path"),
    [
        ("pwpp", START, "course"),
        ("pwp", "2026-02-30", "start"),
        ("pwp", "tomorrow", "start"),
        ("pwp", "2025-03-31", "start"),
        ("pwp", "2099-10-01", "start"),
    ],
)
def test_no_such_course_or_day(preset: Scenario, course: str, start: str, path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        preset.largest_intake(course, start=start)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_a_course_and_a_day_are_texts(preset: Scenario) -> None:
    with pytest.raises(TypeError, match="course"):
        preset.largest_intake(1, start=START)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="start"):
        preset.largest_intake("pwp", start=20261001)  # type: ignore[arg-type]


def test_the_chart_of_supervision_shows_what_is_owed(preset: Scenario) -> None:
    intake = {"course": "pwp", "start": "2025-10-01", "trainees": 60}
    run = preset.with_({"training.intakes": [intake]}).project(years=2)
    chart = run.chart("supervision").to_dict()
    titles = {panel["title"]["text"] for panel in chart["concat"]}
    assert "Case management" in titles
    assert "High-intensity supervision at the university" not in titles
    assert "short in" in chart["description"]
    blank = Scenario.from_dict({"schema": 1, "pack": "blank"})
    assert "supervision" in run.charts()
    assert "supervision" not in blank.project(weeks=10).charts()


def test_the_sentence_says_who_owes_what_to_whom(preset: Scenario) -> None:
    """1,230 PWPs and three seniors are 1,233 supervisees, an hour each."""
    stay = {"staff.pwp.leavers_per_year": 0, "staff.pwp_senior.leavers_per_year": 0}
    run = preset.with_(stay | {"staff.pwp.in_post": 1230}).project(weeks=8).columns("rules")
    said = dict(zip(run["rule"], run["message"], strict=True))["supervision_hours.case_management"]
    start = "supervision: 1,233 supervisees are owed 1,233 h a week of case management, "
    assert said.startswith(start)
    assert said.endswith(" h can be given, from 2025-04 to 2025-05")
