"""The tree of what is protected: the same for everybody, because rights are public facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff
from kotinos.rights import models
from kotinos.rights.office import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Branch:
    """One property; `works` use it directly."""

    code: str
    name: str
    kind: str
    owner: str
    home_noc: str
    depth: int
    works: int


def index(request: HttpRequest) -> HttpResponse:
    """The whole tree, filtered by what is typed in the page itself."""
    works = dict(
        models.Work.objects.values_list("property_set__members__property")
        .annotate(n=Count("id"))
        .order_by()
    )
    names, rows = queries.organisation_names(), models.Property.objects.order_by("code")
    below: dict[Any, list[models.Property]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)

    def walk(parent: UUID | None, depth: int) -> Iterator[Branch]:
        for row in below.get(parent, ()):
            name = pick(row.names, request.LANGUAGE_CODE)
            owner = names.get(row.owner_id, "")
            count = works.get(row.id, 0)
            yield Branch(row.code, name, row.kind, owner, row.home_noc, depth, count)
            yield from walk(row.id, depth + 1)

    context = {
        "rows": list(walk(None, 0)),
        "may_write": staff(request).has("rights-manager"),
    }
    return page(request, "rights/office/properties.html", context, title=_("Properties"))
