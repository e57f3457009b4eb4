"""What holds for every answer of the rich lane: where the reader is, and the safe headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from kotinos.games import api as games
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Next = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# The back office's own library writes styles and small scripts into its pages.
_OFFICE_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
)
OFFICE_PATH = "/office/"
# A page that plays video: hls.js hands the picture over as a blob of its own making and begins
# its subtitles with an empty piece of data, and the
# player's controls fill style elements by script that come empty (the hash is the empty text's).
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
_VIDEO_POLICY = (
    _POLICY.replace("style-src 'self'", f"style-src 'self' {_EMPTY_STYLE}")
    + "; media-src 'self' blob: data:"
)
_OFFICE_VIDEO_POLICY = _OFFICE_POLICY + "; media-src 'self' blob: data:"
_VIDEO_PATH = "/channel/"


def policy_of(path: str) -> str:
    """What a page at this address may load; video pages may play, the others may not."""
    office, video = path.startswith(OFFICE_PATH), _VIDEO_PATH in path
    if office:
        return _OFFICE_VIDEO_POLICY if video else _OFFICE_POLICY
    return _VIDEO_POLICY if video else _POLICY


class HeadersMiddleware:
    """Nothing is loaded from another host, and a page with a cookie in it is nobody else's."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(request.path))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        personal = bool(response.cookies) or "cookie" in response.get("Vary", "").lower()
        if personal or not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class PlaceMiddleware:
    """Reads language and territory from the address: `request.place`, None outside the shop."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place = Place.parse(request.path_info.lstrip("/").partition("/")[0])
        if place is not None and place.territory not in games.territory_names("en"):
            place = None
        language = place.language if place else language_of(request)
        request.place = place  # type: ignore[attr-defined]  # what views and templates read
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """No name of ours holds a zero byte, and the database would refuse to look for one."""
        if "\x00" in request.path_info:
            raise Http404


def language_of(request: HttpRequest) -> str:
    """The first of our languages that the browser asks for, else English."""
    for wanted, _ in _accepted(request):
        for language in LANGUAGES:
            if wanted == language or wanted.split("-")[0] == language.split("-")[0]:
                return language
    return "en"


def place_of(request: HttpRequest, *, fallback: str) -> Place:
    """Where to send somebody who named no place: the browser's own language and region.

    A guess that the reader can change with one tap; it never decides what may be sold.
    """
    territory = fallback
    for wanted, _ in _accepted(request):
        region = wanted.rpartition("-")[2].upper()
        if "-" in wanted and region in games.territory_names("en"):
            territory = region
            break
    return Place(language_of(request), territory)


def _accepted(request: HttpRequest) -> list[tuple[str, float]]:
    header = request.headers.get("Accept-Language", "")[:200]
    return list(parse_accept_lang_header(header.lower()))
