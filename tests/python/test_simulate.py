"""A service patient by patient: what is refused, what is the same again, what the tables hold.

The figures themselves are tested in the core, against closed forms and conservation.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import digest, refused

import skillmix as sm

if TYPE_CHECKING:
    from skillmix import Scenario
    from skillmix.result import Result

REPLICATIONS = 24


@pytest.fixture(scope="module")
def service(preset: Scenario) -> Scenario:
    """A small team with lists and trainees to come."""
    return preset.with_(
        {
            "calendar.start": "2025-04-01",
            "demand.rate": {"referrals": 240, "per": "month"},
            "training.intakes": [{"course": "pwp", "start": "2025-10-01", "trainees": 2}],
        }
    ).with_staff(pwp=5, hit=6, hit_lead=1, counsellor=2, step2_waiting=60, step3_waiting=120)


@pytest.fixture(scope="module")
def run(service: Scenario) -> Result:
    return service.simulate(weeks=40, replications=REPLICATIONS, seed=7, log=True)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"replications": 0}, sm.ScenarioError),
        ({"replications": -3}, sm.ScenarioError),
        ({"replications": 1.5}, sm.ScenarioError),
        ({"replications": True}, sm.ScenarioError),
        ({"replications": 10**9}, sm.LimitError),
        ({"replications": 10**30}, sm.LimitError),
        ({"threads": 0}, sm.ScenarioError),
        ({"threads": -1}, sm.ScenarioError),
        ({"threads": 10**6}, sm.LimitError),
        ({"threads": 10**30}, sm.LimitError),
        ({"seed": 2**64}, sm.LimitError),
        ({"seed": -1}, sm.ScenarioError),
        ({"seed": "abc"}, sm.ScenarioError),
        ({"weeks": 0}, sm.ScenarioError),
        ({"weeks": 10**6}, sm.LimitError),
    ],
)
def test_b026_a_wrong_number_is_named(
    service: Scenario, wrong: dict[str, Any], kind: type[sm.ScenarioError]
) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        service.simulate(**{"weeks": 30, "replications": 2} | wrong)
    assert type(caught.value) is kind
    refused(caught.value, next(iter(wrong)))


def test_a_billion_replications_name_the_memory(service: Scenario) -> None:
    with pytest.raises(sm.LimitError, match=r"above the ceiling of 1000000.* would take [\d,]+ GB"):
        service.simulate(weeks=30, replications=10**9)


def test_arguments_of_the_wrong_kind(service: Scenario) -> None:
    loose: Any = service
    with pytest.raises(TypeError, match="log"):
        loose.simulate(weeks=30, log="yes")
    with pytest.raises(TypeError, match="progress"):
        loose.simulate(weeks=30, progress=3)


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        (
            {f"staff.{role}.in_post": 0 for role in ("pwp", "hit", "hit_lead", "counsellor")}
            | {"training.intakes": [], "staff.pwp_senior.in_post": 0},
            "staff",
            "no clinician",
        ),
        (
            {
                "staff.counsellor.in_post": 0,
                "staff.counsellor.posts": 0,
                "pathway.step3.counselling.roles": ["counsellor"],
                "open_courses.step3.counselling": [5, 5],
            },
            "open_courses.step3.counselling",
            "10 people are in treatment",
        ),
        ({"pathway.step3.cbt.sessions": 41}, "pathway.step3.cbt.sessions", "takes 41 weeks"),
        (
            {"waiting.assessment": {"people": 2e6, "longest_weeks": 9}},
            "waiting",
            "above the ceiling of 1000000",
        ),
    ],
)
def test_a_service_that_cannot_be_simulated(
    service: Scenario, changes: dict[str, Any], path: str, says: str
) -> None:
    changes = {"pathway.step3.cbt.interval_weeks": 1, **changes}
    if path == "staff":
        # Posts were stated with the staff; without them nobody is recruited.
        changes |= {f"staff.{role}.posts": 0 for role in ("pwp", "hit", "hit_lead", "counsellor")}
    with pytest.raises(sm.ScenarioError) as caught:
        service.with_(changes).simulate(weeks=40, replications=2)
    assert says in refused(caught.value, path).message


def test_courses_of_some_weeks_are_refused_elsewhere(service: Scenario) -> None:
    timed = service.with_(
        {
            "staff.hit.slots": 40,
            "pathway.step3.cbt.roles": ["hit"],
            "pathway.step3.cbt.duration_weeks": {"varies": {"family": "exponential", "mean": 10}},
        }
    )
    for call in (timed.plan, timed.project):
        with pytest.raises(sm.ScenarioError, match="use simulate"):
            call()


# --- the same again -----------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_the_same_seed_gives_the_same_bits(service: Scenario, run: Result, threads: int) -> None:
    again = service.simulate(weeks=40, replications=REPLICATIONS, seed=7, log=True, threads=threads)
    assert digest(again) == digest(run)
    assert again == run
    assert hash(again) == hash(run)


def test_another_seed_is_another_run(service: Scenario, run: Result) -> None:
    other = service.simulate(weeks=40, replications=REPLICATIONS, seed=8, log=True)
    assert other != run
    assert digest(other) != digest(run)


def test_the_log_changes_no_draw(service: Scenario, run: Result) -> None:
    silent = service.simulate(weeks=40, replications=REPLICATIONS, seed=7)
    assert "log" not in silent.tables()
    for table in silent.tables():
        for name, values in silent.columns(table).items():
            np.testing.assert_array_equal(values, run.columns(table)[name])


def test_a_pickle_gives_the_same_run(run: Result) -> None:
    again = pickle.loads(pickle.dumps(run))  # noqa: S301 - our own
    assert again == run
    assert digest(again) == digest(run)
    assert again.meta == run.meta


@pytest.mark.parametrize("kind", ["plan", "project", "simulate"])
def test_a_pickle_of_another_version_is_refused(service: Scenario, run: Result, kind: str) -> None:
    answer = {"plan": service.plan, "project": lambda: service.project(weeks=4)}.get(kind)
    raw = pickle.dumps(answer() if answer else run, protocol=2)
    here = sm.__version__.encode()
    other = b"9" * len(here)
    assert raw.count(here) == 1
    with pytest.raises(sm.VersionError, match=f"pickled by skillmix {other.decode()}") as caught:
        pickle.loads(raw.replace(here, other))  # noqa: S301 - our own
    refused(caught.value, "version")


def test_how_it_was_made(service: Scenario, run: Result) -> None:
    assert run.kind == "simulate"
    assert run.scenario == service
    expected = {"luck": "chance", "replications": REPLICATIONS, "seed": 7, "weeks": 40}
    assert expected.items() <= run.meta.items()
    assert run.meta["version"] == sm.__version__
    assert run.meta["hash"] == service.hash


# --- tables -------------------------------------------------------------------------------------


def test_tables_are_those_of_a_projection_and_more(service: Scenario, run: Result) -> None:
    expected = service.project(weeks=40)
    for table in expected.tables():
        assert list(run.columns(table)) == list(expected.columns(table)), table
    more = set(run.tables()) - set(expected.tables())
    assert {"spread", "waits", "standards", "caseloads", "advice", "log"} <= more


def test_every_column_has_a_description(run: Result) -> None:
    for table in run.tables():
        descriptions, units = run.descriptions(table), run.units(table)
        for name in run.columns(table):
            assert descriptions[name], f"{table}.{name}"
            if table != "summary":
                assert name in units, f"{table}.{name}"


def test_the_spread_is_about_the_mean_of_the_months(run: Result) -> None:
    """The mean of the months is the month of the mean weeks, since both are sums."""
    spread, monthly = run.frame("spread", "pandas"), run.frame("monthly", "pandas")
    for measure in ("finishers", "course_starts", "waiting_step3"):
        here = spread[spread["measure"] == measure]
        np.testing.assert_allclose(here["mean"], monthly[measure], rtol=1e-9)
        np.testing.assert_allclose(here["se"], here["sd"] / REPLICATIONS**0.5, rtol=1e-9)
        assert (here["p05"] <= here["p50"]).all()
        assert (here["p50"] <= here["p95"]).all()


def test_chances_have_the_interval_of_wilson(run: Result) -> None:
    """n = 24 replications; with m met and z = 1.96: centre (m + z^2 / 2) / (n + z^2)."""
    table = run.frame("standards", "pandas").dropna()
    z2 = 1.959963984540054**2
    met = table["chance"] * REPLICATIONS
    whole = (met - met.round()).abs() < 1e-9  # months in which every replication has finishers
    assert whole.any()
    centre = (met + z2 / 2) / (REPLICATIONS + z2)
    np.testing.assert_allclose(
        ((table["low"] + table["high"]) / 2)[whole], centre[whole], rtol=1e-6
    )
    assert ((table["low"] <= table["chance"]) & (table["chance"] <= table["high"])).all()


def test_the_log_is_one_replication_in_time(run: Result) -> None:
    log = run.frame("log", "pandas")
    assert log["date"].is_monotonic_increasing
    assert set(log["outcome"]) <= {
        "attended",
        "did_not_attend",
        "patient_cancelled",
        "provider_cancelled",
    }
    attended = log[log["outcome"] == "attended"]
    mean = run.columns("weekly")["attended"].sum()
    # One replication of a mean over 24: a wide margin, but not another number of replications.
    assert 0.7 * mean < len(attended) < 1.4 * mean


# --- while it runs ------------------------------------------------------------------------------


def test_progress_is_told(service: Scenario) -> None:
    told: list[tuple[int, int]] = []
    service.simulate(
        weeks=40, replications=50, seed=1, progress=lambda done, all_: told.append((done, all_))
    )
    assert told[-1] == (50, 50)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_progress_raises_ends_the_run(service: Scenario) -> None:
    def stop(done: int, _: int) -> None:
        raise RuntimeError(f"enough at {done}")

    begun = time.perf_counter()
    with pytest.raises(RuntimeError, match="enough"):
        service.simulate(years=5, replications=200_000, seed=1, progress=stop)
    assert time.perf_counter() - begun < 5


def test_ctrl_c_is_answered(service: Scenario) -> None:
    """Within 200 ms on a quiet machine; five times that where tests run side by side."""
    pressed: list[float] = []

    def press() -> None:
        time.sleep(0.4)
        pressed.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    # Whoever started the tests may have told them to ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread = threading.Thread(target=press)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            service.simulate(years=5, replications=500_000, seed=1)
        assert time.perf_counter() - pressed[0] < 1.0
        thread.join()
    finally:
        signal.signal(signal.SIGINT, before)


# --- as it is read ------------------------------------------------------------------------------


def test_the_headline_is_a_chance(run: Result) -> None:
    words = run.words()
    assert "chance" in words[0]
    assert any(f"{REPLICATIONS} replications with seed 7" in said for said in words)


@pytest.mark.parametrize("name", ["waiting", "standards", "waits", "caseload"])
def test_each_chart_shows_its_table(run: Result, name: str) -> None:
    spec = run.chart(name).to_dict()
    assert len(spec["description"]) > 40
    assert not any(word in spec["description"] for word in ("nan", "inf", "None"))
    assert name in run.charts()


def test_a_page_of_a_simulation(run: Result, tmp_path: Any) -> None:
    page = run.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"{REPLICATIONS} replications with seed 7" in page
    assert page.count("<figure>") == len(run.charts())


def test_a_workbook_of_a_simulation(run: Result, tmp_path: Any) -> None:
    book = run.to_excel(tmp_path / "book.xlsx")
    assert book.stat().st_size > 10_000


def test_a_standard_is_named_in_its_own_unit(run: Result) -> None:
    titles = [
        run.chart("standards", standard=name).to_dict()["title"]["text"]
        for name in ("within_6_weeks", "step3_wait_weeks")
    ]
    limits = run.frame("standards", "pandas").groupby("standard")["limit"].first()
    assert f"{100 * limits['within_6_weeks']:g} % of finishers" in titles[0]
    assert f"at most {limits['step3_wait_weeks']:g} weeks" in titles[1]


# --- a projection with luck ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def lucky(service: Scenario) -> Result:
    return service.project(weeks=40, luck="chance", replications=REPLICATIONS, seed=7)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"luck": "chances"}, "luck"),
        ({"luck": "chance", "draws": 10}, "draws"),
        ({"replications": 10}, "replications"),
        ({"threads": 2}, "threads"),
        ({"luck": "chance", "replications": 0}, "replications"),
        ({"luck": "chance", "replications": 10**9}, "replications"),
        ({"luck": "chance", "threads": 0}, "threads"),
        ({"luck": "chance", "seed": 2**64}, "seed"),
    ],
)
def test_b026_luck_and_its_numbers(service: Scenario, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        service.project(**{"weeks": 30} | wrong)
    refused(caught.value, path)


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_a_projection_with_luck_is_the_same_again(
    service: Scenario, lucky: Result, threads: int
) -> None:
    again = service.project(
        weeks=40, luck="chance", replications=REPLICATIONS, seed=7, threads=threads
    )
    assert digest(again) == digest(lucky)
    assert again == lucky
    pickled = pickle.loads(pickle.dumps(lucky))  # noqa: S301 - our own
    assert digest(pickled) == digest(lucky)
    assert pickled == lucky != service.project(weeks=40)


def test_a_projection_with_luck_says_how_it_was_made(lucky: Result) -> None:
    expected = {"luck": "chance", "replications": REPLICATIONS, "seed": 7, "weeks": 40}
    assert expected.items() <= lucky.meta.items()
    assert {"spread", "standards"} <= set(lucky.charts())
    for name in ("spread", "standards"):
        assert len(lucky.chart(name).to_dict()["description"]) > 40


def test_progress_of_a_projection_with_luck(service: Scenario) -> None:
    told: list[tuple[int, int]] = []
    service.project(
        weeks=40,
        luck="chance",
        replications=50,
        progress=lambda done, all_: told.append((done, all_)),
    )
    assert told[-1] == (50, 50)


# --- advice ---------------------------------------------------------------------------------------


def test_advice_for_a_half_width(run: Result) -> None:
    """In the last whole month: (t x sd / half width)^2, t of 23 degrees at 97.5 %: 2.0687."""
    monthly = run.frame("monthly", "pandas")
    whole = monthly.loc[monthly["complete"], "month"].iloc[-1]
    spread = run.frame("spread", "pandas").query("measure == 'waiting_step3'")
    last = spread.set_index("month").loc[whole]
    for share in (0.01, 0.02):
        asked = run.advice(half_width=share, library="pandas").set_index("measure")
        needed = asked.loc["waiting_step3", "replications_needed"]
        exact = (2.0687 * last["sd"] / (share * last["mean"])) ** 2
        assert needed == pytest.approx(max(np.ceil(exact), REPLICATIONS), rel=2e-3, abs=1)


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.5, float("nan"), float("inf")])
def test_a_half_width_that_cannot_be_is_named(run: Result, wrong: float) -> None:
    with pytest.raises(sm.ScenarioError) as caught:
        run.advice(half_width=wrong)
    refused(caught.value, "half_width")


def test_advice_is_of_simulations_only(service: Scenario) -> None:
    with pytest.raises(sm.UnknownNameError):
        service.plan().advice()
