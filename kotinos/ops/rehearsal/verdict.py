"""Whether a rehearsal held: what the guests were told against what the ledgers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.drops import api as drops
from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kotinos.drops.api import Report
    from kotinos.drops.contracts import DropView
    from kotinos.ops.rehearsal.play import Played

P99_MS_MAX = 300.0
LATE_SECONDS_MAX = 1.0
SERVER_ERROR = 500
BUSY = 503


def verdict(drop: DropView, played: Played, *, units_before: int) -> dict[str, Any]:
    """Every promise with what was found; `passed` where all were kept. Plain JSON values."""
    found = drops.report(drop, now=clock.now())
    checks = list(_checks(found, played, units_before))
    errors = _errors(played)
    return {
        "passed": all(held for held, _ in checks),
        "verdict": [f"{'✓' if held else '✗'} {sentence}" for held, sentence in checks],
        "guests": dict(sorted(played.counts.items())),
        "told_no": dict(sorted(played.refused.items())),
        "requests": played.requests,
        "requests_per_s": round(played.requests / max(played.seconds, 1e-9), 1),
        "broken_or_5xx": errors,
        "player_late_s": round(played.late_s, 2),
    }


def _why_not(unpaid: int) -> str:
    if unpaid and not environment().sandbox_payments:
        return ": this installation takes none from the sandbox (KOTINOS_SANDBOX_PAYMENTS)"
    return ""


def _errors(played: Played) -> int:
    return sum(
        count
        for status, count in played.statuses.items()
        if status == 0 or (status >= SERVER_ERROR and status != BUSY)
    )


def _checks(found: Report, played: Played, units_before: int) -> Iterator[tuple[bool, str]]:
    accounted = found.units_sold + found.units_free + found.units_held
    yield (
        accounted == units_before and found.units_sold == played.counts["units paid"],
        (
            f"Units: {units_before} before; {found.units_sold} sold, {found.units_free} free and "
            f"{found.units_held} held after; guests paid for {played.counts['units paid']}."
        ),
    )
    yield found.ledger_gap == 0, f"Counters and ledgers differ by {found.ledger_gap} units."
    yield (
        found.units_held == 0,
        f"{found.units_held} units are still held after everybody's time to pay was over.",
    )
    yield (
        found.totals.orders == played.counts["ordered"]
        and found.orders_paid == played.counts["paid"],
        (
            f"Orders: guests were told of {played.counts['ordered']} placed and "
            f"{played.counts['paid']} paid; written down are {found.totals.orders} and "
            f"{found.orders_paid}."
        ),
    )
    yield (
        found.fairness.over_limit == 0,
        f"{found.fairness.over_limit} buyers took more than {found.drop.units_per_buyer} units.",
    )
    yield (
        played.counts["ordered"] > 0,
        f"{played.counts['ordered']} orders by {played.counts['joined']} people in the line.",
    )
    yield from _conduct(found, played)


def _conduct(found: Report, played: Played) -> Iterator[tuple[bool, str]]:
    """How it went: payments taken, nothing broken, in time, and the player no bottleneck."""
    unpaid = played.counts["payment refused"]
    yield (
        unpaid == 0,
        f"{unpaid} payments were not taken{_why_not(unpaid)}.",
    )
    errors = _errors(played)
    yield errors == 0, f"{errors} of {played.requests} requests broke or met a fault."
    yield (
        found.p99_ms <= P99_MS_MAX,
        f"99 of 100 writes were answered within {found.p99_ms:g} ms (at most {P99_MS_MAX:g}).",
    )
    yield (
        played.late_s <= LATE_SECONDS_MAX,
        (
            f"The player kept within {played.late_s:.1f} s of its plan (at most "
            f"{LATE_SECONDS_MAX:g}); beyond that it measures itself."
        ),
    )
