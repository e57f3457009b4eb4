"""Grants: the list, one grant, the editor, and the page on which a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel import changelog, clock
from kotinos.kernel.office import page, staff
from kotinos.rights.actions.grants import draft_grant, edit_grant, withdraw_draft
from kotinos.rights.office import effects, history, queries, words
from kotinos.rights.office.forms import ConfirmForm, GrantForm, initial_of
from kotinos.rights.results import BadTerms, Drafted, NotYours, Unchanged

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.kernel.office import Staff

MANAGER = "rights-manager"
PAGE_SIZE = 50


def index(request: HttpRequest) -> HttpResponse:
    """Every grant the person may see, by state, side, property and text."""
    who, now, language = staff(request), clock.now(), request.LANGUAGE_CODE
    rows = queries.narrowed(queries.grants(who, now), request.GET, who)
    pages = Paginator(rows.order_by("-recorded_at", "-number"), PAGE_SIZE)
    here = pages.get_page(request.GET.get("page"))
    context = {
        "rows": queries.rows_of(here.object_list, queries.organisation_names(), language),
        "here": here,
        "total": pages.count,
        "states": words.STATES,
        "asked": request.GET,
        "properties": queries.property_choices(language),
        "may_write": who.has(MANAGER),
        "query": _without_page(request),
    }
    return page(request, "rights/office/grants.html", context, title=_("Grants"))


def _without_page(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()


def found(request: HttpRequest, grant_id: UUID) -> Any:
    """The grant, annotated with its state; 404 where this person may not see it."""
    row = queries.grants(staff(request), clock.now()).filter(id=grant_id).first()
    if row is None:
        raise Http404
    return row


def manages(who: Staff, *organisation_ids: UUID) -> bool:
    """Whether the person is rights manager of one of these organisations."""
    mine = who.organisations(MANAGER)
    return mine is None or any(each in mine for each in organisation_ids)


def one(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """One grant: terms, chain, duties, what happened, and what may be done now."""
    row = found(request, grant_id)
    who, language = staff(request), request.LANGUAGE_CODE
    detail = queries.detail(row, now=clock.now(), language=language)
    context = {
        "grant": detail,
        "row": detail.row,
        "map": effects.parse_territory(row.territory, now=clock.now(), language=language),
        "changes": history.lines(changelog.history(subject_kind="grant", subject=row.number)),
        "may": _may(who, row),
        "confirm": ConfirmForm(name=row.number),
        "seen": set(queries.grants(who, clock.now()).values_list("id", flat=True)),
    }
    return page(request, "rights/office/grant.html", context, title=row.number)


def _may(who: Staff, row: Any) -> dict[str, bool]:
    gives, takes = manages(who, row.grantor_id), manages(who, row.grantee_id)
    is_draft, is_open = row.state == "draft", row.state in {"in-force", "not-yet", "suspended"}
    return {
        "edit": gives and is_draft,
        "withdraw": gives and is_draft,
        "sign": (is_draft and gives)
        or (row.state == "half-signed" and ((gives and not row.by_grantor) or takes)),
        "suspend": gives and row.state in {"in-force", "not-yet"},
        "lift": gives and row.state == "suspended",
        "terminate": (gives or takes) and (is_open or row.state == "half-signed"),
    }


def new(request: HttpRequest) -> HttpResponse:
    """Write a grant."""
    if not staff(request).has(MANAGER):
        raise Http404
    initial: dict[str, Any] = {
        name: request.GET[name] for name in ("grantor", "property") if name in request.GET
    }
    initial |= {"acts": ["sell", "ship", "advertise"], "outlets": ["own-shop", "marketplace"]}
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        outcome = draft_grant(terms=form.terms(), now=now, actor=staff(request).person_id)
        answer = _after_writing(request, outcome, form)
        if answer is not None:
            return answer
    return _editor(request, form, title=_("New grant"))


def edit(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Rewrite a draft."""
    row = found(request, grant_id)
    if not _may(staff(request), row)["edit"]:
        raise Http404
    codes: dict[Any, str] = {each.id: each.code for each in games.organisations()}
    if row.parent_id:
        codes[row.parent_id] = queries.number_of(row.parent_id)
    form = _form(request, initial_of(row, codes))
    if request.method == "POST" and form.is_valid():
        outcome = edit_grant(
            grant_id=row.id, terms=form.terms(), now=clock.now(), actor=staff(request).person_id
        )
        answer = _after_writing(request, outcome, form)
        if answer is not None:
            return answer
    return _editor(request, form, title=_("Edit %(number)s") % {"number": row.number}, row=row)


def _editor(request: HttpRequest, form: GrantForm, *, title: str, row: Any = None) -> HttpResponse:
    now, language = clock.now(), request.LANGUAGE_CODE
    text = str(form["territory"].value() or "")
    context = {
        "form": form,
        "row": row,
        "map": effects.parse_territory(text, now=now, language=language) if text else "",
        "sets": queries.named_sets(now),
    }
    status = 422 if form.errors else 200
    return page(request, "rights/office/grant_edit.html", context, title=title, status=status)


def _form(request: HttpRequest, initial: dict[str, Any]) -> GrantForm:
    who = staff(request)
    mine = who.organisations(MANAGER)
    everybody = games.organisations()
    grantors = [(o.code, f"{o.name} ({o.code})") for o in everybody if mine is None or o.id in mine]
    if "grantor" not in initial and len(grantors) == 1:
        initial["grantor"] = grantors[0][0]
    return GrantForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        grantors=grantors,
        grantees=[(o.code, f"{o.name} ({o.code})") for o in everybody],
        properties=queries.property_choices(request.LANGUAGE_CODE),
        parents=queries.parent_choices(who, clock.now()),
    )


def _after_writing(request: HttpRequest, outcome: Any, form: GrantForm) -> HttpResponse | None:
    """Where to go; None: stay on the form, which now says what is wrong."""
    match outcome:
        case Drafted(grant_id, number):
            messages.success(request, _("%(number)s is written down.") % {"number": number})
            step = "sign" if "and_check" in request.POST else "grant"
            return redirect(f"rights_office:{step}", grant_id)
        case BadTerms(problems):
            form.take(problems)
        case NotYours():
            form.add_error("grantor", _("You do not manage this organisation's rights."))
        case Unchanged(reason):
            form.add_error(None, reason)
        case _:
            raise Http404
    return None


def withdraw(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Throw a draft away, after its number was typed."""
    row = found(request, grant_id)
    form = ConfirmForm(request.POST, name=row.number)
    if request.method != "POST" or not form.is_valid():
        messages.error(request, _("Nothing was withdrawn: the number did not match."))
        return redirect("rights_office:grant", row.id)
    outcome = withdraw_draft(grant_id=row.id, now=clock.now(), actor=staff(request).person_id)
    if isinstance(outcome, Drafted):
        messages.success(request, _("%(number)s is withdrawn.") % {"number": outcome.number})
        return redirect("rights_office:grants")
    messages.error(request, _("%(number)s stays: others build on it.") % {"number": row.number})
    return redirect("rights_office:grant", row.id)


def territory(request: HttpRequest) -> HttpResponse:
    """What a territory text means, while it is being typed."""
    text = request.GET.get("territory", "")[:2000]
    seen = effects.parse_territory(text, now=clock.now(), language=request.LANGUAGE_CODE)
    return render(request, "rights/office/_territory.html", {"map": seen})
