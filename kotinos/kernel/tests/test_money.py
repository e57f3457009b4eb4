from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotinos.kernel.money import (
    Money,
    format_money,
    minor_digits,
    money_from_text,
    round_half_up,
)


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and JPY"):
        Money(1, "EUR") + Money(1, "JPY")


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_sums_are_exact(a: int, b: int) -> None:
    assert Money(a, "EUR") + Money(b, "EUR") - Money(b, "EUR") == Money(a, "EUR")


@pytest.mark.parametrize(
    ("minor", "basis_points", "expected"),
    [(1000, 750, 75), (1, 5000, 1), (-1, 5000, -1), (3, 5000, 2), (333, 1000, 33)],
)
def test_a_share_rounds_half_away_from_zero(minor: int, basis_points: int, expected: int) -> None:
    assert Money(minor, "EUR").share(basis_points) == Money(expected, "EUR")


def test_rounding_is_exact_where_a_float_is_not() -> None:
    assert round_half_up(10**25 + 5, 10) == (10**25 + 5) // 10 + 1


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "EUR", 1250), ("1200", "JPY", 1200), ("1.234", "KWD", 1234), (" 3 ", "EUR", 300)],
)
def test_text_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    assert money_from_text(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity", "1e-9", "1,50"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert money_from_text(text, "EUR") is None


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    money_from_text(text, "EUR")


def test_amounts_read_as_the_language_writes_them() -> None:
    assert format_money(Money(123456, "EUR"), "en") == "€1,234.56"
    assert format_money(Money(1200, "JPY"), "zh-hans") == "JP¥1,200"
    assert "1" in format_money(Money(123456, "EUR"), "ar")
    assert minor_digits("JPY") == 0
