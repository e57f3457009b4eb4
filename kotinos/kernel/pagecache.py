"""Tell every cache of public pages that what they show has changed."""

from __future__ import annotations

from django.db import connection

CHANNEL = "kotinos_changed"


def changed(*tags: str) -> None:
    """Send the tags (`rights`, `catalog`, ...) to all listeners when this transaction commits.

    PostgreSQL delivers a notice only after the commit, and to every listener: a page built
    after the notice shows the change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, ",".join(tags)])
