"""Readers who wait for something to open: kept once, refused where it makes no sense."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotinos.kernel import clock
from kotinos.kernel.place import Place
from kotinos.web import wishes
from kotinos.web.models import OpeningWish

pytestmark = pytest.mark.django_db
_JAPAN = Place("en", "JP")


def test_a_text_that_is_no_address_keeps_nothing() -> None:
    outcome = wishes.ask(email="ann@", handle="cap", place=_JAPAN, now=clock.now())
    assert outcome == wishes.NotKept("address")
    assert not OpeningWish.objects.exists()


def test_a_product_that_does_not_exist_keeps_nothing() -> None:
    outcome = wishes.ask(email="ann@example.org", handle="none", place=_JAPAN, now=clock.now())
    assert outcome == wishes.NotKept("product")


def test_old_wishes_are_forgotten() -> None:
    OpeningWish.objects.create(
        email="ann@example.org",
        handle="none",
        language="en",
        territory="JP",
        made_at=clock.now() - 2 * timedelta(days=wishes.WISH_DAYS_MAX),
    )
    assert wishes.tell(now=clock.now()) == 0
    assert not OpeningWish.objects.exists()
