"""Settings that are read but do nothing yet are said so, never ignored in silence."""

from pathlib import Path

from kiosk_appliance.settings import load


def test_each_pending_key_that_is_set_gets_a_note(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(
        '[sms]\nper_day = 9\n[links]\nstyle = "temporary"\n[guest]\n'
        'privacy_contact = "me"\nmarketing_opt_in = true\ngoogle_review_enabled = true\n'
        'google_review_url = "https://g.page/kiosk/review"\n',
        encoding="utf-8",
    )
    assert load(file, {}).pending == ["links.style is not in force in this version"]
