# SPDX-License-Identifier: GPL-3.0-or-later
"""A dialogue as a graph: its messages, the answers between them, its ends. Pure; `drawing.py` makes a picture of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from src.dialogues.html import plain_text
from src.dialogues.model import Choice, Dialogue, FileKind, InputKind, Kind, Message, Next
from src.dialogues.rules import links_of

LONGEST_LABEL = 34
FILES = {FileKind.PICTURE: "picture", FileKind.DOCUMENT: "document"}


class Look(StrEnum):
    """What a node is, and so what it looks like."""

    TELLS = "tells"
    BUTTONS = "buttons"
    TYPED = "typed"
    WAITS = "waits"
    PRESSED = "pressed"
    WRITTEN = "written"
    BRANCH = "branch"
    END = "end"


@dataclass(frozen=True)
class Node:
    """A message (`title` is its id, `notes` what else it does, `text` what it says), an answer, or an end.

    `lines` are the labels of an answer, `under` the earlier answers that it takes. `reached`: a way leads here.
    """

    id: str
    look: Look
    title: str = ""
    notes: tuple[str, ...] = ()
    text: str = ""
    lines: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    reached: bool = True

    @property
    def is_message(self) -> bool:
        """Tell whether this is a message of the dialogue."""
        return bool(self.title)


@dataclass(frozen=True)
class Edge:
    """From one node to another, by their ids."""

    source: str
    target: str


@dataclass(frozen=True)
class Graph:
    """A dialogue's nodes and edges; `first` are the messages that it begins with."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    first: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One thing that can happen at a message: what it is called, under which earlier answers, where it leads."""

    look: Look
    label: str
    target: str | None
    condition: str = ""


def graph_of(dialogue: Dialogue, language: str, default: str) -> Graph:
    """Return the graph of a dialogue, with texts in a language. Answers with the same consequence are one node."""
    reached = reached_messages(dialogue)
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for message in dialogue.messages.values():
        nodes[message.id] = node_of(message, language, default, reached=message.id in reached)
    for message in dialogue.messages.values():
        for node, target in answers_of(message, language, default, reached=message.id in reached):
            end = Node(f"end\n{message.id}", Look.END, lines=("end",), reached=message.id in reached)
            if target is None:
                nodes[end.id] = end
            goal = end.id if target is None else target
            if not (node.lines or node.under):
                edges.append(Edge(message.id, goal))
                continue
            nodes[node.id] = node
            edges += [Edge(message.id, node.id), Edge(node.id, goal)]
    there = tuple(edge for edge in edges if edge.source in nodes and edge.target in nodes)
    return Graph(nodes, there, tuple(each for each in dialogue.initial_messages if each in nodes))


def reached_messages(dialogue: Dialogue) -> set[str]:
    """Return the messages to which a way leads."""
    reached: set[str] = set()
    waiting = list(dialogue.initial_messages)
    while waiting:
        here = waiting.pop()
        if here not in reached and here in dialogue.messages:
            reached.add(here)
            waiting += [target for _, target in links_of(dialogue.messages[here])]
    return reached


def node_of(message: Message, language: str, default: str, *, reached: bool) -> Node:
    """Return the node of a message."""
    notes = [f"{FILES[each.kind]} {each.file_name.in_language(language, default)}" for each in message.attachments]
    notes += [f"saves {message.save}"] if message.save else []
    notes += [f"does {message.action}"] if message.action else []
    notes += ["ends the dialogue"] if message.ends else []
    text = plain_text(message.text.in_language(language, default))
    return Node(message.id, look_of(message), message.id, tuple(notes), " ".join(text.split()), reached=reached)


def look_of(message: Message) -> Look:
    """Return what a message waits for."""
    if message.kind is Kind.NO_ANSWER or message.ends:
        return Look.TELLS
    if message.buttons:
        return Look.BUTTONS
    return Look.TYPED if message.input is not None else Look.WAITS


def answers_of(message: Message, language: str, default: str, *, reached: bool) -> Iterator[tuple[Node, str | None]]:
    """Yield what can happen at a message, with where it leads; a node without lines is no node but a plain edge.

    Answers with one consequence are one node, and so are conditions under which the same answers have it.
    """
    labels: dict[tuple[Look, str | None, str], dict[str, None]] = {}
    for case in cases_of(message, language, default):
        labels.setdefault((case.look, case.target, case.condition), {})[case.label] = None
    conditions: dict[tuple[Look, str | None, tuple[str, ...]], list[str]] = {}
    for (look, target, condition), group in labels.items():
        conditions.setdefault((look, target, tuple(filter(None, group))), []).append(condition)
    for number, ((look, target, lines), cases) in enumerate(conditions.items()):
        under = () if "" in cases else tuple(f"{'or' if place else 'if'} {each}" for place, each in enumerate(cases))
        yield Node(f"{number}\n{message.id}", look, lines=lines, under=under, reached=reached), target


def cases_of(message: Message, language: str, default: str) -> Iterator[Case]:
    """Yield everything that can happen at a message."""
    if message.triggers is not None:
        yield Case(Look.BRANCH, "wakes the other player", message.triggers)
    if message.ends:
        return
    if not message.asks:
        yield from (Case(Look.BRANCH, "", target, condition) for condition, target in leads(message.next, {}))
        return
    for button in message.buttons:
        label = shortened(" ".join(button.label.in_language(language, default).split()) or button.value)
        for condition, target in leads(message.next, {button.name: button.value}):
            yield Case(Look.PRESSED, f"{label}\n{button.value}", target, condition)
    yield from typed_cases(message)
    if look_of(message) is Look.WAITS:
        yield from (Case(Look.BRANCH, "when woken", target, condition) for condition, target in leads(message.next, {}))


KINDS = {InputKind.TEXT: "a text", InputKind.TIME: "a time", InputKind.NUMBER: "a number"}


def typed_cases(message: Message) -> Iterator[Case]:
    """Yield what can be typed at a message."""
    rule = message.input
    if rule is None:
        return
    for condition, target in leads(rule.next, {}):
        yield Case(Look.WRITTEN, KINDS[rule.kind], target, condition)
    for expected, following in rule.answers.items():
        for condition, target in leads(following, {}):
            yield Case(Look.WRITTEN, f"“{shortened(expected)}”", target, condition)
    if rule.invalid is not None:
        yield Case(Look.WRITTEN, "anything else", rule.invalid)


def leads(following: Next, known: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Yield where a `next` leads, each with the earlier answers that lead there, in words."""
    if not isinstance(following, Choice):
        yield "", following
        return
    for value, branch in following.branches.items():
        if known.get(following.answer, value) != value:
            continue
        own = "" if following.answer in known else f"{following.answer} = {shortened(value)}"
        for condition, target in leads(branch, {**known, following.answer: value}):
            yield ", ".join(filter(None, (own, condition))), target


def shortened(text: str) -> str:
    """Return the text, cut where it is longer than a label may be."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
