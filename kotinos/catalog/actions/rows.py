"""Ready products as rows of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog import identity, models
from kotinos.catalog.decide import slug
from kotinos.catalog.shopify.html import plain
from kotinos.catalog.words import CONFIGS, fold, searchable
from kotinos.games import api as games
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from kotinos.catalog.actions.writing import Entry, Run

DESCRIPTION_SEARCHED_MAX = 2_000  # Characters: what stands further down hardly names a product.


def term(run: Run, facet: str, text: str) -> tuple[int, dict[str, str]] | None:
    """The term a word of the file stands for, made with its English name when it is new."""
    code = slug(text)[:60]
    if not code:
        return None
    if (facet, code) not in run.terms:
        row, _ = models.Term.objects.get_or_create(
            facet=facet, code=code, defaults={"names": {"en": text.strip()}}
        )
        run.terms[facet, code] = (row.id, row.names)
    return run.terms[facet, code]


def product_row(run: Run, entry: Entry) -> models.Product:
    ready = entry.ready
    kind = term(run, "kind", ready.kind) or term(run, "kind", "Other")
    sport, collection = term(run, "sport", ready.sport), term(run, "collection", ready.collection)
    assert kind is not None  # "Other" always is a term.
    return models.Product(
        id=entry.id,
        handle=entry.handle,
        owner_id=run.owner_id,
        work_id=entry.work_id,
        team=ready.team,
        edition=ready.edition,
        kind_id=kind[0],
        sport_id=sport[0] if sport else None,
        collection_id=collection[0] if collection else None,
        is_active=ready.is_active,
        featured=identity.featured_rank(entry.handle),
        digest=entry.digest,
        created_at=run.now,
        updated_at=run.now,
    )


def text_arrays(run: Run, entries: Sequence[Entry]) -> dict[str, list[str] | list[UUID]]:
    """Columns for `upsert_texts.sql`, one element a text."""
    columns: dict[str, list[str]] = {
        name: []
        for name in (
            *("language", "title", "description_html", "folded", "config"),
            *("title_words", "names", "description_words"),
        )
    }
    ids: list[UUID] = []
    products: list[UUID] = []
    for entry in entries:
        for language, title, body in entry.ready.texts:
            ids.append(identity.text_id(entry.id, language))
            products.append(entry.id)
            names = searchable(_names(run, entry, language), language)
            title_words = searchable(title, language)
            description = plain(body)[:DESCRIPTION_SEARCHED_MAX]
            row = {
                "language": language,
                "title": title,
                "description_html": body,
                "folded": f"{title_words} {names}",
                "config": CONFIGS[language],
                "title_words": title_words,
                "names": names,
                "description_words": searchable(description, language),
            }
            for name, value in row.items():
                columns[name].append(value)
    return {"id": ids, "product_id": products, **columns}


def _names(run: Run, entry: Entry, language: str) -> str:
    """Team, kind, sport and collection in words: what people type that no title says."""
    ready = entry.ready
    words = [games.noc_name(ready.team, language), ready.team] if ready.team else []
    for facet, text in (
        ("kind", ready.kind),
        ("sport", ready.sport),
        ("collection", ready.collection),
    ):
        found = term(run, facet, text)
        words += [pick(found[1], language)] if found else []
    return fold(" ".join(words))


def variant_rows(run: Run, entries: Sequence[Entry]) -> list[models.Variant]:
    return [
        models.Variant(
            id=identity.variant_id(run.owner_id, variant.sku),
            product_id=entry.id,
            owner_id=run.owner_id,
            sku=variant.sku,
            gtin=variant.gtin,
            options=[list(option) for option in variant.options],
            weight_grams=variant.grams,
            position=min(position, 32_767),
        )
        for entry in entries
        for position, variant in enumerate(entry.ready.variants, start=1)
    ]


def _offer_id(run: Run, sku: str) -> UUID:
    return identity.offer_id(identity.variant_id(run.owner_id, sku), run.owner_id)


def offer_rows(run: Run, entries: Sequence[Entry]) -> list[models.Offer]:
    return [
        models.Offer(
            id=_offer_id(run, variant.sku),
            variant_id=identity.variant_id(run.owner_id, variant.sku),
            seller_id=run.owner_id,
            is_active=True,
        )
        for entry in entries
        for variant in entry.ready.variants
    ]


def price_rows(run: Run, entries: Sequence[Entry]) -> list[models.Price]:
    rows: dict[UUID, models.Price] = {}
    for entry in entries:
        for variant in entry.ready.variants:
            offer = _offer_id(run, variant.sku)
            for price in variant.prices:
                number = identity.price_id(offer, price.market_id)
                rows[number] = models.Price(
                    id=number,
                    offer_id=offer,
                    market_id=price.market_id,
                    amount_minor=price.amount_minor,
                    currency=price.currency,
                    compare_at_minor=price.compare_at_minor,
                )
    return list(rows.values())


def image_rows(run: Run, entries: Sequence[Entry]) -> list[models.ProductImage]:
    return [
        models.ProductImage(
            id=identity.image_id(entry.id, image.position),
            product_id=entry.id,
            position=image.position,
            key=run.pictures.key(image, run.note),
            source=image.source,
            alt=image.alt,
        )
        for entry in entries
        for image in entry.ready.images
    ]


def exclusion_rows(run: Run, entries: Sequence[Entry]) -> list[models.MarketExclusion]:
    return [
        models.MarketExclusion(
            id=identity.exclusion_id(entry.id, run.owner_id, market),
            product_id=entry.id,
            seller_id=run.owner_id,
            market_id=market,
        )
        for entry in entries
        for market in entry.ready.closed_markets
    ]
