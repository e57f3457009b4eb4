"""`bin/bench NAME [--json] [--full]`: a table for people, or one JSON object as the last line."""

from __future__ import annotations

import json
from importlib import import_module

import click

NAMES = {
    "channel": "bench.channel",
    "collect": "bench.collect",
    "drops": "bench.drops",
    "insight-chaos": "bench.insight_chaos",
    "dashboards": "bench.dashboards",
    "drops-chaos": "bench.drops_chaos",
    "rights": "bench.rights",
    "storefront": "bench.storefront",
    "import": "bench.import_",
    "queries": "bench.queries",
    "waitingroom": "bench.waitingroom",
}


@click.command()
@click.argument("name", type=click.Choice(sorted(NAMES)))
@click.option("--json", "as_json", is_flag=True, help="One JSON object as the last line")
@click.option("--full", is_flag=True, help="The long form: more cases, larger data")
def main(*, name: str, as_json: bool, full: bool) -> None:
    """Measure one of the promises, on this machine, now."""
    bench = import_module(NAMES[name])
    figures = bench.main(full=full)
    if as_json:
        click.echo(json.dumps(figures))
        return
    if hasattr(bench, "show"):
        bench.show(figures)
        return
    width = max(len(key) for key in figures)
    for key, value in figures.items():
        shown = f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"
        click.echo(f"{key:<{width}}  {shown:>14}")


main()
