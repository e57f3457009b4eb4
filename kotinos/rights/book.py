"""The book: every fact a decision may use, as known at one moment.

Building the book is the caller's work (the store reads tables, a test writes literals);
deciding from it is pure. A fact has valid time (`window`) and recorded time (`known`).
`Book.known_at(as_of)` drops what was not on record then, so that everything below it asks
about valid time only, and a past decision can be reproduced to the letter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.contracts import Atlas
    from kotinos.rights.contracts import (
        Consent,
        Grant,
        Law,
        Prohibition,
        Property,
        QuotaUse,
    )


# No slots: the indexes below are cached on the instance.
@dataclass(frozen=True, kw_only=True)
class Book:
    """Frozen facts. Pass `atlas` as known at the same moment (`games.api.atlas(as_of=...)`).

    `memberships` maps a consortium to its members; a grant to a consortium serves them all.
    """

    atlas: Atlas
    properties: tuple[Property, ...] = ()
    grants: tuple[Grant, ...] = ()
    consents: tuple[Consent, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    quota_uses: tuple[QuotaUse, ...] = ()
    memberships: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    laws: frozenset[Law] = frozenset()
    as_of: datetime | None = None

    def known_at(self, as_of: datetime) -> Book:
        """Return the book with only the facts that stood on record at `as_of`."""
        return replace(
            self,
            as_of=as_of,
            grants=tuple(_grant_known_at(g, as_of) for g in self.grants if g.known.at(as_of)),
            consents=tuple(c for c in self.consents if c.known.at(as_of)),
            prohibitions=tuple(p for p in self.prohibitions if p.known.at(as_of)),
            quota_uses=tuple(q for q in self.quota_uses if q.recorded_at <= as_of),
        )

    # --- territories ----------------------------------------------------------------------

    @cached_property
    def atlas_moments(self) -> tuple[datetime, ...]:
        """The instants at which a home or a named set changes, sorted."""
        return self.atlas.boundaries

    @cached_property
    def _masks(self) -> dict[tuple[str, int], int]:
        return {}

    @cached_property
    def _homes(self) -> dict[tuple[str, int], str | None]:
        return {}

    def mask(self, text: str, at: datetime) -> int:
        """Return the territories a fact's text names at an instant.

        Text is checked when a fact is signed. If a corrected atlas no longer knows a word of
        it, the text names nothing: in a closed world doubt refuses.
        """
        key = (text, bisect_right(self.atlas_moments, at))
        if key not in self._masks:
            try:
                self._masks[key] = self.atlas.mask(text, at)
            except ValueError:  # TerritoryTextError, which stands behind the front door
                self._masks[key] = 0
        return self._masks[key]

    def names(self, text: str, territory: str, at: datetime) -> bool:
        """Return whether the text names the territory at an instant."""
        bit = self.atlas.bits.get(territory)
        return bit is not None and bool(self.mask(text, at) >> bit & 1)

    def home_of(self, territory: str, at: datetime) -> str | None:
        """Return the committee whose home the territory is at an instant, if anybody's."""
        key = (territory, bisect_right(self.atlas_moments, at))
        if key not in self._homes:
            self._homes[key] = self.atlas.home_noc(territory, at)
        return self._homes[key]

    # --- properties -----------------------------------------------------------------------

    @cached_property
    def property_by_id(self) -> dict[UUID, Property]:
        """Properties by id."""
        return {p.id: p for p in self.properties}

    @cached_property
    def lineages(self) -> dict[UUID, tuple[UUID, ...]]:
        """Each property's own id, then its ancestors', nearest first."""
        return {p.id: tuple(self._climb(p.id)) for p in self.properties}

    def _climb(self, property_id: UUID) -> Iterator[UUID]:
        seen: set[UUID] = set()
        step: UUID | None = property_id
        while step is not None and step in self.property_by_id and step not in seen:
            seen.add(step)
            yield step
            step = self.property_by_id[step].parent_id

    def contains(self, ancestor_id: UUID, property_id: UUID) -> bool:
        """Return whether `property_id` is `ancestor_id` or lies under it."""
        return ancestor_id in self.lineages.get(property_id, ())

    @cached_property
    def subtrees(self) -> dict[UUID, tuple[UUID, ...]]:
        """Each property's own id and the ids of everything under it, in the book's order."""
        below: dict[UUID, list[UUID]] = defaultdict(list)
        for property_id, lineage in self.lineages.items():
            for ancestor_id in lineage:
                below[ancestor_id].append(property_id)
        return {ancestor: tuple(ids) for ancestor, ids in below.items()}

    def owns(self, organisation_id: UUID, property_id: UUID) -> bool:
        """Return whether the organisation owns the property or an ancestor of it."""
        return any(
            self.property_by_id[step].owner_id == organisation_id
            for step in self.lineages.get(property_id, ())
        )

    # --- grants ---------------------------------------------------------------------------

    @cached_property
    def grant_by_id(self) -> dict[UUID, Grant]:
        """Grants by id, drafts included."""
        return {g.id: g for g in self.grants}

    @cached_property
    def signed_by_property(self) -> dict[UUID, tuple[Grant, ...]]:
        """Signed grants whose grantor had the power to give them, by property they name."""
        by_property: dict[UUID, list[Grant]] = defaultdict(list)
        for grant in self.grants:
            if self.is_signed(grant) and self.is_given_rightly(grant):
                by_property[grant.property_id].append(grant)
        return {property_id: tuple(grants) for property_id, grants in by_property.items()}

    def grants_on(self, property_id: UUID) -> Iterator[Grant]:
        """Yield the rightly given, signed grants on the property or an ancestor of it."""
        for step in self.lineages.get(property_id, ()):
            yield from self.signed_by_property.get(step, ())

    @cached_property
    def _signed_by_pair(self) -> dict[tuple[UUID, UUID], tuple[Grant, ...]]:
        by_pair: dict[tuple[UUID, UUID], list[Grant]] = defaultdict(list)
        for property_id, grants in self.signed_by_property.items():
            for grant in grants:
                for seller_id in {grant.grantee_id, *self.memberships.get(grant.grantee_id, ())}:
                    by_pair[property_id, seller_id].append(grant)
        return {pair: tuple(grants) for pair, grants in by_pair.items()}

    def grants_for(self, property_id: UUID, seller_id: UUID) -> Iterator[Grant]:
        """Yield those of `grants_on` that serve the seller."""
        for step in self.lineages.get(property_id, ()):
            yield from self._signed_by_pair.get((step, seller_id), ())

    def is_signed(self, grant: Grant) -> bool:
        """Return whether both parties have signed; otherwise it is a draft."""
        return {grant.grantor_id, grant.grantee_id} <= {s.party_id for s in grant.signatures}

    def is_given_rightly(self, grant: Grant) -> bool:
        """Return whether the grantor had it to give.

        A root grant comes from the owner of the property or of an ancestor; a child from its
        parent's grantee (or a member of that consortium), if the parent may be sublicensed. A
        parent that is not on record leaves its child standing here: the chain reports it lost.
        """
        if grant.parent_id is None:
            return self.owns(grant.grantor_id, grant.property_id)
        parent = self.grant_by_id.get(grant.parent_id)
        if parent is None:
            return True
        return parent.may_sublicense and self.serves(parent.grantee_id, grant.grantor_id)

    def serves(self, grantee_id: UUID, seller_id: UUID) -> bool:
        """Return whether a grant to `grantee_id` serves `seller_id`: itself or its member."""
        return grantee_id == seller_id or seller_id in self.memberships.get(grantee_id, ())

    def ancestors(self, grant: Grant) -> tuple[Grant, ...]:
        """Return the grants above, nearest first, as far as they are on record."""
        found: list[Grant] = []
        seen = {grant.id}
        parent = self.grant_by_id.get(grant.parent_id) if grant.parent_id else None
        while parent is not None and parent.id not in seen:
            seen.add(parent.id)
            found.append(parent)
            parent = self.grant_by_id.get(parent.parent_id) if parent.parent_id else None
        return tuple(found)

    @cached_property
    def units_spent(self) -> dict[UUID, int]:
        """Units spent by grant."""
        spent: dict[UUID, int] = defaultdict(int)
        for use in self.quota_uses:
            spent[use.grant_id] += use.units
        return dict(spent)

    def is_spent(self, grant: Grant) -> bool:
        """Return whether the grant's own quota is used up."""
        return grant.quota_units is not None and (
            self.units_spent.get(grant.id, 0) >= grant.quota_units
        )

    # --- consents and prohibitions ---------------------------------------------------------

    @cached_property
    def consents_by_noc(self) -> dict[str, tuple[Consent, ...]]:
        """Each committee's consents, the one that rules first (see `contracts.Consent`)."""
        by_noc: dict[str, list[Consent]] = defaultdict(list)
        for consent in self.consents:
            by_noc[consent.noc].append(consent)
        return {noc: tuple(sorted(rows, key=_rule_order)) for noc, rows in by_noc.items()}

    def consent_of(self, noc: str, at: datetime) -> Consent | None:
        """Return the committee's policy in force, or None: home only."""
        rows = self.consents_by_noc.get(noc, ())
        return next((c for c in rows if c.window.covers(at)), None)

    @cached_property
    def prohibitions_by_property(self) -> dict[UUID, tuple[Prohibition, ...]]:
        """Prohibitions whose issuer owns the property, by the property they name."""
        by_property: dict[UUID, list[Prohibition]] = defaultdict(list)
        for prohibition in sorted(self.prohibitions, key=lambda row: row.id):
            if self.owns(prohibition.issuer_id, prohibition.property_id):
                by_property[prohibition.property_id].append(prohibition)
        return {property_id: tuple(rows) for property_id, rows in by_property.items()}

    def prohibitions_on(self, property_id: UUID, seller_id: UUID) -> Iterator[Prohibition]:
        """Yield the prohibitions on the property or an ancestor that bind the seller."""
        for step in self.lineages.get(property_id, ()):
            for row in self.prohibitions_by_property.get(step, ()):
                if row.seller_id is None or self.serves(row.seller_id, seller_id):
                    yield row


def _grant_known_at(grant: Grant, as_of: datetime) -> Grant:
    return replace(
        grant,
        signatures=tuple(s for s in grant.signatures if s.known.at(as_of)),
        suspensions=tuple(s for s in grant.suspensions if s.known.at(as_of)),
        terminations=tuple(t for t in grant.terminations if t.known.at(as_of)),
    )


def _rule_order(consent: Consent) -> tuple[float, float, int]:
    """Latest start first, then latest record, then id, so that one policy rules."""
    start = consent.window.from_at
    return (
        -start.timestamp() if start is not None else float("inf"),
        -consent.known.recorded_at.timestamp(),
        consent.id.int,
    )
