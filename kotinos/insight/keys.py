"""The write key that is there without anybody making it: that of our own pages.

It is derived from the installation's secret, so that a page knows it without asking
the database and every process knows the same one. It is public, as any tracker's.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

from kotinos.games import api as games
from kotinos.insight.models import WriteKey
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime

PAGES = "web"  # the name of the pages' key, and `source` of what comes by it
PAGE_EVENTS_PER_S_MAX = 5_000


@lru_cache(maxsize=64)
def page_key(edition: str) -> str:
    """The write key that our own pages of an edition send with. Asks no database."""
    secret = environment().secret.encode()
    return (
        "web_"
        + hmac.new(secret, f"insight page {edition}".encode(), hashlib.sha256).hexdigest()[:32]
    )


def prepare(*, now: datetime) -> None:
    """Give every edition its page key; repeating it changes nothing."""
    for edition in games.editions():
        WriteKey.objects.get_or_create(
            key=page_key(edition.code),
            defaults={
                "name": PAGES,
                "edition_id": edition.code,
                "events_per_s_max": PAGE_EVENTS_PER_S_MAX,
                "made_at": now,
            },
        )
