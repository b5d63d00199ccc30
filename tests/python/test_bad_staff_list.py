"""Staff lists that are mistaken, hostile, or that would tell who somebody is.

Refused with file, row and column; what is personal is never repeated. NHS numbers are the made-up
ones that meet the check digit: 943 476 5919 (the example of the NHS data dictionary) by hand:
9x10 + 4x9 + 3x8 + 4x7 + 7x6 + 6x5 + 5x4 + 9x3 + 1x2 = 299, 299 mod 11 = 2, and 11 - 2 = 9.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import NO_NUMBERS

import skillmix as sm
from skillmix import staff_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[str | bytes], staff_list.StaffList]

HEAD = "role,band,wte,start\n"
GOOD = HEAD + "pwp,5,1,2024-01-01\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(content: str | bytes) -> staff_list.StaffList:
        path = tmp_path / "staff.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return staff_list.read(path, as_of="2025-04-01")

    return _read


def refused(read: Read, content: str | bytes) -> sm.DataError:
    with pytest.raises(sm.DataError) as caught:
        read(content)
    assert caught.value.file == "staff.csv"
    assert "staff.csv" in str(caught.value)
    return caught.value


# --- personal data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        *("Name", "Surname", "First name", "staff_name", "forenames", "Initials"),
        *("NHS number", "NHS No.", "nhsNumber"),
        *("Date of birth", "DOB", "D.O.B.", "birth date", "Age"),
        *("Postcode", "Post code", "home address", "Street"),
        *("e-mail", "Email address", "Phone", "Mobile", "Telephone no"),
        *("NI number", "National Insurance No", "NINO"),
        *("ESR number", "Payroll", "Employee number", "staff id", "Gender", "Ethnicity"),
    ],
)
def test_a_personal_column_is_refused(read: Read, header: str) -> None:
    # the fault of the WTE is not even looked at
    error = refused(read, f"role,wte,{header}\npwp,none,secret\n")
    assert (error.row, error.column) == (1, header)
    assert "personal" in str(error)
    assert "secret" not in str(error)
    assert "none" not in str(error)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("9434765919", "an NHS number"),
        ("943 476 5919", "an NHS number"),
        ("943-476-5919", "an NHS number"),
        ("see 9434765919", "an NHS number"),
        ("SW1A 1AA", "a postcode"),
        ("pr1 8xy", "a postcode"),
        ("M11AE", "a postcode"),
        ("lives in LA1 4YW now", "a postcode"),
        ("QQ123456C", ""),  # a prefix that is never given
        ("AB123456C", "a national insurance number"),
        ("ab 12 34 56 c", "a national insurance number"),
        ("a.person@nhs.example", "an e-mail address"),
        ("01524 555123", "a telephone number"),
        ("+44 7700 900123", "a telephone number"),
        ("9434765918", ""),  # the check digit does not fit
        ("band 6", ""),
        ("2025-04-01", ""),
        ("0.7333333333", ""),
        ("case management; clinical skills", ""),
        ("=cmd|' /C calc'!A0", ""),
    ],
)
def test_a_personal_value_is_refused_wherever_it_stands(read: Read, value: str, kind: str) -> None:
    text = f'role,wte,note\npwp,1,\nhit,1,"{value}"\n'
    if not kind:
        assert len(read(text)) == 2
        return
    error = refused(read, text)
    assert (error.row, error.column) == (3, "3")  # an unknown header is a number, not repeated
    assert kind in str(error)
    assert value not in str(error)
    # in a column that is read too, and before its own faults
    error = refused(read, f'role,wte\npwp,"{value}"\n')
    assert (error.row, error.column) == (2, "wte")
    assert value not in str(error)


def test_every_personal_cell_is_named_at_once(read: Read) -> None:
    rows = "pwp,1,9434765919\nhit,1,SW1A 1AA\nhit,1,\n"
    error = refused(read, f"role,wte,name\n{rows}")
    assert str(error).count("personal") == 1  # the column says it for its cells
    error = refused(read, f"role,wte,note\n{rows}")
    assert [f"row {row}" in str(error) for row in (2, 3, 4)] == [True, True, False]


def test_a_file_without_a_header_repeats_nobody(read: Read) -> None:
    error = refused(read, "Ashok Example,pwp,1\nBea Example,hit,1\n")
    assert 'no column "role"' in str(error)
    assert "Example" not in str(error)


# --- the header ---------------------------------------------------------------------------------


def test_the_nearest_column_is_offered(read: Read) -> None:
    error = refused(read, "rolle,wte\npwp,1\n")
    assert (error.row, error.column) == (1, "rolle")
    assert 'is it "role"?' in str(error)
    assert 'no column "role"' in str(error)
    error = refused(read, "role,wte,supervisor_traned\npwp,1,yes\n")
    assert 'is it "supervisor_trained"?' in str(error)


def test_a_column_that_stands_twice_is_refused(read: Read) -> None:
    error = refused(read, "role,wte,FTE\npwp,1,1\n")
    assert (error.row, error.column) == (1, "wte")
    assert "stands twice" in str(error)


def test_other_separators_are_named(read: Read) -> None:
    assert "separated by ';'" in str(refused(read, "role;wte\npwp;1\n"))


def test_the_header_again_is_no_person(read: Read) -> None:
    error = refused(read, GOOD + HEAD + "pwp,5,1,2024-01-01\n")
    assert (error.row, "header stands twice" in str(error)) == (3, True)


# --- cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", [*NO_NUMBERS, "five", "*", "-", "..", "<5", '"1,000"', '"0,8"', "1 000", "", "-1", "41"]
)
def test_a_wte_that_is_no_plain_number_is_refused(read: Read, cell: str) -> None:
    error = refused(read, f"{HEAD}hit,7,1,2024-01-01\npwp,5,{cell},2024-01-01\n")
    assert (error.row, error.column) == (3, "wte")


def test_a_marker_is_never_nought(read: Read) -> None:
    assert "not zero" in str(refused(read, f"{HEAD}pwp,5,*,\n"))
    assert "thousands" in str(refused(read, f'{HEAD}pwp,5,"1,000",\n'))
    assert "write 0.8" in str(refused(read, f'{HEAD}pwp,5,"0,8",\n'))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("01/02/2025", "2025-02-01 or 2025-01-02"),
        ("1.2.2025", "2025-02-01 or 2025-01-02"),
        ("25/12/2024", "never guessed"),
        ("01/02/25", "never guessed"),
        ("2025-02-30", "no day of the calendar"),
        ("2025-13-01", "no day of the calendar"),
        ("Feb 2025", "no date"),
        ("45000", "no date"),
        ("1900-01-01", "not between"),
        ("２０２５-01-01", "no date"),
    ],
)
def test_a_date_is_never_guessed(read: Read, cell: str, said: str) -> None:
    error = refused(read, f"{HEAD}pwp,5,1,{cell}\n")
    assert (error.row, error.column) == (2, "start")
    assert said in str(error)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("pwpp,5,1,", "role", "did you mean pwp?"),
        ("Senoir PWP,5,1,", "role", "did you mean pwp_senior?"),
        ("plumber,5,1,", "role", "no such role"),
        (",5,1,", "role", "needed"),
        ("pwp,5a,1,", "band", "did you mean 5?"),
        ("pwp,12,1,", "band", "4, 5, 6, 7, 8a"),
        ("pwp,Band five,1,", "band", "no such band"),
    ],
)
def test_the_nearest_role_or_band_is_offered(read: Read, row: str, column: str, said: str) -> None:
    error = refused(read, f"{HEAD}{row}\n")
    assert (error.row, error.column) == (2, column)
    assert said in str(error)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("point", "bottom"), ("point", "0"), ("accredited", "perhaps"), ("supervisor_trained", "2")],
)
def test_other_cells_that_say_nothing(read: Read, column: str, cell: str) -> None:
    error = refused(read, f"role,wte,{column}\npwp,1,{cell}\n")
    assert (error.row, error.column) == (2, column)


def test_every_fault_is_named_at_once(read: Read) -> None:
    text = f"{HEAD}pwpp,5,1,\npwp,50,x,01/02/2025\npwp,5,1\n"
    error = refused(read, text)
    assert str(error).count("row ") == 5
    assert (error.row, error.column) == (2, "role")


@pytest.mark.parametrize("row", ["pwp,5,1", "pwp,5,1,2024-01-01,more", "pwp"])
def test_a_ragged_row_is_refused(read: Read, row: str) -> None:
    error = refused(read, f"{GOOD}{row}\n")
    assert error.row == 3
    assert "cells where the header has 4" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", ",\n"),
        "\n \n" + HEAD + "\n,,,\npwp,5,1,2024-01-01\n\n",
        GOOD.replace("pwp", ' "PWP" ').replace(' "', '"').replace('" ', '"'),
        "Role , BAND,Wte,Start Date\nPWP,band 5,1.0,2024-01-01\n",
    ],
    ids=["bom", "crlf", "trailing", "blank-lines", "quoted", "words"],
)
def test_what_is_only_unusual_is_read(read: Read, content: str) -> None:
    (one,) = read(content).rows
    assert (one.role, one.band, one.wte, one.start) == ("pwp", "5", 1.0, date(2024, 1, 1))


def test_rows_are_lines_of_the_file(read: Read) -> None:
    error = refused(read, 'role,wte,supervises\n\npwp,1,"two\nlines"\npwpp,1,\n')
    assert error.row == 5


def test_a_formula_is_text(read: Read) -> None:
    (one,) = read("role,wte,employer\npwp,1,=1+1\n").rows
    assert one.employer == "=1+1"
    assert "=1+1" in str(refused(read, 'role,wte\n"=HYPERLINK(1+1)",1\npwp,"=1+1"\n'))


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "\n\n", " \n,,\n"])
def test_an_empty_file_is_refused(read: Read, content: str) -> None:
    assert "empty" in str(refused(read, content))


def test_a_header_alone_is_no_list(read: Read) -> None:
    assert "no person" in str(refused(read, HEAD))


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (GOOD.encode("utf-16"), sm.FileError, "UTF-8"),
        (b"role,wte\npwp,1\xff\n", sm.FileError, "byte 14"),
        (b"role,wte\npwp,1\0\n", sm.DataError, "NUL byte at 14"),
        (b'role,wte\npwp,"1\n', sm.DataError, "not CSV"),
        (b"PK\x03\x04rest", sm.DataError, "call it .xlsx"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    read: Read, content: bytes, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        read(content)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", "/dev/zero", "a\0b"):
        with pytest.raises(sm.FileError):
            staff_list.read(path)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(sm.FileError, match="regular file"):
        staff_list.read(pipe)


def test_arguments_are_checked(tmp_path: Path) -> None:
    loose: Any = staff_list
    path = tmp_path / "staff.csv"
    path.write_text(GOOD, encoding="utf-8")
    for wrong in (None, 3, b"staff.csv"):
        with pytest.raises(TypeError):
            loose.read(wrong)
    with pytest.raises(TypeError, match="a Scenario"):
        loose.read(path, scenario="ours")
    with pytest.raises(TypeError, match="as_of"):
        loose.read(path, as_of=3)
    with pytest.raises(sm.ScenarioError, match="allowed: a date"):
        staff_list.read(path, as_of="01/04/2025")
