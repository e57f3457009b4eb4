"""The notice door and the sandbox's hosted page. Thin: they read requests and call actions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kotinos.channel import api as channel
from kotinos.kernel import clock, tokens
from kotinos.payments import queries, sandbox, sandbox_wire
from kotinos.payments.contracts import NoticeAccepted, NoticeRefused, PaymentStatus, SandboxChoice
from kotinos.payments.sandbox_page import (
    CHALLENGE_CODE,
    CHALLENGE_STEP,
    CHOOSE_STEP,
    broken_link_page,
    closed_page,
    page,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.payments.contracts import Intent, SandboxPage
    from kotinos.payments.sandbox import Door

_STATUS_OF_REFUSAL = {"forged": 401, "expired": 400, "malformed": 400, "unknown": 404}


@csrf_exempt
@require_POST
def notice(request: HttpRequest, provider: str, door: Door) -> JsonResponse:
    """A provider's notice. 200 means "recorded, do not send it again", also for a repeat."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    outcome = door(provider=provider, body=request.body, headers=headers, now=clock.now())
    match outcome:
        case NoticeAccepted(again=again):
            return JsonResponse({"recorded": True, "again": again})
        case NoticeRefused(why=why):
            return JsonResponse({"recorded": False, "why": why}, status=_STATUS_OF_REFUSAL[why])


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox_page(request: HttpRequest, token: str, door: Door) -> HttpResponse:
    """The hosted page. The token in the address is its own proof, so no cookie is needed."""
    now = clock.now()
    intent = _intent(token, now)
    if intent is None:
        return _show(request, broken_link_page(), 404)
    closed = _closed(intent)
    if closed:
        return _show(request, closed_page(intent, sentence_key=closed), 200)
    if request.method != "POST":
        return _show(request, page(intent, step=CHOOSE_STEP, action_url=request.path), 200)
    return _act(request, intent, door, now)


def _intent(token: str, now: datetime) -> Intent | None:
    read = tokens.read(purpose=sandbox_wire.PAGE_PURPOSE, token=token, now=now)
    if not isinstance(read, tokens.Valid):
        return None
    return queries.intent(UUID(read.payload["intent"]))


def _closed(intent: Intent) -> str:
    payment = queries.payment(intent.id)
    status = payment.status if payment else PaymentStatus.CANCELLED
    if status in {PaymentStatus.OPEN, PaymentStatus.DECLINED}:
        return ""
    return "closed-cancelled" if status is PaymentStatus.CANCELLED else "closed-captured"


def _act(request: HttpRequest, intent: Intent, door: Door, now: datetime) -> HttpResponse:
    if "code" in request.POST:
        return _answer_challenge(request, intent, door, now)
    choice = request.POST.get("choice")
    match choice:
        case SandboxChoice.APPROVE | SandboxChoice.DOUBLED | SandboxChoice.LATE:
            is_late = choice == SandboxChoice.LATE
            late_seconds = _seconds(request.POST.get("late_seconds", "")) if is_late else 0
            copies = 2 if choice == SandboxChoice.DOUBLED else 1
            return _charge(request, intent, door, now, late_seconds=late_seconds, copies=copies)
        case SandboxChoice.DECLINE:
            sandbox.decline(intent, reason="declined by the sandbox", now=now)
            sandbox.deliver_due(door=door, now=now, intent_id=intent.id)
            return HttpResponseRedirect(intent.return_url)
        case SandboxChoice.CHALLENGE:
            challenge = page(intent, step=CHALLENGE_STEP, action_url=request.path)
            return _show(request, challenge, 200)
        case _:
            return _show_error(request, intent)


def _show_error(request: HttpRequest, intent: Intent) -> HttpResponse:
    error = page(intent, step=CHOOSE_STEP, action_url=request.path, error_key="choose-one")
    return _show(request, error, 422)


def _answer_challenge(
    request: HttpRequest, intent: Intent, door: Door, now: datetime
) -> HttpResponse:
    if request.POST["code"].strip() == CHALLENGE_CODE:
        return _charge(request, intent, door, now, late_seconds=0, copies=1)
    wrong = page(intent, step=CHALLENGE_STEP, action_url=request.path, error_key="code-wrong")
    return _show(request, wrong, 422)


def _charge(
    request: HttpRequest,
    intent: Intent,
    door: Door,
    now: datetime,
    *,
    late_seconds: int,
    copies: int,
) -> HttpResponse:
    method = request.POST.get("method", "")
    known = channel.payment_methods(language=intent.language)
    if not sandbox.charge(
        intent,
        late_seconds=late_seconds,
        copies=copies,
        now=now,
        method=method if method in known else "",
    ):
        return _show(request, closed_page(intent, sentence_key="closed-cancelled"), 409)
    sandbox.deliver_due(door=door, now=now, intent_id=intent.id)
    return HttpResponseRedirect(intent.return_url)


def _seconds(text: str) -> int:
    is_number = (
        text.isascii() and text.isdigit() and len(text) <= len(str(sandbox.LATE_SECONDS_MAX))
    )
    return int(text) if is_number else 0


def _show(request: HttpRequest, view: SandboxPage, status: int) -> HttpResponse:
    return render(request, "payments/sandbox.html", {"view": view}, status=status)
