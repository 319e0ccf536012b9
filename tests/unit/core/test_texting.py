"""What an SMS says, and when it is queued."""

from pathlib import Path

import msgspec

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.opening import open_store
from kiosk_appliance.settings import load
from kiosk_appliance.store.deliveries import Deliveries
from kiosk_appliance.wiring import use_cases
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg
from tests.parts.provider import Provider

CONTAINER = "https://storage.example/v1/AUTH_x/photos"
SWIFT = """
[kiosk]
data_dir = "{folder}/var"
[storage]
channel = "swift"
auth_url = "https://keystone.example/v3"
username = "kiosk"
password = "none"
tenant_name = "kiosk"
region = "GRA"
container = "photos"
"""


def test_sms_asked_for_once_the_address_is_known_leads_to_the_cloud(tmp_path: Path) -> None:
    """The photo was taken before that, when its link still led to the kiosk."""
    path = tmp_path / "kiosk.toml"
    path.write_text(SWIFT.format(folder=tmp_path), encoding="utf-8")
    loaded, clock = load(path, {}), SetClock()
    settings = loaded.settings
    storage = Provider()
    sms = Provider(name="sms", concurrency=1, repeatable=False)

    async def text() -> tuple[str, str]:
        async with open_store(settings, clock) as store:
            darkroom = Darkroom(settings)
            kiosk = use_cases(store, loaded, darkroom, clock, (storage, sms))
            photo = msgspec.json.decode(await kiosk.capturing.take(Order(photo=jpeg())))
            storage.base = CONTAINER
            await kiosk.replay.tick()
            queued = await kiosk.texting.send(photo["id"], "+33612345678")
            rows = await Deliveries(store.database).of_capture(photo["id"])
            await kiosk.replay.stop()
            darkroom.close()
            return photo["token"], next(row.text for row in rows if row.id == queued.sms_id)

    token, words = in_loop(text())
    assert f"{CONTAINER}/{token}.html" in words
