"""When a photo will be erased."""

from pathlib import Path

import pytest

from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.settings import load
from tests.parts.clocks import NOON_MS, SetClock

YEAR_MS = 366 * 24 * 3_600_000


@pytest.mark.parametrize(
    ("rule", "created", "dated", "days", "expected"),
    [
        ("", NOON_MS, False, 30, NOON_MS // 1000 + 30 * 86_400),
        ("days = 1", NOON_MS - 1, False, 1, NOON_MS // 1000 - 1 + 86_400),
        ("enabled = false", NOON_MS, True, None, None),
        ("", NOON_MS - YEAR_MS, False, 30, None),
        ("", NOON_MS + YEAR_MS, False, 30, None),
        ("", NOON_MS + YEAR_MS, True, 30, (NOON_MS + YEAR_MS) // 1000 + 30 * 86_400),
        ("", 0, False, 30, None),
    ],
)
def test_a_date_only_where_it_can_be_right(
    *, tmp_path: Path, rule: str, created: int, dated: bool, days: int | None, expected: int | None
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f"[retention]\n{rule}\n", encoding="utf-8")
    settings = load(config, {}).settings
    keeping = Keeping(lambda: settings, SetClock())
    capture = Capture("id", "token", created, "http://x", 1, 1, 1, "", dated=dated)
    assert (keeping.days, keeping.erase_at_s(capture)) == (days, expected)


def test_no_date_is_promised_while_the_clock_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text("", encoding="utf-8")
    settings = load(config, {}).settings
    keeping = Keeping(lambda: settings, SetClock(now=50 * YEAR_MS))
    capture = Capture("id", "token", NOON_MS, "http://x", 1, 1, 1, "")
    assert keeping.erase_at_s(capture) is None
