"""Tables of the waiting room: rooms, how far each has been served, and sums over the line.

No guest has a row: a place in line is a signed ticket that its holder carries.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kotinos.kernel.ids import new_id


class Room(models.Model):
    """A line for something that opens once. The seed decides the draw; its hash is public."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.SlugField(max_length=80, unique=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    seed = models.BinaryField(max_length=32)
    admission_seconds = models.PositiveIntegerField(default=600)
    guests_allowed = models.BooleanField(default=True)
    guest_bits = models.PositiveSmallIntegerField(default=16)
    rate_max_per_s = models.FloatField(default=200.0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "waitingroom_room"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")), name="waitingroom_room_order"
            )
        ]


class Serving(models.Model):
    """How far one room has been served, and the levers of whoever watches it.

    `drawn_upto` is a share of the draw's ranks, 0 to 2^64; `arrived_upto_ms` is Unix time.
    """

    room = models.OneToOneField(
        Room, on_delete=models.CASCADE, primary_key=True, related_name="serving"
    )
    drawn_upto = models.DecimalField(max_digits=20, decimal_places=0, default=0)
    arrived_upto_ms = models.BigIntegerField(default=0)
    rate_per_s = models.FloatField(default=0.0)
    slow_factor = models.FloatField(default=1.0)
    paused_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    units_free = models.IntegerField(null=True)  # when people were last called

    class Meta:
        db_table = "waitingroom_serving"
        constraints = [
            models.CheckConstraint(
                condition=Q(slow_factor__gt=0, slow_factor__lte=1), name="waitingroom_slow_factor"
            )
        ]


class Tally(models.Model):
    """How many joined in one second; all who joined before the opening count in one row."""

    pk = models.CompositePrimaryKey("room_id", "second")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    second = models.BigIntegerField()  # Unix time; 0: before the opening
    joins = models.BigIntegerField()

    class Meta:
        db_table = "waitingroom_tally"


class Sketch(models.Model):
    """The HyperLogLog of who joined a room: its size does not grow with the line.

    Part `drawn` holds who joined before the opening, part `arrived` who came after it.
    """

    pk = models.CompositePrimaryKey("room_id", "part")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=8)
    body = models.BinaryField()

    class Meta:
        db_table = "waitingroom_sketch"


class Keepsake(models.Model):
    """The first number of an account, for its other devices. An account has rows anyway."""

    pk = models.CompositePrimaryKey("room_id", "identity")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    identity = models.CharField(max_length=32)
    joined_ms = models.BigIntegerField()

    class Meta:
        db_table = "waitingroom_keepsake"


class Entry(models.Model):
    """Somebody who was let in. As many as there are units to sell, not as there are visitors.

    Who is done holds units, or has bought: no longer one of those whom the free units are for.
    """

    pk = models.CompositePrimaryKey("room_id", "identity")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    identity = models.CharField(max_length=32)
    entered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "waitingroom_entry"
        indexes = [
            models.Index(
                fields=["room", "expires_at"],
                condition=Q(done_at__isnull=True),
                name="waitingroom_inside",
            )
        ]
