"""What the editors' actions answer. Outcomes are values: a page or a command says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.contracts import Step


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class BadTerms:
    """Nothing happened; every problem found, not only the first."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing has this id."""

    what: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """The person is no editor of the organisation whose thing it is."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Saved:
    """It stands as given. `created`: it was not there before."""

    id: UUID
    created: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """It is gone."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Stepped:
    """A programme took a step of the workflow, with effect from an instant on."""

    programme_id: UUID
    step: Step
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class NotNow:
    """The workflow has no such step from where the programme stands."""

    programme_id: UUID
    step: Step


@dataclass(frozen=True, slots=True)
class NothingToShow:
    """The programme has neither a package nor a live source."""

    programme_id: UUID


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The programme is neither published nor scheduled to be: no channel shows it."""

    programme_id: UUID
    step: Step


@dataclass(frozen=True, slots=True)
class Placed:
    """A slot has these ticks [from_tick, until_tick)."""

    slot_id: UUID
    from_tick: int
    until_tick: int


@dataclass(frozen=True, slots=True)
class Locked:
    """These ticks have been published; the first that may change is `from_tick`."""

    from_tick: int


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Another slot has some of these ticks; `slot_id` is None only if it went in between."""

    slot_id: UUID | None
    programme: str = ""
    from_tick: int = 0
    until_tick: int = 0


@dataclass(frozen=True, slots=True)
class TooLong:
    """The package has fewer ticks than asked for, or a slot may not be so long."""

    ticks_max: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Ticks [from_tick, until_tick) of a channel that belong to nothing."""

    from_tick: int
    until_tick: int

    @property
    def ticks(self) -> int:
        return self.until_tick - self.from_tick


@dataclass(frozen=True, slots=True)
class Filled:
    """Slots placed by a rule, and what could not be filled and stays a gap."""

    placed: tuple[Placed, ...]
    left: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Slots placed again later; those that met another slot there were left out."""

    placed: tuple[Placed, ...]
    met: tuple[Overlaps, ...]
