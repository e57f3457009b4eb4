"""Tables every package leans on: the outbox, the change log, spent tokens."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from kotinos.kernel.ids import new_id


class OutboxEvent(models.Model):
    """A fact written in the transaction that made it true, handed on afterwards at least once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=64)
    payload = models.JSONField()
    happened_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True)
    collected_at = models.DateTimeField(null=True)  # when analytics took it, in one commit
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="")

    class Meta:
        db_table = "kernel_outbox"
        indexes = [
            models.Index(
                fields=["id"], name="outbox_waiting", condition=models.Q(relayed_at__isnull=True)
            ),
            models.Index(
                fields=["id"], name="outbox_uncollected", condition=models.Q(collected_at=None)
            ),
            BrinIndex(fields=["happened_at"], name="outbox_happened", autosummarize=True),
        ]


class Change(models.Model):
    """Who changed what, when, for which organisation. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, help_text="None: the command line or a job")
    organisation_id = models.UUIDField(null=True, db_index=True)
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=128)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "kernel_change"
        indexes = [models.Index(fields=["subject_kind", "subject", "at"], name="change_subject")]


class SpentToken(models.Model):
    """A one-time token that has been used. Rows may go once the token itself has expired."""

    token_id = models.UUIDField(primary_key=True)
    spent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_spent_token"
