"""The small page behind a link: the photo, a save button, and the day it will be erased.

The same page is served by the kiosk and laid as a static object beside the photo in the cloud,
hence one file without script, in French with English below. Its style bears a hash, so that the
kiosk's content policy needs no exception.
"""

import base64
import hashlib
import html
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from string import Template

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def render(*, photo_url: str, width: int, height: int, erase_at_s: int | None) -> bytes:
    """Return the page as UTF-8 HTML; `photo_url` may be relative, `erase_at_s` is Unix time."""
    french, english = _erasure(erase_at_s)
    page = Template(_part("landing.html")).substitute(
        style=_part("landing.css"),
        photo=html.escape(photo_url, quote=True),
        width=str(width),
        height=str(height),
        erasure_fr=french,
        erasure_en=english,
    )
    return page.encode()


@cache
def content_security_policy() -> str:
    """Return the policy under which the kiosk serves the page: its style, its photo, its icon."""
    digest = base64.b64encode(hashlib.sha256(_part("landing.css").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _erasure(erase_at_s: int | None) -> tuple[str, str]:
    if erase_at_s is None:
        return "", ""
    day = datetime.fromtimestamp(erase_at_s, UTC)
    french_day = "1er" if day.day == 1 else str(day.day)
    # No-break spaces: a date is never torn at the end of a line.
    french = f"{french_day}&nbsp;{_MONTHS[day.month - 1]}&nbsp;{day.year}"
    english = f"{day.day}&nbsp;{_MONTHS_EN[day.month - 1]}&nbsp;{day.year}"
    return (
        f" <strong>Elle sera effacée le&nbsp;{french}.</strong>",
        f" <strong>It will be erased on&nbsp;{english}.</strong>",
    )


@cache
def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8").strip()
