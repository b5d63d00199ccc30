"""Pages and workbooks of answers about what is not known: they say what was marked as not known.

Turnover of PWPs is uniform from 10 to 30 %: mean 20 %, and nine in ten from 11 % to 29 %.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PACK
from python_calamine import CalamineWorkbook

import skillmix as sm
from skillmix import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.tables import Answer

TURNOVER = "Psychological Wellbeing Practitioner: leavers per year"


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    spread = {"staff.pwp.leavers_per_year": {"unsure": {"uniform": [0.1, 0.3]}}}
    ours = Scenario.preset(PACK).with_(spread)
    two = {"as now": ours, "more": ours.with_({"staff.hit.posts": 34.0, "staff.hit.in_post": 34.0})}
    return {
        "ensemble": ours.ensemble(draws=20, weeks=60),
        "project": ours.project(weeks=60),
        "compare": sm.compare(two, draws=20, weeks=60),
        "mix_sweep": sm.mix_sweep(ours, shares=[0.3, 0.4, 0.5], draws=20, weeks=60),
        "tornado": sm.sensitivity.tornado(ours, years=1),
        "value": sm.sensitivity.value_of_information(
            two, value_per_recovery=5000, draws=256, years=1
        ),
    }


@pytest.fixture(scope="module")
def pages(answers: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    to = tmp_path_factory.mktemp("pages")
    written = {name: one.report(to / f"{name}.html") for name, one in answers.items()}
    return {name: unescape(path.read_text("utf-8")) for name, path in written.items()}


@pytest.fixture(scope="module")
def books(answers: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    to = tmp_path_factory.mktemp("books")
    return {name: one.to_excel(to / f"{name}.xlsx") for name, one in answers.items()}


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_every_page_lists_what_is_not_known(pages: dict[str, str]) -> None:
    for page in pages.values():
        start = page.index("<h2>What is marked as not known</h2>")
        part = page[start : page.index("<h2>Assumptions that matter most</h2>")]
        assert re.findall(r"<t[dh][^>]*>([^<]+)</t[dh]>", part)[5:9] == [
            TURNOVER,
            "20 %",
            "11 % to 29 %",
            "uniform",
        ]


def test_a_page_says_whether_worlds_were_drawn(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert ("Each world takes another value of these" in page) == (name != "project")
        assert ("uses the means of these" in page) == (name == "project")
        assert "20 %, between" not in page
        assert "unsure = {" not in page


def test_worlds_have_chances_where_a_run_has_rules(pages: dict[str, str]) -> None:
    broken, likely = "Rules and targets that are broken", "How likely each standard is met"
    assert likely in pages["ensemble"]
    assert broken not in pages["ensemble"]
    assert broken in pages["mix_sweep"]
    for name in ("tornado", "value"):
        assert broken not in pages[name]
        assert likely not in pages[name]


def test_figures_of_a_finding_are_named_in_full(pages: dict[str, str]) -> None:
    assert f"Swing of the number waiting at the end with {TURNOVER}" in pages["tornado"]
    assert f"Most that knowing {TURNOVER} is worth, by net benefit" in pages["value"]
    assert "net_benefit" not in pages["value"].split("The figures behind this chart")[0]


def test_workbooks_list_it_too_and_have_a_chart(books: dict[str, Path]) -> None:
    for name, path in books.items():
        listed = rows_of(path, "Not known")
        row = next(row for row in listed if row[0] == TURNOVER)
        assert row[4:8] == pytest.approx([0.2, 0.11, 0.2, 0.29], abs=1e-9)
        with zipfile.ZipFile(path) as book:
            assert any(part.startswith("xl/charts/chart") for part in book.namelist()), name


def test_workbooks_say_how_long_was_run(books: dict[str, Path]) -> None:
    expected = {"ensemble": "60 weeks", "tornado": "1 year", "value": "1 year"}
    for name, length in expected.items():
        said = next(row[1] for row in rows_of(books[name], "Summary") if row[0] == "From")
        assert str(said).endswith(f", {length}")


def test_a_chart_of_chances_says_what_is_asked_for(answers: dict[str, Answer]) -> None:
    chart = str(answers["ensemble"].chart("chance").to_dict(validate=False))
    assert "Recovery: 50 % or more" in chart
    assert "Shown: the 4 least likely of 6." in chart
