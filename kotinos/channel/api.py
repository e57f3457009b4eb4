"""The front door of `channel` for the rich lane; keyword-only, outcomes are values."""

from __future__ import annotations

from kotinos.channel.actions.cues import put_cue, remove_cue
from kotinos.channel.actions.editions import put_edition, put_linear_channel
from kotinos.channel.actions.filling import copy_slots, fill_gaps, plan_gaps
from kotinos.channel.actions.keeping import AHEAD_WHILE_PACKAGING, keep_ahead
from kotinos.channel.actions.programmes import put_programme, set_editions
from kotinos.channel.actions.schedule import move_slot, place_slot, remove_slot, shorten_slot
from kotinos.channel.actions.tracks import put_track, remove_track
from kotinos.channel.actions.uploading import allow_upload, cancel_job, retry_job, set_poster
from kotinos.channel.actions.workflow import (
    publish,
    schedule_publication,
    send_back,
    send_to_review,
    step_of,
    withdraw,
)
from kotinos.channel.filling import Rule
from kotinos.channel.live.sources import (
    add_source,
    change_source,
    rotate_key,
    source_id_of,
    sources,
    start_source,
    stop_source,
)
from kotinos.channel.pages import WISH_PREFIX, standing
from kotinos.channel.queries.editions import edition_for, payment_methods
from kotinos.channel.queries.jobs import JobRow, JobState, jobs
from kotinos.channel.queries.jobs import notes as job_notes
from kotinos.channel.queries.library import cue_words, programme_titles
from kotinos.channel.queries.stock import Standing, channel_ids, product_ids, standings

__all__ = [
    "AHEAD_WHILE_PACKAGING",
    "WISH_PREFIX",
    "JobRow",
    "JobState",
    "Rule",
    "Standing",
    "add_source",
    "allow_upload",
    "cancel_job",
    "change_source",
    "channel_ids",
    "copy_slots",
    "cue_words",
    "edition_for",
    "fill_gaps",
    "job_notes",
    "jobs",
    "keep_ahead",
    "move_slot",
    "payment_methods",
    "place_slot",
    "plan_gaps",
    "product_ids",
    "programme_titles",
    "publish",
    "put_cue",
    "put_edition",
    "put_linear_channel",
    "put_programme",
    "put_track",
    "remove_cue",
    "remove_slot",
    "remove_track",
    "retry_job",
    "rotate_key",
    "schedule_publication",
    "send_back",
    "send_to_review",
    "set_editions",
    "set_poster",
    "shorten_slot",
    "source_id_of",
    "sources",
    "standing",
    "standings",
    "start_source",
    "step_of",
    "stop_source",
    "withdraw",
]
