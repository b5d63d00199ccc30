"""What have the answers of one run of the core in common? Their tables, words and pickles."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from skillmix.scenario import expect
from skillmix.tables import Answer, named, unknown
from skillmix.view import Words

if TYPE_CHECKING:
    from skillmix import _core
    from skillmix.tables import Columns

__all__ = ["CoreAnswer"]


class _CoreRun(Protocol):
    def tables(self) -> list[str]: ...
    def table(self, name: str) -> _core.Table: ...
    def words(self) -> list[str]: ...


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

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        return Words(self._inner.words())

    def _table(self, name: str) -> _core.Table:
        expect("name", name, str, "the name of a table")
        if name not in self._inner.tables():
            raise unknown("table", name, self.tables())
        return self._inner.table(name)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles hold the recipe: the text, which is checked again, and how it was run."""
        return (type(self)._of, (self._inner,))

    def __copy__(self) -> Self:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        """Itself: it cannot be changed."""
        return self
