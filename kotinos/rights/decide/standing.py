"""Whether the facts clear a question at one instant, before any waiting time (rules 2, 5, 6, 7).

Order of refusals, best known reason first (tested in `tests/test_precedence.py`):

1. `prohibited`, on whichever property: it beats everything.
2. The first property, by id, that is not cleared; for it:
   * no grant of this seller on it: `no-grant`;
   * otherwise the reason of the grant that got farthest through `act`, `outlet`, `territory`,
     window (`not-yet` before `ended`), state (`ended`, `suspended`), chain (`parent-lost`);
   * `no-grant` and `territory` become `held-by-other` if somebody else's exclusive or sole
     grant covers the question;
   * then `no-consent`, then `quota-spent`.
3. `delayed`, judged by `answer` once everything else holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain as concatenate
from typing import TYPE_CHECKING

from kotinos.rights.contracts import (
    CONSENT_ACTS,
    NOC_EMBLEM,
    Act,
    Consent,
    ConsentPolicy,
    Exclusivity,
    Law,
    Reason,
    Refused,
)
from kotinos.rights.decide.reach import Permit, Stage, Stopped, reach

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant, Question

EEA = "EEA"


@dataclass(frozen=True, slots=True)
class Standing:
    """A question cleared by the facts: one permit a property, the consents, the law it rests on."""

    property_ids: tuple[UUID, ...]
    permits: tuple[Permit, ...]
    consents: tuple[Consent, ...] = ()
    law: Law | None = None

    @property
    def delay_minutes(self) -> int:
        """The longest delay of all properties."""
        return max(permit.delay_minutes for permit in self.permits)

    @property
    def links(self) -> tuple[Grant, ...]:
        """Every grant it rests on, root first, property after property, each once."""
        found = concatenate.from_iterable(permit.chain for permit in self.permits)
        return tuple({grant.id: grant for grant in found}.values())

    @property
    def sameness(self) -> tuple[tuple[UUID, ...], int, Law | None]:
        """What must stay the same for a clearance to be the same clearance."""
        return tuple(grant.id for grant in self.links), self.delay_minutes, self.law


def standing_at(book: Book, question: Question, at: datetime) -> Standing | Refused:
    """Return what clears the question at that instant, or the reason that it is refused."""
    property_ids = tuple(sorted(set(question.property_ids)))
    if not property_ids:
        return Refused(Reason.NO_GRANT, None)
    prohibited = _prohibited(book, property_ids, question, at)
    if prohibited:
        return prohibited
    by_contract = _by_contract(book, property_ids, question, at)
    if isinstance(by_contract, Standing):
        return by_contract
    return _by_law(book, property_ids, question, at) or by_contract


def _prohibited(
    book: Book, property_ids: tuple[UUID, ...], question: Question, at: datetime
) -> Refused | None:
    for property_id in property_ids:
        for row in book.prohibitions_on(property_id, question.seller_id):
            if (
                question.act in row.acts
                and question.outlet in row.outlets
                and row.window.covers(at)
                and book.names(row.territory, question.territory, at)
            ):
                return Refused(Reason.PROHIBITED, property_id, row.id)
    return None


def _by_contract(
    book: Book, property_ids: tuple[UUID, ...], question: Question, at: datetime
) -> Standing | Refused:
    permits: list[Permit] = []
    consents: dict[UUID, Consent] = {}
    for property_id in property_ids:
        match _permit(book, property_id, question, at):
            case Refused() as refused:
                return refused
            case permit, consent:
                permits.append(permit)
                if consent:
                    consents[consent.id] = consent
    return Standing(property_ids, tuple(permits), tuple(consents.values()))


def _permit(
    book: Book, property_id: UUID, question: Question, at: datetime
) -> tuple[Permit, Consent | None] | Refused:
    """Clear one property: permits in force, then consent, then quota."""
    permits: list[Permit] = []
    stops: list[Stopped] = []
    for grant in book.grants_for(property_id, question.seller_id):
        match reach(book, grant, property_id, question, at):
            case Permit() as permit:
                permits.append(permit)
            case Stopped() as stopped:
                stops.append(stopped)
    if not permits:
        return _farthest(book, stops, property_id, question, at)
    consent = _consent(book, property_id, question, at)
    if isinstance(consent, Refused):
        return consent
    permit_or_spent = _elect(book, permits)
    if isinstance(permit_or_spent, Permit):
        return permit_or_spent, consent
    return Refused(Reason.QUOTA_SPENT, property_id, permit_or_spent)


def _elect(book: Book, permits: list[Permit]) -> Permit | UUID:
    """Choose the permit that counts (rule 2), or return the grant whose quota is spent.

    Each grantor speaks through its most specific permit only, even where that is stricter:
    a spent quota for France is not refilled by the same grantor's grant for the world.
    """
    by_grantor: dict[UUID, Permit] = {}
    for permit in sorted(permits, key=lambda p: p.specificity):
        by_grantor.setdefault(permit.grant.grantor_id, permit)
    voices = sorted(by_grantor.values(), key=lambda p: p.favour)
    spent = [next((g.id for g in reversed(v.chain) if book.is_spent(g)), None) for v in voices]
    for voice, spent_id in zip(voices, spent, strict=True):
        if spent_id is None:
            return voice
    return next(spent_id for spent_id in spent if spent_id)


def _consent(
    book: Book, property_id: UUID, question: Question, at: datetime
) -> Consent | Refused | None:
    """Rule 5: abroad, an NOC's emblem needs the consent of the committee at home there."""
    row = book.property_by_id[property_id]
    if row.kind != NOC_EMBLEM or question.act not in CONSENT_ACTS:
        return None
    destination = book.home_of(question.territory, at)
    if destination is None or destination == row.home_noc:
        return None
    consent = book.consent_of(destination, at)
    if consent and admits(consent, row.home_noc):
        return consent
    return Refused(Reason.NO_CONSENT, property_id, consent.id if consent else None)


def admits(consent: Consent, home_noc: str | None) -> bool:
    """Return whether a committee's policy lets in goods with that committee's emblem."""
    return consent.policy is ConsentPolicy.WORLD or (
        consent.policy is ConsentPolicy.LISTED and home_noc in consent.listed
    )


def _farthest(
    book: Book, stops: Iterable[Stopped], property_id: UUID, question: Question, at: datetime
) -> Refused:
    nowhere = Stopped(Stage.PROPERTY, Reason.NO_GRANT, None)
    best = min(stops, key=lambda stop: stop.merit, default=nowhere)
    if best.reason in {Reason.NO_GRANT, Reason.TERRITORY}:
        holder = _holder(book, property_id, question, at)
        if holder:
            return Refused(Reason.HELD_BY_OTHER, property_id, holder.id)
    return Refused(best.reason, property_id, best.blocking_id)


def _holder(book: Book, property_id: UUID, question: Question, at: datetime) -> Grant | None:
    """Return somebody else's exclusive or sole grant that covers the question, if any."""
    held = [
        permit
        for grant in book.grants_on(property_id)
        if _keeps_out(book, grant, question.seller_id)
        and isinstance(permit := reach(book, grant, property_id, question, at), Permit)
    ]
    return min(held, key=lambda p: (p.spread, p.grant.id)).grant if held else None


def _keeps_out(book: Book, grant: Grant, seller_id: UUID) -> bool:
    match grant.exclusivity:
        case Exclusivity.NON_EXCLUSIVE:
            return False
        case Exclusivity.SOLE if grant.grantor_id == seller_id:
            return False
    return not book.serves(grant.grantee_id, seller_id)


def _by_law(
    book: Book, property_ids: tuple[UUID, ...], question: Question, at: datetime
) -> Standing | None:
    """Rule 7, EEA passive sales: cleared to sell in one EEA territory is cleared in all.

    `ship` stays with the contracts: the rule is about who may buy, not where parcels go. The
    clearance borrowed is that of the EEA territory with the shortest delay, then lowest bit.
    """
    enabled = Law.EEA_PASSIVE_SALES in book.laws and question.act is Act.SELL
    if not enabled or not book.names(EEA, question.territory, at):
        return None
    area = book.mask(EEA, at)
    found: list[tuple[int, int, Standing]] = []
    for territory, bit in book.atlas.bits.items():
        if area >> bit & 1:
            there = replace(question, territory=territory)
            standing = _lent(book, property_ids, there, at)
            if standing:
                found.append((standing.delay_minutes, bit, standing))
    if not found:
        return None
    lent = min(found, key=lambda row: row[:2])[2]
    return replace(lent, consents=(), law=Law.EEA_PASSIVE_SALES)


def _lent(
    book: Book, property_ids: tuple[UUID, ...], there: Question, at: datetime
) -> Standing | None:
    if _prohibited(book, property_ids, there, at):
        return None
    standing = _by_contract(book, property_ids, there, at)
    return standing if isinstance(standing, Standing) else None
