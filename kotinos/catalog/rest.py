"""The public REST API: what is cleared where, for other people's programs. Read only.

Every error has one form: `{"error": {"code": ..., "message": ...}}`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from pydantic import Field

from kotinos.catalog.contracts import Card, Filters, ProductPage, Sort
from kotinos.catalog.queries.home import team_rows
from kotinos.catalog.queries.lists import listing
from kotinos.catalog.queries.markets import territory_bit, territory_codes
from kotinos.catalog.queries.product import product_page
from kotinos.kernel import clock
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

api = NinjaAPI(
    title="Kotinos catalogue",
    version="1",
    urls_namespace="kotinos-api-v1",
    description="Products cleared to be sold and shipped, territory by territory.",
)
Territory = Annotated[str, Query(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2, or XK")]
Language = Annotated[str, Query(pattern="^(en|fr|zh-hans|ar)$")]
Handle = Annotated[str, Field(max_length=255)]


class Fault(Schema):
    code: str
    message: str


class FaultBody(Schema):
    error: Fault


class PriceOut(Schema):
    amount_minor: int
    currency: str
    text: str
    tax_inclusive: bool


class CardOut(Schema):
    handle: str
    url: str
    title: str
    team: str | None
    kind: str
    price: PriceOut
    seller: str
    sold_out: bool
    picture: str | None


class ListOut(Schema):
    total: int
    page: int
    pages: int
    items: list[CardOut]


class VariantOut(Schema):
    sku: str
    gtin: str
    label: str
    seller: str
    price: PriceOut
    sold_out: bool


class RefusalOut(Schema):
    reason: str
    sentence: str
    since: datetime | None
    until: datetime | None


class ProductOut(Schema):
    handle: str
    url: str
    title: str
    description_html: str
    team: str | None
    kind: str
    state: str
    variants: list[VariantOut]
    refusal: RefusalOut | None
    cleared_in: list[str]


class ClearanceOut(Schema):
    handle: str
    territory: str
    cleared: bool
    reason: str | None
    sentence: str | None
    cleared_in: list[str]


class TeamOut(Schema):
    code: str
    name: str
    items: int


def _fault(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    body = {"error": {"code": code, "message": message}}
    return api.create_response(request, body, status=status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[-1:])
    return _fault(request, 422, "invalid", f"{where}: {first.get('msg', 'not understood')}")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _fault(request, 404, "not-found", str(error) or "there is no such thing")


def _place(territory: str, language: str) -> Place:
    if territory_bit(territory) is None:
        raise Http404(f"{territory} is no territory")
    return Place(language, territory)


def _price(price: Any) -> dict[str, Any]:
    return {
        "amount_minor": price.amount_minor,
        "currency": price.currency,
        "text": price.text,
        "tax_inclusive": price.tax_inclusive,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "handle": card.handle,
        "url": card.url,
        "title": card.title,
        "team": card.team.code if card.team else None,
        "kind": card.kind.code,
        "price": _price(card.price),
        "seller": card.seller.code,
        "sold_out": card.sold_out,
        "picture": card.picture.src if card.picture else None,
    }


def _found(place: Place, handle: str) -> ProductPage:
    page = None if "\x00" in handle else product_page(place, handle, now=clock.now())
    if page is None:
        raise Http404("there is no such product")
    return page


@api.get("/products", response={200: ListOut, 404: FaultBody, 422: FaultBody})
def products(  # noqa: PLR0917 - ninja passes them by name
    request: HttpRequest,
    territory: Territory,
    language: Language = "en",
    q: Annotated[str, Query(max_length=120)] = "",
    team: Annotated[str, Query(max_length=3)] = "",
    kind: Annotated[str, Query(max_length=60)] = "",
    page: Annotated[int, Query(ge=1, le=200)] = 1,
) -> dict[str, Any]:
    """Products cleared to be sold and shipped to a territory, 24 a page."""
    del request
    place = _place(territory, language)
    text = " ".join(q.replace("\x00", " ").split())
    filters = Filters(
        text=text,
        teams=_one(team.upper()),
        kinds=_one(kind),
        sort=Sort.RELEVANCE if text else Sort.FEATURED,
        page=page,
    )
    view = listing(place, filters, now=clock.now(), path="/")
    beyond = page > view.pages
    return {
        "total": view.total,
        "page": page,
        "pages": view.pages,
        "items": [] if beyond else [_card(card) for card in view.cards],
    }


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value and "\x00" not in value else ()


@api.get("/products/{handle}", response={200: ProductOut, 404: FaultBody, 422: FaultBody})
def product(
    request: HttpRequest, handle: Handle, territory: Territory, language: Language = "en"
) -> dict[str, Any]:
    """One product as a territory sees it; refused products say why."""
    del request
    page = _found(_place(territory, language), handle)
    refusal = page.refusal
    return {
        "handle": page.handle,
        "url": page.url,
        "title": page.title,
        "description_html": page.description_html,
        "team": page.team.code if page.team else None,
        "kind": page.kind.code,
        "state": page.state.value,
        "variants": [
            {
                "sku": variant.sku,
                "gtin": variant.gtin,
                "label": variant.label,
                "seller": variant.seller.code,
                "price": _price(variant.price),
                "sold_out": variant.sold_out,
            }
            for variant in page.variants
        ],
        "refusal": refusal
        and {
            "reason": refusal.reason,
            "sentence": refusal.sentence,
            "since": refusal.since,
            "until": refusal.until,
        },
        "cleared_in": sorted(territory_codes(page.cleared_mask)),
    }


@api.get(
    "/products/{handle}/clearance", response={200: ClearanceOut, 404: FaultBody, 422: FaultBody}
)
def clearance(
    request: HttpRequest, handle: Handle, territory: Territory, language: Language = "en"
) -> dict[str, Any]:
    """May it be sold and shipped there now, and if not, why not?"""
    del request
    page = _found(_place(territory, language), handle)
    refusal = page.refusal
    return {
        "handle": page.handle,
        "territory": territory,
        "cleared": refusal is None,
        "reason": refusal.reason if refusal else None,
        "sentence": refusal.sentence if refusal else None,
        "cleared_in": sorted(territory_codes(page.cleared_mask)),
    }


@api.get("/teams", response={200: list[TeamOut], 404: FaultBody, 422: FaultBody})
def teams(
    request: HttpRequest, territory: Territory, language: Language = "en"
) -> list[dict[str, Any]]:
    """Teams with something cleared in a territory, and how much."""
    del request
    rows = team_rows(_place(territory, language), now=clock.now())
    return [{"code": row.code, "name": row.name, "items": row.count} for row in rows]
