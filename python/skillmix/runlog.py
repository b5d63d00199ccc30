"""Which runs were made, when, from what, and what did they give? A log, one JSON line a run.

The log is what a reproducible analytical pipeline (RAP) keeps beside its results. It is off until
``run_log`` opens one. Each line is appended in one step, so that several programs may write to one
log; a run inside another (the projections of a comparison) is a part of that one's line.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from skillmix.errors import FileError
from skillmix.files import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["logged", "run_log"]

P = ParamSpec("P")
R = TypeVar("R")

_LOG: ContextVar[Path | None] = ContextVar("skillmix_run_log", default=None)
_TOLD = ("scenario", "hash", "start", "weeks", "design", "draws", "replications", "seed", "luck")


@contextmanager
def run_log(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Notes every run made inside the ``with``, one JSON line each, at the end of a file.

    A line says ``time`` (UTC), ``version``, ``platform``, ``call``, ``runs`` (scenario, hash, seed
    and so on of each), ``seconds``, and ``result``, one SHA-256 of all its tables; for a run that
    failed, ``error`` instead. To work out the SHA-256 every table is made, which takes some
    milliseconds a run.

    Args:
        path: File to append to; it is made if it is not there.

    Raises:
        FileError: if a line cannot be written.
    """
    to = Path(path_of(path))
    _append(to, b"")
    token = _LOG.set(to)
    try:
        yield to
    finally:
        _LOG.reset(token)


def logged(call: Callable[P, R]) -> Callable[P, R]:
    """The same function, whose runs are noted while a log is open."""

    @wraps(call)
    def noted(*args: P.args, **kwargs: P.kwargs) -> R:
        to = _LOG.get()
        if to is None:
            return call(*args, **kwargs)
        from datetime import UTC, datetime

        token = _LOG.set(None)  # what runs inside is a part of this run
        when, began = datetime.now(UTC), time.perf_counter()
        told: dict[str, Any] | None = None  # stays so if the run is interrupted
        try:
            found = call(*args, **kwargs)
            seconds = time.perf_counter() - began
            told = _of_answer(found)
        except Exception as error:
            seconds = time.perf_counter() - began
            told = {"error": type(error).__name__, "message": str(error)[:500]}
            raise
        else:
            return found
        finally:
            _LOG.reset(token)
            if told is not None:
                _append(to, _line(call.__name__, when, seconds, told))

    return noted


def _line(call: str, when: datetime, seconds: float, told: dict[str, Any]) -> bytes:
    import json

    from skillmix import _core
    from skillmix.provenance import platform_name

    row = {
        "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "version": _core.__version__,
        "platform": platform_name(),
        "call": call,
        "seconds": round(seconds, 6),
        **told,
    }
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _of_answer(answer: Any) -> dict[str, Any]:
    """What is noted of an answer: its runs, and one hash of its tables."""
    from skillmix.provenance import answer_hash, metas
    from skillmix.tables import Answer

    if not isinstance(answer, Answer):
        return {"runs": [], "result": getattr(answer, "hash", None)}
    runs = [
        {"label": label} | {key: meta[key] for key in _TOLD if meta.get(key) not in (None, 0)}
        for label, meta in metas(answer).items()
    ]
    return {"runs": runs, "result": answer_hash(answer)}


def _append(path: Path, line: bytes) -> None:
    """Puts a line at the end of a file in one step; half a line that a crash left stays alone.

    Raises:
        FileError: if it cannot be written in full.
    """
    try:
        to = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            size = os.fstat(to).st_size
            os.lseek(to, max(0, size - 1), os.SEEK_SET)
            whole = size == 0 or os.read(to, 1) == b"\n"
            content = line if whole or not line else b"\n" + line
            if os.write(to, content) < len(content):
                raise OSError("the line could not be written in full")
        finally:
            os.close(to)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{path}: {reason}; the run log needs a file that can be written") from None
