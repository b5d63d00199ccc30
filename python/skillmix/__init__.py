"""skillmix: plan the staff of a stepped-care psychological therapy service.

A ``Scenario`` says what a service is and what is intended; everything else comes from a dated
reference pack. ``scenario.plan()`` works out who is needed, ``scenario.project(years=5)`` goes week
by week, ``compare`` puts scenarios side by side, ``skill_mix`` mixes of low and high intensity
staff. ``queueing`` has closed forms of waiting lists. Every figure can show its source.

>>> import skillmix as sm
>>> ours = sm.preset("talking-therapies-2025").with_({"staff.pwp.in_post": 24})
>>> ours.to_dict()["staff"]["pwp"]["in_post"]
24
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from skillmix import processor as _processor  # noqa: F401 - it speaks before the compiled part
from skillmix._core import __version__
from skillmix.errors import (
    DataError,
    ExecutorError,
    FileError,
    InfeasibleError,
    LimitError,
    ScenarioError,
    SkillmixError,
    UnknownNameError,
    VersionError,
)
from skillmix.scenario import Scenario

if TYPE_CHECKING:
    from skillmix import excel, public, queueing, reference, region, sensitivity, staff_list
    from skillmix.bundle import reproduce
    from skillmix.case import business_case
    from skillmix.comparison import compare, skill_mix
    from skillmix.mixes import mix_sweep
    from skillmix.region import Region
    from skillmix.runlog import run_log
    from skillmix.sweeps import Sweep, sweep

__all__ = [
    "DataError",
    "ExecutorError",
    "FileError",
    "InfeasibleError",
    "LimitError",
    "Region",
    "Scenario",
    "ScenarioError",
    "SkillmixError",
    "Sweep",
    "UnknownNameError",
    "VersionError",
    "__version__",
    "business_case",
    "compare",
    "excel",
    "load",
    "mix_sweep",
    "preset",
    "public",
    "queueing",
    "reference",
    "region",
    "reproduce",
    "run_log",
    "sensitivity",
    "skill_mix",
    "staff_list",
    "sweep",
]

preset = Scenario.preset
load = Scenario.load

# Loaded when they are first used, so that `import skillmix` stays under 50 ms.
_MODULES = (
    "excel",
    "frame",
    "plot",
    "programme",
    "public",
    "queueing",
    "reference",
    "region",
    "report",
    "sensitivity",
    "staff_list",
)
_FUNCTIONS = {
    "Region": "skillmix.region",
    "Sweep": "skillmix.sweeps",
    "business_case": "skillmix.case",
    "compare": "skillmix.comparison",
    "mix_sweep": "skillmix.mixes",
    "reproduce": "skillmix.bundle",
    "run_log": "skillmix.runlog",
    "skill_mix": "skillmix.comparison",
    "sweep": "skillmix.sweeps",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"skillmix.{name}")
    if name in _FUNCTIONS:
        return getattr(import_module(_FUNCTIONS[name]), name)
    raise AttributeError(f"module 'skillmix' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
