"""How is what stands on a command line read? Files, fields with their values, executors."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix.errors import FileError, Problem, ScenarioError
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["executor_named", "pairs", "scenario_of", "several"]

_EXECUTORS = ("threads", "processes", "dask")


def scenario_of(given: str, changes: Sequence[str] | None = None) -> Scenario:
    """The scenario of a file, a template or a pack, with fields changed.

    Raises:
        FileError: if there is neither such a file nor such a pack.
        ScenarioError: with all problems.
    """
    from skillmix import _core

    path = Path(given)
    if not path.suffix and given in _core.packs():
        ours = Scenario.preset(given)
    elif not path.exists():
        packs = ", ".join(_core.packs())
        pack = "" if path.suffix else ", and no such pack"
        raise FileError(
            f"{given}: there is no such file{pack}; a scenario is a file (.toml, .json), a "
            f"filled-in template (.xlsx), or a pack: {packs}"
        )
    elif path.suffix.casefold() == ".xlsx":
        ours = Scenario.from_excel(path)
    else:
        ours = Scenario.load(path)
    return ours.with_(pairs("set", changes)) if changes else ours


def several(given: Sequence[str]) -> dict[str, Scenario]:
    """Scenarios by the names of their files; where two are called the same, by their paths."""
    names = [Path(one).stem for one in given]
    keys = [name if names.count(name) == 1 else one for name, one in zip(names, given, strict=True)]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        said = f"scenarios: {twice} stands there twice"
        raise ScenarioError(said, (Problem("scenarios", twice, "each file once", said),))
    return {key: scenario_of(one) for key, one in zip(keys, given, strict=True)}


def pairs(option: str, given: Sequence[str] | None) -> dict[str, Any]:
    """Values by name, of texts such as ``staff.pwp.posts=24``; a value is JSON or else text.

    Raises:
        ScenarioError: with every text that is not of that form.

    >>> pairs("set", ["staff.pwp.posts=24", "name=Ours", "training.intakes=[]"])
    {'staff.pwp.posts': 24, 'name': 'Ours', 'training.intakes': []}
    """
    found: dict[str, Any] = {}
    bad = []
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            said = f"--{option}: got {text[:80]!r}, allowed: NAME=VALUE"
            bad.append(Problem(option, text[:80], "NAME=VALUE", said))
            continue
        try:
            found[name.strip()] = json.loads(value)
        except ValueError:
            found[name.strip()] = value
    if bad:
        raise ScenarioError("\n".join(one.message for one in bad), tuple(bad))
    return found


@contextmanager
def executor_named(name: str, workers: int | None, scheduler: str | None) -> Iterator[object]:
    """An executor by its name, shut down at the end.

    Raises:
        ScenarioError: if there is none of that name, or it cannot have so many workers.
        ImportError: if Dask is asked for and not installed.
    """
    if name not in _EXECUTORS:
        _refuse("executor", name, ", ".join(_EXECUTORS))
    if workers is not None and not 1 <= workers <= 1024:
        _refuse("workers", str(workers), "1 to 1024")
    if scheduler is not None and name != "dask":
        _refuse("scheduler", scheduler, "left out, unless --executor dask")
    if name == "threads":
        from concurrent.futures import ThreadPoolExecutor

        if workers is None:
            yield None
            return
        with ThreadPoolExecutor(workers) as threads:
            yield threads
    elif name == "processes":
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=spawn) as processes:
            yield processes
    else:
        with _dask(workers, scheduler) as client:
            yield client


@contextmanager
def _dask(workers: int | None, scheduler: str | None) -> Iterator[object]:
    from skillmix.frame import need

    need("distributed", "a Dask cluster")
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=10)
        except (OSError, ValueError) as error:
            said = f"scheduler: {scheduler[:80]} cannot be reached: {error}"
            problem = Problem("scheduler", scheduler[:80], "address of a Dask scheduler", said)
            raise ScenarioError(said, (problem,)) from None
        with client:
            yield client
        return
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _refuse(path: str, value: str, expected: str) -> None:
    said = f"{path}: got {value[:80]}, allowed: {expected}"
    raise ScenarioError(said, (Problem(path, value[:80], expected, said),))
