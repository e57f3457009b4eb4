"""Grants as ODRL 2.2 policies in JSON-LD: export only, for whoever reads rights elsewhere.

Profile `https://kotinos.example/odrl/1`, on top of the ODRL 2.2 core vocabulary:

| here | in the policy |
|---|---|
| grantor, grantee | `assigner`, `assignee` (urn:uuid) |
| property with its subtree | `target` |
| act | `action` `k:<act>` with `/` written `-` (`k:show-live`), narrowed by `k:outlet` |
| territory text | constraint `spatial` `isAnyOf` the codes; `k:territoryText` the text itself |
| window | constraints `dateTime` `gteq` (start) and `lt` (end) |
| delay | constraint `k:delayAfterEvent` `gteq` an xsd:duration |
| quota | constraint `count` `lteq` |
| duties | `duty`: `compensate` with `k:basisPoints` for money, else `k:<kind>` |
| exclusivity, sublicence, parent | `k:exclusivity`, `k:maySublicense`, `k:parentGrant` |

Codes are those the text names at the moment of export; homes and named sets change later.
Suspensions and terminations are not exported: a policy describes what was signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights.contracts import DutyKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Act, Duty, Grant

PROFILE = "https://kotinos.example/odrl/1"

Json = dict[str, object]


def policy(book: Book, grant: Grant, *, at: datetime) -> Json:
    """Return one grant as an ODRL Agreement; territories are those named at the moment."""
    permission: Json = {
        "assigner": _urn(grant.grantor_id),
        "assignee": _urn(grant.grantee_id),
        "target": _target(book, grant),
        "action": [_action(grant, act) for act in grant.acts],
        "constraint": list(_constraints(book, grant, at)),
    }
    if grant.duties:
        permission["duty"] = [_duty(duty) for duty in grant.duties]
    return {
        "@context": ["http://www.w3.org/ns/odrl.jsonld", {"k": f"{PROFILE}#"}],
        "@type": "Agreement",
        "uid": _urn(grant.id),
        "profile": PROFILE,
        "permission": [permission],
        "k:exclusivity": grant.exclusivity.value,
        "k:maySublicense": grant.may_sublicense,
        "k:parentGrant": _urn(grant.parent_id) if grant.parent_id else None,
        "k:territoryText": grant.territory,
    }


def _target(book: Book, grant: Grant) -> Json:
    row = book.property_by_id[grant.property_id]
    return {
        "@type": "AssetCollection",
        "uid": _urn(row.id),
        "k:code": row.code,
        "k:kind": row.kind,
    }


def _action(grant: Grant, act: Act) -> Json:
    outlets = [outlet.text for outlet in grant.outlets]
    return {
        "rdf:value": {"@id": f"k:{act.text.replace('/', '-')}"},
        "refinement": [_constraint("k:outlet", "isAnyOf", outlets)],
    }


def _constraints(book: Book, grant: Grant, at: datetime) -> Iterator[Json]:
    codes = [f"iso3166:{code}" for code in book.atlas.codes(book.mask(grant.territory, at))]
    yield _constraint("spatial", "isAnyOf", codes)
    if grant.window.from_at:
        yield _constraint("dateTime", "gteq", _instant(grant.window.from_at))
    if grant.window.until_at:
        yield _constraint("dateTime", "lt", _instant(grant.window.until_at))
    if grant.delay_minutes:
        delay = {"@value": f"PT{grant.delay_minutes}M", "@type": "xsd:duration"}
        yield _constraint("k:delayAfterEvent", "gteq", delay)
    if grant.quota_units is not None:
        yield _constraint("count", "lteq", {"@value": grant.quota_units, "@type": "xsd:integer"})


def _constraint(left: str, operator: str, right: object) -> Json:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _duty(duty: Duty) -> Json:
    is_money = duty.kind in {DutyKind.ROYALTY, DutyKind.SHARE}
    found: Json = {"action": "compensate" if is_money else f"k:{duty.kind.value}"}
    if duty.owed_to_id:
        found["compensatedParty" if is_money else "k:owedTo"] = _urn(duty.owed_to_id)
    if duty.basis_points is not None:
        found["k:basisPoints"] = duty.basis_points
    if duty.note:
        found["k:note"] = duty.note
    return found


def _instant(at: datetime) -> Json:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"}


def _urn(number: UUID) -> str:
    return number.urn
