"""Why a programme is not shown in a place, as the same panel that products have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import Named, RefusalPanel
from kotinos.channel import wording
from kotinos.games import api as games
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act, Cleared, Outlet, Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.models import Edition, Programme
    from kotinos.kernel.place import Place

WITHDRAWN, OTHER_EDITION = "withdrawn", "edition"
NEVER_OPENS = frozenset({WITHDRAWN, OTHER_EDITION})
"""Reasons that no change of rights takes away."""


@dataclass(frozen=True, slots=True)
class NotHere:
    """The panel and the headline above it."""

    headline: str
    panel: RefusalPanel


def is_cleared(
    edition: Edition,
    programme_id: UUID,
    *,
    territory: str,
    now: datetime,
    occurred_at: datetime | None,
) -> bool:
    """Whether the edition's licensee may show it on demand there and now: the compiled answer."""
    found = rights.decide_now(
        work_id=programme_id,
        seller_id=edition.licensee_id,
        act=Act.SHOW_VOD,
        outlet=Outlet.INTERNET,
        territory=territory,
        at=now,
        occurred_at=occurred_at,
    )
    return found is not None


def refusal(edition: Edition, found: Programme, place: Place, *, now: datetime) -> NotHere | None:
    """Why it cannot be played here now; None where it can."""
    if found.published_until is not None and found.published_until <= now:
        return _without_rights(WITHDRAWN, _("Its editors have taken it off the channel."), place)
    if edition.code not in found.editions:
        sentence = _("This programme is shown by another edition of the channel.")
        return _without_rights(OTHER_EDITION, sentence, place)
    if is_cleared(
        edition,
        found.id,
        territory=place.territory,
        now=now,
        occurred_at=found.occurred_at,
    ):
        return None
    return _refused(edition, found, place, now)


def _without_rights(reason: str, sentence: str, place: Place) -> NotHere:
    panel = RefusalPanel(
        reason=reason,
        sentence=sentence,
        since=None,
        until=None,
        steps=(),
        sold_in=(),
        sold_mask=0,
        beacon_url="",
    )
    return NotHere(headline(reason, place), panel)


def _refused(edition: Edition, found: Programme, place: Place, now: datetime) -> NotHere:
    told = rights.explain(
        work_id=found.id,
        seller_id=edition.licensee_id,
        act=Act.SHOW_VOD,
        outlet=Outlet.INTERNET,
        territory=place.territory,
        at=now,
        language=place.language,
        occurred_at=found.occurred_at,
    )
    reason = str(told.machine.get("reason") or rights.Reason.NO_GRANT.value)
    codes = [code for code, bit in games.territory_bits().items() if told.cleared_mask >> bit & 1]
    panel = RefusalPanel(
        reason=reason,
        sentence=told.sentence,
        since=told.since,
        until=told.until,
        steps=tuple(step.sentence for step in told.steps),
        sold_in=tuple(
            Named(code, games.territory_name(code, place.language))
            for code in games.sorted_by_name(codes, place.language)
        ),
        sold_mask=told.cleared_mask,
        beacon_url=_beacon(edition, found, place, told.machine, reason, now),
    )
    return NotHere(headline(reason, place), panel)


def _beacon(  # noqa: PLR0917 - one call, above
    edition: Edition,
    found: Programme,
    place: Place,
    machine: dict[str, object],
    reason: str,
    now: datetime,
) -> str:
    """Counts the refusal as denied demand; what is not sold has no worth."""
    return catalog.refusal_beacon_url(
        {
            "w": str(found.id),
            "s": str(edition.licensee_id),
            "t": place.territory,
            "r": reason,
            "p": str(machine.get("property") or ""),
            "b": str(machine.get("blocking") or ""),
            "v": 0,
            "c": "XXX",
        },
        now=now,
    )


def headline(reason: str, place: Place) -> str:
    """The refusal in five words."""
    words = str(wording.HEADLINES.get(reason, wording.HEADLINE))
    return words % {"territory": games.territory_name(place.territory, place.language)}


def in_short(
    edition: Edition,
    programme_id: UUID,
    act: Act,
    *,
    territory: str,
    at: datetime,
    occurred_at: datetime | None,
) -> str:
    """The interpreter's reason in a few words; empty where it would say yes."""
    decided = rights.decide(
        work_id=programme_id,
        seller_id=edition.licensee_id,
        act=act,
        outlet=Outlet.INTERNET,
        territory=territory,
        at=at,
        occurred_at=occurred_at,
    )
    match decided:
        case Cleared():
            return ""
        case Refused(reason=reason):
            return str(wording.IN_SHORT.get(reason.value, wording.NOT_CLEARED))
