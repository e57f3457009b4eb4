"""In whose time a guide is written: one zone for each territory, named with its distance to UTC.

A page depends on its address alone, so the reader's own clock cannot be asked. Source of the
zones: CLDR by way of Babel; where a territory has several, its capital's.
"""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_skeleton, format_time, get_timezone_gmt

from kotinos.kernel.languages import cldr_locale

if TYPE_CHECKING:
    from datetime import date, tzinfo

_CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


@lru_cache(maxsize=512)
def zone_of(territory: str) -> tzinfo:
    """The zone in which a territory's guide is written; UTC where none is known."""
    found = get_global("territory_zones").get(territory, ())
    name = _CAPITALS.get(territory) or next(iter(found), "")
    return ZoneInfo(name) if name else timezone.utc


def time_text(at: datetime, zone: tzinfo, language: str) -> str:
    """`18:05`, as the language writes it."""
    return format_time(at, "short", tzinfo=zone, locale=cldr_locale(language))


def day_text(day: date, language: str) -> str:
    """`Sunday, 22 November`, as the language writes it."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc)
    return format_skeleton("MMMMEEEEd", noon, tzinfo=timezone.utc, locale=cldr_locale(language))


def offset_text(at: datetime, zone: tzinfo, language: str) -> str:
    """`GMT+09:00`, as the language writes it."""
    return get_timezone_gmt(at.astimezone(zone), width="long", locale=cldr_locale(language))
