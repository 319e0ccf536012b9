"""Which socket serves what: one for guests and admin, or one for each, in the same process."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.parts.appliance import Appliance, free_port
from tests.parts.guests import as_json, problem, running
from tests.parts.pictures import jpeg
from tests.parts.tls import certificate_file

ALSO_ON_ADMIN = ("/health/ping", "/health", "/api/backgrounds")
ONLY_FOR_GUESTS = (
    "/", "/api/status/x", "/api/captures/status?ids=x", "/api/download/x", "/uploads/x.jpg",
    "/api/qr/x", "/static/guest/index.html", "/guest/config.json", "/guest/now.json",
)  # fmt: skip
FOREIGN_ORIGINS = ({"Origin": "https://evil.example"}, {"Origin": "null"},
                   {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"})  # fmt: skip


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    admin = f"127.0.0.1:{free_port()}"
    with running(tmp_path_factory.mktemp("kiosk"), {"listen": {"admin": admin}}) as appliance:
        yield appliance


@pytest.mark.parametrize("path", ALSO_ON_ADMIN)
def test_admin_listener_answers_for_its_health_and_backgrounds(apart: Appliance, path: str) -> None:
    with apart.client() as guest, apart.admin_client() as admin:
        for client in (guest, admin):
            assert client.get(path).status_code == 200


def test_admin_listener_hands_out_backgrounds(apart: Appliance) -> None:
    with apart.admin_client() as admin:
        first = admin.get("/api/backgrounds").json()[0]
        assert admin.get(first["file_url"]).headers["content-type"].startswith("image/")


@pytest.mark.parametrize("path", ONLY_FOR_GUESTS)
def test_admin_listener_knows_nothing_else_of_the_public_paths(apart: Appliance, path: str) -> None:
    with apart.admin_client() as admin:
        problem(admin.get(path), 404, "not-found")


def test_admin_listener_takes_no_photo(apart: Appliance) -> None:
    with apart.admin_client() as admin:
        problem(as_json(admin, jpeg()), 404, "not-found")
        problem(admin.post("/api/send-sms", json={}), 404, "not-found")


def test_rebinding_hosts_are_refused_on_both(apart: Appliance) -> None:
    with apart.client() as guest, apart.admin_client() as admin:
        for client in (guest, admin):
            answer = client.get("/health/ping", headers={"Host": "evil.example"})
            problem(answer, 421, "host-unknown")


@pytest.mark.parametrize("headers", FOREIGN_ORIGINS)
def test_changes_from_other_sites_are_refused_on_both(
    apart: Appliance, headers: dict[str, str]
) -> None:
    with apart.client() as guest, apart.admin_client() as admin:
        for client in (guest, admin):
            token = {"Authorization": "Bearer x", "X-API-Key": "x"}
            answer = client.post("/admin/login", json={}, headers=headers | token)
            problem(answer, 403, "origin-refused")


def test_a_page_of_the_kiosk_itself_may_change_things(apart: Appliance) -> None:
    own = {"Origin": apart.url, "Sec-Fetch-Site": "same-origin"}
    with apart.client() as guest:
        assert as_json(guest, jpeg(), headers=own).status_code == 201


def test_admin_listener_speaks_tls_and_the_guests_stay_plain(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    pem = certificate_file(tmp_path)
    port = free_port()
    kiosk = make_appliance(
        {"listen": {"admin": f"127.0.0.1:{port}", "tls_certificate": str(pem), "tls_key": str(pem)}}
    ).start()
    trusting = ssl.create_default_context(cafile=pem)
    # The test's certificate names its host in the old place only.
    trusting.check_hostname = False
    with httpx.Client(verify=trusting, trust_env=False) as client:
        answer = client.get(f"https://localhost:{port}/health/ping")
        assert answer.status_code == 200
    with kiosk.client() as client:
        assert client.get("/health/ping").status_code == 200
    assert kiosk.stop() == 0
    assert f"https://localhost:{port}" in kiosk.log()


def test_useless_certificate_ends_the_start_with_what_to_do(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    pem = tmp_path / "none.pem"
    pem.write_text("no certificate", encoding="utf-8")
    kiosk = make_appliance({"listen": {"tls_certificate": str(pem), "tls_key": str(pem)}})
    kiosk.launch()
    assert kiosk.process is not None
    assert kiosk.process.wait(30) == 1
    assert "tls_certificate" in kiosk.log()
    assert "Traceback" not in kiosk.log()


def test_taken_admin_address_names_its_own_key(make_appliance: Callable[..., Appliance]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        admin = f"127.0.0.1:{taken.getsockname()[1]}"
        kiosk = make_appliance({"listen": {"admin": admin}})
        kiosk.launch()
        assert kiosk.process is not None
        assert kiosk.process.wait(30) == 1
    assert "Change [listen] admin" in kiosk.log()


def test_a_listener_on_every_address_answers_to_the_one_that_was_called(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance()
    kiosk.configure({"listen": dict.fromkeys(("guest", "admin"), f"0.0.0.0:{kiosk.port}")})
    kiosk.start()
    with httpx.Client(trust_env=False) as client:
        # All of 127/8 is this machine.
        assert client.get(f"http://127.0.0.9:{kiosk.port}/health/ping").status_code == 200
        answer = client.get(
            f"http://127.0.0.9:{kiosk.port}/health/ping", headers={"Host": "127.0.0.8"}
        )
        problem(answer, 421, "host-unknown")
