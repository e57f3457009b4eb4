"""The shell's own pages over HTTP, without anything for sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.games.commands import games

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> None:
    """The tables that come with Kotinos, by the command that anybody has."""
    result = CliRunner().invoke(games, ["import"])
    assert result.exit_code == 0, result.output


PUBLIC = ["", "teams/", "place/?at=/en-jp/shop/", "how-rights-work/", "offline/"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("page", PUBLIC)
def test_public_pages_set_no_cookie_and_may_be_kept_by_a_cache(client: Client, page: str) -> None:
    response = client.get(f"/en-jp/{page}")
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert "s-maxage" in response["Cache-Control"]
    assert "style=" not in response.content.decode()


@pytest.mark.usefixtures("world")
def test_a_page_speaks_its_paths_language_and_direction(client: Client) -> None:
    arabic = client.get("/ar-sa/teams/").content.decode()
    assert '<html lang="ar" dir="rtl">' in arabic
    chinese = client.get("/zh-hans-cn/teams/").content.decode()
    assert '<html lang="zh-Hans" dir="ltr">' in chinese


@pytest.mark.usefixtures("world")
def test_the_list_of_teams_has_all_of_them(client: Client) -> None:
    page = client.get("/fr-ke/teams/").content.decode()
    assert page.count('class="lane-code"') == 206


def test_choosing_a_place_keeps_the_page(client: Client) -> None:
    asked = {"at": "/en-jp/products/cap/?x=1", "language": "ar", "territory": "KE"}
    response = client.get("/en-jp/place/go", asked)
    assert response["Location"] == "/ar-ke/products/cap/?x=1"


def test_choosing_a_place_never_leads_elsewhere(client: Client) -> None:
    asked = {"at": "https://elsewhere.example/en-jp/", "language": "xx", "territory": "??"}
    assert client.get("/en-jp/place/go", asked)["Location"] == "/en-jp/"


def test_an_unknown_address_is_a_page_that_leads_back(client: Client) -> None:
    response = client.get("/en-jp/no-such-page/")
    assert response.status_code == 404
    assert 'href="/en-jp/"' in response.content.decode()
