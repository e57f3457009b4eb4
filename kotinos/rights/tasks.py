"""What rights do when they hear news from below: a new table of homes moves every answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import api as games
from kotinos.kernel import clock, outbox
from kotinos.rights.actions import exclusives
from kotinos.rights.actions.frame import settle, take_book

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.kernel.outbox import Event

log = logging.getLogger(__name__)
EXCLUSIVES_COLLIDE = "rights.exclusives_collide"


@outbox.handler(games.ATLAS_CHANGED)
def on_atlas_changed(event: Event) -> None:
    """Compile everything again, and claim every exclusive where it now lies."""
    recompile_everything(now=max(event.happened_at, clock.now()))


@transaction.atomic
def recompile_everything(*, now: datetime) -> int:
    """The works compiled. Exclusives that collide under a new table are news for people."""
    now = take_book(now)
    colliding = exclusives.claim_all_again(now=now)
    if colliding:
        log.warning("exclusive grants overlap under the new table: %s", colliding)
        grants = [str(each) for each in colliding]
        outbox.publish(kind=EXCLUSIVES_COLLIDE, payload={"grants": grants}, now=now)
    return settle(property_ids=None, now=now, cause="recompile", subject="everything")
