"""A crowd that behaves: people who come when called, or late, or never, and buy or do not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from kotinos.waitingroom import decide
from kotinos.waitingroom.contracts import RANKS, Phase, Room, RoomView, Serving, Signals
from kotinos.waitingroom.tests.line import OPENS
from kotinos.waitingroom.view import called_before_grace

STEP_MS = 250
ROOM = Room(
    id=UUID(int=1),
    code="room",
    opens_at=OPENS,
    closes_at=OPENS + timedelta(days=1),
    seed=bytes(32),
    admission_seconds=600,
    guests_allowed=True,
    guest_bits=2,
    rate_max_per_s=200.0,
)
OPENS_MS = ROOM.opens_ms


@dataclass(slots=True)
class Crowd:
    """People in the order in which they will be called.

    The draw's ranks stand evenly here, so that an estimate of them is right and a bound can be
    checked to the person. `comes_after_s` is None for who never comes.
    """

    drawn: int
    arrivals: dict[int, int]
    units_free: int
    comes_after_s: tuple[float | None, ...]
    buys_after_s: tuple[float | None, ...]
    room: Room = ROOM
    serving: Serving = field(default_factory=Serving)
    called: list[int] = field(default_factory=list)  # when, by person
    inside: dict[int, int] = field(default_factory=dict)  # person: since when
    entered: set[int] = field(default_factory=set)
    samples: list[tuple[int, float]] = field(default_factory=list)
    most_inside: float = 0.0  # above the free units, at any moment

    def view(self, now_ms: int) -> RoomView:
        joins = {s: n for s, n in self.arrivals.items() if s * 1000 <= now_ms}
        curve = decide.arrivals(joins, opens_ms=OPENS_MS, people_per_join=1.0)
        people = decide.called(self.serving, drawn_people=self.drawn, curve=curve)
        return RoomView(
            room=self.room,
            serving=self.serving,
            phase=Phase.OPEN,
            now_ms=now_ms,
            drawn_people=self.drawn,
            curve=curve,
            arrived_people=curve[-1][1],
            called_people=people,
            inside=len(self.inside),
            entered=len(self.entered),
        )

    def step(self, now_ms: int, *, p99_ms: float = 20.0) -> None:
        """A quarter of a second: people come, buy or leave; then the conductor calls."""
        self._come_and_go(now_ms)
        view = self.view(now_ms)
        self.samples.append((now_ms, view.called_people))
        before = self.serving
        self.serving = decide.conduct(
            view,
            Signals(units_free=self.units_free, p99_ms=p99_ms),
            called_before_grace=called_before_grace(self.samples, now_ms=now_ms),
            now_ms=now_ms,
        )
        assert self.serving.drawn_upto >= before.drawn_upto
        assert self.serving.arrived_upto_ms >= before.arrived_upto_ms
        assert self.serving.drawn_upto <= RANKS
        self._call(now_ms)
        self.most_inside = max(self.most_inside, len(self.inside) - self.units_free)

    def play(self, seconds: float, *, from_s: float = 0.0, p99_ms: float = 20.0) -> None:
        start = OPENS_MS + int(from_s * 1000)
        for now_ms in range(start, start + int(seconds * 1000), STEP_MS):
            self.step(now_ms, p99_ms=p99_ms)

    def pause(self, *, paused: bool) -> None:
        self.serving = replace(self.serving, paused=paused)

    def _call(self, now_ms: int) -> None:
        people = self.view(now_ms).called_people
        while len(self.called) + 0.5 <= people:
            self.called.append(now_ms)

    def _come_and_go(self, now_ms: int) -> None:
        for person, called_ms in enumerate(self.called):
            delay = self.comes_after_s[person % len(self.comes_after_s)]
            is_here = delay is not None and now_ms >= called_ms + delay * 1000
            if is_here and person not in self.entered:
                self.entered.add(person)
                self.inside[person] = now_ms
        for person, since_ms in list(self.inside.items()):
            delay = self.buys_after_s[person % len(self.buys_after_s)]
            seconds = (now_ms - since_ms) / 1000
            if delay is not None and seconds >= delay and self.units_free > 0:
                self.units_free -= 1
                del self.inside[person]
            elif seconds >= self.room.admission_seconds:
                del self.inside[person]
