"""`kotinos insight dictionary`: what the lake's columns mean, for people who get its files."""

from __future__ import annotations

from pathlib import Path

import click

from kotinos.insight.dictionary import dictionary_text
from kotinos.kernel.environment import ROOT

REFERENCE = ROOT / "docs" / "reference" / "data-dictionary.md"


@click.command()
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    default=REFERENCE,
    help="Where to write it; docs/reference/data-dictionary.md where nothing is said",
)
def dictionary(to: Path) -> None:
    """Write the data dictionary: every table and column of the lake with its meaning."""
    to.write_text(dictionary_text(), encoding="utf-8")
    click.echo(to)
