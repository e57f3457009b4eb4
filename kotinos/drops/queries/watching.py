"""What the cockpit shows of a drop: its line, its sales, its stock, the last minutes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from kotinos.drops import latency, statements
from kotinos.kernel import rich
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kotinos.drops.contracts import DropView
    from kotinos.drops.statements import PulseStep, PulseSum

WATCHED_SECONDS, WATCHED_SECONDS_MIN, WATCHED_BEFORE = 300, 60, 10
STEP_SECONDS = 2  # One point of a chart.
SETTLING_SECONDS = 1  # Processes write a second when it is over.


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the charts: rates are per second, latencies milliseconds."""

    second: int
    arrivals: float
    admissions: float
    holds: float
    orders: float
    confirmed: float
    refused: float
    p50_ms: float
    p99_ms: float
    units_free: int
    units_held: int


def points(drop: DropView, *, from_second: int, until_second: int, step: int) -> tuple[Point, ...]:
    """The steps of a period without a gap: where nothing was seen, units stay as they were."""
    from_second = from_second // step * step
    found = {
        row.second: row
        for row in rich.read(
            statements.read_pulses,
            drop_id=drop.id,
            from_second=from_second,
            until_second=until_second,
            step=step,
        )
    }
    paid = paid_by_second(drop, from_second=from_second, until_second=until_second, step=step)
    first = next(iter(found.values()), None)
    free, held = (first.units_free, first.units_held) if first else (0, 0)
    series = []
    for second in range(from_second, until_second, step):
        row = found.get(second)
        if row is not None:
            free, held = row.units_free, row.units_held
        point = _point(second, row, step=step, free=free, held=held)
        series.append(replace(point, confirmed=paid.get(second, 0) / step))
    return tuple(series)


def _point(second: int, row: PulseStep | None, *, step: int, free: int, held: int) -> Point:
    if row is None:
        return Point(second, 0, 0, 0, 0, 0, 0, 0, 0, free, held)
    times = latency.merged(row.latency)
    return Point(
        second=second,
        arrivals=row.arrivals / step,
        admissions=row.admissions / step,
        holds=row.holds / step,
        orders=row.orders / step,
        confirmed=0,
        refused=_count(row.refused) / step,
        p50_ms=round(latency.quantile_ms(times, 0.5), 1),
        p99_ms=round(latency.quantile_ms(times, 0.99), 1),
        units_free=free,
        units_held=held,
    )


def paid_by_second(
    drop: DropView, *, from_second: int, until_second: int, step: int = 1
) -> dict[int, int]:
    """Orders whose payment let their units leave, as the ledger of stock has it."""
    return dict(
        rich.read(
            statements.taken_of_drop,
            drop_id=drop.id,
            from_second=from_second,
            until_second=until_second,
            step=step,
        )
    )


def _count(refused: Iterable[Mapping[str, int]]) -> int:
    return sum(sum(each.values()) for each in refused)


def watch(drop: DropView, *, now: datetime) -> dict[str, Any]:
    """Everything the cockpit shows, as plain JSON values; `docs/operations.md` explains it."""
    until = int(now.timestamp()) - SETTLING_SECONDS
    total = rich.read(
        statements.sum_pulses, drop_id=drop.id, opens_second=int(drop.opens_at.timestamp())
    )[0]
    stock = rich.read(statements.stock_of_drop, drop_id=drop.id)
    opens = int(drop.opens_at.timestamp())
    paid = paid_by_second(drop, from_second=opens, until_second=until + STEP_SECONDS)
    series = points(
        drop,
        from_second=_watched_from(total, until),
        until_second=until,
        step=STEP_SECONDS,
    )
    return {
        "slug": drop.slug,
        "phase": drop.phase(now).value,
        "now_ms": int(now.timestamp() * 1000),
        "opens_ms": int(drop.opens_at.timestamp() * 1000),
        "closes_ms": int(drop.closes_at.timestamp() * 1000),
        "room": _room(drop, now),
        "totals": {
            name: getattr(total, name) for name in ("arrivals", "admissions", "holds", "orders")
        }
        | {"confirmed": sum(paid.values())},
        "refused": dict(sorted(total.refused.items(), key=lambda each: -each[1])),
        "stock": [
            {"sku": row.sku, "free": row.free, "held": row.held, "sold": row.sold} for row in stock
        ],
        "units": {name: sum(getattr(row, name) for row in stock) for name in _UNITS},
        "sold_out": bool(stock) and sum(row.free for row in stock) <= 0,
        "step_seconds": STEP_SECONDS,
        "series": [asdict(point) for point in series],
    }


def _watched_from(total: PulseSum, until: int) -> int:
    """Five minutes at the most, one at the least, and not long before anybody came."""
    first = until if total.first_second is None else total.first_second - WATCHED_BEFORE
    return max(until - WATCHED_SECONDS, min(until - WATCHED_SECONDS_MIN, first))


_UNITS = ("free", "held", "sold")


def _room(drop: DropView, now: datetime) -> dict[str, Any]:
    seen = waitingroom.room_view(drop.room_id, now=now)
    if seen is None:  # Rooms long over are not counted any more.
        return {"phase": "over", "line": 0, "inside": 0, "entered": 0, "rate_per_s": 0.0,
                "slow_factor": 1.0, "paused": False}  # fmt: skip
    return {
        "phase": seen.phase.value,
        "line": round(seen.line_people),
        "inside": seen.inside,
        "entered": seen.entered,
        "rate_per_s": round(seen.serving.rate_per_s * seen.serving.slow_factor, 2),
        "slow_factor": seen.serving.slow_factor,
        "paused": seen.serving.paused,
    }
