from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.apps import apps

from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2030, 7, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def make_organisation(db: None) -> Callable[[str], UUID]:
    del db
    table = apps.get_model("games", "Organisation").objects

    def make(code: str) -> UUID:
        row, _ = table.get_or_create(code=code, defaults={"kind": "seller", "name": code})
        return UUID(str(row.id))

    return make


@pytest.fixture
def make_location(make_organisation: Callable[[str], UUID]) -> Callable[[str], UUID]:
    def make(code: str) -> UUID:
        return stock.open_location(
            organisation_id=make_organisation("SELLER"), code=code, name=code, territory="KE"
        ).id

    return make


@pytest.fixture
def shelve(make_location: Callable[[str], UUID]) -> Callable[..., tuple[UUID, UUID]]:
    """Put units of a new variant on a shelf: (variant, location)."""

    def put(units: int, code: str = "MAIN", variant: UUID | None = None) -> tuple[UUID, UUID]:
        variant, location = variant or uuid4(), make_location(code)
        receipt = stock.Receipt(uuid4(), variant, location, units)
        stock.receive(receipts=[receipt], now=NOW)
        return variant, location

    return put
