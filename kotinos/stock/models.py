"""Tables of stock. The counters in `Level` are fast, the ledgers beside them are the proof."""

from __future__ import annotations

from django.db import models

from kotinos.kernel.ids import new_id


class Location(models.Model):
    """A place an organisation ships from."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.ForeignKey(
        "games.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    territory = models.CharField(max_length=2)

    class Meta:
        db_table = "stock_location"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="stock_location_once_per_owner"
            )
        ]


class Level(models.Model):
    """Counters of one variant at one location; `on_hand - held` is free."""

    pk = models.CompositePrimaryKey("variant_id", "location_id")
    variant_id = models.UUIDField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    on_hand = models.IntegerField()
    held = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "stock_level"
        # The last guard against overselling, `0 <= held <= on_hand`, is a trigger in the first
        # migration and not a CHECK: PostgreSQL tests a CHECK on the row version of the snapshot
        # before it looks for the newest one, so a CHECK fails in races where nothing is wrong.


class Movement(models.Model):
    """Ledger of units on hand, append-only: their sum is `Level.on_hand`."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField()
    variant_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10)  # received | counted | taken
    units = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "stock_movement"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "variant_id", "location"], name="stock_movement_once_per_key"
            )
        ]
        indexes = [models.Index(fields=["variant_id", "location"], name="stock_movement_of_level")]


class Hold(models.Model):
    """Units set aside for one buyer. `ended_as` repeats the end row's kind under the hold's own
    lock: a snapshot may not yet see an end row that a concurrent transaction wrote.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.UUIDField()
    variant_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    units = models.PositiveIntegerField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_as = models.CharField(max_length=10, null=True)  # noqa: DJ001 - null: still open
    holder = models.UUIDField(null=True)  # who it is for, where units for one are limited

    class Meta:
        db_table = "stock_hold"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "variant_id", "location"], name="stock_hold_once_per_key"
            ),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="stock_hold_of_something"),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(ended_as__isnull=True),
                name="stock_hold_open_by_expiry",
            ),
            models.Index(
                fields=["variant_id", "location"],
                condition=models.Q(ended_as__isnull=True),
                name="stock_hold_open_by_level",
            ),
            models.Index(
                fields=["holder"],
                condition=models.Q(holder__isnull=False),
                name="stock_hold_by_holder",
            ),
        ]


class HoldEnd(models.Model):
    """When and how a hold ended."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, primary_key=True, related_name="+")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        db_table = "stock_hold_end"
