"""A random world of `worlds` written into tables, so that the store can be held to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

from kotinos.rights import models
from kotinos.rights.tests.worlds import NOC_FRA, NOC_KEN, ORGANISATIONS, PROPERTIES, day

if TYPE_CHECKING:
    from kotinos.games.contracts import Atlas
    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant

RECORDED = day(-60)
OPEN = day(-50)


def store(book: Book) -> None:
    """Write everything the tables can hold; malformed facts are bent until they can."""
    for number, organisation_id in enumerate(ORGANISATIONS):
        _games("Organisation").create(
            id=organisation_id, code=f"ORG-{number}", kind="seller", name=f"Organisation {number}"
        )
    _atlas(book.atlas)
    for consortium_id, members in book.memberships.items():
        for member_id in members:
            _games("Membership").create(consortium_id=consortium_id, member_id=member_id)
    for row in PROPERTIES:
        models.Property.objects.create(
            id=row.id,
            code=row.code,
            kind=row.kind,
            owner_id=row.owner_id,
            parent_id=row.parent_id,
            home_noc=row.home_noc or "",
            recorded_at=RECORDED,
        )
    for grant in book.grants:
        _grant(grant, book)
    _consents_and_prohibitions(book)
    for law in book.laws:
        models.LawSwitch.objects.create(law=law, switched_on=True, recorded_at=RECORDED)


def _games(name: str) -> Any:
    return apps.get_model("games", name)._default_manager


def _atlas(atlas: Atlas) -> None:
    for code, bit in atlas.bits.items():
        _games("Territory").create(code=code, bit=bit)
    nocs = sorted({span.noc for span in atlas.homes} | {"KEN", "FRA"})
    for noc in nocs:
        organisation_id = {"KEN": NOC_KEN, "FRA": NOC_FRA}.get(noc)
        if organisation_id is None:
            organisation_id = (
                _games("Organisation").create(code=f"NOC-{noc}", kind="noc", name=noc).id
            )
        _games("Noc").create(
            code=noc, organisation_id=organisation_id, association="X", currency="EUR"
        )
    for span in atlas.homes:
        _games("HomeTerritory").create(
            noc_id=span.noc,
            territory_id=span.territory,
            start=span.start,
            until=span.until,
            recorded_at=RECORDED,
        )
    for named in atlas.sets:
        _games("TerritorySet").create(
            name=named.name,
            text=named.text,
            start=named.start,
            until=named.until,
            recorded_at=RECORDED,
        )


def _grant(grant: Grant, book: Book) -> None:
    row = models.Grant.objects.create(
        id=grant.id,
        number=str(grant.id)[-12:],
        grantor_id=grant.grantor_id,
        grantee_id=grant.grantee_id,
        parent_id=grant.parent_id if grant.parent_id in book.grant_by_id else None,
        property_id=grant.property_id,
        acts=[act.text for act in grant.acts],
        outlets=[outlet.text for outlet in grant.outlets],
        territory=grant.territory,
        starts_at=grant.window.from_at,
        ends_at=grant.window.until_at,
        delay_minutes=grant.delay_minutes,
        exclusivity=grant.exclusivity,
        quota_units=grant.quota_units,
        may_sublicense=grant.may_sublicense,
        recorded_at=RECORDED,
    )
    parties = {grant.grantor_id: "grantor", grant.grantee_id: "grantee"}
    signed = {s.party_id: s.signed_at for s in grant.signatures if s.party_id in parties}
    for party_id, at in signed.items():
        models.Signature.objects.create(
            grant=row, party=parties[party_id], at=at, recorded_at=RECORDED
        )
    for pause in grant.suspensions:
        stored = models.Suspension.objects.create(
            grant=row, at=pause.window.from_at or OPEN, recorded_at=RECORDED
        )
        if pause.window.until_at is not None:
            models.Lift.objects.create(
                suspension=stored, at=pause.window.until_at, recorded_at=RECORDED
            )
    for end in grant.terminations[:1]:
        models.Termination.objects.create(grant=row, at=end.at, recorded_at=RECORDED)
    if grant.quota_units:
        used = min(max(book.units_spent.get(grant.id, 0), 0), grant.quota_units)
        models.QuotaCounter.objects.create(
            grant=row, limit_units=grant.quota_units, used_units=used
        )


def _consents_and_prohibitions(book: Book) -> None:
    for consent in book.consents:
        models.Consent.objects.create(
            id=consent.id,
            noc=consent.noc,
            organisation_id=consent.organisation_id,
            policy=consent.policy,
            listed=sorted(consent.listed),
            share_basis_points=consent.share_basis_points,
            starts_at=consent.window.from_at,
            ends_at=consent.window.until_at,
            recorded_at=RECORDED,
        )
    for row in book.prohibitions:
        models.Prohibition.objects.create(
            id=row.id,
            number=str(row.id)[-12:],
            grantor_id=row.issuer_id,
            grantee_id=row.seller_id,
            property_id=row.property_id,
            acts=[act.text for act in row.acts],
            outlets=[outlet.text for outlet in row.outlets],
            territory=row.territory,
            starts_at=row.window.from_at,
            ends_at=row.window.until_at,
            recorded_at=RECORDED,
        )
