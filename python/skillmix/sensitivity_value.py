"""What is it worth to find something out before one chooses between options?

EVPI is what knowing everything would be worth, EVPPI what knowing one number or a group would: the
gain, on average over worlds, from choosing the option that is best in what is then known. Options
are scenarios that are run in the same worlds; the page "Which unknown matters" says how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.given import Given
from skillmix.runlog import logged
from skillmix.scenario import Scenario
from skillmix.sensitivity_answer import SUMMARY, Finding, Sheet, told
from skillmix.sensitivity_words import spoken, title_of, value_words
from skillmix.wording import number, pounds, rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["evpi", "evppi", "value_of_information"]

_OWN = ("net_benefit", "cost_to_meet")
_STANDARDS = {"wait_step2_weeks": 2, "wait_step3_weeks": 3}
_ALSO = "waiting"
"""Beside what is asked for, options are judged by the people who wait at the end."""


@logged
def value_of_information(
    options: Mapping[str, Scenario],
    *,
    objective: str = "net_benefit",
    value_per_recovery: float | None = None,
    standard: Mapping[str, float] | None = None,
    price_per_course: float | None = None,
    draws: int = 4096,
    groups: Mapping[str, Sequence[str]] | None = None,
    seed: int = 1,
    years: int | None = None,
    weeks: int | None = None,
) -> Finding:
    """What knowing everything, one unsure number or a group is worth for a choice of options.

    Beside the objective asked for, the same is said in people waiting at the end.

    Args:
        options: Scenarios by label, over the same weeks; what is unsure in several of them is
            spread alike, and has the same value in all of them in each world.
        objective: ``"net_benefit"``: value of recoveries less cost; ``"cost_to_meet"``: cost, and
            the price of courses bought for those who are too many on the list for a standard; or
            an outcome of ``outcomes()``, such as ``"waiting"``.
        value_per_recovery: What a recovery is worth [pounds]: a statement of whoever decides, for
            ``net_benefit``.
        standard: The mean wait to be met, for ``cost_to_meet``: ``{"wait_step3_weeks": 12}`` or
            ``{"wait_step2_weeks": 6}``.
        price_per_course: What a course bought elsewhere costs [pounds], for ``cost_to_meet``.
        draws: Worlds, at least 200.
        groups: Paths that are found out together, by the name of the group.
        seed: Seed of the worlds.
        years: Length of the runs [years]; left out, that of the scenarios' calendar.
        weeks: Length [weeks], instead of years.

    Raises:
        UnknownNameError: if there is no such objective; the nearest names are offered.
        ScenarioError: with all that is wrong: one option only, nothing unsure, too few draws, no
            value of a recovery, options that do not go together.
    """
    given = Given()
    if given.kind("options", options, Mapping, "a dict of label and Scenario"):
        for label, one in options.items():
            given.kind("a label of options", label, str, "text")
            given.kind(f"options[{label!r}]", one, Scenario, "a Scenario")
    stated = _objective(given, objective, value_per_recovery, standard, price_per_course)
    together = _groups(given, groups)
    given.numbers()
    objectives = [stated] if stated[0] == _ALSO else [stated, (_ALSO, [])]
    inner = [(label, one._inner) for label, one in options.items()]
    tables = _core.value_of_information(inner, objectives, draws, seed, together, weeks, years)
    choice, value, worlds = (Sheet.of(table) for table in tables[:3])
    titles = {
        str(path): title_of(str(path), one)
        for one in reversed(list(options.values()))
        for path in _core.unsure_numbers(one._inner).columns()["path"]
    }
    basis = [_basis(name, numbers) for name, numbers in objectives]
    return Finding._of(
        "value",
        {
            "summary": _summary(choice, value, titles),
            "options": choice,
            "value": value,
            "worlds": worlds,
        },
        value_words(
            choice.columns, value.columns, titles, basis=basis, years=tables[3], draws=int(draws)
        ),
        {
            label: told(
                one, "value of information", "random", int(draws), int(seed), (weeks, years)
            )
            for label, one in options.items()
        },
        options,
        {
            "options": dict(options),
            "objective": objective,
            "value_per_recovery": value_per_recovery,
            "standard": None if standard is None else dict(standard),
            "price_per_course": price_per_course,
            "draws": int(draws),
            "groups": None if groups is None else {k: list(v) for k, v in groups.items()},
            "seed": int(seed),
            "years": years,
            "weeks": weeks,
        },
    )


def evpi(net_benefit: ArrayLike) -> dict[str, float]:
    """What knowing everything is worth, from any worlds x options.

    Args:
        net_benefit: What each option is worth in each world; more is better.

    Returns:
        ``estimate``, ``se`` (standard error) and ``best``, the place of the option that is best on
        average.

    >>> evpi([[10, 9], [4, 6]])["estimate"]
    0.5
    """
    return _core.evpi(_matrix("net_benefit", net_benefit))


def evppi(net_benefit: ArrayLike, inputs: ArrayLike) -> dict[str, float]:
    """What knowing one input, or several together, is worth, by regression on them.

    Strong, Oakley and Brennan (2014), with splines whose number of knots cross-validation chooses.

    Args:
        net_benefit: Worlds x options; at least 200 worlds.
        inputs: Value of the input in each world, or worlds x inputs for several together.

    Returns:
        ``estimate``, which lies a little too high; ``se``, its standard error; ``held_out``, the
        gain in worlds that the curve has not seen, which errs the other way; ``changes``, share of
        the worlds in which another option is chosen; ``terms`` of the curve.
    """
    return _core.evppi(_matrix("net_benefit", net_benefit), _matrix("inputs", inputs))


def _matrix(name: str, values: Any) -> NDArray[Any]:
    """Rows of numbers; a list of numbers is one column."""
    import numpy as np

    given = Given()
    try:
        found = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        given.refuse(name, type(values).__name__, "rows of numbers of equal length")
        found = np.zeros((1, 1))
    if found.ndim == 1:
        found = found.reshape(-1, 1)
    if found.ndim != 2:
        given.refuse(name, f"{found.ndim} dimensions", "worlds in rows")
    given.numbers()
    return found


def _objective(
    given: Given,
    objective: Any,
    value_per_recovery: Any,
    standard: Any,
    price_per_course: Any,
) -> tuple[str, list[float]]:
    """Name and numbers of what options are compared by."""
    if not given.kind("objective", objective, str, "the name of an objective"):
        return "", []
    known = (*_OWN, *(str(name) for name in _core.outcomes().columns()["outcome"]))
    if objective not in known:
        given.known("objective", objective, known)
        return "", []
    stated = "a number of pounds that you state: there is no default"
    numbers: list[float] = []
    if objective == "net_benefit":
        if value_per_recovery is None:
            given.refuse("value_per_recovery", None, stated)
        else:
            numbers = [given.one("value_per_recovery", value_per_recovery)]
    if objective == "cost_to_meet":
        one = f"one of {', '.join(_STANDARDS)} with its weeks"
        if not isinstance(standard, Mapping) or len(standard) != 1:
            given.refuse("standard", standard, one)
        elif next(iter(standard)) not in _STANDARDS:
            given.known("standard", next(iter(standard)), tuple(_STANDARDS))
        else:
            ((name, limit),) = standard.items()
            numbers = [float(_STANDARDS[name]), given.one(f"standard.{name}", limit)]
        if price_per_course is None:
            given.refuse("price_per_course", None, stated)
        else:
            numbers.append(given.one("price_per_course", price_per_course))
    asked = {
        "value_per_recovery": (value_per_recovery, "net_benefit"),
        "standard": (standard, "cost_to_meet"),
        "price_per_course": (price_per_course, "cost_to_meet"),
    }
    for name, (value, of) in asked.items():
        if value is not None and objective != of:
            given.refuse(name, value, f"nothing, since it is for the objective {of}")
    return objective, numbers


def _groups(given: Given, groups: Any) -> list[tuple[str, list[str]]]:
    if groups is None:
        return []
    if not given.kind("groups", groups, Mapping, "a dict of name and paths"):
        return []
    found = []
    for name, paths in groups.items():
        listed = isinstance(paths, Sequence) and not isinstance(paths, str)
        if not given.kind("a name of groups", name, str, "text") or not listed:
            given.refuse(f"groups.{name}", paths, "a list of paths")
            continue
        if all(given.kind(f"groups.{name}", path, str, "paths that are text") for path in paths):
            found.append((name, list(paths)))
    return found


def _basis(name: str, numbers: Sequence[float]) -> str:
    """What options are compared by, in words."""
    if name == "net_benefit":
        return f"net benefit at {pounds(numbers[0])} a recovery"
    if name == "cost_to_meet":
        return (
            f"cost to meet {number(numbers[1])} weeks for Step {number(numbers[0])} at "
            f"{pounds(numbers[2])} a course bought"
        )
    table = _core.outcomes().columns()
    meanings = dict(zip(table["outcome"], table["meaning"], strict=True))
    said = str(meanings[name])
    return said[:1].lower() + said[1:]


def _summary(choice: Sheet, value: Sheet, titles: Mapping[str, str]) -> Sheet:
    found = [
        {
            "measure": f"{row['objective']}: {row['option']}",
            "value": float(row["mean"]),
            "unit": str(row["unit"]),
            "meaning": f"Mean of {spoken(str(row['objective']))} with “{row['option']}”, whole run",
        }
        for row in rows(choice.columns)
    ]
    for row in rows(value.columns):
        what = titles.get(str(row["finding"]), str(row["finding"]))
        yearly = row["worth_a_year"] == row["worth_a_year"]
        found.append(
            {
                "measure": f"{row['objective']}: knowing {row['finding']}",
                "value": float(row["worth_a_year"] if yearly else row["worth"]),
                "unit": f"{row['unit']} a year" if yearly else str(row["unit"]),
                "meaning": f"Most that knowing {what} is worth, by {spoken(str(row['objective']))}",
            }
        )
    return Sheet.of_rows(found, SUMMARY)
