import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.sms import Segments, plainer, segments

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€\f"
OUTSIDE = "çêëîïôûœÈÀ«»\u2019…\u2013—°🎉"
gsm7 = st.text(alphabet=BASIC + EXTENSION, max_size=700)


def test_alphabet_has_the_127_characters_that_are_not_the_escape() -> None:
    assert len(set(BASIC)) == 127
    assert segments(BASIC).encoding == "gsm7"


@pytest.mark.parametrize("character", OUTSIDE)
def test_one_character_outside_makes_it_ucs2_and_is_named(character: str) -> None:
    counted = segments(f"Votre photo{character}")
    assert (counted.encoding, counted.first_offending) == ("ucs2", character)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm7", 0, 1, "")),
        ("a" * 160, Segments("gsm7", 160, 1, "")),
        ("a" * 161, Segments("gsm7", 161, 2, "")),
        ("a" * 306, Segments("gsm7", 306, 2, "")),
        ("a" * 307, Segments("gsm7", 307, 3, "")),
        ("a" * 918, Segments("gsm7", 918, 6, "")),
        ("€" * 80, Segments("gsm7", 160, 1, "")),
        ("€" * 81, Segments("gsm7", 162, 2, "")),
        # 153 is odd, so each part of euro signs alone holds 76 of them and one unit is lost
        ("€" * 153, Segments("gsm7", 306, 3, "")),
        ("ç" * 70, Segments("ucs2", 70, 1, "ç")),
        ("ç" * 71, Segments("ucs2", 71, 2, "ç")),
        ("ç" * 134, Segments("ucs2", 134, 2, "ç")),
        ("ç" * 135, Segments("ucs2", 135, 3, "ç")),
        ("🎉" * 35, Segments("ucs2", 70, 1, "🎉")),
        ("🎉" * 67, Segments("ucs2", 134, 3, "🎉")),
    ],
)
def test_where_the_cuts_are(text: str, expected: Segments) -> None:
    assert segments(text) == expected


@given(gsm7)
def test_gsm7_units_are_the_characters_plus_one_for_each_extension(text: str) -> None:
    counted = segments(text)
    assert counted.encoding == "gsm7"
    assert counted.units == len(text) + sum(c in EXTENSION for c in text)


@given(st.text(max_size=400).filter(lambda t: any(c not in BASIC + EXTENSION for c in t)))
def test_ucs2_units_are_utf16_code_units(text: str) -> None:
    counted = segments(text)
    assert counted.encoding == "ucs2"
    assert counted.units == len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert counted.first_offending in text


@given(st.text(max_size=400), st.text(max_size=20))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more).parts >= segments(text).parts


@given(st.text(alphabet=st.sampled_from(BASIC + EXTENSION + OUTSIDE), max_size=500))
def test_parts_lie_between_the_perfect_filling_and_one_unit_lost_in_each(text: str) -> None:
    counted = segments(text)
    alone, joined = (160, 153) if counted.encoding == "gsm7" else (70, 67)
    if counted.units <= alone:
        assert counted.parts == 1
    else:
        assert -(-counted.units // joined) <= counted.parts <= -(-counted.units // (joined - 1))


def test_plainer_gives_gsm7_for_typographic_french() -> None:
    text = "L\u2019équipe : «\u202fVotre photo\u00a0» \u2013 cœur… à demain\u00a0!"
    plain = plainer(text)
    assert plain == 'L\'équipe : "Votre photo" - coeur... à demain !'
    assert segments(plain).encoding == "gsm7"


@given(gsm7)
def test_plainer_leaves_gsm7_alone(text: str) -> None:
    assert plainer(text) == text


@given(st.text(max_size=200))
def test_plainer_twice_is_once(text: str) -> None:
    assert plainer(plainer(text)) == plainer(text)
