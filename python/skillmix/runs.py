"""Which runs can be asked for by name? Verbs of a scenario, and functions that a module names.

``"project"`` stands for ``Scenario.project``; ``"skillmix:skill_mix"`` for a function whose first
argument is a scenario. A name travels to other processes and into files; a function does not.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

from skillmix.arguments import expect
from skillmix.errors import Problem, ScenarioError
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skillmix.tables import Answer

__all__ = ["check", "name_of", "of_name", "together", "verbs"]

_NOT_OPTIONS = ("self", "scenario", "progress")


def verbs() -> list[str]:
    """Verbs of a scenario that give an answer with tables."""
    return [
        name
        for name, method in vars(Scenario).items()
        if not name.startswith("_")
        and callable(method)
        and _gives_an_answer(str(inspect.unwrap(method).__annotations__.get("return", "")))
    ]


def _gives_an_answer(named: str) -> bool:
    return named == "Result" or (named.endswith(("Result", "Ensemble")) and "[" not in named)


def of_name(name: str) -> Callable[..., Answer]:
    """The function of a name; its first argument is the scenario.

    Raises:
        ScenarioError: if there is none; the verbs are listed.
    """
    module, colon, path = name.partition(":")
    found: Any = None
    if not colon:
        found = getattr(Scenario, name, None) if name in verbs() else None
    else:
        try:
            found = import_module(module)
            for part in path.split("."):
                found = getattr(found, part)
        except (ImportError, AttributeError, ValueError):
            found = None
    if not callable(found):
        allowed = f"{', '.join(verbs())}, or a function as 'module:name'"
        said = f"run: got {name[:80]!r}, allowed: {allowed}"
        raise ScenarioError(said, (Problem("run", name[:80], allowed, said),))
    return found  # type: ignore[no-any-return]  # what it gives is checked when it is run


def name_of(run: object) -> str:
    """The name of a verb or function, such as ``"project"`` or ``"skillmix.comparison:skill_mix"``.

    Raises:
        TypeError: if it is a function that no other process could find by its name.
        ScenarioError: if there is no such verb.
    """
    name = run if isinstance(run, str) else _found_by(run)
    of_name(name)
    return name


def _found_by(run: object) -> str:
    name = f"{getattr(run, '__module__', '')}:{getattr(run, '__qualname__', '')}"
    if not callable(run) or "<" in name or name.startswith(("__main__:", ":")):
        raise TypeError(
            "run: the name of a verb, or a function of a module that can be imported, is expected, "
            f"not {run!r:.80}"
        )
    return next((verb for verb in verbs() if vars(Scenario)[verb] is run), name)


def together(options: Mapping[str, Any] | None, more: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a run, from a dict and by name.

    Raises:
        TypeError: if it is no dict, or one is given twice.
    """
    if options is not None:
        expect("options", options, dict, "a dict of name and value")
    twice = sorted(set(options or {}) & set(more))
    if twice:
        raise TypeError(f"options: {', '.join(twice)} is given twice")
    return {**(options or {}), **more}


def check(name: str, options: Mapping[str, Any]) -> None:
    """Refuses options that a run does not have, before anything is run.

    How far it is, is told by whoever runs it: ``progress`` is no option.

    Raises:
        ScenarioError: with all of them, the nearest name for each.
    """
    from difflib import get_close_matches

    parameters = inspect.signature(of_name(name)).parameters
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters.values()):
        return
    known = [key for key in list(parameters)[1:] if key not in _NOT_OPTIONS]
    found = []
    for option in options:
        if option not in known:
            near = next(iter(get_close_matches(option, known, n=1)), None)
            hint = f"; did you mean {near}?" if near else ""
            said = f"{option}: {name} has no such option{hint}"
            found.append(Problem(option, repr(options[option])[:80], ", ".join(known), said, near))
    if found:
        raise ScenarioError("\n".join(one.message for one in found), tuple(found))
