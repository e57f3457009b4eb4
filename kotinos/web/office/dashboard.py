"""Today: what waits for this person, what it costs, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.models import Change
from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import page, staff
from kotinos.orders import api as orders
from kotinos.rights import api as rights
from kotinos.web.office import log

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from kotinos.kernel.office import Staff

CHANGES_SHOWN = 12
DENIED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and where it leads."""

    number: str
    label: StrOrPromise
    url: str


def today(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    who = staff(request)
    mine = who.organisations()
    decides = who.organisations("rights-manager")
    names = [row for row in games.organisations() if mine is not None and row.id in mine]
    rows = Change.objects.filter(who.within("organisation_id")).order_by("-at", "-id")
    nocs = [each for each in games.nocs() if decides and each.organisation_id in decides]
    context: dict[str, Any] = {
        "figures": _figures(request, who),
        "organisations": names,
        "changes": log.in_words(rows[:CHANGES_SHOWN]),
        "with_subject": True,
        "nocs": nocs,
        "needs_second_factor": not is_mfa_enabled(request.user),
        "is_operator": who.is_operator,
    }
    return page(request, "office/today.html", context, title=_("Today"))


def _figures(request: HttpRequest, who: Staff) -> list[Figure]:
    found: list[Figure] = []
    if who.has("rights-manager", "viewer"):
        for state, count in rights.grants_waiting(who=who, now=clock.now()).items():
            label = {
                "draft": _("drafts not signed"),
                "half-signed": _("grants waiting for a signature"),
                "suspended": _("grants suspended"),
            }[state]
            found.append(Figure(str(count), label, f"rights/grants/?state={state}"))
    if who.has("orders"):
        sellers = who.organisations("orders")
        ids = {row.id for row in games.organisations()} if sellers is None else sellers
        found.append(Figure(str(len(orders.shipments_of(ids))), _("parcels to ship"), "orders/"))
    return [*found, *_denied(request, who)]


def _denied(request: HttpRequest, who: Staff) -> list[Figure]:
    since = clock.now() - timedelta(days=DENIED_DAYS)
    count, minor = rights.denied_to(who=who, since=since)
    found = [Figure(str(count), _("refusals in 30 days"), "rights/denied/")]
    if minor:
        currency = max(minor, key=lambda each: minor[each])
        text = format_money(Money(minor[currency], currency), request.LANGUAGE_CODE)
        found.append(Figure(text, _("of demand denied, in one currency"), "rights/denied/"))
    return found
