"""One hot offer behind an open drop, and buyers who were let in: what `bench.drops` sells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from bench.shop import load_world, write_catalogue
from kotinos.kernel import clock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

TEAM = "JPN"
HOST = "127.0.0.1"
ADDRESS = {"name": "Fan Example", "line1": "1-1 Marunouchi", "city": "Chiyoda", "region": "Tokyo"}
PASS_HOURS = 6


@dataclass(frozen=True, slots=True)
class HotOffer:
    """Ids of the drop, its room and the one variant, and what one unit costs in Japan."""

    drop_id: UUID
    room_id: UUID
    variant_id: UUID
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Script:
    """What one buyer sends: the order, then the bank's notice about it."""

    order: bytes
    notice: bytes


def open_drop(folder: Path, *, units: int) -> HotOffer:
    """A drop of one product with so many units, open now; its quotes are fixed."""
    from kotinos.drops import api as drops  # noqa: PLC0415 - after django.setup
    from kotinos.orders import api as orders  # noqa: PLC0415 - the same
    from kotinos.orders.models import FixedQuote  # noqa: PLC0415 - the same

    load_world(folder, 2)
    handle = _product(folder, units)
    now = clock.now()
    terms = drops.DropTerms(
        slug="bench",
        names={"en": "Bench"},
        seller=f"NOC-{TEAM}",
        products=(handle,),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=1),
    )
    scheduled = drops.schedule_drop(terms=terms, now=now)
    if not isinstance(scheduled, drops.Scheduled):
        raise TypeError(scheduled)
    drop = scheduled.drop
    published = drops.publish(drop_id=drop.id, now=now)
    if not isinstance(published, drops.Changed):
        raise TypeError(published)
    orders.fix_quotes(drop_id=drop.id, now=now)
    (variant,) = drop.variants
    quote = FixedQuote.objects.get(drop_id=drop.id, variant_id=variant.id, territory="JP")
    total_minor = quote.totals_minor[0][3]
    return HotOffer(drop.id, drop.room_id, variant.id, total_minor, quote.currency)


def _product(folder: Path, units: int) -> str:
    from kotinos.catalog import api as catalog  # noqa: PLC0415 - after django.setup
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel.ids import new_id  # noqa: PLC0415 - the same
    from kotinos.stock import api as stock  # noqa: PLC0415 - the same

    seller = games.organisation(f"NOC-{TEAM}")
    if seller is None:
        raise RuntimeError(TEAM)
    path, now = folder / "catalogue.csv", clock.now()
    write_catalogue(path, TEAM, 1)
    options = catalog.ImportOptions(currency="USD")
    catalog.import_shopify(path=path, seller=seller, now=now, options=options)
    handle = f"{TEAM.lower()}-jersey-0"
    place = stock.open_location(organisation_id=seller.id, code="main", name="Main", territory="JP")
    variant = _variant(handle)
    stock.receive(receipts=[stock.Receipt(new_id(), variant, place.id, units)], now=now)
    return handle


def _variant(handle: str) -> UUID:
    from django.apps import apps  # noqa: PLC0415 - after django.setup

    variants = apps.get_model("catalog", "Variant")._default_manager  # noqa: SLF001 - a bench
    found: UUID = variants.get(product__handle=handle).id
    return found


def scripts(offer: HotOffer, count: int, *, port: int, now: datetime) -> list[Script]:
    """So many buyers, each let in under an identity of their own."""
    return [_script(offer, port, now) for _ in range(count)]


def _script(offer: HotOffer, port: int, now: datetime) -> Script:
    from kotinos.kernel.money import Money  # noqa: PLC0415 - after django.setup
    from kotinos.orders.fast import HoldWish, intent_id_of, order_id_of  # noqa: PLC0415
    from kotinos.payments import fast as payments  # noqa: PLC0415 - the same
    from kotinos.payments.contracts import Notice, NoticeKind  # noqa: PLC0415 - the same
    from kotinos.waitingroom.tickets import sign_admission  # noqa: PLC0415 - the same

    identity, key = uuid4().hex, uuid4()
    wish = HoldWish(offer.drop_id, identity, key, offer.variant_id, 1)
    admission = sign_admission(
        room_id=offer.room_id, identity=identity, expires_at=now + timedelta(hours=PASS_HOURS)
    )
    body = {
        "key": str(key),
        "variant": str(offer.variant_id),
        "territory": "JP",
        "email": "fan@example.org",
        "address": ADDRESS | {"postal_code": "100-0005"},
        "first": True,
    }
    notice = payments.write_notice(
        Notice(
            f"n-{key}",
            intent_id_of(order_id_of(wish)),
            NoticeKind.CAPTURED,
            Money(offer.total_minor, offer.currency),
            now,
        )
    )
    headers = payments.signed_headers(notice, now=now)
    order = json.dumps(body).encode()
    return Script(
        _post(f"/fast/drops/{offer.drop_id}/orders", order, port, {"kotinos-admission": admission}),
        _post("/fast/payments/notices/sandbox", notice, port, headers),
    )


def _post(path: str, body: bytes, port: int, headers: dict[str, str]) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
