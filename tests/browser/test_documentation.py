"""The API's documentation renders with every host but this machine out of reach."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_documentation_renders_with_nothing_from_elsewhere(
    open_page: OpenPage, path: str
) -> None:
    guest, _ = open_page((1280, 1000))
    page = guest.page
    page.goto(guest.url + path)
    expect(page.get_by_text("photo-too-many-pixels").first).to_be_visible(timeout=30_000)
    if path == "/redoc":
        page.get_by_text("Captures", exact=True).first.click()
    expect(page.get_by_text(re.compile("capture-batch")).first).to_be_visible()
