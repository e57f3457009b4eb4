"""Writes a handful of ready products at once; one that the database refuses costs no other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec
from django.db import DatabaseError, transaction

from kotinos.catalog import identity, models, statements
from kotinos.catalog.actions.rows import (
    exclusion_rows,
    image_rows,
    offer_rows,
    price_rows,
    product_row,
    text_arrays,
    variant_rows,
)
from kotinos.catalog.contracts import RowNote
from kotinos.kernel import rich
from kotinos.rights import api as rights
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.actions.pictures import Pictures
    from kotinos.catalog.shopify.judge import ReadyProduct

RowT = TypeVar("RowT", models.Product, models.Variant, models.Offer)


@dataclass(slots=True)
class Run:
    """One import: for whom, when, from which file, and what has been counted so far."""

    owner_id: UUID
    owner_code: str
    location_id: UUID | None
    file_digest: str
    now: datetime
    pictures: Pictures
    note: Callable[[RowNote], None]
    terms: dict[tuple[str, str], tuple[int, dict[str, str]]] = field(default_factory=dict)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    variants: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A product on its way: its ids, its public handle and the digest of what it says."""

    ready: ReadyProduct
    id: UUID
    work_id: UUID
    handle: str
    digest: bytes


def write(run: Run, products: Sequence[ReadyProduct]) -> None:
    """All of them in one savepoint; where that fails, each in its own."""
    note, refused, remarks = run.note, run.refused, list[RowNote]()
    run.note = remarks.append  # Remarks of an attempt that is undone must not stay.
    try:
        with transaction.atomic():
            counted = _write(run, products)
    except DatabaseError as error:
        run.note, run.refused = note, refused
        if len(products) == 1:
            _refuse(run, products[0], "", f"the database refused it: {_reason(error)}")
            return
        for product in products:
            write(run, [product])
        return
    run.note = note
    for remark in remarks:
        note(remark)
    run.created += counted.created
    run.updated += counted.updated
    run.unchanged += counted.unchanged
    run.variants += counted.variants


@dataclass(frozen=True, slots=True)
class _Counted:
    created: int
    updated: int
    unchanged: int
    variants: int


def _reason(error: DatabaseError) -> str:
    return str(error).splitlines()[0][:200]


def _refuse(run: Run, product: ReadyProduct, column: str, message: str, hint: str = "") -> None:
    run.refused += 1
    run.note(RowNote(product.row, column, "error", message, hint))


def _write(run: Run, products: Sequence[ReadyProduct]) -> _Counted:
    entries = _entries(run, products)
    known = _known(entries)
    entries = _without_foreign_skus(run, entries)
    fresh = [entry for entry in entries if known.get(entry.id) != entry.digest]
    fresh = _register(run, fresh)
    if fresh:
        _store(run, fresh, changed=[entry.id for entry in fresh if entry.id in known])
    _count_units(run, [entry for entry in entries if entry.id in known or entry in fresh])
    created = sum(entry.id not in known for entry in fresh)
    return _Counted(
        created=created,
        updated=len(fresh) - created,
        unchanged=sum(known.get(entry.id) == entry.digest for entry in entries),
        variants=sum(len(entry.ready.variants) for entry in entries),
    )


def _entries(run: Run, products: Sequence[ReadyProduct]) -> list[Entry]:
    foreign = set(
        models.Product.objects.filter(handle__in=[product.handle for product in products])
        .exclude(owner_id=run.owner_id)
        .values_list("handle", flat=True)
    )
    return [
        Entry(
            ready=product,
            id=identity.product_id(run.owner_id, product.handle),
            work_id=identity.work_id(run.owner_id, product.handle),
            # A name another seller has is made one's own: addresses are unique in the shop.
            handle=f"{product.handle}-{run.owner_code.lower()}"
            if product.handle in foreign
            else product.handle,
            digest=_digest(product),
        )
        for product in products
    ]


def _digest(product: ReadyProduct) -> bytes:
    """What the row says, without where it stands in the file and without its stock."""
    said = msgspec.to_builtins(product)
    said.pop("row")
    for variant in said["variants"]:
        variant.pop("row")
        variant.pop("units")
    for image in said["images"]:
        image.pop("row")
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()


def _known(entries: Sequence[Entry]) -> dict[UUID, bytes]:
    rows = models.Product.objects.filter(id__in=[entry.id for entry in entries])
    return {number: bytes(digest) for number, digest in rows.values_list("id", "digest")}


def _without_foreign_skus(run: Run, entries: Sequence[Entry]) -> list[Entry]:
    owners = dict(
        models.Variant.objects.filter(
            id__in=[
                identity.variant_id(run.owner_id, variant.sku)
                for entry in entries
                for variant in entry.ready.variants
            ]
        ).values_list("sku", "product_id")
    )
    kept: list[Entry] = []
    for entry in entries:
        taken = [v for v in entry.ready.variants if owners.get(v.sku, entry.id) != entry.id]
        if taken:
            _refuse(
                run,
                entry.ready,
                "Variant SKU",
                f"{taken[0].sku!r} belongs to another product",
                "one SKU names one thing",
            )
        else:
            owners |= {variant.sku: entry.id for variant in entry.ready.variants}
            kept.append(entry)
    return kept


def _register(run: Run, entries: Sequence[Entry]) -> list[Entry]:
    """Make the works known to rights; a product whose properties nobody knows is refused."""
    outcomes = rights.register_works(
        works=[
            rights.WorkToRegister(
                work_id=entry.work_id,
                kind="product",
                title={code: title for code, title, _ in entry.ready.texts}["en"],
                properties=entry.ready.properties,
            )
            for entry in entries
        ],
        now=run.now,
    )
    kept: list[Entry] = []
    for entry, outcome in zip(entries, outcomes, strict=True):
        if isinstance(outcome, rights.BadTerms):
            said = "; ".join(problem.message for problem in outcome.problems)
            _refuse(run, entry.ready, "Properties (kotinos)", said, "kotinos rights properties")
        else:
            kept.append(entry)
    return kept


def _store(run: Run, entries: Sequence[Entry], *, changed: list[UUID]) -> None:
    _clear(run, changed)
    _upsert(models.Product, [product_row(run, entry) for entry in entries])
    rich.run(statements.upsert_texts, **text_arrays(run, entries))
    _upsert(models.Variant, variant_rows(run, entries))
    _upsert(models.Offer, offer_rows(run, entries))
    models.Price.objects.bulk_create(price_rows(run, entries))
    models.ProductImage.objects.bulk_create(image_rows(run, entries))
    models.MarketExclusion.objects.bulk_create(exclusion_rows(run, entries))
    rich.run(statements.refresh_shelf, products=[entry.id for entry in entries])


def _clear(run: Run, changed: list[UUID]) -> None:
    """What the file does not repeat is gone; a variant it does not repeat is no longer offered."""
    if not changed:
        return
    offers = models.Offer.objects.filter(variant__product__in=changed, seller=run.owner_id)
    models.Price.objects.filter(offer__in=offers).delete()
    offers.update(is_active=False)
    models.ProductImage.objects.filter(product__in=changed).delete()
    models.ProductText.objects.filter(product__in=changed).delete()
    models.MarketExclusion.objects.filter(product__in=changed, seller=run.owner_id).delete()


def _upsert(model: type[RowT], rows: list[RowT]) -> None:
    kept = {"id", "created_at"}
    names = [column.name for column in model._meta.concrete_fields if column.name not in kept]  # noqa: SLF001 - documented API
    model._default_manager.bulk_create(  # noqa: SLF001 - documented API
        rows, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def _count_units(run: Run, entries: Sequence[Entry]) -> None:
    if run.location_id is None:
        return
    counts = [
        stock.Count(
            key=identity.count_key(run.owner_id, variant.sku, run.file_digest),
            variant_id=identity.variant_id(run.owner_id, variant.sku),
            location_id=run.location_id,
            units=variant.units,
        )
        for entry in entries
        for variant in entry.ready.variants
        if variant.units is not None
    ]
    if counts:
        stock.count(counts=counts, now=run.now)
