"""The source documents' examples run as they stand there, with place-holder ids replaced."""

import base64
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.parts.admins import PASSWORD, set_up
from tests.parts.appliance import Appliance
from tests.parts.guests import take
from tests.parts.pictures import noise, saved
from tests.parts.requirements import need

DEFAULT_PORT = 8000

CREATE = """import requests
import base64

# Encoder l'image en base64
with open("photo.jpg", "rb") as f:
    photo_b64 = base64.b64encode(f.read()).decode()

# Créer la capture
response = requests.post("http://localhost:8000/api/capture", json={
    "phone": "+33123456789",
    "email": "user@example.com",
    "background_id": "fond-uuid",
    "photo_base64": photo_b64
})

result = response.json()
print(f"Capture créée: {result['id']}")
print(f"Lien téléchargement: {result['download_url']}")
"""

SEND = """import requests

response = requests.post("http://localhost:8000/api/send-sms", json={
    "phone": "+33123456789",
    "capture_id": "capture-uuid"
})

result = response.json()
print(f"SMS envoyé: {result['sms_id']}")
"""

UPLOAD = """import requests

# Se connecter
login = requests.post("http://localhost:8000/admin/login", json={
    "username": "admin",
    "password": "changeme123!"
})
token = login.json()["access_token"]

headers = {"Authorization": f"Bearer {token}"}

# Upload fond
with open("background.jpg", "rb") as f:
    files = {"file": f}
    data = {
        "name": "Fond plage",
        "is_active": True,
        "display_order": 1
    }
    response = requests.post(
        "http://localhost:8000/admin/backgrounds", 
        files=files, 
        data=data,
        headers=headers
    )

result = response.json()
print(f"Fond créé: {result['id']}")
"""  # noqa: W291 - as it stands there

CURL_CAPTURE = """curl -X POST http://localhost:8000/api/capture \\
  -H "Content-Type: application/json" \\
  -d '{
    "phone": "+33123456789",
    "photo_base64": "base64-image-data"
  }'
"""

CURL_SMS = """curl -X POST http://localhost:8000/api/send-sms \\
  -H "Content-Type: application/json" \\
  -d '{
    "phone": "+33123456789",
    "capture_id": "uuid"
  }'
"""

CURL_HEALTH = """# Check simple
curl http://localhost:8000/health/ping

# Check complet
curl http://localhost:8000/health

# Métriques système
curl http://localhost:8000/health/metrics
"""

# Small enough that its base64 fits on a command line.
PHOTO = saved(noise(96, 96), "JPEG", quality=80)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def kiosk(make_appliance: Callable[..., Appliance]) -> Iterator[Appliance]:
    """Run an appliance on the default port where that is free."""
    appliance = make_appliance()
    if _is_free(DEFAULT_PORT):
        appliance.port, appliance.url = DEFAULT_PORT, f"http://localhost:{DEFAULT_PORT}"
        appliance.configure({})
    (appliance.folder / "photo.jpg").write_bytes(PHOTO)
    yield appliance.start()
    appliance.close()


def run(kiosk: Appliance, command: list[str]) -> str:
    """Run a command beside photo.jpg and return what it prints."""
    ended = subprocess.run(
        command, cwd=kiosk.folder, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def placed(kiosk: Appliance, example: str, **replaced: str) -> str:
    for placeholder, real in replaced.items():
        name = placeholder.replace("_", "-")
        assert f'"{name}"' in example
        example = example.replace(f'"{name}"', f'"{real}"')
    return example.replace("http://localhost:8000", kiosk.url)


def test_python_examples(kiosk: Appliance) -> None:
    with kiosk.client() as client:
        background = client.get("/api/backgrounds").json()[0]["id"]
    script = placed(kiosk, CREATE, fond_uuid=background)
    printed = run(kiosk, [sys.executable, "-c", script])
    made = re.fullmatch(
        r"Capture créée: (\w{20,})\nLien téléchargement: (http://localhost:\d+/\S+)\n", printed
    )
    assert made, printed
    capture_id, link = made.groups()
    with kiosk.client() as client:
        assert client.get(link).headers["content-type"] == "image/jpeg"
    script = placed(kiosk, SEND, capture_uuid=capture_id)
    printed = run(kiosk, [sys.executable, "-c", script])
    sent = re.fullmatch(r"SMS envoyé: (\w{20,})\n", printed)
    assert sent, printed
    # The documents' number is a landline's: taken, and refused before any call.
    (sms,) = [row for row in kiosk.status(capture_id)["deliveries"] if row["channel"] == "sms"]
    assert (sms["state"], sms["attempts"]) == ("refused", 0)


def test_background_upload_example(kiosk: Appliance) -> None:
    # No password of the source documents is let in: it stands in for the kiosk's own.
    set_up(kiosk)
    (kiosk.folder / "background.jpg").write_bytes(PHOTO)
    script = placed(kiosk, UPLOAD.replace("changeme123!", PASSWORD))
    printed = run(kiosk, [sys.executable, "-c", script])
    made = re.fullmatch(r"Fond créé: (\w{20,})\n", printed)
    assert made, printed
    with kiosk.client() as client:
        shown = {one["id"]: one for one in client.get("/api/backgrounds").json()}[made[1]]
        assert (shown["name"], shown["mode"], shown["display_order"]) == ("Fond plage", "none", 1)
        assert client.get(shown["file_url"]).content == PHOTO


def test_curl_examples(kiosk: Appliance) -> None:
    need(shutil.which("curl"), "curl is missing: apt-get install curl")

    text = base64.b64encode((kiosk.folder / "photo.jpg").read_bytes()).decode()
    command = placed(kiosk, CURL_CAPTURE, base64_image_data=text)
    capture = json.loads(run(kiosk, ["sh", "-c", command]))
    assert capture["id"]
    assert capture["download_url"].startswith("http://localhost:")
    command = placed(kiosk, CURL_SMS, uuid=capture["id"])
    sms = json.loads(run(kiosk, ["sh", "-c", command]))
    assert sms["sms_id"]
    assert sms["status"] == "queued"
    health = run(kiosk, ["sh", "-c", placed(kiosk, CURL_HEALTH)])
    for said in ('{"status":"ok"}', '"checks":{"database":', "kiosk_disk_free_bytes "):
        assert said in health


def test_curl_sends_large_photos_in_every_form(kiosk: Appliance) -> None:
    """Past 1 MB curl waits for `100 Continue` before it sends the body."""
    need(shutil.which("curl"), "curl is missing: apt-get install curl")
    large = kiosk.folder / "large.jpg"
    large.write_bytes(saved(noise(1800, 1200), "JPEG", quality=95))
    assert large.stat().st_size > 2_000_000
    address = f"{kiosk.url}/api/capture"
    form = ["-F", f"photo=@{large}", "-F", "phone=06 12 34 56 78", "-F", 'consent={"sms": true}']
    assert '"sms_id":"' in run(kiosk, ["curl", "-sS", *form, address])
    raw = ["-H", "Content-Type: image/jpeg", "--data-binary", f"@{large}"]
    assert '"id":"' in run(kiosk, ["curl", "-sS", *raw, address])


def test_link_of_source_b(kiosk: Appliance, tmp_path: Path) -> None:
    with kiosk.client() as client:
        capture = take(client)
        photo = client.get(f"/uploads/{capture['id']}.jpg").content
        assert client.get(f"/api/download/{capture['id']}").content == photo
