"""Another organisation's things are not reached by guessing, whatever page is asked for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest
import requests
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.shopping import Buyer
from tests.site.edition import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site

SECONDS_MAX = 20.0
OFFICE = "/office/"
OTHERS = "NOC-FRA"
_ANYTHING = {"confirm": "x", "reason": "x", "carrier": "x", "tracking": "x"}
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# What belongs to one organisation, and how to find some of Another's.
_THINGS = (
    "SELECT g.id FROM rights_grant g WHERE grantor_id = %s AND grantee_id = %s",
    "SELECT id FROM catalog_product WHERE owner_id = %s AND owner_id = %s",
    (
        "SELECT v.id FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
        " WHERE p.owner_id = %s AND p.owner_id = %s"
    ),
    "SELECT id FROM games_role WHERE organisation_id = %s AND organisation_id = %s",
    "SELECT order_id FROM orders_shipment WHERE seller_id = %s AND seller_id = %s",
    "SELECT id FROM orders_shipment WHERE seller_id = %s AND seller_id = %s",
    "SELECT id FROM rights_decision WHERE seller_id = %s AND seller_id = %s",
    (
        "SELECT o.intent_id FROM orders_shipment s JOIN orders_order o ON o.id = s.order_id"
        " WHERE s.seller_id = %s AND s.seller_id = %s"
    ),
)


@dataclass
class Staff:
    """Somebody signed in to the back office."""

    site: Site
    session: requests.Session

    def ask(self, method: str, path: str) -> requests.Response:
        token = self.session.cookies.get("csrftoken") or ""
        return self.session.request(
            method,
            self.site.base + path,
            data=_ANYTHING | {"csrfmiddlewaretoken": token} if method == "POST" else None,
            headers={"Referer": self.site.base + OFFICE},
            timeout=SECONDS_MAX,
        )


def _signed_in(site: Site, email: str) -> Staff:
    session = requests.Session()
    address = f"{site.base}/account/login/"
    session.get(address, timeout=SECONDS_MAX)
    form = {
        "login": email,
        "password": PASSWORD,
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    session.post(address, data=form, headers={"Referer": address}, timeout=SECONDS_MAX)
    staff = Staff(site, session)
    assert staff.ask("GET", OFFICE).status_code == 200, email
    return staff


def _addresses(
    patterns: list[URLPattern | URLResolver], before: str = "/"
) -> Iterator[tuple[str, bool]]:
    """Every address of the urlconf, and whether it names an object."""
    for each in patterns:
        path = before + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, path)
        elif path.startswith(OFFICE) and "(?P" not in path:
            yield path, bool(_PARAMETER.search(path))


def _office(*, with_objects: bool) -> list[str]:
    found = _addresses(get_resolver().url_patterns)
    return sorted({path for path, is_object in found if is_object == with_objects})


def _filled(path: str, thing: str) -> str:
    """The address with a guess in it; a committee's code where it asks for one."""
    return _PARAMETER.sub(lambda found: "FRA" if found[1] == "noc" else thing, path)


@pytest.fixture(scope="module")
def things(site: Site) -> list[str]:
    """Ids of what belongs to France's committee: licences, goods, people, an order."""
    Buyer(site).order("fra-home-jersey")
    (owner,) = site.rows("SELECT id FROM games_organisation WHERE code = %s", OTHERS)[0]
    found = [site.rows(f"{query} LIMIT 1", owner, owner) for query in _THINGS]
    # France has no staff in the small edition: all else must be there to be guessed.
    assert sum(bool(rows) for rows in found) >= len(_THINGS) - 1
    return [str(rows[0][0]) for rows in found if rows]


@pytest.mark.parametrize(
    "email",
    [
        "rights@noc-jpn.example",
        "orders@noc-ken.example",
        "catalogue@noc-ken.example",
        "viewer@noc-egy.example",
    ],
)
def test_what_belongs_to_others_does_not_exist(site: Site, things: list[str], email: str) -> None:
    staff = _signed_in(site, email)
    paths = {_filled(path, thing) for path, thing in product(_office(with_objects=True), things)}
    assert len(paths) > 60
    reached = [
        f"{method} {path}: {answer.status_code} {answer.url}"
        for method, path in product(("GET", "POST"), sorted(paths))
        if not _is_refused(answer := staff.ask(method, path), site)
    ]
    assert reached == []


def _is_refused(answer: requests.Response, site: Site) -> bool:
    """Refused, or led back to the front page as by any wrong address."""
    return answer.status_code in {403, 404, 405} or answer.url == site.base + OFFICE


def test_nobody_is_let_in_without_signing_in(site: Site, things: list[str]) -> None:
    nobody = Staff(site, requests.Session())
    paths = [*_office(with_objects=False), *_office(with_objects=True)]
    seen = [
        f"{path}: {answer.status_code}"
        for path in paths
        if (answer := nobody.ask("GET", _filled(path, things[0]))).ok
        and "/account/login/" not in answer.url
        and "jsi18n" not in path  # the words of date pickers
    ]
    assert seen == []


def test_a_buyer_is_no_staff(site: Site) -> None:
    """An account that anybody may make opens no page of the back office."""
    session = requests.Session()
    address = f"{site.base}/account/signup/"
    session.get(address, timeout=SECONDS_MAX)
    form = {
        "email": "somebody@example.org",
        "password1": "a long word of olives",
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    session.post(address, data=form, headers={"Referer": address}, timeout=SECONDS_MAX)
    assert "sessionid" in session.cookies
    somebody = Staff(site, session)
    answers = {path: somebody.ask("GET", path) for path in _office(with_objects=False)}
    let_in = [path for path, answer in answers.items() if answer.ok and OFFICE in answer.url]
    assert [path for path in let_in if "jsi18n" not in path] == []
