"""What did a plan, a projection or a simulation give, and how do several compare?

``Result`` wraps one run of the core; ``compare`` and ``skill_mix`` put several side by side.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from skillmix.arguments import expect
from skillmix.comparison import Comparison, SkillMix, compare, skill_mix
from skillmix.core_answer import CoreAnswer, recipe_of
from skillmix.tables import named, unknown

if TYPE_CHECKING:
    from skillmix import _core
    from skillmix.frame import Library
    from skillmix.scenario import Scenario
    from skillmix.tables import Columns

__all__ = ["Comparison", "Result", "SkillMix", "compare", "skill_mix"]


class Result(CoreAnswer):
    """One plan, one plan to targets, one projection, one simulation or one ensemble."""

    __slots__ = ()
    _inner: _core.Result
    _made_by = "scenario.plan(), scenario.project(), scenario.simulate() or scenario.ensemble()"

    @property
    def kind(self) -> str:
        """``plan``, ``project``, ``targets``, ``simulate`` or ``ensemble``."""
        return self._inner.kind

    @property
    def run(self) -> Result:
        """The projection of the scenario with a plan to targets; of a projection, itself.

        Raises:
            UnknownNameError: for a plan, which has none.
        """
        return self._projection(self._inner.run, "run")

    @property
    def before(self) -> Result:
        """The projection of the scenario as it is, beside a plan to targets.

        Raises:
            UnknownNameError: for other results, which have none.
        """
        return self._projection(self._inner.before, "before")

    @property
    def met(self) -> bool:
        """Whether a plan to targets meets them; what only describes has nothing to miss."""
        return self._inner.met is not False

    @property
    def asked(self) -> dict[str, Any] | None:
        """What a plan to targets was asked for, in the words of ``plan(to=...)``; else None."""
        if self.kind != "targets":
            return None
        found: dict[str, Any] = json.loads(self._recipe()["to"])
        return found

    def _projection(self, found: _core.Result | None, name: str) -> Result:
        if found is not None:
            return Result._of(found)
        if self.kind == "project" and name == "run":
            return self
        raise unknown(f"projection of a {self.kind}", name, ["scenario"])

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run; of a plan to targets, with its places, moves and posts."""
        from skillmix.scenario import Scenario

        return Scenario._of(self._inner.scenario)

    @property
    def meta(self) -> dict[str, Any]:
        """How it was made: version, scenario, hash, start, weeks, draws, seed, data, platform.

        ``data`` names the pack and the files behind the scenario, each with date and SHA-256.
        """
        from skillmix.provenance import made

        return made(self._inner.meta, self.scenario)

    def tables(self) -> list[str]:
        """Names of the tables."""
        names = self._inner.tables()
        return names if "summary" in names else ["summary", *names]

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        if name == "summary" and "summary" not in self._inner.tables():
            from skillmix.measures import project_summary

            return named(name, project_summary(self))
        return super().columns(name)

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        if name == "summary" and "summary" not in self._inner.tables():
            return {}
        return super().units(name)

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        if name == "summary" and "summary" not in self._inner.tables():
            from skillmix.measures import SUMMARY_COLUMNS

            return dict(SUMMARY_COLUMNS)
        return super().descriptions(name)

    def rules(self, library: Library | None = None) -> Any:
        """Rules and targets that are broken: from when to when, by how much; empty if none is."""
        return self.frame("rules", library)

    def advice(self, half_width: float = 0.05, library: Library | None = None) -> Any:
        """How many replications a simulation needs, and how many weeks its start still shows.

        Args:
            half_width: what the 95 % interval may reach to either side of the mean, as a share of
                it, 0.0001 to 1.
            library: ``pandas`` or ``polars``; left out: the one that is there.

        Raises:
            ScenarioError: if the half width is not possible.
            UnknownNameError: for other results, which have none.
        """
        from skillmix.frame import from_columns

        expect("half_width", half_width, float, "a share of the mean")
        found = self._inner.advice(half_width)
        if found is None:
            raise unknown("table", "advice", self.tables())
        return from_columns(found.columns(), library, units=found.units())

    def trace(self, library: Library | None = None) -> Any:
        """Every step of a plan: question, formula, inputs, result, source.

        Raises:
            UnknownNameError: for a projection, which has none.
        """
        return self.frame("trace", library)

    def __repr__(self) -> str:
        """One line for a log."""
        titles = {
            "plan": "Plan",
            "project": "Projection",
            "targets": "Plan to targets",
            "simulate": "Simulation",
            "ensemble": "Ensemble",
        }
        title = titles[self.kind]
        return f"<{title} of {self._inner.scenario.name!r}: {'; '.join(self.words()[:1])}>"


def _rebuild(*pickled: Any) -> _core.Result:
    """The run of a pickle again: its scenario is checked, its figures are the same."""
    from skillmix import _core

    recipe = recipe_of(pickled)
    scenario = _core.Scenario.from_json(recipe["scenario"])
    match recipe["kind"]:
        case "targets":
            return scenario.plan_to(json.loads(recipe["to"]), best=True)
        case "plan":
            return scenario.plan()
        case "simulate":
            weeks, number, seed, log = (
                recipe[key] for key in ("weeks", "replications", "seed", "log")
            )
            return scenario.simulate(weeks, None, number, seed, None, log, None)
        case "ensemble":
            names = ("draws", "design", "seed", "replications", "quantiles", "rules")
            said = {name: recipe[name] for name in names}
            said |= {"run": recipe["luck"], "threads": None}
            return _core.ensemble(scenario, recipe["weeks"], None, said, None)
        case _:
            weeks, number, seed = (recipe[key] for key in ("weeks", "replications", "seed"))
            if number:
                return scenario.project_chance(weeks, None, number, seed, None, None)
            some = (recipe["draws"], seed) if recipe["draws"] else (None, None)
            return scenario.project(weeks, None, *some)
