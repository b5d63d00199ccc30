"""The command line: the same answers as from Python, and every mistake as one message."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import skillmix as sm
from skillmix.bundle import _digest
from skillmix.bundle_zip import packed
from skillmix.cli import app

PACK = "talking-therapies-2025"
FEW = ["--weeks", "30", "--replications", "3", "--seed", "7"]


def said(*words: str | Path, code: int = 0) -> Result:
    """What a command says; its exit code is as expected."""
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A scenario file."""
    return sm.preset(PACK).with_staff(pwp=6, hit=8).save(tmp_path / "ours.toml")


def spoil(path: Path) -> None:
    """Another hash for one table of a bundle, which is signed again."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"][1]["sha256"] = "0" * 64
    manifest["sha256"] = _digest(manifest)
    parts["manifest.json"] = json.dumps(manifest).encode()
    path.write_bytes(packed(parts))


def test_the_answer_comes_in_words_and_a_table(ours: Path) -> None:
    out = said("plan", ours).stdout
    plan = sm.load(ours).plan()
    assert out.startswith(plan.words()[0])
    assert "People referred in a year" in out
    assert "Tables: summary, staff" in out


def test_a_table_comes_as_csv_and_everything_as_json(ours: Path) -> None:
    run = sm.load(ours).project(weeks=20)
    out = said("project", ours, "--weeks", "20", "--table", "weekly").stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [float(row["course_starts"]) for row in rows] == list(
        run.columns("weekly")["course_starts"]
    )
    out = said("project", ours, "--weeks", "20", "--table", "staff", "--json").stdout
    found = json.loads(out)
    assert found["tables"]["staff"]["columns"]["in_post"] == list(run.columns("staff")["in_post"])
    assert found["tables"]["staff"]["units"]["in_post"] == "WTE"
    assert found["words"] == list(run.words())
    assert next(iter(found["runs"].values()))["hash"] == run.scenario.hash


def test_json_holds_no_nan(ours: Path) -> None:
    out = said("simulate", ours, *FEW, "--json").stdout

    def refuse(name: str) -> None:
        raise AssertionError(name)

    found = json.loads(out, parse_constant=refuse)
    seeds = {one["seed"] for one in found["runs"].values()}
    assert seeds == {7}


def test_fields_and_targets_are_set_by_name(ours: Path) -> None:
    out = said(
        "plan", ours, "--set", "staff.pwp.in_post=9.5", "--set", "name=Ours", "--json"
    ).stdout
    changed = sm.load(ours).with_({"staff.pwp.in_post": 9.5, "name": "Ours"})
    assert json.loads(out)["runs"]["Ours"]["hash"] == changed.hash
    out = said("plan", ours, "--to", "first_treatments=1", "--to", "by=2026-04", "--json").stdout
    assert next(iter(json.loads(out)["runs"].values()))["run"] == "targets"
    assert "Projection" not in said("project", PACK, "--weeks", "9").stdout  # a pack by its name


def test_files_are_written_where_they_are_asked_for(ours: Path, tmp_path: Path) -> None:
    said("plan", ours, "--csv", tmp_path / "csv", "--excel", tmp_path / "plan.xlsx")
    assert (tmp_path / "csv" / "staff.csv").exists()
    assert (tmp_path / "plan.xlsx").read_bytes()[:2] == b"PK"
    page = tmp_path / "page.html"
    assert (
        "page.html"
        in said("report", ours, "-o", page, "--run", "plan", "--question", "Who?").stdout
    )
    assert "<h1>Who?</h1>" in page.read_text(encoding="utf-8")


def test_a_bundle_is_reproduced_and_a_wrong_one_is_not(ours: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.skillmix"
    said("bundle", ours, "-o", path, "--simulate", *FEW)
    out = said("reproduce", path, "--csv", tmp_path / "csv").stdout
    assert "tables are equal in every bit" in out
    assert (tmp_path / "csv" / "waits.csv").exists()
    found = json.loads(said("reproduce", path, "--json").stdout)
    assert found["equal"] is True
    assert {one["table"] for one in found["tables"]} >= {"waits", "standards"}
    lucky = tmp_path / "lucky.skillmix"
    said("bundle", ours, "-o", lucky, "--project", "--chance", *FEW)
    assert sm.reproduce(lucky).answer.meta["luck"] == "chance"
    # the same file with another table: it says so, and the exit code is 1
    spoil(path)
    out = said("reproduce", path, code=1).stdout
    assert "Not reproduced: 1 of" in out
    path.write_bytes(path.read_bytes()[:100])
    assert "was damaged" in said("reproduce", path, code=2).stderr


def test_a_sweep_of_files_goes_on_in_its_folder(ours: Path, tmp_path: Path) -> None:
    more = sm.load(ours).with_({"staff.pwp.in_post": 7}).save(tmp_path / "more.toml")
    to = tmp_path / "sweep"
    out = said("sweep", ours, more, "--to", to, "--weeks", "20", "--table", "staff").stdout
    assert "2 of 2 scenarios were run with project; 0 failed." in out
    both = {"ours": sm.load(ours), "more": sm.load(more)}
    whole = sm.sweep(both, weeks=20, tables=["staff"])
    assert sm.Sweep.open(to).hash == whole.hash
    found = json.loads(said("sweep", "--to", to, "--json").stdout)  # nothing is left
    assert found["hash"] == whole.hash
    out = said("sweep", ours, "--run", "simulate", "--weeks", "2", code=1).stdout
    assert "1 failed" in out  # a run of two weeks, which no course fits into
    out = said(
        *("sweep", ours, more, "--weeks", "20", "--table", "staff", "--json"),
        *("--executor", "processes", "--workers", "1"),
    ).stdout
    assert json.loads(out)["hash"] == whole.hash


def test_the_log_of_runs_is_kept_where_it_is_asked_for(ours: Path, tmp_path: Path) -> None:
    said("--run-log", tmp_path / "runs.jsonl", "plan", ours)
    line = json.loads((tmp_path / "runs.jsonl").read_text(encoding="utf-8"))
    assert (line["call"], line["runs"][0]["hash"]) == ("plan", sm.load(ours).hash)


def test_every_mistake_is_a_message_and_the_exit_code_is_2(ours: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.skillmix"
    mistakes: list[tuple[list[str | Path], str]] = [
        (["plan", tmp_path / "none.toml"], "none.toml"),
        (["plan", "talking-therapies"], "no such pack"),
        (["plan", ours, "--set", "staff.pwp.pots=3"], "did you mean posts?"),
        (["plan", ours, "--set", "nothing"], "NAME=VALUE"),
        (["plan", ours, "--table", "staf"], "no table 'staf'; there are staff"),
        (["plan", ours, "--to", "stp3_wait_weeks=4", "--to", "by=2026-10"], "step3_wait_weeks"),
        (["plan", ours, "--to", "first_treatments=9e5", "--to", "by=2025-06"], "first"),
        (["project", ours, "--weeks", "0"], "weeks"),
        (["project", ours, "--weeks", "4", "--years", "1"], "at most one"),
        (["project", ours, "--replications", "4"], "luck='chance'"),
        (["simulate", ours, "--weeks", "30", "--threads", "0"], "threads"),
        (["bundle", ours, "-o", out, "--plan", "--simulate"], "one run a bundle"),
        (["bundle", ours, "-o", out, "--run", "simulat"], "allowed: plan, project"),
        (["bundle", ours, "-o", out, "--plan", "--weeks", "4"], "plan has no such option"),
        (["reproduce", out], "x.skillmix"),
        (["report", ours, "-o", tmp_path / "none" / "x.html", "--run", "plan"], "none"),
        (["sweep"], "one or more files"),
        (["sweep", ours, ours], "stands there twice"),
        (["sweep", ours, "--executor", "thread"], "threads, processes, dask"),
        (["sweep", ours, "--scheduler", "tcp://x:1"], "--executor dask"),
        (["sweep", "--to", tmp_path / "none"], "folder of a sweep"),
    ]
    for words, message in mistakes:
        found = said(*words, code=2)
        assert message in found.stderr, words
        assert found.stderr.startswith("skillmix: ")
        assert "Traceback" not in found.output
        assert found.stdout == ""
    assert not out.exists()
    assert said("plan", code=2).stderr  # what typer itself refuses
    assert said("--version").stdout.strip() == sm.__version__
    for command in ("plan", "project", "simulate", "report", "bundle", "reproduce", "sweep"):
        assert "Usage" in said(command, "--help").stdout


def test_it_runs_as_a_program_and_says_which_extra_is_missing(ours: Path, tmp_path: Path) -> None:
    def program(*words: str | Path, **world: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "skillmix", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, **world},
        )

    path = tmp_path / "run.skillmix"
    done = program("bundle", ours, "-o", path, "--plan")
    assert (done.returncode, done.stderr) == (0, "")
    assert program("reproduce", path).returncode == 0
    code = (
        "import sys\n"
        "sys.modules['typer'] = None\n"
        "import importlib.util as u\n"
        "find = u.find_spec\n"
        "import skillmix.frame as f\n"
        "f.find_spec = lambda name: None if name == 'typer' else find(name)\n"
        "from skillmix.__main__ import main\n"
        "sys.exit(main())\n"
    )
    missing = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert missing.returncode == 2
    assert missing.stderr == "the command line needs typer: pip install 'skillmix[cli]'\n"


def test_the_program_is_named_in_the_package() -> None:
    top = Path(__file__).parents[2] / "pyproject.toml"
    name = tomllib.loads(top.read_text(encoding="utf-8"))["project"]["scripts"]["skillmix"]
    module, _, function = name.partition(":")
    assert callable(getattr(import_module(module), function))
