"""Are answers shown as a person reads them: sentences, tables in words, pictures?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import skillmix as sm
from skillmix.view import Words, view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skillmix.result import Result


@pytest.fixture(scope="module")
def plan() -> Result:
    return sm.preset("talking-therapies-2025").plan()


@pytest.fixture
def pictures() -> Iterator[Any]:
    alt = pytest.importorskip("altair")
    before = alt.renderers.active
    sm.plot.as_pictures()
    yield alt
    alt.renderers.enable(before)


def test_heads_are_words_with_the_unit_of_the_table(plan: Result) -> None:
    shown = plan.show("staff", {"title": "role", "in_post": "in post"})
    assert shown.heads == ("role", "in post [WTE]")
    assert shown.numeric == {1}
    assert len(shown.body) == len(plan.columns("staff")["title"])


def test_names_lose_their_underscores_if_no_head_is_given(plan: Result) -> None:
    assert plan.show("staff", ["title", "in_post"]).heads == ("title", "in post [WTE]")
    assert len(plan.show("staff").heads) == len(plan.columns("staff"))


def test_numbers_are_rounded_and_months_and_codes_are_words() -> None:
    columns = {
        "month": ["2025-04"],
        "norm": ["course_starts"],
        "value": [1472.04],
        "share": [0.125],
    }
    heads = {name: name for name in columns}
    shown = view(columns, heads, {"value": "people", "share": "share"})
    assert shown.body == (("Apr\N{NO-BREAK SPACE}2025", "course starts", "1,472", "12.5 %"),)
    assert shown.heads == ("month", "norm", "value [people]", "share")


def test_the_unit_of_a_row_belongs_to_its_value(plan: Result) -> None:
    rows = dict(plan.show("summary", ["measure", "value"]).body)
    assert rows["recurrent cost needed"].startswith("£")


def test_rows_are_chosen_by_one_value_or_by_several(plan: Result) -> None:
    one = plan.show("staff", ["role"], where={"role": "hit"})
    assert one.body == (("hit",),)
    both = plan.show("staff", ["role"], where={"role": ["hit", "pwp"]})
    assert {row[0] for row in both.body} == {"hit", "pwp"}
    none = plan.show("staff", ["role"], where={"role": "nobody"})
    assert repr(none) == "no rows"
    assert "No rows" in none._repr_html_()


def test_across_turns_rows_into_columns() -> None:
    columns = {"mix": ["40:60", "60:40"], "wte": [26.0, 41.0]}
    shown = view(columns, {"mix": "PWP : HIT", "wte": "PWPs"}, {"wte": "WTE"}, across=True)
    assert shown.heads == ("PWP : HIT", "40:60", "60:40")
    assert shown.body == (("PWPs [WTE]", "26", "41"),)


@pytest.mark.parametrize("asked", [{"columns": ["in_pst"]}, {"where": {"in_pst": 1}}])
def test_a_column_that_is_not_there_is_refused_with_the_nearest(
    plan: Result, asked: dict[str, Any]
) -> None:
    with pytest.raises(sm.UnknownNameError, match="no column of staff 'in_pst'; there are in_post"):
        plan.show("staff", **asked)


def test_one_name_instead_of_a_list_is_refused(plan: Result) -> None:
    with pytest.raises(TypeError, match="a list of names"):
        plan.show("staff", "title")


def test_text_of_a_service_is_escaped() -> None:
    shown = view({"name": ["<b>x</b>"]}, {"name": "<i>"}, {})
    assert "<b>" not in shown._repr_html_()
    assert "<i>" not in shown._repr_html_()


def test_words_are_a_list_that_a_notebook_shows_as_a_headline(plan: Result) -> None:
    words = plan.words()
    assert isinstance(words, Words)
    assert list(words) == words
    assert f'<p class="lead">{words[0]}</p>' in words._repr_html_()
    assert words._repr_html_().count("<li>") == len(words) - 1


def test_charts_become_pictures_with_their_description(plan: Result, pictures: Any) -> None:
    chart = plan.chart("staff")
    shown = chart._repr_mimebundle_(None, None)
    assert shown["image/svg+xml"].startswith("<svg")
    assert shown["text/plain"] == chart.to_dict()["description"]
    assert pictures.renderers.active == "skillmix"


def test_a_mix_that_keeps_people_before_the_assessment_says_so() -> None:
    """PWPs hold the assessments: with a tenth of the therapists they cannot hold them."""
    ours = sm.preset("talking-therapies-2025")
    mixes = sm.skill_mix(ours, pwp_share=[0.1, 0.5], hold="wte", years=1)
    table = mixes.columns("summary")
    assert table["waiting_assessment"][0] > table["course_starts"][0] / 12
    said = [sentence for sentence in mixes.words() if "Still waiting for an assessment" in sentence]
    assert len(said) == 1
    assert f"{table['waiting_assessment'][0]:,.0f} with 10:90" in said[0]
    assert "waiting for an assessment" in mixes.chart("mix").to_dict()["description"].casefold()
