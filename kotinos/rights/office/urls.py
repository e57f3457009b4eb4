"""Addresses of the rights pages, mounted at `/office/rights/`."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from kotinos.rights.office import (
    clearance,
    deciding,
    demand,
    grants,
    opening,
    prohibitions,
    properties,
    simulator,
    why,
)


class NocCode(StringConverter):
    """Three capitals, as on a team's back."""

    regex = "[A-Z]{3}"


register_converter(NocCode, "noc")

app_name = "rights_office"

urlpatterns = [
    path("grants/", grants.index, name="grants"),
    path("grants/new/", grants.new, name="new_grant"),
    path("grants/<uuid:grant_id>/", grants.one, name="grant"),
    path("grants/<uuid:grant_id>/edit/", grants.edit, name="edit_grant"),
    path("grants/<uuid:grant_id>/sign/", deciding.sign, name="sign"),
    path("grants/<uuid:grant_id>/withdraw/", grants.withdraw, name="withdraw"),
    *(
        path(
            f"grants/<uuid:grant_id>/{step}/",
            deciding.change,
            {"step": step},
            name=step,
        )
        for step in deciding.STEPS
    ),
    path("territory/", grants.territory, name="territory"),
    path("open/", opening.choose, {"target": "open_noc"}, name="open"),
    path("open/<noc:code>/", opening.open_team, name="open_noc"),
    path("home/", opening.choose, {"target": "home"}, name="homes"),
    path("home/<noc:code>/", opening.home, name="home"),
    path("why/", why.why, name="why"),
    path("map/", clearance.show, name="map"),
    path("simulator/", simulator.show, name="simulator"),
    path("denied/", demand.report, name="denied"),
    path("denied.csv", demand.export, name="denied_csv"),
    path("prohibitions/", prohibitions.index, name="prohibitions"),
    path("prohibitions/<uuid:prohibition_id>/", prohibitions.revoke, name="revoke"),
    path("properties/", properties.index, name="properties"),
]
