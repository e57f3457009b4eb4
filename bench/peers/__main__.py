"""`python -m bench.peers [--seconds 20]`: a table for people, then one JSON line."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from bench import peers

FOLDER = Path(__file__).parents[2] / ".bench"


@click.command()
@click.option("--seconds", default=20.0, show_default=True, help="How long each peer is measured")
def main(*, seconds: float) -> None:
    """Complete anonymous orders a second of one hot product, on this machine, now."""
    measured = peers.measure(FOLDER, seconds)
    click.echo(f"{'peer':<10}  {'orders/s':>10}  {'CPU ms an order':>16}")
    for name, figures in measured.items():
        click.echo(f"{name:<10}  {figures.orders_per_s:>10.2f}  {figures.cpu_ms_per_order:>16.0f}")
    click.echo(json.dumps({name: asdict(figures) for name, figures in measured.items()}))


main()
