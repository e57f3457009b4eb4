"""Records grouped into products. Every remark names the row and the column it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from kotinos.catalog.contracts import RowNote
from kotinos.catalog.decide import slug
from kotinos.catalog.shopify.html import clean
from kotinos.catalog.shopify.reader import BadRecord, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kotinos.catalog.shopify.headers import Header

ROWS_OF_PRODUCT_MAX = 2_100
IMAGES_MAX = 50
TITLE_MAX = 255
SKU_MAX = 64
OPTIONS_MAX = 3
CELL_SHORT_MAX = 200


@dataclass(slots=True)
class RawVariant:
    """A variant as written: amounts are still text, because their currency is not known here."""

    row: int
    sku: str
    barcode: str
    options: tuple[tuple[str, str], ...]
    grams: str
    units: str
    price: str
    compare_at: str
    market_prices: dict[str, tuple[str, str]]  # market name -> (price, compare at)


@dataclass(slots=True)
class RawImage:
    row: int
    position: str
    source: str
    alt: str


@dataclass(slots=True)
class RawProduct:
    """One product as written. `included` maps market names to what was said of them."""

    row: int
    handle: str
    title: str
    body_html: str
    vendor: str
    kind: str
    status: str
    published: str
    properties: tuple[str, ...] = ()
    team: str = ""
    sport: str = ""
    collection: str = ""
    edition: str = ""
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    included: dict[str, str] = field(default_factory=dict)
    variants: list[RawVariant] = field(default_factory=list)
    images: list[RawImage] = field(default_factory=list)
    rows: int = 0
    notes: list[RowNote] = field(default_factory=list)

    def error(self, row: int, column: str, message: str, suggestion: str = "") -> None:
        self.notes.append(RowNote(row, column, "error", message, suggestion))

    def warn(self, row: int, column: str, message: str, suggestion: str = "") -> None:
        self.notes.append(RowNote(row, column, "warning", message, suggestion))

    @property
    def is_broken(self) -> bool:
        return any(note.severity == "error" for note in self.notes)


def products(
    header: Header, stream: Iterable[Record | BadRecord]
) -> Iterator[RawProduct | RowNote]:
    """Products in file order; a remark alone where a record belongs to no product.

    Rows of one product stand together and share its handle; the first carries its texts.
    """
    cells = _Cells(header)
    for handle, group in groupby(stream, lambda record: _handle(cells, record)):
        if handle is None:
            for record in group:
                yield _stray(record)
        else:
            yield _product(cells, handle, group)


class _Cells:
    """Named access to a record's cells; a cell that is not there is empty."""

    def __init__(self, header: Header) -> None:
        self.header = header

    def get(self, record: Record, name: str) -> str:
        return self.at(record, self.header.fields.get(name))

    @staticmethod
    def at(record: Record, column: int | None) -> str:
        if column is None or column >= len(record.cells):
            return ""
        return record.cells[column].strip()


def _handle(cells: _Cells, record: Record | BadRecord) -> str | None:
    if isinstance(record, BadRecord):
        return None
    return cells.get(record, "handle") or None


def _stray(record: Record | BadRecord) -> RowNote:
    if isinstance(record, BadRecord):
        return RowNote(
            record.row,
            "",
            "error",
            f"the row could not be read: {record.problem}",
            "look for a quotation mark that is not closed",
        )
    return RowNote(
        record.row, "Handle", "error", "the handle is empty", "every row names its product"
    )


def _product(cells: _Cells, handle: str, group: Iterable[Record | BadRecord]) -> RawProduct:
    made: RawProduct | None = None
    names: list[str] = []
    for record in group:
        assert isinstance(record, Record)  # `_handle` gives bad records no handle.
        if made is None:
            made = _first(cells, handle, record)
            names = [cells.get(record, f"option{n}_name") for n in (1, 2, 3)]
        made.rows += 1
        if made.rows == ROWS_OF_PRODUCT_MAX + 1:
            made.error(record.row, "Handle", f"more than {ROWS_OF_PRODUCT_MAX} rows", "split it")
        if made.rows <= ROWS_OF_PRODUCT_MAX:
            _add_row(cells, made, names, record)
    assert made is not None  # A group has at least one record.
    return made


def _first(cells: _Cells, handle: str, record: Record) -> RawProduct:
    made = RawProduct(
        row=record.row,
        handle=slug(handle),
        title=cells.get(record, "title"),
        body_html=clean(cells.get(record, "body")),
        vendor=cells.get(record, "vendor")[:CELL_SHORT_MAX],
        kind=cells.get(record, "kind")[:60],
        status=cells.get(record, "status").lower(),
        published=cells.get(record, "published").lower(),
        properties=_codes(cells.get(record, "properties")),
        team=cells.get(record, "team").upper(),
        sport=cells.get(record, "sport")[:60],
        collection=cells.get(record, "collection")[:60],
        edition=cells.get(record, "edition")[:16],
    )
    if not made.handle:
        made.error(record.row, "Handle", f"{handle[:40]!r} has no letter or digit")
    elif made.handle != handle:
        made.warn(record.row, "Handle", f"written as {made.handle[:60]}")
    if not made.title:
        made.error(record.row, "Title", "the product has no title")
    elif len(made.title) > TITLE_MAX:
        made.error(record.row, "Title", f"longer than {TITLE_MAX} characters")
    _read_texts(cells, made, record)
    for (what, market), column in cells.header.markets.items():
        if what == "included":
            made.included[market] = cells.at(record, column).lower()
    return made


def _codes(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _read_texts(cells: _Cells, made: RawProduct, record: Record) -> None:
    languages = {language for _, language in cells.header.texts}
    for language in sorted(languages):
        title = cells.at(record, cells.header.texts.get(("title", language)))
        body = clean(cells.at(record, cells.header.texts.get(("description", language))))
        if len(title) > TITLE_MAX:
            made.error(record.row, f"Title / {language}", f"longer than {TITLE_MAX} characters")
        elif title:
            made.texts[language] = (title, body)
        elif body:
            made.warn(
                record.row, f"Title / {language}", "a description without a title is not shown"
            )


def _add_row(cells: _Cells, made: RawProduct, names: list[str], record: Record) -> None:
    source = cells.get(record, "image")
    if source:
        made.images.append(
            RawImage(
                record.row,
                cells.get(record, "image_position"),
                source,
                cells.get(record, "image_alt")[:500],
            )
        )
        if len(made.images) == IMAGES_MAX + 1:
            made.warn(record.row, "Image Src", f"only the first {IMAGES_MAX} pictures are kept")
    if made.rows == 1 or any(
        cells.get(record, name) for name in ("sku", "price", "option1_value", "barcode")
    ):
        made.variants.append(_variant(cells, names, record))


def _variant(cells: _Cells, names: list[str], record: Record) -> RawVariant:
    values = [cells.get(record, f"option{n}_value") for n in (1, 2, 3)]
    options = tuple(
        (name or f"Option {number}", value[:CELL_SHORT_MAX])
        for number, (name, value) in enumerate(zip(names, values, strict=True), start=1)
        if value and value.lower() != "default title"
    )
    prices: dict[str, tuple[str, str]] = {}
    for what, market in cells.header.markets:
        if what == "price":
            price = cells.at(record, cells.header.markets["price", market])
            compare = cells.at(record, cells.header.markets.get(("compare_at", market)))
            if price:
                prices[market] = (price, compare)
    return RawVariant(
        row=record.row,
        sku=cells.get(record, "sku").lstrip("'"),
        barcode=cells.get(record, "barcode").lstrip("'"),
        options=options,
        grams=cells.get(record, "grams"),
        units=cells.get(record, "units"),
        price=cells.get(record, "price"),
        compare_at=cells.get(record, "compare_at"),
        market_prices=prices,
    )
