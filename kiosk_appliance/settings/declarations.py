"""Every setting of the appliance, each declared once.

The classes are what the program reads, and the table that the file, the example, the messages and
the admin page are made from. A new key is one more line here. Knows no file and no reading.
"""
# ruff: noqa: RUF009 -- key(), unset() and table() return dataclass fields

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from kiosk_appliance.settings.declaring import Declaration, key, table, tables_of, unset
from kiosk_appliance.settings.kinds import Choice, Duration, Each, FilePath, Flag, Size, Text, Whole
from kiosk_appliance.settings.passwords import Password
from kiosk_appliance.settings.special import (
    Colour,
    Country,
    Listener,
    NetworkKind,
    Origin,
    OvhEndpoint,
    QuietHoursKind,
    SecretText,
    Sender,
    SmsText,
    TimeOfDay,
    Url,
)
from kiosk_appliance.settings.values import Address, Network, QuietHours, Secret

# Left as it is, a guest gets it in her language (`domain/sms_texts`).
SMS_TEXT = "Bonjour, votre selfie vous attend ici : {link} Merci de votre visite !"
# French, hence left out where the page starts in another language (`web/monitor`).
WELCOME_MESSAGE = "Bienvenue ! Prenez votre selfie !"
SUCCESS_MESSAGE = "Photo prise avec succès !"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The kiosk itself."""

    name: str = key(Text(60), "kiosk", "Name of this kiosk, in logs, reports and the admin page.")
    data_dir: Path = key(
        FilePath(), "./var", "Folder of the database, the photos and the backgrounds.",
        source="DATABASE_URL UPLOAD_DIR", restart=True,
    )  # fmt: skip
    language: str = key(
        Choice("fr", "en", "de", "es", "it", "nl"), "fr",
        "Language that the guest page starts in, and of an SMS whose guest named none.", admin=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the appliance answers. A change here needs a restart."""

    guest: Address = key(
        Listener(), "127.0.0.1:8000", "Address of the guest page. Keep it on this machine.",
        restart=True,
    )  # fmt: skip
    admin: Address = key(
        Listener(), "127.0.0.1:8000",
        "Address of the admin page, best on the VPN. The same as guest: one listener for both.",
        restart=True,
    )  # fmt: skip
    allowed_origins: tuple[str, ...] = key(
        Each(Origin()), [], "Other web sites whose pages may call the API.",
        source="ALLOWED_ORIGINS", restart=True, example='["https://kiosk.example"]',
    )  # fmt: skip
    requests_per_minute: int = key(
        Whole(1, 1_000_000, "requests"), 100, "Requests per minute that one address may make.",
        restart=True,
    )  # fmt: skip
    unlimited: tuple[Network, ...] = key(
        Each(NetworkKind()), ["127.0.0.1", "::1"], "Addresses whose requests are not counted.",
        restart=True,
    )  # fmt: skip
    trusted_proxies: tuple[Network, ...] = key(
        Each(NetworkKind()), [], "Reverse proxies whose forwarded addresses are believed.",
        restart=True, example='["127.0.0.1"]',
    )  # fmt: skip
    tls_certificate: Path | None = unset(
        FilePath(), "Certificate (PEM) for https on the admin listener. Goes with tls_key.",
        restart=True, example='"/etc/kiosk-appliance/admin.crt"',
    )  # fmt: skip
    tls_key: Path | None = unset(
        FilePath(), "Private key (PEM) of tls_certificate.",
        restart=True, example='"/etc/kiosk-appliance/admin.key"',
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admin:
    """Who may use the admin page. Without a password here, the first start prints a set-up code."""

    username: str = key(Text(60), "admin", "Name to log in with.", source="ADMIN_USERNAME")
    password: Secret | None = unset(
        Password(), "Password to log in with, in a file of its own.",
        source="ADMIN_PASSWORD", admin=True, only_as_file=True,
    )  # fmt: skip
    api_key: Secret | None = unset(
        SecretText(), "Key that programs send as X-API-Key. Off without one.",
        source="ADMIN_API_KEY",
    )  # fmt: skip
    session: float = key(
        Duration("1 min", "30 days", "h"), "24 h", "How long a log-in lasts.",
        source="ACCESS_TOKEN_EXPIRE_MINUTES",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Photo:
    """What is taken in, and what becomes of it."""

    max_size: int = key(
        Size("100 kB", "64 MB"), "10 MB", "Largest photo taken in.", source="MAX_FILE_SIZE"
    )
    formats: tuple[str, ...] = key(
        Each(Choice("jpeg", "png", "webp"), minimum=1), ["jpeg", "png", "webp"],
        "Formats taken in, by content, never by name.", source="ALLOWED_EXTENSIONS",
    )  # fmt: skip
    max_pixels: int = key(
        Whole(100_000, 200_000_000, "pixels"), 40_000_000, "Largest width times height taken in."
    )
    max_batch_size: int = key(
        Size("1 MB", "512 MB"), "64 MB", "Largest body of a request that holds several photos."
    )
    long_side: int = key(
        Whole(320, 8000, "pixels"), 2400, "Longer side of the finished photo, at most."
    )
    quality: int = key(Whole(30, 100), 88, "JPEG quality of the finished photo.")


@dataclass(frozen=True, slots=True)
class Storage:
    """Where photos are uploaded to: a Swift container, or a folder of this machine."""

    channel: str = key(
        Choice("swift", "directory"), "directory",
        '"swift" uploads to a container; "directory" copies to data_dir/cloud.',
    )  # fmt: skip
    auth_url: str | None = unset(
        Url(path_holds="/v3"), "Keystone's address, with /v3.",
        source="SWIFT_AUTH_URL OS_AUTH_URL", example='"https://auth.cloud.ovh.net/v3"',
    )  # fmt: skip
    username: str | None = unset(
        Text(200), "OpenStack user.", source="SWIFT_USERNAME OS_USERNAME", example='"user-abc123"'
    )
    password: Secret | None = unset(
        SecretText(), "Password of the OpenStack user.", source="SWIFT_PASSWORD OS_PASSWORD"
    )
    tenant_name: str | None = unset(
        Text(200), "OpenStack project (tenant).",
        source="SWIFT_TENANT_NAME OS_TENANT_NAME OS_PROJECT_NAME", example='"1234567890123456"',
    )  # fmt: skip
    region: str | None = unset(
        Text(60), "Region of the container.", source="SWIFT_REGION OS_REGION_NAME", example='"GRA"'
    )
    container: str | None = unset(
        Text(200), "Container for the photos: readable by link, not listable.",
        source="SWIFT_CONTAINER", example='"selfie-photos"',
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sms:
    """The message that brings the link to a guest's phone."""

    channel: str = key(
        Choice("ovh", "file"), "file", '"ovh" sends by OVH; "file" writes to data_dir/sms.txt.'
    )
    service_name: str | None = unset(
        Text(60), "OVH's SMS account.",
        source="SMS_SERVICE_NAME OVH_SMS_SERVICE_NAME", example='"sms-ab12345-1"',
    )  # fmt: skip
    sender: str = key(
        Sender(), "SelfieKiosk", "Who the SMS comes from; OVH must have validated the name.",
        source="SMS_SENDER OVH_SMS_SENDER",
    )  # fmt: skip
    text: str = key(
        SmsText(600), SMS_TEXT,
        "The message; {link} becomes the link. Left as it is, it comes in the guest's language.",
        admin=True,
    )  # fmt: skip
    countries: tuple[str, ...] = key(
        Each(Country(), minimum=1, maximum=300), ["FR"], "Countries whose numbers get an SMS.",
        admin=True,
    )  # fmt: skip
    per_number_per_day: int = key(
        Whole(1, 100_000, "SMS"), 3, "SMS that one number gets in a day, at most.", admin=True
    )
    per_day: int = key(
        Whole(1, 1_000_000, "SMS"), 500, "SMS that this kiosk sends in a day, at most.", admin=True
    )
    expires_after: float = key(
        Duration("1 s", "30 days", "h"), "24 h", "An SMS that could not leave by then is dropped.",
        admin=True,
    )  # fmt: skip
    quiet_hours: QuietHours | None = unset(
        QuietHoursKind(),
        "Hours, local time, in which held-up SMS wait; a guest who stands there gets hers.",
        admin=True, example='"22:00-08:00"',
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ovh:
    """The OVH account that sends the SMS; the three keys come from OVH's token page."""

    endpoint: str | None = unset(
        OvhEndpoint(), "OVH's API, by name or by address with the version in it.",
        source="OVH_ENDPOINT", example='"ovh-eu"',
    )  # fmt: skip
    application_key: Secret | None = unset(
        SecretText(), "Application key.", source="OVH_APPLICATION_KEY OVH_APP_KEY"
    )
    application_secret: Secret | None = unset(
        SecretText(), "Application secret.", source="OVH_APPLICATION_SECRET OVH_APP_SECRET"
    )
    consumer_key: Secret | None = unset(SecretText(), "Consumer key.", source="OVH_CONSUMER_KEY")


@dataclass(frozen=True, slots=True)
class Links:
    """The link that a guest gets."""

    base_url: str | None = unset(
        Url(),
        "Where a guest's phone finds photos: this kiosk, or a short domain before the container.",
        source="PUBLIC_BASE_URL", example='"http://localhost:8000"',
    )  # fmt: skip
    style: str = key(
        Choice("public", "temporary"),
        "public",
        "Plain links, or signed ones that end by themselves.",
    )
    landing_page: bool = key(
        Flag(), default=True, help="Lay a small page with a save button beside each photo."
    )


@dataclass(frozen=True, slots=True)
class Postgres:
    """A central database that is told of every capture. Off without a url."""

    url: Secret | None = unset(
        SecretText("postgresql://", "postgres://"), "Address with user and password.",
        source="REMOTE_DATABASE_URL",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guest:
    """What the guest sees."""

    countdown_seconds: int = key(
        Whole(1, 30, "seconds"), 3, "Countdown before the photo.",
        source="COUNTDOWN_SECONDS", admin=True,
    )  # fmt: skip
    welcome_message: str = key(
        Text(200), WELCOME_MESSAGE, "First words on the screen.",
        source="WELCOME_MESSAGE", admin=True,
    )  # fmt: skip
    success_message: str = key(
        Text(200), SUCCESS_MESSAGE, "Words after the photo.",
        source="SUCCESS_MESSAGE", admin=True,
    )  # fmt: skip
    google_review_url: str | None = unset(
        Url(query=True), "Where a happy guest may leave a review.",
        source="GOOGLE_REVIEW_URL", admin=True, example='"https://g.page/your-business/review"',
    )  # fmt: skip
    google_review_enabled: bool = key(
        Flag(), default=False, help="Ask for a review at the end.",
        source="GOOGLE_REVIEW_ENABLED", admin=True,
    )  # fmt: skip
    idle_timeout: float = key(
        Duration("5 s", "10 min"), "45 s", "The screen starts over when nobody touches it.",
        admin=True,
    )  # fmt: skip
    retakes: int = key(Whole(0, 20), 3, "How often a guest may take the photo again.", admin=True)
    marketing_opt_in: bool = key(
        Flag(), default=False, help="Show a box, never ticked, that asks for marketing consent.",
        admin=True,
    )  # fmt: skip
    colour: str = key(
        Colour(), "#ffc02e", "Colour of the guest page; its words stay readable on any.", admin=True
    )
    logo: Path | None = unset(
        FilePath(), "Your logo on the first screen: a PNG, JPEG or WebP picture of 1 MB at most.",
        example='"/etc/kiosk-appliance/logo.png"',
    )  # fmt: skip
    privacy_contact: str | None = unset(
        Text(200), "Whom a guest asks about her data: an e-mail address or a phone number.",
        admin=True, example='"privacy@your-business.example"',
    )  # fmt: skip

    @property
    def review_url(self) -> str | None:
        """Where a review can be left, if guests are to be asked for one."""
        return self.google_review_url if self.google_review_enabled else None


@dataclass(frozen=True, slots=True)
class Outbox:
    """How failures are repeated. Being offline costs no attempt."""

    retry_attempts: int = key(
        Whole(1, 100, "attempts"), 5, "Attempts before a photo or SMS at fault itself is given up.",
        source="SYNC_RETRY_ATTEMPTS",
    )  # fmt: skip
    retry_delay: float = key(
        Duration("100 ms", "1 h"), "60 s", "Wait before the first repeat; later ones wait longer.",
        source="SYNC_RETRY_DELAY",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Retention:
    """When photos are erased, here and in the cloud."""

    days: int = key(
        Whole(1, 3650, "days"), 30, "Age at which a capture is erased everywhere.",
        source="AUTO_DELETE_DAYS RETENTION_DAYS", admin=True,
    )  # fmt: skip
    enabled: bool = key(
        Flag(), default=True, help="Erase by age at all.", source="AUTO_DELETE_ENABLED", admin=True
    )
    local_after_sync: float = key(
        Duration("0 s", "3650 days", "days"), "7 days",
        "How long the kiosk keeps its own copy once the photo is in the cloud.", admin=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Log:
    """What is written about the appliance's work. Never a phone number, a link or a secret."""

    level: str = key(
        Choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "The least that is worth a line.",
        source="LOG_LEVEL",
    )  # fmt: skip
    file: Path | None = unset(
        FilePath(), "A file of its own. Without one: standard output, for the journal.",
        source="LOG_FILE", example='"/var/log/kiosk-appliance/kiosk.log"',
    )  # fmt: skip
    max_size: int = key(
        Size("10 kB", "1 GB"), "10 MB", "A full log file is put aside and a new one begun.",
        source="LOG_MAX_BYTES",
    )  # fmt: skip
    backups: int = key(
        Whole(0, 100, "files"), 5, "Full log files that are kept.", source="LOG_BACKUP_COUNT"
    )


@dataclass(frozen=True, slots=True)
class Disk:
    """What happens when the disk fills up. On a disk too small for the defaults, each gives way."""

    warn_below: int = key(Size("0 MB", "100 TB"), "2 GB", "Free space that degrades the health.")
    refuse_below: int = key(
        Size("0 MB", "100 TB"), "500 MB", "Free space below which no photo is taken in."
    )
    reserve: int = key(
        Size("0 MB", "100 TB"),
        "64 MB",
        "Space set aside for what has to be written down on a full disk.",
    )


@dataclass(frozen=True, slots=True)
class Health:
    """How often the appliance looks after itself."""

    check_interval: float = key(
        Duration("1 s", "1 h"), "60 s", "Time between two looks.", source="HEALTH_CHECK_INTERVAL"
    )


@dataclass(frozen=True, slots=True)
class Backup:
    """The nightly copy of the database."""

    directory: Path | None = unset(
        FilePath(), "Folder of the backups. Without one: data_dir/backups.",
        example='"/srv/kiosk-backups"',
    )  # fmt: skip
    at: time = key(TimeOfDay(), "03:30", "Local time at which it is made.")
    keep: int = key(Whole(1, 365, "backups"), 7, "Backups that are kept.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of kiosk.toml; every value normalised, every default in place."""

    kiosk: Kiosk = table(Kiosk)
    listen: Listen = table(Listen)
    admin: Admin = table(Admin)
    guest: Guest = table(Guest)
    photo: Photo = table(Photo)
    storage: Storage = table(Storage)
    sms: Sms = table(Sms)
    ovh: Ovh = table(Ovh)
    links: Links = table(Links)
    outbox: Outbox = table(Outbox)
    retention: Retention = table(Retention)
    postgres: Postgres = table(Postgres)
    disk: Disk = table(Disk)
    health: Health = table(Health)
    backup: Backup = table(Backup)
    log: Log = table(Log)


TABLES = {each.name: each for each in tables_of(Settings)}
DECLARATIONS: dict[str, Declaration] = {
    one.key: one for each in TABLES.values() for one in each.keys
}
