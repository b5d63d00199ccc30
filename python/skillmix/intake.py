"""How many trainees can start so that no rule of supervision breaks, and which rule binds?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skillmix import _core

__all__ = ["IntakeLimit", "LargestIntake", "largest"]


@dataclass(frozen=True)
class IntakeLimit:
    """A rule that limits an intake.

    Attributes:
        rule: Name of the rule.
        title: The rule in words.
        severity: ``condition`` or ``warning``.
        trainees: Most trainees that keep it [heads].
        month: Month in which one more breaks it first.
        worst: What is owed or needed in that month with one more, in ``unit``.
        limit: What can be given or is there, in ``unit``.
        unit: Unit of both.
        broken_without: Whether the rule is broken in that month without the intake too.
        message: What breaks with one more.
    """

    rule: str
    title: str
    severity: str
    trainees: int
    month: str
    worst: float
    limit: float
    unit: str
    broken_without: bool
    message: str


@dataclass(frozen=True)
class LargestIntake:
    """The largest intake that breaks no rule.

    Attributes:
        course: Course.
        start: First day.
        trainees: Most trainees that break no rule, besides the intakes that are planned [heads].
        trainees_by_conditions: Most that break no condition, whatever they warn of [heads].
        limits: What limits it, the tightest first; empty if nothing does.
        sentence: The answer in words.
    """

    course: str
    start: date
    trainees: int
    trainees_by_conditions: int
    limits: tuple[IntakeLimit, ...]
    sentence: str

    @property
    def rule(self) -> str | None:
        """Name of the rule that one more trainee breaks, if any does."""
        return self.limits[0].rule if self.limits else None

    def __str__(self) -> str:
        """The answer in words."""
        return self.sentence


def largest(core: _core.Scenario, course: str, start: str | date) -> LargestIntake:
    """Asks the core, and gives its rows names."""
    day = start.isoformat()[:10] if isinstance(start, date) else start
    if not isinstance(day, str):
        raise TypeError(f"start: a date or an ISO date is expected, not {type(start).__name__}")
    table, limits = core.largest_intake(course, day)
    row = {name: values[0] for name, values in table.columns().items()}
    columns = limits.columns()
    return LargestIntake(
        course=row["course"],
        start=row["start"].item(),
        trainees=int(row["trainees"]),
        trainees_by_conditions=int(row["trainees_by_conditions"]),
        limits=tuple(_limit(columns, place) for place in range(len(limits))),
        sentence=row["message"],
    )


def _limit(columns: dict[str, Any], place: int) -> IntakeLimit:
    values = {name: column[place] for name, column in columns.items()}
    return IntakeLimit(
        **{
            name: value.item() if hasattr(value, "item") else value
            for name, value in values.items()
        }
    )
