"""The SQL of payments bound to readers, for either lane. One element of the arrays is one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Scalar, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kotinos.payments.contracts import Notice

PACKAGE = "kotinos.payments"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """What became of a notice. `reference` is None where no such intent of its provider is known.

    `is_paid`: this notice, for the first time, brought exactly the amount that was asked.
    """

    reference: str | None
    again: bool
    is_paid: bool


def _notice(row: Mapping[str, Any]) -> tuple[int, NoticeRow]:
    return row["position"], NoticeRow(row["reference"], row["again"], row["is_paid"])


def notice_params(notice: Notice, *, provider: str, now: datetime) -> dict[str, Scalar]:
    """One notice as `record_notices` takes it."""
    return {
        "notice": notice.id,
        "provider": provider,
        "intent": notice.intent_id,
        "kind": notice.kind.value,
        "minor": notice.amount.minor,
        "currency": notice.amount.currency,
        "detail": notice.detail,
        "occurred_at": notice.occurred_at,
        "received_at": now,
    }


record_notices: Statement[tuple[int, NoticeRow]] = Statement.load(
    PACKAGE, "record_notices.sql", _notice
)
write_intents: Statement[None] = Statement.load(PACKAGE, "write_intents.sql", lambda _: None)
