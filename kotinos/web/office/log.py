"""The change log: who did what and when, for the organisations a person works for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel.models import Change
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 50
PERSON = "person"


def index(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    rows = Change.objects.filter(staff(request).within("organisation_id")).order_by("-at", "-id")
    here = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"changes": in_words(here.object_list), "here": here, "with_subject": True}
    return page(request, "office/changes.html", context, title=_("Change log"))


def in_words(rows: Iterable[Change]) -> list[dict[str, Any]]:
    """Lines of the log with names and details that a person can read."""
    found = list(rows)
    people = games.person_names(
        {row.actor_id for row in found if row.actor_id}
        | {UUID(row.subject) for row in found if row.subject_kind == PERSON}
    )

    def subject(row: Change) -> str:
        if row.subject_kind == PERSON:
            return people.get(UUID(row.subject), "")
        return f"{row.subject_kind} {row.subject}"

    return [
        {
            "at": row.at,
            "who": people.get(row.actor_id, "") if row.actor_id else "",
            "verb": row.verb,
            "subject": subject(row),
            "detail": ", ".join(
                f"{name.replace('_', ' ')}: {value}" for name, value in row.detail.items() if value
            ),
        }
        for row in found
    ]
