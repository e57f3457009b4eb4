"""Joining a line over HTTP, as a page's script does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import falcon.asgi
import pytest
from django.db import connection
from falcon import testing

from config.settings import DATABASE_URL
from kotinos.fastlane.rooms import BODY_BYTES_MAX, STATUS_CACHE, add_routes
from kotinos.kernel import clock, fast
from kotinos.waitingroom import api as waitingroom
from kotinos.waitingroom import fast as fast_rooms
from kotinos.waitingroom.contracts import Signals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Story = Callable[[testing.ASGIConductor, fast_rooms.Rooms], Awaitable[None]]

pytestmark = pytest.mark.django_db(transaction=True)


def _room(**more: Any) -> waitingroom.Room:
    now = clock.now()
    terms: dict[str, Any] = {"opens_at": now + timedelta(minutes=5), **more}
    return waitingroom.create_room(
        code=f"room-{uuid4()}", closes_at=now + timedelta(hours=1), now=now, guest_bits=0, **terms
    )


def _play(story: Story) -> None:
    name = connection.settings_dict["NAME"]

    async def go() -> None:
        async with fast.pool(DATABASE_URL.replace("/kotinos?", f"/{name}?"), size=2) as pool:
            rooms = fast_rooms.Rooms(pool)
            await rooms.tick(now=clock.now())
            app = falcon.asgi.App()
            add_routes(app, rooms)
            async with testing.ASGIConductor(app) as client:
                await story(client, rooms)

    asyncio.run(go())


def test_a_guest_works_joins_and_keeps_the_place_in_a_cookie() -> None:
    room = _room()
    base = f"/fast/rooms/{room.id}"

    async def story(client: testing.ASGIConductor, _rooms: fast_rooms.Rooms) -> None:
        work = (await client.simulate_post(f"{base}/challenge")).json
        assert work["bits"] == 0
        body = {"challenge": work["challenge"], "nonce": "1"}
        first = await client.simulate_post(f"{base}/join", json=body)
        assert first.status_code == 200
        assert first.json["joined_ms"] < room.opens_ms
        cookie = first.cookies[fast_rooms.line_cookie(room.id)]
        assert cookie.http_only
        assert cookie.value == first.json["ticket"]
        held = {fast_rooms.line_cookie(room.id): cookie.value}
        again = await client.simulate_post(f"{base}/join", json={}, cookies=held)
        assert again.json["again"]
        assert again.json["ticket"] == first.json["ticket"]
        waiting = await client.simulate_post(f"{base}/admission", cookies=held)
        assert waiting.status_code == 202
        assert waiting.json["served"] is False
        assert waiting.headers["retry-after"] == "2"

    _play(story)


def test_whose_turn_it_is_gets_a_pass() -> None:
    room = _room(opens_at=clock.now() - timedelta(seconds=30))
    base = f"/fast/rooms/{room.id}"
    token = waitingroom.sign_account_identity(person_id=uuid4(), room_id=room.id, now=clock.now())

    async def story(client: testing.ASGIConductor, rooms: fast_rooms.Rooms) -> None:
        joined = await client.simulate_post(f"{base}/join", json={"account": token})
        later = clock.now() + timedelta(seconds=3)
        await rooms.tick(now=later)
        for number in range(4):
            now = later + timedelta(seconds=number)
            await rooms.conduct(room.id, signals=Signals(units_free=9), now=now)
        body = {"ticket": joined.json["ticket"]}
        got = await client.simulate_post(f"{base}/admission", json=body)
        assert got.status_code == 200
        assert got.cookies[fast_rooms.pass_cookie(room.id)].value == got.json["admission"]
        read = fast_rooms.read_admission(got.json["admission"], room_id=room.id, now=clock.now())
        assert isinstance(read, waitingroom.Admitted)
        assert read.identity == joined.json["identity"]

    _play(story)


def test_the_status_may_be_kept_for_a_second() -> None:
    room = _room()

    async def story(client: testing.ASGIConductor, _rooms: fast_rooms.Rooms) -> None:
        got = await client.simulate_get(f"/fast/rooms/{room.id}/status")
        assert got.json["phase"] == "before"
        assert got.headers["cache-control"] == STATUS_CACHE
        assert (await client.simulate_get(f"/fast/rooms/{uuid4()}/status")).status_code == 404

    _play(story)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b'"x"', 422),
        (b"\xff\xfe", 422),
        (b'{"ticket": 5}', 422),
        (b'{"nonce": "' + b"1" * 100 + b'"}', 422),
        (b'{"more": ' + b"[" * 3000 + b"]" * 900 + b"}", 422),
        (b" " * (BODY_BYTES_MAX + 1), 422),
        (b"", 403),
        (b'{"more": {"deep": [1, 2]}}', 403),
        (b'{"account": "x.y"}', 403),
    ],
)
def test_nonsense_is_refused_in_words(body: bytes, status: int) -> None:
    room = _room()

    async def story(client: testing.ASGIConductor, _rooms: fast_rooms.Rooms) -> None:
        got = await client.simulate_post(f"/fast/rooms/{room.id}/join", body=body)
        assert got.status_code == status, got.text
        assert got.json["error"]
        assert got.json["message"]

    _play(story)
