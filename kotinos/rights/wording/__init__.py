"""The words of explanations in every language of the house: data, no logic.

Each language gives the same keys with the same placeholders, which a test compares. Sentences
avoid what changes with a name's gender or article: a territory stands by its bare name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kotinos.rights.wording import ar, en, fr, zh_hans

if TYPE_CHECKING:
    from collections.abc import Mapping


class Wording(NamedTuple):
    """One language: sentences by key, and words for acts and outlets by their text."""

    sentences: Mapping[str, str]
    acts: Mapping[str, str]
    outlets: Mapping[str, str]

    def say(self, key: str, **words: str) -> str:
        """Return the sentence with its places filled; `{until}` may be left out."""
        return self.sentences[key].format_map({"until": "", **words})


WORDINGS: Mapping[str, Wording] = {
    "en": Wording(en.SENTENCES, en.ACTS, en.OUTLETS),
    "fr": Wording(fr.SENTENCES, fr.ACTS, fr.OUTLETS),
    "zh-hans": Wording(zh_hans.SENTENCES, zh_hans.ACTS, zh_hans.OUTLETS),
    "ar": Wording(ar.SENTENCES, ar.ACTS, ar.OUTLETS),
}


def wording(language: str) -> Wording:
    """Return the language's words, English for a language the house does not speak."""
    return WORDINGS.get(language, WORDINGS["en"])
