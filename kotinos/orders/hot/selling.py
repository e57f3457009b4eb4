"""The hot path of a drop: many buyers, one row, few commits. No Django.

A wish is checked against memory first (the drop, the quote, what is left), then joins a batch.
A hold that no order follows ends by itself, whatever happens to its process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.kernel.batcher import Batcher
from kotinos.orders.hot import batches, params, rules
from kotinos.orders.hot.sheets import Sheets
from kotinos.orders.hot.wishes import (
    Code,
    HoldAnswer,
    HotHeld,
    HotNoticed,
    HotRefused,
    OrderAnswer,
)
from kotinos.payments import fast as payments
from kotinos.payments.contracts import NoticeRefused
from kotinos.payments.statements import notice_params

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView
    from kotinos.drops.fast import Floor
    from kotinos.kernel.fast import Pool
    from kotinos.orders.hot.wishes import HoldWish, OrderWish
    from kotinos.orders.statements import PlacedRow, QuoteRow
    from kotinos.stock.statements import HoldRow

BATCH_SIZE_MAX = 256
SECOND_FROM = 100
CROWDED_TRIES_MAX = 3


class HotOrders:
    """Hold, place, pay and release for one process. `pool` is opened by whoever runs the loop."""

    def __init__(self, pool: Pool, floor: Floor) -> None:
        self._floor = floor
        self._sheets = Sheets(pool)
        self._hold: Batcher[HoldRow] = Batcher(batches.hold, pool, size_max=BATCH_SIZE_MAX)
        self._buy: Batcher[batches.Bought] = Batcher(
            batches.buy, pool, size_max=BATCH_SIZE_MAX, second_from=SECOND_FROM
        )
        self._release: Batcher[int] = Batcher(batches.release, pool, size_max=BATCH_SIZE_MAX)
        self._settle: Batcher[batches.Settled] = Batcher(
            batches.settle, pool, size_max=BATCH_SIZE_MAX, second_from=SECOND_FROM
        )

    async def tick(self) -> None:
        """Follow what changed in prices and rights. Every half second."""
        await self._sheets.tick([drop.id for drop in self._floor.drops()])

    def quote(self, drop_id: UUID, variant_id: UUID, territory: str) -> QuoteRow | None:
        """What a variant costs there; None where it is not sold there."""
        return self._sheets.quote(drop_id, variant_id, territory)

    async def hold(self, wish: HoldWish, *, now: datetime) -> HoldAnswer:
        """Set units aside while the buyer types. A repeat of the key gets the first answer."""
        drop = self._floor.drop(wish.drop_id)
        refusal = rules.hold_refusal(wish, drop, now)
        if refusal is not None or drop is None:
            return refusal or HotRefused(Code.UNKNOWN)
        row = await self._held(wish, drop, now)
        if isinstance(row, HotRefused):
            return row
        if row.ended_as is not None or row.expires_at is None:
            return HotRefused(Code.HOLD_OVER)
        return HotHeld(row.expires_at, row.again)

    async def place(self, wish: OrderWish, *, now: datetime) -> OrderAnswer:
        """Hold, unless the key already does, and write the order. A repeat gets the order."""
        drop = self._floor.drop(wish.hold.drop_id)
        refusal = rules.hold_refusal(wish.hold, drop, now)
        if refusal is not None or drop is None:
            return refusal or HotRefused(Code.UNKNOWN)
        address = rules.checked_address(wish)
        if isinstance(address, HotRefused):
            return address
        quote = self.quote(drop.id, wish.hold.variant_id, wish.territory)
        if quote is None:
            return HotRefused(Code.RIGHTS)
        key = rules.order_id_of(wish.hold)
        order = params.of_order(wish, key=key, quote_id=quote.id, address=address, now=now)
        row, placed = await self._bought(wish.hold, quote, order, drop, now)
        if isinstance(row, HotRefused):
            return row
        if placed is not None and not placed.again:
            self._floor.note_order(drop.id)
        return params.answer_of(row, placed, order, key)

    async def _bought(
        self,
        wish: HoldWish,
        quote: QuoteRow,
        order: dict[str, Any],
        drop: DropView,
        now: datetime,
    ) -> tuple[HoldRow | HotRefused, PlacedRow | None]:
        """The hold and the order of this key, old or new."""
        if wish.is_first and self._floor.sold_out(drop.id, wish.variant_id, quote.location_id):
            return HotRefused(Code.SOLD_OUT), None
        hold = params.of_hold(wish, drop, location_id=quote.location_id, now=now)
        for _ in range(CROWDED_TRIES_MAX):
            row, placed = await self._buy.call(**hold, **order)
            if row.hold_id is not None or not row.crowded:
                break
        return self._learnt(wish, drop, quote.location_id, row), placed

    async def _held(self, wish: HoldWish, drop: DropView, now: datetime) -> HoldRow | HotRefused:
        """The hold of this key, old or new; a batch that was crowded is asked again."""
        location_id = self._sheets.location_of(drop.id, wish.variant_id)
        if location_id is None:
            return HotRefused(Code.RIGHTS)
        if wish.is_first and self._floor.sold_out(drop.id, wish.variant_id, location_id):
            return HotRefused(Code.SOLD_OUT)
        hold = params.of_hold(wish, drop, location_id=location_id, now=now)
        for _ in range(CROWDED_TRIES_MAX):
            row = await self._hold.call(**hold)
            if row.hold_id is not None or not row.crowded:
                break
        return self._learnt(wish, drop, location_id, row)

    def _learnt(
        self, wish: HoldWish, drop: DropView, location_id: UUID, row: HoldRow
    ) -> HoldRow | HotRefused:
        """What the answer says about everybody's stock, and what it says to this buyer."""
        if not row.again and not row.over_limit:
            self._floor.note_free(drop.id, wish.variant_id, location_id, row.units_free)
        if not row.again and row.hold_id is not None:
            self._floor.note_hold(drop.id, wish.identity)
        return params.refusal_of(row) or row

    async def release(self, wish: HoldWish, *, now: datetime) -> int:
        """Give back what this key holds; the units given back. An order's units stay its own."""
        return await self._release.call(key=rules.order_id_of(wish), at=now)

    async def settle(
        self, *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> HotNoticed | NoticeRefused:
        """A provider's notice, and at once what follows from it for its order."""
        notice = payments.read_notice(provider=provider, body=body, headers=headers, now=now)
        if isinstance(notice, NoticeRefused):
            return notice
        settled = await self._settle.call(**notice_params(notice, provider=provider, now=now))
        if settled.notice.reference is None:
            return NoticeRefused("unknown")
        return HotNoticed(settled.notice.again, settled.is_confirmed)
