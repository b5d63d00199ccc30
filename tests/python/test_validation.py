"""The validation page shows every independent case, and nothing on it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "validation.md").read_text(encoding="utf-8")
CASES = json.loads((TOP / "tests" / "data" / "oracles.json").read_text(encoding="utf-8"))["cases"]


def rows() -> dict[str, list[list[str]]]:
    """The rows of the page, by case; a row that names no case belongs to the one above it."""
    found: dict[str, list[list[str]]] = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        if not line.startswith("|") or len(cells) != 7 or cells[0] in ("case", "---"):
            continue
        if cells[0]:
            case = cells[0].strip("*")
            found[case] = []
        found[case].append(cells)
    return found


def test_every_case_is_on_the_page_once_with_its_description() -> None:
    found = rows()
    assert list(found) != []
    assert set(found) == {case["id"] for case in CASES}
    assert PAGE.count("| **") == len(CASES)
    for case in CASES:
        assert found[case["id"]][0][1] == case["description"].replace("|", "\\|")


def test_every_row_agrees_or_says_why_it_is_not_aimed_at() -> None:
    for case, lines in rows().items():
        for cells in lines:
            verdict = cells[6]
            if verdict.startswith("not aimed at: "):
                assert len(verdict) > 40, case
                assert cells[2:6] == ["", "", "", ""], case
            else:
                assert verdict == "agrees", f"{case}: {cells}"
                assert cells[2], case
                assert cells[3], case
                assert cells[4], case


def test_expected_figures_are_those_of_the_cases() -> None:
    """One number of each case that expects a plain one, to the six digits that are shown."""
    for case in CASES:
        for cells in rows()[case["id"]]:
            name = re.match(r"`([^`]*)`", cells[2])
            wanted = case["expected"].get(name[1]) if name else None
            if isinstance(wanted, int | float):
                assert float(cells[3]) == float(f"{wanted:.6g}"), case["id"]


def test_random_figures_lie_within_four_standard_errors() -> None:
    """Read from the page itself, so to the digits shown; a standard error is at most 1 %."""
    for case, lines in rows().items():
        for cells in lines:
            if not cells[5] or "," in cells[5]:
                continue
            expected, obtained, error = (float(cells[place]) for place in (3, 4, 5))
            assert abs(obtained - expected) <= 4.1 * error, case
