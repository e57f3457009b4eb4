"""The demo edition's files: complete, in four languages, and the same every time."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from stdnum import ean

from demo import generate, goods
from kotinos.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

PRICE = {"old": "Variant Price", "new": "Price"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files once."""
    folder = tmp_path_factory.mktemp("demo")
    generate.generate(folder)
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _catalogue_rows(files: Path) -> list[dict[str, str]]:
    return [row for path in sorted((files / "catalogues").iterdir()) for row in _rows(path)]


def test_the_range_is_as_wide_as_promised(files: Path, tmp_path: Path) -> None:
    counts = generate.generate(tmp_path)
    assert counts["products"] >= 600
    assert counts["variants"] >= 1500
    sellers = {path.stem for path in (files / "catalogues").iterdir()}
    assert sum(seller.startswith("NOC-") for seller in sellers) >= 40


def test_the_same_tables_give_the_same_bytes(files: Path, tmp_path: Path) -> None:
    generate.generate(tmp_path)
    for path in sorted(files.rglob("*.csv")):
        assert (tmp_path / path.relative_to(files)).read_bytes() == path.read_bytes()


def test_both_generations_of_columns_are_met(files: Path) -> None:
    first = {
        path.read_text(encoding="utf-8").split(",", 1)[0]
        for path in (files / "catalogues").iterdir()
    }
    assert first == {"Handle", "URL handle"}


def test_every_product_speaks_four_languages_and_has_a_picture(files: Path) -> None:
    products = [row for row in _catalogue_rows(files) if row["Title"]]
    drawn = {str(item.spec) for item in goods.all_items()}
    for row in products:
        texts = [row[f"{what} / {language}"] for what in ("Title", "Description")
                 for language in LANGUAGES]  # fmt: skip
        assert all(texts), row["Title"]
        assert not any("{" in text or "None" in text for text in texts), row["Title"]
        assert (row.get("Image Src") or row["Product image URL"]) in drawn


def test_every_variant_has_a_gtin_of_its_own_for_use_inside_a_company(files: Path) -> None:
    codes = [row.get("Variant Barcode") or row["Barcode"] for row in _catalogue_rows(files)]
    assert len(codes) == len(set(codes))
    assert all(ean.is_valid(code) and code.startswith("2") for code in codes)


def test_every_property_a_product_uses_is_described_and_granted(files: Path) -> None:
    described = {row["code"] for row in _rows(files / "properties.csv")}
    used = {
        (code.strip(), path.stem)
        for path in (files / "catalogues").iterdir()
        for row in _rows(path)
        for code in row["Properties (kotinos)"].split(",")
        if code
    }
    tables = ("grants.csv", "suspended.csv")
    granted = {(row["property"], row["grantee"]) for name in tables for row in _rows(files / name)}
    assert {code for code, _ in used} <= described
    assert used <= granted
