"""Denied demand: a refusal that a visitor met, counted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kotinos.kernel import outbox, rich
from kotinos.rights import models, statements

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kotinos.rights.contracts import Reason

SESSION_KEY_LENGTH_MAX = 64
CODE_LENGTH_MAX = 64
VALUE_MINOR_MAX = 10**15
RIGHTS_REFUSED = "rights.refused"


def record_refusal(
    *,
    work_id: UUID,
    territory: str,
    reason: Reason,
    session_key: str,
    value_minor: int,
    currency: str,
    now: datetime,
    seller_id: UUID | None = None,
    property_id: UUID | None = None,
    property: str = "",  # noqa: A002 - the word of this domain
    blocking: UUID | None = None,
    bot: bool = False,
) -> bool:
    """Count it; False where this session has met this refusal before.

    A bot's row is kept, flagged, and left out of every count. `value_minor` is the estimate of
    what would have been bought, in minor units. The property is named by id, or by a text that is
    its id or its code, as an explanation's machine form has it. What is counted is news.
    """
    met = _Met(
        work_id,
        territory[:2],
        reason,
        _code(property_id, property),
        blocking,
        max(0, min(value_minor, VALUE_MINOR_MAX)),
        currency[:3],
        bot,
    )
    with transaction.atomic():
        is_first = _write(met, seller_id, session_key[:SESSION_KEY_LENGTH_MAX], now)
        if is_first:
            _tell(met, now)
    return is_first


@dataclass(frozen=True, slots=True)
class _Met:
    """A refusal as it is written down."""

    work_id: UUID
    territory: str
    reason: Reason
    property: str
    blocking: UUID | None
    minor: int
    currency: str
    bot: bool


def _write(met: _Met, seller_id: UUID | None, session_key: str, now: datetime) -> bool:
    """False where the session has met it before."""
    written = rich.run(
        statements.record_refusal,
        work=met.work_id,
        seller=seller_id,
        territory=met.territory,
        reason=met.reason,
        property=met.property,
        blocking=met.blocking,
        value_minor=met.minor,
        currency=met.currency,
        session_key=session_key,
        bot=met.bot,
        now=now,
    )
    return bool(written)


def _tell(met: _Met, now: datetime) -> None:
    """The news of a refusal, with whose property and which committee's goods it is about."""
    owner, noc, edition = _whose(met.work_id, met.property)
    payload = {
        "work": str(met.work_id),
        "noc": noc,
        "edition": edition,
        "property": met.property,
        "organisation": owner,
        "reason": met.reason.value,
        "blocking": str(met.blocking) if met.blocking else "",
        "minor": met.minor,
        "currency": met.currency,
        "territory": met.territory,
        "bot": met.bot,
    }
    outbox.publish(kind=RIGHTS_REFUSED, payload=payload, now=now)


def _whose(work_id: UUID, code: str) -> tuple[str, str, str]:
    """Owner, committee and edition, each empty where it is not known.

    What the refused property does not say (an ancestor of the work's own has no committee), the
    work's properties do, where all that say it say the same.
    """
    columns = ("owner_id", "home_noc", "edition_id")
    named = list(models.Property.objects.filter(code=code).values_list(*columns))
    uses = models.PropertySetMember.objects.filter(property_set__works=work_id)
    used = list(uses.values_list(*(f"property__{column}" for column in columns)))
    owner, noc, edition = (
        _said(row[at] for row in named) or _said(row[at] for row in used) for at in range(3)
    )
    return owner, noc, edition


def _said(values: Iterable[object]) -> str:
    """What all that is said agrees on; empty where nothing is said, or several things are."""
    said = {str(value) for value in values if value}
    return said.pop() if len(said) == 1 else ""


def _code(property_id: UUID | None, text: str) -> str:
    """The code under which the report groups; empty where no property stood in the way."""
    if property_id is None:
        try:
            property_id = UUID(text)
        except ValueError:
            return text[:CODE_LENGTH_MAX]
    rows = models.Property.objects.filter(id=property_id)
    return rows.values_list("code", flat=True).first() or ""
