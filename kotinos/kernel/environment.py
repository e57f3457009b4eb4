"""Every setting, read once and typed. `docs/reference/settings.md` has a line for each."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class SettingError(Exception):
    """A setting is missing or cannot be read; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What a deployment may set. Names in capitals are the environment variables."""

    database_url: str  # DATABASE_URL: a PostgreSQL 15+ to use instead of the embedded one
    secret: str  # KOTINOS_SECRET: signs every token; required when KOTINOS_PRODUCTION is set
    production: bool  # KOTINOS_PRODUCTION: 1 refuses insecure defaults
    sandbox_payments: bool  # KOTINOS_SANDBOX_PAYMENTS: 1 lets orders be paid with no money
    data: Path  # KOTINOS_DATA: pictures, mails, the embedded database
    edition: str  # KOTINOS_EDITION: the code of the edition this installation opens with
    hosts: tuple[str, ...]  # KOTINOS_HOSTS: names the site answers to, separated by commas
    origin: str  # KOTINOS_ORIGIN: how the site is reached from outside, for links in mails
    territory_header: str  # KOTINOS_TERRITORY_HEADER: a header of the edge that names a viewer's
    address_header: str  # KOTINOS_ADDRESS_HEADER: a header of the edge with a sender's address
    live_host: str  # KOTINOS_LIVE_HOST: the address that live sources are listened for at
    channel_store: str  # KOTINOS_CHANNEL_STORE: a folder or s3://bucket/prefix for videos
    region: str  # KOTINOS_REGION: whose law the events stay under; ids are hashed per region
    events_days: int  # KOTINOS_EVENTS_DAYS: how long rows of what people did are kept
    dead_letter_days: int  # KOTINOS_DEAD_LETTER_DAYS: how long dead letters are kept
    lake: str  # KOTINOS_LAKE: a folder or s3://bucket/prefix for collected events
    s3_endpoint: str  # KOTINOS_S3_ENDPOINT: address of an S3-compatible store other than AWS
    ffmpeg: str  # KOTINOS_FFMPEG: path of an ffmpeg to use instead of the wheel's
    video_hours_max: int  # KOTINOS_VIDEO_HOURS_MAX: longer videos are refused
    upload_gigabytes_max: int  # KOTINOS_UPLOAD_GIGABYTES_MAX: larger files are refused


def read(variables: dict[str, str]) -> Environment:
    """The settings in these variables; SettingError where one is missing or malformed."""
    production = _flag(variables, "KOTINOS_PRODUCTION")
    data = Path(variables.get("KOTINOS_DATA") or ROOT / ".data")
    return Environment(
        database_url=variables.get("DATABASE_URL", ""),
        secret=_secret(variables, data, production=production),
        production=production,
        sandbox_payments=_flag(variables, "KOTINOS_SANDBOX_PAYMENTS", unset=not production),
        data=data,
        edition=variables.get("KOTINOS_EDITION", "K2030"),
        hosts=tuple(variables.get("KOTINOS_HOSTS", "127.0.0.1,localhost,[::1]").split(",")),
        origin=variables.get("KOTINOS_ORIGIN", "http://127.0.0.1:8000").rstrip("/"),
        territory_header=variables.get("KOTINOS_TERRITORY_HEADER", ""),
        address_header=variables.get("KOTINOS_ADDRESS_HEADER", ""),
        live_host=variables.get("KOTINOS_LIVE_HOST") or "127.0.0.1",
        channel_store=variables.get("KOTINOS_CHANNEL_STORE") or str(data / "channel"),
        region=variables.get("KOTINOS_REGION") or "world",
        events_days=_number(variables, "KOTINOS_EVENTS_DAYS", unset=400),
        dead_letter_days=_number(variables, "KOTINOS_DEAD_LETTER_DAYS", unset=14),
        lake=variables.get("KOTINOS_LAKE") or str(data / "insight" / "lake"),
        s3_endpoint=variables.get("KOTINOS_S3_ENDPOINT", ""),
        ffmpeg=variables.get("KOTINOS_FFMPEG", ""),
        video_hours_max=_number(variables, "KOTINOS_VIDEO_HOURS_MAX", unset=6),
        upload_gigabytes_max=_number(variables, "KOTINOS_UPLOAD_GIGABYTES_MAX", unset=20),
    )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings this process runs with."""
    return read(dict(os.environ))


def _flag(variables: dict[str, str], name: str, *, unset: bool = False) -> bool:
    text = variables.get(name, "1" if unset else "0")
    if text not in {"0", "1"}:
        raise SettingError(f"{name} is {text!r}; it takes 0 or 1")
    return text == "1"


def _number(variables: dict[str, str], name: str, *, unset: int) -> int:
    text = variables.get(name) or str(unset)
    if not text.isdecimal() or not int(text):
        raise SettingError(f"{name} is {text!r}; it takes a whole number above 0")
    return int(text)


def _secret(variables: dict[str, str], data: Path, *, production: bool) -> str:
    """The signing secret: set, or in development made once and kept in the data folder."""
    given = variables.get("KOTINOS_SECRET", "")
    if given:
        return given
    if production:
        raise SettingError("KOTINOS_SECRET is not set; a production site must have its own")
    path = data / "development-secret"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"development-secret.{secrets.token_hex(8)}"
        fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        fresh.chmod(0o600)
        with suppress(FileExistsError):
            os.link(fresh, path)  # the first of two processes wins, both read the same
        fresh.unlink()
    return path.read_text(encoding="utf-8")
