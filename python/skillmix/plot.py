"""Which picture answers which question?

Each function takes an answer and gives an Altair chart: ``result.chart("waiting")`` is
``plot.waiting(result)``. They need the extra ``plot`` and only read tables; nothing is computed
here that a table does not hold.
"""

from __future__ import annotations

import io
import re
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillmix import (
    plot_compare,
    plot_ensemble,
    plot_mix,
    plot_region,
    plot_sensitivity,
    plot_simulate,
)
from skillmix.frame import need
from skillmix.plot_compare import compare, frontier, mix, queues_a_year_later
from skillmix.plot_money import cost, payers, recurrent, unit_costs
from skillmix.plot_plan import flow, needed
from skillmix.plot_project import bands, waiting, waits
from skillmix.plot_staff import capacity, staff
from skillmix.plot_supervision import supervision
from skillmix.plot_targets import lists, path, places
from skillmix.plot_training import training

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from skillmix.tables import Answer

__all__ = [
    "as_pictures",
    "bands",
    "capacity",
    "compare",
    "cost",
    "draw",
    "flow",
    "frontier",
    "lists",
    "mix",
    "names",
    "needed",
    "path",
    "payers",
    "places",
    "queues_a_year_later",
    "recurrent",
    "save",
    "staff",
    "supervision",
    "svg",
    "training",
    "unit_costs",
    "waiting",
    "waits",
]

_CHARTS: dict[str, dict[str, Callable[..., Any]]] = {
    "plan": {"staff": needed, "flow": flow},
    "project": {
        "waiting": waiting,
        "waits": waits,
        "capacity": capacity,
        "staff": staff,
        "supervision": supervision,
        "training": training,
        "cost": cost,
        "payers": payers,
        "recurrent": recurrent,
        "unit_costs": unit_costs,
        "bands": bands,
        "spread": plot_simulate.waiting,
        "standards": plot_simulate.standards,
    },
    "simulate": {
        "waiting": plot_simulate.waiting,
        "standards": plot_simulate.standards,
        "waits": plot_simulate.waits,
        "caseload": plot_simulate.caseload,
        "capacity": capacity,
        "staff": staff,
        "supervision": supervision,
        "training": training,
        "cost": cost,
    },
    "ensemble": {"fan": plot_ensemble.fan, "chance": plot_ensemble.chance},
    "comparison": {
        "waiting": compare,
        "differences": plot_ensemble.differences,
        "queues_a_year_later": queues_a_year_later,
        "cost": plot_compare.cost,
    },
    "mix": {"mix": mix, "frontier": frontier},
    "mix_sweep": {"curves": plot_mix.curves, "best": plot_mix.best},
    "mix_leaves": {"leaves": plot_mix.leaves},
    "case": {
        "waiting": lambda case, **options: compare(case.comparison, **options),
        "queues_a_year_later": lambda case, **options: queues_a_year_later(
            case.comparison, **options
        ),
        "cost": lambda case: plot_compare.cost(case.comparison),
    },
    "targets": {"places": places, "path": path, "waiting": lists},
    "region": {
        "staff": plot_region.staff,
        "services": plot_region.services,
        "places": plot_region.places,
        "budget": plot_region.budget,
    },
    "tornado": {"tornado": plot_sensitivity.tornado},
    "morris": {"morris": plot_sensitivity.morris},
    "sobol": {"sobol": plot_sensitivity.sobol},
    "value": {"value": plot_sensitivity.value},
    "region_plan": {"services": plot_region.needed, "places": plot_region.places},
}


def names(answer: Answer) -> list[str]:
    """Names of the charts that an answer has, the most telling first."""
    known = list(_CHARTS[answer.kind])
    for table in ("bands", "spread", "standards", "differences"):
        if table in known and table not in answer.tables():
            known.remove(table)
    shown_of = {"standards": "standards", "caseload": "caseloads"}
    for chart, table in shown_of.items():
        if chart in known and not len(answer.columns(table)["month"]):
            known.remove(chart)
    if "chance" in known and not len(answer.columns("chances")["kind"]):
        known.remove("chance")
    if "supervision" in known and not answer.columns("supervision")["hours_owed"].any():
        known.remove("supervision")
    if "training" in known and not len(answer.columns("training")["month"]):
        known.remove("training")
    if answer.kind.startswith("region"):
        shared = {"places": "start", "budget": "year"}
        known = [
            name for name in known if name not in shared or len(answer.columns(name)[shared[name]])
        ]
    return known


def draw(answer: Answer, name: str, **options: Any) -> Any:
    """The chart of that name.

    Raises:
        KeyError: if there is none; ``Answer.chart`` offers the nearest names.
        ImportError: if Altair is not installed; the message says what to install.
    """
    need("altair", "a chart")
    return _CHARTS[answer.kind][name](answer, **options)


def as_pictures() -> None:
    """From now on notebooks keep charts as pictures (SVG), not as scripts that draw them.

    A picture is also seen where a notebook is only looked at, on a web page or in print, and its
    text is the chart's description. The setting is that of Altair, for this session:
    ``altair.renderers.enable("default")`` undoes it.

    Raises:
        ImportError: if Altair or vl-convert is not installed; the message says what to install.
    """
    need("altair", "a chart")
    need("vl_convert", "a picture of a chart")
    import altair as alt

    alt.renderers.register("skillmix", _picture)
    alt.renderers.enable("skillmix")


def _picture(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    """A chart as notebooks store it: the picture, and its description as plain text."""
    import altair as alt

    said = str(spec.get("description", ""))
    return {"image/svg+xml": svg(alt.Chart.from_dict(spec)), "text/plain": said}


def svg(chart: Any) -> str:
    """A chart as SVG for a page: with title and description, and ids that are its own."""
    need("vl_convert", "a picture of a chart")
    out = io.StringIO()
    chart.save(out, format="svg")
    text = out.getvalue()
    spec = chart.to_dict()
    title = spec.get("title", "")
    title = title.get("text", "") if isinstance(title, dict) else title
    own = "c" + sha256(text.encode()).hexdigest()[:8]
    text = re.sub(r'(id="|url\(#|href="#)(?=[A-Za-z])', rf"\g<1>{own}-", text)
    names = (
        f'<title id="{own}-title">{escape(str(title))}</title>'
        f'<desc id="{own}-desc">{escape(str(spec.get("description", "")))}</desc>'
    )
    head, rest = text.split(">", 1)
    labelled = f'{head} role="img" aria-labelledby="{own}-title {own}-desc"'
    return f"{labelled}>{names}{rest}"


def save(chart: Any, path: str | os.PathLike[str]) -> Path:
    """Writes a chart as ``.png``, ``.svg``, or ``.html`` that needs no network.

    Raises:
        FileError: if it cannot be written, or the ending is another.
        ImportError: if vl-convert is not installed; the message says what to install.
    """
    from skillmix.files import path_of, refused, write_bytes, write_text

    to = Path(path_of(path))
    match to.suffix.casefold():
        case ".svg":
            return write_text(to, svg(chart))
        case ".png":
            need("vl_convert", "a picture of a chart")
            picture = io.BytesIO()
            chart.save(picture, format="png", scale_factor=2)
            return write_bytes(to, picture.getvalue())
        case ".html":
            need("vl_convert", "a page with a chart")
            page = io.StringIO()
            chart.save(page, format="html", inline=True, embed_options={"actions": False})
            return write_text(to, page.getvalue())
        case ending:
            raise refused(to, f"a chart cannot be written as {ending!r}; use .png, .svg or .html")
