"""The people of a rehearsal: each joins, waits, is let in, chooses, orders and mostly pays.

What they do is what a browser does, with the same requests; how fast they think is drawn from a
seed, so that a rehearsal can be had again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from kotinos.kernel import clock
from kotinos.kernel.money import Money
from kotinos.orders.fast import HoldWish, intent_id_of, order_id_of
from kotinos.payments.contracts import Notice, NoticeKind
from kotinos.payments.fast import SANDBOX, signed_headers, write_notice
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from kotinos.drops.contracts import DropView
    from kotinos.ops.rehearsal.wire import Answer, Wire

POLL_SECONDS = 3.0
THINK_SECONDS = (0.5, 3.0)
LEAVES_SHARE = 0.08  # joined, and never came back
HOLDS_SHARE = 0.7  # sets units aside before the form is filled in
PAYS_SHARE = 0.88  # the others' units go back when their time is over
ADMISSION_HEADER = "Kotinos_Admission"


@dataclass(slots=True)
class Stage:
    """What everybody in a rehearsal shares."""

    wire: Wire
    drop: DropView
    choices: Mapping[str, Sequence[UUID]]  # variants by territory
    addresses: Mapping[str, Mapping[str, str]]
    ends_at: float  # on the loop's clock: who still waits then goes home
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Guest:
    """One person. `identity` and `ticket` are the room's, `admission` opens the sale."""

    stage: Stage
    rng: random.Random
    identity: str = ""
    ticket: str = ""
    joined_ms: int = 0
    admission: str = ""

    async def live(self) -> None:
        """From coming to leaving."""
        if not await self._join():
            self.stage.counts["could not join"] += 1
            return
        self.stage.counts["joined"] += 1
        if self.rng.random() < LEAVES_SHARE:
            self.stage.counts["left the line"] += 1
            return
        if not await self._wait():
            self.stage.counts["went home waiting"] += 1
            return
        self.stage.counts["let in"] += 1
        await self._buy()

    def _room(self, part: str) -> str:
        return f"/fast/rooms/{self.stage.drop.room_id}/{part}"

    async def _join(self) -> bool:
        asked = (await self.stage.wire.post("challenge", self._room("challenge"), {})).json()
        if "challenge" not in asked:
            return False
        nonce = solved(asked["challenge"], asked["bits"])
        proof = {"challenge": asked["challenge"], "nonce": nonce}
        answer = await self.stage.wire.post("join", self._room("join"), proof)
        given = answer.json()
        if answer.status >= 300 or "ticket" not in given:  # noqa: PLR2004 - not a success
            return False
        self.ticket, self.identity = given["ticket"], given["identity"]
        self.joined_ms = given["joined_ms"]
        return True

    async def _wait(self) -> bool:
        """Poll as a page does, and ask to be let in when the document says so."""
        loop = asyncio.get_running_loop()
        while loop.time() < self.stage.ends_at:
            await asyncio.sleep(self.rng.uniform(0.7, 1.3) * POLL_SECONDS)
            status = (await self.stage.wire.get("status", self._room("status"))).json()
            if status.get("phase") == "over":
                return False
            if status.get("seed") and self._is_served(status):
                body = {"ticket": self.ticket}
                answer = await self.stage.wire.post("admission", self._room("admission"), body)
                self.admission = answer.json().get("admission", "")
                if self.admission:
                    return True
        return False

    def _is_served(self, status: Mapping[str, object]) -> bool:
        if self.joined_ms >= int(str(status["opens_ms"])):
            return self.joined_ms < int(str(status["arrived_upto_ms"]))
        rank = waitingroom.rank(seed=bytes.fromhex(str(status["seed"])), identity=self.identity)
        return rank < int(str(status["drawn_upto"]))

    async def _buy(self) -> None:
        territory = self.rng.choice(list(self.stage.choices))
        variants = self.stage.choices[territory]
        # The first sizes are wanted most.
        weights = [1 / (place + 1) for place in range(len(variants))]
        for variant in self.rng.choices(variants, weights, k=2):
            answer = await self._order(variant, territory)
            if answer.status in {200, 201}:
                return
            if answer.status not in {409, 0}:
                break
        self.stage.counts["left without"] += 1

    async def _order(self, variant: UUID, territory: str) -> Answer:
        key, units = uuid4(), self.rng.randint(1, self.stage.drop.units_per_buyer)
        wish: dict[str, object] = {"key": str(key), "variant": str(variant), "units": units}
        holds_first = self.rng.random() < HOLDS_SHARE
        if holds_first:
            answer = await self._say("hold", "holds", wish | {"first": True})
            if answer.status != 200:  # noqa: PLR2004 - refused, and counted
                return answer
        await asyncio.sleep(self.rng.uniform(*THINK_SECONDS))
        form = {
            "territory": territory,
            "language": "en",
            "email": f"rehearsal-{key.hex[:12]}@example.invalid",
            "address": dict(self.stage.addresses[territory]),
            "first": not holds_first,
        }
        answer = await self._say("order", "orders", wish | form)
        if answer.status in {200, 201}:
            self.stage.counts["ordered"] += 1
            self.stage.counts["units ordered"] += units
            hold = HoldWish(self.stage.drop.id, self.identity, key, variant, units)
            await self._pay(hold, answer)
        return answer

    async def _say(self, kind: str, what: str, content: Mapping[str, object]) -> Answer:
        path = f"/fast/drops/{self.stage.drop.id}/{what}"
        headers = {ADMISSION_HEADER: self.admission}
        answer = await self.stage.wire.post(kind, path, content, **headers)
        if answer.status not in {200, 201}:
            self.stage.refused[answer.json().get("error", f"status {answer.status}")] += 1
        return answer

    async def _pay(self, hold: HoldWish, placed: Answer) -> None:
        if self.rng.random() >= PAYS_SHARE:
            self.stage.counts["did not pay"] += 1
            return
        await asyncio.sleep(self.rng.uniform(*THINK_SECONDS) / 2)
        now, told = clock.now(), placed.json()
        total = Money(told["total_minor"], told["currency"])
        intent_id = intent_id_of(order_id_of(hold))
        notice = Notice(str(uuid4()), intent_id, NoticeKind.CAPTURED, total, now)
        body = write_notice(notice)
        answer = await self.stage.wire.send(
            "notice", f"/fast/payments/notices/{SANDBOX}", body, signed_headers(body, now=now)
        )
        if answer.status == 200:  # noqa: PLR2004 - recorded
            self.stage.counts["paid"] += 1
            self.stage.counts["units paid"] += hold.units
        else:
            self.stage.counts["payment refused"] += 1


def solved(challenge: str, bits: int) -> str:
    """The smallest number that makes sha256(challenge + number) begin with so many zero bits."""
    prefix, limit, nonce = challenge.encode(), 1 << (256 - bits), 0
    while int.from_bytes(hashlib.sha256(prefix + b"%d" % nonce).digest(), "big") >= limit:
        nonce += 1
    return str(nonce)
