# SPDX-License-Identifier: GPL-3.0-or-later
"""`data/report.toml`: what another study may write there, and the line that it gets for a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.reports.described import Description, WrongDescription, called, read_description

TABLE = '[[tables]]\nid = "pet"\nfield = "pet"\nname = { en = "Pet" }\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "report.toml"
    file.write_text(text, "utf-8")
    return file


def test_our_own_file_has_all_names_in_all_four_languages() -> None:
    ours = read_description()
    names = [step.name for step in ours.entry.steps] + list(ours.categories.values())
    names += [each for table in ours.tables for each in (table.name, *(row.name for row in table.rows))]
    assert [name for name in names if set(name) != {"en", "es", "ca", "de"}] == []
    assert [table.id for table in ours.columns()] == ["gender", "age", "professional"]


def test_another_study_names_its_own_fields(tmp_path: Path) -> None:
    found = read_description(written(tmp_path, TABLE + 'rows = [{ is = ["cat", "kitten"], name = { fr = "chat" } }]'))
    assert found.fields() == ("pet",)
    assert found.tables[0].rows_of({"pet": "kitten"}) == [0]
    assert found.tables[0].rows_of({"pet": "dog"}) == found.tables[0].rows_of({}) == []
    assert called(found.tables[0].rows[0].name, "de") == "chat"


def test_without_a_file_nothing_is_told_about_who_people_are(tmp_path: Path) -> None:
    assert read_description(tmp_path / "none.toml") == Description()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[entry", "is no TOML"),
        ("tables = 5", "tables"),
        ('[[tables]]\nid = "pet"\nname = { en = "Pet" }\nrows = []', "tables.1.rows"),
        (TABLE + 'rows = [{ name = { en = "cat" } }]', "either `is` or `when`"),
        (TABLE + 'rows = [{ when = { a = ["b"] }, name = { en = "cat" } }]', "rows with `is` alone"),
        (TABLE + 'rows = [{ is = ["a"], name = {} }]', "tables.1.rows.1.name"),
        (TABLE + 'rows = [{ is = "a", name = { en = "cat" } }]', "tables.1.rows.1.is"),
        (TABLE.replace('field = "pet"\n', "") + 'rows = [{ is = ["a"], name = { en = "cat" } }]', "no `field`"),
        (
            TABLE.replace("field", "over_time = true\n#") + 'rows = [{ when = { a = ["b"] }, name = { en = "c" } }]',
            "`over_time`",
        ),
        (2 * (TABLE + 'rows = [{ is = ["a"], name = { en = "cat" } }]\n'), "'pet' is there twice"),
        ('[sankey]\ncolumns = ["a", "b"]', "'a', which is no table"),
        ("[profile]\ndialog = 'x'", "profile.dialog"),
    ],
)
def test_a_mistake_is_one_line_that_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongDescription) as refused:
        read_description(written(tmp_path, text))
    assert said in str(refused.value)
    assert str(tmp_path / "report.toml") in str(refused.value)
    assert "\n" not in str(refused.value)
