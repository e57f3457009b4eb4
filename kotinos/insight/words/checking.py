"""`kotinos insight check`: is what is sent to a running Kotinos in the lake a moment later?"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from urllib.request import Request, urlopen
from uuid import uuid4

import click
import pyarrow as pa
import pyarrow.parquet as pq

from kotinos.games import api as games_api
from kotinos.insight.keys import page_key, prepare
from kotinos.insight.lake import ledger, manifest
from kotinos.insight.lake.store import lake
from kotinos.kernel import clock

LAG_SECONDS_MAX = 5.0
FIRST_SECONDS_MAX = 60.0  # of the first event after a start: the follower may just be beginning
LOOK_SECONDS = 0.1
REQUEST_SECONDS_MAX = 15
AGENT = "kotinos-check (a monitor)"  # counted as a robot: no visitor of anybody's numbers


@click.command()
@click.argument("address")
def check(address: str) -> None:
    """Send an event to ADDRESS as our own pages do, and see it in the ledger and the lake.

    Exit 1 where it takes more than five seconds, or an event is missing from the ledger.
    """
    editions = games_api.editions()
    if not editions:
        raise click.ClickException("there is no edition to send an event for")
    edition = editions[0].code
    prepare(now=clock.now())
    _send_and_find(address, edition, seconds_max=FIRST_SECONDS_MAX)
    before = ledger.balance(edition=edition).accepted
    lag_s = _send_and_find(address, edition, seconds_max=LAG_SECONDS_MAX)
    found = ledger.balance(edition=edition)
    if found.accepted <= before or not found.is_even:
        raise click.ClickException(f"the ledger does not know of it: {found}")
    click.echo(f"an event of {edition} was in the ledger and in the lake after {lag_s:.1f} s")


def _send_and_find(address: str, edition: str, *, seconds_max: float) -> float:
    """Seconds from the answer until the row is in a file that counts."""
    known = {file.id for file in _files(edition)}
    identity = str(uuid4())
    _send(f"{address}/v1/track", edition, identity)
    sent = time.monotonic()
    while time.monotonic() - sent <= seconds_max:
        for file in _files(edition):
            if file.id not in known and identity in _ids(file.key):
                return time.monotonic() - sent
            known.add(file.id)
        time.sleep(LOOK_SECONDS)
    raise click.ClickException(f"an event was not in the lake after {seconds_max:.0f} s")


def _send(address: str, edition: str, identity: str) -> None:
    message = {
        "writeKey": page_key(edition),
        "messageId": identity,
        "anonymousId": identity,
        "event": "Kotinos Checked",
    }
    request = Request(  # noqa: S310 - the address is the caller's own
        address,
        json.dumps(message).encode(),
        {"Content-Type": "application/json", "User-Agent": AGENT},
    )
    try:
        urlopen(request, timeout=REQUEST_SECONDS_MAX).close()  # noqa: S310 - the same
    except OSError as error:
        raise click.ClickException(f"{address}: {error}") from error


def _files(edition: str) -> list[manifest.FileRow]:
    yesterday = (clock.now() - timedelta(days=1)).date()
    return manifest.current(table="events", edition=edition, since=yesterday)


def _ids(key: str) -> list[str]:
    """The ids in a file; none where it was merged into another just now."""
    try:
        data = lake().read(key)
    except FileNotFoundError:
        return []
    found: list[str] = pq.read_table(pa.BufferReader(data), columns=["id"])["id"].to_pylist()
    return found
