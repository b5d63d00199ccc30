"""What is not known: its table, its draws, correlations and the ranges of the pack."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import skillmix as sm
from skillmix import Scenario
from skillmix.sessions import number
from skillmix.wording import middle, value_text

PWP = "staff.pwp.leavers_per_year"
SHARE = "pathway.opt_in.share"


@pytest.fixture(scope="module")
def unsure(preset: Scenario) -> Scenario:
    """Two numbers that are not known and go together."""
    return preset.with_(
        {
            PWP: {"unsure": {"lognormal": {"q05": 0.1, "q95": 0.4}}},
            SHARE: {"unsure": {"beta": {"mean": 0.7, "sd": 0.05}}},
            "correlated": [{"of": [PWP, SHARE], "rank": -0.5}],
        }
    )


def test_the_table_says_what_is_not_known(unsure: Scenario) -> None:
    table = unsure.unsure().set_index("path")
    assert list(table.index) == sorted([PWP, SHARE])
    row = table.loc[SHARE]
    # alpha + beta = 0.7 x 0.3 / 0.05^2 - 1 = 83
    spread = stats.beta(0.7 * 83, 0.3 * 83)
    assert (row["family"], row["unit"], row["source"]) == ("beta", "share", "this scenario")
    assert row["mean"] == pytest.approx(0.7, rel=1e-12)
    assert row["sd"] == pytest.approx(0.05, rel=1e-9)
    found = [row[name] for name in ("q05", "q50", "q95")]
    assert found == pytest.approx(spread.ppf([0.05, 0.5, 0.95]), rel=1e-9)
    assert table.loc[PWP, "q50"] == pytest.approx(0.2, rel=1e-9)  # sqrt(0.1 x 0.4)


@pytest.mark.parametrize("design", ["random", "latin_hypercube", "sobol"])
def test_quantiles_and_correlations_asked_for_are_obtained(unsure: Scenario, design: str) -> None:
    """4,096 worlds: the share below a quantile has a standard error of sqrt(p (1 - p) / 4096)."""
    drawn = unsure.worlds(4096, design=design, seed=3)
    assert list(drawn.columns) == ["world", SHARE, PWP]
    for value, share in ((0.1, 0.05), (0.4, 0.95)):
        error = 4 * np.sqrt(share * (1 - share) / 4096)
        assert (drawn[PWP] < value).mean() == pytest.approx(share, abs=error)
    found = stats.spearmanr(drawn[PWP], drawn[SHARE]).statistic
    assert found == pytest.approx(-0.5, abs=4 / np.sqrt(4096))


def test_more_draws_leave_the_first_ones(unsure: Scenario) -> None:
    for design in ("random", "sobol"):
        few, many = (unsure.worlds(n, design=design, seed=9) for n in (20, 50))
        assert few.equals(many.head(20))


@pytest.mark.parametrize(
    ("draws", "design", "at"),
    [
        (0, "random", "draws"),
        (-1, "random", "draws"),
        (2.5, "random", "draws"),
        (5, "sobl", "design"),
    ],
)
def test_bad_designs_are_refused(unsure: Scenario, draws: Any, design: str, at: str) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        unsure.worlds(draws, design=design)
    assert [problem.path for problem in caught.value.problems] == [at]


def test_the_ranges_of_the_pack_become_spreads(preset: Scenario) -> None:
    listed = preset.default_spread().set_index("path")
    wide = preset.with_default_spread()
    table = wide.unsure().set_index("path")
    assert set(table.index) == set(listed.index[listed["unsure"]])
    assert (listed.loc[~listed["unsure"], "why_not"] != "").all()
    row = listed.loc[PWP]
    low, value, high = (float(row[name]) for name in ("low", "value", "high"))
    assert table.loc[PWP, "mean"] == pytest.approx((low + 4 * value + high) / 6, rel=1e-12)
    assert table.loc[PWP, "source"] == row["source"]
    drawn = wide.worlds(64, design="latin_hypercube")
    assert np.isfinite(drawn.to_numpy()).all()
    assert wide.project(weeks=8, draws=8).frame("bands").notna().all().all()


def test_stated_values_stay_and_single_paths_can_be_chosen(preset: Scenario) -> None:
    ours = preset.with_({PWP: 0.2})
    assert PWP not in set(ours.with_default_spread().unsure()["path"])
    with pytest.raises(sm.ScenarioError, match="has no range"):
        ours.with_default_spread([PWP])
    one = preset.with_default_spread([PWP], family="triangular")
    assert list(one.unsure()["family"]) == ["triangular"]
    with pytest.raises(sm.ScenarioError, match="did you mean pert"):
        preset.with_default_spread(family="prt")
    with pytest.raises(sm.ScenarioError, match="did you mean"):
        preset.with_default_spread([PWP + "s"])


def test_a_spread_in_words_and_as_a_number() -> None:
    spread = {"unsure": {"normal": {"mean": 0.2, "sd": 0.01}, "within": [0.1, 0.3]}}
    assert number(spread) == pytest.approx(0.2, rel=1e-12)
    assert middle(spread) == pytest.approx(0.2, rel=1e-12)
    assert value_text(spread, "share") == "20 %, nine in ten between 18.4 % and 21.6 %"
    inner = {"varies": {"family": "gamma", "sd": 2, "mean": {"unsure": {"uniform": [6, 8]}}}}
    assert number(inner) == middle(inner) == 7
    assert value_text(inner) == "between 6 and 8 on average, differing by 2 between people"
