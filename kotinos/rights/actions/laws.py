"""The law layer above contracts: off until a person who may says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import api as games
from kotinos.rights import models
from kotinos.rights.actions.frame import record, settle, take_book
from kotinos.rights.facts import Law
from kotinos.rights.loading import laws_at
from kotinos.rights.results import BadTerms, Changed, NotFound, NotYours, Problem, Unchanged

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import ChangeOutcome

NOTE_LENGTH_MAX = 2000


@transaction.atomic
def switch_law(
    *, law: str, switched_on: bool, note: str, now: datetime, actor: UUID | None = None
) -> ChangeOutcome:
    """Switch a rule above contracts on or off for the whole installation; an operator's act.

    `note` says who confirmed it: whether the rule applies is a lawyer's question.
    """
    owner = games.organisation("IOC")
    if owner is None:
        return NotFound("organisation", "IOC")
    if actor is not None and not games.may(
        person_id=actor, organisation_id=owner.id, role=games.RoleName.OPERATOR, now=now
    ):
        return NotYours(owner.id)
    if law not in set(Law):
        return BadTerms((Problem("law", f"{law!r} is none of {', '.join(Law)}"),))
    if not note.strip() or len(note) > NOTE_LENGTH_MAX:
        return BadTerms((Problem("note", "does not say who confirmed it"),))
    now = take_book(now)
    if (law in laws_at(now)) == switched_on:
        return Unchanged(f"{law} is so already")
    models.LawSwitch.objects.create(
        law=law, switched_on=switched_on, note=note, person_id=actor, recorded_at=now
    )
    record(
        actor=actor,
        organisation_id=owner.id,
        verb="switch on" if switched_on else "switch off",
        subject_kind="law",
        subject=law,
        detail={"note": note},
        now=now,
    )
    return Changed(owner.id, settle(property_ids=None, now=now, cause="law", subject=law))
