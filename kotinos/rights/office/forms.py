"""What people type into the rights pages, and how it becomes terms. Times are UTC."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotinos.rights.office import words
from kotinos.rights.terms import DELAY_MINUTES_MAX, TEXT_LENGTH_MAX, UNITS_MAX, GrantTerms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.rights import models
    from kotinos.rights.results import Problem

# Where an action names a field otherwise than its form does.
_FIELD_OF_PROBLEM = {"until": "ends_at", "quota": "quota_units", "share": "share_percent"}


class UtcMoment(forms.DateTimeField):
    """A moment as the browser's own picker writes it, always meant in UTC."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
    )
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


class Area(forms.Textarea):
    """A text field that starts small and grows with what is typed."""

    def __init__(self, rows: int = 2, **attrs: Any) -> None:
        super().__init__(attrs={"rows": rows, "spellcheck": "false", **attrs})


class ProblemForm(forms.Form):
    """A form that takes back the problems an action found, beside the fields they are about."""

    use_required_attribute = False

    def take(self, problems: tuple[Problem, ...]) -> None:
        """Put every problem beside its field, or above the form where it has none."""
        for problem in problems:
            name = _FIELD_OF_PROBLEM.get(problem.field, problem.field)
            if name in self.fields:
                self.add_error(name, problem.message)
            else:
                self.add_error(None, f"{problem.field}: {problem.message}")


class GrantForm(ProblemForm):
    """A grant in writing."""

    grantor = forms.ChoiceField(label=_("Grantor"), help_text=_("Who gives the right"))
    grantee = forms.ChoiceField(label=_("Grantee"), help_text=_("Who may use it"))
    parent = forms.ChoiceField(
        label=_("Rests on"),
        required=False,
        help_text=_("The grant that gives the grantor this right, when it is not the owner"),
    )
    property = forms.ChoiceField(
        label=_("Property"), help_text=_("Everything below it is covered too")
    )
    acts = forms.MultipleChoiceField(
        label=_("Acts"),
        choices=words.act_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A sale needs both: to sell, and to ship"),
    )
    outlets = forms.MultipleChoiceField(
        label=_("Outlets"), choices=words.outlet_choices, widget=forms.CheckboxSelectMultiple
    )
    territory = forms.CharField(
        label=_("Territory"),
        max_length=TEXT_LENGTH_MAX,
        initial="WORLD",
        widget=Area(autocapitalize="characters"),
        help_text=_("Codes and named sets, joined by commas; a minus takes away"),
    )
    starts_at = UtcMoment(label=_("From (UTC)"), required=False, help_text=_("Empty: at once"))
    ends_at = UtcMoment(label=_("Until (UTC)"), required=False, help_text=_("Empty: no end"))
    delay_minutes = forms.IntegerField(
        label=_("Delay in minutes"),
        initial=0,
        min_value=0,
        max_value=DELAY_MINUTES_MAX,
        required=False,
        help_text=_("After the event; for pictures, not for goods"),
    )
    quota_units = forms.IntegerField(
        label=_("Quota in units"),
        min_value=1,
        max_value=UNITS_MAX,
        required=False,
        help_text=_("Empty: no limit"),
    )
    exclusivity = forms.ChoiceField(
        label=_("Exclusivity"),
        choices=lambda: list(words.EXCLUSIVITY.items()),
        initial="non-exclusive",
        widget=forms.RadioSelect,
    )
    may_sublicense = forms.BooleanField(label=_("The grantee may sublicense"), required=False)
    duties = forms.CharField(
        label=_("Duties"),
        required=False,
        max_length=TEXT_LENGTH_MAX,
        widget=Area(rows=3),
        help_text=_("One a line: royalty:1200@IOC on net sales (1200 is 12 %), label hologram"),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=TEXT_LENGTH_MAX, widget=Area()
    )

    def __init__(
        self,
        *args: Any,
        grantors: list[tuple[str, str]],
        grantees: list[tuple[str, str]],
        properties: list[tuple[str, str]],
        parents: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in (
            ("grantor", grantors),
            ("grantee", grantees),
            ("property", properties),
            ("parent", parents),
        ):
            is_empty_allowed = name == "parent" or len(choices) > 1
            nothing = _("None: the grantor owns it") if name == "parent" else _("Choose one")
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", nothing), *choices] if is_empty_allowed else choices

    def terms(self) -> GrantTerms:
        """What was typed, as the action takes it; the form is valid."""
        given = self.cleaned_data
        return GrantTerms(
            grantor=given["grantor"],
            grantee=given["grantee"],
            property=given["property"],
            acts=", ".join(given["acts"]),
            outlets=", ".join(given["outlets"]),
            territory=given["territory"],
            starts_at=_utc(given["starts_at"]),
            ends_at=_utc(given["ends_at"]),
            delay_minutes=given["delay_minutes"] or 0,
            exclusivity=given["exclusivity"],
            quota_units=given["quota_units"],
            may_sublicense=given["may_sublicense"],
            duties="; ".join(line for line in given["duties"].splitlines() if line.strip()),
            note=given["note"],
            parent=given["parent"] or None,
        )


def initial_of(grant: models.Grant, codes: Mapping[Any, str]) -> dict[str, Any]:
    """A draft's values as the form shows them; `codes` names organisations and grants by id."""
    return {
        "grantor": codes.get(grant.grantor_id, ""),
        "grantee": codes.get(grant.grantee_id, ""),
        "parent": codes.get(grant.parent_id, ""),
        "property": grant.property.code,
        "acts": grant.acts,
        "outlets": grant.outlets,
        "territory": grant.territory,
        "starts_at": grant.starts_at,
        "ends_at": grant.ends_at,
        "delay_minutes": grant.delay_minutes,
        "quota_units": grant.quota_units,
        "exclusivity": grant.exclusivity,
        "may_sublicense": grant.may_sublicense,
        "duties": "\n".join(_duty_text(duty, codes) for duty in grant.duties),
        "note": grant.note,
    }


def _duty_text(duty: dict[str, Any], codes: Mapping[Any, str]) -> str:
    points = "" if duty.get("basis_points") is None else f":{duty['basis_points']}"
    by_text = {str(key): code for key, code in codes.items()}
    owed_to = f"@{by_text.get(duty['owed_to'], '')}" if duty.get("owed_to") else ""
    return f"{duty['kind']}{points}{owed_to} {duty.get('note', '')}".rstrip()


def _utc(moment: Any) -> Any:
    return moment if moment is None else moment.astimezone(timezone.utc)


class ConfirmForm(forms.Form):
    """A named confirmation: the number of what is about to change, typed by hand."""

    use_required_attribute = False
    confirm = forms.CharField(
        label=_("Number"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=TEXT_LENGTH_MAX, widget=Area()
    )

    def __init__(self, *args: Any, name: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._name = name

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"].strip()
        if typed.upper() != self._name.upper():
            raise forms.ValidationError(
                _("This is not %(name)s. Type it as it stands above."), params={"name": self._name}
            )
        return typed


class WhyForm(forms.Form):
    """One question to the engine."""

    use_required_attribute = False
    work = forms.CharField(
        label=_("Product or work"),
        max_length=200,
        help_text=_("Title, handle, SKU or the work's id"),
    )
    territory = forms.ChoiceField(label=_("Territory"))
    seller = forms.ChoiceField(label=_("Seller"))
    act = forms.ChoiceField(label=_("Act"), choices=words.act_choices, initial="sell")
    outlet = forms.ChoiceField(label=_("Outlet"), choices=words.outlet_choices, initial="own-shop")
    at = UtcMoment(label=_("On (UTC)"), required=False, help_text=_("Empty: now"))
    as_of = UtcMoment(
        label=_("As known at (UTC)"), required=False, help_text=_("Empty: as known now")
    )

    def __init__(
        self, *args: Any, territories: list[Any], sellers: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in (("territory", territories), ("seller", sellers)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Choose one")), *choices]


class UseForm(forms.Form):
    """An act through an outlet at a moment: what every map and simulation asks about."""

    use_required_attribute = False
    act = forms.ChoiceField(label=_("Act"), choices=words.act_choices, initial="sell")
    outlet = forms.ChoiceField(label=_("Outlet"), choices=words.outlet_choices, initial="own-shop")
    at = UtcMoment(label=_("On (UTC)"), required=False, help_text=_("Empty: now"))


def use_words(grant: models.Grant) -> tuple[str, str]:
    """The act and the outlet by which a grant's effect is best shown: those of a sale."""
    act = "sell" if "sell" in grant.acts else grant.acts[0]
    outlet = "own-shop" if "own-shop" in grant.outlets else grant.outlets[0]
    return act, outlet
