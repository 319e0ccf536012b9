"""When a photo will be erased."""

from pathlib import Path

import pytest

from kiosk_appliance.clock import CREDIBLE_FROM_MS
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.settings import load


@pytest.mark.parametrize(
    ("rule", "created", "days", "expected"),
    [
        ("", CREDIBLE_FROM_MS, 30, CREDIBLE_FROM_MS // 1000 + 30 * 86_400),
        ("days = 1", CREDIBLE_FROM_MS + 999, 1, CREDIBLE_FROM_MS // 1000 + 86_400),
        ("enabled = false", CREDIBLE_FROM_MS, None, None),
        ("", CREDIBLE_FROM_MS - 1, 30, None),
        ("", 0, 30, None),
    ],
)
def test_a_date_only_where_it_can_be_believed(
    tmp_path: Path, rule: str, created: int, days: int | None, expected: int | None
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f"[retention]\n{rule}\n", encoding="utf-8")
    settings = load(config, {}).settings
    keeping = Keeping(lambda: settings)
    capture = Capture("id", "token", created, "http://x", 1, 1, 1, "")
    assert (keeping.days, keeping.erase_at_s(capture)) == (days, expected)
