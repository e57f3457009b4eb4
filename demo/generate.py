"""Write the demo edition as the files a user would bring: `python -m demo.generate FOLDER`.

Deterministic: the same tables give the same bytes. The files are made at load and not committed,
because they are a product of the small tables in `demo/data` and the words in `demo/words.py`, and
a second copy would only drift from them.
"""

from __future__ import annotations

import csv
import itertools
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from demo import catalogues, channel_rights, rights_tables
from demo.goods import DATA, ORGANISER, all_items, rows
from demo.words import COLLECTIONS, KINDS, LANGUAGES, SPORTS, capital
from kotinos.catalog.artwork.paint import codes
from kotinos.games.names import territory_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def generate(folder: Path) -> dict[str, int]:
    """Write every file into `folder`; returns counts of sellers, products and variants."""
    folder.mkdir(parents=True, exist_ok=True)
    nocs = list(codes())
    for name in ("people", "drops"):
        shutil.copyfile(DATA / f"{name}.csv", folder / f"{name}.csv")
    _table(folder / "markets.csv", _markets())
    channel = folder / "channel"
    shutil.copytree(DATA / "channel", channel, dirs_exist_ok=True)
    organisations = [*rows("organisations"), *channel_rights.organisations()]
    _table(folder / "organisations.csv", organisations)
    properties = [*rights_tables.properties(nocs), *channel_rights.properties()]
    _table(folder / "properties.csv", properties)
    _table(folder / "grants.csv", [*rights_tables.grants(), *channel_rights.grants()])
    _table(folder / "suspended.csv", rights_tables.suspended())
    _table(folder / "consents.csv", rights_tables.consents(nocs))
    _table(folder / "prohibitions.csv", rights_tables.prohibitions())
    _table(folder / "terms.csv", _terms())
    _table(folder / "sellers.csv", _sellers())
    _world(folder / "world")
    return _catalogues(folder / "catalogues")


def _catalogues(folder: Path) -> dict[str, int]:
    items = sorted(all_items(), key=lambda item: item.seller)
    counts = {"sellers": 0, "products": len(items), "variants": 0}
    for seller, group in itertools.groupby(items, key=lambda item: item.seller):
        number = counts["sellers"]
        # Every other seller still exports with the older generation of columns.
        newer = number % 2 == 1
        path = folder / f"{seller}.csv"
        written = catalogues.write(path, list(group), newer=newer, seller_number=number)
        counts["variants"] += written
        counts["sellers"] += 1
    return counts


def _markets() -> Iterable[Mapping[str, str]]:
    """The markets, each named after the first of its territories where the table has no name."""
    for row in rows("markets"):
        first = row["territories"].split(",")[0]
        named = {
            f"name / {language}": row[f"name / {language}"] or territory_name(first, language)
            for language in LANGUAGES[1:]
        }
        yield row | named


def _terms() -> Iterable[Mapping[str, str]]:
    named = {code: kind.name for code, kind in KINDS.items()}
    for facet, terms in (("kind", named), ("sport", SPORTS), ("collection", COLLECTIONS)):
        for code, names in terms.items():
            texts = {language: capital(names[language]) for language in LANGUAGES}
            yield {"facet": facet, "code": code} | texts


def _sellers() -> Iterable[Mapping[str, str]]:
    """Which file is whose, and where its quantities lie."""
    for row in rows("sellers"):
        yield {"seller": f"NOC-{row['noc']}", "location": row["location"]}
    yield {"seller": ORGANISER, "location": "Elaia"}
    for row in rows("organisations"):
        yield {"seller": row["code"], "location": row["location"]}


def _world(folder: Path) -> None:
    """The world's own tables with one more edition: the invented one."""
    tables = resources.files("kotinos.games") / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("territories", "nocs", "homes", "territory_sets", "editions"):
        text = (tables / f"{name}.csv").read_text(encoding="utf-8")
        more = (DATA / "editions.csv").read_text(encoding="utf-8").split("\n", 1)[1]
        added = more if name == "editions" else ""
        (folder / f"{name}.csv").write_text(text + added, encoding="utf-8")


def _table(path: Path, lines: Iterable[Mapping[str, str]]) -> None:
    found = list(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(found[0]), restval="")
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    print(generate(Path(sys.argv[1])))
