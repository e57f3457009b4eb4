"""Reads of the rights pages, each within what the asking person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from kotinos.games import api as games
from kotinos.kernel.languages import pick
from kotinos.rights import models
from kotinos.rights.office import words
from kotinos.rights.office.rows import DutyLine, GrantDetail, GrantRow, StateLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from kotinos.games.contracts import Organisation
    from kotinos.kernel.office import Staff

CHAIN_LENGTH_MAX = 20
BELOW_MAX = 200


def grants(who: Staff, now: datetime) -> QuerySet[Any]:
    """The grants a person may see, each with its `state`.

    A grantee sees a grant from the grantor's signature on: a draft is the grantor's own paper.
    """
    rows = _with_state(now)
    mine = who.organisations()
    if mine is None:
        return rows
    offered = Q(grantee__in=mine) & (Q(by_grantor=True) | Q(by_grantee=True))
    return rows.filter(Q(grantor__in=mine) | offered)


def _with_state(now: datetime) -> QuerySet[Any]:
    rows = models.Grant.objects.select_related("property").annotate(**_states(now))
    return rows.annotate(state=_state(now))


def _states(now: datetime) -> dict[str, Any]:
    here = OuterRef("pk")
    signed = models.Signature.objects.filter(grant=here)
    pauses = models.Suspension.objects.filter(grant=here, at__lte=now)
    return {
        "by_grantor": Exists(signed.filter(party="grantor")),
        "by_grantee": Exists(signed.filter(party="grantee")),
        "is_terminated": Exists(models.Termination.objects.filter(grant=here, at__lte=now)),
        "is_suspended": Exists(pauses.exclude(lift__at__lte=now)),
    }


def _state(now: datetime) -> Case:
    both = Q(by_grantor=True) & (Q(by_grantee=True) | Q(grantor=F("grantee")))
    return Case(
        When(by_grantor=False, by_grantee=False, then=Value("draft")),
        When(is_terminated=True, then=Value("terminated")),
        When(~both, then=Value("half-signed")),
        When(ends_at__lte=now, then=Value("ended")),
        When(is_suspended=True, then=Value("suspended")),
        When(starts_at__gt=now, then=Value("not-yet")),
        default=Value("in-force"),
    )


def organisation_names() -> dict[UUID, str]:
    """Every organisation's name by id."""
    return {row.id: row.name for row in games.organisations()}


def rows_of(found: Iterable[Any], names: dict[UUID, str], language: str) -> tuple[GrantRow, ...]:
    """Annotated grants as rows."""
    return tuple(
        GrantRow(
            id=row.id,
            number=row.number,
            grantor=names.get(row.grantor_id, ""),
            grantee=names.get(row.grantee_id, ""),
            property=pick(row.property.names, language) or row.property.code,
            property_code=row.property.code,
            acts=tuple(words.act_names(row.acts)),
            outlets=tuple(words.outlet_names(row.outlets)),
            territory=row.territory,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            exclusivity=row.exclusivity,
            delay_minutes=row.delay_minutes,
            quota_units=row.quota_units,
            state=row.state,
            state_name=words.STATES[row.state],
        )
        for row in found
    )


def detail(grant: Any, *, now: datetime, language: str) -> GrantDetail:
    """One annotated grant with its chain, what hangs on it, and what happened to it."""
    names = organisation_names()
    everything = _with_state(now)
    below = everything.filter(parent=grant.id).exclude(state="draft").order_by("number")
    counter = models.QuotaCounter.objects.filter(grant=grant.id).first()
    (row,) = rows_of([grant], names, language)
    return GrantDetail(
        row=row,
        chain=rows_of(_ancestors(grant, everything), names, language),
        below=rows_of(below[:BELOW_MAX], names, language),
        duties=tuple(_duty(each, names) for each in grant.duties),
        states=tuple(sorted(_happened(grant, names), key=lambda line: line.at)),
        may_sublicense=grant.may_sublicense,
        note=grant.note,
        quota_used=counter.used_units if counter else None,
    )


def _ancestors(grant: Any, everything: QuerySet[Any]) -> list[Any]:
    found: list[Any] = []
    parent_id = grant.parent_id
    while parent_id is not None and len(found) < CHAIN_LENGTH_MAX:
        parent = everything.get(id=parent_id)
        found.insert(0, parent)
        parent_id = parent.parent_id
    return found


def _duty(duty: dict[str, Any], names: dict[UUID, str]) -> DutyLine:
    points = duty.get("basis_points")
    owed_to = duty.get("owed_to")
    by_text = {str(key): name for key, name in names.items()}
    return DutyLine(
        kind=words.DUTIES.get(duty["kind"], duty["kind"]),
        percent=f"{points / 100:g} %" if points is not None else "",
        owed_to=by_text.get(owed_to, "") if owed_to else "",
        note=duty.get("note", ""),
    )


def _happened(grant: Any, names: dict[UUID, str]) -> Iterator[StateLine]:
    signatures = list(grant.signatures.all())
    pauses = list(grant.suspensions.all())
    lifts = list(models.Lift.objects.filter(suspension__grant=grant.id))
    ends = list(models.Termination.objects.filter(grant=grant.id))
    lines = [*signatures, *pauses, *lifts, *ends]
    people = games.person_names({each.person_id for each in lines if each.person_id})

    def who(row: Any) -> str:
        return people.get(row.person_id, "")

    for each in signatures:
        party = grant.grantor_id if each.party == "grantor" else grant.grantee_id
        yield StateLine(each.at, words.SIGNED_FOR % {"party": names.get(party, "")}, who(each))
    for pause in pauses:
        yield StateLine(pause.at, words.HAPPENED["suspend"], who(pause), pause.reason)
    for row in lifts:
        yield StateLine(row.at, words.HAPPENED["lift"], who(row))
    for end in ends:
        yield StateLine(end.at, words.HAPPENED["terminate"], who(end), end.reason)


def property_choices(language: str) -> list[tuple[str, str]]:
    """Every property as (code, name indented by its depth), parents before children."""
    columns = ("id", "code", "names", "parent_id")
    rows: list[Any] = list(models.Property.objects.order_by("code").values(*columns))
    below: dict[UUID | None, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row["parent_id"], []).append(row)

    def walk(parent: UUID | None, depth: int) -> Iterator[tuple[str, str]]:
        for row in below.get(parent, ()):
            indent = "\N{NO-BREAK SPACE}" * 4 * depth
            yield row["code"], f"{indent}{pick(row['names'], language)} ({row['code']})"
            yield from walk(row["id"], depth + 1)

    return list(walk(None, 0))


def narrowed(rows: QuerySet[Any], asked: Mapping[str, str], who: Staff) -> QuerySet[Any]:
    """The list as the reader wants it: `state`, `side`, `property`, `q`."""
    if asked.get("state") in words.STATES:
        rows = rows.filter(state=asked["state"])
    mine = who.organisations()
    if mine is not None and asked.get("side") in {"given", "received"}:
        side = "grantor" if asked["side"] == "given" else "grantee"
        rows = rows.filter(**{f"{side}__in": mine})
    if asked.get("property"):
        rows = rows.filter(property__code=asked["property"].replace("\x00", ""))
    text = asked.get("q", "").strip()[:80].replace("\x00", "")
    if text:
        known = [row.id for row in games.organisations() if _matches(row, text)]
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(territory__icontains=text)
            | Q(property__code__icontains=text)
            | Q(grantor__in=known)
            | Q(grantee__in=known)
        )
    return rows


def _matches(row: Organisation, text: str) -> bool:
    return text.casefold() in f"{row.code} {row.name}".casefold()


def number_of(grant_id: UUID) -> str:
    """A grant's number; empty where there is none."""
    return models.Grant.objects.filter(id=grant_id).values_list("number", flat=True).first() or ""


def parent_choices(who: Staff, now: datetime) -> list[tuple[str, str]]:
    """Grants held by the person's organisations that may be sublicensed."""
    names = organisation_names()
    rows = grants(who, now).filter(may_sublicense=True, state__in=["in-force", "not-yet"])
    mine = who.organisations("rights-manager")
    if mine is not None:
        rows = rows.filter(grantee__in=mine)
    return [
        (row.number, f"{row.number} · {row.property.code} · {names.get(row.grantor_id, '')}")
        for row in rows.order_by("number")[:BELOW_MAX]
    ]


def named_sets(now: datetime) -> list[tuple[str, str]]:
    """The named sets of territories in force, with their text."""
    return [
        (span.name, span.text)
        for span in games.atlas().sets
        if span.start <= now and (span.until is None or now < span.until)
    ]
