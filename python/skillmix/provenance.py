"""Where does a result come from, and how can two of them be told apart?

``made`` adds to what the core knows of a run (version, scenario, hash, seed) the data behind it,
each with its date and SHA-256, and the platform. ``table_hash`` is one SHA-256 of a table: of its
name, of the name, unit and kind of each column, and of every value in full, so that two tables with
the same hash are equal in every bit.
"""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from skillmix import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skillmix.scenario import Scenario
    from skillmix.tables import Answer, Columns

__all__ = [
    "answer_hash",
    "environment",
    "facts",
    "length_of",
    "made",
    "metas",
    "platform_name",
    "replications_of",
    "table_hash",
    "table_hashes",
]

_PUBLIC = ("services_monthly.csv.gz", "england_monthly.csv", "services.csv")
_SOON = {
    "version": "skillmix",
    "run": "run",
    "scenario": "scenario",
    "hash": "hash of the scenario",
    "pack": "reference pack",
    "start": "from",
    "weeks": "weeks",
    "design": "design of the draws",
    "draws": "draws",
    "replications": "replications",
    "seed": "seed",
    "luck": "luck",
    "vintage": "public data to",
    "platform": "platform",
}
"""What is told of a run, in this order, and what it is called."""


def made(told: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """All that is known of how a run was made: what the core told, its data, and the platform."""
    found = dict(told)
    if found.get("draws"):
        found.setdefault("design", "random")
    found["data"] = data_of(scenario)
    found["platform"] = platform_name()
    return found


def data_of(scenario: Scenario) -> list[dict[str, str]]:
    """The data behind a scenario, each with ``kind``, ``name``, ``date`` and ``sha256``.

    The pack's SHA-256 is that of its unmodified scenario. Public files are those of this package;
    what was read from them, and from a file of the planner's, stands in the scenario itself.
    """
    pack = scenario.pack
    date, sha = _pack(pack)
    found = [{"kind": "pack", "name": pack, "date": date, "sha256": sha}]
    tree = scenario.to_dict()
    if _is_public(tree):
        found += _public_files()
    series = tree.get("demand", {}).get("series")
    if isinstance(series, dict) and series.get("sha256"):
        months = sorted(series.get("months", {}))
        found.append(
            {
                "kind": "file",
                "name": str(series.get("file", "")),
                "date": months[-1] if months else "",
                "sha256": str(series["sha256"]),
            }
        )
    return found


def metas(answer: Answer) -> dict[str, dict[str, Any]]:
    """How each run of an answer was made, by its label."""
    meta = answer.meta
    if "version" in meta:
        return {str(meta.get("scenario", "")): meta}
    return {str(label): one for label, one in meta.items() if isinstance(one, dict)}


def facts(answer: Answer) -> list[tuple[str, str, str]]:
    """How an answer was made as rows for a file: label of the run, what it is, and what it says."""
    found = []
    for label, meta in metas(answer).items():
        found += [
            (label, head, str(meta[key]))
            for key, head in _SOON.items()
            if meta.get(key) not in (None, "", 0)
        ]
        found += [
            (label, f"{one['kind']} {one['name']}", f"{one['date']}, SHA-256 {one['sha256']}")
            for one in meta.get("data", ())
        ]
    return found


def environment() -> dict[str, str]:
    """Versions that a run was made with."""
    import numpy as np

    return {
        "skillmix": _core.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform_name(),
    }


@cache
def platform_name() -> str:
    """System, processor and C library: where they are the same, a run gives the same bits."""
    library = " ".join(part for part in platform.libc_ver() if part)
    return " ".join(part for part in (platform.system(), platform.machine(), library) if part)


def answer_hash(answer: Answer) -> str:
    """One SHA-256 of all tables of an answer."""
    found = hashlib.sha256()
    for name, digest in sorted(table_hashes(answer).items()):
        found.update(_framed(name.encode()))
        found.update(digest.encode())
    return found.hexdigest()


def table_hashes(answer: Answer) -> dict[str, str]:
    """The SHA-256 of each table of an answer, by its name."""
    found = {}
    for name in answer.tables():
        columns, units, _ = answer.whole(name)
        found[name] = table_hash(name, columns, units)
    return found


def table_hash(name: str, columns: Columns, units: Mapping[str, str]) -> str:
    """The SHA-256 of one table.

    >>> import numpy as np
    >>> one = {"pounds": np.array([1.0])}
    >>> other = {"pounds": np.array([np.nextafter(1.0, 2.0)])}
    >>> table_hash("cost", one, {}) == table_hash("cost", other, {})
    False
    """
    found = hashlib.sha256(_framed(name.encode()))
    for column, values in columns.items():
        found.update(_framed(column.encode()))
        found.update(_framed(units.get(column, "").encode()))
        kind, content = _bytes_of(values)
        found.update(_framed(kind))
        found.update(_framed(content))
    return found.hexdigest()


def _bytes_of(values: Any) -> tuple[bytes, bytes]:
    """What kind of values a column holds, and all of them as bytes of one order."""
    import numpy as np

    kind = values.dtype.kind
    if kind == "f":
        whole = values.astype("<f8")
        return b"f8", np.where(np.isnan(whole), np.nan, whole).astype("<f8").tobytes()
    if kind in "iu":
        return b"i8", values.astype("<i8").tobytes()
    if kind == "b":
        return b"b1", values.astype("u1").tobytes()
    if kind == "M":
        return b"D8", values.astype("datetime64[D]").astype("<i8").tobytes()
    return b"text", json.dumps([str(value) for value in values], ensure_ascii=False).encode()


def _framed(content: bytes) -> bytes:
    """Bytes with their length before them, so that two texts never run into one another."""
    return len(content).to_bytes(8, "little") + content


@cache
def _pack(name: str) -> tuple[str, str]:
    """Date of the newest source of a pack, and the SHA-256 of its unmodified scenario."""
    pack = _core.Scenario.preset(name)
    dates = (str(date) for date in pack.assumptions().columns()["date"])
    return max((date for date in dates if date[:4].isdigit()), default=""), pack.hash


@cache
def _shipped() -> tuple[tuple[str, str, str], ...]:
    """Name, last month and SHA-256 of each public file of this package."""
    from skillmix import published

    last = {
        "services_monthly.csv.gz": max(s.months[-1] for s in published.all_series().values()),
        "england_monthly.csv": published.england_series().months[-1],
    }
    return tuple(
        (name, last.get(name, ""), hashlib.sha256(content).hexdigest())
        for name in _PUBLIC
        for content in [(files("skillmix") / "data" / name).read_bytes()]
    )


def _public_files() -> list[dict[str, str]]:
    return [
        {"kind": "public", "name": name, "date": date, "sha256": sha}
        for name, date, sha in _shipped()
    ]


def _is_public(tree: Mapping[str, Any]) -> bool:
    """Whether any value of a scenario says that it is published."""
    from skillmix.published import SOURCE

    sources = tree.get("sources", {})
    said = sources.values() if isinstance(sources, dict) else ()
    return any(isinstance(one, dict) and one.get("source") == SOURCE for one in said)


def length_of(meta: Mapping[str, Any]) -> str:
    """How long a run was, in words; the calendar of its scenario if it does not say.

    >>> length_of({"weeks": 157, "weeks_of_scenario": 261}), length_of({"years": 3})
    ('157 weeks', '3 years')
    """
    if meta.get("weeks"):
        return f"{int(meta['weeks'])} weeks"
    if meta.get("years"):
        return "1 year" if int(meta["years"]) == 1 else f"{int(meta['years'])} years"
    weeks = meta.get("weeks_of_scenario")
    return f"{int(weeks)} weeks" if weeks else ""


def replications_of(meta: Mapping[str, Any]) -> int:
    """How often luck was run, or 0 where there was none or each world was run once."""
    often = int(meta.get("replications") or 0)
    return 0 if often == 1 and meta.get("run") == "ensemble" else often
