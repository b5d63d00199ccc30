"""What can go wrong: one tree of exceptions, each saying where, what is allowed and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "DataError",
    "ExecutorError",
    "FileError",
    "InfeasibleError",
    "LimitError",
    "Problem",
    "ScenarioError",
    "SkillmixError",
    "UnknownNameError",
    "VersionError",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a scenario.

    Attributes:
        path: Path to the field, such as ``staff.pwp.leavers_per_year``; empty for the whole file.
        value: What was found there, shortened to 80 characters.
        expected: What is allowed there.
        message: What is wrong, in one sentence.
        suggestion: What to write instead, if that can be guessed.
        where: Sheet and cell of a workbook, such as ``Staff!E7``; empty if it is not from one.
    """

    path: str
    value: str
    expected: str
    message: str
    suggestion: str | None = None
    where: str = ""


class SkillmixError(Exception):
    """Base of everything that skillmix raises."""


class ScenarioError(SkillmixError, ValueError):
    """A scenario or an argument has problems; nothing was run.

    Attributes:
        problems: All problems that were found.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        """Keep the problems beside the message."""
        super().__init__(message, problems)
        self.message = message
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """The message alone."""
        return self.message


class LimitError(ScenarioError):
    """A stated ceiling is exceeded."""


class VersionError(ScenarioError):
    """The text was written for another version."""


class DataError(SkillmixError, ValueError):
    """A data file has a fault.

    Attributes:
        file: Name of the file.
        row: Row, counted from 1 with the header, if one row is at fault.
        column: Column, if one column is at fault.
        problems: All problems of a workbook, each with its cell; ``row`` and ``column`` are those
            of the first.
    """

    def __init__(
        self,
        message: str,
        file: str = "",
        row: int | None = None,
        column: str | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        """Keep the place beside the message."""
        super().__init__(message, file, row, column, problems)
        self.message = message
        self.file = file
        self.row = row
        self.column = column
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """The message alone."""
        return self.message


class InfeasibleError(SkillmixError):
    """What was asked cannot be had; the message says what can, and which rule binds.

    Attributes:
        asked: What was asked.
        best: The best that can be had.
        rule: The rule that binds.
        best_plan: The plan that gives the best, from ``scenario.plan(to=...)``; otherwise None.
    """

    def __init__(self, message: str, asked: str = "", best: str = "", rule: str = "") -> None:
        """Keep the parts beside the message."""
        super().__init__(message, asked, best, rule)
        self.message = message
        self.asked = asked
        self.best = best
        self.rule = rule
        self.best_plan: Any = None

    def __str__(self) -> str:
        """The message alone."""
        return self.message


class FileError(SkillmixError, OSError):
    """A file could not be read or written."""


class ExecutorError(SkillmixError, RuntimeError):
    """What was to compute died; what was finished before is kept.

    Attributes:
        sweep: What is done so far, to be resumed; None where nothing can be.
    """

    def __init__(self, message: str, sweep: Any = None) -> None:
        """Keep what is done beside the message."""
        super().__init__(message)
        self.message = message
        self.sweep = sweep


class UnknownNameError(SkillmixError, KeyError):
    """A table, column or item that is not there; the message lists what is, nearest first."""

    def __str__(self) -> str:
        """The message without the quotes of a KeyError."""
        return str(self.args[0]) if self.args else ""
