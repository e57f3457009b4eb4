"""Changing the place keeps the page, and never leads away from this site."""

from __future__ import annotations

import pytest

from kotinos.kernel.place import Place
from kotinos.web.context import moved

_FRENCH_KENYA = Place("fr", "KE")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/en-jp/products/cap/", "/fr-ke/products/cap/"),
        ("/zh-hans-cn/search/?q=%E9%98%9F", "/fr-ke/search/?q=%E9%98%9F"),
        ("/en-jp/", "/fr-ke/"),
        ("", "/fr-ke/"),
        ("/accounts/login/", "/fr-ke/"),
        ("//elsewhere.example/en-jp/", "/fr-ke/"),
        ("/\\elsewhere.example/en-jp/", "/fr-ke/"),
    ],
)
def test_a_page_moves_to_another_place(before: str, after: str) -> None:
    assert moved(before, _FRENCH_KENYA) == after
