"""The front door of `games`: editions, organisations, territories, people and their roles."""

from __future__ import annotations

from kotinos.games import worldmap
from kotinos.games.actions import (
    ATLAS_CHANGED,
    end_role,
    ensure_edition,
    ensure_organisation,
    ensure_person,
    give_role,
    import_world,
    join_consortium,
)
from kotinos.games.contracts import (
    Atlas,
    Edition,
    Noc,
    Organisation,
    OrganisationKind,
    Role,
    RoleName,
)
from kotinos.games.names import noc_name, sort_key, sorted_by_name, territory_name, territory_names
from kotinos.games.queries import (
    atlas,
    edition,
    edition_names,
    editions,
    may,
    memberships,
    noc,
    nocs,
    organisation,
    organisations,
    person_names,
    roles_in_force,
    roles_of,
    territory_bits,
)
from kotinos.games.territory import TerritoryTextError

__all__ = [
    "ATLAS_CHANGED",
    "Atlas",
    "Edition",
    "Noc",
    "Organisation",
    "OrganisationKind",
    "Role",
    "RoleName",
    "TerritoryTextError",
    "atlas",
    "edition",
    "edition_names",
    "editions",
    "end_role",
    "ensure_edition",
    "ensure_organisation",
    "ensure_person",
    "give_role",
    "import_world",
    "join_consortium",
    "may",
    "memberships",
    "noc",
    "noc_name",
    "nocs",
    "organisation",
    "organisations",
    "person_names",
    "roles_in_force",
    "roles_of",
    "sort_key",
    "sorted_by_name",
    "territory_bits",
    "territory_name",
    "territory_names",
    "worldmap",
]
