# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages with charts that answer to the mouse. Each is one file that needs no network: plotly.js lies in it, packed."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from functools import cache
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from src.reports.flows import Flows
from src.reports.page import TEMPLATES, filled
from src.reports.palette import INK
from src.reports.wishes import Wishes
from src.reports.words import moment_in_words


def sankey_page(flows: Flows, note: str, wishes: Wishes) -> bytes:
    """Return the Sankey chart as a page."""
    if not flows.bands:
        figure = go.Figure(layout={"annotations": [_sentence(wishes.word("nobody"))]})
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        return _page("sankey", wishes.word("sankey"), note, json.loads(figure.to_json()), wishes)
    about = wishes.word("about", n="%{value:.0f}")
    people = wishes.word("people")
    chart = go.Sankey(
        arrangement="fixed",
        node={
            "label": [block.name for block in flows.blocks],
            "color": [block.colour for block in flows.blocks],
            "x": [0.001 + 0.998 * block.column / (len(flows.titles) - 1) for block in flows.blocks],
            "y": _heights(flows),
            "pad": 14,
            "thickness": 22,
            "line": {"width": 0},
            "hovertemplate": f"%{{label}}<br>{about} {people}<extra></extra>",
        },
        link={
            "source": [band.left for band in flows.bands],
            "target": [band.right for band in flows.bands],
            "value": [band.people for band in flows.bands],
            "color": [_pale(flows.blocks[band.left].colour) for band in flows.bands],
            "hovertemplate": f"%{{source.label}} → %{{target.label}}<br>{about} {people}<extra></extra>",
        },
    )
    figure = go.Figure(
        chart, layout={"font": {"size": 14, "color": INK}, "margin": {"l": 10, "r": 10, "t": 40, "b": 20}}
    )
    for column, title in enumerate(flows.titles):
        figure.add_annotation(_title(title, column / (len(flows.titles) - 1)))
    return _page("sankey", wishes.word("sankey"), note, json.loads(figure.to_json()), wishes)


def evolution_page(data: dict[str, Any], wishes: Wishes) -> bytes:
    """Return the ways through the dialogues as a page."""
    note = wishes.word("thinned", n=data["every"]) if data["every"] > 1 else ""
    return _page("evolution", wishes.word("evolution"), note, data, wishes)


def _page(kind: str, title: str, note: str, data: object, wishes: Wishes) -> bytes:
    as_of = wishes.word("as_of", time=moment_in_words(wishes.now, wishes.language))
    return filled(
        "interactive.html",
        language=wishes.language,
        title=title,
        subtitle=" ".join(filter(None, (as_of + ".", note))),
        height="78vh",
        plotly=_library(),
        data=_packed(json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        script=(TEMPLATES / f"{kind}.js").read_text("utf-8"),
    ).encode()


@cache
def _library() -> str:
    return _packed(get_plotlyjs())


def _packed(text: str) -> str:
    return b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _heights(flows: Flows) -> list[float]:
    """Return where the middle of each block lies, from 0 above to 1 below."""
    heights = []
    for block in flows.blocks:
        column = [other for other in flows.blocks if other.column == block.column]
        above = sum(other.people for other in column[: column.index(block)])
        middle = (above + block.people / 2) / max(sum(other.people for other in column), 1)
        heights.append(min(max(middle, 0.001), 0.999))
    return heights


def _pale(shade: str) -> str:
    red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.4)"


def _title(title: str, place: float) -> dict[str, Any]:
    side = "left" if place == 0 else "right" if place == 1 else "center"
    return {"text": f"<b>{title}</b>", "x": place, "y": 1.08, "xanchor": side, **_FREE}


def _sentence(words: str) -> dict[str, Any]:
    return {"text": words, "x": 0.5, "y": 0.5, "font": {"size": 18}, **_FREE}


_FREE = {"xref": "paper", "yref": "paper", "showarrow": False}
