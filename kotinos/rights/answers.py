"""Tables of what the engine has answered: compiled, recorded, refused. Part of `models`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

from kotinos.kernel.ids import new_id
from kotinos.rights.fields import organisation_key, person_key


class Clearance(models.Model):
    """The compiled answer: derived from the rows above, and made again whenever they change.

    Other packages' SQL may join this table and `rights_work`; bit `act * 8 + outlet` of `uses` and
    the territory's bit of `mask` must both be set at a moment inside `valid`.
    """

    property_set = models.ForeignKey(
        "rights.PropertySet", on_delete=models.CASCADE, related_name="+"
    )
    seller = organisation_key()
    uses = models.BinaryField()
    valid = DateTimeRangeField()
    mask = models.BinaryField()
    delay_minutes = models.PositiveIntegerField(default=0)
    chain = ArrayField(models.UUIDField(), default=list)
    law = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: cleared by contract

    class Meta:
        db_table = "rights_clearance"
        indexes = [models.Index(fields=["property_set", "seller"], name="rights_clearance_set")]


class Decision(models.Model):
    """One question, its answer and the evidence, kept for as long as what rests on it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    work = models.ForeignKey("rights.Work", on_delete=models.PROTECT, null=True, related_name="+")
    properties = ArrayField(models.CharField(max_length=64))
    seller = organisation_key()
    act = models.CharField(max_length=16)
    outlet = models.CharField(max_length=16)
    territory = models.CharField(max_length=2)
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()
    asked_at = models.DateTimeField()
    cleared = models.BooleanField()
    answer = models.JSONField(help_text="The whole outcome, in its machine form")
    reason = models.CharField(max_length=16, default="")
    chain = ArrayField(models.UUIDField(), default=list)
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "rights_decision"


class Refusal(models.Model):
    """Demand that was turned away: counted once for a session, work, territory and reason."""

    work = models.ForeignKey("rights.Work", on_delete=models.PROTECT, related_name="+")
    seller = organisation_key(null=True)
    territory = models.CharField(max_length=2)
    reason = models.CharField(max_length=16)
    property = models.CharField(max_length=64, default="")
    blocking = models.UUIDField(null=True)
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    session_key = models.CharField(max_length=64)
    bot = models.BooleanField(default=False)
    met_at = models.DateTimeField()

    class Meta:
        db_table = "rights_refusal"
        constraints = [
            models.UniqueConstraint(
                fields=["session_key", "work", "territory", "reason"], name="rights_refusal_once"
            )
        ]
        indexes = [models.Index(fields=["met_at"], name="rights_refusal_met_at")]


class LawSwitch(models.Model):
    """The law layer above contracts, on or off from `recorded_at`; off where nothing is said."""

    law = models.CharField(max_length=64)
    switched_on = models.BooleanField()
    note = models.TextField(default="", help_text="Who confirmed it: a lawyer must")
    person = person_key()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_law_switch"


class BookClock(models.Model):
    """One row: when the book was last changed. Whoever changes the book holds it."""

    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_book_clock"
