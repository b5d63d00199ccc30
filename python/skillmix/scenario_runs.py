"""What can be asked of a scenario? The verbs that run it, each giving an answer.

The functions are methods of ``skillmix.Scenario``; all arithmetic is that of the core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.arguments import expect, expect_call, expect_text, refused
from skillmix.errors import InfeasibleError
from skillmix.runlog import logged

if TYPE_CHECKING:
    import os
    from datetime import date
    from pathlib import Path

    from skillmix.intake import LargestIntake
    from skillmix.result import Result
    from skillmix.scenario import Scenario

__all__ = ["bundle", "ensemble", "largest_intake", "plan", "project", "simulate"]


@logged
def plan(self: Scenario, *, to: Mapping[str, Any] | None = None) -> Result:
    """Who is needed for this demand, or for these targets, on which band, at what cost?

    Without ``to``, in closed form with a trace. With targets, the smallest plan that meets
    them from their date on: training places of the next autumns, posts, supervision, cost.

    Args:
        to: Targets and options, such as ``{"step3_wait_weeks": 12, "by": "2026-10"}``; all
            keys are those of the page "Targets".

    Raises:
        ScenarioError: with all problems of the targets, each with its path ``to.key``.
        InfeasibleError: if they cannot be had; it names the best, the rule that binds, and
            holds the best plan in ``best_plan``.
    """
    from skillmix.result import Result

    if to is None:
        return Result._of(self._inner.plan())
    expect("to", to, Mapping, "a dict of targets")
    try:
        return Result._of(self._inner.plan_to(dict(to), best=False))
    except InfeasibleError as error:
        if isinstance(error.best_plan, _core.Result):
            error.best_plan = Result._of(error.best_plan)
        raise


@logged
def project(
    self: Scenario,
    *,
    years: int | None = None,
    weeks: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    luck: str = "expected",
    replications: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Result:
    """Week by week: queues, staff, trainees, supervision, rules and cost.

    With ``luck="chance"`` whole people come, stay and go by chance, many times over: the tables
    hold the means, and ``spread`` and ``standards`` how far the replications lie apart.

    Args:
        years: Length [years]; left out, that of the scenario's calendar.
        weeks: Length [weeks], instead of years.
        draws: Worlds drawn from the spreads ``unsure``; left out, one run at the means.
        seed: Seed of the draws or of the luck; left out, 1.
        luck: ``"expected"``, shares of people without luck, or ``"chance"``.
        replications: With ``"chance"``, how often it is run, 1 to 1,000,000; left out, 100.
        threads: With ``"chance"``, threads that compute; they change no figure.
        progress: With ``"chance"``, called about 25 times a second with the replications that
            are done and all of them; what it raises ends the run.

    Raises:
        ScenarioError: if the length or a number is out of its range, or the arguments do not go
            together.
    """
    from skillmix.result import Result

    expect("luck", luck, str, "'expected' or 'chance'")
    if luck == "expected":
        for name, value in (
            ("replications", replications),
            ("threads", threads),
            ("progress", progress),
        ):
            if value is not None:
                raise refused(name, value, "left out, unless luck='chance'")
        return Result._of(self._inner.project(weeks=weeks, years=years, draws=draws, seed=seed))
    if luck != "chance":
        raise refused("luck", luck, "expected or chance")
    if draws is not None:
        raise refused("draws", draws, "left out with luck='chance', which runs replications")
    expect_call(progress)
    return Result._of(
        self._inner.project_chance(
            weeks=weeks,
            years=years,
            replications=100 if replications is None else replications,
            seed=1 if seed is None else seed,
            threads=threads,
            progress=progress,
        )
    )


@logged
def simulate(
    self: Scenario,
    *,
    years: int | None = None,
    weeks: int | None = None,
    replications: int = 100,
    seed: int = 1,
    threads: int | None = None,
    log: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> Result:
    """Patient by patient and clinician by clinician, many times over with other luck.

    Its tables are those of a projection, as means over the replications, and ``spread``,
    ``standards`` (the chance that each is met, month by month), ``waits`` by percentile,
    ``caseloads`` of clinicians and ``advice`` on the number of replications.

    Args:
        years: Length [years]; left out, that of the scenario's calendar.
        weeks: Length [weeks], instead of years.
        replications: How often the same service is run, 1 to 1,000,000.
        seed: Seed of all luck, below 2^64. The same seed gives the same bits, whatever the
            number of threads.
        threads: Threads that compute; left out, as many as there are processors.
        log: Whether every appointment of the first replication is noted, as the table ``log``.
        progress: Called about 25 times a second with the replications that are done and all of
            them; what it raises ends the run.

    Raises:
        ScenarioError: with all problems: a length, number or seed out of its range, nobody who
            treats, open courses that nobody can hold, a course that is longer than the run.
        LimitError: if a stated ceiling is exceeded; the message says what memory it would take.

    >>> import skillmix as sm
    >>> ours = sm.preset("talking-therapies-2025").with_staff(pwp=6, hit=8)
    >>> run = ours.simulate(weeks=26, replications=20, seed=7)
    >>> run == ours.simulate(weeks=26, replications=20, seed=7, threads=2)
    True
    """
    from skillmix.result import Result

    expect("log", log, bool, "True or False")
    expect_call(progress)
    return Result._of(
        self._inner.simulate(
            weeks=weeks,
            years=years,
            replications=replications,
            seed=seed,
            threads=threads,
            log=log,
            progress=progress,
        )
    )


@logged
def ensemble(
    self: Scenario,
    draws: int = 1000,
    *,
    years: int | None = None,
    weeks: int | None = None,
    design: str = "random",
    seed: int = 1,
    run: str = "project",
    replications: int = 1,
    quantiles: str | None = None,
    rules: bool = True,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Result:
    """Many worlds, drawn from all that is ``unsure``: how sure are we?

    Its tables are ``summary`` (outcomes with intervals), ``bands`` by week, month and year,
    ``chances`` (that each standard is met and each rule kept), ``outcomes`` (one row a world)
    and, where each world is run several times, ``split`` (what is luck, what is not known).

    Args:
        draws: Worlds, 1 to 1,000,000.
        years: Length [years]; left out, that of the scenario's calendar.
        weeks: Length [weeks], instead of years.
        design: How worlds are spread over what is not known: ``"random"``,
            ``"latin_hypercube"`` or ``"sobol"``.
        seed: Seed of the worlds and of all luck, below 2^64. The same seed gives the same bits,
            whatever the number of threads.
        run: How each world is run: ``"project"`` with luck expected, ``"chance"`` (a projection
            with luck) or ``"simulate"``.
        replications: How often each world is run with other luck; more than one needs luck.
        quantiles: ``"exact"`` or ``"streaming"`` (to half a per cent of their value, in little
            memory); left out, exact where all numbers fit into 200 MB.
        rules: Whether the rules of the plan are judged in each run; without, it is faster.
        threads: Threads that compute; left out, as many as there are processors.
        progress: Called about 25 times a second with the runs that are done and all of them;
            what it raises ends the run.

    Raises:
        ScenarioError: with all problems: nothing unsure, replications without luck, a number
            out of its range.
        LimitError: if a stated ceiling is exceeded; the message says what memory it would take.

    >>> spread = {"unsure": {"pert": [0.1, 0.22, 0.35]}}
    >>> import skillmix as sm
    >>> ours = sm.preset("talking-therapies-2025")
    >>> ours = ours.with_({"staff.pwp.leavers_per_year": spread})
    >>> many = ours.ensemble(draws=40, weeks=52)
    >>> many == ours.ensemble(draws=40, weeks=52, threads=2)
    True
    """
    from skillmix.paired import said_of
    from skillmix.result import Result

    expect_call(progress)
    said = said_of(
        draws=draws,
        design=design,
        seed=seed,
        run=run,
        replications=replications,
        quantiles=quantiles,
        rules=rules,
        threads=threads,
    )
    return Result._of(_core.ensemble(self._inner, weeks, years, said, progress))


def bundle(
    self: Scenario,
    path: str | os.PathLike[str],
    *,
    run: str = "project",
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Path:
    """Runs the scenario and writes one file from which the same bits can be made again.

    Args:
        path: File to write, by custom ``.skillmix``.
        run: The verb: ``"plan"``, ``"project"``, ``"simulate"``, ``"ensemble"`` and so on.
        options: Arguments of that verb, those too that ``bundle`` has itself (``run``).
        **more: The same by name.

    Raises:
        ScenarioError: if there is no such verb, or what the verb itself refuses.
        FileError: if it cannot be written.
    """
    from skillmix.runs import check, name_of, of_name, together

    given = together(options, more)
    check(name_of(run), given)
    return of_name(run)(self, **given).bundle(path)


def largest_intake(self: Scenario, course: str, *, start: str | date) -> LargestIntake:
    """Most trainees who can start a course on a day so that no rule of supervision breaks.

    People and supervision are run to the end of the course, without patients; intakes that are
    planned already stand beside it.

    Args:
        course: Course, one of ``training.courses``.
        start: First day [date, or ISO date].

    Returns:
        The number of trainees, the rule that one more breaks, the month, and what is owed there
        against what can be given; ``limits`` has the same for every rule.

    Raises:
        ScenarioError: if there is no such course, or the calendar does not hold it.
    """
    from skillmix.intake import largest

    expect_text("course", course, "the name of a course")
    return largest(self._inner, course, start)
