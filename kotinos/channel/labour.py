"""Tables of the work behind the channel: uploads, jobs, and what is watched. Part of `models`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kotinos.kernel.ids import new_id


class Upload(models.Model):
    """A file that arrives piece by piece (tus); `received` bytes of `size` are on our disk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    programme = models.ForeignKey("channel.Programme", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey("games.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "channel_upload"
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="channel_upload_size")
        ]


class Job(models.Model):
    """Work that takes a while. Whoever works on it has a lease and renews it with every beat.

    Waiting: `leased_until` is null or past, and neither `done_at` nor `failed_at` is set.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16)  # package | record
    programme = models.ForeignKey("channel.Programme", on_delete=models.CASCADE, related_name="+")
    upload = models.ForeignKey(Upload, on_delete=models.SET_NULL, null=True, related_name="+")
    source_path = models.CharField(max_length=1000, default="")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()  # not before: after a failure, a while later
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "channel_job"
        indexes = [
            models.Index(
                fields=["ready_at"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="channel_job_waiting",
            )
        ]


class JobNote(models.Model):
    """What happened to a job, in order: its history."""

    id = models.UUIDField(primary_key=True, default=new_id)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)

    class Meta:
        db_table = "channel_job_note"


class Watching(models.Model):
    """What players told of one thing in one territory in one minute: sums that only grow."""

    pk = models.CompositePrimaryKey("subject", "territory", "minute")
    subject = models.CharField(max_length=90)  # v:<programme> | c:<channel> | l:<source>
    territory = models.CharField(max_length=2)
    minute = models.BigIntegerField()
    starts = models.IntegerField(default=0)
    seconds = models.IntegerField(default=0)
    seeks = models.IntegerField(default=0)
    stalls = models.IntegerField(default=0)
    rungs = models.IntegerField(default=0)
    ends = models.IntegerField(default=0)

    class Meta:
        db_table = "channel_watching"
