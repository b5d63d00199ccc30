"""Makes the three public series that the package ships (run once for each new publication).

Question answered: which public files were the shipped ones made from, and what was left out?

Made from the NHS Talking Therapies monthly activity and performance publications of NHS England
(the tidy files ``tt_provider_monthly.csv``, ``tt_provider_lookup.csv`` and
``tt_england_monthly.csv`` come from bennettoxford/nhstt, activity-performance-monthly v0.4.0),
Open Government Licence v3.0.

    python .ci/make_public_data.py <folder with the three tidy files> [<output folder>]

What it does, and nothing else:

* services by month: all 29 measures, sorted by service and month, gzip with no time stamp (the same
  input gives the same bytes). A blank cell stays blank: it is suppressed or was not reported;
* England by month: measures without a single published value are left out;
* look-up: first and last month, number of months and totals are left out, because they describe a
  later edition than the months shipped; so is the register status of the organisation.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

LOOKUP_COLUMNS = {
    "provider_code": "code",
    "name": "name",
    "town": "town",
    "icb_code": "board_code",
    "icb_name": "board",
    "region_name": "region",
}

Rows = list[dict[str, str]]


def read(path: Path) -> tuple[list[str], Rows]:
    """The header and rows of one tidy file."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


def text(columns: list[str], rows: Rows) -> bytes:
    """CSV bytes with line feeds, whatever the machine."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def whole(cell: str) -> str:
    """``1340.0`` as ``1340``; blanks and other text unchanged."""
    return cell[:-2] if cell.endswith(".0") else cell


def main(source: Path, target: Path) -> None:
    """Writes the three shipped files and prints their sizes."""
    target.mkdir(parents=True, exist_ok=True)

    columns, rows = read(source / "tt_provider_monthly.csv")
    columns = [
        "provider_code",
        "month",
        *(c for c in columns if c not in ("provider_code", "month")),
    ]
    rows = [{key: whole(cell) for key, cell in row.items()} for row in rows]
    rows.sort(key=lambda row: (row["provider_code"], row["month"]))
    services = gzip.compress(text(columns, rows), compresslevel=9, mtime=0)
    (target / "services_monthly.csv.gz").write_bytes(services)

    columns, rows = read(source / "tt_england_monthly.csv")
    columns = [c for c in columns if any(row[c].strip() for row in rows)]
    (target / "england_monthly.csv").write_bytes(text(columns, rows))

    _, rows = read(source / "tt_provider_lookup.csv")
    rows = [{new: row[old] for old, new in LOOKUP_COLUMNS.items()} for row in rows]
    rows.sort(key=lambda row: row["code"])
    (target / "services.csv").write_bytes(text(list(LOOKUP_COLUMNS.values()), rows))

    for path in sorted(target.glob("*.csv*")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    default = Path(__file__).resolve().parent.parent / "python" / "skillmix" / "data"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)
