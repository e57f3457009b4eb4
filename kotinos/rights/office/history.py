"""Lines of the change log in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.games import api as games
from kotinos.rights.office.rows import Change

if TYPE_CHECKING:
    from collections.abc import Iterable


def lines(changes: Iterable[Any]) -> tuple[Change, ...]:
    """Who did what, newest first."""
    found = list(changes)
    people = games.person_names({row.actor_id for row in found if row.actor_id})
    return tuple(
        Change(
            at=row.at,
            who=people.get(row.actor_id, ""),
            verb=row.verb,
            subject=f"{row.subject_kind} {row.subject}",
            detail=_in_words(row.detail),
        )
        for row in found
    )


def _in_words(detail: dict[str, Any]) -> str:
    parts = (f"{name.replace('_', ' ')}: {value}" for name, value in detail.items() if value)
    return ", ".join(parts)
