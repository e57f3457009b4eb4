"""Properties, grants, consents, prohibitions of the demo: an interesting map of who may sell where.

The story: most committees open their goods (to the world, or to listed territories), some stay at
home; one opens later; the mascot is exclusive to licensees in two regions; the pictograms go down
a chain of sublicences; one licensee is suspended; one territory is closed to the mascot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.goods import EDITION, GAMES_EMBLEM, GROVE, MASCOT, ORGANISER, PICTOGRAMS, pick, rows
from demo.words import LANGUAGES
from kotinos.games.names import noc_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, str]

_SALE = "sell, ship, advertise"
_OUTLETS = "own-shop, marketplace"
_UNTIL = "2031-12-31"
_HOME_ONLY_EVERY = 6
"""One committee in six (of those that sell nothing here) keeps foreign goods out, by the digest."""
_CONSENTS: Mapping[str, tuple[str, str]] = {
    "CHN": ("listed", "HKG,TPE,GRE,KEN,JAM,FRA,NOR,NZL"),
    "USA": ("listed", "CAN,GBR,JPN,MEX,JAM,KEN,ITA,ESP,AUS,GER,KOR,IND"),
    "KSA": ("listed", "EGY,QAT,UAE,MAR,KEN,FRA"),
    "SUI": ("home-only", ""),
    "PER": ("home-only", ""),
    "IND": ("listed", "GBR,KEN,AUS,NZL,UAE,JAM,FRA"),
    "QAT": ("listed", "EGY,UAE,KSA,MAR,TUR,KEN"),
}
"""By home: the policy, and the committees it admits; all others admit the world."""
_GAMES = {
    "en": ("Emblem of Kotinos 2030", "Elio, the mascot", "Sport pictograms", "Olive grove print"),
    "fr": (
        "Emblème de Kotinos 2030",
        "Elio, la mascotte",
        "Pictogrammes des sports",
        "Motif oliveraie",
    ),
    "zh-hans": ("Kotinos 2030会徽", "吉祥物埃利奥", "体育图标", "橄榄园图案"),
    "ar": ("شعار كوتينوس 2030", "التميمة إيليو", "رموز الرياضات", "نقش بستان الزيتون"),
}
_EMBLEM_NAMES = {
    "en": "Team emblem of {}",
    "fr": "Emblème d’équipe – {}",
    "zh-hans": "{}代表队队徽",
    "ar": "شعار فريق {}",
}
_MARKS = "K2030-MARKS"


def properties(nocs: list[str]) -> Iterator[Row]:
    """Yield what is protected: the Games' marks as a tree, every committee's emblem."""
    marks = {"en": "Marks of Kotinos 2030", "fr": "Marques de Kotinos 2030",
             "zh-hans": "Kotinos 2030标志", "ar": "علامات كوتينوس 2030"}  # fmt: skip
    yield property_(_MARKS, "mark", ORGANISER, marks, edition=EDITION)
    kinds = ("emblem", "mascot", "mark", "mark")
    owners = (ORGANISER, ORGANISER, ORGANISER, "IOC")
    for index, code in enumerate((GAMES_EMBLEM, MASCOT, PICTOGRAMS, GROVE)):
        names = {language: _GAMES[language][index] for language in LANGUAGES}
        above = "" if code == GROVE else _MARKS
        edition = "" if code == GROVE else EDITION
        yield property_(code, kinds[index], owners[index], names, parent=above, edition=edition)
    for noc in nocs:
        names = {
            language: _EMBLEM_NAMES[language].format(noc_name(noc, language))
            for language in LANGUAGES
        }
        yield property_(f"NOC-{noc}-EMBLEM", "noc-emblem", f"NOC-{noc}", names, home_noc=noc)


def property_(code: str, kind: str, owner: str, names: Mapping[str, str], **more: str) -> Row:
    """Build a property's row from its names by language."""
    row = {"code": code, "kind": kind, "owner": owner, "parent": "", "edition": "", "home_noc": ""}
    return (
        row
        | {"name": names["en"]}
        | {f"name_{language}": names[language] for language in LANGUAGES[1:]}
        | more
    )


def grants() -> Iterator[Row]:
    """Yield every grant, parents before their children."""
    for seller in rows("sellers"):
        yield from _committee(seller)
    yield from _programme()


def _committee(seller: Row) -> Iterator[Row]:
    noc = seller["noc"]
    own = {"grantor": f"NOC-{noc}", "grantee": f"NOC-{noc}", "property": f"NOC-{noc}-EMBLEM"}
    match seller["reach"]:
        case "world" if seller["opens"]:
            yield grant(f"{noc}-HOME", own, territory=f"HOME({noc})", note="until it opens")
            yield grant(
                f"{noc}-WORLD",
                own,
                territory=f"WORLD,-HOME({noc})",
                **{"from": seller["opens"]},
                note="opens to the world later",
            )
        case "world":
            yield grant(f"{noc}-WORLD", own, territory="WORLD", note="open to the world")
        case "listed":
            listed = f"HOME({noc}),{seller['listed']}"
            yield grant(f"{noc}-LISTED", own, territory=listed, note="open to listed territories")
        case _:
            yield grant(f"{noc}-HOME", own, territory=f"HOME({noc})", note="home only")
    games = {"grantor": ORGANISER, "grantee": f"NOC-{noc}"}
    for code in (GAMES_EMBLEM, PICTOGRAMS):
        yield grant(
            f"K2030-{noc}-{code.removeprefix('K2030-')}",
            games | {"property": code},
            territory="WORLD",
            duties=f"royalty:800@{ORGANISER}; label hologram",
        )
    yield grant(
        f"K2030-{noc}-MASCOT",
        games | {"property": MASCOT},
        territory=f"HOME({noc}),EEA,-JP,-PANAM",
        duties=f"royalty:1000@{ORGANISER}",
    )


def _programme() -> Iterator[Row]:
    own = {"grantor": ORGANISER, "grantee": ORGANISER}
    for code in (GAMES_EMBLEM, PICTOGRAMS):
        yield grant(f"K2030-OWN-{code.removeprefix('K2030-')}", own | {"property": code})
    yield grant("K2030-OWN-MASCOT", own | {"property": MASCOT}, territory="WORLD,-JP,-PANAM")
    grove = {"grantor": "IOC", "grantee": "KOTINOS-SHOP", "property": GROVE}
    yield grant("IOC-GROVE-1", grove, territory="WORLD,-CN", duties="royalty:1200@IOC")
    yield from _exclusive_mascots()
    yield from _chain()


def _exclusive_mascots() -> Iterator[Row]:
    mascot = {"grantor": ORGANISER, "property": MASCOT, "exclusivity": "exclusive"}
    yield grant("K2030-SAKURA", mascot | {"grantee": "SAKURA-GOODS"}, territory="JP")
    yield grant("K2030-ANDES", mascot | {"grantee": "ANDES-TEXTIL"}, territory="PANAM")
    yield grant(
        "K2030-LION",
        {"grantor": ORGANISER, "property": MASCOT, "grantee": "LION-CITY-GIFTS"},
        territory="OCA,-JP",
        quota="5000",
    )


def _chain() -> Iterator[Row]:
    chief = {"grantor": ORGANISER, "grantee": "MELTEMI"}
    yield grant(
        "K2030-MELTEMI-EMBLEM",
        chief | {"property": GAMES_EMBLEM},
        territory="EUROPE50",
        acts=f"make, {_SALE}",
        duties=f"royalty:1100@{ORGANISER}",
    )
    yield grant(
        "K2030-MELTEMI-PICTOGRAMS",
        chief | {"property": PICTOGRAMS, "may_sublicense": "yes"},
        territory="EUROPE50",
        acts=f"make, {_SALE}",
        duties=f"royalty:1100@{ORGANISER}",
    )
    yield grant(
        "MELTEMI-NORTHERN-PINS",
        {"grantor": "MELTEMI", "grantee": "NORTHERN-PINS", "property": PICTOGRAMS,
         "parent": "K2030-MELTEMI-PICTOGRAMS"},
        territory="SE,NO,DK,FI,IS,EE,DE,NL",
        duties="royalty:1400@MELTEMI",
    )  # fmt: skip


def suspended() -> Iterator[Row]:
    """Yield the grants that are signed and suspended at once: samples were not approved."""
    yield grant(
        "K2030-SAVANNA",
        {"grantor": ORGANISER, "grantee": "SAVANNA-OUTFITTERS", "property": GAMES_EMBLEM},
        territory="ANOCA",
        note="caps, bottles, flags",
    )


def grant(number: str, parties: Row, **more: str) -> Row:
    """Build a grant's row: of goods, to the world, for these Games, unless `more` says else."""
    row = {
        "number": number, "grantor": "", "grantee": "", "property": "", "parent": "",
        "acts": _SALE, "outlets": _OUTLETS, "territory": "WORLD",
        "from": "2026-01-01", "until": _UNTIL, "delay_minutes": "",
        "exclusivity": "non-exclusive", "quota": "", "may_sublicense": "no",
        "duties": "", "note": "",
    }  # fmt: skip
    return row | dict(parties) | more


def consents(nocs: list[str]) -> Iterator[Row]:
    """Yield what each committee says about foreign committees' goods in its home."""
    open_homes = {row["noc"] for row in rows("sellers") if row["reach"] == "world"}
    sellers = {row["noc"] for row in rows("sellers")}
    for noc in nocs:
        policy, listed = _CONSENTS.get(noc, ("world", ""))
        quiet = noc not in sellers and noc not in _CONSENTS
        if quiet and pick(f"consent {noc}", _HOME_ONLY_EVERY) == 0:
            policy = "home-only"
        share = "0" if policy == "home-only" or noc in open_homes else "300"
        yield {
            "noc": noc,
            "policy": policy,
            "listed": listed.replace(",", " "),
            "share_basis_points": share,
            "from": "2026-01-01",
            "until": "",
        }


def prohibitions() -> Iterator[Row]:
    """Yield the one territory that is closed: an older local mark looks like the mascot there."""
    yield {
        "number": "K2030-NO-MASCOT-AU", "grantor": ORGANISER, "grantee": "", "property": MASCOT,
        "acts": "*", "outlets": "*", "territory": "AU", "from": "2026-01-01", "until": "",
        "note": "an older mark with an owl is registered there",
    }  # fmt: skip
