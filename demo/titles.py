"""Titles, descriptions and alternative texts of the demo's goods, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.words import COLLECTIONS, GAMES, KINDS, LANGUAGES, SPORTS, STORIES, Texts, capital

if TYPE_CHECKING:
    from demo.goods import Item

_JERSEYS = {
    "home-kit": {
        "en": "{team} home jersey",
        "fr": "Maillot domicile – {team}",
        "zh-hans": "{team}主场球衣",
        "ar": "قميص المباريات الأساسي – {team}",
    },
    "away-kit": {
        "en": "{team} away jersey",
        "fr": "Maillot extérieur – {team}",
        "zh-hans": "{team}客场球衣",
        "ar": "قميص المباريات الاحتياطي – {team}",
    },
}
_SUPPORTERS = {
    "en": "{team} supporters’ {kind}",
    "fr": "{Kind} de supporter – {team}",
    "zh-hans": "{team}助威{kind}",
    "ar": "{kind} للمشجعين – {team}",
}
_SPORT = {
    "en": "{team} {sport} {kind}",
    "fr": "{Kind} {sport} – {team}",
    "zh-hans": "{team}{sport}{kind}",
    "ar": "{kind}، {sport} – {team}",
}
_MASCOT = {
    "en": "Elio {kind} – {team}",
    "fr": "{Kind} Elio – {team}",
    "zh-hans": "埃利奥{kind}（{team}）",
    "ar": "{kind} «إيليو» – {team}",
}
_COLLECTION = {
    "en": "{team} {collection} {kind}",
    "fr": "{Kind} {collection} – {team}",
    "zh-hans": "{team}{collection}{kind}",
    "ar": "{kind} من مجموعة «{collection}» – {team}",
}
_TEAM_LINE = {
    "en": "In the colours of Team {team}, with its crest.",
    "fr": "Aux couleurs de l’équipe {of}, avec son écusson.",
    "zh-hans": "{team}代表队配色，饰有队徽。",
    "ar": "بألوان فريق {team}، مع شعار الفريق.",
}
_POSES = {
    "hello": ("waving", "qui salue", "挥手", "يلوّح"),
    "cheer": ("cheering", "qui acclame", "欢呼", "يهتف"),
    "run": ("running", "qui court", "奔跑", "يركض"),
    "medal": ("with a medal", "avec une médaille", "佩戴奖牌", "بميدالية"),
    "dream": ("dreaming", "qui rêve", "入梦", "يحلم"),
    "wink": ("winking", "qui fait un clin d’œil", "眨眼", "يغمز"),
}
_POSED = {
    "en": "Elio {kind}, {pose} – {team}",
    "fr": "{Kind} Elio {pose} – {team}",
    "zh-hans": "埃利奥{kind}·{pose}（{team}）",
    "ar": "{kind} «إيليو» {pose} – {team}",
}


def titles(item: Item) -> Texts:
    """Return the title in each language."""
    return {language: _title(item, language) for language in LANGUAGES}


def _title(item: Item, language: str) -> str:
    kind = KINDS[item.kind].name[language]
    values = {
        "team": item.team_names[language] if item.team else GAMES[language],
        "kind": kind,
        "Kind": capital(kind),
        "sport": SPORTS[item.sport][language] if item.sport else "",
        "collection": COLLECTIONS[item.collection][language],
        "pose": _POSES[item.pose][LANGUAGES.index(language)] if item.pose else "",
    }
    return capital(_pattern(item)[language].format(**values))


def _pattern(item: Item) -> Texts:
    if item.pose and not item.team:
        return _POSED
    if item.pose:
        return _MASCOT
    if item.sport:
        return _SPORT
    if item.kind == "jersey" and item.collection in _JERSEYS:
        return _JERSEYS[item.collection]
    return _SUPPORTERS if item.collection == "supporters" else _COLLECTION


def descriptions(item: Item) -> Texts:
    """Return the description in each language: what it is made of, its story, whose it is."""
    found: Texts = {}
    for language in LANGUAGES:
        parts = [KINDS[item.kind].made[language], STORIES[item.collection][language]]
        if item.team:
            names = {"team": item.team_names[language], "of": item.team_of_fr}
            parts.append(_TEAM_LINE[language].format(**names))
        found[language] = "".join(f"<p>{part}</p>" for part in parts)
    return found
