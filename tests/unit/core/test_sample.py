"""What `check` says about links and the price of an SMS."""

from kiosk_appliance.core.links import Links
from kiosk_appliance.core.sample import describe


def test_link_and_price_are_shown() -> None:
    link, price = describe(Links("https://p.example", False, True), "Bonjour : {link}")
    assert "https://p.example/api/download/" in link
    assert price.startswith("sms: 1 segment for ")


def test_domain_in_front_of_the_container_is_named() -> None:
    rule = Links("http://localhost:8000", True, True, cloud_base="https://p.example")
    assert (
        describe(rule, "{link}")[0] == "links: https://p.example must serve the container's objects"
    )


def test_costly_character_is_named() -> None:
    lines = describe(Links("https://p.example", False, True), "Votre selfie est prêt : {link}")
    assert "2 segments" in lines[1]
    assert "'ê'" in lines[2]


def test_unknown_container_is_said() -> None:
    (line,) = describe(Links("http://localhost:8000", True, True, learns=True), "{link}")
    assert "first contact" in line
