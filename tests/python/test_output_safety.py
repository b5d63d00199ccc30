"""What is written: no text becomes code, no name leads out of a folder, no file is half there.

The numbers of the tests (B058, ...) are those of the list of bad inputs in ``README.md`` beside
this file.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import skillmix as sm
from skillmix import Scenario, plot, report
from skillmix.tables import csv_text

if TYPE_CHECKING:
    from skillmix.tables import Answer

PACK = "talking-therapies-2025"
UNSURE = {"demand.growth_per_year": {"unsure": {"pert": [0.0, 0.01, 0.03]}}}
EVIL = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)></style></title></svg>-->'
    "{{7*7}}${7*7}' onload='alert(1) &lt;script&gt; javascript:alert(1) [x](javascript:alert(1))"
)


@pytest.fixture(scope="module")
def evil() -> Scenario:
    """A scenario in which every text is hostile."""
    roles = [f"staff.{role}.title" for role in ("pwp", "pwp_trainee", "hit", "counsellor")]
    titles = [
        *roles,
        "service.title",
        "service.code",
        "pathway.step2.guided_self_help.title",
        "pathway.step3.cbt.title",
        "training.courses.pwp.title",
        "supervision.norms.case_management.title",
    ]
    intake = {"id": EVIL, "course": "pwp", "start": "2025-10-01", "trainees": 40, "at": EVIL}
    said = {"source": EVIL, "status": "inferred", "note": EVIL, "date": EVIL}
    changes: dict[str, Any] = dict.fromkeys(titles, EVIL)
    changes |= {"name": EVIL, "notes": [EVIL], "training.intakes": [intake]}
    sources = {"sources": dict.fromkeys([*titles, "staff.pwp.in_post"], said)}
    return Scenario.preset(PACK).with_({**UNSURE, "staff.pwp.in_post": 9.0, **changes, **sources})


@pytest.fixture(scope="module")
def answers(evil: Scenario) -> dict[str, Answer]:
    return {
        "plan": evil.plan(),
        "project": evil.project(weeks=30, draws=8, seed=1),
        "comparison": sm.compare({EVIL: evil, f"{EVIL}2": evil}, weeks=30),
        "mix": sm.skill_mix(evil, pwp_share=[0.4, 0.6], years=1),
        "targets": evil.plan(to={"first_treatments": 1, "by": "2026-04"}),
        "region": sm.Region({"a": evil, "b": evil.with_(name=f"{EVIL}2")}, name=EVIL).project(
            weeks=30
        ),
        "case": sm.business_case(evil, years=1),
    }


class Page(HTMLParser):
    """What could run on a page."""

    _RUNS = ("script", "img", "iframe", "object", "embed", "base", "form", "foreignobject")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.live: list[str] = []
        self.titles = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._RUNS:
            self.live.append(tag)
        for name, value in attrs:
            where = name in ("href", "xlink:href", "src", "action", "formaction")
            if name.startswith("on") or (where and "script:" in (value or "").lower()):
                self.live.append(f"{tag} {name}={value}")


# --- pages --------------------------------------------------------------------------------------

KINDS = ("plan", "project", "comparison", "mix", "targets", "region", "case")


@pytest.mark.parametrize("kind", KINDS)
def test_b090_no_text_is_live_on_a_page(answers: dict[str, Answer], kind: str) -> None:
    page = report.html(answers[kind], question=EVIL)
    assert Page(page).live == []
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("</title>") == page.count("<title")
    assert page.count("</style>") == page.count("<style")


@pytest.mark.parametrize("kind", KINDS)
def test_b090_no_text_is_live_in_a_notebook(
    answers: dict[str, Answer], evil: Scenario, kind: str
) -> None:
    assert Page(answers[kind]._repr_html_()).live == []
    assert Page(evil._repr_html_()).live == []


@pytest.mark.parametrize("kind", KINDS)
def test_b090_no_text_is_live_in_a_chart(
    answers: dict[str, Answer], kind: str, tmp_path: Path
) -> None:
    answer = answers[kind]
    for name in answer.charts():
        # Altair writes the chart into a script of the notebook or page just as JSON
        assert not re.search(r"<(?=[/!A-Za-z])", json.dumps(answer.chart(name).to_dict()))
    first = answer.chart(answer.charts()[0])
    assert Page(plot.svg(first)).live == []
    page = plot.save(first, tmp_path / "chart.html").read_text("utf-8")
    live = Page(page).live
    assert live == ["script"] * len(live)
    assert "<script>alert" not in page
    assert "</style></title>" not in page


def test_b058_no_text_runs_in_a_spreadsheet(evil: Scenario, tmp_path: Path) -> None:
    labels = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"]
    lines = csv_text(["text", *labels], [[label, *[-2.5] * 6] for label in labels])
    rows = list(csv.reader(io.StringIO(lines, newline="")))
    assert rows[0][1:] == [f"'{label}" for label in labels]
    assert [row[0] for row in rows[1:]] == [f"'{label}" for label in labels]
    assert {cell for row in rows[1:] for cell in row[1:]} == {"-2.5"}  # numbers stay numbers
    runs = {label: evil.with_({"staff.pwp.title": label}) for label in labels}
    for file in sm.compare(runs, weeks=5).to_csv(tmp_path):
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.reader(opened):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t", "\r"))
                    assert not cell.startswith("-") or float(cell) < 0
    # in a file of ours the text is as it was
    saved = runs[labels[0]].save(tmp_path / "ours.toml")
    assert sm.load(saved).to_dict()["staff"]["pwp"]["title"] == labels[0]


NAMES = [
    "../../etc/cron.d/x",
    "/abs",
    "CON",
    "a/b",
    "x" * 300,
    "dot.",
    "..",
    "",
    "~",
    "-rf",
    "a\\b",
]


@pytest.mark.parametrize("name", NAMES)
def test_b091_a_name_never_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    ours = Scenario.preset(PACK).with_(name=name)
    inside = tmp_path / "deep" / "out"
    files = ours.project(weeks=5).to_csv(inside)
    files += sm.compare({name: ours, f"{name} ": ours}, weeks=5).to_csv(inside)
    assert all(file.parent == inside and file.is_file() for file in files)
    assert all(re.fullmatch(r"[a-z0-9_-]+\.csv", file.name) for file in files)
    assert {path.name for path in tmp_path.rglob("*")} == {"deep", "out"} | {f.name for f in files}


def test_b091_a_zero_byte_is_refused_in_names_and_paths(tmp_path: Path) -> None:
    ours = Scenario.preset(PACK)
    with pytest.raises(sm.ScenarioError, match="name"):
        ours.with_(name="a\0b")
    for write in (ours.save, ours.plan().report, ours.plan().to_csv):
        with pytest.raises(sm.FileError):
            write(tmp_path / "a\0b")
        with pytest.raises(sm.FileError):
            write(f"{tmp_path}/\ud800.toml")
    assert list(tmp_path.iterdir()) == []


def test_b091_a_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    target, folder = tmp_path / "precious", tmp_path / "out"
    target.write_text("old", encoding="utf-8")
    folder.mkdir()
    (folder / "ours.toml").symlink_to(target)
    (folder / "summary.csv").symlink_to(target)
    ours = Scenario.preset(PACK)
    ours.save(folder / "ours.toml")
    ours.plan().to_csv(folder)
    assert target.read_text(encoding="utf-8") == "old"
    assert not (folder / "ours.toml").is_symlink()
    assert not (folder / "summary.csv").is_symlink()


# --- files that cannot be written ---------------------------------------------------------------

START = f"""
import os, resource, signal, sys
from pathlib import Path
import skillmix as sm
from skillmix import plot
out = Path(sys.argv[1])
s = sm.preset({PACK!r}).with_(notes=["a" * 15_000] * 20)
"""


def elsewhere(code: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", START + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def words_of(process: subprocess.Popen[str]) -> list[str]:
    out, faults = process.communicate(timeout=60)
    assert process.returncode == 0, faults[-2000:]
    return out.split()


def test_b093_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    old = {name: tmp_path / name for name in ("s.toml", "s.json", "r.html", "c.svg", "c.png")}
    for path in old.values():
        path.write_text("old", encoding="utf-8")
    said = words_of(
        elsewhere(
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "plan = s.plan()\n"
            "chart = plan.chart('staff')\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
            "for write, name in ((s.save, 's.toml'), (s.save, 's.json'), (plan.report, 'r.html'),\n"
            "    (lambda p: plot.save(chart, p), 'c.svg'), (plan.to_csv, 'csv'),\n"
            "    (lambda p: plot.save(chart, p), 'c.png')):\n"
            "    try: write(out / name)\n"
            "    except sm.FileError as error: print(name in str(error))\n",
            tmp_path,
        )
    )
    assert said == ["True"] * 6
    assert {path.read_text(encoding="utf-8") for path in old.values()} == {"old"}
    assert {path.name for path in tmp_path.iterdir()} == {*old, "csv"}
    assert not [path for path in (tmp_path / "csv").iterdir() if path.name.startswith(".")]


def test_b093_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    ours = Scenario.preset(PACK)
    (tmp_path / "file").write_text("old", encoding="utf-8")
    places = [tmp_path, tmp_path / "none" / "s.toml", tmp_path / "file" / "s.toml"]
    places += [Path("/proc/none.toml"), Path("/dev/full/s.toml"), tmp_path / ("x" * 300)]
    for place in places:
        with pytest.raises(sm.FileError, match=re.escape(str(place))):
            ours.save(place)
    with pytest.raises(sm.FileError, match="none"):
        ours.plan().report(places[1])
    with pytest.raises(sm.FileError, match="file"):
        ours.plan().to_csv(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_b094_a_save_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    ours = Scenario.preset(PACK).with_(notes=["a" * 15_000] * 20)
    old, new = ours.with_(name="old"), ours.with_(name="new")
    old.save(path)
    luck = random.Random(5)  # noqa: S311 - moments, not secrets
    moments = 20
    for _ in range(moments):
        child = os.fork()
        if child == 0:
            while True:
                new.save(path)
                old.save(path)
        time.sleep(luck.uniform(0.0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert sm.load(path).name in ("old", "new")
    left = [file for file in tmp_path.iterdir() if file != path]
    assert all(file.name.startswith(".skillmix-") for file in left)
    assert len(left) <= moments


def test_b096_two_who_write_the_same_file(tmp_path: Path) -> None:
    code = (
        "for turn in range(40): s.with_(name=sys.argv[2]).save(out / 'ours.toml')\n"
        "s.plan().to_csv(out / 'csv')\n"
    )
    both = [elsewhere(code, tmp_path, name) for name in ("one", "two")]
    seen = set()
    while any(process.poll() is None for process in both):
        if (tmp_path / "ours.toml").exists():
            seen.add(sm.load(tmp_path / "ours.toml").name)
    for process in both:
        words_of(process)
    assert seen <= {"one", "two"}
    assert sm.load(tmp_path / "ours.toml").name in ("one", "two")
    left = [path.name for path in tmp_path.rglob("*") if path.name.startswith(".")]
    assert left == []


# --- no network, no home ------------------------------------------------------------------------


ALONE = """
def alone(event, _):
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        raise AssertionError(event)
sys.addaudithook(alone)
"""


@pytest.mark.parametrize("home", [None, "/proc", "/nonexistent"])
def test_b102_neither_a_network_nor_a_home_is_needed(home: str | None, tmp_path: Path) -> None:
    code = (
        "run = s.project(weeks=60)\n"
        "sm.public.scenario('RXL', pack='talking-therapies-2025')\n"
        "page = s.plan().report(out / 'p.html').read_text('utf-8')\n"
        "print(len(run.to_csv(out)) > 5, 'src=' in page)\n"
    )
    if home is None:
        code = f"os.environ.pop('HOME', None)\n{code}"
    world = {"HOME": home or "", "TMPDIR": str(tmp_path / "none"), "XDG_CACHE_HOME": "/proc"}
    assert words_of(elsewhere(ALONE + code, tmp_path, **world)) == ["True", "False"]
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".csv"}
    page = (tmp_path / "p.html").read_text("utf-8")
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page.split("<a ")[0])


def test_b102_the_watch_would_see_a_socket(tmp_path: Path) -> None:
    code = "import socket\ntry: socket.socket()\nexcept AssertionError: print('seen')\n"
    assert words_of(elsewhere(ALONE + code, tmp_path)) == ["seen"]
