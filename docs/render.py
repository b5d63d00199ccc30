"""Write the pages "Fields" and "Sources" from the tables that the code itself uses.

A page cannot disagree with the model, since both come from ``skillmix.reference``: the fields of a
scenario with their units and limits, and the assumptions of each reference pack with their sources.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from skillmix import reference

PACKS = ("talking-therapies-2025", "iapt-2008")
FIELDS = ("path", "unit", "type", "minimum", "maximum", "description")
ASSUMPTIONS = (
    "path",
    "value",
    "low",
    "high",
    "unit",
    "source",
    "url",
    "date",
    "status",
    "note",
)

Row = dict[str, Any]


def write_pages(folder: Path) -> None:
    """Write ``fields.md`` and ``sources.md`` into `folder`.

    Raises:
        ValueError: A table of the package has other columns than the page shows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    packs = {pack: rows(reference.assumptions(pack), ASSUMPTIONS) for pack in PACKS}
    for name, text in {
        "fields.md": fields_page(rows(reference.fields(), FIELDS)),
        "sources.md": sources_page(packs),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def rows(table: pd.DataFrame, columns: Sequence[str]) -> list[Row]:
    """The rows of `table`, with an empty text where a cell is missing."""
    if tuple(table.columns) != tuple(columns):
        raise ValueError(f"expected the columns {', '.join(columns)}, got {list(table.columns)}")
    return [
        {key: "" if pd.isna(cell) else cell for key, cell in zip(columns, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def fields_page(fields: Sequence[Row]) -> str:
    """Every field of a scenario, by the section of the file that it stands in."""
    parts = [
        "# Fields of a scenario",
        "A scenario is a TOML or JSON file, or a dict, of these fields. It states only what "
        "differs from its reference pack; the value of everything else, with its source, is on "
        "the page [Sources](sources.md). Limits are part of the field: a value outside "
        "them is refused, with the path, the value and the limits in the message. This page is "
        "made from the table by which the code itself checks a file.",
    ]
    for section, group in by_section(fields):
        parts += [
            f"## {section}",
            markdown_table(
                ["field", "unit", "type", "from", "to", "what it is"],
                (
                    [code(r["path"]), r["unit"], r["type"], *limits(r), r["description"]]
                    for r in group
                ),
            ),
        ]
    return "\n\n".join(parts) + "\n"


def sources_page(packs: dict[str, list[Row]]) -> str:
    """Every assumption of every pack, with the source it was read in."""
    parts = [
        "# Sources",
        "What the model takes for granted when a scenario says nothing else. One row is one fact: "
        "its value, the range that is plausible, the unit, where and when it was read, and its "
        "status. `unverified` was recalled and not seen in its source; `judgement` has no "
        "published source, and a wide range instead. Neither should carry a decision without a "
        "local figure.",
    ]
    for pack, facts in packs.items():
        statuses = sorted({str(fact["status"]) for fact in facts})
        counts = ", ".join(
            f"{sum(str(fact['status']) == status for fact in facts)} {status}"
            for status in statuses
        )
        parts += [f"## Pack {pack}", f"{len(facts)} assumptions: {counts}."]
        for section, group in by_section(facts):
            parts += [
                f"### {section} ({pack})",
                markdown_table(
                    ["assumption", "value", "low", "high", "unit", "source", "date", "status"],
                    (
                        [
                            code(r["path"]),
                            *(number(r[key]) for key in ("value", "low", "high")),
                            r["unit"],
                            source(r),
                            r["date"],
                            r["status"],
                        ]
                        for r in group
                    ),
                ),
            ]
    return "\n\n".join(parts) + "\n"


def by_section(table: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """The rows by the first part of their path, sections in the order in which they first come."""
    order = list(dict.fromkeys(section_of(row) for row in table))
    ordered = sorted(table, key=lambda row: order.index(section_of(row)))
    return ((name, list(group)) for name, group in groupby(ordered, key=section_of))


def section_of(row: Row) -> str:
    """The first part of the path: ``staff`` of ``staff.pwp.posts``."""
    return str(row["path"]).split(".")[0].split("[")[0]


def source(row: Row) -> str:
    """The source, linked where its address is one, with the note below it."""
    text, url = str(row["source"]), str(row["url"])
    linked = f"[{text}]({url})" if url.startswith(("http://", "https://")) else text
    return f"{linked}. {row['note']}" if row["note"] else linked


def limits(row: Row) -> tuple[str, str]:
    """The least and the greatest value allowed, empty where there is none."""
    return number(row["minimum"]), number(row["maximum"])


def number(value: object) -> str:
    """A number without needless digits; a text as it is."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def code(text: object) -> str:
    """`text` as code."""
    return f"`{text}`"


def markdown_table(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside cells are escaped and line ends become spaces."""
    lines = [list(head), ["---"] * len(head), *body]
    return "\n".join(
        "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in line) + " |"
        for line in lines
    )
