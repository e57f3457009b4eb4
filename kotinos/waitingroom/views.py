"""Pages of the waiting room itself: the draw anybody can check, and who is signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.numbers import format_percent
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kotinos.kernel import clock
from kotinos.kernel.languages import cldr_locale
from kotinos.waitingroom import decide, queries
from kotinos.waitingroom.actions import sign_account_identity
from kotinos.waitingroom.contracts import RANKS
from kotinos.waitingroom.moments import Moment, moment

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.kernel.place import Place
    from kotinos.waitingroom.contracts import Room

_IDENTITY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FRESH_SECONDS = 60
_SHARE = "#,##0.##%"


@dataclass(frozen=True, slots=True)
class DrawPage:
    """The draw of one room. `seed` is empty until it opens, `rank` until a number was given."""

    opens: Moment
    seed_hash: str
    seed: str
    identity: str
    wrong: bool
    rank: str
    share: str
    hash_is_wrong: bool


@require_safe
def draw(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """How places are drawn, the seed once it is public, and the rank of a number."""
    now = clock.now()
    room = queries.room_called(code)
    if room is None:
        raise Http404
    asked = request.GET.get("identity", "").strip().lower()[:64]
    response = render(request, "waitingroom/draw.html", {"view": _draw(room, asked, place, now)})
    seconds = _FRESH_SECONDS
    if now < room.opens_at:
        seconds = max(1, min(seconds, int((room.opens_at - now).total_seconds())))
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    return response


def _draw(room: Room, asked: str, place: Place, now: datetime) -> DrawPage:
    is_open = now >= room.opens_at
    good = _IDENTITY.fullmatch(asked) is not None
    rank = decide.rank(seed=room.seed, identity=asked) if is_open and good else None
    share = "" if rank is None else _share(rank, place.language)
    return DrawPage(
        opens=moment(room.opens_at, place.language),
        seed_hash=decide.seed_hash(room.seed),
        seed=room.seed.hex() if is_open else "",
        identity=asked,
        wrong=bool(asked) and not good,
        rank="" if rank is None else str(rank),
        share=share,
        hash_is_wrong=False,  # Both stand on this page, made of the same bytes.
    )


def _share(rank: int, language: str) -> str:
    return str(format_percent(rank / RANKS, _SHARE, locale=cldr_locale(language)))


@never_cache
@require_safe
def me(request: HttpRequest, place: Place, room_id: UUID) -> JsonResponse:
    """For the line's script: a short-lived token for whoever is signed in; null for a guest."""
    del place
    account = None
    if request.user.is_authenticated:
        account = sign_account_identity(person_id=request.user.pk, room_id=room_id, now=clock.now())
    return JsonResponse({"account": account})
