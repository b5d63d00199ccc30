"""A staff list as a workbook: the same people as in CSV, dates of Excel, and faults by row."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

import skillmix as sm
from skillmix import staff_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

HEAD = ["role", "band", "wte", "start"]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A workbook of sheets by name, each a list of rows that begin in a given cell."""

    def _write(*, at: tuple[int, int] = (0, 0), **sheets: list[list[Any]]) -> Path:
        path = tmp_path / "staff.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for down, row in enumerate(rows):
                    for across, value in enumerate(row):
                        place = (at[0] + down, at[1] + across)
                        if isinstance(value, datetime):
                            sheet.write_datetime(*place, value)
                        elif isinstance(value, str) and value.startswith("#"):
                            sheet.write_formula(*place, "=1/0", None, value)
                        elif isinstance(value, str):
                            sheet.write_string(*place, value)
                        else:
                            sheet.write(*place, value)
        return path

    return _write


def test_cells_of_excel_are_read_as_they_are_meant(write: Write) -> None:
    row = ["Senior PWP", 6, 0.8, datetime(2024, 2, 1)]
    listed = staff_list.read(write(staff=[HEAD, row], at=(2, 1)))
    (one,) = listed.rows
    assert (one.role, one.band, one.wte, one.start) == ("pwp_senior", "6", 0.8, date(2024, 2, 1))
    assert one.row == 4  # the header stands in the third row of the sheet
    assert (listed.file, len(listed.sha256)) == ("staff.xlsx", 64)


def test_the_example_is_the_same_as_a_workbook(write: Write) -> None:
    frame = staff_list.read(staff_list.example()).frame("pandas").drop(columns="row")
    shown = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    rows = [[str(cell).removesuffix(" 00:00:00") for cell in row] for row in shown]
    again = staff_list.read(write(staff=[list(frame), *rows])).frame("pandas").drop(columns="row")
    assert again.equals(frame)


def test_a_sheet_called_staff_is_the_list(write: Write) -> None:
    good = [HEAD, ["pwp", 5, 1.0, ""]]
    assert len(staff_list.read(write(notes=[["about"]], staff=good))) == 1
    with pytest.raises(sm.DataError, match="call the one with the staff list"):
        staff_list.read(write(one=good, two=good))
    assert len(staff_list.read(write(anything=good, empty=[]))) == 1


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (["pwp", 5, "one", ""], "wte", "not a plain number"),
        (["pwp", 5, True, ""], "wte", "not a number"),
        (["pwp", 5, "*", ""], "wte", "not zero"),
        (["pwp", 5, 1.0, 45000], "start", "is a number"),
        (["pwp", 5, 1.0, "01/02/2025"], "start", "2025-02-01 or 2025-01-02"),
        (["pwp", 5.5, 1.0, ""], "band", "no such band"),
        (["pwp", 5, "#DIV/0!", ""], "wte", "#DIV/0!"),
        (["pwp", 5, 9434765919, ""], "wte", "looks like an NHS number"),
        (["LA1 4YW", 5, 1.0, ""], "role", "looks like a postcode"),
    ],
)
def test_a_fault_is_named_with_its_row(
    write: Write, row: list[Any], column: str, said: str
) -> None:
    with pytest.raises(sm.DataError, match=r"staff\.xlsx") as caught:
        staff_list.read(write(staff=[HEAD, ["hit", 7, 1.0, ""], row]))
    assert (caught.value.row, caught.value.column) == (3, column)
    assert said in str(caught.value)
    assert "9434765919" not in str(caught.value)


def test_a_formula_in_a_label_is_text(write: Write) -> None:
    rows = [[*HEAD, "employer"], ["pwp", 5, 1.0, "", "=1+1"]]
    assert staff_list.read(write(staff=rows)).rows[0].employer == "=1+1"


def test_no_workbook(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "list.xlsx"
    path.write_text("role,wte\npwp,1\n", encoding="utf-8")
    with pytest.raises(sm.DataError, match=r"list\.xlsx"):
        staff_list.read(path)
    with pytest.raises(sm.DataError, match="empty"):
        staff_list.read(write(staff=[]))


def test_a_missing_reader_says_what_to_install(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(staff=[HEAD, ["pwp", 5, 1.0, ""]])
    monkeypatch.setattr("skillmix.frame.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'skillmix\[excel\]'"):
        staff_list.read(path)
