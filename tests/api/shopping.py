"""A buyer without a browser: forms and redirects over HTTP, nothing behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from tests.site.site import Site

SECONDS_MAX = 20.0
ADDRESS = {
    "email": "hana@example.org",
    "name": "Hana Example",
    "line1": "1-2-3 Oliveyard",
    "city": "Chiba",
    "region": "Chiba",
    "postal_code": "260-0013",
    "territory": "JP",
}


@dataclass
class Buyer:
    """One visitor and what they carry."""

    site: Site
    session: requests.Session = field(default_factory=requests.Session)
    place: str = "en-jp"

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.site.base + path, timeout=SECONDS_MAX)

    def post(self, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        return self.session.post(
            self.site.base + path,
            data=form,
            headers=headers,
            timeout=SECONDS_MAX,
            allow_redirects=False,
        )

    def add(self, handle: str = "ken-home-jersey") -> requests.Response:
        page = self.get(f"/{self.place}/products/{handle}/").text
        form = {name: value_of(page, name) for name in ("seller", "variant")}
        return self.post(f"/{self.place}/basket/add", form | {"units": "1"})

    def units(self) -> int:
        answer = self.get("/fast/basket").json()
        assert isinstance(answer["units"], int)
        return answer["units"]

    def quote(self) -> str:
        return value_of(self.get(f"/{self.place}/checkout/").text, "quote")

    def place_order(self, quote: str) -> str:
        """Send the form with this quote; the payment page's path."""
        answer = self.post(f"/{self.place}/checkout/", ADDRESS | {"quote": quote})
        assert answer.status_code == 303, answer.text[:500]
        return answer.headers["Location"]

    def order(self, handle: str = "ken-home-jersey") -> tuple[str, str]:
        """Buy one thing and pay; the paths of the payment page and of the order's page."""
        self.add(handle)
        paying = self.place_order(self.quote())
        answer = self.post(paying, {"choice": "approve"})
        assert answer.status_code == 302, answer.text[:500]
        return paying, answer.headers["Location"]


def value_of(page: str, name: str) -> str:
    """The value of the first field of that name that has one (radio buttons: an open one)."""
    for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', page):
        if " disabled" not in tag:
            found = re.search(r'value="([^"]*)"', tag)
            assert found is not None, tag
            return unescape(found[1])
    raise AssertionError(f"no field {name} on the page")
