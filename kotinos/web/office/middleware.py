"""The door of the back office: whoever comes below `/office/` is staff, and is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.office import Staff
from kotinos.web.middleware import OFFICE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Next = Callable[[HttpRequest], HttpResponse]


class StaffMiddleware:
    """Puts `request.staff` on every request below `/office/`; a page cannot forget to ask."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OFFICE_PATH):
            return self._get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.staff = _staff(request)  # type: ignore[attr-defined]  # what pages read
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Refused here and not above, so that the refusal is a page like any other."""
        found: Staff | None = getattr(request, "staff", None)
        if found is not None and not found.roles:
            raise PermissionDenied


def _staff(request: HttpRequest) -> Staff:
    person_id = request.user.pk
    roles = games.roles_of(person_id=person_id, now=clock.now())
    return Staff(person_id, tuple((role.organisation_id, role.name.value) for role in roles))
