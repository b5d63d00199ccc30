"""Which fields of a scenario does the template ask for, and on which sheet?

Only which paths stand on which sheet is written here; units, limits and meanings come from the
fields of the core, values and sources from the scenario.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.excel_tables import label
from skillmix.scenario_page import value_at
from skillmix.wording import day, month, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from skillmix.scenario import Scenario

    Tree = Mapping[str, Any]

__all__ = ["NEW_INTAKES", "SHEETS", "Asked", "Field", "allowed", "asked", "field_of", "is_spread"]

SHEETS = {
    "Staff": ("Staff: posts, people in post, job plans, leavers", ("staff",)),
    "Budget": ("Budget: by year and payer, pay awards, costs besides pay", ("money",)),
    "Pathway": ("Pathway: routes, minutes, sessions, missed appointments", ("pathway",)),
    "Lists": ("Lists: people waiting on the first day", ("waiting",)),
    "Demand": ("Demand: referrals by month, growth", ("demand",)),
    "Intakes": ("Intakes: who starts which course, and when", ("training.intakes",)),
    "Targets": ("Targets: what is promised", ("targets",)),
}
"""Heading and paths by sheet."""
NEW_INTAKES = 6
"""Intakes that can be added on one template."""
_NEW_FIELDS = ("course", "start", "trainees", "internal", "internal_from", "at")
_ALWAYS = ("posts", "in_post", "wte_per_head", "leavers_per_year", "caseload_max")
_MONTHS_AHEAD = 12
_PAYERS = ("national", "regional", "commissioner", "service", "other")
_NOT_ASKED = re.compile(r"\.(title|family|file|sha256|source|role|step_up_to|step_down_to|id)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the schema: pattern of its path, type, unit, limits, meaning."""

    pattern: str
    type: str
    unit: str
    minimum: float
    maximum: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the template.

    Attributes:
        path: Path in the scenario; a new intake has ``training.intakes[new 1]``.
        of: What it belongs to: a role, a treatment, an intake.
        what: The field in words.
        now: Value that it has now; nothing if it has none.
        field: The field of the schema.
        source: Source of the value that it has now.
        choices: What can be chosen, if not anything.
    """

    path: str
    of: str
    what: str
    now: Any
    field: Field
    source: str
    choices: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _fields() -> tuple[tuple[re.Pattern[str], Field], ...]:
    found = []
    for row in rows(_core.fields().columns()):
        pattern = str(row["path"])
        made = re.escape(pattern).replace(r"\[\]", r"\[(?:\d+|new \d+)\]")
        made = made.replace(r"\*", r"[^.\[\]]+")
        field = Field(
            pattern,
            str(row["type"]),
            str(row["unit"]),
            float(row["minimum"]),
            float(row["maximum"]),
            str(row["description"]),
        )
        found.append((re.compile(made), field))
    return tuple(found)


def field_of(path: str) -> Field | None:
    """The field of the schema that a path leads to."""
    return next((field for pattern, field in _fields() if pattern.fullmatch(path)), None)


def allowed(field: Field, choices: tuple[str, ...] = ()) -> str:
    """What may stand in a cell, in words.

    >>> allowed(field_of("staff.pwp.posts")), allowed(field_of("pathway.opt_in.share"))
    ('0 to 100,000 WTE', '0 to 1 (0 % to 100 %)')
    """
    if choices:
        return f"one of {', '.join(choices)}"
    if field.type.startswith(("number", "whole")):
        numbers = "whole numbers, " if field.type.startswith("whole") else ""
        if field.minimum != field.minimum:
            return f"{numbers}any number".strip()
        ends = f"{field.minimum:,.10g} to {field.maximum:,.10g}"
        if field.unit == "share":
            return f"{ends} ({field.minimum * 100:g} % to {field.maximum * 100:g} %)"
        return f"{numbers}{ends} {field.unit}".rstrip()
    return {"date": "a date", "true or false": "yes or no"}.get(field.type, field.type)


def is_spread(value: object) -> bool:
    """Whether a value of a scenario is one number that is unsure or varies."""
    return isinstance(value, dict) and any(key in value for key in ("unsure", "varies"))


def asked(scenario: Scenario) -> dict[str, list[Asked]]:
    """The rows of the template by sheet, in the order of the schema."""
    maker = _Maker(scenario)
    return {sheet: list(maker.sheet(prefixes)) for sheet, (_, prefixes) in SHEETS.items()}


class _Maker:
    """One scenario, its values and their sources."""

    def __init__(self, scenario: Scenario) -> None:
        self.all: Tree = scenario.to_dict(complete=True)
        facts = rows(scenario._inner.assumptions().columns())
        self.facts = {str(fact["path"]): fact for fact in facts}
        self.start = scenario.start
        self.weeks = scenario.weeks

    def sheet(self, prefixes: tuple[str, ...]) -> Iterator[Asked]:
        """The rows of one sheet."""
        paths = dict.fromkeys(
            path
            for prefix in prefixes
            for path in (*self._there(value_at(self.all, prefix), prefix), *self._also(prefix))
        )
        order = {field.pattern: place for place, (_, field) in enumerate(_fields())}
        found = []
        for path in paths:
            field = field_of(path)
            if field is None or field.type == "list" or _NOT_ASKED.search(path):
                continue
            found.append(self._row(path, field))
        groups = list(dict.fromkeys(_group(row.path) for row in found))
        place = {group: number for number, group in enumerate(groups)}
        months = ".months."
        yield from sorted(
            found,
            key=lambda row: (
                place[_group(row.path)],
                order[row.field.pattern],
                row.path if months in row.path else "",
            ),
        )

    def _there(self, value: Any, path: str) -> Iterator[str]:
        """Paths of what the scenario has."""
        if isinstance(value, dict) and not is_spread(value):
            for key, inner in value.items():
                yield from self._there(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                if isinstance(inner, dict):
                    yield from self._there(inner, f"{path}[{place}]")
        elif value is not None:
            yield path

    def _also(self, prefix: str) -> Iterator[str]:
        """Paths that are asked for though the scenario does not have them."""
        if prefix == "staff":
            yield from (f"staff.{role}.{field}" for role in self.all["staff"] for field in _ALWAYS)
        elif prefix == "targets":
            for _, field in _fields():
                if field.pattern.startswith("targets.") and field.type in (
                    "number",
                    "whole number",
                ):
                    yield field.pattern
        elif prefix == "waiting":
            for queue in self._queues():
                if not (value_at(self.all, queue) or {}).get("weeks"):
                    yield from (f"{queue}.people", f"{queue}.longest_weeks")
        elif prefix == "demand" and "series" in self.all["demand"]:
            months = sorted(self.all["demand"]["series"].get("months", {}))
            for ahead in range(1, _MONTHS_AHEAD + 1) if months else ():
                yield f"demand.series.months.{_later(months[-1], ahead)}"
        elif prefix == "money":
            first = int(self.start[:4]) - (self.start[5:7] < "04")
            for year in range(first, first + 1 + self.weeks // 52):
                name = f"{year}/{(year + 1) % 100:02d}"
                yield from (f"money.awards.{name}", f"money.budget.{name}")
                yield from (f"money.budget_by_payer.{name}.{payer}" for payer in _PAYERS)
        elif prefix == "training.intakes":
            for number in range(1, NEW_INTAKES + 1):
                yield from (f"training.intakes[new {number}].{field}" for field in _NEW_FIELDS)

    def _queues(self) -> Iterator[str]:
        yield "waiting.assessment"
        for step in ("step2", "step3"):
            yield from (f"waiting.{step}.{name}" for name in self.all["pathway"].get(step, {}))

    def _row(self, path: str, field: Field) -> Asked:
        now = None if "[new " in path else value_at(self.all, path)
        fact = self.facts.get(path) or next(
            (f for key, f in self.facts.items() if key.startswith((f"{path}.", f"{path}["))), {}
        )
        status = str(fact.get("status", ""))
        source = str(fact.get("source", ""))
        said = f"{source} ({status})" if source and status else source or status
        of, what = self._words(path)
        return Asked(path, of, what, now, field, said, self._choices(path, field))

    def _choices(self, path: str, field: Field) -> tuple[str, ...]:
        if field.type.startswith("one of "):
            return tuple(field.type.removeprefix("one of ").split(", "))
        if path.endswith("].course"):
            return tuple(self.all.get("training", {}).get("courses", {}))
        if path.endswith("].internal_from"):
            return tuple(self.all["staff"])
        return ()

    def _words(self, path: str) -> tuple[str, str]:
        """What a field belongs to, and its name, for a reader."""
        steps = path.split(".")
        if steps[0] == "staff":
            title = str(self.all["staff"].get(steps[1], {}).get("title", steps[1]))
            return title, _name(steps[2:])
        if path.startswith("training.intakes["):
            return self._intake(steps[1]), _name(steps[2:])
        if ".months." in path:
            return "Referrals by month", month(steps[-1])
        treatments = self.all["pathway"]
        if steps[:2] == ["pathway", "routes"] and len(steps) == 4:
            title = str(treatments.get(steps[2], {}).get(steps[3], {}).get("title", steps[3]))
            return "Routes after the assessment", f"{label(steps[2])}: {title}"
        if steps[0] in ("pathway", "waiting") and steps[1] in ("step2", "step3"):
            title = str(treatments.get(steps[1], {}).get(steps[2], {}).get("title", steps[2]))
            return f"{label(steps[1])}: {title}", _name(steps[3:])
        if len(steps) > 2:
            return label(steps[1]), _name(steps[2:])
        return label(steps[0]), _name(steps[1:])

    def _intake(self, step: str) -> str:
        number = step[step.index("[") + 1 : -1]
        if number.startswith("new "):
            return f"New intake {number.removeprefix('new ')}"
        intake = self.all["training"]["intakes"][int(number)]
        return f"Intake {int(number) + 1}: {intake.get('course')} from {day(str(intake['start']))}"


def _group(path: str) -> str:
    """What rows stand together: those of a role, of a treatment, of an intake."""
    steps = path.split(".")
    deep = 3 if steps[0] in ("pathway", "waiting") and steps[1] in ("step2", "step3") else 2
    return ".".join(steps[:deep])


def _name(steps: list[str]) -> str:
    """The last steps of a path in words."""
    return ": ".join([label(steps[0]), *(step.replace("_", " ") for step in steps[1:])])


def _later(said: str, months: int) -> str:
    """A month some months later.

    >>> _later("2025-11", 2)
    '2026-01'
    """
    count = int(said[:4]) * 12 + int(said[5:7]) - 1 + months
    return f"{count // 12}-{count % 12 + 1:02d}"
