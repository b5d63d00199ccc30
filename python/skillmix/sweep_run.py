"""Who runs what, and when? Chunks of scenarios go to an executor as fast as they come back.

The first scenarios go one by one; what they take says how many go together, so that a chunk takes
two seconds or more and what is around a run costs little. Whoever finishes first comes first: the
order changes no figure, since every row carries its key.
"""

from __future__ import annotations

import inspect
import os
import threading
from asyncio import CancelledError as Cancelled
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from skillmix.errors import ExecutorError
from skillmix.runs import of_name
from skillmix.sweep_task import Call, Part, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from skillmix.scenario import Scenario

__all__ = ["executor_of", "gather"]

_A_CHUNK = 2.0
"""What a chunk should take at least [s] (judgement, 0.5 to 10): what an interruption may cost."""
_AHEAD = 2
"""Chunks that wait for each worker, so that none is idle while results are written."""
_TURN = 0.2
"""Longest wait before Ctrl-C is looked for [s]."""
_LARGEST_TEXT = 2_000_000
"""Most characters of scenarios that one message to another process holds."""


def executor_of(given: object) -> Executor | None:
    """The executor that was given, or that of a Dask client.

    Raises:
        TypeError: if it is neither.
    """
    if given is None or isinstance(given, Executor):
        return given
    ask = getattr(given, "get_executor", None)
    if callable(ask):
        return executor_of(ask(pure=False))
    raise TypeError(
        "executor: one of concurrent.futures, or a Dask client, is expected, "
        f"not {type(given).__name__}"
    )


def gather(
    call: Call,
    todo: Sequence[tuple[str, Scenario]],
    executor: Executor | None,
    chunk: int | None,
    keep: Callable[[Part], None],
) -> None:
    """Runs all scenarios and hands each finished part to ``keep``, in this thread.

    Args:
        call: What to do with each.
        todo: Key and scenario of each.
        executor: Who runs them; left out, threads of its own.
        chunk: Scenarios that go together; left out, measured.
        keep: What takes a finished part.

    Raises:
        ExecutorError: if the executor dies.
    """
    cores = os.cpu_count() or 1
    if executor is not None:
        apart = not isinstance(executor, ThreadPoolExecutor)
        alone = isinstance(executor, ProcessPoolExecutor)
        one = replace(call, options=_threads(call, 1), alone=alone)
        _feed(one, list(todo), executor, chunk, keep, _workers(executor), None, apart=apart)
        return
    workers = max(1, min(cores, len(todo)))
    call = replace(call, options=_threads(call, max(1, cores // workers)))
    stop = threading.Event()
    own = ThreadPoolExecutor(workers, thread_name_prefix="skillmix-sweep")
    try:
        _feed(call, list(todo), own, chunk, keep, workers, stop, apart=False)
    finally:
        stop.set()
        own.shutdown(wait=True, cancel_futures=True)


def _feed(
    call: Call,
    todo: list[tuple[str, Scenario]],
    executor: Executor,
    chunk: int | None,
    keep: Callable[[Part], None],
    workers: int,
    stop: threading.Event | None,
    *,
    apart: bool,
) -> None:
    todo.reverse()  # so that the next ones are at its end
    size = chunk or 1
    running: set[Future[Part]] = set()
    ran, seconds = 0, 0.0
    try:
        while todo or running:
            while todo and len(running) < _AHEAD * workers:
                items = _take(todo, size, apart=apart)
                arguments = (call, items) if stop is None else (call, items, stop)
                running.add(_submitted(executor, arguments))
            finished, running = wait(running, timeout=_TURN, return_when=FIRST_COMPLETED)
            died: ExecutorError | None = None
            for future in finished:
                try:
                    part = _result(future)
                except ExecutorError as error:
                    died = error  # what came back together with it is kept first
                else:
                    keep(part)
                    ran += len(part.keys)
                    seconds += part.seconds
            if died is not None:
                raise died
            if chunk is None and ran:
                fair = -(-len(todo) // (_AHEAD * workers))
                size = max(1, min(int(_A_CHUNK * ran / max(seconds, 1e-6)), fair))
    finally:
        for future in running:
            future.cancel()


def _submitted(executor: Executor, arguments: tuple[Any, ...]) -> Future[Part]:
    try:
        return executor.submit(work, *arguments)
    except Exception as error:
        raise _dead(error) from error


def _result(future: Future[Part]) -> Part:
    """What a worker gave: it tells of scenarios that fail, so what is raised is not theirs."""
    try:
        return future.result()
    except (Cancelled, CancelledError, Exception) as error:
        raise _dead(error) from error


def _dead(error: BaseException) -> ExecutorError:
    said = str(error) or "it ended without a word"
    return ExecutorError(
        f"the executor failed ({type(error).__name__}: {said[:300]}); what was finished is kept"
    )


def _take(
    todo: list[tuple[str, Scenario]], size: int, *, apart: bool
) -> list[tuple[str, Scenario | str]]:
    """The next scenarios; as texts for another process, and then not too many."""
    items: list[tuple[str, Scenario | str]] = []
    length = 0
    while todo and len(items) < size and length < _LARGEST_TEXT:
        key, scenario = todo.pop()
        text = scenario._inner.to_json() if apart else None
        length += len(text or "")
        items.append((key, scenario if text is None else text))
    return items


def _threads(call: Call, threads: int) -> dict[str, Any]:
    """The options with so many threads of the core a task, if its run counts threads at all."""
    options = dict(call.options)
    counts = "threads" in inspect.signature(of_name(call.run)).parameters
    if call.run == "project" and options.get("luck") != "chance":
        counts = False
    if counts and options.get("threads") is None:
        options["threads"] = threads
    return options


def _workers(executor: Executor) -> int:
    """How many tasks an executor runs at a time, as far as that can be seen."""
    client = getattr(executor, "_client", None)
    found = getattr(executor, "_max_workers", None)
    if client is not None:
        found = sum(client.ncores().values())
    return found if isinstance(found, int) and found > 0 else os.cpu_count() or 1
