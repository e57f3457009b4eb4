"""What pages, feeds and other packages may hold of the catalogue. Frozen, and no Django.

Words: a *place* is a language and a ship-to territory; a *market* is a set of territories that
share a currency and a way of showing tax; a *card* is one product in a list, a *facet* one way to
narrow the list. Texts are already in the reader's language; amounts are in minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

PAGE_SIZE = 24
PAGE_MAX = 200  # A list is never read further: deep offsets cost, and nobody reads page 201.
PICTURE_WIDTHS = (320, 640, 960)  # 4:5; the widths that `catalog.artwork` draws.
PICTURE_KINDS = ("avif", "webp")


class Sort(StrEnum):
    """Orders a list may have; `relevance` only means something with a search text."""

    FEATURED = "featured"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    RELEVANCE = "relevance"


class ProductState(StrEnum):
    """What the product page says first."""

    CLEARED = "cleared"
    SOLD_OUT = "sold-out"
    REFUSED = "refused"
    UNPRICED = "no-price"  # Cleared, but no seller has named a price for this market.


@dataclass(frozen=True, slots=True)
class Picture:
    """Files `/media/<key>-<width>.<kind>` for every width and kind; 4:5."""

    key: str
    alt: str

    def url(self, width: int = 640, kind: str = "webp") -> str:
        return f"/media/{self.key}-{width}.{kind}"

    def _srcset(self, kind: str) -> str:
        return ", ".join(f"{self.url(width, kind)} {width}w" for width in PICTURE_WIDTHS)

    @property
    def src(self) -> str:
        return self.url()

    @property
    def srcset_avif(self) -> str:
        return self._srcset("avif")

    @property
    def srcset_webp(self) -> str:
        return self._srcset("webp")


@dataclass(frozen=True, slots=True)
class PriceTag:
    """A price as the market shows it; `text` is formatted for the reader's language."""

    amount_minor: int
    currency: str
    text: str
    tax_inclusive: bool
    tax_basis_points: int
    compare_at_minor: int | None = None
    compare_text: str = ""
    is_from: bool = False  # Other variants cost more: show "from".


@dataclass(frozen=True, slots=True)
class Named:
    """A code and its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list: everything a card shows, nothing that needs another query."""

    product_id: UUID
    handle: str
    url: str
    title: str
    team: Named | None
    kind: Named
    picture: Picture | None
    price: PriceTag
    seller: Named
    sold_out: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice: how many cleared items it would leave, and the address that toggles it."""

    code: str
    name: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """`code` is the query parameter: team, sport, kind, price, collection, edition."""

    code: str
    values: tuple[FacetValue, ...]
    clear_url: str = ""  # Set when something of this facet is selected.

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        return tuple(value for value in self.values if value.selected)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for, already cleaned. Several values of one facet mean "or"."""

    text: str = ""
    teams: tuple[str, ...] = ()
    sports: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    price_band: int | None = None  # Index into the market's price bands.
    sort: Sort = Sort.FEATURED
    page: int = 1

    def narrowed(self, scope: str, subject: Named | None) -> Filters:
        """The same question within one team or collection: that facet is the page's, not asked."""
        if subject is None:
            return self
        if scope == "team":
            return replace(self, teams=(subject.code,))
        return replace(self, collections=(subject.code,)) if scope == "collection" else self


@dataclass(frozen=True, slots=True)
class SortChoice:
    code: str  # A `Sort` value; the name is the template's business.
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the address was not understood: which field, and what was done instead.

    `code`: unknown-filter, unknown-value, page-too-far, text-too-long, similar-spelling.
    """

    code: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page. `scope` says whose: all, search, team, collection."""

    scope: str
    subject: Named | None
    text: str
    cards: tuple[Card, ...]
    facets: tuple[Facet, ...]
    sorts: tuple[SortChoice, ...]
    total: int
    page: int
    pages: int
    previous_url: str
    next_url: str
    clear_url: str  # The same list without any filter.
    notes: tuple[Note, ...] = ()

    @property
    def is_filtered(self) -> bool:
        return any(facet.selected for facet in self.facets)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team in the list of teams, with the number of its items cleared here."""

    code: str
    name: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A short row of cards for the home page. `code`: featured, home-team, newest, a collection."""

    code: str
    name: str
    url: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """Name and value of one variant option, e.g. Size: M."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One thing that can be put into the basket: a variant as one seller offers it here."""

    variant_id: UUID
    seller: Named
    seller_id: UUID
    sku: str
    gtin: str
    options: tuple[Option, ...]
    label: str  # "M / Home", or "" when there is one variant.
    price: PriceTag
    units_available: int  # Capped at 10: the page need not tell rivals the stock.
    weight_grams: int

    @property
    def sold_out(self) -> bool:
        return self.units_available <= 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """A cleared product near the refused one.

    `nearness`: same-team-and-kind, same-team, same-kind.
    """

    nearness: str
    card: Card


@dataclass(frozen=True, slots=True)
class RefusalPanel:
    """Why not, since and until when, and where it *is* sold.

    `sold_in` are territories sorted by name in the reader's language; `sold_mask` is the same as
    an int mask (bit = Territory.bit) for the map. `beacon_url` is a GET image that counts the
    refusal; it is signed, bounded and harmless to repeat.
    """

    reason: str
    sentence: str
    since: datetime | None
    until: datetime | None
    steps: tuple[str, ...]
    sold_in: tuple[Named, ...]
    sold_mask: int
    beacon_url: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """All of a product page for one place."""

    product_id: UUID
    work_id: UUID
    handle: str
    url: str
    title: str
    description_html: str  # Sanitised at import by an allow-list: safe to mark safe.
    text_language: str  # The language the texts are in: `en` when no translation exists.
    team: Named | None
    sport: Named | None
    kind: Named
    collection: Named | None
    edition: Named | None
    owner: Named
    pictures: tuple[Picture, ...]
    state: ProductState
    variants: tuple[VariantRow, ...]  # Empty when refused or without a price.
    price: PriceTag | None
    refusal: RefusalPanel | None
    alternatives: tuple[Alternative, ...]
    cleared_mask: int
    json_ld: str  # Ready for <script type="application/ld+json">, already escaped for HTML.


@dataclass(frozen=True, slots=True)
class PricedOffer:
    """What checkout needs of one variant from one seller in one territory."""

    variant_id: UUID
    product_id: UUID
    work_id: UUID
    seller_id: UUID
    handle: str
    title: str
    label: str
    sku: str
    amount_minor: int
    currency: str
    tax_inclusive: bool
    tax_basis_points: int
    weight_grams: int
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class NotOffered:
    """`reason`: unknown-variant, inactive, no-price."""

    variant_id: UUID
    reason: str


OfferOutcome = PricedOffer | NotOffered


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One market; every territory is in exactly one."""

    id: int
    code: str
    name: str
    currency: str
    tax_inclusive: bool
    tax_basis_points: int
    price_bands_minor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowNote:
    """One remark of an import: where, what, and what to do about it.

    `severity`: error (the product was not imported), warning (imported, but look), note.
    """

    row: int
    field: str
    severity: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come."""

    rows: int
    products: int
    bytes_read: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Outcome of an import. `notes` holds at most `NOTES_MAX`; the counts are exact."""

    rows: int = 0
    products_created: int = 0
    products_updated: int = 0
    products_unchanged: int = 0
    products_refused: int = 0
    variants: int = 0
    errors: int = 0
    warnings: int = 0
    dry_run: bool = False
    generation: str = ""
    notes: tuple[RowNote, ...] = field(default=())
