"""How does a sweep lie in a folder, so that nothing is lost or doubled whatever happens?

``manifest.json`` says what was asked and ``scenarios.parquet`` holds every scenario; ``done.jsonl``
has a line for each finished part, with the SHA-256 of its files ``table=.../part-....parquet``.
Files are written beside their place, synced and put there in one step, and the line comes last: a
file without a line is not there, a line whose file is missing or changed does not count.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import DataError, FileError, Problem, ScenarioError
from skillmix.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from skillmix.sweep_task import Part

__all__ = ["Asked", "Folder"]

FORMAT = 1
_MANIFEST, _SCENARIOS, _DONE, LOCK = (
    "manifest.json",
    "scenarios.parquet",
    "done.jsonl",
    "sweep.lock",
)
_BESIDE = ".skillmix-"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sweep was asked for.

    Attributes:
        run: Name of the verb or function.
        options: Its arguments, but for those that change no figure.
        tables: Tables that are kept; all if None.
        hashes: SHA-256 of each scenario by its key.
    """

    run: str
    options: dict[str, Any]
    tables: tuple[str, ...] | None
    hashes: dict[str, str]

    def tree(self) -> dict[str, Any]:
        """The same as a tree for JSON."""
        return {
            "sweep": FORMAT,
            "version": _core.__version__,
            "run": self.run,
            "options": json.loads(json.dumps(self.options, sort_keys=True, default=str)),
            "tables": None if self.tables is None else list(self.tables),
            "scenarios": dict(sorted(self.hashes.items())),
        }


@dataclass(slots=True)
class Folder:
    """A folder that holds a sweep.

    Attributes:
        path: The folder.
        done: The lines of the parts that are finished.
        notes: What was found amiss, and mended.
    """

    path: Path
    done: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self, asked: Asked, texts: Mapping[str, str]) -> None:
        """Writes what is asked, or makes sure that the same was asked before, and cleans up.

        Raises:
            FileError: if the folder holds anything else, or cannot be written.
            ScenarioError: if something else was asked before; all differences are told.
        """
        if (self.path / _MANIFEST).exists():
            _refuse_other(self.path, self.manifest(), asked.tree())
            self._read(mend=True)
            return
        ours = {_SCENARIOS, LOCK}
        others = [p.name for p in self.path.iterdir() if p.name not in ours]
        others = sorted(name for name in others if not name.startswith(_BESIDE))
        if others:
            raise FileError(
                f"{self.path}: the folder holds {', '.join(others[:3])} and no sweep; name an "
                "empty or a new one"
            )
        write_bytes(self.path / _SCENARIOS, _scenarios(texts, asked.hashes))
        content = json.dumps(asked.tree(), indent=1, ensure_ascii=False).encode()
        write_bytes(self.path / _MANIFEST, content + b"\n")

    def open(self) -> None:
        """Reads what is done, and changes nothing."""
        self._read(mend=False)

    def manifest(self) -> dict[str, Any]:
        """What was asked.

        Raises:
            FileError: if there is no sweep.
            DataError: if its manifest is damaged, or a newer version wrote it.
        """
        path = self.path / _MANIFEST
        try:
            found = json.loads(path.read_bytes())
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}; name the folder of a sweep") from None
        except ValueError as error:
            raise DataError(f"{path}: {error}", str(path)) from None
        if not isinstance(found, dict) or found.get("sweep") != FORMAT:
            raise DataError(f"{path}: it is not that of a sweep of this version", str(path))
        return found

    def texts(self) -> dict[str, str]:
        """Text of each scenario by its key."""
        from pyarrow import parquet

        table = parquet.read_table(self.path / _SCENARIOS)
        names = table.column("scenario").to_pylist()
        return dict(zip(names, table.column("json").to_pylist(), strict=True))

    def keep(self, part: Part) -> None:
        """Puts a finished part into the folder.

        Raises:
            FileError: if the disk is full, or cannot be written; the folder stays as it was.
        """
        name = hashlib.sha256("\n".join(part.keys).encode()).hexdigest()[:16]
        files: dict[str, str] = {}
        try:
            for table, content in part.tables.items():
                if not isinstance(content, bytes):
                    raise TypeError("a part for a folder holds Parquet files")
                into = self.path / f"table={table}"
                into.mkdir(exist_ok=True)
                write_bytes(into / f"part-{name}.parquet", content)
                files[table] = hashlib.sha256(content).hexdigest()
            line = {
                "part": name,
                "scenarios": part.keys,
                "seconds": round(part.seconds, 6),
                "files": files,
                "failed": part.failed,
            }
            self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:  # a FileError is one
            for table in part.tables:
                (self.path / f"table={table}" / f"part-{name}.parquet").unlink(missing_ok=True)
            reason = getattr(error, "strerror", None) or str(error)
            raise FileError(
                f"{self.path}: {reason}; what was finished before is kept: make room and call "
                "again with the same folder, and the sweep goes on from there"
            ) from None
        self.done.append(line)

    def files(self, table: str) -> list[Path]:
        """The files of a table, in order of the first key in each."""
        parts = [(min(line["scenarios"]), line) for line in self.done if table in line["files"]]
        return [
            self.path / f"table={table}" / f"part-{line['part']}.parquet"
            for _, line in sorted(parts, key=lambda pair: pair[0])
        ]

    def _append(self, line: bytes) -> None:
        path = self.path / _DONE
        size = path.stat().st_size if path.exists() else 0
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            try:
                written = os.write(file, line)
                if written < len(line):
                    written += os.write(file, line[written:])  # says why
                os.fsync(file)
            except OSError:
                os.ftruncate(file, size)
                raise
        finally:
            os.close(file)

    def _read(self, *, mend: bool) -> None:
        path = self.path / _DONE
        content = path.read_bytes() if path.exists() else b""
        self.done = []
        seen: set[str] = set()
        bad = 0
        for raw in content.splitlines(keepends=True):
            line = _line(raw)
            if line is None or seen & set(line["scenarios"]) or not self._whole(line):
                bad += 1
                continue
            seen |= set(line["scenarios"])
            self.done.append(line)
        if not mend:
            return
        if bad:
            self.notes.append(
                f"{bad} part{'' if bad == 1 else 's'} could not be read back and will be run again."
            )
            lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in self.done)
            write_bytes(path, "".join(lines).encode())
        known = {f"part-{line['part']}.parquet" for line in self.done}
        for file in [*self.path.glob(f"{_BESIDE}*"), *self.path.glob("table=*/*")]:
            if file.name not in known:
                file.unlink(missing_ok=True)

    def _whole(self, line: Mapping[str, Any]) -> bool:
        """Whether all files of a part are there as they were written."""
        for table, sha in line["files"].items():
            path = self.path / f"table={table}" / f"part-{line['part']}.parquet"
            try:
                content = path.read_bytes()
            except OSError:
                return False
            if hashlib.sha256(content).hexdigest() != sha:
                return False
        return True


def _line(raw: bytes) -> dict[str, Any] | None:
    """A line of what is done; none if it was torn."""
    try:
        found = json.loads(raw) if raw.endswith(b"\n") else None
    except ValueError:
        return None
    is_line = isinstance(found, dict) and {"part", "scenarios", "files", "failed"} <= set(found)
    return found if is_line else None


def _scenarios(texts: Mapping[str, str], hashes: Mapping[str, str]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    keys = sorted(texts)
    table = pa.table(
        {
            "scenario": keys,
            "hash": [hashes[key] for key in keys],
            "json": [texts[key] for key in keys],
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", use_dictionary=False)
    return out.getvalue()


def _refuse_other(path: Path, there: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Refuses another call on the folder of a sweep.

    Raises:
        ScenarioError: with everything that differs.
    """
    found = []
    for key in ("version", "run", "options", "tables"):
        if there.get(key) != asked[key]:
            shown, expected = str(asked[key])[:80], str(there.get(key))[:200]
            said = f"{key}: the sweep in {path} has {expected}, and {shown} is asked"
            found.append(Problem(key, shown, expected, said))
    was, now = there.get("scenarios", {}), asked["scenarios"]
    for key in sorted({*was, *now}):
        if was.get(key) == now.get(key):
            continue
        kind = "is new" if key not in was else "is missing" if key not in now else "is another one"
        said = f"scenarios[{key!r}] {kind}"
        before = str(was.get(key, "none"))
        found.append(Problem(f"scenarios.{key}", str(now.get(key, "none")), before, said))
    if found:
        few = [one.message for one in found[:10]]
        more = [f"and {len(found) - len(few)} more"] if len(found) > len(few) else []
        said = "\n".join([f"{path}: another sweep lies there; name another folder", *few, *more])
        raise ScenarioError(said, tuple(found))
