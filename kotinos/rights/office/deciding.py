"""Where a grant is signed, suspended, lifted or ended: first what it does, then a named yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kotinos.kernel import clock
from kotinos.kernel.office import page, staff
from kotinos.rights.actions import signing, states
from kotinos.rights.office import effects, queries
from kotinos.rights.office.forms import ConfirmForm
from kotinos.rights.office.grants import found, manages
from kotinos.rights.results import (
    Changed,
    Conflicting,
    Exceeds,
    NotGiven,
    Signed,
    Unchanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from kotinos.rights.office.rows import EffectView


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of a signed grant: how it is asked for, previewed and done."""

    title: StrOrPromise
    promise: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    in_states: frozenset[str]
    grantee_may: bool
    asks_reason: bool
    effect: Callable[..., EffectView]
    act: Callable[..., Any]


STEPS = {
    "suspend": Step(
        title=gettext_lazy("Suspend %(number)s"),
        promise=gettext_lazy(
            "The grant and all that rests on it give nothing from now on, until you lift the "
            "suspension. What it holds exclusively stays held. You can undo this at any time."
        ),
        button=gettext_lazy("Suspend the grant"),
        done=gettext_lazy("%(number)s is suspended."),
        in_states=frozenset({"in-force", "not-yet"}),
        grantee_may=False,
        asks_reason=True,
        effect=effects.of_stopping,
        act=states.suspend,
    ),
    "lift": Step(
        title=gettext_lazy("Lift the suspension of %(number)s"),
        promise=gettext_lazy(
            "The grant gives again what it gave before. You can suspend it again."
        ),
        button=gettext_lazy("Lift the suspension"),
        done=gettext_lazy("%(number)s is in force again."),
        in_states=frozenset({"suspended"}),
        grantee_may=False,
        asks_reason=False,
        effect=effects.of_lifting,
        act=states.lift,
    ),
    "terminate": Step(
        title=gettext_lazy("Terminate %(number)s"),
        promise=gettext_lazy(
            "The grant is over from now on, and with it everything granted from it. "
            "This cannot be undone: a new grant would have to be signed by both parties."
        ),
        button=gettext_lazy("Terminate the grant for good"),
        done=gettext_lazy("%(number)s is terminated."),
        in_states=frozenset({"in-force", "not-yet", "suspended", "half-signed"}),
        grantee_may=True,
        asks_reason=True,
        effect=effects.of_stopping,
        act=states.terminate,
    ),
}


def change(request: HttpRequest, grant_id: UUID, step: str) -> HttpResponse:
    """Suspend, lift or terminate: preview on GET, done on POST with the grant's number."""
    row, kind = found(request, grant_id), STEPS[step]
    parties = [row.grantor_id, *([row.grantee_id] if kind.grantee_may else [])]
    if row.state not in kind.in_states or not manages(staff(request), *parties):
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None, name=row.number)
    if request.method == "POST" and form.is_valid():
        return _do(request, row, kind, form.cleaned_data["reason"])
    now, language = clock.now(), request.LANGUAGE_CODE
    (shown,) = queries.rows_of([row], queries.organisation_names(), language)
    detail = queries.detail(row, now=now, language=language)
    context = {
        "row": shown,
        "kind": kind,
        "step": step,
        "below": detail.below,
        "form": form,
        "effect": kind.effect(row, now=now, language=language),
    }
    title = str(kind.title) % {"number": row.number}
    status = 422 if form.errors else 200
    return page(request, "rights/office/change.html", context, title=title, status=status)


def _do(request: HttpRequest, row: Any, kind: Step, reason: str) -> HttpResponse:
    given: dict[str, Any] = {"reason": reason} if kind.asks_reason else {}
    outcome = kind.act(grant_id=row.id, now=clock.now(), actor=staff(request).person_id, **given)
    match outcome:
        case Changed(_, works):
            said = str(kind.done) % {"number": row.number}
            messages.success(request, f"{said} {_works(works)}")
        case Unchanged(why):
            messages.info(request, why)
        case _:
            raise Http404
    return redirect("rights_office:grant", row.id)


def _works(works: int) -> str:
    return ngettext(
        "%(count)d work was checked again.", "%(count)d works were checked again.", works
    ) % {"count": works}


def sign(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Conflicts, excess and effect first; then the signature, with the grant's number typed."""
    row = found(request, grant_id)
    if row.state not in {"draft", "half-signed"} or not _parties(request, row):
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None, name=row.number)
    refusal: Any = None
    if request.method == "POST" and form.is_valid():
        outcome = signing.sign(grant_id=row.id, now=clock.now(), actor=staff(request).person_id)
        match outcome:
            case Signed():
                return _signed(request, row, outcome)
            case Unchanged(why):
                messages.info(request, why)
                return redirect("rights_office:grant", row.id)
            case Exceeds() | Conflicting() | NotGiven():
                refusal = outcome  # it came about since the page was drawn
            case _:
                raise Http404
    return _sign_page(request, row, form, refusal)


def _parties(request: HttpRequest, row: Any) -> list[str]:
    """The parties that this person would sign for now."""
    who = staff(request)
    found_parties = []
    if manages(who, row.grantor_id) and not row.by_grantor:
        found_parties.append("grantor")
    if manages(who, row.grantee_id) and not row.by_grantee and row.grantor_id != row.grantee_id:
        found_parties.append("grantee")
    return found_parties


def _signed(request: HttpRequest, row: Any, outcome: Signed) -> HttpResponse:
    if outcome.in_force:
        said = _("%(number)s is signed and stands.") % {"number": row.number}
        messages.success(request, f"{said} {_works(outcome.works)}")
    else:
        said = _("%(number)s is signed for you; the other party has to sign too.")
        messages.success(request, said % {"number": row.number})
    return redirect("rights_office:grant", row.id)


def _sign_page(request: HttpRequest, row: Any, form: ConfirmForm, refusal: Any) -> HttpResponse:
    now, language = clock.now(), request.LANGUAGE_CODE
    here = effects.ground([row], now=now)
    draft = here.book.grant_by_id[row.id]
    refused = refusal or signing.check(book=here.book, grant=draft)
    atlas = here.book.atlas
    conflicts: Any = ()
    if isinstance(refused, Conflicting):
        conflicts = effects.conflict_lines(refused.conflicts, atlas=atlas, language=language)
    names = queries.organisation_names()
    (shown,) = queries.rows_of([row], names, language)
    sides = {"grantor": row.grantor_id, "grantee": row.grantee_id}
    context = {
        "row": shown,
        "form": form,
        "detail": queries.detail(row, now=now, language=language),
        "signs_for": [names.get(sides[party], "") for party in _parties(request, row)],
        "excesses": refused.excesses if isinstance(refused, Exceeds) else (),
        "not_given": refused.reason if isinstance(refused, NotGiven) else "",
        "conflicts": conflicts,
        "is_free": refused is None,
        "effect": effects.of_signing(row, now=now, language=language),
    }
    title = _("Sign %(number)s") % {"number": row.number}
    status = 422 if form.errors or refusal else 200
    return page(request, "rights/office/sign.html", context, title=title, status=status)
