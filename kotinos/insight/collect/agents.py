"""What a program calls itself: a phone, a desktop, a robot. A hint for reports, never a proof."""

from __future__ import annotations

import re
from functools import lru_cache

_BOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|headless|lighthouse|preview|scrap|facebookexternalhit|monitor",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"^[\w.-]*(python|node|java|ruby|go-http|php|curl|okhttp|axios)", re.IGNORECASE
)
_TV = re.compile(r"smart-?tv|hbbtv|appletv|googletv|web0s|tizen.*tv|bravia|roku", re.IGNORECASE)
_TABLET = re.compile(r"ipad|tablet|android(?!.*mobile)", re.IGNORECASE)
_PHONE = re.compile(r"iphone|android.*mobile|mobile", re.IGNORECASE)


@lru_cache(maxsize=8192)
def bot_of(agent: str) -> bool:
    """Whether it says that it is a robot."""
    return _BOT.search(agent) is not None


@lru_cache(maxsize=8192)
def device_of(agent: str) -> str:
    """phone, tablet, desktop, tv, server; empty where it says nothing."""
    if not agent:
        return ""
    for name, pattern in (("tv", _TV), ("tablet", _TABLET), ("phone", _PHONE), ("server", _SERVER)):
        if pattern.search(agent):
            return name
    return "desktop" if agent.startswith("Mozilla/") else "server"
