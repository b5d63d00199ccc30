"""How is an independent case read, compared and written down by a test of Python?

As ``tests/oracles/case.rs``: every comparison appends a row to the file named in
``SKILLMIX_CHECKS``, from which ``make validation`` writes its page, before it passes or fails.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

CASES = json.loads(
    (Path(__file__).parents[1] / "data" / "oracles.json").read_text(encoding="utf-8")
)["cases"]


class Case:
    """An independent case by its id."""

    def __init__(self, name: str) -> None:
        (found,) = (case for case in CASES if case["id"] == name)
        self.name = name
        self.inputs: dict[str, Any] = found["inputs"]
        self.expected: dict[str, Any] = found["expected"]
        self.tolerance: dict[str, Any] = found["tolerance"]

    def check_list(
        self, quantity: str, ours: list[float], *, absolute: float = 0.0, relative: float = 0.0
    ) -> None:
        """Fails unless each value is what is expected; relative tolerances are of the value."""
        wanted = self.expected[quantity]
        assert len(ours) == len(wanted)
        for place, (value, want) in enumerate(zip(ours, wanted, strict=True)):
            floor = max(absolute, relative if want == 0 else 0.0)
            agrees = math.isclose(value, want, rel_tol=relative, abs_tol=floor)
            self._write_down(f"{quantity}.{place}", want, value, agrees=agrees)
            assert agrees, f"{self.name} {quantity}.{place}: {value} for {want}"

    def _write_down(self, quantity: str, wanted: float, ours: float, *, agrees: bool) -> None:
        path = os.environ.get("SKILLMIX_CHECKS")
        if not path:
            return
        test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
        row = {
            "id": self.name,
            "quantity": quantity,
            "expected": wanted,
            "obtained": ours,
            "se": None,
            "verdict": "agrees" if agrees else "fails",
            "test": f"python::{test.removeprefix('test_')}",
        }
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
