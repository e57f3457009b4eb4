"""Both lanes behind one port: the ASGI application that the server runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from a2wsgi import WSGIMiddleware

from config.settings import DATABASE_URL, MEDIA_ROOT
from config.wsgi import application as rich_lane
from kotinos.channel.fast import Screen, Segments
from kotinos.channel.store import store, upload_folder
from kotinos.drops.fast import Floor
from kotinos.fastlane.app import create
from kotinos.fastlane.channel import ChannelDoors
from kotinos.fastlane.collect import CollectDoors
from kotinos.fastlane.dispatch import Dispatcher
from kotinos.fastlane.drops import DropDoors
from kotinos.fastlane.pagecache import PageCache
from kotinos.fastlane.runtime import Runtime
from kotinos.fastlane.uploads import UploadDoors
from kotinos.insight.fast import Collection
from kotinos.kernel import fast
from kotinos.kernel.environment import environment
from kotinos.orders.fast import HotOrders
from kotinos.waitingroom.fast import Rooms

RICH_THREADS = 12
FAST_CONNECTIONS = 8
CACHE_BYTES_MAX = 128_000_000

if TYPE_CHECKING:
    from kotinos.fastlane.dispatch import Lane

# Each library words the types of ASGI in its own way.
_pool = fast.pool(DATABASE_URL, size=FAST_CONNECTIONS)
_rooms, _floor = Rooms(_pool), Floor(_pool)
_orders = HotOrders(_pool, _floor)
_screen = Screen(_pool)
_collection = Collection(_pool, folder=environment().data / "insight" / "log")


async def _keep_watching(rows: list[list[Any]]) -> None:
    await _collection.note(table="watching", edition=environment().edition, rows=rows)


application = Dispatcher(
    fast=cast("Lane", create(_pool, media=MEDIA_ROOT, rooms=_rooms)),
    hot=DropDoors(_orders, _floor),
    channel=ChannelDoors(
        _screen,
        segments=Segments(store()),
        uploads=UploadDoors(_pool, upload_folder()),
        keep=_keep_watching,
    ),
    collect=CollectDoors(_collection),
    rich=cast("Lane", WSGIMiddleware(cast("Any", rich_lane), workers=RICH_THREADS)),
    pool=_pool,
    dsn=DATABASE_URL,
    background=Runtime(
        DATABASE_URL,
        rooms=_rooms,
        floor=_floor,
        orders=_orders,
        screen=_screen,
        collection=_collection,
    ),
    documents=_rooms.document,
    cache=PageCache(bytes_max=CACHE_BYTES_MAX, clock_s=time.monotonic),
)
