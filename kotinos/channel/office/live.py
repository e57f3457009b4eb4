"""Live sources: where to send to, whether somebody does, and how well it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.channel.live import sources
from kotinos.channel.models import Programme
from kotinos.channel.office import seen, words
from kotinos.channel.results import BadTerms, Saved
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.live.sources import SourceStatus

GOP_SECONDS_MAX = 2.0
SLOW_BELOW = 0.98
_VERBS = {
    "start": sources.start_source,
    "stop": sources.stop_source,
    "key": sources.rotate_key,
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in words; `editable` by the person who looks, who then also sees its key."""

    source: SourceStatus
    title: str
    state: str
    tag: str
    bitrate: str
    remark: str
    editable: bool

    @property
    def obs_server(self) -> str:
        """What OBS Studio asks for as its server; for RTMP the key has a field of its own."""
        address = self.source.address
        return address if self.source.protocol == "srt" else address.rpartition("/")[0]

    @property
    def ffmpeg(self) -> str:
        """A command that sends a file."""
        form = "mpegts" if self.source.protocol == "srt" else "flv"
        return (
            "ffmpeg -re -i FILE -c:v libx264 -preset veryfast -b:v 4M -g 50 -c:a aac -b:a 128k "
            f'-f {form} "{self.source.address}"'
        )


class SourceForm(forms.Form):
    """A source in writing; what it shows, its code and protocol stay as they were first written."""

    use_required_attribute = False
    programme = forms.ChoiceField(
        label=gettext_lazy("Programme"), help_text=gettext_lazy("What is seen while it is on air")
    )
    code = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=sources.CODE_LENGTH_MAX,
        help_text=gettext_lazy("The last part of its page's address: stadium"),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    protocol = forms.ChoiceField(
        label=gettext_lazy("Protocol"), choices=[("srt", "SRT"), ("rtmp", "RTMP")], initial="srt"
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"), required=False, help_text=gettext_lazy("Empty: the next free")
    )
    dvr_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to go back"),
        initial=120,
        min_value=sources.DVR_MINUTES.start,
        max_value=sources.DVR_MINUTES.stop - 1,
        help_text=gettext_lazy("How far viewers can go back while it is on air"),
    )
    records = forms.BooleanField(
        label=gettext_lazy("Keep a recording, as a draft, when it is over"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose one")), *programmes]

    def take(self, bad: BadTerms) -> None:
        """Say beside each field what an action found wrong with it."""
        for problem in bad.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def index(request: HttpRequest) -> HttpResponse:
    """Every source this person sees."""
    context = {"rows": _rows(request), "may_write": staff(request).has(seen.EDITOR)}
    return page(request, "channel_office/live.html", context, title=_("Live"))


def states(request: HttpRequest) -> HttpResponse:
    """What changes by itself, for the page that is open: asked for every two seconds."""
    context = {"rows": _rows(request), "again": True}
    return render(request, "channel_office/live_states.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Give a programme a source."""
    if not staff(request).has(seen.EDITOR):
        raise Http404
    form = SourceForm(
        request.POST if request.method == "POST" else None, programmes=_programmes(request)
    )
    if form.is_bound and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "programme"}
        outcome = sources.add_source(
            **given,
            programme_id=UUID(form.cleaned_data["programme"]),
            now=clock.now(),
            by=staff(request).person_id,
        )
        match outcome:
            case Saved():
                messages.success(request, _("It is there. Start it, and it is listened for."))
                return redirect("channel_office:live")
            case BadTerms():
                form.take(outcome)
            case _:
                form.add_error(None, words.refusal(outcome))
    return _editor(request, form, _("New live source"))


def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change port, window and recording."""
    row = _own(request, code).source
    form = SourceForm(
        request.POST if request.method == "POST" else None,
        programmes=[(str(row.programme_id), pick(row.titles, request.LANGUAGE_CODE))],
        initial={
            "programme": str(row.programme_id),
            "code": row.code,
            "protocol": row.protocol,
            "port": row.port,
            "dvr_minutes": row.dvr_minutes,
            "records": row.records,
        },
    )
    for name in ("programme", "code", "protocol"):
        form.fields[name].disabled = True
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        outcome = sources.change_source(
            source_id=row.id,
            port=given["port"] or row.port,
            dvr_minutes=given["dvr_minutes"],
            records=given["records"],
            now=clock.now(),
            by=staff(request).person_id,
        )
        match outcome:
            case Saved():
                messages.success(request, _("Changed."))
                return redirect("channel_office:live")
            case BadTerms():
                form.take(outcome)
            case _:
                form.add_error(None, words.refusal(outcome))
    return _editor(request, form, _("Change %(name)s") % {"name": row.code})


def act(request: HttpRequest, code: str) -> HttpResponse:
    """`start`, `stop`, or a new `key`."""
    row = _own(request, code).source
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    verb = _VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Http404
    outcome = verb(source_id=row.id, now=clock.now(), by=staff(request).person_id)
    match outcome:
        case Saved():
            messages.success(request, _("Done."))
        case _:
            messages.error(request, words.refusal(outcome))
    return redirect("channel_office:live")


def _editor(request: HttpRequest, form: SourceForm, title: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(
        request, "channel_office/live_edit.html", {"form": form}, title=title, status=status
    )


def _rows(request: HttpRequest) -> list[SourceRow]:
    found = sources.sources(now=clock.now(), organisation_ids=seen.watched(request))
    return [_row(request, each) for each in found]


def _own(request: HttpRequest, code: str) -> SourceRow:
    for row in _rows(request):
        if row.source.code == code and row.editable:
            return row
    raise Http404


def _row(request: HttpRequest, source: SourceStatus) -> SourceRow:
    state, tag = _state(source)
    return SourceRow(
        source=source,
        title=pick(source.titles, request.LANGUAGE_CODE),
        state=state,
        tag=tag,
        bitrate=f"{source.health.get('bitrate', 0) / 1_000_000:.1f}",
        remark=_remark(source.health),
        editable=seen.is_mine(request, source.organisation_id),
    )


def _state(source: SourceStatus) -> tuple[str, str]:
    if source.on_air_since is not None:
        return _("On air"), "good"
    if source.is_enabled:
        return _("Listening"), "wait"
    return _("Off"), "plain"


def _remark(health: dict[str, Any]) -> str:
    """What an engineer at the other end could do better."""
    if not health:
        return ""
    if health.get("speed", 1.0) < SLOW_BELOW:
        return _("This machine does not keep up: the picture falls behind.")
    if health.get("dropped", 0):
        return _("Packets get lost on the way: send fewer bits, or with more latency.")
    if health.get("gop_s", 0.0) > GOP_SECONDS_MAX:
        return _("A key picture every two seconds would let it begin sooner.")
    if not health.get("sound", True):
        return _("The signal has no sound; viewers hear silence.")
    return ""


def _programmes(request: HttpRequest) -> list[tuple[str, str]]:
    """Programmes without a source that this person may change."""
    rows = Programme.objects.filter(source=None).order_by("code")
    mine = staff(request).organisations(seen.EDITOR)
    if mine is not None:
        rows = rows.filter(organisation__in=mine)
    return [
        (str(row.id), f"{pick(row.titles, request.LANGUAGE_CODE)} ({row.code})") for row in rows
    ]
