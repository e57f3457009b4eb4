"""Works and the properties they use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import pagecache
from kotinos.kernel.ids import new_id
from kotinos.rights import models
from kotinos.rights.actions.frame import take_book
from kotinos.rights.compiling import recompile_sets
from kotinos.rights.results import BadTerms, Problem
from kotinos.rights.statements import TouchedSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

PROPERTIES_OF_WORK_MAX = 32
TITLE_LENGTH_MAX = 200
KIND_LENGTH_MAX = 16


@dataclass(frozen=True, slots=True)
class Registered:
    """The work is known, with the set of properties it uses from now on."""

    work_id: UUID
    property_set_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkToRegister:
    work_id: UUID
    kind: str
    title: str
    properties: tuple[str, ...]


def register_work(
    *, work_id: UUID, kind: str, title: str, property_codes: Iterable[str], now: datetime
) -> Registered | BadTerms:
    """Make a work known, or change what it uses; what it used before stays on record."""
    work = WorkToRegister(work_id=work_id, kind=kind, title=title, properties=tuple(property_codes))
    return register_works(works=[work], now=now)[0]


@transaction.atomic
def register_works(
    *, works: Sequence[WorkToRegister], now: datetime
) -> list[Registered | BadTerms]:
    """Many works at once: as `register_work`, one answer each, in the order given."""
    codes = {code for work in works for code in work.properties}
    ids = dict(models.Property.objects.filter(code__in=codes).values_list("code", "id"))
    bad = {work.work_id: found for work in works if (found := _work_problems(work, ids))}
    good = {work.work_id: work for work in works if work.work_id not in bad}
    wanted = {
        work.work_id: frozenset(ids[code] for code in work.properties) for work in good.values()
    }
    sets = _ensure_sets(set(wanted.values()), now=now)
    set_ids = {work_id: sets[members] for work_id, members in wanted.items()}
    _store(good, set_ids, now=now)
    return [
        bad.get(work.work_id) or Registered(work.work_id, set_ids[work.work_id]) for work in works
    ]


def _work_problems(work: WorkToRegister, ids: Mapping[str, UUID]) -> BadTerms | None:
    unknown = sorted(code for code in set(work.properties) if code not in ids)
    problems = [Problem("properties", f"{code!r} is not known") for code in unknown]
    if not 0 < len(set(work.properties)) <= PROPERTIES_OF_WORK_MAX:
        problems.append(Problem("properties", f"are not 1 to {PROPERTIES_OF_WORK_MAX}"))
    if not 0 < len(work.kind) <= KIND_LENGTH_MAX:
        problems.append(Problem("kind", f"is not 1 to {KIND_LENGTH_MAX} characters"))
    return BadTerms(tuple(problems)) if problems else None


def _ensure_sets(wanted: set[frozenset[UUID]], *, now: datetime) -> dict[frozenset[UUID], UUID]:
    """The row of every set; a new one is compiled before anybody can use it."""
    keys = {members: _key(members) for members in wanted}
    known = _known_sets(keys.values())
    missing = [members for members in wanted if keys[members] not in known]
    if missing:
        now = take_book(now)
        known = _known_sets(keys.values())
        missing = [members for members in missing if keys[members] not in known]
        for members in sorted(missing, key=keys.__getitem__):
            row = models.PropertySet.objects.create(id=new_id(), key=keys[members])
            known[keys[members]] = row.id
            models.PropertySetMember.objects.bulk_create(
                models.PropertySetMember(property_set=row, property_id=member)
                for member in sorted(members)
            )
        recompile_sets(
            [TouchedSet(known[keys[members]], tuple(sorted(members))) for members in missing],
            now=now,
        )
    return {members: known[key] for members, key in keys.items()}


def _known_sets(keys: Iterable[str]) -> dict[str, UUID]:
    return dict(models.PropertySet.objects.filter(key__in=keys).values_list("key", "id"))


def _key(members: frozenset[UUID]) -> str:
    return hashlib.sha256(b"".join(member.bytes for member in sorted(members))).hexdigest()


def _store(
    works: Mapping[UUID, WorkToRegister], set_ids: Mapping[UUID, UUID], *, now: datetime
) -> None:
    rows = models.Work.objects.select_for_update().filter(id__in=works).order_by("id")
    known = dict(rows.values_list("id", "property_set_id"))
    moved = [work_id for work_id, set_id in known.items() if set_ids[work_id] != set_id]
    fresh = [
        models.Work(
            id=work_id,
            kind=work.kind,
            title=work.title[:TITLE_LENGTH_MAX],
            property_set_id=set_ids[work_id],
        )
        for work_id, work in works.items()
    ]
    models.Work.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["kind", "title", "property_set"],
    )
    models.WorkUse.objects.filter(work__in=moved, retracted_at=None).update(retracted_at=now)
    models.WorkUse.objects.bulk_create(
        models.WorkUse(work_id=work_id, property_set_id=set_ids[work_id], recorded_at=now)
        for work_id in works
        if work_id not in known or work_id in moved
    )
    if moved:
        pagecache.changed("rights")
