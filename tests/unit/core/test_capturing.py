"""How long an Idempotency-Key is remembered: a day, by a clock that the test moves."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk_appliance.channels import channels_of
from kiosk_appliance.core.capturing import Order
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.opening import open_store
from kiosk_appliance.settings import load
from kiosk_appliance.wiring import use_cases
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg

HOUR_MS = 3_600_000


def order(photo: bytes = b"", **fields: Any) -> Order:
    return Order(photo=photo or jpeg(), idempotency_key="key", **fields)


def capture_id(answer: bytes) -> str:
    found: str = msgspec.json.decode(answer)["id"]
    return found


def test_key_is_remembered_for_a_day(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f'[kiosk]\ndata_dir = "{tmp_path}/var"\n', encoding="utf-8")
    loaded, clock = load(path, {}), SetClock()
    settings = loaded.settings

    async def work() -> None:
        async with open_store(settings, clock) as store:
            darkroom = Darkroom(settings)
            channels = channels_of(settings, store.layout, clock)
            kiosk = use_cases(store, loaded, darkroom, clock, channels)
            take = kiosk.capturing.take
            first = await take(order())
            clock.pass_ms(24 * HOUR_MS - 1000)
            assert await take(order()) == first
            with pytest.raises(InvalidRequest) as caught:
                await take(order(jpeg(50, 50)))
            assert caught.value.code == "idempotency-key-reused"
            clock.pass_ms(2000)
            second = await take(order(jpeg(50, 50)))
            assert capture_id(second) != capture_id(first)
            assert await take(order(jpeg(50, 50))) == second
            darkroom.close()

    in_loop(work())


def test_fingerprint_is_of_content_and_not_of_the_key() -> None:
    same = Order(photo=b"x", phone="1", idempotency_key="a")
    assert same.fingerprint() == Order(photo=b"x", phone="1", idempotency_key="b").fingerprint()
    others = [
        Order(photo=b"y", phone="1"),
        Order(photo=b"x"),
        Order(photo=b"x", email="1"),
        Order(photo=b"x", background_id="1"),
        Order(photo=b"x", phone="1", consent=Consent(sms=True)),
        Order(photo=b"x", phone="1", consent=Consent(marketing=True)),
    ]
    prints = {other.fingerprint() for other in (same, *others)}
    assert len(prints) == len(others) + 1


def test_order_does_not_show_the_photo() -> None:
    assert "secret" not in repr(Order(photo=b"secret"))
