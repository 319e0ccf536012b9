"""What an admin does: sets the first password with the code of the log, logs in, calls paths."""

import re
import time

import httpx
import pytest

from tests.parts.appliance import Appliance

PASSWORD = "correct horse battery staple"
NAME_AND_PASSWORD = {"username": "admin", "password": PASSWORD}


def setup_code(kiosk: Appliance) -> str:
    """Return the newest set-up code that the log shows; waits for it for 10 s."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        codes = [event["code"] for event in kiosk.events() if event["event"] == "setup_code"]
        if codes:
            assert re.fullmatch(r"[A-Z]{4}(-[A-Z]{4}){2}", codes[-1])
            return str(codes[-1])
        time.sleep(0.02)
    pytest.fail(f"no set-up code:\n{kiosk.log()}")


def set_up(kiosk: Appliance, password: str = PASSWORD) -> None:
    """Set the first password."""
    with kiosk.admin_client() as client:
        body = {"code": setup_code(kiosk), "password": password}
        answer = client.post("/admin/setup", json=body)
        assert answer.status_code == 204, answer.text


def token_of(client: httpx.Client, password: str = PASSWORD) -> str:
    """Log in and return the token; the client forgets the cookie."""
    answer = client.post("/admin/login", json={"username": "admin", "password": password})
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    return str(answer.json()["access_token"])


def bearer(token: str) -> dict[str, str]:
    """Return the header that bears a token."""
    return {"Authorization": f"Bearer {token}"}
