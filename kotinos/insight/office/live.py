"""What happens now, minute by minute, and how far behind it these numbers are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.http import JsonResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.insight import results
from kotinos.insight.contracts import Question, Window
from kotinos.insight.lake import ledger, segments
from kotinos.insight.models import File
from kotinos.insight.office import asking
from kotinos.insight.office.drawing import step_of
from kotinos.insight.office.figures import name_of, names_of
from kotinos.insight.office.pages import answers_nonsense, frame
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.insight.contracts import Value
    from kotinos.insight.office.asking import Asked

MINUTES = 60
WIDTH_MINUTES = 5
SHOWN_MAX = 8
PATIENCE_S, NEWEST_WITHIN_S = 2.0, 0.7
COUNTS = ("events", "people", "watched_min", "units", "refused")
MINUTE_S = 60
DAY_MINUTES = 1440
MAP_STEPS = 4


@answers_nonsense
def show(request: HttpRequest) -> HttpResponse:
    """The page; its script asks for the same every two seconds."""
    now = clock.now()
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    found = _state(asked, now, is_operator=staff(request).is_operator)
    context = {
        **frame(request, asked, "live", now),
        "state": found,
        "words": _words(),
        "figures": [(name, _words()[name], (found["now"] or {}).get(name, 0)) for name in COUNTS],
        "map": _map(found["territories"]),
        "latest": list(reversed(found["windows"])),
    }
    return page(request, "insight/live.html", context, title=_("Live"))


@answers_nonsense
def state(request: HttpRequest) -> HttpResponse:
    """The numbers as JSON."""
    now = clock.now()
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    answer = JsonResponse(_state(asked, now, is_operator=staff(request).is_operator))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _state(asked: Asked, now: datetime, *, is_operator: bool) -> dict[str, Any]:
    """An hour by minutes and by five minutes, where it happens, and whether all of it is here."""
    # Two whole hours: the question stays the same for an hour, so that its answer can be kept.
    hour = now.replace(minute=0, second=0, microsecond=0)
    window = Window(hour - timedelta(hours=1), hour + timedelta(hours=1))
    minute = now.replace(second=0, microsecond=0)
    latest = Window(minute - timedelta(minutes=WIDTH_MINUTES - 1), minute + timedelta(minutes=1))
    questions = [
        # One window as wide as a day: people of the last minutes are counted once, not by minute.
        Question("live_windows", asked.scope, latest, {"minutes": DAY_MINUTES}),
        Question("live_windows", asked.scope, window, {"minutes": 1}),
        Question("live_windows", asked.scope, window, {"minutes": WIDTH_MINUTES}),
        Question("conversion", asked.scope, window),
        Question("top_pages", asked.scope, window, {"limit": SHOWN_MAX}),
        Question("watch_time", asked.scope, window),
    ]
    found = results.ask_all(
        questions, patience_s=PATIENCE_S, now=now, newest_within_s=NEWEST_WITHIN_S
    )
    last, minutes, windows, places, pages, watched = [_records(result) for result in found]
    asof = [result.as_of for result in found if isinstance(result, results.Kept)]
    return {
        "now_ms": int(now.timestamp() * 1000),
        "as_of": f"{min(asof, default=now):%H:%M:%S}",
        "is_counting": len(asof) < len(found),
        "minutes": _filled(minutes, now, step_minutes=1, count=MINUTES),
        "windows": _filled(windows, now, step_minutes=WIDTH_MINUTES, count=12),
        # Not counted yet: the page goes on showing what it shows.
        "now": _together(last) if isinstance(found[0], results.Kept) else None,
        "territories": {str(row["territory"]): row["people"] for row in places if row["territory"]},
        "pages": [[row["path"] or "/", row["views"]] for row in pages],
        "watched": _most_watched(watched),
        **behind(now, is_operator=is_operator),
    }


def _records(result: results.Result) -> list[dict[str, Value]]:
    return result.answer.records() if isinstance(result, results.Kept) else []


def _filled(
    records: Sequence[Mapping[str, Value]], now: datetime, *, step_minutes: int, count: int
) -> list[dict[str, Any]]:
    """The last windows up to the one that runs, also those in which nothing happened."""
    by_window = {row["window"]: row for row in records}
    step = timedelta(minutes=step_minutes)
    last = now.replace(minute=now.minute - now.minute % step_minutes, second=0, microsecond=0)
    found = []
    for back in range(count - 1, -1, -1):
        at = last - back * step
        row = by_window.get(at, {})
        found.append({"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", **_counts(row)})
    return found


def _together(records: Sequence[Mapping[str, Value]]) -> dict[str, int]:
    """One row, but for the minutes around midnight."""
    rows = [_counts(row) for row in records]
    return {name: sum(int(str(row[name])) for row in rows) for name in COUNTS}


def _counts(row: Mapping[str, Value]) -> dict[str, Value]:
    watched_s = row.get("watched_s", 0)
    more = {"watched_min": watched_s // MINUTE_S if isinstance(watched_s, int) else 0}
    return {name: {**row, **more}.get(name, 0) for name in COUNTS}


def _most_watched(records: Sequence[Mapping[str, Value]]) -> list[list[Value]]:
    ordered = sorted(records, key=lambda row: -int(str(row["watched_s"])))[:SHOWN_MAX]
    words = names_of("subject", [str(row["subject"]) for row in ordered])
    return [[words[str(row["subject"])], row["views"]] for row in ordered]


def behind(now: datetime, *, is_operator: bool) -> dict[str, Any]:
    """How long what came last has been waiting, and to operators the ledger."""
    waiting = [_begun_s(path.stem) for path in segments.folder().glob("*.*")]
    oldest = min((begun for begun in waiting if begun), default=0.0)
    last = File.objects.aggregate(last=Max("added_at"))["last"]
    found: dict[str, Any] = {
        "behind_s": round(max(0.0, now.timestamp() - oldest), 1) if oldest else 0.0,
        "last_file_s": round((now - last).total_seconds(), 1) if last else None,
    }
    if is_operator:
        balance = ledger.balance()
        found["ledger"] = {**asdict(balance), "is_even": balance.is_even}
    return found


def _begun_s(stem: str) -> float:
    """When a segment of the log was begun, as its name says: nanoseconds since 1970."""
    number = stem.rpartition("-")[2]
    return int(number) / 1e9 if number.isdecimal() else 0.0


def _map(people: Mapping[str, Value]) -> Any:
    """Every territory by itself, so that the script can colour it."""
    names = games.territory_names("en")
    most = max((int(str(count)) for count in people.values()), default=0)
    fill = {
        code: f"map-step-{min(MAP_STEPS, step_of(int(str(count)), most))}"
        for code, count in people.items()
    }
    labels = {code: name_of("territory", code) for code in names}
    drawn = games.worldmap.svg(
        fill,
        title=_("Where people are"),
        description=_("The list beside it has the numbers."),
        labels=labels,
        ident="live-map",
    )
    return mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given


def _words() -> dict[str, str]:
    """What the script says: words stand with the page, not in the script."""
    return {
        "events": _("Events"),
        "people": _("People"),
        "watched_min": _("Minutes watched"),
        "units": _("Sold"),
        "refused": _("Refused"),
        "partial": _("This minute is not over."),
        "lost": _("No answer from the server; the figures are those of the last one."),
        "none": _("Nothing yet."),
        "even": _("Every accepted event is accounted for."),
        "uneven": _("The ledger does not add up: look into operations."),
        "behind": _("seconds behind"),
        "accepted": _("accepted"),
    }
