"""Scenarios as Python writes them: derive, state staff, save, show. Hand sums in the comments."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import skillmix as sm
from skillmix import Scenario

if TYPE_CHECKING:
    from pathlib import Path

PACK = "talking-therapies-2025"


@pytest.fixture
def preset() -> Scenario:
    return Scenario.preset(PACK).with_({"calendar.start": "2025-04-01"})


@pytest.fixture
def ours(preset: Scenario) -> Scenario:
    return preset.with_staff(pwp=18.4, hit=24.1, counsellor=3.0, pwp_trainee=4, step3_waiting=310)


def facts(scenario: Scenario) -> dict[str, dict[str, Any]]:
    table = scenario.assumptions(library="pandas")
    return {row["path"]: row for row in table.to_dict("records")}


# --- derive, never change -----------------------------------------------------------------------


def test_with_derives_and_leaves_the_first_as_it_was(preset: Scenario) -> None:
    before = preset.hash
    other = preset.with_({"staff.pwp.in_post": 24}, name="Northshire")
    assert other.name == "Northshire"
    assert other.to_dict(complete=True)["staff"]["pwp"]["in_post"] == 24
    assert preset.hash == before != other.hash


def test_two_underscores_stand_for_a_dot(preset: Scenario) -> None:
    assert preset.with_(staff__pwp__in_post=24) == preset.with_({"staff.pwp.in_post": 24})


def test_numbers_of_numpy_are_numbers(preset: Scenario) -> None:
    assert preset.with_({"staff.pwp.in_post": np.float64(24.5)}) == preset.with_(
        {"staff.pwp.in_post": 24.5}
    )


def test_a_scenario_cannot_be_changed_or_made_by_hand(preset: Scenario) -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        preset.name = "x"  # type: ignore[misc]
    with pytest.raises(TypeError, match=r"Scenario\.preset"):
        Scenario()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.with_(123), "changes: a dict of paths and values is expected, not int"),
        (lambda s: s.diff(None), "other: a Scenario is expected, not nothing"),
        (lambda s: s.save(7), "path: a file name is expected, not int"),
        (lambda _: Scenario.load(None), "path: a file name is expected, not NoneType"),
        (lambda _: Scenario.preset(3), "pack: the name of a reference pack is expected, not int"),
        (lambda _: Scenario.from_dict([1]), "tree: a dict is expected, not list"),
        (lambda _: Scenario.from_toml(b""), "text: text is expected, not bytes"),
        (lambda s: s.with_staff(source=3), "source: text is expected, not int"),
    ],
)
def test_a_wrong_kind_of_argument_is_named(preset: Scenario, call: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call(preset)


def test_faults_are_scenario_errors_with_path_and_nearest_name(preset: Scenario) -> None:
    with pytest.raises(sm.ScenarioError, match="did you mean leavers_per_year") as caught:
        preset.with_({"staff.pwp.leaver_per_year": 0.2})
    assert any(problem.path.startswith("staff.pwp") for problem in caught.value.problems)
    with pytest.raises(sm.ScenarioError, match=PACK):
        Scenario.preset("talking-therapies-2052")


@pytest.mark.parametrize(
    "wrong", [{"years": v} for v in (-1, "five", 2.5, 10**30)] + [{"weeks": True}, {"draws": -1}]
)
def test_a_wrong_horizon_is_refused_and_named(preset: Scenario, wrong: dict[str, Any]) -> None:
    with pytest.raises(sm.ScenarioError, match=next(iter(wrong))):
        preset.project(**wrong)


def test_whole_numbers_of_numpy_are_welcome(preset: Scenario) -> None:
    run = preset.project(weeks=np.int64(10))  # type: ignore[arg-type]
    assert len(run.columns("weekly")["week"]) == 10


# --- staff that nobody publishes ----------------------------------------------------------------


def test_staff_stated_are_in_post_and_fill_their_posts(ours: Scenario) -> None:
    staff = ours.to_dict(complete=True)["staff"]
    assert (staff["pwp"]["in_post"], staff["pwp"]["posts"]) == (18.4, 18.4)
    assert (staff["hit"]["in_post"], staff["counsellor"]["in_post"]) == (24.1, 3.0)
    known = facts(ours)
    assert known["staff.pwp.in_post"]["status"] == "stated"
    assert known["staff.pwp.posts"]["status"] == "inferred"


def test_posts_that_were_stated_stay(preset: Scenario) -> None:
    vacant = preset.with_({"staff.pwp.posts": 22.0}).with_staff(pwp=18.4)
    assert vacant.to_dict()["staff"]["pwp"] == {"posts": 22.0, "in_post": 18.4}


def test_trainees_start_on_the_last_first_of_october(ours: Scenario) -> None:
    # 1 April 2025 lies between the October of 2024 and that of 2025
    (intake,) = ours.to_dict()["training"]["intakes"]
    assert intake["course"] == "pwp"
    assert str(intake["start"]) == "2024-10-01"
    assert intake["trainees"] == 4
    known = facts(ours)
    assert known["training.intakes[0].trainees"]["status"] == "stated"
    assert known["training.intakes[0].start"]["status"] == "inferred"


def test_a_stated_start_of_trainees_is_not_inferred(preset: Scenario) -> None:
    ours = preset.with_staff(hit_trainee=2, trainees_since="2025-01-06")
    (intake,) = ours.to_dict()["training"]["intakes"]
    assert (intake["course"], str(intake["start"])) == ("hit", "2025-01-06")
    assert facts(ours)["training.intakes[0].start"]["status"] == "stated"


def test_stating_trainees_again_replaces_them_and_nought_removes_them(ours: Scenario) -> None:
    again = ours.with_staff(pwp_trainee=6)
    assert [i["trainees"] for i in again.to_dict()["training"]["intakes"]] == [6]
    assert ours.with_staff(pwp_trainee=0).to_dict()["training"]["intakes"] == []


def test_planned_intakes_stand_beside_those_in_training(ours: Scenario) -> None:
    autumn = ours.with_(
        {"training.intakes": [{"course": "hit", "start": "2025-10-01", "trainees": 4}]}
    )
    courses = [i["course"] for i in autumn.to_dict()["training"]["intakes"]]
    assert courses == ["pwp", "hit"]
    assert facts(autumn)["training.intakes[0].start"]["status"] == "inferred"


def test_the_step_3_list_is_shared_by_routes_and_its_age_is_inferred(ours: Scenario) -> None:
    tree = ours.to_dict(complete=True)
    waiting, routes = tree["waiting"]["step3"], tree["pathway"]["routes"]["step3"]
    assert sum(one["people"] for one in waiting.values()) == pytest.approx(310)
    ratio = waiting["cbt"]["people"] / waiting["counselling"]["people"]
    assert ratio == pytest.approx(routes["cbt"] / routes["counselling"], rel=0.01)
    # twice 72.3 days is 20.7 weeks; whole weeks: 20
    assert {one["longest_weeks"] for one in waiting.values()} == {20.0}
    known = facts(ours)
    assert known["waiting.step3.cbt.people"]["status"] == "stated"
    assert known["waiting.step3.cbt.longest_weeks"]["status"] == "inferred"


def test_a_longer_list_with_the_same_flow_means_a_longer_wait() -> None:
    # Little's law: at the same starts a day, twice the people have waited up to twice as long
    service = sm.public.scenario("RXL")
    before = service.to_dict(complete=True)["waiting"]["step3"]
    people = sum(one["people"] for one in before.values())
    after = service.with_staff(step3_waiting=2 * people).to_dict(complete=True)["waiting"]["step3"]
    for name, one in after.items():
        assert one["longest_weeks"] == pytest.approx(2 * before[name]["longest_weeks"], abs=0.06)


def test_five_numbers_answer_the_note_that_asks_for_them() -> None:
    service = sm.public.scenario("RXL")
    assert any("Five numbers are asked for" in note for note in service.notes)
    some = service.with_staff(pwp=18.4, hit=24.1)
    assert any("Five numbers are asked for" in note for note in some.notes)
    all_five = some.with_staff(counsellor=3.0, pwp_trainee=4, step3_waiting=310)
    assert not any("Five numbers are asked for" in note for note in all_five.notes)


def test_an_unknown_role_is_refused_with_the_nearest(preset: Scenario) -> None:
    with pytest.raises(sm.ScenarioError, match=r"staff\.counselor.*counsellor"):
        preset.with_staff(counselor=3.0)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf"), "many", None])
def test_absurd_staff_numbers_are_refused(preset: Scenario, wrong: Any) -> None:
    if wrong is None:  # None leaves a role as it is
        assert preset.with_staff(pwp=None) == preset
        return
    with pytest.raises(sm.ScenarioError, match=r"staff\.pwp"):
        preset.with_staff(pwp=wrong)
    with pytest.raises(sm.ScenarioError, match=r"training\.intakes"):
        preset.with_staff(pwp_trainee=wrong)
    with pytest.raises(sm.ScenarioError, match=r"waiting\.step3"):
        preset.with_staff(step3_waiting=wrong)


def test_a_changed_value_loses_the_source_of_the_old_one() -> None:
    service = sm.public.scenario("RXL")
    assert facts(service)["staff.pwp.in_post"]["status"] == "inferred"
    changed = service.with_({"staff.pwp.in_post": 20.0})
    assert facts(changed)["staff.pwp.in_post"]["status"] == "stated"
    assert facts(changed)["staff.hit.in_post"]["status"] == "inferred"


# --- out and in again ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ours.toml", "ours.json"])
def test_saved_and_loaded_it_is_the_same(ours: Scenario, tmp_path: Path, name: str) -> None:
    path = ours.save(tmp_path / name)
    assert Scenario.load(path) == ours
    assert Scenario.load(str(path)).hash == ours.hash
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_text_dict_and_pickle_round_trips_are_exact(ours: Scenario) -> None:
    assert Scenario.from_toml(ours.to_toml()) == ours
    assert Scenario.from_dict(ours.to_dict()) == ours
    for other in (pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours), copy.copy(ours)):  # noqa: S301
        assert other == ours
        assert hash(other) == hash(ours)
    assert ours != ours.with_(name="Another")
    assert ours != "text"


def test_save_refuses_a_folder_and_a_missing_one(ours: Scenario, tmp_path: Path) -> None:
    with pytest.raises(sm.FileError, match="directory"):
        ours.save(tmp_path)
    with pytest.raises(sm.FileError, match="folder that exists"):
        ours.save(tmp_path / "none" / "ours.toml")
    with pytest.raises(sm.FileError):
        ours.save(tmp_path / "a\0b.toml")
    assert list(tmp_path.iterdir()) == []


def test_save_leaves_the_old_file_when_it_fails(
    ours: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text("old", encoding="utf-8")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(sm.FileError, match="No space left"):
        ours.save(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_load_of_what_is_not_there_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(sm.FileError):
        Scenario.load(tmp_path / "none.toml")


def test_diff_names_the_fields_here_and_there(ours: Scenario) -> None:
    table = ours.diff(ours.with_({"staff.hit.posts": 26.0}), library="pandas")
    row = table.set_index("path").loc["staff.hit.posts"]
    assert float(row["here"]) == 24.1
    assert float(row["there"]) == 26.0
    assert len(ours.diff(ours)) == 0


# --- as a planner sees it -----------------------------------------------------------------------


def test_the_summary_shows_notes_values_and_sources(ours: Scenario) -> None:
    page = ours.with_({"notes": ["Staff were stated by the service."]})._repr_html_()
    for said in (
        "Staff were stated by the service.",
        "Demand",
        "Pathway",
        "Waiting on the first day",
        "Staff",
        "Training",
        "Targets",
        "18.4",
        "4 trainees from 1 October 2024",
        '<span class="badge local">stated</span>',
    ):
        assert said in page


def test_the_summary_escapes_every_text(ours: Scenario) -> None:
    evil = '<script>alert("x")</script>'
    page = ours.with_({"name": evil, "notes": [evil], "staff.pwp.title": evil})._repr_html_()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 4  # name, note, role in the table, role who assesses


def test_the_repr_is_one_line(ours: Scenario) -> None:
    assert repr(ours).startswith("<Scenario ")
    assert PACK in repr(ours)
    assert "\n" not in repr(ours)
