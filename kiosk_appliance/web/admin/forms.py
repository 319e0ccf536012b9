"""What comes in and goes out on the admin paths, where no use case has the very words."""

import msgspec


class SetupBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The one-time code that the first start has shown, and the password to be."""

    code: str
    password: str


class LoginBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Name and password."""

    username: str
    password: str


class PasswordBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The password as it is, and as it is to be."""

    current: str
    new: str


class LoggedIn(msgspec.Struct, frozen=True):
    """A token for the Authorization header, and for how many seconds it holds."""

    access_token: str
    token_type: str
    expires_in: int


class BackgroundItem(msgspec.Struct, frozen=True):
    """One background as its keeper sees it."""

    id: str
    name: str
    mode: str
    is_active: bool
    display_order: int
    file_url: str
    thumbnail_url: str
    media_type: str
    file_size: int
    width: int
    height: int
    created_at: str


class TrialSms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of `POST /admin/test/sms`: to whom."""

    phone: str


class Due(msgspec.Struct, frozen=True):
    """How many deliveries are due now."""

    due: int


class Person(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of `POST /admin/erase`: whom, by one of the two."""

    phone: str | None = None
    email: str | None = None


class ErasureOrdered(msgspec.Struct, frozen=True):
    """Its answer: how many captures, and where to follow their erasure."""

    captures: int
    erasure_id: str


class CleanedUp(msgspec.Struct, frozen=True):
    """The answer of `POST /admin/cleanup`."""

    erased: int
