"""How are many scenarios run, here or on many machines, so that nothing is lost or run twice?

``sweep`` runs one verb on every scenario over any executor of ``concurrent.futures`` and keeps all
tables, in memory or as Parquet in a folder. The figures depend on the scenarios and the options
alone: not on the executor, the order, the chunks, or on how often it was interrupted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from skillmix import _core
from skillmix.arguments import expect
from skillmix.errors import ExecutorError, FileError, Problem, ScenarioError
from skillmix.files import path_of
from skillmix.provenance import environment, table_hash
from skillmix.runlog import logged
from skillmix.runs import check, name_of, together
from skillmix.scenario import Scenario
from skillmix.sweep_folder import LOCK, Asked, Folder
from skillmix.sweep_lock import locked
from skillmix.sweep_run import executor_of, gather
from skillmix.sweep_task import Call, Part, Table, columns_of
from skillmix.tables import named, unknown
from skillmix.view import Words

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from skillmix.frame import Library
    from skillmix.tables import Columns

__all__ = ["Sweep", "sweep"]

_CHANGE_NOTHING = ("threads", "progress")
_FAILED = ("scenario", "hash", "error", "path", "message")
_MOST_CHUNK = 100_000


@logged
def sweep(
    scenarios: Mapping[str, Scenario] | Iterable[Scenario],
    *,
    run: str | Callable[..., Any] = "project",
    executor: object = None,
    to: str | os.PathLike[str] | None = None,
    tables: Iterable[str] | None = None,
    chunk: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Sweep:
    """Runs every scenario and keeps all their tables.

    Args:
        scenarios: Scenarios by key; a list is keyed by their names.
        run: The verb, such as ``"project"`` or ``"simulate"``; or a function that takes a scenario
            and gives an answer, such as ``sm.skill_mix``.
        executor: Any executor of ``concurrent.futures``, or a Dask client; left out, threads.
        to: Folder for Parquet files; called again with the same folder, a sweep goes on where it
            stopped. Left out, everything stays in memory.
        tables: Names of the tables to keep; left out, all.
        chunk: Scenarios that go to a worker together; left out, as many as take two seconds.
        progress: Called with the scenarios that are done and all of them; what it raises ends the
            sweep.
        options: Arguments of the verb, those too that ``sweep`` has itself, such as
            ``{"run": "simulate"}`` of an ensemble or ``{"to": {...}}`` of a plan to targets.
        **more: The same by name, such as ``years=5``.

    Returns:
        The tables of all scenarios, and those scenarios that failed.

    Raises:
        TypeError: if an argument is of the wrong kind.
        ScenarioError: if there is no such verb or option, or the folder holds another sweep.
        FileError: if another program works in the folder, or it cannot be written; what was
            finished is kept.
        ExecutorError: if the executor dies; what was finished is kept.
        ImportError: if a folder is asked for and pyarrow is not installed.

    >>> ours = Scenario.preset("talking-therapies-2025")
    >>> more = {str(posts): ours.with_({"staff.pwp.posts": posts}) for posts in (20, 24)}
    >>> found = sweep(more, run="plan")
    >>> sorted(set(found.columns("staff")["scenario"]))
    ['20', '24']
    """
    given = _keyed(scenarios)
    name = name_of(run)
    arguments = together(options, more)
    check(name, arguments)
    kept = None if tables is None else tuple(sorted(set(_names(tables))))
    if chunk is not None and (isinstance(chunk, bool) or not isinstance(chunk, int)):
        raise TypeError(f"chunk: a whole number is expected, not {type(chunk).__name__}")
    if chunk is not None and not 1 <= chunk <= _MOST_CHUNK:
        _refuse("chunk", chunk, f"1 to {_MOST_CHUNK}")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress: something to call is expected, not {type(progress).__name__}")
    stated = {key: value for key, value in arguments.items() if key not in _CHANGE_NOTHING}
    asked = Asked(name, stated, kept, {key: one.hash for key, one in given.items()})
    folder = None if to is None else Folder(_made(Path(path_of(to))))
    found = Sweep._of(asked, given, folder, {"threads": arguments.get("threads")})
    return found.resume(executor, chunk=chunk, progress=progress)


class Sweep:
    """The tables of many scenarios, in memory or in a folder."""

    __slots__ = ("_asked", "_extra", "_folder", "_parts", "_scenarios", "notes")
    _asked: Asked
    _scenarios: dict[str, Scenario]
    _folder: Folder | None
    _parts: list[Part]
    _extra: dict[str, Any]
    notes: list[str]

    def __init__(self) -> None:
        """Refused: a sweep comes from ``skillmix.sweep`` or ``Sweep.open``."""
        raise TypeError("a sweep comes from skillmix.sweep(...) or Sweep.open(folder)")

    @classmethod
    def _of(
        cls,
        asked: Asked,
        scenarios: dict[str, Scenario],
        folder: Folder | None,
        extra: Mapping[str, Any],
    ) -> Self:
        made = object.__new__(cls)
        made._asked, made._scenarios, made._folder = asked, scenarios, folder
        made._parts, made.notes = [], []
        made._extra = {key: value for key, value in extra.items() if value is not None}
        return made

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Self:
        """The sweep in a folder, finished or not; nothing is run or changed.

        Raises:
            FileError: if there is none.
            DataError: if it is damaged.
            ImportError: if pyarrow is not installed; the message says what to install.
        """
        there = Folder(_with_pyarrow(Path(path_of(folder))))
        told = there.manifest()
        tables = told["tables"]
        asked = Asked(
            str(told["run"]),
            dict(told["options"]),
            None if tables is None else tuple(tables),
            dict(told["scenarios"]),
        )
        there.open()
        scenarios = {
            key: Scenario._of(_core.Scenario.from_json(text)) for key, text in there.texts().items()
        }
        return cls._of(asked, scenarios, there, {})

    def resume(
        self,
        executor: object = None,
        *,
        chunk: int | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> Self:
        """Runs the scenarios that are left; with none left, nothing.

        Args:
            executor: As in ``skillmix.sweep``; it need not be the one before.
            chunk: Scenarios that go to a worker together.
            progress: Called with the scenarios that are done and all of them.

        Raises:
            FileError: if another program works in the folder, or it cannot be written.
            ExecutorError: if the executor dies; what was finished is kept.
        """
        by = executor_of(executor)
        if self._folder is None:
            return self._go_on(by, chunk, progress)
        with locked(self._folder.path / LOCK) as stale:
            texts = {key: one._inner.to_json() for key, one in self._scenarios.items()}
            self._folder.begin(self._asked, texts)
            self.notes = [*([stale] if stale else []), *self._folder.notes]
            return self._go_on(by, chunk, progress)

    def _go_on(
        self, executor: Any, chunk: int | None, progress: Callable[[int, int], object] | None
    ) -> Self:
        left = set(self.left)
        todo = [(key, one) for key, one in self._scenarios.items() if key in left]
        call = Call(
            self._asked.run,
            {**self._asked.options, **self._extra},
            self._asked.tables,
            parquet=self._folder is not None,
        )
        whole = len(self._scenarios)

        def keep(part: Part) -> None:
            if self._folder is None:
                self._parts.append(part)
            else:
                self._folder.keep(part)
            if progress is not None:
                progress(whole - len(self.left), whole)

        try:
            gather(call, todo, executor, chunk, keep)
        except ExecutorError as error:
            where = "sm.sweep with the same folder" if self._folder else "error.sweep.resume()"
            said = f"{error.message}: {len(self.done)} of {whole} scenarios; go on with {where}"
            raise ExecutorError(said, self) from error.__cause__
        return self

    # --- what is there ---------------------------------------------------------------------------

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios by their keys."""
        return dict(self._scenarios)

    @property
    def folder(self) -> Path | None:
        """The folder; None if all is in memory."""
        return None if self._folder is None else self._folder.path

    @property
    def done(self) -> list[str]:
        """Keys of the scenarios that were run, those that failed included, in order."""
        if self._folder is not None:
            return sorted(key for line in self._folder.done for key in line["scenarios"])
        return sorted(key for part in self._parts for key in part.keys)

    @property
    def left(self) -> list[str]:
        """Keys of the scenarios that were not run yet, in order."""
        return sorted(set(self._scenarios) - set(self.done))

    @property
    def meta(self) -> dict[str, Any]:
        """What was asked, and with which versions."""
        return {**self._asked.tree(), "environment": environment()}

    @property
    def hash(self) -> str:
        """One SHA-256 of all tables: the same for the same scenarios and options."""
        found = hashlib.sha256()
        for name in sorted(self.tables()):
            table = self._table(name)
            columns = dict(sorted(table.columns.items()))
            found.update(table_hash(name, columns, table.units).encode())
        for row in self._failures():
            found.update("\n".join(row[name] for name in _FAILED).encode())
        return found.hexdigest()

    def tables(self) -> list[str]:
        """Names of the tables."""
        if self._folder is not None:
            names = (name for line in self._folder.done for name in line["files"])
        else:
            names = (name for part in self._parts for name in part.tables)
        return list(dict.fromkeys(names))

    def columns(self, name: str) -> Columns:
        """One table of all scenarios as numpy arrays, sorted by the key of the scenario.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        return named(name, self._table(name).columns)

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        return self._table(name).units

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        return self._table(name).descriptions

    def frame(self, name: str, library: Library | None = None) -> Any:
        """One table of all scenarios as a data frame, sorted by the key of the scenario.

        Args:
            name: One of ``tables()``.
            library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        from skillmix.frame import from_columns

        table = self._table(name)
        return from_columns(table.columns, library, units=table.units)

    @property
    def failed(self) -> Any:
        """The scenarios that failed, one row each: key, hash, error, path and message."""
        from skillmix.frame import from_columns

        rows = self._failures()
        return from_columns({name: [row[name] for row in rows] for name in _FAILED})

    def words(self) -> Words:
        """How far it is, in sentences."""
        done, whole, bad = len(self.done), len(self._scenarios), len(self._failures())
        said = [f"{done} of {whole} scenarios were run with {self._asked.run}; {bad} failed."]
        said += [f"{row['scenario']}: {row['message']}" for row in self._failures()[:5]]
        return Words([*said, *self.notes])

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<Sweep: {self.words()[0]}>"

    def _failures(self) -> list[dict[str, str]]:
        if self._folder is not None:
            rows = [row for line in self._folder.done for row in line["failed"]]
        else:
            rows = [row for part in self._parts for row in part.failed]
        return sorted(rows, key=lambda row: row["scenario"])

    def _table(self, name: str) -> Table:
        expect("name", name, str, "the name of a table")
        if name not in self.tables():
            raise unknown("table", name, self.tables())
        if self._folder is not None:
            return _sorted(columns_of(_read(self._folder.files(name))))
        from skillmix.sweep_task import joined

        parts = sorted((part for part in self._parts if name in part.tables), key=_first)
        return _sorted(joined([table for p in parts if isinstance(table := p.tables[name], Table)]))


def _first(part: Part) -> str:
    return min(part.keys)


def _read(files: list[Path]) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    tables = [parquet.read_table(file, partitioning=None) for file in files]
    return pa.concat_tables(tables, promote_options="permissive")


def _sorted(table: Table) -> Table:
    """The rows in order of their scenario, those of one scenario as they were."""
    import numpy as np

    keys = table.columns["scenario"]
    order = np.argsort(keys, kind="stable") if len(keys) else np.zeros(0, dtype=np.int64)
    columns = {name: values[order] for name, values in table.columns.items()}
    return Table(columns, table.units, table.descriptions)


def _keyed(scenarios: object) -> dict[str, Scenario]:
    """Scenarios by key."""
    if isinstance(scenarios, Mapping):
        pairs = list(scenarios.items())
    elif isinstance(scenarios, Iterable) and not isinstance(scenarios, str):
        pairs = [(getattr(one, "name", ""), one) for one in scenarios]
    else:
        expect("scenarios", scenarios, Mapping, "a dict of key and Scenario")
    found: dict[str, Scenario] = {}
    for key, one in pairs:
        expect("a key of scenarios", key, str, "text")
        expect(f"scenarios[{key!r}]", one, Scenario, "a Scenario")
        if key in found:
            _refuse("scenarios", key, "names that differ, or a dict of key and Scenario")
        found[key] = one
    if not found:
        _refuse("scenarios", "none", "one or more")
    return found


def _names(tables: Iterable[str]) -> list[str]:
    if isinstance(tables, str):
        raise TypeError("tables: a list of names is expected, not str")
    found = list(tables)
    for name in found:
        expect("a name of tables", name, str, "text")
    if not found:
        _refuse("tables", "none", "one or more names, or left out for all")
    return found


def _made(path: Path) -> Path:
    _with_pyarrow(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{path}: {reason}; name a folder to write into") from None
    return path


def _with_pyarrow(path: Path) -> Path:
    from skillmix.frame import need

    need("pyarrow", "a sweep in a folder")
    return path


def _refuse(path: str, value: object, expected: str) -> None:
    shown = str(value)[:80]
    said = f"{path}: got {shown}, allowed: {expected}"
    raise ScenarioError(said, (Problem(path, shown, expected, said),))
