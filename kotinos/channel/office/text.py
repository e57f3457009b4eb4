"""Subtitles and chapters of a programme: files, or written in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kotinos.channel import results
from kotinos.channel.actions.tracks import KINDS, put_track, remove_track
from kotinos.channel.office import seen, words
from kotinos.channel.office.programme import frame
from kotinos.channel.timedtext import BYTES_MAX
from kotinos.kernel import clock
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Programme

KIND_WORDS = {"subtitles": "Subtitles", "chapters": "Chapters"}
LINES_MIN, LINES_MAX = 8, 24


def text(request: HttpRequest, code: str) -> HttpResponse:
    """Every track, and the one that is being written."""
    row = seen.programme(request, code)
    asked = request.POST if request.method == "POST" else request.GET
    kind, language = asked.get("kind", ""), asked.get("language", "")
    kind = kind if kind in KINDS else KINDS[0]
    language = language if language in LANGUAGES else LANGUAGES[0]
    body, problem = _body(row, kind, language), ""
    if request.method == "POST":
        row = seen.own_programme(request, code)
        outcome, body = _write(request, row, kind, language)
        if isinstance(outcome, results.Saved | results.Removed):
            messages.success(request, _("%(track)s: done.") % {"track": _name(kind, language)})
            return redirect(f"{request.path}?kind={kind}&language={language}")
        problem = words.refusal(outcome)
    context = frame(request, row, "text") | {
        "table": _table(row, kind, language),
        "kind": kind,
        "language": language,
        "body": body,
        "rows": max(LINES_MIN, min(LINES_MAX, body.count("\n") + 2)),
        "problem": problem,
        "chosen": _name(kind, language),
        "is_there": row.tracks.filter(kind=kind, language=language).exists(),
    }
    status = 422 if problem else 200
    return page(request, "channel_office/text.html", context, title=context["name"], status=status)


def _write(request: HttpRequest, row: Programme, kind: str, language: str) -> tuple[object, str]:
    who, now = staff(request).person_id, clock.now()
    if "remove" in request.POST:
        outcome: object = remove_track(
            programme_id=row.id, kind=kind, language=language, now=now, by=who
        )
        return outcome, ""
    body = _given(request)
    outcome = put_track(
        programme_id=row.id, kind=kind, language=language, text=body, now=now, by=who
    )
    return outcome, body


def _given(request: HttpRequest) -> str:
    """The file where one was chosen, else what was typed."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")
    raw: bytes = file.read(BYTES_MAX + 1)
    return raw.decode("utf-8-sig", errors="replace")


def _body(row: Programme, kind: str, language: str) -> str:
    track = row.tracks.filter(kind=kind, language=language).first()
    return track.text if track else ""


def _name(kind: str, language: str) -> str:
    return f"{KIND_WORDS[kind]}, {OWN_NAMES[language]}"


def _table(row: Programme, kind: str, language: str) -> list[dict[str, Any]]:
    """Languages by kinds, with what is there."""
    there = {(each.kind, each.language): each for each in row.tracks.all()}
    return [
        {
            "language": OWN_NAMES[code],
            "cells": [
                {
                    "kind": each,
                    "code": code,
                    "word": KIND_WORDS[each],
                    "track": there.get((each, code)),
                    "count": there[each, code].text.count("-->") if (each, code) in there else 0,
                    "here": (each, code) == (kind, language),
                }
                for each in KINDS
            ],
        }
        for code in LANGUAGES
    ]
