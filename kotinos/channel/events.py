"""What the channel does when others change: slots are ruled again when rights are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel.actions.ruling import rule_all
from kotinos.kernel import clock, outbox
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from kotinos.kernel.outbox import Event


@outbox.handler(rights.RIGHTS_CHANGED)
def rights_changed(_event: Event) -> None:
    """From the next unseen tick on, every slot shows what the engine now says."""
    rule_all(now=clock.now())
