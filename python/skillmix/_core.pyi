"""The Rust core of skillmix, as Python sees it. Use ``skillmix`` rather than this module."""

from collections.abc import Callable
from typing import Any, final

from numpy.typing import NDArray

from skillmix.errors import DataError as DataError
from skillmix.errors import FileError as FileError
from skillmix.errors import InfeasibleError as InfeasibleError
from skillmix.errors import LimitError as LimitError
from skillmix.errors import Problem as Problem
from skillmix.errors import ScenarioError as ScenarioError
from skillmix.errors import SkillmixError as SkillmixError
from skillmix.errors import UnknownNameError as UnknownNameError
from skillmix.errors import VersionError as VersionError

__all__ = [
    "DataError",
    "FileError",
    "InfeasibleError",
    "LimitError",
    "MixLeaves",
    "MixResult",
    "MixSweep",
    "PairedResult",
    "Problem",
    "Region",
    "RegionResult",
    "Result",
    "Scenario",
    "ScenarioError",
    "SkillmixError",
    "Table",
    "UnknownNameError",
    "VersionError",
    "__version__",
    "at_quantiles",
    "capacity_for_relief",
    "capacity_for_target",
    "compare_paired",
    "default_spread",
    "ensemble",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "evaluate",
    "evpi",
    "evppi",
    "fields",
    "json_schema",
    "list_after",
    "list_at_target",
    "list_load",
    "list_pressure",
    "littles_law",
    "mix_sweep",
    "one_slot",
    "open_cases",
    "outcomes",
    "packs",
    "pay_points",
    "pay_table",
    "priority",
    "priority_at_slots",
    "quantiles",
    "read_months",
    "region_schema",
    "skill_mix",
    "slots_for",
    "spread_numbers",
    "stepped_care",
    "tornado",
    "unsure_numbers",
    "unsure_table",
    "value_of_information",
    "wait_of_share",
    "waits_longer",
    "weekly_clinic",
    "with_default_spread",
    "working_days",
    "worlds_table",
]

__version__: str

@final
class Table:
    """Columns with names, units and meanings: the one shape of every output."""

    @property
    def name(self) -> str:
        """Name of the table."""

    def columns(self, *, coded: bool = False) -> dict[str, Any]:
        """Values by column: float64, int64, bool, text (object) or days (datetime64[D]).

        With ``coded``, of texts of which few differ a pair: the texts, and which is in each row.
        """

    def units(self) -> dict[str, str]:
        """Units by column; empty where a column has none."""

    def descriptions(self) -> dict[str, str]:
        """What each column is."""

    def __len__(self) -> int: ...

@final
class Scenario:
    """A checked scenario; it cannot be changed."""

    @staticmethod
    def preset(pack: str) -> Scenario:
        """An unmodified reference pack."""

    @staticmethod
    def load(path: str) -> Scenario:
        """Reads a .toml or .json file; files that it names are inlined and hashed."""

    @staticmethod
    def from_toml(text: str) -> Scenario:
        """Reads TOML text."""

    @staticmethod
    def from_json(text: str) -> Scenario:
        """Reads JSON text."""

    @staticmethod
    def from_dict(tree: dict[str, Any]) -> Scenario:
        """Checks a tree of stated values."""

    def with_(self, changes: dict[str, Any]) -> Scenario:
        """The same scenario with fields changed, by their paths."""

    def to_toml(self) -> str:
        """What was stated, as TOML; reading it gives the same scenario."""

    def to_json(self) -> str:
        """What was stated, as JSON; reading it gives the same scenario."""

    def to_dict(self, complete: bool) -> dict[str, Any]:
        """What was stated, or with ``complete`` everything, as a tree."""

    def diff(self, other: Scenario) -> Table:
        """Fields in which the other differs: path, here, there."""

    def assumptions(self) -> Table:
        """Every value with its range, unit, source, date and status."""

    def largest_intake(self, course: str, start: str) -> tuple[Table, Table]:
        """The largest intake that breaks no rule, and what limits it."""

    def plan(self) -> Result:
        """The closed-form plan."""

    def plan_to(self, to: dict[str, Any], best: bool) -> Result:
        """The smallest plan that meets targets; with ``best``, the best there is if none does."""

    def project(
        self, weeks: int | None, years: int | None, draws: int | None, seed: int | None
    ) -> Result:
        """The projection week by week."""

    def project_chance(
        self,
        weeks: int | None,
        years: int | None,
        replications: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> Result:
        """The projection with whole people and luck, as means over the replications."""

    def simulate(
        self,
        weeks: int | None,
        years: int | None,
        replications: int,
        seed: int,
        threads: int | None,
        log: bool,
        progress: Callable[[int, int], object] | None,
    ) -> Result:
        """The service patient by patient; ``progress`` is called with replications done and all."""

    @property
    def name(self) -> str:
        """Name of the scenario."""

    @property
    def pack(self) -> str:
        """Reference pack that it lies on."""

    @property
    def hash(self) -> str:
        """SHA-256 of the complete scenario."""

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""

    @property
    def start(self) -> str:
        """First day, ISO."""

    @property
    def weeks(self) -> int:
        """Length [weeks]."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> Any: ...

@final
class Result:
    """What a plan, a projection or a simulation gave; it cannot be changed."""

    @property
    def kind(self) -> str:
        """``plan``, ``project``, ``targets``, ``simulate`` or ``ensemble``."""

    @property
    def run(self) -> Result | None:
        """The projection of the scenario with a plan to targets; None for other runs."""

    @property
    def before(self) -> Result | None:
        """The projection of the scenario without a plan to targets; None for other runs."""

    @property
    def met(self) -> bool | None:
        """Whether a plan to targets meets them; None for other runs."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""

    @property
    def meta(self) -> dict[str, Any]:
        """Version, scenario, hash, pack, start, weeks, draws, seed."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def table(self, name: str) -> Table:
        """One table."""

    def advice(self, half_width: float) -> Table | None:
        """Advice of a simulation for a half width; ``None`` for other runs."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

    def __reduce__(self) -> Any: ...

@final
class MixResult:
    """Runs of one scenario at several skill mixes."""

    def table(self, name: str) -> Table:
        """One table."""

    def scenarios(self) -> list[tuple[str, Scenario]]:
        """Label and scenario of each mix."""

    def runs(self) -> list[tuple[str, Result]]:
        """Label and run of each mix."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

@final
class MixSweep:
    """A scenario at many skill mixes, levels of demand and worlds."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was asked about."""

    @property
    def meta(self) -> dict[str, Any]:
        """How it was made."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def table(self, name: str) -> Table:
        """One table."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

    def leaves(
        self,
        path: str,
        low: float,
        high: float,
        steps: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> MixLeaves:
        """Searches along a field for where the share asked about leaves the range."""

    def __reduce__(self) -> Any: ...

@final
class MixLeaves:
    """Where a mix leaves the range of those that cannot be told from the best one."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was asked about."""

    @property
    def meta(self) -> dict[str, Any]:
        """How it was made."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def table(self, name: str) -> Table:
        """One table."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

    def __reduce__(self) -> Any: ...

@final
class PairedResult:
    """Scenarios in the same worlds with the same luck."""

    @property
    def meta(self) -> dict[str, Any]:
        """How they were run: weeks, draws, design, seed, luck, replications, objective."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def table(self, name: str) -> Table:
        """One table."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

    def scenarios(self) -> list[tuple[str, Scenario]]:
        """Label and scenario of each."""

def ensemble(
    scenario: Scenario,
    weeks: int | None,
    years: int | None,
    said: dict[str, Any],
    progress: Callable[[int, int], object] | None,
) -> Result:
    """Many worlds of one scenario; ``said`` is how they are drawn and run."""

def compare_paired(
    scenarios: list[tuple[str, Scenario]],
    weeks: int | None,
    years: int | None,
    said: dict[str, Any],
    objective: str,
    indifference: float | None,
    confidence: float,
    attribute: bool,
    progress: Callable[[int, int], object] | None,
) -> PairedResult:
    """Compares scenarios with the first of them in the same worlds."""

@final
class Region:
    """Services that share training places and a budget; it cannot be changed."""

    @staticmethod
    def of(services: list[tuple[str, Scenario]], tree: dict[str, Any]) -> Region:
        """Checks a region of scenarios; the tree says the rest."""

    @staticmethod
    def load(path: str) -> Region:
        """Reads a .toml or .json file; the files of its services lie beside it."""

    @staticmethod
    def from_toml(text: str) -> Region:
        """Reads TOML text whose services are tables."""

    @staticmethod
    def from_json(text: str) -> Region:
        """Reads JSON text whose services are tables."""

    def to_toml(self) -> str:
        """Everything, as TOML; reading it gives the same region."""

    def to_json(self) -> str:
        """Everything, as JSON; reading it gives the same region."""

    def to_dict(self) -> dict[str, Any]:
        """Everything, as a tree."""

    @property
    def name(self) -> str:
        """Name of the region."""

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""

    def services(self) -> list[tuple[str, Scenario]]:
        """Name and scenario of each service, in order of their names."""

    def with_trainees(self) -> list[Scenario]:
        """The services with the trainees whom the region gives them, in the same order."""

    def plan(self) -> RegionResult:
        """The plan of each service, and who gets which places."""

    def project(self, weeks: int | None, years: int | None) -> RegionResult:
        """Every service week by week, and all of them added up."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> Any: ...

@final
class RegionResult:
    """What a region's plan or run gave; it cannot be changed."""

    @property
    def kind(self) -> str:
        """``region`` or ``region_plan``."""

    @property
    def region(self) -> Region:
        """The region that was run."""

    @property
    def weeks(self) -> int | None:
        """Length of a run [weeks]; none for a plan."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def table(self, name: str) -> Table:
        """One table."""

    def words(self) -> list[str]:
        """The answer in sentences; the first is the headline."""

    def runs(self) -> list[tuple[str, Result]]:
        """Name and plan or projection of each service."""

    def __reduce__(self) -> Any: ...

def skill_mix(scenario: Scenario, shares: list[float], hold: str, years: int | None) -> MixResult:
    """Runs a scenario at several shares of low intensity staff, holding budget, WTE or demand."""

def mix_sweep(
    scenario: Scenario,
    shares: list[float] | None,
    hold: str,
    demand: list[float],
    draws: int,
    design: str,
    seed: int,
    weeks: int | None,
    years: int | None,
    objective: str,
    at_least: float,
    indifference: float,
    reference: float,
    threads: int | None,
    progress: Callable[[int, int], object] | None,
) -> MixSweep:
    """The same service at every PWP share and level of demand, in drawn worlds."""

def fields() -> Table:
    """Every field of a scenario: path, type, unit, minimum, maximum, description."""

def packs() -> list[str]:
    """Names of the reference packs."""

def json_schema() -> str:
    """JSON Schema of scenario files."""

def region_schema() -> str:
    """JSON Schema of region files."""

def pay_table() -> Table:
    """Agenda for Change pay."""

def pay_points(band: str, day: str) -> list[int]:
    """Whole years in a band after which each of its points is reached, entry first, on a day."""

def working_days(start: str, end: str) -> int:
    """Working days from the first date to before the second."""

def read_months(path: str, suppressed: str, thousands: str | None) -> dict[str, float]:
    """Referrals by month from a CSV of month, referrals."""

def erlang_b(slots: int, offered: float) -> float:
    """Share turned away where nobody may wait."""

def erlang_c(arrivals: float, duration: float, slots: int) -> dict[str, float]:
    """The queue in the long run."""

def waits_longer(arrivals: float, duration: float, slots: int, time: float) -> float:
    """Share who wait longer than a time."""

def wait_of_share(arrivals: float, duration: float, slots: int, share: float) -> float:
    """Time within which a share of people start."""

def slots_for(arrivals: float, duration: float, time: float, share: float) -> int:
    """Fewest slots with which a share of people wait no longer than a time."""

def erlang_a(arrivals: float, duration: float, slots: int, give_up: float) -> dict[str, float]:
    """The queue in the long run from which people give up."""

def one_slot(arrivals: float, duration: float, sd: float) -> dict[str, float]:
    """One slot with durations of any spread."""

def priority(given: list[tuple[float, float, float]]) -> list[dict[str, float]]:
    """Classes by priority at one slot: arrivals, mean duration and standard deviation of each."""

def priority_at_slots(arrivals: list[float], duration: float, slots: int) -> list[dict[str, float]]:
    """Classes by priority at several slots."""

def open_cases(
    starts: float, duration: float, time: float, family: str, sd: float | None
) -> dict[str, float]:
    """Cases open after a time, from none."""

def weekly_clinic(arrivals: float, slots: int, dispersion: float) -> dict[str, float]:
    """The list of a weekly clinic."""

def stepped_care(steps: list[tuple[str, float, float, int, list[float]]]) -> dict[str, Any]:
    """Steps of care: name, arrivals from outside, duration, slots, shares who move to each step."""

def list_after(
    opening: float, arrivals: float, capacity: float, time: float, give_up: float
) -> float:
    """A fluid list after a time."""

def list_load(demand: float, capacity: float) -> float:
    """Demand over capacity."""

def list_at_target(demand: float, target_wait: float, factor: float) -> tuple[float, float]:
    """List at which a target is met, and the mean wait there."""

def capacity_for_relief(demand: float, waiting: float, target: float, time: float) -> float:
    """Capacity that brings a list to its target in a time."""

def capacity_for_target(
    demand: float, target_wait: float, factor: float, cv_demand: float, cv_capacity: float
) -> float:
    """Capacity that keeps a target wait."""

def list_pressure(mean_wait: float, target_wait: float) -> float:
    """Twice the mean wait over the target wait."""

def littles_law(arrivals: float | None, time: float | None, people: float | None) -> float:
    """Little's law: the one of three that is left out."""

def unsure_table(scenario: Scenario) -> Table:
    """What is not known of a scenario, a row a number."""

def worlds_table(scenario: Scenario, draws: int, design: str, seed: int) -> Table:
    """Draws of what is not known, a row a world."""

def default_spread(scenario: Scenario) -> Table:
    """Values to which the pack gives a range, and which of them a default spread makes unsure."""

def with_default_spread(scenario: Scenario, paths: list[str] | None, family: str) -> Scenario:
    """The scenario with the ranges of its pack as spreads."""

def spread_numbers(said: dict[str, Any]) -> tuple[float, float, float, float, float]:
    """Mean, standard deviation and the quantiles 5, 50 and 95 % of a spread."""

def outcomes() -> Table:
    """The outcomes of a run: outcome, unit, meaning, more_is_better."""

def unsure_numbers(scenario: Scenario) -> Table:
    """The unsure numbers of a scenario: path, unit, mean, p05, p50, p95."""

def at_quantiles(scenario: Scenario, uniform: NDArray[Any]) -> NDArray[Any]:
    """Values of the unsure numbers at uniform numbers: worlds x numbers."""

def quantiles(name: str, spread: Any, uniform: NDArray[Any]) -> NDArray[Any]:
    """Values of a spread, told as in a scenario, at uniform numbers."""

def evaluate(
    scenario: Scenario,
    paths: list[str],
    rows: NDArray[Any],
    weeks: int | None,
    years: int | None,
) -> NDArray[Any]:
    """Every outcome in worlds that are given: worlds x outcomes."""

def tornado(
    scenario: Scenario, low: float, high: float, weeks: int | None, years: int | None
) -> Table:
    """Every outcome at two quantiles of each unsure number, the others at their means."""

def evpi(net_benefit: NDArray[Any]) -> dict[str, float]:
    """What knowing everything is worth, from worlds x options: estimate, se, best."""

def evppi(net_benefit: NDArray[Any], inputs: NDArray[Any]) -> dict[str, float]:
    """What knowing some inputs is worth: estimate, se, held_out, changes, terms."""

def value_of_information(
    options: list[tuple[str, Scenario]],
    objectives: list[tuple[str, list[float]]],
    draws: int,
    seed: int,
    groups: list[tuple[str, list[str]]],
    weeks: int | None,
    years: int | None,
) -> tuple[Table, Table, Table, float]:
    """Options, findings and worlds of a decision, and the years that the options are run."""
