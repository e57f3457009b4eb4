"""Both lanes behind one port: the ASGI application that the server runs."""

from __future__ import annotations

import time

from a2wsgi import WSGIMiddleware

from config.settings import DATABASE_URL, MEDIA_ROOT
from config.wsgi import application as rich_lane
from kotinos.fastlane.app import create
from kotinos.fastlane.dispatch import Dispatcher
from kotinos.fastlane.pagecache import PageCache
from kotinos.kernel import fast

RICH_THREADS = 12
FAST_CONNECTIONS = 8
CACHE_BYTES_MAX = 128_000_000

_pool = fast.pool(DATABASE_URL, size=FAST_CONNECTIONS)
application = Dispatcher(
    fast=create(_pool, media=MEDIA_ROOT),
    rich=WSGIMiddleware(rich_lane, workers=RICH_THREADS),
    pool=_pool,
    dsn=DATABASE_URL,
    cache=PageCache(bytes_max=CACHE_BYTES_MAX, clock_s=time.monotonic),
)
