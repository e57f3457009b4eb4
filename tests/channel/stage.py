"""The channel's doors with a world behind them, in one process: no server, the same code."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from django.db import connection

from config.settings import DATABASE_URL
from kotinos.channel.fast import Screen, Segments
from kotinos.channel.store import store, upload_folder
from kotinos.fastlane.channel import ChannelDoors
from kotinos.fastlane.uploads import UploadDoors
from kotinos.kernel import clock, fast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime


@dataclass
class Got:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Viewer:
    """Asks the doors as a player would."""

    def __init__(self, screen: Screen, uploads: UploadDoors) -> None:
        self.screen = screen
        self.watching: list[list[Any]] = []
        self._doors = ChannelDoors(
            screen, segments=Segments(store()), uploads=uploads, keep=self._keep
        )

    async def _keep(self, rows: list[list[Any]]) -> None:
        """What goes to the lake: the log of a whole server is tested elsewhere."""
        self.watching += rows

    async def get(self, url: str, **headers: str) -> Got:
        """One request by GET; header names with `_` for `-`."""
        return await self.send("GET", url, b"", headers)

    async def send(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Got:
        parts = urlsplit(url)
        got = Got(0)
        scope = {
            "type": "http",
            "method": method,
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def take(message: Any) -> None:
            if message["type"] == "http.response.start":
                got.status = message["status"]
                got.headers = {n.decode(): v.decode() for n, v in message["headers"]}
            else:
                got.body += message.get("body", b"")

        await self._doors(scope, receive, take)
        return got

    async def play(self, what: str, place: str) -> Any:
        """What the player is told of `video/<code>`, `linear/<code>` or `live/<code>`."""
        return (await self.get(f"/fast/channel/play/{what}?place={place}")).json


def watch(story: Callable[[Viewer], Awaitable[None]], *, now: datetime | None = None) -> None:
    """Run a story with a viewer whose process has just read everything."""
    name = connection.settings_dict["NAME"]

    async def go() -> None:
        async with fast.pool(DATABASE_URL.replace("/kotinos?", f"/{name}?"), size=2) as pool:
            screen = Screen(pool)
            await screen.tick(now=now or clock.now())
            await story(Viewer(screen, UploadDoors(pool, upload_folder())))

    asyncio.run(go())


def addresses(playlist: str, url: str) -> list[str]:
    """Every address of a playlist, the token of its own address put in."""
    token = urlsplit(url).query.removeprefix("t=")
    lines = [line for line in playlist.splitlines() if line and not line.startswith("#")]
    found = [part.split('"')[1] for part in playlist.split("URI=")[1:]] + lines
    base = urlsplit(url).path.rpartition("/")[0]
    full = [each if each.startswith("/") else f"{base}/{each}" for each in found]
    return [each.replace("{$t}", token) for each in full]
