"""An editors' own poster: on the newest package at once, and on those to come."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kotinos.channel import api as channel
from kotinos.channel.ingest import packaging
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.running import Order
from kotinos.channel.ingest.sweeping import poster_path
from kotinos.channel.models import Package
from kotinos.channel.results import NotFound
from kotinos.channel.store import PACKAGES, store
from kotinos.channel.tests.clips import packaged
from kotinos.channel.tests.ingest.desk import programme
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def red() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (900, 900), "red").save(file, "PNG")
    return file.getvalue()


def colour(picture: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(picture)) as opened:
        found = opened.convert("RGB").getpixel((opened.width // 2, opened.height // 2))
    assert isinstance(found, tuple)
    return tuple(round(value / 10) for value in found)


def test_a_poster_is_shown_at_once_and_by_packages_to_come(clip: Path, tmp_path: Path) -> None:
    swim, now = programme(), clock.now()
    facts = packaged(programme_id=swim.id, now=now)
    assert channel.set_poster(programme_id=swim.id, data=red(), now=now) is None
    for name in ("poster-320.webp", "poster-1280.webp", "poster.jpg"):
        shown = store().read_now(f"{PACKAGES}/{facts.id}/{name}")
        assert shown is not None
        assert colour(shown)[0] >= 25, name
    assert Package.objects.get().facts["poster_at"] == int(now.timestamp())
    folder = tmp_path / "next"
    folder.mkdir()
    order = packaging.Order(new_id(), swim.id, clip, poster_path(swim.id), 3600)
    made = packaging.make(order, folder=folder, beat=lambda _percent: Order.GO)
    assert isinstance(made, packaging.Made)
    assert colour((folder / "poster.jpg").read_bytes())[0] >= 25


def test_what_is_no_picture_is_refused_and_changes_nothing() -> None:
    swim = programme()
    found = channel.set_poster(programme_id=swim.id, data=b"<svg/>", now=clock.now())
    assert isinstance(found, Bad)
    assert found.fault is Fault.UNSUPPORTED
    assert not poster_path(swim.id).exists()
    gone = channel.set_poster(programme_id=new_id(), data=red(), now=clock.now())
    assert isinstance(gone, NotFound)
