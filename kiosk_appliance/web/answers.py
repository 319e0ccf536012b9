"""The JSON answers of the public paths that are made of several use cases' words."""

import msgspec

from kiosk_appliance.core.space import Check


class About(msgspec.Struct, frozen=True):
    """The answer of `GET /` to a program."""

    name: str
    version: str
    status: str
    online: bool
    docs: str


class Health(msgspec.Struct, frozen=True):
    """The answer of `GET /health`."""

    status: str
    online: bool
    checks: dict[str, Check]
    version: str
    uptime_s: int


class SmsQueued(msgspec.Struct, frozen=True):
    """The answer of `POST /api/send-sms`."""

    sms_id: str
    status: str
    online: bool


class BackgroundView(msgspec.Struct, frozen=True):
    """One background as a guest page needs it."""

    id: str
    name: str
    mode: str
    file_url: str
    thumbnail_url: str
    display_order: int
