"""What every package's back-office pages stand on: who is asking, whose things they may see.

The middleware of `kotinos.web.office` puts a `Staff` on each request below `/office/`. A list or
an object that is not within their organisations does not exist for them: 404, never 403.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from typing_extensions import override
from unfold.admin import ModelAdmin

from kotinos.kernel import changelog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person at work: the (organisation, role) pairs in force at this moment."""

    person_id: UUID
    roles: tuple[tuple[UUID, str], ...]

    @property
    def is_operator(self) -> bool:
        return any(role == OPERATOR for _, role in self.roles)

    def organisations(self, *roles: str) -> frozenset[UUID] | None:
        """Those in which the person has one of the roles (none named: any); None means all."""
        if self.is_operator:
            return None
        return frozenset(each for each, role in self.roles if not roles or role in roles)

    def has(self, *roles: str) -> bool:
        """Whether the person has one of the roles anywhere."""
        return self.is_operator or any(role in roles for _, role in self.roles)

    def within(self, *fields: str, roles: Iterable[str] = ()) -> Q:
        """The condition that one of these columns names an organisation the person sees."""
        mine = self.organisations(*roles)
        if mine is None:
            return Q()
        found = Q(pk__in=[])
        for field in fields:
            found |= Q(**{f"{field}__in": mine})
        return found


def staff(request: HttpRequest) -> Staff:
    """Who is asking. Only pages below `/office/` have an answer."""
    return cast("Staff", request.staff)  # type: ignore[attr-defined]  # the middleware's work


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    status: int = 200,
) -> HttpResponse:
    """A page of our own inside the back office's shell."""
    shell = admin.site.each_context(request)
    return render(request, template, {**shell, "title": title, **context}, status=status)


class OfficeAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A list and a read-only page. Changes go through the package's actions, so there are none.

    `name_field` holds what people call one row, `plural` what they call the list.
    `seen_by` names the columns that hold an organisation; without any, only operators see the
    table, unless `is_public` says that it is the same for all staff. `roles` narrows whom it is
    for. `subject_kind` and `subject_of` find the object's lines in the change log.
    """

    seen_by: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    is_public = False
    subject_kind = ""
    subject_field = "pk"
    name_field = ""
    plural: StrOrPromise = ""
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_form_template = "office/object.html"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self.is_public:
            return cast("QuerySet[Any]", rows)
        if not self.seen_by:
            return cast("QuerySet[Any]", rows if staff(request).is_operator else rows.none())
        mine = staff(request).within(*self.seen_by, roles=self.roles)
        return cast("QuerySet[Any]", rows.filter(mine))

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, but what one may not see is not there, instead of a hint that it is."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        more = {
            "changes": self._changes(found),
            "office_name": getattr(found, self.name_field) if self.name_field else str(found),
            "office_plural": self.plural or self.opts.verbose_name_plural,
            "office_list": reverse(f"admin:{self.opts.label_lower.replace('.', '_')}_changelist"),
            **(extra_context or {}),
        }
        return cast("HttpResponse", super().change_view(request, object_id, form_url, more))

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(str(self.plural or self.opts.verbose_name_plural))
        more = {"title": title, **(extra_context or {})}
        return cast("HttpResponse", super().changelist_view(request, more))

    @override
    def history_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        """Django's own log is not ours: the object's page shows the change log."""
        raise Http404

    def _changes(self, found: Model) -> list[Any]:
        if not self.subject_kind:
            return []
        subject = str(getattr(found, self.subject_field))
        return list(changelog.history(subject_kind=self.subject_kind, subject=subject))

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @override
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        who = staff(request)
        if who.is_operator or self.is_public:
            return bool(who.roles)
        return bool(self.seen_by) and (not self.roles or who.has(*self.roles))

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
