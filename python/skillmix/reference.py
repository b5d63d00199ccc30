"""Which fields does a scenario have, and which published figures stand behind the packs?

Each function gives a table of the core as a frame: one row a field, a fact or a rate of pay, with
its unit and its source. The pages of the documentation are made from the same tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect
from skillmix.frame import from_columns

if TYPE_CHECKING:
    from skillmix.frame import Library

_FIELD_COLUMNS = ("path", "unit", "type", "minimum", "maximum", "description")
__all__ = ["assumptions", "fields", "json_schema", "packs", "pay"]


def fields(*, as_frame: bool = True, library: Library | None = None) -> Any:
    """Every field of a scenario file, one row each.

    Args:
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

    Returns:
        Columns ``path`` (``*`` stands for a name), ``unit``, ``type``, ``minimum``, ``maximum``,
        ``description``.
    """
    table = _core.fields().columns()
    columns = {name: table[name] for name in _FIELD_COLUMNS}
    return from_columns(columns, library) if as_frame else columns


def assumptions(
    pack: str = "talking-therapies-2025", *, as_frame: bool = True, library: Library | None = None
) -> Any:
    """Every value of a reference pack, one row each, with its source.

    Args:
        pack: Name of the pack, one of ``packs()``.
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

    Returns:
        Columns ``path``, ``value``, ``low``, ``high``, ``unit``, ``source``, ``url``, ``date``,
        ``status``, ``note``.

    Raises:
        ScenarioError: if there is no such pack; the nearest name is offered.
    """
    expect("pack", pack, str, "the name of a reference pack")
    table = _core.Scenario.preset(pack).assumptions()
    return _shown(table, as_frame=as_frame, library=library)


def pay(*, as_frame: bool = True, library: Library | None = None) -> Any:
    """Agenda for Change pay of every year and band there is [pounds a year], with its source.

    Args:
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.
    """
    return _shown(_core.pay_table(), as_frame=as_frame, library=library)


def packs(*, as_frame: bool = True, library: Library | None = None) -> Any:
    """The reference packs that a scenario can start from, one row each.

    Args:
        as_frame: A pandas (or polars) frame; ``False`` gives a dict of columns.
        library: ``"pandas"`` or ``"polars"``; left out, whichever is installed, pandas first.

    Returns:
        Columns ``pack``; ``title``, what it describes; ``values``, how many fields it provides.
    """
    names = _core.packs()
    presets = [_core.Scenario.preset(name) for name in names]
    columns: dict[str, list[Any]] = {
        "pack": names,
        "title": [preset.name for preset in presets],
        "values": [len(preset.assumptions()) for preset in presets],
    }
    return from_columns(columns, library) if as_frame else columns


def json_schema() -> str:
    """The JSON Schema of scenario files, for editors and other programs."""
    return _core.json_schema()


def _shown(table: _core.Table, *, as_frame: bool, library: Library | None) -> Any:
    columns = table.columns()
    return from_columns(columns, library, units=table.units()) if as_frame else columns
