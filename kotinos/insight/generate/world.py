"""What the generator knows of the world: territories with their clocks, goods, programmes, medals.

Numbers are believable, not facts: shares of visitors are round guesses, clocks are those of July.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Array = npt.NDArray[Any]
DAYS = 30
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SPAN = DAYS * DAY


class Place(NamedTuple):
    """A territory: its committee, minutes ahead of UTC, visitors in a thousand, and its habits."""

    code: str
    noc: str
    ahead: int
    weight: int
    currency: str
    language: str


PLACES = tuple(
    Place(code, noc, int(ahead), int(weight), currency, language)
    for code, noc, ahead, weight, currency, language in (
        line.split()
        for line in """
US USA -420 170 USD en
CN CHN 480 120 CNY zh-Hans
JP JPN 540 80 JPY ja
GB GBR 60 70 GBP en
FR FRA 120 70 EUR fr
DE GER 120 60 EUR de
IN IND 330 50 INR en
BR BRA -180 45 BRL pt
CA CAN -240 40 CAD en
AU AUS 600 40 AUD en
KR KOR 540 35 KRW ko
IT ITA 120 35 EUR it
ES ESP 120 30 EUR es
MX MEX -360 25 MXN es
NL NED 120 22 EUR nl
KE KEN 180 12 KES en
NG NGR 60 12 NGN en
ZA RSA 120 10 ZAR en
EG EGY 180 9 EGP ar
MA MAR 60 8 MAD ar
SA KSA 180 8 SAR ar
AR ARG -180 10 ARS es
SE SWE 120 9 SEK sv
NO NOR 120 8 NOK no
CH SUI 120 8 CHF de
PL POL 120 8 PLN pl
UA UKR 180 6 UAH uk
TR TUR 180 6 TRY tr
JM JAM -300 5 JMD en
NZ NZL 720 6 NZD en
ID INA 420 8 IDR id
TH THA 420 5 THB th
XK KOS 120 1 EUR sq
NP NEP 345 2 NPR ne
CW AHO -240 1 USD nl
FJ FIJ 720 1 FJD en
""".strip().splitlines()
    )
)
NOCS = ("", *(place.noc for place in PLACES))
GOODS = (
    ("pin", 900),
    ("cap", 2500),
    ("scarf", 2900),
    ("mug", 1500),
    ("shirt", 3500),
    ("poster", 1900),
    ("flag", 1200),
    ("jacket", 9900),
    ("bag", 4500),
    ("mascot", 2700),
)
# What a euro is in minor units of other currencies, in hundredths; the rest are taken as 1.
_RATES = {"USD": 108, "JPY": 160, "KRW": 1500, "INR": 9000, "CNY": 780, "GBP": 85, "IDR": 17000}
PROGRAMMES = 60
CUES = 3
DROPS = ("opening-pin", "final-jersey")
REASONS = ("no-grant", "territory", "not-yet", "no-consent", "held-by-other", "quota-spent")
DEVICES = ("phone", "desktop", "tablet", "tv")
REFERRERS = ("", "search.example", "social.example", "news.example")
CAMPAIGNS = ("", "opening", "medal-moments", "last-week")
# How busy each hour of somebody's own day is.
_HOURS = (3, 2, 1, 1, 1, 2, 4, 6, 7, 6, 6, 7, 9, 9, 8, 8, 9, 11, 14, 18, 20, 17, 11, 6)


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column: for each row the place of its word."""

    codes: Array
    words: Sequence[str]


class Medals(NamedTuple):
    """Moments since the opening in microseconds; the committee (place in `NOCS`) that won."""

    at: Array
    noc: Array


def weights_of_places() -> Array:
    weights: Array = np.array([place.weight for place in PLACES], dtype=float)
    weights /= weights.sum()
    return weights


def weights_of_hours() -> Array:
    weights: Array = np.array(_HOURS, dtype=float)
    weights /= weights.sum()
    return weights


def weights_of_days() -> Array:
    """Return how busy each day is: opening, finals at weekends, closing, and a tail after it."""
    busy: Array = np.full(DAYS, 1.0)
    busy[:4] = 0.5
    busy[4] = 2.6  # the opening
    busy[10:12] = 1.6
    busy[17:19] = 1.9
    busy[20] = 2.3  # the closing
    busy[21:] = np.linspace(0.6, 0.2, DAYS - 21)
    busy /= busy.sum()
    return busy


def medals(random: np.random.Generator) -> Medals:
    """Draw 160 medals between opening and closing, in the evenings of the host (UTC-7)."""
    days = random.integers(5, 21, 160)
    at = days * DAY + (random.integers(17, 22, 160) + 7) * HOUR + random.integers(0, HOUR, 160)
    noc = 1 + random.choice(len(PLACES), 160, p=weights_of_places())
    return Medals(at % SPAN, noc)


def prices() -> Array:
    """Return minor units by kind of goods and territory."""
    rates: Array = np.array([_RATES.get(place.currency, 100) for place in PLACES])
    whole: Array = np.array([price for _, price in GOODS])[:, None] * rates[None, :]
    return whole // 100


def products() -> tuple[str, ...]:
    """Return handles, by committee and kind: `cap-fra`; `cap-games` where it is no team's."""
    return tuple(f"{kind}-{(noc or 'games').lower()}" for noc in NOCS for kind, _ in GOODS)


def titles() -> tuple[str, ...]:
    return tuple(
        f"{kind.capitalize()} {noc or 'of the Games'}" for noc in NOCS for kind, _ in GOODS
    )


def currencies() -> tuple[str, ...]:
    return tuple(place.currency for place in PLACES)


def opening_day(first: date) -> int:
    """Return the days since 1970 of the first day."""
    return first.toordinal() - 719_163
