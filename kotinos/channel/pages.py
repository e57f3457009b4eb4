"""What the pages of videos show, as typed rows in the reader's language. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import Named
from kotinos.channel import refusing, transcript, wording
from kotinos.channel.queries import showing
from kotinos.channel.queries.editions import edition_for
from kotinos.channel.queries.showing import Near
from kotinos.games import api as games
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.contracts import ProductPage, RefusalPanel, VariantRow
    from kotinos.channel.models import Edition, Programme
    from kotinos.channel.queries.showing import CueRow, Found, Narrowed, VideoRow
    from kotinos.kernel.place import Place

RELATED = 4
PRODUCTS_MAX = 24
WISH_PREFIX = "channel:"
POSTER_WIDTHS = (320, 640, 1280)


@dataclass(frozen=True, slots=True)
class Poster:
    """Files of a package: `poster-<width>.webp` and `poster.jpg`, 16:9."""

    package: str

    @property
    def folder(self) -> str:
        return f"/fast/channel/pictures/{self.package}"

    @property
    def src(self) -> str:
        return f"{self.folder}/poster-640.webp"

    @property
    def jpeg(self) -> str:
        return f"{self.folder}/poster.jpg"

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.folder}/poster-{width}.webp {width}w" for width in POSTER_WIDTHS)


@dataclass(frozen=True, slots=True)
class VideoCard:
    """One programme in a list."""

    code: str
    url: str
    title: str
    kind: str
    sport: str
    team: Named | None
    poster: Poster
    length: str
    has_description: bool


@dataclass(frozen=True, slots=True)
class RailProduct:
    """A product of a cue as it may be bought here, and what a sale of it is attributed to."""

    page: ProductPage
    group: Offered
    via: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What one seller offers of a product here, and which of it is chosen to begin with."""

    seller_id: UUID
    variants: tuple[VariantRow, ...]

    @property
    def first(self) -> VariantRow:
        return next((one for one in self.variants if not one.sold_out), self.variants[0])


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at_ms` until `until_ms` these products are seen; `words` say what is going on."""

    cue: str
    at_ms: int
    until_ms: int
    at_text: str
    words: str
    products: tuple[RailProduct, ...]

    @property
    def seconds(self) -> int:
        return self.at_ms // transcript.MS_A_SECOND


@dataclass(frozen=True, slots=True)
class VideoPage:
    """All of a video's page. `refusal` is set where it may not be shown here."""

    card: VideoCard
    subject: str
    synopsis: str
    length_ms: int
    play_url: str
    chapters: tuple[transcript.Line, ...]
    lines: tuple[transcript.Line, ...]
    lines_language: str
    moments: tuple[Moment, ...]
    related: tuple[VideoCard, ...]
    refusal: RefusalPanel | None
    headline: str
    chapters_url: str

    @property
    def storyboard(self) -> str:
        return f"{self.card.poster.folder}/storyboard.vtt"

    @property
    def lines_tag(self) -> str:
        """The transcript's language as HTML writes it."""
        return {"zh-hans": "zh-Hans"}.get(self.lines_language, self.lines_language)

    @property
    def can_wish(self) -> bool:
        """Whether it is rights that say no: they may say yes one day."""
        return self.refusal is not None and self.refusal.reason not in refusing.NEVER_OPENS

    @property
    def wish(self) -> str:
        """What the form "tell me when it opens here" is about."""
        return f"{WISH_PREFIX}{self.card.code}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list of videos: what it is called and the address that toggles it."""

    name: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one facet."""

    code: str
    values: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class VideoList:
    """One page of the list of videos."""

    cards: tuple[VideoCard, ...]
    facets: tuple[Choices, ...]
    total: int
    page: int
    pages: int
    previous_url: str
    next_url: str
    clear_url: str
    text: str
    is_filtered: bool


def url(place: Place, name: str, **parts: str) -> str:
    """The address of one of the channel's pages."""
    return reverse(f"channel:{name}", kwargs={"place": place, **parts})


def card(row: VideoRow, place: Place) -> VideoCard:
    """A row as a card."""
    team = row.nocs[0] if row.nocs else ""
    return VideoCard(
        code=row.code,
        url=url(place, "video", code=row.code),
        title=showing.title_in(row.titles, place.language, row.code),
        kind=str(wording.KINDS.get(row.kind, row.kind)),
        sport=sport_name(row.sport, place.language),
        team=Named(team, games.noc_name(team, place.language)) if team else None,
        poster=Poster(str(row.package_id)),
        length=transcript.clock_text(row.content_ms),
        has_description=row.has_description,
    )


def sport_name(code: str, language: str) -> str:
    """A sport by the shop's name for it, else as it stands."""
    return (catalog.term_name("sport", code, language) or code) if code else ""


def video_page(
    edition: Edition, found: Programme, place: Place, *, now: datetime
) -> VideoPage | None:
    """The page of one programme; None where nothing of it can be played anywhere yet."""
    package = showing.newest_package(found.id)
    if package is None:
        return None
    row = showing.video_of(found, package)
    refused = refusing.refusal(edition, found, place, now=now)
    subtitles = {} if refused else showing.tracks(found.id, "subtitles")
    language = spoken(subtitles, place.language)
    chapters = {} if refused else showing.tracks(found.id, "chapters")
    near = Near(row.nocs, row.sport, row.kind, without=row.id)
    related = showing.showing(
        edition,
        territory=place.territory,
        language=place.language,
        now=now,
        near=near,
        size=RELATED,
    )
    return VideoPage(
        card=card(row, place),
        subject=f"v:{row.id}",
        synopsis=pick(row.synopses, place.language),
        length_ms=row.content_ms,
        play_url=play_url("video", row.code, place),
        chapters=transcript.lines(chapters.get(spoken(chapters, place.language), "")),
        lines=transcript.lines(subtitles.get(language, "")),
        lines_language=language,
        moments=() if refused else moments(found, place, now=now),
        related=tuple(card(one, place) for one in related.rows),
        refusal=refused.panel if refused else None,
        headline=refused.headline if refused else "",
        chapters_url=(
            f"/fast/channel/tracks/{row.id}/chapters-{spoken(chapters, place.language)}.vtt"
            if chapters
            else ""
        ),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How a programme stands in one place."""

    title: str
    url: str
    is_shown: bool


def standing(place: Place, code: str, *, now: datetime) -> Seen | None:
    """Whether a programme is shown in a place now; None where it is not on the channel."""
    edition, found = edition_for(language=place.language), showing.programme(code)
    if edition is None or found is None or found.published_from is None:
        return None
    title = showing.title_in(found.titles, place.language, code)
    refused = found.published_from > now or refusing.refusal(edition, found, place, now=now)
    return Seen(title, url(place, "video", code=code), is_shown=not refused)


def spoken(texts: Mapping[str, str], language: str) -> str:
    """The language to show texts in: the reader's, else English, else any."""
    return next((code for code in (language, "en", *texts) if code in texts), language)


def play_url(kind: str, code: str, place: Place) -> str:
    """The fast lane's door that answers whether and what to play."""
    return f"/fast/channel/play/{kind}/{code}?place={place.slug}"


def moments(found: Programme, place: Place, *, now: datetime) -> tuple[Moment, ...]:
    """The programme's cues with the products that may be bought here; others are left out."""
    rows = showing.cues(found.id)
    handles = list(dict.fromkeys(handle for row in rows for handle in row.handles))[:PRODUCTS_MAX]
    pages = {handle: catalog.product_page(place, handle, now=now) for handle in handles}
    buyable = {
        handle: page
        for handle, page in pages.items()
        if page is not None and page.variants and page.price is not None
    }
    made = (_moment(row, found.code, buyable, place.language) for row in rows)
    return tuple(moment for moment in made if moment.products)


def _moment(row: CueRow, code: str, buyable: Mapping[str, ProductPage], language: str) -> Moment:
    via = f"channel:{code}:{row.id}:{row.at_ms}"
    return Moment(
        cue=str(row.id),
        at_ms=row.at_ms,
        until_ms=row.at_ms + row.seconds * transcript.MS_A_SECOND,
        at_text=transcript.clock_text(row.at_ms),
        words=pick(row.words, language),
        products=tuple(
            RailProduct(buyable[handle], _offered(buyable[handle]), via)
            for handle in row.handles
            if handle in buyable
        ),
    )


def _offered(page: ProductPage) -> Offered:
    """The seller whose goods are there; the page of the product shows the others too."""
    chosen = next((one for one in page.variants if not one.sold_out), page.variants[0])
    return Offered(
        chosen.seller_id,
        tuple(one for one in page.variants if one.seller_id == chosen.seller_id),
    )


def video_list(
    edition: Edition, place: Place, asked: Narrowed, page: int, *, now: datetime
) -> VideoList:
    """One page of what may be shown here, and how to narrow it."""
    found = _found(edition, place, asked, page, now)
    pages = max(1, -(-found.total // showing.PAGE_SIZE))
    if page > pages:
        page = pages
        found = _found(edition, place, asked, page, now)
    path = url(place, "videos")
    query = {"q": asked.text, "kind": asked.kind, "sport": asked.sport, "team": asked.noc}
    return VideoList(
        cards=tuple(card(row, place) for row in found.rows),
        facets=_facets(found, query, path, place.language),
        total=found.total,
        page=page,
        pages=pages,
        previous_url=_with(path, query, page=str(page - 1)) if page > 1 else "",
        next_url=_with(path, query, page=str(page + 1)) if page < pages else "",
        clear_url=path,
        text=asked.text,
        is_filtered=any(query.values()),
    )


def _found(edition: Edition, place: Place, asked: Narrowed, page: int, now: datetime) -> Found:
    return showing.showing(
        edition,
        territory=place.territory,
        language=place.language,
        now=now,
        narrowed=asked,
        page=page,
    )


def _facets(
    found: Found, query: Mapping[str, str], path: str, language: str
) -> tuple[Choices, ...]:
    names = {
        "kind": {code: str(wording.KINDS.get(code, code)) for code in found.kinds},
        "sport": {code: sport_name(code, language) for code in found.sports},
        "team": {code: games.noc_name(code, language) for code in found.nocs},
    }
    made = (
        Choices(
            facet,
            tuple(
                _choice(query, path, facet, code, name)
                for code, name in sorted(values.items(), key=lambda one: games.sort_key(one[1]))
            ),
        )
        for facet, values in names.items()
    )
    return tuple(facet for facet in made if facet.values)


def _choice(query: Mapping[str, str], path: str, facet: str, code: str, name: str) -> Choice:
    selected = query[facet] == code
    return Choice(name, _with(path, query, **{facet: "" if selected else code}), selected)


def _with(path: str, query: Mapping[str, str], **change: str) -> str:
    asked = {name: value for name, value in {**query, **change}.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
