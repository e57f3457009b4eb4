"""Tables of the channel: editions, programmes, packages, schedules, live, cues, work to do."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from kotinos.channel.labour import Job, JobNote, Upload, Watching
from kotinos.kernel.ids import new_id

__all__ = [
    "Checkpoint",
    "Cue",
    "CueProduct",
    "Edition",
    "Job",
    "JobNote",
    "LinearChannel",
    "LiveSegment",
    "LiveSession",
    "LiveSource",
    "Package",
    "Programme",
    "ProgrammeStep",
    "Ruling",
    "Slot",
    "Track",
    "Upload",
    "Watching",
]
SLOT_TICKS_MAX = 21_600  # a day


class Edition(models.Model):
    """An edition of the channel for an audience: who shows, in which languages, how it looks.

    One edition is the default; it serves every language that no other claims. `look` holds what
    its pages differ in: `home` (rails), `footer` (lines by language), `share` (targets),
    `payments` (order of methods), `theme` (tokens), `licensee_line` (by language).
    """

    code = models.SlugField(max_length=16, primary_key=True)
    names = models.JSONField()  # by language
    languages = ArrayField(models.CharField(max_length=10))
    licensee = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    home_territory = models.CharField(max_length=2)
    is_default = models.BooleanField(default=False)
    look = models.JSONField(default=dict)

    class Meta:
        db_table = "channel_edition"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="channel_one_default"
            )
        ]


class Programme(models.Model):
    """Something to show: a work of `rights` with the same id, shown in one or more editions."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=16)
    titles = models.JSONField()  # by language
    synopses = models.JSONField(default=dict)  # by language
    editions = ArrayField(models.CharField(max_length=16), default=list)
    organisation = models.ForeignKey(
        "games.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    properties = ArrayField(models.CharField(max_length=64), default=list)
    nocs = ArrayField(models.CharField(max_length=3), default=list)
    sport = models.CharField(max_length=40, default="", blank=True)
    # When the event shown happened; a grant with a delay clears nothing where nobody says.
    occurred_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    # Written by the workflow together with its step, so that pages and the fast lane can ask.
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "channel_programme"
        indexes = [models.Index(fields=["published_from"], name="channel_programme_published")]


class ProgrammeStep(models.Model):
    """A programme went from one step of the workflow to the next: who, when, and from when on."""

    id = models.UUIDField(primary_key=True, default=new_id)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=16)
    at = models.DateTimeField()
    effective_at = models.DateTimeField()
    by = models.ForeignKey("games.Person", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "channel_programme_step"
        indexes = [models.Index(fields=["programme", "at"], name="channel_step_of")]


class Package(models.Model):
    """What ffmpeg made of a programme: immutable, whole, in the store under its id.

    `facts` is `contracts.PackageFacts` without ids, as JSON. The newest is played; a slot keeps
    the one that it was scheduled with.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="packages")
    ticks = models.PositiveIntegerField()
    facts = models.JSONField()
    bytes = models.BigIntegerField(default=0)
    ready_at = models.DateTimeField()

    class Meta:
        db_table = "channel_package"
        indexes = [models.Index(fields=["programme", "ready_at"], name="channel_package_of")]


class Track(models.Model):
    """Timed text of a programme: subtitles, or chapters, in one language, as WebVTT."""

    id = models.UUIDField(primary_key=True, default=new_id)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="tracks")
    kind = models.CharField(max_length=16)  # subtitles | chapters
    language = models.CharField(max_length=10)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "channel_track"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "language"], name="channel_track_once"
            )
        ]


class LinearChannel(models.Model):
    """A channel that never ends: one playlist for each territory, made from its slots."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.SlugField(max_length=40, unique=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="channels")
    names = models.JSONField()  # by language
    position = models.PositiveSmallIntegerField(default=0)
    # Shown where a slot is not cleared, and where nothing is scheduled; played as endless loops.
    slate_elsewhere = models.ForeignKey(
        Package, on_delete=models.PROTECT, null=True, related_name="+"
    )
    slate_pause = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "channel_linear"


class LiveSource(models.Model):
    """Where a live signal comes in: a port that one sender with the key may feed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.SlugField(max_length=40, unique=True)
    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="source")
    protocol = models.CharField(max_length=8)  # srt | rtmp
    port = models.PositiveIntegerField(unique=True)
    key = models.CharField(max_length=79)
    dvr_minutes = models.PositiveIntegerField(default=120)
    records = models.BooleanField(default=True)
    enabled_from = models.DateTimeField()
    enabled_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "channel_live_source"


class LiveSession(models.Model):
    """One uninterrupted run of a source's encoder; its segments are files named by number."""

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey(LiveSource, on_delete=models.PROTECT, related_name="sessions")
    began_at = models.DateTimeField()  # the instant of segment 0's first picture
    seen_at = models.DateTimeField()  # the encoder's last sign of life
    ended_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)  # rungs as of a package, plus health
    recorded = models.ForeignKey(Programme, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "channel_live_session"
        indexes = [models.Index(fields=["source", "began_at"], name="channel_session_of")]


class LiveSegment(models.Model):
    """One finished segment (two seconds) of every rung; `available_at` is when it was written."""

    pk = models.CompositePrimaryKey("session_id", "number")
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    available_at = models.DateTimeField()

    class Meta:
        db_table = "channel_live_segment"


class Slot(models.Model):
    """Ticks [from_tick, until_tick) of a channel belong to a package or to a live source.

    What has been published does not change: actions only touch ticks that nobody has seen.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    channel = models.ForeignKey(LinearChannel, on_delete=models.CASCADE, related_name="slots")
    from_tick = models.IntegerField()
    until_tick = models.IntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="+")
    offset_ticks = models.PositiveIntegerField(default=0)
    source = models.ForeignKey(LiveSource, on_delete=models.PROTECT, null=True, related_name="+")
    by_rule = models.CharField(max_length=40, default="")
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        "games.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "channel_slot"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_tick__gt=F("from_tick"))
                & Q(until_tick__lte=F("from_tick") + SLOT_TICKS_MAX),
                name="channel_slot_length",
            ),
            models.CheckConstraint(
                condition=Q(package__isnull=False, source__isnull=True)
                | Q(package__isnull=True, source__isnull=False),
                name="channel_slot_content",
            ),
            ExclusionConstraint(
                name="channel_slot_apart",
                expressions=[
                    (F("channel"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_tick"),
                            F("until_tick"),
                            Value("[)"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Ruling(models.Model):
    """What the engine said of a slot from a tick on, for every territory at once; never changed.

    `show` is a territory mask (32 bytes, lowest bit first); `delays` a list of
    `[minutes, mask as hexadecimal]`; every other territory sees the slate.
    """

    pk = models.CompositePrimaryKey("slot_id", "from_tick")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="rulings")
    from_tick = models.IntegerField()
    show = models.BinaryField(max_length=32)
    delays = models.JSONField(default=list)
    ruled_at = models.DateTimeField()

    class Meta:
        db_table = "channel_ruling"


class Checkpoint(models.Model):
    """How many times a channel's content had changed before a tick: the discontinuity number."""

    pk = models.CompositePrimaryKey("channel_id", "tick")
    channel = models.ForeignKey(LinearChannel, on_delete=models.CASCADE, related_name="+")
    tick = models.IntegerField()
    changes = models.BigIntegerField()

    class Meta:
        db_table = "channel_checkpoint"


class Cue(models.Model):
    """From a moment of a programme on, for some seconds, these products are seen in it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="cues")
    at_ms = models.PositiveIntegerField()
    seconds = models.PositiveSmallIntegerField(default=15)
    words = models.JSONField(default=dict)  # by language: what is seen
    created_at = models.DateTimeField()

    class Meta:
        db_table = "channel_cue"
        indexes = [models.Index(fields=["programme", "at_ms"], name="channel_cue_of")]


class CueProduct(models.Model):
    """A product of a cue; whether a viewer sees it is the engine's answer for their territory."""

    id = models.UUIDField(primary_key=True, default=new_id)
    cue = models.ForeignKey(Cue, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "channel_cue_product"
        constraints = [
            models.UniqueConstraint(fields=["cue", "product"], name="channel_cue_product_once")
        ]
