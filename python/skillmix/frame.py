"""How does a table of the core become a data frame?

A table is a dict of columns, each a numpy array with a unit. It becomes a pandas frame if pandas is
installed, otherwise a polars frame. Neither is loaded before a frame is asked for. Units stay with
the frame: in ``frame.attrs["units"]`` of pandas; polars has no such place.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Column: TypeAlias = "NDArray[Any] | Sequence[Any] | Coded"

__all__ = ["Library", "from_columns", "library_to_use", "need"]

Library = Literal["pandas", "polars"]
_LIBRARIES: tuple[Library, ...] = ("pandas", "polars")
_EXTRA = {
    "pandas": "frames",
    "polars": "polars",
    "altair": "plot",
    "vl_convert": "plot",
    "xlsxwriter": "excel",
    "python_calamine": "excel",
    "typer": "cli",
    "rich": "cli",
    "pyarrow": "cluster",
    "SALib": "sensitivity",
    "distributed": "cluster",
}
_CALLED = {
    "vl_convert": "vl-convert-python",
    "xlsxwriter": "XlsxWriter",
    "python_calamine": "python-calamine",
}


@dataclass(frozen=True, slots=True)
class Coded:
    """A long column of few texts: the texts, and which of them stands in each row."""

    texts: NDArray[Any]
    rows: NDArray[Any]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def copy(self) -> NDArray[Any]:
        """The text of each row."""
        return self.texts.take(self.rows)


def need(module: str, what_for: str) -> None:
    """Say in one line what to install if an optional package is missing.

    Args:
        module: Name under which the package is imported.
        what_for: What it is needed for, to begin the sentence with.

    Raises:
        ImportError: if it is not installed.
    """
    if find_spec(module) is None:
        name, extra = _CALLED.get(module, module), _EXTRA.get(module, "all")
        raise ImportError(f"{what_for} needs {name}: pip install 'skillmix[{extra}]'")


def library_to_use(library: str | None = None) -> Library:
    """The library that frames are made with: the one asked for, else pandas, else polars.

    Raises:
        ImportError: if it (or, with no wish, both) is not installed.
        ValueError: if there is no such choice.
    """
    if library is None:
        for name in _LIBRARIES:
            if find_spec(name) is not None:
                return name
        need("pandas", "a frame")
    for name in _LIBRARIES:
        if library == name:
            need(name, "a frame")
            return name
    raise ValueError(f"library = {library!r}: 'pandas' or 'polars' is expected")


def from_columns(
    columns: Mapping[str, Column],
    library: str | None = None,
    *,
    units: Mapping[str, str] | None = None,
) -> Any:
    """A data frame of columns.

    Args:
        columns: Values by name of the column, all of one length; texts as lists or object arrays.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.
        units: Units by name of the column.

    Returns:
        A ``pandas.DataFrame`` or ``polars.DataFrame``.

    Raises:
        ImportError: if the library is not installed; the message says what to install.
        ValueError: if there is no such choice of library.

    >>> from_columns({"month": ["2025-04"], "referrals": [812.0]}).shape
    (1, 2)
    """
    if library_to_use(library) == "pandas":
        frame = _pandas(columns)
        frame.attrs["units"] = {
            name: unit for name, unit in (units or {}).items() if name in columns and unit
        }
        return frame
    import polars as pl

    return pl.DataFrame({name: _for_polars(column) for name, column in columns.items()})


def _pandas(columns: Mapping[str, Column]) -> Any:
    """A frame that owns its values: what is done to a frame never changes the result.

    A frame holds all columns of one type in one block. Columns that are handed over one by one are
    checked and copied into it one by one, which takes most of the time of a table of many columns
    and few rows; so the blocks are made here where pandas (3.0 and later) takes them.
    """
    import pandas as pd

    internals: Any = getattr(pd.api, "internals", None)
    blocks = None if internals is None else _blocks(columns)
    if blocks is None:
        return pd.DataFrame({name: _for_pandas(column) for name, column in columns.items()})
    rows = pd.RangeIndex(len(next(iter(columns.values()))))
    heads = pd.Index(list(columns))
    return internals.create_dataframe_from_blocks(blocks, index=rows, columns=heads)


def _blocks(columns: Mapping[str, Column]) -> list[tuple[Any, Any]] | None:
    """Values of each type and the places of their columns; None where pandas must look itself."""
    import numpy as np
    import pandas as pd

    alike: dict[np.dtype[Any], list[int]] = {}
    arrays: list[NDArray[Any]] = []
    rows: dict[int, NDArray[Any]] = {}
    if len({len(column) for column in columns.values()}) != 1:
        return None
    for place, column in enumerate(columns.values()):
        array = column
        if isinstance(column, Coded):
            array, rows[place] = column.texts, column.rows
        if not isinstance(array, np.ndarray) or array.ndim != 1:
            return None
        alike.setdefault(array.dtype, []).append(place)
        arrays.append(array)
    blocks: list[tuple[Any, Any]] = []
    for dtype, places in alike.items():
        if dtype.kind in "fib":
            together = np.concatenate([arrays[place] for place in places])
            blocks.append((together.reshape(len(places), -1), np.array(places)))
            continue
        for place in places:  # texts and days, for which pandas has types of its own
            made = pd.Series(arrays[place], copy=True)
            plain = made.dtype == np.dtype(object)
            own: Any = made.to_numpy() if plain else made.array
            if place in rows:
                own = own.take(rows[place])
            blocks.append((own[np.newaxis] if plain else own, np.array([place])))
    return blocks


def _for_pandas(column: Column) -> Any:
    """A copy that the frame may own."""
    return column.copy() if hasattr(column, "copy") else list(column)


def _for_polars(column: Column) -> Any:
    """Texts as a list, since polars keeps object arrays as opaque things."""
    dtype: np.dtype[Any] | None = getattr(column, "dtype", None)
    if isinstance(column, Coded):
        return list(column.copy())
    if dtype is None or dtype.kind in "OU":
        return list(column)
    return column.copy() if hasattr(column, "copy") else column
