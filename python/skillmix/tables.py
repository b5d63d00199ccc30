"""What can be done with every answer: read its words, tables, charts and page, and save it.

``Answer`` is what a plan, a projection, a comparison and a skill mix have in common. A subclass
gives names, columns, units and words; frames, charts, files and the notebook's view follow.
"""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from skillmix.errors import FileError, UnknownNameError
from skillmix.files import path_of, write_text
from skillmix.frame import from_columns
from skillmix.page import block, items, text
from skillmix.wording import listed, slug

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from skillmix.frame import Column, Library
    from skillmix.view import View, Words

    Columns = dict[str, NDArray[Any]]

__all__ = ["Answer", "csv_text", "harmless", "named", "stacked", "unknown"]

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Answer(ABC):
    """An answer in words, with the tables and charts behind it. It cannot be changed."""

    __slots__ = ()
    main_table: ClassVar[str] = "summary"

    @property
    @abstractmethod
    def kind(self) -> str:
        """Which tables and charts it has: ``plan``, ``project``, ``comparison`` or ``mix``."""

    @abstractmethod
    def tables(self) -> list[str]:
        """Names of the tables."""

    @abstractmethod
    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """

    @abstractmethod
    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""

    @abstractmethod
    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""

    def whole(self, name: str) -> tuple[Columns, dict[str, str], dict[str, str]]:
        """Columns, units and descriptions of a table at once, which is quicker than one by one.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        return self.columns(name), self.units(name), self.descriptions(name)

    @abstractmethod
    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""

    @property
    @abstractmethod
    def meta(self) -> dict[str, Any]:
        """How it was made: version, scenario, hash, pack, start, weeks, draws, seed."""

    def frame(self, name: str, library: Library | None = None) -> Any:
        """One table as a data frame; in pandas its units are in ``.attrs["units"]``.

        Args:
            name: One of ``tables()``.
            library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        columns, units = self._with_units(name)
        return from_columns(columns, library, units=units)

    def _with_units(self, name: str) -> tuple[Mapping[str, Column], dict[str, str]]:
        """Columns and units of a table."""
        return self.columns(name), self.units(name)

    def summary(self, library: Library | None = None) -> Any:
        """The figures to look at first, as a data frame."""
        return self.frame(self.main_table, library)

    def show(
        self,
        name: str,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        *,
        where: Mapping[str, Any] | None = None,
        across: bool = False,
    ) -> View:
        """One table to be read rather than computed with: heads in words, few decimals.

        Args:
            name: One of ``tables()``.
            columns: The columns shown, in this order; a dict also says what each is called. Left
                out, all.
            where: Value, or list of values, that a row must have, by name of the column, such as
                ``{"role": ["pwp", "hit"]}``.
            across: Turn the table: the first column heads the columns, the others are rows.

        Raises:
            UnknownNameError: if there is no such table or column; the nearest names are offered.
        """
        from skillmix.view import view

        table = self.columns(name)
        asked = list(table) if columns is None else columns
        if isinstance(asked, str):
            raise TypeError("columns: a list of names, or a dict of name and head, is expected")
        heads = dict(
            asked.items() if isinstance(asked, Mapping) else zip(asked, asked, strict=True)
        )
        for column in [*heads, *(where or {})]:
            if column not in table:
                raise unknown(f"column of {name}", column, list(table))
        heads = {
            k: v if isinstance(asked, Mapping) else v.replace("_", " ") for k, v in heads.items()
        }
        return view(table, heads, self.units(name), where=where, across=across)

    def charts(self) -> list[str]:
        """Names of the charts."""
        from skillmix import plot

        return plot.names(self)

    def chart(self, name: str, **options: Any) -> Any:
        """A chart, by name; needs the extra ``plot``.

        Args:
            name: One of ``charts()``.
            **options: Options of the function of that name in ``skillmix.plot``.

        Raises:
            UnknownNameError: if there is no such chart; the nearest names are offered.
            ImportError: if Altair is not installed; the message says what to install.
        """
        from skillmix import plot

        if not isinstance(name, str):
            raise TypeError(f"name: the name of a chart is expected, not {type(name).__name__}")
        known = plot.names(self)
        if name not in known:
            raise unknown("chart", name, known)
        return plot.draw(self, name, **options)

    def report(self, path: str | os.PathLike[str], *, question: str = "") -> Path:
        """Writes one HTML page that needs no network: words, charts, tables, sources.

        Args:
            path: File to write.
            question: What was asked, to head the page.

        Raises:
            FileError: if it cannot be written.
            ImportError: if Altair is not installed; the message says what to install.
        """
        from skillmix.report import write

        return write(self, path, question=question)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Writes a workbook for those who decide: summary, charts, tables, assumptions.

        Args:
            path: File to write, ``.xlsx``.

        Raises:
            FileError: if it cannot be written.
            ImportError: if XlsxWriter is not installed; the message says what to install.
        """
        from skillmix.excel import workbook

        return workbook(path, self)

    def bundle(self, path: str | os.PathLike[str]) -> Path:
        """Writes one file from which ``skillmix reproduce`` makes the same bits again.

        It holds the scenario with its data, what was asked, versions, and every table with its
        SHA-256.

        Args:
            path: File to write, by custom ``.skillmix``.

        Raises:
            FileError: if it cannot be written.
        """
        from skillmix.bundle import write

        return write(self, path)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Writes each table as a CSV file, with the units and meanings and how they were made.

        ``columns.csv`` has unit and meaning of each column, ``made.csv`` version, scenario, hash,
        seed and data of each run.
        A text that a spreadsheet would run as a formula gets a leading apostrophe.

        Returns:
            The files.

        Raises:
            FileError: if one cannot be written.
        """
        from skillmix.provenance import facts

        to = Path(path_of(folder))
        try:
            to.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            reason = getattr(error, "strerror", None) or str(error)
            raise FileError(f"{to}: {reason}; name a folder to write into") from None
        written, about = [], []
        for name in self.tables():
            columns, units, meanings = self.whole(name)
            about += [[name, c, units.get(c, ""), meanings.get(c, "")] for c in columns]
            lines = csv_text(list(columns), zip(*columns.values(), strict=True))
            written.append(write_text(to / f"{slug(name)}.csv", lines))
        lines = csv_text(["table", "column", "unit", "description"], about)
        written.append(write_text(to / "columns.csv", lines))
        lines = csv_text(["run", "what", "value"], facts(self))
        return [*written, write_text(to / "made.csv", lines)]

    def _repr_html_(self) -> str:
        from skillmix.report_tables import summary_table

        headline, *others = self.words() or [""]
        parts = [f'<p class="lead">{text(headline)}</p>', items(others)]
        if find_spec("altair") is not None and find_spec("vl_convert") is not None:
            from skillmix import plot

            parts.append(plot.svg(plot.draw(self, plot.names(self)[0])))
        parts.append(summary_table(self))
        names = f"Tables: {listed(self.tables())}. Charts: {listed(self.charts())}."
        parts.append(f'<p class="small">{text(names)}</p>')
        return block(parts)


class _Named(dict[str, Any]):
    """Columns by name; a name that is not there is refused with the nearest ones."""

    def __init__(self, table: str, columns: Mapping[str, Any]) -> None:
        super().__init__(columns)
        self.table = table

    def __missing__(self, name: object) -> Any:
        raise unknown(f"column of {self.table}", name, list(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Named, (self.table, dict(self)))


def named(table: str, columns: Mapping[str, NDArray[Any]]) -> Columns:
    """The columns as a dict that offers the nearest name for one that is not there.

    >>> named("staff", {"in_post": 1.0})["in_pst"]
    Traceback (most recent call last):
    skillmix.errors.UnknownNameError: no column of staff 'in_pst'; there are in_post
    """
    return _Named(table, columns)


def unknown(what: str, asked: object, offered: Sequence[str]) -> UnknownNameError:
    """The error for a name that is not here, with what is there, nearest first."""
    near = get_close_matches(str(asked), offered, n=len(offered), cutoff=0.0)
    return UnknownNameError(f"no {what} {str(asked)[:80]!r}; there are {', '.join(near)}")


def stacked(parts: Mapping[str, Columns]) -> Columns:
    """Tables of one shape below each other, with a first column that says whose each row is.

    A column that a part does not have is ``nan`` there, or an empty text.
    """
    import numpy as np

    lengths = {label: len(next(iter(part.values()), ())) for label, part in parts.items()}
    names = dict.fromkeys(name for part in parts.values() for name in part)
    keys = [label for label, length in lengths.items() for _ in range(length)]
    together: Columns = {"scenario": np.array(keys, dtype=object)}
    for name in names:
        known = next(part[name] for part in parts.values() if name in part)
        text_like = known.dtype.kind == "O"
        together[name] = np.concatenate(
            [
                part[name]
                if name in part
                else np.full(
                    lengths[label],
                    "" if text_like else np.nan,
                    dtype=object if text_like else np.float64,
                )
                for label, part in parts.items()
            ]
        )
    return together


def csv_text(heads: Sequence[str], body: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV text; what is not known is empty, and no text can run as a formula.

    >>> print(csv_text(["a", "b"], [["=1+1", 2.0], ["x", float("nan")]]), end="")
    a,b
    '=1+1,2.0
    x,
    """
    # With both characters in the line end, a lone one inside a text is put in quotes too.
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    lines = []
    for row in chain([heads], body):
        out.seek(0)
        out.truncate()
        writer.writerow([_safe(value) for value in row])
        lines.append(out.getvalue().removesuffix("\r\n"))
    return "\n".join([*lines, ""])


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula.

    >>> harmless("=1+1"), harmless("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    item = value.item() if hasattr(value, "item") else value
    if item is None or (isinstance(item, float) and item != item):
        return ""
    return item
