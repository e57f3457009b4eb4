"""A rehearsal of a drop against the running application: a crowd, a verdict, nothing real moved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

from tests.site.edition import PASSWORD

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


@pytest.fixture(scope="module")
def drop(site: Site) -> str:
    done = site.say("manage", "shell", "-c", _SCHEDULE)
    assert done.returncode == 0, done.stderr
    return SLUG


def test_nobody_else_is_ever_asked(site: Site, drop: str) -> None:
    for address in ("http://example.org", "https://127.0.0.1", "ftp://localhost", "nonsense"):
        done = site.say("drops", "rehearse", drop, "--address", address)
        assert done.returncode != 0
        assert "not http on this machine" in done.stderr


def test_the_office_plays_a_crowd_and_every_promise_is_kept(site: Site, drop: str) -> None:
    before, session = site.rows(_STOCK), requests.Session()
    _post(session, f"{site.base}/account/login/", login="operator@kotinos.example",
          password=PASSWORD)  # fmt: skip
    page = f"{site.base}/office/drops/{drop}/"
    began = _post(session, f"{page}rehearse/", page, peak="10", seconds="10", units="12")
    assert began.url.endswith("/cockpit/")
    state = began.url.removesuffix("/") + ".json"
    deadline = time.monotonic() + 120
    while session.get(state, timeout=20).json()["phase"] != "over":
        assert time.monotonic() < deadline
        time.sleep(1)
    report = session.get(began.url.replace("cockpit", "report"), timeout=20).text
    assert "The rehearsal held" in report
    assert site.rows(_STOCK) == before
    told = site.say("drops", "report", began.url.split("/")[-3]).stdout
    assert "✗" not in told
    assert "joined the line" in told


def _post(
    session: requests.Session, address: str, page: str = "", **form: str
) -> requests.Response:
    """Send a form as the page it stands on does."""
    session.get(page or address, timeout=20)
    form["csrfmiddlewaretoken"] = session.cookies["csrftoken"] or ""
    return session.post(address, data=form, headers={"Referer": page or address}, timeout=20)
