"""Roles: given and ended here, by operators. Each is a row that ends, never one that vanishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

_ROLES = [
    (games.RoleName.RIGHTS_MANAGER, gettext_lazy("Rights manager: writes and signs grants")),
    (games.RoleName.CATALOGUE, gettext_lazy("Catalogue: imports products, counts stock")),
    (games.RoleName.ORDERS, gettext_lazy("Orders: ships and refunds")),
    (games.RoleName.VIEWER, gettext_lazy("Viewer: sees rights and catalogue")),
    (games.RoleName.OPERATOR, gettext_lazy("Operator: everything, everywhere")),
]


class RoleForm(forms.Form):
    use_required_attribute = False
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        help_text=gettext_lazy("A new person sets a password with “Forgot your password?”"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_ROLES, widget=forms.RadioSelect)


def index(request: HttpRequest) -> HttpResponse:
    """Give a role; every role in force with the way to end it."""
    if not staff(request).is_operator:
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None)
    field = form.fields["organisation"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(row.code, f"{row.name} ({row.code})") for row in games.organisations()]
    if request.method == "POST" and form.is_valid():
        return _give(request, form)
    context = {"form": form, "rows": games.roles_in_force()}
    status = 422 if form.errors else 200
    title = _("Give or end roles")
    return page(request, "office/people.html", context, title=title, status=status)


def _give(request: HttpRequest, form: RoleForm) -> HttpResponse:
    given = form.cleaned_data
    organisation = games.organisation(given["organisation"])
    if organisation is None:
        raise Http404
    person_id = games.ensure_person(email=given["email"], name=given["name"], password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=organisation.id,
        role=games.RoleName(given["role"]),
        actor=staff(request).person_id,
        now=clock.now(),
    )
    messages.success(request, _("%(email)s has the role.") % {"email": given["email"]})
    return redirect("office:people")


def end(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """End a role now. It can be given again, so there is no confirmation to type."""
    held = next((row for row in games.roles_in_force() if row.id == role_id), None)
    if request.method != "POST" or not staff(request).is_operator or held is None:
        raise Http404
    if held.person_id == staff(request).person_id and held.name is games.RoleName.OPERATOR:
        messages.error(request, _("You cannot end your own role as operator."))
        return redirect("office:people")
    games.end_role(
        person_id=held.person_id,
        organisation_id=held.organisation_id,
        role=held.name,
        actor=staff(request).person_id,
        now=clock.now(),
    )
    messages.success(request, _("The role of %(email)s has ended.") % {"email": held.email})
    return redirect("office:people")
