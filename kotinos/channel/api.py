"""The front door of `channel` for the rich lane; keyword-only, outcomes are values."""

from __future__ import annotations

from kotinos.channel.actions.cues import put_cue, remove_cue
from kotinos.channel.actions.editions import put_edition, put_linear_channel
from kotinos.channel.actions.filling import copy_slots, fill_gaps, plan_gaps
from kotinos.channel.actions.programmes import put_programme, set_editions
from kotinos.channel.actions.schedule import move_slot, place_slot, remove_slot, shorten_slot
from kotinos.channel.actions.tracks import put_track, remove_track
from kotinos.channel.actions.workflow import (
    publish,
    schedule_publication,
    send_back,
    send_to_review,
    step_of,
    withdraw,
)
from kotinos.channel.filling import Rule
from kotinos.channel.queries.editions import edition_for

__all__ = [
    "Rule",
    "copy_slots",
    "edition_for",
    "fill_gaps",
    "move_slot",
    "place_slot",
    "plan_gaps",
    "publish",
    "put_cue",
    "put_edition",
    "put_linear_channel",
    "put_programme",
    "put_track",
    "remove_cue",
    "remove_slot",
    "remove_track",
    "schedule_publication",
    "send_back",
    "send_to_review",
    "set_editions",
    "shorten_slot",
    "step_of",
    "withdraw",
]
