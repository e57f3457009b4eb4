"""The engine's closed words as a person reads them in the back office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kotinos.rights.contracts import REASON_DOCS, Act, ConsentPolicy, DutyKind, Exclusivity, Outlet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

ACTS: dict[Act, StrOrPromise] = {
    Act.SELL: _("Sell goods"),
    Act.SHIP: _("Ship goods"),
    Act.ADVERTISE: _("Advertise"),
    Act.MAKE: _("Make goods"),
    Act.USE_WORD: _("Use the word"),
    Act.SHOW_LIVE: _("Show live"),
    Act.SHOW_DELAYED: _("Show delayed"),
    Act.SHOW_VOD: _("Show on demand"),
    Act.SHOW_CLIP: _("Show clips"),
    Act.SELL_TICKET: _("Sell tickets"),
    Act.SELL_PACKAGE: _("Sell packages"),
    Act.RESELL_TICKET: _("Resell tickets"),
}
OUTLETS: dict[Outlet, StrOrPromise] = {
    Outlet.OWN_SHOP: _("Own shop"),
    Outlet.MARKETPLACE: _("Marketplace"),
    Outlet.LIVE_SALE: _("Live sale"),
    Outlet.RESELLER: _("Reseller"),
    Outlet.FREE_TO_AIR: _("Free to air"),
    Outlet.PAY: _("Pay television"),
    Outlet.INTERNET: _("Internet"),
    Outlet.MOBILE: _("Mobile"),
}
EXCLUSIVITY: dict[str, StrOrPromise] = {
    Exclusivity.NON_EXCLUSIVE: _("Non-exclusive: others may be granted the same"),
    Exclusivity.SOLE: _("Sole: only the grantor may do it too"),
    Exclusivity.EXCLUSIVE: _("Exclusive: nobody else, not even the grantor"),
}
DUTIES: dict[str, StrOrPromise] = {
    DutyKind.ROYALTY: _("Royalty"),
    DutyKind.APPROVAL: _("Approval"),
    DutyKind.LABEL: _("Label"),
    DutyKind.FREE_TO_AIR: _("Free-to-air minimum"),
    DutyKind.REPORT: _("Report"),
    DutyKind.SHARE: _("Share"),
    DutyKind.CONDITION: _("Condition"),
}
POLICIES: dict[str, StrOrPromise] = {
    ConsentPolicy.HOME_ONLY: _("None: only our own goods are sold in our home"),
    ConsentPolicy.LISTED: _("Those of the teams we list"),
    ConsentPolicy.WORLD: _("Those of every team"),
}
STATES: dict[str, StrOrPromise] = {
    "draft": _("Draft"),
    "half-signed": _("One signature missing"),
    "not-yet": _("Signed, begins later"),
    "in-force": _("In force"),
    "suspended": _("Suspended"),
    "ended": _("Ran out"),
    "terminated": _("Terminated"),
}
HAPPENED: dict[str, StrOrPromise] = {
    "suspend": _("Suspended"),
    "lift": _("Suspension lifted"),
    "terminate": _("Terminated"),
}
SIGNED_FOR = _("Signed for %(party)s")
REASONS: dict[str, StrOrPromise] = {
    "no-grant": _("No grant"),
    "territory": _("Territory not granted"),
    "not-yet": _("Not yet"),
    "ended": _("Ended"),
    "act": _("Act not granted"),
    "outlet": _("Outlet not granted"),
    "held-by-other": _("Held by another"),
    "no-consent": _("No consent at destination"),
    "suspended": _("Suspended"),
    "quota-spent": _("Quota spent"),
    "delayed": _("Delayed"),
    "prohibited": _("Prohibited"),
    "parent-lost": _("Parent grant lost"),
}
REASON_HELP = {str(reason): text for reason, text in REASON_DOCS.items()}
_ACT_BY_TEXT = {act.text: label for act, label in ACTS.items()}
_OUTLET_BY_TEXT = {outlet.text: label for outlet, label in OUTLETS.items()}


def act_choices() -> list[tuple[str, StrOrPromise]]:
    """Every act, the shop's first."""
    return [(act.text, label) for act, label in ACTS.items()]


def outlet_choices() -> list[tuple[str, StrOrPromise]]:
    """Every outlet, the shop's first."""
    return [(outlet.text, label) for outlet, label in OUTLETS.items()]


def act_names(texts: Iterable[str]) -> list[StrOrPromise]:
    """The names of acts given by their texts, in the engine's order."""
    given = set(texts)
    return [label for text, label in _ACT_BY_TEXT.items() if text in given]


def outlet_names(texts: Iterable[str]) -> list[StrOrPromise]:
    """As `act_names`; all of them are one word."""
    given = set(texts)
    if given == set(_OUTLET_BY_TEXT):
        return [_("Every outlet")]
    return [label for text, label in _OUTLET_BY_TEXT.items() if text in given]
