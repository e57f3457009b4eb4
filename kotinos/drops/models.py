"""Tables of drops: what is sold when and to whom, what happened to it, and its pulse."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kotinos.kernel.ids import new_id

UNITS_PER_BUYER_MAX = 20  # what one order line may hold


class Drop(models.Model):
    """A scheduled sale of scarce offers behind a waiting room."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(max_length=80, unique=True)
    names = models.JSONField()  # by language
    texts = models.JSONField(default=dict)  # by language
    seller = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    room = models.OneToOneField("waitingroom.Room", on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField(db_index=True)
    closes_at = models.DateTimeField()
    territory = models.CharField(max_length=400, default="WORLD")
    # What the text meant at the opening: 32 bytes, the lowest bit first. The fast lane reads it.
    territory_mask = models.BinaryField(max_length=32, default=bytes)
    units_per_buyer = models.PositiveSmallIntegerField(default=2)
    hold_seconds = models.PositiveIntegerField(default=600)
    rehearsal_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="rehearsals"
    )
    created_at = models.DateTimeField()

    class Meta:
        db_table = "drops_drop"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")), name="drops_drop_order"
            ),
            models.CheckConstraint(
                condition=Q(units_per_buyer__gte=1, units_per_buyer__lte=UNITS_PER_BUYER_MAX),
                name="drops_drop_limit",
            ),
            models.CheckConstraint(
                condition=Q(hold_seconds__gte=30, hold_seconds__lte=3600), name="drops_drop_hold"
            ),
        ]


class Offer(models.Model):
    """One product in a drop; all its variants are sold, from the seller's stock."""

    id = models.UUIDField(primary_key=True, default=new_id)
    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="offers")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "drops_offer"
        constraints = [
            models.UniqueConstraint(fields=["drop", "product"], name="drops_offer_once"),
            models.UniqueConstraint(fields=["drop", "position"], name="drops_offer_position"),
        ]


class State(models.Model):
    """Something that happened to a drop, each at most once: published, withdrawn, ended."""

    id = models.UUIDField(primary_key=True, default=new_id)
    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="states")
    name = models.CharField(max_length=16)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    detail = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "drops_state"
        constraints = [models.UniqueConstraint(fields=["drop", "name"], name="drops_state_once")]


class Pulse(models.Model):
    """What one process saw of one drop in one second; latencies are in microseconds.

    `refused` counts by code; `latency` counts requests by bucket (`kotinos.drops.latency`).
    """

    pk = models.CompositePrimaryKey("drop_id", "second", "process")
    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="+")
    second = models.BigIntegerField()
    process = models.IntegerField()
    arrivals = models.IntegerField(default=0)
    admissions = models.IntegerField(default=0)
    holds = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)
    refused = models.JSONField(default=dict)
    latency = models.JSONField(default=dict)
    units_free = models.IntegerField(default=0)
    units_held = models.IntegerField(default=0)

    class Meta:
        db_table = "drops_pulse"


class Rehearsal(models.Model):
    """One run of a rehearsal drop: what was asked of it, and what came out."""

    drop = models.OneToOneField(Drop, on_delete=models.CASCADE, primary_key=True, related_name="+")
    peak_per_s = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "drops_rehearsal"
