"""Operations: whether everything has arrived, what did not, and by which keys it comes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Min, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.insight import write_keys
from kotinos.insight.keys import PAGES
from kotinos.insight.lake import ledger
from kotinos.insight.models import File, Ledger, WriteKey
from kotinos.insight.office import asking, cards, live
from kotinos.insight.office.boards import BOARDS
from kotinos.insight.office.pages import answers_nonsense, frame, place_of
from kotinos.insight.write_keys import Made, NotMade
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from kotinos.insight.office.asking import Asked
    from kotinos.kernel.office import Staff

NAME = "operations"
LINES_MAX = 120
MANAGER = "catalogue"  # who may make and revoke keys of an organisation; operators may all
_GIGABYTE = 10**9


class KeyForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens, e.g. ios-app"),
    )
    rate = forms.IntegerField(
        label=gettext_lazy("Events a second, at most"), min_value=1, max_value=50_000, initial=500
    )


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as it is shown: never again in full."""

    row: WriteKey
    owner: str
    ends_with: str
    may_revoke: bool


@answers_nonsense
def show(request: HttpRequest) -> HttpResponse:
    """The page; a form on it makes keys."""
    who, now = staff(request), clock.now()
    asked = asking.read(request.GET.dict(), who=who, now=now)
    may_make = _may_make(who, asked)
    form = KeyForm(request.POST if request.method == "POST" and may_make else None)
    made = None
    if form.is_bound and form.is_valid():
        made = _make(who, asked, form, now)
    board = BOARDS[NAME]
    context = {
        **frame(request, asked, NAME, now),
        "board": board,
        "cards": cards.cards(board, asked, place=place_of(asked, NAME), now=now),
        "is_print": request.GET.get("view") == "print",
        "form": KeyForm() if made else form,
        "made": made,
        "may_make": may_make,
        "keys": _keys(who, asked),
        "lines": list(_lines(asked)),
        **_state(who, now),
    }
    template = "insight/print.html" if context["is_print"] else "insight/operations.html"
    status = 422 if form.errors and not made else 200
    return page(request, template, context, title=str(board.title), status=status)


def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key; whoever sends by it is told 401 from then on."""
    if request.method != "POST":
        raise Http404
    who = staff(request)
    mine = who.organisations(MANAGER)
    if not write_keys.revoke_key(key_id=key_id, mine=mine, actor=who.person_id, now=clock.now()):
        raise Http404
    messages.success(request, _("The key is revoked: nothing more comes by it."))
    return redirect(f"{reverse('insight_office:operations')}?{request.GET.urlencode()}")


def _may_make(who: Staff, asked: Asked) -> bool:
    mine = who.organisations(MANAGER)
    return mine is None or (asked.organisation is not None and asked.organisation.id in mine)


def _make(who: Staff, asked: Asked, form: KeyForm, now: datetime) -> Made | None:
    outcome = write_keys.make_key(
        edition=asked.edition.code,
        organisation=asked.organisation,
        name=form.cleaned_data["name"],
        events_per_s_max=form.cleaned_data["rate"],
        actor=who.person_id,
        now=now,
    )
    match outcome:
        case Made():
            return outcome
        case NotMade("taken"):
            form.add_error("name", _("A key of this name is in use."))
        case NotMade("rate"):
            form.add_error("rate", _("This is not a rate that a collector can keep to."))
        case NotMade():
            form.add_error("name", _("Use small letters, digits and single hyphens."))
    return None


def _keys(who: Staff, asked: Asked) -> list[KeyLine]:
    rows = WriteKey.objects.filter(edition_id=asked.edition.code).select_related("organisation")
    if asked.organisation is not None:
        rows = rows.filter(organisation_id=asked.organisation.id)
    mine = who.organisations(MANAGER)
    return [
        KeyLine(
            row,
            row.organisation.name if row.organisation else _("The operator"),
            row.key[-4:],
            may_revoke=row.revoked_at is None
            and row.name != PAGES
            and (mine is None or row.organisation_id in mine),
        )
        for row in rows.order_by("revoked_at", "name")
    ]


def _lines(asked: Asked) -> QuerySet[Ledger]:
    """The ledger by source and day, the newest first; of an organisation only its keys' lines."""
    rows = Ledger.objects.filter(
        edition=asked.edition.code, day__gte=asked.since, day__lt=asked.until
    )
    if asked.organisation is not None:
        keys = WriteKey.objects.filter(edition_id=asked.edition.code)
        own = keys.filter(organisation_id=asked.organisation.id).values_list("name", flat=True)
        others = keys.exclude(organisation_id=asked.organisation.id)
        # A name that somebody else's key has too would show their numbers.
        names = set(own) - set(others.values_list("name", flat=True))
        rows = rows.filter(source__in=names)
    return rows.order_by("-day", "source")[:LINES_MAX]


def _state(who: Staff, now: datetime) -> dict[str, Any]:
    """What only operators are told: all of it together, the files, the room on the disk."""
    found: dict[str, Any] = live.behind(now, is_operator=False)
    if not who.is_operator:
        return found
    tables = File.objects.filter(removed_at=None).values("table").order_by("table")
    files = tables.annotate(
        files=Count("id"), rows=Sum("rows"), bytes=Sum("bytes"), since=Min("day"), until=Max("day")
    )
    balance = ledger.balance()
    return found | {
        "balance": balance,
        "files": list(files),
        "free_gb": round(shutil.disk_usage(environment().data).free / _GIGABYTE, 1),
    }
