"""What do the worlds of a design say of an outcome? Tables of Morris and of Sobol.

One code goes over scenarios and over functions of Python: both are a ``Model``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.given import Given
from skillmix.sensitivity_answer import SUMMARY, Finding, Sheet, told
from skillmix.sensitivity_design import (
    LEVEL,
    morris_design,
    morris_indices,
    sobol_design,
    sobol_indices,
)
from skillmix.sensitivity_model import finite, independent, whole_range
from skillmix.sensitivity_words import morris_words, sobol_words, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.sensitivity_model import Array, Model

__all__ = ["by_morris", "by_sobol"]

MOST_TRAJECTORIES = 10_000
MOST_LEVELS = 100
MOST_N = 2**17

_KEYS = {
    "outcome": ("", "Outcome"),
    "unit": ("", "Unit of the outcome"),
    "path": ("", "Path of the unsure number"),
    "title": ("", "What it is"),
}
_MORRIS = _KEYS | {
    "mu_star": ("", "Mean size of the change of the outcome over the whole range of the number"),
    "mu_star_low": ("", "Lower end of its 95 % interval"),
    "mu_star_high": ("", "Upper end of its 95 % interval"),
    "mu": ("", "Mean change, with its sign"),
    "sigma": ("", "Standard deviation of the change: how much it depends on the rest"),
}
_SOBOL = _KEYS | {
    "first": ("share", "Share of the variance that it makes by itself"),
    "first_low": ("share", "Lower end of its 95 % interval"),
    "first_high": ("share", "Upper end of its 95 % interval"),
    "total": ("share", "Share of the variance in which it has a part"),
    "total_low": ("share", "Lower end of its 95 % interval"),
    "total_high": ("share", "Upper end of its 95 % interval"),
}
_PAIRS = {
    "outcome": ("", "Outcome"),
    "path": ("", "Path of one number"),
    "other": ("", "Path of the other number"),
    "second": ("share", "Share of the variance that both make together, beyond each by itself"),
    "second_low": ("share", "Lower end of its 95 % interval"),
    "second_high": ("share", "Upper end of its 95 % interval"),
}


def by_morris(model: Model, trajectories: int, levels: int, seed: int, length: Any) -> Finding:
    """Elementary effects of every input on every outcome."""
    given = Given()
    number, grid, start = (
        given.whole(name, value)
        for name, value in (("trajectories", trajectories), ("levels", levels), ("seed", seed))
    )
    if not 2 <= number <= MOST_TRAJECTORIES:
        given.refuse("trajectories", trajectories, f"2 to {MOST_TRAJECTORIES}")
    if not 2 <= grid <= MOST_LEVELS or grid % 2:
        given.refuse("levels", levels, f"an even number, 2 to {MOST_LEVELS}")
    given.numbers()
    independent(model)
    design = morris_design(len(model.paths), number, grid, start)
    values = model.run(whole_range(model, design))
    rows, summary = [], []
    for one in model.outcomes:
        found = morris_indices(design, finite(one, values[one.name]), grid, start)
        order = sorted(range(len(model.paths)), key=lambda place: -found["mu_star"][place])
        for place in order:
            size, half = float(found["mu_star"][place]), float(found["mu_star_half"][place])
            rows.append(
                {
                    "outcome": one.name,
                    "unit": one.unit,
                    "path": model.paths[place],
                    "title": model.titles[place],
                    "mu_star": size,
                    "mu_star_low": max(0.0, size - half),
                    "mu_star_high": size + half,
                    "mu": float(found["mu"][place]),
                    "sigma": float(found["sigma"][place]),
                }
            )
            summary.append(_summary(one.name, rows[-1], size, one.unit, "Mean effect"))
    main = Sheet.of_rows(rows, _MORRIS)
    return Finding._of(
        "morris",
        {"summary": Sheet.of_rows(summary, SUMMARY), "morris": main},
        morris_words(main.columns, dict(zip(model.paths, model.titles, strict=True))),
        told(model.scenario, "morris", f"Morris, {grid} levels", len(design), start, length),
        {},
        {},
    )


def by_sobol(model: Model, n: int, seed: int, second_order: bool, length: Any) -> Finding:
    """First and total indices of every input on every outcome, and of pairs."""
    given = Given()
    size, start = given.whole("n", n), given.whole("seed", seed)
    if not 2 <= size <= MOST_N or size & (size - 1):
        given.refuse("n", n, f"a power of two, 2 to {MOST_N}, so that the design is balanced")
    given.numbers()
    independent(model)
    number = len(model.paths)
    design = sobol_design(number, size, start, second_order=bool(second_order))
    values = model.run(model.inputs(design))
    rows, pairs, summary = [], [], []
    for one in model.outcomes:
        found = sobol_indices(
            number, finite(one, values[one.name]), start, second_order=bool(second_order)
        )
        order = sorted(range(number), key=lambda place: -found["total"][place])
        base = _base(values[one.name], size)
        for measure, value in (("mean", base.mean()), ("standard deviation", base.std(ddof=1))):
            said = f"{measure.capitalize()} of {spoken(one.name)} over worlds"
            head = {"measure": f"{one.name}: {measure}", "unit": one.unit, "meaning": said}
            summary.append({**head, "value": float(value)})
        for place in order:
            row: dict[str, Any] = {
                "outcome": one.name,
                "unit": one.unit,
                "path": model.paths[place],
                "title": model.titles[place],
            }
            for index in ("first", "total"):
                row |= _interval(index, found[index][place], found[f"{index}_half"][place])
            rows.append(row)
            summary.append(_summary(one.name, row, row["total"], "share", "Total index"))
        if second_order:
            for a in range(number):
                for b in range(a + 1, number):
                    of_pair = (found["second"][a, b], found["second_half"][a, b])
                    names = {"path": model.paths[a], "other": model.paths[b]}
                    pairs.append({"outcome": one.name, **names, **_interval("second", *of_pair)})
    main = Sheet.of_rows(rows, _SOBOL)
    sheets = {"summary": Sheet.of_rows(summary, SUMMARY), "sobol": main}
    if pairs:
        sheets["pairs"] = Sheet.of_rows(pairs, _PAIRS)
    return Finding._of(
        "sobol",
        sheets,
        sobol_words(main.columns, dict(zip(model.paths, model.titles, strict=True)), LEVEL),
        told(model.scenario, "sobol", f"Saltelli, n = {size}", len(design), start, length),
        {},
        {},
    )


def _base(values: Array, size: int) -> Array:
    """The outcome in the worlds that the design mixes: first and last of each block."""
    blocks = values.reshape(size, -1)
    return blocks[:, [0, -1]].ravel()


def _interval(name: str, value: float, half: float) -> dict[str, float]:
    found = float(value)
    return {name: found, f"{name}_low": found - float(half), f"{name}_high": found + float(half)}


def _summary(
    outcome: str, row: Mapping[str, Any], value: float, unit: str, what: str
) -> dict[str, Any]:
    return {
        "measure": f"{outcome}: {row['path']}",
        "value": value,
        "unit": unit,
        "meaning": f"{what} of {row['title']} on {spoken(outcome)}",
    }
