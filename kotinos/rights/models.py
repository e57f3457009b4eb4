"""Tables of the rights engine. What was signed, decided or said is only ever added to.

`recorded_at` on a row is when we came to know it, so that an answer can be given as of any moment.
Triggers in the first migration refuse to change what must not change.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from typing_extensions import override

from kotinos.kernel.ids import new_id
from kotinos.rights.answers import BookClock, Clearance, Decision, LawSwitch, Refusal
from kotinos.rights.fields import MultiRangeField, organisation_key, person_key

__all__ = [
    "BookClock",
    "Clearance",
    "Decision",
    "LawSwitch",
    "Refusal",
]  # so that Django finds them here
PROPERTY_KINDS = [
    *("mark", "word", "emblem", "noc-emblem", "mascot", "likeness", "signal", "archive"),
    "contingent",
]


class Property(models.Model):
    """What is protected. A grant of a property covers everything below it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=64, unique=True)
    names = models.JSONField(default=dict, help_text="The name in each language")
    kind = models.CharField(max_length=16)
    owner = organisation_key()
    home_noc = models.CharField(max_length=3, default="", blank=True, help_text="Of a noc-emblem")
    edition = models.ForeignKey(
        "games.Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_property"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=PROPERTY_KINDS), name="rights_property_kind_known"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.code


class PropertySet(models.Model):
    """The properties some works use together. Works that use the same share one compiled answer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the sorted members")
    compiled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_property_set"


class PropertySetMember(models.Model):
    property_set = models.ForeignKey(PropertySet, on_delete=models.CASCADE, related_name="members")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "rights_property_set_member"
        constraints = [
            models.UniqueConstraint(
                fields=["property_set", "property"], name="rights_property_set_member_once"
            )
        ]


class Work(models.Model):
    """Anything offered that uses properties; its id is the id that the catalogue knows."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    property_set = models.ForeignKey(PropertySet, on_delete=models.PROTECT, related_name="works")

    class Meta:
        db_table = "rights_work"

    @override
    def __str__(self) -> str:
        return self.title


class WorkUse(models.Model):
    """What a work used, as we knew it from `recorded_at` until `retracted_at`."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="uses")
    property_set = models.ForeignKey(PropertySet, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_work_use"
        constraints = [
            models.UniqueConstraint(
                fields=["work"],
                condition=models.Q(retracted_at__isnull=True),
                name="rights_work_use_one_open",
            )
        ]


class Grant(models.Model):
    """One permission in writing. It may be edited until the first signature, never after it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=32, unique=True)
    grantor = organisation_key()
    grantee = organisation_key()
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    acts = ArrayField(models.CharField(max_length=16), help_text="Such as sell, ship, show/*")
    outlets = ArrayField(models.CharField(max_length=16), help_text="Such as own-shop, or *")
    territory = models.CharField(max_length=2000, help_text="Such as WORLD,-CA or HOME(KEN)")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    delay_minutes = models.PositiveIntegerField(default=0)
    exclusivity = models.CharField(max_length=16, default="non-exclusive")
    quota_units = models.PositiveBigIntegerField(null=True, blank=True)
    may_sublicense = models.BooleanField(default=False)
    duties = models.JSONField(default=list, blank=True)
    note = models.TextField(default="", blank=True)
    drafted_by = person_key()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_grant"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exclusivity__in=["exclusive", "sole", "non-exclusive"]),
                name="rights_grant_exclusivity_known",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__isnull=True)
                | models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="rights_grant_window_positive",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.number


class Signature(models.Model):
    """One party's yes. With both, the grant is in force within its window."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=8, choices=[("grantor", "grantor"), ("grantee", "grantee")])
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_signature"
        constraints = [
            models.UniqueConstraint(fields=["grant", "party"], name="rights_signature_once")
        ]


class Suspension(models.Model):
    """A grant gives nothing from `at` until its lift."""

    id = models.UUIDField(primary_key=True, default=new_id)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.TextField(default="")
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_suspension"


class Lift(models.Model):
    """The end of one suspension."""

    suspension = models.OneToOneField(Suspension, on_delete=models.PROTECT, related_name="lift")
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_lift"


class Termination(models.Model):
    """A grant, and all that was granted from it, is over from `at`."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="termination")
    reason = models.TextField(default="")
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_termination"


class QuotaUse(models.Model):
    """The ledger of a quota: units spent (positive) or given back (negative) under one key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=128)
    units = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "rights_quota_use"
        constraints = [
            models.UniqueConstraint(fields=["grant", "key"], name="rights_quota_use_once"),
            models.CheckConstraint(condition=~models.Q(units=0), name="rights_quota_use_not_zero"),
        ]


class QuotaCounter(models.Model):
    """What the ledger sums to, beside the limit, in the one row that spenders lock."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, primary_key=True)
    limit_units = models.PositiveBigIntegerField()
    used_units = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "rights_quota_counter"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_units__lte=models.F("limit_units")),
                name="rights_quota_never_overspent",
            )
        ]


class ExclusiveSpan(models.Model):
    """An exclusive grant in force, exploded: a row a property below it and stretch of time.

    The exclusion constraint on this table is what makes two overlapping exclusives impossible.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="spans")
    scope = models.UUIDField(help_text="Whose exclusives exclude one another: the grantor")
    grantee = organisation_key()
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    acts = MultiRangeField()
    outlets = MultiRangeField()
    territories = MultiRangeField()
    during = DateTimeRangeField()

    class Meta:
        db_table = "rights_exclusive_span"


class Consent(models.Model):
    """What one NOC says about foreign NOCs' goods in its own home, until it says something else."""

    id = models.UUIDField(primary_key=True, default=new_id)
    noc = models.CharField(max_length=3, help_text="Whose home it is")
    organisation = organisation_key()
    policy = models.CharField(max_length=9)
    listed = ArrayField(models.CharField(max_length=3), default=list, help_text="NOCs let in")
    share_basis_points = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    person = person_key()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_consent"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(policy__in=["home-only", "listed", "world"]),
                name="rights_consent_policy_known",
            )
        ]


class ConsentRevocation(models.Model):
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_consent_revocation"


class Prohibition(models.Model):
    """What an owner forbids, whatever it has granted. A prohibition beats a permission."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=32, unique=True)
    grantor = organisation_key()
    grantee = organisation_key(null=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    acts = ArrayField(models.CharField(max_length=16))
    outlets = ArrayField(models.CharField(max_length=16))
    territory = models.CharField(max_length=2000)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    note = models.TextField(default="")
    person = person_key()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_prohibition"


class ProhibitionRevocation(models.Model):
    prohibition = models.OneToOneField(
        Prohibition, on_delete=models.PROTECT, related_name="revocation"
    )
    person = person_key()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "rights_prohibition_revocation"
