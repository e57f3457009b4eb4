"""What a film sounds like: chords of sines, four to a bar, with a soft stroke on every beat.

There is no voice in the demo. Where a description would speak, its track lowers the music and
strikes three rising bells, so that one can hear which of the two tracks is playing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RATE = 48_000
_A4 = 440.0
_DESCRIPTION_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Tune:
    """Chords as half-tones from A4, each `seconds` long, and beats a chord."""

    chords: Sequence[Sequence[int]]
    seconds: float = 2.0
    beats: int = 4


@dataclass(frozen=True, slots=True)
class Sources:
    """Filters that make the sounds, and the names of their outputs."""

    filters: list[str]
    outputs: list[str]


def sources(tune: Tune, seconds: float, *, described: Sequence[float]) -> Sources:
    """The main sound, and a second one where something is described."""
    whole = _expression(tune)
    made = f"aevalsrc='{whole}':s={_RATE}:d={seconds:.3f},afade=in:d=0.4"
    made += f",afade=out:st={seconds - 1:.3f}:d=1,aformat=channel_layouts=stereo"
    if not described:
        return Sources([f"{made}[a0]"], ["a0"])
    spans = [(start, start + _DESCRIPTION_SECONDS) for start in described]
    quiet = "+".join(f"between(t,{a:g},{b:g})" for a, b in spans)
    bells = "+".join(_bell(start + step * 0.5, tone) for start, _ in spans
                     for step, tone in enumerate((3, 7, 12)))  # fmt: skip
    return Sources(
        [
            f"{made},asplit=2[a0][dry]",
            f"[dry]volume='if({quiet},0.3,1)':eval=frame[low]",
            f"aevalsrc='{bells}':s={_RATE}:d={seconds:.3f},aformat=channel_layouts=stereo[bells]",
            "[low][bells]amix=inputs=2:normalize=0[a1]",
        ],
        ["a0", "a1"],
    )


def _hertz(tone: float) -> float:
    return _A4 * 2 ** (tone / 12)


def _expression(tune: Tune) -> str:
    """One sum of sines whose frequencies step from chord to chord; `ld` keeps what is shared."""
    bar = tune.seconds * len(tune.chords)
    beat = tune.seconds / tune.beats
    voices = []
    for voice in range(len(tune.chords[0])):
        steps = [_hertz(chord[voice]) for chord in tune.chords]
        frequency = f"{steps[-1]:.2f}"
        for number in range(len(steps) - 2, -1, -1):
            frequency = (
                f"if(lt(ld(0),{(number + 1) * tune.seconds:g}),{steps[number]:.2f},{frequency})"
            )
        voices.append(f"sin(6.28318*t*{frequency})")
    pluck = f"(0.35+0.65*exp(-3*mod(t,{tune.seconds:g})))"
    click = f"0.10*exp(-40*mod(t,{beat:g}))*sin(6.28318*95*mod(t,{beat:g}))"
    return f"st(0,mod(t,{bar:g}))*0+0.07*{pluck}*({'+'.join(voices)})+{click}"


def _bell(start: float, tone: int) -> str:
    since = f"(t-{start:g})"
    return f"gte(t,{start:g})*0.16*exp(-3*{since})*sin(6.28318*{_hertz(tone):.2f}*{since})"
