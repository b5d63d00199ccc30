"""The page: its order, its safety, and that it needs neither network nor sight nor colour."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import skillmix as sm
from skillmix import Scenario, demo
from skillmix.published import LICENCE

if TYPE_CHECKING:
    from pathlib import Path

    from skillmix.tables import Answer

ORDER = [
    "The answer",
    "The options",
    "Findings",
    "Rules and targets that are broken",
    "Assumptions that matter most",
    "What is inferred",
    "How this was made",
]
EVIL = "<script>alert('x')</script>"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    ours = sm.public.scenario("RXL").with_staff(
        pwp=18.4, hit=24.1, counsellor=3.0, pwp_trainee=4, step3_waiting=310
    )
    autumn = ours.with_(
        {"training.intakes": [{"course": "hit", "start": "2025-10-01", "trainees": 4}]}
    )
    return {
        "plan": ours.plan(),
        "project": ours.project(years=2),
        "comparison": sm.compare({"as now": ours, "autumn": autumn}, years=2),
        "mix": sm.skill_mix(ours, pwp_share=[0.4, 0.6], years=2),
    }


@pytest.fixture(scope="module")
def pages(answers: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        kind: answer.report(folder / f"{kind}.html", question="What if?").read_text("utf-8")
        for kind, answer in answers.items()
    }


KINDS = ["plan", "project", "comparison", "mix"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_its_order(pages: dict[str, str], kind: str) -> None:
    page = Page(pages[kind])
    assert page.texts["h1"] == ["What if?"]
    expected = [title for title in ORDER if kind != "plan" or title != "The options"]
    assert page.texts["h2"] == expected
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    assert page.texts["title"][0].startswith("What if? – ")
    assert page.open == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_needs_no_network_and_no_script(pages: dict[str, str], kind: str) -> None:
    page = Page(pages[kind])
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed"}
    for tag, attributes in page.tags:
        assert "src" not in attributes, tag
        assert (attributes.get("href") or "#").startswith("#"), tag
        assert not any(name.startswith("on") for name in attributes), tag
    assert "@import" not in pages[kind]
    assert "url(http" not in pages[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_is_described_and_has_its_figures(
    answers: dict[str, Answer], pages: dict[str, str], kind: str
) -> None:
    page = Page(pages[kind])
    charts = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(charts) == len(answers[kind].charts())
    assert all(c.get("role") == "img" and c.get("aria-labelledby") for c in charts)
    assert pages[kind].count("The figures behind this chart") == len(charts)
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    assert heads
    assert all(head.get("scope") in ("col", "row") for head in heads)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_how_it_was_made(
    answers: dict[str, Answer], pages: dict[str, str], kind: str
) -> None:
    text = html.unescape(pages[kind])
    assert LICENCE in text
    assert sm.__version__ in text
    meta = answers[kind].meta
    for one in meta.values() if kind in ("comparison", "mix") else [meta]:
        assert one["hash"] in text
    assert answers[kind].words()[0] in text
    assert "stated" in text
    assert "inferred" in text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_unknown_is_shown_as_code(pages: dict[str, str], kind: str) -> None:
    page = Page(pages[kind])
    cells = [text.strip() for text in page.texts.get("td", [])]
    assert not {"nan", "inf", "None", "<NA>"} & set(cells)


def test_texts_are_escaped(tmp_path: Path) -> None:
    ours = Scenario.preset("talking-therapies-2025").with_(
        {"name": EVIL, "notes": [EVIL], "staff.pwp.title": EVIL}
    )
    page = sm.compare({EVIL: ours, "b": ours}, weeks=60).report(tmp_path / "p.html", question=EVIL)
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_same_answer_gives_the_same_page(answers: dict[str, Answer], tmp_path: Path) -> None:
    first, second = (answers["plan"].report(tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_a_folder_is_refused_and_nothing_is_left(
    answers: dict[str, Answer], tmp_path: Path
) -> None:
    with pytest.raises(sm.FileError, match="directory"):
        answers["plan"].report(tmp_path)
    with pytest.raises(sm.FileError, match="folder that exists"):
        answers["plan"].report(tmp_path / "none" / "p.html")
    with pytest.raises(TypeError, match="path: a file name is expected"):
        answers["plan"].report(3)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_says_what_is_wrong_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main(["--service", "ZZ9", "--out", str(tmp_path / "out")]) == 1
    assert "ZZ9" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
