"""Scenarios with one corrupt leaf, trees and paths without end, and objects that lie.

Every leaf of every pack is made wrong in seven ways: the error names exactly that leaf.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import PACK, refused

import skillmix as sm
from skillmix import Scenario, _core

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = str | int

NAN = float("nan")


# --- any one leaf -------------------------------------------------------------------------------

BAD: list[Any] = [NAN, -1, None, "x", [], True, object()]


def leaves(tree: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Any]]:
    inside = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list) and tree
        else None
    )
    if inside is None:
        yield at, tree
        return
    for key, value in inside:
        yield from leaves(value, (*at, key))


def name_of(steps: tuple[Step, ...]) -> str:
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).lstrip(".")


def harmless(value: Any, bad: Any) -> bool:
    """A free text may be "x", a truth value may be true, an empty list may be empty."""
    return (isinstance(value, str) and bad == "x") or type(value) is type(bad) in (bool, list)


@pytest.mark.parametrize("pack", _core.packs())
def test_one_corrupt_leaf_is_named(pack: str) -> None:
    tree = Scenario.preset(pack).to_dict(complete=True)
    assert Scenario.from_dict(tree).hash == Scenario.preset(pack).hash
    tried = 0
    for steps, value in list(leaves(tree)):
        parent: Any = tree
        for step in steps[:-1]:
            parent = parent[step]
        for bad in BAD:
            parent[steps[-1]] = bad
            try:
                Scenario.from_dict(tree)
            except sm.ScenarioError as error:
                refused(error, name_of(steps))
            else:
                assert harmless(value, bad), f"{name_of(steps)} = {bad!r} was accepted"
            tried += 1
        parent[steps[-1]] = value
    assert tried >= len(BAD) * sum(1 for _ in leaves(tree))
    assert Scenario.from_dict(tree).hash == Scenario.preset(pack).hash


def test_one_corrupt_leaf_is_named_by_with_too(preset: Scenario) -> None:
    for steps, value in leaves(preset.to_dict(complete=True)):
        for bad in BAD:
            if harmless(value, bad):
                continue
            with pytest.raises(sm.ScenarioError) as caught:
                preset.with_({name_of(steps): bad})
            refused(caught.value, name_of(steps))


# --- trees that are traps -----------------------------------------------------------------------

TRAPS = {
    "cycle": "t = []; t.append(t)",
    "double cycle": "t = []; t += [t, t]",
    "cycle of dicts": "t = {}; t.update(a=t, b=t)",
    "shared": "t = []\nfor _ in range(40): t = [t, t]",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_tree_without_end_is_refused_at_once(trap: str) -> None:
    code = (
        f"import skillmix as sm\n{TRAPS[trap]}\ns = sm.preset('{PACK}')\n"
        "for call in (lambda: s.with_({'notes': t}),"
        f" lambda: sm.Scenario.from_dict({{'schema': 1, 'pack': '{PACK}', 'notes': t}})):\n"
        "    try: call()\n    except sm.ScenarioError as error: print(error.problems[0].path[:5])\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, timeout=10, check=True
    )
    assert done.stdout.split() == [b"notes", b"notes"]


def test_a_path_without_end_is_refused_at_once(preset: Scenario) -> None:
    started = time.perf_counter()
    with pytest.raises(sm.ScenarioError):
        preset.with_({".".join(["a"] * 20_000): 1})
    assert time.perf_counter() - started < 0.25


@pytest.mark.parametrize("path", ["", ".", "staff..pwp", "staff.pwp.in_post.x", "name[0]", "a b"])
def test_a_path_that_leads_nowhere(preset: Scenario, path: str) -> None:
    with pytest.raises(sm.ScenarioError):
        preset.with_({path: 1})


def test_half_a_character_is_never_replaced(preset: Scenario) -> None:
    with pytest.raises(sm.ScenarioError, match="name"):
        preset.with_({"name": "a\ud800b"})
    with pytest.raises(sm.ScenarioError, match="surrogate"):
        preset.with_({"staff.\ud800.posts": 1})
    with pytest.raises(sm.ScenarioError, match="surrogate"):
        Scenario.from_toml("name = '\ud800'")


class Liar:
    """An object that only looks like a date or a number."""

    def isoformat(self) -> int:
        return 3

    def tolist(self) -> object:
        raise RuntimeError("no")


@pytest.mark.parametrize("odd", [Liar(), np.ndarray, type("T", (), {"isoformat": 1})(), len])
def test_odd_objects_are_named_by_their_path(preset: Scenario, odd: Any) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        preset.with_({"staff.pwp.in_post": odd})
    refused(caught.value, "staff.pwp.in_post")
