"""Are the arguments of a function of the right kind? All that are wrong are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from itertools import islice
from numbers import Integral, Real
from typing import Any

from skillmix.errors import Problem, ScenarioError

__all__ = ["Given"]

MOST_ITEMS = 10_000
"""Most numbers of a list."""


class Given:
    """Arguments, checked for their kind; all that are wrong are told at once."""

    def __init__(self, **values: Any) -> None:
        """Note the arguments that are numbers."""
        self._problems: list[Problem] = []
        self._numbers: list[float] = []
        self.and_also(**values)

    def and_also(self, **values: Any) -> Given:
        """More arguments that are numbers."""
        self._numbers += [self.one(name, value) for name, value in values.items()]
        return self

    def refuse(self, name: str, value: Any, expected: str) -> None:
        """Note that an argument is wrong."""
        try:
            shown = repr(value)[:80]
        except ValueError:  # a whole number with more digits than Python writes
            shown = f"a very long {type(value).__name__}"
        said = f"{name}: got {shown}, allowed: {expected}"
        self._problems.append(Problem(name, shown, expected, said))

    def kind(self, name: str, value: Any, kind: type, expected: str) -> bool:
        """Whether an argument is of a kind."""
        fine = isinstance(value, kind)
        if not fine:
            self.refuse(name, value, expected)
        return fine

    def known(self, path: str, key: Any, names: tuple[str, ...]) -> None:
        """A key that there is; otherwise the nearest one is offered."""
        if key in names:
            return
        near = get_close_matches(str(key), map(str, names), n=1)
        said = f"{path}.{key}: no such name; allowed: {', '.join(map(str, names))}"
        if near:
            said += f"; did you mean {near[0]}?"
        guess = near[0] if near else None
        expected = ", ".join(map(str, names))
        self._problems.append(Problem(f"{path}.{key}", str(key)[:80], expected, said, guess))

    def one(self, name: str, value: Any) -> float:
        """A number; true and false are none."""
        if isinstance(value, Real) and not _is_truth(value):
            try:
                return float(value)
            except OverflowError:
                pass
        self.refuse(name, value, "a number")
        return 0.0

    def whole(self, name: str, value: Any) -> int:
        """A whole number that a machine can count."""
        if isinstance(value, Integral) and not _is_truth(value) and 0 <= int(value) < 2**63:
            return int(value)
        self.refuse(name, value, "a whole number, at least 1")
        return 0

    def several(self, name: str, values: Any) -> list[float]:
        """A list of numbers."""
        if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__iter__"):
            self.refuse(name, values, "a list of numbers")
            return []
        found = list(islice(values, MOST_ITEMS + 1))
        if len(found) > MOST_ITEMS:
            self.refuse(name, f"more than {MOST_ITEMS} numbers", f"at most {MOST_ITEMS} numbers")
            return []
        return [self.one(f"{name}[{place}]", value) for place, value in enumerate(found)]

    def each(self, name: str, values: Any, count: int) -> list[float]:
        """One number for all, or a list of as many as there are classes."""
        if isinstance(values, Real):
            return [self.one(name, values)] * count
        found = self.several(name, values)
        if len(found) != count:
            self.refuse(name, values, f"one number, or {count}")
            return [0.0] * count
        return found

    def numbers(self) -> list[float]:
        """The numbers, in the order in which they were given.

        Raises:
            ScenarioError: with everything that is wrong.
        """
        if self._problems:
            messages = [problem.message for problem in self._problems]
            text = messages[0]
            if len(messages) > 1:
                text = f"{len(messages)} problems:\n" + "\n".join(f"  {line}" for line in messages)
            raise ScenarioError(text, tuple(self._problems))
        return self._numbers


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)
