"""Can anybody make the same figures again? From one file, with one command.

A bundle is a zip file of texts: ``manifest.json`` (version, platform, what was asked, the SHA-256
of every other part and of every table), each scenario as stated and complete, and every table in
full. ``reproduce`` runs what it says again and compares table by table: bit by bit on the platform
that wrote it, to 1e-12 on another.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import DataError
from skillmix.files import path_of, write_bytes
from skillmix.provenance import environment, metas, table_hash
from skillmix.recipe import from_tree, to_tree
from skillmix.runlog import logged
from skillmix.tables import Answer
from skillmix.view import Words
from skillmix.wording import listed

if TYPE_CHECKING:
    import os

    from skillmix.bundle_table import Verdict
    from skillmix.frame import Library

__all__ = ["FORMAT", "Reproduction", "reproduce", "write"]

FORMAT = 1
"""Number of the form of the file; a change that older versions cannot read raises it."""


def write(answer: Answer, path: str | os.PathLike[str]) -> Path:
    """Writes a bundle; the same answer gives the same bytes.

    Raises:
        FileError: if it cannot be written.
    """
    from skillmix import bundle_table
    from skillmix.bundle_zip import packed

    texts: dict[str, str] = {}
    recipe = to_tree(answer, texts)
    parts: dict[str, bytes] = {}
    for sha, text in texts.items():
        complete = _core.Scenario.from_json(text).to_dict(True)
        parts[f"scenarios/{sha}.json"] = text.encode()
        parts[f"scenarios/{sha}.complete.json"] = _text(complete)
    tables = []
    for number, name in enumerate(answer.tables()):
        columns, units, meanings = answer.whole(name)
        part = f"tables/{number:02d}-{_plain(name)}.json"
        rows = len(next(iter(columns.values()), ()))
        tables.append(
            {"name": name, "rows": rows, "sha256": table_hash(name, columns, units), "part": part}
        )
        parts[part] = bundle_table.to_bytes(name, columns, units, meanings)
    manifest = {
        "bundle": FORMAT,
        "kind": answer.kind,
        "words": list(answer.words()),
        "environment": environment(),
        "runs": metas(answer),
        "recipe": recipe,
        "tables": tables,
        "parts": {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()},
    }
    manifest["sha256"] = _digest(manifest)
    return write_bytes(Path(path_of(path)), packed({"manifest.json": _text(manifest), **parts}))


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of running a bundle again.

    Attributes:
        answer: The answer that was made now.
        verdicts: For each table whether it is the same, and if not how far it is off.
        wrote: Versions and platform of who wrote the bundle.
        here: Versions and platform here.
    """

    answer: Answer
    verdicts: tuple[Verdict, ...]
    wrote: dict[str, str]
    here: dict[str, str]

    @property
    def same_platform(self) -> bool:
        """Whether the bits have to be equal here."""
        return self.wrote.get("platform") == self.here.get("platform")

    @property
    def equal(self) -> bool:
        """Whether every bit of every table is equal."""
        return all(one.equal for one in self.verdicts)

    @property
    def passed(self) -> bool:
        """Whether it is reproduced: bit by bit, or on another platform to 1e-12."""
        return self.equal or (
            not self.same_platform and all(one.equal or one.close for one in self.verdicts)
        )

    def words(self) -> Words:
        """What came of it in sentences; the first is the headline."""
        off = [one for one in self.verdicts if not one.equal]
        count = len(self.verdicts)
        if self.equal:
            said = [f"All {count} tables are equal in every bit."]
        elif self.passed:
            said = [f"All {count} tables are equal to 1e-12, as is asked of another platform."]
        else:
            said = [
                f"Not reproduced: {len(off)} of {count} tables differ: "
                f"{listed([one.table for one in off])}."
            ]
        said += [one.message for one in off]
        if not self.same_platform:
            said.append(
                f"It was written on {self.wrote.get('platform')}, and this is "
                f"{self.here.get('platform')}: the last bits may differ."
            )
        if self.wrote.get("skillmix") != self.here.get("skillmix"):
            said.append(
                f"skillmix {self.wrote.get('skillmix')} wrote it and this is "
                f"{self.here.get('skillmix')}: “Results change” in the changelog says what moved."
            )
        return Words(said)

    def frame(self, library: Library | None = None) -> Any:
        """One row a table: whether it is equal, rows, cells that differ, largest difference."""
        from skillmix.frame import from_columns

        names = ("table", "equal", "close", "rows", "cells", "largest", "message")
        columns: dict[str, list[Any]] = {
            name: [getattr(one, name) for one in self.verdicts] for name in names
        }
        return from_columns(columns, library, units={"largest": "relative"})


def reproduce(path: str | os.PathLike[str]) -> Reproduction:
    """Runs a bundle again and compares every table with the one it holds.

    Args:
        path: A file that ``bundle`` wrote.

    Raises:
        FileError: if it cannot be read.
        VersionError: if a newer version wrote it; the message says which.
        DataError: if it is damaged or was changed; the message says where.
    """
    from skillmix import bundle_table
    from skillmix.bundle_zip import opened

    name = path_of(path)
    bundle = opened(Path(name), FORMAT, _digest)
    answer = rerun(bundle.manifest, bundle.texts(), name)
    verdicts = tuple(
        bundle_table.verdict(told, bundle.parts[str(told["part"])], answer, name)
        for told in bundle.manifest["tables"]
    )
    more = [one for one in answer.tables() if one not in {v.table for v in verdicts}]
    verdicts += tuple(bundle_table.not_there(one) for one in more)
    return Reproduction(answer, verdicts, dict(bundle.manifest["environment"]), environment())


@logged
def rerun(manifest: dict[str, Any], texts: dict[str, str], name: str) -> Answer:
    """Runs what the manifest says."""
    try:
        found = from_tree(manifest["recipe"], texts)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if type(error).__module__.startswith("skillmix"):
            raise
        raise DataError(f"{name}: the recipe cannot be followed: {error}", name) from None
    if not isinstance(found, Answer):
        raise DataError(f"{name}: the recipe gives no answer", name)
    return found


def _digest(manifest: dict[str, Any]) -> str:
    """SHA-256 of a manifest without its own."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(tree: Any) -> bytes:
    return json.dumps(tree, indent=1, ensure_ascii=False, default=str).encode() + b"\n"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", name.lower())[:60]
