"""Tables of payments: an intent, the rows that say what became of it, and the sandbox's own book.

No row is ever changed: a state is a row with a time. What must be true at most once (a capture, a
cancellation, one end of a refund, one notice id) is a unique key, so two processes cannot differ.
"""

from __future__ import annotations

from django.db import models

from kotinos.kernel.ids import new_id


class Intent(models.Model):
    """Something to be paid. `key` makes a repeated request return the first intent."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=100)
    reference = models.CharField(max_length=64)
    provider = models.CharField(max_length=32)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    return_url = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="payments_intent_amount_positive"
            ),
            models.UniqueConstraint(fields=["key"], name="payments_intent_key_once"),
        ]
        indexes = [models.Index(fields=["reference"], name="payments_intent_reference")]


class Notice(models.Model):
    """A provider's verified word. The provider's id is unique: one notice, one outcome."""

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=32)
    provider_notice_id = models.CharField(max_length=100)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    detail = models.CharField(max_length=200, default="")
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_notice_id"], name="payments_notice_once"
            )
        ]


class Capture(models.Model):
    """The money arrived: at most once for an intent, with the amount that really arrived."""

    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, primary_key=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()


class Decline(models.Model):
    """An attempt that the provider declined; the buyer may try again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="declines")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


class Cancellation(models.Model):
    """Nothing is wanted any more. A capture that comes all the same is the caller's to refund."""

    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, primary_key=True)
    reason = models.CharField(max_length=100)
    at = models.DateTimeField()


class Refund(models.Model):
    """Money that must go back. It is on record before the provider is asked: never forgotten."""

    id = models.UUIDField(primary_key=True, default=new_id)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=100, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    requested_at = models.DateTimeField()
    requested_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="payments_refund_amount_positive"
            )
        ]


class RefundEnd(models.Model):
    """How a refund ended: settled, or refused by the provider (then a person must act)."""

    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    outcome = models.CharField(max_length=16)
    at = models.DateTimeField()


class SandboxEntry(models.Model):
    """A line in the sandbox's own book, which plays the bank: what it took and gave back.

    An intent is captured or cancelled there, never both: the unique key decides a race.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    intent_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intent_id"],
                condition=models.Q(kind__in=["captured", "cancelled"]),
                name="payments_sandbox_captured_or_cancelled",
            )
        ]


class SandboxDelivery(models.Model):
    """A notice that the sandbox still has to send, or has sent. Signed at the time of sending."""

    id = models.UUIDField(primary_key=True, default=new_id)
    intent_id = models.UUIDField(db_index=True)
    body = models.TextField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="payments_sandbox_due",
                condition=models.Q(sent_at__isnull=True),
            )
        ]
