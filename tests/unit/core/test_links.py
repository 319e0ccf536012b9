"""Where links lead under every combination of settings."""

import pytest

from kiosk_appliance.core.links import Links, links_for, ovh_container

CONTAINER = "https://storage.example/v1/AUTH_1/photos"


def links(base_url: str | None, *, cloud: bool, page: bool = True, host: str = "0.0.0.0") -> Links:
    return links_for(
        base_url=base_url, guest_port=8000, guest_host=host, cloud=cloud, landing_page=page
    )


@pytest.mark.parametrize(
    ("base_url", "cloud", "page", "expected"),
    [
        (None, False, True, "http://10.0.0.7:8000/api/download/TOKEN"),
        ("https://borne.example", False, True, "https://borne.example/api/download/TOKEN"),
        ("http://localhost:8000", True, True, "http://localhost:8000/api/download/TOKEN"),
        ("http://127.0.0.2:9000", True, True, "http://127.0.0.2:9000/api/download/TOKEN"),
        ("http://[::1]:9000", True, True, "http://[::1]:9000/api/download/TOKEN"),
        ("http://10.0.0.7:8000", True, True, "http://10.0.0.7:8000/api/download/TOKEN"),
        ("https://p.example", True, True, "https://p.example/TOKEN.html"),
        ("https://p.example/x", True, False, "https://p.example/x/TOKEN.jpg"),
    ],
)
def test_link_of_a_capture(base_url: str | None, cloud: bool, page: bool, expected: str) -> None:
    rule = links(base_url, cloud=cloud, page=page, host="10.0.0.7")
    assert rule.download_url("TOKEN") == expected


@pytest.mark.parametrize(("page", "suffix"), [(True, "html"), (False, "jpg")])
def test_the_containers_own_address_is_learnt(page: bool, suffix: str) -> None:
    rule = links(None, cloud=True, page=page)
    assert rule.waiting_for_cloud
    assert rule.download_url("TOKEN") == "http://localhost:8000/api/download/TOKEN"
    assert rule.learn(CONTAINER)
    assert not rule.waiting_for_cloud
    assert rule.download_url("TOKEN") == f"{CONTAINER}/TOKEN.{suffix}"
    assert not rule.learn(CONTAINER), "no news"
    assert rule.learn(f"{CONTAINER}-2"), "the provider moved"
    assert rule.download_url("TOKEN") == f"{CONTAINER}-2/TOKEN.{suffix}"


@pytest.mark.parametrize(
    ("base_url", "cloud"),
    [("https://p.example", True), ("http://localhost:1", True), (None, False)],
)
def test_what_the_operator_set_is_never_learnt_anew(base_url: str | None, cloud: bool) -> None:
    rule = links(base_url, cloud=cloud)
    before = rule.download_url("TOKEN")
    assert not rule.learn(CONTAINER)
    assert rule.download_url("TOKEN") == before


def test_ovh_container_is_known_before_the_first_contact() -> None:
    project = "0123456789abcdef0123456789abcdef"
    ovh = "https://auth.cloud.ovh.net/v3"
    address = f"https://storage.gra.cloud.ovh.net/v1/AUTH_{project}/selfies"
    assert ovh_container(ovh, "GRA", project, "selfies") == address
    assert ovh_container(ovh, "GRA", "my-project", "selfies") is None
    assert ovh_container("https://keystone.example/v3", "GRA", project, "selfies") is None


def test_presumed_address_gives_way_to_the_provider_s_word() -> None:
    rule = links_for(
        base_url=None,
        guest_port=8000,
        guest_host="127.0.0.1",
        cloud=True,
        landing_page=True,
        presumed="https://presumed.example/selfies",
    )
    assert rule.download_url("TOKEN") == "https://presumed.example/selfies/TOKEN.html"
    assert rule.learn(CONTAINER)
    assert rule.download_url("TOKEN") == f"{CONTAINER}/TOKEN.html"


def test_sms_queued_before_the_address_is_known_gets_the_right_link_later() -> None:
    rule = links(None, cloud=True)
    early = rule.download_url("TOKEN")
    text = rule.text("Ici : {link}", early)
    assert text == "Ici : {link}"
    assert rule.learn(CONTAINER)
    assert rule.filled(text, "TOKEN") == f"Ici : {CONTAINER}/TOKEN.html"
    assert rule.final(early, "TOKEN") == f"{CONTAINER}/TOKEN.html"


def test_text_is_rendered_when_the_sms_is_queued() -> None:
    rule = links("https://p.example", cloud=True)
    assert rule.text("Ici : {link}", "https://old.example/T.html") == (
        "Ici : https://old.example/T.html"
    )
    assert rule.final("https://old.example/T.html", "T") == "https://old.example/T.html"


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("::", "http://localhost:8000"),
        ("192.168.1.20", "http://192.168.1.20:8000"),
        ("fd00::1", "http://[fd00::1]:8000"),
        ("kiosk.lan", "http://kiosk.lan:8000"),
    ],
)
def test_listener_of_the_network_is_where_links_lead(host: str, base: str) -> None:
    assert links(None, cloud=False, host=host).kiosk_base == base
