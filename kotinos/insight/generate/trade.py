"""Sales, refunds, refusals, dead letters: facts follow from visits and do not repeat clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.happenings import ORDERED
from kotinos.insight.generate.world import (
    DAY,
    GOODS,
    REASONS,
    SECOND,
    SPAN,
    Array,
    prices,
)

if TYPE_CHECKING:
    from kotinos.insight.generate.happenings import Events
    from kotinos.insight.generate.visits import Visits

_PAID_SHARE = 0.97  # of completed checkouts; the others' payments fail
_REFUNDED_SHARE = 0.04
_REFUSED_SHARE = 0.07  # of visits


@dataclass(frozen=True, slots=True)
class Sales:
    """One row a line of an order; a refund's lines stand again with negative numbers."""

    at: Array
    order: Array
    position: Array
    place: Array
    noc: Array
    goods: Array
    led: Array
    drop: Array  # 0: the shop
    units: Array
    minor: Array

    @property
    def product(self) -> Array:
        return self.noc * len(GOODS) + self.goods


@dataclass(frozen=True, slots=True)
class Refusals:
    at: Array
    place: Array
    noc: Array
    goods: Array
    reason: Array
    robot: Array
    minor: Array


@dataclass(frozen=True, slots=True)
class Dead:
    """Dead letters: what some program sent and nobody could understand."""

    at: Array
    source: Array
    reason: Array


def dead(events: int, random: np.random.Generator) -> Dead:
    """Return one letter for every 500 events, at any hour."""
    count = events // 500 + 3
    at = np.sort(random.integers(0, SPAN, count))
    sources, reasons = random.integers(0, 2, count), random.integers(0, 3, count)
    return Dead(at, sources, reasons)


def sales(made: Visits, happened: Events, random: np.random.Generator) -> Sales:
    clicks = np.flatnonzero(happened.code == ORDERED)
    clicks = clicks[random.random(len(clicks)) < _PAID_SHARE]
    at = happened.at[clicks] + random.integers(SECOND, 9 * SECOND, len(clicks))
    clicks, at = clicks[at < SPAN], at[at < SPAN]
    visit = happened.visit[clicks]
    lines = random.choice((1, 2, 3), len(clicks), p=(0.65, 0.25, 0.1))
    order = np.repeat(np.arange(len(clicks)), lines)
    position = np.arange(len(order)) - (np.cumsum(lines) - lines)[order]
    whose = visit[order]
    goods = np.where(position == 0, made.goods[whose], random.integers(0, len(GOODS), len(order)))
    units = 1 + (random.random(len(order)) < 0.2)
    sold = Sales(
        at=at[order],
        order=order,
        position=position,
        place=made.place[whose],
        noc=made.noc[whose],
        goods=goods,
        led=np.where(position == 0, made.led[whose], 0),
        drop=_drops(at[order], goods, random),
        units=units,
        minor=units * prices()[goods, made.place[whose]],
    )
    return _in_order(_with_refunds(sold, len(clicks), random))


def _drops(at: Array, goods: Array, random: np.random.Generator) -> Array:
    """Sell most pins of the opening's days in one drop, and shirts of the finals in another."""
    most = random.random(len(at)) < 0.8
    pins = most & (goods == 0) & (at // DAY >= 4) & (at // DAY < 7)
    shirts = most & (goods == 4) & (at // DAY >= 17) & (at // DAY < 20)
    which: Array = pins + 2 * shirts
    return which


def _with_refunds(sold: Sales, orders: int, random: np.random.Generator) -> Sales:
    """Give back whole orders, one to six days later."""
    when = random.integers(DAY, 6 * DAY, orders)
    given = random.random(orders) < _REFUNDED_SHARE
    again = np.flatnonzero(given[sold.order] & (sold.at + when[sold.order] < SPAN))
    both = {
        name: np.concatenate([getattr(sold, name), getattr(sold, name)[again]])
        for name in Sales.__slots__
    }
    back = slice(len(sold.at), None)
    both["at"][back] += when[sold.order[again]]
    both["units"][back] *= -1
    both["minor"][back] *= -1
    return Sales(**both)


def _in_order(sold: Sales) -> Sales:
    order = np.argsort(sold.at, kind="stable")
    return Sales(**{name: getattr(sold, name)[order] for name in Sales.__slots__})


def refusals(made: Visits, random: np.random.Generator) -> Refusals:
    """Refuse some of what visits look at, most often goods of another place's team."""
    foreign = made.noc != made.place + 1
    wanted = np.flatnonzero(random.random(made.count) < _REFUSED_SHARE * (0.4 + foreign))
    at = np.minimum(made.start[wanted] + random.integers(0, 90 * SECOND, len(wanted)), SPAN - 1)
    wanted, at = wanted[np.argsort(at, kind="stable")], np.sort(at, kind="stable")
    goods, place = made.goods[wanted], made.place[wanted]
    return Refusals(
        at=at,
        place=place,
        noc=made.noc[wanted],
        goods=goods,
        reason=random.choice(len(REASONS), len(wanted), p=(0.3, 0.3, 0.1, 0.15, 0.1, 0.05)),
        robot=made.robot[wanted],
        minor=prices()[goods, place],
    )
