"""What stands in the sidebar: for each person the pages of their roles, and no others.

`config.office_look` names the functions here by their dotted path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel.office import staff

if TYPE_CHECKING:
    from django.http import HttpRequest

RIGHTS = ("rights-manager", "viewer")
CATALOGUE = ("catalogue", "viewer")
ORDERS = ("orders",)
ANYBODY = ("rights-manager", "catalogue", "orders", "viewer")
OPERATORS: tuple[str, ...] = ()

_Item = tuple[str, str, str | tuple[str, str], tuple[str, ...]]


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links as unfold takes them."""
    named: list[tuple[str, list[_Item]]] = [
        ("", [(_("Today"), "today", "admin:index", ANYBODY)]),
        (_("Rights"), _rights()),
        (_("Shop"), _shop()),
        (_("Insight"), _insight()),
        (_("World"), _world()),
    ]
    return [
        {"title": title, "separator": bool(title), "items": _items(request, items)}
        for title, items in named
        if items
    ]


def _rights() -> list[_Item]:
    return [
        (_("Grants"), "contract", "rights_office:grants", RIGHTS),
        (_("Open your team's goods"), "public", "rights_office:open", RIGHTS),
        (_("Foreign goods at home"), "home_work", "rights_office:homes", RIGHTS),
        (_("Why?"), "help", "rights_office:why", ANYBODY),
        (_("Map"), "map", "rights_office:map", ANYBODY),
        (_("Simulator"), "experiment", "rights_office:simulator", RIGHTS),
        (_("Denied demand"), "block", "rights_office:denied", ANYBODY),
        (_("Prohibitions"), "do_not_disturb_on", "rights_office:prohibitions", RIGHTS),
        (_("Properties"), "account_tree", "rights_office:properties", ANYBODY),
        (_("Consents"), "handshake", "admin:rights_consent_changelist", ANYBODY),
        (_("Decisions"), "gavel", "admin:rights_decision_changelist", ANYBODY),
    ]


def _shop() -> list[_Item]:
    return [
        (_("Products"), "checkroom", "admin:catalog_product_changelist", CATALOGUE),
        (_("Import"), "upload_file", "office:import", ("catalogue",)),
        (_("Drops"), "timer", "drops_office:drops", CATALOGUE),
        (_("Channel"), "smart_display", "channel_office:library", CATALOGUE),
        (_("Live"), "sensors", "channel_office:live", CATALOGUE),
        (_("Sold by the channel"), "sell", "office:channel_sales", (*CATALOGUE, "orders")),
        (_("Stock"), "inventory_2", "admin:catalog_variant_changelist", CATALOGUE),
        (_("Orders"), "local_shipping", "office:orders", ORDERS),
        (_("Payments"), "payments", "admin:payments_intent_changelist", OPERATORS),
    ]


def _insight() -> list[_Item]:
    """Figures are of an edition of the Games: as long as there is none, there is nothing to see."""
    if not games.edition_names():
        return []
    return [
        (_("Live now"), "monitoring", "insight_office:live", ANYBODY),
        (_("Shop in figures"), "bar_chart", ("insight_office:board", "shop"), ANYBODY),
        (_("Rights in figures"), "public_off", ("insight_office:board", "rights"), ANYBODY),
        (_("Channel in figures"), "timeline", ("insight_office:board", "channel"), ANYBODY),
        (_("Drops in figures"), "stacked_bar_chart", ("insight_office:board", "drops"), ANYBODY),
        (_("Operations"), "fact_check", ("insight_office:board", "operations"), ANYBODY),
        (_("Kept views and reports"), "bookmark", "insight_office:views", ANYBODY),
        (_("Console"), "terminal", "insight_office:console", ANYBODY),
    ]


def _world() -> list[_Item]:
    return [
        (_("Organisations"), "groups", "admin:games_organisation_changelist", ANYBODY),
        (_("People and roles"), "badge", "admin:games_role_changelist", ANYBODY),
        (_("Editions"), "event", "admin:games_edition_changelist", ANYBODY),
        (_("Homes"), "home_pin", "admin:games_hometerritory_changelist", ANYBODY),
        (_("Territory sets"), "language", "admin:games_territoryset_changelist", ANYBODY),
        (_("Change log"), "history", "office:changes", ANYBODY),
    ]


def _items(request: HttpRequest, items: list[_Item]) -> list[dict[str, Any]]:
    here = request.path
    found = []
    for title, icon, name, roles in items:
        link = _address(name)
        if link is not None and staff(request).has(*roles):
            is_here = here == link if name == "admin:index" else here.startswith(link)
            found.append(
                {"title": title, "icon": icon, "link": link, "active": lambda _r, on=is_here: on}
            )
    return found


def _address(name: str | tuple[str, str]) -> str | None:
    """None for a page that this installation does not serve; a pair has an argument."""
    page, args = (name, ()) if isinstance(name, str) else (name[0], name[1:])
    try:
        return reverse(page, args=args)
    except NoReverseMatch:
        return None


def mark(_request: HttpRequest) -> str:
    """The wreath's address."""
    return static("web/mark.svg")


def style(_request: HttpRequest) -> str:
    """The office's own sheet, laid over unfold's."""
    return static("web/office.css")


def script(_request: HttpRequest) -> str:
    return static("web/office.js")
