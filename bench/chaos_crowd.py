"""A crowd that buys without pause while things die around it, and remembers what it was told.

Whoever gets no answer, or is told to come back, sends the same key again, to any server: that is
what a browser and a bank do. What was acknowledged is what the truth is compared with.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from bench.chaos_buyer import BROKEN, Answer, Buyer, Wire
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from bench.drop_world import HotOffer

    Asked = Callable[[Wire], Answer]
    Asking = Callable[[Asked], Answer]

WAIT_SECONDS = 0.05
FINISH_SECONDS_MAX = 60.0
COME_BACK = {BROKEN, 503}
# All a buyer may hear when nothing is wrong with the wish; anything else is a wrong refusal.
RIGHTLY_REFUSED = {"sold-out", "short", "hold-over"}


class Fate(Enum):
    """What a buyer does in the end."""

    PAYS = "pays"
    IS_TOLD_TWICE = "is told twice"  # the bank sends its notice again
    LEAVES = "leaves"  # an order that is never paid for
    ONLY_HOLDS = "only holds"
    GIVES_BACK = "gives back"
    PAYS_LATE = "pays late"  # when the hold is over


# How many of a hundred do it.
FATES = {
    Fate.PAYS: 62,
    Fate.IS_TOLD_TWICE: 8,
    Fate.LEAVES: 14,
    Fate.ONLY_HOLDS: 6,
    Fate.GIVES_BACK: 6,
    Fate.PAYS_LATE: 4,
}


@dataclass(slots=True)
class Told:
    """What the crowd was told, and may rely on."""

    orders: dict[UUID, tuple[str, int]] = field(default_factory=dict)  # number and units
    in_time: set[UUID] = field(default_factory=set)  # paid, and heard so before the hold's end
    paid: set[UUID] = field(default_factory=set)
    given_back: set[UUID] = field(default_factory=set)
    changed: dict[UUID, str] = field(default_factory=dict)  # a repeat was told something else
    refusals: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    came_back: int = 0

    def snapshot(self) -> Told:
        """What is known by now; sets and dictionaries are copied in one step each."""
        return Told(
            self.orders.copy(),
            self.in_time.copy(),
            self.paid.copy(),
            self.given_back.copy(),
            self.changed.copy(),
            self.refusals.copy(),
            self.faults.copy(),
            self.came_back,
        )


class Crowd:
    """So many hands, each one buyer after the other. `limit` is the drop's, for one buyer."""

    def __init__(
        self, offer: HotOffer, ports: Sequence[int], *, hands: int, seed: int, limit: int = 2
    ) -> None:
        self.told = Told()
        self._offer = offer
        self.ports = ports
        self._seed = seed
        self._limit = limit
        self._stop = threading.Event()
        self._all_pay = threading.Event()
        self._hands = [
            threading.Thread(target=self._buy_on, args=(hand,), daemon=True)
            for hand in range(hands)
        ]

    def start(self) -> None:
        for hand in self._hands:
            hand.start()

    def all_pay(self) -> None:
        """From now on everybody pays: what is left is sold."""
        self._all_pay.set()

    def stop(self) -> None:
        """Nobody begins anything new; whoever waits for an answer gives up."""
        self._stop.set()
        for hand in self._hands:
            hand.join(FINISH_SECONDS_MAX)
        if any(hand.is_alive() for hand in self._hands):
            raise RuntimeError("a buyer waits for ever")

    def _buy_on(self, hand: int) -> None:
        chance = random.Random(f"{self._seed}/{hand}")
        wires = [Wire(port) for port in self.ports]
        while not self._stop.is_set():
            (fate,) = chance.choices(list(FATES), list(FATES.values()))
            buyer = Buyer(self._offer, units=chance.randint(1, self._limit))
            buyer.is_first = chance.random() < 0.5
            try:
                fate = Fate.PAYS if self._all_pay.is_set() else fate
                self._live(buyer, fate, lambda do: self._insist(do, wires, chance))
            except _StoppedError:
                break
        for wire in wires:
            wire.close()

    def _live(self, buyer: Buyer, fate: Fate, ask: Asking) -> None:
        if fate in {Fate.ONLY_HOLDS, Fate.GIVES_BACK}:
            self._hold(buyer, ask, gives_back=fate is Fate.GIVES_BACK)
            return
        placed = ask(buyer.order)
        if not self._is_granted(placed):
            return
        self._note_order(buyer, placed)
        hold_until = datetime.fromisoformat(placed.body["hold_until"])
        if fate is Fate.PAYS_LATE:
            self._wait_until(hold_until)
        times = {Fate.LEAVES: 0, Fate.IS_TOLD_TWICE: 2}.get(fate, 1)
        for _ in range(times):
            self._note_payment(buyer, ask(buyer.pay), hold_until)
        if buyer.key.int % 10 == 0:  # a page that is loaded again
            self._note_order(buyer, ask(buyer.order))

    def _hold(self, buyer: Buyer, ask: Asking, *, gives_back: bool) -> None:
        if self._is_granted(ask(buyer.hold)) and gives_back:
            released = ask(buyer.release)
            if released.body.get("units"):
                self.told.given_back.add(buyer.order_id)

    def _insist(self, do: Asked, wires: list[Wire], chance: random.Random) -> Answer:
        """Ask until there is an answer, each time any server; the stop ends that as well."""
        while True:
            answer = do(chance.choice(wires))
            if answer.status not in COME_BACK:
                return answer
            self.told.came_back += 1
            if self._stop.wait(WAIT_SECONDS):
                raise _StoppedError

    def _is_granted(self, answer: Answer) -> bool:
        if answer.is_good:
            return True
        if answer.status == 409 and answer.code in RIGHTLY_REFUSED:
            self.told.refusals[answer.code] += 1
            self._stop.wait(WAIT_SECONDS)
        else:
            self.told.faults[f"{answer.status} {answer.code}".strip()] += 1
        return False

    def _note_order(self, buyer: Buyer, answer: Answer) -> None:
        if not answer.is_good:
            self.told.changed[buyer.order_id] = f"{answer.status} {answer.code}"
            return
        said = answer.body["number"], buyer.units
        if self.told.orders.setdefault(buyer.order_id, said) != said:
            self.told.changed[buyer.order_id] = f"{said}"

    def _note_payment(self, buyer: Buyer, answer: Answer, hold_until: datetime) -> None:
        if not answer.is_good:
            self.told.faults[f"notice {answer.status}"] += 1
            return
        self.told.paid.add(buyer.order_id)
        if clock.now() < hold_until:
            self.told.in_time.add(buyer.order_id)

    def _wait_until(self, moment: datetime) -> None:
        while clock.now() <= moment:
            if self._stop.wait(WAIT_SECONDS):
                raise _StoppedError


class _StoppedError(Exception):
    """The crowd goes home."""


def wait_for(is_so: Callable[[], bool], *, seconds_max: float, what: str) -> float:
    """Seconds until it was so; RuntimeError where it never was."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() > began + seconds_max:
            raise RuntimeError(f"not within {seconds_max} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began
