"""Properties: what is protected, and under what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import api as games
from kotinos.kernel.languages import LANGUAGES
from kotinos.rights import models
from kotinos.rights.actions.exclusives import cover_new_property
from kotinos.rights.actions.frame import may_act, record, settle, take_book
from kotinos.rights.facts import NOC_EMBLEM
from kotinos.rights.results import BadTerms, Changed, NotYours, Problem, Unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import ChangeOutcome

CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,63}")
NAME_LENGTH_MAX = 200


def add_property(
    *,
    code: str,
    names: Mapping[str, str],
    kind: str,
    owner: str,
    now: datetime,
    parent: str | None = None,
    edition: str | None = None,
    home_noc: str | None = None,
    actor: UUID | None = None,
) -> ChangeOutcome:
    """A new property, under a parent or not. What was granted of the parent covers it at once.

    Of an existing code only the names may change.
    """
    owner_row = games.organisation(owner)
    parent_row = models.Property.objects.filter(code=parent).first() if parent else None
    problems = _problems(code=code, names=names, kind=kind, home_noc=home_noc)
    if parent and parent_row is None:
        problems.append(Problem("parent", f"{parent!r} is not known"))
    if edition and games.edition(edition) is None:
        problems.append(Problem("edition", f"{edition!r} is not known"))
    if owner_row is None:
        problems.append(Problem("owner", f"{owner!r} is not known"))
    if problems or owner_row is None:
        return BadTerms(tuple(problems))
    row = models.Property(
        code=code,
        names=dict(names),
        kind=kind,
        owner_id=owner_row.id,
        parent=parent_row,
        edition_id=edition or None,
        home_noc=home_noc or "",
        recorded_at=now,
    )
    return _add(row, actor=actor, now=now)


def _problems(
    *, code: str, names: Mapping[str, str], kind: str, home_noc: str | None
) -> list[Problem]:
    problems: list[Problem] = []
    if CODE.fullmatch(code) is None:
        problems.append(Problem("code", "is not 1 to 64 of A-Z, 0-9, dot, dash, underscore"))
    if kind not in models.PROPERTY_KINDS:
        problems.append(Problem("kind", f"{kind!r} is none of {', '.join(models.PROPERTY_KINDS)}"))
    if not names or not set(names) <= set(LANGUAGES):
        problems.append(Problem("names", f"are not given in some of {', '.join(LANGUAGES)}"))
    if any(len(name) > NAME_LENGTH_MAX or "\x00" in name for name in names.values()):
        problems.append(Problem("names", f"are longer than {NAME_LENGTH_MAX} characters"))
    if (kind == NOC_EMBLEM) != bool(home_noc):
        problems.append(Problem("home_noc", "belongs to an NOC's emblem, and to nothing else"))
    elif home_noc and games.noc(home_noc) is None:
        problems.append(Problem("home_noc", f"{home_noc!r} is no national committee"))
    return problems


@transaction.atomic
def _add(row: models.Property, *, actor: UUID | None, now: datetime) -> ChangeOutcome:
    for responsible in {row.owner_id, *([row.parent.owner_id] if row.parent else [])}:
        if not may_act(actor=actor, organisation_id=responsible, now=now):
            return NotYours(responsible)
    now = take_book(now)
    known = models.Property.objects.filter(code=row.code).first()
    if known is not None:
        return _rename(known, row, actor=actor, now=now)
    row.save(force_insert=True)
    cover_new_property(property_id=row.id, now=now)
    record(
        actor=actor,
        organisation_id=row.owner_id,
        verb="add",
        subject_kind="property",
        subject=row.code,
        detail={"kind": row.kind, "parent": row.parent.code if row.parent else None},
        now=now,
    )
    works = settle(property_ids=[row.id], now=now, cause="property-added", subject=row.code)
    return Changed(row.id, works)


def _rename(
    known: models.Property, given: models.Property, *, actor: UUID | None, now: datetime
) -> ChangeOutcome:
    """Names may change; what decides (owner, kind, parent, home) may not."""
    for name in ("owner_id", "kind", "parent_id", "home_noc"):
        if getattr(known, name) != getattr(given, name):
            stands = f"stands with another {name.removesuffix('_id')}"
            return BadTerms((Problem("code", f"{known.code} {stands}"),))
    if known.names == given.names:
        return Unchanged(f"{known.code} is known")
    models.Property.objects.filter(id=known.id).update(names=given.names)
    record(
        actor=actor,
        organisation_id=known.owner_id,
        verb="rename",
        subject_kind="property",
        subject=known.code,
        detail={"before": known.names},
        now=now,
    )
    return Changed(known.id, 0)
