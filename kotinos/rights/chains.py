"""Where the units of a cleared sale are spent, and which chains count units at all."""

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


def counts_units(chains: Collection[tuple[UUID, ...]]) -> frozenset[tuple[UUID, ...]]:
    """Those chains in which some grant has a quota."""
    grants = {grant for chain in chains for grant in chain}
    limited = set(
        models.Grant.objects.filter(id__in=grants, quota_units__isnull=False).values_list(
            "id", flat=True
        )
    )
    return frozenset(chain for chain in chains if limited.intersection(chain))
