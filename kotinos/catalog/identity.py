"""Ids that follow from owner and name: loading the same thing twice meets itself."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid5

_SPACE = UUID("6b9d1d0e-6f6c-5d3e-9a55-2d2f1d7a4b10")


def _id(*parts: object) -> UUID:
    return uuid5(_SPACE, "\x1f".join(str(part) for part in parts))


def product_id(owner_id: UUID, handle: str) -> UUID:
    return _id("product", owner_id, handle)


def work_id(owner_id: UUID, handle: str) -> UUID:
    return _id("work", owner_id, handle)


def variant_id(owner_id: UUID, sku: str) -> UUID:
    return _id("variant", owner_id, sku)


def offer_id(variant: UUID, seller_id: UUID) -> UUID:
    return _id("offer", variant, seller_id)


def price_id(offer: UUID, market_id: int | None) -> UUID:
    return _id("price", offer, market_id or "")


def text_id(product: UUID, language: str) -> UUID:
    return _id("text", product, language)


def image_id(product: UUID, position: int) -> UUID:
    return _id("image", product, position)


def exclusion_id(product: UUID, seller_id: UUID, market_id: int) -> UUID:
    return _id("exclusion", product, seller_id, market_id)


def count_key(seller_id: UUID, sku: str, file_digest: str) -> UUID:
    """One file counts a variant once, however often it is loaded."""
    return _id("count", seller_id, sku, file_digest)


def featured_rank(handle: str) -> int:
    """A fixed shuffle, so that the first page shows many teams and not one team's whole range."""
    return int.from_bytes(hashlib.blake2s(handle.encode(), digest_size=4).digest(), "big") >> 1
