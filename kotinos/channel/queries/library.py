"""The library as editors see it: programmes with where they stand, filtered and in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from kotinos.channel import models
from kotinos.channel.contracts import TICK_SECONDS, Step
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.kernel.languages import LANGUAGES, pick
from kotinos.kernel.statement import Statement
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from kotinos.channel.models import Programme

PER_PAGE = 40
WATCHED_MINUTES = 5
USE_ON_DEMAND = rights.use_bit(rights.Act.SHOW_VOD, rights.Outlet.INTERNET)
_cleared: Statement[UUID] = Statement.load(
    "kotinos.channel", "cleared_programmes.sql", lambda row: row["id"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an editor looks for; what is empty asks nothing."""

    text: str = ""
    kind: str = ""
    step: str = ""
    edition: str = ""
    sport: str = ""
    noc: str = ""
    packaged: str = ""  # yes | no
    failing: bool = False
    territory: str = ""

    @property
    def are_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One programme in the list."""

    id: UUID
    code: str
    title: str
    kind: str
    step: Step
    published_from: datetime | None
    editions: tuple[str, ...]
    sport: str
    nocs: tuple[str, ...]
    organisation_id: UUID
    organisation: str
    package_id: UUID | None
    poster_at: int
    seconds: int
    failing: bool
    working: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing in the last minutes: people who watched at the same time, and how many began."""

    name: str
    code: str
    kind: str
    people: float
    starts: int
    stalls: int
    territories: int


def seen_by(mine: Collection[UUID] | None) -> QuerySet[Programme]:
    """Programmes of these organisations and of the editions they license; None: all."""
    rows = models.Programme.objects.select_related("organisation")
    if mine is None:
        return rows
    editions = list(models.Edition.objects.filter(licensee__in=mine).values_list("code", flat=True))
    return rows.filter(Q(organisation__in=mine) | Q(editions__overlap=editions))


def library(
    filters: Filters, *, mine: Collection[UUID] | None, now: datetime
) -> QuerySet[Programme]:
    """What answers to the filters, the newest first, ready to be cut into pages."""
    rows = _worded(_annotated(seen_by(mine)), filters)
    rows = _by_step(rows, filters.step, now)
    if filters.packaged:
        rows = rows.filter(newest__isnull=filters.packaged == "no")
    if filters.failing:
        rows = rows.filter(last_failed__isnull=False)
    if filters.territory:
        rows = rows.filter(id__in=cleared_in(filters.territory.upper(), now=now))
    return rows.order_by("-created_at", "code")


def _worded(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    """Those whose own columns say what is asked."""
    if filters.text:
        found = Q(code__icontains=filters.text)
        for language in LANGUAGES:
            found |= Q(**{f"titles__{language}__icontains": filters.text})
        rows = rows.filter(found)
    asked = {
        "kind": filters.kind,
        "sport": filters.sport,
        "editions__contains": [filters.edition] if filters.edition else "",
        "nocs__contains": [filters.noc.upper()] if filters.noc else "",
    }
    return rows.filter(**{name: value for name, value in asked.items() if value})


def _annotated(rows: QuerySet[Programme]) -> QuerySet[Any]:
    steps = models.ProgrammeStep.objects.filter(programme=OuterRef("pk")).order_by("-at", "-id")
    packages = models.Package.objects.filter(programme=OuterRef("pk")).order_by("-ready_at", "-id")
    jobs = models.Job.objects.filter(programme=OuterRef("pk")).order_by("-asked_at", "-id")
    return rows.annotate(
        step=Subquery(steps.values("name")[:1]),
        effective_at=Subquery(steps.values("effective_at")[:1]),
        newest=Subquery(packages.values("id")[:1]),
        ticks=Subquery(packages.values("ticks")[:1]),
        poster_at=Subquery(packages.values("facts__poster_at")[:1]),
        last_failed=Subquery(jobs.values("failed_at")[:1]),
        working=Exists(jobs.filter(done_at=None, failed_at=None)),
    )


def _by_step(rows: QuerySet[Any], step: str, now: datetime) -> QuerySet[Any]:
    """What was scheduled is published once its time has come."""
    if step == Step.SCHEDULED:
        return rows.filter(step=step, effective_at__gt=now)
    if step == Step.PUBLISHED:
        due = Q(step=Step.SCHEDULED, effective_at__lte=now)
        return rows.filter(Q(step=step) | due)
    return rows.filter(step=step) if step else rows


def row_of(row: Any, *, now: datetime, language: str = "en") -> LibraryRow:
    """One row of `library` as its page shows it."""
    step = Step(row.step or Step.DRAFT)
    if step is Step.SCHEDULED and row.effective_at <= now:
        step = Step.PUBLISHED
    return LibraryRow(
        id=row.id,
        code=row.code,
        title=pick(row.titles, language),
        kind=row.kind,
        step=step,
        published_from=row.published_from,
        editions=tuple(row.editions),
        sport=row.sport,
        nocs=tuple(row.nocs),
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        package_id=row.newest,
        poster_at=row.poster_at or 0,
        seconds=(row.ticks or 0) * TICK_SECONDS,
        failing=row.last_failed is not None,
        working=row.working,
    )


def cleared_in(territory: str, *, now: datetime) -> list[UUID]:
    """Programmes that may be shown on demand in a territory now."""
    bit = games.territory_bits().get(territory)
    return [] if bit is None else rich.read(_cleared, bit=bit, use=USE_ON_DEMAND, now=now)


def programme_titles(*, codes: Collection[str], mine: Collection[UUID] | None) -> dict[str, str]:
    """Titles in English of those of these programmes that somebody sees, by code."""
    rows = seen_by(mine).filter(code__in=codes).values_list("code", "titles")
    return {code: pick(titles, "en") for code, titles in rows}


def cue_words(*, codes: Collection[str]) -> dict[str, str]:
    """What is seen at the moments of some programmes, in English, by the id of the cue."""
    rows = models.Cue.objects.filter(programme__code__in=codes).values_list("id", "words")
    return {str(cue_id): pick(said, "en") for cue_id, said in rows}


def sports(mine: Collection[UUID] | None) -> list[str]:
    """Every sport that programmes name, in order."""
    rows = seen_by(mine).exclude(sport="").order_by("sport")
    return list(rows.values_list("sport", flat=True).distinct())


def watched_now(
    mine: Collection[UUID] | None, *, now: datetime, rows_max: int = 6
) -> list[Watched]:
    """What is watched most, by what players told in the last whole minutes."""
    minute = int(now.timestamp()) // 60
    sums = (
        models.Watching.objects.filter(minute__gt=minute - WATCHED_MINUTES, minute__lte=minute)
        .values("subject")
        .annotate(
            watched=Sum("seconds"),
            begun=Sum("starts"),
            stalled=Sum("stalls"),
        )
        .order_by("-watched", "-begun")[: rows_max * 4]
    )
    where = _territories([row["subject"] for row in sums], minute)
    names = _names([row["subject"] for row in sums], mine)
    found = [
        Watched(
            *names[row["subject"]],
            people=row["watched"] / (60 * WATCHED_MINUTES),
            starts=row["begun"],
            stalls=row["stalled"],
            territories=where.get(row["subject"], 0),
        )
        for row in sums
        if row["subject"] in names
    ]
    return found[:rows_max]


def _territories(subjects: Collection[str], minute: int) -> dict[str, int]:
    found: dict[str, set[str]] = {}
    rows = models.Watching.objects.filter(
        subject__in=subjects, minute__gt=minute - WATCHED_MINUTES, minute__lte=minute
    )
    for subject, territory in rows.values_list("subject", "territory"):
        found.setdefault(subject, set()).add(territory)
    return {subject: len(codes) for subject, codes in found.items()}


def _names(
    subjects: Collection[str], mine: Collection[UUID] | None
) -> dict[str, tuple[str, str, str]]:
    """Title, code and kind of what somebody may see of these subjects."""
    split = [subject.partition(":") for subject in subjects]
    ids = [key for kind, _, key in split if kind == "v" and _is_uuid(key)]
    names = {
        f"v:{row.id}": (pick(row.titles, "en"), row.code, "programme")
        for row in seen_by(mine).filter(id__in=ids)
    }
    channels = models.LinearChannel.objects.select_related("edition")
    if mine is not None:
        channels = channels.filter(edition__licensee__in=mine)
    for channel in channels.filter(code__in=[key for kind, _, key in split if kind == "c"]):
        names[f"c:{channel.code}"] = (pick(channel.names, "en"), channel.code, "channel")
    sources = models.LiveSource.objects.filter(
        programme__in=seen_by(mine), code__in=[key for kind, _, key in split if kind == "l"]
    )
    for source in sources.select_related("programme"):
        title = pick(source.programme.titles, "en")
        names[f"l:{source.code}"] = (title, source.programme.code, "programme")
    return names


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
