"""Who the admin is, what the settings are, and who has done what."""

from kiosk_appliance.core.auditing import AuditItem
from kiosk_appliance.core.configuring import Config, ConfigItem
from kiosk_appliance.core.paging import MOST_ON_A_PAGE, USUAL, Page
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.web.admin.forms import LoggedIn, LoginBody, PasswordBody, SetupBody
from kiosk_appliance.web.contract.captures import UNCHANGED
from kiosk_appliance.web.contract.description import Answer, Content, Parameter, described

# Of every list.
PAGING = (
    Parameter(
        "limit",
        f"How many at most (default {USUAL}).",
        {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE},
    ),
    Parameter("cursor", "The `next_cursor` of the page before."),
)
_COOKIE = {"Set-Cookie": "The page's cookie, or its end."}
_NO_COOKIE = {204: Answer("Done; the cookie is taken away.", headers=_COOKIE)}
_COUNTDOWN = ConfigItem(
    key="guest.countdown_seconds",
    value=5,
    default=3,
    origin="admin",
    changeable=True,
    unit="seconds",
    minimum=1,
    maximum=30,
)
_SETTINGS = Answer("Every key.", (Content(Config, example=Config([_COUNTDOWN])),))
_LINE = AuditItem(
    id="Xk3v9QmZr1TbYw8Lc5NdE",
    at="2026-06-01T12:00:00.000Z",
    actor=Actor.ADMIN,
    action=Action.CONFIG,
    target="guest.countdown_seconds",
    detail="3 -> 5",
)

SETUP = described(
    body=(Content(SetupBody, example=SetupBody("ABCD-EFGH-JKLM", "at least 12 characters")),),
    answers={204: Answer("The password is set; log in with it.")},
    problems=("unauthenticated", "not-found", "insufficient-storage"),
)
LOGIN = described(
    body=(Content(LoginBody, example=LoginBody("admin", "at least 12 characters")),),
    answers={
        200: Answer(
            "Logged in.",
            (Content(LoggedIn, example=LoggedIn("eyJhbGciOiJIUzI1NiJ9...", "bearer", 86_400)),),
            _COOKIE,
        )
    },
    problems=("unauthenticated", "insufficient-storage"),
)
LOGOUT = described(answers=_NO_COOKIE, problems=("insufficient-storage",))
PASSWORD = described(
    body=(Content(PasswordBody, example=PasswordBody("the present one", "another, as long")),),
    answers=_NO_COOKIE,
    problems=("insufficient-storage",),
)
CONFIG = described(answers={200: _SETTINGS})
CHANGE_CONFIG = described(
    body=(Content({"type": "object"}, example={"guest.countdown_seconds": 5}),),
    answers={200: _SETTINGS},
    problems=("insufficient-storage",),
)
PAGE = described(
    answers={200: Answer("The page.", (Content({"type": "string"}, "text/html; charset=utf-8"),)),
             304: UNCHANGED},
    takes_any_query=True,
)  # fmt: skip
AUDIT = described(
    parameters=PAGING,
    answers={
        200: Answer("A page.", (Content(Page[AuditItem], example=Page([_LINE], None, 1)),)),
    },
)
