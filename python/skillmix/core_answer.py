"""What have the answers of one run of the core in common? Their tables, words and pickles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from skillmix.arguments import expect
from skillmix.errors import Problem, VersionError
from skillmix.frame import Coded
from skillmix.tables import Answer, named, unknown
from skillmix.view import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix import _core
    from skillmix.frame import Column
    from skillmix.tables import Columns

__all__ = ["CoreAnswer", "recipe_of"]


class _CoreRun(Protocol):
    def tables(self) -> list[str]: ...
    def table(self, name: str) -> _core.Table: ...
    def words(self) -> list[str]: ...
    def __reduce__(self) -> Any: ...


class CoreAnswer(Answer):
    """An answer that the core holds. It is made by a run, and cannot be changed."""

    __slots__ = ("_inner",)
    _inner: _CoreRun
    _made_by: ClassVar[str]

    def __init__(self) -> None:
        """Refused: results come from runs."""
        raise TypeError(f"a result comes from {self._made_by}")

    @classmethod
    def _of(cls, core: _CoreRun) -> Self:
        made = object.__new__(cls)
        object.__setattr__(made, "_inner", core)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: a result is what it is."""
        raise AttributeError(f"a result cannot be changed ({name})")

    def tables(self) -> list[str]:
        """Names of the tables."""
        return self._inner.tables()

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        return named(name, self._table(name).columns())

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        return self._table(name).units()

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        return self._table(name).descriptions()

    def whole(self, name: str) -> tuple[Columns, dict[str, str], dict[str, str]]:
        """Columns, units and descriptions of a table at once, which is quicker than one by one.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        if name not in self._inner.tables():  # one that is made here, or none at all
            return super().whole(name)
        table = self._inner.table(name)
        return named(name, table.columns()), table.units(), table.descriptions()

    def _with_units(self, name: str) -> tuple[Mapping[str, Column], dict[str, str]]:
        """The table is made once for both, and few words in many rows stay few words."""
        if name not in self._inner.tables():
            return super()._with_units(name)
        table = self._inner.table(name)
        columns = {
            column: Coded(*values) if isinstance(values, tuple) else values
            for column, values in table.columns(coded=True).items()
        }
        return columns, table.units()

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        return Words(self._inner.words())

    def _table(self, name: str) -> _core.Table:
        expect("name", name, str, "the name of a table")
        if name not in self._inner.tables():
            raise unknown("table", name, self.tables())
        return self._inner.table(name)

    def _recipe(self) -> dict[str, Any]:
        """Version, scenario and arguments: all that the figures depend on."""
        found: dict[str, Any] = self._inner.__reduce__()[1][0]
        return found

    def __eq__(self, other: object) -> bool:
        """True for runs of one scenario with the same arguments, which have the same figures."""
        if not isinstance(other, CoreAnswer):
            return NotImplemented
        return type(self) is type(other) and self._recipe() == other._recipe()

    def __hash__(self) -> int:
        """Equal for equal results."""
        return hash(tuple(sorted((key, str(value)) for key, value in self._recipe().items())))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles hold the recipe: the text, which is checked again, and how it was run."""
        return (type(self)._of, (self._inner,))

    def __copy__(self) -> Self:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        """Itself: it cannot be changed."""
        return self


def recipe_of(pickled: tuple[Any, ...]) -> dict[str, Any]:
    """The recipe that a pickle holds, if this version wrote it.

    Raises:
        VersionError: if another version wrote it, whose figures may have been others.
    """
    from skillmix import _core

    recipe = pickled[0] if len(pickled) == 1 and isinstance(pickled[0], dict) else {}
    wrote, here = recipe.get("version", "an earlier version"), _core.__version__
    if wrote == here:
        return recipe
    said = (
        f"this result was pickled by skillmix {wrote}, and this is {here}, whose figures may "
        "differ: run the scenario again, or read the pickle with the version that wrote it"
    )
    raise VersionError(said, (Problem("version", str(wrote), here, said),))
