"""The waiting room for a browser without JavaScript: what its page says, and what it keeps.

A guest shows patience instead of work: the page comes back by itself some times, each with the
step it was given, and then stands in the line. Everything is asked by GET, because the page
refreshes itself; joining a line twice changes nothing, and a ticket is of use to its holder only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, assert_never

from babel.numbers import format_decimal
from babel.units import format_unit

from kotinos.kernel.languages import cldr_locale
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.waitingroom.contracts import Place as LinePlace
    from kotinos.waitingroom.contracts import Room

LOOK_SECONDS = 10
NEAR_SECONDS = 5  # when it is nearly one's turn, or the draw is near
EARLY_SECONDS = 60
ALMOST_PEOPLE = 10
FEW_PEOPLE = 100  # up to here a number is said as it is; beyond, three digits of it
AGAIN_SECONDS = 3  # a step that was shown a moment too early
MINUTE_SECONDS = 60
PATIENCE_STEPS = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks: what their browser carries, the step in the address, who is signed in."""

    ticket: str
    step: str
    person_id: UUID | None
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class Plain:
    """What the page shows. `state`: patience, account, draw, line, almost, paused, turn, over.

    `ticket` and `token` are to be kept as cookies where they are not empty, the token for
    `minutes`.
    """

    state: str
    refresh_seconds: int = 0
    refresh_url: str = ""
    steps: int = PATIENCE_STEPS
    taken: int | None = None
    ahead: str = ""
    wait: str = ""
    minutes: int = 0
    identity: str = ""
    ticket: str = ""
    token: str = ""
    token_seconds: int = 0


OVER = Plain("over")


def visit(room: Room, asked: Visit, *, now: datetime) -> Plain:
    """One look at the line: joins where there is no place yet, asks in where it is time."""
    if now >= room.closes_at:
        return OVER
    joined = waitingroom.join(
        room_id=room.id, proof=_proof(room, asked, now), ticket=asked.ticket or None, now=now
    )
    match joined:
        case waitingroom.Joined():
            return _in_line(room, joined, asked, now)
        case waitingroom.JoinRefused(why=waitingroom.Refusal.OVER | waitingroom.Refusal.UNKNOWN):
            return OVER
        case waitingroom.JoinRefused():
            return _patience(room, asked, now)
        case _:
            assert_never(joined)


def _proof(room: Room, asked: Visit, now: datetime) -> waitingroom.Proof | None:
    if asked.person_id is not None:
        token = waitingroom.sign_account_identity(
            person_id=asked.person_id, room_id=room.id, now=now
        )
        return waitingroom.AccountProof(token)
    return waitingroom.PatienceProof(asked.step) if asked.step else None


def _patience(room: Room, asked: Visit, now: datetime) -> Plain:
    """The next step of the chain; one that was lost or came too late begins again."""
    found = None
    if asked.step:
        found = waitingroom.go_on_patience(room_id=room.id, step=asked.step, now=now)
    if isinstance(found, waitingroom.JoinRefused):
        if found.why is waitingroom.Refusal.TOO_EARLY:
            return Plain("patience", AGAIN_SECONDS, f"{asked.path}?step={asked.step}")
        found = None
    found = found or waitingroom.begin_patience(room_id=room.id, now=now)
    match found:
        case waitingroom.PatienceStep():
            return _step(room, found, asked, now)
        case waitingroom.JoinRefused(why=waitingroom.Refusal.ACCOUNTS_ONLY):
            return Plain("account")
        case waitingroom.JoinRefused():
            return OVER


def _step(room: Room, step: waitingroom.PatienceStep, asked: Visit, now: datetime) -> Plain:
    if step.left:
        url, taken = f"{asked.path}?step={step.text}", PATIENCE_STEPS - step.left
        return Plain("patience", step.wait_seconds, url, taken=taken)
    proof = waitingroom.PatienceProof(step.text)
    joined = waitingroom.join(room_id=room.id, proof=proof, ticket=None, now=now)
    return _in_line(room, joined, asked, now) if isinstance(joined, waitingroom.Joined) else OVER


def _in_line(room: Room, joined: waitingroom.Joined, asked: Visit, now: datetime) -> Plain:
    ticket = joined.ticket_text
    shown = _look(room, ticket, asked, now)
    kept = "" if ticket == asked.ticket else ticket
    return replace(shown, identity=joined.ticket.identity, ticket=kept)


def _look(room: Room, ticket: str, asked: Visit, now: datetime) -> Plain:
    if now < room.opens_at:
        left = (room.opens_at - now).total_seconds()
        return Plain("draw", min(EARLY_SECONDS, ceil(left) + 1), asked.path)
    outcome = waitingroom.admit(room_id=room.id, ticket=ticket, now=now)
    match outcome:
        case waitingroom.Admission():
            left_for_it = outcome.expires_at - now
            return Plain(
                "turn",
                minutes=max(1, round(left_for_it / timedelta(minutes=1))),
                token=outcome.token,
                token_seconds=int(left_for_it.total_seconds()),
            )
        case waitingroom.Waiting(place):
            return _waiting(place, asked)
        case waitingroom.AdmitRefused():
            return OVER


def _waiting(place: LinePlace, asked: Visit) -> Plain:
    low, high = place.ahead_low or 0, place.ahead_high or 0
    ahead = (low + high) // 2
    state = "almost" if ahead < ALMOST_PEOPLE else "line"
    if place.phase is waitingroom.Phase.PAUSED:
        state = "paused"
    return Plain(
        state,
        NEAR_SECONDS if state == "almost" else LOOK_SECONDS,
        asked.path,
        ahead=_count(ahead, asked.language),
        wait=_wait(place, asked.language),
    )


def _count(people: int, language: str) -> str:
    pattern = "@@@" if people > FEW_PEOPLE else None
    return str(format_decimal(people, pattern, locale=cldr_locale(language)))


def _wait(place: LinePlace, language: str) -> str:
    """`2–5 minutes`; empty where nobody knows."""
    if place.wait_low_s is None or place.wait_high_s is None:
        return ""
    low, high = place.wait_low_s // MINUTE_SECONDS, ceil(place.wait_high_s / MINUTE_SECONDS)
    locale = cldr_locale(language)
    said = format_unit(high, "duration-minute", locale=locale)
    return f"{format_decimal(low, locale=locale)}–{said}" if 0 < low < high else str(said)
