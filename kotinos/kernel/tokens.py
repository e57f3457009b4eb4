"""Signed tokens: what a stranger carries for us and cannot change.

A token is `payload.signature` in URL-safe base64: the payload is JSON with the purpose, an id and
an expiry; the signature is HMAC-SHA256 under a key derived from the installation's secret and the
purpose, so a token for one purpose is worth nothing for another.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from kotinos.kernel.environment import environment
from kotinos.kernel.ids import new_id

TOKEN_LENGTH_MAX = 4096


@dataclass(frozen=True, slots=True)
class Valid:
    payload: dict[str, Any]
    token_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Forged:
    """Not signed by this installation for this purpose, or damaged on the way."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Signed by us, and too old."""

    payload: dict[str, Any]


class _Body(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    token_id: UUID
    expires_at_s: int
    payload: dict[str, Any]


_decoder = msgspec.json.Decoder(_Body)


def sign(*, purpose: str, payload: dict[str, Any], expires_at: datetime) -> str:
    """A token that `read` accepts for the same purpose until `expires_at`."""
    body = msgspec.json.encode(_Body(new_id(), int(expires_at.timestamp()), payload))
    return f"{_text(body)}.{_text(_signature(purpose, body))}"


def read(*, purpose: str, token: str, now: datetime) -> Valid | Forged | Expired:
    """What the token says, where it is ours. Any text at all may be given; none raises."""
    if len(token) > TOKEN_LENGTH_MAX:
        return Forged()
    body_text, _, signature_text = token.partition(".")
    try:
        body, signature = _bytes(body_text), _bytes(signature_text)
    except ValueError:
        return Forged()
    if not hmac.compare_digest(signature, _signature(purpose, body)):
        return Forged()
    try:
        content = _decoder.decode(body)
    except msgspec.DecodeError:
        return Forged()
    expires_at = datetime.fromtimestamp(content.expires_at_s, timezone.utc)
    if now >= expires_at:
        return Expired(content.payload)
    return Valid(content.payload, content.token_id, expires_at)


def keyed_hash(purpose: str, text: str) -> str:
    """32 hexadecimal digits that stand for a text and cannot be turned back without our secret."""
    return _signature(purpose, text.encode()).hex()[:32]


def signature(purpose: str, body: bytes) -> str:
    """The signature alone, in hexadecimal, for bodies that travel beside it."""
    return _signature(purpose, body).hex()


def _signature(purpose: str, body: bytes) -> bytes:
    return hmac.digest(_key(environment().secret, purpose), body, "sha256")


@lru_cache(maxsize=256)
def _key(secret: str, purpose: str) -> bytes:
    """The key of one purpose; there are few purposes, and every request needs some."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes of canonical URL-safe base64; ValueError for anything else (UnicodeError is one).

    Decoding skips stray characters and trailing bits, so only the one text that encodes the
    bytes counts: a token has one spelling.
    """
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if _text(raw) != text:
        raise ValueError("not canonical")
    return raw
