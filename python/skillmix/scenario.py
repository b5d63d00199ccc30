"""What does the planner say about a service? A scenario: a reference pack and what differs from it.

A scenario cannot be changed: ``with_`` and ``with_staff`` derive another one. All checks are those
of the core. Here stand where scenarios come from, where they go and what they say of themselves;
the methods that derive others, that tell what is not known, and that run them have files of their
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import _core, scenario_derive, scenario_runs, scenario_unsure
from skillmix.arguments import expect, expect_text
from skillmix.files import path_of, write_text
from skillmix.frame import from_columns

if TYPE_CHECKING:
    import os

    from skillmix.frame import Library

__all__ = ["Scenario"]


class Scenario:
    """All that a planner writes down about a service; everything else comes from a reference pack.

    Make one with ``Scenario.preset``, ``Scenario.load``, ``Scenario.from_dict`` or
    ``skillmix.public.scenario``; derive others with ``with_`` and ``with_staff``.

    >>> ours = Scenario.preset("talking-therapies-2025")
    >>> ours.with_(name="Northshire").name
    'Northshire'
    """

    __slots__ = ("_inner",)
    _inner: _core.Scenario

    def __init__(self) -> None:
        """Refused: a scenario starts from a pack, a file or a dict."""
        raise TypeError(
            "a scenario is made by Scenario.preset('talking-therapies-2025'), Scenario.load(path), "
            "Scenario.from_dict(tree) or skillmix.public.scenario(code)"
        )

    @classmethod
    def _of(cls, core: _core.Scenario) -> Scenario:
        made = object.__new__(cls)
        object.__setattr__(made, "_inner", core)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: scenarios are derived, not changed."""
        raise AttributeError(
            f"a scenario cannot be changed: use with_() to derive another ({name})"
        )

    # --- where scenarios come from ---------------------------------------------------------------

    @staticmethod
    def preset(pack: str) -> Scenario:
        """An unmodified reference pack.

        Args:
            pack: Its name, one of ``skillmix.reference.packs()``.

        Raises:
            ScenarioError: if there is no such pack; the nearest name is offered.
        """
        expect_text("pack", pack, "the name of a reference pack")
        return Scenario._of(_core.Scenario.preset(pack))

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Scenario:
        """Reads a ``.toml`` or ``.json`` file; files that it names are inlined and hashed.

        Raises:
            FileError: if a file cannot be read.
            DataError: if a data file that it names has a fault.
            ScenarioError: with all problems of the scenario.
        """
        return Scenario._of(_core.Scenario.load(path_of(path)))

    @staticmethod
    def from_dict(tree: Mapping[str, Any]) -> Scenario:
        """Checks a tree of stated values, as a TOML file would hold them.

        Raises:
            ScenarioError: with all problems.
        """
        expect("tree", tree, Mapping, "a dict")
        return Scenario._of(_core.Scenario.from_dict(dict(tree)))

    @staticmethod
    def from_toml(text: str) -> Scenario:
        """Reads TOML text.

        Raises:
            ScenarioError: with all problems.
        """
        expect_text("text", text, "text")
        return Scenario._of(_core.Scenario.from_toml(text))

    @staticmethod
    def from_excel(path: str | os.PathLike[str]) -> Scenario:
        """Reads a template that was filled in: the scenario it was written from, with its cells.

        Args:
            path: A workbook written by ``skillmix.excel.template``.

        Raises:
            FileError: if it cannot be read.
            DataError: with all problems, each with its sheet and cell; nothing is half read.
            ImportError: if python-calamine is not installed; the message says what to install.
        """
        from skillmix.excel_read import read

        return read(path)

    # --- where they go ---------------------------------------------------------------------------

    def to_dict(self, *, complete: bool = False) -> dict[str, Any]:
        """What was stated as a tree; with ``complete`` also what the pack provides."""
        return self._inner.to_dict(bool(complete))

    def to_toml(self) -> str:
        """What was stated, as TOML; reading it gives the same scenario."""
        return self._inner.to_toml()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes what was stated to a file, as JSON if its name ends in ``.json``, else as TOML.

        The file appears whole or not at all: whoever reads meanwhile finds the old one.

        Returns:
            The path.

        Raises:
            FileError: if it cannot be written, or is a directory.
        """
        to = Path(path_of(path))
        return write_text(
            to, self._inner.to_json() if to.suffix.casefold() == ".json" else self.to_toml()
        )

    # --- what they say ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self._inner.name

    @property
    def pack(self) -> str:
        """Reference pack that it lies on."""
        return self._inner.pack

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""
        return self._inner.notes

    @property
    def hash(self) -> str:
        """SHA-256 of the complete scenario: equal for scenarios that say the same."""
        return self._inner.hash

    @property
    def start(self) -> str:
        """First day [ISO date]."""
        return self._inner.start

    @property
    def weeks(self) -> int:
        """Length of the calendar [weeks]."""
        return self._inner.weeks

    def assumptions(self, *, library: Library | None = None) -> Any:
        """Every value with its plausible range, unit, source, date and status, one row each."""
        table = self._inner.assumptions()
        return from_columns(table.columns(), library, units=table.units())

    def diff(self, other: Scenario, *, library: Library | None = None) -> Any:
        """Fields in which ``other`` differs: ``path``, ``here``, ``there``."""
        expect("other", other, Scenario, "a Scenario")
        table = self._inner.diff(other._inner)
        return from_columns(table.columns(), library, units=table.units())

    # --- what is not known -----------------------------------------------------------------------

    unsure = scenario_unsure.unsure
    worlds = scenario_unsure.worlds
    default_spread = scenario_unsure.default_spread
    with_default_spread = scenario_unsure.with_default_spread

    # --- other scenarios -------------------------------------------------------------------------

    with_ = scenario_derive.with_
    with_staff = scenario_derive.with_staff
    with_excel = scenario_derive.with_excel
    with_staff_list = scenario_derive.with_staff_list

    # --- runs ------------------------------------------------------------------------------------

    plan = scenario_runs.plan
    project = scenario_runs.project
    simulate = scenario_runs.simulate
    ensemble = scenario_runs.ensemble
    bundle = scenario_runs.bundle
    largest_intake = scenario_runs.largest_intake

    # --- as Python sees it -----------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """True for scenarios that state the same."""
        return self._inner == other._inner if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        """Equal for equal scenarios."""
        return hash(self._inner)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the text, which is checked again."""
        return (Scenario._of, (self._inner,))

    def __copy__(self) -> Scenario:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Scenario:
        """Itself: it cannot be changed."""
        return self

    def __repr__(self) -> str:
        """One line for a log."""
        return (
            f"<Scenario {self.name!r} on {self.pack}, {self.weeks} weeks from {self.start}, "
            f"{self.hash[:12]}>"
        )

    def _repr_html_(self) -> str:
        from skillmix.scenario_page import scenario_html

        return scenario_html(self)
