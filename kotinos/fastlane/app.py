"""The fast lane: Falcon on asyncio, no Django. What is hot, small or personal is answered here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import falcon
import falcon.asgi
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.fastlane.rooms import add_routes as add_room_routes
from kotinos.kernel import clock
from kotinos.kernel.batcher import QueueFullError
from kotinos.orders.fast import read_basket_count

if TYPE_CHECKING:
    from pathlib import Path

    from falcon.asgi import Request, Response

    from kotinos.kernel.fast import Pool
    from kotinos.waitingroom.fast import Rooms


class Health:
    """Whether this process can serve: its database answers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def on_get(self, _request: Request, response: Response) -> None:
        async with self._pool.connection(timeout=2.0) as conn:
            await conn.execute("SELECT")
        response.media = {"ok": True}
        response.cache_control = ["no-store"]


class Basket:
    """How much is in this browser's basket: the small personal part of public pages."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def on_get(self, request: Request, response: Response) -> None:
        count = await read_basket_count(self._pool, cookies=request.cookies, now=clock.now())
        response.media = {"lines": count.lines, "units": count.units}
        response.cache_control = ["private", "no-store"]


class Immutable:
    """Pictures carry a hash of their content in their name: whoever has one may keep it."""

    async def process_response(
        self,
        request: Request,
        response: Response,
        _resource: object,
        succeeded: bool,  # noqa: FBT001 - Falcon calls it so
    ) -> None:
        if succeeded and request.path.startswith("/media/"):
            response.set_header("Cache-Control", "public, max-age=31536000, immutable")
            response.set_header("X-Content-Type-Options", "nosniff")


async def _failed(
    _request: Request, response: Response, _error: Exception, _params: dict[str, Any]
) -> None:
    """The database cannot be reached, or too many wait: say so, and when to come back."""
    response.status = falcon.HTTP_503
    response.set_header("Retry-After", "2")
    response.media = {"error": "busy", "message": "Kotinos is busy; please try again."}


def create(pool: Pool, *, media: Path, rooms: Rooms) -> falcon.asgi.App[Request, Response]:
    """The lane's app. `pool` is opened by whoever runs the event loop."""
    media.mkdir(parents=True, exist_ok=True)
    app = falcon.asgi.App(middleware=[Immutable()])
    app.add_route("/fast/health", Health(pool))
    app.add_route("/fast/basket", Basket(pool))
    add_room_routes(app, rooms)
    app.add_static_route("/media", str(media.resolve()))
    for kind in (PoolTimeout, OperationalError, QueueFullError):
        app.add_error_handler(kind, _failed)
    return app
