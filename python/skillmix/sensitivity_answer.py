"""What does a finding about what matters look like? Tables, words, charts, as every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from skillmix import _core
from skillmix.arguments import expect
from skillmix.provenance import made
from skillmix.tables import Answer, named, unknown
from skillmix.view import Words

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from skillmix.scenario import Scenario
    from skillmix.tables import Columns

__all__ = ["SUMMARY", "Finding", "Sheet", "told"]

SUMMARY = {
    "measure": ("", "What is measured"),
    "value": ("", "Its value, in the unit of the row"),
    "unit": ("", "Unit of the value"),
    "meaning": ("", "What it is"),
}


class Sheet(NamedTuple):
    """One table: columns, units and meanings."""

    columns: Columns
    units: dict[str, str]
    meanings: dict[str, str]

    @classmethod
    def of(cls, table: _core.Table) -> Sheet:
        """A table of the core."""
        return cls(table.columns(), table.units(), table.descriptions())

    @classmethod
    def of_rows(
        cls, rows: Sequence[Mapping[str, Any]], about: Mapping[str, tuple[str, str]]
    ) -> Sheet:
        """A table from rows; ``about`` gives unit and meaning of each column."""
        import numpy as np

        columns: Columns = {}
        for name in about:
            values = [row[name] for row in rows]
            text_like = any(isinstance(value, str) for value in values)
            columns[name] = np.array(values, dtype=object if text_like else float)
        units = {name: unit for name, (unit, _) in about.items()}
        return cls(columns, units, {name: said for name, (_, said) in about.items()})


class Finding(Answer):
    """What ``skillmix.sensitivity`` found: which unknowns matter, or what one is worth."""

    __slots__ = ("_asked", "_kind", "_meta", "_options", "_sheets", "_words")
    _kind: str
    _sheets: dict[str, Sheet]
    _words: list[str]
    _meta: dict[str, Any]
    _options: dict[str, Scenario]
    _asked: dict[str, Any]

    def __init__(self) -> None:
        """Refused: findings come from analyses."""
        raise TypeError("a finding comes from skillmix.sensitivity")

    @classmethod
    def _of(
        cls,
        kind: str,
        sheets: Mapping[str, Sheet],
        words: Sequence[str],
        meta: Mapping[str, Any],
        options: Mapping[str, Scenario],
        asked: Mapping[str, Any],
    ) -> Finding:
        found = object.__new__(cls)
        for name, value in {
            "_kind": kind,
            "_sheets": {key: Sheet(*sheet) for key, sheet in sheets.items()},
            "_words": list(words),
            "_meta": dict(meta),
            "_options": dict(options),
            "_asked": dict(asked),
        }.items():
            object.__setattr__(found, name, value)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: a finding is what it is."""
        raise AttributeError(f"a finding cannot be changed ({name})")

    @property
    def kind(self) -> str:
        """``tornado``, ``morris``, ``sobol`` or ``value``."""
        return self._kind

    @property
    def options(self) -> dict[str, Scenario]:
        """The scenarios that were analysed, by label; none for a function."""
        return dict(self._options)

    @property
    def meta(self) -> dict[str, Any]:
        """How it was made: version, scenario, hash, design, draws, seed; by label for options."""
        return dict(self._meta)

    @property
    def titles(self) -> dict[str, str]:
        """What each path is, in words."""
        from skillmix.sensitivity_words import title_of

        return {
            str(path): title_of(str(path), one)
            for one in reversed(list(self._options.values()))
            for path in _core.unsure_numbers(one._inner).columns()["path"]
        }

    def tables(self) -> list[str]:
        """Names of the tables."""
        return list(self._sheets)

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        return named(
            name, {key: column.copy() for key, column in self._sheet(name).columns.items()}
        )

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        return dict(self._sheet(name).units)

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        return dict(self._sheet(name).meanings)

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        return Words(self._words)

    def report(self, path: str | os.PathLike[str], *, question: str = "") -> Path:
        """Writes one HTML page that needs no network; of a scenario, since the page shows it.

        Raises:
            TypeError: if a function was analysed.
            FileError: if it cannot be written.
            ImportError: if Altair is not installed; the message says what to install.
        """
        self._of_scenarios("a page")
        return super().report(path, question=question)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Writes a workbook: findings, tables, assumptions; of a scenario.

        Raises:
            TypeError: if a function was analysed.
            FileError: if it cannot be written.
            ImportError: if XlsxWriter is not installed; the message says what to install.
        """
        self._of_scenarios("a workbook")
        return super().to_excel(path)

    def _of_scenarios(self, what: str) -> None:
        if not self._options:
            raise TypeError(f"{what} shows the assumptions of a scenario; this is of a function")

    def _sheet(self, name: str) -> Sheet:
        expect("name", name, str, "the name of a table")
        if name not in self._sheets:
            raise unknown("table", name, self.tables())
        return self._sheets[name]

    def __eq__(self, other: object) -> bool:
        """True for the same analysis of the same scenarios, which has the same figures."""
        if not isinstance(other, Finding):
            return NotImplemented
        if not self._options:
            return self is other
        return self._kind == other._kind and self._asked == other._asked

    def __hash__(self) -> int:
        """Equal for equal findings."""
        return hash((self._kind, tuple(one.hash for one in self._options.values())))

    def __copy__(self) -> Finding:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Finding:
        """Itself: it cannot be changed."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the recipe: scenarios and what was asked; of a function, the figures."""
        if self._options:
            from skillmix.sensitivity import _again

            return (_again, ({"version": _core.__version__, "kind": self._kind, **self._asked},))
        sheets = {name: tuple(sheet) for name, sheet in self._sheets.items()}
        return (Finding._of, (self._kind, sheets, self._words, self._meta, {}, {}))

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<Finding by {self._kind}: {'; '.join(self._words[:1])}>"


def told(
    scenario: Scenario | None, run: str, design: str, draws: int, seed: int | None, length: Any
) -> dict[str, Any]:
    """How an analysis was made, as ``meta`` says it."""
    found: dict[str, Any] = {"version": _core.__version__, "run": run}
    if scenario is not None:
        weeks, years = length
        service = scenario.to_dict(complete=True).get("service", {})
        found |= {
            "scenario": scenario.name,
            "hash": scenario.hash,
            "pack": scenario.pack,
            "vintage": service.get("as_of"),
            "start": scenario.start,
            "weeks": weeks if weeks is not None else scenario.weeks if years is None else None,
            "weeks_of_scenario": scenario.weeks,
            "luck": "expected",
        }
        if years is not None:
            found["years"] = years
    found |= {"design": design}
    found |= {"runs": draws} if seed is None else {"draws": draws, "seed": seed}
    return made(found, scenario) if scenario is not None else found
