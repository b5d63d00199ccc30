"""The floors check reports what it is there to report, and nothing else."""

import subprocess
import sys
from pathlib import Path

FLOORS = Path(__file__).parents[2] / ".ci" / "floors.py"


def check(src: Path, **files: str) -> subprocess.CompletedProcess[str]:
    """Write `files` (``__`` stands for a folder) under `src` and run the script on them."""
    for name, text in files.items():
        path = src / (name.replace("__", "/") + ".rs")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return subprocess.run(  # noqa: S603 - our own script, with this interpreter
        [sys.executable, str(FLOORS), str(src)], capture_output=True, text=True, check=False
    )


def test_references_downwards_pass(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        lib="pub mod unit; pub use crate::plan::Plan;",
        unit="use crate::error::Error;",
        capacity="use crate::{error, scenario::{staff::Role, Scenario}, unit::Hours};",
        plan="use super::capacity;\nuse crate::{table::Table, timetable};",
        plan__trace="use super::Plan;\nuse super::super::cost;",
        binding__run="use pyo3::prelude::*;\nuse crate::compare;",
    )
    assert result.returncode == 0, result.stdout


def test_every_kind_of_breach_is_named(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        unit="use crate::calendar::Day;",  # listed later on its own floor
        reference="\nuse crate::scenario::Scenario;",  # one floor up
        ramp="use crate::{\n    unit::{Wte, Hours},\n    cost::Price,\n};",  # a part beside it
        project="fn f() { crate::plan::run() }",  # the three runs never each other
        project__week="use super::super::simulate;",  # by way of super
        mix="use crate::Scenario;",  # a name re-exported by lib.rs hides its module
        cost="use numpy::PyArray1;",  # Python outside the binding
        novel="",  # on no floor at all
    )
    assert result.returncode == 1
    for line in [
        "unit.rs:1: unit may not use calendar",
        "reference.rs:2: reference may not use scenario",
        "ramp.rs:1: ramp may not use cost",
        "project.rs:1: project may not use plan",
        "week.rs:1: project may not use simulate",
        "mix.rs:1: crate::Scenario is no module",
        "cost.rs: only binding may know Python",
        "novel.rs: module novel stands on no floor",
    ]:
        assert line in result.stdout
    assert len(result.stdout.splitlines()) == 8


def test_comments_macros_and_test_modules_are_not_references(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        unit=(
            "//! See [`crate::plan`].\n"
            "crate::bounded!(Hours, 0.0, 168.0);\n"
            "#[cfg(test)]\nmod tests { use super::*; use crate::plan; }\n"
        ),
    )
    assert result.returncode == 0, result.stdout
