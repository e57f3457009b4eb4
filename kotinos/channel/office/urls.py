"""Addresses of the editors' desk, mounted at `/office/channel/`."""

from __future__ import annotations

from django.urls import path

from kotinos.channel.office import (
    bulk,
    editing,
    library,
    live_urls,
    moments,
    programme,
    reach,
    schedule,
    text,
    video,
)

app_name = "channel_office"

urlpatterns = [
    path("", library.index, name="library"),
    path("watching/", library.watching, name="watching"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("undo/", bulk.undo, name="undo"),
    path("new/", editing.new, name="new"),
    path("search/", moments.search, name="search"),
    path("schedule/<slug:channel>/", schedule.today, name="schedule"),
    path("schedule/<slug:channel>/<str:day>/", schedule.day, name="day"),
    path("schedule/<slug:channel>/<str:day>/<uuid:slot_id>/", schedule.slot, name="slot"),
    *live_urls.urlpatterns,
    path("<slug:code>/", programme.one, name="programme"),
    path("<slug:code>/step/", programme.step, name="step"),
    path("<slug:code>/edit/", editing.edit, name="edit"),
    path("<slug:code>/video/", video.video, name="video"),
    path("<slug:code>/video/jobs/", video.jobs, name="jobs"),
    path("<slug:code>/video/jobs/<uuid:job_id>/", video.change_job, name="change_job"),
    path("<slug:code>/video/poster/", video.poster, name="poster"),
    path("<slug:code>/text/", text.text, name="text"),
    path("<slug:code>/moments/", moments.moments, name="moments"),
    path("<slug:code>/reach/", reach.reach, name="reach"),
    path("<slug:code>/reach/why/", reach.why, name="reach_why"),
]
