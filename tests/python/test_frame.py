"""Frames: pandas or polars, with units, loaded only when asked for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skillmix import frame
from skillmix.frame import from_columns, library_to_use

COLUMNS = {
    "month": np.array(["2025-04", "2025-05"], dtype=object),
    "first": np.array(["2025-04-01", "2025-05-01"], dtype="datetime64[D]"),
    "referrals": np.array([812.0, np.nan]),
    "weeks": np.array([4, 5], dtype=np.int64),
    "complete": np.array([True, False]),
}
UNITS = {"referrals": "people", "weeks": "weeks", "month": ""}


def test_pandas_frame_keeps_values_types_and_units() -> None:
    made = from_columns(COLUMNS, "pandas", units=UNITS)
    assert list(made.columns) == list(COLUMNS)
    assert list(made["month"]) == ["2025-04", "2025-05"]
    assert made["first"].dt.month.tolist() == [4, 5]
    assert made["referrals"].sum() == 812.0
    assert made["weeks"].dtype == np.int64
    assert made["complete"].dtype == bool
    assert made.attrs["units"] == {"referrals": "people", "weeks": "weeks"}


def test_a_frame_made_in_blocks_is_the_one_that_pandas_makes_itself() -> None:
    mixed = {"either": np.array(["2025/26", 4], dtype=object)}
    columns = COLUMNS | {"waiting": np.array([1.5, 2.5])} | mixed
    made = from_columns(columns, "pandas")
    pd.testing.assert_frame_equal(made, pd.DataFrame(columns))
    made["new"] = 1
    made.loc[1, "waiting"] = 9.0
    assert made.sort_values("waiting", ascending=False)["weeks"].tolist() == [5, 4]
    assert columns["waiting"].tolist() == [1.5, 2.5]
    assert columns["either"].tolist() == ["2025/26", 4]


def test_polars_frame_has_texts_dates_and_numbers() -> None:
    made = from_columns(COLUMNS, "polars", units=UNITS)
    assert made.schema["month"] == pl.String
    assert made.schema["first"] == pl.Date
    assert made["referrals"].to_list()[0] == 812.0
    assert made["complete"].to_list() == [True, False]


def test_pandas_comes_first_and_lists_are_welcome() -> None:
    assert isinstance(from_columns({"a": [1, 2]}), pd.DataFrame)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_an_empty_table_is_an_empty_frame(library: str) -> None:
    empty = {"title": np.array([], dtype=object), "months": np.array([], dtype=np.int64)}
    assert from_columns(empty, library).shape == (0, 2)


def test_a_frame_never_shares_memory_with_a_result() -> None:
    column = np.array([1.0, 2.0])
    made = from_columns({"a": column}, "pandas")
    made.loc[0, "a"] = 99.0
    assert column[0] == 1.0


def test_another_library_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="library = 'arrow': 'pandas' or 'polars'"):
        library_to_use("arrow")


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "find_spec", lambda _: None)
    with pytest.raises(
        ImportError, match=r"a frame needs pandas: pip install 'skillmix\[frames\]'"
    ):
        from_columns({"a": [1]})
    with pytest.raises(ImportError, match=r"needs polars: pip install 'skillmix\[polars\]'"):
        from_columns({"a": [1]}, "polars")
    with pytest.raises(ImportError, match=r"a page needs vl-convert-python.*skillmix\[plot\]"):
        frame.need("vl_convert", "a page")


def test_polars_is_taken_where_pandas_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "find_spec", lambda name: None if name == "pandas" else object())
    assert library_to_use() == "polars"


def test_import_loads_no_frame_and_no_plotting_library() -> None:
    heavy = ("pandas", "polars", "altair", "vl_convert", "great_tables")
    code = f"import sys, skillmix; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(  # noqa: S603 - this interpreter, a fixed text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
