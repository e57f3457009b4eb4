"""`kotinos insight ...`: the lake from the command line. Each module of `words` brings some."""

from __future__ import annotations

import click

from kotinos.insight.words.asking import list_metrics, run
from kotinos.insight.words.collecting import follow, say_ledger


@click.group()
def insight() -> None:
    """Events counted once, questions answered."""


for _command in (list_metrics, run, follow, say_ledger):
    insight.add_command(_command)
