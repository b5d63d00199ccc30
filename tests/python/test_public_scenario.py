"""A starting scenario from the published months of a service, over a small pack made by hand.

The pack here is not one that ships: its round numbers make the arithmetic checkable by hand.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from skillmix import indicators, public, published, staffing, starting
from skillmix._core import DataError


def weekdays(start: str, end: str, /) -> int:
    """Mondays to Fridays from start to before end; no bank holidays."""
    return int(np.busday_count(start, end))


TREATMENT: dict[str, Any] = {
    "first_minutes": 60,
    "followup_minutes": 45,
    "drop_out": 0.1,
    "dna": 0.1,
    "patient_cancel": 0.1,
    "provider_cancel": 0.05,
    "reuse": 0.5,
    "step_up": 0.0,
    "step_down": 0.0,
    "recovery": 0.5,
    "reliable_recovery": 0.47,
}
ROLE: dict[str, Any] = {"in_post": 0.0, "job_plan": {"patients": 22}, "weeks_available": 42}
PACK: dict[str, Any] = {
    "pathway": {
        "screening": {"rejected": 0.04, "minutes": 0, "role": "pwp"},
        "opt_in": {"share": 0.8, "delay_weeks": 0},
        "assessment": {
            "role": "pwp",
            "minutes": 60,
            "slots_per_wte": 9,
            "dna": 0.1,
            "patient_cancel": 0.1,
            "provider_cancel": 0.05,
            "reuse": 0.5,
            "discharged_after_missed": 0.0,
            "renege_per_week": 0.0,
        },
        "routes": {
            "step2": {"guided_self_help": 0.3},
            "step3": {"cbt": 0.2, "counselling": 0.1},
            "signposted": 0.3,
            "declined": 0.1,
        },
        "step2": {
            "guided_self_help": {
                **TREATMENT,
                "roles": ["pwp"],
                "sessions": 4,
                "step_up": 0.2,
                "step_up_to": "step3.cbt",
            }
        },
        "step3": {
            "cbt": {
                **TREATMENT,
                "roles": ["hit"],
                "first_minutes": 90,
                "followup_minutes": 75,
                "sessions": {"varies": {"family": "lognormal", "mean": 9.0, "sd": 4.0}},
            },
            "counselling": {**TREATMENT, "roles": ["counsellor"], "sessions": 8},
        },
    },
    "staff": {
        "pwp": {**ROLE, "in_post": 30.0},
        "pwp_senior": {**ROLE, "in_post": 10.0, "delivers_as": "pwp"},
        "pwp_trainee": {**ROLE, "delivers_as": "pwp"},
        "hit": {**ROLE, "in_post": 40.0},
        "counsellor": {**ROLE, "in_post": 10.0, "job_plan": {"patients": 21}},
    },
    "training": {"courses": {"pwp": {"trainee_role": "pwp_trainee", "becomes": "pwp"}}},
}


def made(code: str, as_of: str = "2025-03") -> dict[str, Any]:
    """The scenario of a service over the pack above, with a calendar without bank holidays."""
    service, series = public.series_of(code)
    return starting.document(
        service, series, as_of=as_of, pack="by hand", complete=PACK, days=weekdays
    )


def england() -> dict[str, Any]:
    """England as if it were one service."""
    service = published.Service("ENG", "England", "", "", "", "")
    series = published.england_series()
    return starting.document(
        service, series, as_of="2025-03", pack="by hand", complete=PACK, days=weekdays
    )


def test_what_is_asked_for_stands_at_the_top_and_the_licence_at_the_end() -> None:
    notes = made("RW4")["notes"]
    for word in ("not published", "pwp=", "hit=", "counsellor=", "pwp_trainee=", "step3_waiting="):
        assert word in notes[0]
    assert notes[-1] == public.LICENCE


def test_published_referrals_stand_as_published() -> None:
    # RW4, April 2024 to March 2025: 2890 2865 2605 2960 2675 3065 3180 3005 2375 3130 2815 2935
    scenario = made("RW4")
    months = scenario["demand"]["series"]["months"]
    assert list(months) == list(published.month_range("2024-04", "2025-03"))
    assert sum(months.values()) == 34_500
    assert scenario["calendar"]["start"] == "2025-04-01"
    assert scenario["sources"]["demand.series"]["status"] == "published"
    assert scenario["service"] == {
        "code": "RW4",
        "title": "MERSEY CARE NHS FOUNDATION TRUST",
        "as_of": "2025-03",
    }


def test_a_month_that_was_not_published_is_filled_and_marked() -> None:
    scenario = made("RV9")  # July 2024 is missing
    months = scenario["demand"]["series"]["months"]
    assert 0.6 * months["2024-06"] < months["2024-07"] < 1.6 * months["2024-06"]
    assert scenario["sources"]["demand.series.months.2024-07"]["status"] == "inferred"
    assert any("2024-07" in note for note in scenario["notes"])


def test_shares_of_appointments_go_to_every_stage() -> None:
    # RXL's own sums over the twelve months
    series = published.all_series()["RXL"]
    window = slice(-12, None)
    dna, booked = series.values["appts_dna"][window], series.values["appointments"][window]
    expected = dna.sum() / booked.sum()
    pathway = made("RXL")["pathway"]
    stages = [pathway["assessment"], *pathway["step2"].values(), *pathway["step3"].values()]
    assert [stage["dna"] for stage in stages] == pytest.approx([expected] * 4, abs=5e-5)


def test_england_as_a_service_gives_the_pack_back() -> None:
    # every ratio to England is 1, so courses and recovery are those of the pack
    scenario = england()
    assert scenario["pathway"]["routes"] == {
        "step2": {"guided_self_help": 0.3},
        "step3": {"cbt": 0.2, "counselling": 0.1},
        "signposted": pytest.approx(0.3),
        "declined": pytest.approx(0.1),
    }
    cbt = scenario["pathway"]["step3"]["cbt"]
    assert cbt["recovery"] == pytest.approx(0.5)
    # DNA 760,141 / 8,408,692; assessed 1,165,492 / (1,165,492 + 606,389) = .6578 of those exits,
    # over the 0.96 who pass screening
    assert cbt["dna"] == pytest.approx(0.0904, abs=5e-5)
    ended = 606_389 / 1_165_492
    assert scenario["pathway"]["opt_in"]["share"] == pytest.approx(1 / (1 + ended) / 0.96, abs=5e-5)


def test_contacts_of_england_add_up_to_the_attended_appointments() -> None:
    # 1,165,492 assessments; of them 0.3 start Step 2, 0.2 CBT, 0.1 counselling; 0.2 of those who
    # complete Step 2 step up to CBT. Starts x sessions = 6,199,752 - 1,165,492 = 5,034,260
    pathway = england()["pathway"]
    step2 = pathway["step2"]["guided_self_help"]
    completed = 1_165_492 * 0.3 * (1 - step2["drop_out"]) ** (step2["sessions"] - 1)
    starts = {"cbt": 1_165_492 * 0.2 + 0.2 * completed, "counselling": 1_165_492 * 0.1}
    contacts = 1_165_492 * 0.3 * staffing.sessions_per_start(step2)
    for name, count in starts.items():
        contacts += count * staffing.sessions_per_start(pathway["step3"][name])
    assert contacts == pytest.approx(5_034_260, rel=0.005)


def test_a_course_is_stretched_by_the_published_mean() -> None:
    # attended sessions a start grow by the same factor as the plan
    made_here = made("RW4")["pathway"]["step3"]["counselling"]
    plan, old = made_here["sessions"], PACK["pathway"]["step3"]["counselling"]
    ratio = plan / 8
    assert ratio != 1
    held = staffing.sessions_per_start({**old, **made_here})
    assert held == pytest.approx(staffing.sessions_per_start(old) * ratio, rel=2e-3)
    # (1 - d)^(n - 1) come to the last session: about the same share as before
    assert (1 - made_here["drop_out"]) ** (plan - 1) == pytest.approx(0.9**7, abs=0.02)


def test_a_group_keeps_its_course_and_its_places() -> None:
    pack = copy.deepcopy(PACK)
    pack["pathway"]["step2"]["guided_self_help"]["group"] = {"size": 7, "facilitators": 1}
    service, series = public.series_of("RW4")
    scenario = starting.document(
        service, series, as_of="2025-03", pack="by hand", complete=pack, days=weekdays
    )
    group = scenario["pathway"]["step2"]["guided_self_help"]
    assert set(group) == {"recovery", "reliable_recovery"}


def test_queues_of_england_by_littles_law() -> None:
    # first assessments of January to March 2025 a day x the mean wait of those months; Step 3
    # (72.5 days in March 2025) by the same flow and a route of 0.2
    scenario = england()
    series = published.england_series().values
    a_day = series["first_assessment"][-3:].mean() / (365.25 / 12)
    waits, people = series["mean_wait_first_treatment_days"][-3:], series["first_treatment"][-3:]
    wait = (waits * people).sum() / people.sum()
    assert 21 < wait < 24
    waiting = scenario["waiting"]
    assert waiting["assessment"]["people"] == pytest.approx(a_day * wait, abs=0.1)
    assert waiting["assessment"]["people"] < 134_203  # the published list
    assert waiting["step3"]["cbt"]["people"] == pytest.approx(a_day * 0.2 * 72.5, abs=0.1)
    assert waiting["step3"]["cbt"]["longest_weeks"] == pytest.approx(72.5 / 7, abs=0.05)
    assert any("134,203" in note and "130,374" in note for note in scenario["notes"])


def test_inferred_staff_of_england_are_of_the_published_order() -> None:
    # 6,199,752 attended appointments / (42 weeks x 17 a week) = 8,700 WTE, an order of magnitude
    staff = england()["staff"]
    total = sum(role["in_post"] for role in staff.values())
    assert 0.6 < total / 8_700 < 1.6
    assert staff["pwp"]["in_post"] == pytest.approx(3 * staff["pwp_senior"]["in_post"], rel=1e-4)
    assert "pwp_trainee" not in staff


def test_staff_by_hand() -> None:
    # no missed appointments, no drop-out, no step-ups: 100 assessments of 60 minutes and 30 x 4
    # contacts of guided self-help (60 + 3 x 45 = 195 minutes a course) for PWPs; 20 x 9 of CBT
    # (90 + 8 x 75 = 690) for HITs; 10 x 8 of counselling (60 + 7 x 45 = 375)
    pack = copy.deepcopy(PACK)
    steps = pack["pathway"]
    for stage in (steps["assessment"], *steps["step2"].values(), *steps["step3"].values()):
        stage.update(dna=0.0, patient_cancel=0.0, provider_cancel=0.0, drop_out=0.0, step_up=0.0)
    contacts = 100 + 30 * 4 + 20 * 9 + 10 * 8
    found = staffing.infer(pack, 150, 100, contacts)
    assert found.fit == pytest.approx(1)
    pwp, hit, counsellor = 100 * 60 + 30 * 195, 20 * 690, 10 * 375
    year = 22 * 42 * 60
    assert found.wte["pwp"] + found.wte["pwp_senior"] == pytest.approx(pwp / year)
    assert found.wte["hit"] == pytest.approx(hit / year)
    assert found.wte["counsellor"] == pytest.approx(counsellor / (21 * 42 * 60))
    assert found.ring_fence == pytest.approx(6_000 / pwp)
    # twice the contacts after the assessment: twice the HITs, the same assessments
    double = staffing.infer(pack, 150, 100, 100 + 2 * (contacts - 100))
    assert double.fit == pytest.approx(2)
    assert double.wte["hit"] == pytest.approx(2 * hit / year)


def test_minutes_of_a_missed_appointment() -> None:
    # 60 minutes x (1 - 0.05 - 0.1 x 0.5) = 54 minutes a booking, of which 0.75 are attended
    stage = PACK["pathway"]["assessment"]
    assert staffing.minutes_per_booking(stage, 60) == pytest.approx(54)
    assert staffing.assessment_minutes(PACK, 75) == pytest.approx(100 * 54)


def test_the_ring_fence_follows_the_staff_stated() -> None:
    # 40 WTE x 22 h x 42 weeks x 60 = 2,217,600 minutes; 15,000 assessments take 20,000 x 54
    assert staffing.ring_fence(PACK, 15_000) == pytest.approx(1_080_000 / 2_217_600)


def test_every_stated_figure_has_a_source() -> None:
    scenario = made("RW4")
    unsourced = {"schema", "name", "pack", "service", "calendar", "notes", "sources"}

    def leaves(tree: dict[str, Any], path: str = "") -> list[str]:
        found = []
        for key, value in tree.items():
            here = f"{path}.{key}".lstrip(".")
            found += leaves(value, here) if isinstance(value, dict) else [here]
        return found

    for leaf in leaves({k: v for k, v in scenario.items() if k not in unsourced}):
        assert any(leaf == key or leaf.startswith(key + ".") for key in scenario["sources"]), leaf
    statuses = {note["status"] for note in scenario["sources"].values()}
    assert statuses <= {"published", "derived", "inferred", "national"}


def test_every_service_that_publishes_gives_numbers_in_bounds() -> None:
    refused = []
    for code in published.all_series():
        try:
            scenario = made(code)
        except DataError:
            refused.append(code)
            continue
        pathway = scenario["pathway"]
        shares = pathway.get("routes", PACK["pathway"]["routes"])
        total = sum(sum(v.values()) if isinstance(v, dict) else v for v in shares.values())
        assert total == pytest.approx(1, abs=1e-9), code
        assert 0 < pathway.get("opt_in", {"share": 1})["share"] <= 1, code
        assert np.mean(scenario["demand"]["season"]) == pytest.approx(1, abs=1e-3)
        assert min(scenario["demand"]["series"]["months"].values()) >= 0
        for role in scenario.get("staff", {}).values():
            assert np.isfinite(role["in_post"]), code
            assert role["in_post"] >= 0, code
    silent = [
        code
        for code, series in published.all_series().items()
        if np.isnan(indicators.window(series, "referrals", "2025-03", 3)[1]).all()
    ]
    assert refused == silent


def test_a_service_that_fell_silent_is_refused_with_the_month_to_use() -> None:
    with pytest.raises(DataError, match="as_of='2021-05'"):
        made("RTV")
    with pytest.raises(DataError, match="a published month is expected, 2021-01 to 2025-03"):
        made("RW4", as_of="2026-01")
    with pytest.raises(DataError, match="a published month is expected"):
        made("RW4", as_of="March 2025")


def test_an_earlier_year_uses_nothing_of_the_months_after_it() -> None:
    scenario = made("RW4", as_of="2023-03")
    assert max(scenario["demand"]["series"]["months"]) == "2023-03"
    assert scenario["calendar"]["start"] == "2023-04-01"


def test_a_named_service_over_the_shipped_pack() -> None:
    ours = public.scenario("RW4", as_of="2025-03")
    assert ours.start == "2025-04-01"
    assert ours.notes[0] == starting.ASKED
    assert ours.notes[-1] == public.LICENCE
    tree = ours.to_dict()
    assert sum(tree["demand"]["series"]["months"].values()) == 34_500
    # bank holidays are counted here: the season still has mean 1 and falls in December
    season = tree["demand"]["season"]
    assert np.mean(season) == pytest.approx(1, abs=1e-3)
    assert season.index(min(season)) == 11


def test_the_five_numbers_replace_what_was_inferred() -> None:
    ours = public.scenario("RW4").with_staff(
        pwp=60, hit=80, counsellor=12, pwp_trainee=8, step3_waiting=900
    )
    tree = ours.to_dict()
    assert tree["staff"]["pwp"]["in_post"] == 60
    people = [queue["people"] for queue in tree["waiting"]["step3"].values()]
    assert sum(people) == pytest.approx(900)
    assert tree["sources"]["staff.pwp.in_post"]["status"] == "stated"
    assert starting.ASKED not in ours.notes


@pytest.mark.parametrize("pack", ["talking-therapies-2025", "iapt-2008"])
def test_odd_services_are_scenarios_on_every_pack(pack: str) -> None:
    for code in ("RW4", "RXL", "G6V2S", "DHA", "K7Y6R", "NO401", "AMJ"):  # large, new, tiny, odd
        assert public.scenario(code, pack=pack).to_dict()["service"]["code"] == code
