"""Addresses of the shell: its pages below `/<place>/`, and what belongs to no place."""

from __future__ import annotations

from django.urls import path

from kotinos.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("teams/", views.teams, name="teams"),
    path("place/", views.choose_place, name="place"),
    path("place/go", views.go, name="go"),
    path("how-rights-work/", views.rights, name="rights"),
    path("tell-me/<str:handle>/", views.tell_me, name="tell_me"),
    path("offline/", views.offline, name="offline"),
]

root_urlpatterns = [path("themes-<slug:digest>.css", views.theme_sheet, name="themes")]
"""To be mounted at the root: `include((root_urlpatterns, "web_root"))`."""
