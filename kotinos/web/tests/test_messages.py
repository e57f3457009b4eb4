"""Every sentence of the interface exists in every language."""

from __future__ import annotations

import pytest

from tools import messages


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_every_string_is_translated(locale: str) -> None:
    missing = {
        package.name: found
        for package in messages.packages()
        if (found := messages.untranslated(package, locale))
    }
    assert missing == {}


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_translations_keep_the_values_they_are_given(locale: str) -> None:
    for package in messages.packages():
        for message in messages.catalogue(package, locale):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in texts if message.id else ():
                assert _values(text) <= _values(ids[-1]), f"{package.name} {locale}: {text}"


def _values(text: str | list[str] | None) -> set[str]:
    """Names between `%(` and `)`."""
    assert isinstance(text, str)
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


def test_every_catalogue_has_its_own_plural_forms() -> None:
    for package in messages.packages():
        arabic = messages.catalogue(package, "ar")
        assert arabic.num_plurals == 6
