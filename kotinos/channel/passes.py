"""Playback tokens: what may be fetched, for which territory, until when. No Django."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.channel.contracts import Pass
from kotinos.kernel import tokens

if TYPE_CHECKING:
    from datetime import datetime

PURPOSE = "channel.play"
PASS_SECONDS = 900
"""A token's life; a player asks for the next one after two thirds of it."""
KEPT_MAX = 20_000


def issue(*, subject: str, edition: str, territory: str, delay_minutes: int, now: datetime) -> str:
    """A token for one subject in one territory."""
    payload = {"s": subject, "e": edition, "t": territory, "d": delay_minutes}
    expires_at = now + timedelta(seconds=PASS_SECONDS)
    return tokens.sign(purpose=PURPOSE, payload=payload, expires_at=expires_at)


def read(token: str, *, now: datetime) -> Pass | None:
    """What a token says, None where it is not ours or too old. Any text may be given."""
    match tokens.read(purpose=PURPOSE, token=token, now=now):
        case tokens.Valid(payload=said, expires_at=expires_at):
            return Pass(said["s"], said["e"], said["t"], expires_at, said["d"])
        case _:
            return None


class Gate:
    """Reads each token once: a player sends the same one with every segment."""

    def __init__(self) -> None:
        self._known: dict[str, Pass] = {}

    def read(self, token: str, *, now: datetime) -> Pass | None:
        """As `read`, from memory where it can."""
        known = self._known.get(token)
        if known is not None:
            return known if now < known.expires_at else None
        found = read(token, now=now)
        if found is not None:
            if len(self._known) >= KEPT_MAX:
                self._known.clear()
            self._known[token] = found
        return found
