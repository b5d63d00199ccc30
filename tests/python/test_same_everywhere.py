"""Runs that are interrupted, forked, copied or made on another machine: stopped, or the same bits.

The numbers of the tests (B073, ...) are those of the list of bad inputs in ``README.md`` beside
this file.
"""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PACK, UNSURE, digest

import skillmix as sm
from skillmix import Scenario

if TYPE_CHECKING:
    from skillmix.tables import Answer


# What a new process says of the same run: one digest of every figure of every table.
ELSEWHERE = f"""
import hashlib, os, signal, sys, threading, time
import skillmix as sm

def digest(answer):
    found = hashlib.sha256()
    for table in answer.tables():
        for name, values in answer.columns(table).items():
            found.update(name.encode() + repr(values.tolist()).encode())
    return found.hexdigest()

s = sm.preset({PACK!r}).with_({UNSURE!r})
run = lambda: s.project(years=1, draws=40, seed=7)
"""


def elsewhere(code: str, limit: float = 20, /, **environment: str) -> list[str]:
    """The words that a new process prints."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", ELSEWHERE + code],
        capture_output=True,
        text=True,
        timeout=limit,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


# --- interrupted, forked, copied ----------------------------------------------------------------


def test_b072_a_fault_is_an_exception_and_later_calls_work(ours: Scenario) -> None:
    class Fault:
        def __index__(self) -> int:
            raise RuntimeError("no")

        def __repr__(self) -> str:
            raise RuntimeError("no")

    before = digest(ours.project(weeks=5))
    for argument in ("weeks", "years", "draws", "seed"):
        with pytest.raises(sm.ScenarioError, match=argument):
            ours.project(**{argument: Fault()})  # type: ignore[arg-type]
    assert digest(ours.project(weeks=5)) == before


INTERRUPT = """
before = digest(run())
sent = []
def press():
    time.sleep(0.4)
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
thread = threading.Thread(target=press)
thread.start()
try:
    CALL
    print("finished")
except KeyboardInterrupt:
    print("stopped", time.perf_counter() - sent[0])
thread.join()
print(threading.active_count(), digest(run()) == before)
"""


@pytest.mark.parametrize(
    "call",
    [
        "s.project(years=5, draws=100_000, seed=1)",
        "sm.skill_mix(s, pwp_share=[i / 200 for i in range(201)], years=10)\n"
        "    sm.skill_mix(s, pwp_share=[i / 200 for i in range(201)], years=10)",
        "waiting = {'waiting.step3.cbt': {'people': 3000, 'longest_weeks': 20}}\n"
        "    long = s.with_({'calendar.weeks': 520, **waiting})\n"
        "    to = {'step3_wait_weeks': 2, 'by': '2027-06', 'conditions': False}\n"
        "    for _ in range(50):\n"
        "        try: long.plan(to=to)\n"
        "        except sm.InfeasibleError: pass",
    ],
    ids=["draws", "skill_mix", "plan_to"],
)
def test_b073_ctrl_c_is_answered_at_once(call: str) -> None:
    said = elsewhere(INTERRUPT.replace("CALL", call), 60)
    assert said[0] == "stopped"
    assert float(said[1]) < 0.2
    assert said[2:] == ["1", "True"]


def test_b026_draws_that_do_not_fit_into_memory_are_a_limit_error() -> None:
    # a million draws of ten years, seven measures a month, would be 6.7 GB
    said = elsewhere(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
        "try: s.project(years=10, draws=10**6, seed=1)\n"
        "except sm.LimitError as error: print(error.problems[0].path)\n"
    )
    assert said == ["draws"]


def test_b075_a_forked_child_runs_too() -> None:
    said = elsewhere(
        "first = digest(run())\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    signal.alarm(8)\n"
        "    os._exit(0 if digest(run()) == first else 1)\n"
        "print(os.waitpid(child, 0)[1], digest(run()) == first)\n"
    )
    assert said == ["0", "True"], "the child hung, or its figures differ"


def test_b076_pickles_and_copies_are_equal(ours: Scenario, answers: dict[str, Answer]) -> None:
    makes: list[Any] = [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy, copy.copy]  # noqa: S301
    for make in makes:
        again = make(ours)
        assert (again, hash(again), again.hash) == (ours, hash(ours), ours.hash)
        for answer in answers.values():
            other = make(answer)
            assert digest(other) == digest(answer)
            assert other.meta == answer.meta
            assert other.words() == answer.words()


def test_b076_a_pickle_is_text_and_checked_again(ours: Scenario) -> None:
    raw = pickle.dumps(ours.with_({"staff.pwp.in_post": 12345.0}), protocol=2)
    assert b"12345.0" in raw
    assert b"numpy" not in raw
    for bad in (b"-2345.0", b"1234567", b"1234x.0", b'"12345"'):
        with pytest.raises(sm.ScenarioError):
            pickle.loads(raw.replace(b"12345.0", bad))  # noqa: S301
    with pytest.raises(sm.VersionError):
        pickle.loads(raw.replace(b'"schema": 1', b'"schema": 9'))  # noqa: S301


def test_b076_a_truncated_pickle_is_refused(ours: Scenario) -> None:
    raw = pickle.dumps(ours)
    for end in range(len(raw)):
        with pytest.raises((pickle.UnpicklingError, EOFError, sm.ScenarioError)):
            pickle.loads(raw[:end])  # noqa: S301


# --- the same everywhere ------------------------------------------------------------------------


def test_b078_bits_do_not_depend_on_the_machine(ours: Scenario) -> None:
    here = digest(ours.project(years=1, draws=40, seed=7))
    print_it = "print(digest(run()), digest(s.plan()), s.hash)"
    worlds = [
        {"RAYON_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"RAYON_NUM_THREADS": "2", "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
        {"RAYON_NUM_THREADS": "7", "PYTHONHASHSEED": "99", "LC_ALL": "de_DE.UTF-8"},
    ]
    said = {tuple(elsewhere(print_it, **world)) for world in worlds}
    late = f"import locale, pandas, altair\nos.umask(0o777)\n{print_it}"
    said.add(tuple(elsewhere(late, LANG="de_DE.UTF-8", TZ="America/St_Johns")))
    assert said == {(here, digest(ours.plan()), ours.hash)}
