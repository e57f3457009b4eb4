"""A rehearsal from its first guest to its verdict."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.drops import api as drops
from kotinos.kernel import clock, rich
from kotinos.kernel.environment import environment
from kotinos.ops.rehearsal.people import Guest, Stage
from kotinos.ops.rehearsal.verdict import verdict
from kotinos.ops.rehearsal.wire import Wire, settled
from kotinos.orders import api as orders
from kotinos.orders.statements import read_quotes

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from kotinos.drops.contracts import DropView

CONNECTIONS_MAX = 64
PEOPLE_MAX = 20_000
PATIENCE_SECONDS = 10.0  # after the last arrival
SETTLING_SECONDS = 3.0  # ticks write what was counted
SEED = 1998
PERSON = {"name": "Rehearsal", "line1": "1 Rehearsal Road", "city": "Nowhere"}
ADDRESSES = {
    "AU": {"region": "NSW", "postal_code": "2000"},
    "BR": {"region": "SP", "postal_code": "01000-000", "district": "Centro"},
    "CA": {"region": "ON", "postal_code": "K1A 0B1"},
    "DE": {"postal_code": "10115"},
    "ES": {"region": "Madrid", "postal_code": "28001"},
    "FR": {"postal_code": "75002"},
    "GB": {"postal_code": "SW1A 1AA"},
    "IN": {"region": "Delhi", "postal_code": "110001"},
    "JP": {"region": "Tokyo", "postal_code": "154-0023"},
    "KE": {"postal_code": "00100"},
    "KR": {"region": "Seoul", "postal_code": "04524"},
    "MX": {"region": "CMX", "postal_code": "06000"},
    "NZ": {"postal_code": "6011"},
    "US": {"region": "NV", "postal_code": "89501"},
    "ZA": {"region": "WC", "postal_code": "8001"},
}
"""One address in each territory that a rehearsal sends to."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the guests met; `late_s` is how far the player itself fell behind its plan."""

    counts: Counter[str]
    refused: Counter[str]
    statuses: Counter[int]
    requests: int
    seconds: float
    late_s: float


def rehearse(drop: DropView, *, address: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Play a rehearsal that was made, write down what it found, and return it.

    Raises NotHereError where the address is not on this machine.
    """
    wire = Wire(address, host=environment().hosts[0], connections_max=CONNECTIONS_MAX)
    before = units(drop)
    orders.fix_quotes(drop_id=drop.id, now=clock.now())
    choices = choices_of(drop)
    if not choices:
        result: dict[str, Any] = {
            "passed": False,
            "verdict": ["Nothing could be rehearsed: no price and clearance where it would ship."],
        }
    else:
        say(f"{drop.slug}: {sum(before)} units, {len(choices)} territories, opens {drop.opens_at}")
        size = drops.rehearsal_size(drop.id)
        played = asyncio.run(_play(drop, size, wire, choices, say))
        _wait_for_units(drop)
        result = verdict(drop, played, units_before=sum(before))
    drops.end_rehearsal(drop_id=drop.id, result=result, now=clock.now())
    return result


def _wait_for_units(drop: DropView) -> None:
    """Until nothing is held any more, or everybody's time to pay is over; then a tick or two."""
    for _ in range(drop.hold_seconds):
        if units(drop)[1] == 0:
            break
        time.sleep(1)
    time.sleep(SETTLING_SECONDS)


def units(drop: DropView) -> tuple[int, int]:
    """Units free and held on the rehearsal's shelves."""
    found = drops.free_units(drop.id).values()
    return sum(free for free, _ in found), sum(held for _, held in found)


def choices_of(drop: DropView) -> dict[str, list[UUID]]:
    """What can be bought where, of the territories a rehearsal has an address in."""
    choices: dict[str, list[UUID]] = {}
    for quote in rich.read(read_quotes, drop=drop.id):
        if quote.territory in ADDRESSES:
            choices.setdefault(quote.territory, []).append(quote.variant_id)
    places = {variant.id: place for place, variant in enumerate(drop.variants)}
    return {code: sorted(found, key=places.__getitem__) for code, found in choices.items()}


async def _play(
    drop: DropView,
    size: drops.RehearsalSize,
    wire: Wire,
    choices: dict[str, list[UUID]],
    say: Callable[[str], None],
) -> Played:
    loop = asyncio.get_running_loop()
    started, lead_s = loop.time(), (drop.opens_at - clock.now()).total_seconds()
    length = max(0.0, lead_s) + size.seconds
    stage = Stage(
        wire=wire,
        drop=drop,
        choices=choices,
        addresses={code: PERSON | ADDRESSES[code] for code in choices},
        ends_at=started + length + PATIENCE_SECONDS,
    )
    rng, late_s, tasks = random.Random(SEED), 0.0, set()  # noqa: S311 - guests' habits, no secret
    moments = drops.arrivals(peak_per_s=size.peak_per_s, seconds=length)[:PEOPLE_MAX]
    for number, moment in enumerate(moments):
        await asyncio.sleep(started + moment - loop.time())
        late_s = max(late_s, loop.time() - started - moment)
        guest = Guest(stage, random.Random(rng.random()))  # noqa: S311 - as above
        tasks.add(asyncio.create_task(guest.live()))
        if number % 200 == 0:
            say(f"  {number} of {len(moments)} came, {stage.counts['paid']} paid")
    await settled(tasks)
    seconds = loop.time() - started
    say(f"  all came, {stage.counts['paid']} paid; waiting for units that were not paid for")
    await wire.close()
    statuses: Counter[int] = Counter()
    for each in wire.statuses.values():
        statuses.update(each)
    return Played(stage.counts, stage.refused, statuses, statuses.total(), seconds, late_s)
