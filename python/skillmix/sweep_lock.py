"""Who works on a folder? One program at a time.

The lock is one that the system lets go when the program ends, however it ends; the file says which
process on which machine has it. What a killed program left behind is therefore seen as such. Some
network drives do not share locks between machines: a file that names another machine is not taken
over without being asked.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from skillmix.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["locked"]

_HERE: set[str] = set()
_GUARD = threading.Lock()


@contextmanager
def locked(path: Path) -> Iterator[str]:
    """Holds the lock of a folder; gives a sentence on a stale one that was found, or nothing.

    Args:
        path: File of the lock.

    Raises:
        FileError: if another program, or another thread of this one, has it; it is named.
    """
    key = os.path.realpath(path)
    with _GUARD:
        if key in _HERE:
            raise _taken(path, {"process": os.getpid(), "host": socket.gethostname()})
        _HERE.add(key)
    try:
        with _held(path) as said:
            yield said
    finally:
        with _GUARD:
            _HERE.discard(key)


@contextmanager
def _held(path: Path) -> Iterator[str]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}; a sweep needs a folder to write into") from None
    try:
        taken = not _claim(file)
        left = _content(file)
        if taken:
            raise _taken(path, left)
        host = socket.gethostname()
        if left and left.get("host") != host:
            raise FileError(
                f"{path}: process {left.get('process')} on {left.get('host')} has worked here "
                f"since {left.get('since')}; if it has ended, delete this file and call again"
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            _write(file, json.dumps({"process": os.getpid(), "host": host, "since": now}))
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}; nothing was run") from None
        try:
            yield (
                f"Process {left.get('process')}, which worked here since {left.get('since')}, "
                "ended before it had finished; its lock was taken over."
                if left
                else ""
            )
        finally:
            _write(file, "")
    finally:
        os.close(file)


def _claim(file: int) -> bool:
    """Asks the system for the file; a child that is forked later does not inherit the claim."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 1 << 30, os.SEEK_SET)  # far behind the text, which stays readable
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _content(file: int) -> dict[str, Any]:
    os.lseek(file, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(file, 4096))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: int, text: str) -> None:
    os.lseek(file, 0, os.SEEK_SET)
    os.ftruncate(file, 0)
    os.write(file, text.encode())


def _taken(path: Path, by: dict[str, Any]) -> FileError:
    return FileError(
        f"{path}: another sweep works in this folder (process {by.get('process', 'unknown')} on "
        f"{by.get('host', 'unknown')}, since {by.get('since', 'just now')}): wait for it, or name "
        "another folder"
    )
