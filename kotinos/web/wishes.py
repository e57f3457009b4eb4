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
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.kernel.environment import environment
from kotinos.kernel.place import Place
from kotinos.web.models import OpeningWish

if TYPE_CHECKING:
    from datetime import datetime

WISHES_PER_ADDRESS_MAX = 20
WISH_DAYS_MAX = 730


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
    if catalog.product_page(place, handle, now=now) is None:
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


def tell(*, now: datetime) -> int:
    """Send the mails whose moment has come and forget those readers; how many were told.

    A crash between a mail and its row's end sends that mail again: late is better than never.
    """
    OpeningWish.objects.filter(made_at__lt=now - timedelta(days=WISH_DAYS_MAX)).delete()
    told = 0
    wanted = OpeningWish.objects.values_list("handle", "territory").distinct().order_by()
    for handle, territory in wanted:
        page = catalog.product_page(Place("en", territory), handle, now=now)
        if page is not None and page.state is catalog.ProductState.CLEARED:
            told += _tell_all(handle, territory, now=now)
    return told


def _tell_all(handle: str, territory: str, *, now: datetime) -> int:
    with transaction.atomic():
        waiting = list(
            OpeningWish.objects.select_for_update(skip_locked=True)
            .filter(handle=handle, territory=territory)
            .order_by("id")
        )
        for wish in waiting:
            _mail(wish, now=now)
        OpeningWish.objects.filter(id__in=[wish.id for wish in waiting]).delete()
    return len(waiting)


def _mail(wish: OpeningWish, *, now: datetime) -> None:
    place = Place(wish.language, wish.territory)
    page = catalog.product_page(place, wish.handle, now=now)
    title = page.title if page else wish.handle
    link = reverse("catalog:product", kwargs={"place": place, "handle": wish.handle})
    values = {"title": title, "territory": games.territory_name(wish.territory, wish.language)}
    with translation.override(wish.language):
        subject = _("%(title)s can be bought now") % values
        text = _("You asked to hear when it can be sold to %(territory)s. It can, from now on:")
        end = _("Your address is deleted with this mail.")
    body = f"{text % values}\n\n{environment().origin}{link}\n\n{end}\n"
    send_mail(subject, body, None, [wish.email])
