"""What a drop came to: the figures of its report, the same for page, CSV and command line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from kotinos.drops import latency, models, statements
from kotinos.drops.contracts import ERROR_CODES
from kotinos.drops.queries.watching import Point, paid_by_second, points
from kotinos.kernel import rich
from kotinos.stock import api as stock
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from kotinos.drops.contracts import DropView
    from kotinos.drops.statements import PulseSum, StockLine

STEPS_MAX = 240  # rows of the report's course of time


@dataclass(frozen=True, slots=True)
class Fairness:
    """What can be checked by anybody, and what the ledgers say of the limit."""

    seed_hash: str
    seed: str  # "" until the room opened
    drawn_people: int
    arrived_people: int
    called_people: int
    units_most: int  # that one buyer took
    over_limit: int  # buyers who took more than they may: 0 is the promise


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What was asked of a rehearsal, and what it found."""

    peak_per_s: int
    seconds: int
    ended_at: datetime | None
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about a drop at a moment. Rates are per second, latencies milliseconds."""

    drop: DropView
    at: datetime
    totals: PulseSum
    paid: dict[int, int]  # orders by the second in which their units left
    stock: tuple[StockLine, ...]
    buyers: tuple[tuple[int, int], ...]  # (units, how many buyers took as many)
    sold_out_after: timedelta | None
    p50_ms: float
    p99_ms: float
    errors: int
    fairness: Fairness
    ledger_gap: int
    step_seconds: int
    course: tuple[Point, ...]
    rehearsal: Rehearsed | None

    @property
    def units_sold(self) -> int:
        return sum(line.sold for line in self.stock)

    @property
    def orders_paid(self) -> int:
        return sum(self.paid.values())

    @property
    def units_free(self) -> int:
        return sum(line.free for line in self.stock)

    @property
    def units_held(self) -> int:
        return sum(line.held for line in self.stock)

    @property
    def refusals(self) -> tuple[tuple[str, int], ...]:
        """Refusals by code, the most frequent first."""
        return tuple(sorted(self.totals.refused.items(), key=lambda each: (-each[1], each[0])))


def report(drop: DropView, *, now: datetime) -> Report:
    """The report as of now; of a drop that goes on it is a report so far."""
    opens = int(drop.opens_at.timestamp())
    (total,) = rich.read(statements.sum_pulses, drop_id=drop.id, opens_second=opens)
    buyers = tuple(rich.read(statements.buyers_of_drop, drop_id=drop.id))
    times = latency.merged([total.latency])
    step, course = _course(drop, total)
    return Report(
        drop=drop,
        at=now,
        totals=total,
        paid=paid_by_second(drop, from_second=opens, until_second=int(now.timestamp()) + 1),
        stock=tuple(rich.read(statements.stock_of_drop, drop_id=drop.id)),
        buyers=buyers,
        sold_out_after=_since(opens, total.sold_out_second),
        p50_ms=round(latency.quantile_ms(times, 0.5), 1),
        p99_ms=round(latency.quantile_ms(times, 0.99), 1),
        errors=sum(Counter(total.refused)[code] for code in ERROR_CODES),
        fairness=_fairness(drop, buyers, now),
        ledger_gap=stock.ledger_gap(),
        step_seconds=step,
        course=course,
        rehearsal=_rehearsed(drop),
    )


def _since(opens: int, second: int | None) -> timedelta | None:
    return None if second is None else timedelta(seconds=max(0, second - opens))


def _course(drop: DropView, total: PulseSum) -> tuple[int, tuple[Point, ...]]:
    if total.first_second is None or total.last_second is None:
        return 1, ()
    span = total.last_second - total.first_second + 1
    step = max(1, -(-span // STEPS_MAX))
    until = total.last_second + 1
    return step, points(drop, from_second=total.first_second, until_second=until, step=step)


def _fairness(drop: DropView, buyers: tuple[tuple[int, int], ...], now: datetime) -> Fairness:
    room = waitingroom.room(drop.room_id)
    seen = waitingroom.room_view(drop.room_id, now=now)
    assert room is not None, drop.slug
    return Fairness(
        seed_hash=room.seed_hash,
        seed=room.seed.hex() if now >= room.opens_at else "",
        drawn_people=round(seen.drawn_people) if seen else 0,
        arrived_people=round(seen.arrived_people) if seen else 0,
        called_people=round(seen.called_people) if seen else 0,
        units_most=max((units for units, _ in buyers), default=0),
        over_limit=sum(count for units, count in buyers if units > drop.units_per_buyer),
    )


def _rehearsed(drop: DropView) -> Rehearsed | None:
    row = models.Rehearsal.objects.filter(drop_id=drop.id).first()
    if row is None:
        return None
    return Rehearsed(row.peak_per_s, row.seconds, row.ended_at, row.result)


Line = tuple[str, str, str]


def lines(found: Report) -> list[Line]:
    """(part, what, value) for every figure, in reading order."""
    total, fair = found.totals, found.fairness
    sold_out = "" if found.sold_out_after is None else f"{found.sold_out_after.total_seconds():.0f}"
    return [
        ("people", "joined the line", str(total.arrivals)),
        ("people", "let in", str(total.admissions)),
        ("sales", "times units were set aside", str(total.holds)),
        ("sales", "orders placed", str(total.orders)),
        ("sales", "orders paid", str(found.orders_paid)),
        ("units", "sold", str(found.units_sold)),
        ("units", "set aside now", str(found.units_held)),
        ("units", "free now", str(found.units_free)),
        ("units", "seconds until sold out", sold_out),
        ("peak in one second", "arrivals", str(total.arrivals_peak)),
        ("peak in one second", "orders", str(total.orders_peak)),
        ("peak in one second", "orders paid", str(max(found.paid.values(), default=0))),
        ("time to answer, ms", "half within", f"{found.p50_ms:g}"),
        ("time to answer, ms", "99 of 100 within", f"{found.p99_ms:g}"),
        *(("refused", code, str(count)) for code, count in found.refusals),
        *(("buyers who took", f"{units} units", str(count)) for units, count in found.buyers),
        ("fairness", "hash of the draw's seed", fair.seed_hash),
        ("fairness", "seed of the draw", fair.seed),
        ("fairness", "people in the draw, about", str(fair.drawn_people)),
        ("fairness", "people who came later, about", str(fair.arrived_people)),
        ("fairness", "most units of one buyer", str(fair.units_most)),
        ("fairness", "buyers above the limit", str(fair.over_limit)),
        ("proof", "units by which counters and ledgers differ", str(found.ledger_gap)),
        *_rehearsal_lines(found.rehearsal),
    ]


def _rehearsal_lines(rehearsed: Rehearsed | None) -> list[Line]:
    if rehearsed is None:
        return []
    asked = f"{rehearsed.peak_per_s} people a second at the peak, {rehearsed.seconds} s"
    rows = [("rehearsal", "asked for", asked)]
    for name, value in rehearsed.result.items():
        rows.append(("rehearsal", name.replace("_", " "), _text(value)))
    return rows


def _text(value: object) -> str:
    match value:
        case list():
            return "; ".join(str(each) for each in value)
        case dict():
            return ", ".join(f"{name} {count}" for name, count in value.items())
        case _:
            return str(value)


def course_rows(found: Report) -> list[list[str]]:
    """The course of time for a CSV file: a moment and what was seen each second then."""
    names = ("arrivals", "admissions", "holds", "orders", "confirmed", "refused", "p50_ms",
             "p99_ms", "units_free", "units_held")  # fmt: skip
    rows = [["utc", *names]]
    for point in found.course:
        at = datetime.fromtimestamp(point.second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows.append([at, *(f"{getattr(point, name):g}" for name in names)])
    return rows
