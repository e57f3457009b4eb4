"""Writing programmes down: what they are called, whose they are, what they use, where they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel import models
from kotinos.channel.actions.frame import (
    foreign_edition,
    may_edit,
    programme_of,
    record_programme,
)
from kotinos.channel.actions.ruling import rule_slots
from kotinos.channel.contracts import Kind, Step, lock_tick
from kotinos.channel.results import BadTerms, NotFound, NotYours, Problem, Saved
from kotinos.kernel.languages import pick
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
RESERVED = frozenset({"new", "bulk", "undo", "watching", "search", "schedule", "live", "sales"})
"""Pages of the office stand there."""
TITLE_LENGTH_MAX, SYNOPSIS_LENGTH_MAX = 120, 2000
NOCS_MAX, SPORT_LENGTH_MAX = 40, 40
_NOC = re.compile(r"[A-Z]{3}")
WORK_KIND = "programme"


@transaction.atomic
def put_programme(
    *,
    code: str,
    kind: str,
    titles: Mapping[str, str],
    organisation_id: UUID,
    properties: Collection[str],
    now: datetime,
    synopses: Mapping[str, str] | None = None,
    editions: Collection[str] = (),
    nocs: Collection[str] = (),
    sport: str = "",
    occurred_at: datetime | None = None,
    by: UUID | None = None,
) -> Saved | BadTerms | NotYours:
    """Make the programme of this code what is given, new (a draft) or not; its work is registered.

    An organisation keeps its programmes: another one's code is refused. A person may only add or
    take away editions for whose licensee they act. What is scheduled is ruled again.
    """
    row = models.Programme.objects.select_for_update().filter(code=code).first()
    foreign = _foreign(row, organisation_id, set(editions), by=by, now=now)
    if foreign is not None:
        return foreign
    created = row is None
    row = row or models.Programme(code=code, organisation_id=organisation_id, created_at=now)
    row.kind, row.sport, row.occurred_at = kind, sport.strip(), occurred_at
    row.titles, row.synopses = _texts(titles), _texts(synopses or {})
    row.editions, row.properties = sorted(set(editions)), sorted(set(properties))
    row.nocs = sorted({each.strip().upper() for each in nocs if each.strip()})
    problems = tuple(_problems(row))
    return BadTerms(problems) if problems else _stored(row, created=created, now=now, by=by)


def _stored(
    row: models.Programme, *, created: bool, now: datetime, by: UUID | None
) -> Saved | BadTerms:
    """Its work is registered, and then the row is written; a new one begins as a draft."""
    refused = _register(row, now)
    if refused is not None:
        return refused
    row.save()
    if created:
        row.steps.create(name=Step.DRAFT, at=now, effective_at=now, by_id=by)
    else:
        rule_again(row.id, now=now)
    record_programme("written" if created else "changed", row, by=by, now=now)
    return Saved(row.id, created)


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    """Texts by language, those that say something."""
    return {language: text.strip() for language, text in given.items() if text.strip()}


def _register(row: models.Programme, now: datetime) -> BadTerms | None:
    """Tell rights what the pictures use, from now on."""
    answer = rights.register_work(
        work_id=row.id,
        kind=WORK_KIND,
        title=pick(row.titles, "en"),
        property_codes=row.properties,
        now=now,
    )
    if isinstance(answer, rights.BadTerms):
        return BadTerms(tuple(Problem(p.field, p.message) for p in answer.problems))
    return None


def _foreign(
    row: models.Programme | None,
    organisation_id: UUID,
    editions: set[str],
    *,
    by: UUID | None,
    now: datetime,
) -> NotYours | None:
    if row is not None and row.organisation_id != organisation_id:
        return NotYours(row.organisation_id)
    if not may_edit(organisation_id=organisation_id, by=by, now=now):
        return NotYours(organisation_id)
    return foreign_edition(editions ^ set(row.editions if row else ()), by=by, now=now)


def _problems(row: models.Programme) -> Iterator[Problem]:
    if not CODE.fullmatch(row.code) or row.code in RESERVED:
        yield Problem("code", "Use lower-case letters, digits and hyphens, at most 80.")
    if row.kind not in set(Kind):
        yield Problem("kind", "Choose what kind of programme it is.")
    if not row.titles:
        yield Problem("titles", "Give it a title in at least one language.")
    if any(len(text) > TITLE_LENGTH_MAX for text in row.titles.values()):
        yield Problem("titles", f"A title has at most {TITLE_LENGTH_MAX} characters.")
    if any(len(text) > SYNOPSIS_LENGTH_MAX for text in row.synopses.values()):
        yield Problem("synopses", f"A synopsis has at most {SYNOPSIS_LENGTH_MAX:,} characters.")
    if len(row.sport) > SPORT_LENGTH_MAX:
        yield Problem("sport", f"At most {SPORT_LENGTH_MAX} characters.")
    yield from _list_problems(row)


def _list_problems(row: models.Programme) -> Iterator[Problem]:
    known = models.Edition.objects.filter(code__in=row.editions).values_list("code", flat=True)
    for code in sorted(set(row.editions) - set(known)):
        yield Problem("editions", f"There is no edition {code!r}.")
    if len(row.nocs) > NOCS_MAX or not all(_NOC.fullmatch(each) for each in row.nocs):
        yield Problem("nocs", f"Codes of three capitals, at most {NOCS_MAX}.")
    if not row.properties:
        yield Problem("properties", "Name what the pictures use: nobody may show it otherwise.")
    for code in row.properties:
        if rights.property_(code) is None:
            yield Problem("properties", f"{code[:64]!r} is no known property.")


@transaction.atomic
def set_editions(
    *,
    programme_id: UUID,
    now: datetime,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    by: UUID | None = None,
) -> Saved | BadTerms | NotFound | NotYours:
    """Show a programme in more or fewer editions.

    An edition is its licensee's to fill: whoever acts for it may take in what others made.
    """
    row = models.Programme.objects.select_for_update().filter(id=programme_id).first()
    if row is None:
        return NotFound("programme")
    wanted = (set(row.editions) | set(add)) - set(remove)
    foreign = foreign_edition(wanted ^ set(row.editions), by=by, now=now)
    if foreign is not None:
        return foreign
    row.editions = sorted(wanted)
    problems = tuple(each for each in _list_problems(row) if each.field == "editions")
    if problems:
        return BadTerms(problems)
    row.save(update_fields=["editions"])
    detail = {"editions": ", ".join(row.editions)}
    record_programme("editions", row, by=by, now=now, detail=detail)
    return Saved(row.id)


@transaction.atomic
def set_sport(
    *, programme_id: UUID, sport: str, now: datetime, by: UUID | None = None
) -> Saved | BadTerms | NotFound | NotYours:
    """Say which sport a programme is about; empty: none."""
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    row.sport = sport.strip()
    if len(row.sport) > SPORT_LENGTH_MAX:
        return BadTerms((Problem("sport", f"At most {SPORT_LENGTH_MAX} characters."),))
    row.save(update_fields=["sport"])
    record_programme("sport", row, by=by, now=now, detail={"sport": row.sport})
    return Saved(row.id)


def rule_again(programme_id: UUID, *, now: datetime) -> None:
    """Ask the engine again for every slot of a programme that nobody has seen in full."""
    slots = models.Slot.objects.filter(programme=programme_id, until_tick__gt=lock_tick(now))
    rule_slots(list(slots.values_list("id", flat=True)), now=now)
