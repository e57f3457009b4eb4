from __future__ import annotations

import re

from django.test import Client


def test_the_apis_own_page_loads_nothing_from_another_host() -> None:
    page = Client().get("/api/v1/docs").content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []
