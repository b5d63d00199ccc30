"""A scenario file that names a CSV of months: what the core refuses, and what it reads.

The numbers of the tests (B050, ...) are those of the list of bad inputs in ``README.md`` beside
this file; the reader of ``skillmix.public`` has its own tests in ``test_monthly_csv.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conftest import NO_NUMBERS, PACK

import skillmix as sm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Load = Callable[..., dict[str, float]]

HEAD = "month,referrals\n"
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
YEAR = [f"{month},{500 + place}\n" for place, month in enumerate(MONTHS)]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """The months of a scenario that names a file with this content."""

    def _load(content: str | bytes) -> dict[str, float]:
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "referrals.csv").write_bytes(raw)
        path = tmp_path / "ours.toml"
        path.write_text(
            f'schema = 1\npack = "{PACK}"\n[demand.series]\nfile = "referrals.csv"\n',
            encoding="utf-8",
        )
        months: dict[str, Any] = sm.load(path).to_dict()["demand"]["series"]["months"]
        return months

    return _load


def with_cell(cell: str, row: int = 3) -> str:
    """A year in which one cell is another; row 1 is the header."""
    lines = [HEAD, *YEAR]
    lines[row - 1] = f"{MONTHS[row - 2]},{cell}\n"
    return "".join(lines)


def test_a_whole_year_is_read_as_it_stands(load: Load) -> None:
    assert load(HEAD + "".join(YEAR)) == {m: 500.0 + i for i, m in enumerate(MONTHS)}


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + HEAD + "".join(YEAR),
        (HEAD + "".join(YEAR)).replace("\n", "\r\n"),
        (HEAD + "".join(YEAR)).replace("\n", "\r"),
        (HEAD + "".join(YEAR)).replace("\n", ",\n"),
        "month,note,referrals\n" + "".join(f'{m},"a\nb",{500 + i}\n' for i, m in enumerate(MONTHS)),
        HEAD + "".join(reversed(YEAR)),
    ],
    ids=["b050-bom", "b057-crlf", "b057-cr", "b057-trailing", "b057-newline", "b055-reversed"],
)
def test_what_is_only_unusual_is_read(load: Load, content: str) -> None:
    assert load(content) == {m: 500.0 + i for i, m in enumerate(MONTHS)}


@pytest.mark.parametrize("cell", ["*", "-", "..", "z", "[c]", "<5", ""])
def test_b052_a_marker_is_never_nought(load: Load, cell: str) -> None:
    with pytest.raises(sm.DataError, match="not zero") as caught:
        load(with_cell(cell))
    assert (caught.value.row, caught.value.column) == (3, "referrals")
    assert "2024-02" in str(caught.value)
    assert "referrals.csv" in str(caught.value)


@pytest.mark.parametrize("cell", ['"1,234"', "1 234", "1.234", "1\u00a0234"])
def test_b053_thousands_are_never_guessed(load: Load, cell: str) -> None:
    with pytest.raises(sm.DataError, match="thousands") as caught:
        load(with_cell(cell))
    assert (caught.value.row, caught.value.column) == (3, "referrals")


@pytest.mark.parametrize("months", [[0, 2, 3], [0, 1, 1, 2]], ids=["gap", "twice"])
def test_b055_gaps_and_months_that_stand_twice_are_refused(load: Load, months: list[int]) -> None:
    with pytest.raises(sm.DataError, match=r"2024-0[123]"):
        load(HEAD + "".join(YEAR[month] for month in months))


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("month,count\n2024-01,5\n", 1),
        ("month,referrals,referrals\n2024-01,5,6\n", 1),
        (HEAD + "2024-01,5\nmonth,referrals\n2024-02,6\n", 3),
        (HEAD + "2024-01,5\n2024-02\n", 3),
        (HEAD + "2024-01,5\n2024-02,6,7,8\n", 3),
        (HEAD + "2024-01,5\nsoon,6\n", 3),
        (HEAD + "2024-01,5\n2024-13,6\n", 3),
        (HEAD + "2024-01,5\n01/02/2024,6\n", 3),
    ],
)
def test_b057_a_fault_is_named_with_its_row(load: Load, content: str, row: int) -> None:
    with pytest.raises(sm.DataError) as caught:
        load(content)
    assert caught.value.row == row
    assert caught.value.file.endswith("referrals.csv")


@pytest.mark.parametrize("content", ["", " \n", HEAD, "\0", b"\xff\xfem\0", HEAD + '2024-01,"5\n'])
def test_b057_a_file_without_a_month_is_refused(load: Load, content: str | bytes) -> None:
    with pytest.raises(sm.SkillmixError, match=r"referrals\.csv"):
        load(content)


def test_b060_an_exponent_is_read(load: Load) -> None:
    assert load(with_cell("1e3"))["2024-02"] == 1000


@pytest.mark.parametrize("cell", [*NO_NUMBERS, "five", "1e8"])
def test_b060_other_spellings_are_refused_with_the_cell(load: Load, cell: str) -> None:
    with pytest.raises(sm.SkillmixError, match=r"row 3|2024-02"):
        load(with_cell(cell))


@pytest.mark.parametrize("name", ["none.csv", ".", "", "/dev/zero", "a\\u0000b", "../ours.toml"])
def test_b047_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "ours.toml"
    path.write_text(
        f'schema = 1\npack = "{PACK}"\n[demand.series]\nfile = "{name}"\n',
        encoding="utf-8",
    )
    with pytest.raises((sm.FileError, sm.DataError)):
        sm.load(path)
