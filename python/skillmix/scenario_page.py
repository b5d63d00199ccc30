"""What does a planner see who looks at a scenario in a notebook?

Name and notes first, then demand, pathway, lists, staff, training, targets: one line a fact, with
its value, how well it is known and its source. Local values carry a filled badge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.page import Html, badge, block, table, text
from skillmix.wording import (
    day,
    intake_text,
    listed,
    middle,
    month,
    number,
    rows,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from skillmix.scenario import Scenario

    Tree = Mapping[str, Any]

__all__ = ["scenario_html", "value_at"]

_LOCAL = frozenset({"stated", "published", "derived", "inferred"})
_HEADS = ("", "value", "known as", "source")


def scenario_html(scenario: Scenario) -> str:
    """The summary as HTML: escaped, without a script, readable without its style."""
    page = _Page(scenario)
    parts = [
        f"<h2>{text(scenario.name)}</h2>",
        *(f'<p class="note">{text(note)}</p>' for note in scenario.notes if not _licence(note)),
        f'<p class="small">Scenario on the reference pack {text(scenario.pack)}, '
        f"{number(scenario.weeks)} weeks from {text(day(scenario.start))}. Filled badges mark "
        "values of this service; all others come from the pack.</p>",
        page.section("Demand", page.demand()),
        page.section("Pathway", page.pathway()),
        page.section("Waiting on the first day", page.waiting()),
        page.staff(),
        page.section("Training", page.training()),
        page.section("Targets", page.targets()),
        *(f'<p class="small">{text(note)}</p>' for note in scenario.notes if _licence(note)),
        '<p class="small">assumptions() lists every value with its range and source; '
        "to_toml() shows what is stated.</p>",
    ]
    return block(parts)


def _licence(note: str) -> bool:
    """True for a note that is a licence line: it stands at the end."""
    return "licensed under" in note


class _Page:
    """The trees of one scenario and the sources of its values."""

    def __init__(self, scenario: Scenario) -> None:
        self.all: Tree = scenario.to_dict(complete=True)
        self.stated: Tree = scenario.to_dict()
        facts = rows(scenario._inner.assumptions().columns())
        self.facts = {str(fact["path"]): fact for fact in facts}
        self.units = {path: str(fact["unit"]) for path, fact in self.facts.items()}

    def fact(self, path: str) -> Mapping[str, Any]:
        """What is known of a value: of the path itself, or of the first value below it."""
        if path in self.facts:
            return self.facts[path]
        below = (
            fact for key, fact in self.facts.items() if key.startswith((f"{path}.", f"{path}["))
        )
        return next(below, {})

    def known(self, path: str) -> tuple[Html, str]:
        """Badge and source of a value."""
        fact = self.fact(path)
        status = str(fact.get("status", "")) or "stated"
        source = str(fact.get("source", ""))
        note = str(fact.get("note", ""))
        local = status in _LOCAL and value_at(self.stated, path) is not None
        where = f"{source} ({note})" if note and local else source
        return badge(status, local=local), where

    def line(self, label: str, path: str, shown: str | None = None) -> list[object]:
        """One row: label, value, badge, source."""
        unit = str(self.fact(path).get("unit", ""))
        value = shown if shown is not None else value_text(value_at(self.all, path), unit)
        return [label, value, *self.known(path)]

    def section(self, title: str, lines: Iterable[list[object]]) -> str:
        """A heading and its lines."""
        return f"<h3>{text(title)}</h3>{table(_HEADS, lines, css='facts')}"

    def demand(self) -> list[list[object]]:
        """Referrals and their growth."""
        demand = self.all["demand"]
        lines = []
        if "series" in demand:
            months = demand["series"].get("months", {})
            names = sorted(months)
            total = sum(middle(months[name]) for name in names[-12:])
            span = f", {month(names[0])} to {month(names[-1])}" if names else ""
            shown = f"{number(total, digits=0)} in the last {len(names[-12:])} months stated{span}"
            lines.append(self.line("Referrals", "demand.series", shown))
        if "rate" in demand:
            rate = demand["rate"]
            per = str(rate.get("per", "")).replace("_", " ")
            shown = f"{value_text(rate.get('referrals'))} a {per}"
            lines.append(self.line("Referrals", "demand.rate.referrals", shown))
        if "need" in demand:
            lines.append(self.line("Adults in the area", "demand.need.people"))
            lines.append(self.line("With a common mental disorder", "demand.need.prevalence"))
            lines.append(self.line("Treated in a year", "demand.need.access_rate"))
        growth = value_text(demand.get("growth_per_year", 0), "share")
        lines.append(self.line("Growth a year", "demand.growth_per_year", growth))
        return lines

    def pathway(self) -> list[list[object]]:
        """Screening, assessment, routes and treatments."""
        pathway = self.all["pathway"]
        share = self._share
        lines = [
            share("Rejected at screening", "pathway.screening.rejected"),
            share("Opt in", "pathway.opt_in.share"),
            self.line(
                "Assessment",
                "pathway.assessment.minutes",
                f"{value_text(pathway['assessment']['minutes'])} minutes by "
                f"{self.role(str(pathway['assessment']['role']))}, "
                f"{value_text(pathway['assessment'].get('dna', 0), 'share')} do not attend",
            ),
        ]
        routes = pathway.get("routes", {})
        for step, title in (("step2", "Step 2"), ("step3", "Step 3")):
            for name, fields in pathway.get(step, {}).items():
                path = f"pathway.{step}.{name}"
                shown = (
                    f"{value_text(routes.get(step, {}).get(name, 0), 'share')} of those assessed; "
                    f"planned sessions {value_text(fields.get('sessions'))}; "
                    f"{value_text(fields.get('followup_minutes'))} minutes each; "
                    f"{value_text(fields.get('dna', 0), 'share')} do not attend"
                )
                label = f"{title}: {fields.get('title', name)}"
                lines.append(self.line(label, f"{path}.sessions", shown))
        exits = [
            f"{name.replace('_', ' ')} {value_text(value, 'share')}"
            for name, value in routes.items()
            if not isinstance(value, dict) or "unsure" in value
        ]
        if exits:
            lines.append(self.line("No course", "pathway.routes", ", ".join(exits)))
        return lines

    def waiting(self) -> list[list[object]]:
        """The live lists."""
        waiting = self.all.get("waiting", {})
        lists = [("Assessment", "waiting.assessment", waiting.get("assessment"))]
        for step, title in (("step2", "Step 2"), ("step3", "Step 3")):
            for name, people in waiting.get(step, {}).items():
                fields = self.all["pathway"].get(step, {}).get(name, {})
                label = f"{title}: {fields.get('title', name)}"
                lists.append((label, f"waiting.{step}.{name}", people))
        lines = []
        for label, path, people in lists:
            if not people:
                continue
            if "weeks" in people:
                total = sum(middle(value) for value in people["weeks"])
                oldest = float(len(people["weeks"]) - 1)
            else:
                total, oldest = middle(people.get("people", 0)), middle(people.get("longest_weeks"))
            shown = f"{number(total, digits=0)} people, up to {number(oldest)} weeks"
            field = "people" if "people" in people else "weeks"
            lines.append(self.line(label, f"{path}.{field}", shown))
        return lines

    def staff(self) -> str:
        """One row a role."""
        body = []
        for role, fields in self.all["staff"].items():
            path = f"staff.{role}.in_post"
            status, _ = self.known(path)
            source = str(self.fact(path).get("source", ""))
            plan = fields.get("job_plan", {})
            body.append(
                [
                    str(fields.get("title", role)),
                    str(fields.get("band", "")),
                    value_text(fields.get("in_post", 0)),
                    value_text(fields.get("posts", fields.get("in_post", 0))),
                    value_text(plan.get("patients", "")),
                    value_text(fields.get("leavers_per_year", 0), "share"),
                    status,
                    source,
                ]
            )
        heads = (
            "role",
            "band",
            "in post [WTE]",
            "posts [WTE]",
            "patient hours a week",
            "leavers a year",
            "in post known as",
            "source",
        )
        return f"<h3>Staff</h3>{table(heads, body, numeric=(2, 3, 4, 5))}"

    def training(self) -> list[list[object]]:
        """The intakes, or that there are none."""
        training = self.all.get("training", {})
        courses = training.get("courses", {})
        lines = []
        for index, intake in enumerate(training.get("intakes", [])):
            title, said = intake_text(intake, courses).split(": ", 1)
            lines.append(self.line(title, f"training.intakes[{index}].trainees", said))
        if not lines:
            names = listed([str(course.get("title", name)) for name, course in courses.items()])
            lines.append(["Intakes", f"none; courses known: {names}", "", ""])
        return lines

    def targets(self) -> list[list[object]]:
        """What is promised."""
        labels = {
            "within_6_weeks": "Treated within 6 weeks, of finishers",
            "within_18_weeks": "Treated within 18 weeks, of finishers",
            "recovery": "Recovery, of finishers at caseness",
            "reliable_recovery": "Reliable recovery, of finishers at caseness",
            "step2_wait_weeks": "Mean wait from assessment to Step 2, weeks",
            "step3_wait_weeks": "Mean wait from assessment to Step 3, weeks",
        }
        return [
            self.line(
                labels.get(name, name),
                f"targets.{name}",
                value_text(value, "weeks" if name.endswith("wait_weeks") else "share"),
            )
            for name, value in self.all.get("targets", {}).items()
        ]

    def role(self, name: str) -> str:
        """Title of a role."""
        return str(self.all["staff"].get(name, {}).get("title", name))

    def _share(self, label: str, path: str) -> list[object]:
        return self.line(label, path, value_text(value_at(self.all, path), "share"))


def value_at(tree: Tree, path: str) -> Any:
    """The value at a path, or None."""
    value: Any = tree
    for step in path.replace("]", "").replace("[", ".").split("."):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return None
    return value
