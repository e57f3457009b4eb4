"""Keep and answer "tell me when it opens here": one mail when it can be bought, then forgotten.

Nothing is confirmed by mail first: the one mail that follows says only that something can be
bought now, once, and an address may hold few wishes, so that nobody is flooded by a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kotinos.catalog import api as catalog
from kotinos.channel import api as channel
from kotinos.games import api as games
from kotinos.kernel.environment import environment
from kotinos.kernel.place import Place
from kotinos.web.models import OpeningWish

if TYPE_CHECKING:
    from datetime import datetime

WISHES_PER_ADDRESS_MAX = 20
WISH_DAYS_MAX = 730


@dataclass(frozen=True, slots=True)
class Wished:
    """What a wish is about: a product, or a video where the handle says `channel:<code>`."""

    title: str
    url: str
    is_open: bool
    is_video: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The wish stands; asking again changes nothing."""


@dataclass(frozen=True, slots=True)
class NotKept:
    """`why`: address (it is none), product (there is none), many (of this address)."""

    why: str


Outcome = Kept | NotKept


def ask(*, email: str, handle: str, place: Place, now: datetime) -> Outcome:
    """Keep a reader's wish to hear when a product can be bought in their territory."""
    try:
        validate_email(email)
    except ValidationError:
        return NotKept("address")
    if wished(place, handle, now=now) is None:
        return NotKept("product")
    address = email.casefold()
    if OpeningWish.objects.filter(email=address).count() >= WISHES_PER_ADDRESS_MAX:
        return NotKept("many")
    wish = OpeningWish(
        email=address,
        handle=handle,
        language=place.language,
        territory=place.territory,
        made_at=now,
    )
    OpeningWish.objects.bulk_create([wish], ignore_conflicts=True)
    return Kept()


def sentence(outcome: Outcome) -> str:
    """What to say beside the field; empty when the wish stands."""
    match outcome:
        case Kept():
            return ""
        case NotKept(why="address"):
            return _("This is not a mail address.")
        case NotKept(why="many"):
            return _("This address is waiting for many items already.")
        case NotKept():
            return _("There is no such item any more.")


def wished(place: Place, handle: str, *, now: datetime) -> Wished | None:
    """What a handle names, as it is in a place now; None where there is no such thing."""
    if handle.startswith(channel.WISH_PREFIX):
        found = channel.standing(place, handle.removeprefix(channel.WISH_PREFIX), now=now)
        if found is None:
            return None
        return Wished(found.title, found.url, is_open=found.is_shown, is_video=True)
    page = catalog.product_page(place, handle, now=now)
    if page is None:
        return None
    is_open = page.state is catalog.ProductState.CLEARED
    return Wished(page.title, page.url, is_open=is_open, is_video=False)


def tell(*, now: datetime) -> int:
    """Send the mails whose moment has come and forget those readers; how many were told.

    A crash between a mail and its row's end sends that mail again: late is better than never.
    """
    OpeningWish.objects.filter(made_at__lt=now - timedelta(days=WISH_DAYS_MAX)).delete()
    told = 0
    wanted = OpeningWish.objects.values_list("handle", "territory", "language").distinct()
    for handle, territory, language in wanted.order_by():
        found = wished(Place(language, territory), handle, now=now)
        if found is not None and found.is_open:
            told += _tell_all(handle, territory, language, now=now)
    return told


def _tell_all(handle: str, territory: str, language: str, *, now: datetime) -> int:
    with transaction.atomic():
        waiting = list(
            OpeningWish.objects.select_for_update(skip_locked=True)
            .filter(handle=handle, territory=territory, language=language)
            .order_by("id")
        )
        for wish in waiting:
            _mail(wish, now=now)
        OpeningWish.objects.filter(id__in=[wish.id for wish in waiting]).delete()
    return len(waiting)


def _mail(wish: OpeningWish, *, now: datetime) -> None:
    found = wished(Place(wish.language, wish.territory), wish.handle, now=now)
    if found is None:
        return
    values = {
        "title": found.title,
        "territory": games.territory_name(wish.territory, wish.language),
    }
    with translation.override(wish.language):
        subject, text = _words(is_video=found.is_video)
        end = _("Your address is deleted with this mail.")
    body = f"{text % values}\n\n{environment().origin}{found.url}\n\n{end}\n"
    send_mail(subject % values, body, None, [wish.email])


def _words(*, is_video: bool) -> tuple[str, str]:
    if is_video:
        return (
            _("%(title)s can be watched now"),
            _("You asked to hear when it can be shown in %(territory)s. It can, from now on:"),
        )
    return (
        _("%(title)s can be bought now"),
        _("You asked to hear when it can be sold to %(territory)s. It can, from now on:"),
    )
