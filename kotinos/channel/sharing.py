"""Ways to pass a page on, an address as a picture, and the cues of a programme as JSON.

Nothing of another host is ever loaded: a target is a plain link that the reader taps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import qrcode  # type: ignore[import-untyped]  # it has no types
from django.utils.translation import gettext as _

from kotinos.channel import pages
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from kotinos.channel.models import Edition
    from kotinos.channel.pages import Moment, RailProduct, VideoCard
    from kotinos.kernel.place import Place

QUIET_MODULES = 4  # ISO/IEC 18004: the empty border a reader needs


@dataclass(frozen=True, slots=True)
class Share:
    """One target: `kind` is link (copied), picture (shown) or away (another site's page)."""

    code: str
    kind: str
    name: str
    url: str


def targets(edition: Edition, card: VideoCard, place: Place) -> tuple[Share, ...]:
    """The edition's targets for one page, in the edition's order; unknown ones are left out."""
    address = f"{environment().origin}{card.url}"
    known = {
        "link": Share("link", "link", _("Copy the address"), address),
        "mail": Share(
            "mail", "away", _("Mail"), f"mailto:?subject={quote(card.title)}&body={quote(address)}"
        ),
        "wechat": Share(
            "wechat", "picture", "WeChat", pages.url(place, "share_code", code=card.code)
        ),
        "weibo": Share(
            "weibo",
            "away",
            "Weibo",
            "https://service.weibo.com/share/share.php"
            f"?url={quote(address, safe='')}&title={quote(card.title, safe='')}",
        ),
    }
    wanted = edition.look.get("share") or ["link", "mail"]
    return tuple(known[code] for code in wanted if code in known)


def address_code(address: str) -> str:
    """The address as a QR code (ISO/IEC 18004), drawn as one path."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(rows)
        for column, dark in enumerate(cells)
        if dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def cue_json(moment: Moment) -> dict[str, Any]:
    """One moment with what may be bought of it here."""
    return {
        "id": moment.cue,
        "at_ms": moment.at_ms,
        "until_ms": moment.until_ms,
        "words": moment.words,
        "products": [_product_json(product) for product in moment.products],
    }


def _product_json(product: RailProduct) -> dict[str, Any]:
    page = product.page
    return {
        "handle": page.handle,
        "url": page.url,
        "title": page.title,
        "team": page.team.code if page.team else None,
        "picture": page.pictures[0].src if page.pictures else None,
        "state": page.state.value,
        "price": page.price.text if page.price else None,
        "via": product.via,
        "variants": [
            {
                "variant": str(variant.variant_id),
                "seller": str(variant.seller_id),
                "label": variant.label,
                "price": variant.price.text,
                "amount_minor": variant.price.amount_minor,
                "currency": variant.price.currency,
                "sold_out": variant.sold_out,
            }
            for variant in page.variants
        ],
    }
