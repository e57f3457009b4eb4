"""A grant that holds, for tests that are about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.rights import api as rights

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def signed(now: datetime, **terms: Any) -> UUID:
    """A signed grant, of the Games' mark by the IOC where `terms` say nothing else."""
    given = rights.GrantTerms(**{"grantor": "IOC", "property": "GAMES", **terms})
    drafted = rights.draft_grant(terms=given, now=now)
    assert isinstance(drafted, rights.Drafted), drafted
    outcome = rights.sign(grant_id=drafted.grant_id, now=now)
    assert isinstance(outcome, rights.Signed), outcome
    return drafted.grant_id
