"""What does the planner say about a service? A scenario: a reference pack and what differs from it.

A scenario cannot be changed: ``with_`` and ``with_staff`` derive another one. All checks are those
of the core; this module only turns what Python people write into paths and values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import InfeasibleError, Problem, ScenarioError
from skillmix.files import path_of, write_text
from skillmix.frame import from_columns
from skillmix.runlog import logged

if TYPE_CHECKING:
    import os
    from datetime import date

    from skillmix.frame import Library
    from skillmix.intake import LargestIntake
    from skillmix.result import Result

__all__ = ["Scenario", "expect", "expect_text"]


class Scenario:
    """All that a planner writes down about a service; everything else comes from a reference pack.

    Make one with ``Scenario.preset``, ``Scenario.load``, ``Scenario.from_dict`` or
    ``skillmix.public.scenario``; derive others with ``with_`` and ``with_staff``.

    >>> ours = Scenario.preset("talking-therapies-2025")
    >>> ours.with_(name="Northshire").name
    'Northshire'
    """

    __slots__ = ("_inner",)
    _inner: _core.Scenario

    def __init__(self) -> None:
        """Refused: a scenario starts from a pack, a file or a dict."""
        raise TypeError(
            "a scenario is made by Scenario.preset('talking-therapies-2025'), Scenario.load(path), "
            "Scenario.from_dict(tree) or skillmix.public.scenario(code)"
        )

    @classmethod
    def _of(cls, core: _core.Scenario) -> Scenario:
        made = object.__new__(cls)
        object.__setattr__(made, "_inner", core)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Refused: scenarios are derived, not changed."""
        raise AttributeError(
            f"a scenario cannot be changed: use with_() to derive another ({name})"
        )

    # --- where scenarios come from ---------------------------------------------------------------

    @staticmethod
    def preset(pack: str) -> Scenario:
        """An unmodified reference pack.

        Args:
            pack: Its name, one of ``skillmix.reference.packs()``.

        Raises:
            ScenarioError: if there is no such pack; the nearest name is offered.
        """
        expect_text("pack", pack, "the name of a reference pack")
        return Scenario._of(_core.Scenario.preset(pack))

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Scenario:
        """Reads a ``.toml`` or ``.json`` file; files that it names are inlined and hashed.

        Raises:
            FileError: if a file cannot be read.
            DataError: if a data file that it names has a fault.
            ScenarioError: with all problems of the scenario.
        """
        return Scenario._of(_core.Scenario.load(path_of(path)))

    @staticmethod
    def from_dict(tree: Mapping[str, Any]) -> Scenario:
        """Checks a tree of stated values, as a TOML file would hold them.

        Raises:
            ScenarioError: with all problems.
        """
        expect("tree", tree, Mapping, "a dict")
        return Scenario._of(_core.Scenario.from_dict(dict(tree)))

    @staticmethod
    def from_toml(text: str) -> Scenario:
        """Reads TOML text.

        Raises:
            ScenarioError: with all problems.
        """
        expect_text("text", text, "text")
        return Scenario._of(_core.Scenario.from_toml(text))

    @staticmethod
    def from_excel(path: str | os.PathLike[str]) -> Scenario:
        """Reads a template that was filled in: the scenario it was written from, with its cells.

        Args:
            path: A workbook written by ``skillmix.excel.template``.

        Raises:
            FileError: if it cannot be read.
            DataError: with all problems, each with its sheet and cell; nothing is half read.
            ImportError: if python-calamine is not installed; the message says what to install.
        """
        from skillmix.excel_read import read

        return read(path)

    # --- where they go ---------------------------------------------------------------------------

    def to_dict(self, *, complete: bool = False) -> dict[str, Any]:
        """What was stated as a tree; with ``complete`` also what the pack provides."""
        return self._inner.to_dict(bool(complete))

    def to_toml(self) -> str:
        """What was stated, as TOML; reading it gives the same scenario."""
        return self._inner.to_toml()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes what was stated to a file, as JSON if its name ends in ``.json``, else as TOML.

        The file appears whole or not at all: whoever reads meanwhile finds the old one.

        Returns:
            The path.

        Raises:
            FileError: if it cannot be written, or is a directory.
        """
        to = Path(path_of(path))
        return write_text(
            to, self._inner.to_json() if to.suffix.casefold() == ".json" else self.to_toml()
        )

    # --- what they say ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self._inner.name

    @property
    def pack(self) -> str:
        """Reference pack that it lies on."""
        return self._inner.pack

    @property
    def notes(self) -> list[str]:
        """What a reader must know first."""
        return self._inner.notes

    @property
    def hash(self) -> str:
        """SHA-256 of the complete scenario: equal for scenarios that say the same."""
        return self._inner.hash

    @property
    def start(self) -> str:
        """First day [ISO date]."""
        return self._inner.start

    @property
    def weeks(self) -> int:
        """Length of the calendar [weeks]."""
        return self._inner.weeks

    def assumptions(self, *, library: Library | None = None) -> Any:
        """Every value with its plausible range, unit, source, date and status, one row each."""
        table = self._inner.assumptions()
        return from_columns(table.columns(), library, units=table.units())

    def unsure(self, *, library: Library | None = None) -> Any:
        """What is not known, one row a number: its family, mean, spread and where it comes from.

        ``path``, ``family``, ``parameters``, ``within`` (where it is cut off), ``mean``, ``sd``,
        ``q05``, ``q50`` and ``q95`` (the values with 5, 50 and 95 % of the draws below them),
        ``unit`` and ``source``.
        """
        table = _core.unsure_table(self._inner)
        return from_columns(table.columns(), library, units=table.units())

    def worlds(
        self,
        draws: int,
        *,
        design: str = "random",
        seed: int = 1,
        library: Library | None = None,
    ) -> Any:
        """Draws of what is not known: one row a world, one column a number, by its path.

        Args:
            draws: Worlds, 1 to 1,000,000.
            design: ``"random"``, ``"latin_hypercube"`` or ``"sobol"``. More draws of a random or a
                Sobol design leave the first ones as they were; those of a Latin hypercube do not.
            seed: Seed of the draws.
            library: ``"pandas"`` or ``"polars"``; left out, the one that is installed.

        Raises:
            ScenarioError: if there are no draws or too many, or there is no such design.
        """
        expect_text("design", design, "random, latin_hypercube or sobol")
        table = _core.worlds_table(self._inner, draws, design, seed)
        return from_columns(table.columns(), library, units=table.units())

    def default_spread(self, *, library: Library | None = None) -> Any:
        """Numbers to which the pack gives a range, and whether a default spread makes them unsure.

        ``path``, ``value``, ``low``, ``high``, ``unit``, ``unsure``, ``why_not``, ``source`` and
        ``status``.
        """
        table = _core.default_spread(self._inner)
        return from_columns(table.columns(), library, units=table.units())

    def diff(self, other: Scenario, *, library: Library | None = None) -> Any:
        """Fields in which ``other`` differs: ``path``, ``here``, ``there``."""
        expect("other", other, Scenario, "a Scenario")
        table = self._inner.diff(other._inner)
        return from_columns(table.columns(), library, units=table.units())

    # --- other scenarios -------------------------------------------------------------------------

    def with_default_spread(
        self, paths: Sequence[str] | None = None, *, family: str = "pert"
    ) -> Scenario:
        """The same scenario with the low and high of the pack as the spread of what is not stated.

        Stated values stay as they are, and so do shares that add up to 1, lists, and what is the
        same in all worlds; ``default_spread`` lists them all. The sources of the new scenario say
        where each spread comes from.

        Args:
            paths: Values that are made unsure; left out, all that can be.
            family: ``"pert"``, ``"triangular"`` (low, value, high), ``"uniform"`` (low, high), or
                ``"normal"``, ``"lognormal"``, ``"beta"`` or ``"gamma"`` with 5 % of the draws below
                the low and 5 % above the high.

        Raises:
            ScenarioError: if there is no such family, or a path has no range or must stay.
        """
        expect_text("family", family, "the name of a family")
        if paths is not None:
            expect("paths", paths, Sequence, "a list of paths")
            if isinstance(paths, str):
                raise _apart("paths", paths, "a list of paths")
            for place, path in enumerate(paths):
                expect_text(f"paths[{place}]", path, "a path, as staff.pwp.leavers_per_year")
        names = None if paths is None else list(paths)
        return Scenario._of(_core.with_default_spread(self._inner, names, family))

    def with_(self, changes: Mapping[str, Any] | None = None, /, **named: Any) -> Scenario:
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
        return Scenario._of(self._inner.with_(marked(self.to_dict(), together)))

    def with_staff(
        self,
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
        return Scenario._of(self._inner.with_(changes))

    def with_excel(self, path: str | os.PathLike[str]) -> Scenario:
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
        self,
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
        return Scenario._of(self._inner.with_(listed.changes(self, complete=complete)))

    # --- runs ------------------------------------------------------------------------------------

    @logged
    def plan(self, *, to: Mapping[str, Any] | None = None) -> Result:
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
        self,
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
                    raise _apart(name, value, "left out, unless luck='chance'")
            return Result._of(self._inner.project(weeks=weeks, years=years, draws=draws, seed=seed))
        if luck != "chance":
            raise _apart("luck", luck, "expected or chance")
        if draws is not None:
            raise _apart("draws", draws, "left out with luck='chance', which runs replications")
        _expect_call(progress)
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
        self,
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

        >>> ours = Scenario.preset("talking-therapies-2025").with_staff(pwp=6, hit=8)
        >>> run = ours.simulate(weeks=26, replications=20, seed=7)
        >>> run == ours.simulate(weeks=26, replications=20, seed=7, threads=2)
        True
        """
        from skillmix.result import Result

        expect("log", log, bool, "True or False")
        _expect_call(progress)
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
        self,
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
        >>> ours = Scenario.preset("talking-therapies-2025")
        >>> ours = ours.with_({"staff.pwp.leavers_per_year": spread})
        >>> many = ours.ensemble(draws=40, weeks=52)
        >>> many == ours.ensemble(draws=40, weeks=52, threads=2)
        True
        """
        from skillmix.paired import said_of
        from skillmix.result import Result

        _expect_call(progress)
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
        self,
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

    def largest_intake(self, course: str, *, start: str | date) -> LargestIntake:
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

    # --- as Python sees it -----------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """True for scenarios that state the same."""
        return self._inner == other._inner if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        """Equal for equal scenarios."""
        return hash(self._inner)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles hold the text, which is checked again."""
        return (Scenario._of, (self._inner,))

    def __copy__(self) -> Scenario:
        """Itself: it cannot be changed."""
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Scenario:
        """Itself: it cannot be changed."""
        return self

    def __repr__(self) -> str:
        """One line for a log."""
        return (
            f"<Scenario {self.name!r} on {self.pack}, {self.weeks} weeks from {self.start}, "
            f"{self.hash[:12]}>"
        )

    def _repr_html_(self) -> str:
        from skillmix.scenario_page import scenario_html

        return scenario_html(self)


def expect(name: str, value: object, kind: type, what: str) -> None:
    """Refuses an argument of the wrong kind.

    Raises:
        TypeError: that names the argument, what is expected and what came.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name}: {what} is expected, not {_kind(value)}")


def expect_text(name: str, value: object, what: str) -> None:
    """Refuses an argument that is no text, or text that cannot be written down as UTF-8.

    Raises:
        TypeError: that names the argument, what is expected and what came.
        ScenarioError: if the text holds half of a surrogate pair.
    """
    expect(name, value, str, what)
    try:
        str(value).encode()
    except UnicodeEncodeError as error:
        shown, expected = ascii(value)[:80], "text that can be written as UTF-8"
        said = f"{name}: half a character (a lone surrogate) at {error.start} in {shown}"
        raise ScenarioError(said, (Problem(name, shown, expected, said),)) from None


def _expect_call(progress: object) -> None:
    if progress is not None and not callable(progress):
        raise TypeError(f"progress: something to call is expected, not {_kind(progress)}")


def _apart(name: str, value: object, expected: str) -> ScenarioError:
    """The error for an argument that does not go with the others."""
    shown = repr(value)[:80]
    said = f"{name}: got {shown}, allowed: {expected}"
    return ScenarioError(said, (Problem(name, shown, expected, said),))


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
