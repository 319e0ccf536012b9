"""A start that finds kiosk.toml broken: guests are served by the last good one, staff are told."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk_appliance.settings.last_good import NAME
from tests.integration.test_reload import FIRST, admin_config, reload, take
from tests.parts.appliance import Appliance


def kept(kiosk: Appliance) -> Path:
    return kiosk.data_dir / NAME


def leaves(kiosk: Appliance, *words: str) -> tuple[int, str]:
    """Run a command that must end by itself; return its code and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk_appliance", "--config", str(kiosk.config), *words],
        check=False, capture_output=True, text=True, timeout=60, env=os.environ,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_guests_are_served_by_the_last_good_file_and_staff_are_told(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(FIRST, encoding="utf-8")
    tables = {"admin": {"password_file": str(secret)}, "guest": {"countdown_seconds": 9}}
    kiosk = make_appliance(tables).start()
    with kiosk.client() as client:
        before = take(client)
    assert kiosk.stop() == 0
    good = kiosk.config.read_bytes()
    assert kept(kiosk).read_bytes() == good
    assert stat.S_IMODE(kept(kiosk).stat().st_mode) == 0o600

    kiosk.config.write_bytes(good + b'[sms]\nsendr = "Mall"\n')
    place = f"{kiosk.config}:{len(good.splitlines()) + 2}:1"
    for strict in (("check",), ("serve", "--strict")):
        code, said = leaves(kiosk, *strict)
        assert (code, place in said, "did you mean sender" in said) == (1, True, True)

    kiosk.start()
    with kiosk.client() as client:
        assert client.get(f"/api/download/{before['token']}").status_code == 200
        assert kiosk.wait_for(take(client)["id"], is_synced=True)
        health = client.get("/health").json()
        assert (health["status"], health["checks"]["settings"]["status"]) == ("degraded",) * 2
        assert place in health["checks"]["settings"]["detail"]
        found = admin_config(client, FIRST)
        assert place in found["problem"]
        items = {item["key"]: item for item in found["items"]}
        assert items["guest.countdown_seconds"]["value"] == 9
        assert items["guest.countdown_seconds"]["origin"] == "kiosk.toml"
        (told,) = [line for line in kiosk.events() if line["event"] == "settings_refused"]
        assert (told["level"], told["mistakes"][0].startswith(place)) == ("error", True)
        assert "sender" in told["hint"]
        assert f"the last good copy, {kept(kiosk)}" in kiosk.log()
        assert kept(kiosk).read_bytes() == good
        code, said = leaves(kiosk, "outbox", "list", "--state", "delivered")
        assert (code, place in said, str(kept(kiosk)) in said) == (0, True, True)
        assert " delivered " in said

        mended = good.replace(b"countdown_seconds = 9", b"countdown_seconds = 5")
        kiosk.config.write_bytes(mended)
        event = reload(kiosk)
        assert (event["event"], event["changed"]) == (
            "settings_reloaded",
            ["guest.countdown_seconds"],
        )
        assert "settings" not in client.get("/health").json()["checks"]
    assert kept(kiosk).read_bytes() == mended
    assert kiosk.stop() == 0


def test_only_a_file_that_has_been_served_by_is_kept(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance()
    good = kiosk.config.read_bytes()
    kiosk.config.write_bytes(b"[listen\n" + good)
    code, said = leaves(kiosk, "serve")
    assert (code, f"{kiosk.config}:1:" in said) == (1, True)
    assert not kept(kiosk).exists()

    kiosk.config.write_bytes(good)
    with socket.create_server(("127.0.0.1", kiosk.port)):
        assert leaves(kiosk, "serve")[0] == 1
    assert not kept(kiosk).exists()

    kiosk.start()
    kiosk.configure({"listen": {"requests_per_minute": 7}, "guest": {"retakes": 1}})
    assert reload(kiosk)["event"] == "settings_reloaded"
    assert kept(kiosk).read_bytes() == good, "what waits for a restart is not proven"
    kiosk.kill()
    kiosk.config.unlink()
    kiosk.start({"STATE_DIRECTORY": str(kiosk.data_dir)})
    with kiosk.client() as client:
        detail = client.get("/health").json()["checks"]["settings"]["detail"]
    assert f"{kiosk.config}: there is no such file" in detail
    assert kiosk.stop() == 0
