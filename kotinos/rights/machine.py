"""A decision in its machine form: plain JSON values, stored with it and compared later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.rights.contracts import Cleared, Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.contracts import Decision, Duty, Nearest


def machine_form(decision: Decision) -> dict[str, Any]:
    """Everything the decision says; equal decisions have equal forms and the reverse."""
    match decision:
        case Cleared():
            return {
                "outcome": "cleared",
                "until": _moment(decision.until),
                "chain": [str(grant) for grant in decision.chain],
                "duties": [_duty(duty) for duty in decision.duties],
                "consents": [str(consent) for consent in decision.consents],
                "law": decision.law,
                "delay_minutes": decision.delay_minutes,
            }
        case Refused():
            return {
                "outcome": "refused",
                "reason": str(decision.reason),
                "property": _id(decision.property_id),
                "blocking": _id(decision.blocking_id),
                "nearest": _nearest(decision.nearest),
            }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "kind": str(duty.kind),
        "source": str(duty.source_id),
        "owed_to": _id(duty.owed_to_id),
        "basis_points": duty.basis_points,
        "note": duty.note,
    }


def _nearest(nearest: Nearest | None) -> dict[str, Any] | None:
    if nearest is None:
        return None
    return {
        "opens_at": _moment(nearest.opens_at),
        "sellers": [str(seller) for seller in nearest.seller_ids],
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _id(identity: UUID | None) -> str | None:
    return str(identity) if identity is not None else None
