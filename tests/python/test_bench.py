"""The shared work of ``make bench``: rivals agree, and our scenario is that work. No times."""

import dataclasses
import sys
from pathlib import Path
from statistics import fmean, stdev

import pytest

import skillmix as sm

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

import sc_ref
from agreement import LARGEST, deviate, worst
from rivals import sc_ref_numpy_cohort, sc_ref_numpy_expected, sc_ref_numpy_patients
from work import Staff, events, sized


def test_the_size_is_worked_out_by_hand() -> None:
    # 5,200 a year: 100 referred and 75 accepted a week; 75 / 0.97 = 77.3 assessments.
    # Step 2: 41.25 start a week; a course keeps its place (1 - 0.96^6) / 0.04 / 0.88 = 6.1716
    # weeks: 41.25 x 6.1716 / 0.97 = 262.45 places. Over a year PWPs fill (13 x 0.8 + 26 x 0.96 +
    # 13) / 52 = 0.93 of 20 a WTE: 14.110 WTE, 15 people of 0.9407. Step 3: 22.5 + 41.25 x 0.96^5
    # x 0.1 = 25.8634 start a week; x (1 - 0.96^12) / 0.04 / 0.85 / 0.97 = 303.9 places.
    work, staff = sized(5200)
    assert work.assessments == 78
    assert staff == Staff(trainees=3, wte_per_head=0.9407)
    assert work.step3.whole_places == [304] * 260
    # 20 x 15 x 0.9407 = 282.21, of which 0.96, 1 and 0.8.
    assert work.step2.whole_places[:52] == [270] * 26 + [282] * 13 + [225] * 13
    assert fmean(work.step2.places) == pytest.approx(262.45, rel=1e-3)


@pytest.mark.parametrize("referrals", [5_200, 500_000])
def test_the_scenario_is_the_shared_work(referrals: int) -> None:
    ours = sc_ref.answers_of(sc_ref.scenario(referrals).project())
    theirs = sc_ref_numpy_expected.run(sized(referrals)[0], 1, seed=1)
    assert set(ours) == set(theirs)
    for name, (value,) in ours.items():
        assert value == pytest.approx(theirs[name][0], rel=1e-9, abs=1e-9), name


def test_the_file_is_the_scenario_at_its_size() -> None:
    assert len(sc_ref.scenario(5_200).diff(sm.Scenario.load(sc_ref.FILE))) == 0


def test_vectors_of_patients_agree_with_cohorts() -> None:
    work, _ = sized(1_040, weeks=104)
    patients = sc_ref_numpy_patients.run(work, 60, seed=11)
    cohorts = sc_ref_numpy_cohort.run(work, 400, seed=12)
    name, z = worst(patients, cohorts)
    assert abs(z) < LARGEST, f"{name}: z = {z:.1f}"
    # 2,080 referrals of at most 209,700 / 26,000 = 8.07 events each, some of them still to come
    # at the end.
    assert 15_000 < fmean(events(patients)) < 16_800
    # Poisson: the standard deviation is the root of the mean; 400 replications know it to 1 /
    # sqrt(800).
    spread = stdev(cohorts["referrals"]) / fmean(cohorts["referrals"]) ** 0.5
    assert spread == pytest.approx(1, abs=4 / 800**0.5)


def test_people_are_conserved_in_every_replication() -> None:
    work, _ = sized(1_040, weeks=104)
    for run in (sc_ref_numpy_patients.run, sc_ref_numpy_cohort.run):
        answers = run(work, 5, 3)
        accepted, assessed, waiting = (
            answers[name] for name in ("accepted", "assessed", "waiting_assessment")
        )
        assert accepted == [a + w for a, w in zip(assessed, waiting, strict=True)]


def test_other_work_is_told_apart() -> None:
    work, _ = sized(1_040, weeks=104)
    easier = dataclasses.replace(work, drop_out=0.05)
    name, z = worst(
        sc_ref_numpy_cohort.run(work, 400, seed=1), sc_ref_numpy_cohort.run(easier, 400, seed=2)
    )
    assert abs(z) > LARGEST, name


def test_a_deviate_by_hand() -> None:
    # Few: means 2 and 4, variances 1 and 4, three each: one variance of 2.5, t = -2 / sqrt(5 / 3) =
    # -1.5492, d = 4; z = -(33 / 35) sqrt(4 ln(1 + 2.4 / 4)) = -1.2928. Student: the
    # chance of t beyond 1.5492 is 0.0981, of z beyond 1.2928 it is 0.0980.
    assert deviate([1, 2, 3], [2, 4, 6]) == pytest.approx(-1.2928, abs=1e-4)
    # Many: 20 numbers of mean 0 and variance 20/19, 40 of mean 1 and variance 4 x 40/39. Welch:
    # t = -1 / sqrt(0.052632 + 0.102564) = -2.5384; d = 0.155196^2 / (0.052632^2 / 19 + 0.102564^2
    # / 39) = 57.887; z = -(464.10 / 466.10) sqrt(57.887 ln(1 + 6.4434 / 57.887)) = -2.4614.
    assert deviate([-1, 1] * 10, [-1, 3] * 20) == pytest.approx(-2.4614, abs=2e-4)
    assert deviate([1, 1], [1, 1]) == 0
    assert deviate([2, 2], [1, 1]) == float("inf")
