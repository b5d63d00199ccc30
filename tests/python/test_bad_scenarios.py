"""Scenarios that are mistaken or hostile: refused by path, value and range, and nothing is run.

The numbers of the tests (B001, ...) are those of the list of bad inputs in ``README.md`` beside
this file, which also says what does not apply yet.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import PACK, refused

import skillmix as sm
from skillmix import Scenario, _core

if TYPE_CHECKING:
    from pathlib import Path

NAN = float("nan")
HEAD = f'schema = 1\npack = "{PACK}"\n'


# --- one wrong value ----------------------------------------------------------------------------

WRONG: list[tuple[str, str, Any, str]] = [
    ("B001", "staff.pwp.in_post", -2, "-2"),
    ("B002", "staff.pwp.in_post", NAN, "not a finite number"),
    ("B002", "staff.pwp.in_post", np.nan, "not a finite number"),
    ("B002", "staff.pwp.in_post", float("inf"), "not a finite number"),
    ("B002", "staff.pwp.in_post", 10**400, "not a finite number"),
    ("B005", "pathway.step2.guided_self_help.dna", 12, "did you mean 0.12?"),
    ("B005", "pathway.step2.guided_self_help.dna", -0.1, "0 to 1"),
    ("B011", "staff.pwp.band", "12", "4, 5, 6, 7, 8a, 8b, 8c, 8d, 9"),
    ("B011", "staff.pwp.band", "5a", "did you mean 5?"),
    ("B011", "staff.pwp.band", 5.5, "4, 5, 6, 7, 8a, 8b, 8c, 8d, 9"),
    ("B011", "staff.pwp.band", "Band five", "4, 5, 6, 7, 8a, 8b, 8c, 8d, 9"),
    ("B011", "staff.pwp.band", "Band 5", "did you mean 5?"),
    ("B014", "calendar.start", "2025-02-30", "2025-02-30"),
    ("B014", "calendar.start", "31/04/2025", "a date"),
    ("B014", "calendar.start", "04/05/2025", "a date"),
    ("B014", "calendar.start", "2025-13-01", "2025-13-01"),
    ("B014", "calendar.start", 45000, "a date"),
    ("B014", "calendar.start", np.datetime64("NaT"), "a date"),
    ("B016", "calendar.weeks", 0, "1 to 2600"),
    ("B016", "calendar.weeks", -5, "1 to 2600"),
    ("B016", "calendar.weeks", 2601, "1 to 2600"),
    ("B017", "supervision.supervisees_per_supervisor.ratio", 0, "0.01 to 1000"),
    ("B017", "supervision.supervisees_per_supervisor.ratio", -5, "0.01 to 1000"),
    ("B017", "supervision.supervisees_per_supervisor.ratio", "five", "number"),
    ("B017", "supervision.norms.case_management.group_size", 0, "1 to 100"),
    ("B030", "pathway.step3.cbt.sessions", 0, "1 to 60"),
    ("B030", "pathway.step3.cbt.sessions", -3, "1 to 60"),
    ("B030", "pathway.step3.cbt.first_minutes", 0, "1 to 600"),
    ("B030", "demand.dispersion", 0, "1 to 1000"),
    ("B034", "staff.pwp.in_post", "7.5", "did you mean 7.5?"),
    ("B034", "staff.pwp.in_post", "7,5", "did you mean 7.5?"),
    ("B034", "staff.pwp.in_post", True, "number"),
    ("B034", "staff.pwp.in_post", None, "None"),
    ("B034", "staff.pwp.in_post", b"7", "bytes"),
    ("B034", "staff.pwp.in_post", 7 + 0j, "complex"),
    ("B034", "name", 7, "text"),
]


@pytest.mark.parametrize(("case", "path", "value", "said"), WRONG)
def test_a_wrong_value_is_named(
    preset: Scenario, case: str, path: str, value: Any, said: str
) -> None:
    before = preset.hash
    with pytest.raises(sm.ScenarioError) as caught:
        preset.with_({path: value})
    refused(caught.value, path)
    assert said in str(caught.value), case
    assert preset.hash == before


def test_b004_a_ceiling_is_a_limit_error_at_once(preset: Scenario) -> None:
    rate = {"demand.rate": {"referrals": 1e12, "per": "month"}}
    started = time.perf_counter()
    with pytest.raises(sm.LimitError, match="10000000") as caught:
        preset.with_(rate)
    assert time.perf_counter() - started < 0.5
    assert refused(caught.value, "demand.rate.referrals").value.startswith("1000000000000")


def test_b007_shares_that_do_not_sum_to_1_are_never_scaled(preset: Scenario) -> None:
    routes = preset.to_dict(complete=True)["pathway"]["routes"]
    with pytest.raises(sm.ScenarioError, match=r"sum to 1\.03") as caught:
        preset.with_({"pathway.routes": {**routes, "declined": routes["declined"] + 0.03}})
    refused(caught.value, "pathway.routes")


@pytest.mark.parametrize("share", [1.4, -0.1])
def test_b008_a_ramp_outside_nought_to_one(preset: Scenario, share: float) -> None:
    ramp = [{"from_month": 1, "share": 0.0}, {"from_month": 3, "share": share}]
    with pytest.raises(sm.ScenarioError, match="0 to 1") as caught:
        preset.with_({"training.courses.pwp.ramp": ramp})
    refused(caught.value, "training.courses.pwp.ramp[1].share")


def test_b010_two_intakes_of_one_name_are_both_named(preset: Scenario) -> None:
    intake = {"id": "oct-25", "course": "pwp", "start": "2025-10-01", "trainees": 4}
    with pytest.raises(sm.ScenarioError, match=r"already used by training\.intakes\[0\]") as caught:
        preset.with_({"training.intakes": [intake, intake]})
    refused(caught.value, "training.intakes[1].id")


def test_b013_an_intake_outside_the_calendar_is_refused(preset: Scenario) -> None:
    # a scenario has a start and a length, never an end, so only an intake can lie the wrong way
    for start in ("1999-10-01", "2099-10-01"):
        intake = {"course": "pwp", "start": start, "trainees": 4}
        with pytest.raises(sm.ScenarioError, match=start) as caught:
            preset.with_({"training.intakes": [intake]})
        refused(caught.value, "training.intakes[0].start")


def test_b019_a_mix_without_staff_is_refused(preset: Scenario) -> None:
    nobody = {f"staff.{role}.in_post": 0.0 for role in preset.to_dict(complete=True)["staff"]}
    with pytest.raises(sm.ScenarioError, match="skill mix needs"):
        sm.skill_mix(preset.with_(nobody), years=1)
    with pytest.raises(sm.ScenarioError, match="pwp_share"):
        sm.skill_mix(preset, pwp_share=[])


def test_b020_unknown_and_missing_keys_come_in_one_report(preset: Scenario) -> None:
    intake = {"course": "pwp", "start": "2025-10-01", "trainee": 4}
    with pytest.raises(sm.ScenarioError) as caught:
        preset.with_({"training.intakes": [intake]})
    assert refused(caught.value, "training.intakes[0].trainee").suggestion == "trainees"
    assert "missing" in refused(caught.value, "training.intakes[0].trainees").message
    with pytest.raises(sm.ScenarioError) as misspelt:
        preset.with_({"demand.rate": {"refferals": 500.0, "per": "month"}})
    assert refused(misspelt.value, "demand.rate.refferals").suggestion == "referrals"


def test_every_problem_is_reported_at_once(preset: Scenario) -> None:
    wrong = {"staff.pwp.in_post": -1, "calendar.start": "soon", "demand.seasn": 1, "name": 3}
    with pytest.raises(sm.ScenarioError) as caught:
        preset.with_(wrong)
    assert {problem.path for problem in caught.value.problems} == set(wrong)


@pytest.mark.parametrize("schema", ["schema = 99\n", "", "schema = 0\n"])
def test_b022_another_version_is_a_version_error(schema: str) -> None:
    with pytest.raises(sm.VersionError, match="schema = 1"):
        Scenario.from_toml(f'{schema}pack = "{PACK}"\n')
    with pytest.raises(sm.ScenarioError, match="schema"):
        Scenario.from_dict({"schema": True, "pack": PACK})


def test_b023_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(sm.ScenarioError, match=r"line 4.*duplicate key"):
        Scenario.from_toml(HEAD + 'name = "a"\nname = "b"\n')
    with pytest.raises(sm.ScenarioError, match=r'"name" stands twice at line 1'):
        _core.Scenario.from_json(f'{{"schema": 1, "pack": "{PACK}", "name": "a", "name": "b"}}')


def test_b028_no_staff_is_a_scenario_that_waits_without_end(preset: Scenario) -> None:
    roles = preset.to_dict(complete=True)["staff"]
    nobody = preset.with_({f"staff.{role}.in_post": 0.0 for role in roles})
    run = nobody.with_({f"staff.{role}.posts": 0.0 for role in roles}).project(years=1)
    weekly = run.columns("weekly")
    before = sum(nobody.to_dict(complete=True)["waiting"].get("assessment", {}).get("weeks", [0]))
    gone = weekly["reneged"].sum() + weekly["discharged_missed"].sum()
    assert weekly["waiting_assessment"][-1] == pytest.approx(
        weekly["accepted"].sum() + before - gone, rel=1e-9
    )
    assert weekly["course_starts"].sum() == 0
    assert np.isinf(weekly["wait_assessment_weeks"][1:]).all()
    for table in (run.columns(name) for name in run.tables()):
        for name, values in table.items():
            if values.dtype.kind == "f" and not name.startswith(("share_", "re", "value")):
                assert not np.isnan(values).any(), name  # a share of nobody is not known
                assert (np.abs(values[np.isfinite(values)]) < 1e9).all(), name
    assert nobody.plan().words()


@pytest.mark.parametrize(
    ("family", "numbers"),
    [
        ("pert", [0.1, 0.0, 0.2]),
        ("triangular", [0.3, 0.2, 0.1]),
        ("uniform", [0.2, 0.1]),
        ("pert", [0.1, 0.2]),
        ("pert", [0.1, NAN, 0.2]),
        ("pert", "wide"),
        ("prt", [0.0, 0.1, 0.2]),
        ("pert", [0.0, 0.1, 5.0]),
    ],
)
def test_b030_a_spread_that_makes_no_sense(preset: Scenario, family: str, numbers: Any) -> None:
    path = "demand.growth_per_year"
    with pytest.raises(sm.ScenarioError) as caught:
        preset.with_({path: {"unsure": {family: numbers}}})
    assert all(problem.path.startswith(path) for problem in caught.value.problems)


@pytest.mark.parametrize("spread", [{"unsure": {}}, {"unsure": 3}, {"varies": {}}, {}])
def test_b030_half_a_spread(preset: Scenario, spread: dict[str, Any]) -> None:
    with pytest.raises(sm.ScenarioError, match=r"pathway\.step3\.cbt\.sessions"):
        preset.with_({"pathway.step3.cbt.sessions": spread})


def test_b032_a_pathway_without_a_way_out_is_refused(preset: Scenario) -> None:
    low, high = "pathway.step2.guided_self_help", "pathway.step3.cbt"
    loop = {
        f"{low}.step_up": 1.0,
        f"{low}.step_up_to": "step3.cbt",
        f"{low}.drop_out": 0.0,
        f"{high}.step_down": 1.0,
        f"{high}.step_down_to": "step2.guided_self_help",
        f"{high}.drop_out": 0.0,
    }
    with pytest.raises(sm.ScenarioError, match="no way out") as caught:
        preset.with_(loop)
    message = refused(caught.value, "pathway").message
    assert "step2.guided_self_help" in message
    assert "step3.cbt" in message


# --- texts and files ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   \n ", "null", "[]", "42", "\ufeff"])
def test_b036_a_text_without_a_table(text: str) -> None:
    with pytest.raises(sm.ScenarioError):
        Scenario.from_toml(text)
    with pytest.raises(sm.ScenarioError):
        _core.Scenario.from_json(text)


@pytest.mark.parametrize("form", ["toml", "json"])
def test_b037_every_prefix_of_a_file_is_refused_or_whole(preset: Scenario, form: str) -> None:
    ours = preset.with_({"demand.growth_per_year": {"unsure": {"pert": [0.0, 0.01, 0.03]}}})
    ours = ours.with_staff(pwp=18.4, hit=24.1, pwp_trainee=4)
    text = ours.to_toml() if form == "toml" else ours._inner.to_json()
    read = _core.Scenario.from_toml if form == "toml" else _core.Scenario.from_json
    said = []
    for end in range(len(text)):
        try:
            read(text[:end])  # a prefix may be a scenario too: then it is a clean one
        except sm.ScenarioError as error:
            said.append(str(error))
    assert len(said) > 0.8 * len(text) if form == "json" else said
    assert all(one for one in said)
    if form == "json":
        assert all("line" in one for one in said)
    assert read(text) == ours._inner


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 200 + "]" * 200])
def test_b040_json_nested_without_end(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(sm.ScenarioError, match="recursion"):
        _core.Scenario.from_json(text)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000, "a = " + "{a=" * 100_000, ".".join(["a"] * 100_000) + " = 1"],
)
def test_b040_toml_nested_without_end(text: str) -> None:
    with pytest.raises(sm.ScenarioError, match="recur"):
        Scenario.from_toml(HEAD + text)


def test_b042_yaml_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text("a: &a [x, x]\nb: &b [*a, *a]\n", encoding="utf-8")
    with pytest.raises(sm.ScenarioError, match="not TOML"):
        sm.load(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_b044_what_is_no_json_number_is_refused(number: str) -> None:
    with pytest.raises(sm.ScenarioError, match="not usable JSON"):
        _core.Scenario.from_json(
            f'{{"schema": 1, "pack": "{PACK}", "demand": {{"growth_per_year": {number}}}}}'
        )
    if number != "1e999":
        with pytest.raises(sm.ScenarioError):
            Scenario.from_toml(HEAD + "[demand]\ngrowth_per_year = nan\n")


def test_b045_encodings(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert sm.load(path).pack == PACK
    for raw, said in (
        (HEAD.encode("utf-16"), "save it as UTF-8"),
        (HEAD.encode("utf-16-le"), "UTF-8|NUL|not TOML"),
        (HEAD.encode() + b"\xff", f"byte {len(HEAD)} is not UTF-8"),
        (HEAD.encode() + b"\0", "not TOML"),
    ):
        path.write_bytes(raw)
        with pytest.raises(sm.SkillmixError, match=said):
            sm.load(path)


@pytest.mark.parametrize("path", ["/dev/zero", ".", "no/such/file.toml", "", "a\0b", "a\ud800"])
def test_b047_what_is_no_regular_file(path: str) -> None:
    with pytest.raises(sm.FileError):
        sm.load(path)


def test_b047_a_pipe_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    code = "import sys, skillmix as sm\ntry: sm.load(sys.argv[1])\nexcept sm.FileError: print(1)"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(pipe)], capture_output=True, timeout=20, check=True
    )
    assert done.stdout.strip() == b"1"
