"""For a committee with no staff: open the team's goods, and say what is let in at home.

Both pages speak plainly and ask little. The sentences say what will happen before it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from typing_extensions import override

from kotinos.games import api as games
from kotinos.kernel import changelog, clock
from kotinos.kernel.office import page, staff
from kotinos.rights import models
from kotinos.rights.actions.consents import give_consent
from kotinos.rights.actions.open_noc import NUMBER, OpenTerms, open_noc
from kotinos.rights.actions.states import terminate
from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import NOC_EMBLEM, Act, Outlet
from kotinos.rights.loading import load_book
from kotinos.rights.office import effects, history, maps, queries, words
from kotinos.rights.office.forms import ProblemForm
from kotinos.rights.results import BadTerms, Changed, NotFound, NotYours, Signed, Unchanged

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.games.contracts import Noc
    from kotinos.kernel.mapview import MapView

MANAGER = "rights-manager"
ACTS = "sell, ship, advertise"
_REPLACED = "replaced by a new reach"
_WRITTEN_HERE = re.compile(r"HOME\([A-Z]{3}\)(,[A-Z]{2})*")
_REACHES = [
    ("home-only", gettext_lazy("At home only")),
    ("listed", gettext_lazy("At home, and in the countries I choose")),
    ("world", gettext_lazy("Everywhere in the world")),
]
_OUTLETS = [
    ("own-shop", gettext_lazy("This shop")),
    ("marketplace", gettext_lazy("Marketplaces")),
    ("live-sale", gettext_lazy("Live sales during broadcasts")),
]


class OpenForm(ProblemForm):
    """Where the team's goods may be sold, and on what condition."""

    reach = forms.ChoiceField(
        label=gettext_lazy("Where may your team's goods be sold?"),
        choices=_REACHES,
        widget=forms.RadioSelect,
    )
    territories = forms.MultipleChoiceField(
        label=gettext_lazy("Which countries?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    outlets = forms.MultipleChoiceField(
        label=gettext_lazy("Through which outlets?"),
        choices=_OUTLETS,
        initial=["own-shop", "marketplace"],
        widget=forms.CheckboxSelectMultiple,
    )
    royalty_percent = forms.DecimalField(
        label=gettext_lazy("Your royalty, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=gettext_lazy("Empty: none is asked"),
    )
    end_own = forms.MultipleChoiceField(
        label=gettext_lazy("End these older grants, so that only this answer counts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Your committee gave them to itself. Ending cannot be undone."),
    )

    @override
    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("reach") == "listed" and not given.get("territories"):
            self.add_error("territories", _("Choose at least one country."))
        return given


class HomeForm(ProblemForm):
    """What a committee says about other teams' goods in its own home."""

    policy = forms.ChoiceField(
        label=gettext_lazy("Which other teams' goods may be sold in your home?"),
        choices=lambda: list(words.POLICIES.items()),
        widget=forms.RadioSelect,
    )
    listed = forms.MultipleChoiceField(
        label=gettext_lazy("Which teams?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    share_percent = forms.DecimalField(
        label=gettext_lazy("Your share of each such sale, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=gettext_lazy("Empty: none is asked"),
    )

    @override
    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("policy") == "listed" and not given.get("listed"):
            self.add_error("listed", _("Choose at least one team."))
        return given


def _mine(request: HttpRequest, *, roles: tuple[str, ...] = ()) -> list[Noc]:
    mine = staff(request).organisations(*roles)
    found = [each for each in games.nocs() if mine is None or each.organisation_id in mine]
    language = request.LANGUAGE_CODE
    return sorted(found, key=lambda each: games.sort_key(games.noc_name(each.code, language)))


def _noc(request: HttpRequest, code: str) -> tuple[Noc, bool]:
    """The committee and whether this person may decide for it; 404 where it is not theirs."""
    noc = next((each for each in _mine(request) if each.code == code), None)
    if noc is None:
        raise Http404
    mine = staff(request).organisations(MANAGER)
    return noc, mine is None or noc.organisation_id in mine


def choose(request: HttpRequest, target: str) -> HttpResponse:
    """Which team? Whoever works for one team is sent on at once."""
    found = _mine(request)
    if len(found) == 1:
        return redirect(f"rights_office:{target}", found[0].code)
    language = request.LANGUAGE_CODE
    teams = [(each.code, games.noc_name(each.code, language)) for each in found]
    title = _("Open your team's goods") if target == "open_noc" else _("Foreign goods at home")
    context = {"teams": teams, "target": f"rights_office:{target}"}
    return page(request, "rights/office/choose_team.html", context, title=title)


def open_team(request: HttpRequest, code: str) -> HttpResponse:
    """Home only, some countries, the world: one form, one button."""
    noc, may_write = _noc(request, code)
    language = request.LANGUAGE_CODE
    emblem = models.Property.objects.filter(kind=NOC_EMBLEM, home_noc=noc.code).first()
    standing = _standing(request, emblem)
    current = next((row for row in standing if _is_open_grant(row, noc)), None)
    own = [row for row in _own(standing, noc) if row is not current]
    form = _open_form(request, noc, current or next(iter(own), None), own)
    if request.method == "POST" and may_write and form.is_valid():
        answer = _open(request, noc, form)
        if answer is not None:
            return answer
    atlas, now = games.atlas(), clock.now()
    others = [row for row in standing if row is not current]
    context = {
        "noc": noc,
        "team": games.noc_name(noc.code, language),
        "emblem": emblem,
        "form": form,
        "may_write": may_write and emblem is not None,
        "current": current,
        "others": queries.rows_of(others, queries.organisation_names(), language),
        "map": _sold_now(emblem, now, language),
        "home": maps.territories(atlas.home_mask(noc.code, now), atlas, language),
        "changes": history.lines(changelog.history(subject_kind="grant", subject=current.number))
        if current
        else (),
    }
    title = _("Open the goods of %(team)s") % {"team": context["team"]}
    status = 422 if form.errors else 200
    return page(request, "rights/office/open.html", context, title=title, status=status)


def _standing(request: HttpRequest, emblem: models.Property | None) -> list[Any]:
    """Grants of the emblem that give something now or later, the newest first."""
    rows = queries.grants(staff(request), clock.now()).filter(property=emblem)
    rows = rows.filter(state__in=["in-force", "not-yet", "suspended"])
    return list(rows.order_by("-recorded_at")) if emblem else []


def _is_open_grant(row: models.Grant, noc: Noc) -> bool:
    """Whether this page wrote the grant, and would replace it."""
    return row.number.startswith(f"{NUMBER}{noc.code}-")


def _own(standing: list[Any], noc: Noc) -> list[Any]:
    """The grants that the committee gave itself; the newest is what the form starts from."""
    return [row for row in standing if row.grantor_id == row.grantee_id == noc.organisation_id]


def _sold_now(emblem: models.Property | None, now: datetime, language: str) -> MapView:
    """Where somebody may sell goods with only this emblem, at this moment."""
    mask, atlas = 0, games.atlas()
    if emblem is not None:
        book = load_book(now=now, property_ids=[emblem.id])
        mask = effects.open_mask(
            Compiler(book, since=now), (emblem.id,), act=Act.SELL, outlet=Outlet.OWN_SHOP, at=now
        )
    return maps.cleared(mask, atlas, language, title=_("Where it may be sold now"))


def _open_form(
    request: HttpRequest, noc: Noc, shown: models.Grant | None, own: list[Any]
) -> OpenForm:
    language = request.LANGUAGE_CODE
    form = OpenForm(
        request.POST if request.method == "POST" else None, initial=_initial(shown, noc)
    )
    home = set(games.atlas().codes(games.atlas().home_mask(noc.code, clock.now())))
    codes = [code for code in games.territory_bits() if code not in home]
    field = form.fields["territories"]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = [
        (code, games.territory_name(code, language))
        for code in games.sorted_by_name(codes, language)
    ]
    ended = form.fields["end_own"]
    assert isinstance(ended, forms.MultipleChoiceField)
    ended.choices = [(str(row.id), f"{row.number}: {row.territory[:60]}") for row in own]
    return form


def _initial(current: models.Grant | None, noc: Noc) -> dict[str, Any]:
    if current is None:
        return {"reach": "home-only", "outlets": ["own-shop", "marketplace"]}
    royalty = next((d for d in current.duties if d["kind"] == "royalty"), None)
    points = royalty["basis_points"] if royalty else None
    common = {
        "outlets": current.outlets,
        "royalty_percent": points / 100 if points is not None else None,
    }
    if current.territory == "WORLD":
        return {"reach": "world", **common}
    if not _WRITTEN_HERE.fullmatch(current.territory):
        return {"reach": "home-only", **common}
    listed = [part for part in current.territory.split(",") if part != f"HOME({noc.code})"]
    return {"reach": "listed" if listed else "home-only", "territories": listed, **common}


def _open(request: HttpRequest, noc: Noc, form: OpenForm) -> HttpResponse | None:
    given = form.cleaned_data
    percent = given["royalty_percent"]
    (owner,) = games.organisations(ids=(noc.organisation_id,))
    outcome = _open_and_end(
        given["end_own"],
        noc=noc.code,
        reach=given["reach"],
        territories=given["territories"] if given["reach"] == "listed" else (),
        terms=OpenTerms(
            acts=ACTS,
            outlets=", ".join(given["outlets"]),
            duties=f"royalty:{int(percent * 100)}@{owner.code}" if percent else "",
        ),
        now=clock.now(),
        actor=staff(request).person_id,
    )
    match outcome:
        case Signed(works=works):
            messages.success(request, _opened(works))
        case Unchanged():
            messages.info(request, _("Your team's goods are open like this."))
        case BadTerms(problems):
            form.take(problems)
            return None
        case NotYours() | NotFound():
            raise Http404
        case _:
            form.add_error(None, _("Another grant stands in the way: see the list of grants."))
            return None
    return redirect("rights_office:open_noc", noc.code)


def _open_and_end(ended: list[str], *, now: datetime, actor: UUID, **given: Any) -> Any:
    """The new answer, and the end of the older grants named: both or neither."""
    with transaction.atomic():
        outcome = open_noc(now=now, actor=actor, **given)
        if isinstance(outcome, Signed | Unchanged):
            for grant_id in ended:
                terminate(grant_id=UUID(grant_id), now=now, reason=_REPLACED, actor=actor)
        return outcome


def _opened(works: int) -> str:
    return ngettext(
        "Done. It holds from this moment, for %(count)d product.",
        "Done. It holds from this moment, for %(count)d products.",
        works,
    ) % {"count": works}


def home(request: HttpRequest, code: str) -> HttpResponse:
    """Which foreign teams' goods a committee lets into its home, for what share."""
    noc, may_write = _noc(request, code)
    language, now = request.LANGUAGE_CODE, clock.now()
    current = _consent(noc, now)
    form = _home_form(request, noc, current, language)
    if request.method == "POST" and may_write and form.is_valid():
        answer = _say(request, noc, form)
        if answer is not None:
            return answer
    atlas = games.atlas()
    home_mask = atlas.home_mask(noc.code, now)
    context = {
        "noc": noc,
        "team": games.noc_name(noc.code, language),
        "form": form,
        "may_write": may_write,
        "current": current,
        "policy": words.POLICIES[current.policy if current else "home-only"],
        "share": current.share_basis_points / 100 if current else 0,
        "home": maps.territories(home_mask, atlas, language),
        "map": maps.cleared(home_mask, atlas, language, title=_("Your home")),
        "changes": history.lines(changelog.history(subject_kind="consent", subject=noc.code)),
    }
    title = _("Foreign goods in the home of %(team)s") % {"team": context["team"]}
    status = 422 if form.errors else 200
    return page(request, "rights/office/home.html", context, title=title, status=status)


def _consent(noc: Noc, now: datetime) -> models.Consent | None:
    """What the committee says at this moment: of those in force the latest start rules."""
    rows = models.Consent.objects.filter(noc=noc.code, starts_at__lte=now)
    rows = rows.exclude(ends_at__lte=now).exclude(revocation__at__lte=now)
    return rows.order_by("-starts_at", "-recorded_at", "-id").first()


def _home_form(
    request: HttpRequest, noc: Noc, current: models.Consent | None, language: str
) -> HomeForm:
    initial: dict[str, Any] = {"policy": "home-only"}
    if current is not None:
        initial = {
            "policy": current.policy,
            "listed": current.listed,
            "share_percent": current.share_basis_points / 100 or None,
        }
    form = HomeForm(request.POST if request.method == "POST" else None, initial=initial)
    named: list[tuple[str, str]] = [
        (each.code, games.noc_name(each.code, language))
        for each in games.nocs()
        if each.code != noc.code
    ]
    field = form.fields["listed"]
    assert isinstance(field, forms.MultipleChoiceField)
    named.sort(key=lambda pair: games.sort_key(pair[1]))
    field.choices = named
    return form


def _say(request: HttpRequest, noc: Noc, form: HomeForm) -> HttpResponse | None:
    given = form.cleaned_data
    outcome = give_consent(
        noc=noc.code,
        policy=given["policy"],
        listed=given["listed"] if given["policy"] == "listed" else (),
        share_basis_points=int((given["share_percent"] or 0) * 100),
        now=clock.now(),
        actor=staff(request).person_id,
    )
    match outcome:
        case Changed(works=works):
            messages.success(request, _opened(works))
        case Unchanged():
            messages.info(request, _("You say so already."))
        case BadTerms(problems):
            form.take(problems)
            return None
        case NotYours() | NotFound():
            raise Http404
    return redirect("rights_office:home", noc.code)
