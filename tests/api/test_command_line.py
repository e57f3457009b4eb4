"""What a person at the command line is promised on the first page of the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.site.site import Site


def test_a_sku_is_explained(site: Site) -> None:
    ((sku, handle),) = site.rows(
        "SELECT sku, handle FROM catalog_variant v "
        "JOIN catalog_product p ON p.id = v.product_id ORDER BY sku LIMIT 1"
    )
    by_sku = site.say("rights", "explain", sku, "--to", "JP")
    assert by_sku.returncode == 0, by_sku.stderr
    assert "Japan" in by_sku.stdout
    assert site.say("rights", "explain", handle, "--to", "JP").stdout == by_sku.stdout


def test_what_is_no_sku_is_said_to_be_none(site: Site) -> None:
    done = site.say("rights", "explain", "no-such-thing", "--to", "JP")
    assert done.returncode == 1
    assert "no-such-thing" in done.stderr
