"""Compare with every independent case, and write what was found.

The tests themselves say what was expected and obtained: they append each comparison to the file
named in ``SKILLMIX_CHECKS``. This script runs them, orders the lines, writes ``validation.json``
and the page ``docs/validation.md``, and fails if anything disagrees or a case is missing.
Run from the top of the repository: ``python .ci/validation.py [folder for validation.json]``.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any

DATA = Path("tests/data")
PAGE = Path("docs/validation.md")
TESTS = [
    *["cargo", "test", "--locked", "--profile", "quick", "--no-fail-fast"],
    *["--test", "oracles", "--test", "invariants"],
]
PYTHON_TESTS = [sys.executable, "-m", "pytest", "-q", "tests/python/test_oracles.py"]
BOUNDS = {"max_rel_diff", "relative_error_max"}
"""Quantities that are to be at most what is expected."""

AREAS = {
    "queue": "Queues",
    "fluid": "Fluid queues",
    "manpower": "Manpower planning",
    "ramp": "Trainees",
    "supervision": "Supervision",
    "mix": "Whole posts",
    "flow": "Stepped care",
    "published": "Published cases",
    "nhs": "Waiting-list arithmetic",
    "dist": "Distributions",
    "numerics": "Accumulators",
    "rng": "Random numbers",
    "vr": "Variance reduction",
    "output": "Statistics of runs",
    "cost": "Money",
    "invariant": "What must always hold",
    "sensitivity": "Sensitivity",
    "voi": "Value of information",
    "optimise": "Optimisation",
}

Row = dict[str, Any]


def checks() -> tuple[list[Row], int]:
    """Every comparison of the tests, and the exit code of the tests."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "checks.jsonl"
        lines.touch()
        noted = os.environ | {"SKILLMIX_CHECKS": str(lines)}
        codes = [
            subprocess.run(tests, env=noted, check=False).returncode  # noqa: S603 - our own tests
            for tests in (TESTS, PYTHON_TESTS)
        ]
        text = lines.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()], max(codes)


def gap(row: Row) -> tuple[bool, float]:
    """How far a comparison is off; one that fails is further off than any that agrees."""
    expected, obtained = row["expected"], row["obtained"]
    numbers = isinstance(expected, int | float) and isinstance(obtained, int | float)
    return row["verdict"] == "fails", abs(obtained - expected) if numbers else 0.0


def ordered(cases: list[Row], found: list[Row], excused: dict[str, str]) -> list[Row]:
    """One row a quantity and test, the worst where a test compares it often; every case has one."""
    by_case: dict[str, dict[tuple[str, str], Row]] = {case["id"]: {} for case in cases}
    for row in found:
        kept = by_case[row["id"]]
        key = (row["test"], row["quantity"])
        if key not in kept or gap(row) > gap(kept[key]):
            kept[key] = row
    rows = []
    for case in cases:
        of_case = sorted(by_case[case["id"]].values(), key=lambda row: row["test"])
        nothing = {"expected": None, "obtained": None, "se": None, "quantity": None, "test": None}
        if case["id"] in excused:
            reason = excused[case["id"]]
            of_case = [{"id": case["id"], **nothing, "verdict": "not aimed at", "reason": reason}]
        elif not of_case:
            reason = "no test wrote this case down"
            of_case = [{"id": case["id"], **nothing, "verdict": "fails", "reason": reason}]
        rows += of_case
    return rows


def shown(value: object, digits: int = 6) -> str:
    """A number to six digits, which are the same on every machine."""
    if value is None:
        return ""
    if isinstance(value, float | int):
        return "0" if abs(value) < 1e-300 else f"{value:.{digits}g}"
    return str(value)


def obtained(row: Row) -> str:
    """What was obtained; where only rounding is left, the bound that it keeps."""
    value = row["obtained"]
    if row["quantity"] in BOUNDS and row["verdict"] == "agrees":
        return f"at most {shown(row['expected'])}"
    if row["expected"] == 0 and row["se"] is None and 0 < abs(value) <= 1e-9:
        return "below 1e-9"
    return shown(value)


def some(texts: list[str]) -> str:
    """A list of texts, shortened after the sixth."""
    more = f", ... ({len(texts)} in all)" if len(texts) > 6 else ""
    return ", ".join(texts[:6]) + more


def name_of(row: Row) -> tuple[str, str]:
    """Test and quantity of a row, without the places of a list."""
    parts = str(row["quantity"]).split(".")
    return row["test"], ".".join(part for part in parts if not part.isdigit())


def cell(text: str) -> str:
    """A text as a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(head: str, lines: list[list[str]]) -> str:
    """A Markdown table."""
    columns = [name.strip() for name in head.split("|")]
    texts = [columns, ["---"] * len(columns), *lines]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in texts)


def page(cases: list[Row], rows: list[Row]) -> str:
    """The page of the documentation."""
    verdicts = {case["id"]: "agrees" for case in cases}
    for row in rows:
        if row["verdict"] != "agrees":
            verdicts[row["id"]] = row["verdict"]
    count = {word: list(verdicts.values()).count(word) for word in ["agrees", "fails"]}
    aside = len(cases) - count["agrees"] - count["fails"]
    compared = sum(row["obtained"] is not None for row in rows)
    parts = [
        "# Validation",
        f"What the model is checked against: {len(cases)} cases with numeric inputs and expected "
        "values that were worked out independently of this code, with formulas, tables or programs "
        f"of others. {count['agrees']} agree, {count['fails']} fail and {aside} are not aimed at; "
        f"{compared} numbers were compared.",
        "`make validation` runs the tests, writes this page and `out/validation.json` (the same "
        "rows with all digits). A comparison is made by the test that is named beside it, so the "
        "page has no figures of its own. Results without a standard error agree to 1e-9 or to the "
        "tolerance that the case states; means of random runs lie within 4 standard errors, and "
        "the standard error is at most 1 % of the value, or what the case states. Seeds are fixed: "
        "the digits shown here "
        "are the same on every machine and with any number of threads, while the last digits in "
        "the file may differ from one kind of machine to another.",
        "The inputs, formula and source of each case are in `tests/data/oracles.json`.",
    ]
    areas = dict.fromkeys(case["area"] for case in cases)
    for area in areas:
        parts.append(f"## {AREAS.get(area, area)}")
        lines: list[list[str]] = []
        for case in (case for case in cases if case["area"] == area):
            start = [f"**{case['id']}**", case["description"]]
            of_case = [row for row in rows if row["id"] == case["id"]]
            for (test, quantity), group in groupby(of_case, key=name_of):
                of_list = list(group)
                if of_list[0]["obtained"] is None:
                    verdict = f"{of_list[0]['verdict']}: {of_list[0]['reason']}"
                    lines.append([*start, "", "", "", "", verdict])
                    continue
                bad = any(row["verdict"] == "fails" for row in of_list)
                what = f"`{quantity}`<br>{test.replace('::', ': ').replace('_', ' ')}"
                lines.append(
                    [
                        *start,
                        what,
                        some([shown(row["expected"]) for row in of_list]),
                        some([obtained(row) for row in of_list]),
                        some([shown(row["se"], 2) for row in of_list if row["se"] is not None]),
                        "fails" if bad else "agrees",
                    ]
                )
                start = ["", ""]
        head = "case | what it is | quantity and test | expected | obtained | standard error"
        parts.append(table(f"{head} | verdict", lines))
    return "\n\n".join(parts) + "\n"


def main(folder: Path) -> int:
    """Run the tests, write both files, and say how it went."""
    cases = json.loads((DATA / "oracles.json").read_text(encoding="utf-8"))["cases"]
    reasons = tomllib.loads((DATA / "not_aimed_at.toml").read_text(encoding="utf-8"))["reason"]
    excused = {case: reason["why"] for reason in reasons for case in reason["cases"]}
    found, failed = checks()
    rows = ordered(cases, found, excused)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    (folder / "validation.json").write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(cases, rows), encoding="utf-8")
    wrong = sorted({row["id"] for row in rows if row["verdict"] == "fails"})
    print(f"{len(rows)} rows in {folder / 'validation.json'} and {PAGE}")
    print(f"these fail: {', '.join(wrong)}" if wrong else "nothing that is aimed at fails")
    return bool(wrong) or failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "out")))
