"""What every page's shell needs: the reader's place, the languages, the way to change both.

No SQL: the shell is on every page, and a page's statements are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from kotinos.games import api as games
from kotinos.insight import api as insight
from kotinos.kernel.environment import environment
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES, RIGHT_TO_LEFT
from kotinos.kernel.place import Place
from kotinos.web import themes

if TYPE_CHECKING:
    from django.http import HttpRequest

_TAGS = {"zh-hans": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the interface and the address of this page in it."""

    code: str
    tag: str
    name: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every template."""
    place: Place | None = getattr(request, "place", None)
    language = place.language if place else reader_language()
    return {
        "place": place,
        "territory_name": games.territory_name(place.territory, language) if place else "",
        "language_name": OWN_NAMES[language],
        "html_language": tag(language),
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "other_languages": tongues(request, place, language),
        "place_url": _place_url(request, place) if place else "/",
        "themes_url": themes.url(),
        "search_text": request.GET.get("q", "")[:80],
        "insight": _counted() if place else None,
    }


def _counted() -> dict[str, str]:
    """What the tracker of our own pages sends by; the same for every reader."""
    edition = environment().edition
    return {"key": insight.page_key(edition), "edition": edition}


def reader_language() -> str:
    """The language in force, as one of ours."""
    code = (get_language() or "en").lower()
    for ours in LANGUAGES:
        if code == ours or code.split("-")[0] == ours.split("-")[0]:
            return ours
    return "en"


def tag(language: str) -> str:
    """The language as HTML and hreflang write it."""
    return _TAGS.get(language, language)


def tongues(request: HttpRequest, place: Place | None, language: str) -> tuple[Tongue, ...]:
    """Every language, each with this same page's address in it."""
    return tuple(
        Tongue(
            code=code,
            tag=tag(code),
            name=OWN_NAMES[code],
            url=moved(request.get_full_path(), Place(code, place.territory)) if place else "/",
            current=code == language,
        )
        for code in LANGUAGES
    )


def moved(path: str, place: Place) -> str:
    """The same page for another place: `/en-jp/p/x?y=1` becomes `/fr-ke/p/x?y=1`.

    A path that names no place leads to the new place's home. Only a path is ever returned, so
    the answer cannot lead to another site.
    """
    first, _, rest = path.lstrip("/\\").partition("/")
    if Place.parse(first) is None:
        rest = ""
    return f"/{place.slug}/{rest}"


def _place_url(request: HttpRequest, place: Place) -> str:
    try:
        page = reverse("web:place", kwargs={"place": place})
    except NoReverseMatch:
        return "/"
    here = request.get_full_path()
    return page if here.startswith(page) else f"{page}?at={quote(here)}"
