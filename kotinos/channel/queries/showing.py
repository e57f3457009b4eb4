"""What an edition shows on demand: lists by clearance, one programme, its tracks and cues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.channel.models import Cue, LinearChannel, LiveSource, Package, Programme, Track
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.kernel.languages import pick
from kotinos.kernel.statement import Statement
from kotinos.rights.contracts import Act, Outlet, use_bit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kotinos.channel.models import Edition

PAGE_SIZE = 24
SHOW_VOD = use_bit(Act.SHOW_VOD, Outlet.INTERNET)
_LIKE_SIGNS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader asked of the list of videos; empty texts ask nothing."""

    text: str = ""
    kind: str = ""
    sport: str = ""
    noc: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """What the first rows of a list should have in common with."""

    nocs: tuple[str, ...] = ()
    sport: str = ""
    kind: str = ""
    without: UUID | None = None


@dataclass(frozen=True, slots=True)
class VideoRow:
    """One programme with its newest package, texts in every language."""

    id: UUID
    code: str
    kind: str
    titles: Mapping[str, str]
    synopses: Mapping[str, str]
    sport: str
    nocs: tuple[str, ...]
    package_id: UUID
    content_ms: int
    has_description: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, how long all of it is, and by what it can be narrowed."""

    total: int
    rows: tuple[VideoRow, ...]
    kinds: tuple[str, ...]
    sports: tuple[str, ...]
    nocs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueRow:
    """A moment of a programme and the handles of the products seen in it, in order."""

    id: UUID
    at_ms: int
    seconds: int
    words: Mapping[str, str]
    handles: tuple[str, ...]


_NOTHING = Found(0, (), (), (), ())


def _read_found(row: Mapping[str, Any]) -> Found:
    return Found(
        total=row["total"],
        rows=tuple(_video(one) for one in row["rows"]),
        kinds=tuple(row["kinds"]),
        sports=tuple(row["sports"]),
        nocs=tuple(row["nocs"]),
    )


def _video(row: Mapping[str, Any]) -> VideoRow:
    facts = row["facts"]
    return VideoRow(
        id=UUID(str(row["id"])),
        code=row["code"],
        kind=row["kind"],
        titles=row["titles"],
        synopses=row["synopses"],
        sport=row["sport"],
        nocs=tuple(row["nocs"]),
        package_id=UUID(str(row["package_id"])),
        content_ms=int(facts.get("content_ms", row["ticks"] * 4000)),
        has_description=any(sound.get("name") == "d" for sound in facts.get("sounds", ())),
    )


_list_showing: Statement[Found] = Statement.load("kotinos.channel", "list_showing.sql", _read_found)


def showing(
    edition: Edition,
    *,
    territory: str,
    language: str,
    now: datetime,
    narrowed: Narrowed | None = None,
    near: Near | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Found:
    """What the edition's licensee may show on demand there and now: one statement."""
    bit = games.territory_bits().get(territory)
    if bit is None:
        return _NOTHING
    asked, close = narrowed or Narrowed(), near or Near()
    (found,) = rich.read(
        _list_showing,
        edition=edition.code,
        seller=edition.licensee_id,
        use=SHOW_VOD,
        bit=bit,
        now=now,
        language=language,
        text=f"%{asked.text.translate(_LIKE_SIGNS)}%" if asked.text else "",
        kind=asked.kind,
        sport=asked.sport,
        noc=asked.noc,
        without=close.without,
        near_nocs=list(close.nocs),
        near_sport=close.sport,
        near_kind=close.kind,
        size=size,
        skip=(page - 1) * size,
    )
    return found


def programme(code: str) -> Programme | None:
    """The programme of a code, whatever its state; slates are nobody's page."""
    return Programme.objects.filter(code=code).exclude(kind="slate").first()


def newest_package(programme_id: UUID) -> Package | None:
    """What is played of a programme."""
    return Package.objects.filter(programme_id=programme_id).order_by("-ready_at").first()


def video_of(found: Programme, package: Package) -> VideoRow:
    """A programme and its package as a row of a list."""
    return _video(
        {
            "id": found.id,
            "code": found.code,
            "kind": found.kind,
            "titles": found.titles,
            "synopses": found.synopses,
            "sport": found.sport,
            "nocs": found.nocs,
            "package_id": package.id,
            "ticks": package.ticks,
            "facts": package.facts,
        }
    )


def tracks(programme_id: UUID, kind: str) -> dict[str, str]:
    """The WebVTT texts of one kind, by language."""
    rows = Track.objects.filter(programme_id=programme_id, kind=kind).order_by("language")
    return dict(rows.values_list("language", "text"))


def cues(programme_id: UUID) -> tuple[CueRow, ...]:
    """The programme's moments in order, with their products' handles."""
    rows = Cue.objects.filter(programme_id=programme_id).order_by("at_ms", "id")
    found = list(rows.prefetch_related("products__product"))
    return tuple(
        CueRow(
            id=cue.id,
            at_ms=cue.at_ms,
            seconds=cue.seconds,
            words=cue.words,
            handles=tuple(
                one.product.handle
                for one in sorted(cue.products.all(), key=lambda one: one.position)
            ),
        )
        for cue in found
    )


def source_of(programme_id: UUID) -> LiveSource | None:
    """Where an event comes in live; None for what was never live."""
    return LiveSource.objects.filter(programme_id=programme_id).first()


def linear_channels(edition: Edition) -> tuple[LinearChannel, ...]:
    """The round-the-clock channels of an edition, in their order."""
    return tuple(LinearChannel.objects.filter(edition=edition).order_by("position", "code"))


def linear_channel(code: str) -> LinearChannel | None:
    """A round-the-clock channel by code."""
    return LinearChannel.objects.filter(code=code).select_related("edition").first()


def live_source(code: str) -> LiveSource | None:
    """A live source by code, with its programme."""
    return LiveSource.objects.filter(code=code).select_related("programme").first()


def title_in(texts: Mapping[str, str], language: str, code: str) -> str:
    """A title in the reader's language; a programme without any is called by its code."""
    return pick(texts, language) or code
