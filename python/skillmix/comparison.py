"""How do several scenarios, or several skill mixes of one, compare?

Each is projected over the same years; their tables stand below each other, with a first column
``scenario``; ``summary`` has one row each.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect
from skillmix.errors import Problem, ScenarioError
from skillmix.measures import broken_rules, measures
from skillmix.paired import Paired, paired, said_of
from skillmix.runlog import logged
from skillmix.scenario import Scenario
from skillmix.tables import Answer, named, stacked, unknown
from skillmix.view import Words
from skillmix.wording import listed, month, number, pounds

if TYPE_CHECKING:
    from skillmix.measures import Measure
    from skillmix.result import Result
    from skillmix.tables import Columns

__all__ = ["Comparison", "SkillMix", "compare", "skill_mix"]

_ABOUT_THE_SAME = 500.0
"""A difference of cost that is not worth a sentence [pounds]."""
_MONTHS_A_YEAR = 12
_HOLDS = ("budget", "wte", "demand")


class _Side(Answer):
    """Runs side by side."""

    __slots__ = ("_runs",)
    _runs: dict[str, Result]

    @property
    def runs(self) -> dict[str, Result]:
        """The projection of each, by its label."""
        return dict(self._runs)

    @property
    def meta(self) -> dict[str, Any]:
        """How each was made, by its label."""
        return {label: run.meta for label, run in self._runs.items()}

    def tables(self) -> list[str]:
        """``summary``, and the tables of the runs with a first column ``scenario``."""
        first = next(iter(self._runs.values()))
        return ["summary", *(name for name in first.tables() if name != "summary")]

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        self._known(name)
        if name == "summary":
            return named(name, self._summary())
        return named(name, stacked({label: run.columns(name) for label, run in self._runs.items()}))

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        self._known(name)
        found: dict[str, str] = {}
        for run in self._runs.values():
            found |= run.units(name)
        return found

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        self._known(name)
        found = {"scenario": "Label of the scenario"}
        for run in self._runs.values():
            found |= run.descriptions(name)
        return found

    def _known(self, name: str) -> None:
        expect("name", name, str, "the name of a table")
        if name not in self.tables():
            raise unknown("table", name, self.tables())

    @abstractmethod
    def _summary(self) -> Columns:
        """The columns of the summary."""

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<{type(self).__name__} of {listed(list(self._runs))}>"


class Comparison(_Side):
    """Scenarios side by side, each projected; with draws also run by run in the same worlds."""

    __slots__ = ("_paired",)
    _paired: Paired | None

    @property
    def kind(self) -> str:
        """``comparison``."""
        return "comparison"

    def __init__(self, runs: Mapping[str, Result], paired: Paired | None = None) -> None:
        """Puts projections side by side; ``skillmix.compare`` makes them.

        Args:
            runs: Projection by label.
            paired: What the same scenarios gave in the same worlds.
        """
        self._runs = dict(runs)
        self._paired = paired

    def tables(self) -> list[str]:
        """``summary``, those of the same worlds, and those of the runs with their ``scenario``."""
        first, *others = super().tables()
        return [first, *(self._paired.tables() if self._paired else ()), *others]

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        core = self._of_pairs(name)
        return named(name, core.columns()) if core else super().columns(name)

    def _of_pairs(self, name: str) -> _core.Table | None:
        self._known(name)
        mine = self._paired is not None and name in self._paired.tables()
        return self._paired.table(name) if mine and self._paired else None

    def _summary(self) -> Columns:
        import numpy as np

        found = {label: {m.measure: m for m in measures(run)} for label, run in self._runs.items()}
        names = dict.fromkeys(name for one in found.values() for name in one)
        table: Columns = {"scenario": np.array(list(found), dtype=object)}
        for name in names:
            have = [one.get(name) for one in found.values()]
            table[name] = np.array([np.nan if m is None else m.value for m in have], dtype=float)
            if name.endswith("_peak"):
                when = ["" if m is None else m.when for m in have]
                table[f"{name}_month"] = np.array(when, dtype=object)
        for name, severity in (("broken", ("condition", "warning")), ("missed", ("target",))):
            texts = ["; ".join(broken_rules(run, *severity)) for run in self._runs.values()]
            table[name] = np.array(texts, dtype=object)
        return table

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        if core := self._of_pairs(name):
            return core.units()
        if name != "summary":
            return super().units(name)
        return {m.measure: m.unit for run in self._runs.values() for m in measures(run)}

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        if core := self._of_pairs(name):
            return core.descriptions()
        if name != "summary":
            return super().descriptions(name)
        found = {
            m.measure: m.meaning
            for run in self._runs.values()
            for m in measures(run)
            if not m.measure.startswith(("rules", "targets"))
        }
        own = {
            "scenario": "Label of the scenario",
            "rules_broken": "How many rules are broken",
            "targets_missed": "How many targets are missed",
            "broken": "Rules that are broken",
            "missed": "Targets that are missed",
        }
        peaks = {f"{k}_month": "Month of the peak" for k in found if k.endswith("_peak")}
        return {**own, **peaks, **found}

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        found = {label: {m.measure: m for m in measures(run)} for label, run in self._runs.items()}
        labels = list(found)
        waits = [_waits(label, one) for label, one in found.items()]
        sentences = [f"Mean wait from assessment to Step 3: {'; '.join(waits)}."]
        base = found[labels[0]]
        for label in labels[1:]:
            sentences.append(_against(label, found[label], labels[0], base))
        sentences += _rules_in_words(self._runs)
        ends = {label: (run.meta["start"], run.meta["weeks"]) for label, run in self._runs.items()}
        if len(set(ends.values())) > 1:
            spans = [f"“{k}” {weeks} weeks from {start}" for k, (start, weeks) in ends.items()]
            sentences.append(f"Take care: they do not cover the same time: {listed(spans)}.")
        pairs = self._paired.core.words() if self._paired else []
        return Words([*pairs[:1], *sentences, *pairs[1:]])


class SkillMix(_Side):
    """One scenario at several mixes of low and high intensity staff."""

    __slots__ = ("_asked", "_inner", "scenario")
    scenario: Scenario

    @property
    def kind(self) -> str:
        """``mix``."""
        return "mix"

    def __init__(
        self, scenario: Scenario, core: _core.MixResult, asked: Mapping[str, Any] | None = None
    ) -> None:
        """Wraps what the core gave; ``skillmix.skill_mix`` makes it.

        Args:
            scenario: The scenario that was asked about.
            core: The result of the core.
            asked: The arguments of ``skill_mix``, to make it again from a pickle.
        """
        from skillmix.result import Result

        self.scenario = scenario
        self._asked = dict(asked or {})
        self._inner = core
        self._runs = {label: Result._of(run) for label, run in core.runs()}

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenario of each mix, by its label."""
        return {label: Scenario._of(core) for label, core in self._inner.scenarios()}

    def _summary(self) -> Columns:
        return self._inner.table("summary").columns()

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        return self._inner.table(name).units() if name == "summary" else super().units(name)

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        if name == "summary":
            return self._inner.table(name).descriptions()
        return super().descriptions(name)

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        said = self._inner.words()
        queue = _before_assessment(self._summary())
        return Words([*said[:-1], *queue, *said[-1:]])

    def __copy__(self) -> SkillMix:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> SkillMix:
        """Itself: it cannot be changed."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the recipe: the scenario, which is checked again, and what was asked."""
        return (_again, (self.scenario, self._asked))


def _again(scenario: Scenario, asked: Mapping[str, Any]) -> SkillMix:
    return skill_mix(scenario, **asked)


@logged
def compare(
    scenarios: Mapping[str, Scenario | Result],
    *,
    years: int | None = None,
    weeks: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    design: str = "random",
    run: str = "project",
    replications: int | None = None,
    objective: str = "recovered",
    indifference: float | None = None,
    confidence: float = 0.95,
    attribute: bool = True,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Comparison:
    """Projects scenarios and puts them side by side, the first as what the others differ from.

    With ``draws`` or ``replications`` the scenarios are also run in the same worlds with the same
    luck: ``differences`` from the first with intervals, ``best`` (the chance of being best),
    ``selection`` (which is best with a stated chance of a wrong choice), ``attribution`` (which
    change brings how much) and ``outcomes``.

    Args:
        scenarios: Scenarios (or projections that are there already) by label.
        years: Length [years]; left out, that of the projections that are there, or else of each
            scenario's calendar.
        weeks: Length [weeks], instead of years.
        draws: Worlds drawn from the spreads ``unsure``; 1 if only replications are asked for.
        seed: Seed of the draws and of all luck, the same for all.
        design: How worlds are spread over what is not known: ``"random"``, ``"latin_hypercube"``
            or ``"sobol"``.
        run: How each world is run: ``"project"`` with luck expected, ``"chance"`` (a projection
            with luck) or ``"simulate"``.
        replications: How often each world is run with other luck; more than one needs luck.
        objective: Outcome by which a scenario is best, such as ``"recovered"``, ``"cost"`` or
            ``"wait_step3_weeks"``.
        indifference: Smallest difference in the objective that matters [its unit]; left out, 1 % of
            the mean of the first scenario (judgement).
        confidence: Chance with which the selection is right.
        attribute: Whether the differences are attributed to the changes that make them.
        threads: Threads that compute; left out, as many as there are processors.
        progress: Called about 25 times a second with the runs that are done and all of them.

    Raises:
        TypeError: if it is not a dict of scenarios.
        ScenarioError: if the length or a number is out of its range, or there is nothing in which
            worlds could differ.
        LimitError: if the runs would need more memory than a stated ceiling; the message says it.
    """
    from skillmix.result import Result

    expect("scenarios", scenarios, Mapping, "a dict of label and Scenario")
    if not scenarios:
        said = "scenarios: at least one is expected"
        raise ScenarioError(said, (Problem("scenarios", "none", "one or more", said),))
    if years is None and weeks is None:
        there = [one.meta.get("weeks") for one in scenarios.values() if isinstance(one, Result)]
        weeks = there[0] if there else None
    stated: dict[str, Scenario] = {}
    for label, one in scenarios.items():
        expect("a label of scenarios", label, str, "text")
        if not isinstance(one, Scenario):
            expect(f"scenarios[{label!r}]", one, Result, "a Scenario")
            if one.kind != "project":
                raise TypeError(f"scenarios[{label!r}]: a Scenario is expected, not a plan")
        stated[label] = one if isinstance(one, Scenario) else one.scenario
    pairs = None
    if (draws is not None or replications is not None) and len(stated) > 1:
        how = said_of(
            draws=1 if draws is None else draws,
            design=design,
            seed=1 if seed is None else seed,
            run=run,
            replications=1 if replications is None else replications,
            quantiles=None,
            rules=False,
            threads=threads,
        )
        pairs = paired(
            stated,
            weeks=weeks,
            years=years,
            said=how,
            objective=objective,
            indifference=indifference,
            confidence=confidence,
            attribute=attribute,
            progress=progress,
        )
    runs: dict[str, Result] = {}
    for label, one in scenarios.items():
        if isinstance(one, Scenario):
            # Some scenarios may be sure where others are not.
            drawn = pairs is None or (draws is not None and run == "project" and _unsure(one))
            number, same = (draws, seed) if drawn else (None, None)
            runs[label] = one.project(years=years, weeks=weeks, draws=number, seed=same)
        else:
            runs[label] = one
    return Comparison(runs, pairs)


def _unsure(scenario: Scenario) -> bool:
    """Whether any number of a scenario is unsure."""

    def inside(value: Any) -> bool:
        if isinstance(value, Mapping):
            return "unsure" in value or any(inside(one) for one in value.values())
        return isinstance(value, list) and any(inside(one) for one in value)

    return inside(scenario.to_dict(complete=True))


@logged
def skill_mix(
    scenario: Scenario,
    *,
    pwp_share: float | Iterable[float] = (0.4, 0.5, 0.6),
    hold: str = "budget",
    years: int | None = None,
) -> SkillMix:
    """Runs a scenario at several mixes of PWPs and high intensity therapists.

    Args:
        scenario: The service.
        pwp_share: Shares of PWPs among therapists, by WTE [share]; one number is one mix.
        hold: What stays the same: ``"budget"`` (full-year recurrent pay of therapists and their
            supervisors), ``"wte"`` (therapists) or ``"demand"`` (least staff that serves it).
        years: Length of the projections [years].

    Raises:
        ScenarioError: if a share is not between 0 and 1, or there is no such choice.
    """
    expect("scenario", scenario, Scenario, "a Scenario")
    several = pwp_share if isinstance(pwp_share, Iterable) else (pwp_share,)
    expect("hold", hold, str, f"one of {', '.join(_HOLDS)}")
    shares = []
    for share in several:
        expect("pwp_share", share, Real, "a list of numbers")
        if isinstance(share, bool):  # a bool is a number of Python, and no share
            raise TypeError("pwp_share: a list of numbers is expected, not bool")
        try:
            shares.append(float(share))
        except OverflowError:
            shares.append(math.inf)  # refused by the core, with the range
    core = _core.skill_mix(scenario._inner, shares, hold, years)
    return SkillMix(scenario, core, {"pwp_share": shares, "hold": hold, "years": years})


def _waits(label: str, one: Mapping[str, Measure]) -> str:
    """Peak and end of the mean wait for Step 3."""
    peak, end = one["wait_step3_weeks_peak"], one["wait_step3_weeks_end"]
    if math.isnan(peak.value):
        return f"with “{label}” nobody waits"
    top = (
        f"nobody is taken on in {month(peak.when)}"
        if math.isinf(peak.value)
        else f"it peaks at {number(peak.value)} weeks in {month(peak.when)}"
    )
    last = "has no end" if math.isinf(end.value) else f"is {number(end.value)} weeks"
    return f"with “{label}” {top}, and the wait {last} at the end"


def _against(
    label: str, one: Mapping[str, Measure], base_label: str, base: Mapping[str, Measure]
) -> str:
    """What one scenario gives and costs more or less than the first, in complete years."""
    more = one["course_starts_a_year"].value - base["course_starts_a_year"].value
    way = "more" if more >= 0 else "fewer"
    parts = [f"{number(abs(more), digits=0)} {way} course starts a year"]
    for name, measure in one.items():
        if not name.startswith("pounds_2") or name.endswith("_part") or name not in base:
            continue
        extra = measure.value - base[name].value
        own_name = name.replace("pounds_", "pounds_of_the_service_", 1)
        own = one[own_name].value - base[own_name].value
        if abs(extra) < _ABOUT_THE_SAME:
            parts.append(f"about the same cost in {measure.when}")
            continue
        way = "more" if extra > 0 else "less"
        parts.append(
            f"{pounds(abs(extra))} {way} in {measure.when}, of which the service "
            f"{'pays' if own >= 0 else 'saves'} {pounds(abs(own))}"
        )
    return f"“{label}” against “{base_label}”: {'; '.join(parts)}."


def _rules_in_words(runs: Mapping[str, Result]) -> list[str]:
    """How many rules and targets each misses, and which others than the first."""
    sentences = []
    first: set[str] | None = None
    for label, run in runs.items():
        broken = broken_rules(run, "condition", "warning")
        missed = broken_rules(run, "target")
        here = {*broken, *missed}
        said = f"“{label}” breaks {_count(broken, 'rule')} and misses {_count(missed, 'target')}"
        if first is not None:
            new, gone = sorted(here - first), sorted(first - here)
            said += f"; new: {listed(new)}" if new else ""
            said += f"; no longer: {listed(gone)}" if gone else ""
            said += "" if new or gone or not here else ", the same ones"
        first = here if first is None else first
        sentences.append(f"{said}.")
    return sentences


def _before_assessment(table: Columns) -> list[str]:
    """Warns if a mix keeps more than a month of people waiting before the steps compared."""
    rows = list(zip(table["mix"], table["waiting_assessment"], table["course_starts"], strict=True))
    if not any(people > starts / _MONTHS_A_YEAR for _, people, starts in rows):
        return []
    said = listed([f"{number(people, digits=0)} with {mix}" for mix, people, _ in rows])
    return [
        f"Still waiting for an assessment at the end: {said}. Where that list is long, the waits "
        "behind it are short only because few people get that far."
    ]


def _count(names: list[str], what: str) -> str:
    return f"{len(names) or 'no'} {what}{'' if len(names) == 1 else 's'}"
