"""What of a scenario is not known? Its spreads, worlds drawn from them, and the ranges of the pack.

The functions are methods of ``skillmix.Scenario``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect, expect_text, refused
from skillmix.frame import from_columns

if TYPE_CHECKING:
    from skillmix.frame import Library
    from skillmix.scenario import Scenario

__all__ = ["default_spread", "unsure", "with_default_spread", "worlds"]


def unsure(self: Scenario, *, library: Library | None = None) -> Any:
    """What is not known, one row a number: its family, mean, spread and where it comes from.

    ``path``, ``family``, ``parameters``, ``within`` (where it is cut off), ``mean``, ``sd``,
    ``q05``, ``q50`` and ``q95`` (the values with 5, 50 and 95 % of the draws below them),
    ``unit`` and ``source``.
    """
    table = _core.unsure_table(self._inner)
    return from_columns(table.columns(), library, units=table.units())


def worlds(
    self: Scenario,
    draws: int,
    *,
    design: str = "random",
    seed: int = 1,
    library: Library | None = None,
) -> Any:
    """Draws of what is not known: one row a world, one column a number, by its path.

    Args:
        draws: Worlds, 1 to 1,000,000.
        design: ``"random"``, ``"latin_hypercube"`` or ``"sobol"``. More draws of a random or a
            Sobol design leave the first ones as they were; those of a Latin hypercube do not.
        seed: Seed of the draws.
        library: ``"pandas"`` or ``"polars"``; left out, the one that is installed.

    Raises:
        ScenarioError: if there are no draws or too many, or there is no such design.
    """
    expect_text("design", design, "random, latin_hypercube or sobol")
    table = _core.worlds_table(self._inner, draws, design, seed)
    return from_columns(table.columns(), library, units=table.units())


def default_spread(self: Scenario, *, library: Library | None = None) -> Any:
    """Numbers to which the pack gives a range, and whether a default spread makes them unsure.

    ``path``, ``value``, ``low``, ``high``, ``unit``, ``unsure``, ``why_not``, ``source`` and
    ``status``.
    """
    table = _core.default_spread(self._inner)
    return from_columns(table.columns(), library, units=table.units())


def with_default_spread(
    self: Scenario, paths: Sequence[str] | None = None, *, family: str = "pert"
) -> Scenario:
    """The same scenario with the low and high of the pack as the spread of what is not stated.

    Stated values stay as they are, and so do shares that add up to 1, lists, and what is the
    same in all worlds; ``default_spread`` lists them all. The sources of the new scenario say
    where each spread comes from.

    Args:
        paths: Values that are made unsure; left out, all that can be.
        family: ``"pert"``, ``"triangular"`` (low, value, high), ``"uniform"`` (low, high), or
            ``"normal"``, ``"lognormal"``, ``"beta"`` or ``"gamma"`` with 5 % of the draws below
            the low and 5 % above the high.

    Raises:
        ScenarioError: if there is no such family, or a path has no range or must stay.
    """
    expect_text("family", family, "the name of a family")
    if paths is not None:
        expect("paths", paths, Sequence, "a list of paths")
        if isinstance(paths, str):
            raise refused("paths", paths, "a list of paths")
        for place, path in enumerate(paths):
            expect_text(f"paths[{place}]", path, "a path, as staff.pwp.leavers_per_year")
    names = None if paths is None else list(paths)
    return self._of(_core.with_default_spread(self._inner, names, family))
