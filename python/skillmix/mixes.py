"""Where does 40:60 stop being right? Shares of PWPs from 0 to 100 %, by demand, in drawn worlds.

``mix_sweep`` runs a scenario at every share and level of demand in the same worlds, says which
share is best for an objective and which cannot be told from it; ``MixSweep.leaves`` searches for
the value of a field at which a share leaves that range.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect, expect_call
from skillmix.core_answer import CoreAnswer, recipe_of
from skillmix.given import Given
from skillmix.runlog import logged
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from skillmix.frame import Library

__all__ = ["MixLeaves", "MixSweep", "mix_sweep"]


class _OfMixes(CoreAnswer):
    """An answer about many mixes of one scenario."""

    __slots__ = ()
    _inner: _core.MixSweep | _core.MixLeaves

    @property
    def scenario(self) -> Scenario:
        """The scenario that was asked about."""
        return Scenario._of(self._inner.scenario)

    @property
    def meta(self) -> dict[str, Any]:
        """How it was made: version, scenario, hash, seed, data, platform, and what was asked."""
        from skillmix.provenance import made

        return made({"run": self.kind, **self._inner.meta}, self.scenario)


class MixSweep(_OfMixes):
    """A scenario at many shares of PWPs and levels of demand, in drawn worlds.

    Its tables are ``range`` (the best share at each level, and those that cannot be told from it),
    ``best`` (how surely each share is best), ``curves`` (mean and quantiles of every measure),
    ``mixes`` (posts, and what stands in the way) and ``rules``.
    """

    __slots__ = ()
    main_table = "range"
    _inner: _core.MixSweep
    _made_by = "skillmix.mix_sweep()"

    @property
    def kind(self) -> str:
        """``mix_sweep``."""
        return "mix_sweep"

    def rules(self, library: Library | None = None) -> Any:
        """Rules that are broken with everything unsure at its mean, by level and share."""
        return self.frame("rules", library)

    @logged
    def leaves(
        self,
        path: str,
        low: float,
        high: float,
        *,
        steps: int = 16,
        threads: int | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> MixLeaves:
        """Where does the share asked about leave the range, as a field goes from low to high?

        Args:
            path: Any field that is a number, such as ``"staff.pwp.leavers_per_year"`` or
                ``"pathway.routes.step3.cbt"`` (the other routes keep their proportions), or
                ``"demand"``, what referrals are multiplied by.
            low: Lowest value.
            high: Highest value.
            steps: Steps of the grid between them: the answer is not finer than one of them.
            threads: Threads that compute; left out, as many as there are processors.
            progress: Called about 25 times a second with the values that are tried and the most
                that may be; what it raises ends the search.

        Raises:
            ScenarioError: if there is no such field, or a value is out of its range.
        """
        expect("path", path, str, "the path of a field")
        expect_call(progress)
        ends = Given(low=low, high=high).numbers()
        return MixLeaves._of(self._inner.leaves(path, ends[0], ends[1], steps, threads, progress))

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<MixSweep of {self._inner.scenario.name!r}: {'; '.join(self.words()[:1])}>"


class MixLeaves(_OfMixes):
    """Where a share leaves the range of those that cannot be told from the best one.

    Its tables are ``leaves`` (one row a change) and ``tried`` (one row a value).
    """

    __slots__ = ()
    main_table = "leaves"
    _inner: _core.MixLeaves
    _made_by = "MixSweep.leaves()"

    @property
    def kind(self) -> str:
        """``mix_leaves``."""
        return "mix_leaves"

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<MixLeaves along {self.meta['path']}: {'; '.join(self.words()[:1])}>"


@logged
def mix_sweep(
    scenario: Scenario,
    *,
    shares: Iterable[float] | None = None,
    hold: str = "budget",
    demand: float | Iterable[float] = 1.0,
    draws: int = 400,
    design: str = "random",
    seed: int = 1,
    years: int | None = None,
    weeks: int | None = None,
    objective: str = "recovered",
    at_least: float = 0.05,
    indifference: float = 0.0,
    reference: float = 0.4,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> MixSweep:
    """Runs a scenario at many shares of PWPs and levels of demand, in the same drawn worlds.

    Args:
        scenario: The service. Mark what is not known as ``unsure``: it is drawn anew in each world.
        shares: Shares of PWPs among therapists, by WTE [share]; left out, 0 to 1 in steps of 0.05.
        hold: What stays the same: ``"budget"`` (full-year recurrent pay of therapists and their
            supervisors), ``"wte"`` (therapists) or ``"demand"`` (least staff that serves it).
        demand: What referrals are multiplied by; one level or several.
        draws: Worlds.
        design: How they are drawn: ``"random"`` or another of the designs of draws.
        seed: Seed of the draws, below 2^64.
        years: Length of the runs [years]; left out, that of the scenario's calendar.
        weeks: Length [weeks], instead of years.
        objective: What decides: a measure of the table ``curves``, such as ``"recovered"``,
            ``"finishers"``, ``"cost_per_recovery"`` or ``"wait_to_step3_weeks"``; or
            ``"cost_to_meet_wait"``, the least cost that keeps the scenario's target for the wait.
        at_least: Probability of being best from which a share cannot be told from the best one.
        indifference: Differences of the objective that do not matter, as a share of the best value.
        reference: Share that is asked about; 0.4 is 40:60.
        threads: Threads that compute; left out, as many as there are processors. They change no
            figure.
        progress: Called about 25 times a second with the runs that are done and all of them; what
            it raises ends the sweep.

    Raises:
        ScenarioError: with every argument that is out of its range.
        LimitError: if a stated ceiling is exceeded; the message says what memory it would take.

    >>> ours = Scenario.preset("talking-therapies-2025")
    >>> sweep = mix_sweep(ours, shares=[0.3, 0.4, 0.5], draws=1, years=1)
    >>> [str(label) for label in sweep.columns("mixes")["label"]]
    ['30:70', '40:60', '50:50']
    """
    expect("scenario", scenario, Scenario, "a Scenario")
    expect("hold", hold, str, "budget, wte or demand")
    expect("design", design, str, "the name of a design")
    expect("objective", objective, str, "the name of a measure")
    expect_call(progress)
    given = Given(at_least=at_least, indifference=indifference, reference=reference)
    some = None if shares is None else given.several("shares", _several(shares))
    levels = given.several("demand", _several(demand))
    numbers = given.numbers()
    core = _core.mix_sweep(
        scenario._inner,
        some,
        hold,
        levels,
        draws,
        design,
        seed,
        weeks,
        years,
        objective,
        numbers[0],
        numbers[1],
        numbers[2],
        threads,
        progress,
    )
    return MixSweep._of(core)


def _several(values: Any) -> Any:
    """One number as a list of one."""
    return [values] if isinstance(values, Real) else values


_ASKED = (
    "shares",
    "hold",
    "demand",
    "draws",
    "design",
    "seed",
    "weeks",
    "objective",
    "at_least",
    "indifference",
    "reference",
)


def _swept_again(recipe: dict[str, Any]) -> _core.MixSweep:
    asked = {key: recipe[key] for key in _ASKED}
    scenario = _core.Scenario.from_json(recipe["scenario"])
    return _core.mix_sweep(scenario, **asked, years=None, threads=None, progress=None)


def _rebuild(*pickled: Any) -> _core.MixSweep:
    """The sweep of a pickle again: its scenario is checked, its figures are the same."""
    return _swept_again(recipe_of(pickled))


def _again(*pickled: Any) -> _core.MixLeaves:
    """The search of a pickle again."""
    recipe = recipe_of(pickled)
    ends = (recipe["path"], recipe["low"], recipe["high"], recipe["steps"])
    return _swept_again(recipe).leaves(*ends, None, None)
