"""Whose programmes and channels a person at work sees, and may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from kotinos.channel import models
from kotinos.channel.actions.frame import EDITOR as EDITOR_ROLE
from kotinos.channel.queries import library
from kotinos.games import api as games
from kotinos.kernel.office import staff

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest

    from kotinos.channel.models import Edition, LinearChannel, Programme

EDITOR: str = EDITOR_ROLE.value
WATCHERS = (EDITOR, "viewer")


def watched(request: HttpRequest) -> Collection[UUID] | None:
    """The organisations whose programmes a person sees; None: all. 404 for everybody else."""
    if not staff(request).has(*WATCHERS):
        raise Http404
    return staff(request).organisations(*WATCHERS)


def is_mine(request: HttpRequest, organisation_id: UUID) -> bool:
    """Whether this person is an editor of an organisation."""
    mine = staff(request).organisations(EDITOR)
    return mine is None or organisation_id in mine


def programme(request: HttpRequest, code: str) -> Programme:
    """The programme of this code; 404 where it is not one this person sees."""
    row = library.seen_by(watched(request)).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def own_programme(request: HttpRequest, code: str) -> Programme:
    """The same for somebody who may change it; 404 for everybody else."""
    row = programme(request, code)
    if not is_mine(request, row.organisation_id):
        raise Http404
    return row


def channels(request: HttpRequest) -> list[LinearChannel]:
    """Linear channels of the editions that this person's organisations license."""
    mine = watched(request)
    rows = models.LinearChannel.objects.select_related("edition__licensee")
    if mine is not None:
        rows = rows.filter(edition__licensee__in=mine)
    return list(rows.order_by("edition", "position", "code"))


def channel(request: HttpRequest, code: str) -> LinearChannel:
    """The linear channel of this code; 404 where this person does not see it."""
    for row in channels(request):
        if row.code == code:
            return row
    raise Http404


def own_channel(request: HttpRequest, code: str) -> LinearChannel:
    """The same for an editor of its licensee; 404 for everybody else."""
    row = channel(request, code)
    if not is_mine(request, row.edition.licensee_id):
        raise Http404
    return row


def own_editions(request: HttpRequest) -> list[Edition]:
    """Editions that this person may fill."""
    rows = models.Edition.objects.order_by("-is_default", "code")
    return [row for row in rows if is_mine(request, row.licensee_id)]


def organisation_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Organisations for which a person may write programmes."""
    mine = staff(request).organisations(EDITOR)
    ids = None if mine is None else tuple(mine)
    return [(str(each.id), f"{each.name} ({each.code})") for each in games.organisations(ids=ids)]
