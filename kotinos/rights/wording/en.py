"""English."""

from __future__ import annotations

SENTENCES = {
    "until": " until {day}",
    "list": ", ",
    "cleared": "{seller} may {act} this in {territory}{until}.",
    "no-grant": "{seller} holds no licence for {property}.",
    "territory": "{seller}’s licence for {property} does not reach {territory}.",
    "not-yet": "{seller} may {act} this in {territory} from {day} on.",
    "ended": "{seller}’s licence for {property} in {territory} has ended ({day}).",
    "act": "{seller} holds a licence for {property}, but not to {act} it.",
    "outlet": "{seller} may {act} this, but not through {outlet}.",
    "held-by-other": "Only {holder} may {act} this in {territory}{until}.",
    "no-consent": (
        "{committee} has not agreed that goods with the emblem {property} come to {territory}."
    ),
    "suspended": "{seller}’s licence for {property} is suspended{until}.",
    "quota-spent": "All {units} units that the licence for {property} allows are used up.",
    "delayed": "{seller} may {act} this in {territory} only {minutes} minutes after the event.",
    "prohibited": "{issuer} does not allow {seller} to {act} this in {territory}{until}.",
    "parent-lost": "{seller}’s licence for {property} rests on one that no longer holds for this.",
    "nothing-named": "The question names no property, so nobody has allowed it.",
    "step-property-cleared": "{property}: cleared.",
    "step-property-refused": "{property}: refused.",
    "step-grant": "{grantor} allows {grantee} to {acts}: {property}, {territories}{until}.",
    "step-delay": "It asks for {minutes} minutes after the event.",
    "step-consent": "{committee} admits these goods to its home; its share is {share} %.",
    "step-law": "By law, what is sold in one country of the EEA may be bought from all of it.",
    "step-duty": "Owed under it: {duty}.",
    "step-opens": "It opens on {day}.",
    "step-others": "In {territory} this is cleared today for: {sellers}.",
}

ACTS = {
    "make": "make",
    "sell": "sell",
    "ship": "ship",
    "advertise": "advertise",
    "show/live": "show live",
    "show/delayed": "show with delay",
    "show/vod": "show on demand",
    "show/clip": "show clips of",
    "use-word": "use the word for",
    "sell/ticket": "sell tickets for",
    "sell/package": "sell packages for",
    "resell/ticket": "resell tickets for",
}

OUTLETS = {
    "own-shop": "its own shop",
    "marketplace": "a marketplace",
    "live-sale": "live sales",
    "free-to-air": "free-to-air television",
    "pay": "pay television",
    "internet": "the internet",
    "mobile": "mobile networks",
    "reseller": "resellers",
}
