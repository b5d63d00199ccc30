"""Charts: what they show, how they are read without colour or sight, and how they are saved."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import skillmix as sm
from skillmix import Scenario, plot
from skillmix.chart_style import INK, PALETTE, end_of

if TYPE_CHECKING:
    from skillmix.tables import Answer

NAMES = [
    *(("plan", name) for name in ("staff", "flow")),
    *(("project", n) for n in ("waiting", "waits", "capacity", "staff", "supervision", "training")),
    *(("project", n) for n in ("cost", "payers", "recurrent", "unit_costs", "bands")),
    *(("comparison", name) for name in ("waiting", "queues_a_year_later", "cost")),
    *(("mix", name) for name in ("mix", "frontier")),
]


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    preset = Scenario.preset("talking-therapies-2025").with_({"calendar.start": "2025-04-01"})
    ours = preset.with_staff(pwp=18.4, hit=24.1, counsellor=3.0, step3_waiting=310)
    intakes = [{"course": "pwp", "start": "2025-10-01", "trainees": 4}]
    autumn = ours.with_({"training.intakes": intakes})
    turnover = {"unsure": {"pert": [0.10, 0.15, 0.25]}}
    unsure = autumn.with_({"staff.pwp.leavers_per_year": turnover})
    return {
        "plan": ours.plan(),
        "project": unsure.project(years=2, draws=8, seed=1),
        "comparison": sm.compare({"as now": ours, "autumn": autumn}, years=2),
        "mix": sm.skill_mix(ours, pwp_share=[0.4, 0.6], years=2),
    }


def values(spec: Any) -> list[dict[str, Any]]:
    """All rows inside a chart."""
    if isinstance(spec, dict):
        own = spec["values"] if isinstance(spec.get("values"), list) else []
        own += [row for rows in spec.get("datasets", {}).values() for row in rows]
        return own + [row for part in spec.values() for row in values(part)]
    return [row for part in spec for row in values(part)] if isinstance(spec, list) else []


def test_every_answer_has_its_charts(answers: dict[str, Answer]) -> None:
    assert [(k, n) for k, a in answers.items() for n in a.charts()] == NAMES


def test_bands_need_draws(answers: dict[str, Answer]) -> None:
    ours = next(iter(answers["comparison"].runs.values())).scenario  # type: ignore[attr-defined]
    assert "bands" not in ours.project(weeks=10).charts()


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_each_chart_is_valid_and_described(
    answers: dict[str, Answer], kind: str, name: str
) -> None:
    spec = answers[kind].chart(name).to_dict()  # validates against the schema of Vega-Lite
    assert len(spec["description"]) > 40
    assert spec["title"]["text"]
    assert spec["title"]["subtitle"]
    assert not re.search(r"\b(nan|inf|None)\b", spec["description"])
    colours = set(re.findall(r"#[0-9A-F]{6}", str(spec))) & set(PALETTE)
    assert len(colours) <= 4
    picture = plot.svg(answers[kind].chart(name))
    width = float(re.search(r'width="([\d.]+)"', picture).group(1))  # type: ignore[union-attr]
    assert 300 < width < 760


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_each_picture_has_a_title_and_a_description(
    answers: dict[str, Answer], kind: str, name: str
) -> None:
    picture = plot.svg(answers[kind].chart(name))
    assert re.search(r'<svg[^>]* role="img" aria-labelledby="(\S+)-title \1-desc"', picture)
    assert re.search(r"<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+</desc>", picture)
    assert "<script" not in picture


def test_ids_of_two_pictures_on_one_page_differ(answers: dict[str, Answer]) -> None:
    ids = [
        set(re.findall(r'id="([^"]+)"', plot.svg(answers["project"].chart(name))))
        for name in ("waiting", "capacity")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_the_steps_of_the_trainees_are_marked_on_their_days(answers: dict[str, Answer]) -> None:
    # Published ramp of a PWP trainee: nothing in months 1 to 3, 80 % from month 4, all from month
    # 10, one year. From 1 October 2025: 1 January, 1 July and 1 October 2026.
    rows = values(answers["project"].chart("waiting").to_dict())
    marks = {row["when"][:10] for row in rows if "course" in row}
    assert marks == {"2025-10-01", "2026-01-01", "2026-07-01", "2026-10-01"}
    texts = " ".join(row["text"] for row in rows if "course" in row)
    assert "4 start" in texts
    assert "80 %" in texts


def test_the_lists_are_those_of_the_table(answers: dict[str, Answer]) -> None:
    rows = values(answers["project"].chart("waiting").to_dict())
    drawn = [r["value"] for r in rows if r.get("name") == "Step 3" and "month" in r]
    monthly = answers["project"].frame("monthly", "pandas")
    assert drawn == list(monthly[monthly["complete"]]["waiting_step3"])


@pytest.mark.parametrize("name", ["cost", "payers", "recurrent"])
def test_bars_of_cost_add_up_to_the_complete_years(answers: dict[str, Answer], name: str) -> None:
    cost = answers["project"].frame("cost", "pandas")
    expected = cost[cost["complete"]]["pounds"].sum()
    rows = values(answers["project"].chart(name).to_dict())
    drawn = sum(row["to"] - row["from"] for row in rows if "from" in row)
    assert drawn == pytest.approx(expected)


def test_hours_used_and_not_booked_fill_the_hours_that_can_be_booked(
    answers: dict[str, Answer],
) -> None:
    rows = values(answers["project"].chart("capacity").to_dict())
    used = sum(row["hours"] for row in rows if "use" in row)
    offered = sum(row["hours"] for row in rows if "use" not in row and "hours" in row)
    assert used == pytest.approx(offered, rel=1e-6)


def test_ends_of_months_do_not_move_with_the_time_zone() -> None:
    assert end_of("2025-04") == "2025-05-01T00:00:00"
    assert end_of("2025-12") == "2026-01-01T00:00:00"
    assert date.fromisoformat(end_of("2028-02")[:10]) == date(2028, 3, 1)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    full = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_upon_colours_can_be_read() -> None:
    for colour, ink in INK.items():
        light, dark = sorted((luminance(colour), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def test_pictures_and_pages_are_written(answers: dict[str, Answer], tmp_path: Path) -> None:
    chart = answers["plan"].chart("staff")
    assert plot.save(chart, tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert plot.save(chart, tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    page = plot.save(chart, tmp_path / "a.html").read_text(encoding="utf-8")
    assert not re.search(r'<(script|link)[^>]*(src|href)="', page)


def test_other_endings_and_places_are_file_errors(
    answers: dict[str, Answer], tmp_path: Path
) -> None:
    chart = answers["plan"].chart("staff")
    with pytest.raises(sm.FileError, match=r"use \.png, \.svg or \.html"):
        plot.save(chart, tmp_path / "a.docx")
    with pytest.raises(sm.FileError, match="folder that exists"):
        plot.save(chart, tmp_path / "none" / "a.svg")


def test_plot_reads_tables_and_nothing_of_the_core() -> None:
    folder = Path(plot.__file__).parent
    for file in [*folder.glob("plot*.py"), folder / "chart_style.py"]:
        assert "_core" not in file.read_text(encoding="utf-8"), file.name


def test_an_unknown_measure_is_named(answers: dict[str, Answer]) -> None:
    with pytest.raises(ValueError, match="measure = 'x'"):
        answers["project"].chart("bands", measure="x")
    with pytest.raises(ValueError, match="measure = 'x'"):
        answers["comparison"].chart("waiting", measure="x")
