"""What are the small parts of every HTML page and summary?

Tables, badges and the one style sheet. Every text is escaped here; nothing needs a script or a
network. Colours are of the blue family that the health service uses; contrast is at least 4.5 to 1.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from skillmix.wording import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FRAGMENT_STYLE", "Html", "badge", "block", "items", "table", "table_of_columns"]

_MOST_ROWS = 200

# Twice the class, so that the tables keep their look beside the style of a notebook page.
FRAGMENT_STYLE = """
.skillmix{font-family:Arial,Helvetica,sans-serif;color:#212b32;background:#fff;max-width:60em;
line-height:1.4}
.skillmix h3{margin:.9em 0 .3em;font-size:1.05em;color:#003087}
.skillmix .lead{font-size:1.15em;font-weight:bold;margin:.2em 0 .5em}
.skillmix .note{border-left:4px solid #005eb8;background:#e8edee;color:#212b32;padding:.4em .8em;
margin:.5em 0}
.skillmix.skillmix table{border-collapse:collapse;margin:.3em 0 .8em;font-size:.92em}
.skillmix.skillmix caption{text-align:left;font-weight:bold;padding:.2em 0}
.skillmix.skillmix th,.skillmix.skillmix td{padding:.2em .7em .2em 0;text-align:left;
vertical-align:top;
border-bottom:1px solid #d8dde0;background:#fff}
.skillmix.skillmix th[scope=col]{border-bottom:2px solid #4c6272;vertical-align:bottom}
.skillmix.skillmix tbody th{font-weight:normal}
.skillmix.skillmix table.facts td:nth-child(2){min-width:17em}
.skillmix.skillmix table.facts tbody th{min-width:11em}
.skillmix.skillmix .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.skillmix .badge{display:inline-block;border:1px solid #4c6272;border-radius:3px;padding:0 .35em;
font-size:.85em;color:#212b32;background:#fff;white-space:nowrap}
.skillmix .badge.local{border-color:#005eb8;background:#005eb8;color:#fff}
.skillmix .small{font-size:.88em;color:#425563}
""".strip()


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


def text(value: object) -> str:
    """A value as HTML: escaped, unless it is HTML already."""
    return value if isinstance(value, Html) else escape(str(value), quote=True)


def badge(status: str, *, local: bool) -> Html:
    """How well a value is known, in a frame; local values are filled and say so in words."""
    kind = "badge local" if local else "badge"
    return Html(f'<span class="{kind}">{text(status)}</span>')


def items(sentences: Iterable[str]) -> Html:
    """A list of sentences; nothing if there is none."""
    lines = "".join(f"<li>{text(sentence)}</li>" for sentence in sentences)
    return Html(f"<ul>{lines}</ul>" if lines else "")


def block(parts: Iterable[str]) -> Html:
    """A summary as notebooks show it: its style and its parts, without a script."""
    return Html(f'<style>{FRAGMENT_STYLE}</style><div class="skillmix">{"".join(parts)}</div>')


def table(
    heads: Sequence[str],
    body: Iterable[Sequence[object]],
    *,
    caption: str = "",
    numeric: Iterable[int] = (),
    css: str = "",
) -> Html:
    """A table whose first column heads its rows.

    Args:
        heads: Names of the columns.
        body: Cells by row: texts, or ``Html``.
        caption: What the table shows.
        numeric: Places of the columns that are set to the right.
        css: Class of the table.
    """
    right = set(numeric)

    def one(place: int, value: object, tag: str, scope: str) -> str:
        css = ' class="n"' if place in right else ""
        return f"<{tag}{scope}{css}>{text(value)}</{tag}>"

    head = "".join(one(i, name, "th", ' scope="col"') for i, name in enumerate(heads))
    lines = []
    for row in body:
        cells = [
            one(i, value, "th", ' scope="row"') if i == 0 else one(i, value, "td", "")
            for i, value in enumerate(row)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    kind = f' class="{text(css)}"' if css else ""
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return Html(
        f"<table{kind}>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def table_of_columns(
    columns: Mapping[str, Any],
    units: Mapping[str, str] | None = None,
    *,
    caption: str = "",
    most: int = _MOST_ROWS,
    labels: Mapping[str, str] | None = None,
    unknown: str = "",
) -> Html:
    """A table of columns as they come from a result, units in the head.

    Args:
        columns: Values by name of the column.
        units: Units by name of the column.
        caption: What the table shows.
        most: Most rows shown; what is left out is said below.
        labels: What to call a column instead of its name.
        unknown: What stands where a number is not known; left out, that is said in words.
    """
    units, labels = units or {}, labels or {}
    names = list(columns)

    def head(name: str) -> str:
        label = labels.get(name, name.replace("_", " "))
        unit = units.get(name, "")
        shown = unit and unit not in ("share", "text") and not unit.startswith("pounds")
        return f"{label} [{unit}]" if shown and unit not in label else label

    length = len(columns[names[0]]) if names else 0
    row_units = columns.get("unit")
    body = [
        [
            unknown
            if unknown and columns[name][i] != columns[name][i]
            else cell(
                columns[name][i],
                units.get(name, "") or (str(row_units[i]) if row_units is not None else ""),
            )
            for name in names
        ]
        for i in range(min(length, most))
    ]
    numeric = [
        i
        for i, name in enumerate(names)
        if getattr(columns[name], "dtype", None) is not None and columns[name].dtype.kind in "fi"
    ]
    shown = table([head(name) for name in names], body, caption=caption, numeric=numeric)
    if length <= most:
        return shown
    rest = f'<p class="small">The first {most} of {length} rows; the CSV files hold them all.</p>'
    return Html(shown + rest)
