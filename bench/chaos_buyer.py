"""A buyer in a drop as the races, the crashes and the chaos see one: few words over a kept wire.

Nothing here knows the database: what a buyer believes is only what was answered over HTTP.
"""

from __future__ import annotations

import http.client
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from bench.drop_world import ADDRESS, PASS_HOURS
from kotinos.kernel import clock
from kotinos.kernel.money import Money
from kotinos.orders.fast import HoldWish, intent_id_of, order_id_of
from kotinos.payments import fast as payments
from kotinos.payments.contracts import Notice, NoticeKind
from kotinos.waitingroom.tickets import sign_admission

if TYPE_CHECKING:
    from bench.drop_world import HotOffer

ANSWER_SECONDS_MAX = 30.0
NOTICES = "/fast/payments/notices/sandbox"
BROKEN = 0
"""The status of a request that had no answer: the server may have done it, or not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, and between which two readings of `time.monotonic` it was asked and heard."""

    status: int
    body: dict[str, Any]
    asked_s: float
    heard_s: float

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The word of a refusal; "" where there is none."""
        return str(self.body.get("error", ""))


@dataclass(slots=True)
class Wire:
    """One kept-alive connection. A request that gets no whole answer is `BROKEN`, never raised."""

    port: int
    seconds_max: float = ANSWER_SECONDS_MAX
    _wire: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        asked = time.monotonic()
        if self._wire is None:
            self._wire = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=self.seconds_max
            )
        try:
            self._wire.request(method, path, body, {"Content-Type": "application/json"} | headers)
            answer = self._wire.getresponse()
            status, text = answer.status, answer.read()
            said = json.loads(text) if text.startswith(b"{") else {"text": text.decode()}
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return Answer(BROKEN, {}, asked, time.monotonic())
        return Answer(status, said, asked, time.monotonic())

    def close(self) -> None:
        with suppress(OSError):
            if self._wire is not None:
                self._wire.close()
        self._wire = None


def new_identity() -> str:
    """Somebody whom the room may let in."""
    return uuid4().hex


@dataclass(slots=True)
class Buyer:
    """Somebody who was let in, with one key for one wish. `again` is the same person's next wish.

    `is_first`: says so when the key is new, and a sold-out answer may then come from memory.
    """

    offer: HotOffer
    identity: str = field(default_factory=new_identity)
    units: int = 1
    is_first: bool = True
    key: UUID = field(default_factory=uuid4)
    owed_minor: int = 0  # what the order's answer said; before that, the price of one unit
    _admission: str = ""
    _sent: bool = False

    @property
    def order_id(self) -> UUID:
        wish = HoldWish(self.offer.drop_id, self.identity, self.key, self.offer.variant_id, 1)
        return order_id_of(wish)

    def again(self) -> Buyer:
        """The same person with another wish."""
        return Buyer(
            self.offer, self.identity, self.units, self.is_first, _admission=self._admission
        )

    def hold(self, wire: Wire) -> Answer:
        return self._post(wire, "holds", self._wish())

    def order(self, wire: Wire) -> Answer:
        form = {
            "territory": "JP",
            "email": "fan@example.org",
            "address": ADDRESS | {"postal_code": "100-0005"},
        }
        answer = self._post(wire, "orders", self._wish() | form)
        self.owed_minor = answer.body.get("total_minor", self.owed_minor)
        return answer

    def release(self, wire: Wire) -> Answer:
        path = f"/fast/drops/{self.offer.drop_id}/holds/{self.key}"
        return wire.send("DELETE", path, b"", self._headers())

    def notice(self, name: str = "", *, kind: NoticeKind = NoticeKind.CAPTURED) -> bytes:
        """The bank's word about this order, under an id of its own for each name."""
        minor = self.owed_minor or self.offer.total_minor
        return payments.write_notice(
            Notice(
                f"n-{self.order_id}{name}",
                intent_id_of(self.order_id),
                kind,
                Money(minor, self.offer.currency),
                clock.now(),
                "declined" if kind is NoticeKind.DECLINED else "",
            )
        )

    def pay(self, wire: Wire, notice: bytes | None = None) -> Answer:
        body = notice or self.notice()
        headers = payments.signed_headers(body, now=clock.now())
        return wire.send("POST", NOTICES, body, headers)

    def _wish(self) -> dict[str, Any]:
        return {
            "key": str(self.key),
            "variant": str(self.offer.variant_id),
            "units": self.units,
            "first": self.is_first and not self._sent,
        }

    def _post(self, wire: Wire, what: str, body: dict[str, Any]) -> Answer:
        path = f"/fast/drops/{self.offer.drop_id}/{what}"
        self._sent = True
        return wire.send("POST", path, json.dumps(body).encode(), self._headers())

    def _headers(self) -> dict[str, str]:
        if not self._admission:
            self._admission = sign_admission(
                room_id=self.offer.room_id,
                identity=self.identity,
                expires_at=clock.now() + timedelta(hours=PASS_HOURS),
            )
        return {"kotinos-admission": self._admission}
