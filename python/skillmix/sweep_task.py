"""What does a worker do? It runs some scenarios and hands back their tables, stacked.

A worker may be a thread, another process or another machine: it gets texts and names and gives back
columns, or one Parquet file a table as bytes. What a scenario itself raises is a row, so that the
others go on; whatever else goes wrong is the executor's fault.
"""

from __future__ import annotations

import inspect
import io
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import SkillmixError
from skillmix.runs import of_name
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence

    from skillmix.tables import Answer, Columns

__all__ = ["Call", "Part", "StoppedError", "Table", "columns_of", "joined", "parquet_bytes", "work"]

KEYS = ("scenario", "hash")
"""The first columns of every table; a column of a run of the same name gets ``_of_run``."""


class StoppedError(SkillmixError):
    """The sweep was ended while this ran."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is done with each scenario.

    Attributes:
        run: Name of the verb or function.
        options: Its arguments.
        tables: Tables that are kept; all if None.
        parquet: Whether tables come back as Parquet files.
        alone: Whether a process runs one task at a time and may compute with one thread.
    """

    run: str
    options: Mapping[str, Any]
    tables: tuple[str, ...] | None
    parquet: bool
    alone: bool = False


@dataclass(slots=True)
class Table:
    """One table of several scenarios, stacked.

    Attributes:
        columns: Values by column, the key and the hash of the scenario first.
        units: Units by column.
        descriptions: What each column is.
    """

    columns: dict[str, Any]
    units: dict[str, str]
    descriptions: dict[str, str]


@dataclass(slots=True)
class Part:
    """What came of some scenarios.

    Attributes:
        keys: Their keys.
        tables: A table by name, or a Parquet file of it.
        failed: A row for each scenario that failed.
        seconds: What the runs themselves took [s].
    """

    keys: list[str]
    tables: dict[str, Table | bytes] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0


def work(
    call: Call,
    items: Sequence[tuple[str, Scenario | str]],
    stop: threading.Event | None = None,
) -> Part:
    """Runs the scenarios one after another.

    Args:
        call: What to do.
        items: Key, and scenario or its text, of each.
        stop: Set to end early, in this process.
    """
    if call.alone:
        os.environ.setdefault("RAYON_NUM_THREADS", "1")
    part = Part([key for key, _ in items])
    found: dict[str, list[tuple[str, str, Columns]]] = {}
    units: dict[str, dict[str, str]] = {}
    meanings: dict[str, dict[str, str]] = {}
    seen: dict[str, set[str]] = {}
    function = of_name(call.run)
    options = _options(call, function, stop)
    for key, given in items:
        began = time.perf_counter()
        sha = ""
        try:
            scenario = given if isinstance(given, Scenario) else _read(given)
            sha = scenario.hash
            if stop is not None and stop.is_set():
                raise StoppedError("the sweep was ended")
            answer = function(scenario, **options)
            for name in answer.tables() if call.tables is None else call.tables:
                columns, of_columns, said = answer.whole(name)
                found.setdefault(name, []).append((key, sha, columns))
                if not columns.keys() <= seen.get(name, set()):  # mostly once a part
                    seen[name] = seen.get(name, set()) | set(columns)
                    units[name] = units.get(name, {}) | of_columns
                    meanings[name] = meanings.get(name, {}) | said
        except StoppedError:
            raise
        except Exception as error:  # told in its row
            for rows in found.values():
                rows[:] = [row for row in rows if row[0] != key]
            part.failed.append(_failure(key, sha, error))
        part.seconds += time.perf_counter() - began
    for name, rows in found.items():
        if rows:
            table = _stacked(rows, units[name], meanings[name])
            part.tables[name] = parquet_bytes(table) if call.parquet else table
    return part


def _options(
    call: Call, function: Callable[..., Answer], stop: threading.Event | None
) -> dict[str, Any]:
    """The arguments of the run; what is run in steps also looks whether it is to end."""
    options = dict(call.options)
    tells = "progress" in inspect.signature(function).parameters
    if stop is not None and tells and options.get("threads") is not None:

        def told(*_: int) -> None:
            if stop.is_set():
                raise StoppedError("the sweep was ended")

        options["progress"] = told
    return options


def _read(text: str) -> Scenario:
    return Scenario._of(_core.Scenario.from_json(text))


def _failure(key: str, sha: str, error: Exception) -> dict[str, str]:
    paths = [problem.path for problem in getattr(error, "problems", ())]
    return {
        "scenario": key,
        "hash": sha,
        "error": type(error).__name__,
        "path": ", ".join(paths[:5]),
        "message": str(error)[:1000],
    }


def _stacked(
    rows: Sequence[tuple[str, str, Columns]],
    units: Mapping[str, str],
    meanings: Mapping[str, str],
) -> Table:
    """Tables of one name below each other; what a table does not have is missing."""
    import numpy as np

    lengths = [_length(columns) for _, _, columns in rows]
    keys = ([row[0] for row in rows], [row[1] for row in rows])
    stacked: dict[str, Any] = {
        name: np.repeat(np.array(values, dtype=object), lengths)
        for name, values in zip(KEYS, keys, strict=True)
    }
    together = _concatenated([columns for _, _, columns in rows])
    stacked |= {_own(name): values for name, values in together.items()}
    told = {"scenario": "Key of the scenario", "hash": "SHA-256 of the complete scenario"}
    return Table(
        stacked,
        {_own(name): unit for name, unit in units.items() if unit},
        told | {_own(name): meaning for name, meaning in meanings.items()},
    )


def joined(tables: Sequence[Table]) -> Table:
    """Stacked tables of one name below each other."""
    units: dict[str, str] = {}
    meanings: dict[str, str] = {}
    for table in tables:
        units |= table.units
        meanings |= table.descriptions
    return Table(_concatenated([table.columns for table in tables]), units, meanings)


def _concatenated(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Columns below each other; where a part does not have one, its values are missing."""
    import numpy as np

    likes: dict[str, Any] = {}
    for part in parts:
        for name, values in part.items():
            likes.setdefault(name, values)
    return {
        name: np.concatenate(
            [part[name] if name in part else _missing(like, _length(part)) for part in parts]
        )
        for name, like in likes.items()
    }


def _length(columns: Mapping[str, Any]) -> int:
    return len(next(iter(columns.values()), ()))


def _own(name: str) -> str:
    return f"{name}_of_run" if name in KEYS else name


def _missing(like: Any, length: int) -> Any:
    import numpy as np

    if like.dtype.kind == "O":
        return np.full(length, None, dtype=object)
    if like.dtype.kind == "M":
        return np.full(length, "NaT", dtype=like.dtype)
    return np.full(length, np.nan)


def parquet_bytes(table: Table) -> bytes:
    """A table as a Parquet file; unit and description of a column are in its metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    fields, arrays = [], []
    for name, values in table.columns.items():
        array = _arrow(values)
        told = {"unit": table.units.get(name, ""), "description": table.descriptions.get(name, "")}
        fields.append(pa.field(name, array.type, metadata=told))
        arrays.append(array)
    whole = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    out = io.BytesIO()
    # Small, and read as a whole: dictionaries and statistics would cost more than they save.
    parquet.write_table(
        whole, out, compression="zstd", use_dictionary=False, write_statistics=False
    )
    return out.getvalue()


def _arrow(values: Any) -> Any:
    import pyarrow as pa

    if values.dtype.kind == "O":
        return pa.array(values.tolist(), type=pa.string())
    if values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[D]"))
    return pa.array(values)


def columns_of(table: Any) -> Table:
    """A table of pyarrow as numpy arrays, as they were before they were written."""
    import numpy as np
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_string(column.type):
            columns[name] = np.array(column.to_pylist(), dtype=object)
        elif pa.types.is_date32(column.type):
            columns[name] = column.to_numpy().astype("datetime64[D]")
        else:
            columns[name] = column.to_numpy()
    told = {one.name: one.metadata or {} for one in table.schema}
    return Table(
        columns,
        {name: unit for name, m in told.items() if (unit := m.get(b"unit", b"").decode())},
        {name: m.get(b"description", b"").decode() for name, m in told.items()},
    )
