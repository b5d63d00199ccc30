"""Who is in post today? One row a person, without names, becomes the opening staff of a scenario.

    in post of a role   = sum of WTE of those who have started
    WTE a head          = sum of WTE / people
    share trained       = people trained for a kind of supervision / people of the role

What cannot be read is refused with its cell, all of it at once; what can be read and looks odd
stands in a report, with what was done about it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix.arguments import expect
from skillmix.errors import Problem, ScenarioError
from skillmix.frame import from_columns
from skillmix.scenario import Scenario
from skillmix.staff_cells import Fault, cells_of, raise_faults
from skillmix.staff_columns import (
    COLUMNS,
    KNOWN_HEADERS,
    UnreadableError,
    columns_of,
    value_of,
)
from skillmix.staff_personal import personal_faults, plain_header

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from skillmix.frame import Library
    from skillmix.staff_cells import Cells
    from skillmix.staff_columns import Matched

__all__ = ["Finding", "Person", "StaffList", "example", "read", "template"]

_PACK = "talking-therapies-2025"


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a staff list; what is not said is None.

    Attributes:
        row: Row of the file, from 1 with the header.
        role: Role of the scenario.
        wte: Whole-time equivalent, as it stands in the list.
        band: Band.
        point: Point of the band from 1, or entry, middle or top.
        start: First day in this post.
        qualified: Day of qualifying.
        accredited: Whether accredited.
        supervisor_trained: Whether trained to supervise.
        supervises: Kinds of supervision or roles; empty for all that the role may supervise.
        employer: Employer.
        course: Course of a trainee.
        course_start: First day of that course.
        next_step: Day on which the next point is reached.
    """

    row: int
    role: str
    wte: float
    band: str | None = None
    point: str | int | None = None
    start: date | None = None
    qualified: date | None = None
    accredited: bool | None = None
    supervisor_trained: bool | None = None
    supervises: tuple[str, ...] = ()
    employer: str | None = None
    course: str | None = None
    course_start: date | None = None
    next_step: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in a staff list.

    Attributes:
        row: Row of the file; 0 for the whole list.
        column: Column, or empty.
        finding: What is odd.
        severity: ``error``: a person is counted otherwise than the row says; ``check``: look at it;
            ``note``: for the record.
        done: What was done.
    """

    row: int
    column: str
    finding: str
    severity: str
    done: str


@dataclass(frozen=True, slots=True)
class StaffList:
    """A staff list that was read. It cannot be changed.

    Attributes:
        rows: The people.
        findings: What is odd.
        file: Name of the file.
        sha256: SHA-256 of the file.
        as_of: Day on which the list is true, or None.
        columns: Columns that the file has.
    """

    rows: tuple[Person, ...]
    findings: tuple[Finding, ...]
    file: str
    sha256: str
    as_of: date | None
    columns: tuple[str, ...]

    def __len__(self) -> int:
        """How many people."""
        return len(self.rows)

    @property
    def source(self) -> str:
        """Where figures from it come from, in one line."""
        when = f", as of {self.as_of.isoformat()}" if self.as_of else ""
        return f"staff list {self.file}{when}, sha256 {self.sha256[:16]}"

    def frame(self, library: Library | None = None) -> Any:
        """The people as a data frame, one row each."""
        import numpy as np

        found: dict[str, Any] = {
            name: [getattr(person, name) for person in self.rows] for name in ("row", *COLUMNS)
        }
        for name, about in COLUMNS.items():
            values = found[name]
            if about.kind == "date":
                found[name] = np.array([v or "NaT" for v in values], dtype="datetime64[D]")
            elif about.kind == "list":
                found[name] = ["; ".join(v) for v in values]
            elif about.kind == "yes":
                found[name] = ["" if v is None else "yes" if v else "no" for v in values]
            elif about.kind != "number":
                found[name] = ["" if v is None else str(v) for v in values]
        return from_columns(found, library, units={"wte": "WTE"})

    def report(self, library: Library | None = None) -> Any:
        """What is odd, one row each: row, column, finding, severity, what was done."""
        found = [asdict(one) for one in self.findings]
        names = ("row", "column", "finding", "severity", "done")
        return from_columns({name: [one[name] for one in found] for name in names}, library)

    def totals(self, library: Library | None = None) -> Any:
        """People and WTE by role and band, as the rows say."""
        sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0])
        for person in self.rows:
            entry = sums[person.role, person.band or ""]
            entry[0] += 1
            entry[1] += person.wte
        keys = sorted(sums)
        columns: dict[str, list[Any]] = {
            "role": [role for role, _ in keys],
            "band": [band for _, band in keys],
            "heads": [int(sums[key][0]) for key in keys],
            "wte": [round(sums[key][1], 6) for key in keys],
        }
        return from_columns(columns, library, units={"heads": "heads", "wte": "WTE"})

    def changes(self, scenario: Scenario, *, complete: bool = True) -> dict[str, Any]:
        """The changes, by path, that make this the opening staff of a scenario.

        Args:
            scenario: The service.
            complete: Whether the list holds all staff, so that nobody else is in post.
        """
        from skillmix.staff_opening import opening

        return opening(self, scenario, complete=complete).changes

    def _repr_html_(self) -> str:
        from skillmix.page import block, table, text
        from skillmix.wording import number

        totals = self.totals("pandas").to_dict("records")
        body = [[r["role"], r["band"], r["heads"], number(r["wte"], digits=2)] for r in totals]
        odd = [[f.row or "", f.column, f.finding, f.severity, f.done] for f in self.findings]
        said = f"{len(self.rows)} people in {self.file}; {len(self.findings)} findings"
        heads = ["row", "column", "finding", "severity", "done"]
        parts = [f'<p class="lead">{text(said)}</p>']
        parts.append(table(["role", "band", "people", "WTE"], body, numeric=(2, 3)))
        parts.append(table(heads, odd, caption="Findings") if odd else "")
        return str(block(parts))


def template(library: Library | None = None) -> Any:
    """The columns of a staff list: name, what it holds, whether it is needed, an example."""
    columns: dict[str, list[Any]] = {
        "column": list(COLUMNS),
        "meaning": [about.meaning for about in COLUMNS.values()],
        "needed": ["yes" if name in ("role", "wte") else "no" for name in COLUMNS],
        "example": [about.example for about in COLUMNS.values()],
    }
    return from_columns(columns, library)


def example() -> Path:
    """The path of an example: twelve people who do not exist, with made-up numbers."""
    return Path(__file__).with_name("data") / "staff_list_example.csv"


def read(
    path: str | os.PathLike[str],
    *,
    scenario: Scenario | None = None,
    as_of: str | date | None = None,
) -> StaffList:
    """Reads a staff list, one row a person, without names.

    Args:
        path: A ``.csv`` file (UTF-8) or an ``.xlsx`` workbook, with the columns of ``template()``,
            of which ``role`` and ``wte`` are needed.
        scenario: Service whose roles, bands and courses are meant; left out, the pack
            ``talking-therapies-2025``.
        as_of: Day on which the list is true [ISO date]; left out, dates to come are not looked for.

    Raises:
        FileError: if the file cannot be read.
        DataError: if it holds anything personal; or with every cell that cannot be read.
        ScenarioError: if ``as_of`` is no date.
        ImportError: if it is a workbook and python-calamine is not installed.
    """
    if scenario is not None:
        expect("scenario", scenario, Scenario, "a Scenario")
    day = _day(as_of)
    cells = cells_of(path)
    raise_faults(cells.file, personal_faults(cells, KNOWN_HEADERS))
    matched, faults = columns_of(cells)
    if faults:  # without its columns a file says nothing
        raise_faults(cells.file, [*faults, *cells.faults])
    tree = (scenario or Scenario.preset(_PACK)).to_dict(complete=True)
    people, faults = _people(cells, matched, tree)
    raise_faults(cells.file, [*cells.faults, *faults])
    if not people:
        raise_faults(cells.file, [Fault(None, "", "no person below the header")])
    from skillmix.staff_findings import findings

    found = findings(people, tree, day, _of_columns(matched))
    columns = tuple(name for name in COLUMNS if name in matched.places)
    return StaffList(tuple(people), tuple(found), cells.file, cells.sha256, day, columns)


def _day(as_of: str | date | None) -> date | None:
    if as_of is None or isinstance(as_of, date):
        return as_of
    expect("as_of", as_of, str, "a day such as 2025-04-01")
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        said = f"as_of: got {as_of[:80]!r}, allowed: a date, as 2025-04-01"
        problem = Problem("as_of", as_of[:80], "a date, as 2025-04-01", said)
        raise ScenarioError(said, (problem,)) from None


def _people(
    cells: Cells, matched: Matched, tree: Mapping[str, Any]
) -> tuple[list[Person], list[Fault]]:
    """The people, and every cell that cannot be read."""
    roles = _roles(tree)
    header = [plain_header(cell) for cell in cells.header.cells]
    people, faults = [], []
    for line in cells.lines:
        plain = [plain_header(str(cell)) for cell in line.cells]
        if plain == header:
            faults.append(Fault(line.row, "", "the header stands twice"))
            continue
        said: dict[str, Any] = {}
        for name, place in matched.places.items():
            try:
                value = value_of(name, line.cells[place], roles)
            except UnreadableError as error:
                faults.append(Fault(line.row, name, str(error)))
                said[name] = 0.0
                continue
            if value is None and name in ("role", "wte"):
                faults.append(Fault(line.row, name, "nothing stands here, and it is needed"))
            if value is not None:
                said[name] = value
        people.append(Person(line.row, said.pop("role", ""), said.pop("wte", 0.0), **said))
    return people, faults


def _roles(tree: Mapping[str, Any]) -> dict[str, str]:
    """Each role by the ways to write it: its code and its title, in any order of the words."""
    found: dict[str, str] = {}
    for role, fields in tree["staff"].items():
        for said in (role, str(fields["title"])):
            plain = plain_header(said)
            found.setdefault(plain, role)
            found.setdefault(" ".join(sorted(plain.split())), role)
    return found


def _of_columns(matched: Matched) -> list[Finding]:
    """What each renamed column was taken for, and how many were passed over."""
    found = [
        Finding(0, name, f"the column is called “{header}”", "note", f"read as {name}")
        for name, header in matched.renamed.items()
    ]
    if matched.not_read:
        places = ", ".join(str(place + 1) for place in matched.not_read)
        said = f"columns that a staff list does not have: number {places}"
        found.append(Finding(0, "", said, "note", "not read"))
    return found
