"""Descriptions written by strangers, made safe: an allow-list of elements, nothing else passes."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from typing_extensions import override

# Plain elements without attributes: no address, style, script or event can come through.
ALLOWED = frozenset(
    ["p", "br", "strong", "b", "em", "i", "u", "ul", "ol", "li", "h3", "h4", "h5", "blockquote"]
)
_RENAMED = {"h1": "h3", "h2": "h3", "h6": "h5", "div": "p"}  # The page has its own headlines.
_SILENT = frozenset({"script", "style", "template", "iframe", "object", "svg", "math", "noscript"})
_VOID = frozenset({"br"})
DEPTH_MAX = 20


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        name = _RENAMED.get(tag, tag)
        if self.silent or name not in ALLOWED or len(self.open) >= DEPTH_MAX:
            return
        if name == "p" and "p" in self.open:
            self._close("p")
        self.parts.append(f"<{name}>")
        if name not in _VOID:
            self.open.append(name)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif not self.silent:
            self._close(_RENAMED.get(tag, tag))

    @override
    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(escape(data, quote=False))

    def _close(self, name: str) -> None:
        if name not in self.open:
            return
        while self.open:
            last = self.open.pop()
            self.parts.append(f"</{last}>")
            if last == name:
                return

    def result(self) -> str:
        while self.open:
            self.parts.append(f"</{self.open.pop()}>")
        return "".join(self.parts).strip()


def clean(html: str) -> str:
    """Safe HTML of allowed elements, all closed; text alone stays text. Cleaning twice is once."""
    if "<" not in html and "&" not in html:
        return escape(html.strip(), quote=False)
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return cleaner.result()


def plain(html: str) -> str:
    """The words without the elements, for search."""
    if "<" not in html and "&" not in html:
        return html
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return " ".join("".join(part for part in cleaner.parts if part[:1] != "<").split())
