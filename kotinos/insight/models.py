"""Who may send, what the lake consists of, what was counted. The rows themselves are Parquet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kotinos.kernel.ids import new_id


class WriteKey(models.Model):
    """Lets a program send events for an organisation. A page's key is public, as any tracker's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    edition = models.ForeignKey("games.Edition", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "games.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    events_per_s_max = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_write_key"


class HashKey(models.Model):
    """What people's ids of an edition are hashed with, in one region.

    Once it is dropped nobody can tell whose pseudonym is whose: the lake is anonymous for ever.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey("games.Edition", on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=32)
    secret = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_hash_key"
        constraints = [
            models.UniqueConstraint(fields=["edition", "region"], name="insight_hash_key_once"),
            models.CheckConstraint(
                condition=Q(secret__isnull=True, dropped_at__isnull=False)
                | Q(secret__isnull=False, dropped_at__isnull=True),
                name="insight_hash_key_dropped",
            ),
        ]


class File(models.Model):
    """A file of the lake. It counts from the commit that added it to the one that removed it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    table = models.CharField(max_length=64)
    edition = models.CharField(max_length=16)
    day = models.DateField()
    key = models.CharField(max_length=300, unique=True)
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    generation = models.PositiveSmallIntegerField(default=0)  # how often its rows were merged
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_file"
        indexes = [
            models.Index(
                fields=["table", "edition", "day"],
                condition=Q(removed_at__isnull=True),
                name="insight_file_current",
            ),
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False),
                name="insight_file_removed",
            ),
        ]


class Segment(models.Model):
    """A sealed segment of the log that is in the lake; its row goes days after its file."""

    name = models.CharField(primary_key=True, max_length=200)
    consumed_at = models.DateTimeField()

    class Meta:
        db_table = "insight_segment"


class Ledger(models.Model):
    """Of what was accepted, by key and day of its coming: where it is now.

    accepted = queryable + duplicates + dead + erased + expired, and what is still in the log.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.CharField(max_length=16)
    source = models.CharField(max_length=64)
    day = models.DateField()
    accepted = models.BigIntegerField(default=0)
    queryable = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    dead = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)

    class Meta:
        db_table = "insight_ledger"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "source", "day"], name="insight_ledger_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    accepted=models.F("queryable")
                    + models.F("duplicates")
                    + models.F("dead")
                    + models.F("erased")
                    + models.F("expired")
                ),
                name="insight_ledger_balanced",
            ),
        ]


class Erasure(models.Model):
    """Somebody asked to be forgotten: what came under these pseudonyms until then goes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.CharField(max_length=16)
    pseudonyms = ArrayField(models.BigIntegerField())
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)

    class Meta:
        db_table = "insight_erasure"


class SavedView(models.Model):
    """A dashboard with its filters, under a name; its owner's own, or its organisation's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.ForeignKey("games.Person", on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "games.Organisation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    name = models.CharField(max_length=80)
    dashboard = models.CharField(max_length=32)
    filters = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "insight_saved_view"
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="insight_saved_view_once")
        ]


class Report(models.Model):
    """A saved view that goes out by mail, each day or each week at an hour of UTC."""

    id = models.UUIDField(primary_key=True, default=new_id)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="reports")
    to = ArrayField(models.EmailField(), size=20)
    weekday = models.PositiveSmallIntegerField(null=True)  # 0 is Monday; None: every day
    hour = models.PositiveSmallIntegerField()
    last_sent_for = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_report"
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23) & (Q(weekday__isnull=True) | Q(weekday__lte=6)),
                name="insight_report_time",
            )
        ]
