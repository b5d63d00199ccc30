"""How is an answer told on a command line? As sentences and a table; or as JSON or CSV alone."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any, Self

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from skillmix.errors import UnknownNameError
from skillmix.provenance import metas
from skillmix.tables import csv_text, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from skillmix.tables import Answer

__all__ = ["Progress", "as_text", "give", "say"]


def say(sentence: str) -> None:
    """A line of text, as it is."""
    typer.echo(sentence)


def as_text(tree: Any) -> str:
    """A tree as JSON that every reader takes: what is not known is null, what has no end "inf"."""
    return json.dumps(_plain(tree), ensure_ascii=False, indent=1, default=str)


def give(
    answer: Answer,
    *,
    as_json: bool,
    tables: Sequence[str] | None,
    csv: str | None,
    excel: str | None,
) -> None:
    """Tells an answer, and writes the files that were asked for.

    Raises:
        UnknownNameError: if there is no table of a name; the nearest names are offered.
    """
    names = list(tables) if tables else ["summary"]
    for name in names:
        if name not in answer.tables():
            raise unknown("table", name, answer.tables())
    if csv is not None:
        answer.to_csv(csv)
    if excel is not None:
        answer.to_excel(excel)
    if as_json:
        found = {
            "words": list(answer.words()),
            "runs": metas(answer),
            "tables": {
                name: {
                    "units": answer.units(name),
                    "columns": {k: v.tolist() for k, v in answer.columns(name).items()},
                }
                for name in names
            },
        }
        typer.echo(as_text(found))
    elif tables:
        if len(names) > 1:
            raise UnknownNameError("one table can be written as CSV; several with --json or --csv")
        columns = answer.columns(names[0])
        typer.echo(csv_text(list(columns), zip(*columns.values(), strict=True)), nl=False)
    else:
        _told(answer)


def _told(answer: Answer) -> None:
    headline, *others = answer.words()
    typer.echo(headline)
    for sentence in others:
        typer.echo(f"* {sentence}")
    there = answer.columns("summary")
    one_a_row = {"meaning", "value", "unit"} <= there.keys()
    few = [name for name in ("meaning", "value", "unit", "when") if name in there]
    shown = answer.show("summary", few if one_a_row else None)
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(shown.heads):
        table.add_column(Text(head), justify="right" if place in shown.numeric else "left")
    for row in shown.body:
        table.add_row(*(Text(cell) for cell in row))
    typer.echo()
    Console(file=sys.stdout).print(table)
    typer.echo(f"\nTables: {', '.join(answer.tables())} (--table NAME).")


class Progress:
    """A bar on a terminal; nothing where nobody looks on."""

    def __init__(self, what: str) -> None:
        """Prepares the bar.

        Args:
            what: What is counted.
        """
        console = Console(stderr=True)
        self._bar = Bar(console=console, transient=True, disable=not console.is_terminal)
        self._what = self._bar.add_task(what, total=None)

    def __call__(self, done: int, whole: int) -> None:
        """Shows how far it is."""
        self._bar.update(self._what, completed=done, total=whole)

    def __enter__(self) -> Self:
        """Shows the bar."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes it away."""
        self._bar.stop()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
