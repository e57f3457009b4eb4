"""Measures the collector and the follower: events per CPU-second, beside FastAPI and pydantic.

The figures promised (issue 5): >= 150,000 events per CPU-second acknowledged after fdatasync, at
least 5 times the FastAPI + pydantic collector of the same contract in the same run; compaction
>= 100,000 events per CPU-second; p99 <= 50 ms at half load; memory flat. Batches of 100 events
come from a light client in this process, 48 at once; what it uses is not counted, what the server
and its worker use is. Both collectors run in turn, so that both meet the same machine.

The promise names no size of an event, so there are two: those of a server's SDK, and those of a
page's (`page_...`), which are twice as long.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import collect_load, collect_world
from bench.light import converse
from bench.peers import collector as peer
from bench.peers.load import PeerError
from bench.serving import cpu_seconds, server
from bench.shop import temporary_shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.collect_load import Shape
    from bench.light import Outcome

ROUNDS, ROUNDS_FULL = 3, 9
ROUND_SECONDS, ROUND_SECONDS_FULL = 2.0, 4.0
HALF_SECONDS, HALF_SECONDS_FULL = 8.0, 60.0
IN_FLIGHT = 48
PORT, PEER_PORT = 8971, 8972
QUIET_SHARE = 0.08  # of a core: what a follower with nothing to do may use
PEERS = Path(__file__).parents[1] / ".bench"

Figures = dict[str, float | int | None]
SHAPES: tuple[Shape, ...] = ("server", "page")


@dataclass(slots=True)
class Side:
    """One collector: where it listens, and what it did for what, by the shape of the events."""

    port: int
    pid: int
    key: str
    made: dict[Shape, list[bytes]]
    first: int = 0
    per_cpu_s: dict[Shape, list[float]] = field(default_factory=dict)
    per_s: dict[Shape, list[float]] = field(default_factory=dict)
    rss_mb: list[float] = field(default_factory=list)

    def requests(self, shape: Shape) -> Iterator[list[bytes]]:
        """Requests without end, none of whose events was sent before."""
        return collect_load.requests(self.made[shape], self.key, first=self.first)

    def round(self, shape: Shape, seconds: float) -> None:
        """As much as it takes, for so long; RuntimeError where anything was refused."""
        requests, cpu = self.requests(shape), cpu_seconds(self.pid)
        outcome = converse(self.port, requests, in_flight=IN_FLIGHT, seconds_max=seconds)
        cpu = cpu_seconds(self.pid) - cpu
        events = _events(outcome)
        self.first += sum(outcome.statuses.values()) + IN_FLIGHT
        self.per_cpu_s.setdefault(shape, []).append(events / cpu)
        self.per_s.setdefault(shape, []).append(events / outcome.seconds)
        self.rss_mb.append(_rss_mb(self.pid))

    def said(self, name: str) -> str:
        """For people: rounds and memory after each."""
        lines = [f"{name}, MB after each round {', '.join(f'{each:.0f}' for each in self.rss_mb)}"]
        for shape, rates in self.per_cpu_s.items():
            shown = ", ".join(f"{rate:,.0f}" for rate in rates)
            lines.append(f"  events of a {shape}, per CPU-second: {shown}")
        return "\n".join(lines)


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Every figure; None for the peer where it cannot be installed."""
    with temporary_shop(durable=True) as folder:
        key = collect_world.prepare()
        made = {shape: collect_load.bodies(key, shape) for shape in SHAPES}
        for shape, bodies in made.items():
            size = sum(map(len, bodies)) / len(bodies) / collect_load.EVENTS
            print(f"an event of a {shape}: {size:.0f} bytes", file=sys.stderr)
        with server("config.asgi:application", PORT) as process:
            ours = Side(PORT, process.pid, key, made)
            theirs = _rounds(ours, folder, full=full)
            p99_ms = _half_load(ours, seconds=HALF_SECONDS_FULL if full else HALF_SECONDS)
            ours.rss_mb.append(_rss_mb(ours.pid))
        print(ours.said("Kotinos"), file=sys.stderr)
        compacted = _compaction(folder / "insight" / "log")
    return {
        "events_per_cpu_s": _median(ours, "server"),
        "fastapi_events_per_cpu_s": _median(theirs, "server"),
        "page_events_per_cpu_s": _median(ours, "page"),
        "page_fastapi_events_per_cpu_s": _median(theirs, "page"),
        "compact_events_per_cpu_s": round(compacted),
        "p99_ms": round(p99_ms, 1),
        "rss_mb": round(max(ours.rss_mb)),
    }


def _median(side: Side | None, shape: Shape) -> int | None:
    return round(median(side.per_cpu_s[shape])) if side else None


def _rounds(ours: Side, folder: Path, *, full: bool) -> Side | None:
    """Ours and the peer's in turn; one round before them counts for neither."""
    rounds = ROUNDS_FULL if full else ROUNDS
    seconds = ROUND_SECONDS_FULL if full else ROUND_SECONDS
    with _peer(folder, ours) as theirs:
        sides = [ours, theirs] if theirs else [ours]
        for number in range(1 + rounds):
            for shape in SHAPES:
                for side in sides:
                    side.round(shape, seconds)
                    if not number:
                        side.per_cpu_s.clear()
        if theirs:
            print(theirs.said("FastAPI + pydantic"), file=sys.stderr)
        return theirs


@contextmanager
def _peer(folder: Path, ours: Side) -> Iterator[Side | None]:
    try:
        with peer.serving(PEERS, data=folder, key=ours.key, port=PEER_PORT) as number:
            yield Side(PEER_PORT, number, ours.key, ours.made)
    except PeerError as error:
        print(f"FastAPI was not measured: {error}", file=sys.stderr)
        yield None


def _half_load(side: Side, *, seconds: float) -> float:
    """Milliseconds that 99 of 100 batches were answered within, at half of what it can take."""
    per_s = median(side.per_s["page"]) / collect_load.EVENTS / 2
    waits = sorted(
        collect_load.paced(side.port, side.requests("page"), per_s=per_s, seconds=seconds)
    )
    side.first += len(waits) + IN_FLIGHT
    print(f"half load: {per_s * collect_load.EVENTS:,.0f} events/s", file=sys.stderr)
    return waits[int(0.99 * len(waits))] * 1000


def _compaction(log: Path) -> float:
    """Events per CPU-second of the follower that brings all of it into the lake.

    It begins with an empty log, so that its start is not counted.
    """
    aside = log.with_name("aside")
    log.rename(aside)
    log.mkdir()
    with collect_world.following() as process:
        _quiet(process.pid)
        before, began = cpu_seconds(process.pid), time.monotonic()
        for path in aside.iterdir():
            path.rename(log / path.name)
        collect_world.wait_until_taken()
        cpu, wall = cpu_seconds(process.pid) - before, time.monotonic() - began
    found = collect_world.balance()
    if not found.is_even or found.duplicates or not found.queryable:
        raise RuntimeError(f"the ledger is not as it should be: {found}")
    print(f"{found.queryable:,} events into the lake in {wall:.1f} s", file=sys.stderr)
    return found.queryable / cpu


def _quiet(pid: int) -> None:
    """Until the process has nothing to do."""
    for _ in count():
        before = cpu_seconds(pid)
        time.sleep(1.0)
        if before and cpu_seconds(pid) - before <= QUIET_SHARE:
            return


def _events(outcome: Outcome) -> int:
    bad = {status for _, status in outcome.statuses if status != 200}
    if bad or outcome.broken:
        raise RuntimeError(f"refused with {bad}, {outcome.broken} connections broken")
    return outcome.done * collect_load.EVENTS


def _rss_mb(pid: int) -> float:
    """The resident memory of the largest process of this one's family: the worker."""
    found = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue
        if int(fields["Pid"]) == pid or int(fields["PPid"]) == pid:
            found.append(int(fields.get("VmRSS", "0").split()[0]))
    return max(found) / 1000
