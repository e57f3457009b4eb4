"""Editions, organisations, territories, people: tables and constraints, no workflow."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kotinos.games.contracts import OrganisationKind, RoleName
from kotinos.kernel.ids import new_id


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in OrganisationKind])
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "games_organisation"


class Membership(models.Model):
    """A grant to a consortium serves its members."""

    consortium = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    member = models.ForeignKey(Organisation, models.PROTECT, related_name="consortia")

    class Meta:
        db_table = "games_membership"
        constraints = [
            models.UniqueConstraint(fields=["consortium", "member"], name="membership_once"),
            models.CheckConstraint(
                condition=~Q(consortium=F("member")), name="membership_of_another"
            ),
        ]


class Noc(models.Model):
    code = models.CharField(primary_key=True, max_length=3)
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="noc")
    association = models.CharField(max_length=32)
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "games_noc"


class Edition(models.Model):
    code = models.CharField(primary_key=True, max_length=16)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="editions")
    host = models.CharField(max_length=100, help_text="The host city")
    starts_on = models.DateField()
    ends_on = models.DateField()
    timezone = models.CharField(max_length=64)
    theme = models.JSONField(default=dict, help_text="Design tokens this edition replaces")

    class Meta:
        db_table = "games_edition"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="edition_ends_after_it_starts"
            )
        ]


class Territory(models.Model):
    """An ISO 3166 territory, or XK. Its bit is given once and never changes: masks rest on it."""

    code = models.CharField(primary_key=True, max_length=2)
    bit = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=100, default="", help_text="The IOC's English name, if any")

    class Meta:
        db_table = "games_territory"
        constraints = [
            models.CheckConstraint(condition=Q(bit__lt=256), name="territory_bit_fits_the_mask")
        ]


class Dated(models.Model):
    """A fact with two times: when it holds, and when we knew it. Corrections retract and add."""

    start = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class HomeTerritory(Dated):
    noc = models.ForeignKey(Noc, models.PROTECT, related_name="homes")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="homes")

    class Meta:
        db_table = "games_home_territory"
        indexes = [models.Index(fields=["territory", "start"], name="home_by_territory")]


class TerritorySet(Dated):
    name = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        db_table = "games_territory_set"
        indexes = [models.Index(fields=["name", "start"], name="territory_set_by_name")]


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **more: Any) -> Person:
        """A person who signs in with this address; without a password only by a link."""
        person = self.model(email=self.normalize_email(email), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is in their roles, per organisation."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        db_table = "games_person"

    @property
    def is_staff(self) -> bool:
        """Anybody with a role in force may enter the back office; roles decide what they see."""
        return self.roles.filter(until__isnull=True).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The back office asks roles, not Django's permissions: here only whether one is staff."""
        del perm, obj
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)


class Role(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles")
    name = models.CharField(max_length=16, choices=[(name, name) for name in RoleName])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "games_role"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "name"],
                condition=Q(until__isnull=True),
                name="role_held_once",
            )
        ]
