"""What there is to show: each programme with its step, its newest package and its work to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.channel.models import Job, LinearChannel, Package, Programme
from kotinos.kernel import rich
from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """A programme: `package_id` is its newest, `is_worked_on` whether a job waits or runs."""

    id: UUID
    code: str
    is_published: bool
    package_id: UUID | None
    is_worked_on: bool


_by_handle: Statement[tuple[str, UUID]] = Statement.load(
    "kotinos.channel", "products_by_handle.sql", lambda row: (row["handle"], row["id"])
)


def standings() -> dict[str, Standing]:
    """Every programme by its code."""
    open_jobs = Job.objects.filter(done_at=None, failed_at=None)
    worked_on = set(open_jobs.values_list("programme_id", flat=True))
    newest = dict(Package.objects.order_by("ready_at", "id").values_list("programme_id", "id"))
    rows = Programme.objects.values_list("id", "code", "published_from", "published_until")
    return {
        code: Standing(
            id=id_,
            code=code,
            is_published=from_at is not None and until_at is None,
            package_id=newest.get(id_),
            is_worked_on=id_ in worked_on,
        )
        for id_, code, from_at, until_at in rows
    }


def channel_ids() -> dict[str, UUID]:
    """The linear channels by their codes."""
    return dict(LinearChannel.objects.order_by("position", "code").values_list("code", "id"))


def product_ids(handles: Sequence[str]) -> Mapping[str, UUID]:
    """The products that have one of these handles."""
    return dict(rich.read(_by_handle, handles=list(handles)))
