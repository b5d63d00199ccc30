"""Which option is better, and how sure is that? Scenarios in the same worlds, with the same luck.

Worlds, referrals, people and luck are common to all options, so what they share cancels in the
differences. ``skillmix.compare`` asks for it when it is given ``draws`` or ``replications``.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect
from skillmix.core_answer import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skillmix.scenario import Scenario

__all__ = ["PAIRED_TABLES", "Paired", "paired", "said_of"]

PAIRED_TABLES = ("differences", "best", "selection", "attribution", "outcomes")


class Paired:
    """What scenarios gave in the same worlds; it is pickled as its recipe."""

    __slots__ = ("_recipe", "core")
    core: _core.PairedResult

    def __init__(self, core: _core.PairedResult, recipe: Mapping[str, Any]) -> None:
        """Wraps what the core gave.

        Args:
            core: The result of the core.
            recipe: All that it depends on.
        """
        self.core = core
        self._recipe = dict(recipe)

    def tables(self) -> list[str]:
        """Names of the tables that a comparison has of it."""
        found = self.core.tables()
        return [name for name in PAIRED_TABLES if name in found or name == "outcomes"]

    def table(self, name: str) -> _core.Table:
        """One of them; ``outcomes`` is its summary."""
        return self.core.table("summary" if name == "outcomes" else name)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the recipe: the scenarios, which are checked again, and what was asked."""
        return (_again, (self._recipe,))


def said_of(
    *,
    draws: Any,
    design: str,
    seed: Any,
    run: str,
    replications: Any,
    quantiles: str | None,
    rules: bool,
    threads: Any,
) -> dict[str, Any]:
    """How worlds are run, as the core wants it.

    Raises:
        TypeError: if a name is no text.
    """
    expect("design", design, str, "text")
    expect("run", run, str, "text")
    expect("rules", rules, bool, "True or False")
    if quantiles is not None:
        expect("quantiles", quantiles, str, '"exact" or "streaming"')
    return {
        "draws": draws,
        "design": design,
        "seed": seed,
        "run": run,
        "replications": replications,
        "quantiles": quantiles,
        "rules": rules,
        "threads": threads,
    }


def paired(
    scenarios: Mapping[str, Scenario],
    *,
    weeks: int | None,
    years: int | None,
    said: Mapping[str, Any],
    objective: str,
    indifference: float | None,
    confidence: float,
    attribute: bool,
    progress: Callable[[int, int], object] | None = None,
) -> Paired:
    """Runs scenarios in the same worlds and compares them with the first.

    Raises:
        ScenarioError: with all that cannot be compared so.
        LimitError: if a stated ceiling is exceeded, with the memory that it would need.
    """
    expect("objective", objective, str, "the name of an outcome")
    expect("attribute", attribute, bool, "True or False")
    for name, value in (("confidence", confidence), ("indifference", indifference)):
        if value is not None:
            expect(name, value, Real, "a number")
    core = _core.compare_paired(
        [(label, one._inner) for label, one in scenarios.items()],
        weeks,
        years,
        dict(said),
        objective,
        None if indifference is None else float(indifference),
        float(confidence),
        attribute,
        progress,
    )
    recipe = {
        "version": _core.__version__,
        "scenarios": [(label, one.to_json()) for label, one in core.scenarios()],
        "weeks": core.meta["weeks"],
        "said": {**said, "threads": None},
        "objective": objective,
        "indifference": indifference,
        "confidence": confidence,
        "attribute": attribute,
    }
    return Paired(core, recipe)


def _again(*pickled: Any) -> Paired:
    """The comparison of a pickle again: its scenarios are checked, its figures are the same."""
    from skillmix.scenario import Scenario

    recipe = recipe_of(pickled)
    scenarios = {
        label: Scenario._of(_core.Scenario.from_json(text)) for label, text in recipe["scenarios"]
    }
    asked = ("objective", "indifference", "confidence", "attribute", "said", "weeks")
    return paired(scenarios, years=None, **{name: recipe[name] for name in asked})
