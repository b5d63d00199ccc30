"""What matters: swings, indices, and what finding out is worth, of scenarios and of functions."""

from __future__ import annotations

import pickle
import sys
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import refused

import skillmix as sm
from skillmix import Scenario, sensitivity

if TYPE_CHECKING:
    from pathlib import Path

PWP = "staff.pwp.leavers_per_year"
HIT = "staff.hit.leavers_per_year"
DNA = "pathway.step3.cbt.dna"


@pytest.fixture(scope="module")
def service(preset: Scenario) -> Scenario:
    """A service with three numbers that nobody knows."""
    return preset.with_(
        {
            PWP: {"unsure": {"pert": [0.1, 0.2, 0.4]}},
            HIT: {"unsure": {"pert": [0.05, 0.1, 0.3]}},
            DNA: {"unsure": {"triangular": [0.05, 0.1, 0.2]}},
        }
    )


@pytest.fixture(scope="module")
def options(service: Scenario) -> dict[str, Scenario]:
    return {
        "as now": service,
        "more HITs": service.with_({"staff.hit.posts": 40, "staff.hit.in_post": 38}),
    }


@pytest.fixture(scope="module")
def found(service: Scenario, options: dict[str, Scenario]) -> dict[str, sensitivity.Finding]:
    """One finding of each kind."""
    length: dict[str, Any] = {"weeks": 52}
    return {
        "tornado": sensitivity.tornado(service, outcome=["recovered", "waiting"], **length),
        "morris": sensitivity.morris(service, trajectories=4, **length),
        "sobol": sensitivity.sobol(service, n=16, second_order=True, **length),
        "value": sensitivity.value_of_information(
            options,
            value_per_recovery=20_000,
            draws=240,
            groups={"leavers": [PWP, HIT]},
            **length,
        ),
    }


# --- scenarios -----------------------------------------------------------------------------------


def test_a_tornado_is_what_project_gives_at_the_ends(
    service: Scenario, found: dict[str, sensitivity.Finding]
) -> None:
    """The scenario that states the value, with the others at their means.

    Means by hand: pert (0.1 + 4 x 0.2 + 0.4) / 6 and (0.05 + 4 x 0.1 + 0.3) / 6; triangular
    (0.05 + 0.1 + 0.2) / 3.
    """
    table = found["tornado"].columns("tornado")
    means = {PWP: 1.3 / 6, HIT: 0.75 / 6, DNA: 0.35 / 3}
    for place in np.flatnonzero(table["outcome"] == "recovered"):
        path = str(table["path"][place])
        for end in ("low", "high"):
            stated = service.with_({**means, path: float(table[end][place])})
            recovered = stated.project(weeks=52).columns("weekly")["recovered"].sum()
            assert table[f"at_{end}"][place] == pytest.approx(recovered, rel=1e-9)
    # A triangle from 0.05 over 0.1 to 0.2: below 0.05 + sqrt(0.05 x 0.15 x 0.05) lie 5 %.
    dna = next(p for p in range(6) if table["path"][p] == DNA)
    assert table["low"][dna] == pytest.approx(0.05 + (0.05 * 0.15 * 0.05) ** 0.5, rel=1e-12)
    assert table["high"][dna] == pytest.approx(0.2 - (0.05 * 0.15 * 0.1) ** 0.5, rel=1e-12)


def test_swings_are_sorted_within_their_outcome(found: dict[str, sensitivity.Finding]) -> None:
    table = found["tornado"].columns("tornado")
    assert list(dict.fromkeys(table["outcome"])) == ["recovered", "waiting"]
    for name in ("recovered", "waiting"):
        swings = table["swing"][table["outcome"] == name]
        assert list(swings) == sorted(swings, reverse=True)


def test_morris_and_sobol_rank_as_the_tornado(service: Scenario) -> None:
    """One number moves recoveries much further than the others: all three put it first."""
    kinds = [
        sensitivity.tornado(service, outcome="recovered", weeks=52),
        sensitivity.morris(service, outcome="recovered", weeks=52),
        sensitivity.sobol(service, outcome="recovered", n=64, weeks=52),
    ]
    first = {str(one.columns(one.kind)["path"][0]) for one in kinds}
    assert len(first) == 1


def test_shares_of_the_variance_sum_to_one_where_effects_add_up(service: Scenario) -> None:
    """Little interaction in a year: first indices sum to 1 within their intervals."""
    table = sensitivity.sobol(service, outcome="recovered", n=256, weeks=52).columns("sobol")
    half = (table["first_high"] - table["first_low"]) / 2
    assert abs(table["first"].sum() - 1) < 2 * np.sqrt((half**2).sum())
    assert (table["total_high"] >= table["total"]).all()


def test_the_same_seed_gives_the_same_figures(
    service: Scenario, found: dict[str, sensitivity.Finding]
) -> None:
    again = sensitivity.sobol(service, n=16, second_order=True, weeks=52)
    other = sensitivity.sobol(service, n=16, second_order=True, seed=2, weeks=52)
    ours = found["sobol"].columns("sobol")
    for name, values in again.columns("sobol").items():
        assert list(values) == list(ours[name])
    assert list(other.columns("sobol")["first"]) != list(ours["first"])
    zero = [sensitivity.morris(service, trajectories=4, seed=0, weeks=52) for _ in range(2)]
    assert zero[0].words() == zero[1].words()


# --- what finding out is worth -------------------------------------------------------------------


def test_knowing_everything_is_worth_what_the_worlds_say(
    found: dict[str, sensitivity.Finding],
) -> None:
    """Mean of the better option less the better mean, by hand from the worlds."""
    study = found["value"]
    worlds = study.columns("worlds")
    value = study.columns("value")
    for objective, better in (("net_benefit", max), ("waiting", min)):
        lists = [worlds[f"{objective}: {label}"] for label in ("as now", "more HITs")]
        each = [better(pair) for pair in zip(*lists, strict=True)]
        gain = abs(float(np.mean(each)) - better(float(one.mean()) for one in lists))
        here = (value["objective"] == objective) & (value["finding"] == "everything")
        assert value["worth"][here][0] == pytest.approx(gain, rel=1e-6, abs=1e-6)


def test_no_finding_is_worth_more_than_everything(found: dict[str, sensitivity.Finding]) -> None:
    value = found["value"].columns("value")
    for objective in ("net_benefit", "waiting"):
        worth = value["worth"][value["objective"] == objective]
        assert len(worth) == 5
        assert (worth >= 0).all()
        assert (worth[1:] <= worth[0]).all()


def test_a_year_of_it_is_the_whole_over_the_years(found: dict[str, sensitivity.Finding]) -> None:
    """52 weeks are 364 / 365.25 of a year; a list has no yearly value."""
    value = found["value"].columns("value")
    pounds = value["unit"] == "pounds"
    assert value["worth_a_year"][pounds] == pytest.approx(value["worth"][pounds] * 365.25 / 364)
    assert np.isnan(value["worth_a_year"][~pounds]).all()


def test_words_say_what_it_is_worth_at_most(found: dict[str, sensitivity.Finding]) -> None:
    said = " ".join(found["value"].words())
    assert "By net benefit at £20,000 a recovery, “" in said
    assert "By people waiting at the end, on all lists, “" in said
    assert "“At most”" in said


def test_cost_to_meet_a_standard(options: dict[str, Scenario]) -> None:
    """Cost and 1,500 pounds for each who is too many: list x (1 - 12 / wait), by hand."""
    study = sensitivity.value_of_information(
        options,
        objective="cost_to_meet",
        standard={"wait_step3_weeks": 12},
        price_per_course=1500,
        draws=200,
        weeks=52,
    )
    worlds = study.columns("worlds")
    paths = [name for name in worlds if name in (PWP, HIT, DNA)]
    stated = {path: float(worlds[path][3]) for path in paths}
    for label, one in options.items():
        run = one.with_(stated)
        plain = sensitivity.tornado(
            run.with_({"demand.growth_per_year": {"unsure": {"uniform": [0.0, 1e-12]}}}),
            outcome=["cost", "wait_step3_weeks", "waiting_step3"],
            weeks=52,
        ).columns("tornado")
        cost, wait, people = (float(plain["at_mean"][place]) for place in range(3))
        many = people * max(0.0, 1 - 12 / wait)
        wanted = cost + 1500 * many
        assert worlds[f"cost_to_meet: {label}"][3] == pytest.approx(wanted, rel=1e-6)


def test_value_of_any_function() -> None:
    """Two worlds by hand: 8 - 7.5. Then an input that decides everything is worth the whole."""
    assert sensitivity.evpi([[10, 9], [4, 6]]) == {"estimate": 0.5, "se": 0.5, "best": 1}
    x = np.linspace(-1, 1, 400)
    benefit = np.column_stack([np.zeros(400), 100 * x + 20])
    whole = sensitivity.evpi(benefit)
    part = sensitivity.evppi(benefit, x)
    assert part["estimate"] == pytest.approx(whole["estimate"], rel=1e-9)
    assert part["changes"] == pytest.approx((x < -0.2).mean())


# --- functions -----------------------------------------------------------------------------------


def test_a_function_is_called_with_names() -> None:
    """y = a b on the unit square: each by itself 3 / 7, both together 1 / 7 (by hand)."""
    found = sensitivity.indices(
        {"a": (0, 1), "b": {"uniform": [0, 1]}},
        lambda x: x["a"] * x["b"],
        n=1024,
        second_order=True,
    )
    table = found.columns("sobol")
    assert table["first"] == pytest.approx([3 / 7, 3 / 7], abs=0.01)
    assert table["total"] == pytest.approx([4 / 7, 4 / 7], abs=0.01)
    assert found.columns("pairs")["second"] == pytest.approx([1 / 7], abs=0.02)
    assert found.kind == "sobol"
    assert found.chart("sobol").to_dict()["description"]


def test_a_function_that_never_changes_has_no_indices() -> None:
    found = sensitivity.indices({"a": (0, 1)}, lambda _: 4.0, n=8)
    assert np.isnan(found.columns("sobol")["first"]).all()
    assert "Nothing" in found.words()[0]


def test_functions_that_give_no_number_are_refused() -> None:
    with pytest.raises(sm.ScenarioError, match="function: a number is expected, not str"):
        sensitivity.indices({"a": (0, 1)}, lambda _: "much", n=8)
    with pytest.raises(sm.ScenarioError, match="one a world"):
        sensitivity.indices({"a": (0, 1)}, lambda _: np.zeros(3), n=8, arrays=True)
    with pytest.raises(sm.ScenarioError, match="no finite value in 24 of 24 worlds"):
        sensitivity.indices({"a": (0, 1)}, lambda _: float("nan"), n=8)
    with pytest.raises(sm.ScenarioError, match="did you mean sobol"):
        sensitivity.indices({"a": (0, 1)}, lambda x: x["a"], method="soboll")
    with pytest.raises(sm.ScenarioError, match=r"a.unifrm: no such family; did you mean uniform\?"):
        sensitivity.indices({"a": {"unifrm": [0, 1]}}, lambda x: x["a"], n=8)


# --- bad input -----------------------------------------------------------------------------------


def test_nothing_unsure_is_told(preset: Scenario) -> None:
    with pytest.raises(sm.ScenarioError, match="nothing can move its outcomes"):
        sensitivity.tornado(preset)
    for call in (sensitivity.morris, sensitivity.sobol):
        with pytest.raises(sm.ScenarioError, match="nothing can move its outcomes"):
            call(preset)
    with pytest.raises(sm.ScenarioError, match="nothing can move its outcomes"):
        sensitivity.value_of_information(
            {"a": preset, "b": preset}, value_per_recovery=1000, weeks=52
        )


def test_an_unknown_outcome_offers_the_nearest(service: Scenario) -> None:
    for call in (sensitivity.tornado, sensitivity.morris, sensitivity.sobol):
        with pytest.raises(sm.UnknownNameError, match="no outcome 'recoverd'; there are recovered"):
            call(service, outcome="recoverd")


def test_n_is_a_power_of_two(service: Scenario) -> None:
    for n in (100, 0, 1, -4, 2.0, True, 2**40):
        with pytest.raises(sm.ScenarioError, match="n: got") as error:
            sensitivity.sobol(service, n=n)  # type: ignore[arg-type]
        assert "power of two" in error.value.message or "whole number" in error.value.message


def test_numbers_that_go_together_are_refused_by_name(service: Scenario) -> None:
    together = service.with_({"correlated": [{"of": [PWP, HIT], "rank": 0.5}]})
    for call in (sensitivity.morris, sensitivity.sobol):
        with pytest.raises(sm.ScenarioError, match=f"{PWP} and {HIT} go together"):
            call(together, weeks=52)
    assert sensitivity.tornado(together, weeks=52).words()


def test_trajectories_and_levels(service: Scenario) -> None:
    with pytest.raises(sm.ScenarioError) as error:
        sensitivity.morris(service, trajectories=1, levels=3)
    assert {problem.path for problem in error.value.problems} == {"trajectories", "levels"}


def test_a_value_of_a_recovery_has_no_default(options: dict[str, Scenario]) -> None:
    with pytest.raises(sm.ScenarioError, match="there is no default") as error:
        sensitivity.value_of_information(options)
    assert refused(error.value, "value_per_recovery")
    with pytest.raises(sm.ScenarioError, match="value_per_recovery: got -5"):
        sensitivity.value_of_information(options, value_per_recovery=-5)
    with pytest.raises(sm.ScenarioError, match="got NaN"):
        sensitivity.value_of_information(options, value_per_recovery=float("nan"))


def test_all_that_is_wrong_with_a_question_is_told(options: dict[str, Scenario]) -> None:
    with pytest.raises(sm.ScenarioError) as error:
        sensitivity.value_of_information(
            {"as now": options["as now"]}, value_per_recovery=1, draws=9
        )
    said = error.value.message
    assert "2 to 50: with one there is nothing to decide" in said
    assert "draws: got 9, allowed: at least 200" in said
    with pytest.raises(sm.ScenarioError, match="did you mean net_benefit"):
        sensitivity.value_of_information(options, objective="net_benfit")
    with pytest.raises(sm.ScenarioError) as error:
        sensitivity.value_of_information(
            options,
            objective="cost_to_meet",
            standard={"wait_step4_weeks": 3},
            value_per_recovery=1,
        )
    said = error.value.message
    assert "did you mean wait_step" in said
    assert "price_per_course: got None" in said
    assert "value_per_recovery: got 1" in said
    with pytest.raises(sm.ScenarioError, match=r"did you mean staff.pwp.leavers_per_year\?"):
        sensitivity.value_of_information(
            options, value_per_recovery=1, draws=200, groups={"a": ["staff.pwp.leaver_per_year"]}
        )


def test_without_salib_one_line_says_what_to_install(
    service: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_spec
    monkeypatch.setattr("skillmix.frame.find_spec", lambda n: None if n == "SALib" else real(n))
    for call in (sensitivity.morris, sensitivity.sobol):
        with pytest.raises(
            ImportError, match=r"needs SALib: pip install 'skillmix\[sensitivity\]'"
        ):
            call(service, weeks=52)
    assert sensitivity.tornado(service, weeks=52).words()


def test_importing_the_module_loads_neither_salib_nor_scipy() -> None:
    import subprocess

    code = (
        "import sys, skillmix; skillmix.sensitivity.tornado;"
        "print([n for n in ('SALib', 'scipy', 'pandas', 'altair') if n in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_warnings_of_salib_stay_inside(service: Scenario) -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        sensitivity.sobol(service, n=4, weeks=52)
        sensitivity.morris(service, trajectories=2, weeks=52)
    assert not heard


# --- findings are answers as all others ----------------------------------------------------------


def test_findings_are_complete(found: dict[str, sensitivity.Finding]) -> None:
    for kind, one in found.items():
        assert one.kind == kind
        assert "summary" in one.tables()
        for table in one.tables():
            columns = one.columns(table)
            lengths = {len(values) for values in columns.values()}
            assert len(lengths) == 1
            assert set(one.descriptions(table)) == set(columns)
            assert set(one.units(table)) == set(columns)
        assert one.summary().shape[1] == 4
        assert one.words()
        assert one.charts() == [kind]
        assert one.chart(kind).to_dict()["title"]["text"]


def test_a_finding_cannot_be_changed(found: dict[str, sensitivity.Finding]) -> None:
    one = found["tornado"]
    with pytest.raises(AttributeError):
        one._kind = "value"
    one.columns("tornado")["swing"][0] = -1.0
    assert one.columns("tornado")["swing"][0] > 0
    with pytest.raises(TypeError):
        sensitivity.Finding()
    with pytest.raises(sm.UnknownNameError, match="tornado"):
        one.columns("tornadoes")
    with pytest.raises(sm.UnknownNameError, match="recovered"):
        one.chart("tornado", outcome="recoverd")


def test_findings_pickle_as_recipes(found: dict[str, sensitivity.Finding]) -> None:
    for one in found.values():
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
        assert again == one
        assert hash(again) == hash(one)
        assert again.words() == one.words()
    function = sensitivity.indices({"a": (0, 1)}, lambda x: x["a"], n=8)
    again = pickle.loads(pickle.dumps(function))  # noqa: S301
    assert again.words() == function.words()


def test_findings_say_how_they_were_made(
    service: Scenario, found: dict[str, sensitivity.Finding]
) -> None:
    for kind in ("morris", "sobol"):
        meta = found[kind].meta
        assert meta["hash"] == service.hash
        assert meta["seed"] == 1
        assert meta["version"] == sm.__version__
        assert meta["data"]
    assert found["sobol"].meta["draws"] == 16 * (2 * 3 + 2)
    assert found["tornado"].meta["runs"] == 7
    assert set(found["value"].meta) == {"as now", "more HITs"}


def test_findings_go_to_pages_workbooks_and_files(
    found: dict[str, sensitivity.Finding], tmp_path: Path
) -> None:
    for kind, one in found.items():
        page = one.report(tmp_path / f"{kind}.html").read_text(encoding="utf-8")
        assert "<svg" in page
        assert one.to_excel(tmp_path / f"{kind}.xlsx").stat().st_size > 5000
        names = {file.name for file in one.to_csv(tmp_path / kind)}
        assert f"{kind}.csv" in names
        assert "lead" in one._repr_html_()
    function = sensitivity.indices({"a": (0, 1)}, lambda x: x["a"], n=8)
    with pytest.raises(TypeError, match="this is of a function"):
        function.report(tmp_path / "function.html")


def test_findings_bundle_and_come_out_the_same(
    found: dict[str, sensitivity.Finding], tmp_path: Path
) -> None:
    for kind in ("morris", "value"):
        again = sm.reproduce(found[kind].bundle(tmp_path / f"{kind}.skillmix"))
        assert all(verdict.equal for verdict in again.verdicts)
        assert {verdict.table for verdict in again.verdicts} == set(found[kind].tables())
