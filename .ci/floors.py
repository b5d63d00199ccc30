"""Check that the modules of the Rust core only use what lies below them.

Rust allows circles between the modules of a crate, so nobody else would notice. A module may use
every lower floor and, on an ordered floor, the modules listed before it.
Run from the top of the repository: ``python .ci/floors.py [folder of the sources]``.
"""

import re
import sys
from pathlib import Path

FLOORS = [  # the modules of each floor, and whether their order counts
    ("error table unit calendar stream distribution design luck statistics linear threads", True),
    ("reference", True),
    ("scenario", True),
    ("demand pathway ramp workforce manpower supervision capacity cost queueing measures", False),
    ("timetable record hours opening intake plan project simulate outcome", True),
    ("ensemble compare mix targets region sensitivity", True),
    ("binding", True),
]
STRANGERS = {"plan", "project", "simulate"}  # never each other, though their floor is ordered
PLACE = {
    name: (floor, spot * ordered)
    for floor, (names, ordered) in enumerate(FLOORS)
    for spot, name in enumerate(names.split())
}


def uses(code: str, depth: int) -> list[tuple[int, str]]:
    """(line, name) of each name below ``crate::``, or below as many ``super::`` as lead there."""
    found = []
    top = rf"(?<!super::)\b(crate|super(?:::super){{{depth - 1}}})::"
    for match in re.finditer(top + r"(?:(\w+)(?![\w!])|\{([^;]*)\}\s*;)", code):
        items = match[3] or match[2]
        while "{" in items:
            items = re.sub(r"\{[^{}]*\}", "", items)
        names = [word[0] for item in items.split(",") if (word := re.findall(r"\w+", item))]
        line = code.count("\n", 0, match.start()) + 1
        found += [(line, name) for name in names if match[1] == "crate" or name in PLACE]
    return found


def problems(root: Path) -> list[str]:
    """Every reference that points up or sideways, a line each."""
    found = []
    for path in sorted(set(root.rglob("*.rs")) - {root / "lib.rs"}):
        parts = path.relative_to(root).with_suffix("").parts
        user = parts[0]
        if user not in PLACE:
            found.append(f"{path}: module {user} stands on no floor: add it to .ci/floors.py")
            continue
        code = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        code = re.split(r"#\[cfg\(test\)\]\s*mod ", code)[0]  # the tests at the end of a file
        for line, used in uses(code, len(parts)):
            if used not in PLACE:
                found.append(f"{path}:{line}: crate::{used} is no module: name the module it is in")
            elif used != user and (PLACE[used] >= PLACE[user] or {used, user} <= STRANGERS):
                found.append(f"{path}:{line}: {user} may not use {used}")
        if user != "binding" and re.search(r"\b(pyo3|numpy)::", code):
            found.append(f"{path}: only binding may know Python")
    return found


if __name__ == "__main__":
    reported = problems(Path(sys.argv[1] if len(sys.argv) > 1 else "src"))
    print("\n".join(reported) or "floors: every reference points down")
    sys.exit(bool(reported))
