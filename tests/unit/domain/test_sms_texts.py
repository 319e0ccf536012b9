"""Our own SMS in each language of the guest page: one segment, the link in it, no surprise."""

import pytest

from kiosk_appliance.domain.sms import segments
from kiosk_appliance.domain.sms_texts import LANGUAGES, in_language
from kiosk_appliance.settings.declarations import SMS_TEXT

SHORT_LINK = "https://photos.example.com/AbCdEfGhIjKlMnOpQrStUv.html"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_words_in_one_segment(language: str) -> None:
    text = in_language(SMS_TEXT, language)
    assert (text == SMS_TEXT) == (language == "fr")
    assert text.count("{link}") == 1
    counted = segments(text.replace("{link}", SHORT_LINK))
    assert (counted.encoding, counted.parts) == ("gsm7", 1), counted


def test_the_operator_s_own_words_stay_hers_in_any_language() -> None:
    assert in_language("Look: {link}", "de") == "Look: {link}"


@pytest.mark.parametrize("language", ["", "xx", "zh"])
def test_a_language_that_we_do_not_write_is_the_kiosk_s_and_else_french(language: str) -> None:
    assert in_language(SMS_TEXT, language, "nl") == in_language(SMS_TEXT, "nl")
    assert in_language(SMS_TEXT, language) == SMS_TEXT
