"""Money as whole minor units of one currency. Never a float, never a sum over two currencies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

from kotinos.kernel.languages import RIGHT_TO_LEFT, cldr_locale

BASIS_POINTS = 10_000
LEFT_TO_RIGHT_MARK = "\u200e"


@lru_cache(maxsize=512)
def minor_digits(currency: str) -> int:
    """Decimal digits of a currency's minor unit (CLDR supplemental data): JPY 0, EUR 2, KWD 3."""
    return int(get_currency_precision(currency))


@lru_cache(maxsize=1)
def known_currencies() -> frozenset[str]:
    """Every ISO 4217 code that CLDR knows."""
    return frozenset(get_global("all_currencies"))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units: `Money(1250, "EUR")` is 12.50 euro.

    Sums and comparisons over two currencies raise ValueError: there is no exchange rate here.
    """

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def share(self, basis_points: int) -> Money:
        """That many hundredths of a percent, rounded half up to the minor unit."""
        return Money(round_half_up(self.minor * basis_points, BASIS_POINTS), self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient of two integers, halves away from zero; exact at any size."""
    quotient = Decimal(numerator) / Decimal(denominator)
    return int(quotient.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def money_from_text(text: str, currency: str) -> Money | None:
    """`"12.50"` in a currency as minor units; None where the text is no amount of that currency."""
    try:
        scaled = Decimal(text.strip()).scaleb(minor_digits(currency))
    except ArithmeticError:
        return None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        return None
    return Money(int(scaled), currency)


def format_money(money: Money, language: str) -> str:
    """The amount as a reader of that language writes it, with the currency's own digits."""
    amount = Decimal(money.minor).scaleb(-minor_digits(money.currency))
    text = str(format_currency(amount, money.currency, locale=cldr_locale(language)))
    # A symbol such as JP¥ would be torn apart: its last sign has no direction of its own.
    mark = LEFT_TO_RIGHT_MARK if language in RIGHT_TO_LEFT and text[-1] != "\u200f" else ""
    return text + mark
