"""The template: what is filled in becomes the scenario, exactly; every fault is named by its cell.

Filled copies are written with XlsxWriter from the rows of a template, moved, cut or spoiled as a
reader of Excel would do it.
"""

from __future__ import annotations

import re
import struct
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import xlsxwriter
from conftest import PACK
from python_calamine import CalamineWorkbook

import skillmix as sm
from skillmix import Scenario, excel
from skillmix.excel_fields import SHEETS, asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Book = dict[str, list[list[Any]]]

FILLED: dict[str, Any] = {
    "staff.pwp.posts": 22.0,
    "staff.pwp.in_post": 18.4,
    "staff.pwp.band": "6",
    "staff.hit.leavers_per_year": 0.2,
    "pathway.step3.cbt.dna": 0.105,
    "pathway.opt_in.delay_weeks": 2,
    "pathway.assessment.spill_over": True,
    "targets.step3_wait_weeks": 12.0,
    "waiting.step3.cbt.people": 310.0,
    "waiting.step3.cbt.longest_weeks": 20.0,
    "money.award_default": 0.025,
}
INTAKE = {"course": "hit", "start": "2025-10-01", "trainees": 4.0, "at": "University of Northshire"}


class Formula(NamedTuple):
    """A formula with the value that was worked out for it."""

    text: str
    value: Any


@pytest.fixture(scope="module")
def service() -> Scenario:
    return Scenario.preset(PACK).with_({"calendar.start": "2025-04-01"})


@pytest.fixture(scope="module")
def plain(service: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of the service, with nothing filled in."""
    return excel.template(tmp_path_factory.mktemp("excel") / "plain.xlsx", scenario=service)


def cells(path: Path) -> Book:
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }


def spoiled(
    plain: Path, to: Path, change: Callable[[Book], Any], merge: dict[str, str] | None = None
) -> Path:
    """A copy of the template after a change to its rows."""
    book = cells(plain)
    change(book)
    with xlsxwriter.Workbook(str(to)) as out:
        day = out.add_format({"num_format": "d mmm yyyy"})
        clock = out.add_format({"num_format": "hh:mm"})
        for name, rows in book.items():
            sheet = out.add_worksheet(name)
            for cell in [(merge or {}).get(name)]:
                if cell:
                    sheet.merge_range(cell, "")
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, Formula):
                        sheet.write_formula(r, c, value.text, None, value.value)
                    elif isinstance(value, datetime | date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, time):
                        sheet.write_datetime(r, c, value, clock)
                    elif isinstance(value, str) and value:
                        sheet.write_string(r, c, value)
                    elif value != "":
                        sheet.write(r, c, value)
    return to


def row_of(rows: list[list[Any]], path: str) -> int:
    return next(i for i, row in enumerate(rows) if path in row)


def put(path: str, value: Any) -> Callable[[Book], None]:
    """Types a value into the cell of a path."""

    def change(book: Book) -> None:
        for rows in book.values():
            for row in rows:
                if row[0] == path:
                    row[4] = value

    return change


def cell_of(plain: Path, path: str) -> str:
    for name, rows in cells(plain).items():
        for i, row in enumerate(rows):
            if row[0] == path:
                return f"{name}!E{i + 1}"
    raise AssertionError(path)


def faults(path: Path, base: Scenario | None = None) -> list[sm.errors.Problem]:
    with pytest.raises(sm.DataError) as caught:
        Scenario.from_excel(path) if base is None else base.with_excel(path)
    error = caught.value
    assert error.file == path.name
    assert error.problems
    assert all(problem.message in str(error) for problem in error.problems)
    return list(error.problems)


# --- what it asks -------------------------------------------------------------------------------


def test_the_sheets_ask_for_what_the_schema_has(service: Scenario, plain: Path) -> None:
    book = cells(plain)
    assert list(book) == ["Read me", *SHEETS, "Scenario"]
    fields = sm.reference.fields(library="pandas").set_index("path")
    posts = book["Staff"][row_of(book["Staff"], "staff.pwp.posts")]
    assert posts[1] == "Psychological Wellbeing Practitioner"
    assert posts[2] == "Posts"
    assert posts[5:7] == ["WTE", "0 to 100,000 WTE"]
    assert posts[7] == fields.loc["staff.*.posts", "description"]
    dna = book["Pathway"][row_of(book["Pathway"], "pathway.step3.cbt.dna")]
    tree = service.to_dict(complete=True)
    assert dna[3] == tree["pathway"]["step3"]["cbt"]["dna"]
    assert dna[6] == "0 to 1 (0 % to 100 %)"
    facts = service.assumptions(library="pandas").set_index("path")
    assert facts.loc["pathway.step3.cbt.dna", "source"] in dna[8]
    paths = [row.path for rows in asked(service).values() for row in rows]
    assert len(paths) == len(set(paths))
    for asked_for in ("posts", "in_post", "wte_per_head", "leavers_per_year", "job_plan.patients"):
        assert f"staff.pwp.{asked_for}" in paths
    assert {"money.overhead_share", "waiting.assessment.people", "demand.growth_per_year"} <= {
        *paths
    }


def test_only_the_cells_to_fill_are_open_and_each_checks_itself(plain: Path) -> None:
    with zipfile.ZipFile(plain) as packed:
        xml = packed.read("xl/worksheets/sheet2.xml").decode()
        styles = packed.read("xl/styles.xml").decode()
        hidden = packed.read("xl/workbook.xml").decode()
    assert "<sheetProtection " in xml
    assert "password" not in xml
    assert 'locked="0"' in styles
    assert re.search(r'name="Scenario"[^>]*state="hidden"', hidden)
    rows = cells(plain)["Staff"]
    at = row_of(rows, "staff.pwp.posts") + 1
    found = re.search(rf'<dataValidation [^>]*sqref="E{at}".*?</dataValidation>', xml)
    assert found
    assert 'type="decimal"' in found[0]
    assert "<formula1>0</formula1><formula2>100000</formula2>" in found[0]
    assert "Allowed: 0 to 100,000 WTE." in found[0]
    band = row_of(rows, "staff.pwp.band") + 1
    found = re.search(rf'<dataValidation [^>]*sqref="E{band}".*?</dataValidation>', xml)
    assert found
    assert "4,5,6,7,8a,8b,8c,8d,9" in found[0]


# --- what comes back ----------------------------------------------------------------------------


def test_nothing_filled_is_the_same_scenario(service: Scenario, plain: Path) -> None:
    assert Scenario.from_excel(plain) == service
    assert service.with_excel(plain) == service


def test_what_is_filled_comes_back_exactly(service: Scenario, tmp_path: Path) -> None:
    path = excel.template(tmp_path / "filled.xlsx", scenario=service, fill=FILLED)
    ours = Scenario.from_excel(path)
    assert ours == service.with_excel(path)
    # the same as the same values by hand, with the same sources
    said = ours.to_dict()["sources"]
    assert ours == service.with_({**FILLED, "sources": said})
    # and apart from the sources the same as the values alone
    mine, by_hand = ours.to_dict(), service.with_(FILLED).to_dict()
    mine.pop("sources")
    by_hand.pop("sources", None)
    assert mine == by_hand
    assert set(said) >= set(FILLED)


def test_a_value_says_which_cell_it_came_from(service: Scenario, tmp_path: Path) -> None:
    import hashlib

    path = excel.template(tmp_path / "filled.xlsx", scenario=service, fill=FILLED)
    facts = Scenario.from_excel(path).assumptions(library="pandas").set_index("path")
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    where = cell_of(path, "staff.pwp.posts")
    assert facts.loc["staff.pwp.posts", "source"] == f"template filled.xlsx, {where}, sha256 {sha}"
    assert facts.loc["staff.pwp.posts", "status"] == "stated"
    assert "template" not in facts.loc["staff.hit.wte_per_head", "source"]


def test_a_new_intake_joins_those_that_are_there(service: Scenario, tmp_path: Path) -> None:
    there = service.with_staff(pwp_trainee=4)
    fill = {f"training.intakes[new 2].{name}": value for name, value in INTAKE.items()}
    fill["training.intakes[new 2].start"] = date(2025, 10, 1)
    fill["training.intakes[0].trainees"] = 5.0
    path = excel.template(tmp_path / "filled.xlsx", scenario=there, fill=fill)
    first, second = Scenario.from_excel(path).to_dict()["training"]["intakes"]
    assert (first["course"], first["trainees"]) == ("pwp", 5.0)
    assert {key: str(value) for key, value in second.items()} == {
        key: str(value) for key, value in INTAKE.items()
    }


def test_rows_and_columns_may_move(service: Scenario, plain: Path, tmp_path: Path) -> None:
    def change(book: Book) -> None:
        for path, value in (("staff.pwp.posts", 22.0), ("staff.hit.leavers_per_year", 0.2)):
            put(path, value)(book)
        rows = book["Staff"]
        head = row_of(rows, "Path")
        rows[head + 1 :] = rows[:head:-1]
        for row in rows:
            row[:] = ["", *reversed(row)]

    path = spoiled(plain, tmp_path / "moved.xlsx", change)
    ours = service.with_excel(path)
    wanted = service.with_({"staff.pwp.posts": 22.0, "staff.hit.leavers_per_year": 0.2})
    mine, by_hand = ours.to_dict(), wanted.to_dict()
    mine.pop("sources")
    by_hand.pop("sources", None)
    assert mine == by_hand


def test_a_template_for_another_scenario_changes_only_what_is_filled(
    service: Scenario, tmp_path: Path
) -> None:
    path = excel.template(tmp_path / "f.xlsx", scenario=service, fill={"staff.pwp.posts": 22.0})
    other = service.with_({"staff.hit.posts": 31.0}).with_excel(path).to_dict()["staff"]
    assert other == {"pwp": {"posts": 22.0}, "hit": {"posts": 31.0}}


def test_a_formula_gives_the_value_that_was_worked_out(
    service: Scenario, plain: Path, tmp_path: Path
) -> None:
    change = put("staff.pwp.posts", Formula("=20+2", 22))
    path = spoiled(plain, tmp_path / "formula.xlsx", change)
    assert service.with_excel(path).to_dict()["staff"]["pwp"] == {"posts": 22}


def test_the_worked_example_of_the_page(plain: Path, tmp_path: Path) -> None:
    """``docs/excel.md``: 18.4 + 2.0 + 24.1 + 2.0 + 3.0 = 49.5."""
    in_post = {"pwp": 18.4, "pwp_senior": 2.0, "hit": 24.1, "hit_lead": 2.0, "counsellor": 3.0}

    def change(book: Book) -> None:
        for role, wte in in_post.items():
            put(f"staff.{role}.in_post", wte)(book)

    ours = Scenario.from_excel(spoiled(plain, tmp_path / "ours.xlsx", change))
    rows = cells(ours.plan().to_excel(tmp_path / "plan.xlsx"))["Plan staff"]
    head = row_of(rows, "Role")
    at = rows[head].index("In post (WTE)")
    found = {row[0]: row[at] for row in rows[head + 1 :] if row[0]}
    assert found.pop("Total") == pytest.approx(49.5)
    assert sorted(found.values()) == sorted(in_post.values())


# --- faults by cell -----------------------------------------------------------------------------

WRONG: list[tuple[str, Any, str]] = [
    ("staff.pwp.posts", "about 5", "got 'about 5', allowed: 0 to 100,000 WTE"),
    ("staff.pwp.posts", "22 WTE", "did you mean 22?"),
    ("staff.pwp.posts", -1.0, "got -1, allowed: 0 to 100,000 WTE"),
    ("staff.pwp.posts", True, "yes or no is no number"),
    ("staff.pwp.posts", date(2026, 2, 1), "got the date 1 February 2026"),
    ("staff.pwp.posts", time(6, 30), "Excel has made a time of what was typed"),
    ("staff.pwp.posts", Formula("=A1+Z99", "#REF!"), "got #REF!"),
    ("staff.pwp.posts", Formula("=1/0", "#DIV/0!"), "got #DIV/0!"),
    ("staff.hit.leavers_per_year", 12.0, "did you mean 0.12, which is 12 %?"),
    ("pathway.step3.cbt.dna", 12.0, "did you mean 0.12, which is 12 %?"),
    ("pathway.step3.cbt.dna", "12 %", "a text, not a number); did you mean 0.12?"),
    ("pathway.opt_in.delay_weeks", 1.5, "a whole number is expected); did you mean 2?"),
    ("staff.pwp.band", "8e", "allowed: one of 4, 5, 6, 7, 8a"),
    ("pathway.assessment.spill_over", "perhaps", "allowed: yes or no"),
    ("training.intakes[new 1].start", "01/10/2025", "did you mean 1 October 2025, typed as a date"),
    ("training.intakes[new 1].start", "2025-10-01", "a text, not a date"),
    ("training.intakes[new 1].start", 45931.0, "a number, not a date"),
    ("training.intakes[new 1].start", datetime(2025, 10, 1, 9, 30), "a day without a time"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG)
def test_a_wrong_cell_is_named(
    plain: Path, tmp_path: Path, path: str, value: Any, said: str
) -> None:
    (fault,) = faults(spoiled(plain, tmp_path / "wrong.xlsx", put(path, value)))
    assert fault.where == cell_of(plain, path)
    assert fault.message.startswith(f"{fault.where}: ")
    assert said in fault.message


def test_all_faults_come_together_with_row_and_column_of_the_first(
    plain: Path, tmp_path: Path
) -> None:
    wrong = {"staff.pwp.posts": "many", "pathway.step3.cbt.dna": 12.0, "targets.recovery": "half"}

    def change(book: Book) -> None:
        for path, value in wrong.items():
            put(path, value)(book)
        put("pathway.routes.declined", 0.9)(book)  # the routes then sum to more than 1

    path = spoiled(plain, tmp_path / "wrong.xlsx", change)
    found = faults(path)
    assert {fault.path for fault in found} == {*wrong, "pathway.routes"}
    with pytest.raises(sm.DataError) as caught:
        Scenario.from_excel(path)
    row = int(cell_of(plain, "staff.pwp.posts").split("E")[1])
    assert (caught.value.row, caught.value.column) == (row, "E")


def test_what_the_scenario_says_against_a_cell_names_the_cell(plain: Path, tmp_path: Path) -> None:
    (fault,) = faults(spoiled(plain, tmp_path / "x.xlsx", put("pathway.routes.declined", 0.9)))
    assert fault.where == cell_of(plain, "pathway.routes.declined")
    assert "shares sum to" in fault.message
    course = put("training.intakes[new 1].course", "hti")
    found = faults(spoiled(plain, tmp_path / "y.xlsx", course))
    assert {fault.where for fault in found} == {cell_of(plain, "training.intakes[new 1].course")}
    assert any(fault.path.endswith(".start") for fault in found)


def drop(sheet: str, head: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        place = book[sheet][row_of(book[sheet], "Path")].index(head)
        for row in book[sheet]:
            del row[place]

    return change


def rename(sheet: str, head: str, to: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        row = book[sheet][row_of(book[sheet], "Path")]
        row[row.index(head)] = to

    return change


def again(book: Book) -> None:
    rows = book["Staff"]
    rows.append(list(rows[row_of(rows, "staff.pwp.posts")]))


def unknown(book: Book) -> None:
    rows = book["Staff"]
    rows[row_of(rows, "staff.pwp.posts")][0] = "staff.pwp.post"


def no_path(book: Book) -> None:
    row = book["Staff"][row_of(book["Staff"], "staff.pwp.posts")]
    row[0], row[4] = "", 22.0


def nhs_number(book: Book) -> None:
    put("training.intakes[new 1].at", "943 476 5919")(book)  # its check digit is right


SPOILED: list[tuple[str, Callable[[Book], Any], str, str]] = [
    ("sheet", lambda book: book.pop("Budget"), "Budget", "no such sheet"),
    ("column", drop("Staff", "New value"), "Staff", "no column 'New value' in row 3"),
    ("path", drop("Staff", "Path"), "Staff", "no column 'Path'"),
    ("renamed", rename("Staff", "New value", "New values"), "Staff", "did you mean New values?"),
    ("twice", rename("Staff", "Now", "New value"), "Staff!E3", "is there 2 times"),
    ("again", again, "Staff!A", "the same path as Staff!A"),
    ("unknown", unknown, "Staff!A", "did you mean staff.pwp.posts?"),
    ("no path", no_path, "Staff!E", "a value without a path"),
    ("names", rename("Staff", "What", "Surname"), "Staff!C3", "the column looks like a name"),
    ("nhs", rename("Lists", "What", "NHS number"), "Lists!C3", "looks like an NHS number"),
    ("cell", nhs_number, "Intakes!E", "looks like an NHS number"),
    ("birth", rename("Lists", "What", "Date of birth"), "Lists!C3", "a date of birth"),
]


@pytest.mark.parametrize(
    ("change", "where", "said"), [s[1:] for s in SPOILED], ids=[s[0] for s in SPOILED]
)
def test_a_template_that_was_spoiled_says_where(
    plain: Path, tmp_path: Path, change: Callable[[Book], Any], where: str, said: str
) -> None:
    found = faults(spoiled(plain, tmp_path / "spoiled.xlsx", change))
    assert len(found) == 1
    assert found[0].where.startswith(where)
    assert said in found[0].message


def test_merged_cells_are_named(plain: Path, tmp_path: Path) -> None:
    path = spoiled(plain, tmp_path / "merged.xlsx", lambda _: None, {"Staff": "E6:E7"})
    (fault,) = faults(path)
    assert fault.where == "Staff!E6"
    assert "merged" in fault.message


def test_the_kept_scenario_is_checked(service: Scenario, plain: Path, tmp_path: Path) -> None:
    def other(book: Book) -> None:
        lines = book["Scenario"]
        at = next(i for i, row in enumerate(lines) if row[0].startswith("|"))
        lines[at][0] = lines[at][0].replace('"schema"', '"shema"')
        put("staff.pwp.posts", 22.0)(book)

    path = spoiled(plain, tmp_path / "kept.xlsx", other)
    (fault,) = faults(path)
    assert "the hidden sheet was changed" in fault.message
    assert service.with_excel(path).to_dict()["staff"]["pwp"] == {"posts": 22.0}
    (fault,) = faults(spoiled(plain, tmp_path / "x.xlsx", lambda book: book.pop("Scenario")))
    assert "no template of skillmix" in fault.message


# --- files that are no template -----------------------------------------------------------------


def test_a_file_that_is_no_workbook_is_refused(
    service: Scenario, plain: Path, tmp_path: Path
) -> None:
    whole = plain.read_bytes()
    old = struct.pack("<8B", 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1)  # .xls, or a password
    for place, content in enumerate(
        (b"", b"PK", b"a,b\n1,2\n", old * 64, whole[: len(whole) // 2])
    ):
        path = tmp_path / f"{place}.xlsx"
        path.write_bytes(content)
        with pytest.raises(sm.DataError, match="not a workbook that can be read"):
            service.with_excel(path)
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises(sm.DataError, match="not a workbook that can be read"):
        service.with_excel(tmp_path / "zip.xlsx")
    for place in (tmp_path, tmp_path / "none.xlsx", tmp_path / "a\0b"):
        with pytest.raises(sm.FileError):
            service.with_excel(place)
    with pytest.raises(TypeError, match="path"):
        service.with_excel(3)  # type: ignore[arg-type]


def test_a_single_cell_far_away_fills_no_memory(service: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Staff")
        sheet.write(0, 0, "Path")
        sheet.write(1_048_575, 16_383, 1)
    with pytest.raises(sm.DataError, match="1,048,576 rows and 16,384 columns") as caught:
        service.with_excel(path)
    assert caught.value.row == 1_048_576


def test_what_cannot_be_filled_in_is_refused(service: Scenario, tmp_path: Path) -> None:
    with pytest.raises(sm.UnknownNameError, match=r"there are staff\.pwp\.posts"):
        excel.template(tmp_path / "x.xlsx", scenario=service, fill={"staff.pwp.post": 3})
    with pytest.raises(TypeError, match="scenario: a Scenario is expected"):
        excel.template(tmp_path / "x.xlsx", scenario=3)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_scenario_writes_no_formula(tmp_path: Path) -> None:
    label = "=cmd|' /C calc'!A0"
    texts = {"staff.pwp.title": label, "pathway.step3.cbt.title": label, "name": label}
    said = {"sources": {"staff.pwp.in_post": {"source": label, "status": "stated"}}}
    evil = Scenario.preset(PACK).with_({**texts, **said})
    path = excel.template(tmp_path / "evil.xlsx", scenario=evil)
    with zipfile.ZipFile(path) as packed:
        for part in packed.namelist():
            if part.startswith("xl/worksheets/sheet"):
                assert "<f>" not in packed.read(part).decode()
    for rows in cells(path).values():
        for cell in (cell for row in rows for cell in row if isinstance(cell, str)):
            assert not cell.startswith(("=", "+", "-", "@"))
    assert Scenario.from_excel(path) == evil
