from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kotinos.kernel import tokens
from kotinos.kernel.ids import new_id
from kotinos.kernel.spending import forget_expired, spend

if TYPE_CHECKING:
    from uuid import UUID

NOW = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def _token(**payload: object) -> str:
    return tokens.sign(purpose="order", payload=payload, expires_at=NOW + HOUR)


def test_a_token_says_what_was_signed() -> None:
    found = tokens.read(purpose="order", token=_token(order="A1"), now=NOW)
    assert isinstance(found, tokens.Valid)
    assert found.payload == {"order": "A1"}


def test_a_token_for_one_purpose_is_worth_nothing_for_another() -> None:
    assert tokens.read(purpose="refund", token=_token(), now=NOW) == tokens.Forged()


def test_a_token_expires_on_the_second() -> None:
    token = _token(order="A1")
    last = NOW + HOUR - timedelta(seconds=1)
    assert isinstance(tokens.read(purpose="order", token=token, now=last), tokens.Valid)
    expired = tokens.read(purpose="order", token=token, now=NOW + HOUR)
    assert expired == tokens.Expired({"order": "A1"})


def test_no_single_changed_character_passes() -> None:
    token = _token(order="A1")
    for position, character in enumerate(token):
        other = "A" if character != "A" else "B"
        forged = token[:position] + other + token[position + 1 :]
        assert tokens.read(purpose="order", token=forged, now=NOW) == tokens.Forged(), position


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert tokens.read(purpose="order", token=text, now=NOW) == tokens.Forged()


def test_a_very_long_text_is_refused_unread() -> None:
    assert tokens.read(purpose="order", token="A" * 10_000_000, now=NOW) == tokens.Forged()


@pytest.mark.django_db
def test_a_token_is_spent_once() -> None:
    token_id = new_id()
    assert spend(token_id=token_id, expires_at=NOW + HOUR, now=NOW)
    assert not spend(token_id=token_id, expires_at=NOW + HOUR, now=NOW)
    assert forget_expired(now=NOW + 2 * HOUR) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_spend_a_token_at_once_one_wins() -> None:
    token_id: UUID = new_id()
    won: list[bool] = []
    start = threading.Barrier(8)

    def one() -> None:
        start.wait()
        won.append(spend(token_id=token_id, expires_at=NOW + HOUR, now=NOW))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
