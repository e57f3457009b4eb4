"""One SQL text, two lanes: every runner keeps the same promise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg.errors import DataError

from config.settings import DATABASE_URL
from kotinos.kernel import fast, rich
from kotinos.kernel.batcher import Batcher, QueueFullError
from kotinos.kernel.ids import new_id
from kotinos.kernel.statement import Statement
from kotinos.kernel.statements import spend_token

NOW = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)
Spend = Callable[[UUID], list[UUID]]
ECHO: Statement[tuple[int, int]] = Statement(
    "echo.sql",
    "SELECT position, 10 / number AS tenth "
    "FROM unnest(%(number)s::int[]) WITH ORDINALITY AS asked (number, position)",
    lambda row: (row["position"], row["tenth"]),
)


def _test_dsn() -> str:
    name = connection.settings_dict["NAME"]
    return DATABASE_URL.replace("/kotinos?", f"/{name}?")


def _rich(token_id: UUID) -> list[UUID]:
    return rich.run(spend_token, token_id=token_id, now=NOW, expires_at=NOW + timedelta(1))


def _fast(token_id: UUID) -> list[UUID]:
    async def go() -> list[UUID]:
        async with await psycopg.AsyncConnection.connect(_test_dsn(), autocommit=True) as conn:
            return await fast.run(
                conn, spend_token, token_id=token_id, now=NOW, expires_at=NOW + timedelta(1)
            )

    return asyncio.run(go())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(_rich, _fast), (_fast, _rich)])
def test_what_one_lane_spent_the_other_cannot(first: Spend, second: Spend) -> None:
    token_id = new_id()
    assert first(token_id) == [token_id]
    assert second(token_id) == []


def _with_batcher(use: Callable[[Batcher[int]], Any], **limits: int) -> Any:
    async def go() -> Any:
        async with fast.pool(_test_dsn(), size=2) as pool:
            return await use(Batcher(ECHO, pool, **{"size_max": 64, **limits}))

    return asyncio.run(go())


@pytest.mark.django_db(transaction=True)
def test_everybody_in_a_batch_gets_their_own_answer() -> None:
    async def use(batcher: Batcher[int]) -> list[int]:
        return await asyncio.gather(*(batcher.call(number=n) for n in range(1, 201)))

    assert _with_batcher(use) == [10 // n for n in range(1, 201)]


@pytest.mark.django_db(transaction=True)
def test_one_bad_request_costs_the_others_nothing() -> None:
    async def use(batcher: Batcher[int]) -> list[object]:
        calls = (batcher.call(number=n) for n in (1, 2, 0, 5))
        return await asyncio.gather(*calls, return_exceptions=True)

    answers = _with_batcher(use)
    assert [answers[0], answers[1], answers[3]] == [10, 5, 2]
    assert isinstance(answers[2], DataError)


@pytest.mark.django_db(transaction=True)
def test_the_queue_is_bounded() -> None:
    async def use(batcher: Batcher[int]) -> list[object]:
        calls = (batcher.call(number=1) for _ in range(50))
        return await asyncio.gather(*calls, return_exceptions=True)

    answers = _with_batcher(use, waiting_max=10)
    assert answers.count(10) == 10
    assert sum(isinstance(answer, QueueFullError) for answer in answers) == 40


@pytest.mark.django_db(transaction=True)
def test_who_calls_as_a_batch_ends_is_not_forgotten() -> None:
    async def use(batcher: Batcher[int]) -> list[int]:
        async def again() -> list[int]:
            return [await batcher.call(number=n) for n in (1, 2, 5)]

        return [each for answers in await asyncio.gather(again(), again()) for each in answers]

    async def bounded(batcher: Batcher[int]) -> list[int]:
        async with asyncio.timeout(20):
            return [each for _ in range(30) for each in await use(batcher)]

    assert _with_batcher(bounded, second_from=2) == [10, 5, 2, 10, 5, 2] * 30
