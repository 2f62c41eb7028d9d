# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format says the same: what analysts read with pandas, and with a reader of SPSS files, is what people said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas
import pyreadstat
import pytest

from src.engine.state import Participant, Status
from src.store.database import Database
from src.upkeep.export.formats import FORMATS
from tests.database import DatabaseServer
from tests.upkeep.export.respondents import (
    LANGUAGES,
    PEOPLE,
    answered,
    enter,
    exported,
    fill,
    number,
    sleep,
    upload,
)

SHAPES = {"long": False, "wide": True}
ANSWERS_OF_ONE = 8


@pytest.fixture(scope="module")
def folders(database_server: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Export one and the same study in every format and shape, to folders such as csv_long."""
    folder = tmp_path_factory.mktemp("exports")
    with database_server.open("test_formats") as database:
        database.database.client.drop_database("test_formats")
        database.make_indexes()
        fill(database)
        for kind in FORMATS:
            for shape, wide in SHAPES.items():
                exported(database, folder / f"{kind}_{shape}", kind, wide=wide)
        yield folder
        database.database.client.drop_database("test_formats")


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def read(folder: Path, table: str) -> pandas.DataFrame:
    """Read a table as its manifest says."""
    (name,) = (name for name in manifest(folder)["files"] if name.startswith(f"{table}."))
    facts = manifest(folder)["files"][name]
    if name.endswith("csv"):
        return pandas.read_csv(folder / name, **facts["read_csv"])
    if name.endswith("json"):
        return pandas.read_json(folder / name, **facts["read_json"]).astype(facts["astype"])
    if name.endswith("parquet"):
        return pandas.read_parquet(folder / name)
    return pyreadstat.read_sav(folder / name)[0]


def plain(frame: pandas.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values: texts, numbers, times in UTC, None."""
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if pandas.isna(value) or value == "":
        return None
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return float(value) if isinstance(value, int | float) else value


@pytest.mark.parametrize("kind", ["json", "parquet", "spss"])
@pytest.mark.parametrize("table", ["answers", "participants", "wide"])
def test_every_format_reads_as_the_same_values(folders: Path, kind: str, table: str) -> None:
    shape, name = ("wide", "participants") if table == "wide" else ("long", table)
    expected = plain(read(folders / f"csv_{shape}", name))
    assert len(expected) == (PEOPLE * ANSWERS_OF_ONE if table == "answers" else PEOPLE)
    assert plain(read(folders / f"{kind}_{shape}", name)) == expected


def test_the_values_are_what_people_said(folders: Path) -> None:
    answers = plain(read(folders / "csv_long", "answers"))
    mine = [row for row in answers if row["pseudonym"] == number(1)]
    assert [row["value"] for row in mine] == [
        "NA",
        "2",
        "7.5",
        "23:05",
        "word 1, “quoted”,\r\nnext line; ñ",
        "good",
        "2",
        "1",
    ]
    assert [row["label_de"] for row in mine[:2]] == ["Don’t know (de)", "Middle (de)"]
    assert [row["kind"] for row in mine] == ["choice", "choice", "number", "time", "text", "choice", "choice", "number"]
    assert [(row["order"], row["repeat"]) for row in mine] == [(place, 1) for place in range(1, 6)] + [
        (place, 2) for place in range(1, 4)
    ]
    assert mine[4]["asked_at"] == "2026-03-02T12:00:40.000+00:00"
    assert mine[4]["answered_at"] == "2026-03-02T12:00:42.500+00:00"
    assert mine[4]["seconds"] == 2.5
    (wide,) = (row for row in plain(read(folders / "csv_wide", "participants")) if row["pseudonym"] == number(1))
    newest = {"sleep.mood": "good", "sleep.score": 2.0, "sleep.hours": 1.0, "sleep.bedtime": "23:05"}
    assert {name: wide[name] for name in newest} == newest
    assert (wide["mood"], wide["last_score"], wide["points"], wide["answers"]) == ("good", 2.0, 2.5, 8.0)
    assert "not_of_a_dialogue" not in wide


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_pandas_reads_the_right_types(folders: Path, kind: str) -> None:
    answers, people = read(folders / f"{kind}_long", "answers"), read(folders / f"{kind}_wide", "participants")
    types = pandas.api.types
    for frame, name in ((answers, "asked_at"), (answers, "answered_at"), (people, "last_answer_at")):
        assert isinstance(frame[name].dtype, pandas.DatetimeTZDtype), name
    for frame, name in ((answers, "order"), (answers, "repeat"), (people, "status"), (people, "sleep.score")):
        assert types.is_integer_dtype(frame[name].dtype) or types.is_float_dtype(frame[name].dtype), name
    for frame, name in ((answers, "seconds"), (people, "freq"), (people, "sleep.hours"), (people, "points")):
        assert types.is_float_dtype(frame[name].dtype), name
    for frame, name in ((answers, "dialogue"), (answers, "label_ca"), (people, "language"), (people, "mood")):
        assert isinstance(frame[name].dtype, pandas.CategoricalDtype), name
    for frame, name in ((answers, "pseudonym"), (answers, "value"), (people, "area"), (people, "sleep.words")):
        assert types.is_string_dtype(frame[name].dtype), name
    assert answers["pseudonym"].str.len().eq(32).all(), "a pseudonym of digits was taken for a number"


def test_spss_has_labels_formats_and_no_time_of_today(folders: Path) -> None:
    frame, facts = pyreadstat.read_sav(folders / "spss_wide" / "participants.sav")
    labels: dict[str, Any] = facts.variable_value_labels
    assert labels["sleep.score"] == {1.0: "Low (en)", 2.0: "Middle (en)", 10.0: "High (en)"}
    assert labels["sleep.mood"] == {
        "good": "Good & well (en)",
        "NA": "Don’t know (en)",
        "bad": "Bad (en)",
    }
    assert labels["horari_relats"]["TD"] == "at any time"
    assert labels["status"] == {1.0: "active", 2.0: "paused or out of reach", 3.0: "left"}
    assert facts.variable_measure["sleep.score"] == "nominal"
    assert facts.variable_measure["sleep.hours"] == "scale"
    assert facts.column_names_to_labels["sleep.words"] == "the newest answer words in sleep"
    assert facts.original_variable_types["last_answer_at"] == "DATETIME24.3", "narrower is refused by PSPP"
    assert facts.creation_time is not None
    assert facts.creation_time.isoformat() == "2026-03-13T12:00:22", "the time of the newest answer"
    assert frame["last_answer_at"].max().isoformat() == "2026-03-13T12:00:22.500000"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_data_gives_the_same_bytes_and_the_manifest_has_their_hashes(
    folders: Path, database: Database, tmp_path: Path, kind: str, shape: str
) -> None:
    fill(database)
    exported(database, tmp_path / "again", kind, wide=SHAPES[shape])
    files = sorted(file.name for file in (tmp_path / "again").iterdir())
    assert "manifest.json" in files
    for name in files:
        if name != "manifest.json":
            content = (tmp_path / "again" / name).read_bytes()
            assert content == (folders / f"{kind}_{shape}" / name).read_bytes(), name
            told = manifest(tmp_path / "again")["files"][name]
            assert (told["sha256"], told["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert manifest(tmp_path / "again")["exported_at"] == "2026-03-31T12:00:00+00:00"
    assert not any(
        b"2026-03-31" in (tmp_path / "again" / name).read_bytes() for name in files if name != "manifest.json"
    )


def test_the_codebook_has_every_question_and_value_in_every_language_of_every_revision(
    database: Database, tmp_path: Path
) -> None:
    old, new = sleep(), sleep("How <i>are</i> you & yours?")
    first = upload(database, old)["sleep"]
    second = upload(database, new, at=datetime(2026, 3, 2, tzinfo=UTC))["sleep"]
    fill_again = fill(database, people=2)
    assert fill_again == first
    exported(database, tmp_path / "out")
    book = pandas.read_csv(tmp_path / "out" / "codebook.csv", dtype=str, keep_default_na=False)
    moods = book[(book["variable"] == "mood") & (book["message"] == "ask")]
    assert moods[["question_ca", "value", "label_de", "saved_as", "revisions"]].values.tolist() == [
        ["How did you sleep? (ca)", "good", "Good & well (de)", "mood", first],
        ["How did you sleep? (ca)", "NA", "Don’t know (de)", "mood", first],
        ["How did you sleep? (ca)", "bad", "Bad (de)", "mood", first],
        ["How are you & yours? (ca)", "good", "Good & well (de)", "mood", second],
        ["How are you & yours? (ca)", "NA", "Don’t know (de)", "mood", second],
        ["How are you & yours? (ca)", "bad", "Bad (de)", "mood", second],
    ]
    (hours,) = book[book["variable"] == "hours"].to_dict("records")
    assert (hours["type"], hours["question_es"], hours["revisions"]) == (
        "number",
        "Your hours? (es)",
        f"{first} {second}",
    )
    columns = book[book["table"] == "answers"]["column"].tolist()
    assert columns == list(manifest(tmp_path / "out")["files"]["answers.csv"]["columns"])
    page = (tmp_path / "out" / "codebook.html").read_text("utf-8")
    for language in LANGUAGES:
        assert f'<td lang="{language}">How are you &amp; yours? ({language})</td>' in page
        assert f'<td lang="{language}">Don’t know ({language})</td>' in page
    assert "<i>are" not in page


def test_a_study_in_other_languages_and_with_odd_names_is_written_in_every_format(
    database: Database, tmp_path: Path
) -> None:
    """Names that SPSS does not take, equal but for their letters' case, too long, in other alphabets; no answers."""
    buttons = {"name": "ALL", "type": "button", "values": ["x"], "texts": [{"fr": "Œuf", "ca": "Ou"}]}
    asks = {"type": "SA", "text": "Everywhere", "vars": [buttons], "save": "2 Fav. dish?", "wait": None, "next": "b"}
    names = ["ñandú-" * 20, "ñandú-" * 20 + "2", "all", "answers", "x y", "x-y", ""]
    messages = {"a": asks, "b": {"type": "NA", "text": "Bye", "wait": None, "next": None}}
    odd = {**sleep(), "_id": "Ωdd dialogue", "initial_messages": ["a"], "messages": messages}
    revision = upload(database, odd)["Ωdd dialogue"]
    kept = answered(revision, 1, **dict.fromkeys(names, "x"))
    kept = replace(kept, run=replace(kept.run, dialogue="Ωdd dialogue"))
    enter(database, Participant(number(1), "fr", Status.ACTIVE, fields={"2 Fav. dish?": "x"}), [kept])
    enter(database, Participant(number(2), "fr", Status.ACTIVE))
    read_back = []
    for kind in FORMATS:
        exported(database, tmp_path / kind, kind, wide=True, labels="fr")
        frame = read(tmp_path / kind, "participants")
        read_back.append(sorted(plain(frame), key=lambda row: row["pseudonym"]))
    assert all(rows == read_back[0] for rows in read_back)
    columns = list(read_back[0][0])
    assert len({name.lower() for name in columns}) == len(columns) == 12 + 1 + 1 + len(names)
    assert all(len(name.encode()) <= 64 for name in columns)
    assert "v_2_Fav._dish" in columns
