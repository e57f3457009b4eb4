"""How many machines a drop needs, as a formula: every line says what is asked and why.

The coefficients were measured (`data/coefficients.json` names the command and the day); what was
only reckoned says so. Machines are those that were measured on: the formula adds up cores.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import ceil
from statistics import fmean
from typing import TYPE_CHECKING

from kotinos.drops.shape import evening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

POLL_SECONDS = 3.0  # how often a waiting page asks for the status document
EDGES = 200  # places of a large CDN: each asks the origin once a second
UNITS_PER_ORDER = 1.3
UNPAID_SHARE = 0.12  # orders whose units go back and are sold again
INSIDE_PER_ORDER = 1.4  # people let in for each order placed: some only look
BUSY_SHARE_MAX = 0.6  # of a core: above that, queues grow faster than rates
TICKS_CORES = 0.1  # what runs whether anybody comes or not
PAGES_PER_VISITOR = 3  # the drop's page and its pictures' page, from any cache


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What one core does, measured. Rates are per second and core of the fast lane."""

    status_per_core_s: float
    joins_per_core_s: float
    pages_per_core_s: float
    order_cpu_ms: float  # fast lane and database together, one complete order
    order_database_cpu_ms: float  # the database's part of it
    orders_per_database_s: float  # the same batched SQL with no HTTP: one hot row's limit
    status_bytes: int
    measured_on: str
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Demand:
    """Who comes for what. `minutes`: until sold out; `joining_minutes`: in which most join."""

    visitors: int
    units: int
    minutes: float = 10.0
    joining_minutes: float = 30.0
    has_cdn: bool = True
    cores_per_machine: int = 2


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what is asked, how much a second, what that costs in cores, and why."""

    what: str
    per_s: float
    fast_cores: float
    database_cores: float
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines and their sum. `limits` says what stands in the way, whatever the machines."""

    needs: tuple[Need, ...]
    fast_machines: int
    database_machines: int
    edge_gbit_s: float
    limits: tuple[str, ...]

    @property
    def machines(self) -> int:
        """One where all of it fits on one, else the sum of both kinds."""
        return 1 if self.fits_one else self.fast_machines + self.database_machines

    @property
    def fits_one(self) -> bool:
        """Fast lane and database together on one machine."""
        return self.fast_machines == 0


@lru_cache(maxsize=1)
def coefficients() -> Coefficients:
    """The measured figures that the package ships."""
    text = (files("kotinos.drops") / "data" / "coefficients.json").read_text(encoding="utf-8")
    return Coefficients(**json.loads(text))


def peak_factor() -> float:
    """How much busier the busiest minute is than the mean one, on a real evening: about 2.4."""
    minutes = evening()
    return max(minutes) / fmean(minutes)


def orders_per_s(demand: Demand) -> float:
    """Orders a second, while they last: units that are not paid for are ordered again."""
    return demand.units / UNITS_PER_ORDER / (1 - UNPAID_SHARE) / (demand.minutes * 60)


def plan(demand: Demand, measured: Coefficients) -> Plan:
    """The machines a demand needs. ValueError where it is none (nobody, nothing, no time)."""
    if min(demand.visitors, demand.units, demand.minutes, demand.joining_minutes) <= 0:
        raise ValueError("visitors, units and minutes are above zero")
    needs = tuple(_needs(demand, measured))
    # Joining and polling come before the sale and beside it; the sum is never too small.
    fast = sum(need.fast_cores for need in needs) / BUSY_SHARE_MAX
    database = sum(need.database_cores for need in needs) / BUSY_SHARE_MAX
    cores = demand.cores_per_machine
    if fast + database <= cores:
        machines = (0, 1)
    else:
        machines = (ceil(fast / cores), max(1, ceil(database / cores)))
    waiting = demand.visitors * measured.status_bytes / POLL_SECONDS
    return Plan(needs, *machines, waiting * 8 / 1e9, tuple(_limits(demand, measured)))


def _needs(demand: Demand, measured: Coefficients) -> Iterator[Need]:
    joins = demand.visitors / (demand.joining_minutes * 60) * peak_factor()
    yield Need(
        "people who join",
        joins,
        joins / measured.joins_per_core_s,
        0.0,
        f"{demand.visitors:,} in {demand.joining_minutes:g} min, {peak_factor():.1f} times the "
        "mean at the peak (World Cup 1998); no row each",
    )
    asked = demand.visitors / POLL_SECONDS
    origin = min(asked, EDGES) if demand.has_cdn else asked
    kept = f"a CDN's {EDGES} places ask once a second each" if demand.has_cdn else "no CDN"
    yield Need(
        "status documents",
        origin,
        origin / measured.status_per_core_s,
        0.0,
        f"{asked:,.0f} a second by {demand.visitors:,} pages every {POLL_SECONDS:g} s; {kept}",
    )
    pages = demand.visitors * PAGES_PER_VISITOR / (demand.joining_minutes * 60) * peak_factor()
    origin = min(pages, EDGES * PAGES_PER_VISITOR / 60) if demand.has_cdn else pages
    yield Need(
        "pages",
        origin,
        origin / measured.pages_per_core_s,
        0.0,
        f"{pages:,.0f} a second, the same for all of a place; {kept.replace('second', 'minute')}",
    )
    yield from _sale(demand, measured)
    yield Need(
        "ticks and jobs",
        0.0,
        TICKS_CORES,
        TICKS_CORES,
        "reckoned: reading rooms, drops and quotes twice a second, the worker, the outbox",
    )


def _sale(demand: Demand, measured: Coefficients) -> Iterator[Need]:
    orders = orders_per_s(demand)
    inside = orders * INSIDE_PER_ORDER
    yield Need(
        "people let in",
        inside,
        inside / measured.joins_per_core_s,
        0.0,
        f"{INSIDE_PER_ORDER:g} for each order: the room lets in no more than there is stock for",
    )
    fast_ms = measured.order_cpu_ms - measured.order_database_cpu_ms
    yield Need(
        "orders, paid",
        orders,
        orders * fast_ms / 1000,
        orders * measured.order_database_cpu_ms / 1000,
        f"{demand.units:,} units, {UNITS_PER_ORDER:g} an order, {UNPAID_SHARE:.0%} not paid and "
        f"sold again, in {demand.minutes:g} min; {measured.order_cpu_ms:g} ms of CPU each",
    )


def _limits(demand: Demand, measured: Coefficients) -> Iterator[str]:
    orders, most = orders_per_s(demand), measured.orders_per_database_s
    if orders > most * BUSY_SHARE_MAX:
        fastest = demand.minutes * orders / (most * BUSY_SHARE_MAX)
        yield (
            f"One hot row takes {most:,.0f} orders a second at the most: give it "
            f"{ceil(fastest)} minutes, or spread the units over several variants and "
            "partition orders by offer."
        )
    if not demand.has_cdn:
        yield "Without a CDN every poll is ours, and so is the network that carries them."
    chance = min(1.0, demand.units / UNITS_PER_ORDER / demand.visitors)
    yield f"{chance:.2%} of those who come can buy; all others should be told so early."


def lines(demand: Demand, measured: Coefficients) -> list[str]:
    """The plan in words, line by line."""
    found = plan(demand, measured)
    rows = [f"{'what':<18} {'a second':>12} {'fast cores':>11} {'db cores':>9}  why"]
    rows += [
        f"{need.what:<18} {need.per_s:>12,.1f} {need.fast_cores:>11.2f} "
        f"{need.database_cores:>9.2f}  {need.why}"
        for need in found.needs
    ]
    rows += ["", _cores(found), _machines(found, demand)]
    where = "At the CDN's edge" if demand.has_cdn else "Out of our own network"
    rows.append(
        f"{where}: {found.edge_gbit_s:,.1f} Gbit/s of status documents "
        f"({measured.status_bytes} bytes each, without headers)."
    )
    rows += found.limits
    rows += ["", f"Measured on {measured.measured_on}:"]
    rows += [f"  {what}: {command}" for what, command in measured.commands.items()]
    rows.append("Reckoned, not measured here: the CDN, ticks and jobs, more than one machine.")
    return rows


def _cores(found: Plan) -> str:
    fast = sum(need.fast_cores for need in found.needs)
    database = sum(need.database_cores for need in found.needs)
    return (
        f"Busy cores: {fast:.2f} of the fast lane, one process each, and {database:.2f} of "
        f"PostgreSQL; with {1 - BUSY_SHARE_MAX:.0%} kept free: {fast / BUSY_SHARE_MAX:.2f} and "
        f"{database / BUSY_SHARE_MAX:.2f}."
    )


def _machines(found: Plan, demand: Demand) -> str:
    of = f"of {demand.cores_per_machine} cores, at most {BUSY_SHARE_MAX:.0%} busy"
    if found.fits_one:
        return f"Machines needed: 1 {of}; fast lane and database fit on it."
    return (
        f"Machines needed: {found.machines} {of}: {found.fast_machines} for the fast lane, "
        f"{found.database_machines} for PostgreSQL."
    )
