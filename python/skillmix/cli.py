"""What can be asked for on a command line? What the verbs of a scenario give, and no more.

Each command is a thin layer over the function of its name. What is wrong with what was asked is
told in one message, without a traceback, and the exit code is 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from skillmix import _core
from skillmix.cli_given import pairs, scenario_of
from skillmix.cli_told import Progress, give, say
from skillmix.errors import Problem, ScenarioError, SkillmixError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["app"]

_FILE = "A scenario (.toml, .json), a filled-in template (.xlsx), or the name of a reference pack."


class _Told(TyperGroup):
    """Commands whose errors are messages."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command; a mistake is told, and the exit code is 2."""
        try:
            return super().invoke(ctx)
        except (SkillmixError, ImportError, TypeError) as error:
            typer.echo(f"skillmix: {error}", err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Told,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Plan the staff of a stepped-care psychological therapy service.",
    epilog="Every figure that a scenario does not state comes from its reference pack.",
)

Given = Annotated[str, typer.Argument(help=_FILE, metavar="SCENARIO")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field, as staff.pwp.posts=24."),
]
Years = Annotated[int | None, typer.Option(help="Length in years.")]
Weeks = Annotated[int | None, typer.Option(help="Length in weeks, instead of years.")]
Draws = Annotated[int | None, typer.Option(help="Worlds drawn from what is unsure.")]
Seed = Annotated[int | None, typer.Option(help="Seed of draws or luck; left out, 1.")]
Often = Annotated[int | None, typer.Option(help="How often the luck is run; left out, 100.")]
Threads = Annotated[int | None, typer.Option(help="Threads; they change no figure.")]
Chance = Annotated[bool, typer.Option("--chance", help="Whole people with luck, not shares.")]
Asked = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME=VALUE", help="Another argument of the run."),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON: words, how it was made, tables.")]
Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table", metavar="NAME", help="Write this table instead; as CSV, or with --json as JSON."
    ),
]
Csv = Annotated[
    str | None, typer.Option("--csv", metavar="FOLDER", help="Folder for all tables as CSV files.")
]
Excel = Annotated[
    str | None, typer.Option("--excel", metavar="FILE", help="Workbook to write (.xlsx).")
]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(_core.__version__)
        raise typer.Exit


@app.callback()
def _whole(
    ctx: typer.Context,
    run_log: Annotated[
        str | None,
        typer.Option("--run-log", metavar="FILE", help="Note every run in a log, a line each."),
    ] = None,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    if run_log is not None:
        from skillmix.runlog import run_log as opened

        ctx.with_resource(opened(run_log))


@app.command()
def plan(
    scenario: Given,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="NAME=VALUE", help="A target, as step3_wait_weeks=12."),
    ] = None,
    change: Changes = None,
    as_json: Json = False,
    table: Tables = None,
    csv: Csv = None,
    excel: Excel = None,
) -> None:
    """Who is needed for this demand, or for these targets, and at what cost?"""
    ours = scenario_of(scenario, change)
    answer = ours.plan(to=pairs("to", to)) if to else ours.plan()
    give(answer, as_json=as_json, tables=table, csv=csv, excel=excel)


@app.command()
def project(
    scenario: Given,
    years: Years = None,
    weeks: Weeks = None,
    draws: Draws = None,
    chance: Chance = False,
    replications: Often = None,
    seed: Seed = None,
    threads: Threads = None,
    change: Changes = None,
    as_json: Json = False,
    table: Tables = None,
    csv: Csv = None,
    excel: Excel = None,
) -> None:
    """Week by week: queues, staff, trainees, supervision, rules and cost."""
    options = _stated(
        years=years,
        weeks=weeks,
        draws=draws,
        replications=replications,
        seed=seed,
        threads=threads,
        luck="chance" if chance else None,
    )
    answer = _run(scenario, change, "project", options)
    give(answer, as_json=as_json, tables=table, csv=csv, excel=excel)


@app.command()
def simulate(
    scenario: Given,
    years: Years = None,
    weeks: Weeks = None,
    replications: Often = None,
    seed: Seed = None,
    threads: Threads = None,
    change: Changes = None,
    as_json: Json = False,
    table: Tables = None,
    csv: Csv = None,
    excel: Excel = None,
) -> None:
    """Patient by patient and clinician by clinician, many times over."""
    options = _stated(
        years=years, weeks=weeks, replications=replications, seed=seed, threads=threads
    )
    answer = _run(scenario, change, "simulate", options)
    give(answer, as_json=as_json, tables=table, csv=csv, excel=excel)


@app.command()
def report(
    scenario: Given,
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="Page to write (.html).")],
    run: Annotated[str, typer.Option(help="The run: plan, project, simulate ...")] = "project",
    question: Annotated[str, typer.Option(help="What was asked, to head the page.")] = "",
    years: Years = None,
    weeks: Weeks = None,
    draws: Draws = None,
    replications: Often = None,
    seed: Seed = None,
    asked: Asked = None,
    change: Changes = None,
) -> None:
    """One page that needs no network: words, charts, tables, sources."""
    options = _stated(
        years=years, weeks=weeks, draws=draws, replications=replications, seed=seed
    ) | pairs("with", asked)
    answer = _run(scenario, change, run, options)
    say(f"{answer.report(out, question=question)}: {answer.words()[0]}")


@app.command()
def bundle(
    scenario: Given,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="File to write (.skillmix).")
    ],
    run: Annotated[str | None, typer.Option(help="Any other run by its name.")] = None,
    as_plan: Annotated[bool, typer.Option("--plan", help="The closed form.")] = False,
    as_project: Annotated[bool, typer.Option("--project", help="Week by week.")] = False,
    as_simulate: Annotated[bool, typer.Option("--simulate", help="Patient by patient.")] = False,
    years: Years = None,
    weeks: Weeks = None,
    draws: Draws = None,
    chance: Chance = False,
    replications: Often = None,
    seed: Seed = None,
    asked: Asked = None,
    change: Changes = None,
) -> None:
    """One file from which `reproduce` makes the same bits again."""
    flags = {"plan": as_plan, "project": as_project, "simulate": as_simulate}
    named = [name for name, flag in flags.items() if flag] + ([run] if run else [])
    if len(named) > 1:
        said = f"run: got {' and '.join(named)}, allowed: one run a bundle"
        raise ScenarioError(said, (Problem("run", ", ".join(named), "one run a bundle", said),))
    options = _stated(
        years=years,
        weeks=weeks,
        draws=draws,
        replications=replications,
        seed=seed,
        luck="chance" if chance else None,
    ) | pairs("with", asked)
    answer = _run(scenario, change, named[0] if named else "project", options)
    say(f"{answer.bundle(out)}: run it again with: skillmix reproduce {out}")


@app.command()
def reproduce(
    path: Annotated[str, typer.Argument(help="A file that `bundle` wrote.", metavar="BUNDLE")],
    as_json: Json = False,
    csv: Csv = None,
) -> None:
    """Run a bundle again: exit code 0 if every table is the same, 1 if not."""
    from skillmix.bundle import reproduce as again

    found = again(path)
    if csv is not None:
        found.answer.to_csv(csv)
    if as_json:
        from dataclasses import asdict

        from skillmix.cli_told import as_text

        tree = {
            "equal": found.equal,
            "passed": found.passed,
            "words": list(found.words()),
            "wrote": found.wrote,
            "here": found.here,
            "tables": [asdict(one) for one in found.verdicts],
        }
        typer.echo(as_text(tree))
    else:
        for one in found.verdicts:
            say(f"{'equal  ' if one.equal else 'differs'}  {one.table} ({one.rows} rows)")
        for sentence in found.words():
            say(sentence)
    raise typer.Exit(0 if found.passed else 1)


@app.command()
def sweep(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Scenarios; none to go on with the folder.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Folder for Parquet files; a sweep there goes on.")
    ] = None,
    run: Annotated[str, typer.Option(help="The run: plan, project, simulate ...")] = "project",
    executor: Annotated[str, typer.Option(help="threads, processes or dask.")] = "threads",
    workers: Annotated[int | None, typer.Option(help="Workers; left out, one a core.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, for --executor dask.")
    ] = None,
    years: Years = None,
    weeks: Weeks = None,
    draws: Draws = None,
    replications: Often = None,
    seed: Seed = None,
    asked: Asked = None,
    table: Tables = None,
    as_json: Json = False,
) -> None:
    """Many scenarios, over threads, processes or a Dask cluster."""
    from skillmix.cli_given import executor_named, several
    from skillmix.sweeps import Sweep
    from skillmix.sweeps import sweep as swept

    options = _stated(
        years=years, weeks=weeks, draws=draws, replications=replications, seed=seed
    ) | pairs("with", asked)
    given = several(scenarios or [])
    if not given and to is None:
        allowed = "one or more files, or --to with the folder of a sweep"
        said = f"scenarios: none, allowed: {allowed}"
        raise ScenarioError(said, (Problem("scenarios", "none", allowed, said),))
    with executor_named(executor, workers, scheduler) as by, Progress("scenarios") as progress:
        if given:
            found = swept(
                given, run=run, executor=by, to=to, tables=table, progress=progress, options=options
            )
        else:
            found = Sweep.open(str(to)).resume(by, progress=progress)
    if as_json:
        from skillmix.cli_told import as_text

        typer.echo(as_text({"words": list(found.words()), "hash": found.hash, **found.meta}))
    else:
        for sentence in found.words():
            say(sentence)
    raise typer.Exit(1 if len(found.failed) else 0)


def _run(given: str, change: list[str] | None, run: str, options: dict[str, Any]) -> Any:
    """The answer of a run by its name; its progress is shown while a person looks on."""
    import inspect

    from skillmix.runs import check, name_of, of_name

    ours = scenario_of(given, change)
    name = name_of(run)
    check(name, options)
    lucky = name != "project" or options.get("luck") == "chance"
    if lucky and "progress" in inspect.signature(of_name(name)).parameters:
        with Progress("replications") as progress:
            return of_name(name)(ours, **options, progress=progress)
    return of_name(name)(ours, **options)


def _stated(**options: Any) -> dict[str, Any]:
    return dict(_those(options))


def _those(options: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The options that were stated."""
    return ((name, value) for name, value in options.items() if value is not None)
