"""What does the planner say about a service? A scenario: a reference pack and what differs from it.

A scenario cannot be changed: ``with_`` and ``with_staff`` derive another one. All checks are those
of the core; this module only turns what Python people write into paths and values.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.frame import from_columns

if TYPE_CHECKING:
    from skillmix.frame import Library
    from skillmix.result import Result

__all__ = ["Scenario", "write_text"]


class Scenario:
    """All that a planner writes down about a service; everything else comes from a reference pack.

    Make one with ``Scenario.preset``, ``Scenario.load``, ``Scenario.from_dict`` or
    ``skillmix.public.scenario``; derive others with ``with_`` and ``with_staff``.

    >>> ours = Scenario.preset("talking-therapies-2025")
    >>> ours.with_(name="Northshire").name
    'Northshire'
    """

    __slots__ = ("_core",)
    _core: _core.Scenario

    def __init__(self) -> None:
        """Refused: a scenario starts from a pack, a file or a dict."""
        raise TypeError(
            "a scenario is made by Scenario.preset('talking-therapies-2025'), Scenario.load(path), "
            "Scenario.from_dict(tree) or skillmix.public.scenario(code)"
        )

    @classmethod
    def _of(cls, core: _core.Scenario) -> Scenario:
        made = object.__new__(cls)
        object.__setattr__(made, "_core", core)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: scenarios are derived, not changed."""
        raise AttributeError(f"a scenario cannot be changed: use with_() to derive another ({name})")

    # --- where scenarios come from ---------------------------------------------------------------

    @staticmethod
    def preset(pack: str) -> Scenario:
        """An unmodified reference pack.

        Args:
            pack: Its name, one of ``skillmix.reference.packs()``.

        Raises:
            ScenarioError: if there is no such pack; the nearest name is offered.
        """
        return Scenario._of(_core.Scenario.preset(_text("pack", pack)))

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Scenario:
        """Reads a ``.toml`` or ``.json`` file; files that it names are inlined and hashed.

        Raises:
            FileError: if a file cannot be read.
            DataError: if a data file that it names has a fault.
            ScenarioError: with all problems of the scenario.
        """
        return Scenario._of(_core.Scenario.load(_path(path)))

    @staticmethod
    def from_dict(tree: Mapping[str, Any]) -> Scenario:
        """Checks a tree of stated values, as a TOML file would hold them.

        Raises:
            ScenarioError: with all problems.
        """
        if not isinstance(tree, Mapping):
            raise TypeError(f"tree: a dict is expected, not {_kind(tree)}")
        return Scenario._of(_core.Scenario.from_dict(dict(tree)))

    @staticmethod
    def from_toml(text: str) -> Scenario:
        """Reads TOML text.

        Raises:
            ScenarioError: with all problems.
        """
        return Scenario._of(_core.Scenario.from_toml(_text("text", text)))

    # --- where they go ---------------------------------------------------------------------------

    def to_dict(self, *, complete: bool = False) -> dict[str, Any]:
        """What was stated as a tree; with ``complete`` also what the pack provides."""
        return self._core.to_dict(bool(complete))

    def to_toml(self) -> str:
        """What was stated, as TOML; reading it gives the same scenario."""
        return self._core.to_toml()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes what was stated to a file, as JSON if its name ends in ``.json``, else as TOML.

        The file appears whole or not at all: whoever reads meanwhile finds the old one.

        Returns:
            The path.

        Raises:
            FileError: if it cannot be written, or is a directory.
        """
        to = Path(_path(path))
        return write_text(
            to, self._core.to_json() if to.suffix.casefold() == ".json" else self.to_toml()
        )

    # --- what they say ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self._core.name

    @property
    def pack(self) -> str:
        """Reference pack that it lies on."""
        return self._core.pack

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""
        return self._core.notes

    @property
    def hash(self) -> str:
        """SHA-256 of the complete scenario: equal for scenarios that say the same."""
        return self._core.hash

    @property
    def start(self) -> str:
        """First day [ISO date]."""
        return self._core.start

    @property
    def weeks(self) -> int:
        """Length of the calendar [weeks]."""
        return self._core.weeks

    def assumptions(self, *, library: Library | None = None) -> Any:
        """Every value with its plausible range, unit, source, date and status, one row each."""
        table = self._core.assumptions()
        return from_columns(table.columns(), library, units=table.units())

    def diff(self, other: Scenario, *, library: Library | None = None) -> Any:
        """Fields in which ``other`` differs: ``path``, ``here``, ``there``."""
        table = self._core.diff(_scenario("other", other)._core)
        return from_columns(table.columns(), library, units=table.units())

    # --- other scenarios -------------------------------------------------------------------------

    def with_(self, changes: Mapping[str, Any] | None = None, /, **named: Any) -> Scenario:
        """The same scenario with fields changed.

        A changed field is marked "stated", whatever was said of the source of its old value. New
        ``training.intakes`` stand beside the trainees whom ``with_staff`` put in training: those
        are there already, whatever is planned.

        Args:
            changes: New values by path, such as ``{"staff.pwp.posts": 24}``.
            **named: The same by name; two underscores stand for a dot:
                ``with_(name="Ours", staff__pwp__posts=24)``.

        Raises:
            ScenarioError: with all problems, the nearest name for each unknown field.
        """
        if changes is not None and not isinstance(changes, Mapping):
            raise TypeError(f"changes: a dict of paths and values is expected, not {_kind(changes)}")
        together = {str(path): value for path, value in (changes or {}).items()}
        together |= {name.replace("__", "."): value for name, value in named.items()}
        from skillmix.stated import keep_trainees, marked

        together = keep_trainees(self.to_dict(), together)
        return Scenario._of(self._core.with_(marked(self.to_dict(), together)))

    def with_staff(
        self,
        *,
        pwp: float | None = None,
        pwp_senior: float | None = None,
        hit: float | None = None,
        hit_lead: float | None = None,
        counsellor: float | None = None,
        pwp_trainee: float | None = None,
        hit_trainee: float | None = None,
        step2_waiting: float | None = None,
        step3_waiting: float | None = None,
        trainees_since: str | None = None,
        source: str = "the planner",
        **other: float,
    ) -> Scenario:
        """The same scenario with the numbers that nobody publishes.

        A role that is left out stays as it was. Unless its posts were stated, a role is taken to
        have as many posts as are in post.

        Args:
            pwp: Qualified PWPs in post [WTE].
            pwp_senior: Senior PWPs in post [WTE].
            hit: High intensity therapists in post [WTE].
            hit_lead: Lead high intensity therapists in post [WTE].
            counsellor: Counsellors in post [WTE].
            pwp_trainee: PWP trainees [heads]; they become an intake that has started already.
            hit_trainee: High intensity trainees [heads], likewise.
            step2_waiting: People waiting for Step 2, shared between its treatments by their routes.
            step3_waiting: People waiting for Step 3, likewise.
            trainees_since: First day of the trainees' course [ISO date]; left out, the last
                1 October, the usual start, marked as inferred.
            source: Where the numbers come from.
            **other: In post [WTE] of roles of your own, by name.

        Raises:
            ScenarioError: if there is no such role or course, or a number is out of its range.
        """
        from skillmix.stated import staff_changes

        in_post = {
            "pwp": pwp,
            "pwp_senior": pwp_senior,
            "hit": hit,
            "hit_lead": hit_lead,
            "counsellor": counsellor,
            **other,
        }
        changes = staff_changes(
            self.to_dict(),
            self.to_dict(complete=True),
            start=self.start,
            in_post={role: wte for role, wte in in_post.items() if wte is not None},
            trainees={
                role: heads
                for role, heads in (("pwp_trainee", pwp_trainee), ("hit_trainee", hit_trainee))
                if heads is not None
            },
            waiting={
                step: people
                for step, people in (("step2", step2_waiting), ("step3", step3_waiting))
                if people is not None
            },
            since=trainees_since,
            source=_text("source", source),
        )
        return Scenario._of(self._core.with_(changes))

    # --- runs ------------------------------------------------------------------------------------

    def plan(self) -> Result:
        """Who is needed for this demand, on which band, at what cost: closed form, with a trace."""
        from skillmix.result import Result

        return Result._of(self._core.plan())

    def project(
        self,
        *,
        years: int | None = None,
        weeks: int | None = None,
        draws: int | None = None,
        seed: int | None = None,
    ) -> Result:
        """Week by week: queues, staff, trainees, supervision, rules and cost.

        Args:
            years: Length [years]; left out, that of the scenario's calendar.
            weeks: Length [weeks], instead of years.
            draws: Worlds drawn from the spreads ``unsure``; left out, one run at the means.
            seed: Seed of the draws.

        Raises:
            ScenarioError: if the length or the number of draws is out of its range.
        """
        from skillmix.result import Result

        return Result._of(
            self._core.project(
                weeks=whole("weeks", weeks),
                years=whole("years", years),
                draws=whole("draws", draws),
                seed=whole("seed", seed),
            )
        )

    # --- as Python sees it -----------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._core)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Scenario._of, (self._core,))

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name!r} on {self.pack}, {self.weeks} weeks from {self.start}, "
            f"{self.hash[:12]}>"
        )

    def _repr_html_(self) -> str:
        from skillmix.scenario_page import scenario_html

        return scenario_html(self)


def write_text(path: Path, text: str) -> Path:
    """Writes a file whole or not at all: beside it first, then put in its place.

    Raises:
        FileError: if it cannot be written, or is a directory.
    """
    beside: str | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a directory")
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(beside, 0o666 & ~mask)
        os.replace(beside, path)
    except (OSError, ValueError) as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise _core.FileError(f"{path}: {reason}; name a file in a folder that exists") from None
    return path


def whole(name: str, value: object) -> int | None:
    """A whole number, or None; numpy's are welcome, ``True`` is not.

    Raises:
        TypeError: if it is anything else; the argument is named.
    """
    if value is None:
        return None
    index = getattr(value, "__index__", None)
    if isinstance(value, bool) or index is None:
        raise TypeError(f"{name} = {value!r}: a whole number is expected, not {_kind(value)}")
    return int(index())


def _scenario(name: str, value: object) -> Scenario:
    if not isinstance(value, Scenario):
        raise TypeError(f"{name}: a Scenario is expected, not {_kind(value)}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: text is expected, not {_kind(value)}")
    return value


def _path(value: object) -> str:
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"path: a file name is expected, not {_kind(value)}")
    name = os.fspath(value)
    if not isinstance(name, str):
        raise TypeError("path: a file name as text is expected, not bytes")
    return name


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
