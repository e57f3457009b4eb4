"""Why a file is not taken: a code that stays, and words for people. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Fault(StrEnum):
    """Codes are stored with jobs and sent to uploaders; `WORDS` has a sentence for each."""

    NOT_VIDEO = "not-video"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    NO_PICTURE = "no-picture"
    UNSUPPORTED = "unsupported"
    TOO_MANY_STREAMS = "too-many-streams"
    TOO_LARGE = "too-large"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    TOO_SLOW = "too-slow"
    NO_FILE = "no-file"
    NO_SPACE = "no-space"
    INTERRUPTED = "interrupted"


WORDS = {
    Fault.NOT_VIDEO: "This is not a video file that we can read.",
    Fault.TRUNCATED: "The file ends before the video does; please upload it again.",
    Fault.DAMAGED: "The file is damaged and cannot be played to its end.",
    Fault.NO_PICTURE: "The file has no moving picture.",
    Fault.UNSUPPORTED: "The file uses a picture or sound format that we do not take.",
    Fault.TOO_MANY_STREAMS: "The file has too many streams.",
    Fault.TOO_LARGE: "The picture is larger than we take.",
    Fault.TOO_LONG: "The video is longer than we take.",
    Fault.TOO_SHORT: "The video is shorter than a second.",
    Fault.TOO_SLOW: "Reading the file took too long.",
    Fault.NO_FILE: "The file is no longer there.",
    Fault.NO_SPACE: "The disk is full.",
    Fault.INTERRUPTED: "The encoder stopped; it will be tried again.",
}
PASSING = frozenset({Fault.NO_SPACE, Fault.INTERRUPTED, Fault.TOO_SLOW})
"""Faults that may be gone at the next attempt; the others are of the file and stay."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A file, or an attempt, that came to nothing; `detail` is for the operator, in English."""

    fault: Fault
    detail: str = ""

    @property
    def may_pass(self) -> bool:
        return self.fault in PASSING

    @override
    def __str__(self) -> str:
        return f"{self.fault}: {self.detail or WORDS[self.fault]}"
