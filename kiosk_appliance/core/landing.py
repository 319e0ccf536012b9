"""The small page behind a link: the photo, a save button, and the day it will be erased.

The same page is served by the kiosk and laid as a static object beside the photo in the cloud,
hence one file, in French with English below; its small script puts it into the phone's own language
and offers what needs a script (sharing, erasing). Both bear a hash, so that the kiosk's content
policy needs no exception.
"""

import base64
import hashlib
import html
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from string import Template

import msgspec

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offers:
    """What a guest can do beyond saving; each is left out where it is None.

    `token` erases the photo, which only the kiosk's own copy of the page can do; the other one
    names the `contact` who can.
    """

    review_url: str | None = None
    token: str | None = None
    contact: str | None = None


def render(
    *,
    photo_url: str,
    width: int,
    height: int,
    erase_at_s: int | None,
    offers: Offers | None = None,
) -> bytes:
    """Return the page as UTF-8 HTML; `photo_url` may be relative, `erase_at_s` is Unix time."""
    french, english = _erasure(erase_at_s)
    page = Template(_part("landing.html")).substitute(
        head=_head("Votre photo"),
        photo=html.escape(photo_url, quote=True),
        width=str(width),
        height=str(height),
        erasure_fr=french,
        erasure_en=english,
        erased="" if erase_at_s is None else f' data-erased="{_day(erase_at_s):%Y-%m-%d}"',
        more=_more(offers or Offers()),
        words=_part("landing.json"),
        script=_part("landing.js"),
    )
    return page.encode()


def nothing(language: str, *, erased: bool) -> bytes:
    """Return the page of a link that leads to no photo, in a language by its two letters.

    Only the kiosk serves it: French where it does not speak the phone's language.
    """
    known = _nothing()
    language = language if language in known else "fr"
    title, words = known[language]["erased" if erased else "unknown"]
    page = Template(_part("nothing.html")).substitute(
        language=language, head=_head(title), title=title, words=words
    )
    return page.encode()


def _head(title: str) -> str:
    return Template(_part("landing_head.html")).substitute(title=title, style=_part("landing.css"))


@cache
def _nothing() -> dict[str, dict[str, tuple[str, str]]]:
    kind = dict[str, dict[str, tuple[str, str]]]
    return msgspec.json.decode(_part("nothing.json"), type=kind)


@cache
def content_security_policy() -> str:
    """Return the policy under which the kiosk serves the page: its own parts, and nothing else."""
    style, script = (
        base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode()
        for name in ("landing.css", "landing.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _erasure(erase_at_s: int | None) -> tuple[str, str]:
    if erase_at_s is None:
        return "", ""
    day = _day(erase_at_s)
    french_day = "1er" if day.day == 1 else str(day.day)
    # No-break spaces: a date is never torn at the end of a line.
    french = f"{french_day}&nbsp;{_MONTHS[day.month - 1]}&nbsp;{day.year}"
    english = f"{day.day}&nbsp;{_MONTHS_EN[day.month - 1]}&nbsp;{day.year}"
    return (
        f' <strong id="day">Elle sera effacée le&nbsp;{french}.</strong>',
        f" <strong>It will be erased on&nbsp;{english}.</strong>",
    )


def _more(offers: Offers) -> str:
    lines = []
    if offers.review_url:
        address = html.escape(offers.review_url, quote=True)
        lines.append(f'<a id="review" class="plain" href="{address}">Laisser un avis</a>')
    if offers.token:
        token = html.escape(offers.token, quote=True)
        lines.append(f'<button id="erase" class="quiet" data-token="{token}" hidden></button>')
    if offers.contact:
        contact = html.escape(offers.contact, quote=True)
        lines.append(f'<p id="contact" data-contact="{contact}">{contact}</p>')
    return "\n".join(lines)


def _day(erase_at_s: int) -> datetime:
    return datetime.fromtimestamp(erase_at_s, UTC)


@cache
def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8").strip()
