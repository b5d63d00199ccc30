"""The workbook out: its cells are the figures of the answer, its totals recompute, nothing runs.

Cells are read back with python-calamine, formulas from the file itself; each formula is worked out
here a second time, by the few rules that the workbook uses.
"""

from __future__ import annotations

import errno
import math
import os
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PACK
from python_calamine import CalamineWorkbook

import skillmix as sm
from skillmix import Scenario, excel
from skillmix.excel_book import sheet_name
from skillmix.region import Region

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.result import Result
    from skillmix.tables import Answer

EVIL = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "https://example.org/x")
STARTS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def service() -> Scenario:
    intakes = [{"course": "hit", "start": "2025-10-01", "trainees": 4}]
    start = {"calendar.start": "2025-04-01", "service.as_of": "2025-03"}
    return Scenario.preset(PACK).with_({**start, "training.intakes": intakes})


@pytest.fixture(scope="module")
def run(service: Scenario) -> Result:
    return service.project(years=3)


@pytest.fixture(scope="module")
def files(
    service: Scenario, run: Result, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A workbook of each kind of answer."""
    to = tmp_path_factory.mktemp("excel")
    more = service.with_({"staff.hit.posts": 40.0})
    answers: dict[str, Answer] = {
        "plan": service.plan(),
        "project": run,
        "comparison": sm.compare({"as now": service, "more": more}, years=2),
        "mix": sm.skill_mix(service, pwp_share=[0.4, 0.6], years=1),
        "case": sm.business_case(service, to={"step3_wait_weeks": 12, "by": "2026-10"}, years=2),
    }
    both = Region({"north": service.with_(name="North"), "south": service.with_(name="South")})
    answers["targets"] = service.plan(to={"step3_wait_weeks": 12, "by": "2026-10"})
    answers["region"] = both.project(years=2)
    return {name: answer.to_excel(to / f"{name}.xlsx") for name, answer in answers.items()}


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }


def table(rows: list[list[Any]], first: str, after: str = "") -> list[dict[str, Any]]:
    """The rows below the first head called ``first``, down to an empty one, totals included."""
    start = next(i for i, row in enumerate(rows) if row[0] == after) if after else 0
    head = next(i for i in range(start, len(rows)) if rows[i][0] == first)
    found = []
    for row in rows[head + 1 :]:
        if row[0] == "":
            break
        found.append(dict(zip(rows[head], row, strict=True)))
    return found


def formulas(path: Path) -> dict[tuple[str, str], tuple[str, float]]:
    """Formula and value of each cell that has one, by sheet and cell."""
    found = {}
    with CalamineWorkbook.from_path(path) as book, zipfile.ZipFile(path) as packed:
        for place, name in enumerate(book.sheet_names, start=1):
            xml = packed.read(f"xl/worksheets/sheet{place}.xml").decode()
            cell = r'<c r="([A-Z]+\d+)"[^>]*><f>(.*?)</f><v>(.*?)</v>'
            for where, formula, value in re.findall(cell, xml):
                found[name, where] = (unescape(formula), float(value))
    return found


class Recalculated:
    """Works out the formulas of a workbook from the values of its cells."""

    def __init__(self, path: Path) -> None:
        self.sheets = sheets(path)

    def cells(self, sheet: str, where: str) -> list[Any]:
        ends = [re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", end) for end in where.split(":")]
        places = [(int(end[2]) - 1, column(end[1])) for end in ends if end]
        (top, left), (bottom, right) = places[0], places[-1]
        rows = self.sheets[sheet]
        return [rows[r][c] for r in range(top, bottom + 1) for c in range(left, right + 1)]

    def value(self, sheet: str, formula: str) -> float:
        if found := re.fullmatch(r"SUM\((\w+:\w+)\)", formula):
            return math.fsum(v for v in self.cells(sheet, found[1]) if v != "")
        if found := re.fullmatch(r"(\w+)-(\w+)", formula):
            first, second = (self.cells(sheet, found[i])[0] for i in (1, 2))
            return float(first) - float(second)
        if found := re.fullmatch(r"IF\((\w+)=0,0,(\w+)/(\w+)\)", formula):
            below = float(self.cells(sheet, found[3])[0])
            return float(self.cells(sheet, found[2])[0]) / below if below else 0.0
        found = re.fullmatch(r"SUMPRODUCT\((.*)\*'([^']+)'!([$A-Z0-9:]+)\)", formula)
        assert found, formula
        keep = [True] * len(self.cells(found[2], found[3]))
        exact = re.findall(r"EXACT\('([^']+)'!([$A-Z0-9:]+),([$A-Z0-9]+)\)", found[1])
        for other, where, key in exact:
            wanted = self.cells(sheet, key)[0]
            keep = [k and v == wanted for k, v in zip(keep, self.cells(other, where), strict=True)]
        equal = re.findall(r"\('([^']+)'!([$A-Z0-9:]+)=(.*?)\)(?=\*|$)", found[1])
        assert len(exact) + len(equal) == found[1].count("*") + 1, formula
        for other, where, said in equal:
            wanted = said.strip('"')
            if day := re.fullmatch(r"DATE\((\d+),(\d+),1", said.removesuffix(")")):
                wanted = f"{day[1]}-{int(day[2]):02d}-01"
            values = [str(v) for v in self.cells(other, where)]
            keep = [k and v == wanted for k, v in zip(keep, values, strict=True)]
        values = self.cells(found[2], found[3])
        return math.fsum(v for k, v in zip(keep, values, strict=True) if k and v != "")


def column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


# --- what is there ------------------------------------------------------------------------------

ASKED = {
    "plan": {"Summary", "Charts", "Plan staff", "Plan cost", "Plan steps", "Assumptions"},
    "project": {
        *("Summary", "Charts", "Trajectory", "Waiting", "Staff", "Staff by month", "Cost"),
        *("Cost lines", "Capacity", "Supervision", "Rules", "Assumptions", "Meanings"),
    },
    "comparison": {"Summary", "Comparison", "Trajectory", "Cost", "Differences", "Assumptions"},
    "mix": {"Summary", "Mixes", "Cost", "Staff", "Differences"},
    "case": {
        *("Summary", "Options", "Trajectory", "Staff", "Intakes", "Cost", "Supervision"),
        *("Risks", "Waiting", "Capacity", "Rules", "Assumptions"),
    },
    "targets": {"Summary", "Places", "Path", "Trajectory", "Supervision", "Cost", "Changes"},
    "region": {"Summary", "Services", "Staff", "Cost", "Cost lines", "Places", "Allocation"},
}


@pytest.mark.parametrize("kind", ASKED)
def test_the_sheets_that_a_decision_needs(files: dict[str, Path], kind: str) -> None:
    names = list(sheets(files[kind]))
    assert ASKED[kind] <= set(names)
    assert all(len(name) <= 31 for name in names)
    assert names[0] == "Summary"


@pytest.mark.parametrize("kind", ASKED)
def test_each_sheet_is_ready_to_be_printed_and_read(files: dict[str, Path], kind: str) -> None:
    with zipfile.ZipFile(files[kind]) as packed:
        parts = [n for n in packed.namelist() if n.startswith("xl/worksheets/sheet")]
        tables = [n for n in packed.namelist() if n.startswith("xl/tables/")]
        charts = [n for n in packed.namelist() if n.startswith("xl/charts/chart")]
        assert len(tables) >= 8
        assert charts
        for part in parts:
            xml = packed.read(part).decode()
            assert 'paperSize="9"' in xml
            assert 'orientation="landscape"' in xml
            assert "<oddHeader>" in xml
            assert "Page &amp;P of &amp;N" in xml
            if "<tableParts" in xml and not part.endswith("/sheet1.xml"):  # but the summary
                assert 'state="frozen"' in xml
        drawings = [n for n in packed.namelist() if n.startswith("xl/drawings/drawing")]
        said = "".join(packed.read(n).decode() for n in drawings)
        assert said.count("descr=") == len(charts)  # text alternatives


def test_a_chart_says_more_than_by_colour(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["project"]) as packed:
        charts = [n for n in packed.namelist() if n.startswith("xl/charts/chart")]
        xml = [packed.read(n).decode() for n in charts]
    lines = next(x for x in xml if "Waiting lists" in x)
    assert len(set(re.findall(r'<a:prstDash val="(\w+)"', lines))) >= 2
    bars = next(x for x in xml if "Cost by financial year" in x)
    assert "<a:pattFill" in bars


def test_the_summary_says_how_it_was_made(
    run: Result, service: Scenario, files: dict[str, Path]
) -> None:
    said = [str(cell) for row in sheets(files["project"])["Summary"] for cell in row]
    assert all(sentence in said for sentence in run.words())
    for fact in (service.name, service.hash, sm.__version__, run.meta["vintage"]):
        assert fact in said


# --- the figures are those of the answer --------------------------------------------------------


def test_every_pound_stands_once_and_adds_up(run: Result, files: dict[str, Path]) -> None:
    book = sheets(files["project"])
    *leaves, total = table(book["Cost lines"], "Year")
    assert total["Year"] == "Total"
    pounds = run.columns("cost")["pounds"]
    assert [row["Pounds"] for row in leaves] == pytest.approx(list(pounds), rel=1e-14)
    for after in ("By line and payer (pounds)", "By payer (pounds)", "By role (pounds)"):
        first = after.removesuffix(" (pounds)").removeprefix("By ").split(" ")[0].capitalize()
        *_, total = table(book["Cost"], first, after)
        assert total["All years"] == pytest.approx(pounds.sum(), abs=0.005)


def test_cost_by_payer_is_that_of_the_frame(run: Result, files: dict[str, Path]) -> None:
    cost = run.frame("cost", "pandas")
    rows = table(sheets(files["project"])["Cost"], "Payer", "By payer (pounds)")
    for row in rows[:-1]:
        for year in ("2025/26", "2026/27", "2027/28"):
            mine = cost[(cost.payer == row["Payer"].lower()) & (cost.year == year)].pounds.sum()
            assert row[year] == pytest.approx(mine, abs=0.005)


def test_staff_and_queues_are_those_of_the_frames(run: Result, files: dict[str, Path]) -> None:
    book = sheets(files["project"])
    staff = run.frame("staff", "pandas")
    rows = table(book["Staff by month"], "Month")
    # a workbook holds 16 digits of a number
    assert [row["In post (WTE)"] for row in rows] == pytest.approx(list(staff.in_post), rel=1e-14)
    assert [f"{row['Month']:%Y-%m}" for row in rows] == list(staff.month)
    *_, total = table(book["Staff"], "Role", "In post at the end of the month (WTE)")
    march = staff[staff.month == "2027-03"]
    assert total["Mar 2027"] == pytest.approx(march.in_post.sum())
    monthly = run.frame("monthly", "pandas")
    waiting = table(book["Waiting"], "Month")
    step3 = list(monthly.waiting_step3)
    assert [row["Waiting step 3"] for row in waiting] == pytest.approx(step3, rel=1e-14)
    assert [row["All lists"] for row in waiting] == pytest.approx(
        list(monthly.waiting_assessment + monthly.waiting_step2 + monthly.waiting_step3)
    )


def test_assumptions_are_all_there_with_their_sources(
    service: Scenario, files: dict[str, Path]
) -> None:
    facts = service.assumptions(library="pandas")
    rows = table(sheets(files["project"])["Assumptions"], "Path")
    assert [row["Path"] for row in rows] == list(facts.path)
    assert [row["Status"] for row in rows] == list(facts.status)
    value = next(row for row in rows if row["Path"] == "staff.hit.leavers_per_year")
    fact = facts[facts.path == "staff.hit.leavers_per_year"].iloc[0]
    assert value["Value"] == float(fact.value)
    assert value["Source"] == fact.source


@pytest.mark.parametrize("kind", ASKED)
def test_every_formula_recomputes_to_the_value_beside_it(files: dict[str, Path], kind: str) -> None:
    found = formulas(files[kind])
    assert len(found) > 5
    again = Recalculated(files[kind])
    for (sheet, where), (formula, value) in found.items():
        mine = again.value(sheet, formula)
        assert mine == pytest.approx(value, rel=1e-9, abs=1e-6), (sheet, where, formula)


def test_a_plan_to_targets_adds_up_its_pounds_and_places(files: dict[str, Path]) -> None:
    """The rows of each sheet, added up here, are the value of the formula below them."""
    for sheet, head, column in (
        ("Cost", "Year", "Pounds with plan"),
        ("Cost", "Year", "Pounds added"),
        ("Places", "Start", "Places"),
    ):
        lines = sheets(files["targets"])[sheet]
        top = next(i for i, line in enumerate(lines) if head in line)
        place = next(i for i, said in enumerate(lines[top]) if str(said).startswith(column))
        values = [line[place] for line in lines[top + 1 :] if line[place] != ""]
        assert len(values) > 2
        assert values[-1] == pytest.approx(sum(values[:-1]), abs=0.005), (sheet, column)


def test_a_difference_is_second_less_first(files: dict[str, Path]) -> None:
    rows = table(sheets(files["comparison"])["Comparison"], "Measure")
    row = next(r for r in rows if r["Measure"].startswith("Cost to all payers"))
    assert row["more less as now"] == pytest.approx(row["more"] - row["as now"])
    assert row["more"] > row["as now"]


# --- nothing runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("label", EVIL)
def test_no_label_runs_or_leads_anywhere(label: str, tmp_path: Path) -> None:
    texts = dict.fromkeys(("staff.pwp.title", "pathway.step3.cbt.title", "service.title"), label)
    said = {"staff.pwp.in_post": {"source": label, "status": "stated", "note": label}}
    evil = Scenario.preset(PACK).with_({**texts, "name": label, "notes": [label], "sources": said})
    answers = [evil.plan(), evil.project(weeks=20)]
    both = sm.compare({label: evil, f"{label}2": evil}, weeks=20)
    path = excel.workbook(tmp_path / "evil.xlsx", *answers, both, title=label)
    for (_, where), (formula, _) in formulas(path).items():
        assert label not in formula, where
        assert re.fullmatch(r"(SUM|SUMPRODUCT|IF)\(.*\)|\w+-\w+", formula)
    for rows in sheets(path).values():
        for cell in (cell for row in rows for cell in row if isinstance(cell, str)):
            assert not cell.startswith(STARTS)
    with zipfile.ZipFile(path) as packed:
        for part in packed.namelist():
            text = packed.read(part).decode("utf-8", "replace")
            assert "TargetMode" not in text  # no link leaves the workbook
            if "/charts/" in part:
                assert label not in unescape("".join(re.findall(r"<c:f>(.*?)</c:f>", text)))


def test_names_of_sheets_are_safe() -> None:
    assert sheet_name("x" * 40) == "x" * 31
    assert sheet_name("x" * 40, ["x" * 31]) == f"{'x' * 27} (2)"
    assert sheet_name("a/b:c*?[d]") == "a b c d"
    assert sheet_name("'") == "Sheet"


# --- the file -----------------------------------------------------------------------------------


def test_the_same_answer_gives_the_same_bytes(run: Result, tmp_path: Path) -> None:
    one = excel.workbook(tmp_path / "one.xlsx", run, dated="2026-11-22")
    two = excel.workbook(tmp_path / "two.xlsx", run, dated="2026-11-22")
    assert one.read_bytes() == two.read_bytes()


def test_a_link_is_replaced_and_never_followed(run: Result, tmp_path: Path) -> None:
    target, link = tmp_path / "precious", tmp_path / "out.xlsx"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    run.to_excel(link)
    assert target.read_text(encoding="utf-8") == "old"
    assert not link.is_symlink()


def test_a_full_disk_leaves_the_old_file(
    run: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("skillmix.files.os.fsync", full)
    with pytest.raises(sm.FileError, match="nothing was written"):
        run.to_excel(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_place_that_is_none_is_refused(run: Result, tmp_path: Path) -> None:
    with pytest.raises(sm.FileError, match="folder that exists"):
        run.to_excel(tmp_path / "none" / "out.xlsx")
    with pytest.raises(TypeError, match="path"):
        run.to_excel(7)  # type: ignore[arg-type]
    for answers in ((), (run, "x")):
        with pytest.raises(TypeError, match="a plan, projection or comparison"):
            excel.workbook(tmp_path / "out.xlsx", *answers)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_says_what_to_install(
    run: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skillmix.frame.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"needs XlsxWriter: pip install 'skillmix\[excel\]'"):
        run.to_excel(tmp_path / "out.xlsx")
    with pytest.raises(ImportError, match=r"needs XlsxWriter: pip install 'skillmix\[excel\]'"):
        excel.template(tmp_path / "out.xlsx")
    said = r"needs python-calamine: pip install 'skillmix\[excel\]'"
    with pytest.raises(ImportError, match=said):
        Scenario.from_excel(tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
