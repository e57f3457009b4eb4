"""What people type into the editors' pages. Times are UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.channel.actions.programmes import (
    SPORT_LENGTH_MAX,
    SYNOPSIS_LENGTH_MAX,
    TITLE_LENGTH_MAX,
)
from kotinos.channel.office import words
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kotinos.channel.models import Programme
    from kotinos.channel.results import Problem

_FIELD_OF_PROBLEM = {"titles": "title_en", "synopses": "synopsis_en"}


class UtcMoment(forms.DateTimeField):
    """A moment as the browser's own picker writes it, always meant in UTC."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    )
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class ProgrammeForm(forms.Form):
    """A programme in writing. Code and organisation stay as they were first written."""

    use_required_attribute = False
    organisation = forms.ChoiceField(label=gettext_lazy("Whose programme"))
    code = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=80,
        help_text=gettext_lazy("The last part of its page's address: marathon-final"),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose one")), *words.KINDS.items()]
    )
    sport = forms.CharField(
        label=gettext_lazy("Sport"), max_length=SPORT_LENGTH_MAX, required=False
    )
    nocs = forms.CharField(
        label=gettext_lazy("Teams seen"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Codes of three letters: KEN JAM"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    occurred_at = UtcMoment(
        label=gettext_lazy("When it happened (UTC)"),
        required=False,
        help_text=gettext_lazy("A delay counts from here; without it, delayed rights show nothing"),
    )
    properties = forms.CharField(
        label=gettext_lazy("What the pictures use"),
        max_length=2000,
        help_text=gettext_lazy("Codes of properties, one a line; rights are asked for all of them"),
        widget=forms.Textarea(
            attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    editions = forms.MultipleChoiceField(
        label=gettext_lazy("Shown in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[tuple[str, str]],
        editions: list[tuple[str, str]],
        is_new: bool,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        for language in LANGUAGES:
            self._add_wordings(language)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        one = len(organisations) == 1
        field.choices = organisations if one else [("", _("Choose one")), *organisations]
        shown = self.fields["editions"]
        assert isinstance(shown, forms.MultipleChoiceField)
        shown.choices = editions
        for name in ("organisation", "code"):
            self.fields[name].disabled = not is_new

    def _add_wordings(self, language: str) -> None:
        name, attrs = OWN_NAMES[language], {"lang": language, "dir": "auto"}
        self.fields[f"title_{language}"] = forms.CharField(
            label=_("Title, %(language)s") % {"language": name},
            required=False,
            max_length=TITLE_LENGTH_MAX,
            widget=forms.TextInput(attrs=attrs),
        )
        self.fields[f"synopsis_{language}"] = forms.CharField(
            label=_("Synopsis, %(language)s") % {"language": name},
            required=False,
            max_length=SYNOPSIS_LENGTH_MAX,
            widget=forms.Textarea(attrs={"rows": 2, **attrs}),
        )

    @property
    def wordings(self) -> list[tuple[str, Any, Any]]:
        """Title and synopsis of each language, for the template."""
        return [
            (OWN_NAMES[code], self[f"title_{code}"], self[f"synopsis_{code}"]) for code in LANGUAGES
        ]

    def given(self) -> dict[str, Any]:
        """What was typed, as `put_programme` takes it; the form is valid."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "titles": {code: data[f"title_{code}"] for code in LANGUAGES},
            "synopses": {code: data[f"synopsis_{code}"] for code in LANGUAGES},
            "properties": split(data["properties"]),
            "nocs": split(data["nocs"]),
            "sport": data["sport"],
            "occurred_at": data["occurred_at"],
        }

    def take(self, problems: Iterable[Problem]) -> None:
        """Put every problem beside its field, or above the form where it has none."""
        for problem in problems:
            name = _FIELD_OF_PROBLEM.get(problem.field, problem.field)
            self.add_error(name if name in self.fields else None, problem.message)


def split(text: str) -> list[str]:
    """Codes with spaces, commas or lines between them."""
    return [part for part in text.replace(",", " ").split() if part]


def initial_of(row: Programme) -> dict[str, Any]:
    """A programme's values as the form shows them."""
    return {
        "organisation": str(row.organisation_id),
        "code": row.code,
        "kind": row.kind,
        "sport": row.sport,
        "nocs": " ".join(row.nocs),
        "occurred_at": row.occurred_at,
        "properties": "\n".join(row.properties),
        "editions": list(row.editions),
        **{f"title_{code}": text for code, text in row.titles.items()},
        **{f"synopsis_{code}": text for code, text in row.synopses.items()},
    }


class StepForm(forms.Form):
    """A step of the workflow, with a word about it and, for a publication to come, its moment."""

    use_required_attribute = False
    step = forms.CharField(max_length=16)
    note = forms.CharField(label=gettext_lazy("A word about it"), required=False, max_length=500)
    at = UtcMoment(label=gettext_lazy("Publish at (UTC)"), required=False)
