"""From what people call a product to the work behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from kotinos.catalog.models import Product

if TYPE_CHECKING:
    from uuid import UUID

FOUND_MAX = 25


def works_called(text: str) -> list[UUID]:
    """Works of the products with this handle, SKU or GTIN, letter for letter but for case."""
    asked = text.strip()
    if not asked:
        return []
    rows = Product.objects.filter(
        Q(handle__iexact=asked) | Q(variants__sku__iexact=asked) | Q(variants__gtin=asked)
    )
    return list(rows.values_list("work_id", flat=True).distinct()[:FOUND_MAX])
