"""What is analysed: a scenario that is run, or any function of Python?

Both give the names of their inputs, the values of the inputs at numbers between 0 and 1, and the
outcomes there, so that one code goes over both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, Protocol

from skillmix import _core
from skillmix.errors import Problem, ScenarioError
from skillmix.given import Given
from skillmix.sensitivity_words import title_of
from skillmix.tables import unknown
from skillmix.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skillmix.scenario import Scenario

    Array = NDArray[Any]

__all__ = ["FunctionModel", "Model", "Outcome", "ScenarioModel", "outcomes_named"]

_INNER = 0.01
"""Share of an endless family that a grid leaves out at an end without one."""


class Outcome:
    """A number that is analysed: name, unit, meaning."""

    __slots__ = ("meaning", "name", "place", "unit")

    def __init__(self, name: str, unit: str = "", meaning: str = "", place: int = 0) -> None:
        """Takes what it is."""
        self.name, self.unit, self.meaning, self.place = name, unit, meaning or name, place


class Model(Protocol):
    """Inputs with their spreads, and the outcomes that they lead to."""

    paths: list[str]
    titles: list[str]
    outcomes: list[Outcome]
    scenario: Scenario | None

    def inputs(self, uniform: Array) -> Array:
        """Values of the inputs at numbers between 0 and 1."""

    def run(self, inputs: Array) -> dict[str, Array]:
        """Each outcome in each world."""


class ScenarioModel:
    """The unsure numbers of a scenario, and the outcomes of its run."""

    def __init__(
        self,
        scenario: Scenario,
        outcome: str | Sequence[str],
        years: int | None,
        weeks: int | None,
    ) -> None:
        """Takes the scenario, the outcomes by name, and how long it is run."""
        self.scenario: Scenario | None = scenario
        self.outcomes = outcomes_named(outcome)
        self._inner = scenario._inner
        self._length = (weeks, years)
        self.paths = [str(path) for path in _core.unsure_numbers(self._inner).columns()["path"]]
        if not self.paths:
            said = "no number of this scenario is unsure, so nothing can move its outcomes"
            raise _refused("scenario", scenario.name, "{'unsure': ...} in some field", said)
        self.titles = [title_of(path, scenario) for path in self.paths]

    def inputs(self, uniform: Array) -> Array:
        """Values of the unsure numbers."""
        return _core.at_quantiles(self._inner, uniform)

    def run(self, inputs: Array) -> dict[str, Array]:
        """Outcomes of the projection in each world."""
        weeks, years = self._length
        found = _core.evaluate(self._inner, self.paths, inputs, weeks, years)
        return {outcome.name: found[:, outcome.place] for outcome in self.outcomes}


class FunctionModel:
    """A function of named inputs, each with its spread."""

    scenario: Scenario | None = None

    def __init__(
        self, problem: Mapping[str, Any], function: Callable[[dict[str, Any]], Any], *, arrays: bool
    ) -> None:
        """Takes the spread of each input and the function."""
        given = Given()
        given.kind("function", function, Callable, "a function of a dict of inputs")  # type: ignore[arg-type]
        if given.kind("problem", problem, Mapping, "a dict of name and spread") and not problem:
            given.refuse("problem", problem, "at least one input")
        given.numbers()
        self._spreads = {str(name): _spread(spread) for name, spread in problem.items()}
        self._function, self._arrays = function, arrays
        self.paths = list(self._spreads)
        self.titles = list(self._spreads)
        self.outcomes = [Outcome("value", "", "The value of the function")]

    def inputs(self, uniform: Array) -> Array:
        """Values of the inputs."""
        import numpy as np

        columns = [
            _core.quantiles(name, spread, np.ascontiguousarray(uniform[:, place]))
            for place, (name, spread) in enumerate(self._spreads.items())
        ]
        return np.column_stack(columns)

    def run(self, inputs: Array) -> dict[str, Array]:
        """The function in each world."""
        import numpy as np

        if self._arrays:
            found = self._function(dict(zip(self.paths, inputs.T, strict=True)))
            values = np.asarray(found, dtype=float)
            if values.shape != (len(inputs),):
                said = f"function: {len(inputs)} values are expected, one a world"
                raise _refused("function", str(values.shape), "one value a world", said)
            return {"value": values}
        values = np.empty(len(inputs))
        for world, row in enumerate(inputs.tolist()):
            value = self._function(dict(zip(self.paths, row, strict=True)))
            if not isinstance(value, Real):
                said = f"function: a number is expected, not {type(value).__name__}"
                raise _refused("function", repr(value)[:80], "a number", said)
            values[world] = float(value)
        return {"value": values}


def outcomes_named(outcome: str | Sequence[str]) -> list[Outcome]:
    """Outcomes of a run by their names.

    Raises:
        UnknownNameError: if there is no such outcome; the nearest names are offered.
    """
    table = _core.outcomes().columns()
    names = [str(name) for name in table["outcome"]]
    asked = [outcome] if isinstance(outcome, str) else list(outcome)
    if not asked:
        raise _refused("outcome", "none", "one or more", "outcome: at least one is expected")
    for name in asked:
        if name not in names:
            raise unknown("outcome", name, names)
    return [
        Outcome(name, str(table["unit"][place]), str(table["meaning"][place]), place)
        for name in dict.fromkeys(asked)
        for place in [names.index(name)]
    ]


def whole_range(model: Model, uniform: Array) -> Array:
    """Values at numbers from 0 to 1, both included; an end that is endless is that of 1 %."""
    import numpy as np

    ends = model.inputs(np.array([[0.0] * len(model.paths), [1.0] * len(model.paths)]))
    low = np.where(np.isfinite(ends[0]), 0.0, _INNER)
    high = np.where(np.isfinite(ends[1]), 1.0, 1.0 - _INNER)
    return model.inputs(low + uniform * (high - low))


def independent(model: Model) -> None:
    """Refuses numbers that go together: what both explain can be shared out in many ways.

    Raises:
        ScenarioError: if the scenario states correlations.
    """
    if model.scenario is None:
        return
    groups = model.scenario.to_dict(complete=True).get("correlated") or []
    if groups:
        paths = listed([str(path) for path in groups[0]["of"]])
        said = (
            f"correlated: {paths} go together, and these indices share out variance among numbers "
            "that do not; tornado and value_of_information take them, or derive a scenario "
            "with_(correlated=[])"
        )
        raise _refused("correlated", paths, "none for Morris and Sobol", said)


def finite(outcome: Outcome, values: Array) -> Array:
    """The values, if all of them are finite.

    Raises:
        ScenarioError: if one is not: variances and means of it say nothing.
    """
    import numpy as np

    bad = int((~np.isfinite(values)).sum())
    if bad:
        said = (
            f"outcome: {outcome.name} has no finite value in {bad:,} of {len(values):,} worlds; "
            "choose one that always has, such as waiting"
        )
        raise _refused("outcome", outcome.name, "an outcome that is always finite", said)
    return values


def _spread(spread: Any) -> Any:
    """A pair of numbers stands for a uniform spread between them."""
    pair = isinstance(spread, list | tuple) and len(spread) == 2
    return {"uniform": list(spread)} if pair else spread


def _refused(path: str, value: str, expected: str, said: str) -> ScenarioError:
    return ScenarioError(said, (Problem(path, value, expected, said),))
