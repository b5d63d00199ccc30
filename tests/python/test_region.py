"""Services that share places and a budget: what Python hands to the core, and what comes back."""

import pickle
from copy import copy, deepcopy
from pathlib import Path

import numpy as np
import pytest

import skillmix as sm
from skillmix.errors import FileError, ScenarioError, UnknownNameError
from skillmix.region import RegionResult, json_schema

NORTH = sm.preset("talking-therapies-2025").with_(name="North")
SOUTH = NORTH.with_(name="South", demand__rate={"referrals": 6000, "per": "year"})
PLACES = [{"course": "pwp", "start": "2025-10-01", "places": 6, "at": "A university"}]
MONEY = [{"year": "2025/26", "payer": "all", "pounds": 5e6}]


def both(**said: object) -> sm.Region:
    stated = {"name": "Both", "places": PLACES, "budget": MONEY} | said
    return sm.Region({"north": NORTH, "south": SOUTH}, **stated)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def run() -> RegionResult:
    return both(groups={"all": ["north", "south"]}).project(years=2)


def test_the_region_is_the_sum_of_its_services(run: RegionResult) -> None:
    parts = [one.columns("monthly") for one in run.runs.values()]
    together = run.columns("monthly")
    for name in ("referrals", "assessed", "course_starts", "waiting_step3"):
        np.testing.assert_allclose(together[name], sum(part[name] for part in parts), rtol=1e-9)
    pence = sum(
        round(float(one.columns("cost")["pounds"].sum()) * 100) for one in run.runs.values()
    )
    for table in ("cost", "summary", "services", "groups"):
        assert round(float(run.columns(table)["pounds"].sum()) * 100) == pence, table


def test_places_become_trainees_of_the_services(run: RegionResult) -> None:
    given = dict(
        zip(
            run.columns("allocation")["service"],
            run.columns("allocation")["allocated"],
            strict=True,
        )
    )
    assert sum(given.values()) == 6
    for name, one in run.region.with_trainees().items():
        intakes = one.to_dict(complete=True)["training"]["intakes"]
        assert sum(intake["trainees"] for intake in intakes) == given[name]
        assert {intake["at"] for intake in intakes} <= {"A university"}


def test_every_table_has_units_and_meanings(run: RegionResult) -> None:
    for answer in (run, run.region.plan()):
        for table in answer.tables():
            columns = answer.columns(table)
            assert list(answer.units(table)) == list(columns) == list(answer.descriptions(table))
            assert all(answer.descriptions(table).values()), table
            assert len({len(column) for column in columns.values()}) == 1
    with pytest.raises(UnknownNameError, match="services"):
        run.frame("servces")


def test_a_result_reads_as_an_answer(run: RegionResult) -> None:
    words = run.words()
    assert words[0].startswith("Both: at the end of")
    assert any("Of 6 training places 6 are given" in said for said in words)
    assert any("In 2025/26 the money" in said for said in words)
    page = run._repr_html_()
    assert "Both" in page
    assert "<script" not in page
    assert "north" in run.region._repr_html_()
    assert "6" in run.region._repr_html_()
    assert repr(run).startswith("<Run of 'Both'")
    assert repr(run.region) == "<Region 'Both' of 2 services>"


def test_nothing_can_be_changed_and_everything_pickles(run: RegionResult) -> None:
    region = run.region
    for one in (region, run):
        assert copy(one) is one
        assert deepcopy(one) is one
        with pytest.raises(AttributeError, match="cannot be changed"):
            one.name = "other"  # type: ignore[misc,union-attr]
    again = pickle.loads(pickle.dumps(region))  # noqa: S301 - our own
    assert again == region
    assert hash(again) == hash(region)
    twin = pickle.loads(pickle.dumps(run))  # noqa: S301 - our own
    for table in run.tables():
        for name, column in run.columns(table).items():
            np.testing.assert_array_equal(column, twin.columns(table)[name], err_msg=table)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    region = both()
    for name in ("region.toml", "region.json"):
        assert sm.Region.load(region.save(tmp_path / name)) == region
    NORTH.save(tmp_path / "north.toml")
    named = tmp_path / "named.toml"
    named.write_text('schema = 1\nname = "Both"\n[services]\nnorth = "north.toml"\n', "utf-8")
    assert sm.Region.load(named).services == {"north": NORTH}
    assert sm.Region({"north": tmp_path / "north.toml"}).services == {"north": NORTH}
    assert sm.Region({"north": NORTH.to_dict()}).services == {"north": NORTH}
    with pytest.raises(FileError, match="none"):
        sm.Region.load(tmp_path / "none.toml")


def test_the_charts_are_drawn(run: RegionResult) -> None:
    pytest.importorskip("altair")
    assert run.charts() == ["staff", "services", "places", "budget"]
    for name in run.charts():
        described = run.chart(name).to_dict()["description"]
        assert len(described) > 40, name
    assert "Cost of the year" in str(run.chart("services", measure="pounds").to_dict()["title"])
    plan = run.region.plan()
    assert plan.charts() == ["services", "places"]
    assert "needed" in str(plan.chart("services").to_dict()["title"])
    assert both(places=[], budget=[]).project(years=1).charts() == ["staff", "services"]
    with pytest.raises(ValueError, match="measure"):
        run.chart("services", measure="nothing")


def test_a_page_can_be_written(run: RegionResult, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    for answer in (run, run.region.plan()):
        page = answer.report(tmp_path / "region.html").read_text("utf-8")
        assert "Both" in page
        assert "north" in page
        assert "http" not in page.replace("http://www.w3.org", "")
    files = run.to_csv(tmp_path / "csv")
    assert {file.stem for file in files} >= {"summary", "services", "places", "budget"}


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"places": [{**PLACES[0], "course": "pwpp"}]}, "places[0].course", "did you mean pwp"),
        ({"places": [{**PLACES[0], "places": 2.5}]}, "places[0].places", "got 2.5"),
        ({"places": [{**PLACES[0], "start": "2020-10-01"}]}, "places[0].start", "allowed: 2025-04"),
        ({"places": [{**PLACES[0], "services": ["nort"]}]}, "places[0].services[0]", "north"),
        ({"budget": [{**MONEY[0], "pounds": -1}]}, "budget[0].pounds", "got -1"),
        ({"budget": MONEY * 2}, "budget[1].year", "stands here already"),
        ({"groups": {"far": ["east"]}}, "groups.far[0]", "no service"),
        ({"allocation": "by_ned"}, "allocation.rule", "did you mean by_need"),
        (
            {"allocation": {"rule": "by_share", "weights": {"north": 1}}},
            "allocation.weights",
            "south",
        ),
    ],
)
def test_a_mistake_is_told_with_its_path(said: dict[str, object], path: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        both(**said)
    found = {problem.path: problem.message for problem in caught.value.problems}
    assert message in found[path]


def test_services_are_checked_like_scenarios() -> None:
    with pytest.raises(ScenarioError, match="without services"):
        sm.Region({})
    tree = NORTH.to_dict() | {"staff": {"pwp": {"in_pst": 3}}}
    with pytest.raises(ScenarioError, match=r"services\.north\.staff\.pwp\.in_pst.*in_post"):
        sm.Region({"north": tree})
    with pytest.raises(ScenarioError, match="letters' case"):
        sm.Region({"north": NORTH, "North": SOUTH})
    late = SOUTH.with_({"calendar.start": "2025-05-01"})
    with pytest.raises(ScenarioError, match=r"services\.south\.calendar\.start"):
        sm.Region({"north": NORTH, "south": late})


def test_arguments_of_the_wrong_kind_are_refused() -> None:
    for services in (NORTH, [NORTH], None, {"north": 3}):
        with pytest.raises(TypeError, match="services"):
            sm.Region(services)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="places"):
        both(places=PLACES[0])
    with pytest.raises(TypeError, match="a result comes from"):
        RegionResult()
    with pytest.raises(ScenarioError, match="at most one"):
        both().project(years=1, weeks=3)


def test_the_schema_is_for_editors() -> None:
    import json

    schema = json.loads(json_schema())
    assert set(schema["required"]) == {"schema", "name", "services"}
    assert schema["additionalProperties"] is False
