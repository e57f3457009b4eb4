"""Fixed quotes in memory: what everything costs everywhere, following changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel import fast
from kotinos.orders import statements

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from kotinos.kernel.fast import Pool
    from kotinos.orders.statements import QuoteRow


class Sheets:
    """The open quotes of some drops. A tick reads again only those that changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._versions: dict[UUID, int] = {}
        self._quotes: dict[UUID, dict[tuple[UUID, str], QuoteRow]] = {}
        self._places: dict[tuple[UUID, UUID], UUID] = {}

    async def tick(self, drop_ids: Collection[UUID]) -> None:
        """Read what changed, and forget drops that are not named any more."""
        if not drop_ids:
            self._versions, self._quotes, self._places = {}, {}, {}
            return
        async with self._pool.connection() as conn:
            versions = dict(await fast.run(conn, statements.read_sheets, drops=list(drop_ids)))
            for drop_id, version in versions.items():
                if self._versions.get(drop_id) != version:
                    rows = await fast.run(conn, statements.read_quotes, drop=drop_id)
                    self._quotes[drop_id] = {(row.variant_id, row.territory): row for row in rows}
                    self._places |= {(drop_id, row.variant_id): row.location_id for row in rows}
        self._versions = versions
        self._quotes = {key: rows for key, rows in self._quotes.items() if key in versions}

    def location_of(self, drop_id: UUID, variant_id: UUID) -> UUID | None:
        """Where a drop sells a variant from; None where it does not sell it."""
        return self._places.get((drop_id, variant_id))

    def quote(self, drop_id: UUID, variant_id: UUID, territory: str) -> QuoteRow | None:
        """The open quote; None: it may not be sold there, or has no price there."""
        return self._quotes.get(drop_id, {}).get((variant_id, territory))
