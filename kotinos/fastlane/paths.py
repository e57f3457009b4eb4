"""The words of an address below `/fast/channel/`, read one by one; nonsense is "not found"."""

from __future__ import annotations

from uuid import UUID

from kotinos.channel.contracts import DESCRIPTION, LADDER, MAIN_AUDIO
from kotinos.kernel.languages import LANGUAGES

_RUNGS = {*LADDER, MAIN_AUDIO, DESCRIPTION, *(f"s-{language}" for language in LANGUAGES)}


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An answer that is not what was asked for."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class NotFound(Problem):
    """There is nothing at this address."""

    def __init__(self) -> None:
        super().__init__(404, "not-found")


class Forbidden(Problem):
    """The address has no token that opens it."""

    def __init__(self) -> None:
        super().__init__(403, "token")


def stream(words: list[str]) -> tuple[str, str, bool, str]:
    """`<code>/<variant>/[dvr/]<file>`."""
    match words:
        case [code, variant, file]:
            return code, variant, False, file
        case [code, variant, "dvr", file]:
            return code, variant, True, file
        case _:
            raise NotFound


def two(words: list[str]) -> tuple[str, str]:
    if len(words) != 2:  # noqa: PLR2004 - what the name says
        raise NotFound
    return words[0], words[1]


def three(words: list[str]) -> tuple[str, str, str]:
    if len(words) != 3:  # noqa: PLR2004 - what the name says
        raise NotFound
    return words[0], words[1], words[2]


def name(file: str, kind: str) -> str:
    name, _, ending = file.rpartition(".")
    if ending != kind or not name:
        raise NotFound
    return name


def number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 10:  # noqa: PLR2004 - a bound
        raise NotFound
    return int(text)


def folder(name: str) -> str:
    if name not in LADDER and name not in {MAIN_AUDIO, DESCRIPTION}:
        raise NotFound
    return name


def is_rung(name: str) -> bool:
    """A rung, a sound, or the subtitles of one of our languages: nothing else is ever made."""
    return name in _RUNGS


def uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
