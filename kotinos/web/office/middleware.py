"""The door of the back office: whoever comes below `/office/` is staff, and is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.utils import translation

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.office import Staff
from kotinos.web.middleware import OFFICE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Next = Callable[[HttpRequest], HttpResponse]

SPOKEN = ("en",)
"""Languages in which the back office is complete; half a translation reads worse than none."""


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
        language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in SPOKEN else SPOKEN[0]
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self._get_response(request)
        response.headers["Content-Language"] = language
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Refused here and not above, so that the refusal is a page like any other."""
        found: Staff | None = getattr(request, "staff", None)
        if found is not None and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("PostgreSQL's text holds no NUL, so nothing has such a name")
        if found is not None and not found.roles:
            raise PermissionDenied


def _staff(request: HttpRequest) -> Staff:
    person_id = request.user.pk
    assert person_id is not None, "whoever is signed in has an id"
    roles = games.roles_of(person_id=person_id, now=clock.now())
    return Staff(person_id, tuple((role.organisation_id, role.name.value) for role in roles))
