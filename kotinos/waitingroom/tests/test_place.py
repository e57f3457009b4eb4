"""Ranks, places and tokens, for any input."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.waitingroom import decide, tickets
from kotinos.waitingroom.contracts import (
    RANKS,
    Admitted,
    NotAdmitted,
    Phase,
    Refusal,
    RoomView,
    Serving,
    Ticket,
)
from kotinos.waitingroom.draw import ranker
from kotinos.waitingroom.patience import Budget
from kotinos.waitingroom.tests.crowd import OPENS_MS, ROOM
from kotinos.waitingroom.tests.line import OPENS
from kotinos.waitingroom.view import document, paces

identities = st.text("0123456789abcdef", min_size=32, max_size=32)
seeds = st.binary(min_size=32, max_size=32)
curves = st.dictionaries(
    st.integers(OPENS_MS // 1000, OPENS_MS // 1000 + 5000), st.integers(0, 10_000), max_size=300
)


def _view(serving: Serving, joins: dict[int, int], drawn: int) -> RoomView:
    curve = decide.arrivals(joins, opens_ms=OPENS_MS, people_per_join=1.0)
    return RoomView(
        room=ROOM,
        serving=serving,
        phase=Phase.OPEN,
        now_ms=OPENS_MS + 6_000_000,
        drawn_people=drawn,
        curve=curve,
        arrived_people=curve[-1][1],
        called_people=decide.called(serving, drawn_people=drawn, curve=curve),
        pace_per_s=10.0,
        pace_low_per_s=8.0,
        pace_high_per_s=12.0,
    )


@given(seeds, identities)
def test_a_rank_is_what_the_page_says_it_is(seed: bytes, identity: str) -> None:
    digest = hmac.new(seed, identity.encode(), hashlib.sha256).hexdigest()
    rank = decide.rank(seed=seed, identity=identity)
    assert rank == int(digest[:16], 16)
    assert 0 <= rank < RANKS
    assert int.from_bytes(ranker(seed)(identity.encode()), "big") == rank


@given(identities, st.integers(0, RANKS))
def test_who_is_drawn_is_served_when_the_call_passed_their_rank(identity: str, upto: int) -> None:
    view = _view(Serving(drawn_upto=upto), {}, 1000)
    place = decide.place_of(Ticket(ROOM.id, identity, OPENS_MS - 1), view)
    assert place.drawn
    assert place.served == (decide.rank(seed=ROOM.seed, identity=identity) < upto)


@given(curves, st.lists(st.integers(0, 5_000_000), min_size=2, max_size=2), st.integers(0, 9000))
def test_who_came_first_is_never_behind(joins: dict[int, int], came: list[int], drawn: int) -> None:
    view = _view(Serving(drawn_upto=RANKS // 3), joins, drawn)
    early, late = sorted(OPENS_MS + ms for ms in came)
    first = decide.place_of(Ticket(ROOM.id, "a" * 32, early), view)
    second = decide.place_of(Ticket(ROOM.id, "b" * 32, late), view)
    assert first.ahead_high is not None
    assert second.ahead_high is not None
    assert first.ahead_high <= second.ahead_high
    assert first.wait_low_s is not None
    assert first.wait_high_s is not None
    assert first.wait_low_s <= first.wait_high_s


@given(curves, st.floats(0, 1e6))
def test_moments_and_people_of_a_curve_agree(joins: dict[int, int], people: float) -> None:
    curve = decide.arrivals(joins, opens_ms=OPENS_MS, people_per_join=1.0)
    ms = decide.moment_of(curve, people)
    if people >= curve[-1][1]:
        assert ms == float("inf")
    else:
        assert decide.arrived_before(curve, int(ms)) <= people + 1e-6


@given(curves, st.integers(0, 5_000_000))
@settings(max_examples=50)
def test_the_document_is_small_whatever_the_line(joins: dict[int, int], upto: int) -> None:
    view = _view(Serving(drawn_upto=RANKS, arrived_upto_ms=OPENS_MS + upto), joins, 10**7)
    text = document(view)
    assert len(text) < 3000


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=150))
def test_the_pace_lies_between_its_ends(steps: list[float]) -> None:
    people, samples = 0.0, []
    for number, step in enumerate(steps):
        people += step
        samples.append((500 * number, people))
    low, pace, high = paces(samples, planned=20.0)
    assert 0 <= low <= pace <= high


@given(st.text(max_size=600))
def test_any_text_is_read_without_harm(text: str) -> None:
    now = OPENS
    assert isinstance(tickets.read_ticket(text, room_id=ROOM.id, now=now), Refusal)
    assert isinstance(tickets.read_admission(text, room_id=ROOM.id, now=now), NotAdmitted)
    assert isinstance(tickets.read_account(text, room_id=ROOM.id, now=now), Refusal)
    assert isinstance(tickets.read_step(text, room_id=ROOM.id, now=now), Refusal)
    assert isinstance(tickets.read_work(text, text, room_id=ROOM.id, now=now), Refusal)


@given(identities, st.integers(0, 2**45), st.integers(0, 400))
def test_one_changed_character_makes_a_ticket_worthless(
    identity: str, joined_ms: int, place: int
) -> None:
    ticket = Ticket(ROOM.id, identity, joined_ms)
    text = tickets.sign_ticket(ticket, closes_at=ROOM.closes_at)
    assert tickets.read_ticket(text, room_id=ROOM.id, now=OPENS) == ticket
    at = place % len(text)
    changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    assert tickets.read_ticket(changed, room_id=ROOM.id, now=OPENS) is Refusal.FORGED


def test_no_token_passes_for_another_or_in_another_room() -> None:
    other, now = uuid4(), OPENS
    until = now + timedelta(seconds=60)
    ticket = Ticket(ROOM.id, "a" * 32, OPENS_MS)
    line = tickets.sign_ticket(ticket, closes_at=ROOM.closes_at)
    admission = tickets.sign_admission(room_id=ROOM.id, identity="a" * 32, expires_at=until)
    assert tickets.read_ticket(line, room_id=other, now=now) is Refusal.OTHER_ROOM
    assert tickets.read_ticket(admission, room_id=ROOM.id, now=now) is Refusal.FORGED
    assert tickets.read_admission(line, room_id=ROOM.id, now=now) == NotAdmitted(Refusal.FORGED)
    assert tickets.read_admission(admission, room_id=other, now=now) == NotAdmitted(
        Refusal.OTHER_ROOM
    )
    assert tickets.read_admission(admission, room_id=ROOM.id, now=until) == NotAdmitted(
        Refusal.EXPIRED
    )
    assert tickets.read_admission(admission, room_id=ROOM.id, now=now) == Admitted("a" * 32, until)


def test_patience_comes_to_an_end_only_so_often_a_minute() -> None:
    budget, other = Budget(3), uuid4()
    got = [budget.take(ROOM.id, now=OPENS + timedelta(seconds=n)) for n in range(10)]
    assert got == [True] * 3 + [False] * 7
    assert budget.take(other, now=OPENS)
    assert budget.take(ROOM.id, now=OPENS + timedelta(seconds=60))


def test_work_is_asked_for_and_counts_for_one_identity() -> None:
    room = replace(ROOM, guest_bits=8)
    challenge = tickets.sign_challenge(room, now=OPENS)
    solved = [str(n) for n in range(5000) if tickets.is_solved(challenge.text, str(n), bits=8)]
    lazy = next(n for n in map(str, range(5000)) if n not in solved)
    read = [
        tickets.read_work(challenge.text, nonce, room_id=room.id, now=OPENS) for nonce in solved
    ]
    assert len(solved) > 1
    assert len(set(read)) == 1
    assert not isinstance(read[0], Refusal)
    assert tickets.read_work(challenge.text, lazy, room_id=room.id, now=OPENS) is Refusal.NO_WORK
    late = OPENS + timedelta(seconds=tickets.CHALLENGE_SECONDS)
    assert (
        tickets.read_work(challenge.text, solved[0], room_id=room.id, now=late) is Refusal.EXPIRED
    )


@given(st.text(max_size=80))
def test_any_nonce_is_weighed_without_harm(nonce: str) -> None:
    challenge = tickets.sign_challenge(replace(ROOM, guest_bits=24), now=OPENS)
    for odd in (nonce, nonce + "\ud800"):
        got = tickets.read_work(challenge.text, odd, room_id=ROOM.id, now=OPENS)
        assert got in {Refusal.NO_WORK, Refusal.FORGED}


@given(st.uuids(), st.uuids(), st.uuids())
def test_an_account_has_one_identity_a_room_that_says_nothing_elsewhere(
    person: UUID, room: UUID, other: UUID
) -> None:
    mine = tickets.account_identity(room_id=room, person_id=person)
    assert mine == tickets.account_identity(room_id=room, person_id=person)
    assert (mine == tickets.account_identity(room_id=other, person_id=person)) == (room == other)
