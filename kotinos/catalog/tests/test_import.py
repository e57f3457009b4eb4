from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotinos.catalog import api as catalog
from kotinos.catalog.report import ReportFile, safe_cell
from kotinos.catalog.shopify.headers import Header, read_header
from kotinos.catalog.shopify.html import clean
from kotinos.catalog.tests.conftest import HEADER, NOW, Bazaar, goods
from kotinos.games import api as games
from kotinos.stock import api as stock

USD = catalog.ImportOptions(currency="USD", properties=("KEN-EMBLEM",))
NEW = (
    "URL handle,Title,Description,Vendor,Type,Status,SKU,Barcode,Option1 name,Option1 value,Price,"
    "Compare-at price,Inventory quantity,Weight value (grams),Product image URL,Image position\n"
)
SHORT = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Variant Barcode,Image Src\n"


def _load(bazaar: Bazaar, text: str, **more: object) -> catalog.ImportReport:
    return bazaar.load("NOC-KEN", text, **({"options": USD} | more))


def test_the_newer_generation_is_read(bazaar: Bazaar) -> None:
    text = (
        NEW + "new-cap,Cap,<i>New</i>,V,Cap,Active,C-1,4006381333931,Size,One,12.00,15.00,4,80,,\n"
    )
    report = _load(bazaar, text)
    assert (report.generation, report.products_created, report.errors) == ("new", 1, 0)
    page = bazaar.page("new-cap", "en-us")
    assert (page.variants[0].gtin, page.variants[0].units_available) == ("4006381333931", 4)
    assert page.variants[0].price.compare_at_minor == 1500


def test_loading_twice_changes_nothing(bazaar: Bazaar) -> None:
    text = HEADER + goods("KEN")
    report = _load(bazaar, text, options=catalog.ImportOptions(currency="USD"))
    assert (report.products_unchanged, report.products_updated, report.products_created) == (
        3,
        0,
        0,
    )
    assert stock.ledger_gap() == 0


def test_a_dry_run_reports_and_takes_all_of_it_back(bazaar: Bazaar) -> None:
    report = _load(bazaar, SHORT + "dry,Dry,D-1,1.00,5,,\n", dry_run=True)
    assert (report.products_created, report.dry_run) == (1, True)
    seller = games.organisation("NOC-KEN")
    assert seller is not None
    assert "dry" not in {card.handle for card in bazaar.list("en-us", q="dry").cards}


def test_a_bad_row_loses_no_good_one(bazaar: Bazaar) -> None:
    report = _load(
        bazaar,
        SHORT
        + "good-1,Good,G-1,1.00,1,,\n"
        + "bad-1,,B-1,1.00,1,,\n"
        + "bad-2,Bad,B-2,one euro,1,,\n"
        + ",Stray,S-1,1.00,1,,\n"
        + "good-2,Good,G-2,2.00,1,4006381333930,https://example.com/x.png\n"
        + "bad-3,Bad,G-1,2.00,1,,\n"
        + "good-1,Again,G-9,2.00,1,,\n",
    )
    assert (report.products_created, report.errors) == (2, 5)
    rows = {(note.row, note.field, note.severity) for note in report.notes}
    assert rows >= {
        (3, "Title", "error"),
        (4, "Variant Price", "error"),
        (5, "Handle", "error"),
        (6, "Variant Barcode", "warning"),
        (6, "Image Src", "note"),
        (7, "Variant SKU", "error"),
        (8, "Handle", "error"),
    }
    assert any("would be 1" in note.suggestion for note in report.notes)


def test_quoted_newlines_a_byte_order_mark_and_latin_letters_are_read(bazaar: Bazaar) -> None:
    path = bazaar.folder / "latin.csv"
    path.write_bytes((SHORT + 'cafe,"Caf\xe9\nmug",M-1,3.00,1,,\n').encode("latin-1"))
    seller = games.organisation("NOC-KEN")
    assert seller is not None
    report = catalog.import_shopify(path=path, seller=seller, now=NOW, options=USD)
    assert report.products_created == 1
    assert "UTF-8" in report.notes[0].message
    assert bazaar.page("cafe", "en-us").title == "Caf\xe9\nmug"
    report = _load(bazaar, "\ufeff" + SHORT + "bom,Bom,BOM-1,3.00,1,,\n")
    assert report.products_created == 1


def test_a_file_of_something_else_is_said_to_be_that(bazaar: Bazaar) -> None:
    report = _load(bazaar, "a,b\n1,2\n")
    assert report.errors == 1
    assert "not a Shopify product file" in report.notes[0].message


def test_a_variant_the_file_no_longer_has_is_no_longer_offered(bazaar: Bazaar) -> None:
    _load(bazaar, SHORT + "two,Two,T-1,1.00,1,,\ntwo,,T-2,2.00,1,,\n")
    assert len(bazaar.page("two", "en-us").variants) == 2
    _load(bazaar, SHORT + "two,Two,T-2,2.00,1,,\n")
    assert [variant.sku for variant in bazaar.page("two", "en-us").variants] == ["T-2"]


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<script>alert(1)</script>Hi", "Hi"),
        ('<p onclick="x()">A<br/>B</p>', "<p>A<br>B</p>"),
        ('<a href="javascript:x">go</a>', "go"),
        ("<b>open", "<b>open</b>"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_descriptions_are_made_safe(html: str, safe: str) -> None:
    assert clean(html) == safe
    assert clean(clean(html)) == safe


@given(st.text())
def test_cleaned_html_holds_no_element_but_the_allowed(text: str) -> None:
    made = clean(text)
    assert "<script" not in made.lower()
    assert clean(made) == made


@given(st.lists(st.text(), max_size=12))
def test_any_first_row_is_read_or_refused(cells: list[str]) -> None:
    header = read_header(cells)
    assert not isinstance(header, Header) or "handle" in header.fields


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=12),
                st.sampled_from(
                    ["a", "b", "1", "-1", "1e400", "NaN", "=1+1", '"', "\x00", "9" * 30]
                ),
            ),
            min_size=1,
            max_size=8,
        ),
        max_size=8,
    )
)
def test_no_nonsense_breaks_the_import(bazaar: Bazaar, rows: list[list[str]]) -> None:
    text = SHORT + "\n".join(",".join(row) for row in rows)
    path = bazaar.folder / "nonsense.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    seller = games.organisation("NOC-KEN")
    assert seller is not None
    report = catalog.import_shopify(path=path, seller=seller, now=NOW, options=USD, dry_run=True)
    assert report.products_created + report.products_refused <= len(text)


def test_a_report_cell_is_never_a_formula() -> None:
    assert safe_cell("=cmd()") == "'=cmd()"
    target = io.StringIO()
    ReportFile(target)(catalog.RowNote(2, "Title", "error", "@x", "+y"))
    assert "'@x" in target.getvalue()
