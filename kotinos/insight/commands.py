"""`kotinos insight ...`: the lake from the command line. Each module of `words` brings some."""

from __future__ import annotations

import click

from kotinos.insight.words.asking import list_metrics, run
from kotinos.insight.words.checking import check
from kotinos.insight.words.collecting import follow, say_ledger
from kotinos.insight.words.dictionary import dictionary
from kotinos.insight.words.generating import generate
from kotinos.insight.words.leaving import aggregates, hand_over
from kotinos.insight.words.privacy import drop_key, erase, expire


@click.group()
def insight() -> None:
    """Events counted once, questions answered."""


for _command in (
    list_metrics,
    run,
    generate,
    follow,
    say_ledger,
    check,
    dictionary,
    erase,
    drop_key,
    expire,
    aggregates,
    hand_over,
):
    insight.add_command(_command)
