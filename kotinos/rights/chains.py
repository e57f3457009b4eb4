"""Where the units of a cleared sale are spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights import models

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID


def last_grants(chain: Collection[UUID]) -> tuple[UUID, ...]:
    """The grants of a decision's chain that nothing else of it rests on, for `spend_quota`.

    Spending climbs from them to every grant above, so naming one above as well would spend twice.
    """
    rows = models.Grant.objects.filter(id__in=chain, parent__isnull=False)
    parents = set(rows.values_list("parent_id", flat=True))
    return tuple(grant for grant in dict.fromkeys(chain) if grant not in parents)
