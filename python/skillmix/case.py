"""What goes into a bid? One set of tables about a proposal, beside doing nothing and the least.

``business_case`` runs the proposal, the service as it is with its posts kept filled (do minimum)
and the service without recruitment and training (do nothing), each over the same years, and each
risk of the proposal by itself. The tables arrange what these runs give.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skillmix import case_options, case_risks, case_tables
from skillmix.arguments import expect
from skillmix.case_columns import TABLES, columns_of
from skillmix.case_options import DO_MINIMUM, DO_NOTHING
from skillmix.case_targets import targets_of
from skillmix.comparison import Comparison
from skillmix.errors import Problem, ScenarioError
from skillmix.runlog import logged
from skillmix.scenario import Scenario
from skillmix.tables import Answer, named, unknown
from skillmix.view import Words
from skillmix.wording import cell, listed, number, pounds, rows

if TYPE_CHECKING:
    from skillmix.result import Result
    from skillmix.tables import Columns

__all__ = ["BusinessCase", "business_case"]

_FEW = 3
_MOST_YEARS = 10
_PREFERRED = "preferred"


@logged
def business_case(
    options: Scenario | Result | Mapping[str, Scenario],
    *,
    to: Mapping[str, Any] | None = None,
    years: int = 3,
    now: Scenario | None = None,
    preferred: str | None = None,
) -> BusinessCase:
    """The tables of a bid: trajectory, staff, intakes, cost, supervision, options, risks.

    Args:
        options: The proposal, or several by name; or a plan to targets, which says the proposal,
            the service as it is and the targets.
        to: Targets in the words of ``plan(to=...)``, such as ``{"step3_wait_weeks": 12, "by":
            "2026-10"}``, beside those of the scenario.
        years: Length of the case [years].
        now: The service as it is, of which *do nothing* and *do minimum* are made; what it plans
            counts as planned. Left out, the preferred option without the intakes that have not
            begun, so that its posts count as those there are.
        preferred: Name of the preferred option; left out, ``"preferred"`` or else the last one.

    Raises:
        ScenarioError: with all problems of the targets; if the options do not start on one day, or
            there is none of the preferred name.
    """
    from skillmix.result import Result

    if isinstance(options, Result):
        if options.kind != "targets":
            raise TypeError(f"options: a Scenario or a plan to targets, not a {options.kind}")
        to = options.asked if to is None else to
        now = options.before.scenario if now is None else now
        options = options.scenario
    given = _options(options)
    name = _preferred(given, preferred)
    expect("years", years, int, "a whole number of years")
    if isinstance(years, bool) or not 1 <= years <= _MOST_YEARS:
        _refuse("years", years, f"1 to {_MOST_YEARS}")
    if to is not None:
        expect("to", to, Mapping, "a dict of targets")
    if now is not None:
        expect("now", now, Scenario, "a Scenario")
    return BusinessCase(given, name, now, dict(to or {}), years)


class BusinessCase(Answer):
    """A proposal, what else could be done, and what may go wrong, as one set of tables."""

    __slots__ = ("_asked", "_columns", "_preferred", "_runs", "_targets")
    main_table = "options"

    def __init__(
        self,
        options: Mapping[str, Scenario],
        preferred: str,
        now: Scenario | None,
        to: Mapping[str, Any],
        years: int,
    ) -> None:
        """Runs the options and the risks; ``skillmix.business_case`` makes it.

        Args:
            options: Options by name.
            preferred: Name of the preferred one.
            now: The service as it is.
            to: Targets that are asked for.
            years: Length [years].
        """
        proposal = options[preferred]
        base = proposal if now is None else now
        sides = {
            DO_NOTHING: case_options.do_nothing(base),
            DO_MINIMUM: case_options.do_minimum(base, planned=now is not None),
            **options,
        }
        self._asked = (dict(options), preferred, now, dict(to), years)
        self._preferred = preferred
        self._targets = targets = targets_of(proposal, to)
        starts = {name: one.start for name, one in sides.items()}
        if len(set(starts.values())) > 1:
            _refuse("options", starts, "scenarios that start on one day")
        self._runs = {name: one.project(years=years) for name, one in sides.items()}
        run = self._runs[preferred]
        weeks = int(run.meta["weeks"])
        found = {
            "trajectory": case_tables.trajectory(self._runs, preferred, targets),
            "staff": case_tables.staff(run),
            "intakes": case_tables.intakes(run),
            "cost": case_tables.cost(run, self._runs[DO_MINIMUM]),
            "supervision": case_tables.supervision(run),
            "options": case_options.options(self._runs, preferred, targets),
            "risks": case_risks.risks(proposal, run, targets, weeks),
            "assumptions": case_tables.assumptions(proposal),
        }
        self._columns = {name: columns_of(name, body) for name, body in found.items()}

    @property
    def kind(self) -> str:
        """``case``."""
        return "case"

    @property
    def scenario(self) -> Scenario:
        """The preferred option."""
        return self._asked[0][self._preferred]

    @property
    def preferred(self) -> str:
        """Name of the preferred option."""
        return self._preferred

    @property
    def runs(self) -> dict[str, Result]:
        """The projection of each option, by its name."""
        return dict(self._runs)

    @property
    def comparison(self) -> Comparison:
        """The options side by side, with all tables of their runs."""
        return Comparison(self._runs)

    @property
    def meta(self) -> dict[str, Any]:
        """How each option was made, by its name."""
        return {label: run.meta for label, run in self._runs.items()}

    def tables(self) -> list[str]:
        """Names of the tables, in the order of a bid."""
        return list(self._columns)

    def columns(self, name: str) -> Columns:
        """One table as a dict of numpy arrays.

        Raises:
            UnknownNameError: if there is no such table; the nearest names are offered.
        """
        self._known(name)
        return named(name, {key: values.copy() for key, values in self._columns[name].items()})

    def units(self, name: str) -> dict[str, str]:
        """Units of the columns of a table."""
        self._known(name)
        return {key: column.unit for key, column in TABLES[name].items()}

    def descriptions(self, name: str) -> dict[str, str]:
        """What each column of a table is."""
        self._known(name)
        return {key: column.meaning for key, column in TABLES[name].items()}

    def words(self) -> Words:
        """The answer in sentences; the first is the headline."""
        found = rows(self._columns["options"])
        ours = next(row for row in found if row["preferred"])
        least = next(row for row in found if row["option"] == DO_MINIMUM)
        nothing = next(row for row in found if row["option"] == DO_NOTHING)
        last = str(self._columns["trajectory"]["quarter"][-1])
        return Words(
            [
                _headline(ours, least, last),
                self._of_targets(last),
                _against(nothing, least),
                _rules(ours, least),
                *self._of_risks(),
                *self._not_shown(),
            ]
        )

    def _of_targets(self, last: str) -> str:
        here = [row for row in rows(self._columns["trajectory"]) if row["quarter"] == last]
        missed = [
            f"{row['title'][:1].lower()}{row['title'][1:]} {cell(row['reached'], row['unit'])} "
            f"instead of {cell(row['target'], row['unit'])}"
            f"{'' if row['unit'] == 'share' else ' ' + row['unit']}"
            for row in here
            if row["met"] == "no"
        ]
        kept = sum(row["met"] == "yes" for row in here)
        if not kept and not missed:
            return "No target is stated: the trajectory shows only what is reached."
        said = f"; missed: {listed(missed)}" if missed else ""
        return f"In {last} it meets {kept} of {kept + len(missed)} targets{said}."

    def _of_risks(self) -> list[str]:
        tested = [r for r in rows(self._columns["risks"]) if not math.isnan(r["tested"])]
        sentences = []
        worst = max(tested, key=lambda row: float(row["extra_weeks"]), default=None)
        if worst is not None and worst["extra_weeks"] > 0:
            sentences.append(
                f"The risk that adds most to the Step 3 wait: “{worst['risk']}” "
                f"({case_risks.amount(worst['tested'], worst['unit'])} instead of "
                f"{case_risks.amount(worst['value'], worst['unit'])}) makes it "
                f"{number(worst['wait_step3_weeks'])} weeks; {worst['says']}."
            )
        inside = [f"“{row['risk']}”" for row in tested if "inside" in row["says"]]
        if inside:
            rest = f"; {len(inside) - _FEW} more in the table" if len(inside) > _FEW else ""
            sentences.append(
                f"{len(inside)} of {len(tested)} risks would by themselves, inside their plausible "
                f"ranges, make a target be missed: {listed(inside[:_FEW])}{rest}."
            )
        return sentences

    def _not_shown(self) -> list[str]:
        said = [
            "Not shown by segment: the scenario has no segments.",
            "This is the expected flow: below full load it shows no queue.",
        ]
        if self._targets.unseen:
            asked = listed(self._targets.unseen)
            said.insert(0, f"Asked for and not shown by quarter: {asked}.")
        return said

    def charts(self) -> list[str]:
        """Names of the charts, which set the options side by side."""
        return self.comparison.charts()

    def _known(self, name: str) -> None:
        expect("name", name, str, "the name of a table")
        if name not in self._columns:
            raise unknown("table", name, self.tables())

    def __setattr__(self, name: str, value: object) -> None:
        """Refused once it is made: a case is what it is."""
        if hasattr(self, name):
            raise AttributeError(f"a business case cannot be changed ({name})")
        object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the recipe: the scenarios, which are checked again, and what was asked."""
        return (BusinessCase, self._asked)

    def __repr__(self) -> str:
        """One line for a log."""
        return f"<Business case for {self._preferred!r}: {self.words()[0]}>"


def _headline(ours: Mapping[str, Any], least: Mapping[str, Any], last: str) -> str:
    extra = float(ours["extra_pounds"])
    more = float(ours["extra_finishers"])
    return (
        f"With “{ours['option']}” the mean wait for Step 3 is "
        f"{number(ours['wait_step3_weeks_end'])} weeks in {last}, against "
        f"{number(least['wait_step3_weeks_end'])} if only posts are kept filled; it costs "
        f"{pounds(abs(extra))} {'more' if extra >= 0 else 'less'} over the case and gives "
        f"{number(abs(more), digits=0)} {'more' if more >= 0 else 'fewer'} completed courses."
    )


def _against(nothing: Mapping[str, Any], least: Mapping[str, Any]) -> str:
    fewer = float(least["finishers"]) - float(nothing["finishers"])
    return (
        f"If nothing is done, {number(nothing['in_post_end'])} WTE are in post at the end instead "
        f"of {number(least['in_post_end'])}, the wait for Step 3 is "
        f"{number(nothing['wait_step3_weeks_end'])} weeks, and "
        f"{number(abs(fewer), digits=0)} {'fewer' if fewer >= 0 else 'more'} courses are completed "
        "than with posts kept filled."
    )


def _rules(ours: Mapping[str, Any], least: Mapping[str, Any]) -> str:
    count, other = int(ours["rules_broken"]), int(least["rules_broken"])
    said = f": {ours['broken']}" if count else ""
    return f"It breaks {count or 'no'} rule{'' if count == 1 else 's'}, do minimum {other}{said}."


def _options(options: Scenario | Mapping[str, Scenario]) -> dict[str, Scenario]:
    if isinstance(options, Scenario):
        return {_PREFERRED: options}
    expect("options", options, Mapping, "a Scenario, or a dict of name and Scenario")
    for name, one in options.items():
        expect("a name of options", name, str, "text")
        expect(f"options[{name!r}]", one, Scenario, "a Scenario")
        if name in (DO_NOTHING, DO_MINIMUM):
            _refuse(f"options.{name}", name, "another name: this option is made of `now`")
    if not options:
        _refuse("options", "none", "one or more")
    return dict(options)


def _preferred(options: Mapping[str, Scenario], asked: str | None) -> str:
    if asked is None:
        return _PREFERRED if _PREFERRED in options else list(options)[-1]
    expect("preferred", asked, str, "the name of an option")
    if asked not in options:
        raise unknown("option", asked, list(options))
    return asked


def _refuse(path: str, value: object, expected: str) -> None:
    shown = str(value)[:80]
    said = f"{path}: got {shown}, allowed: {expected}"
    raise ScenarioError(said, (Problem(path, shown, expected, said),))
