# SPDX-License-Identifier: GPL-3.0-or-later
"""What every column, question and value means, in every language, from all revisions of the dialogues."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import groupby

from src.upkeep.export.questions import Catalogue, Question
from src.upkeep.export.tables import Cell, Column, Labels, Table, Type

CODEBOOK = "codebook"
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em}"
    "th,td{border:1px solid #999;padding:.2em .6em;text-align:left;vertical-align:top;white-space:pre-line}"
    "th{background:#eee}code{background:#f4f4f4}small{color:#555}"
)


def codebook_table(catalogue: Catalogue, tables: Sequence[Table]) -> Table:
    """Return one row for each column of the tables, and one for each value of each question."""
    languages = catalogue.languages
    names = ("table", "column", "dialogue", "message", "variable", "type", "saved_as", "value")
    columns = [Column(name, Type.TEXT, name) for name in names]
    columns += [Column(f"question_{language}", Type.TEXT, "") for language in languages]
    columns += [Column(f"label_{language}", Type.TEXT, "") for language in languages]
    columns += [Column("meaning", Type.TEXT, ""), Column("revisions", Type.TEXT, "")]

    def rows() -> Iterator[Sequence[Cell]]:
        for table in tables:
            for column in table.columns:
                yield from _rows_of_column(table.name, column, len(languages))
        for question, revisions in catalogue.questions.items():
            yield from _rows_of_question(question, revisions)

    return Table(CODEBOOK, columns, rows)


def _rows_of_column(table: str, column: Column, languages: int) -> Iterator[Sequence[Cell]]:
    nothing: Sequence[Cell] = (None,) * languages
    values: Sequence[tuple[str | None, Sequence[Cell]]] = list(column.labels.items()) or [(None, nothing)]
    for value, labels in values:
        yield (
            *(table, column.name, None, None, None, column.type, None, value),
            *(*nothing, *labels, column.meaning, None),
        )


def _rows_of_question(question: Question, revisions: Sequence[str]) -> Iterator[Sequence[Cell]]:
    values: Sequence[tuple[str | None, Labels]] = question.values or ((None, ("",) * len(question.text)),)
    where = (None, None, question.dialogue, question.message, question.variable)
    for value, labels in values:
        yield (
            *(*where, _kind(question), question.save, value),
            *(*question.text, *labels, None, " ".join(revisions)),
        )


def _kind(question: Question) -> str:
    kinds = ["choice"] if question.values else []
    return " or ".join([*kinds, *([str(question.typed)] if question.typed is not None else [])])


def codebook_page(catalogue: Catalogue, tables: Sequence[Table]) -> str:
    """Return the same as a page to read in a browser."""
    dialogues = [(name, list(group)) for name, group in groupby(catalogue.questions, lambda one: one.dialogue)]
    contents = "".join(
        f'<li><a href="#d{number}">{_shown(name)}</a></li>' for number, (name, _) in enumerate(dialogues)
    )
    columns = "".join(_columns(table) for table in tables)
    sections = "".join(
        f'<h2 id="d{number}">{_shown(name)}</h2>' + "".join(_section(one, catalogue) for one in questions)
        for number, (name, questions) in enumerate(dialogues)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Codebook</title>'
        f"<style>{_STYLE}</style></head><body><h1>Codebook</h1>{columns}"
        f"<h2>Dialogues</h2><ul>{contents}</ul>{sections}</body></html>\n"
    )


def _columns(table: Table) -> str:
    rows = "".join(
        f"<tr><td><code>{_shown(column.name)}</code></td><td>{column.type}</td><td>{_shown(column.meaning)}</td></tr>"
        for column in table.columns
    )
    return f"<h2>Table {table.name}</h2><table><tr><th>column</th><th>type</th><th>meaning</th></tr>{rows}</table>"


def _section(question: Question, catalogue: Catalogue) -> str:
    """Return a question in all languages, and its values below."""
    head = "".join(f"<th>{_shown(language)}</th>" for language in catalogue.languages)
    rows = [f"<tr><td>{_kind(question)}</td>{_cells(question.text, catalogue.languages)}</tr>"]
    rows += [
        f"<tr><td><code>{_shown(value)}</code></td>{_cells(labels, catalogue.languages)}</tr>"
        for value, labels in question.values
    ]
    saved = f" Saved to the participant as <code>{_shown(question.save)}</code>." if question.save else ""
    revisions = " ".join(catalogue.questions[question])
    return (
        f"<h3><code>{_shown(question.variable)}</code> in message <code>{_shown(question.message)}</code></h3>"
        f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>"
        f"<p><small>Revisions {_shown(revisions)}.{saved}</small></p>"
    )


def _cells(labels: Labels, languages: Sequence[str]) -> str:
    pairs = zip(labels, languages, strict=True)
    return "".join(f'<td lang="{_shown(language)}">{_shown(label)}</td>' for label, language in pairs)


def _shown(text: str) -> str:
    return html.escape(text)
