"""`kotinos insight ...`: the lake from the command line."""

from __future__ import annotations

import click


@click.group()
def insight() -> None:
    """Events counted once, questions answered."""
