"""The header's number, read without Django on the fast lane."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any, cast
from uuid import uuid4

from kotinos.kernel import clock
from kotinos.orders.cookie import BASKET_COOKIE
from kotinos.orders.fast import EMPTY, read_basket_count


def test_a_browser_without_a_basket_costs_no_query() -> None:
    no_pool = cast("Any", None)
    for cookies in ({}, {BASKET_COOKIE: "forged"}, {BASKET_COOKIE: str(uuid4())}):
        count = asyncio.run(read_basket_count(no_pool, cookies=cookies, now=clock.now()))
        assert count == EMPTY


def test_the_reader_does_not_load_django() -> None:
    check = "import sys, kotinos.orders.fast; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)  # noqa: S603 - our own interpreter
