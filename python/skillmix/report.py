"""How does a commissioner read the answer? On one page that needs no network and no script.

The order is: question, answer in words, options, findings, rules broken, what is marked as not
known, the assumptions that matter most, what is inferred, how it was made. Charts are pictures with
a description, and the table behind each stands below it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import plot
from skillmix.files import path_of, write_text
from skillmix.frame import need
from skillmix.not_known import not_known_table
from skillmix.page import FRAGMENT_STYLE, Html, badge, items, table, text
from skillmix.provenance import length_of, metas, replications_of
from skillmix.report_case import case_table
from skillmix.report_ensemble import chances_table
from skillmix.report_tables import behind, diff_table, rules_table, summary_table, trainees_table
from skillmix.scenario_page import value_at
from skillmix.wording import cell, day, intake_text, listed, number, plain, rows, value_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from skillmix.scenario import Scenario
    from skillmix.tables import Answer

__all__ = ["html", "write"]

_MATTERS = (
    "demand.",
    "pathway.opt_in.share",
    "pathway.assessment.minutes",
    "pathway.routes",
    "sessions",
    "followup_minutes",
    "drop_out",
    ".dna",
    "in_post",
    "job_plan.patients",
    "weeks_available",
    "availability",
    "leavers_per_year",
    "ramp",
    "waiting.",
)
"""Parts of paths whose values set demand, hours and lists directly."""

_FIRST = ("in_post", ".sessions", "opt_in.share", "job_plan.patients", "waiting.step3", "routes")
"""Of these, those that stand on the page at once; the others are unfolded."""

_WITHOUT_RULES = ("tornado", "morris", "sobol", "value", "mix_leaves")
"""Answers in which no rule is looked at."""

_IN_WORLDS = ("ensemble", "mix_sweep", "mix_leaves", "tornado", "morris", "sobol", "value")
"""Answers that move what is not known."""

_NOT_SURE = ("inferred", "national")
_WEAK = ("judgement", "unverified")

_STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#f0f4f5;color:#212b32;font:17px/1.5 Arial,Helvetica,sans-serif}
header{background:#005eb8;color:#fff;padding:1.4em 1.5em}
header p{margin:.2em 0 0}
h1{font-size:1.7em;line-height:1.2;margin:0}
main{max-width:60em;margin:0 auto;background:#fff;padding:1em 1.5em 2.5em}
h2{color:#003087;border-top:3px solid #005eb8;padding-top:.6em;margin:1.8em 0 .5em;font-size:1.3em}
a{color:#005eb8}
a:focus,summary:focus,div.wide:focus{outline:3px solid #ffeb3b;outline-offset:2px;
box-shadow:0 0 0 5px #212b32}
.skip{position:absolute;left:-99em}
.skip:focus{position:static;background:#fff}
.skillmix{max-width:none}
figure{margin:1em 0 .2em}
figure svg{max-width:100%;height:auto}
details{margin:.2em 0 1.5em}
summary{cursor:pointer;color:#005eb8;padding:.3em 0}
.wide{overflow-x:auto}
.skillmix.skillmix thead .n{white-space:normal}
footer{font-size:.88em;color:#425563}
code{font-size:.9em;overflow-wrap:anywhere}
@media print{
body{background:#fff;font-size:11pt}
header{background:#fff;color:#212b32;border-bottom:3px solid #005eb8}
main{max-width:none;padding:0}
.skip,details:not([open]){display:none}
figure,tr{break-inside:avoid}
h2,h3,summary{break-after:avoid}
}
""".strip()


def write(answer: Answer, path: str | os.PathLike[str], *, question: str = "") -> Path:
    """Writes the page; the file appears whole or not at all.

    Args:
        answer: A plan, a projection, a comparison or a skill mix.
        path: File to write.
        question: What was asked; left out, a question that the answer answers.

    Returns:
        The path.

    Raises:
        FileError: if it cannot be written.
        ImportError: if Altair or vl-convert is not installed; the message says what to install.
    """
    return write_text(Path(path_of(path)), html(answer, question=question))


def html(answer: Answer, *, question: str = "") -> str:
    """The page as text; arguments as in ``write``."""
    need("altair", "a page")
    need("vl_convert", "a page")
    sides = _sides(answer)
    # The staff of a mix are an answer, not an assumption: those of the service asked about are.
    asked_of: Scenario = getattr(answer, "scenario", next(iter(sides.values())))
    asked = question or _question(answer, sides)
    headline, *others = answer.words() or [""]
    first = next(iter(sides.values()))
    name = str(first.to_dict(complete=True).get("service", {}).get("title") or first.name)
    if answer.kind.startswith("region"):
        name = str(answer.region.name)  # type: ignore[attr-defined]
    parts = [
        '<a class="skip" href="#main">To the content</a>',
        f"<header><h1>{text(asked)}</h1>",
        f"<p>{text(name)}, from {text(day(first.start))}</p></header>",
        '<main id="main" class="skillmix">',
        *_notes(sides),
        "<h2>The answer</h2>",
        f'<p class="lead">{text(headline)}</p>',
        items(others),
        *_options(answer, sides),
        "<h2>Findings</h2>",
        _wide(summary_table(answer), "Summary") if answer.kind != "plan" else "",
        *_charts(answer),
        *_case(answer),
        *_rules(answer),
        *_not_known(answer, sides),
        "<h2>Assumptions that matter most</h2>",
        *_assumptions(asked_of),
        "<h2>What is inferred</h2>",
        *_inferred(asked_of),
        "<h2>How this was made</h2>",
        _made(answer, sides),
        "</main>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(asked)} – {text(name)}</title>"
        f"<style>{FRAGMENT_STYLE}\n{_STYLE}</style></head>\n<body>{''.join(parts)}</body></html>\n"
    )


def _sides(answer: Answer) -> dict[str, Scenario]:
    """The scenarios that were run, by label."""
    runs: dict[str, Any] | None = getattr(answer, "runs", None)
    if runs:
        return {label: run.scenario for label, run in runs.items()}
    options: dict[str, Scenario] | None = getattr(answer, "options", None)
    if options:
        return options
    one: Scenario = answer.scenario  # type: ignore[attr-defined]
    return {one.name: one}


def _question(answer: Answer, sides: dict[str, Scenario]) -> str:
    match answer.kind:
        case "plan":
            return "Who is needed for this demand, and what does it cost?"
        case "project":
            return "What will the waiting lists, the staff and the cost be?"
        case "simulate":
            return "How long will people wait, and how likely is each standard?"
        case "ensemble":
            return "How sure are we, and how likely is each standard to be met?"
        case "case":
            return "What is proposed, what does it reach, and what does it cost?"
        case "targets":
            return "What does it take to meet the targets, and what does it cost?"
        case "region":
            return "What do the services come to together, and is the money enough?"
        case "region_plan":
            return "Who is needed in each service, and who gets which places?"
        case "mix_sweep":
            return "Which share of PWPs is best, how sure is that, and is 40:60 one of them?"
        case "mix_leaves":
            return "Where does a share of PWPs stop being one of the best?"
        case "tornado" | "morris" | "sobol":
            return "Which of the numbers that nobody knows matter?"
        case "value":
            return "Which option is best, and which unknown is worth finding out first?"
        case "mix":
            return "Which mix of PWPs and high intensity therapists helps most people soonest?"
        case _:
            return f"What differs between {listed([f'“{label}”' for label in sides])}?"


def _notes(sides: dict[str, Scenario]) -> Iterator[str]:
    """What a reader must know first, each note once; the licence stands at the end."""
    seen = dict.fromkeys(note for one in sides.values() for note in one.notes)
    for note in seen:
        if "licensed under" not in note:
            yield f'<p class="note">{text(note)}</p>'


def _options(answer: Answer, sides: dict[str, Scenario]) -> Iterator[str]:
    if answer.kind in ("plan", "region_plan"):
        return
    if answer.kind == "region":
        yield f"<h2>The services</h2>{_wide(trainees_table(sides), 'Trainees by service')}"
        return
    yield "<h2>The options</h2>"
    labels = list(sides)
    if len(labels) == 1:
        one = sides[labels[0]]
        yield f"<p>One option: {text(one.name)}, on the reference pack {text(one.pack)}.</p>"
        return
    for label, one in sides.items():
        training = one.to_dict(complete=True).get("training", {})
        courses = training.get("courses", {})
        said = [intake_text(intake, courses) for intake in training.get("intakes", [])]
        intakes = "; ".join(said) or "no trainees"
        yield f"<p><strong>{text(label)}</strong>: {text(intakes)}.</p>"
    base = labels[0]
    for label in labels[1:]:
        difference = diff_table(base, label, sides[base]._inner.diff(sides[label]._inner).columns())
        if difference is not None:
            yield _wide(difference, f"{label} against {base}")


def _charts(answer: Answer) -> Iterator[str]:
    for name in plot.names(answer):
        picture = plot.svg(plot.draw(answer, name))
        yield f"<figure>{picture}</figure>"
        yield (
            f"<details><summary>The figures behind this chart</summary>"
            f"{_wide(behind(answer, name), 'Figures')}</details>"
        )


def _case(answer: Answer) -> Iterator[str]:
    """The tables of a business case that the page does not show already."""
    if answer.kind != "case":
        return
    for name in answer.tables():
        if name not in ("options", "assumptions"):
            shown = _wide(case_table(answer, name), name.capitalize())
            yield f"<h2>{text(name.capitalize())}</h2>{shown}"


def _rules(answer: Answer) -> Iterator[str]:
    """Rules that are broken; of worlds, how likely that is."""
    answer = getattr(answer, "comparison", answer)
    if answer.kind in _WITHOUT_RULES:
        return
    if "chances" in answer.tables():
        yield "<h2>How likely each standard is met and each rule is kept</h2>"
        yield _wide(chances_table(answer), "Chances over the whole run")
        return
    yield "<h2>Rules and targets that are broken</h2>"
    found = rules_table(answer) if "rules" in answer.tables() else None
    yield _wide(found, "Rules") if found else "<p>No rule or target is broken.</p>"


def _not_known(answer: Answer, sides: dict[str, Scenario]) -> Iterator[str]:
    """What is marked unsure, and that this is all that the intervals hold."""
    found = not_known_table(sides)
    if found is None:
        return
    drawn = answer.kind in _IN_WORLDS or any(one.get("draws") for one in metas(answer).values())
    yield "<h2>What is marked as not known</h2>"
    yield (
        "<p>Each world takes another value of these. Everything else is taken as certain, so that "
        "no interval on this page holds it.</p>"
        if drawn
        else "<p>This answer uses the means of these, and does not show how far they may lie.</p>"
    )
    yield _wide(found, "What is not known")


def _assumptions(one: Scenario) -> Iterator[str]:
    facts = [
        fact
        for fact in rows(one._inner.assumptions().columns())
        if any(part in str(fact["path"]) for part in _MATTERS)
        and "demand.season" not in str(fact["path"])
    ]
    known = [fact for fact in facts if not str(fact["path"]).startswith("demand.series.months")]
    yield (
        f"<p>Demand, hours and lists follow directly from these values of “{text(one.name)}”. "
        "Filled badges are values of this service.</p>"
    )
    first = [fact for fact in known if any(part in str(fact["path"]) for part in _FIRST)]
    rest = [fact for fact in known if fact not in first]
    yield _wide(_facts(first, one.to_dict()), "Assumptions")
    if rest:
        more = _wide(_facts(rest, one.to_dict()), "More assumptions")
        yield f"<details><summary>{len(rest)} further values</summary>{more}</details>"


def _facts(facts: Sequence[dict[str, Any]], stated: dict[str, Any]) -> Html:
    body = [
        [
            fact["path"],
            _value(fact, value_at(stated, str(fact["path"]))),
            _range(fact),
            badge(str(fact["status"]), local=value_at(stated, str(fact["path"])) is not None),
            fact["source"],
        ]
        for fact in facts
    ]
    return table(["field", "value", "range", "known as", "source"], body)


def _inferred(one: Scenario) -> Iterator[str]:
    facts = rows(one._inner.assumptions().columns())
    groups: dict[tuple[str, str, str], list[str]] = {}
    for fact in facts:
        if fact["status"] in _NOT_SURE:
            key = (str(fact["status"]), str(fact["note"]), str(fact["source"]))
            groups.setdefault(key, []).append(f"{fact['path']} = {plain(fact['value'])}")
    if groups:
        body = [
            [_some(values), status, note or source]
            for (status, note, source), values in groups.items()
        ]
        yield _wide(table(["value", "known as", "how"], body), "What is inferred")
    else:
        yield "<p>Nothing is marked as inferred.</p>"
    weak = [fact for fact in facts if fact["status"] in _WEAK]
    if weak:
        yield (
            f"<details><summary>{len(weak)} further values are a judgement or could not be verified"
            f"</summary>{_wide(_facts(weak, one.to_dict()), 'Judgements')}</details>"
        )


def _some(values: Sequence[str], most: int = 8) -> str:
    rest = f" and {len(values) - most} more" if len(values) > most else ""
    return "; ".join(values[:most]) + rest


def _value(fact: dict[str, Any], stated: object) -> str:
    """The value with its unit; a spread as a planner would say it."""
    value, name = plain(fact["value"]), str(fact["unit"])
    if isinstance(stated, dict):
        return value_text(stated, "share" if name == "a year" else name)
    try:
        shown = cell(float(value), name)
    except ValueError:
        return value
    return f"{shown} {name}" if name and name != "share" and shown[0] not in "£-" else shown


def _range(fact: dict[str, Any]) -> str:
    low, high = str(fact["low"]), str(fact["high"])
    return f"{low} to {high}" if low and high else ""


def _made(answer: Answer, sides: dict[str, Scenario]) -> str:
    lines = []
    by_label = len(sides) > 1 or answer.kind.startswith("region")
    metas = answer.meta if by_label else {next(iter(sides)): answer.meta}
    for label, meta in metas.items():
        draws = meta.get("draws")
        runs = replications_of(meta)
        seed = f", {draws} draws with seed {meta.get('seed')}" if draws else ""
        if runs:
            seed += f", {number(float(runs))} replications with seed {meta.get('seed')}"
        said = length_of(meta)
        length = f", {said}" if said else ""
        lines.append(
            f"“{label}”: skillmix {meta.get('version')}, pack {meta.get('pack')}, from "
            f"{meta.get('start')}{length}{seed}; scenario {meta.get('hash')}."
        )
    lines.append(_data(list(metas.values())))
    for one in sides.values():
        service = one.to_dict(complete=True).get("service", {})
        if service.get("code") or any("licensed under" in note for note in one.notes):
            from skillmix.published import LICENCE

            as_of = service.get("as_of")
            lines.append(f"Public data to {as_of}. {LICENCE}" if as_of else LICENCE)
            break
    lines.append(
        "Expected flow shows no queue below full load, and real services have one: short waits "
        "here are not proof of short waits there. The figures are not clinical advice."
    )
    return f"<footer>{items(lines)}</footer>"


def _data(metas: Sequence[dict[str, Any]]) -> str:
    """The data behind the runs, each once, and where they were run."""
    data = {
        one["sha256"]: f"{one['name']} ({one['date'] or 'no date'}, SHA-256 {one['sha256']})"
        for meta in metas
        for one in meta.get("data", ())
    }
    where = listed(list(dict.fromkeys(str(meta.get("platform")) for meta in metas)))
    return f"Data: {'; '.join(data.values())}. Run on {where}."


def _wide(inner: str, label: str) -> Html:
    """A table that may be moved sideways, by keyboard too."""
    return Html(
        f'<div class="wide" role="region" tabindex="0" aria-label="{text(label)}">{inner}</div>'
    )
