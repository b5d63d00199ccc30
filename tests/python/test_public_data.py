"""The shipped public series and the indicators made from them.

Expected values come from the publications (sums worked out elsewhere and quoted beside each test)
or from hand sums in the comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from skillmix import indicators, public, published
from skillmix._core import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping


def total(columns: Mapping[str, Any], measure: str, first: str, last: str) -> float:
    """Sum of a measure over the months from first to last."""
    inside = [first <= month <= last for month in columns["month"]]
    return float(np.asarray(columns[measure])[inside].sum())


# --- what ships -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "expected"),
    [  # the national pathway of 2024-25: sums of the twelve published months
        ("referrals", 1_772_132),
        ("first_assessment", 1_165_492),
        ("first_treatment", 1_196_618),
        ("second_treatment", 685_505),
        ("finished_course", 667_143),
        ("not_at_caseness", 34_899),
        ("ended_before_assessment", 606_389),
        ("ended_referrals", 1_746_265),
        ("appointments", 8_408_692),
        ("appts_dna", 760_141),
        ("appts_attended", 6_199_752),
    ],
)
def test_england_adds_up_to_the_national_pathway_of_2024_25(measure: str, expected: int) -> None:
    assert total(public.england(as_frame=False), measure, "2024-04", "2025-03") == expected


def test_england_2021_22_is_the_published_year_less_the_late_refresh() -> None:
    # annual publication: 1,812,596 referrals; the months add up to 1,794,973, 1 % less; entered
    # treatment 1,249,124; entered / referrals .69 to one part in a hundred of the published .685
    england = public.england(as_frame=False)
    referrals = total(england, "referrals", "2021-04", "2022-03")
    entered = total(england, "first_treatment", "2021-04", "2022-03")
    assert referrals == 1_794_973
    assert entered == 1_249_124
    assert 1_812_596 / referrals == pytest.approx(1.01, abs=0.001)
    assert entered / 1_812_596 == pytest.approx(0.689, abs=0.0005)
    assert 664_087 / entered == pytest.approx(0.532, abs=0.0005)


@pytest.mark.parametrize(
    ("measure", "services"),
    [  # sums over the source file, each 75 to 76 % of England
        ("referrals", 1_333_905),
        ("first_assessment", 877_280),
        ("appts_attended", 4_678_995),
        ("finished_course", 499_790),
    ],
)
def test_the_services_shipped_are_three_quarters_of_england(measure: str, services: float) -> None:
    england = total(public.england(as_frame=False), measure, "2024-04", "2025-03")
    found = sum(
        np.nansum(indicators.window(series, measure, "2025-03")[1])
        for series in published.all_series().values()
    )
    assert found == services
    assert 0.745 < services / england < 0.765


def test_sizes_of_what_ships() -> None:
    # 151 services and 6,345 service-months; 154 codes in the look-up, of which three came later
    assert len(published.all_series()) == 151
    assert len(published.services()) == 154
    rows = sum(
        np.isfinite(np.array(list(s.values.values()))).any(axis=0).sum()
        for s in published.all_series().values()
    )
    assert rows == 6_345


def test_a_blank_is_missing_and_never_zero() -> None:
    # only waits in days may be zero at source: counts under 5 are suppressed, not rounded down
    blanks = 0
    for series in published.all_series().values():
        for measure, figures in series.values.items():
            blanks += int(np.isnan(figures).sum())
            if not measure.startswith("mean_wait"):
                assert not (figures == 0).any(), (series.name, measure)
    assert blanks > 0


def test_a_month_without_a_row_is_a_row_of_missing_values() -> None:
    # RV9 published June and August 2024 and not July
    series = published.all_series()["RV9"]
    at = series.months.index("2024-07")
    assert all(np.isnan(figures[at]) for figures in series.values.values())
    assert np.isfinite(series.values["referrals"][[at - 1, at + 1]]).all()


def test_the_licence_line_stands_beside_the_data() -> None:
    from importlib.resources import files

    readme = (files("skillmix") / "data" / "README.md").read_text(encoding="utf-8")
    assert public.LICENCE in readme
    assert public.LICENCE.startswith("Contains NHS England data")
    assert "Open Government Licence v3.0" in public.LICENCE


def test_the_two_published_lists_are_mostly_the_same_people() -> None:
    # why they are never added: an assessment counts as first treatment, and the treatment list has
    # 60,600 people within two weeks of referral in March 2025, more than are assessed in two weeks
    pairs = [
        indicators.published_lists(s.until("2025-03")) for s in published.all_series().values()
    ]
    both = np.array([(a.people, t.people) for a, t in pairs if a and t and a.month == t.month])
    assert np.median(both[:, 1] / both[:, 0]) == pytest.approx(0.97, abs=0.02)
    assert np.corrcoef(both[:, 0], both[:, 1])[0, 1] > 0.95


# --- providers and months ---------------------------------------------------------------------


def test_search_looks_in_name_town_board_and_region_whatever_the_case() -> None:
    by_board = public.providers("LancaShire", as_frame=False)
    assert "RXL" in by_board["code"]  # Blackpool, by its board
    assert public.providers("rxl", as_frame=False)["code"] == ["RXL"]
    assert "RXL" in public.providers("blackpool", as_frame=False)["code"]
    assert "RXL" in public.providers("north west hospitals", as_frame=False)["code"]
    assert public.providers("no such place", as_frame=False)["code"] == []


def test_a_row_of_providers_against_the_published_months() -> None:
    # RXL, April 2024 to March 2025 as published: 640+680+605+665+610+175+710+720+565+775+595+645
    # = 7,385 / 12 = 615.42; lists in March 2025 520 and 470, and `waiting` is not their sum
    row = public.providers("RXL", as_frame=False)
    assert row["referrals_per_month"][0] == pytest.approx(7_385 / 12)
    assert (row["waiting"][0], row["waiting_for_treatment"][0]) == (520, 470)
    assert row["last_month"] == ["2025-03"]


def test_months_are_whole_and_ascending() -> None:
    months = public.monthly("rw4 ", as_frame=False)["month"]
    assert (months[0], months[-1], len(months)) == ("2021-01", "2025-03", 51)
    assert months == sorted(months)


def test_a_frame_has_the_same_columns() -> None:
    frame = public.monthly("RW4")
    assert list(frame["month"])[-1] == "2025-03"
    assert public.providers("RXL")["name"][0].startswith("BLACKPOOL")
    assert frame.attrs["units"]["mean_wait_first_treatment_days"] == "days"
    assert frame.attrs["units"]["referrals"] == "people"


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("RXX", "RXL"), ("RW44", "RW4"), ("mersey", "RW4 MERSEY CARE"), ("", "nearest")],
)
def test_an_unknown_code_is_refused_with_the_nearest(asked: str, offered: str) -> None:
    with pytest.raises(DataError, match=offered):
        public.monthly(asked)


def test_a_code_that_first_published_later_is_named_as_such() -> None:
    with pytest.raises(DataError, match=r"M6Y4Z .* published nothing in the months shipped"):
        public.monthly("M6Y4Z")


@pytest.mark.parametrize("asked", [None, 3, 1.5, ["RW4"]])
def test_a_code_that_is_no_text_is_refused(asked: object) -> None:
    with pytest.raises(TypeError, match="code ="):
        public.monthly(asked)  # type: ignore[arg-type]


def test_what_is_handed_out_can_be_changed_without_harm() -> None:
    first = public.monthly("RW4", as_frame=False)
    first["referrals"][:] = 0
    assert public.monthly("RW4", as_frame=False)["referrals"][-1] > 0


# --- indicators -------------------------------------------------------------------------------


def weekdays(start: str, end: str, /) -> int:
    """Mondays to Fridays from start to before end; no bank holidays."""
    return int(np.busday_count(start, end))


def made(months: tuple[str, ...], **values: list[float]) -> published.Series:
    """A series made by hand."""
    return published.Series(
        "made", months, {m: np.array(v, dtype=float) for m, v in values.items()}
    )


def test_working_days_of_a_month_by_the_calendar_given() -> None:
    # March 2025 begins on a Saturday: 21 weekdays; February 2024: 21
    assert indicators.working_days(["2025-03", "2024-02"], weekdays).tolist() == [21, 21]


def test_working_days_of_england() -> None:
    # March 2024: 21 weekdays less Good Friday (29th) = 20; May 2025: 22 less 5th and 26th = 20;
    # December 2024: 22 less Christmas and Boxing Day = 20
    days = indicators.working_days(["2024-03", "2025-05", "2024-12"])
    assert days.tolist() == [20, 20, 20]


def test_the_national_season_has_mean_one() -> None:
    assert sum(indicators.NATIONAL_SEASON) == pytest.approx(12)


def test_season_is_own_months_shrunk_to_the_nation() -> None:
    # 24 months at a level of 10 a day with a season of our own (mean 1): each month has one full
    # window of twelve around it, so index = (own + 12 x national) / 13, and its mean is 1
    own = np.array([1.2, 1.1, 1.0, 0.9, 1.0, 1.0, 0.9, 0.8, 1.1, 1.1, 1.1, 0.8])
    months = published.month_range("2023-01", "2024-12")
    days = np.array([20.0 + i % 3 for i in range(24)])
    referrals = 10 * days * np.tile(own, 2)
    expected = (own + 12 * np.array(indicators.NATIONAL_SEASON)) / 13
    assert indicators.season_index(months, referrals, days) == pytest.approx(expected)
    assert indicators.season_index(months, referrals, days, worth=1e-12) == pytest.approx(own)


def test_season_of_a_short_or_suppressed_series_is_the_national_one() -> None:
    months = published.month_range("2024-04", "2025-03")
    days = np.full(12, 21.0)
    season = indicators.season_index(months, np.full(12, 100.0), days)
    assert season == pytest.approx(indicators.NATIONAL_SEASON)
    blank = indicators.season_index(months, np.full(12, np.nan), days)
    assert blank == pytest.approx(indicators.NATIONAL_SEASON)


def test_a_year_is_filled_from_the_level_of_its_neighbours() -> None:
    # levels 10 and 14 around the gap, expected 20: filled with 12 x 20 = 240, marked, not zero
    months = published.month_range("2024-01", "2024-12")
    shape = np.array([20.0] * 12)
    counts = [200.0] * 5 + [float("nan")] + [280.0] * 6
    year = indicators.year_to(made(months, referrals=counts), "referrals", "2024-12", shape)
    assert year is not None
    assert year.values[5] == pytest.approx(240)
    assert year.filled == ("2024-06",)
    assert year.total == pytest.approx(5 * 200 + 240 + 6 * 280)


def test_a_year_of_two_months_is_no_year() -> None:
    months = published.month_range("2024-11", "2024-12")
    series = made(months, referrals=[5.0, 5.0])
    assert indicators.year_to(series, "referrals", "2024-12", np.ones(12)) is None


def test_shares_leave_out_months_in_which_one_part_is_suppressed() -> None:
    # (10 + 20 + 30) / (100 + 100 + 100) = 0.2; the suppressed month counts for neither
    months = published.month_range("2024-09", "2024-12")
    series = made(months, dna=[10, 20, float("nan"), 30], booked=[100, 100, 900, 100])
    share = indicators.share_of(series, "dna", "booked", "2024-12")
    assert share == indicators.Share(pytest.approx(0.2), 3)


def test_shares_of_england_2021_22_against_the_published_year() -> None:
    # of booked appointments 2021/22: DNA 9.98 %, patient 9.94 %, provider 4.77 %; attended
    # 74.91 % with those who came late (5,699,269 in all)
    england = published.england_series()
    for measure, expected in [
        ("appts_dna", 0.0998),
        ("appts_cancelled_patient", 0.0994),
        ("appts_cancelled_provider", 0.0477),
    ]:
        share = indicators.share_of(england, measure, "appointments", "2022-03")
        assert share is not None
        assert share.value == pytest.approx(expected, abs=0.00005)
    parts = [
        indicators.share_of(england, measure, "appointments", "2022-03")
        for measure in ("appts_attended", "appts_attended_late")
    ]
    assert sum(part.value for part in parts if part) == pytest.approx(0.7491, abs=0.00005)


def test_means_are_weighted() -> None:
    # (7 x 30 + 9 x 10 + 8 x 20) / 60 = 460 / 60; a mean without its weight does not count
    months = published.month_range("2024-09", "2024-12")
    series = made(months, mean=[7, 9, 205, 8], finished_course=[30, 10, float("nan"), 20])
    mean = indicators.mean_over(series, "mean", "finished_course", "2024-12")
    assert mean == indicators.Share(pytest.approx(460 / 60), 3)


def test_share_missing_counts_absent_rows_too() -> None:
    # 3 of the 12 months to December stand in the series, one of them blank: 10 / 12 missing
    series = made(published.month_range("2024-10", "2024-12"), referrals=[5, float("nan"), 5])
    assert indicators.share_missing(series, "2024-12")["referrals"] == pytest.approx(10 / 12)
