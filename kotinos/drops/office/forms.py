"""What people type into the pages of drops, and how it becomes terms. Times are UTC."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotinos.drops.actions.checking import NAME_LENGTH_MAX, TEXT_LENGTH_MAX
from kotinos.drops.models import UNITS_PER_BUYER_MAX
from kotinos.drops.terms import DropTerms
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kotinos.drops.terms import Problem

_FIELD_OF_PROBLEM = {"names": "name_en", "texts": "text_en"}


class UtcMoment(forms.DateTimeField):
    """A moment as the browser's own picker writes it, always meant in UTC."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
    )
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class DropForm(forms.Form):
    """A drop in writing. A published one keeps what people were told: those fields are shut."""

    use_required_attribute = False
    seller = forms.ChoiceField(label=_("Seller"), help_text=_("Whose units are sold"))
    slug = forms.CharField(
        label=_("Address"),
        max_length=80,
        help_text=_("The last part of the page's address: gold-jersey"),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    products = forms.CharField(
        label=_("Products"),
        max_length=6000,
        widget=_area(3, spellcheck="false", autocapitalize="none"),
        help_text=_("Handles, one a line, in the order of the page; all their variants are sold"),
    )
    opens_at = UtcMoment(label=_("Opens (UTC)"))
    closes_at = UtcMoment(label=_("Closes (UTC)"))
    territory = forms.CharField(
        label=_("Territory"),
        max_length=400,
        initial="WORLD",
        widget=_area(2, spellcheck="false", autocapitalize="characters"),
        help_text=_("Codes and named sets, joined by commas; a minus takes away"),
    )
    units_per_buyer = forms.IntegerField(
        label=_("Units per buyer"), initial=2, min_value=1, max_value=UNITS_PER_BUYER_MAX
    )
    hold_seconds = forms.IntegerField(
        label=_("Seconds to pay"),
        initial=600,
        min_value=30,
        max_value=3600,
        help_text=_("After that the units go back within a second"),
    )
    guests_allowed = forms.BooleanField(
        label=_("Guests may join, not only people with an account"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, sellers: list[tuple[str, str]], shut: Iterable[str] = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for language in LANGUAGES:
            name = OWN_NAMES[language]
            self.fields[f"name_{language}"] = forms.CharField(
                label=_("Name, %(language)s") % {"language": name},
                required=language == "en",
                max_length=NAME_LENGTH_MAX,
                widget=forms.TextInput(attrs={"lang": language, "dir": "auto"}),
            )
            self.fields[f"text_{language}"] = forms.CharField(
                label=_("Text, %(language)s") % {"language": name},
                required=False,
                max_length=TEXT_LENGTH_MAX,
                widget=_area(2, lang=language, dir="auto"),
            )
        field = self.fields["seller"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = sellers if len(sellers) == 1 else [("", _("Choose one")), *sellers]
        for name in shut:
            self.fields[name].disabled = True

    @property
    def wordings(self) -> list[tuple[str, Any, Any]]:
        """Name and text of each language, for the template."""
        return [(OWN_NAMES[code], self[f"name_{code}"], self[f"text_{code}"]) for code in LANGUAGES]

    def terms(self) -> DropTerms:
        """What was typed, as the action takes it; the form is valid."""
        given = self.cleaned_data
        return DropTerms(
            slug=given["slug"],
            names={code: given[f"name_{code}"] for code in LANGUAGES if given[f"name_{code}"]},
            texts={code: given[f"text_{code}"] for code in LANGUAGES if given[f"text_{code}"]},
            seller=given["seller"],
            products=handles(given["products"]),
            opens_at=given["opens_at"].astimezone(timezone.utc),
            closes_at=given["closes_at"].astimezone(timezone.utc),
            territory=given["territory"].strip(),
            units_per_buyer=given["units_per_buyer"],
            hold_seconds=given["hold_seconds"],
            guests_allowed=given["guests_allowed"],
        )

    def take(self, problems: Iterable[Problem]) -> None:
        """Put every problem beside its field, or above the form where it has none."""
        for problem in problems:
            name = _FIELD_OF_PROBLEM.get(problem.field, problem.field)
            self.add_error(name if name in self.fields else None, problem.message)


def handles(text: str) -> tuple[str, ...]:
    """Handles typed one a line or with commas between them."""
    return tuple(part.strip() for part in text.replace(",", "\n").splitlines() if part.strip())


def initial_of(terms: DropTerms) -> dict[str, Any]:
    """A drop's values as the form shows them."""
    return {
        "seller": terms.seller,
        "slug": terms.slug,
        "products": "\n".join(terms.products),
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "territory": terms.territory,
        "units_per_buyer": terms.units_per_buyer,
        "hold_seconds": terms.hold_seconds,
        "guests_allowed": terms.guests_allowed,
        **{f"name_{code}": text for code, text in terms.names.items()},
        **{f"text_{code}": text for code, text in terms.texts.items()},
    }


def blank(now: datetime) -> dict[str, Any]:
    """A new drop begins at the next full hour but one, for a day."""
    opens_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    return {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=1)}


class ConfirmForm(forms.Form):
    """A named confirmation: the drop's address, typed by hand."""

    use_required_attribute = False
    confirm = forms.CharField(
        label=_("Address of the drop"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, widget=_area(2))

    def __init__(self, *args: Any, name: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._name = name

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"].strip()
        if typed.lower() != self._name:
            raise forms.ValidationError(
                _("This is not %(name)s. Type it as it stands above."), params={"name": self._name}
            )
        return typed


class RehearseForm(forms.Form):
    """How large and how long a rehearsal is."""

    use_required_attribute = False
    peak = forms.IntegerField(
        label=_("People a second at the peak"), initial=20, min_value=1, max_value=200
    )
    seconds = forms.IntegerField(label=_("Seconds"), initial=60, min_value=10, max_value=900)
    units = forms.IntegerField(
        label=_("Units on the rehearsal's shelves"), initial=200, min_value=1, max_value=100_000
    )
