"""Addresses of the channel, below a place."""

from __future__ import annotations

from django.urls import path

from kotinos.channel import feeds, views

app_name = "channel"

urlpatterns = [
    path("channel/", views.home, name="home"),
    path("channel/videos/", views.videos, name="videos"),
    path("channel/video/<slug:code>/", views.video, name="video"),
    path("channel/video/<slug:code>/products/", views.products, name="products"),
    path("channel/video/<slug:code>/cues.json", views.cues, name="cues"),
    path("channel/video/<slug:code>/wechat.svg", views.share_code, name="share_code"),
    path("channel/watch/<slug:code>/", views.watch, name="watch"),
    path("channel/watch/<slug:code>/now.json", feeds.now, name="now"),
    path("channel/live/<slug:code>/", views.live, name="live"),
    path("channel/live/<slug:code>/state.json", views.live_state, name="live_state"),
    path("channel/guide/", views.guide, name="guide"),
    path("channel/guide/<slug:code>.xml", feeds.xmltv, name="xmltv"),
    path("channel/guide/<slug:code>.json", feeds.guide_json, name="guide_json"),
    path("channel/guide/<str:day>/", views.guide, name="guide_day"),
    path("channel/theme-<slug:digest>.css", views.theme, name="theme"),
    path("channel/sitemap.xml", feeds.sitemap, name="sitemap"),
]
