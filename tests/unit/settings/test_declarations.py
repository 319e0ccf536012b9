"""Every row of the settings page has its key, and every declaration is whole."""

import tomllib

import pytest

from kiosk_appliance.settings import Address, Secret, Settings
from kiosk_appliance.settings.declarations import DECLARATIONS, TABLES

# The rows of the settings page, copied.
_PAGE = {
    "kiosk": "name data_dir language",
    "listen": "guest admin allowed_origins requests_per_minute unlimited trusted_proxies"
    " tls_certificate tls_key",
    "admin": "session username password api_key",
    "photo": "max_size formats max_pixels max_batch_size long_side quality",
    "ovh": "endpoint application_key application_secret consumer_key",
    "sms": "channel service_name sender text countries per_number_per_day per_day expires_after"
    " quiet_hours",
    "storage": "channel auth_url username password tenant_name region container",
    "links": "base_url style landing_page",
    "postgres": "url",
    "guest": "countdown_seconds welcome_message success_message google_review_url"
    " google_review_enabled idle_timeout retakes marketing_opt_in privacy_contact colour logo",
    "outbox": "retry_attempts retry_delay",
    "retention": "days enabled local_after_sync",
    "log": "level file max_size backups",
    "disk": "warn_below refuse_below reserve",
    "health": "check_interval",
    "backup": "directory at keep",
}
_ADMIN_MAY_CHANGE = {
    "kiosk.language",
    "admin.password",
    *(f"guest.{name}" for name in _PAGE["guest"].split() if name != "logo"),
    *(f"retention.{name}" for name in _PAGE["retention"].split()),
    *(
        f"sms.{name}"
        for name in "text countries per_number_per_day per_day expires_after quiet_hours".split()  # noqa: SIM905
    ),
}
# GSM 03.38: the basic set, and the characters that count twice.
_GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def test_every_row_of_the_settings_page_has_its_key() -> None:
    declared = {table.name: {one.name for one in table.keys} for table in TABLES.values()}
    assert declared == {table: set(names.split()) for table, names in _PAGE.items()}


def test_the_admin_may_change_what_the_page_says() -> None:
    assert {k for k, d in DECLARATIONS.items() if d.terms.admin_may_change} == _ADMIN_MAY_CHANGE


def test_only_listeners_and_the_data_folder_need_a_restart() -> None:
    restart = {f"listen.{name}" for name in _PAGE["listen"].split()} | {"kiosk.data_dir"}
    assert {k for k, d in DECLARATIONS.items() if d.terms.needs_restart} == restart


@pytest.mark.parametrize("key", DECLARATIONS)
def test_every_declaration_is_whole(key: str) -> None:
    declaration = DECLARATIONS[key]
    terms = declaration.terms
    assert terms.help.endswith(".")
    assert len(terms.help) < 100
    assert declaration.allowed
    assert terms.optional == (terms.default is None)
    if terms.default is not None:
        raw = tomllib.loads(f"x = {terms.kind.show(terms.default)}")["x"]
        assert terms.kind.read(raw) == terms.default
    elif not declaration.secret:
        terms.kind.read(tomllib.loads(f"x = {terms.example}")["x"])


def test_embedded_defaults() -> None:
    settings = Settings()
    assert settings.listen.guest == settings.listen.admin == Address("127.0.0.1", 8000)
    assert settings.photo.max_size == 10 * 1_048_576
    assert settings.admin.session == 86_400
    assert settings.sms.sender == "SelfieKiosk"
    assert settings.outbox.retry_delay == 60
    assert settings.links.base_url is None
    assert settings.guest.welcome_message == "Bienvenue ! Prenez votre selfie !"
    assert settings.guest.success_message == "Photo prise avec succès !"


def test_the_default_sms_is_one_plain_segment() -> None:
    text = Settings().sms.text.replace("{link}", f"https://photos.example/{'a' * 21}.html")
    assert set(text) <= _GSM_7
    assert len(text) <= 160


def test_a_secret_is_never_printed() -> None:
    secret = Secret("s" * 32)
    assert {str(secret), repr(secret), f"{secret}"} == {"set (32 characters)"}
    assert str([secret]) == "[set (32 characters)]"
    assert secret.reveal() == "s" * 32


def test_addresses_read_back_as_they_are_written() -> None:
    assert str(Address("::1", 80)) == "[::1]:80"
    assert str(Address("kiosk.example", 80)) == "kiosk.example:80"
