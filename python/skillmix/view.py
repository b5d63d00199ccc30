"""How does a person read an answer in a notebook? In sentences, and in tables of few columns.

A data frame is for computing: it shows ``1.4e+04`` and ``needed_wte``. A view is for reading: heads
in words with their unit, few decimals, months by name. It holds nothing that the table does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from skillmix.page import block, items, table, text
from skillmix.wording import cell, month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skillmix.page import Html

__all__ = ["View", "Words", "view"]

_MONTH = re.compile(r"\d{4}-\d\d")
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_WIDEST = 60
"""Most characters of a cell in plain text; HTML breaks the line instead."""


class Words(list[str]):
    """An answer in sentences: a list, which a notebook shows as a headline and points."""

    def _repr_html_(self) -> str:
        headline, *others = self or [""]
        return str(block([f'<p class="lead">{text(headline)}</p>', items(others)]))


class View:
    """A table to be read. It prints as aligned text, and a notebook shows it as a table."""

    __slots__ = ("body", "heads", "numeric")

    def __init__(
        self, heads: Sequence[str], body: Sequence[Sequence[str]], numeric: Collection[int]
    ) -> None:
        """Takes finished texts; ``Answer.show`` makes them.

        Args:
            heads: Heads of the columns.
            body: Texts by row.
            numeric: Places of the columns that are set to the right.
        """
        self.heads = tuple(heads)
        self.body = tuple(tuple(row) for row in body)
        self.numeric = frozenset(numeric)

    def _repr_html_(self) -> str:
        shown: Html | str = table(self.heads, self.body, numeric=self.numeric)
        return str(block([shown if self.body else "<p>No rows.</p>"]))

    def __repr__(self) -> str:
        """The table as aligned text."""
        if not self.body:
            return "no rows"
        lines = [self.heads, *self.body]
        widths = [
            min(_WIDEST, max(len(line[place]) for line in lines))
            for place in range(len(self.heads))
        ]
        ruled = [self.heads, tuple("-" * width for width in widths), *self.body]
        return "\n".join(
            "  ".join(
                shown[:width].rjust(width) if place in self.numeric else shown[:width].ljust(width)
                for place, (shown, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in ruled
        )


def view(
    columns: Mapping[str, Any],
    heads: Mapping[str, str],
    units: Mapping[str, str],
    *,
    where: Mapping[str, Any] | None = None,
    across: bool = False,
) -> View:
    """Some columns and rows of a table, as texts.

    Args:
        columns: All values by name of the column.
        heads: What to call each column that is shown, in this order.
        units: Units by name of the column; a column ``unit`` holds those of its row.
        where: Value, or values, that a row must have, by name of the column.
        across: Turn the table: the first column heads the columns, the others are rows.

    >>> view({"role": ["hit"], "gap": [-2.41]}, {"role": "role", "gap": "gap"}, {"gap": "WTE"})
    role  gap [WTE]
    ----  ---------
    hit       -2.41
    """
    wanted = {name: _those(value) for name, value in (where or {}).items()}
    length = len(columns[next(iter(heads))])
    kept = [i for i in range(length) if all(columns[n][i] in v for n, v in wanted.items())]
    of_rows = columns.get("unit")
    shown = {
        name: [
            _text(columns[name][i], units.get(name, "") or _unit(name, of_rows, i)) for i in kept
        ]
        for name in heads
    }
    names = [_head(head, units.get(name, "")) for name, head in heads.items()]
    if across:
        first, *others = heads
        labels = [heads[first], *shown[first]]
        lines = [[head, *shown[name]] for head, name in zip(names[1:], others, strict=True)]
        return View(labels, lines, range(1, len(labels)))
    numbers = [
        i
        for i, name in enumerate(heads)
        if getattr(getattr(columns[name], "dtype", None), "kind", "O") in "fi"
        or any(isinstance(value, float) for value in columns[name])
    ]
    return View(names, list(zip(*shown.values(), strict=True)), numbers)


def _those(value: Any) -> Collection[Any]:
    """One value, or a list of them, as a list."""
    one = isinstance(value, str) or not isinstance(value, Collection)
    return [value] if one else value


def _unit(name: str, of_rows: Any, row: int) -> str:
    """The unit of a row belongs to its numbers."""
    return "" if of_rows is None or name == "unit" else str(of_rows[row])


def _text(value: Any, unit: str) -> str:
    """A value for a reader: months by name, and the code of a row without its underscores."""
    shown = cell(value, unit)
    if _CODE.fullmatch(shown):
        return shown.replace("_", " ")
    if _MONTH.fullmatch(shown):
        return month(shown, short=True).replace(" ", "\N{NO-BREAK SPACE}")
    return shown


def _head(head: str, unit: str) -> str:
    """A head with its unit, where the values do not show it."""
    plain = not unit or unit in ("share", "text", "month") or unit.startswith("pounds")
    return head if plain or f"[{unit}]" in head else f"{head} [{unit}]"
