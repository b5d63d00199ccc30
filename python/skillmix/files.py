"""How is a file written so that a reader never finds half of it?

Beside its place first, then put there in one step; a folder in its place, or no folder to put it
in, is a ``FileError`` that says what to do.
"""

from __future__ import annotations

import os
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from pathlib import Path

from skillmix.errors import FileError

__all__ = ["path_of", "refused", "write_bytes", "write_text"]


def path_of(value: object) -> str:
    """A file name as text.

    Raises:
        TypeError: if it is not a file name.
    """
    name = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(name, str):
        raise TypeError(f"path: a file name is expected, not {type(value).__name__}")
    try:
        os.fsencode(name)
    except UnicodeEncodeError as error:
        raise FileError(f"{name!a}: no file can be called so: {error.reason}") from None
    return name


def write_text(path: Path, text: str) -> Path:
    """Writes text as UTF-8, whole or not at all.

    Raises:
        FileError: if it cannot be written, or is a directory.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> Path:
    """Writes a file whole or not at all.

    Raises:
        FileError: if it cannot be written, or is a directory.
    """
    import tempfile

    beside: Path | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a directory")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".skillmix-")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_permissions(path))
        beside.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if beside is not None:
            beside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        full = getattr(error, "errno", None) in (EDQUOT, EFBIG, EIO, ENOSPC)
        do = "nothing was written" if full else "name a file in a folder that exists"
        raise FileError(f"{path}: {reason}; {do}") from None
    return path


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, otherwise what any new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o666 & ~mask


def refused(path: Path, why: str) -> FileError:
    """The error for a file that is not written, and why."""
    return FileError(f"{path}: {why}")
