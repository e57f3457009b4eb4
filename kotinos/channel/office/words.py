"""What steps, kinds and outcomes are called in the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.channel import results
from kotinos.channel.contracts import TICK_SECONDS, Kind, Step, instant_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STEPS: dict[Step, _StrPromise] = {
    Step.DRAFT: gettext_lazy("Draft"),
    Step.REVIEW: gettext_lazy("In review"),
    Step.SCHEDULED: gettext_lazy("Scheduled"),
    Step.PUBLISHED: gettext_lazy("Published"),
    Step.WITHDRAWN: gettext_lazy("Withdrawn"),
}
TAGS = {
    Step.DRAFT: "plain",
    Step.REVIEW: "half-signed",
    Step.SCHEDULED: "wait",
    Step.PUBLISHED: "good",
    Step.WITHDRAWN: "bad",
}
KINDS: dict[Kind, _StrPromise] = {
    Kind.HIGHLIGHTS: gettext_lazy("Highlights"),
    Kind.MAGAZINE: gettext_lazy("Magazine"),
    Kind.INTERVIEW: gettext_lazy("Interview"),
    Kind.LESSON: gettext_lazy("Lesson"),
    Kind.CEREMONY: gettext_lazy("Ceremony"),
    Kind.EVENT: gettext_lazy("Event"),
    Kind.SLATE: gettext_lazy("Slate"),
}


def step_word(step: Step) -> str:
    return str(STEPS[step])


def kind_word(kind: str) -> str:
    return str(KINDS[Kind(kind)]) if kind in set(Kind) else kind


def length(seconds: int) -> str:
    """`1:02:03`, `4:05`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def refusal(outcome: object) -> str:
    """Why an action did nothing, in a sentence."""
    match outcome:
        case results.Locked() | results.Overlaps() | results.TooLong():
            return _in_time(outcome)
        case results.NotPublished(step=step) | results.NotNow(step=step):
            return _("It cannot be done from here: the programme is %(step)s.") % {
                "step": step_word(step).lower()
            }
        case results.BadTerms(problems):
            return " ".join(problem.message for problem in problems)
        case _:
            return str(_PLAIN.get(type(outcome), _("It is no longer there.")))


_PLAIN: dict[type, _StrPromise] = {
    results.NothingToShow: gettext_lazy("It has no video yet."),
    results.NotYours: gettext_lazy("Another organisation looks after it."),
}


def _in_time(outcome: results.Locked | results.Overlaps | results.TooLong) -> str:
    match outcome:
        case results.Locked(tick):
            return _("Already published: only what begins from %(at)s UTC on may change.") % {
                "at": clock_of(tick)
            }
        case results.TooLong(ticks):
            length_max = length(ticks * TICK_SECONDS)
            return _("There is no more than %(length)s of it.") % {"length": length_max}
        case results.Overlaps(slot_id=None):
            return _("Somebody else just used this time. Look again.")
        case results.Overlaps(programme=title, from_tick=start, until_tick=end):
            return _("%(title)s has this time already, %(from)s to %(until)s UTC.") % {
                "title": title,
                "from": clock_of(start),
                "until": clock_of(end),
            }


def clock_of(tick: int) -> str:
    """When a tick begins, `13:05:08` in world time."""
    return instant_of(tick).strftime("%H:%M:%S")
