"""The national programme of 2008 to 2011: it reconciles with its plan, and says where it does not.

What "reconciles" means here, each with a test: trainees are the planned ones, to the head; who is
there at the end of a March are those who started less those who left by the stated hazards; the
modelled cost is that of the bridge, to the penny, which starts from the published money.
"""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skillmix import programme
from skillmix.programme_table import present_value
from skillmix.region import RegionResult, programme_2008
from skillmix.report_tables import rules_table, trainees_table
from skillmix.wording import rows

YEARS = ("2008/09", "2009/10", "2010/11")


@pytest.fixture(scope="module")
def run() -> RegionResult:
    return programme_2008().project()


@pytest.fixture(scope="module")
def table() -> list[dict[str, Any]]:
    frame = programme.reconciliation(library="pandas")
    return [dict(row) for row in frame.to_dict("records")]


def row(table: list[dict[str, Any]], measure: str, year: str) -> dict[str, Any]:
    found = [one for one in table if (one["measure"], one["year"]) == (measure, year)]
    assert found, measure
    return found[0]


def test_ten_authorities_and_their_thirty_five_first_trusts(run: RegionResult) -> None:
    region = run.region
    groups = region.to_dict()["groups"]
    assert len(groups) == 10
    assert len(region.services) == 45
    assert sum(not name.endswith("later trusts") for name in region.services) == 35
    assert {"Salford", "Camden", "South Tyneside"} <= set(region.services)
    universities = {one["at"] for one in region.to_dict()["places"]}
    assert {"University of Sheffield", "University of Exeter"} <= universities
    assert len(universities) == 23


def test_every_first_trust_has_twelve_and_eight_trainees_in_year_one(run: RegionResult) -> None:
    """700 / 35 = 20 trainees: 420 / 35 = 12 high and 280 / 35 = 8 low intensity."""
    given: dict[tuple[str, str], float] = {}
    for one in rows(run.columns("allocation")):
        if str(one["start"]) == "2008-10-01":
            key = (str(one["service"]), str(one["course"]))
            given[key] = given.get(key, 0.0) + float(one["allocated"])
    assert {key[1] for key in given} == {"hit", "pwp"}
    assert len(given) == 70
    assert all(heads == {"hit": 12, "pwp": 8}[course] for (_, course), heads in given.items())


def test_the_trainees_are_the_planned_ones_to_the_head(table: list[dict[str, Any]]) -> None:
    """700, then (3,600 - 700) / 2 = 1,450 twice; 3,600 x 0.6 = 2,160 and 1,440."""
    started = [row(table, "trainees who start", year) for year in YEARS]
    assert [one["plan"] for one in started] == [700, 1450, 1450]
    assert [one["modelled"] for one in started] == [700, 1450, 1450]
    assert row(table, "of them high intensity", "2008-2011")["modelled"] == 2160
    assert row(table, "of them low intensity", "2008-2011")["modelled"] == 1440


def test_the_page_names_each_service_once_and_each_rule_once(
    run: RegionResult, tmp_path: Path
) -> None:
    page = run.report(tmp_path / "programme.html").read_text(encoding="utf-8")
    sides = {name: one.scenario for name, one in run.runs.items()}
    shown = trainees_table(sides)
    heads, *body = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)
        for line in re.findall(r"<tr>(.*?)</tr>", shown, re.S)
    ]
    assert len(body) == 45
    starts = ["1 October 2008", "1 October 2009", "1 October 2010"]
    # 700, 1,450 and 1,450 trainees, 60 high to 40 low intensity.
    wanted = {"High-intensity training": [420, 870, 870], "PWP training": [280, 580, 580]}
    for title, numbers in wanted.items():
        for start, number in zip(starts, numbers, strict=True):
            column = heads.index(f"{title}, {start}")
            assert sum(float(row[column].replace(",", "")) for row in body) == number
    assert shown in page
    assert "for High Intensity Therapist," in page
    assert not any("hit_trainee" in said for said in run.words())
    rules = rules_table(run)
    assert rules is not None
    assert rules.count("<tr>") < 45 + 1
    assert re.search(r"and \d+ more", rules)


def test_both_published_outturns_of_training_are_shown(table: list[dict[str, Any]]) -> None:
    """871 + 1,530 + 822 = 3,223 by Hansard; 3,660 by the NHS Confederation."""
    trained = [one for one in table if one["measure"] == "therapists trained"]
    assert [one["outturn"] for one in trained] == [871 + 1530 + 822, 3660]
    assert all(one["plan"] == one["modelled"] == 3600 for one in trained)
    assert "377 fewer" in trained[0]["comment"]
    assert "60 more" in trained[1]["comment"]
    assert "Hansard" in trained[0]["source"]
    assert "NHS Confederation" in trained[1]["source"]


def test_who_is_there_are_those_who_started_less_those_who_left(
    run: RegionResult, table: list[dict[str, Any]]
) -> None:
    """Heads x exp(-hazard x years), course by course: a year's course, then the role."""
    tree = next(iter(run.region.services.values())).to_dict(complete=True)
    cohorts = {2008: 700, 2009: 1450, 2010: 1450}
    for end, year in zip((2009, 2010, 2011), YEARS, strict=True):
        expected = 0.0
        for course, share in (("hit", 0.6), ("pwp", 0.4)):
            leave = float(tree["training"]["courses"][course]["leavers_per_year"])
            left = float(tree["staff"][course]["leavers_per_year"])
            for start, heads in cohorts.items():
                years = end - start - 0.5  # from 1 October to 31 March
                if years > 0:
                    trained = max(0.0, years - 1.0)
                    expected += heads * share * math.exp(-leave * min(years, 1.0) - left * trained)
        found = row(table, "therapists in training or trained, end of March", year)
        assert found["modelled"] == pytest.approx(expected, rel=3e-3)
        assert found["plan"] == {"2008/09": 700, "2009/10": 2150, "2010/11": 3600}[year]


def test_money_of_the_plan_and_its_value(table: list[dict[str, Any]]) -> None:
    """33 + 103 / 1.035 + 173 / 1.035^2 = 294.014; 173 / 3,600 = 48,056; 309 / 3,600 = 85,833."""
    money = [row(table, "money and cost", year)["plan"] for year in YEARS]
    assert money == [33e6, 103e6, 173e6]
    assert row(table, "money and cost", "2008-2011")["plan"] == 309e6
    value = row(table, "present value", "2008-2011")["plan"]
    assert value == pytest.approx(294.0142593759481e6, rel=1e-9)
    assert row(table, "pounds for each therapist", "2010/11")["plan"] == pytest.approx(48055.5556)
    assert row(table, "pounds for each therapist", "2008-2011")["plan"] == pytest.approx(85833.3333)
    assert row(table, "pounds for each person", "2008-2011")["plan"] == pytest.approx(343.33333)


def test_the_modelled_cost_is_the_roles_cost_of_every_trust(
    run: RegionResult, table: list[dict[str, Any]]
) -> None:
    roles = set(programme.ROLES)
    for year in YEARS:
        pence = 0
        for one in run.runs.values():
            pence += sum(
                round(float(leaf["pounds"]) * 100)
                for leaf in rows(one.columns("cost"))
                if leaf["role"] in roles and leaf["year"] == year
            )
        modelled = row(table, "money and cost", year)["modelled"]
        assert round(modelled * 100) == pence
    budget = {str(one["year"]): one for one in rows(run.columns("budget"))}
    assert [budget[year]["budget"] for year in YEARS] == [33e6, 103e6, 173e6]
    assert budget["2010/11"]["cost"] == row(table, "money and cost", "2010/11")["modelled"]
    lines = [one["modelled"] for one in table if one["measure"].startswith("modelled cost: ")]
    assert sum(lines) == pytest.approx(row(table, "money and cost", "2008-2011")["modelled"])


def test_the_bridge_leads_from_the_money_to_the_cost(table: list[dict[str, Any]]) -> None:
    bridge = rows(programme.bridge(library="pandas").to_dict("list"))
    for year in YEARS:
        steps = {one["step"]: float(one["pounds"]) for one in bridge if one["year"] == year}
        modelled = steps.pop("modelled cost")
        assert sum(steps.values()) == pytest.approx(modelled, abs=0.005)
        assert modelled == row(table, "money and cost", year)["modelled"]
        assert steps["courses start in October"] < 0
        assert steps["people leave"] < 0


def test_a_year_of_trainees_costs_what_the_pay_scales_say() -> None:
    """280 PWP trainees for 52 weeks: 280 x 17,316 (band 4, first point) x 364 / 365.

    Each of 35 trusts is rounded to the penny.
    """
    run = programme.region(course_start="04-01", leaving=False).project(weeks=52)
    salary = sum(
        float(one["pounds"])
        for one in rows(run.columns("cost"))
        if (one["role"], one["line"], one["year"]) == ("pwp_trainee", "salary", "2008/09")
    )
    assert salary == pytest.approx(280 * 17316 * 364 / 365, abs=0.35)


def test_people_stand_beside_plan_and_outturn(table: list[dict[str, Any]]) -> None:
    """43,792 + 181,947 + 383,138 = 608,877, two thirds of 900,000."""
    people = row(table, "people who enter treatment", "2008-2011")
    assert people["plan"] == 900_000
    assert people["outturn"] == 43_792 + 181_947 + 383_138 == 608_877
    assert "68 % of the plan" in people["comment"]
    assert 0 < people["modelled"] < people["plan"]
    norms = row(table, "people by the published norms", "2008-2011")
    assert norms["modelled"] == pytest.approx((700 + 2150 + 3600) * (0.4 * 250 + 0.6 * 80))
    december = "2008-10..2010-12"
    came = [
        row(table, f"people who {what}", december)["outturn"]
        for what in ("started", "completed", "recovered")
    ]
    assert came == [491_000, 282_000, 95_000]
    assert "outturn 57.4 %" in row(table, "people who completed", december)["comment"]
    assert "outturn 33.7 %" in row(table, "people who recovered", december)["comment"]
    off = row(table, "people off sick pay and benefits", "2008-2011")
    assert (off["plan"], off["outturn"]) == (25_000, 18_200)
    # The pack has 25,000 / 900,000 = 0.0278 of those who enter treatment, 272,456 in three years.
    assert off["modelled"] == pytest.approx(0.0278 * 272_456, abs=1)


def test_trusts_open_as_planned(table: list[dict[str, Any]]) -> None:
    opened = [row(table, "trusts with a service", year)["modelled"] for year in YEARS]
    assert opened == [35, 115, 147]


def test_one_qualified_to_two_trainees_holds_everywhere(run: RegionResult) -> None:
    broken = [str(rule) for rule in run.columns("rules")["rule"]]
    assert not [rule for rule in broken if rule.startswith("qualified_per_trainee")]


def test_referrals_are_those_of_the_open_trusts(run: RegionResult) -> None:
    """35 x 3,922 / 2 in the first half-year; then 35 for a year and 80 for half of it."""
    yearly = {str(one["year"]): one for one in rows(run.columns("yearly"))}
    assert float(yearly["2008/09"]["referrals"]) == pytest.approx(35 * 3922 / 2, rel=1e-9)
    assert float(yearly["2009/10"]["referrals"]) == pytest.approx((35 + 40) * 3922, rel=1e-9)
    assert float(yearly["2010/11"]["referrals"]) == pytest.approx((115 + 16) * 3922, rel=1e-9)


def test_every_assumption_says_how_well_it_is_known() -> None:
    assumed = rows(programme.assumptions(library="pandas").to_dict("list"))
    assert {one["status"] for one in assumed} <= {"published", "derived", "judgement", "convention"}
    assert all(one["source"] for one in assumed)
    for one in assumed:
        if one["status"] == "judgement":
            assert one["note"], one["id"]
    known = rows(programme.facts(library="pandas").to_dict("list"))
    assert all(one["source"] and np.isfinite(one["value"]) for one in known)


def test_present_value_by_hand() -> None:
    """1 / 1.035 + 1 / 1.035^2 + 1 = 2.89969."""
    once = dict.fromkeys(YEARS, 1.0)
    assert present_value(once) == pytest.approx(1 + 1 / 1.035 + 1 / 1.035**2)


# --- the figures of the page --------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "region.md"


def page_rows(head: str) -> list[list[str]]:
    """Cells of the table of the page whose head begins so, markup and signs taken off."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"| {head} |")) + 2
    found = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip(" *+").replace(",", "") for cell in line.strip("|").split("|")])
    return found


def test_the_page_shows_what_is_modelled(table: list[dict[str, Any]]) -> None:
    shown = {line[0]: line[1:] for line in page_rows("measure")}
    in_table = {
        "in training or trained March 2011": (
            ("therapists in training or trained, end of March", "2010/11"),
            1.0,
            0,
        ),
        "pounds for each therapist 2010/11": (("pounds for each therapist", "2010/11"), 1.0, 0),
        "money and cost 2008/09 [million pounds]": (("money and cost", "2008/09"), 1e6, 1),
        "people who enter treatment three years": (
            ("people who enter treatment", "2008-2011"),
            1.0,
            0,
        ),
    }
    for head, ((measure, year), unit, digits) in in_table.items():
        for place, column in enumerate(("plan", "modelled")):
            expected = f"{row(table, measure, year)[column] / unit:.{digits}f}"
            assert shown[head][place] == expected, (head, column)
    for year in YEARS[1:]:
        cost = row(table, "money and cost", year)["modelled"]
        line = [cells for cells in page_rows("measure") if cells[0] == year][-1]
        assert line[2] == f"{cost / 1e6:.1f}"


def test_the_page_shows_the_bridge() -> None:
    lines = page_rows("million pounds")
    bridge = rows(programme.bridge(library="pandas").to_dict("list"))
    assert len(lines) * len(YEARS) == len(bridge)
    for place, year in enumerate(YEARS, start=1):
        steps = [float(one["pounds"]) for one in bridge if one["year"] == year]
        assert [line[place] for line in lines] == [f"{pounds / 1e6:.1f}" for pounds in steps]


def test_the_page_says_what_more_referrals_do() -> None:
    """At 5,854 referrals a trust, as in 2012-13, fewer enter treatment than at 3,922."""

    def treated(found: RegionResult) -> float:
        years = [one for one in rows(found.columns("yearly")) if one["year"] in YEARS]
        return sum(float(one["first_treatments"]) for one in years)

    said = PAGE.read_text(encoding="utf-8")
    more = treated(programme.region(referrals=5854).project())
    assert f"({more:,.0f})" in said
