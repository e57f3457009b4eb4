"""The one table of the shell: who wants to hear when something can be bought."""

from __future__ import annotations

from django.db import models

from kotinos.kernel.ids import new_id


class OpeningWish(models.Model):
    """One reader's wish for one product in one territory. Deleted once the mail has left."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    handle = models.CharField(max_length=255)
    language = models.CharField(max_length=12)
    territory = models.CharField(max_length=2)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handle", "territory", "email"], name="web_one_wish_per_reader"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="web_wish_email")]
