"""Whose drops a person at work sees, and may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from kotinos.drops import queries
from kotinos.games import api as games
from kotinos.kernel.office import staff

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kotinos.drops.contracts import DropView

MANAGER = "catalogue"
WATCHERS = ("catalogue", "viewer")


def seen(request: HttpRequest) -> tuple[DropView, ...]:
    """Every drop of the organisations a person watches, latest first; operators see all."""
    return queries.all_drops(seller_ids=staff(request).organisations(*WATCHERS))


def found(request: HttpRequest, slug: str) -> DropView:
    """The drop of this slug; 404 where it is not one this person sees.

    A rehearsal is seen by whoever sees what it rehearses: its own seller has no people.
    """
    drop = queries.drop(slug)
    if drop is None or not _is_seen(drop, staff(request).organisations(*WATCHERS)):
        raise Http404
    return drop


def _is_seen(drop: DropView, mine: frozenset[object] | None) -> bool:
    return mine is None or owner_of(drop).seller_id in mine


def owner_of(drop: DropView) -> DropView:
    """The drop itself, or what a rehearsal rehearses."""
    original = queries.drop_by_id(drop.rehearsal_of) if drop.rehearsal_of else None
    return original or drop


def manages(request: HttpRequest, drop: DropView) -> bool:
    """Whether this person may change a drop, or hold the levers of its room."""
    mine = staff(request).organisations(MANAGER)
    return mine is None or owner_of(drop).seller_id in mine


def managed(request: HttpRequest, slug: str) -> DropView:
    """The drop of this slug, for somebody who may change it; 404 for everybody else."""
    drop = found(request, slug)
    if not manages(request, drop):
        raise Http404
    return drop


def seller_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Organisations a person may schedule drops for."""
    mine = staff(request).organisations(MANAGER)
    ids = None if mine is None else tuple(mine)
    return [(each.code, f"{each.name} ({each.code})") for each in games.organisations(ids=ids)]
