"""Words for the closed lists that other packages send as codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FACETS = {
    "team": _("Team"),
    "sport": _("Sport"),
    "kind": _("Kind"),
    "price": _("Price"),
    "collection": _("Collection"),
    "edition": _("Edition"),
}
SORTS = {
    "featured": _("Featured"),
    "newest": _("Newest"),
    "cheapest": _("Lowest price"),
    "dearest": _("Highest price"),
    "relevance": _("Best match"),
}
SHELVES = {
    "featured": _("Worth a look"),
    "home-team": _("Your home team"),
    "newest": _("New here"),
}
NOTES = {
    "unknown-filter": _("The address asked for a filter that does not exist; it was left out."),
    "unknown-value": _("“%(value)s” is not something to filter by here; it was left out."),
    "page-too-far": _("There is no such page; this is the last one."),
    "text-too-long": _("The search was very long; only its beginning was used."),
    "similar-spelling": _("Nothing is called “%(value)s” exactly; these are spelt like it."),
}
HEADLINES = {
    "not-yet": _("Not yet sold to %(territory)s"),
    "delayed": _("Not yet sold to %(territory)s"),
    "ended": _("No longer sold to %(territory)s"),
    "suspended": _("Sale to %(territory)s is paused"),
    "quota-spent": _("The pieces for %(territory)s are used up"),
}
HEADLINE = _("Not sold to %(territory)s")
"""For every reason without a headline of its own."""

REASONS = (
    (_("No permission"), _("The owner has not allowed anybody, or not this seller, to sell it.")),
    (_("Other territories"), _("The seller may sell it, but not where you are.")),
    (_("Not yet"), _("The permission begins later. The page says when.")),
    (_("No longer"), _("The permission has run out.")),
    (_("Held by another"), _("Somebody else alone may sell it where you are.")),
    (
        _("The home committee has not agreed"),
        _("The goods show another team, and the committee of your territory has not let them in."),
    ),
    (_("Paused"), _("The owner has stopped the permission for the time being.")),
    (_("Used up"), _("As many pieces as the permission allows have been sold.")),
    (_("Forbidden"), _("The owner forbids this sale where you are, whatever was granted.")),
)
ASSOCIATIONS = {
    "ANOCA": _("Africa"),
    "Panam Sports": _("Americas"),
    "OCA": _("Asia"),
    "EOC": _("Europe"),
    "ONOC": _("Oceania"),
}
