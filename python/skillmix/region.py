"""Which services share training places and a budget, and what do they come to together?

``Region`` holds scenarios by name and says what they share: places become trainees of the services
by a stated rule, every service runs by itself, and the figures are added up. ``programme_2008``
gives the national programme of 2008 to 2011 as a region.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect, expect_text
from skillmix.core_answer import CoreAnswer, recipe_of
from skillmix.files import path_of, write_text
from skillmix.runlog import logged
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from skillmix.result import Result

__all__ = ["Region", "RegionResult", "json_schema", "programme_2008"]


class Region:
    """Services that share training places and a budget. It cannot be changed.

    >>> north = Scenario.preset("talking-therapies-2025").with_(name="North")
    >>> south = north.with_(name="South", demand__rate={"referrals": 6000, "per": "year"})
    >>> both = Region(
    ...     {"north": north, "south": south},
    ...     places=[{"course": "pwp", "start": "2025-10-01", "places": 6, "at": "A university"}],
    ... )
    >>> [int(given) for given in both.plan().columns("allocation")["allocated"]]
    [6, 0]
    """

    __slots__ = ("_inner",)
    _inner: _core.Region

    def __init__(
        self,
        services: Mapping[str, Scenario | Mapping[str, Any] | str | os.PathLike[str]],
        *,
        name: str = "Region",
        places: Iterable[Mapping[str, Any]] = (),
        groups: Mapping[str, Iterable[str]] | None = None,
        allocation: str | Mapping[str, Any] = "by_need",
        budget: Iterable[Mapping[str, Any]] = (),
        notes: Iterable[str] = (),
    ) -> None:
        """Puts services together; all checks are those of the core.

        Args:
            services: Scenario of each service by its name: a ``Scenario``, a tree as in a scenario
                file, or the name of such a file.
            name: Name of the region.
            places: Training places, each ``{"course": ..., "start": ..., "places": ...}`` and,
                where known, ``"at"`` (university) and ``"services"`` (who may send trainees).
            groups: Names of services by name of their group.
            allocation: ``"by_need"``, ``"by_population"``, ``"by_share"`` or ``"stated"``; rules
                that need weights as ``{"rule": "by_share", "weights": {"north": 0.4, ...}}``.
            budget: Money of financial years, each ``{"year": "2025/26", "payer": "regional",
                "pounds": ...}``; payer ``"all"`` stands for the whole cost.
            notes: What a reader must know first.

        Raises:
            TypeError: if an argument is of the wrong kind.
            FileError: if a file cannot be read.
            ScenarioError: with all problems, the nearest name for each unknown one.
        """
        expect("services", services, Mapping, "a dict of name and Scenario")
        expect_text("name", name, "the name of the region")
        made: list[tuple[str, _core.Scenario]] = []
        trees: dict[str, Any] = {}
        named_ones: Mapping[str, Any] = services
        for label, one in named_ones.items():
            expect_text("a name of services", label, "text")
            if isinstance(one, Scenario):
                made.append((label, one._inner))
            elif isinstance(one, Mapping):
                trees[label] = dict(one)
            elif isinstance(one, str | os.PathLike):
                made.append((label, Scenario.load(one)._inner))
            else:
                expect(f"services[{label!r}]", one, Scenario, "a Scenario")
        tree: dict[str, Any] = {"schema": 1, "name": name}
        if trees:
            tree["services"] = trees
        given: dict[str, Any] = {"places": places, "budget": budget, "notes": notes}
        for key, value in given.items():
            wrong = not isinstance(value, Iterable) or isinstance(value, str | Mapping)
            if wrong:
                raise TypeError(f"{key}: a list is expected, not {type(value).__name__}")
            listed = list(value)
            if listed:
                tree[key] = [dict(one) if isinstance(one, Mapping) else one for one in listed]
        if groups is not None:
            expect("groups", groups, Mapping, "a dict of group and services")
            tree["groups"] = {
                group: members if isinstance(members, str) else list(members)
                for group, members in groups.items()
            }
        if isinstance(allocation, Mapping):
            tree["allocation"] = dict(allocation)
        else:
            expect_text("allocation", allocation, "the name of a rule, or a dict")
            tree["allocation"] = {"rule": allocation}
        object.__setattr__(self, "_inner", _core.Region.of(made, tree))

    @classmethod
    def _of(cls, core: _core.Region) -> Region:
        made = object.__new__(cls)
        object.__setattr__(made, "_inner", core)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: a region is what it is."""
        raise AttributeError(f"a region cannot be changed ({name})")

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Region:
        """Reads a ``.toml`` or ``.json`` file; the files of its services lie beside it.

        Raises:
            FileError: if the file cannot be read.
            ScenarioError: with all problems of the region and of its services.
        """
        return Region._of(_core.Region.load(path_of(path)))

    @staticmethod
    def from_toml(text: str) -> Region:
        """Reads TOML text whose services are tables, as ``to_toml`` writes it.

        Raises:
            ScenarioError: with all problems.
        """
        expect_text("text", text, "text")
        return Region._of(_core.Region.from_toml(text))

    def to_toml(self) -> str:
        """Everything, services as tables; reading it gives the same region."""
        return self._inner.to_toml()

    def to_dict(self) -> dict[str, Any]:
        """Everything as a tree, services as trees."""
        return self._inner.to_dict()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes everything to one file, as JSON if its name ends in ``.json``, else as TOML.

        Returns:
            The path.

        Raises:
            FileError: if it cannot be written, or is a directory.
        """
        to = Path(path_of(path))
        is_json = to.suffix.casefold() == ".json"
        return write_text(to, self._inner.to_json() if is_json else self.to_toml())

    @property
    def name(self) -> str:
        """Name of the region."""
        return self._inner.name

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""
        return self._inner.notes

    @property
    def services(self) -> dict[str, Scenario]:
        """Scenario of each service as stated, in order of their names."""
        return {name: Scenario._of(core) for name, core in self._inner.services()}

    def with_trainees(self) -> dict[str, Scenario]:
        """Scenario of each service with the trainees whom the region gives it."""
        cores = self._inner.with_trainees()
        return dict(zip(self.services, map(Scenario._of, cores), strict=True))

    @logged
    def plan(self) -> RegionResult:
        """Who is needed in each service, and who gets which places: closed form."""
        return RegionResult._of(self._inner.plan())

    @logged
    def project(self, *, years: int | None = None, weeks: int | None = None) -> RegionResult:
        """Every service week by week, with its share of the places, and all of them added up.

        Args:
            years: Length [years]; left out, that of the services' calendar.
            weeks: Length [weeks], instead of years.

        Raises:
            ScenarioError: if the length is out of its range.
        """
        return RegionResult._of(self._inner.project(weeks, years))

    def __eq__(self, other: object) -> bool:
        """True for regions that state the same."""
        return self._inner == other._inner if isinstance(other, Region) else NotImplemented

    def __hash__(self) -> int:
        """Equal for equal regions."""
        return hash(self._inner)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the text, which is checked again."""
        return (Region._of, (self._inner,))

    def __copy__(self) -> Region:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Region:
        """Itself: it cannot be changed."""
        return self

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<Region {self.name!r} of {len(self.services)} services>"

    def _repr_html_(self) -> str:
        from skillmix.region_page import region_html

        return region_html(self)


class RegionResult(CoreAnswer):
    """What a region's plan or run gave: its tables, and the answers of its services."""

    __slots__ = ()
    _inner: _core.RegionResult
    _made_by = "region.plan() or region.project()"

    @property
    def kind(self) -> str:
        """``region`` for a run, ``region_plan`` for a plan."""
        return self._inner.kind

    @property
    def region(self) -> Region:
        """The region that was run."""
        return Region._of(self._inner.region)

    @property
    def runs(self) -> dict[str, Result]:
        """The plan or projection of each service, by its name."""
        from skillmix.result import Result

        return {name: Result._of(core) for name, core in self._inner.runs()}

    @property
    def meta(self) -> dict[str, Any]:
        """How each service was run, by its name."""
        return {name: run.meta for name, run in self.runs.items()}

    def __repr__(self) -> str:
        """One line for a log."""
        title = "Plan" if self.kind == "region_plan" else "Run"
        return f"<{title} of {self._inner.region.name!r}: {'; '.join(self.words()[:1])}>"


def programme_2008() -> Region:
    """The national programme of 2008 to 2011; ``skillmix.programme`` says what it is made of."""
    from skillmix.programme import region

    return region()


def json_schema() -> str:
    """The JSON Schema of region files, for editors and other programs."""
    return _core.region_schema()


def _rebuild(*pickled: Any) -> _core.RegionResult:
    """The run of a pickle again: its region is checked, its figures are the same."""
    recipe = recipe_of(pickled)
    region = _core.Region.from_json(recipe["region"])
    weeks: int | None = recipe["weeks"]
    return region.plan() if weeks is None else region.project(weeks, None)
