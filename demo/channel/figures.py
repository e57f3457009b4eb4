"""People in motion, in the manner of our pictograms: a disc and one round-ended stroke.

A pose is a row of angles; a movement is a row of poses. Angles are degrees from straight down,
positive forward (to the right). Bones are in units of a body 100 high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kotinos.catalog.artwork.paint import INK

if TYPE_CHECKING:
    from collections.abc import Iterable

_TORSO, _THIGH, _SHIN, _ARM, _FOREARM, _HEAD = 29.0, 23.0, 24.0, 16.0, 16.0, 8.6
_LIMB, _OUTLINE = 9.0, 3.2
SIZE = 140
"""A figure stands in a square of this many units, its hip in the middle."""
_HIP = (70.0, 72.0)


@dataclass(frozen=True, slots=True)
class Pose:
    """Leaning of the trunk, then (upper, lower) angles of both arms and both legs."""

    lean: float = 6
    arm: tuple[float, float] = (20, 60)
    other_arm: tuple[float, float] = (-20, 30)
    leg: tuple[float, float] = (12, -6)
    other_leg: tuple[float, float] = (-12, -14)
    lift: float = 0


def _end(start: tuple[float, float], degrees: float, length: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    return start[0] + math.sin(angle) * length, start[1] + math.cos(angle) * length


def _bone(start: tuple[float, float], angles: tuple[float, float], a: float, b: float) -> str:
    middle = _end(start, angles[0], a)
    end = _end(middle, angles[1], b)
    return (
        f"M{start[0]:.1f} {start[1]:.1f}L{middle[0]:.1f} {middle[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
    )


def hand(pose: Pose, *, other: bool = False) -> tuple[float, float]:
    """Where a hand is, for whatever it holds."""
    shoulder = _shoulder(pose)
    upper, lower = pose.other_arm if other else pose.arm
    return _end(_end(shoulder, upper, _ARM), lower, _FOREARM)


def _shoulder(pose: Pose) -> tuple[float, float]:
    return _end((_HIP[0], _HIP[1] - pose.lift), 180 - pose.lean, _TORSO)


def body(pose: Pose, *, skin: str, kit: str) -> str:
    """The figure's elements: the far limbs darker, the outline as everywhere in our drawings."""
    hip, shoulder = (_HIP[0], _HIP[1] - pose.lift), _shoulder(pose)
    neck = _end(shoulder, 180 - pose.lean, _HEAD + 5)
    far = _bone(shoulder, pose.other_arm, _ARM, _FOREARM) + _bone(
        hip, pose.other_leg, _THIGH, _SHIN
    )
    trunk = f"M{hip[0]:.1f} {hip[1]:.1f}L{shoulder[0]:.1f} {shoulder[1]:.1f}"
    legs, arms = _bone(hip, pose.leg, _THIGH, _SHIN), _bone(shoulder, pose.arm, _ARM, _FOREARM)
    head = f'cx="{neck[0]:.1f}" cy="{neck[1]:.1f}" r="{_HEAD}"'
    return (
        _stroke(far, _shade(skin), _LIMB)
        + f'<circle {head} fill="{skin}" stroke="{INK}" stroke-width="{_OUTLINE}"/>'
        + _stroke(legs, skin, _LIMB)
        + _stroke(trunk, kit, _LIMB + 6)
        + _stroke(arms, skin, _LIMB)
    )


def _stroke(path: str, colour: str, weight: float) -> str:
    shape = f'<path d="{path}" fill="none" stroke-linecap="round" stroke-linejoin="round" '
    return (
        f'{shape}stroke="{INK}" stroke-width="{weight + 2 * _OUTLINE}"/>'
        f'{shape}stroke="{colour}" stroke-width="{weight}"/>'
    )


def _shade(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) * 3 // 4 for i in (1, 3, 5))
    return f"#{red:02X}{green:02X}{blue:02X}"


def svg(elements: str, *, width: float = SIZE, height: float = SIZE) -> str:
    """Elements as a picture of their own."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f"{elements}</svg>"
    )


def run_cycle(frames: int = 8, *, stride: float = 1.0) -> list[Pose]:
    """One whole stride; `stride` 1 is a sprint, less is a jog."""
    poses = []
    for number in range(frames):
        turn = 2 * math.pi * number / frames
        swing, back = math.sin(turn), math.sin(turn + math.pi)
        poses.append(
            Pose(
                lean=13 * stride,
                arm=(-52 * swing * stride, -52 * swing * stride + 82),
                other_arm=(-52 * back * stride, -52 * back * stride + 82),
                leg=_step(swing, math.cos(turn), stride),
                other_leg=_step(back, -math.cos(turn), stride),
                lift=5 * abs(math.cos(turn)) * stride,
            )
        )
    return poses


def _step(swing: float, lifting: float, stride: float) -> tuple[float, float]:
    thigh = (12 + 50 * swing) * stride
    return thigh, thigh - (18 + 78 * max(0.0, lifting)) * stride


def between(one: Pose, other: Pose, frames: int) -> list[Pose]:
    """The poses on the way from one to the other, without the last."""

    def pair(a: tuple[float, float], b: tuple[float, float], s: float) -> tuple[float, float]:
        return a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s

    return [
        replace(
            one,
            lean=one.lean + (other.lean - one.lean) * s,
            lift=one.lift + (other.lift - one.lift) * s,
            arm=pair(one.arm, other.arm, s),
            other_arm=pair(one.other_arm, other.other_arm, s),
            leg=pair(one.leg, other.leg, s),
            other_leg=pair(one.other_leg, other.other_leg, s),
        )
        for s in (0.5 - 0.5 * math.cos(math.pi * n / frames) for n in range(frames))
    ]


def through(poses: Iterable[Pose], frames: int) -> list[Pose]:
    """A movement through key poses, `frames` for each step, and back to the first."""
    keys = list(poses)
    pairs = zip(keys, [*keys[1:], keys[0]], strict=True)
    return [pose for one, other in pairs for pose in between(one, other, frames)]
