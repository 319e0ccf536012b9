"""The page behind a link: valid, small, under a policy that matches it."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from kiosk_appliance.core.landing import Offers, content_security_policy, render
from kiosk_appliance.domain.sms_texts import LANGUAGES

VOID = {"meta", "img", "link", "br"}


class Sound(HTMLParser):
    """Fails on an element that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes)
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text += text


def parsed(photo_url: str = "x.jpg", erase_at_s: int | None = 1_800_000_000) -> Sound:
    page = render(photo_url=photo_url, width=1200, height=800, erase_at_s=erase_at_s)
    assert len(page) < 30_000
    sound = Sound()
    sound.feed(page.decode())
    sound.close()
    assert sound.open == []
    assert "$" not in sound.text
    return sound


def test_page_is_sound_and_runs_its_own_script_only() -> None:
    sound = parsed()
    tags = [tag for tag, _ in sound.tags]
    scripts = [attributes for tag, attributes in sound.tags if tag == "script"]
    assert [one.get("type") for one in scripts] == ["application/json", None]
    assert not any("src" in one for one in scripts)
    assert tags.count("h1") == tags.count("img") == tags.count("a") == 1
    (image,) = [attributes for tag, attributes in sound.tags if tag == "img"]
    assert (image["width"], image["height"]) == ("1200", "800")
    assert image["alt"]
    for _, attributes in sound.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("address", ["/uploads/abc.jpg", "token.jpg"])
def test_photo_and_button_lead_to_the_same_file(address: str) -> None:
    sound = parsed(address)
    (image,) = [attributes for tag, attributes in sound.tags if tag == "img"]
    (button,) = [attributes for tag, attributes in sound.tags if tag == "a"]
    assert image["src"] == button["href"] == address
    assert button["download"]


def test_address_is_escaped() -> None:
    sound = parsed('"><script>alert(1)</script>&amp;')
    assert [tag for tag, _ in sound.tags].count("script") == 2


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        ("2027-01-15", "15 janvier 2027", "15 January 2027"),
        ("2027-02-01", "1er février 2027", "1 February 2027"),
        ("2026-08-31", "31 août 2026", "31 August 2026"),
        ("2026-12-01", "1er décembre 2026", "1 December 2026"),
    ],
)
def test_day_of_erasure_in_both_languages(day: str, french: str, english: str) -> None:
    moment = datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)
    text = parsed(erase_at_s=int(moment.timestamp())).text.replace("\u00a0", " ")
    assert f"Elle sera effacée le {french}." in text
    assert f"It will be erased on {english}." in text


def test_without_an_end_nothing_is_said_of_it() -> None:
    sound = parsed(erase_at_s=None)
    assert "effacée" not in sound.text
    assert "erased" not in sound.text
    assert "strong" not in [tag for tag, _ in sound.tags]


def test_policy_has_the_hash_of_the_style() -> None:
    page = render(photo_url="x.jpg", width=9, height=9, erase_at_s=None).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in content_security_policy()
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in content_security_policy()


def test_every_language_of_the_page_says_everything() -> None:
    page = render(photo_url="x.jpg", width=9, height=9, erase_at_s=None).decode()
    (words,) = re.findall(r'id="words">(.*?)</script>', page, re.DOTALL)
    languages = json.loads(words)
    assert tuple(languages) == LANGUAGES
    assert len({tuple(sentences) for sentences in languages.values()}) == 1
    for sentences in languages.values():
        assert "{day}" in sentences["day"]
        assert "{contact}" in sentences["ask"]
        assert "<" not in json.dumps(sentences)


def test_what_is_offered_is_on_the_page_and_escaped() -> None:
    offers = Offers(
        review_url='https://g.page/a?b=1&c="', token="tok", contact="<dpo@kiosk.example>"
    )
    page = render(photo_url="x.jpg", width=9, height=9, erase_at_s=None, offers=offers).decode()
    assert 'href="https://g.page/a?b=1&amp;c=&quot;"' in page
    assert 'data-token="tok"' in page
    assert "&lt;dpo@kiosk.example&gt;" in page


def test_nothing_is_loaded_from_elsewhere() -> None:
    addresses = [
        attributes.get(name) or ""
        for _, attributes in parsed().tags
        for name in ("src", "href")
        if name in attributes
    ]
    assert {address for address in addresses if not address.startswith("data:")} == {"x.jpg"}
    page = render(photo_url="x.jpg", width=9, height=9, erase_at_s=None).decode()
    assert "url(" not in page
    assert "@import" not in page
