"""Columns that the tables of this package share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from typing_extensions import override

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class MultiRangeField(models.Field[list[int], list[int]]):
    """A set of small integers as PostgreSQL's int4multirange; read and written by SQL only."""

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "int4multirange"


def organisation_key(*, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "games.Organisation", on_delete=models.PROTECT, null=null, blank=null, related_name="+"
    )


def person_key() -> models.ForeignKey[Any, Any]:
    """Who acted; None is the command line or a job."""
    return models.ForeignKey(
        "games.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
