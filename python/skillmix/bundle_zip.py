"""What is inside a bundle, and is it what was written? Nothing is ever unpacked to the disk.

Names that lead elsewhere, parts that are missing or too many, sizes beyond reason and any byte that
was changed are refused before anything is run.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.errors import DataError, FileError, LimitError, Problem, VersionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Bundle", "opened", "packed"]

_LARGEST = 2_000_000_000
"""Most bytes of all parts, unpacked."""
_MOST_PARTS = 10_000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can hold: bundles of the same answer are the same bytes."""
_NAME = re.compile(
    r"manifest\.json|scenarios/[0-9a-f]{64}(\.complete)?\.json|tables/[a-z0-9_-]+\.json"
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose parts were all checked.

    Attributes:
        manifest: What it says of itself.
        parts: Content of every other part.
    """

    manifest: dict[str, Any]
    parts: dict[str, bytes]

    def texts(self) -> dict[str, str]:
        """Text of each scenario, by its hash."""
        return {
            name[len("scenarios/") : -len(".json")]: part.decode()
            for name, part in self.parts.items()
            if name.startswith("scenarios/") and not name.endswith(".complete.json")
        }


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Parts as one zip file, without times."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            file.writestr(info, content, compresslevel=6)
    return whole.getvalue()


def opened(path: Path, newest: int, digest: Callable[[dict[str, Any]], str]) -> Bundle:
    """Reads a bundle and checks every part of it.

    Args:
        path: The file.
        newest: Newest form that can be read.
        digest: SHA-256 of a manifest without its own.

    Raises:
        FileError: if it cannot be read.
        VersionError: if a newer version wrote it.
        LimitError: if it is larger than a bundle can be.
        DataError: if it is damaged or was changed.
    """
    name = str(path)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: {reason}; name a bundle that can be read") from None
    parts = _unpacked(content, name)
    if "manifest.json" not in parts:
        raise DataError(f"{name}: it has no manifest.json, so it is no bundle of skillmix", name)
    manifest = _manifest(parts.pop("manifest.json"), name)
    _not_newer(manifest, newest, name)
    _whole(manifest, parts, digest(manifest), name)
    return Bundle(manifest, parts)


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            infos = file.infolist()
            size = sum(info.file_size for info in infos)
            if size > _LARGEST or len(infos) > _MOST_PARTS:
                allowed = f"at most {_LARGEST} bytes in {_MOST_PARTS} parts"
                said = f"{name}: {size} bytes in {len(infos)} parts, allowed: {allowed}"
                raise LimitError(said, (Problem("bundle", str(size), allowed, said),))
            for info in infos:
                # A newer version may have other parts; none may lead anywhere.
                if not re.fullmatch(r"[a-z0-9_.-]+(/[a-z0-9_.-]+)*", info.orig_filename) or (
                    ".." in info.orig_filename
                ):
                    raise DataError(
                        f"{name}: a part is called {info.orig_filename[:80]!r}, which no bundle "
                        "holds: it was made to write somewhere else",
                        name,
                    )
            if len({info.filename for info in infos}) < len(infos):
                raise DataError(f"{name}: two parts have the same name", name)
            return {info.filename: file.read(info) for info in infos}
    except DataError:
        raise
    except LimitError:
        raise
    except _BROKEN as error:
        raise DataError(f"{name}: it is no bundle, or was damaged: {error}", name) from None


def _manifest(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}: manifest.json cannot be read: {error}", name) from None
    if not isinstance(found, dict) or not isinstance(found.get("bundle"), int):
        raise DataError(f"{name}: manifest.json is not that of a bundle", name)
    return found


def _not_newer(manifest: Mapping[str, Any], newest: int, name: str) -> None:
    told = manifest.get("environment")
    wrote = str(told.get("skillmix", "")) if isinstance(told, dict) else ""
    here = _core.__version__
    if manifest["bundle"] > newest or _parts_of(wrote) > _parts_of(here):
        said = f"{name}: skillmix {wrote} wrote it and this is {here}: it needs skillmix {wrote}"
        raise VersionError(f"{said} or later", (Problem("version", wrote, here, said),))


def _parts_of(version: str) -> tuple[int, ...]:
    """A version as numbers that can be compared.

    >>> _parts_of("0.10.0") > _parts_of("0.9.1")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0]))[:3]


def _whole(manifest: dict[str, Any], parts: Mapping[str, bytes], digest: str, name: str) -> None:
    """Refuses a bundle of which any part is missing, too many or changed; all are named."""
    found = []
    if manifest.get("sha256") != digest:
        found.append("manifest.json was changed")
    told = manifest.get("parts")
    expected = told if isinstance(told, dict) else {}
    for part in sorted({*expected, *parts}):
        if part not in parts:
            found.append(f"{part} is missing")
        elif part not in expected or not _NAME.fullmatch(part):
            found.append(f"{part} does not belong there")
        elif hashlib.sha256(parts[part]).hexdigest() != expected[part]:
            found.append(f"{part} was changed")
    lists = isinstance(manifest.get("tables"), list) and isinstance(manifest.get("recipe"), dict)
    if not found and not lists:
        found.append("manifest.json says neither what to run nor what came of it")
    if found:
        problems = tuple(Problem(one.split()[0], "", "as it was written", one) for one in found)
        raise DataError(f"{name}: {'; '.join(found)}", name, problems=problems)
