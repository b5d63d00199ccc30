"""Sweeps: the same figures whoever runs them, however often they are interrupted."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyarrow import parquet

import skillmix as sm
from skillmix import Scenario, Sweep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEEKS = 30
TABLES = ["summary", "monthly", "staff", "rules"]


CODE = """
import sys
import skillmix as sm
s = sm.preset("talking-therapies-2025").with_staff(pwp=6, hit=8)
many = {f"s{i:02d}": s.with_({"staff.pwp.in_post": 4 + i / 4}) for i in range(16)}
"""


@pytest.fixture(scope="module")
def many() -> dict[str, Scenario]:
    """Twenty-four services of growing size, one of which cannot be simulated."""
    ours = Scenario.preset("talking-therapies-2025").with_staff(pwp=6, hit=8)
    found = {f"s{i:02d}": ours.with_({"staff.pwp.in_post": 4 + i / 4}) for i in range(23)}
    # a course that is longer than the run, so that nobody could complete it
    found["none"] = ours.with_({"pathway.step3.cbt.sessions": 60})
    return found


def run(many: dict[str, Scenario], **how: Any) -> Sweep:
    """One sweep of simulations, always the same one."""
    return sm.sweep(many, run="simulate", weeks=WEEKS, replications=2, seed=4, tables=TABLES, **how)


@pytest.fixture(scope="module")
def undisturbed(many: dict[str, Scenario]) -> Sweep:
    """The sweep in memory, one scenario after another."""
    return run(many, chunk=len(many))


# --- what it gives ------------------------------------------------------------------------------


def test_a_sweep_has_the_tables_of_every_run(many: dict[str, Scenario], undisturbed: Sweep) -> None:
    one = many["s07"].simulate(weeks=WEEKS, replications=2, seed=4)
    for name in TABLES:
        columns = undisturbed.columns(name)
        assert list(columns["scenario"]) == sorted(columns["scenario"])
        mine = columns["scenario"] == "s07"
        for column, values in one.columns(name).items():
            np.testing.assert_array_equal(columns[column][mine], values)
        assert set(columns["hash"][mine]) <= {many["s07"].hash}
        assert one.units(name).items() <= {**undisturbed.units(name), **one.units(name)}.items()
    assert undisturbed.units("monthly")["waiting_step3"] == "people"
    assert undisturbed.descriptions("monthly")["scenario"] == "Key of the scenario"
    assert undisturbed.frame("staff").attrs["units"]["in_post"] == "WTE"


def test_a_scenario_that_fails_is_a_row_and_the_others_go_on(undisturbed: Sweep) -> None:
    failed = undisturbed.failed
    assert list(failed["scenario"]) == ["none"]
    assert list(failed["error"]) == ["ScenarioError"]
    assert failed["path"][0] == "pathway.step3.cbt.sessions"
    assert len(set(undisturbed.columns("summary")["scenario"])) == 23
    assert (len(undisturbed.done), undisturbed.left) == (24, [])
    assert undisturbed.words()[0] == "24 of 24 scenarios were run with simulate; 1 failed."


@pytest.mark.parametrize("chunk", [None, 1, 5, 24])
def test_chunks_and_order_change_no_bit(
    many: dict[str, Scenario], undisturbed: Sweep, chunk: int | None, tmp_path: Path
) -> None:
    turned = dict(reversed(many.items()))
    found = run(turned, chunk=chunk, to=tmp_path / "sweep")
    assert found.hash == undisturbed.hash
    assert Sweep.open(tmp_path / "sweep").hash == undisturbed.hash


def test_other_figures_have_another_hash(many: dict[str, Scenario], undisturbed: Sweep) -> None:
    other = sm.sweep(many, run="simulate", weeks=WEEKS, replications=2, seed=5, tables=TABLES)
    assert other.hash != undisturbed.hash


def test_parquet_files_carry_units_keys_and_hashes(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    run(many, to=tmp_path, chunk=9)
    files = sorted(tmp_path.glob("table=monthly/part-*.parquet"))
    assert len(files) == 3  # 24 scenarios by nines
    schema = parquet.read_schema(files[0])
    assert schema.field("waiting_step3").metadata[b"unit"] == b"people"
    assert schema.field("waiting_step3").metadata[b"description"]
    # any reader of partitioned Parquet finds the same rows
    whole = parquet.read_table(tmp_path / "table=monthly")
    assert whole.num_rows == len(undisturbed.columns("monthly")["scenario"])
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenarios"] == {key: one.hash for key, one in many.items()}
    assert manifest["version"] == sm.__version__
    assert manifest["options"] == {"weeks": WEEKS, "replications": 2, "seed": 4}


@pytest.mark.parametrize("verb", ["plan", "project", sm.skill_mix, sm.compare])
def test_any_run_that_gives_tables_can_be_swept(
    many: dict[str, Scenario], verb: Any, tmp_path: Path
) -> None:
    some = {key: many[key] for key in ("s01", "s02")}
    if verb is sm.compare:  # takes a dict: every scenario fails, and says so
        found = sm.sweep(some, run=verb, weeks=10)
        assert list(found.failed["error"]) == ["TypeError"] * 2
        return
    options: dict[str, Any] = {"years": 1} if verb is sm.skill_mix else {}
    found = sm.sweep(some, run=verb, to=tmp_path, **options)
    assert list(found.failed["message"]) == []
    name = found.tables()[0]
    assert list(dict.fromkeys(found.columns(name)["scenario"])) == ["s01", "s02"]
    if verb is sm.skill_mix:  # its own column of that name stays beside the key
        assert set(found.columns("weekly")["scenario_of_run"]) > {"40:60"}
    assert Sweep.open(tmp_path).hash == sm.sweep(some, run=verb, **options).hash


def test_ensembles_and_plans_to_targets_can_be_swept(
    many: dict[str, Scenario], tmp_path: Path
) -> None:
    spread = {"demand.growth_per_year": {"unsure": {"pert": [0.0, 0.01, 0.03]}}}
    some = {key: many[key].with_(spread) for key in ("s01", "s02", "s03")}
    how: dict[str, Any] = {"run": "ensemble", "draws": 8, "weeks": 30, "options": {"run": "chance"}}
    found = sm.sweep(some, to=tmp_path, **how)
    assert list(found.failed["message"]) == []
    one = some["s02"].ensemble(8, weeks=30, run="chance").columns("outcomes")
    columns = found.columns("outcomes")
    mine = columns["scenario"] == "s02"
    for name, values in one.items():
        np.testing.assert_array_equal(columns[name][mine], values)
    assert Sweep.open(tmp_path).hash == sm.sweep(some, **how).hash
    to = {"first_treatments": 1, "by": "2026-04"}
    found = sm.sweep(some, run="plan", options={"to": to}, tables=["summary"])
    assert found.failed.empty
    assert "Target" in found.columns("summary")["meaning"][0]


# --- who runs it --------------------------------------------------------------------------------


def test_threads_and_processes_change_no_bit(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(3) as threads:
        assert run(many, executor=threads).hash == undisturbed.hash
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as processes:
        found = run(many, executor=processes, to=tmp_path)
    assert found.hash == undisturbed.hash
    assert list(found.failed["scenario"]) == ["none"]


def test_progress_is_told_and_what_it_raises_ends_the_sweep(many: dict[str, Scenario]) -> None:
    told: list[tuple[int, int]] = []
    run(many, chunk=4, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (24, 24)
    assert [done for done, _ in told] == sorted({done for done, _ in told})

    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        run(many, chunk=1, progress=stop)


def test_ctrl_c_ends_a_sweep_in_the_middle_of_its_runs(tmp_path: Path) -> None:
    """Each run would take minutes."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try: sm.sweep(many, run='simulate', weeks=520, replications=100_000, to=sys.argv[1])\n"
        "except KeyboardInterrupt: print('stopped')\n"
    )
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", CODE + code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 30
    while time.monotonic() < until and not (tmp_path / "manifest.json").exists():
        time.sleep(0.02)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert time.monotonic() - began < 10
    assert Sweep.open(tmp_path).done == []


class _Dying(Executor):
    """An executor that runs so many tasks and dies."""

    def __init__(self, tasks: int) -> None:
        self.tasks = tasks

    def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks -= 1
        if self.tasks < 0:
            future.set_exception(RuntimeError("the machine is gone"))
        else:
            future.set_result(work(*arguments, **named))
        return future


@pytest.mark.parametrize("folder", [True, False])
def test_an_executor_that_dies_keeps_what_is_finished(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path, *, folder: bool
) -> None:
    to = tmp_path / "sweep" if folder else None
    with pytest.raises(
        sm.ExecutorError, match=r"the machine is gone.*10 of 24 scenarios"
    ) as caught:
        run(many, executor=_Dying(5), chunk=2, to=to)
    assert ("same folder" in str(caught.value)) is folder
    assert len(caught.value.sweep.done) == 10
    found = run(many, to=to) if folder else caught.value.sweep.resume()
    assert found.hash == undisturbed.hash


def test_a_pool_whose_process_is_killed_is_a_typed_error(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:

        def kill(done: int, _: int) -> None:
            if done == 2:
                for process in pool._processes.values():
                    os.kill(process.pid, signal.SIGKILL)

        with pytest.raises(sm.ExecutorError, match="BrokenProcessPool"):
            run(many, executor=pool, chunk=1, to=tmp_path, progress=kill)
    left = Sweep.open(tmp_path)
    assert 2 <= len(left.done) < 24
    assert left.resume().hash == undisturbed.hash


# --- interrupted --------------------------------------------------------------------------------

RUN = """
sm.sweep(many, run="simulate", weeks=52, replications=12, seed=4, to=sys.argv[1], chunk=1,
         tables=["summary", "monthly"])
"""


def test_a_sweep_that_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen([sys.executable, "-c", CODE + RUN, str(killed)])  # noqa: S603
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if (killed / "done.jsonl").exists() and (killed / "done.jsonl").read_bytes().count(
            b"\n"
        ) > 2:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL  # it had not ended by itself
    half = Sweep.open(killed)
    assert 2 < len(half.done) < 16
    before = {path: path.stat().st_mtime_ns for path in killed.glob("table=*/*")}
    # what a power cut may leave: half a line, half a file, and a file without a line
    with (killed / "done.jsonl").open("ab") as file:
        file.write(b'{"part": "0123", "scen')
    (killed / "table=monthly" / ".skillmix-x").write_bytes(b"PAR1")
    (killed / "table=monthly" / "part-0123.parquet").write_bytes(b"PAR1")
    runs = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", f"{CODE}{RUN}", str(killed)], check=True, timeout=60
    )
    assert runs.returncode == 0
    found = Sweep.open(killed)
    assert found.left == []
    assert len(found.done) == len(set(found.done)) == 16  # nothing lost, nothing doubled
    kept = {
        path
        for line in half._folder.done
        for path in half._folder.path.glob(  # type: ignore[union-attr]
            f"table=*/part-{line['part']}.parquet"
        )
    }
    assert kept
    assert all(path.stat().st_mtime_ns == before[path] for path in kept)  # not run again
    assert not list(killed.rglob(".skillmix-*"))
    assert not (killed / "table=monthly" / "part-0123.parquet").exists()
    runs = subprocess.run([sys.executable, "-c", CODE + RUN, str(whole)], check=True, timeout=60)  # noqa: S603
    assert runs.returncode == 0
    assert found.hash == Sweep.open(whole).hash


def test_a_stale_lock_is_taken_over_and_named(many: dict[str, Scenario], tmp_path: Path) -> None:
    import socket

    some = {"a": many["s01"]}
    lock = tmp_path / "sweep.lock"
    left = {"process": 4_000_000, "host": socket.gethostname(), "since": "2025-04-01T10:00:00"}
    lock.write_text(json.dumps(left), encoding="utf-8")
    found = sm.sweep(some, run="plan", to=tmp_path)
    assert found.notes == [
        "Process 4000000, which worked here since 2025-04-01T10:00:00, ended before it had "
        "finished; its lock was taken over."
    ]
    lock.write_text(json.dumps(left | {"host": "elsewhere"}), encoding="utf-8")
    with pytest.raises(sm.FileError, match=r"process 4000000 on elsewhere.*delete this file"):
        sm.sweep(some, run="plan", to=tmp_path)


def test_two_sweeps_into_one_folder_are_refused(many: dict[str, Scenario], tmp_path: Path) -> None:
    some = {"a": many["s01"], "b": many["s02"]}
    refused = []

    def meanwhile(*_: int) -> None:
        # another thread of this program, and another program
        with pytest.raises(sm.FileError, match=f"another sweep works.*process {os.getpid()}"):
            sm.sweep(some, run="plan", to=tmp_path)
        code = (
            "import sys, skillmix as sm\n"
            "try: sm.sweep({'a': sm.preset('blank')}, run='plan', to=sys.argv[1])\n"
            "except sm.FileError as error: print(error)\n"
        )
        said = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code, str(tmp_path)],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        refused.append(f"process {os.getpid()}" in said and "another sweep works" in said)

    sm.sweep(some, run="plan", to=tmp_path, chunk=2, progress=meanwhile)
    assert refused == [True]
    assert sm.sweep(some, run="plan", to=tmp_path).left == []  # the lock is free again


def test_another_call_on_the_folder_is_refused_with_what_differs(
    many: dict[str, Scenario], tmp_path: Path
) -> None:
    some = {"a": many["s01"], "b": many["s02"]}
    sm.sweep(some, weeks=10, to=tmp_path)
    other = {"a": many["s01"], "b": many["s03"], "c": many["s04"]}
    with pytest.raises(sm.ScenarioError) as caught:
        sm.sweep(other, run="project", weeks=11, tables=["staff"], to=tmp_path)
    found = {problem.path for problem in caught.value.problems}
    assert found == {"options", "tables", "scenarios.b", "scenarios.c"}
    assert sm.sweep(some, weeks=10, to=tmp_path, executor=_Dying(0)).left == []  # nothing to run
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"version": "0.0.1"}))
    with pytest.raises(sm.ScenarioError, match=r"version: the sweep in .* has 0\.0\.1"):
        sm.sweep(some, weeks=10, to=tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "precious.txt").write_text("x")
    with pytest.raises(sm.FileError, match=r"precious\.txt"):
        sm.sweep(some, weeks=10, to=tmp_path / "other")
    with pytest.raises(sm.FileError, match="folder of a sweep"):
        Sweep.open(tmp_path / "none")


def test_a_part_that_was_damaged_is_run_again(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    run(many, to=tmp_path, chunk=6)
    files = sorted(tmp_path.glob("table=monthly/*"))
    files[1].write_bytes(files[1].read_bytes()[:-20])
    files[2].unlink()
    found = Sweep.open(tmp_path)
    assert len(found.left) == 12
    mended = run(many, to=tmp_path)
    assert mended.notes == ["2 parts could not be read back and will be run again."]
    assert mended.hash == undisturbed.hash


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def fill(done, _):
    if done == 3: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try: sm.sweep(many, run="plan", to=sys.argv[1], chunk=1, progress=fill, tables=["staff", "trace"])
except sm.FileError as error: print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
half = sm.Sweep.open(sys.argv[1])
files = list(half.folder.glob("table=trace/*"))
print(len(half.done), len(files), len(list(half.folder.rglob(".s*"))))
again = sm.sweep(many, run="plan", to=sys.argv[1], tables=["staff", "trace"])
print(again.hash == sm.sweep(many, run="plan", tables=["staff", "trace"]).hash)
"""


def test_a_full_disk_is_a_typed_error_and_the_folder_stays_whole(tmp_path: Path) -> None:
    """No file may grow beyond 2,000 bytes after the third scenario, which is as a full disk is."""
    said = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", CODE + FULL, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.splitlines()
    assert "make room and call again with the same folder" in said[0]
    assert said[1] == "3 3 0"
    assert said[2] == "True"


# --- a cluster ----------------------------------------------------------------------------------


@pytest.fixture
def after_a_kill() -> Iterator[None]:
    """What a killed worker leaves is collected here, and not in some other test."""
    yield
    gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of a killed worker
@pytest.mark.filterwarnings("ignore:Creating scratch directories:UserWarning")  # a slow disk
@pytest.mark.usefixtures("after_a_kill")
def test_a_dask_worker_that_is_killed_changes_no_bit(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    """Two worker processes; one is killed while both work."""
    from distributed import Client, LocalCluster

    killed: list[int] = []
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
        ) as cluster,
        Client(cluster) as client,
    ):
        process = client.run(os.getpid)

        def kill(done: int, _: int) -> None:
            if done >= 2 and not killed:
                killed.append(next(iter(process.values())))
                os.kill(killed[0], signal.SIGKILL)

        found = run(many, executor=client.get_executor(), to=tmp_path, chunk=1, progress=kill)
    assert killed
    assert found.left == []
    assert len(found.done) == len(set(found.done)) == 24
    assert found.hash == undisturbed.hash


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of a killed worker
@pytest.mark.filterwarnings("ignore:Creating scratch directories:UserWarning")  # a slow disk
@pytest.mark.usefixtures("after_a_kill")
def test_a_cluster_that_gives_up_is_a_typed_error(
    many: dict[str, Scenario], undisturbed: Sweep, tmp_path: Path
) -> None:
    """A scheduler that allows no failure gives a chunk up when its only worker is killed."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        worker = next(iter(client.run(os.getpid).values()))

        def kill(done: int, _: int) -> None:
            if done == 2:
                os.kill(worker, signal.SIGKILL)

        with pytest.raises(sm.ExecutorError, match=r"KilledWorker.*same folder") as caught:
            run(many, executor=client, to=tmp_path, chunk=1, progress=kill)
    assert 2 <= len(caught.value.sweep.done) < 24
    assert caught.value.sweep.resume().hash == undisturbed.hash


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "path"),
    [
        ({"run": "simulat"}, "run"),
        ({"run": "save"}, "run"),
        ({"run": "skillmix:nothing"}, "run"),
        ({"wekes": 10}, "wekes"),
        ({"chunk": 0}, "chunk"),
        ({"tables": []}, "tables"),
        ({"run": "plan", "weeks": 10}, "weeks"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is(
    many: dict[str, Scenario], how: dict[str, Any], path: str, tmp_path: Path
) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        sm.sweep(many, to=tmp_path / "sweep", **how)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert not (tmp_path / "sweep").exists()


def test_arguments_of_the_wrong_kind_are_named(many: dict[str, Scenario]) -> None:
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (3, {}, "scenarios"),
        ({1: many["s01"]}, {}, "a key of scenarios"),
        ({"a": "b"}, {}, "scenarios"),
        (many, {"run": lambda scenario: scenario}, "run"),
        (many, {"executor": "threads"}, "executor"),
        (many, {"tables": "staff"}, "tables"),
        (many, {"chunk": 2.5}, "chunk"),
        (many, {"progress": 3}, "progress"),
        (many, {"to": 3}, "path"),
    ]
    for scenarios, how, path in wrong:
        with pytest.raises(TypeError, match=path):
            sm.sweep(scenarios, **how)
    with pytest.raises(sm.ScenarioError, match="one or more"):
        sm.sweep({})
    with pytest.raises(sm.ScenarioError, match="names that differ"):
        sm.sweep([many["s01"], many["s02"]])
    with pytest.raises(sm.UnknownNameError, match="weekly"):
        sm.sweep({"a": many["s01"]}, weeks=5).frame("wekly")
    with pytest.raises(TypeError, match="comes from"):
        Sweep()


def test_a_sweep_in_a_thread_leaves_no_thread_behind(many: dict[str, Scenario]) -> None:
    before = threading.active_count()
    sm.sweep({"a": many["s01"], "b": many["s02"]}, weeks=5)
    assert threading.active_count() == before
