"""A small edition for the tests that need a running shop: the demo's own files, a few sellers.

    python -m tests.site.edition FOLDER

Everything goes in through the commands that a user has; nothing is written past them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from demo import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

PASSWORD = "olive-2030"
SELLERS = ("NOC-KEN", "NOC-JPN", "NOC-FRA", "NOC-EGY", "NOC-CHN", "NOC-BRA", "OCOG-K2030")
"""Open to the world; to listed territories, Japan among them; home only; opening in 2027."""
LICENSEES = ("KOTINOS-SHOP", "SAKURA-GOODS")
NEWCOMERS = ("NOC-JAM", "NOC-NOR")
"""Committees whose goods a test brings in and opens; their files are written, not loaded."""
PRODUCTS_MAX = 5
_PARTIES = {*SELLERS, *LICENSEES, "IOC"}
_HANDLES = ("Handle", "URL handle")


def write(folder: Path) -> None:
    """The demo's files, cut down to our sellers and a few products of each."""
    generate.generate(folder)
    _keep(folder / "sellers.csv", lambda row: row["seller"] in _PARTIES)
    _keep(folder / "organisations.csv", lambda row: row["code"] in _PARTIES)
    _keep(folder / "grants.csv", _is_ours)
    _keep(folder / "properties.csv", lambda row: row["owner"] in {*_PARTIES, *NEWCOMERS})
    people = {"rights@noc-ken.example", "rights@noc-jpn.example", "operator@kotinos.example",
              "orders@noc-ken.example", "viewer@noc-egy.example", "rights@ioc.example",
              "rights@k2030.example", "catalogue@noc-ken.example"}  # fmt: skip
    _keep(folder / "people.csv", lambda row: row["email"] in people)
    for path in sorted((folder / "catalogues").iterdir()):
        if path.stem not in {*_PARTIES, *NEWCOMERS}:
            path.unlink()
        else:
            _keep_products(path)


def _is_ours(grant: dict[str, str]) -> bool:
    """Grants between our parties; not Japan's mascot, which its exclusive licensee has here."""
    parties = {grant["grantor"], grant["grantee"]}
    return parties <= _PARTIES and grant["number"] != "K2030-JPN-MASCOT"


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def _write(path: Path, fields: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=fields)
        writer.writeheader()
        writer.writerows(rows)


def _keep(path: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    fields, rows = _rows(path)
    _write(path, fields, [row for row in rows if wanted(row)])


def _keep_products(path: Path) -> None:
    fields, rows = _rows(path)
    handle = next(name for name in _HANDLES if name in fields)
    kept = list(dict.fromkeys(row[handle] for row in rows))[:PRODUCTS_MAX]
    _write(path, fields, [row for row in rows if row[handle] in kept])


def load(folder: Path) -> None:
    """Say the commands one after the other, in this process."""
    # Their modules hold models, which must not be imported before Django is set up.
    from kotinos.catalog.commands import catalog  # noqa: PLC0415
    from kotinos.games.commands import games  # noqa: PLC0415
    from kotinos.rights.commands import rights  # noqa: PLC0415

    _say(games, "import", "--tables", folder / "world")
    for row in _rows(folder / "organisations.csv")[1]:
        _say(games, "add", row["code"], "--kind", row["kind"], "--name", row["name"])
    for word in ("properties", "consents", "prohibitions"):
        _say(rights, word, "import", folder / f"{word}.csv")
    _say(rights, "import", folder / "grants.csv", "--sign")
    _say(catalog, "markets", "import", folder / "markets.csv")
    _say(catalog, "terms", "import", folder / "terms.csv")
    for row in _rows(folder / "sellers.csv")[1]:
        path = folder / "catalogues" / f"{row['seller']}.csv"
        options = ("--currency", "USD", "--location", row["location"])
        _say(catalog, "import", path, "--seller", row["seller"], *options)
    _say(catalog, "draw")
    for row in _rows(folder / "people.csv")[1]:
        words = ("--organisation", row["organisation"], "--role", row["role"])
        _say(games, "person", row["email"], *words, "--password", PASSWORD)


def _say(group: click.Group, *words: object) -> None:
    group.main([str(word) for word in words], standalone_mode=False)


if __name__ == "__main__":
    django.setup()
    write(Path(sys.argv[1]))
    load(Path(sys.argv[1]))
