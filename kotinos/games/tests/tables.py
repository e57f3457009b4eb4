"""The world's tables, small enough to see in a test what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from kotinos.games.commands import games as words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def import_tables(
    folder: Path,
    homes: Mapping[str, str],
    *,
    nobodys: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> None:
    """Territories with the committees they are the home of, and `nobodys`, which are none's.

    `sets`: lines of named sets of territories, as the file has them.
    """
    seats: dict[str, str] = {}
    for code, noc in homes.items():
        seats.setdefault(noc, code)
    codes = sorted([*homes, *nobodys])
    tables = {
        "territories": ["territory,bit", *(f"{code},{bit}" for bit, code in enumerate(codes))],
        "nocs": [
            "noc,territory,name,association,currency",
            *(f"{noc},{code},{noc.title()},X,EUR" for noc, code in seats.items()),
        ],
        "homes": ["territory,noc,from,until", *(f"{code},{noc},," for code, noc in homes.items())],
        "territory_sets": ["name,text,from,until,note", *sets],
        "editions": ["edition,name,organisation,host,from,until,timezone"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = CliRunner().invoke(words, ["import", "--tables", str(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
