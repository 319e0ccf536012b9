"""The admin's list of captures: what a guest can see of hers, and whose it is.

Knows no way to change any of them.
"""

from collections.abc import Callable

import msgspec

from kiosk_appliance.core.following import Following, StatusView
from kiosk_appliance.core.oversight import parse_state
from kiosk_appliance.core.paging import Page, page_of
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.guest import parse_email, parse_phone
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.album import Album as Rows
from kiosk_appliance.store.album import Sought
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.paging import Window


class Consents(msgspec.Struct, frozen=True):
    """What the guest agreed to."""

    sms: bool
    marketing: bool


class CaptureItem(StatusView, frozen=True, kw_only=True):
    """One capture in the admin's list."""

    phone: str | None
    email: str | None
    consent: Consents
    background_id: str | None
    width: int
    height: int
    file_size: int
    token: str


class Album:
    """Looks through the captures for whoever looks after the kiosk."""

    def __init__(
        self, *, settings: Callable[[], Settings], database: Database, following: Following
    ) -> None:
        self._settings = settings
        self._rows = Rows(database.aside)
        self._following = following

    async def page(self, sought: Sought, window: Window) -> Page[CaptureItem]:
        """Return a page of the captures that are not erased, newest first."""
        rows = await self._rows.page(sought, window)
        of = await self._rows.deliveries_of([capture.id for _, capture in rows])
        total = await self._rows.total(sought)
        return page_of(rows, window, total, lambda one: self._item(one, of[one.id]))

    def sought(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        state: str | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> Sought:
        """Return what these words ask for; raises InvalidRequest naming the wrong field."""
        countries = self._settings().sms.countries
        return Sought(
            phone=None if phone is None else parse_phone(phone, countries).e164,
            email=None if email is None else parse_email(email),
            state=parse_state(state),
            since=since,
            until=until,
        )

    def _item(self, capture: Capture, deliveries: list[Delivery]) -> CaptureItem:
        seen = self._following.view(capture, deliveries)
        return CaptureItem(
            **{name: getattr(seen, name) for name in StatusView.__struct_fields__},
            phone=capture.phone,
            email=capture.email,
            consent=Consents(capture.consent.sms, capture.consent.marketing),
            background_id=capture.background_id,
            width=capture.width,
            height=capture.height,
            file_size=capture.file_size,
            token=capture.token,
        )
