"""What an import or a command says about an outcome, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kotinos.rights.results import (
    BadTerms,
    Changed,
    Conflicting,
    Drafted,
    Exceeds,
    NotFound,
    NotGiven,
    NotYours,
    Signed,
    Unchanged,
)

if TYPE_CHECKING:
    from kotinos.rights.contracts import Conflict
    from kotinos.rights.results import ChangeOutcome, DraftOutcome, SignOutcome


class Fate(StrEnum):
    """What became of a row."""

    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    """One line of the file, by its number there."""

    line: int
    subject: str
    fate: Fate
    message: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every row; `unreadable` where the file as a whole was refused."""

    rows: tuple[RowReport, ...] = ()
    unreadable: str | None = None
    counts: Counter[Fate] = field(default_factory=Counter)


def fate_of(outcome: ChangeOutcome | DraftOutcome | SignOutcome) -> tuple[Fate, str]:
    """What became of it, and the words that say so."""
    match outcome:
        case Signed(in_force=in_force):
            return Fate.DONE, "signed and in force" if in_force else "signed by one party"
        case Drafted() | Changed():
            return Fate.DONE, "done"
        case Unchanged(reason=reason):
            return Fate.UNCHANGED, reason
        case _:
            return Fate.REFUSED, refusal_text(outcome)


def refusal_text(outcome: BadTerms | NotYours | NotFound | NotGiven | Exceeds | Conflicting) -> str:
    """Why it was refused, with every problem and every exact overlap."""
    match outcome:
        case BadTerms(problems=problems):
            return "; ".join(f"{each.field} {each.message}" for each in problems)
        case Exceeds(excesses=excesses):
            return "; ".join(each.text for each in excesses)
        case Conflicting(conflicts=found):
            return "; ".join(conflict_text(each) for each in found)
        case NotGiven(reason=reason):
            return reason
        case NotFound(kind=kind, what=what):
            return f"no {kind} {what}"
        case NotYours():
            return "you do not manage the rights of the organisation that would have to act"


def conflict_text(conflict: Conflict) -> str:
    """The exact overlap in one line."""
    window = conflict.window
    start = window.from_at.date().isoformat() if window.from_at else "ever"
    end = window.until_at.date().isoformat() if window.until_at else "no end"
    acts = ", ".join(act.text for act in conflict.acts)
    outlets = ", ".join(outlet.text for outlet in conflict.outlets)
    places = ", ".join(conflict.territories)
    where = f"{acts} through {outlets} in {places}"
    return f"overlaps grant {conflict.grant_id}: {where}, {start} to {end}"
