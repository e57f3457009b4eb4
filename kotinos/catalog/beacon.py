"""Counting refusals that visitors meet, without a cookie and behind any cache.

The page carries a signed address; whoever loads the page fetches it. So a cached page counts as
well as a fresh one, a stranger cannot count what no page refused, and without JavaScript the
address is an image's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from kotinos.kernel import tokens
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE = "catalog.refusal"
LIFE = timedelta(days=2)  # Longer than any cache may hold the page.
_BOTS = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "curl",
    "wget",
    "python",
    "preview",
    "monitor",
    "headless",
)


class Met(msgspec.Struct, frozen=True):
    """What the signed address says: one refusal, without the visitor."""

    w: UUID
    s: str
    t: str
    r: str
    p: str
    b: str
    v: int
    c: str


def beacon_url(payload: Mapping[str, Any], *, now: datetime) -> str:
    """The signed address that counts this refusal, good for two days."""
    day = datetime(now.year, now.month, now.day, tzinfo=timezone.utc)
    token = tokens.sign(purpose=PURPOSE, payload=dict(payload), expires_at=day + LIFE)
    return f"/beacon/refusal?token={token}"


def session_key(*, ip: str, user_agent: str, day: date) -> str:
    """One visitor on one day, without keeping who: a keyed hash that nobody can turn back."""
    return tokens.keyed_hash("catalog.visitor", f"{ip}\n{user_agent[:300]}\n{day.isoformat()}")


def is_bot(user_agent: str) -> bool:
    """Programs that say so, and those that say nothing."""
    said = user_agent.lower()
    return not said or any(word in said for word in _BOTS)


def count_refusal(*, token: str, ip: str, user_agent: str, now: datetime) -> bool:
    """Record the refusal a page carried; False where the token is not ours, or too old.

    A repeat by the same visitor on the same day counts once; so a replay is harmless.
    """
    match tokens.read(purpose=PURPOSE, token=token, now=now):
        case tokens.Valid(payload=payload):
            met = msgspec.convert(payload, Met, strict=False)
        case _:
            return False
    rights.record_refusal(
        work_id=met.w,
        seller_id=UUID(met.s) if met.s else None,
        territory=met.t,
        reason=rights.Reason(met.r),
        property=met.p,
        blocking=UUID(met.b) if met.b else None,
        value_minor=met.v,
        currency=met.c,
        session_key=session_key(ip=ip, user_agent=user_agent, day=now.date()),
        bot=is_bot(user_agent),
        now=now,
    )
    return True
