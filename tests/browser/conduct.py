"""What every page must not do, whoever looks: call other hosts, complain, break its policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

_OWN_SCHEMES = {"data", "blob", "about"}
_COMPLAINTS = {"error", "warning"}
# The browser says this of every page that is meant to answer with an error.
_EXPECTED = "Failed to load resource: the server responded with a status of 4"


@dataclass(slots=True)
class Conduct:
    """Everything that a context's pages asked for and complained about."""

    host: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.foreign, *self.complaints, *self.failed]


def watch(context: BrowserContext, base: str) -> Conduct:
    """Begin the book of a context; every page it opens from now on is in it."""
    book = Conduct(urlsplit(base).netloc)

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _OWN_SCHEMES and parts.netloc != book.host:
            book.foreign.append(f"asked {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in _COMPLAINTS and not message.text.startswith(_EXPECTED):
            where = message.page.url if message.page else ""
            book.complaints.append(f"{message.type} on {where}: {message.text}")

    def answered(response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            book.failed.append(f"{response.status} {response.url}")

    def opened(page: Page) -> None:
        page.on("pageerror", lambda error: book.complaints.append(f"{page.url}: {error}"))

    context.on("request", asked)
    context.on("console", said)
    context.on("response", answered)
    context.on("page", opened)
    return book
