"""How is another scenario derived? By fields, the staff that nobody publishes, a template, a list.

The functions are methods of ``skillmix.Scenario``; none changes the scenario that it is called on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skillmix.arguments import expect, expect_text

if TYPE_CHECKING:
    import os

    from skillmix.scenario import Scenario

__all__ = ["with_", "with_excel", "with_staff", "with_staff_list"]


def with_(self: Scenario, changes: Mapping[str, Any] | None = None, /, **named: Any) -> Scenario:
    """The same scenario with fields changed.

    A changed field is marked "stated", whatever was said of the source of its old value. New
    ``training.intakes`` stand beside the trainees whom ``with_staff`` put in training: those
    are there already, whatever is planned.

    Args:
        changes: New values by path, such as ``{"staff.pwp.posts": 24}``.
        **named: The same by name; two underscores stand for a dot:
            ``with_(name="Ours", staff__pwp__posts=24)``.

    Raises:
        ScenarioError: with all problems, the nearest name for each unknown field.
    """
    if changes is not None:
        expect("changes", changes, Mapping, "a dict of paths and values")
    for path in changes or {}:
        expect_text("a path of changes", path, "text such as 'staff.pwp.posts'")
    together = dict(changes or {})
    together |= {name.replace("__", "."): value for name, value in named.items()}
    from skillmix.stated import keep_trainees, marked

    together = keep_trainees(self.to_dict(), together)
    return self._of(self._inner.with_(marked(self.to_dict(), together)))


def with_staff(
    self: Scenario,
    *,
    pwp: float | None = None,
    pwp_senior: float | None = None,
    hit: float | None = None,
    hit_lead: float | None = None,
    counsellor: float | None = None,
    pwp_trainee: float | None = None,
    hit_trainee: float | None = None,
    step2_waiting: float | None = None,
    step3_waiting: float | None = None,
    trainees_since: str | None = None,
    source: str = "the planner",
    **other: float,
) -> Scenario:
    """The same scenario with the numbers that nobody publishes.

    A role that is left out stays as it was. Unless its posts were stated, a role is taken to
    have as many posts as are in post.

    Args:
        pwp: Qualified PWPs in post [WTE].
        pwp_senior: Senior PWPs in post [WTE].
        hit: High intensity therapists in post [WTE].
        hit_lead: Lead high intensity therapists in post [WTE].
        counsellor: Counsellors in post [WTE].
        pwp_trainee: PWP trainees [heads]; they become an intake that has started already.
        hit_trainee: High intensity trainees [heads], likewise.
        step2_waiting: People waiting for Step 2, shared between its treatments by their routes.
        step3_waiting: People waiting for Step 3, likewise.
        trainees_since: First day of the trainees' course [ISO date]; left out, the last
            1 October, the usual start, marked as inferred.
        source: Where the numbers come from.
        **other: In post [WTE] of roles of your own, by name.

    Raises:
        ScenarioError: if there is no such role or course, or a number is out of its range.
    """
    expect("source", source, str, "text")
    in_post = {
        "pwp": pwp,
        "pwp_senior": pwp_senior,
        "hit": hit,
        "hit_lead": hit_lead,
        "counsellor": counsellor,
        **other,
    }
    from skillmix.stated import staff_changes

    changes = staff_changes(
        self.to_dict(),
        self.to_dict(complete=True),
        start=self.start,
        in_post={role: wte for role, wte in in_post.items() if wte is not None},
        trainees={
            role: heads
            for role, heads in (("pwp_trainee", pwp_trainee), ("hit_trainee", hit_trainee))
            if heads is not None
        },
        waiting={
            step: people
            for step, people in (("step2", step2_waiting), ("step3", step3_waiting))
            if people is not None
        },
        since=trainees_since,
        source=source,
    )
    return self._of(self._inner.with_(changes))


def with_excel(self: Scenario, path: str | os.PathLike[str]) -> Scenario:
    """The same scenario with the cells that were filled in on a template.

    Only filled cells change the scenario; the source of each says file, sheet, cell and the
    SHA-256 of the file.

    Args:
        path: A workbook written by ``skillmix.excel.template``.

    Raises:
        FileError: if it cannot be read.
        DataError: with all problems, each with its sheet and cell; nothing is half read.
        ImportError: if python-calamine is not installed; the message says what to install.
    """
    from skillmix.excel_read import read

    return read(path, self)


def with_staff_list(
    self: Scenario,
    path: str | os.PathLike[str],
    *,
    as_of: str | None = None,
    complete: bool = True,
) -> Scenario:
    """The same scenario with the staff of a list, one row a person without names.

    Args:
        path: A ``.csv`` file or ``.xlsx`` workbook, read by ``skillmix.staff_list.read``, which
            also gives a report of what looks odd.
        as_of: Day on which the list is true [ISO date]; left out, the first day of the plan.
        complete: Whether the list holds all staff: nobody else is in post then.

    Raises:
        FileError: if the file cannot be read.
        DataError: if it holds anything personal; or with every cell that cannot be read.
        ScenarioError: if the staff do not fit the scenario.
        ImportError: if it is a workbook and python-calamine is not installed.
    """
    from skillmix.staff_list import read

    listed = read(path, scenario=self, as_of=self.start if as_of is None else as_of)
    return self._of(self._inner.with_(listed.changes(self, complete=complete)))
