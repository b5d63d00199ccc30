"""Which of the numbers that nobody knows matter, and which is worth paying to find out?

``tornado`` moves one unsure number at a time; ``morris`` ranks many with few runs; ``sobol`` shares
out how unsure an outcome is; ``value_of_information`` says what knowing a number is worth for a
choice between options. ``indices``, ``evpi`` and ``evppi`` do the same for any function of Python.
Designs and indices of Morris and Sobol are those of SALib, which the extra ``sensitivity`` brings.

>>> import skillmix as sm
>>> ours = sm.preset("talking-therapies-2025").with_(
...     {"staff.pwp.leavers_per_year": {"unsure": {"pert": [0.1, 0.2, 0.4]}}})
>>> swings = sm.sensitivity.tornado(ours, outcome="recovered", years=1)
>>> [str(path) for path in swings.columns("tornado")["path"]]
['staff.pwp.leavers_per_year']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect
from skillmix.core_answer import recipe_of
from skillmix.given import Given
from skillmix.runlog import logged
from skillmix.scenario import Scenario
from skillmix.sensitivity_answer import SUMMARY, Finding, Sheet, told
from skillmix.sensitivity_indices import by_morris, by_sobol
from skillmix.sensitivity_model import FunctionModel, ScenarioModel, outcomes_named
from skillmix.sensitivity_value import evpi, evppi, value_of_information
from skillmix.sensitivity_words import spoken, title_of, tornado_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from skillmix.tables import Columns

__all__ = [
    "Finding",
    "evpi",
    "evppi",
    "indices",
    "morris",
    "outcomes",
    "sobol",
    "tornado",
    "value_of_information",
]


def outcomes() -> Columns:
    """The numbers of a run that can be analysed: name, unit, meaning, which way is better.

    >>> "waiting" in outcomes()["outcome"]
    True
    """
    return _core.outcomes().columns()


@logged
def tornado(
    scenario: Scenario,
    *,
    outcome: str | Sequence[str] = "waiting",
    low: float = 0.05,
    high: float = 0.95,
    years: int | None = None,
    weeks: int | None = None,
) -> Finding:
    """Moves each unsure number from a low to a high quantile, all others at their means.

    Args:
        scenario: Some of its numbers are ``unsure``.
        outcome: One outcome or several, of ``outcomes()``.
        low: Share of the draws below the low value [share].
        high: Share of the draws below the high value [share].
        years: Length of the runs [years]; left out, that of the scenario's calendar.
        weeks: Length [weeks], instead of years.

    Raises:
        UnknownNameError: if there is no such outcome; the nearest names are offered.
        ScenarioError: if nothing is unsure, or a number is out of its range.
    """
    import numpy as np

    expect("scenario", scenario, Scenario, "a Scenario")
    asked = [one.name for one in outcomes_named(outcome)]
    shares = Given(low=low, high=high).numbers()
    sheet = Sheet.of(_core.tornado(scenario._inner, shares[0], shares[1], weeks, years))
    keep = np.concatenate([np.flatnonzero(sheet.columns["outcome"] == name) for name in asked])
    columns = {name: values[keep] for name, values in sheet.columns.items()}
    titles = {str(path): title_of(str(path), scenario) for path in columns["path"]}
    columns["title"] = np.array([titles[str(path)] for path in columns["path"]], dtype=object)
    main = Sheet(
        columns, sheet.units | {"title": ""}, sheet.meanings | {"title": "What the number is"}
    )
    summary = [
        {
            "measure": f"{row_outcome}: {path}",
            "value": float(swing),
            "unit": str(unit),
            "meaning": f"Swing of {spoken(str(row_outcome))} with {titles[str(path)]}",
        }
        for row_outcome, path, swing, unit in zip(
            *(columns[name] for name in ("outcome", "path", "swing", "unit")), strict=True
        )
    ]
    runs = 1 + 2 * len(titles)
    return Finding._of(
        "tornado",
        {"summary": Sheet.of_rows(summary, SUMMARY), "tornado": main},
        tornado_words(columns, titles, (shares[0], shares[1])),
        told(scenario, "tornado", "one at a time", runs, None, (weeks, years)),
        {scenario.name: scenario},
        {
            "scenario": scenario,
            "outcome": asked,
            "low": shares[0],
            "high": shares[1],
            "years": years,
            "weeks": weeks,
        },
    )


@logged
def morris(
    scenario: Scenario,
    *,
    trajectories: int = 20,
    levels: int = 4,
    seed: int = 1,
    outcome: str | Sequence[str] = "waiting",
    years: int | None = None,
    weeks: int | None = None,
) -> Finding:
    """Ranks unsure numbers with few runs, by the elementary effects of Morris (1991).

    A trajectory starts somewhere and moves one number after the other by half of its range or
    more; the effect is the change of the outcome, scaled to the whole range. The range is counted
    by share of the draws; an end that is endless is cut off at 1 %.

    Args:
        scenario: Some of its numbers are ``unsure``.
        trajectories: How many; each takes one run more than there are unsure numbers.
        levels: Levels of the grid, an even number.
        seed: Seed of the design.
        outcome: One outcome or several, of ``outcomes()``.
        years: Length of the runs [years].
        weeks: Length [weeks], instead of years.

    Raises:
        UnknownNameError: if there is no such outcome.
        ScenarioError: if nothing is unsure, a number is out of its range, or an outcome has no
            finite value in some world.
        ImportError: if SALib is not installed; the message says what to install.
    """
    expect("scenario", scenario, Scenario, "a Scenario")
    model = ScenarioModel(scenario, outcome, years, weeks)
    found = by_morris(model, trajectories, levels, seed, (weeks, years))
    return _with_recipe(
        found,
        scenario,
        model,
        trajectories=trajectories,
        levels=levels,
        seed=seed,
        years=years,
        weeks=weeks,
    )


@logged
def sobol(
    scenario: Scenario,
    *,
    n: int = 1024,
    seed: int = 1,
    outcome: str | Sequence[str] = "waiting",
    second_order: bool = False,
    years: int | None = None,
    weeks: int | None = None,
) -> Finding:
    """Shares out the variance of an outcome among the unsure numbers (Sobol indices).

    The first index is what a number does by itself; the total index is all in which it has a part.
    Design and estimators are those of Saltelli et al. (2010), the intervals SALib's resampling.

    Args:
        scenario: Some of its numbers are ``unsure``, each by itself.
        n: Base size of the design, a power of two; it takes n (numbers + 2) runs.
        seed: Seed of the design and of the resampling.
        outcome: One outcome or several, of ``outcomes()``.
        second_order: Whether the table ``pairs`` is wanted; it takes about twice the runs.
        years: Length of the runs [years].
        weeks: Length [weeks], instead of years.

    Raises:
        UnknownNameError: if there is no such outcome.
        ScenarioError: if nothing is unsure, ``n`` is no power of two, or an outcome has no finite
            value in some world.
        ImportError: if SALib is not installed; the message says what to install.
    """
    expect("scenario", scenario, Scenario, "a Scenario")
    model = ScenarioModel(scenario, outcome, years, weeks)
    found = by_sobol(model, n, seed, second_order, (weeks, years))
    return _with_recipe(
        found, scenario, model, n=n, seed=seed, second_order=second_order, years=years, weeks=weeks
    )


def indices(
    problem: Mapping[str, Any],
    function: Callable[[dict[str, Any]], Any],
    *,
    method: str = "sobol",
    n: int = 1024,
    trajectories: int = 20,
    levels: int = 4,
    seed: int = 1,
    second_order: bool = False,
    arrays: bool = False,
) -> Finding:
    """The same analyses of any function of Python.

    Args:
        problem: Spread of each input by its name, as a scenario would say it:
            ``{"x": {"uniform": [0, 1]}, "y": {"normal": {"mean": 0, "sd": 2}}}``; a pair of numbers
            stands for uniform.
        function: Takes a dict of name and value, gives a number.
        method: ``"sobol"`` or ``"morris"``.
        n: As in ``sobol``.
        trajectories: As in ``morris``.
        levels: As in ``morris``.
        seed: Seed of the design.
        second_order: As in ``sobol``.
        arrays: Whether the function takes arrays, all worlds at once, and gives one.

    >>> found = indices({"a": (0, 1), "b": (0, 1)}, lambda x: 3 * x["a"] - x["b"], method="morris")
    >>> found.columns("morris")["mu_star"].round(9).tolist()
    [3.0, 1.0]
    """
    given = Given()
    if given.kind("method", method, str, "sobol or morris"):
        given.known("method", method, ("sobol", "morris"))
    given.numbers()
    model = FunctionModel(problem, function, arrays=arrays)
    if method == "morris":
        return by_morris(model, trajectories, levels, seed, (None, None))
    return by_sobol(model, n, seed, second_order, (None, None))


def _with_recipe(found: Finding, scenario: Scenario, model: ScenarioModel, **asked: Any) -> Finding:
    """The same finding, which knows its scenario and how it is made again."""
    names = [one.name for one in model.outcomes]
    return Finding._of(
        found._kind,
        found._sheets,
        found._words,
        found._meta,
        {scenario.name: scenario},
        {"scenario": scenario, "outcome": names, **asked},
    )


def _again(recipe: dict[str, Any]) -> Finding:
    """The analysis of a pickle again: its scenarios are checked, its figures are the same."""
    asked = dict(recipe_of((recipe,)))
    asked.pop("version")
    calls: dict[str, Callable[..., Finding]] = {
        "tornado": tornado,
        "morris": morris,
        "sobol": sobol,
        "value": value_of_information,
    }
    call = calls[asked.pop("kind")]
    first = asked.pop("options" if call is value_of_information else "scenario")
    return call(first, **asked)
