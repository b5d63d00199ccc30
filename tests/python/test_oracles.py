"""Indices of functions whose indices are known, by the code that analyses scenarios."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from oracle import Case

from skillmix import sensitivity

N_BASE = 2**13
"""Base size that the cases state."""


def by_name(found: sensitivity.Finding, table: str, column: str, names: list[str]) -> list[float]:
    columns = found.columns(table)
    values = dict(zip(columns["path"], columns[column], strict=True))
    return [float(values[name]) for name in names]


def check_indices(case: Case, found: sensitivity.Finding, names: list[str]) -> None:
    for quantity, column in (("S1", "first"), ("ST", "total")):
        if quantity in case.expected:
            ours = by_name(found, "sobol", column, names)
            case.check_list(quantity, ours, absolute=case.tolerance["sim"]["abs"])


def test_e01_ishigami() -> None:
    case = Case("E01")
    a, b = case.inputs["a"], case.inputs["b"]

    def ishigami(x: dict[str, Any]) -> Any:
        bend = 1 + b * x["x3"] ** 4
        return np.sin(x["x1"]) * bend + a * np.sin(x["x2"]) ** 2

    names = ["x1", "x2", "x3"]
    problem = {name: {"uniform": [-math.pi, math.pi]} for name in names}
    found = sensitivity.indices(problem, ishigami, n=N_BASE, arrays=True)
    check_indices(case, found, names)


def test_e02_sobol_g() -> None:
    case = Case("E02")
    a = case.inputs["a"]
    names = [f"x{place}" for place in range(len(a))]

    def g(x: dict[str, Any]) -> Any:
        parts = [(np.abs(4 * x[n] - 2) + k) / (1 + k) for n, k in zip(names, a, strict=True)]
        return math.prod(parts)

    found = sensitivity.indices(dict.fromkeys(names, (0, 1)), g, n=N_BASE, arrays=True)
    check_indices(case, found, names)


def test_e04_linear_of_normals() -> None:
    case = Case("E04")
    names = ["x1", "x2", "x3"]
    spreads = [{"normal": {"mean": 0, "sd": sd}} for sd in case.inputs["sd"]]
    weights = dict(zip(names, case.inputs["coef"], strict=True))
    found = sensitivity.indices(
        dict(zip(names, spreads, strict=True)),
        lambda x: sum(weight * x[name] for name, weight in weights.items()),
        n=N_BASE,
        arrays=True,
    )
    check_indices(case, found, names)


def test_e09_morris_of_a_linear_function() -> None:
    case = Case("E09")
    names = ["x1", "x2", "x3"]
    weights = dict(zip(names, case.inputs["coef"], strict=True))
    found = sensitivity.indices(
        dict(zip(names, case.inputs["range"], strict=True)),
        lambda x: sum(weight * x[name] for name, weight in weights.items()),
        method="morris",
    )
    for quantity in ("mu_star", "sigma"):
        ours = by_name(found, "morris", quantity, names)
        case.check_list(quantity, ours, relative=case.tolerance["rel"])
