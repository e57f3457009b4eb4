"""The checkout form: what it asks for in each country, and what was wrong with what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kotinos.games import api as games
from kotinos.kernel import tokens
from kotinos.kernel.ids import new_id
from kotinos.kernel.money import Money
from kotinos.kernel.place import Place
from kotinos.orders import addresses
from kotinos.orders.contracts import (
    Change,
    ChangeView,
    CheckoutView,
    FieldChoice,
    FormFieldView,
    TerritorySwitch,
)
from kotinos.orders.pages import amount, line_views, product_path, totals_view
from kotinos.orders.quoting import Seen
from kotinos.orders.wording import say, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kotinos.orders.addresses import AddressFormat
    from kotinos.orders.quoting import Quote

QUOTE_PURPOSE = "orders.quote"
QUOTE_HOURS = 12
EMAIL_LENGTH_MAX = 254
PHONE_LENGTH_MAX = 30
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filled:
    """A checkout form as it came in: what is kept, and the code of what is wrong with a field."""

    typed: Mapping[str, str]
    email: str
    territory: str
    address: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the form's hidden quote says: its key, its basket and what the buyer saw."""

    key: UUID
    basket_id: UUID
    seen: Seen


def read_form(typed: Mapping[str, str], *, territory: str) -> Filled:
    """Read the fields of this territory's form; nonsense becomes an error code, never a crash."""
    form = addresses.address_format(territory)
    address, errors = addresses.clean(typed, form)
    email = typed.get("email", "").strip()
    chosen = typed.get("territory", "").strip().upper() or territory
    if not _is_email(email):
        errors["email"] = "email" if email else "required"
    phone = " ".join(typed.get("phone", "").split())
    if phone and not (len(phone) <= PHONE_LENGTH_MAX and _PHONE.fullmatch(phone)):
        errors["phone"] = "phone"
    elif phone:
        address["phone"] = phone
    if chosen not in games.territory_names("en"):
        errors["territory"] = "territory"
        chosen = territory
    elif chosen != territory:
        errors["territory"] = "switch"
    return Filled(typed, email, chosen, address, errors)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_LENGTH_MAX and text.isprintable()


def sign_quote(quoted: Quote, *, basket_id: UUID, territory: str, now: datetime) -> str:
    """What the buyer is shown, signed: the key that this form places under, and its prices."""
    if quoted.totals is None:
        return ""
    payload: dict[str, Any] = {
        "key": str(new_id()),
        "basket": str(basket_id),
        "territory": territory,
        "total": quoted.totals.total.minor,
        "currency": quoted.totals.total.currency,
        "prices": [
            [line.position, line.unit_price.minor] for line in quoted.lines if line.unit_price
        ],
    }
    expires_at = now + timedelta(hours=QUOTE_HOURS)
    return tokens.sign(purpose=QUOTE_PURPOSE, payload=payload, expires_at=expires_at)


def read_quote(token: str, *, now: datetime) -> Submitted | None:
    """The quote of a submitted form; None where it is forged, damaged or too old."""
    read = tokens.read(purpose=QUOTE_PURPOSE, token=token, now=now)
    if not isinstance(read, tokens.Valid):
        return None
    said = read.payload
    seen = Seen(
        territory=said["territory"],
        prices_minor=dict(said["prices"]),
        total=Money(said["total"], said["currency"]),
    )
    return Submitted(UUID(said["key"]), UUID(said["basket"]), seen)


def checkout_view(
    quoted: Quote,
    *,
    filled: Filled,
    changes: tuple[Change, ...],
    basket_id: UUID,
    place: Place,
    signed_in_email: str,
    now: datetime,
) -> CheckoutView | None:
    """The page, with what was typed and what is to be said; None where nothing can be bought."""
    if quoted.totals is None:
        return None
    language = place.language
    fields = form_fields(filled, place)
    return CheckoutView(
        lines=line_views(quoted, place=place, now=now),
        totals=totals_view(quoted.totals, language),
        fields=fields,
        errors=tuple((one.name, one.error) for one in fields if one.error),
        changes=tuple(_change_view(change, place) for change in changes),
        switch=_switch(filled, place),
        quote=sign_quote(quoted, basket_id=basket_id, territory=place.territory, now=now),
        territory_name=games.territory_name(place.territory, language),
        signed_in_email=signed_in_email,
    )


def _switch(filled: Filled, place: Place) -> TerritorySwitch | None:
    if filled.territory == place.territory:
        return None
    there = games.territory_name(filled.territory, place.language)
    return TerritorySwitch(
        sentence=say("switch", place.language, there=there),
        url=f"/{Place(place.language, filled.territory).slug}/checkout/",
        territory=filled.territory,
        territory_name=there,
    )


def form_fields(filled: Filled, place: Place) -> tuple[FormFieldView, ...]:
    """The fields in the country's own order, between the email and the phone."""
    form = addresses.address_format(place.territory)
    return (
        _plain(filled, place, "email", kind="email", required=True, autocomplete="email"),
        _territory_field(filled, place),
        *(_address_field(name, form, filled, place) for name in form.order),
        _plain(filled, place, "phone", kind="tel", required=False, autocomplete="tel"),
    )


def _plain(
    filled: Filled, place: Place, name: str, *, kind: str, required: bool, autocomplete: str
) -> FormFieldView:
    return FormFieldView(
        name=name,
        label=say(f"field-{name}", place.language),
        kind=kind,
        value=filled.typed.get(name, ""),
        required=required,
        autocomplete=f"shipping {autocomplete}" if name == "phone" else autocomplete,
        pattern="",
        example="",
        choices=(),
        error=_error(name, filled, place),
    )


def _territory_field(filled: Filled, place: Place) -> FormFieldView:
    language = place.language
    names = games.territory_names(language)
    return FormFieldView(
        name="territory",
        label=say("field-territory", language),
        kind="select",
        value=filled.territory,
        required=True,
        autocomplete="shipping country",
        pattern="",
        example="",
        choices=tuple(
            FieldChoice(code, names[code]) for code in games.sorted_by_name(names, language)
        ),
        error=_error("territory", filled, place),
    )


def _address_field(name: str, form: AddressFormat, filled: Filled, place: Place) -> FormFieldView:
    key = f"region-{form.region_word}" if name == "region" else f"field-{name}"
    is_postal = name == "postal_code"
    return FormFieldView(
        name=name,
        label=say(key, place.language),
        kind="text",
        value=filled.typed.get(name, ""),
        required=name in form.required,
        autocomplete=f"shipping {addresses.AUTOCOMPLETE[name]}",
        pattern=form.postal_pattern if is_postal else "",
        example=form.postal_example if is_postal else "",
        choices=(),
        error=_error(name, filled, place),
    )


def _error(name: str, filled: Filled, place: Place) -> str:
    code = filled.errors.get(name)
    return error_sentence(name, code, place, territory=filled.territory) if code else ""


def error_sentence(name: str, code: str, place: Place, *, territory: str = "") -> str:
    """What to say beside a field for a code; `territory` is the one that was chosen."""
    language = place.language
    here = games.territory_name(place.territory, language)
    return say(
        f"error-{code}",
        language,
        max=addresses.LENGTH_MAX.get(name, addresses.LENGTH_MAX_DEFAULT),
        territory=here,
        # Between isolating marks: in a line of Arabic its parts keep their order.
        example=f"\u2066{addresses.address_format(place.territory).postal_example}\u2069",
        here=here,
        there=games.territory_name(territory or place.territory, language),
    )


def _change_view(change: Change, place: Place) -> ChangeView:
    language = place.language
    values: dict[str, object] = {"title": change.title, "units": change.units}
    for name, money in (("before", change.before), ("after", change.after)):
        values[name] = amount(money, language).text if money else ""
    key = f"change-{change.kind}"
    if key not in words():
        values["reason"] = say(f"problem-{change.kind}", language, units=change.units)
        key = "change-line"
    url = product_path(place, change.handle) if change.kind == "rights" else ""
    return ChangeView(say(key, language, **values), url)
