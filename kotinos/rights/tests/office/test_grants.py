"""From a draft to a signature, with conflicts and effect shown before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from kotinos.kernel import changelog
from kotinos.rights import models

if TYPE_CHECKING:
    from kotinos.rights.tests.conftest import Town
    from kotinos.rights.tests.office.conftest import Desk

FORM: dict[str, Any] = {
    "grantor": "IOC",
    "grantee": "SHOP",
    "property": "GAMES",
    "acts": ["sell", "ship"],
    "outlets": ["own-shop"],
    "territory": "WORLD,-CA",
    "exclusivity": "exclusive",
    "delay_minutes": "0",
    "duties": "royalty:1200@IOC on net sales\nlabel hologram",
}


def test_a_grant_is_written_checked_and_signed_by_both_parties(desk: Desk) -> None:
    desk.town.work("MASCOT")
    grantor, grantee = desk.person("IOC"), desk.person("SHOP")
    written = grantor.post(reverse("rights_office:new_grant"), FORM | {"and_check": "1"})
    grant = models.Grant.objects.get()
    sign = reverse("rights_office:sign", args=[grant.id])
    assert written["Location"] == sign
    assert [duty["kind"] for duty in grant.duties] == ["royalty", "label"]

    page = grantor.get(sign)
    assert page.context["is_free"]
    assert page.context["effect"].gained == 9
    assert page.context["effect"].works_gaining == 1

    assert grantor.post(sign, {"confirm": grant.number.lower()}).status_code == 302
    assert grantee.post(sign, {"confirm": grant.number}).status_code == 302
    assert set(grant.signatures.values_list("party", flat=True)) == {"grantor", "grantee"}
    lines = changelog.history(subject_kind="grant", subject=grant.number)
    assert [line.verb for line in lines] == ["sign", "sign", "draft"]
    assert all(line.actor_id for line in lines)


def test_a_wrong_number_signs_nothing(desk: Desk) -> None:
    draft = desk.town.draft("IOC", "SHOP")
    answer = desk.person("IOC").post(
        reverse("rights_office:sign", args=[draft]), {"confirm": "G-999999"}
    )
    assert answer.status_code == 422
    assert not models.Signature.objects.exists()


def test_the_exact_overlap_stands_there_before_anybody_signs(desk: Desk) -> None:
    desk.town.grant("IOC", "RIVAL", exclusivity="exclusive", territory="JP,FR,US")
    draft = desk.town.draft("IOC", "SHOP", "MASCOT", exclusivity="exclusive", territory="FR,JP,KE")
    sign = reverse("rights_office:sign", args=[draft])
    person = desk.person("IOC")
    (conflict,) = person.get(sign).context["conflicts"]
    assert [each.code for each in conflict.territories] == ["FR", "JP"]
    assert conflict.holder == "RIVAL"
    assert conflict.properties == ("Mascot",)

    refused = person.post(sign, {"confirm": desk.number(draft)})
    assert not models.Signature.objects.filter(grant=draft).exists()
    assert b"FR,JP" in refused.content


def test_the_excess_over_the_parent_stands_there_before_anybody_signs(desk: Desk) -> None:
    parent = desk.town.grant("IOC", "SHOP", territory="FR", may_sublicense=True)
    draft = desk.town.draft("SHOP", "THIRD", territory="EEA", parent=desk.number(parent))
    page = desk.person("SHOP").get(reverse("rights_office:sign", args=[draft]))
    (excess,) = page.context["excesses"]
    assert excess.text == "territory: exceeds parent by BE, LU"
    assert not page.context["is_free"]


def test_what_was_typed_stays_and_the_fault_stands_beside_its_field(desk: Desk) -> None:
    person = desk.person("IOC")
    answer = person.post(reverse("rights_office:new_grant"), FORM | {"territory": "WORLD,-XQ"})
    assert answer.status_code == 422
    assert "XQ is no territory" in str(answer.context["form"].errors["territory"])
    assert b"WORLD,-XQ" in answer.content
    assert b"royalty:1200@IOC on net sales" in answer.content


def test_nobody_writes_in_anothers_name(desk: Desk) -> None:
    answer = desk.person("RIVAL").post(reverse("rights_office:new_grant"), FORM)
    assert answer.status_code == 422
    assert not models.Grant.objects.exists()


def test_a_territory_is_read_while_it_is_typed(desk: Desk) -> None:
    person, address = desk.person("IOC"), reverse("rights_office:territory")
    assert b"In 2 territories of 10" in person.get(address, {"territory": "EEA,-LU"}).content
    assert b"did you mean EEA" in person.get(address, {"territory": "EEAA"}).content


def test_a_draft_is_edited_and_withdrawn(desk: Desk) -> None:
    person, draft = desk.person("IOC"), desk.town.draft("IOC", "SHOP")
    edit = reverse("rights_office:edit_grant", args=[draft])
    assert person.get(edit).status_code == 200
    assert person.post(edit, FORM | {"territory": "KE"}).status_code == 302
    assert models.Grant.objects.get().territory == "KE"
    withdraw = reverse("rights_office:withdraw", args=[draft])
    person.post(withdraw, {"confirm": "no"})
    assert models.Grant.objects.exists()
    person.post(withdraw, {"confirm": desk.number(draft)})
    assert not models.Grant.objects.exists()


def test_suspend_lift_terminate_each_shows_its_effect_and_asks_for_the_number(
    desk: Desk,
) -> None:
    desk.town.work("GAMES")
    grant = desk.town.grant("IOC", "SHOP", territory="JP,US")
    number, person = desk.number(grant), desk.person("IOC")
    for step, lost, gained in (("suspend", 2, 0), ("lift", 0, 2), ("terminate", 2, 0)):
        address = reverse(f"rights_office:{step}", args=[grant])
        effect = person.get(address).context["effect"]
        assert (effect.lost, effect.gained) == (lost, gained)
        assert person.post(address, {"confirm": "wrong"}).status_code == 422
        assert person.post(address, {"confirm": number, "reason": "late"}).status_code == 302
    lines = changelog.history(subject_kind="grant", subject=number)
    assert [line.verb for line in lines][:3] == ["terminate", "lift", "suspend"]
    assert models.Suspension.objects.get().reason == "late"


def test_the_admin_site_offers_no_way_round_the_actions(town: Town) -> None:
    """Every table registered is read-only, and no table came in by itself."""
    from django.contrib import admin  # noqa: PLC0415 - the site is lazy
    from django.test import RequestFactory  # noqa: PLC0415 - beside it

    from kotinos.kernel.ids import new_id  # noqa: PLC0415 - beside it
    from kotinos.kernel.office import OfficeAdmin, Staff  # noqa: PLC0415 - beside it

    request = RequestFactory().get("/office/")
    request.staff = Staff(new_id(), ((town.ids["IOC"], "operator"),))  # type: ignore[attr-defined]  # as the middleware does
    assert len(admin.site._registry) > 5
    for each in admin.site._registry.values():
        assert isinstance(each, OfficeAdmin)
        assert not each.has_add_permission(request)
        assert not each.has_change_permission(request)
        assert not each.has_delete_permission(request)
        assert each.get_actions(request) == {}
