"""What the sandbox and we say to each other: signed notices, and the address of its page.

No database and no framework, so that either lane reads the same words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from kotinos.kernel import tokens
from kotinos.kernel.money import Money
from kotinos.payments.contracts import Notice, NoticeKind, NoticeRefused
from kotinos.payments.decide import check_signature, signature_text

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = "sandbox"
SIGNATURE_HEADER = "kotinos-signature"
PAGE_PURPOSE = "payments.sandbox.page"
NOTICE_PURPOSE = "payments.sandbox.notice"
PAGE_HOURS = 24
BODY_BYTES_MAX = 4096
MINOR_MAX = 10**15


class NoticeBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of a sandbox notice."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    intent: UUID
    kind: NoticeKind
    minor: Annotated[int, Meta(ge=0, le=MINOR_MAX)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    occurred_at: datetime
    detail: str = ""


_decoder = msgspec.json.Decoder(NoticeBody)


def page_url(intent_id: UUID, *, now: datetime) -> str:
    """Where the buyer pays this intent."""
    token = tokens.sign(
        purpose=PAGE_PURPOSE,
        payload={"intent": str(intent_id)},
        expires_at=now + timedelta(hours=PAGE_HOURS),
    )
    return f"/sandbox/pay/{token}"


def read_notice(
    *, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | NoticeRefused:
    """The sandbox's word, where signature and age hold. Header names are lower case."""
    if len(body) > BODY_BYTES_MAX:
        return NoticeRefused("malformed")
    refused = check_signature(
        header=headers.get(SIGNATURE_HEADER, ""), body=body, now=now, sign=_signed
    )
    if refused is not None:
        return refused
    try:
        read = _decoder.decode(body)
    except msgspec.MsgspecError:
        return NoticeRefused("malformed")
    amount = Money(read.minor, read.currency)
    return Notice(read.id, read.intent, read.kind, amount, read.occurred_at, read.detail)


def write_notice(notice: Notice) -> bytes:
    """The body of a notice."""
    return msgspec.json.encode(
        NoticeBody(
            id=notice.id,
            intent=notice.intent_id,
            kind=notice.kind,
            minor=notice.amount.minor,
            currency=notice.amount.currency,
            occurred_at=notice.occurred_at,
            detail=notice.detail,
        )
    )


def signed_headers(body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers that make a body a notice of the sandbox."""
    at_s = int(now.timestamp())
    return {SIGNATURE_HEADER: f"t={at_s},v1={_signed(signature_text(at_s=at_s, body=body))}"}


def _signed(text: bytes) -> str:
    return tokens.signature(NOTICE_PURPOSE, text)
