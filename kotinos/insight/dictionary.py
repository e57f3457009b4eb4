"""The data dictionary: what every table and column of the lake means, as Markdown.

Written from `tables` alone. It stands in the reference, and goes with every lake handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kotinos.insight.tables import Column, Kind, Table

_TYPES: dict[Kind, str] = {
    "text": "text",
    "integer": "64-bit integer",
    "flag": "boolean",
    "instant": "timestamp",
    "day": "date",
}
_INTRODUCTION = """\
# Data dictionary

What the tables of the lake and their columns mean. Written by `kotinos insight dictionary`; change
`kotinos/insight/tables.py` instead.

* Files: `<table>/edition=<edition>/day=<day>/<id>.parquet`, Parquet with zstd. Every column is in
  the files themselves, those of the path as well. In a running Kotinos a table says which count.
* Texts are never null: an empty one means that it is not known, or that there is none. Numbers may
  be null.
* Timestamps are UTC with microseconds and carry no zone; a day is the UTC day of `occurred_at`.
* Amounts are integers in minor units (cents, yen) of the currency beside them.
* People are pseudonyms: hashes with a key of the edition and the region. When the key is dropped,
  nobody can tell any more whose they are. Columns marked *personal* tell one person from another,
  or may: what they hold goes when that person is erased.
"""


def dictionary_text() -> str:
    """All of it; the same text for the same tables."""
    return "\n".join([_INTRODUCTION, *(_table(table) for table in TABLES.values())])


def _table(table: Table) -> str:
    return "\n".join(
        [
            f"## {table.name}",
            "",
            f"{table.sentence}. From: {_source(table)}.",
            "",
            "| column | type | what it is | personal |",
            "|---|---|---|---|",
            *_columns(table.columns),
            "",
        ]
    )


def _source(table: Table) -> str:
    """Events of the outbox by their kind; anything else in its own words."""
    return ", ".join(f"`{kind}`" if "." in kind else kind for kind in table.source)


def _columns(columns: tuple[Column, ...]) -> Iterator[str]:
    for column in columns:
        sentence = column.sentence.replace("|", "\\|")
        personal = "personal" if column.personal else ""
        yield f"| `{column.name}` | {_TYPES[column.kind]} | {sentence} | {personal} |"
