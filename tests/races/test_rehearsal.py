"""A rehearsal of a drop against the running application: a crowd, a verdict, nothing real moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.site.site import Site

SLUG = "rehearsed-drop"
_SCHEDULE = f"""
from datetime import timedelta
from kotinos.drops import api as drops
from kotinos.kernel import clock
from kotinos.catalog.models import Offer
now = clock.now()
offer = Offer.objects.filter(seller__code="KOTINOS-SHOP").order_by("id").first()
terms = drops.DropTerms(
    slug="{SLUG}", names={{"en": "A drop to rehearse"}}, seller="KOTINOS-SHOP",
    products=(offer.variant.product.handle,), opens_at=now + timedelta(hours=1),
    closes_at=now + timedelta(hours=2),
)
made = drops.schedule_drop(terms=terms, now=now)
assert isinstance(made, drops.Scheduled), made
"""
_STOCK = (
    "SELECT coalesce(sum(on_hand), 0), coalesce(sum(held), 0) FROM stock_level AS level"
    " JOIN stock_location AS place ON place.id = level.location_id"
    " JOIN games_organisation AS owner ON owner.id = place.organisation_id"
    " WHERE owner.code <> 'REHEARSAL'"
)


@pytest.fixture
def drop(site: Site) -> str:
    done = site.say("manage", "shell", "-c", _SCHEDULE)
    assert done.returncode == 0, done.stderr
    return SLUG


def test_a_crowd_is_played_and_every_promise_is_kept(site: Site, drop: str) -> None:
    before = site.rows(_STOCK)
    done = site.say(
        *("drops", "rehearse", drop, "--peak", 10, "--seconds", 10, "--units", 20),
        *("--address", site.base),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
    assert site.rows(_STOCK) == before
    name = done.stdout.split()[-1]
    told = site.say("drops", "report", name).stdout
    assert "joined the line" in told
    assert "asked for" in told


def test_nobody_else_is_ever_asked(site: Site, drop: str) -> None:
    for address in ("http://example.org", "https://127.0.0.1", "ftp://localhost", "nonsense"):
        done = site.say("drops", "rehearse", drop, "--address", address)
        assert done.returncode != 0
        assert "not http on this machine" in done.stderr
