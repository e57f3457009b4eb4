"""How unfold is dressed: our tokens as its colour scales, our mark, our navigation."""

from __future__ import annotations

from typing import Any

# The scales run from marble to ink and through olive; both ends are the storefront's tokens.
_BASE = {
    "50": "#f6f4ee",
    "100": "#ece9df",
    "200": "#dedacd",
    "300": "#c6c3b5",
    "400": "#9b9b8f",
    "500": "#676a60",
    "600": "#4b4f47",
    "700": "#3a3e3a",
    "800": "#282c2e",
    "900": "#1a1d21",
    "950": "#121417",
}
_OLIVE = {
    "50": "#f3f6e9",
    "100": "#e5eccf",
    "200": "#cfdcab",
    "300": "#bccd90",
    "400": "#a5b971",
    "500": "#b5c787",
    "600": "#4a5d23",
    "700": "#3c4b1d",
    "800": "#303c19",
    "900": "#283216",
    "950": "#151b0a",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Kotinos",
    "SITE_HEADER": "Kotinos",
    "SITE_SUBHEADER": "Back office",
    "SITE_URL": "/",
    "SITE_ICON": "kotinos.web.office.navigation.mark",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "kotinos.web.office.navigation.mark"}
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "4px",
    "COLORS": {"base": _BASE, "primary": _OLIVE},
    "STYLES": ["kotinos.web.office.navigation.style"],
    "SCRIPTS": ["kotinos.web.office.navigation.script"],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "kotinos.web.office.navigation.groups",
    },
}
