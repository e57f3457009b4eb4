"""Tags of the channel's pages: the player's words, the map of where something is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotinos.channel import wording
from kotinos.games.api import worldmap

if TYPE_CHECKING:
    from kotinos.catalog.contracts import Named, RefusalPanel

register = template.Library()


@register.simple_tag
def player_words() -> SafeString:
    """Everything the player says, as data for its script: no script stands in the page."""
    words: dict[str, object] = {name: str(text) for name, text in wording.PLAYER.items()}
    words["chrome"] = {name: str(text) for name, text in wording.CHROME.items()}
    words["reasons"] = {name: str(text) for name, text in wording.IN_SHORT.items()}
    return json_script(words, "player-words")


@register.simple_tag(takes_context=True)
def shown_map(context: template.Context, refusal: RefusalPanel) -> SafeString:
    """A small world map of where it is shown; the list below it is its table."""
    fill = {territory.code: "map-sold" for territory in refusal.sold_in}
    place = context.get("place")
    if place is not None:
        fill[place.territory] = "map-here"
    drawn = worldmap.svg(fill, title=_("Where it is shown"), description=_finding(refusal.sold_in))
    return mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given


def _finding(shown_in: tuple[Named, ...]) -> str:
    if not shown_in:
        return _("It is shown nowhere at the moment.")
    names = ", ".join(territory.name for territory in shown_in[:3])
    return ngettext(
        "Shown in %(count)d territory: %(names)s.",
        "Shown in %(count)d territories, among them %(names)s.",
        len(shown_in),
    ) % {"count": len(shown_in), "names": names}
