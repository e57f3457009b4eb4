from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotinos.games import api as games
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.money import known_currencies
from kotinos.orders import addresses, shipping
from kotinos.orders.addresses import address_format, clean
from kotinos.orders.wording import words

TERRITORIES = sorted(games.territory_names("en"))


def test_every_territory_has_a_form_with_a_name_and_a_street() -> None:
    for code in TERRITORIES:
        form = address_format(code)
        assert {"name", "line1"} <= set(form.order), code
        assert form.required <= set(form.order), code


def test_every_example_fits_its_own_pattern() -> None:
    for code in TERRITORIES:
        form = address_format(code)
        if form.postal_pattern:
            assert re.fullmatch(form.postal_pattern, form.postal_example, re.IGNORECASE), code
            assert "postal_code" in form.order, code


@pytest.mark.parametrize(
    ("territory", "typed", "expected"),
    [
        ("JP", "1540023", {}),
        ("JP", "１５４−００２３", {"postal_code": "postal"}),
        ("GB", "ec1y 8sy", {}),
        ("US", "", {"postal_code": "required"}),
        ("QA", "anything", {}),
    ],
)
def test_postal_codes_are_checked_as_each_country_writes_them(
    territory: str, typed: str, expected: dict[str, str]
) -> None:
    form = address_format(territory)
    full = dict.fromkeys(form.order, "x") | {"postal_code": typed}
    assert clean(full, form)[1] == expected


@given(st.dictionaries(st.sampled_from([*addresses.FIELDS.values(), "?"]), st.text()))
def test_no_nonsense_breaks_an_address_or_leaves_a_control_character(typed: dict[str, str]) -> None:
    for territory in ("JP", "US", "AQ"):
        kept, errors = clean(typed, address_format(territory))
        assert all(value.isprintable() for value in kept.values())
        assert set(errors.values()) <= {"required", "too-long", "postal"}


def test_every_territory_is_in_one_shipping_zone() -> None:
    for code in TERRITORIES:
        assert shipping.reach(origin=code, destination=code) == "domestic"
        assert code in shipping._zones(), code


def test_rates_are_in_real_currencies_and_grow_with_weight_and_distance() -> None:
    assert shipping.currencies() <= known_currencies()
    for currency in shipping.currencies():
        prices = [
            shipping.parcel_price(
                origin="KE", destination=there, weight_grams=grams, currency=currency
            )
            for there, grams in (("KE", 100), ("TZ", 100), ("JP", 100), ("JP", 2000))
        ]
        minors = [price.minor for price in prices if price]
        assert len(minors) == 4, currency
        assert minors == sorted(minors), currency


def test_a_currency_without_a_price_list_cannot_be_shipped_in() -> None:
    price = shipping.parcel_price(origin="KE", destination="JP", weight_grams=100, currency="XTS")
    assert price is None


def test_every_sentence_stands_in_every_language_with_the_same_values() -> None:
    for key, texts in words().items():
        values = [set(re.findall(r"\{(\w+)\}", texts[language])) for language in LANGUAGES]
        assert all(texts[language].strip() for language in LANGUAGES), key
        assert values[1:] == values[:-1], key
