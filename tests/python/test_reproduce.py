"""Where a result comes from, the log of runs, and bundles that make the same bits again."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import skillmix as sm
from skillmix import bundle_table, bundle_zip, provenance
from skillmix.bundle import _digest
from skillmix.recipe import from_tree, to_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from skillmix import Scenario
    from skillmix.tables import Answer

KINDS = ["plan", "project", "comparison", "simulate", "mix", "targets", "region"]


# --- provenance ---------------------------------------------------------------------------------


def test_every_run_says_what_it_was_made_from(answers: dict[str, Answer]) -> None:
    for kind in KINDS:
        for meta in provenance.metas(answers[kind]).values():
            assert meta["version"] == sm.__version__, kind
            assert len(meta["hash"]) == 64
            assert meta["data"][0]["kind"] == "pack"
            assert meta["platform"] == provenance.platform_name()
    assert answers["project"].meta["design"] == "random"
    assert (answers["simulate"].meta["replications"], answers["simulate"].meta["seed"]) == (4, 1)


def test_data_are_named_with_date_and_sha256(tmp_path: Path) -> None:
    from importlib.resources import files

    content = (files("skillmix") / "data" / "services_monthly.csv.gz").read_bytes()
    found = {one["name"]: one for one in sm.public.scenario("RXL").plan().meta["data"]}
    assert found["services_monthly.csv.gz"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["services_monthly.csv.gz"]["date"] == "2025-03"
    pack = found["talking-therapies-2025"]
    assert pack["sha256"] == sm.preset("talking-therapies-2025").hash
    # a file of the planner's is named with the hash of its text
    months = "\n".join(f"2025-{month:02d},{400 + month}" for month in range(1, 13))
    text = f"month,referrals\n{months}\n"
    (tmp_path / "ours.csv").write_text(text, encoding="utf-8")
    scenario = 'schema = 1\nname = "a"\npack = "talking-therapies-2025"\n'
    scenario += '[demand.series]\nfile = "ours.csv"\n'
    (tmp_path / "ours.toml").write_text(scenario, encoding="utf-8")
    last = sm.load(tmp_path / "ours.toml").plan().meta["data"][-1]
    sha = hashlib.sha256(text.encode()).hexdigest()
    assert last == {"kind": "file", "name": "ours.csv", "date": "2025-12", "sha256": sha}


def test_a_hash_of_a_table_sees_every_bit() -> None:
    base = {"key": np.array(["a", "b"], dtype=object), "x": np.array([1.0, np.nan])}
    first = provenance.table_hash("t", base, {"x": "WTE"})
    assert first == provenance.table_hash("t", {k: v.copy() for k, v in base.items()}, {"x": "WTE"})
    others = [
        ("u", base, {"x": "WTE"}),
        ("t", base, {"x": "heads"}),
        ("t", {"key": base["key"], "y": base["x"]}, {"y": "WTE"}),
        ("t", {**base, "x": np.array([np.nextafter(1.0, 2.0), np.nan])}, {"x": "WTE"}),
        ("t", {**base, "x": np.array([1, 0])}, {"x": "WTE"}),
        ("t", {**base, "key": np.array(["ab", ""], dtype=object)}, {"x": "WTE"}),
    ]
    assert first not in {provenance.table_hash(*one) for one in others}


# --- the log ------------------------------------------------------------------------------------


def test_the_log_has_a_line_for_each_run(ours: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    ours.plan()  # before: not noted
    with sm.run_log(path):
        run = ours.simulate(weeks=30, replications=3, seed=9)
        sm.compare({"a": ours, "b": ours}, weeks=20)
        with pytest.raises(sm.ScenarioError):
            ours.project(weeks=-1)
    ours.plan()
    first, second, third = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert (first["call"], second["call"], third["call"]) == ("simulate", "compare", "project")
    assert first["version"] == sm.__version__
    assert first["runs"][0]["seed"] == 9
    assert first["runs"][0]["hash"] == ours.hash
    assert first["result"] == provenance.answer_hash(run)
    assert 0 < first["seconds"] < 60
    assert [one["label"] for one in second["runs"]] == ["a", "b"]  # its projections are its own
    assert (third["error"], third.get("result")) == ("ScenarioError", None)


def test_half_a_line_of_a_crash_spoils_no_other(ours: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('{"time": "2025', encoding="utf-8")
    with sm.run_log(path):
        ours.plan()
    torn, whole = path.read_text(encoding="utf-8").splitlines()
    assert torn == '{"time": "2025'
    assert json.loads(whole)["call"] == "plan"
    with pytest.raises(sm.FileError, match="run log"), sm.run_log(tmp_path / "none" / "x"):
        ours.plan()


def test_programs_that_write_to_one_log_lose_no_line(tmp_path: Path) -> None:
    code = (
        "import sys, skillmix as sm\n"
        "s = sm.preset('blank').with_(name=sys.argv[2] * 500)\n"
        "with sm.run_log(sys.argv[1]):\n"
        "    for _ in range(30):\n"
        "        try: s.simulate(replications=0)\n"
        "        except sm.ScenarioError: pass\n"
    )
    path = tmp_path / "runs.jsonl"
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name])  # noqa: S603 - our own code
        for name in "ab"
    ]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 60


# --- recipes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_is_json_and_gives_the_same_answer(answers: dict[str, Answer], kind: str) -> None:
    texts: dict[str, str] = {}
    text = json.dumps(to_tree(answers[kind], texts), allow_nan=False)
    again = from_tree(json.loads(text), texts)
    assert type(again) is type(answers[kind])
    assert provenance.answer_hash(again) == provenance.answer_hash(answers[kind])


def test_a_sweep_over_mixes_has_a_recipe_as_every_answer(ours: Scenario, tmp_path: Path) -> None:
    """A kind of answer that the recipes do not know by name, with a search made from it."""
    found = sm.mix_sweep(ours, shares=[0.3, 0.4, 0.5], draws=8, years=1)
    path = found.bundle(tmp_path / "mixes.skillmix")
    assert sm.reproduce(path).equal
    assert found.meta["data"][0]["name"] == ours.pack
    tornado = sm.sensitivity.tornado(ours, outcome="recovered", years=1)
    assert sm.reproduce(tornado.bundle(path)).equal
    more = {"a": ours, "b": ours.with_({"staff.hit.in_post": 12})}
    value = sm.sensitivity.value_of_information(more, objective="recovered", years=1, draws=256)
    assert sm.reproduce(value.bundle(path)).equal
    function = sm.sensitivity.indices({"x": (0, 1)}, lambda given: given["x"], method="morris")
    with pytest.raises(TypeError, match="not made from a scenario"):
        function.bundle(path)
    leaves = found.leaves("demand.growth_per_year", 0.0, 0.1, steps=2)
    assert sm.reproduce(leaves.bundle(path)).equal
    swept = sm.sweep({"a": ours}, run=sm.mix_sweep, shares=[0.3, 0.4], draws=8, years=1)
    assert list(swept.failed["message"]) == []
    assert set(swept.tables()) >= {"range", "best", "curves"}


def test_ensembles_and_paired_comparisons_can_be_bundled(ours: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "run.skillmix"
    ours.bundle(path, run="ensemble", draws=12, weeks=30, seed=3, options={"run": "chance"})
    found = sm.reproduce(path)
    assert found.equal
    assert (found.answer.kind, found.answer.meta["draws"]) == ("ensemble", 12)
    assert found.answer.meta["seed"] == 3
    assert found.answer.meta["design"] == "random"
    more = {"a": ours, "b": ours.with_({"staff.hit.in_post": 12})}
    pairs = sm.compare(more, draws=20, weeks=30, seed=5)
    again = sm.reproduce(pairs.bundle(path))
    assert again.equal
    assert {"differences", "best"} <= {one.table for one in again.verdicts}
    with zipfile.ZipFile(path) as file:  # each scenario once, under its hash
        texts = [name for name in file.namelist() if name.startswith("scenarios/")]
        assert b'"pack' not in file.read("manifest.json").split(b'"recipe"')[1]
    assert len(texts) == 4
    with pytest.raises(TypeError, match="weeks is given twice"):
        ours.bundle(path, options={"weeks": 20}, weeks=30)


@pytest.mark.parametrize(
    "tree",
    [
        {"$call": "os:system", "with": ["true"]},
        {"$call": "skillmix.files:write_text", "with": ["x", "y"]},
        {"$call": "skillmix.files:os.system", "with": ["true"]},
        {"$call": "skillmix.result:Result.report", "with": ["x"]},
        {"$call": "skillmix.result:Result.__init__", "with": []},
        {"$call": "skillmix.comparison:Path", "with": ["x"]},
        {"$new": "subprocess:Popen"},
        {"$new": "skillmix.none:Result"},
        # figures that were brought along, not made
        {"$new": "skillmix.sensitivity_answer:Finding", "state": {"_kind": "tornado"}},
        {"$call": "skillmix.sensitivity_answer:Finding._of", "with": []},
        {"$new": "skillmix.result:Result", "state": {"_inner": 1}},
        {"$eval": "1"},
        {"$scenario": "0" * 64},
        {"$float": "1e5"},
        {"$call": "skillmix.result:_rebuild", "with": "x"},
    ],
)
def test_a_recipe_can_call_nothing_but_answers(tree: dict[str, Any]) -> None:
    with pytest.raises(sm.DataError, match="recipe"):
        from_tree({"a": [tree]}, {})


# --- bundles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_gives_the_same_bits_again(
    answers: dict[str, Answer], kind: str, tmp_path: Path
) -> None:
    path = answers[kind].bundle(tmp_path / "run.skillmix")
    found = sm.reproduce(path)
    assert found.equal
    assert found.passed
    assert [one.table for one in found.verdicts] == answers[kind].tables()
    assert found.words()[0] == f"All {len(found.verdicts)} tables are equal in every bit."
    assert provenance.answer_hash(found.answer) == provenance.answer_hash(answers[kind])
    # no time is in it: the same answer gives the same file
    assert answers[kind].bundle(tmp_path / "b").read_bytes() == path.read_bytes()


def test_a_bundle_holds_everything_in_plain_text(ours: Scenario, tmp_path: Path) -> None:
    path = ours.bundle(tmp_path / "a", run="simulate", weeks=30, replications=3, seed=5)
    with zipfile.ZipFile(path) as file:
        manifest = json.loads(file.read("manifest.json"))
        complete = json.loads(file.read(f"scenarios/{ours.hash}.complete.json"))
        tables = [name for name in file.namelist() if name.startswith("tables/")]
    assert manifest["environment"]["skillmix"] == sm.__version__
    assert manifest["recipe"]["with"][0]["with"][0]["replications"] == 3
    assert complete["staff"]["pwp"]["band"]
    run = ours.simulate(weeks=30, replications=3, seed=5)
    assert len(tables) == len(run.tables())
    assert {t["name"]: t["sha256"] for t in manifest["tables"]} == provenance.table_hashes(run)
    with pytest.raises(sm.ScenarioError, match="run: got 'simulat', allowed: plan, project"):
        ours.bundle(tmp_path / "b", run="simulat")
    assert not (tmp_path / "b").exists()


def changed(
    path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes] | None], *, sign: bool = False
) -> Path:
    """The bundle with its parts changed; signed again, as a forger would."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts = change(parts) or parts
    if sign:
        manifest = json.loads(parts["manifest.json"])
        others = {name: part for name, part in parts.items() if name != "manifest.json"}
        manifest["parts"] = {n: hashlib.sha256(part).hexdigest() for n, part in others.items()}
        manifest["sha256"] = _digest(manifest)
        parts["manifest.json"] = json.dumps(manifest).encode()
    path.write_bytes(bundle_zip.packed(parts))
    return path


def manifest_with(**said: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        for key, value in said.items():
            manifest[key] = manifest[key] | value if isinstance(value, dict) else value
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.fixture
def bundle(ours: Scenario, tmp_path: Path) -> Path:
    return ours.plan().bundle(tmp_path / "run.skillmix")


def test_a_newer_bundle_says_which_version_it_needs(bundle: Path) -> None:
    changed(bundle, manifest_with(environment={"skillmix": "9.10.2"}), sign=True)
    with pytest.raises(sm.VersionError, match=r"it needs skillmix 9\.10\.2 or later"):
        sm.reproduce(bundle)
    changed(bundle, manifest_with(bundle=2), sign=True)
    with pytest.raises(sm.VersionError, match=r"9\.10\.2"):
        sm.reproduce(bundle)


def test_an_older_bundle_is_run_by_this_version_which_says_so(bundle: Path) -> None:
    changed(bundle, manifest_with(environment={"skillmix": "0.0.1"}), sign=True)
    found = sm.reproduce(bundle)
    assert found.equal
    assert any("skillmix 0.0.1 wrote it" in sentence for sentence in found.words())


def test_a_figure_that_differs_is_named_with_table_and_cell(bundle: Path) -> None:
    """One figure is changed by a thousandth and the bundle signed again."""

    def nudge(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        told = next(one for one in manifest["tables"] if one["name"] == "staff")
        table = json.loads(parts[told["part"]])
        column = next(one for one in table["columns"] if one["kind"] == "f")
        column["values"][0] = column["values"][0] * 1.001 + 0.001
        told["sha256"] = "0" * 64
        parts[told["part"]] = json.dumps(table).encode()
        parts["manifest.json"] = json.dumps(manifest).encode()

    found = sm.reproduce(changed(bundle, nudge, sign=True))
    assert not found.equal
    assert not found.passed
    assert "staff" in found.words()[0]
    off = [one for one in found.verdicts if not one.equal]
    assert [(one.table, one.cells, one.close) for one in off] == [("staff", 1, False)]
    assert "row 1" in off[0].message
    frame = found.frame("pandas").set_index("table")
    assert not frame.loc["staff", "equal"]


def test_another_platform_may_differ_in_the_last_bits(bundle: Path) -> None:
    """A cost moved by one unit in the last place: 2^-52 of itself, below 1e-12."""

    def nudge(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        told = next(one for one in manifest["tables"] if one["name"] == "cost")
        table = json.loads(parts[told["part"]])
        column = next(one for one in table["columns"] if one["kind"] == "f")
        column["values"][0] = float(np.nextafter(column["values"][0], np.inf))
        told["sha256"] = "0" * 64
        parts[told["part"]] = json.dumps(table).encode()
        parts["manifest.json"] = json.dumps(manifest).encode()

    here = sm.reproduce(changed(bundle, nudge, sign=True))
    assert (here.equal, here.passed) == (False, False)  # on this platform every bit counts
    away = sm.reproduce(
        changed(bundle, manifest_with(environment={"platform": "Plan9 mips"}), sign=True)
    )
    assert (away.equal, away.passed) == (False, True)
    assert "to 1e-12" in away.words()[0]
    assert any("Plan9 mips" in sentence for sentence in away.words())


def remove(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        del parts[next(part for part in parts if part.startswith(name))]

    return change


def spoil(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        part = next(part for part in parts if part.startswith(name))
        parts[part] = parts[part].replace(b"2025", b"2024", 1)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (spoil("scenarios/"), "scenarios/.*was changed"),
        (spoil("manifest"), "manifest.json was changed"),
        (remove("tables/03"), "tables/03.*is missing"),
        (remove("manifest"), "no manifest.json"),
        (lambda parts: parts.update({"tables/more.json": b"{}"}), "does not belong there"),
        (lambda parts: parts.update({"../../evil": b"x"}), "made to write somewhere else"),
        (lambda parts: parts.update({"/etc/evil": b"x"}), "made to write somewhere else"),
        (lambda parts: parts.update({"..\\evil": b"x"}), "made to write somewhere else"),
        (lambda parts: parts.update({"manifest.json": b"[1]"}), "not that of a bundle"),
        (lambda parts: parts.update({"manifest.json": b"{"}), "cannot be read"),
        (manifest_with(recipe={"$call": "os:system"}), "manifest.json was changed"),
    ],
)
def test_a_bundle_that_was_changed_is_refused_with_what_differs(
    bundle: Path, change: Callable[[dict[str, bytes]], None], message: str
) -> None:
    with pytest.raises(sm.DataError, match=message):
        sm.reproduce(changed(bundle, change))


def test_a_forged_recipe_is_refused_though_it_was_signed(bundle: Path) -> None:
    recipe = {"$call": "os:system", "with": ["true"]}
    with pytest.raises(sm.DataError, match="no answer of skillmix"):
        sm.reproduce(changed(bundle, manifest_with(recipe=recipe), sign=True))


def test_a_damaged_file_is_a_data_error_at_every_byte(bundle: Path) -> None:
    whole = bundle.read_bytes()
    luck = np.random.default_rng(3)
    for size in [0, 1, 100, len(whole) // 2, len(whole) - 1]:
        bundle.write_bytes(whole[:size])
        with pytest.raises(sm.DataError):
            sm.reproduce(bundle)
    # The middle: compressed parts, each with a check sum and a SHA-256.
    for place in luck.integers(200, len(whole) // 2, size=40):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x55
        bundle.write_bytes(spoilt)
        try:
            found = sm.reproduce(bundle)
        except sm.DataError:
            continue
        assert found.equal  # a byte that carries nothing, as the time of a part
    with pytest.raises(sm.FileError, match="none"):
        sm.reproduce(bundle.parent / "none")


def test_a_bundle_beyond_reason_is_refused_before_it_is_unpacked(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_zip, "_LARGEST", 10_000)
    with pytest.raises(sm.LimitError, match="at most 10000 bytes"):
        sm.reproduce(bundle)
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as file:
        file.writestr("manifest.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("manifest.json", "{}")
    bundle.write_bytes(twice.getvalue())
    with pytest.raises(sm.DataError, match="two parts have the same name"):
        sm.reproduce(bundle)


def test_a_bundle_is_whole_or_not_there(bundle: Path, ours: Scenario) -> None:
    with pytest.raises(sm.FileError):
        ours.plan().bundle(bundle.parent)
    with pytest.raises(sm.FileError):
        ours.plan().bundle(bundle.parent / "none" / "x")
    assert [path.name for path in bundle.parent.iterdir()] == ["run.skillmix"]


def test_values_that_are_no_numbers_come_back(ours: Scenario) -> None:
    columns = {
        "x": np.array([np.inf, -np.inf, np.nan, -0.0, 5e-324, 0.1]),
        "t": np.array(["a", "", "é", "nan", "\n", "x"], dtype=object),
        "d": np.array(["2025-04-01"] * 6, dtype="datetime64[D]"),
        "b": np.array([True, False] * 3),
    }
    kept = json.loads(bundle_table.to_bytes("t", columns, {"x": "weeks"}, {}))["columns"]
    again = {one["name"]: one for one in kept}
    found = bundle_table._compared("t", again, columns, 6)
    assert (found.cells, again["x"]["unit"]) == (0, "weeks")
    columns["x"][3] = 0.0
    assert bundle_table._compared("t", again, columns, 6).cells == 1
    assert ours.plan().columns("staff")["role"].dtype.kind == "O"
