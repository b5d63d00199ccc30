"""A planner's own CSV of monthly referrals: suppressed, mistaken and hostile cells.

Expected values follow from the rules for such cells: a marker is never zero, a number is never
guessed, every fault is named with its row and column.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from conftest import NO_NUMBERS

from skillmix import preset, public, published
from skillmix.errors import DataError, FileError, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(content: str | bytes) -> Path:
        path = tmp_path / "referrals.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def rows(*cells: str, first: str = "2024-01") -> str:
    """A file with these cells of referrals in successive months."""
    months = published.month_range(first, published.next_month(first, len(cells) - 1))
    return "month,referrals\n" + "".join(f"{m},{c}\n" for m, c in zip(months, cells, strict=True))


def test_b050_a_byte_order_mark_is_no_part_of_the_name(write: Write) -> None:
    read = public.read_monthly(write(b"\xef\xbb\xbf" + rows("812", "790").encode()))
    assert read == {"2024-01": 812, "2024-02": 790}


@pytest.mark.parametrize("marker", ["*", "-", "..", "z", "[c]", "<5", ""])
def test_b052_a_marker_is_refused_by_default_with_its_cell(write: Write, marker: str) -> None:
    with pytest.raises(DataError, match=r"2024-02: .* not zero") as caught:
        public.read_monthly(write(rows("812", marker, "790")))
    assert (caught.value.file, caught.value.row, caught.value.column) == (
        "referrals.csv",
        3,
        "referrals",
    )


def test_b052_all_markers_are_listed_at_once(write: Write) -> None:
    with pytest.raises(DataError) as caught:
        public.read_monthly(write(rows("*", "-", "..", "z", "[c]", "<5")))
    assert all(f"row {row}" in str(caught.value) for row in range(2, 8))


@pytest.mark.parametrize(("marker", "middle"), [("*", 2.5), ("<5", 2.5), ("<10", 5.0)])
def test_b052_midpoint_of_what_a_suppressed_count_can_be(
    write: Write, marker: str, middle: float
) -> None:
    # 1 to 4 has the middle 2.5, 1 to 9 has 5
    read = public.read_monthly(write(rows("812", marker, "790")), suppressed="midpoint")
    assert list(read.values()) == [812, middle, 790]


@pytest.mark.parametrize("marker", ["-", "..", "z", "[c]", ""])
def test_b052_nothing_is_known_of_what_is_absent(write: Write, marker: str) -> None:
    with pytest.raises(DataError, match=r"row 3.*suppressed='drop'"):
        public.read_monthly(write(rows("812", marker, "790")), suppressed="midpoint")


def test_b052_drop_leaves_months_out_at_the_ends_only(write: Write) -> None:
    read = public.read_monthly(write(rows("*", "812", "790", "-")), suppressed="drop")
    assert read == {"2024-02": 812, "2024-03": 790}
    with pytest.raises(
        DataError, match=r"missing between 2024-01 and 2024-04; dropped were 2024-02"
    ):
        public.read_monthly(write(rows("812", "*", "-", "790")), suppressed="drop")


@pytest.mark.parametrize("cell", ['"1,234"', "1 234", "1.234", "1\u00a0234", '"12,345.5"'])
def test_b053_thousands_separators_are_refused_by_default(write: Write, cell: str) -> None:
    with pytest.raises(DataError, match=r"row 2, column referrals: .* thousands separator"):
        public.read_monthly(write(rows(cell)))


def test_b053_thousands_are_read_when_asked_for(write: Write) -> None:
    read = public.read_monthly(write(rows('"1,234"', "999", '"1,234,567.5"')), thousands=",")
    assert list(read.values()) == [1234, 999, 1_234_567.5]
    for cell in ("1.234", "1 234", '"12,34"'):
        with pytest.raises(DataError, match="row 2"):
            public.read_monthly(write(rows(cell)), thousands=",")


def test_b053_an_unquoted_separator_is_a_ragged_row(write: Write) -> None:
    with pytest.raises(DataError, match=r"row 2.*must be in quotes"):
        public.read_monthly(write("month,referrals\n2024-01,1,234\n"))


def test_b055_gaps_and_duplicates_are_refused_with_the_months(write: Write) -> None:
    with pytest.raises(DataError, match="between 2024-01 and 2024-03"):
        public.read_monthly(write("month,referrals\n2024-01,5\n2024-03,5\n"))
    with pytest.raises(DataError, match=r"row 4, .*2024-02 stands twice, in row 3"):
        public.read_monthly(write("month,referrals\n2024-01,5\n2024-02,5\n2024-02,6\n2024-03,5\n"))
    with pytest.raises(DataError, match="stands twice"):  # a marker is a month too
        public.read_monthly(write("month,referrals\n2024-01,*\n2024-01,6\n"), suppressed="drop")


def test_b055_reversed_months_are_sorted(write: Write) -> None:
    read = public.read_monthly(write("month,referrals,team\n2024-02,7,b\n2024-01,5,a\n"))
    assert list(read.items()) == [("2024-01", 5), ("2024-02", 7)]


def test_b057_a_missing_column_is_named_with_the_nearest(write: Write) -> None:
    with pytest.raises(DataError, match=r'row 1, column referrals: .*is it "refferals"'):
        public.read_monthly(write("month,refferals\n2024-01,5\n"))
    with pytest.raises(DataError, match="separated by ';'"):
        public.read_monthly(write("month;referrals\n2024-01;5\n"))


@pytest.mark.parametrize("header", ["month,referrals,referrals", "month,month,referrals"])
def test_b057_a_column_that_stands_twice_is_refused(write: Write, header: str) -> None:
    with pytest.raises(DataError, match=r"row 1.*stands twice"):
        public.read_monthly(write(header + "\n2024-01,5,5\n"))


def test_b057_a_header_in_the_middle_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match=r'row 3.*"month" is not a month'):
        public.read_monthly(write("month,referrals\n2024-01,5\nmonth,referrals\n2024-02,5\n"))


@pytest.mark.parametrize("row", ["2024-02", "2024-02,5,6,7"])
def test_b057_a_ragged_row_is_refused(write: Write, row: str) -> None:
    with pytest.raises(DataError, match=r"row 3.*cells where the header has 2"):
        public.read_monthly(write(f"month,referrals\n2024-01,5\n{row}\n"))


@pytest.mark.parametrize(
    "content",
    [
        "month,referrals\r\n2024-01,5\r\n2024-02,6\r\n",
        "month,referrals\r2024-01,5\r2024-02,6\r",
        "month,referrals,\n2024-01,5,\n2024-02,6,\n",
        "month,referrals\n2024-01,5,\n2024-02,6\n",
        "month,referrals\n\n2024-01,5\n  \n2024-02,6\n\n\n",
        'referrals,note,month\n5,"two\nlines",2024-01\n6,,2024-02\n',
        " Month , REFERRALS \n 2024-01 , 5 \n2024-02-01,6\n",
    ],
    ids=["crlf", "cr", "trailing-all", "trailing-one", "blank-lines", "quoted-newline", "blanks"],
)
def test_b057_the_rest_is_read(write: Write, content: str) -> None:
    assert public.read_monthly(write(content)) == {"2024-01": 5, "2024-02": 6}


def test_rows_are_lines_of_the_file(write: Write) -> None:
    # header, blank, a row of two lines (3 and 4), and the fault in line 5
    with pytest.raises(DataError, match="row 5, column referrals") as caught:
        public.read_monthly(write('month,referrals,note\n\n2024-01,5,"two\nlines"\n2024-02,x,\n'))
    assert caught.value.row == 5


def test_a_header_alone_has_no_month(write: Write) -> None:
    with pytest.raises(DataError, match="at least one is needed"):
        public.read_monthly(write("month,referrals\n"))


@pytest.mark.parametrize("content", ["", "\n\n", "  \n"])
def test_an_empty_file_is_refused(write: Write, content: str) -> None:
    with pytest.raises(DataError, match="empty"):
        public.read_monthly(write(content))


def test_b058_a_label_that_looks_like_a_formula_harms_nothing(write: Write) -> None:
    labels = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1"]
    body = "".join(f'2024-0{i},5,"{label}"\n' for i, label in enumerate(labels, 1))
    read = public.read_monthly(write("month,referrals,label\n" + body))
    assert list(read.values()) == [5] * 5


def test_b060_an_exponent_is_read(write: Write) -> None:
    read = public.read_monthly(write(rows("1e3", "1E+2", "8.5")))
    assert list(read.values()) == [1000, 100, 8.5]


@pytest.mark.parametrize("cell", [*NO_NUMBERS, "+5", "12 people", "٣", "<1"])
def test_b060_other_spellings_are_refused_with_the_cell(write: Write, cell: str) -> None:
    with pytest.raises(DataError, match="row 3, column referrals"):
        public.read_monthly(write(rows("5", cell)))


@pytest.mark.parametrize(
    "month", ["2024-13", "01/02/2024", "Feb 2024", "2024-2", "２０２４-02", "2024-02-15", ""]
)
def test_a_month_that_is_not_iso_is_refused(write: Write, month: str) -> None:
    with pytest.raises(DataError, match="row 2, column month"):
        public.read_monthly(write(f"month,referrals\n{month},5\n"))


def test_all_faults_come_together(write: Write) -> None:
    with pytest.raises(DataError) as caught:
        public.read_monthly(write("month,referrals\n2024-13,5\n2024-02,x\n2024-03,'7\n"))
    assert [f"row {r}" in str(caught.value) for r in (2, 3, 4)] == [True] * 3


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (rows("5").encode("utf-16"), FileError, "save it as UTF-8"),
        (rows("5").encode("utf-16-le"), DataError, "save it as UTF-8"),
        (b"month,referrals\n2024-01,5\xff\n", FileError, "byte 25"),
        (b"month,referrals\n2024-01,5\x00\n", DataError, "NUL byte at 25"),
        (b'month,referrals\n2024-01,"5\n', DataError, "not CSV"),
    ],
    ids=["utf-16", "utf-16-le", "byte", "nul", "open-quote"],
)
def test_a_file_that_is_no_text_is_refused(
    write: Write, content: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        public.read_monthly(write(content))


@pytest.mark.parametrize("path", ["", "no/such/file.csv", "a\0b"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(FileError):
        public.read_monthly(path)


@pytest.mark.parametrize("path", [None, 3, b"referrals.csv"])
def test_a_path_that_is_no_text_is_refused(path: object) -> None:
    with pytest.raises(TypeError, match="path ="):
        public.read_monthly(path)  # type: ignore[arg-type]


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="regular file"):
        public.read_monthly(tmp_path)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    seen: list[BaseException] = []

    def read() -> None:
        try:
            public.read_monthly(pipe)
        except FileError as error:
            seen.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(timeout=5)
    assert len(seen) == 1, "reading a pipe must not wait"
    with pytest.raises(FileError, match="regular file"):
        public.read_monthly("/dev/zero")


def test_choices_are_checked(write: Write) -> None:
    path = write(rows("5"))
    with pytest.raises(ScenarioError, match="'midpoint'"):
        public.read_monthly(path, suppressed="zero")  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="thousands"):
        public.read_monthly(path, thousands=".")  # type: ignore[arg-type]


def test_what_is_read_is_the_demand_of_a_scenario(write: Write) -> None:
    months = public.read_monthly(write(rows("812", "790", first="2025-02")))
    ours = preset("talking-therapies-2025").with_({"demand.series": {"months": months}})
    assert ours.to_dict()["demand"]["series"]["months"] == {"2025-02": 812, "2025-03": 790}
