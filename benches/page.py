"""How are the figures shown? In a terminal, and in the tables of the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Row = dict[str, Any]

TOP = Path(__file__).parent.parent
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
NOTHING = "-"


def seconds(value: float | None) -> str:
    """In the unit that reads best."""
    if value is None:
        return NOTHING
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def number(value: float | None, decimals: int) -> str:
    """With so many decimals."""
    return NOTHING if value is None else f"{value:,.{decimals}f}"


def ratio(row: Row) -> str:
    """How many times as fast ours is; of a law its value; nothing beside ours."""
    value = row["ratio"]
    if value is None or (row["z"] == 0 and "must" not in row):
        return NOTHING
    if row["case"] in ("law", "B10", "sweep"):
        return f"{value:.3f}"
    return f"{value:.0f}" if value >= 20 else f"{value:.2g}"


def verdict(row: Row) -> str:
    """What it must be, and whether it is."""
    if "must" not in row:
        return NOTHING
    must = row["must"] if isinstance(row["must"], str) else f"{row['must']:g} or more"
    return f"{must}: {'yes' if row['reached'] else 'NO'}"


COLUMNS = (
    ("case", lambda row: row["case"]),
    ("work", lambda row: row["what"]),
    ("engine", lambda row: row["rival"]),
    ("CPU", lambda row: seconds(row["cpu_s"])),
    ("clock", lambda row: seconds(row["wall_s"])),
    ("memory MB", lambda row: number(row["peak_mb"], 1)),
    ("million events/s", lambda row: number((row["events_per_s"] or 0) / 1e6 or None, 2)),
    ("ratio", ratio),
    ("z", lambda row: number(row["z"], 1) if "z_of" in row else NOTHING),
    ("must", verdict),
    ("runs", lambda row: f"{row['runs']} x {row['replications'] or NOTHING}"),
    ("load", lambda row: number(row["load"], 1)),
)


def cells(rows: list[Row], columns: tuple[Any, ...] = COLUMNS) -> list[list[str]]:
    """Head and rows as text."""
    head = [name for name, _ in columns]
    return [head, *([str(of(row)) for _, of in columns] for row in rows)]


def table_text(rows: list[Row]) -> str:
    """For a terminal."""
    lines = cells(rows)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return "\n".join(text) + "\n"


def markdown(lines: list[list[str]]) -> str:
    """As a table of a page."""
    head, *rest = lines
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *rest))


def short(rows: list[Row]) -> str:
    """The table of the README: each case against each rival."""
    wanted = ("case", "work", "engine", "CPU", "ratio", "must")
    columns = tuple(column for column in COLUMNS if column[0] in wanted)
    return markdown(cells([row for row in rows if row["case"] != "law"], columns))


def write_pages(rows: list[Row], machine: dict[str, Any]) -> None:
    """Puts the tables between their marks in the documentation and the README."""
    where = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python "
        f"{machine['python']}, {machine['date']}."
    )
    contests = [row for row in rows if row["case"] != "law"]
    laws = [row for row in rows if row["case"] == "law"]
    law_columns = (
        ("law", lambda row: row["what"]),
        ("measured", ratio),
        ("must", verdict),
        ("load", lambda row: number(row["load"], 1)),
    )
    page = f"{where}\n\n{markdown(cells(contests))}"
    if laws:
        page += f"\n\n{markdown(cells(laws, law_columns))}"
    put(TOP / "docs" / "performance.md", page)
    put(TOP / "README.md", f"{where}\n\n{short(rows)}")


def put(path: Path, text: str) -> None:
    """Replaces what stands between the marks of a page."""
    page = path.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest or END not in page:
        raise ValueError(f"{path} has no place for the table: {BEGIN} ... {END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
