"""How is an answer made again from text that anybody can read?

Every answer pickles as its recipe: the scenario as text and what was asked. ``to_tree`` writes that
recipe as a tree for JSON instead, each scenario once, under its hash; ``from_tree`` follows it and
runs everything again. A new kind of answer needs nothing here as long as its ``__reduce__`` names a
class of answers or a function called ``_rebuild`` or ``_..._again``: a tree calls nothing else.
"""

from __future__ import annotations

import copyreg
import json
import math
import re
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from skillmix import _core
from skillmix.core_answer import CoreAnswer
from skillmix.errors import DataError, ScenarioError
from skillmix.region import Region
from skillmix.scenario import Scenario
from skillmix.tables import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_tree", "to_tree"]

_AGAIN = re.compile(r"_([a-z]+_)?(rebuild|again)")
_CLASSES = (Answer, Scenario, Region)
_OF_THE_CORE = (CoreAnswer, Scenario, Region)
_DEEPEST = 60


def to_tree(value: Any, texts: dict[str, str]) -> Any:
    """What a value is made from, as a tree for JSON.

    Args:
        value: An answer, or what stands in its recipe.
        texts: Text of each scenario by its hash, which is added to.

    Raises:
        TypeError: if something in it is neither plain nor one of ours.
    """
    if isinstance(value, str):
        return _of_text(value, texts)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, list):
        return [to_tree(one, texts) for one in value]
    if isinstance(value, tuple):
        return {"$tuple": [to_tree(one, texts) for one in value]}
    if isinstance(value, dict):
        return _of_dict(value, texts)
    if isinstance(value, date):
        return {"$date": value.isoformat()[:10]}
    if isinstance(value, Scenario):
        return {"$scenario": _kept(value._inner, texts)}
    if isinstance(value, _core.Scenario):
        return {"$core": _kept(value, texts)}
    if isinstance(value, _core.Region):
        return {"$region": value.to_json()}
    if hasattr(value, "dtype"):
        return {"$array": value.tolist(), "dtype": value.dtype.str}
    return _of_object(value, texts)


def from_tree(tree: Any, texts: Mapping[str, str]) -> Any:
    """Makes what a tree says, with this version of skillmix.

    Raises:
        DataError: if the tree calls anything but answers of skillmix, or is damaged.
        SkillmixError: what the runs themselves raise.
    """
    return _made(tree, texts, 0)


def _of_dict(value: dict[Any, Any], texts: dict[str, str]) -> Any:
    if any(not isinstance(key, str) or key.startswith("$") for key in value):
        return {"$dict": [[to_tree(k, texts), to_tree(v, texts)] for k, v in value.items()]}
    return {key: to_tree(one, texts) for key, one in value.items()}


def _of_text(value: str, texts: dict[str, str]) -> Any:
    """A text; that of a scenario stands among the texts, under its hash."""
    if not value.startswith("{"):
        return value
    try:
        core = _core.Scenario.from_json(value)
    except ScenarioError:
        return value
    return {"$text": _kept(core, texts)} if core.to_json() == value else value


def _kept(core: _core.Scenario, texts: dict[str, str]) -> str:
    texts.setdefault(core.hash, core.to_json())
    return core.hash


def _of_object(value: Any, texts: dict[str, str]) -> Any:
    reduced = value.__reduce_ex__(2)
    call, arguments, state = (*reduced, None)[:3]
    if any(rest is not None for rest in reduced[3:]):
        raise TypeError(f"{type(value).__name__} has no recipe that can be written as text")
    tree: dict[str, Any]
    try:  # what could not be read is not written
        if call is copyreg.__newobj__:  # type: ignore[attr-defined]  # not in the stubs
            slots = state[1] if isinstance(state, tuple) else state or {}
            tree = {
                "$new": _name(arguments[0]),
                "state": {key: to_tree(one, texts) for key, one in slots.items()},
            }
            _resolved(tree["$new"], new=True)
        else:
            tree = {"$call": _name(call), "with": [to_tree(one, texts) for one in arguments]}
            _resolved(tree["$call"])
    except DataError:
        raise TypeError(
            f"a {type(value).__name__} that was not made from a scenario cannot be made again"
        ) from None
    return tree


def _name(call: Any) -> str:
    owner = getattr(call, "__self__", None)
    if isinstance(owner, type):  # a class method
        return f"{owner.__module__}:{owner.__qualname__}.{call.__name__}"
    return f"{call.__module__}:{call.__qualname__}"


def _resolved(name: object, *, new: bool = False) -> Any:
    """The class or function of a name, if a recipe may call it.

    What is called runs something, or holds what was run: no recipe can bring figures of its own.

    Raises:
        DataError: if it may not.
    """
    module, _, path = str(name).partition(":")
    first, _, method = path.partition(".")
    found = None
    if module.split(".")[0] == "skillmix" and not path.startswith("__") and "." not in method:
        try:
            found = vars(import_module(module)).get(first)
        except ImportError:
            found = None
    is_ours = getattr(found, "__module__", "") == module
    if isinstance(found, type) and issubclass(found, _CLASSES) and is_ours:
        if not method and not (new and found.__reduce__ is not object.__reduce__):
            return found
        if method == "_of" and issubclass(found, _OF_THE_CORE):
            return found._of
    if callable(found) and _AGAIN.fullmatch(first) and not method and is_ours:
        return found
    raise DataError(f"a recipe calls {str(name)[:80]!r}, which is no answer of skillmix")


def _made(tree: Any, texts: Mapping[str, str], depth: int) -> Any:
    if depth > _DEEPEST:
        raise DataError(f"a recipe is more than {_DEEPEST} levels deep")
    if isinstance(tree, list):
        return [_made(one, texts, depth + 1) for one in tree]
    if not isinstance(tree, dict):
        return tree
    tags = [key for key in tree if key.startswith("$")]
    if not tags:
        return {key: _made(one, texts, depth + 1) for key, one in tree.items()}
    tag, inner = tags[0], tree[tags[0]]
    match tag:
        case "$float" if inner in ("nan", "inf", "-inf"):
            return float(inner)
        case "$tuple" if isinstance(inner, list):
            return tuple(_made(inner, texts, depth + 1))
        case "$dict" if isinstance(inner, list):
            return dict(_made(inner, texts, depth + 1))
        case "$date":
            return date.fromisoformat(str(inner))
        case "$array":
            import numpy as np

            return np.array(inner, dtype=str(tree.get("dtype", "<f8")))
        case "$scenario":
            return Scenario._of(_core.Scenario.from_json(_text(inner, texts)))
        case "$core":
            return _core.Scenario.from_json(_text(inner, texts))
        case "$text":
            return _core.Scenario.from_json(_text(inner, texts)).to_json()
        case "$region":
            return _core.Region.from_json(str(inner))
        case "$call" if isinstance(tree.get("with"), list):
            arguments = _made(tree["with"], texts, depth + 1)
            for one in arguments:
                if isinstance(one, dict) and "version" in one:
                    one["version"] = _core.__version__  # it is run by this one
            return _resolved(inner)(*arguments)
        case "$new":
            found = _resolved(inner, new=True)
            made = found.__new__(found)
            for key, value in tree.get("state", {}).items():
                object.__setattr__(made, key, _made(value, texts, depth + 1))
            return made
    raise DataError(f"a recipe has a part that nobody can read: {json.dumps(tree)[:80]}")


def _text(key: object, texts: Mapping[str, str]) -> str:
    try:
        return texts[str(key)]
    except KeyError:
        raise DataError(
            f"a recipe asks for the scenario {str(key)[:80]!r}, which is missing"
        ) from None
