"""Kept views and the reports made of them: once for each time, and only what one may see."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections

from kotinos.games import api as games
from kotinos.insight import reporting, results, saved
from kotinos.insight.contracts import SEND_REPORT
from kotinos.insight.models import Report, SavedView
from kotinos.insight.tests import house as small
from kotinos.insight.tests.house import DAYS, EDITION, SECRET, House
from kotinos.kernel import clock
from kotinos.kernel.office import Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)
VIEWS = "/office/insight/views/"
FILTERS = {"edition": EDITION, "since": "2030-07-19", "until": "2030-07-21"}


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    del transactional_db
    results.forget_results(EDITION)
    yield small.build()
    results.forget_results(EDITION)


def staff_of(person_id: UUID) -> Staff:
    roles = games.roles_of(person_id=person_id, now=clock.now())
    return Staff(person_id, tuple((role.organisation_id, role.name.value) for role in roles))


def report(
    person_id: UUID, *, shared_with: UUID | None = None, filters: dict[str, str] | None = None
) -> Report:
    """A daily report that is due."""
    row = SavedView.objects.create(
        owner_id=person_id,
        organisation_id=shared_with,
        name=f"Morning {uuid4().hex[:6]}",
        dashboard="shop",
        filters=FILTERS | (filters or {}),
        made_at=clock.now(),
    )
    return Report.objects.create(view=row, to=["chief@example.org"], hour=0)


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [SEND_REPORT]
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)


@pytest.mark.parametrize(
    ("weekday", "hour", "now", "due"),
    [
        (None, 6, "2030-07-19T05:59", "2030-07-18T06:00"),
        (None, 6, "2030-07-19T06:00", "2030-07-19T06:00"),
        (None, 0, "2030-07-19T00:00", "2030-07-19T00:00"),
        (4, 6, "2030-07-19T06:00", "2030-07-19T06:00"),  # a Friday
        (4, 6, "2030-07-19T05:59", "2030-07-12T06:00"),
        (3, 6, "2030-07-19T05:59", "2030-07-18T06:00"),
        (5, 23, "2030-07-19T22:00", "2030-07-13T23:00"),
    ],
)
def test_the_last_due_time(weekday: int | None, hour: int, now: str, due: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)

    assert saved.due_at(weekday=weekday, hour=hour, now=at(now)) == at(due)


def test_of_workers_that_race_one_sends(house: House) -> None:
    report(small.person(house.shop))
    now, ready, planned, before = clock.now(), threading.Barrier(4), [], jobs()

    def race() -> None:
        try:
            ready.wait()
            planned.append(reporting.plan_due(now=now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(planned) == [0, 0, 0, 1]
    assert jobs() == before + 1
    assert reporting.plan_due(now=now) == 0
    assert reporting.plan_due(now=now + timedelta(days=3)) == 1, "missed days are one mail"


def test_a_new_report_waits_for_its_next_time(house: House) -> None:
    person = small.person(house.shop)
    found = report(person)
    made = saved.plan_report(
        who=staff_of(person), view_id=found.view_id, to=["a@example.org"], weekday=None,
        hour=0, now=clock.now(),
    )  # fmt: skip
    found.delete()
    assert made
    assert reporting.plan_due(now=clock.now()) == 0
    assert reporting.plan_due(now=clock.now() + timedelta(days=1)) == 1


def test_a_report_says_its_figures_and_brings_its_rows(house: House) -> None:
    filters = {"organisation": str(house.shop)}
    found = report(small.person(house.shop), shared_with=house.shop, filters=filters)
    assert reporting.send_report(report_id=found.id, now=clock.now()) == reporting.Sent(1)
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert sent.to == ["chief@example.org"]
    assert "The jersey" in sent.body
    assert "Units sold: 6" in sent.body
    assert "<script" not in html
    assert "http" not in html.replace("http://127.0.0.1", "")
    names = [str(attached[0]) for attached in sent.attachments]
    assert "shop-days.csv" in names
    everything = sent.body + html + str(sent.attachments)
    assert SECRET not in everything


def test_who_left_the_organisation_is_sent_nothing(house: House) -> None:
    person = small.person(house.shop)
    for shared_with, filters in ((house.shop, {}), (None, {"organisation": str(house.shop)})):
        found = report(person, shared_with=shared_with, filters=filters)
        end_roles(person)
        outcome = reporting.send_report(report_id=found.id, now=clock.now())
        assert outcome == reporting.NotSent("forbidden")
        games.give_role(
            person_id=person,
            organisation_id=house.rival,
            role=games.RoleName.VIEWER,
            actor=None,
            now=clock.now(),
        )
        outcome = reporting.send_report(report_id=found.id, now=clock.now())
        assert outcome == reporting.NotSent("forbidden"), "elsewhere is not here"
    assert mail.outbox == []


def test_an_operator_who_is_none_any_more_reports_nobody(house: House) -> None:
    person = small.person(house.ioc, "operator")
    found = report(person)
    assert isinstance(reporting.send_report(report_id=found.id, now=clock.now()), reporting.Sent)
    end_roles(person)
    games.give_role(
        person_id=person,
        organisation_id=house.rival,
        role=games.RoleName.VIEWER,
        actor=None,
        now=clock.now(),
    )
    outcome = reporting.send_report(report_id=found.id, now=clock.now())
    assert outcome == reporting.NotSent("forbidden")
    assert len(mail.outbox) == 1


def end_roles(person: UUID) -> None:
    for held in games.roles_in_force():
        if held.person_id == person:
            games.end_role(
                person_id=person,
                organisation_id=held.organisation_id,
                role=held.name,
                actor=None,
                now=clock.now(),
            )


def test_a_report_that_was_ended_is_not_sent(house: House) -> None:
    person = small.person(house.shop)
    found = report(person)
    assert not saved.end_report(who=staff_of(small.person(house.shop)), report_id=found.id)
    assert saved.end_report(who=staff_of(person), report_id=found.id)
    outcome = reporting.send_report(report_id=found.id, now=clock.now())
    assert outcome == reporting.NotSent("gone")


def test_a_view_is_kept_shared_and_opened_by_colleagues(house: House) -> None:
    owner, colleague = small.person(house.shop), small.person(house.shop)
    stranger = small.signed_in(small.person(house.rival))
    browser = small.signed_in(owner)
    address = f"{VIEWS}?dashboard=shop&{DAYS}&territory=JP"
    assert browser.get(address).status_code == 200
    given = {"name": "Japan", "organisation": str(house.shop)}
    assert browser.post(address, given).status_code == 302
    assert "You have a view of this name" in browser.post(address, given).content.decode()
    view = SavedView.objects.get()
    assert view.filters["territory"] == "JP"
    theirs = small.signed_in(colleague)
    assert "Japan" in theirs.get(VIEWS).content.decode()
    opened = theirs.get(f"{VIEWS}{view.id}/", follow=True)
    assert opened.status_code == 200
    assert "territory=JP" in opened.redirect_chain[0][0]
    assert f"{view.id}" not in stranger.get(VIEWS).content.decode()
    for path in ("", "delete/", "report/"):
        assert stranger.post(f"{VIEWS}{view.id}/{path}").status_code == 404
        if path:
            assert theirs.post(f"{VIEWS}{view.id}/{path}").status_code == 404
    assert browser.post(f"{VIEWS}{view.id}/delete/").status_code == 302


def test_a_view_cannot_be_shared_with_another_organisation(house: House) -> None:
    browser = small.signed_in(small.person(house.shop))
    address = f"{VIEWS}?dashboard=shop&{DAYS}"
    answer = browser.post(address, {"name": "Gift", "organisation": str(house.rival)})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()
    assert browser.post(f"{address}&organisation={house.rival}", {"name": "x"}).status_code == 404
    assert browser.get(f"{VIEWS}?dashboard=weather").status_code == 404
    assert browser.get(f"{VIEWS}?dashboard=shop&since=x").status_code == 200
    assert browser.post(f"{VIEWS}?dashboard=shop&since=x", {"name": "x"}).status_code == 400


def test_a_report_is_planned_in_the_office(house: House) -> None:
    owner = small.person(house.shop)
    browser = small.signed_in(owner)
    view = report(owner).view
    Report.objects.all().delete()
    address = f"{VIEWS}{view.id}/report/"
    assert "@example.org" in browser.get(address).content.decode()
    bad = ({"to": "nobody"}, {"to": ""}, {"to": "a@b.example", "hour": "24"},
           {"to": "a@b.example", "day": "8"}, {"to": "a@b.example," * 1})  # fmt: skip
    for given in bad[:-1]:
        answer = browser.post(address, {"day": "daily", "hour": "6", **given})
        assert answer.status_code == 422, given
    given = {"to": "a@b.example; b@b.example", "day": "4", "hour": "6"}
    assert browser.post(address, given).status_code == 302
    row = Report.objects.get()
    assert (row.to, row.weekday, row.hour) == (["a@b.example", "b@b.example"], 4, 6)
    assert "weekly" in browser.get(VIEWS).content.decode()
    assert browser.post(f"/office/insight/reports/{row.id}/end/").status_code == 302
    assert not Report.objects.exists()
