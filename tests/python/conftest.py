"""What several files of tests share: scenarios, their answers, and small checks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

import skillmix as sm
from skillmix import Scenario

if TYPE_CHECKING:
    from skillmix.tables import Answer

PACK = "talking-therapies-2025"
UNSURE = {"demand.growth_per_year": {"unsure": {"pert": [0.0, 0.01, 0.03]}}}

NO_NUMBERS = ("0x10", "１２", '"１,234"', "\u22125", "-5", "nan", "inf", "1e999", "1_000", "5e")
"""Spellings that some program reads as a number, and that no file of months may hold."""


@pytest.fixture(scope="session")
def preset() -> Scenario:
    """An unmodified pack."""
    return Scenario.preset(PACK)


@pytest.fixture(scope="session")
def ours(preset: Scenario) -> Scenario:
    """The pack with a growth that nobody is sure of."""
    return preset.with_(UNSURE)


@pytest.fixture(scope="session")
def answers(ours: Scenario) -> dict[str, Answer]:
    """One answer of each kind."""
    return {
        "plan": ours.plan(),
        "project": ours.project(weeks=60, draws=8, seed=1),
        "comparison": sm.compare({"a": ours, "b": ours.with_(name="b")}, weeks=60),
        "simulate": ours.simulate(weeks=30, replications=4, seed=1, log=True),
        "mix": sm.skill_mix(ours, pwp_share=[0.4, 0.6], years=1),
        "targets": ours.plan(to={"first_treatments": 1, "by": "2026-04"}),
        "region": sm.Region({"a": ours, "b": ours}, name="Both").project(weeks=60),
    }


def digest(answer: Answer) -> str:
    """One digest of every figure of every table."""
    found = hashlib.sha256()
    for table in answer.tables():
        for name, values in answer.columns(table).items():
            found.update(name.encode() + repr(values.tolist()).encode())
    return found.hexdigest()


def refused(error: sm.ScenarioError, path: str) -> Any:
    """The problem at the path; the message of the error says the same."""
    found = [problem for problem in error.problems if problem.path == path]
    assert found, f"{path} is not among {[p.path for p in error.problems]}"
    assert path in str(error)
    assert len(found[0].value) <= 80
    assert found[0].expected
    return found[0]
