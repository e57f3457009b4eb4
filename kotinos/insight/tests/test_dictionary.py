from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from kotinos.insight.commands import insight
from kotinos.insight.dictionary import dictionary_text
from kotinos.insight.tables import COMMON, TABLES
from kotinos.insight.words.dictionary import REFERENCE

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reference_is_what_the_tables_say() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == dictionary_text()


def test_every_column_has_its_line() -> None:
    text = dictionary_text()
    for table in TABLES.values():
        part = text.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == list(
            table.names
        )
        assert table.columns[: len(COMMON)] == COMMON


def test_it_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    wanted = tmp_path / "dictionary.md"
    done = CliRunner().invoke(insight, ["dictionary", "--to", str(wanted)])
    assert done.exit_code == 0, done.output
    assert wanted.read_text(encoding="utf-8") == dictionary_text()
